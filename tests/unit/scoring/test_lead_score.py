"""The score of one lead."""

from __future__ import annotations

from decimal import Decimal

import pytest

from partnerleads.errors import OptionError
from partnerleads.model import Caution
from partnerleads.scoring import LeadScore, Reason
from partnerleads.testing import at


def score(**changed: object) -> LeadScore:
    given = {
        "lead_id": "L<1>",
        "as_of": at("2026-02-01"),
        "score": 30,
        "reasons": [
            Reason(name="industry", value="steel", points=35.0, evidence=0.5),
            Reason(name="cap", points=-5.0),
        ],
        "scorer": "mine",
        "fingerprint": "f",
    }
    return LeadScore(**{**given, **changed})  # type: ignore[arg-type]


def test_it_prints_its_reasons_and_warnings() -> None:
    shown = str(score(probability=0.25, warnings=(Caution("few", "rests on little"),)))

    assert shown.splitlines() == [
        "L<1> 30.0, wins 25.0 % (mine, as of 2026-02-01 00:00 UTC)",
        "  industry  steel  +35.0",
        "  cap               -5.0",
        "  note: rests on little",
    ]
    assert f"<{score()}>" == repr(score())


def test_without_a_reason_it_is_0_and_one_line() -> None:
    nothing = score(score=0, reasons=())

    assert "L<1> 0.0 (mine, as of 2026-02-01 00:00 UTC)" == str(nothing)
    assert [None] == [row["reason"] for row in nothing.to_dicts()]
    assert [*score().to_dicts()[0]] == [*nothing.to_dicts()[0]]


def test_flat_rows_tell_every_reason() -> None:
    rows = score().to_dicts()

    assert [("industry", "steel", 35.0, 0.5), ("cap", None, -5.0, 0.0)] == [
        (row["reason"], row["value"], row["points"], row["evidence"]) for row in rows
    ]
    assert {("L<1>", 30, None, "mine", "f")} == {
        (row["lead_id"], row["score"], row["probability"], row["scorer"], row["fingerprint"])
        for row in rows
    }


def test_html_escapes_what_it_shows() -> None:
    html = score(warnings=(Caution("x", "a < b"),))._repr_html_()

    assert "<caption>L&lt;1&gt; 30.0 (mine, as of" in html
    assert "<td>industry</td><td>steel</td><td>+35.0</td>" in html
    assert html.endswith("<p>a &lt; b</p>")


def test_points_shown_add_up_in_any_digits() -> None:
    thirds = score(score=100 / 3, reasons=[Reason(name=name, points=100 / 9) for name in "abc"])

    assert Decimal("33.3") == sum(points for _, points in thirds.rounded())
    assert Decimal("33.33") == sum(points for _, points in thirds.rounded(digits=2))
    assert 33 == sum(points for _, points in thirds.rounded(digits=0))


def test_points_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(OptionError, match=r"score=31: its reasons add up to 30\.0"):
        score(score=31)
    with pytest.raises(OptionError, match="its reasons add up to 0"):
        score(reasons=())
    assert score(score=30 + 5e-10)


@pytest.mark.parametrize("value", [-1, 101, float("nan"), None])
def test_a_score_lies_between_0_and_100(value: object) -> None:
    with pytest.raises(OptionError, match="score="):
        score(score=value, reasons=[Reason(name="a", points=0)])


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan"), "0.5"])
def test_a_chance_lies_between_0_and_1(value: object) -> None:
    with pytest.raises(OptionError, match="probability="):
        score(probability=value)


def test_points_and_evidence_are_finite() -> None:
    with pytest.raises(OptionError, match="points="):
        Reason(name="a", points=float("inf"))
    with pytest.raises(OptionError, match="evidence="):
        Reason(name="a", points=1, evidence=float("nan"))
