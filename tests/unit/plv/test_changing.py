"""Why a score changed, and when it changes next: golden ledgers by hand, and how they are shown."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from math import log2

import attrs
import pytest

from partnerleads import plv
from partnerleads.errors import OptionError
from partnerleads.testing import at, history


def criterion(metric: plv.Metric, target: float, weight: float = 1.0) -> plv.Criterion:
    return plv.Criterion(metric=metric, normaliser=plv.CappedTarget(target), weight=weight)


MODEL = plv.PlvModel(
    name="small",
    criteria=(
        criterion(plv.Revenue(), 100_000, 4),
        criterion(plv.Certifications(), 2, 2),
        criterion(plv.Training(half_life=timedelta(days=100)), 2, 2),
        criterion(plv.BusinessPlans(), 1, 2),
    ),
)

EVENTS = history("""
    2026-01-01 acme onboarded
    2026-01-01 acme business_plan 2026
    2026-03-22 acme certified security expires_at=2026-12-31
    2026-12-31 acme training basics
    2026-03-01 L1 captured by acme
    2026-06-01 L1 won 50000 EUR
    2027-02-01 L2 captured by acme
    2027-03-01 L2 won 20000 EUR
    2027-03-05 L1 refunded 10000 EUR
    2027-03-02 acme co_sell spring
    2027-03-07 acme certified cloud
    2027-03-08 acme certified network
""")
"""2026-12-31 to 2027-04-10 are 100 days, the half-life.

By hand, at the end of 2026: revenue .5 of 40 points, no certification, training .5 of 20, the plan
all of 20: 50. With the events of then, 100 days later: revenue 20, training 5, the plan has left
the window: 25. Since then: two certifications 20, a win of 20 000 8, a refund of 10 000 -4: 49.
"""

SINCE, AS_OF = at("2026-12-31"), at("2027-04-10")


def test_the_ledger_is_that_by_hand() -> None:
    found = plv.score_change(EVENTS, partner_id="acme", since=SINCE, as_of=AS_OF, model=MODEL)

    ledger = {(one.cause, one.name): (round(one.points, 9), one.count) for one in found.parts}
    assert ledger == {
        ("decay", "training"): (-5.0, 0),
        ("left_window", "business_plans"): (-20.0, 0),
        ("events", "certification_earned"): (20.0, 2),
        ("events", "lead_won"): (8.0, 1),
        ("refunds", "deal_refunded"): (-4.0, 1),
    }
    assert 50.0 == pytest.approx(found.before.value)
    assert 49.0 == pytest.approx(found.after.value)


def test_a_lapsed_certification_is_neither_decay_nor_a_window() -> None:
    before = SINCE - timedelta(microseconds=1)
    found = plv.score_change(EVENTS, partner_id="acme", since=before, as_of=SINCE, model=MODEL)

    assert {"lapsed": -10.0, "events": 10.0} == {
        cause: round(points, 6) for cause, points in found.by_cause.items()
    }


def test_another_model_is_a_part_of_its_own_and_taken_first() -> None:
    old = attrs.evolve(MODEL, criteria=MODEL.criteria[:3])
    found = plv.score_change(
        EVENTS, partner_id="acme", since=SINCE, as_of=AS_OF, model=MODEL, before_model=old
    )

    assert ("model", "") == (found.parts[0].cause, found.parts[0].name)
    assert 12.5 == pytest.approx(found.parts[0].points)
    assert 37.5 == pytest.approx(found.before.value)


def test_what_a_gate_takes_off_is_moved_by_time_too() -> None:
    gated = attrs.evolve(MODEL, gates=(plv.Gate(names="business_plans", cap=10),))
    found = plv.score_change(EVENTS, partner_id="acme", since=SINCE, as_of=AS_OF, model=gated)

    assert -15.0 == pytest.approx(next(one.points for one in found.parts if one.name == "cap"))
    assert -40.0 == pytest.approx(found.change)


def test_growing_tenure_is_time() -> None:
    model = attrs.evolve(MODEL, criteria=(criterion(plv.DealFrequency(), 4),))
    events = EVENTS[:6]
    found = plv.score_change(
        events, partner_id="acme", since=at("2026-07-01"), as_of=at("2026-09-01"), model=model
    )

    assert [("time", "deal_frequency")] == [(one.cause, one.name) for one in found.parts]
    assert found.change < 0


def test_a_partner_without_events_then_has_the_score_zero_then() -> None:
    found = plv.score_change(
        EVENTS, partner_id="acme", since=at("2025-01-01"), as_of=SINCE, model=MODEL
    )

    neutral = attrs.evolve(MODEL, missing="neutral")
    same = plv.score_change(
        EVENTS, partner_id="acme", since=at("2025-01-01"), as_of=SINCE, model=neutral
    )
    assert found.before.value is None
    assert same.before.value is None
    assert same.change == found.change
    assert 50.0 == pytest.approx(found.change)


def test_a_claim_that_was_recorded_late_comes_by_time() -> None:
    events = history("2026-01-01 L1 captured by acme recorded=2026-01-05")
    neutral = attrs.evolve(MODEL, missing="neutral")
    found = plv.score_change(
        events, partner_id="acme", since=at("2026-01-02"), as_of=at("2026-01-06"), model=neutral
    )

    assert found.before.value is None
    assert {"time", "lapsed", "decay"} >= found.by_cause.keys()
    assert sum(found.by_cause.values()) == pytest.approx(found.change)


def test_the_ledger_prints_and_adds_up_in_the_digits_shown() -> None:
    found = plv.score_change(EVENTS, partner_id="acme", since=SINCE, as_of=AS_OF, model=MODEL)

    expected = """\
