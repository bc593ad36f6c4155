"""Populations in segments, by the keys of their members."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeAlias

from partnerleads.kpis.measuring.expressions import Column
from partnerleads.kpis.measuring.members import Members
from partnerleads.lifecycle import Lifecycles
from partnerleads.model import Partner, PartnerId, SegmentKey

__all__ = ["none_last", "segments_of"]

Times: TypeAlias = Callable[[], Sequence[datetime]]
"""When the anchors of the members occurred."""


def segments_of(
    members: Members, by: Sequence[str], *, holder: str, times: Times, lives: Lifecycles
) -> dict[SegmentKey, Members]:
    """The members with each key, or tuple of several, in alphabetical order, the unstated last.

    Args:
        members: All of them.
        by: Names of the keys, which are keys.
        holder: Event column that names who holds a lead.
        times: When the anchors of the members occurred.
        lives: The history, which knows the partners.
    """
    columns = [_keys(members, name, holder, times, lives) for name in by]
    places: dict[SegmentKey, list[int]] = defaultdict(list)
    keys = columns[0] if len(columns) == 1 else zip(*columns, strict=True)
    for place, key in enumerate(keys):
        places[key].append(place)
    return {key: members.at(places[key]) for key in sorted(places, key=none_last)}


def none_last(key: SegmentKey) -> tuple[tuple[bool, str], ...]:
    """What to sort keys by: the alphabet, and the unstated last."""
    parts = key if isinstance(key, tuple) else (key,)
    return tuple((part is None, part or "") for part in parts)


def _keys(members: Members, name: str, holder: str, times: Times, lives: Lifecycles) -> Column:
    if name == "holder":
        events = members.column(holder)
        return [None if e is None else e.partner_id or e.agent_id for e in events]
    if name in ("tier", "partner_type"):
        return _of_partners(members, name, holder, times, lives)
    return members.column(name)


def _of_partners(
    members: Members, name: str, holder: str, times: Times, lives: Lifecycles
) -> Column:
    # a figure made of others asks for the same partners again and again
    known: dict[tuple[PartnerId, datetime], Partner] = lives.kept.setdefault("partners then", {})
    keys: list[str | None] = []
    for lead, event, moment in zip(members.leads, members.column(holder), times(), strict=True):
        # whoever sourced a lead takes work to find, so it is asked only where nobody holds it
        partner_id = (None if event is None else event.partner_id) or lead.sourcing_partner
        if partner_id is None:
            keys.append(None)
            continue
        then = partner_id, moment
        if then not in known:
            known[then] = lives.partner_at(partner_id, moment)
        keys.append(getattr(known[then], name))
    return keys
