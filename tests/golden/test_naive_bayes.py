"""Naive Bayes, worked by hand and as two textbooks print it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from math import log
from random import Random

import attrs
import pytest

from partnerleads import fold
from partnerleads.events import Event
from partnerleads.scoring import (
    Example,
    LeadFeatures,
    NaiveBayes,
    features_of,
    training_examples,
)
from partnerleads.stats import auc
from partnerleads.testing import at, history

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


OPEN = "attributes.contract=open attributes.invoice=none"


@cache
def leaky_history() -> Sequence[Event]:
    """400 leads with attributes that only change when a lead is won, or after."""
    chance = Random(11)
    rows = []
    for number in range(400):
        name, day = f"L{number:03}", f"2026-{1 + number % 3:02}-{1 + number % 28:02}"
        industry = chance.choice(["steel", "retail"])
        won = chance.random() < (0.45 if industry == "steel" else 0.3)
        end = f"2026-0{4 + number % 3}-11"
        rows.append(f"{day} {name} captured industry={industry} {OPEN}")
        rows.append(f"{end} {name} " + ("won 9000 EUR" if won else "lost"))
        if won:
            # dated back to the day of the capture, and one typed in with the win itself
            back = f"recorded={end}T12:00 id=back-{name}"
            rows.append(f"{day} {name} lead_updated attributes.contract=signed {back}")
            rows.append(f"{end} {name} lead_updated attributes.invoice=sent id=with-{name}")
    return history("\n".join(rows))


class TestLeakage:
    def test_what_came_with_the_win_is_not_seen(self) -> None:
        examples = training_examples(leaky_history(), as_of=at("2026-12-01"))

        assert 400 == len(examples)
        assert {("open", "none")} == {
            (one.features.values["attributes.contract"], one.features.values["attributes.invoice"])
            for one in examples
        }

    def test_what_the_naive_way_would_have_reached(self) -> None:
        lives = fold(leaky_history(), as_of=at("2026-12-01"))
        examples = training_examples(leaky_history(), as_of=at("2026-12-01"))
        naive = [attrs.evolve(one, features=features_of(lives[one.lead_id])) for one in examples]

        def power(known: Sequence[Example]) -> float | None:
            scorer = NaiveBayes(names=["industry", "attributes.contract", "attributes.invoice"])
            taught = scorer.fit(known[::2])
            rest = known[1::2]
            return auc([taught.score(one.features).score for one in rest], [o.won for o in rest])

        honest, cheated = power(examples), power(naive)

        assert 0.5 < honest < 0.65
        assert cheated > 0.99
