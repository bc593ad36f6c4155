"""Naive Bayes, worked by hand and as two textbooks print it."""

from __future__ import annotations

from math import log

import pytest

from partnerleads.scoring import Example, LeadFeatures, NaiveBayes
from partnerleads.testing import at

START = at("2026-01-01")


PLAY_TENNIS = """
    sunny hot high weak no          sunny hot high strong no
    overcast hot high weak yes      rain mild high weak yes
    rain cool normal weak yes       rain cool normal strong no
    overcast cool normal strong yes sunny mild high weak no
    sunny cool normal weak yes      rain mild normal weak yes
    sunny mild normal strong yes    overcast mild high strong yes
    overcast hot normal weak yes    rain mild high strong no
"""


def lead(name: str, segment: str | None = None, **values: str) -> LeadFeatures:
    return LeadFeatures(
        lead_id=name, captured_at=START, as_of=START, values=values, segment=segment
    )


def example(features: LeadFeatures, *, won: bool) -> Example:
    return Example(features=features, won=won, closed_at=at("2026-02-01"))


def test_six_leads_by_hand() -> None:
    # steel: 2 won of 3 won, 1 lost of 3 lost; two values, smoothed by 1
    rows = [("steel", True), ("steel", True), ("retail", True)]
    rows += [("steel", False), ("retail", False), ("retail", False)]
    examples = [
        example(lead(f"L{number}", industry=industry), won=won)
        for number, (industry, won) in enumerate(rows)
    ]
    score = NaiveBayes(least_of_each=3).fit(examples).score(lead("new", industry="steel"))
    base, industry = score.reasons

    # odds 3/3 x (3/5) / (2/5) = 1.5, so 60 %
    assert pytest.approx(60) == score.score
    assert ("base rate", 50) == (base.name, pytest.approx(base.points))
    assert ("industry", "steel") == (industry.name, industry.value)
    assert pytest.approx(log(1.5)) == industry.evidence
    assert pytest.approx(10) == industry.points


def test_china_and_japan() -> None:
    # Manning, Raghavan and Schütze 2008, table 13.1 and example 13.1
    rows = [
        ("Chinese Beijing Chinese", True),
        ("Chinese Chinese Shanghai", True),
        ("Chinese Macao", True),
        ("Tokyo Japan Chinese", False),
    ]
    examples = [
        example(lead(f"doc {number}", words=words), won=china)
        for number, (words, china) in enumerate(rows)
    ]
    design = NaiveBayes(separators={"words": " "}, least_of_each=1)
    score = design.fit(examples).score(lead("doc 5", words="Chinese Chinese Chinese Tokyo Japan"))
    china, other = 3 / 4 * (3 / 7) ** 3 * (1 / 14) ** 2, 1 / 4 * (2 / 9) ** 5

    assert (0.00030121, 0.00013548) == (round(china, 8), round(other, 8))
    assert pytest.approx(100 * china / (china + other)) == score.score
    assert 0.68976 == round(score.score / 100, 5)


def test_play_tennis() -> None:
    # Mitchell 1997, table 3.2 and section 6.9.1, without smoothing
    names = ("outlook", "temperature", "humidity", "wind")
    rows = PLAY_TENNIS.split()
    days = [rows[start : start + 5] for start in range(0, len(rows), 5)]
    examples = [
        example(lead(f"D{day}", **dict(zip(names, row, strict=False))), won=row[4] == "yes")
        for day, row in enumerate(days, 1)
    ]
    new = lead("new", outlook="sunny", temperature="cool", humidity="high", wind="strong")
    score = NaiveBayes(smoothing=1e-9, least_of_each=1).fit(examples).score(new)
    yes, no = 9 / 14 * 2 / 9 * 3 / 9 * 3 / 9 * 3 / 9, 5 / 14 * 3 / 5 * 1 / 5 * 4 / 5 * 3 / 5

    assert (0.0053, 0.0206) == (round(yes, 4), round(no, 4))
    assert pytest.approx(no / (yes + no)) == 1 - score.score / 100
    assert 0.7954 == round(1 - score.score / 100, 4)
