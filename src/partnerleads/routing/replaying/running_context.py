"""The context of one decision after the other, brought up to date lead by lead."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from heapq import heappop, heappush

from partnerleads.attribution import AttributionPolicy
from partnerleads.events import Event, EventRetracted
from partnerleads.lifecycle import LeadLifecycle, LiveFold
from partnerleads.model import FrozenMap, LeadId, RecipientId
from partnerleads.routing.context import Outcome, Protection, RoutingContext
from partnerleads.routing.decision import Decision
from partnerleads.routing.lead_state import (
    LeadState,
    claims_on,
    is_refunded,
    lead_state,
    moved_state,
)
from partnerleads.routing.turns import Turn

__all__ = ["RunningContext"]

_NOTHING = LeadState()


class RunningContext:
    """Follows a history, and the decisions made along it.

    At any moment :meth:`at` gives what :func:`~partnerleads.routing.routing_context` gives for the
    events taken and the decisions noted so far, at the cost of what changed since the last time.
    Moments must not run backwards.

    Args:
        policy: From when a registration counts.
        ends: Which ends of an offer refund its turn.
        seed: What chance is drawn from.
    """

    def __init__(self, policy: AttributionPolicy, ends: Sequence[str], seed: int) -> None:
        self._ends = tuple(ends)
        self._seed = seed
        self._fold = LiveFold(policy=policy)
        self._concerned = _Concerned()
        self._changed: set[LeadId] = set()
        self._wakes: list[tuple[datetime, LeadId]] = []
        self._states: dict[LeadId, LeadState] = {}
        self._sums = _Sums()
        self._turns = _Turns()
        self._moved: dict[LeadId, Decision] = {}
        self._decided: dict[LeadId, Decision] = {}

    def take(self, event: Event) -> None:
        """Take one event of the history."""
        self._fold.add(event)
        self._changed.update(self._concerned.by(event))

    def life(self, lead_id: LeadId, *, as_of: datetime) -> LeadLifecycle | None:
        """One lead as the events taken so far tell it."""
        return self._fold.lead(lead_id, as_of=as_of)

    def note(self, decision: Decision) -> None:
        """Note a decision that was made; it takes a turn."""
        lead_id = decision.lead.lead_id
        self._changed.add(lead_id)
        if decision.chosen is not None:
            self._decided[lead_id] = decision
        self._turns.add(decision)

    def move(self, decision: Decision) -> None:
        """Note that a lead goes elsewhere than the history tells."""
        self._changed.add(decision.lead.lead_id)
        self._moved[decision.lead.lead_id] = decision

    def at(
        self, moment: datetime, *, scores: Mapping[str, Mapping[RecipientId, float]]
    ) -> RoutingContext:
        """The context of a decision made at a moment.

        Args:
            moment: No earlier than the last one. [aware datetime]
            scores: Tables of scores by recipient, by name.
        """
        while self._wakes and self._wakes[0][0] <= moment:
            self._changed.add(heappop(self._wakes)[1])
        for lead_id in self._changed:
            self._bring_up(lead_id, moment)
        self._changed.clear()
        sums, turns = self._sums, self._turns
        return RoutingContext(
            as_of=moment,
            scores=scores,
            load=sums.load,
            credits=turns.credits,
            last_turns=turns.last,
            outcomes=sums.outcomes,
            protections=sums.protections,
            owners=sums.owners,
            excluded=sums.excluded,
            decided=self._decided,
            turn=turns.count,
            seed=self._seed,
        )

    def _bring_up(self, lead_id: LeadId, moment: datetime) -> None:
        life = self._fold.lead(lead_id, as_of=moment)
        moved = self._moved.get(lead_id)
        self._turns.settle(lead_id, life, moved, self._ends)
        state = (
            lead_state(life, self._decided.get(lead_id))
            if moved is None
            else moved_state(life, moved)
        )
        before = self._states.get(lead_id, _NOTHING)
        if state != before:
            self._states[lead_id] = state
            self._sums.exchange(lead_id, before, state)
        if life is not None and life.closed is None:
            self._wakes_of(life)

    def _wakes_of(self, life: LeadLifecycle) -> None:
        """Note when an open lead next means something else without any event."""
        times = [offer.offered.expires_at for offer in life.offers if offer.status == "pending"]
        if life.registered is not None:
            for claim in claims_on(life, as_of=_end(life.moment.as_of)):
                times += (claim.counts_at, claim.until)
        coming = [time for time in times if time is not None and time > life.moment.as_of]
        if coming:
            heappush(self._wakes, (min(coming), life.lead_id))


def _end(moment: datetime) -> datetime:
    return datetime.max.replace(tzinfo=moment.tzinfo)


class _Concerned:
    """Which leads an event is about: its own, that of the event it retracts or revises."""

    def __init__(self) -> None:
        self._leads: dict[tuple[str, str], set[LeadId]] = defaultdict(set)
        self._retracts: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)

    def by(self, event: Event) -> set[LeadId]:
        key = (event.source, event.event_id)
        lead_id = getattr(event, "lead_id", None)
        if lead_id is not None:
            self._leads[key].add(lead_id)
        if isinstance(event, EventRetracted):
            self._retracts[key].add((event.source, event.retracts))
        keys = {key, *self._retracts.get(key, ())}
        return {name for one in keys for name in self._leads.get(one, ())}


class _Sums:
    """What the states of all leads come to."""

    def __init__(self) -> None:
        self.load: Counter[RecipientId] = Counter()
        self.outcomes: dict[RecipientId, Outcome] = {}
        self.owners: dict[str, RecipientId] = {}
        self.protections: dict[LeadId, tuple[Protection, ...]] = {}
        self.excluded: dict[LeadId, frozenset[RecipientId]] = {}
        self._held: dict[str, set[tuple[datetime, LeadId, RecipientId]]] = defaultdict(set)

    def exchange(self, lead_id: LeadId, before: LeadState, after: LeadState) -> None:
        """Put the new state of a lead in the place of its old one."""
        for state, times in ((before, -1), (after, 1)):
            for name in state.busy:
                _add(self.load, name, times)
            for name in state.workers:
                self._work(name, times, won=bool(state.won))
            if state.owned is not None:
                self._own(*state.owned, held=times > 0)
        _put(self.protections, lead_id, after.protections)
        _put(self.excluded, lead_id, after.excluded)

    def _work(self, name: RecipientId, times: int, *, won: bool) -> None:
        known = self.outcomes.get(name, Outcome())
        wins = known.wins + times * won
        after = Outcome(wins, known.decided + times - wins)
        _put(self.outcomes, name, after if after.decided else None)

    def _own(
        self, account: str, holding: tuple[datetime, LeadId, RecipientId], *, held: bool
    ) -> None:
        holdings = self._held[account]
        (holdings.add if held else holdings.discard)(holding)
        _put(self.owners, account, max(holdings)[2] if holdings else None)


class _Turns:
    """The turns that were taken, and what they left everybody with."""

    def __init__(self) -> None:
        self.credits: Mapping[RecipientId, Fraction] = {}
        self.last: dict[RecipientId, int] = {}
        self.count = 0
        self._earning: Counter[RecipientId] = Counter()
        self._made: dict[LeadId, dict[int, tuple[Decision, bool]]] = defaultdict(dict)

    def add(self, decision: Decision) -> None:
        """Take one turn."""
        self._made[decision.lead.lead_id][decision.turn] = (decision, True)
        self._charge(decision.charge, 1)
        if decision.chosen is not None:
            self.last[decision.chosen] = decision.turn
        self.count = decision.turn + 1

    def settle(
        self,
        lead_id: LeadId,
        life: LeadLifecycle | None,
        moved: Decision | None,
        ends: Sequence[str],
    ) -> None:
        """Refund the turns of a lead that the history says are to be refunded, and no others."""
        for turn, (decision, paid) in self._made.get(lead_id, {}).items():
            owes = decision is moved or not is_refunded(decision, life, ends)
            if owes != paid:
                self._made[lead_id][turn] = (decision, owes)
                self._charge(decision.charge, 1 if owes else -1)

    def _charge(self, charge: Turn, times: int) -> None:
        if charge.payer is None:
            return
        self.credits = charge.added_to(self.credits, times=times)
        for name, _ in charge.weights:
            self._earning[name] += times
        if times < 0:
            kept = self.credits.items()
            self.credits = FrozenMap({name: one for name, one in kept if self._earning[name]})


def _add(counts: Counter[RecipientId], name: RecipientId, times: int) -> None:
    counts[name] += times
    if not counts[name]:
        del counts[name]


def _put(items: dict, name: str, value: object) -> None:  # type: ignore[type-arg]
    """Keep a value under a name, or nothing where there is none."""
    if value:
        items[name] = value
    else:
        items.pop(name, None)
