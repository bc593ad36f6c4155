"""Everything that varies between two decisions: loads, turns, outcomes, scores, claims, a seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from fractions import Fraction
from math import isfinite
from numbers import Rational
from random import Random
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from partnerleads.errors import OptionError
from partnerleads.model import FrozenMap, LeadId, PartnerId, RecipientId, instant
from partnerleads.model.options import counted_from, is_count

if TYPE_CHECKING:
    from partnerleads.routing.decision import Decision

__all__ = ["Outcome", "Protection", "RoutingContext"]


def _count(_: object, attribute: Any, value: int) -> None:
    if not is_count(value):
        raise OptionError(attribute.name, value, "must be a whole number of leads, at least 0")


@frozen
class Outcome:
    """What became of the leads of a recipient that were decided.

    Attributes:
        wins: Leads won. [count, >= 0]
        losses: Leads lost or disqualified. [count, >= 0]

    Raises:
        OptionError: When one is no count.
    """

    wins: int = field(default=0, validator=_count)
    losses: int = field(default=0, validator=_count)

    @property
    def decided(self) -> int:
        """Wins and losses. [count]"""
        return self.wins + self.losses


def _until(value: datetime | None) -> datetime | None:
    return None if value is None else instant(value, "until")


@frozen
class Protection:
    """A registration in force.

    Attributes:
        partner_id: Who registered the deal.
        event_id: The registration.
        until: End of the protection, excluded; None has no end. [aware datetime]

    Raises:
        NaiveInstantError: When the end has no zone.
    """

    partner_id: PartnerId
    event_id: str
    until: datetime | None = field(default=None, converter=_until)


def _moment(value: datetime) -> datetime:
    return instant(value, "as_of")


def _frozen(value: Mapping[Any, Any]) -> FrozenMap[Any, Any]:
    return value if isinstance(value, FrozenMap) else FrozenMap(value or {})


def _loads(value: Mapping[Any, Any]) -> FrozenMap[Any, Any]:
    return _checked("load", value, is_count, "must be whole numbers of leads, at least 0")


def _credits(value: Mapping[Any, Any]) -> FrozenMap[Any, Any]:
    return _checked("credits", value, _is_finite, "must be finite numbers, such as Fraction(1, 2)")


def _turns(value: Mapping[Any, Any]) -> FrozenMap[Any, Any]:
    return _checked("last_turns", value, is_count, "must be whole numbers of turns, at least 0")


def _checked(
    name: str, value: Mapping[Any, Any], fits: Callable[[Any], bool], reason: str
) -> FrozenMap[Any, Any]:
    """What fits, by recipient or lead; that of a context before is frozen, and was checked then."""
    if isinstance(value, FrozenMap):
        return value
    found = _frozen(value)
    wrong = {key: one for key, one in found.items() if not fits(one)}
    if wrong:
        raise OptionError(name, wrong, reason)
    return found


def _outcomes(value: Mapping[Any, Any]) -> FrozenMap[Any, Any]:
    reason = "must be outcomes, such as Outcome(wins=3, losses=1)"
    return _checked("outcomes", value, lambda one: isinstance(one, Outcome), reason)


def _owners(value: Mapping[Any, Any]) -> FrozenMap[Any, Any]:
    reason = "must be the id of one recipient for each account, such as {'Initech': 'acme'}"
    return _checked("owners", value, lambda one: isinstance(one, str), reason)


def _exclusions(value: Mapping[Any, Any]) -> FrozenMap[Any, Any]:
    reason = "must be sets of names, such as frozenset({'acme'})"
    return _checked("excluded", value, lambda one: not isinstance(one, str), reason)


def _is_finite(value: Any) -> bool:
    return isinstance(value, Rational) or (isinstance(value, float) and isfinite(value))


def _tables(value: Mapping[str, Mapping[str, float]]) -> FrozenMap[str, FrozenMap[str, float]]:
    return FrozenMap({name: _table(name, table) for name, table in value.items()})


def _table(name: str, value: object) -> FrozenMap[str, float]:
    if not isinstance(value, Mapping):
        reason = "give each table a name, such as scores={'plv': {'acme': 30.0}}"
        raise OptionError("scores", {name: value}, reason)
    if not _are_finite(value.values()):
        wrong = {key: one for key, one in value.items() if not _are_finite((one,))}
        reason = "must be finite numbers; leave out those that have no score"
        raise OptionError("scores", {name: wrong}, reason)
    return _frozen(value)


def _are_finite(values: Iterable[Any]) -> bool:
    try:
        return all(map(isfinite, values))
    except (TypeError, OverflowError):
        return False


_NOTHING: FrozenMap[Any, Any] = FrozenMap()


@frozen(kw_only=True)
class RoutingContext:
    """What a decision is made from, besides the lead, the pool and the router.

    Attributes:
        as_of: The moment. [aware datetime]
        scores: Tables of scores by recipient, by name: ``plv``, ``close_rate``. They come as data,
            and are finite numbers.
        load: Open leads and offers of each recipient. [counts]
        credits: What each has saved up of turns, exact; together 0. A newcomer has none. [turns]
        last_turns: The number of the turn at which each was last chosen.
        outcomes: What became of the decided leads of each.
        protections: Registrations in force of each lead, the one that counts first.
        owners: Who owns an account.
        excluded: Who has turned down a lead.
        decided: The decisions that stand, by lead.
        lapses: Until when the open offers of each lead count in the load of whom. A decision at
            the context's own moment does not depend on it, so equal contexts may differ in it.
        turn: How many decisions were made before. [count]
        seed: What chance is drawn from.

    Raises:
        OptionError: When a load or turn is no count, a score or credit is no finite number, an
            outcome is none, an owner is no id, or those excluded are one text.
    """

    as_of: datetime = field(converter=_moment)
    scores: FrozenMap[str, FrozenMap[RecipientId, float]] = field(
        default=_NOTHING, converter=_tables
    )
    load: FrozenMap[RecipientId, int] = field(default=_NOTHING, converter=_loads)
    credits: FrozenMap[RecipientId, Fraction] = field(default=_NOTHING, converter=_credits)
    last_turns: FrozenMap[RecipientId, int] = field(default=_NOTHING, converter=_turns)
    outcomes: FrozenMap[RecipientId, Outcome] = field(default=_NOTHING, converter=_outcomes)
    protections: FrozenMap[LeadId, tuple[Protection, ...]] = field(
        default=_NOTHING, converter=_frozen
    )
    owners: FrozenMap[str, RecipientId] = field(default=_NOTHING, converter=_owners)
    excluded: FrozenMap[LeadId, frozenset[RecipientId]] = field(
        default=_NOTHING, converter=_exclusions
    )
    decided: FrozenMap[LeadId, Decision] = field(default=_NOTHING, converter=_frozen, repr=False)
    lapses: FrozenMap[LeadId, FrozenMap[RecipientId, datetime]] = field(
        default=_NOTHING, converter=_frozen, eq=False, repr=False
    )
    turn: int = field(default=0, validator=counted_from(0))
    seed: int = 0

    def score(self, table: str, recipient_id: RecipientId, *, missing: float = 0.0) -> float:
        """A recipient's score in a table; *missing* where the table does not have it.

        Raises:
            OptionError: When there is no such table.
        """
        return self.table(table).get(recipient_id, missing)

    def table(self, name: str) -> FrozenMap[RecipientId, float]:
        """A table of scores, by recipient; whom it does not name has no score.

        Raises:
            OptionError: When there is no such table.
        """
        found = self.scores.get(name)
        if found is None:
            known = ", ".join(map(repr, sorted(self.scores)))
            there = known or f"none; pass it as scores={{{name!r}: {{'acme': 30.0}}}}"
            reason = f"is no table of scores in the context; there are: {there}"
            raise OptionError("table", name, reason)
        return found

    def chance(self, lead_id: LeadId) -> Random:
        """The source of chance of one decision, fixed by the seed, the lead and the turn."""
        return Random(f"{self.seed}/{self.turn}/{lead_id}")

    def later(self, moment: datetime) -> RoutingContext:
        """The context at a later moment if nothing happens before: offers lapse by then.

        Args:
            moment: No earlier than the context's own. [aware datetime]
        """
        ends = [(name, end) for one in self.lapses.values() for name, end in one.items()]
        gone = Counter(name for name, end in ends if end <= moment)
        if not gone:
            return evolve(self, as_of=moment)
        left = {name: self.load.get(name, 0) - count for name, count in gone.items()}
        load = {name: count for name, count in {**self.load, **left}.items() if count > 0}
        standing = {
            lead_id: FrozenMap({name: end for name, end in one.items() if end > moment})
            for lead_id, one in self.lapses.items()
        }
        lapses = {lead_id: one for lead_id, one in standing.items() if one}
        return evolve(self, as_of=moment, load=FrozenMap(load), lapses=lapses)

    def after(self, decision: Decision) -> RoutingContext:
        """The context of the next decision: the lead is decided, its recipient one lead fuller.

        Args:
            decision: What was decided last; one that was already on record changes nothing.
        """
        lead_id = decision.lead.lead_id
        if self.decided.get(lead_id) == decision:
            return self
        following = self.charged(decision)
        if decision.chosen is None:
            return following
        return evolve(following, decided={**self.decided, lead_id: decision.alone()})

    def charged(self, decision: Decision) -> RoutingContext:
        """The context of the next decision, but that the lead is not on record as decided.

        It costs no more after many decisions than after a few, for whoever keeps them elsewhere.

        Args:
            decision: What was decided last, not on record before.
        """
        chosen = decision.chosen
        if chosen is None:
            return evolve(self, turn=self.turn + 1)
        return evolve(
            self,
            load=FrozenMap({**self.load, chosen: self.load.get(chosen, 0) + 1}),
            credits=decision.charge.added_to(self.credits),
            last_turns={**self.last_turns, chosen: decision.turn},
            turn=self.turn + 1,
        )