acme 50.0 as of 2026-12-31 00:00 UTC, 49.0 as of 2027-04-10 00:00 UTC: -1.0
  faded: training                      -5.0
  left the window: business_plans     -20.0
  new: certification_earned, 2 events +20.0
  new: lead_won, 1 event               +8.0
  refunded: deal_refunded, 1 event     -4.0"""
    assert expected.split() == str(found).split()
    assert Decimal("-1.0") == sum(points for _, points in found.rounded())
    assert f"<{found}>" == repr(found)
    assert 5 == found._repr_html_().count("<tr>")
    assert {"acme"} == {row["partner_id"] for row in found.to_dicts()}
    assert [one.points for one in found.parts] == [row["points"] for row in found.to_dicts()]


def test_nothing_new_prints_one_line() -> None:
    found = plv.score_change(EVENTS, partner_id="acme", since=SINCE, as_of=SINCE, model=MODEL)

    assert "acme 50.0 as of 2026-12-31 00:00 UTC, 50.0 as of 2026-12-31 00:00 UTC: +0.0" == str(
        found
    )


def test_an_earlier_moment_that_is_later_is_refused() -> None:
    with pytest.raises(OptionError, match="lies after"):
        plv.score_change(EVENTS, partner_id="acme", since=AS_OF, as_of=SINCE, model=MODEL)


# -- when it changes next -------------------------------------------------------------------------


def test_the_next_step_is_the_first_of_lapse_and_window() -> None:
    first = plv.next_change_at(EVENTS, partner_id="acme", as_of=at("2026-07-01"), model=MODEL)
    second = plv.next_change_at(EVENTS, partner_id="acme", as_of=SINCE, model=MODEL)

    assert (at("2026-12-31"), ("certifications",)) == (first.at, first.criteria)
    assert -10.0 == pytest.approx(first.points)
    assert () == first.continuous
    assert (at("2027-01-01"), ("business_plans",)) == (second.at, second.criteria)
    assert ("training",) == second.continuous
    assert "acme: -20.0 on 2027-01-01 00:00 UTC by business_plans; all the time by training" == str(
        second
    )


def test_a_lead_counts_when_its_sales_cycle_is_over() -> None:
    model = attrs.evolve(MODEL, criteria=(criterion(plv.Conversion(a=0, b=0), 1),))
    early = at("2026-06-01") - timedelta(days=5)
    found = plv.next_change_at(EVENTS[:6], partner_id="acme", as_of=early, model=model)
    won = plv.next_change_at(EVENTS[:6], partner_id="acme", as_of=at("2026-06-01"), model=model)

    assert found.at is None
    assert at("2027-05-30") == won.at
    assert -100.0 == won.points
    first = history("2026-03-01 L1 captured by acme\n2026-03-05 L1 won 50000 EUR")
    step = plv.next_change_at(first, partner_id="acme", as_of=at("2026-03-06"), model=model)
    assert (at("2026-05-30"), 100.0) == (step.at, step.points)


def test_nothing_to_come_says_so() -> None:
    events = history("2026-01-05 acme certified security")
    found = plv.next_change_at(events, partner_id="acme", as_of=at("2026-07-01"), model=MODEL)

    assert found.at is None
    assert "acme: no step by time alone" == str(found)
    none = attrs.evolve(MODEL, criteria=(criterion(plv.Certifications(), 1),))
    assert (
        plv.next_change_at(events, partner_id="acme", as_of=at("2026-07-01"), model=none).at is None
    )


def test_a_step_that_a_gate_hides_is_none_of_the_score() -> None:
    gated = attrs.evolve(MODEL, gates=(plv.Gate(names="training", cap=5),))
    events = history("""
        2026-01-01 acme business_plan 2026
        2026-02-01 acme certified security expires_at=2026-12-01
    """)
    found = plv.next_change_at(events, partner_id="acme", as_of=at("2026-07-01"), model=gated)

    assert (at("2027-01-01"), ("business_plans",)) == (found.at, found.criteria)
    assert -5.0 == found.points


def held_up_by_training(above: float) -> plv.PlvModel:
    """Training halves in 100 days; up to a share of it the score is at most 5."""
    return attrs.evolve(MODEL, gates=(plv.Gate(names="training", above=above, cap=5),))


TRAINED = history("""
    2026-01-01 acme onboarded
    2026-01-01 acme business_plan 2026
    2026-01-01 acme training basics
