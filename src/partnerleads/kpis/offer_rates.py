"""Offer acceptance, decline and expiry rates: what becomes of the offers that were answered."""

from __future__ import annotations

from datetime import datetime

from partnerleads.kpis.measuring.conditions import Has
from partnerleads.kpis.measuring.figures import AnyHistory, By, figure
from partnerleads.kpis.measuring.measure import Measure, ShareOf
from partnerleads.model import Period, Share

__all__ = ["offer_acceptance_rate", "offer_decline_rate", "offer_expiry_rate"]


def _measure(name: str, answer: str) -> Measure:
    return Measure(
        name=name,
        form=ShareOf(Has(answer)),
        counted="offers resolved",
        anchor=("offered",),
        of=Has("answered"),
        over="offers",
        holder="offered",
    )


def offer_acceptance_rate(
    history: AnyHistory,
    *,
    as_of: datetime | None = None,
    period: Period | None = None,
    by: By = None,
    confidence: float = 0.95,
) -> Share:
    """Offers that were accepted, out of the offers resolved.

    An offer is resolved by the first acceptance, decline or expiry that answers it, so each offer
    counts once, and a lead as often as it was offered. Pending offers are in neither part of the
    rate, and those that were withdrawn without an answer never will be; an answer after the
    withdrawal counts. Acceptance, decline and expiry rate add up to 1.

    Args:
        history: Events, lifecycles, or another engine's history.
        as_of: The moment; needed with events. [aware datetime]
        period: Period of the offer; None is all time.
        by: Key or keys to segment by; here ``holder`` is the recipient asked, ``agent`` the person
            asked, and ``reason`` why it was answered so.
        confidence: Confidence of the interval. [0..1]

    Returns:
        The rate; undefined where no offer is resolved. [0..1]

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 L1 captured
    ...     2026-01-03 L1 offered  by acme
    ...     2026-01-05 L1 declined by acme
    ...     2026-01-05 L1 offered  by bolt
    ...     2026-01-06 L1 accepted by bolt
    ... ''')
    >>> rate = offer_acceptance_rate(events, as_of=at("2026-02-01"), by="holder")
    >>> rate.value, {holder: one.value for holder, one in rate.segments.items()}
    (0.5, {'acme': 0.0, 'bolt': 1.0})
    """
    measure = _measure("offer_acceptance_rate", "accepted")
    return figure(Share, history, measure, as_of=as_of, period=period, by=by, confidence=confidence)


def offer_decline_rate(
    history: AnyHistory,
    *,
    as_of: datetime | None = None,
    period: Period | None = None,
    by: By = None,
    confidence: float = 0.95,
) -> Share:
    """Offers that were declined, out of the offers resolved.

    Args:
        history: Events, lifecycles, or another engine's history.
        as_of: The moment; needed with events. [aware datetime]
        period: Period of the offer; None is all time.
        by: Key or keys to segment by, as in :func:`offer_acceptance_rate`.
        confidence: Confidence of the interval. [0..1]

    Returns:
        The rate; undefined where no offer is resolved. [0..1]

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 L1 captured
    ...     2026-01-03 L1 offered  by acme
    ...     2026-01-05 L1 declined by acme reason="no capacity"
    ...     2026-01-05 L1 offered  by bolt
    ... ''')
    >>> offer_decline_rate(events, as_of=at("2026-02-01")).value
    1.0
    """
    measure = _measure("offer_decline_rate", "declined")
    return figure(Share, history, measure, as_of=as_of, period=period, by=by, confidence=confidence)


def offer_expiry_rate(
    history: AnyHistory,
    *,
    as_of: datetime | None = None,
    period: Period | None = None,
    by: By = None,
    confidence: float = 0.95,
) -> Share:
    """Offers that lapsed, out of the offers resolved.

    Only an expiry on record resolves an offer; one whose time is over without such an event is
    pending still, and :func:`offer_sla_breach_rate` counts it.

    Args:
        history: Events, lifecycles, or another engine's history.
        as_of: The moment; needed with events. [aware datetime]
        period: Period of the offer; None is all time.
        by: Key or keys to segment by, as in :func:`offer_acceptance_rate`.
        confidence: Confidence of the interval. [0..1]

    Returns:
        The rate; undefined where no offer is resolved. [0..1]

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 L1 captured
    ...     2026-01-03 L1 offered by acme
    ...     2026-01-05 L1 expired by acme
    ...     2026-01-05 L1 offered by bolt
    ...     2026-01-06 L1 offer_withdrawn by bolt
    ... ''')
    >>> rate = offer_expiry_rate(events, as_of=at("2026-02-01"))
    >>> rate.hits, rate.of
    (1, 1)
    """
    measure = _measure("offer_expiry_rate", "expired")
    return figure(Share, history, measure, as_of=as_of, period=period, by=by, confidence=confidence)
