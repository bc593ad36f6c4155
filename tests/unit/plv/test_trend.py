"""Scores over periods: slopes by hand, who rises and who falls."""

from __future__ import annotations

from datetime import timedelta

import attrs
import pytest

from partnerleads import plv
from partnerleads.errors import OptionError
from partnerleads.lifecycle import fold
from partnerleads.model import Period
from partnerleads.testing import at, history

AS_OF = at("2026-07-01")
MONTHS = [Period.month(2026, month) for month in (1, 2, 3, 4)]

MODEL = plv.PlvModel(
    name="certified",
    criteria=(
        plv.Criterion(metric=plv.Certifications(), normaliser=plv.CappedTarget(10), weight=1),
    ),
)
"""Ten points for a certification."""

EVENTS = history("""
    2026-01-05 acme certified a
    2026-02-05 acme certified b
    2026-02-06 acme certified c
    2026-04-05 acme certified d
    2026-01-05 beta certified a expires_at=2026-03-15
    2026-01-05 gamma certified a
    2026-05-05 delta certified a
    2026-03-31 epsilon certified a
    2026-01-05 - cost portal 9 EUR
""")
"""At the ends of the months acme has 10, 30, 30, 40; slopes 20, 10, 10, 0, 5, 10: the median 10."""


def test_the_slope_is_the_median_of_all_slopes() -> None:
    found = plv.plv_trend(EVENTS, partner_id="acme", periods=MONTHS, as_of=AS_OF, model=MODEL)

    assert (10.0, 30.0, 30.0, 40.0) == found.values
    assert 10.0 == found.slope
    assert "improving" == found.direction


def test_rising_steady_and_falling_are_told_apart_and_ranked() -> None:
    found = plv.plv_trends(EVENTS, periods=MONTHS, as_of=AS_OF, model=MODEL)

    # beta: 10, 10, 0, 0, whose slopes are 0, -5, -10/3, -10, -5, 0
    assert {"acme": 10.0, "gamma": 0.0, "epsilon": 0.0} == {
        name: found[name].slope for name in ("acme", "gamma", "epsilon")
    }
    assert -25 / 6 == pytest.approx(found["beta"].slope)
    assert ["improving", "steady", "steady", "falling"] == [one.direction for one in found.values()]
    assert ["acme", "epsilon", "gamma", "beta"] == list(found)


def test_what_counts_as_steady_can_be_chosen() -> None:
    found = plv.plv_trend(
        EVENTS, partner_id="acme", periods=MONTHS, as_of=AS_OF, model=MODEL, steady=10
    )

    assert "steady" == found.direction


def test_one_partner_has_the_trend_that_it_has_among_all() -> None:
    lives = fold(EVENTS, as_of=AS_OF)
    everyone = plv.plv_trends(lives, periods=MONTHS, model=MODEL)
    for name, trend in everyone.items():
        assert trend == plv.plv_trend(lives, partner_id=name, periods=MONTHS, model=MODEL)


def test_a_month_before_the_first_event_has_no_score() -> None:
    found = plv.plv_trend(EVENTS, partner_id="epsilon", periods=MONTHS, as_of=AS_OF, model=MODEL)

    assert (None, None, 10.0, 10.0) == found.values


def test_the_last_period_may_not_be_over() -> None:
    found = plv.plv_trend(
        EVENTS, partner_id="acme", periods=MONTHS[:2], as_of=at("2026-02-05"), model=MODEL
    )

    assert (10.0, 20.0) == found.values
    assert at("2026-01-31 23:59:59.999999") == found.scores[0].as_of  # type: ignore[union-attr]
    assert at("2026-02-05") == found.scores[1].as_of  # type: ignore[union-attr]


def test_one_score_is_no_trend() -> None:
    found = plv.plv_trends(EVENTS, periods=MONTHS[3:], as_of=AS_OF, model=MODEL)

    assert {None} == {one.slope for one in found.values()}
    assert {None} == {one.direction for one in found.values()}
    assert "gamma: too few scores for a trend\n  2026-04  10.0" == str(found["gamma"])


def test_it_prints_periods_with_and_without_names() -> None:
    days = Period.days(MONTHS[0].first, MONTHS[1].until)
    found = plv.plv_trend(
        EVENTS, partner_id="epsilon", periods=[days, MONTHS[2], MONTHS[3]], as_of=AS_OF, model=MODEL
    )

    expected = """\
epsilon steady, +0.0 a period
  to 2026-03-01     -
  2026-03        10.0
  2026-04        10.0"""
    assert expected == str(found)
    assert f"<{found}>" == repr(found)
    assert 3 == found._repr_html_().count("<tr>")
    assert [None, 10.0, 10.0] == [row["score"] for row in found.to_dicts()]


def test_what_makes_no_trend_is_refused() -> None:
    def trend(**options: object) -> object:
        given = {"periods": MONTHS, "as_of": AS_OF, "model": MODEL, **options}
        return plv.plv_trend(EVENTS, partner_id="acme", **given)  # type: ignore[arg-type]

    with pytest.raises(OptionError, match="name at least one period"):
        trend(periods=[])
    with pytest.raises(OptionError, match="pass a Period"):
        trend(periods=["2026-01"])
    with pytest.raises(OptionError, match="starts after"):
        trend(as_of=at("2026-03-01"))
    with pytest.raises(OptionError, match="must not be negative"):
        trend(steady=-1)
    with pytest.raises(OptionError, match="must be a finite number"):
        trend(steady=float("nan"))


def test_a_model_of_more_is_read_in_every_period() -> None:
    model = attrs.evolve(
        MODEL,
        criteria=(
            plv.Criterion(
                metric=plv.Training(half_life=timedelta(days=28)),
                normaliser=plv.CappedTarget(1),
                weight=1,
            ),
        ),
    )
    events = history("2026-01-31 23:59:59.999999 acme training basics")
    found = plv.plv_trend(events, partner_id="acme", periods=MONTHS[:2], as_of=AS_OF, model=model)

    assert (100.0, 50.0) == found.values
