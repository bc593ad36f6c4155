"""An event as a row: a mapping of plain JSON values, and its canonical text."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from partnerleads.events.fact import Fact
from partnerleads.events.fields import fields_of
from partnerleads.model.lead import Lead
from partnerleads.model.money import Money

__all__ = ["canonical_content", "to_row"]


def _money(value: Money) -> dict[str, str]:
    return {"amount": str(value.amount), "currency": value.currency}


def _plain(value: Any) -> Any:
    return value


def _lead(value: Lead) -> dict[str, Any]:
    return _stated(value)


_WRITERS: dict[str, Callable[[Any], Any]] = {
    "text": _plain,
    "integer": _plain,
    "number": _plain,
    "yes_no": _plain,
    "choice": _plain,
    "instant": datetime.isoformat,
    "money": _money,
    "texts": list,
    "text_map": dict,
    "number_map": dict,
    "lead": _lead,
}


def _stated(holder: Fact | Lead) -> dict[str, Any]:
    row = {}
    for spec in fields_of(type(holder)):
        value = getattr(holder, spec.name)
        if spec.required or value != spec.default:
            row[spec.name] = _WRITERS[spec.value](value)
    return row


def to_row(event: Fact) -> dict[str, Any]:
    """The event as a row of EVENTS names and plain JSON values; what is absent is left out.

    >>> from datetime import datetime, timezone
    >>> from partnerleads.events import LeadReopened
    >>> at = datetime(2026, 3, 4, tzinfo=timezone.utc)
    >>> row = to_row(LeadReopened(event_id="e1", occurred_at=at, lead_id="L1"))
    >>> row["type"], row["occurred_at"], "reason" in row
    ('lead_reopened', '2026-03-04T00:00:00+00:00', False)
    """
    row = {"type": event.type, **_stated(event)}
    if event.recorded_at == event.occurred_at:
        del row["recorded_at"]
    return row


def canonical_content(event: Fact) -> str:
    """Everything the event says but ``recorded_at``, as one text with sorted names."""
    row: Mapping[str, Any] = {k: v for k, v in to_row(event).items() if k != "recorded_at"}
    return json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
