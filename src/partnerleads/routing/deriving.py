"""The context of a decision, derived from a history, the decisions so far, and scores."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from fractions import Fraction

from partnerleads.attribution import claims_of
from partnerleads.errors import AsOfError
from partnerleads.events import Event, LeadAccepted, LeadAssigned, LeadOffered, LeadReturned
from partnerleads.lifecycle import LeadLifecycle, Lifecycles, fold
from partnerleads.model import LeadId, RecipientId, instant
from partnerleads.routing.context import Outcome, Protection, RoutingContext
from partnerleads.routing.decision import Decision
from partnerleads.routing.turns import NO_TURN

__all__ = ["REFUNDED", "routing_context"]

REFUNDED = ("declined", "expired", "withdrawn")
"""What becomes of an offer that its recipient need not pay a turn for."""


def routing_context(
    history: Iterable[Event] | Lifecycles,
    *,
    as_of: datetime | None = None,
    decisions: Iterable[Decision] = (),
    scores: Mapping[str, Mapping[RecipientId, float]] | None = None,
    seed: int = 0,
    refunded: Iterable[str] = REFUNDED,
) -> RoutingContext:
    """Everything that varies, as of a moment: a pure function of what happened and was decided.

    - Load: open leads that a recipient holds, offers without an answer that have not lapsed, and
      leads decided for it that no offer or assignment to it followed yet. A lead counts once.
    - Credits: a sum over the turns of the decisions; a turn is refunded when the offer to the
      chosen one was declined, expired or withdrawn.
    - Outcomes: leads closed, for whoever held them last, and for the partner that the close names.
    - Owners: who holds a lead of the account that is open or won; of several the one with the last
      acceptance or assignment.
    - Excluded: who declined a lead, let its offer expire, or gave it back.

    Where an event names a partner and a person, both count.

    Args:
        history: Events, or the lifecycles made of them.
        as_of: The moment; lifecycles know theirs. [aware datetime]
        decisions: Earlier decisions, in any order; those made later than the moment do not exist.
        scores: Tables of scores by recipient, by name.
        seed: What chance is drawn from.
        refunded: Which ends of an offer refund its turn.

    Raises:
        AsOfError: When *as_of* is missing with events, or differs from the lifecycles' own.
    """
    lives = _folded(history, as_of)
    made = [one for one in decisions if one.as_of <= lives.as_of]
    made.sort(key=lambda one: (one.turn, one.as_of, one.lead.lead_id, one.record()))
    standing = {one.lead.lead_id: one for one in made if one.chosen is not None}
    return RoutingContext(
        as_of=lives.as_of,
        scores=scores or {},
        load=_load(lives, standing),
        credits=_credits(made, lives, tuple(refunded)),
        last_turns={one.chosen: one.turn for one in made if one.chosen is not None},
        outcomes=_outcomes(lives),
        protections=_protections(lives),
        owners=_owners(lives),
        excluded=_excluded(lives),
        decided={lead_id: one.alone() for lead_id, one in standing.items()},
        turn=max((one.turn + 1 for one in made), default=0),
        seed=seed,
    )


def _folded(history: Iterable[Event] | Lifecycles, as_of: datetime | None) -> Lifecycles:
    if isinstance(history, Lifecycles):
        if as_of is not None and instant(as_of, "as_of") != history.as_of:
            raise AsOfError(as_of.isoformat(), history.as_of.isoformat())
        return history
    if as_of is None:
        raise AsOfError("", "")
    return fold(history, as_of=as_of)


def _named(event: object) -> frozenset[RecipientId]:
    """The recipients that an event names: the partner, and the person."""
    names = (getattr(event, "partner_id", None), getattr(event, "agent_id", None))
    return frozenset(name for name in names if name is not None)


def _load(lives: Lifecycles, standing: Mapping[LeadId, Decision]) -> Counter[RecipientId]:
    load: Counter[RecipientId] = Counter()
    for lead_id in {*lives, *standing}:
        life = lives.get(lead_id)
        busy = set() if life is None else _busy(life)
        decision = standing.get(lead_id)
        if decision is not None and (life is None or not _answered(life, decision)):
            busy.add(str(decision.chosen))
        load.update(busy)
    return load


def _busy(life: LeadLifecycle) -> set[RecipientId]:
    """Who holds an open lead, or has an offer of it to answer."""
    if life.closed is not None:
        return set()
    now = life.moment.as_of
    pending = (
        offer.offered
        for offer in life.offers
        if offer.status == "pending"
        and (offer.offered.expires_at is None or now < offer.offered.expires_at)
    )
    return {name for event in (life.held, *pending) for name in _named(event)}


def _answered(life: LeadLifecycle, decision: Decision) -> bool:
    """Whether the history shows what became of a decision: an offer to the chosen, or a close."""
    return life.closed is not None or any(
        isinstance(event, LeadOffered | LeadAccepted | LeadAssigned)
        and event.occurred_at >= decision.as_of
        and decision.chosen in _named(event)
        for event in life.events
    )


def _outcomes(lives: Lifecycles) -> dict[RecipientId, Outcome]:
    wins: Counter[RecipientId] = Counter()
    losses: Counter[RecipientId] = Counter()
    for life in lives.population:
        if life.closed is not None:
            workers = {*_named(life.held), *_named(life.closed)}
            (losses if life.won is None else wins).update(workers)
    return {name: Outcome(wins[name], losses[name]) for name in {*wins, *losses}}


def _protections(lives: Lifecycles) -> dict[LeadId, tuple[Protection, ...]]:
    found = {}
    for lead_id, life in lives.items():
        if life.registered is not None and life.closed is None:
            in_force = tuple(_in_force(life))
            if in_force:
                found[lead_id] = in_force
    return found


def _in_force(life: LeadLifecycle) -> Iterator[Protection]:
    """The registrations in force, the one first on record first."""
    as_of = life.moment.as_of
    claims = claims_of(life.events, captured=None, policy=life.moment.policy, as_of=as_of)
    claims.sort(key=lambda one: one.age_rank)
    for claim in claims:
        if claim.ended_by is None and claim.in_force(as_of):
            yield Protection(claim.partner_id, claim.event.event_id, claim.until)


def _owners(lives: Lifecycles) -> dict[str, RecipientId]:
    held: dict[str, list[tuple[datetime, LeadId, RecipientId]]] = defaultdict(list)
    for life in lives.population:
        account, lost = life.facts.account, life.closed is not None and life.won is None
        if account and life.held is not None and life.holder is not None and not lost:
            held[account].append((life.held.occurred_at, life.lead_id, life.holder))
    return {account: max(known)[2] for account, known in held.items()}


def _excluded(lives: Lifecycles) -> dict[LeadId, frozenset[RecipientId]]:
    found = {}
    for lead_id, life in lives.items():
        refused = (o.offered for o in life.offers if o.status in {"declined", "expired"})
        returned = (event for event in life.events if isinstance(event, LeadReturned))
        names = frozenset(name for event in (*refused, *returned) for name in _named(event))
        if names:
            found[lead_id] = names
    return found


def _credits(
    made: Sequence[Decision], lives: Lifecycles, ends: tuple[str, ...]
) -> Mapping[RecipientId, Fraction]:
    saved: Mapping[RecipientId, Fraction] = {}
    for decision in made:
        if decision.charge != NO_TURN and not _refunded(decision, lives, ends):
            saved = decision.charge.added_to(saved)
    return saved


def _refunded(decision: Decision, lives: Lifecycles, ends: tuple[str, ...]) -> bool:
    """Whether the first offer that followed a decision came to an end that refunds the turn."""
    life = lives.get(decision.lead.lead_id)
    offers = () if life is None else life.offers
    followed = (
        offer
        for offer in offers
        if offer.offered.occurred_at >= decision.as_of and decision.chosen in _named(offer.offered)
    )
    first = next(followed, None)
    return first is not None and first.status in ends
