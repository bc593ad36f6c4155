"""The keys that any figure can be segmented by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from partnerleads.errors import OptionError
from partnerleads.lifecycle import Lifecycles
from partnerleads.model import SegmentKey
from partnerleads.model.options import check_choice

__all__ = ["FACTS", "KEYS", "key_reader"]

KeyReader: TypeAlias = Callable[[Any, datetime], str | None]
"""Reads a key off a member of a population, as of its anchor."""

FACTS = ("account", "region", "country", "deal_type", "industry")
"""Facts of a lead that are keys by their own names."""

KEYS: dict[str, str] = {
    "account": "the customer, as captured",
    "region": "sales region, as captured",
    "country": "country, as captured",
    "deal_type": "kind of deal, as captured",
    "industry": "industry, as captured",
    "attribution": "sourced, influenced or direct",
    "sourcing_partner": "the partner that sourced it",
    "holder": "who holds it, or held it when it counted",
    "closing_partner": "the partner of the standing close",
    "agent": "the person of the standing close, else the person who holds it",
    "status": "open, won, lost or disqualified",
    "tier": "tier of its partner as of the anchor; its partner holds it, else sourced it",
    "partner_type": "type of its partner as of the anchor",
}
"""Every key by name. Besides these: ``attributes.NAME`` for any attribute as captured, and
``latest.`` before a fact or an attribute for what is known of it by now."""


def _fact(name: str) -> KeyReader:
    if name.startswith("attributes."):
        attribute = name.removeprefix("attributes.")
        return lambda unit, _: unit.captured.lead.attributes.get(attribute)
    return lambda unit, _: getattr(unit.captured.lead, name)


def _latest(name: str) -> KeyReader:
    if name.startswith("attributes."):
        attribute = name.removeprefix("attributes.")
        return lambda unit, _: unit.facts.attributes.get(attribute)
    return lambda unit, _: getattr(unit.facts, name)


def _holder(column: str) -> KeyReader:
    def read(unit: Any, _: datetime) -> str | None:
        event = getattr(unit, column)
        return None if event is None else event.partner_id or event.agent_id

    return read


def _of_partner(name: str, column: str, lives: Lifecycles) -> KeyReader:
    def read(unit: Any, anchor: datetime) -> str | None:
        event = getattr(unit, column)
        partner_id = (None if event is None else event.partner_id) or unit.sourcing_partner
        if partner_id is None:
            return None
        value: str | None = getattr(lives.partner_at(partner_id, anchor), name)
        return value

    return read


def _reader(name: str, holder: str, lives: Lifecycles) -> KeyReader:
    fact = name.removeprefix("latest.")
    if fact in FACTS or (fact.startswith("attributes.") and len(fact) > len("attributes.")):
        return _fact(name) if fact == name else _latest(fact)
    if name == "partner":
        reason = "say which partner: 'sourcing_partner', 'holder' or 'closing_partner'"
        raise OptionError("by", name, reason)
    check_choice("by", name, KEYS)
    if name == "holder":
        return _holder(holder)
    if name in ("tier", "partner_type"):
        return _of_partner(name, holder, lives)
    return lambda unit, _: getattr(unit, name)


def key_reader(
    by: Sequence[str], *, holder: str, lives: Lifecycles
) -> Callable[[Any, datetime], SegmentKey]:
    """A function that reads the key, or the tuple of several, off a member.

    Args:
        by: Names of the keys.
        holder: Event column that names who holds a lead.
        lives: The history, which knows the partners.

    Raises:
        OptionError: When there is no such key.
    """
    if len(set(by)) < len(by):
        raise OptionError("by", tuple(by), "names a key twice")
    readers = [_reader(name, holder, lives) for name in by]
    if len(readers) == 1:
        return readers[0]
    return lambda unit, anchor: tuple(reader(unit, anchor) for reader in readers)
