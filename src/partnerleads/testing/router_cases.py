"""Questions that checks ask of a router: recipients, rules, a lead, and what varies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from random import Random
from typing import Any, TypeVar

from attrs import evolve, field, fields, frozen

from partnerleads.model import FrozenMap, Lead, Money, WorkingHours
from partnerleads.routing import (
    HasCapacity,
    HasExpertise,
    HasTier,
    InTerritory,
    InWorkingHours,
    IsActive,
    KeepsAccountOwner,
    KeepsRegistration,
    MostSpecific,
    Narrowing,
    NotExcluded,
    Outcome,
    Pool,
    Preference,
    Prospect,
    Protection,
    Ranked,
    Recipient,
    Router,
    RoutingContext,
    Rule,
    TerritoryTree,
)

__all__ = ["LADDER", "NAMES", "RULES", "TREE", "WISHES", "RouterCase", "router_case"]

Given = TypeVar("Given")

NOW = datetime(2026, 3, 4, 14, tzinfo=UTC)
TREE = TerritoryTree({"DE-BY": "DE", "DE-HH": "DE", "DE": "EMEA", "FR": "EMEA"})
LADDER = ("gold", "silver", "bronze")
NAMES = ("acme", "beta", "corp", "dorn", "eden", "fuji")
_GOLD: Any = HasTier(ladder=LADDER, at_least="gold")
RULES: tuple[Any, ...] = (
    IsActive(),
    InTerritory(TREE),
    HasExpertise(),
    HasTier(ladder=LADDER, at_least="silver", from_value=Money("1000", "EUR")),
    HasCapacity(),
    InWorkingHours(),
    NotExcluded({"umbrella": frozenset({"beta"})}),
    KeepsRegistration(),
    KeepsAccountOwner(),
)
WISHES: tuple[Any, ...] = (
    MostSpecific(TREE),
    Preference(_GOLD),
)
_OPEN: tuple[Any, ...] = (IsActive(), HasCapacity(), NotExcluded())
_HOURS = (
    None,
    None,
    WorkingHours.parse({"mon-fri": "09:00-17:00"}, time_zone="Europe/Berlin"),
    WorkingHours.parse({"mon-fri": "09:00-17:00"}, time_zone="Asia/Tokyo"),
)
_SERVED = ((), ("EMEA",), ("DE",), ("DE", "FR"), ("DE-BY",), ("DE-BY", "DE-HH"), ("FR",))
_KNOWN = ((), ("steel",), ("steel", "timber"), ("steel", "new"), ("timber",))
_LEAD_SCORES = (None, 20.0, 50.0, 80.0)
_VALUES = (None, "500 EUR", "1000 EUR", "9000 EUR", "9000 USD")


def _recipients(value: Iterable[Recipient]) -> tuple[Recipient, ...]:
    return tuple(value)


def _rules(value: Iterable[Rule]) -> tuple[Rule, ...]:
    return tuple(value)


def _wishes(value: Iterable[Narrowing]) -> tuple[Narrowing, ...]:
    return tuple(value)


@frozen(kw_only=True)
class RouterCase:
    """One question: who gets this lead, of these recipients, under these rules?

    Attributes:
        recipients: Everybody.
        lead: The lead.
        context: What varies.
        rules: Who fails one of them may not take the lead.
        preferences: Wishes that give way.
        better: Tables of scores in which more is better; None all of the context.
    """

    recipients: tuple[Recipient, ...] = field(converter=_recipients)
    lead: Prospect
    context: RoutingContext
    rules: tuple[Rule, ...] = field(default=(), converter=_rules)
    preferences: tuple[Narrowing, ...] = field(default=(), converter=_wishes)
    better: tuple[str, ...] | None = field(default=None, repr=False)

    @property
    def scores(self) -> FrozenMap[str, FrozenMap[str, float]]:
        """The tables of scores in which more is better."""
        known = self.context.scores
        return FrozenMap({name: known[name] for name in self.better or known})

    @property
    def pool(self) -> Pool:
        """The recipients with the rules and wishes."""
        return Pool(self.recipients, rules=self.rules, preferences=self.preferences)

    def candidates(self) -> list[Recipient]:
        """Those who may take the lead, by id; a new list each time."""
        return [*self.pool.entitled(self.lead, self.context).candidates]

    def answer(self, router: Router) -> list[Ranked]:
        """The order of a router: all of it, or one place too many; not verified."""
        candidates = self.candidates()
        limit = len(candidates) + 1
        places = router.rank(self.lead, candidates, self.context) if candidates else ()
        return list(islice(places, limit))

    def __str__(self) -> str:
        names = [*(rule.name for rule in self.rules), *(wish.name for wish in self.preferences)]
        rules = ", ".join(names)
        shown = [f"lead {told(self.lead)}", *map(told, self.recipients), told(self.context)]
        return "\n".join([*shown, f"rules: {rules}"] if rules else shown)


def told(value: object) -> str:
    """A value by those of its fields that were set."""
    kind: Any = type(value)
    bare = {one.name: one.default for one in fields(kind)}
    stated = {name: getattr(value, name) for name in bare}
    shown = [
        f"{name}={_plain(one)}"
        for name, one in stated.items()
        if one != bare[name] and (one or isinstance(one, int | bool)) and one != Lead()
    ]
    return f"{kind.__name__}({', '.join(shown)})"


def _plain(value: object) -> str:
    if isinstance(value, FrozenMap):
        return "{" + ", ".join(f"{name!r}: {_plain(one)}" for name, one in value.items()) + "}"
    if isinstance(value, frozenset):
        return f"{sorted(value)}"
    if isinstance(value, Lead):
        return told(value)
    if isinstance(value, datetime | Money | WorkingHours) or hasattr(value, "numerator"):
        return str(value)
    return repr(value)


def router_case(
    random: Random,
    *,
    tables: Iterable[str] = ("plv", "close_rate"),
    other_tables: Iterable[str] = (),
) -> RouterCase:
    """A random question.

    Args:
        random: What chance is drawn from.
        tables: Names of the tables of scores in the context.
        other_tables: Names of those in which more is not better.
    """
    better = tuple(tables)
    names = random.sample(NAMES, random.randint(1, len(NAMES)))
    return RouterCase(
        recipients=[_recipient(random, name) for name in names],
        # not drawn, so that a seed gives the question that it always gave
        lead=evolve(_prospect(random), score=_LEAD_SCORES[len(names) % len(_LEAD_SCORES)]),
        context=_context(random, (*better, *other_tables)),
        rules=random.choice(((), (), _OPEN, _OPEN, RULES)),
        preferences=random.choice(((), (), WISHES)),
        better=better,
    )


def _recipient(random: Random, name: str) -> Recipient:
    return Recipient(
        recipient_id=name,
        territories=random.choice(_SERVED),
        expertise=random.choice(_KNOWN),
        tier=random.choice((None, "gold", *LADDER)),
        capacity=random.choice((None, None, None, 0, 1, 2, 4, 8)),
        weight=random.choice((0, 0.5, 1, 1, 1, 2, 3, 7)),
        hours=random.choice(_HOURS),
        parent=random.choice((None, None, *NAMES)),
        active=random.random() < 0.85,
    )


def _prospect(random: Random) -> Prospect:
    facts = Lead(
        region=random.choice((None, "DE-BY", "DE-HH", "DE", "FR", "XX")),
        industry=random.choice((None, "steel", "steel", "timber")),
        deal_type=random.choice((None, "new")),
        account=random.choice((None, None, "umbrella", "globex")),
    )
    value = random.choice(_VALUES)
    return Prospect(
        lead_id="L1", facts=facts, expected_value=None if value is None else Money.parse(value)
    )


def _context(random: Random, tables: Sequence[str]) -> RoutingContext:
    """What varies; registrations, owners and refusals are rare."""

    def some(values: Iterable[Given]) -> dict[str, Given]:
        left = random.sample(NAMES, len(NAMES))
        return dict(zip(left[: random.randint(0, len(left))], values, strict=False))

    def counts(highest: int) -> Iterator[int]:
        return iter(lambda: random.randint(0, highest), -1)

    def scores() -> Iterator[float]:
        return iter(lambda: round(random.random(), 3), -1.0)

    rare = random.random() < 0.25
    claims = tuple(Protection(name, f"r-{name}") for name in random.sample(NAMES, 2))
    ends = zip(counts(4), counts(4), strict=False)
    return RoutingContext(
        as_of=NOW,
        scores={table: some(scores()) for table in tables},
        load=some(counts(4)),
        last_turns=some(counts(4)),
        outcomes=some(Outcome(wins, losses) for wins, losses in ends),
        protections={"L1": claims[: random.randint(0, 2)]} if rare else {},
        owners={"globex": random.choice(NAMES)} if rare else {},
        excluded={"L1": frozenset(random.sample(NAMES, random.randint(0, 2)))} if rare else {},
        turn=random.randint(5, 30),
        seed=random.randint(0, 3),
    )
