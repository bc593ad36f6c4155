"""What a replay found: leads moved, load, fairness, and what it would be worth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from attrs import field, frozen

from partnerleads.model import Caution, FrozenMap, LeadId, RecipientId
from partnerleads.model.figure import counted
from partnerleads.routing.decision import Decision
from partnerleads.routing.fairness import Fairness
from partnerleads.routing.replaying.past_choice import PastChoice
from partnerleads.routing.replaying.policy_value import PolicyValue
from partnerleads.showing import Shown

__all__ = ["Load", "Replay", "Replayed"]


@frozen(kw_only=True)
class Replayed:
    """One choice on record, and the one that the policy makes in its place.

    Attributes:
        then: What was chosen.
        decision: What the policy chooses.
    """

    then: PastChoice
    decision: Decision

    @property
    def lead_id(self) -> LeadId:
        """The lead."""
        return self.then.lead_id

    @property
    def was(self) -> RecipientId | None:
        """Who got the lead; None nobody."""
        return self.then.chosen

    @property
    def now(self) -> RecipientId | None:
        """Who gets it under the policy; None nobody."""
        return self.decision.chosen

    @property
    def is_moved(self) -> bool:
        """Whether somebody else gets it, or nobody instead of somebody."""
        return self.was != self.now


@frozen(kw_only=True)
class Load:
    """How many leads a recipient is given.

    Attributes:
        then: Leads given to it by what was chosen. [count]
        now: Leads given to it by the policy. [count]
        highest: Most open leads that it has at a time under the policy, right after it was given
            one; 0 where it is given none. [count]
    """

    then: int
    now: int
    highest: int


def _counts(value: Mapping[str, int]) -> FrozenMap[str, int]:
    return FrozenMap(value)


@frozen(kw_only=True, repr=False)
class Replay(Shown):
    """A history under a policy, held against what happened.

    Attributes:
        router: Name of the router.
        policy: Fingerprint of rules, wishes and router.
        as_of: Up to when. [aware datetime]
        choices: Every choice that was made again, in order.
        not_replayed: Choices that were not made again, by reason. [counts]
        fairness_then: What everybody got of what was due, by what was chosen.
        fairness: The same by the policy.
        value: What the policy would have earned a lead, or why that cannot be told.
        warnings: What to beware of.
    """

    router: str
    policy: str
    as_of: datetime
    choices: tuple[Replayed, ...]
    not_replayed: FrozenMap[str, int] = field(converter=_counts)
    fairness_then: Fairness
    fairness: Fairness
    value: PolicyValue
    warnings: tuple[Caution, ...] = ()
    _titled = True
    _right = frozenset({1, 2, 3, 4})

    @property
    def n(self) -> int:
        """Choices that were made again. [count]"""
        return len(self.choices)

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """What the policy decided, in order."""
        return tuple(one.decision for one in self.choices)

    @property
    def moved(self) -> tuple[Replayed, ...]:
        """The choices by which a lead goes elsewhere; one a lead at most."""
        return tuple(one for one in self.choices if one.is_moved)

    @property
    def unroutable(self) -> tuple[Replayed, ...]:
        """The choices by which nobody gets the lead under the policy."""
        return tuple(one for one in self.choices if one.now is None)

    @property
    def load(self) -> dict[RecipientId, Load]:
        """How many leads everybody is given who is given any, by id."""
        then = Counter(one.was for one in self.choices)
        now = Counter(one.now for one in self.choices)
        highest: dict[RecipientId, int] = {}
        for decision in self.decisions:
            name = decision.chosen
            if name is not None:
                load = decision.situations[name].load + 1
                highest[name] = max(load, highest.get(name, 0))
        names = sorted(name for name in {*then, *now} if name is not None)
        return {
            name: Load(then=then[name], now=now[name], highest=highest.get(name, 0))
            for name in names
        }

    def to_dicts(self) -> list[dict[str, object]]:
        """The choices as flat rows, one each."""
        return [
            {
                "lead_id": one.lead_id,
                "at": one.then.at,
                "then": one.was,
                "now": one.now,
                "moved": one.is_moved,
                "chance_then": _chance(one.then.propensities, one.was),
                "chance_now": _chance(one.decision.propensities, one.was),
                "reasons": "; ".join(getattr(one.decision.outcome, "reasons", ())),
            }
            for one in self.choices
        ]

    def _head(self) -> str:
        moved = f"{len(self.moved)} moved"
        nobody = f", {len(self.unroutable)} to nobody" if self.unroutable else ""
        words = f"{counted(self.n, 'choice')} by {self.router} as of {self.as_of:%Y-%m-%d}"
        return f"replay of {words}: {moved}{nobody}"

    def _titles(self) -> tuple[str, ...]:
        return ("", "then", "now", "change", "highest load")

    def _rows(self) -> list[tuple[str, ...]]:
        return [
            (name, str(one.then), str(one.now), f"{one.now - one.then:+d}", str(one.highest))
            for name, one in self.load.items()
        ]

    def _facts(self) -> list[str]:
        far = [
            f"{when} {name} is farthest from its share by {float(one[name].deviation):+.2f}"
            for when, one in (("then", self.fairness_then), ("now", self.fairness))
            if (name := one.worst) is not None
        ]
        return far + [f"not replayed: {n} {why}" for why, n in self.not_replayed.items()]

    def _notes(self) -> list[str]:
        return [*map(str, self.warnings)]

    def __str__(self) -> str:
        return f"{super().__str__()}\n{self.value}"

    def _repr_html_(self) -> str:
        return f"{super()._repr_html_()}{self.value._repr_html_()}"


def _chance(chances: Mapping[RecipientId, float] | None, name: RecipientId | None) -> float | None:
    """The chance of somebody; None where the record does not say, or there is nobody."""
    return None if chances is None or name is None else chances.get(name, 0.0)
