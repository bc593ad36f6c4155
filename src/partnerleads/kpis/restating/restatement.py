"""Restatement: a figure as it was known then and now, with the leads that moved it and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from operator import attrgetter
from typing import Any, TypeAlias, TypeVar

from partnerleads.attribution import AttributionPolicy
from partnerleads.errors import OptionError
from partnerleads.events import (
    Event,
    LeadFact,
    PartnerEvent,
    PartnerOnboarded,
    PartnerTerminated,
    PartnerUpdated,
)
from partnerleads.events.given import given_events
from partnerleads.events.learned import learned_between
from partnerleads.events.naming import partner_named
from partnerleads.kpis.restating.causes import Cause, RecordCauses, attribution_cause
from partnerleads.kpis.restating.parts import Parts, added, difference, is_mixed, parts_of
from partnerleads.kpis.restating.result import Move, Restatement
from partnerleads.lifecycle import Lifecycles, fold
from partnerleads.lifecycle.folding import DEFAULT_POLICY
from partnerleads.lifecycle.refolding import refold
from partnerleads.model import Figure, FrozenMap, LeadId, PartnerId, Period, instant
from partnerleads.model.collector import resting_collector
from partnerleads.model.moments import zone_of
from partnerleads.model.options import check_kpi

__all__ = ["restatement"]

F = TypeVar("F", bound=Figure)

Known: TypeAlias = datetime | None
Pair: TypeAlias = tuple[Any, Any]

_INSTEAD = "pass Python events with all their versions; a restatement settles them twice"

_NONE: Parts = FrozenMap()

_STATING = (PartnerOnboarded, PartnerUpdated, PartnerTerminated)


@resting_collector()  # a figure for each lead is many small objects
def restatement(
    history: Iterable[Event],
    kpi: Callable[..., F],
    *,
    as_of: datetime,
    known_at: Known | tuple[Known, Known] = None,
    policy: AttributionPolicy | tuple[AttributionPolicy, AttributionPolicy] = DEFAULT_POLICY,
    period: Period | None = None,
    **options: Any,
) -> Restatement[F]:
    """A figure as it was known then and as it is known now, with the leads that moved it.

    Both figures are of the same moment and period, so only what the records learned in between
    moves them: what was recorded late, revised, taken back or moved to another lead. With two
    policies instead, or as well, it says what the other rules of attribution move.

    Args:
        history: Events, with all their versions; lifecycles and other engines hold only one.
        kpi: The KPI function, or a KPI of one's own.
        as_of: Events that occurred later are seen by neither. [aware datetime]
        known_at: Two moments of knowledge, the earlier first; None as the later knows everything.
            One moment, or None, holds for both. [aware datetimes]
        policy: The rules of attribution: one for both, or two.
        period: Period of the KPI's anchor; None is all time.
        **options: Options of the KPI.

    Returns:
        Both figures, and every lead that has another figure of its own at the two. For counts,
        money and the two parts of a rate their changes add up to the difference.

    Raises:
        OptionError: When there are neither two moments nor two policies, the moments are in the
            wrong order, the history has no versions, or the KPI is none, or has no figure for each
            lead.

    >>> from partnerleads import kpis
    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-03-02 L1 captured
    ...     2026-03-20 L1 won 9000 EUR id=w1 recorded=2026-04-03
    ... ''')
    >>> march = Period.month(2026, 3)
    >>> print(restatement(events, kpis.closed_won, as_of=at("2026-04-01"), period=march,
    ...                   known_at=(at("2026-04-01"), at("2026-05-01"))))
    closed_won restated, as of 2026-04-01 00:00 UTC
      known 2026-04-01 00:00 UTC: 0 (leads won)
      known 2026-05-01 00:00 UTC: 1 (leads won)
      difference count +1; 1 lead moved it
      L1 entered count +1
        late_record: lead_won of 2026-03-20 was recorded only 2026-04-03 00:00 UTC (w1)
    """
    check_kpi(kpi)
    events = given_events(history, instead=_INSTEAD)
    moments, policies = _pair(known_at), _pair(policy)
    if not isinstance(known_at, tuple) and not isinstance(policy, tuple):
        reason = "pass two moments, (then, now), or two policies"
        raise OptionError("known_at", known_at, reason)
    moments = _in_order(*moments)
    now = fold(events, as_of=as_of, known_at=moments[1], policy=policies[1])
    learned = learned_between(events, *moments)
    if period is not None:
        options["period"] = period
    after = kpi(now, **options)  # then knows what was found wrong with the leads of now
    then = refold(now, learned, known_at=moments[0], policy=policies[0])
    before = kpi(then, **options)
    records = RecordCauses(
        learned, as_of=now.as_of, then=then.known_at, now=now.known_at, tz=zone_of(period)
    )

    def why(lead_id: LeadId) -> tuple[Cause, ...]:
        credit = attribution_cause(then.get(lead_id), now.get(lead_id))
        causes = (*records.of(lead_id), *([] if credit is None else [credit]))
        return causes or (Cause(code="other", words="nothing in its own records changed"),)

    adds_up = not (is_mixed(before) or is_mixed(after))
    moved = difference(parts_of(before), parts_of(after)) if adds_up else _NONE

    def explained(*lives: Lifecycles) -> tuple[tuple[Move, ...], Parts]:
        old, new = (_by_lead(kpi, one, options) for one in lives)
        moves = tuple(sorted(_moves(old, new, why, adds_up=adds_up), key=attrgetter("lead_id")))
        return moves, difference(added(move.change for move in moves), moved)

    if (then.policy, then.costs) == (now.policy, now.costs):
        concerned = records.lead_ids | _naming(_restated_partners(then, now), events)
        moves, rest = explained(then.only(concerned), now.only(concerned))
        if moved and not any(rest.values()):  # else others may have moved too
            return Restatement(before, after, moved, moves, rest)
    moves, rest = explained(then, now)  # with all that was read of them before
    return Restatement(before, after, moved, moves, rest)


def _pair(value: Any) -> Pair:
    """Two values, or one twice."""
    if not isinstance(value, tuple):
        return value, value
    if len(value) != 2:
        raise OptionError("known_at or policy", value, "pass two, the earlier one first")
    return value


def _in_order(then: Known, now: Known) -> tuple[Known, Known]:
    """Both moments, checked."""
    then, now = (None if one is None else instant(one, "known_at") for one in (then, now))
    if now is not None and (then is None or then > now):
        raise OptionError("known_at", (str(then), str(now)), "pass the earlier moment first")
    return then, now


def _restated_partners(then: Lifecycles, now: Lifecycles) -> AbstractSet[PartnerId]:
    """The partners of which events state something else."""
    old, new = _stated(then), _stated(now)
    return {one for one in old.keys() | new.keys() if old.get(one) != new.get(one)}


def _naming(partners: AbstractSet[PartnerId], events: Sequence[Event]) -> set[LeadId]:
    """The leads on which any version of an event names one of some partners."""
    if not partners:
        return set()
    return {
        event.lead_id
        for event in events
        if isinstance(event, LeadFact) and partner_named(event) in partners
    }


def _stated(lives: Lifecycles) -> Mapping[PartnerId, Sequence[PartnerEvent]]:
    """What events state of partners; what a partner did besides is in no figure of a lead."""
    stating = {
        partner_id: [event for event in events if isinstance(event, _STATING)]
        for partner_id, events in lives.partner_events.items()
    }
    return {partner_id: events for partner_id, events in stating.items() if events}


def _by_lead(
    kpi: Callable[..., Figure], lives: Lifecycles, options: Mapping[str, Any]
) -> Mapping[LeadId, Figure]:
    """The figure of each lead alone."""
    figure = kpi(lives, **{**options, "by": "lead_id"})
    if getattr(figure, "by", None) != ("lead_id",):
        reason = "it has no figure for each lead; pass a KPI that can be segmented by lead_id"
        raise OptionError("kpi", getattr(kpi, "__name__", type(kpi).__name__), reason)
    return {LeadId(str(lead_id)): one for lead_id, one in figure.segments.items()}


def _moves(
    before: Mapping[LeadId, Figure],
    after: Mapping[LeadId, Figure],
    why: Callable[[LeadId], tuple[Cause, ...]],
    *,
    adds_up: bool,
) -> Iterator[Move]:
    """The leads whose own figures differ, in no order."""
    for lead_id in {**before, **after}:
        old, new = before.get(lead_id), after.get(lead_id)
        if old is not None and new is not None and (old.n, old.columns()) == (new.n, new.columns()):
            continue
        change = difference(parts_of(old), parts_of(new)) if adds_up else _NONE
        yield Move(lead_id=lead_id, before=old, after=new, change=change, causes=why(lead_id))
