"""The context of a decision, derived from a history, the decisions so far, and scores."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction

from partnerleads.errors import AsOfError
from partnerleads.events import Event
from partnerleads.events.given import given_events
from partnerleads.lifecycle import Lifecycles, fold
from partnerleads.model import RecipientId, instant
from partnerleads.routing.context import Outcome, RoutingContext
from partnerleads.routing.decision import Decision
from partnerleads.routing.lead_state import LeadState, is_refunded, lead_state
from partnerleads.routing.turns import NO_TURN

__all__ = ["REFUNDED", "folded", "routing_context"]

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
        decisions: Earlier decisions, in any order, each counted once; those made later than the
            moment do not exist.
        scores: Tables of scores by recipient, by name.
        seed: What chance is drawn from.
        refunded: Which ends of an offer refund its turn.

    Raises:
        AsOfError: When *as_of* is missing with events, or differs from the lifecycles' own.
        OptionError: When the history is neither events nor lifecycles.
    """
    lives = folded(history, as_of)
    made = _in_order(one for one in decisions if one.as_of <= lives.as_of)
    standing = {one.lead.lead_id: one for one in made if one.chosen is not None}
    states = {
        lead_id: lead_state(lives.get(lead_id), standing.get(lead_id))
        for lead_id in sorted({*lives, *standing})
    }
    return RoutingContext(
        as_of=lives.as_of,
        scores=scores or {},
        load=Counter(name for state in states.values() for name in state.busy),
        credits=_credits(made, lives, tuple(refunded)),
        last_turns={one.chosen: one.turn for one in made if one.chosen is not None},
        outcomes=_outcomes(states.values()),
        protections={name: one.protections for name, one in states.items() if one.protections},
        owners=_owners(states.values()),
        excluded={name: one.excluded for name, one in states.items() if one.excluded},
        decided={lead_id: one.alone() for lead_id, one in standing.items()},
        lapses={name: one.lapses for name, one in states.items() if one.lapses},
        turn=max((one.turn + 1 for one in made), default=0),
        seed=seed,
    )


def _in_order(decisions: Iterable[Decision]) -> list[Decision]:
    """Decisions as they were made, each once; a lead that is routed again returns the same one."""
    made = {(one.turn, one.as_of, one.lead.lead_id, one.record()): one for one in decisions}
    return [made[key] for key in sorted(made)]


def folded(history: Iterable[Event] | Lifecycles, as_of: datetime | None) -> Lifecycles:
    """The lifecycles of a history, or those it already is.

    Args:
        history: Events, or the lifecycles made of them.
        as_of: The moment; lifecycles know theirs. [aware datetime]

    Raises:
        AsOfError: When *as_of* is missing with events, or differs from the lifecycles' own.
        OptionError: When the history is neither events nor lifecycles.
    """
    if isinstance(history, Lifecycles):
        if as_of is not None and instant(as_of, "as_of") != history.as_of:
            raise AsOfError(as_of.isoformat(), history.as_of.isoformat())
        return history
    events = given_events(history)
    if as_of is None:
        raise AsOfError("", "")
    return fold(events, as_of=as_of)


def _outcomes(states: Iterable[LeadState]) -> dict[RecipientId, Outcome]:
    wins: Counter[RecipientId] = Counter()
    losses: Counter[RecipientId] = Counter()
    for state in states:
        (wins if state.won else losses).update(state.workers)
    return {name: Outcome(wins[name], losses[name]) for name in {*wins, *losses}}


def _owners(states: Iterable[LeadState]) -> dict[str, RecipientId]:
    held = sorted(state.owned for state in states if state.owned is not None)
    return {account: holder for account, (_, _, holder) in held}


def _credits(
    made: Sequence[Decision], lives: Lifecycles, ends: tuple[str, ...]
) -> Mapping[RecipientId, Fraction]:
    saved: Mapping[RecipientId, Fraction] = {}
    for decision in made:
        paid = not is_refunded(decision, lives.get(decision.lead.lead_id), ends)
        if decision.charge != NO_TURN and paid:
            saved = decision.charge.added_to(saved)
    return saved
