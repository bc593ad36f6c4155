"""A history under another policy: who would have got which lead, and what that would be worth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from attrs import evolve

from partnerleads.errors import OptionError
from partnerleads.events import Event, LeadRouted, PartnerOnboarded
from partnerleads.events.given import given_events
from partnerleads.events.naming import recipients_named
from partnerleads.lifecycle import LeadLifecycle, Lifecycles
from partnerleads.model import Caution, LeadId, RecipientId
from partnerleads.model.options import check_flags
from partnerleads.routing.arguments import check_pool
from partnerleads.routing.deriving import REFUNDED, folded
from partnerleads.routing.fairness import fairness
from partnerleads.routing.pool import Pool
from partnerleads.routing.prospect import Prospect, prospect_of
from partnerleads.routing.protocol import Router, checked_router
from partnerleads.routing.replaying.off_policy import policy_value
from partnerleads.routing.replaying.past_choice import OnRecord, PastChoice, past_choices
from partnerleads.routing.replaying.result import Replay, Replayed
from partnerleads.routing.replaying.running_context import RunningContext
from partnerleads.routing.replaying.telling import told_again
from partnerleads.routing.route import route

__all__ = ["replay", "won_or_not"]

Scores: TypeAlias = Mapping[str, Mapping[RecipientId, float]]
ScoresThen: TypeAlias = Scores | Callable[[datetime], Scores] | None


def won_or_not(life: LeadLifecycle) -> float | None:
    """1 for a lead that was won, 0 for one that was lost or disqualified, None for an open one.

    Args:
        life: The lead.
    """
    if life.closed is None:
        return None
    return 0.0 if life.won is None else 1.0


def replay(
    history: Iterable[Event] | Lifecycles,
    *,
    pool: Pool,
    router: Router,
    as_of: datetime | None = None,
    decisions: Iterable[OnRecord] | None = None,
    scores: ScoresThen = None,
    seed: int = 0,
    refunded: Iterable[str] = REFUNDED,
    known_then: bool = True,
    reward: Callable[[LeadLifecycle], float | None] = won_or_not,
    expected: Mapping[LeadId, Mapping[RecipientId, float]] | None = None,
    as_if_random: bool = False,
    minimum_effective_n: float = 30,
    confidence: float = 0.95,
) -> Replay:
    """Replay the choices of a history under a policy, and hold them against what happened.

    The choices are made again one after the other, each from what was known at its moment: loads,
    outcomes, claims and refusals from the history, turns from the choices made again so far. A
    lead that goes where it went has the life that it had. One that goes elsewhere is *moved*:
    it is taken to be accepted and held until the lead closes, its outcome counts for nobody, and
    what the record chose for it later is not replayed. Turns start from nothing.

    The policy that made the decisions makes them again, byte for byte, if it is given what it was
    given then: pool, router, scores, seed and the decisions themselves, from the first on.

    Args:
        history: Events, or the lifecycles made of them; these keep one version of each event.
        pool: The recipients with rules and wishes, as they are taken to have been all along.
        router: Whom the policy would choose.
        as_of: Up to when; lifecycles know theirs. [aware datetime]
        decisions: What was decided. None takes the ``lead_routed`` events of the history, of which
            those of one instant have no order of their own.
        scores: Tables of scores by recipient, by name; or a function of the moment that gives
            them, so that no score knows what came later.
        seed: What chance is drawn from.
        refunded: Which ends of an offer refund its turn.
        known_then: Whether an event is known from when it was recorded; else from when it occurred,
            as for histories that were loaded at once.
        reward: What a lead came to, as of the end; None leaves it out of the estimates.
        expected: The reward that a model expects, by lead and recipient, for the estimates.
        as_if_random: Whether choices that left nothing to chance are taken as drawn by weight.
        minimum_effective_n: The effective size below which the value is not told. [> 0]
        confidence: Chance that an interval holds the true value. [0..1, exclusive]

    Raises:
        AsOfError: When *as_of* is missing with events, or differs from the lifecycles' own.
        OptionError: When there is no choice to replay, or an option makes no sense.
        RouterError: When the router gives an answer that is none.
    """
    check_pool(pool)
    checked_router(router)
    check_flags(known_then=known_then, as_if_random=as_if_random)
    facts = None if isinstance(history, Lifecycles) else given_events(history)
    lives = folded(history if facts is None else facts, as_of)
    weights = {one.recipient_id: one.weight for one in pool.recipients}
    records = _routed(lives) if decisions is None else decisions
    choices = [one for one in past_choices(records, weights=weights) if one.at <= lives.as_of]
    if not choices:
        reason = "no choice to replay; pass decisions, or a history with `lead_routed` events"
        raise OptionError("decisions", decisions, reason)
    again = _Again(pool, router, scores, RunningContext(lives.policy, tuple(refunded), seed))
    story = facts or tuple(event for life in lives.in_order for event in life.events)
    for item in told_again(story, choices, known_then=known_then):
        again.take(item)
    made = tuple(again.made)
    then = [one.then for one in made]
    target: dict[LeadId, Mapping[RecipientId, float]] = {}
    for one in made:
        target.setdefault(one.lead_id, one.decision.propensities)
    newcomers = _newcomers(lives, choices[0].at)
    return Replay(
        router=type(router).__name__,
        policy=pool.policy_fingerprint(router),
        as_of=lives.as_of,
        choices=made,
        not_replayed=again.skipped,
        fairness_then=fairness(then, newcomers=newcomers),
        fairness=fairness((one.decision for one in made), newcomers=newcomers),
        value=policy_value(
            then,
            target=target,
            rewards=_rewards(lives, target, reward),
            expected=expected,
            weights=weights,
            as_if_random=as_if_random,
            minimum_effective_n=minimum_effective_n,
            confidence=confidence,
        ),
        warnings=tuple(_cautions(choices, pool)),
    )


class _Again:
    """Makes the choices of a story again, one after the other."""

    def __init__(
        self, pool: Pool, router: Router, scores: ScoresThen, running: RunningContext
    ) -> None:
        self._pool = pool
        self._router = router
        self._scores = scores
        self._running = running
        self._moved: set[LeadId] = set()
        self.made: list[Replayed] = []
        self.skipped: Counter[str] = Counter()

    def take(self, item: Event | PastChoice) -> None:
        """Take what was told next."""
        if not isinstance(item, PastChoice):
            self._running.take(item)
        elif item.lead_id in self._moved:
            self.skipped["of a lead that went elsewhere before"] += 1
        elif isinstance(lead := self._prospect(item), str):
            self.skipped[lead] += 1
        else:
            self._choose(item, lead)

    def _prospect(self, choice: PastChoice) -> Prospect | str:
        """The lead as it was known, or why there was none to route."""
        if choice.lead is not None:
            return choice.lead
        life = self._running.life(choice.lead_id, as_of=choice.at)
        if life is None:
            return "of a lead that was not on record yet"
        return "of a closed lead" if life.closed is not None else prospect_of(life)

    def _asked(self, choice: PastChoice) -> frozenset[RecipientId]:
        """Everybody of the houses that had an offer of the lead, where none of them had another.

        Offers one after the other ask nobody twice. Where the record has somebody eligible that was
        asked before, leads were given otherwise, and who was asked may be asked again.
        """
        life = self._running.life(choice.lead_id, as_of=choice.at)
        offers = () if life is None else life.offers
        names = frozenset().union(*(recipients_named(offer.offered) for offer in offers))
        asked = self._pool.houses(names)
        return asked if asked.isdisjoint(choice.eligible) else frozenset()

    def _choose(self, choice: PastChoice, lead: Prospect) -> None:
        scores = self._scores(choice.at) if callable(self._scores) else self._scores
        context = self._running.at(choice.at, scores=scores or {})
        if asked := self._asked(choice):
            known = context.excluded.get(choice.lead_id, frozenset())
            excluded = {**context.excluded, choice.lead_id: known | asked}
            context = evolve(context, excluded=excluded)
        decision = route(lead, pool=self._pool, router=self._router, context=context)
        if decision is not context.decided.get(choice.lead_id):
            decision = decision.alone()
            self._running.note(decision)
        if decision.chosen != choice.chosen:
            self._moved.add(choice.lead_id)
            self._running.move(decision)
        self.made.append(Replayed(then=choice, decision=decision))


def _routed(lives: Lifecycles) -> Iterator[LeadRouted]:
    """The events that tell whom a lead was given to."""
    for life in lives.in_order:
        yield from (event for event in life.events if isinstance(event, LeadRouted))


def _rewards(
    lives: Lifecycles,
    lead_ids: Iterable[LeadId],
    reward: Callable[[LeadLifecycle], float | None],
) -> dict[LeadId, float]:
    known = {name: reward(lives[name]) for name in lead_ids if name in lives}
    return {name: value for name, value in known.items() if value is not None}


def _newcomers(lives: Lifecycles, start: datetime) -> frozenset[RecipientId]:
    """The partners that joined after a moment."""
    return frozenset(
        name
        for name, events in lives.partner_events.items()
        if any(isinstance(one, PartnerOnboarded) and one.occurred_at > start for one in events)
    )


def _cautions(choices: Sequence[PastChoice], pool: Pool) -> Iterator[Caution]:
    missing = {one.chosen for one in choices if one.chosen is not None} - {*pool.by_id}
    if missing:
        names = ", ".join(sorted(missing)[:3])
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        yield Caution("not in the pool", f"the pool does not have {names}{more}, who got leads")
