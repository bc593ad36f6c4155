"""Do partner leads really close better: the part of a review that compares matured cohorts."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from attrs import frozen

from partnerleads import kpis
from partnerleads.kpis import (
    AnyOf,
    Comparison,
    Concentration,
    History,
    Is,
    LeagueTable,
    Not,
    Since,
    SuggestedCycle,
    Trend,
)
from partnerleads.model import CloseRate, Period

__all__ = ["ADJUSTED_FOR", "COHORTS", "CloseRates", "close_rates"]

COHORTS = 6
"""How many cohorts the trend shows. [count]"""

ADJUSTED_FOR = ("region", "deal_type")
"""The keys whose mix is taken out of the difference."""

NOT_SOURCED = Not(Is("attribution", "sourced"))

_DAY = timedelta(days=1)


@frozen(kw_only=True)
class CloseRates:
    """Close rates of a programme, of cohorts that had a whole sales cycle.

    Attributes:
        cycle: The sales cycle, which is the time limit of all these rates; undefined where nothing
            was won, and then there is nothing else.
        cohort: The last of the periods whose leads all had the cycle, however far back it lies;
            None where there is none.
        comparison: Sourced leads of that cohort against direct ones, adjusted for the mix.
        against_others: Sourced leads of that cohort against all others; a direct lead that lasts
            may become an influenced one, so this one owes nothing to lasting.
        trend: The rate of the last cohorts by class of attribution, the youngest not yet mature.
        league: The partners, by their leads that had the whole cycle.
        concentration: How much of the wins of all time a few partners have.
    """

    cycle: SuggestedCycle
    cohort: Period | None = None
    comparison: Comparison | None = None
    against_others: Comparison | None = None
    trend: Trend[CloseRate] | None = None
    league: LeagueTable | None = None
    concentration: Concentration | None = None


def close_rates(history: History, *, period: Period) -> CloseRates:
    """The close rates of a programme.

    Args:
        history: Lifecycles, or another engine's history.
        period: The period of the review; cohorts are periods of its length, up to it.
    """
    cycle = kpis.suggested_cycle(history, tz=period.tz)
    within = cycle.within
    if within is None:
        return CloseRates(cycle=cycle)
    cohort = _last_mature(history, period=period, within=within)
    comparison = against_others = None
    if cohort is not None:
        compared = partial(
            kpis.compare,
            history,
            kpis.cohort_close_rate,
            "sourced",
            period=cohort,
            within=within,
            by=None,
            adjust_for=ADJUSTED_FOR,
        )
        comparison, against_others = compared("direct"), compared(NOT_SOURCED)
    by_class = partial(kpis.cohort_close_rate, within=within, by="attribution")
    cohorts = [period.shifted(-back) for back in reversed(range(COHORTS))]
    return CloseRates(
        cycle=cycle,
        cohort=cohort,
        comparison=comparison,
        against_others=against_others,
        trend=kpis.trend(history, by_class, periods=cohorts),
        league=kpis.league_table(history, within=within, tz=period.tz),
        concentration=kpis.concentration(history),
    )


def _last_mature(history: History, *, period: Period, within: timedelta) -> Period | None:
    """The last cohort up to a period that has leads, all with the whole time limit."""
    cohort = period
    # too young whatever leads it has; a day of slack, since dates are counted in days of the zone
    while history.as_of - cohort.start < within - _DAY:
        cohort = cohort.shifted(-1)
    while True:
        rate = kpis.cohort_close_rate(history, within=within, period=cohort, by=None)
        if rate.mature:
            return cohort
        later = AnyOf((Since("captured", cohort.start), Is("captured.precision", "relative")))
        earlier = kpis.only(history, Not(later))
        if not kpis.sourced_rate(earlier).n:
            return None
        cohort = cohort.shifted(-1)