""")


def test_a_gate_that_closes_by_fading_is_foreseen_to_the_tick() -> None:
    # one of two trainings: .5 on the first day, .25 after 100 days; 20 for the plan and 5 for that
    model = held_up_by_training(0.25)
    found = plv.next_change_at(TRAINED, partner_id="acme", as_of=at("2026-02-01"), model=model)

    assert at("2026-04-11") == found.at
    assert -20.0 == pytest.approx(found.points)
    assert ("training",) == found.criteria == found.continuous
    assert "acme: -20.0 on 2026-04-11 00:00 UTC by training; all the time by training" == str(found)


def test_a_gate_that_is_closed_or_never_closes_in_time_gives_way_to_the_next_step() -> None:
    as_of = at("2026-02-01")
    closed, late = (
        plv.next_change_at(TRAINED, partner_id="acme", as_of=as_of, model=held_up_by_training(one))
        for one in (0.45, 0.01)
    )

    # held at 5, from which the faded training alone takes no step: .5 / 2 ** 3.65 of 20 points
    assert (at("2027-01-01"), ("business_plans",)) == (closed.at, closed.criteria)
    assert 20 * 0.5 * 2**-3.65 - 5 == pytest.approx(closed.points)
    assert (at("2027-01-01"), ("business_plans",)) == (late.at, late.criteria)


def test_a_gate_that_closes_above_the_score_takes_no_step() -> None:
    gates = tuple(
        plv.Gate(names="training", above=above, cap=cap) for above, cap in ((0.25, 60), (0.2, 1))
    )
    model = attrs.evolve(MODEL, gates=gates)
    found = plv.next_change_at(TRAINED, partner_id="acme", as_of=at("2026-02-01"), model=model)

    # the first gate caps 25 at 60 after 100 days; the second 24 at 1 after 100 x log2(2.5)
    assert found.at is not None
    assert 100 * log2(2.5) == pytest.approx((found.at - at("2026-01-01")) / timedelta(days=1))
    assert 1 - 24 == pytest.approx(found.points)


def test_a_gate_that_closes_after_all_else_is_foreseen() -> None:
    # the share of the training of 2026-01-01 is .01 after 100 x log2(50) days, and 20 are .1 then
    model = attrs.evolve(MODEL, gates=(plv.Gate(names="training", above=0.01, cap=0),))
    found = plv.next_change_at(TRAINED, partner_id="acme", as_of=at("2027-02-01"), model=model)

    assert found.at is not None
    assert 100 * log2(50) == pytest.approx((found.at - at("2026-01-01")) / timedelta(days=1))
    assert -0.2 == pytest.approx(found.points)


def test_a_certification_of_the_last_year_there_is_lapses_then() -> None:
    events = history("""
        2026-01-01 acme training basics
        2026-02-01 acme certified security expires_at="9999-12-31 23:59"
    """)
    # with the gate nothing is left to lapse by then, as the training has faded to 0 as a float
    for gates, expected in (
        ((), at("9999-12-31 23:59")),
        ((plv.Gate(names="training", cap=0),), None),
    ):
        model = attrs.evolve(MODEL, gates=gates)
        found = plv.next_change_at(events, partner_id="acme", as_of=at("2027-07-01"), model=model)

        assert expected == found.at


def test_a_step_of_a_table_and_of_a_percentile_is_foreseen() -> None:
    fading = plv.Training(half_life=timedelta(days=100))
    as_of = at("2026-02-01")
    for normaliser, points in (
        (plv.PointsTable(((0.5, 0.4), (1, 1)), between="step"), -40.0),
        (plv.Percentile((0.2, 0.5, 0.5, 0.5)), -37.5),
    ):
        one = plv.Criterion(metric=fading, normaliser=normaliser, weight=1)
        model = plv.PlvModel(name="steps", criteria=(one,))
        found = plv.next_change_at(TRAINED, partner_id="acme", as_of=as_of, model=model)

        assert found.at is not None
        assert abs(found.at - at("2026-04-11")) <= timedelta(microseconds=1)
        assert (("training",), points) == (found.criteria, pytest.approx(found.points))


def test_a_lead_whose_cycle_ended_is_not_said_to_have_left_the_window() -> None:
    events = history("""
        2025-01-02 acme onboarded
        2025-01-05 acme training basics
        2025-09-01 L0 captured by acme
        2025-09-10 L0 won 100 EUR
        2026-03-01 L1 captured by acme
        2026-03-10 L1 lost
    """)
    found = plv.score_change(
        events, partner_id="acme", since=at("2026-04-01"), as_of=at("2026-07-01")
    )

    assert ["time", "decay"] == [one.cause for one in found.parts]
    assert ["conversion", "training"] == [one.name for one in found.parts]
