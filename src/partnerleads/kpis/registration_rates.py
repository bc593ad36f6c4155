"""Registration approval and conflict rates: what becomes of the claims that partners submit."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from partnerleads.kpis.measuring.conditions import EVERY, Condition, Has, Is
from partnerleads.kpis.measuring.figures import AnyHistory, By, figure
from partnerleads.kpis.measuring.measure import Measure, ShareOf
from partnerleads.model import FrozenMap, Period, Share
from partnerleads.model.options import check_choice

__all__ = ["registration_approval_rate", "registration_conflict_rate"]

_OF: dict[str, Condition] = {"decided": Has("decided"), "submitted": EVERY}


def registration_approval_rate(
    history: AnyHistory,
    *,
    as_of: datetime | None = None,
    period: Period | None = None,
    by: By = None,
    confidence: float = 0.95,
) -> Share:
    """Registrations that were approved, out of the registrations decided.

    The first decision counts, an approval or a rejection; pending and withdrawn registrations are
    in neither part of the rate. A claim submitted again before it was decided is the same
    registration, afterwards it is a new one. Registrations of leads that were never captured
    count, since a claim may be refused before there is a lead.

    Args:
        history: Events, lifecycles, or another engine's history.
        as_of: The moment; needed with events. [aware datetime]
        period: Period of the submission; None is all time.
        by: Key or keys to segment by; here ``holder`` is the partner that claims, and ``reason``
            why it was decided so.
        confidence: Confidence of the interval. [0..1]

    Returns:
        The rate; undefined where no registration is decided. [0..1]

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 L1 registered by acme
    ...     2026-01-03 L1 approved   by acme
    ...     2026-01-04 L1 registered by bolt
    ...     2026-01-05 L1 rejected   by bolt reason=taken
    ...     2026-01-06 L2 registered by bolt
    ... ''')
    >>> rate = registration_approval_rate(events, as_of=at("2026-02-01"))
    >>> rate.hits, rate.of
    (1, 2)
    """
    measure = Measure(
        name="registration_approval_rate",
        form=ShareOf(Has("approved")),
        counted="registrations decided",
        anchor=("registered",),
        of=Has("decided"),
        over="registrations",
        holder="registered",
    )
    return figure(Share, history, measure, as_of=as_of, period=period, by=by, confidence=confidence)


def registration_conflict_rate(
    history: AnyHistory,
    *,
    as_of: datetime | None = None,
    period: Period | None = None,
    by: By = None,
    of: Literal["decided", "submitted"] = "decided",
    confidence: float = 0.95,
) -> Share:
    """Registrations that met another partner's claim in force, out of the registrations decided.

    A registration is in conflict when another partner's claim stood as it was submitted: a
    registration not rejected or withdrawn by then and still protected, or a referral, where the
    policy takes referrals as claims. The earlier claim is in no conflict for it.

    Args:
        history: Events, lifecycles, or another engine's history.
        as_of: The moment; needed with events. [aware datetime]
        period: Period of the submission; None is all time.
        by: Key or keys to segment by, as in :func:`registration_approval_rate`.
        of: Out of the registrations that were approved or rejected, or of all submitted.
        confidence: Confidence of the interval. [0..1]

    Returns:
        The rate; undefined where there is no such registration. [0..1]

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 L1 registered by acme
    ...     2026-01-04 L1 registered by bolt
    ...     2026-01-05 L1 rejected   by bolt
    ... ''')
    >>> registration_conflict_rate(events, as_of=at("2026-02-01")).value
    1.0
    >>> registration_conflict_rate(events, as_of=at("2026-02-01"), of="submitted").value
    0.5
    """
    check_choice("of", of, _OF)
    measure = Measure(
        name="registration_conflict_rate",
        form=ShareOf(Is("conflicted", value=True)),
        counted=f"registrations {of}",
        anchor=("registered",),
        of=_OF[of],
        over="registrations",
        holder="registered",
        options=FrozenMap({"of": of}),
    )
    return figure(Share, history, measure, as_of=as_of, period=period, by=by, confidence=confidence)
