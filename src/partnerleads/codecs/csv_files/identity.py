"""Event ids for rows that have none: the same row gives the same id, wherever it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypeAlias

from partnerleads.codecs.csv_files.rules import EventRule
from partnerleads.codecs.fault_words import shown
from partnerleads.errors import Fault
from partnerleads.events import Event, canonical_content

__all__ = ["IdBook", "derived_id"]

_WHO_AND_WHAT = (
    *("partner_id", "agent_id", "offer_id", "registration_id", "decision_id", "by", "activity"),
    *("course", "certification", "kind", "retracts"),
)
_NAMED = frozenset({"campaign_joined", "co_sell_held", "business_plan_filed"})
_WHO_IS_CREDITED = frozenset({"lead_won", "lead_lost", "lead_progressed"})
"""Kinds whose partner and agent may be corrected later without making it another event."""

_Version: TypeAlias = tuple[str, datetime | None]
"""An id, with the recording instant where the mapping states it."""


def _part(value: object) -> str:
    return str(value).replace("%", "%25").replace(":", "%3A")


def derived_id(row: Mapping[str, object], *, ordinal: int, row_id: str | None, when: str) -> str:
    """An id out of the kind, the lead or partner, and the row's own id or the time.

    Without an id of the row, the other parties and the thing done belong to the identity, too:
    two partners that influence one lead on one day make two events, and so do two stages that it
    reaches. Amounts, reasons and free facts never do, so a corrected export revises its events.

    Args:
        row: The event as a row, without its id.
        ordinal: Which rule of its kind the event comes from; later ones are numbered.
        row_id: The row's own id; None takes the time.
        when: The time: the date of a day, else the instant.

    >>> won = {"type": "lead_won", "lead_id": "L1", "partner_id": "acme"}
    >>> derived_id(won, ordinal=1, row_id=None, when="2026-03-04")
    'lead_won:L1:2026-03-04'
    >>> derived_id(won, ordinal=2, row_id="r:7", when="2026-03-04")
    'lead_won#2:L1:r%3A7'
    """
    kind = str(row["type"])
    subject = row.get("lead_id") or row.get("partner_id") or ""
    head = [kind if ordinal == 1 else f"{kind}#{ordinal}", _part(subject)]
    if row_id is not None:
        return ":".join([*head, _part(row_id)])
    names: tuple[str, ...] = () if kind in _WHO_IS_CREDITED else _WHO_AND_WHAT
    names = ("stage",) if kind == "lead_progressed" else names
    names = (*names, "name") if kind in _NAMED else names
    own = None if row.get("lead_id") else "partner_id"
    stated = (name for name in names if name != own and row.get(name) is not None)
    others = [f"{name}={_part(row[name])}" for name in stated]
    return ":".join([*head, *others, when])


class IdBook:
    """The ids that a file gave so far, so that no event overwrites another in silence."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._contents: dict[_Version, int] = {}

    def repeats(self, event: Event) -> bool:
        """Whether the event's id was given before; from now on it was."""
        known = event.event_id in self._known
        self._known.add(event.event_id)
        return known

    def faults(self, found: Iterable[tuple[EventRule, Event]]) -> list[Fault]:
        """Faults of the derived ids of a row that stand for something else already.

        The same content is a copy; another recording instant, where the mapping states it, makes
        a revision. Ids that the file itself states are its own affair. A row without faults is
        remembered.
        """
        row: dict[_Version, int] = {}
        faults = []
        for rule, event in found:
            if "event_id" in rule.fields:
                continue
            version = event.event_id, event.recorded_at if "recorded_at" in rule.fields else None
            # the hash of a text: numbers that differ, such as -1 and -2, may have one hash
            content = hash(canonical_content(event))
            known = row.get(version, self._contents.get(version))
            row[version] = content
            if known is not None and known != content:
                reason = f"is the id of other content in this file; {_remedy(rule)}"
                faults.append(Fault("event_id", shown(event.event_id), reason))
        if not faults:
            self._contents |= row
        return faults


def _remedy(rule: EventRule) -> str:
    if rule.row_id is None:
        return "say row_id, map event_id, or give times instead of days"
    return "let row_id name a column that differs, or map recorded_at where rows are revisions"
