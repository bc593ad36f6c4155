"""Rules on what a lead is: points for a value, a number, or for what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar, Protocol

from attrs import field, frozen

from partnerleads.errors import OptionError
from partnerleads.model.numbers import finite, in_range
from partnerleads.model.trusted import trusted
from partnerleads.scoring.lead_features import LeadFeatures
from partnerleads.scoring.lead_score import Reason
from partnerleads.scoring.reading import check_name, number_in

__all__ = ["MOST_POINTS", "AtLeast", "AtMost", "Equals", "Missing", "OneOf", "Rule", "points_field"]

_reason = trusted(Reason)

MOST_POINTS = 1000
"""The most that a rule may give or take; beyond it nothing of the other reasons would be left."""


class Rule(Protocol):
    """Gives or takes points for one thing.

    Attributes:
        kind: Its name in a saved model.
    """

    kind: ClassVar[str]

    def reason(self, lead: LeadFeatures, /) -> Reason | None:
        """What it gives a lead, with what it saw; None where it does not match."""
        ...


def points_field() -> Any:
    """The points of a rule."""
    return field(validator=in_range(-MOST_POINTS, MOST_POINTS))


def _named(*, texts: bool = True, numbers: bool = True) -> Callable[[Any, Any, Any], None]:
    def check(_: object, attribute: Any, value: Any) -> None:
        check_name(attribute.name, value, texts=texts, numbers=numbers)

    return check


_text = _named(numbers=False)
_number = _named(texts=False)


def _is_text(_: object, attribute: Any, value: Any) -> None:
    if not isinstance(value, str):
        raise OptionError(attribute.name, value, "must be a text; AtLeast and AtMost take numbers")


def number_text(number: float) -> str:
    """A number for people: as short as it is.

    >>> number_text(1500000.0), number_text(0.25)
    ('1500000', '0.25')
    """
    return f"{int(number)}" if number == int(number) else repr(number)


def number_seen(lead: LeadFeatures, name: str) -> float | None:
    """A number that is known of a lead, also where an attribute states it as text."""
    text = lead.values.get(name)
    return lead.numbers.get(name) if text is None else number_in(text)


@frozen(kw_only=True)
class Equals:
    """Points where a text is this one.

    Attributes:
        name: The feature, such as ``industry`` or ``attributes.role``.
        value: The text, exactly.
        points: How much it gives. [points, -1000..1000]
    """

    kind: ClassVar[str] = "equals"
    name: str = field(validator=_text)
    value: str = field(validator=_is_text)
    points: float = points_field()

    def reason(self, lead: LeadFeatures, /) -> Reason | None:
        """Its points where the text is this one."""
        seen = lead.values.get(self.name)
        if seen != self.value:
            return None
        return _reason(self.name, seen, self.points, 0.0)


def _values(values: Iterable[str]) -> tuple[str, ...]:
    if isinstance(values, str):
        raise OptionError("values", values, "is one text; pass several, or use Equals")
    several = tuple(values)
    if not several:
        raise OptionError("values", several, "names none; pass at least one text")
    return several


def _texts(_: object, attribute: Any, values: tuple[object, ...]) -> None:
    for value in values:
        _is_text(_, attribute, value)


@frozen(kw_only=True)
class OneOf:
    """Points where a text is one of several.

    Attributes:
        name: The feature.
        values: The texts, exactly; at least one.
        points: How much it gives. [points, -1000..1000]
    """

    kind: ClassVar[str] = "one_of"
    name: str = field(validator=_text)
    values: tuple[str, ...] = field(converter=_values, validator=_texts)
    points: float = points_field()

    def reason(self, lead: LeadFeatures, /) -> Reason | None:
        """Its points where the text is one of them."""
        seen = lead.values.get(self.name)
        if seen is None or seen not in self.values:
            return None
        return _reason(self.name, seen, self.points, 0.0)


@frozen(kw_only=True)
class AtLeast:
    """Points where a number is this one or more; what is not known is not.

    Attributes:
        name: The feature, such as ``company_size``, ``expected_value.EUR``, or an attribute that
            states a number.
        least: The number, included.
        points: How much it gives. [points, -1000..1000]
    """

    kind: ClassVar[str] = "at_least"
    name: str = field(validator=_number)
    least: float = field(validator=finite)
    points: float = points_field()

    def reason(self, lead: LeadFeatures, /) -> Reason | None:
        """Its points where the number is large enough."""
        seen = number_seen(lead, self.name)
        if seen is None or seen < self.least:
            return None
        return _reason(self.name, number_text(seen), self.points, 0.0)


@frozen(kw_only=True)
class AtMost:
    """Points where a number is this one or less; what is not known is not.

    Attributes:
        name: The feature, such as ``company_size``, ``expected_value.EUR``, or an attribute that
            states a number.
        most: The number, included.
        points: How much it gives. [points, -1000..1000]
    """

    kind: ClassVar[str] = "at_most"
    name: str = field(validator=_number)
    most: float = field(validator=finite)
    points: float = points_field()

    def reason(self, lead: LeadFeatures, /) -> Reason | None:
        """Its points where the number is small enough."""
        seen = number_seen(lead, self.name)
        if seen is None or seen > self.most:
            return None
        return _reason(self.name, number_text(seen), self.points, 0.0)


@frozen(kw_only=True)
class Missing:
    """Points, mostly below 0, where nothing is known of a feature, or it was not read.

    Attributes:
        name: The feature, a text or a number.
        points: How much it gives. [points, -1000..1000]
    """

    kind: ClassVar[str] = "missing"
    name: str = field(validator=_named())
    points: float = points_field()

    def reason(self, lead: LeadFeatures, /) -> Reason | None:
        """Its points where nothing is known."""
        if self.name in lead.values or self.name in lead.numbers:
            return None
        return _reason(self.name, None, self.points, 0.0)
