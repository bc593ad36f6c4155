"""What was decided about one lead, and why: who got it, by how much, and from what."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from partnerleads.errors import OptionError
from partnerleads.events import LeadRouted
from partnerleads.model import FrozenMap, RecipientId
from partnerleads.routing.canonical import canonical_json, fingerprint
from partnerleads.routing.context import Outcome, RoutingContext
from partnerleads.routing.pool import Level, Pool
from partnerleads.routing.prospect import Prospect
from partnerleads.routing.protocol import Number, Ranked, Router
from partnerleads.routing.turns import NO_TURN, Turn

if TYPE_CHECKING:
    from partnerleads.routing.reasoning import Reasoning

__all__ = ["Decision", "Inputs", "Situation", "Unroutable"]


@frozen
class Unroutable:
    """Nobody could be given the lead.

    Attributes:
        reasons: Why: whom the rules leave over, one after the other, or that the router named none.
    """

    reasons: tuple[str, ...]


@frozen
class Situation:
    """What a router could know of an eligible recipient.

    Attributes:
        load: Its open leads and offers. [count]
        credit: What it had saved up of turns. [turns]
        last_turn: The turn at which it was last chosen; None never.
        wins: Its leads won. [count]
        losses: Its leads lost or disqualified. [count]
        scores: Its scores, by table.
    """

    load: int
    credit: Number
    last_turn: int | None
    wins: int
    losses: int
    scores: FrozenMap[str, float]


@frozen
class Inputs:
    """Everything a decision was made from, besides the lead; all of it is frozen."""

    pool: Pool
    router: Router
    context: RoutingContext


@frozen(kw_only=True)
class Decision:
    """What was decided about one lead.

    Attributes:
        lead: The lead.
        as_of: The moment. [aware datetime]
        turn: How many decisions were made before. [count]
        outcome: The place of the chosen one in the order, or why nobody was chosen.
        ranked: The places of the order that were read, the chosen one first.
        eligible: Everybody who could have been chosen, by id.
        propensities: Chance of each to be chosen; together 1. [0..1 each]
        levels: What each wish came to.
        relaxations: The wishes that gave way.
        conflicts: Who else claims the lead, in words.
        steered: Names of the rules by which somebody had a right to it.
        charge: The turn that it costs.
        router: Name of the router.
        seed: What chance was drawn from.
        policy: Fingerprint of rules, wishes and router.
        recipients: Fingerprint of the recipients.
    """

    lead: Prospect
    as_of: datetime
    turn: int
    outcome: Ranked | Unroutable
    ranked: tuple[Ranked, ...]
    eligible: tuple[RecipientId, ...]
    propensities: FrozenMap[RecipientId, float] = field(repr=False)
    levels: tuple[Level, ...]
    relaxations: tuple[str, ...]
    conflicts: tuple[str, ...]
    steered: tuple[str, ...]
    charge: Turn = field(default=NO_TURN, repr=False)
    router: str
    seed: int
    policy: str
    recipients: str
    inputs: Inputs | None = field(default=None, eq=False, repr=False)
    _situations: FrozenMap[RecipientId, Situation] | None = field(
        default=None, eq=False, repr=False, alias="situations"
    )

    @property
    def situations(self) -> FrozenMap[RecipientId, Situation]:
        """What the router could know of each of the eligible, by id; worked out when asked for."""
        if self._situations is None and self.inputs is not None:
            context = self.inputs.context
            found = FrozenMap({name: _situation(name, context) for name in self.eligible})
            object.__setattr__(self, "_situations", found)
        return self._situations or FrozenMap()

    @property
    def chosen(self) -> RecipientId | None:
        """Who got the lead; None where nobody could."""
        return self.outcome.recipient_id if isinstance(self.outcome, Ranked) else None

    @property
    def score(self) -> Number | None:
        """The score of the chosen one, the sum of its parts."""
        return self.outcome.score if isinstance(self.outcome, Ranked) else None

    @property
    def runner_up(self) -> RecipientId | None:
        """Who stands second; None where nobody does."""
        return self.ranked[1].recipient_id if len(self.ranked) > 1 else None

    @property
    def margin(self) -> Number | None:
        """The score of the chosen one less that of the runner-up; None without one."""
        if len(self.ranked) < 2:
            return None
        return self.ranked[0].score - self.ranked[1].score

    @property
    def tie_break(self) -> str | None:
        """What decided between equal scores; None where they differ or are not compared."""
        if self.margin != 0 or self.ranked[0].step != self.ranked[1].step:
            return None
        pairs = zip(self.ranked[0].ties, self.ranked[1].ties, strict=False)
        return next((one[0] for one, other in pairs if one != other), None)

    @property
    def decision_id(self) -> str:
        """Identity of the decision: the same for the same record."""
        return fingerprint(self.record())

    def record(self) -> str:
        """The decision as one line of JSON: the same bytes in every process."""
        return canonical_json(
            {
                **{name: getattr(self, name) for name in _RECORDED},
                "charged": self.charge.payer and self.charge.shares,
                "reasons": getattr(self.outcome, "reasons", ()),
            }
        )

    def event(self) -> LeadRouted:
        """The decision as the fact that the lead was routed."""
        identity = self.decision_id
        return LeadRouted(
            event_id=f"routed-{identity}",
            occurred_at=self.as_of,
            lead_id=self.lead.lead_id,
            decision_id=identity,
            eligible=self.eligible,  # type: ignore[arg-type] # a tuple is what it takes
            chosen=self.chosen,
            propensities=self.propensities,
            policy=self.policy,
        )

    def alone(self) -> Decision:
        """The same decision without the pool and the context that it was made from."""
        return evolve(self, inputs=None, situations=self.situations)

    def __str__(self) -> str:
        from partnerleads.routing.reasoning import short_text  # noqa: PLC0415 - it reads decisions

        return short_text(self)

    def explain(self) -> Reasoning:
        """Every recipient, with every rule, and what would have to change for it to be chosen.

        Raises:
            OptionError: When the decision was kept without its inputs.
        """
        from partnerleads.routing.reasoning import reasoning_of  # noqa: PLC0415 - it reads decisions

        if self.inputs is None:
            raise OptionError("inputs", None, "explain the decision that `route` returned")
        return reasoning_of(self, self.inputs)


def _situation(name: RecipientId, context: RoutingContext) -> Situation:
    outcome = context.outcomes.get(name, Outcome())
    tables = context.scores.items()
    return Situation(
        load=context.load.get(name, 0),
        credit=context.credits.get(name, Fraction(0)),
        last_turn=context.last_turns.get(name),
        wins=outcome.wins,
        losses=outcome.losses,
        scores=FrozenMap({table: known[name] for table, known in tables if name in known}),
    )


_RECORDED = (
    "as_of",
    "chosen",
    "conflicts",
    "eligible",
    "lead",
    "levels",
    "margin",
    "policy",
    "propensities",
    "ranked",
    "recipients",
    "relaxations",
    "router",
    "runner_up",
    "score",
    "seed",
    "situations",
    "steered",
    "tie_break",
    "turn",
)
