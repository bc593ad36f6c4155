"""The recipients of a policy, prepared once, so that asking who may take a lead is fast."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

from attrs import field, frozen

from partnerleads.errors import OptionError
from partnerleads.model import RecipientId
from partnerleads.routing.canonical import fingerprint
from partnerleads.routing.checks import IndexedRule, Rule, SteeringRule, is_indexed, is_occasional
from partnerleads.routing.context import RoutingContext
from partnerleads.routing.preferences import Narrowing
from partnerleads.routing.prospect import Prospect
from partnerleads.routing.protocol import Candidates
from partnerleads.routing.recipient import Recipient

__all__ = ["Entitled", "Left", "Level", "Pool"]

Index = dict[str, frozenset[int]]
Concerns = Callable[[Prospect, RoutingContext], bool]

_NOBODY: frozenset[int] = frozenset()


@frozen
class Level:
    """What a wish came to for one lead.

    Attributes:
        name: The wish.
        level: The level of those who stay; 0 where it was relaxed.
    """

    name: str
    level: int


@frozen
class Entitled:
    """Those who may take a lead.

    Attributes:
        candidates: They, by id: they pass every rule, and none meets a wish better.
        levels: What each wish came to, in turn; none where nobody passes the rules.
    """

    candidates: Candidates
    levels: tuple[Level, ...] = ()

    @property
    def relaxations(self) -> tuple[str, ...]:
        """The wishes that nobody who passes the rules meets."""
        return tuple(made.name for made in self.levels if not made.level)


@frozen
class Left:
    """How many recipients a rule leaves over.

    Attributes:
        rule: Name of the rule.
        count: Those who pass it, and all rules before it. [count]
        before: Those who pass the rules before it. [count]
        required: What it needs, in words.
    """

    rule: str
    count: int
    before: int
    required: str

    def __str__(self) -> str:
        return f"{self.rule} leaves {self.count} of {self.before}; needed is {self.required}"


def _by_id(value: Iterable[Recipient]) -> tuple[Recipient, ...]:
    given: Any = value
    listed: tuple[Any, ...] = tuple(given) if isinstance(given, Iterable) else (None,)
    if not all(isinstance(one, Recipient) for one in listed):
        raise OptionError("recipients", value, "pass a list of `Recipient` objects")
    found: tuple[Recipient, ...] = tuple(sorted(listed, key=lambda one: one.recipient_id))
    for one, other in pairwise(found):
        if one.recipient_id == other.recipient_id:
            raise OptionError("recipients", one.recipient_id, "names two recipients")
    return found


def _rules(value: Iterable[Rule]) -> tuple[Rule, ...]:
    return _objects("rules", "passes", value, "(IsActive(),)")


def _wishes(value: Iterable[Narrowing]) -> tuple[Narrowing, ...]:
    return _objects("preferences", "level", value, "(Preference(HasExpertise()),)")


def _objects(name: str, method: str, value: Any, example: str) -> tuple[Any, ...]:
    found = tuple(value) if isinstance(value, Iterable) else (None,)
    if not all(hasattr(one, method) and not isinstance(one, type) for one in found):
        raise OptionError(name, value, f"pass a tuple of objects, such as {example}")
    return found


def _named_once(_: object, attribute: Any, value: tuple[Rule | Narrowing, ...]) -> None:
    names = [rule.name for rule in value]
    for name in names:
        if names.count(name) > 1:
            raise OptionError(
                attribute.name, name, "names two of them; a decision tells them by it"
            )


@frozen
class Pool:
    """The recipients of a policy, its rules and its wishes.

    Making one sorts the recipients into an index for each rule that can be looked up; then a lead
    asks only those that its territory, expertise and tier leave over.

    Attributes:
        recipients: Everybody, in any order.
        rules: Who fails one of them may not take the lead; never dropped.
        preferences: Wishes, in turn: each narrows down those whom the rules and the wishes before
            it left over, and gives way where nobody meets it.
        charge_steered: Whether leads that somebody has a right to take a turn.
    """

    recipients: tuple[Recipient, ...] = field(converter=_by_id)
    rules: tuple[Rule, ...] = field(
        default=(), kw_only=True, converter=_rules, validator=_named_once
    )
    preferences: tuple[Narrowing, ...] = field(
        default=(), kw_only=True, converter=_wishes, validator=_named_once
    )
    charge_steered: bool = field(default=False, kw_only=True)
    by_id: dict[RecipientId, Recipient] = field(init=False, eq=False, repr=False)
    _indexes: tuple[tuple[IndexedRule, Index], ...] = field(init=False, eq=False, repr=False)
    _others: tuple[tuple[Rule, Concerns], ...] = field(init=False, eq=False, repr=False)
    _rights: tuple[tuple[SteeringRule, Concerns], ...] = field(init=False, eq=False, repr=False)
    _recipients_fingerprint: str = field(default="", init=False, eq=False, repr=False)
    _policy: tuple[object, str] = field(default=(None, ""), init=False, eq=False, repr=False)

    @by_id.default
    def _make_by_id(self) -> dict[RecipientId, Recipient]:
        return {recipient.recipient_id: recipient for recipient in self.recipients}

    @_indexes.default
    def _make_indexes(self) -> tuple[tuple[IndexedRule, Index], ...]:
        rules = filter(is_indexed, self.rules)
        return tuple((rule, self._index(rule)) for rule in rules)

    @_others.default
    def _make_others(self) -> tuple[tuple[Rule, Concerns], ...]:
        others = (rule for rule in self.rules if not is_indexed(rule))
        return tuple((rule, _when(rule)) for rule in others)

    @_rights.default
    def _make_rights(self) -> tuple[tuple[SteeringRule, Concerns], ...]:
        rights = (rule for rule in self.rules if isinstance(rule, SteeringRule))
        return tuple((rule, _when(rule)) for rule in rights)

    @property
    def recipients_fingerprint(self) -> str:
        """Twelve hexadecimal digits that differ between different recipients."""
        if not self._recipients_fingerprint:
            object.__setattr__(self, "_recipients_fingerprint", fingerprint(self.recipients))
        return self._recipients_fingerprint

    def policy_fingerprint(self, router: object) -> str:
        """Twelve hexadecimal digits that differ between different rules, wishes and routers."""
        known, digits = self._policy
        if known is not router or not digits:
            digits = fingerprint(self.rules, self.preferences, self.charge_steered, router)
            object.__setattr__(self, "_policy", (router, digits))
        return digits

    def _index(self, rule: IndexedRule) -> Index:
        places: dict[str, list[int]] = defaultdict(list)
        for place, recipient in enumerate(self.recipients):
            for token in rule.tokens(recipient):
                places[token].append(place)
        return {token: frozenset(found) for token, found in places.items()}

    def entitled(self, lead: Prospect, context: RoutingContext) -> Entitled:
        """Who may take a lead, as of the context's moment.

        Args:
            lead: The lead.
            context: What varies.
        """
        left: Candidates = self._looked_up(lead, context)
        for rule, concerns in self._others:
            if concerns(lead, context):
                passes = rule.passes
                left = [one for one in left if passes(one, lead, context)]
        if not left:
            return Entitled(())
        levels = []
        for wish in self.preferences:
            reached = [wish.level(one, lead, context) for one in left]
            best = max(reached)
            left = [one for one, level in zip(left, reached, strict=True) if level == best]
            levels.append(Level(wish.name, best))
        return Entitled(tuple(left), tuple(levels))

    def rights(self, lead: Prospect, context: RoutingContext) -> list[SteeringRule]:
        """The rules by which somebody may have a right to a lead.

        Args:
            lead: The lead.
            context: What varies.
        """
        return [rule for rule, concerns in self._rights if concerns(lead, context)]

    def houses(self, names: frozenset[RecipientId]) -> frozenset[RecipientId]:
        """Recipients with everybody of their houses; who is no member stands for itself.

        Args:
            names: Who, by id.
        """
        return names.union(*(self.by_id[name].house for name in names & self.by_id.keys()))

    def _looked_up(self, lead: Prospect, context: RoutingContext) -> Candidates:
        """Those whom the indexes leave over: the rarest clause first, so that few are looked at."""
        clauses = [
            _holders(clause, index)
            for rule, index in self._indexes
            for clause in rule.clauses(lead, context)
        ]
        if not clauses:
            return self.recipients
        first, *others = sorted(clauses, key=_size)
        left = _either(first)
        for sets in others:
            left = _narrowed(left, sets)
        recipients = self.recipients
        return [recipients[place] for place in sorted(left)]

    def funnel(self, lead: Prospect, context: RoutingContext) -> tuple[Left, ...]:
        """How many recipients each rule leaves over, after those before it.

        Rules that can be looked up come first, else they come in their turn; those after the one
        that leaves nobody are not asked.

        Args:
            lead: The lead.
            context: What varies.
        """
        places = frozenset(range(len(self.recipients)))
        steps: list[tuple[Rule, int]] = []
        for rule, index in self._indexes:
            for clause in rule.clauses(lead, context):
                places = _narrowed(places, _holders(clause, index))
            steps.append((rule, len(places)))
        left = [self.recipients[place] for place in places]
        for other, _ in self._others:
            left = [one for one in left if other.passes(one, lead, context)]
            steps.append((other, len(left)))
        return tuple(
            Left(rule.name, count, before, rule.required(lead, context))
            for (rule, count), before in zip(
                steps, [len(self.recipients), *(count for _, count in steps)], strict=False
            )
            if before
        )


def _always(_lead: Prospect, _context: RoutingContext) -> bool:
    return True


def _when(rule: Rule) -> Concerns:
    """What tells whether a rule concerns a lead."""
    return rule.concerns if is_occasional(rule) else _always


def _holders(clause: frozenset[str], index: Index) -> list[frozenset[int]]:
    """Those who have each of the tokens of a clause."""
    return list(filter(None, map(index.get, clause)))


def _size(sets: list[frozenset[int]]) -> int:
    """How many are in some sets; who is in two counts twice."""
    return sum(map(len, sets))


def _either(sets: list[frozenset[int]]) -> frozenset[int]:
    """Those who are in any of some sets."""
    return sets[0] if len(sets) == 1 else _NOBODY.union(*sets)


def _narrowed(left: frozenset[int], sets: list[frozenset[int]]) -> frozenset[int]:
    """Those of a few that are in any of some sets."""
    return _either([one & left for one in sets])
