"""First-offer acceptance: does the first recipient that is asked take the lead?"""

from __future__ import annotations

from datetime import datetime

from partnerleads.kpis.measuring.conditions import Is
from partnerleads.kpis.measuring.figures import AnyHistory, By, figure
from partnerleads.kpis.measuring.measure import CountOf, Measure, ShareOf
from partnerleads.model import Count, FrozenMap, Period, Share
from partnerleads.model.options import check_flags

__all__ = ["first_offer_acceptance_rate", "first_offer_acceptances"]


_TAKEN = {
    False: Is("first_offer_accepted", value=True),
    True: Is("first_offer_kept", value=True),
}


def first_offer_acceptances(
    history: AnyHistory,
    *,
    as_of: datetime | None = None,
    period: Period | None = None,
    by: By = None,
    net_of_returns: bool = False,
) -> Count:
    """How many leads were accepted by the recipient of their first offer.

    The first offer is the first one made and those of the same instant. It is accepted when the
    first answer by its recipient is an acceptance; an offer that was withdrawn does not count.

    Args:
        history: Events, lifecycles, or another engine's history.
        as_of: The moment; needed with events. [aware datetime]
        period: Period of the first offer; None is all time.
        by: Key or keys to segment by.
        net_of_returns: Whether leads that the recipient gave back later do not count.

    Returns:
        The number of leads. [count, 0..leads offered]

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 L1 captured
    ...     2026-01-03 L1 offered  by acme
    ...     2026-01-04 L1 accepted by acme
    ...     2026-01-02 L2 captured
    ...     2026-01-03 L2 offered  by acme
    ...     2026-01-05 L2 declined by acme
    ...     2026-01-05 L2 offered  by bolt
    ...     2026-01-06 L2 accepted by bolt
    ... ''')
    >>> first_offer_acceptances(events, as_of=at("2026-02-01")).value
    1
    """
    check_flags(net_of_returns=net_of_returns)
    measure = Measure(
        name="first_offer_acceptances",
        form=CountOf(),
        counted="leads accepted on their first offer",
        anchor=("offered",),
        of=_TAKEN[net_of_returns],
        options=FrozenMap({"net of returns": str(net_of_returns)}),
    )
    return figure(Count, history, measure, as_of=as_of, period=period, by=by)


def first_offer_acceptance_rate(
    history: AnyHistory,
    *,
    as_of: datetime | None = None,
    period: Period | None = None,
    by: By = None,
    net_of_returns: bool = False,
    confidence: float = 0.95,
) -> Share:
    """Leads accepted on their first offer, out of the leads whose first offer is resolved.

    A first offer is resolved when one of its recipients accepted, or all of them answered or let
    it lapse. Pending and withdrawn first offers are in neither part of the rate.

    Args:
        history: Events, lifecycles, or another engine's history.
        as_of: The moment; needed with events. [aware datetime]
        period: Period of the first offer; None is all time.
        by: Key or keys to segment by.
        net_of_returns: Whether leads that the recipient gave back later do not count as accepted.
        confidence: Confidence of the interval. [0..1]

    Returns:
        The rate; undefined where no first offer is resolved. [0..1]

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 L1 captured
    ...     2026-01-03 L1 offered  by acme
    ...     2026-01-04 L1 accepted by acme
    ...     2026-01-02 L2 captured
    ...     2026-01-03 L2 offered  by acme
    ...     2026-01-05 L2 declined by acme
    ... ''')
    >>> first_offer_acceptance_rate(events, as_of=at("2026-02-01")).value
    0.5
    """
    check_flags(net_of_returns=net_of_returns)
    measure = Measure(
        name="first_offer_acceptance_rate",
        form=ShareOf(_TAKEN[net_of_returns]),
        counted="leads whose first offer is resolved",
        anchor=("offered",),
        of=Is("first_offer_resolved", value=True),
        options=FrozenMap({"net of returns": str(net_of_returns)}),
    )
    return figure(Share, history, measure, as_of=as_of, period=period, by=by, confidence=confidence)
