"""Cohort close rate: published figures, and cases by hand."""

from datetime import date, timedelta

import pytest

from partnerleads import Period, kpis
from partnerleads.errors import OptionError
from partnerleads.testing import at, history

NOW = at("2026-06-01")
MONTH = timedelta(days=30)


def test_decided_and_cohort_differ_by_their_denominator() -> None:
    # 60 entered, 40 of them decided, 12 of these won
    ends = ["won"] * 12 + ["lost"] * 28 + [""] * 20
    lines = [
        f"2026-01-01 L{n} captured" + (f"\n2026-01-20 L{n} {end}" if end else "")
        for n, end in enumerate(ends)
    ]
    events = history("\n".join(lines))
    cohort = kpis.cohort_close_rate(events, within=MONTH, as_of=NOW)
    decided = kpis.decided_win_rate(events, as_of=NOW)

    assert (0.2, 12, 60, True) == (cohort.value, cohort.hits, cohort.of, cohort.mature)
    # Wilson, recomputed with statsmodels
    assert pytest.approx((0.1182850532, 0.3178180581), abs=1e-9) == cohort.interval
    assert 0.3 == decided.value


def test_a_date_is_mature_when_its_last_day_is_over() -> None:
    # thirty days after the first of January are the 31st, on which it may still be won
    text = "2026-01-01 L1 captured precision=day"
    rates = [
        kpis.cohort_close_rate(history(text + won), within=MONTH, as_of=at(as_of))
        for won, as_of in (
            ("", "2026-01-31 12:00"),
            ("\n2026-01-31 15:00 L1 won", "2026-01-31 18:00"),
            ("", "2026-02-01"),
        )
    ]

    assert [(0, False), (1, False), (0, True)] == [(rate.hits, rate.mature) for rate in rates]


# days to the end, or from the capture to now
TOY = "10 won, 20 lost, 21 open, 30 won, 31 lost, 45 open, 60 won, 61 lost, 90 open, 91 open"


def toy() -> str:
    """Ten leads, of which open ones were captured so many days ago, and the others 100 days ago."""
    lines = []
    for number, one in enumerate(TOY.split(", ")):
        days, end = one.split()
        age = timedelta(days=int(days))
        start = date(2026, 6, 1) - (age if end == "open" else timedelta(days=100))
        lines.append(f"{start} L{number} captured")
        if end != "open":
            lines.append(f"{start + age} L{number} {end}")
    return "\n".join(lines)


def test_competing_losses_are_no_censoring() -> None:
    rate = kpis.cohort_close_rate(history(toy()), within=timedelta(days=60), as_of=NOW)

    # Aalen and Johansen, recomputed with lifelines: .357143; 3 of 10 so far is too low for the two
    # that were not watched for 60 days, and 1 - Kaplan-Meier, .4214286, too high
    assert (0.3, 8) == (rate.value, rate.matured)
    assert pytest.approx(0.357143, abs=1e-6) == rate.projection
    assert pytest.approx(0.4214286, abs=1e-6) == rate.curve.ignoring_competition_at(60)
    assert pytest.approx(0.2142857, abs=1e-6) == rate.curve.at(30)
    assert (False, "30.0 % so far") == (rate.mature, rate.value_text())
    assert "80 % had 60.0 days; projected 35.7 %, 95 %" in rate.basis_text()
    assert 30.0 == rate.half_won_by


COHORT = history("""
    2026-01-01 L1 captured by acme
    2026-01-31 L1 won
    2026-01-01 L2 captured by acme
    2026-02-01 L2 won
    2026-01-01 L3 captured by beta
    2026-01-05 L3 won
    2026-01-09 L3 lost
    2026-01-09 L4 captured
    2026-01-05 L4 won
""")


def test_the_limit_is_included_and_a_win_must_stand() -> None:
    rate = kpis.cohort_close_rate(COHORT, within=MONTH, as_of=NOW, by=None)

    # L1 on the 30th day; L2 a day later; L3 lost after all; L4 before its capture
    assert (1, 4) == (rate.hits, rate.of)


