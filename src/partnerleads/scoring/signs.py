"""Signs that a criterion is met: what is stated of a lead, and what was done with it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, ClassVar, NamedTuple, Protocol

from attrs import field, frozen

from partnerleads.errors import OptionError
from partnerleads.model.figure import counted
from partnerleads.model.numbers import check_number, span
from partnerleads.scoring.lead_features import LeadFeatures
from partnerleads.scoring.reading import ACTIVITY, check_behaviour, check_name
from partnerleads.scoring.rules import number_seen, number_text

__all__ = ["Done", "Seen", "Sign", "Stated"]


class Seen(NamedTuple):
    """What a sign says of a lead of which it knows something.

    Attributes:
        met: Whether it is met.
        text: What was seen, for people.
    """

    met: bool
    text: str


class Sign(Protocol):
    """Says whether a lead meets a criterion, as far as it knows.

    Attributes:
        kind: Its name in a saved model.
    """

    kind: ClassVar[str]

    def seen(self, lead: LeadFeatures, /) -> Seen | None:
        """Whether it is met, with what was seen; None where nothing is known."""
        ...


def _values(values: Iterable[str]) -> tuple[str, ...]:
    if isinstance(values, str):
        raise OptionError("values", values, "is one text; pass several, such as ['yes']")
    return tuple(values)


def _texts(_: object, attribute: Any, values: tuple[object, ...]) -> None:
    for value in values:
        if not isinstance(value, str):
            reason = "must be a text; least and most take numbers"
            raise OptionError(attribute.name, value, reason)


def _limit(_: object, attribute: Any, value: Any) -> None:
    if value is not None:
        check_number(attribute.name, value)


@frozen(kw_only=True)
class Stated:
    """Met where a feature is stated, and is as asked for; where it is not stated, nothing is known.

    Attributes:
        name: The feature, such as ``attributes.role``, ``expected_value.EUR`` or
            ``days_to_expected_close``.
        values: The texts that will do, exactly; none of them takes any.
        least: The least number that will do, included; None has no limit.
        most: The greatest number that will do, included; None has no limit.

    Raises:
        OptionError: When no feature has the name, texts and limits are mixed, or the limits leave
            nothing.

    >>> from partnerleads.testing import at
    >>> lead = LeadFeatures(
    ...     lead_id="L1",
    ...     captured_at=at("2026-01-02"),
    ...     as_of=at("2026-02-01"),
    ...     numbers={"expected_value.EUR": 9000},
    ... )
    >>> Stated(name="expected_value.EUR", least=10_000).seen(lead)
    Seen(met=False, text='9000')
    >>> Stated(name="attributes.role").seen(lead) is None
    True
    """

    kind: ClassVar[str] = "stated"
    name: str
    values: tuple[str, ...] = field(default=(), converter=_values, validator=_texts)
    least: float | None = field(default=None, validator=_limit)
    most: float | None = field(default=None, validator=_limit)

    def __attrs_post_init__(self) -> None:
        if self.values and self._numeric:
            raise OptionError("values", self.values, "are texts; leave them out where limits are")
        if self.least is not None and self.most is not None and self.least > self.most:
            raise OptionError("least", self.least, f"must be at most the most, {self.most}")
        check_name("name", self.name, texts=not self._numeric, numbers=not self.values)

    @property
    def _numeric(self) -> bool:
        return self.least is not None or self.most is not None

    def seen(self, lead: LeadFeatures, /) -> Seen | None:
        """Whether what is stated is as asked for; None where it is not stated, or is no number."""
        number = number_seen(lead, self.name)
        if self._numeric:
            return None if number is None else Seen(self._within(number), number_text(number))
        text = lead.values.get(self.name)
        if text is not None:
            return Seen(not self.values or text in self.values, text)
        if number is None:
            return None
        return Seen(not self.values or number_text(number) in self.values, number_text(number))

    def _within(self, number: float) -> bool:
        low = self.least is None or number >= self.least
        return low and (self.most is None or number <= self.most)


def _behaviour(_: object, attribute: Any, value: Any) -> None:
    check_behaviour(attribute.name, value)


def _span_or_none(_: object, attribute: Any, value: Any) -> None:
    if value is not None:
        span(_, attribute, value)


def _times(_: object, attribute: Any, value: Any) -> None:
    if type(value) is not int or value < 1:
        raise OptionError(attribute.name, value, "must be a whole number, at least 1")


@frozen(kw_only=True)
class Done:
    """Met where something happened often enough; not met where the history does not tell of it.

    Attributes:
        behaviour: What: a kind of event such as ``contact_made``, ``activity.NAME``, or
            ``activity`` for anything that the customer did.
        times: How often. [count, >= 1]
        within: The highest age that counts, included; None counts any. [span of time]

    >>> from partnerleads.testing import at
    >>> lead = LeadFeatures(lead_id="L1", captured_at=at("2026-01-02"), as_of=at("2026-02-01"))
    >>> Done(behaviour="contact_made").seen(lead)
    Seen(met=False, text='0 times')
    """

    kind: ClassVar[str] = "done"
    behaviour: str = field(validator=_behaviour)
    times: int = field(default=1, validator=_times)
    within: timedelta | None = field(default=None, validator=_span_or_none)

    def seen(self, lead: LeadFeatures, /) -> Seen:
        """Whether it happened often enough."""
        often = sum(
            one.count
            for one in lead.behaviours
            if (self.within is None or lead.as_of - one.occurred_at <= self.within)
            and (
                one.kind == self.behaviour
                or (self.behaviour == ACTIVITY and one.kind.startswith(f"{ACTIVITY}."))
            )
        )
        return Seen(often >= self.times, "once" if often == 1 else counted(often, "time"))
