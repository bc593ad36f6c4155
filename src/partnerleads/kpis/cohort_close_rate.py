"""Cohort close rate: leads won within a time after their capture, out of all leads captured."""

from __future__ import annotations

from datetime import datetime, timedelta

from partnerleads.kpis.measuring.conditions import AnyOf, Condition, Older, sometime
from partnerleads.kpis.measuring.figures import AnyHistory, By, figure
from partnerleads.kpis.measuring.measure import EndsOf, Measure
from partnerleads.model import CloseRate, FrozenMap, Period
from partnerleads.model.options import check_span

__all__ = ["cohort_close_rate", "had_its_time"]


def had_its_time(within: timedelta) -> Condition:
    """Leads that had the whole time limit by the moment, for a rate of those alone.

    Where nobody knows when a lead was captured it stays, so that the rate leaves it out and counts
    it.

    Args:
        within: The time limit, included.
    """
    return AnyOf((Older("captured", within), sometime("captured")))


def cohort_close_rate(
    history: AnyHistory,
    *,
    within: timedelta | None,
    as_of: datetime | None = None,
    period: Period | None = None,
    by: By = "sourcing_partner",
    tz: str = "UTC",
    confidence: float = 0.95,
) -> CloseRate:
    """Leads won within a time after their capture, out of all leads captured in the period.

    The cohort is fixed by the capture, so a lead never leaves the denominator. A cohort is mature
    when each of its leads had the whole time limit by the moment; one that is not shows its rate
    as so far, how much of it has matured, and the rate that it will reach by what is seen of its
    older leads (Aalen and Johansen's cumulative incidence, in which a loss ends the matter).

    Args:
        history: Events, lifecycles, or another engine's history.
        within: The time limit, included, commonly one sales cycle (see
            :func:`suggested_cycle`). None, said explicitly, counts what was won so far, which
            bears a warning.
        as_of: The moment; needed with events. [aware datetime]
        period: Period of the capture; None is all time.
        by: Key or keys to segment by; the sourcing partner, since the blend of all partners hides
            what each of them does. None for none.
        tz: Zone in which dates are compared without a period; a period brings its own.
        confidence: Confidence of the intervals. [0..1]

    Returns:
        The rate; undefined where no lead was captured. A win before the capture is no hit, and its
        lead stays; leads whose ends are known only as ``by`` or ``assumed`` leave and are counted.
        [0..1]

    Source:
        Aalen and Johansen 1978 for the projection; Wilson 1927 for the interval.

    >>> from datetime import timedelta
    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 L1 captured
    ...     2026-01-20 L1 won
    ...     2026-01-05 L2 captured
    ...     2026-01-08 L2 lost
    ... ''')
    >>> rate = cohort_close_rate(events, within=timedelta(days=30), as_of=at("2026-03-01"))
    >>> rate.value, rate.mature
    (0.5, True)
    >>> early = cohort_close_rate(events, within=timedelta(days=30), as_of=at("2026-02-02"))
    >>> early.value_text(), early.matured
    ('50.0 % so far', 1)
    """
    check_span("within", within)
    measure = Measure(
        name="cohort_close_rate",
        form=EndsOf("captured", "won", "closed", within),
        counted="leads captured",
        anchor=("captured",),
        options=FrozenMap({"within": "so far" if within is None else str(within)}),
    )
    return figure(
        CloseRate,
        history,
        measure,
        as_of=as_of,
        period=period,
        by=by,
        tz=tz,
        confidence=confidence,
    )
