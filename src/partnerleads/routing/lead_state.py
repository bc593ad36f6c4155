"""What one lead means for the context of a decision: whom it keeps busy, who won it, who owns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from attrs import frozen

from partnerleads.attribution import claims_of
from partnerleads.attribution.claims import Claim
from partnerleads.events import Event, LeadAccepted, LeadAssigned, LeadOffered, LeadReturned
from partnerleads.events.naming import recipients_named
from partnerleads.lifecycle import LeadLifecycle, Offer
from partnerleads.model import FrozenMap, RecipientId
from partnerleads.routing.context import Protection
from partnerleads.routing.decision import Decision

__all__ = ["LeadState", "claims_on", "is_refunded", "lapses_of", "lead_state", "moved_state"]

_NOBODY: frozenset[RecipientId] = frozenset()
_NEVER: FrozenMap[RecipientId, datetime] = FrozenMap()


@frozen(kw_only=True)
class LeadState:
    """What one lead means for the context, as of a moment.

    Attributes:
        busy: Who holds it while it is open, has an offer to answer, or was decided for.
        lapses: Until when its open offers keep those busy whom nothing else of it does.
        workers: Who worked it, where it is closed.
        won: Whether it was won; None while it is open.
        owned: Its account, and who holds it since when; None where nobody owns by it.
        protections: The registrations in force, the one that counts first.
        excluded: Who has turned it down.
    """

    busy: frozenset[RecipientId] = _NOBODY
    lapses: FrozenMap[RecipientId, datetime] = _NEVER
    workers: frozenset[RecipientId] = _NOBODY
    won: bool | None = None
    owned: tuple[str, tuple[datetime, str, RecipientId]] | None = None
    protections: tuple[Protection, ...] = ()
    excluded: frozenset[RecipientId] = _NOBODY


def lead_state(life: LeadLifecycle | None, decision: Decision | None) -> LeadState:
    """What a lead means, from its life and the decision that stands.

    Args:
        life: The lead as of the moment; None where the history does not have it.
        decision: The last decision that chose somebody for it; None where there is none.
    """
    waiting = decision is not None and (life is None or not _answered(life, decision))
    decided = frozenset({str(decision.chosen)}) if waiting and decision is not None else _NOBODY
    if life is None:
        return LeadState(busy=decided)
    counted = life.captured is not None
    closed = life.closed is not None and counted
    return LeadState(
        busy=decided | _busy(life),
        lapses=lapses_of(_pending(life), decided | recipients_named(life.held)),
        workers=recipients_named(life.held) | recipients_named(life.closed) if closed else _NOBODY,
        won=life.won is not None if closed else None,
        owned=_owned(life) if counted else None,
        protections=_protections(life),
        excluded=_excluded(life),
    )


def _pending(life: LeadLifecycle) -> Iterator[Offer]:
    """The offers of an open lead without an answer that have not lapsed."""
    if life.closed is not None:
        return
    now = life.moment.as_of
    for offer in life.offers:
        expires_at = offer.offered.expires_at
        if offer.status == "pending" and (expires_at is None or now < expires_at):
            yield offer


def lapses_of(
    offers: Iterable[Offer], kept: frozenset[RecipientId]
) -> FrozenMap[RecipientId, datetime]:
    """Until when open offers of a lead keep those busy whom nothing else of it does.

    Args:
        offers: Its open offers.
        kept: Whom it keeps busy besides.
    """
    ends: dict[RecipientId, datetime] = {}
    lasting = set(kept)
    for offered in (offer.offered for offer in offers):
        names, end = recipients_named(offered), offered.expires_at
        if end is None:
            lasting |= names
        else:
            ends.update({name: max(end, ends.get(name, end)) for name in names})
    left = {name: end for name, end in ends.items() if name not in lasting}
    return FrozenMap(left) if left else _NEVER


def claims_on(life: LeadLifecycle, *, as_of: datetime) -> list[Claim]:
    """The registrations of a lead that count from no later than a moment."""
    return claims_of(life.events, captured=None, policy=life.moment.policy, as_of=as_of)


def is_refunded(decision: Decision, life: LeadLifecycle | None, ends: Sequence[str]) -> bool:
    """Whether the first offer that followed a decision came to an end that refunds the turn."""
    followed = (
        offer
        for offer in (() if life is None else life.offers)
        if offer.offered.occurred_at >= decision.as_of
        and decision.chosen in recipients_named(offer.offered)
    )
    first = next(followed, None)
    return first is not None and first.status in ends


def _busy(life: LeadLifecycle) -> frozenset[RecipientId]:
    """Who holds an open lead, or has an offer of it to answer."""
    if life.closed is not None:
        return _NOBODY
    return recipients_named(life.held).union(
        *(recipients_named(offer.offered) for offer in _pending(life))
    )


def _answered(life: LeadLifecycle, decision: Decision) -> bool:
    """Whether the history shows what became of a decision: an offer to the chosen, or a close."""
    return life.closed is not None or any(
        _follows(event, decision) and decision.chosen in recipients_named(event)
        for event in life.events
    )


def _follows(event: Event, decision: Decision) -> bool:
    handed = isinstance(event, LeadOffered | LeadAccepted | LeadAssigned)
    return handed and event.occurred_at >= decision.as_of


def _owned(life: LeadLifecycle) -> tuple[str, tuple[datetime, str, RecipientId]] | None:
    if life.held is None or life.holder is None or (life.closed is not None and life.won is None):
        return None
    account = life.facts.account
    return (account, (life.held.occurred_at, life.lead_id, life.holder)) if account else None


def _protections(life: LeadLifecycle) -> tuple[Protection, ...]:
    """The registrations in force of an open lead, the one first on record first."""
    if life.registered is None or life.closed is not None:
        return ()
    as_of = life.moment.as_of
    claims = sorted(claims_on(life, as_of=as_of), key=lambda one: one.age_rank)
    return tuple(
        Protection(claim.partner_id, claim.event.event_id, claim.until)
        for claim in claims
        if claim.ended_by is None and claim.in_force(as_of)
    )


def _excluded(life: LeadLifecycle) -> frozenset[RecipientId]:
    refused = (o.offered for o in life.offers if o.status in {"declined", "expired"})
    returned = (event for event in life.events if isinstance(event, LeadReturned))
    return _NOBODY.union(*(recipients_named(event) for event in (*refused, *returned)))


def moved_state(life: LeadLifecycle | None, decision: Decision) -> LeadState:
    """What a lead means that went to somebody else than the history tells.

    It is taken to be accepted, and held until it closes; how it would have closed nobody knows.

    Args:
        life: The lead as of the moment; None where the history does not have it.
        decision: To whom it went.
    """
    chosen = decision.chosen
    names = _NOBODY if chosen is None else frozenset({chosen})
    if life is None:
        return LeadState(busy=names)
    known = lead_state(life, None)
    is_open, account = life.closed is None, life.facts.account
    owned = None
    if is_open and account and chosen is not None:
        owned = (account, (decision.as_of, life.lead_id, chosen))
    return LeadState(
        busy=names if is_open else _NOBODY,
        owned=owned,
        protections=known.protections,
        excluded=known.excluded,
    )