def test_partners_are_told_apart_unless_one_says_no() -> None:
    rate = kpis.cohort_close_rate(COHORT, within=MONTH, as_of=NOW)

    assert {"acme": 0.5, "beta": 0.0, None: 0.0} == {
        name: one.value for name, one in rate.segments.items()
    }


def test_without_a_limit_it_is_so_far() -> None:
    rate = kpis.cohort_close_rate(COHORT, within=None, as_of=NOW)

    assert (2, 4, False, 0) == (rate.hits, rate.of, rate.mature, rate.matured)
    assert ["no_limit", "small"] == [warning.code for warning in rate.warnings]
    assert ("50.0 % so far", "so far") == (rate.value_text(), rate.definition["within"])
    assert "no time limit" in rate.basis_text()
    assert (None, None) == (rate.columns()["within_days"], rate.projection)


def test_a_cohort_too_young_for_any_projection() -> None:
    rate = kpis.cohort_close_rate(COHORT, within=MONTH, as_of=at("2026-01-20"))

    assert (None, None, 0) == (rate.projection, rate.projection_interval, rate.matured)
    assert "no projection" in rate.basis_text()
    assert "of 4 the time is not over yet; the rate may still rise" in map(str, rate.warnings)


def test_a_projection_without_an_interval() -> None:
    events = history("2026-01-01 L1 captured\n2026-05-31 L2 captured")
    rate = kpis.cohort_close_rate(events, within=MONTH, as_of=NOW)

    assert (0.0, None, 1) == (rate.projection, rate.projection_interval, rate.matured)
    assert rate.basis_text().endswith("projected 0.0 %")


def test_nobody_is_no_rate() -> None:
    rate = kpis.cohort_close_rate((), within=MONTH, as_of=NOW)

    assert (None, None, None, False) == (rate.value, rate.curve, rate.half_won_by, rate.mature)
    assert ("undefined", "0 of 0 leads captured; there are no leads captured") == (
        rate.value_text(),
        rate.basis_text(),
    )


def test_vague_ends_leave_and_are_counted() -> None:
    events = history("""
        2026-01-01 L1 captured precision=by
        2026-01-01 L2 captured
        2026-01-05 L2 won precision=assumed
        2026-01-01 L3 captured precision=relative
        2026-01-01 L4 captured
    """)
    rate = kpis.cohort_close_rate(events, within=MONTH, as_of=NOW)

    assert 1 == rate.n
    assert {
        "an end is only known as 'by' or 'assumed'": 2,
        "its calendar is invented": 1,
    } == rate.left_out_because


def test_days_are_days_of_the_zone() -> None:
    # captured on the 1st, and in Auckland on the 2nd; won on the 30th, there as here
    events = history("""
        2026-01-01 12:00 L1 captured
        2026-01-30 10:00 L1 won precision=day
    """)

    def hits(tz: str) -> object:
        limit = timedelta(days=28)
        return kpis.cohort_close_rate(events, within=limit, as_of=NOW, tz=tz).hits

    assert (0, 1) == (hits("UTC"), hits("Pacific/Auckland"))


def test_the_cohort_of_a_period_keeps_its_leads() -> None:
    rate = kpis.cohort_close_rate(COHORT, within=None, as_of=NOW, period=Period.month(2026, 1))
    none = kpis.cohort_close_rate(COHORT, within=None, as_of=NOW, period=Period.month(2026, 2))

    assert (2, 4) == (rate.hits, rate.of)
    assert 0 == none.of


@pytest.mark.parametrize("within", [30, timedelta(days=-1)])
def test_a_limit_that_is_none_is_refused(within: object) -> None:
    with pytest.raises(OptionError, match="within"):
        kpis.cohort_close_rate(COHORT, within=within, as_of=NOW)  # type: ignore[arg-type]


def test_one_of_ones_own_over_spells_has_no_start_in_some() -> None:
    answered = kpis.define(
        "answered", kpis.EndsOf("offered", "accepted", "closed"), counted="leads"
    )
    rate = answered(COHORT, as_of=NOW)

    assert {"it has no start": 4} == rate.left_out_because
