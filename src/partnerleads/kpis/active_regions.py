"""Active regions: where leads are followed up and closed."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from partnerleads.kpis.measuring.figures import AnyHistory, By, figure
from partnerleads.kpis.measuring.measure import Measure, SetOf
from partnerleads.model import FrozenMap, Period, Regions
from partnerleads.model.options import check_choice, check_flags

__all__ = ["active_regions"]

_PLACES = ("region", "country")


def active_regions(
    history: AnyHistory,
    *,
    as_of: datetime | None = None,
    period: Period | None = None,
    by: By = None,
    place: Literal["region", "country"] = "region",
    same_lead: bool = False,
    won_only: bool = False,
) -> Regions:
    """The regions with a follow-up and a close inside the period.

    A follow-up is progress, or a response by a qualified salesperson. A close counts when it
    stands as of the moment.

    Args:
        history: Events, lifecycles, or another engine's history.
        as_of: The moment; needed with events. [aware datetime]
        period: Period that both must fall into; None is all time.
        by: Key or keys to segment by.
        place: Regions or countries, as captured.
        same_lead: Whether one lead must have both.
        won_only: Whether only wins count as closes.

    Returns:
        The places, and how many leads with a follow-up or a close each rests on; leads without a
        place are left out and counted.

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 L1 captured region=DACH
    ...     2026-01-03 L1 progressed
    ...     2026-01-02 L2 captured region=DACH
    ...     2026-01-08 L2 lost
    ...     2026-01-02 L3 captured region=Nordics
    ...     2026-01-08 L3 lost
    ... ''')
    >>> active_regions(events, as_of=at("2026-02-01")).value
    ('DACH',)
    """
    check_choice("place", place, _PLACES)
    check_flags(same_lead=same_lead, won_only=won_only)
    measure = Measure(
        name="active_regions",
        form=SetOf(f"captured.lead.{place}", same_lead=same_lead, won_only=won_only),
        counted="leads followed up or closed there",
        options=FrozenMap({"place": place, "same lead": str(same_lead), "won only": str(won_only)}),
    )
    return figure(Regions, history, measure, as_of=as_of, period=period, by=by)
