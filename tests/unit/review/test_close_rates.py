"""Which cohort a review compares, and with whom."""

from datetime import date, timedelta
from typing import Any

import pytest

from partnerleads import Period, fold
from partnerleads.kpis.measuring.figures import history_of
from partnerleads.review.close_rates import ADJUSTED_FOR, COHORTS, CloseRates, close_rates
from partnerleads.testing import at, history

QUARTER = Period.quarter(2026, 3)


def lead(name: str, captured: str, *, days: int | None = None, said: str = "") -> str:
    """A lead, which was won so many days after its capture, if at all."""
    text = f"{captured} {name} captured {said}"
    if days is None:
        return text
    return f"{text}\n{date.fromisoformat(captured) + timedelta(days=days)} {name} won"


def rated(*leads: str, period: Period = QUARTER, as_of: str = "2026-10-01") -> CloseRates:
    lives = fold(history("\n".join(leads)), as_of=at(as_of))
    return close_rates(history_of(lives), period=period)


def test_without_a_win_there_is_no_cycle_and_nothing_else() -> None:
    rates = rated(lead("L1", "2026-01-02"))

    assert CloseRates(cycle=rates.cycle) == rates
    assert "nothing was won" == rates.cycle.undefined_because


def test_the_last_cohort_with_a_whole_cycle_is_compared() -> None:
    # the cycle is 40 days: the leads of May had it, that of September did not
    rates = rated(
        lead("L1", "2026-02-02", days=40, said="by acme"),
        lead("L2", "2026-05-02", days=40, said="by acme"),
        lead("L3", "2026-05-02"),
        lead("L4", "2026-09-02", said="by acme"),
    )

    assert timedelta(days=40) == rates.cycle.within
    assert rates.cohort is not None
    assert (date(2026, 4, 1), date(2026, 7, 1)) == (rates.cohort.first, rates.cohort.until)
    assert rates.comparison is not None
    assert (1.0, 0.0) == (rates.comparison.a_value, rates.comparison.b_value)
    assert rates.comparison.period == rates.cohort
    assert not rates.comparison.so_far


def test_the_period_itself_is_the_cohort_where_it_has_matured() -> None:
    rates = rated(lead("L1", "2026-07-02", days=10), lead("L2", "2026-08-02"))

    assert QUARTER == rates.cohort


def test_a_long_cycle_and_short_periods_find_the_cohort_however_far_back() -> None:
    # 36 months of leads, and a cycle of 420 days, which is more than thirteen of them
    starts = [date(2023 + (9 + month) // 12, (9 + month) % 12 + 1, 2) for month in range(36)]
    leads = [
        lead(f"L{n}", str(start), days=420 if start < date(2025, 8, 1) else None)
        for n, start in enumerate(starts)
    ]
    rates = rated(*leads, period=Period.month(2026, 9))

    assert timedelta(days=420) == rates.cycle.within
    assert rates.cohort is not None
    assert (date(2025, 8, 1), True) == (rates.cohort.first, rates.comparison is not None)


def test_cohorts_without_leads_are_passed_over() -> None:
    rates = rated(lead("L1", "2023-01-02", days=10), lead("L2", "2026-09-28"))

    assert rates.cohort is not None
    assert date(2023, 1, 1) == rates.cohort.first


def test_without_a_mature_cohort_nothing_is_compared() -> None:
    # both are of one year, and one of them is young
    rates = rated(
        lead("L1", "2026-01-02", days=40),
        lead("L2", "2026-09-28"),
        period=Period.year(2026),
    )

    assert (None, None, None) == (rates.cohort, rates.comparison, rates.against_others)
    assert rates.trend is not None
    assert rates.league is not None
    assert rates.concentration is not None


@pytest.mark.parametrize(
    ("as_of", "cohort"), [("2026-04-01 21:59", "2025-12-31"), ("2026-04-01 22:00", "2026-03-01")]
)
def test_dates_mature_by_the_clock_of_the_zone_of_the_period(as_of: str, cohort: str) -> None:
    # 31 days after the first of March end with the first of April, by the clocks of Berlin
    rates = rated(
        "2026-02-28 23:00 L1 captured precision=day",
        "2026-01-01 L2 captured\n2026-02-01 L2 won",
        period=Period.days(date(2026, 3, 1), date(2026, 3, 31), tz="Europe/Berlin"),
        as_of=as_of,
    )

    assert timedelta(days=31) == rates.cycle.within
    assert rates.cohort is not None
    assert date.fromisoformat(cohort) == rates.cohort.first


def test_direct_leads_stand_beside_and_so_do_all_that_partners_did_not_source() -> None:
    rates = rated(
        lead("L1", "2026-07-02", days=10, said="by acme region=DACH deal_type=new"),
        lead("L2", "2026-07-02", said="region=DACH deal_type=new"),
        lead("L3", "2026-07-02", days=9, said="region=UKI deal_type=new"),
        "2026-07-05 L3 influenced webinar by acme",
    )
    against_direct, against_others = rates.comparison, rates.against_others
    assert against_direct is not None
    assert against_others is not None
    assert against_direct.adjusted is not None

    # L3 is influenced: it is no direct lead, but no sourced one either
    assert (1, 1) == (against_direct.a.n, against_direct.b.n)  # type: ignore[union-attr]
    assert (1, 2) == (against_others.a.n, against_others.b.n)  # type: ignore[union-attr]
    assert "survivors" in {caution.code for caution in against_direct.warnings}
    assert "survivors" not in {caution.code for caution in against_others.warnings}
    assert ADJUSTED_FOR == against_direct.adjusted.keys


def test_the_trend_has_every_class_and_the_period_last() -> None:
    rates = rated(lead("L1", "2026-07-02", days=10, said="by acme"), lead("L2", "2026-07-02"))
    assert rates.trend is not None
    last = rates.trend.figures[-1]

    assert COHORTS == len(rates.trend)
    assert QUARTER == rates.trend.periods[-1]
    assert {"sourced", "direct"} == set(last.segments)
    assert {rates.cycle.within} == {figure.within for figure in rates.trend}


def test_the_league_has_only_leads_with_the_whole_cycle() -> None:
    rates = rated(
        lead("L1", "2026-07-02", days=10, said="by acme"),
        lead("L2", "2026-09-28", said="by bolt"),
    )
    assert rates.league is not None
    assert rates.concentration is not None

    assert ["acme"] == [row.partner_id for row in rates.league]
    assert ("bolt",) == rates.concentration.without_win


def test_the_dates_of_the_league_are_those_of_the_zone_of_the_period() -> None:
    # captured on the 21st of September in Berlin, so its ten days are not over; in UTC they are
    events = """
        2026-09-20 22:00 L1 captured by acme precision=day
        2026-08-31 L2 captured
        2026-09-10 L2 won
    """
    lives = fold(history(events), as_of=at("2026-10-01 21:30"))
    found: list[Any] = [
        close_rates(history_of(lives), period=Period.quarter(2026, 3, tz=zone))
        for zone in ("UTC", "Europe/Berlin")
    ]

    assert [timedelta(days=10)] * 2 == [rates.cycle.within for rates in found]
    assert [1, 0] == [len(rates.league) for rates in found]
