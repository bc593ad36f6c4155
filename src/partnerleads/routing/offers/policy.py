"""How leads are offered: how long an offer stands, who comes next, and what ends the asking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from attrs import field, frozen

from partnerleads.attribution import AttributionPolicy
from partnerleads.errors import OptionError
from partnerleads.model import FrozenMap, RecipientId, WorkingHours, instant
from partnerleads.model.options import a_flag, check_choice, check_span, is_count
from partnerleads.routing.deriving import REFUNDED

__all__ = ["OfferPolicy", "offer_deadline"]

_NOTHING = timedelta(0)
_DAY = timedelta(days=1)
_INSTANT = timedelta(microseconds=1)
_LONGEST = timedelta(days=366)


def _span(_: object, attribute: Any, value: timedelta | None) -> None:
    check_span(attribute.name, value)
    if attribute.name == "within" and value == _NOTHING:
        raise OptionError("within", value, "must be longer than nothing; None never lapses")


def _count(_: object, attribute: Any, value: int | None) -> None:
    if value is not None and not is_count(value, least=1):
        raise OptionError(attribute.name, value, "must be a whole number of at least 1, or None")


def _several(name: str, value: Iterable[str]) -> Iterable[str]:
    if not isinstance(value, Iterable):
        raise OptionError(name, value, "write a list of names; an empty one for none")
    return value


def _ends(value: Iterable[str]) -> tuple[str, ...]:
    found = (value,) if isinstance(value, str) else tuple(_several("refunded", value))
    for end in found:
        check_choice("refunded", end, REFUNDED)
    return found


def _refusals(value: Mapping[str, int]) -> FrozenMap[str, int]:
    if not isinstance(value, Mapping):
        raise OptionError("relax_after", value, "write counts by the names of wishes, or {}")
    for name, count in value.items():
        if not is_count(count, least=1):
            reason = "say after how many refusals it gives way, such as {'preferred tier': 2}"
            raise OptionError("relax_after", {name: count}, reason)
    return FrozenMap(value)


def _people(value: Iterable[RecipientId]) -> frozenset[RecipientId]:
    if isinstance(value, str):
        raise OptionError("agents", value, f"write a list of names, such as [{value!r}]")
    return frozenset(_several("agents", value))


def _somebody(_: object, attribute: Any, value: object) -> None:
    if value is not None and not (isinstance(value, str) and value):
        raise OptionError(attribute.name, value, "must be the id of a person or queue, or None")


def _rules(_: object, attribute: Any, value: object) -> None:
    if not isinstance(value, AttributionPolicy):
        raise OptionError(attribute.name, value, "is no policy; pass AttributionPolicy()")


@frozen(kw_only=True)
class OfferPolicy:
    """How leads are offered.

    Attributes:
        within: How long an offer stands; None never lapses. [timedelta, > 0]
        in_working_hours: Whether that is counted in the recipient's own working hours. One without
            hours is always at work.
        cooling: How long a lead rests after an offer came to nothing; never beyond the end of the
            calendar. [timedelta, >= 0]
        max_offers: How many are asked at most; None asks until nobody is left. Whoever has a right
            to the lead, by a registration or an account, is asked all the same. [count, >= 1]
        relax_after: After how many refusals a wish of the pool gives way, by the wish's name. An
            offer that was declined or lapsed is a refusal. [counts, >= 1]
        fallback: The person or queue that is given what nobody takes, without being asked; no
            member of the pool, since no rule holds for it. None leaves the lead without anybody.
        agents: Those recipients that are persons: events name them as such, and their parent as
            the partner. All others are partners.
        refunded: What becomes of an offer that its recipient need not pay a turn for.
        attribution: What a registration has to meet to be in force.

    >>> OfferPolicy(within=timedelta(hours=4), in_working_hours=True).max_offers is None
    True
    """

    within: timedelta | None = field(default=_DAY, validator=_span)
    in_working_hours: bool = field(default=False, validator=a_flag)
    cooling: timedelta = field(default=timedelta(0), validator=_span)
    max_offers: int | None = field(default=None, validator=_count)
    relax_after: FrozenMap[str, int] = field(factory=FrozenMap, converter=_refusals)
    fallback: RecipientId | None = field(default=None, validator=_somebody)
    agents: frozenset[RecipientId] = field(default=frozenset(), converter=_people)
    refunded: tuple[str, ...] = field(default=REFUNDED, converter=_ends)
    attribution: AttributionPolicy = field(factory=AttributionPolicy, validator=_rules)


def offer_deadline(
    offered_at: datetime, *, within: timedelta, working_hours: WorkingHours | None = None
) -> datetime:
    """When an offer lapses; an answer at that very instant is late.

    Args:
        offered_at: When it was made. [aware datetime]
        within: How long it stands. [timedelta, > 0]
        working_hours: Count working time only; None counts all time.

    Returns:
        The first instant by which that much time has passed; never later than 366 days on, also
        where the hours hardly ever open. [aware datetime]

    Raises:
        OptionError: When the time is None, no span of time, nothing, or negative.

    >>> from datetime import timezone
    >>> hours = WorkingHours.parse({"mon-fri": "09:00-17:00"}, time_zone="Europe/Berlin")
    >>> friday = datetime(2026, 3, 27, 14, tzinfo=timezone.utc)           # 15:00 in Berlin
    >>> offer_deadline(friday, within=timedelta(hours=3), working_hours=hours).isoformat()
    '2026-03-30T08:00:00+00:00'
    """
    if within is None:
        raise OptionError("within", None, "an offer that never lapses has no deadline; do not ask")
    check_span("within", within)
    if within == _NOTHING:
        raise OptionError("within", within, "must be longer than nothing")
    start = instant(offered_at, "offered_at")
    last = datetime.max.replace(tzinfo=start.tzinfo)
    if working_hours is None:
        return start + within if within <= last - start else last
    end = start + min(_LONGEST, last - start)
    low, worked = start, timedelta(0)
    while low < end:
        high = min(low + _DAY, end) if end - low > _DAY else end
        gained = working_hours.between(low, high)
        if worked + gained >= within:
            return _first(low, high, within - worked, working_hours)
        low, worked = high, worked + gained
    return end


def _first(low: datetime, high: datetime, needed: timedelta, hours: WorkingHours) -> datetime:
    """The first instant by which enough time was worked since *low*; by *high* it was."""
    start, low_tick, high_tick = low, 0, (high - low) // _INSTANT
    while low_tick < high_tick:
        tick = (low_tick + high_tick) // 2
        if hours.between(start, start + tick * _INSTANT) >= needed:
            high_tick = tick
        else:
            low_tick = tick + 1
    return start + low_tick * _INSTANT
