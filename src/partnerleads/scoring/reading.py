"""What scorers read of one lifecycle, as of the moment it was folded at."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import timedelta
from math import isfinite

from attrs import frozen

from partnerleads.errors import OptionError
from partnerleads.events import (
    KINDS,
    DealRefunded,
    LeadActivity,
    LeadCaptured,
    LeadDisqualified,
    LeadEvent,
    LeadFact,
    LeadLost,
    LeadProgressed,
    LeadQualified,
    LeadReopened,
    LeadRouted,
    LeadUpdated,
    LeadWon,
)
from partnerleads.lifecycle import LeadLifecycle
from partnerleads.model import FrozenMap
from partnerleads.model.options import check_choice
from partnerleads.scoring.lead_features import Behaviour, LeadFeatures

__all__ = [
    "ACTIVITY",
    "BEHAVIOURS",
    "NAMES",
    "NUMBERS",
    "Reading",
    "check_behaviour",
    "check_name",
    "is_number",
    "number_in",
    "reading_of",
]

_FACTS = ("region", "country", "deal_type", "industry")

NAMES: dict[str, str] = {
    "region": "sales region",
    "country": "country",
    "deal_type": "kind of deal",
    "industry": "the customer's industry",
    "stage": "stage of the pipeline that was last stated",
    "originator": "the partner who brought it",
    "holder": "who holds it",
    "source": "the system that captured it",
    "account": "the customer; read only where it is named, since it tells single leads apart",
    "company_size": "employees of the customer, a number",
    "stated_probability": "chance of a win that was last stated, a number",
    "days_to_expected_close": "days until the close that was last expected, a number; below 0 late",
}
"""Every feature by name. Besides these: ``attributes.NAME`` for any attribute; ``criteria.NAME``,
which is ``met`` where the last qualification says so; and the number ``expected_value.EUR`` for the
last expected value, by its currency."""

NUMBERS = ("company_size", "stated_probability", "days_to_expected_close")
"""Features that are numbers, beside expected values and attributes that are read as numbers."""

_TEXTS, _MONEY = ("criteria.",), "expected_value."
_FREE = ("attributes.", *_TEXTS, _MONEY)

ACTIVITY = "activity"
"""First part of the kinds of behaviour that are what the customer did."""

_NO_BEHAVIOUR = (
    LeadCaptured,
    LeadUpdated,
    LeadRouted,
    LeadWon,
    LeadLost,
    LeadDisqualified,
    LeadReopened,
    DealRefunded,
)
"""What makes a lead known, happens inside the programme, or tells how it came out."""

BEHAVIOURS = tuple(
    name
    for name, kind in KINDS.items()
    if issubclass(kind, LeadFact) and kind is not LeadActivity and kind not in _NO_BEHAVIOUR
)
"""Kinds of behaviour, beside ``activity.NAME`` for whatever the customer did."""


@frozen(kw_only=True)
class Reading:
    """Which features are read.

    Attributes:
        keys: Names of features; None reads all but the account.
        numeric: Attributes that are numbers written as text.
        segment_by: The feature whose value is the segment.
    """

    keys: frozenset[str] | None
    numeric: frozenset[str]
    segment_by: str | None

    def features(self, lead: LeadLifecycle) -> LeadFeatures:
        """What is known of a captured lead as of the moment of its fold."""
        captured = lead.captured
        if captured is None:
            raise OptionError("lead", lead.lead_id, "was not captured by then; nothing is known")
        values, numbers = dict(_values(lead, captured)), dict(_numbers(lead))
        segment = None if self.segment_by is None else values.get(self.segment_by)
        for name in sorted(self.numeric & values.keys()):
            number = number_in(values[name])
            if number is not None:
                numbers[name] = number
                del values[name]
        return LeadFeatures(
            lead_id=lead.lead_id,
            as_of=lead.moment.as_of,
            values=FrozenMap({name: text for name, text in values.items() if self._reads(name)}),
            numbers=FrozenMap({name: one for name, one in numbers.items() if self._reads(name)}),
            behaviours=tuple(_behaviours(lead.events)),
            segment=segment,
            captured_at=captured.occurred_at,
        )

    def _reads(self, name: str) -> bool:
        return name != "account" if self.keys is None else name in self.keys


def reading_of(
    keys: Collection[str] | None, numeric: Collection[str], segment_by: str | None
) -> Reading:
    """Which features are read, once the names are checked.

    Raises:
        OptionError: When there is no feature of a name.
    """
    for name, given in (("keys", keys), ("numeric", numeric)):
        if isinstance(given, str):
            raise OptionError(name, given, "is one text; pass several names, such as [...]")
    for key in keys or ():
        check_name("keys", key)
    if segment_by is not None:
        check_name("segment_by", segment_by, numbers=False)
    for key in numeric:
        if not f"{key}".startswith("attributes."):
            raise OptionError("numeric", key, "is no attribute; name one as attributes.NAME")
    wanted = None if keys is None else frozenset(keys)
    return Reading(keys=wanted, numeric=frozenset(numeric), segment_by=segment_by)


def check_name(argument: str, name: object, *, texts: bool = True, numbers: bool = True) -> None:
    """Refuse a name that no feature has.

    Args:
        argument: What the argument is called.
        name: The name.
        texts: Whether it may be a text.
        numbers: Whether it may be a number.
    """
    free = [one for one in _FREE if (texts or one not in _TEXTS) and (numbers or one != _MONEY)]
    if isinstance(name, str) and name.startswith(tuple(free)):
        return
    known = [one for one in NAMES if (numbers if one in NUMBERS else texts)]
    offered = [*known, *(f"{one}NAME" for one in free)]
    if isinstance(name, str) and name in NAMES and name not in known:
        other = "a number; texts" if name in NUMBERS else "a text; numbers"
        raise OptionError(argument, name, f"is {other} are {', '.join(map(repr, offered))}")
    check_choice(argument, name, offered)


def check_behaviour(argument: str, name: object) -> None:
    """Refuse a kind of behaviour that there is not; ``activity`` alone is any activity.

    Args:
        argument: What the argument is called.
        name: The kind.
    """
    if not (isinstance(name, str) and name.startswith(f"{ACTIVITY}.")):
        check_choice(argument, name, (*BEHAVIOURS, ACTIVITY, f"{ACTIVITY}.NAME"))


def _values(lead: LeadLifecycle, captured: LeadCaptured) -> Iterator[tuple[str, str]]:
    facts = lead.facts
    stages = (one.stage for one in reversed(lead.events) if isinstance(one, LeadProgressed))
    found: dict[str, str | None] = {
        **{name: getattr(facts, name) for name in _FACTS},
        "stage": next(filter(None, stages), None),
        "originator": captured.originator,
        "holder": lead.holder,
        "source": captured.source,
        "account": facts.account,
        **{f"attributes.{name}": text for name, text in facts.attributes.items()},
        **{f"criteria.{name}": "met" for name in _criteria(lead.events)},
    }
    yield from ((name, text) for name, text in found.items() if text)


def _criteria(events: tuple[LeadEvent, ...]) -> tuple[str, ...]:
    """The criteria met by the last qualification that states any."""
    judged = (one.criteria for one in reversed(events) if isinstance(one, LeadQualified))
    return next((criteria for criteria in judged if criteria is not None), ())


def _numbers(lead: LeadLifecycle) -> Iterator[tuple[str, float]]:
    size, value, chance = lead.facts.company_size, lead.expected_value, lead.probability
    if size is not None:
        yield "company_size", size
    if value is not None:
        yield f"expected_value.{value.currency}", float(value.amount)
    if chance is not None:
        yield "stated_probability", chance
    close = lead.expected_close_at
    if close is not None:
        yield "days_to_expected_close", (close - lead.moment.as_of) / timedelta(days=1)


def is_number(name: str) -> bool:
    """Whether a feature is always a number."""
    return name in NUMBERS or name.startswith(_MONEY)


def number_in(text: str) -> float | None:
    """The number that a text is; None where it is none."""
    if "_" in text:  # only Python reads 10_20 as a number
        return None
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None


def _behaviours(events: tuple[LeadEvent, ...]) -> Iterator[Behaviour]:
    for event in events:
        if isinstance(event, LeadActivity):
            kind = f"{ACTIVITY}.{event.activity}"
            yield Behaviour(kind=kind, occurred_at=event.occurred_at, count=event.count)
        elif not isinstance(event, _NO_BEHAVIOUR):
            yield Behaviour(kind=event.type, occurred_at=event.occurred_at)
