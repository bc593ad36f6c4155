"""One event in the making: texts go in, a checked event comes out."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from partnerleads.errors import Fault, InvalidEventError, OptionError, PartnerLeadsError
from partnerleads.events import Event, Fact, FieldSpec, LeadFact, fields_of
from partnerleads.model import UTC, FrozenMap, Lead, Money

__all__ = ["Draft", "at", "fault", "money"]

_MONEY = re.compile(r"[+-]?\d+(\.\d+)? [A-Z]{3}")
_NAMED = re.compile(r"(?P<name>[A-Za-z_]+)(\.(?P<entry>[^=\s]+))?=(?P<text>.*)")
_SHORT_NAMES = {
    "id": "event_id",
    "recorded": "recorded_at",
    "rec": "recorded_at",
    "seq": "sequence",
}
_NEVER_BARE = {"originator", "reason", "retracts", "source"}


def at(text: str) -> datetime:
    """The instant of ``"2026-03-01"`` or ``"2026-03-01 09:30"``; UTC where no offset is given.

    Args:
        text: ISO 8601 date, or date and time, with or without an offset.

    Raises:
        OptionError: If the text is no date.

    >>> at("2026-03-01 09:30")
    datetime.datetime(2026, 3, 1, 9, 30, tzinfo=datetime.timezone.utc)
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        reason = "write an instant as '2026-03-01' or '2026-03-01 09:30'"
        raise OptionError("text", text, reason) from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def money(text: str) -> Money:
    """The money of ``"8000 EUR"``.

    Args:
        text: Amount, a space, ISO 4217 code.

    Raises:
        MoneyError: If the amount or the currency is not one.

    >>> money("8000 EUR")
    Money('8000.00', 'EUR')
    """
    return Money.parse(text)


def fault(path: str, value: str, reason: str) -> InvalidEventError:
    """The error of one fault in the notation, for the reader of the lines to collect."""
    return InvalidEventError("history", (Fault(path, value, reason),))


class Draft:
    """An event in the making: its kind, and the fields that the line has set so far."""

    def __init__(self, kind: type[Fact], subject: str) -> None:
        self._kind = kind
        self._specs = {spec.name: spec for spec in fields_of(kind)}
        self._fields: dict[str, Any] = {}
        self._lead: dict[str, Any] = {}
        of_lead = fields_of(Lead) if "lead" in self._specs else ()
        self._lead_specs = {spec.name: spec for spec in of_lead}
        owner = "lead_id" if issubclass(kind, LeadFact) else "partner_id"
        owner = "retracts" if "retracts" in self._specs else owner
        if subject != "-" or self._specs[owner].required:
            self._fields[owner] = subject

    def event(self, event_id: str) -> Event:
        """The finished event; it bears that id unless the line set one."""
        self._fields.setdefault("event_id", event_id)
        needed = [spec.name for spec in self._specs.values() if spec.required]
        if self._lead:
            self._fields["lead"] = Lead(**self._lead)
        missing = [name for name in needed if name not in self._fields]
        if missing:
            raise InvalidEventError(
                "history",
                tuple(Fault(f"$.{name}", "", f"{self._kind.type} needs it") for name in missing),
            )
        return cast("Event", self._kind(**self._fields))

    def argument(self, token: str) -> None:
        """Take ``field=value``, ``9000 EUR``, or a word that fills the first text field."""
        named = _NAMED.fullmatch(token)
        if named:
            self.set(named["name"], named["text"].replace('"', ""), entry=named["entry"])
        elif _MONEY.fullmatch(token):
            self.set(self._first("money", token), token)
        else:
            self.set(self._first("text", token), token.replace('"', ""))

    def set_partner(self, partner: str) -> None:
        """Take the partner that follows ``by`` or ``to``."""
        if "by" not in self._specs:
            self.set("originator" if "originator" in self._specs else "partner_id", partner)
        elif partner == "own_team":
            self.set("by", partner)
        else:
            self.set("by", "partner")
            self.set("partner_id", partner)

    def set(self, name: str, text: str, *, entry: str | None = None) -> None:
        """Set one field, of the event or of its lead, from its text."""
        name = _SHORT_NAMES.get(name, name)
        for specs, fields in ((self._specs, self._fields), (self._lead_specs, self._lead)):
            spec = specs.get(name) or specs.get(f"{name}_id")
            if spec is not None and spec.value != "lead":
                fields[spec.name] = self._value(spec, text, entry, fields)
                return
        known = ", ".join(name for name in [*self._specs, *self._lead_specs] if name != "lead")
        raise fault(f"$.{name}", repr(text), f"{self._kind.type} has no such field but {known}")

    def _value(self, spec: FieldSpec, text: str, entry: str | None, fields: dict[str, Any]) -> Any:
        is_map = spec.value.endswith("_map")
        before = fields.get(spec.name, {})
        if is_map != (entry is not None):
            shape = f"{spec.name}.NAME=..." if is_map else f"{spec.name}=..."
            raise fault(f"$.{spec.name}", repr(text), f"write {shape}")
        if entry in before if is_map else spec.name in fields:
            raise fault(f"$.{spec.name}", repr(text), "is set twice")
        try:
            value = _READERS[spec.value](text)
        except (PartnerLeadsError, ValueError, KeyError) as error:
            reason = getattr(error, "reason", f"is no {spec.value}")
            raise fault(f"$.{spec.name}", repr(text), reason) from None
        if spec.choices and text not in spec.choices:
            raise fault(f"$.{spec.name}", repr(text), f"is none of {', '.join(spec.choices)}")
        return FrozenMap({**before, entry: value}) if is_map else value

    def _first(self, value: str, token: str) -> str:
        """The first field of that type of value which may be set without its name."""
        for name, spec in self._specs.items():
            named = name.endswith("_id") or name in _NEVER_BARE
            if spec.value == value and not named:
                return name
        raise fault("$", repr(token), f"{self._kind.type} has no {value} field that it could fill")


def _compact_money(text: str) -> Money:
    return money(re.sub(r"(?<=\d)(?=[A-Z])", " ", text))


_READERS: dict[str, Callable[[str], Any]] = {
    "text": str,
    "choice": str,
    "text_map": str,
    "integer": int,
    "number": float,
    "number_map": float,
    "yes_no": {"yes": True, "true": True, "no": False, "false": False}.__getitem__,
    "instant": at,
    "money": _compact_money,
    "texts": lambda text: tuple(text.split(",")),
}
