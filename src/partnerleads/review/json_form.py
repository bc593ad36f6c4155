"""The review as plain JSON values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from attrs import fields, has

from partnerleads.model import Money, Period
from partnerleads.review.programme import Line, Review

__all__ = ["as_json"]

_SEGMENTED = frozenset({"by", "segments"})


def as_json(review: Review) -> dict[str, Any]:
    """The review as dictionaries, lists, texts, numbers and None.

    Args:
        review: The review.
    """
    return {
        "name": review.name,
        "as_of": _plain(review.as_of),
        "known_at": _plain(review.known_at),
        "period": _plain(review.period),
        "period_is_over": review.period_is_over,
        "leads": review.leads,
        "statuses": _plain(review.statuses),
        "figures": [figure for line in review.lines for figure in _figures(line)],
        "problems": _plain(review.problems),
        "findings": _plain(review.findings),
        "input": _plain(review.input_notes),
    }


def _figures(line: Line) -> Iterator[dict[str, Any]]:
    """A figure of every span, under the names of its attributes; no figure has segments here."""
    for span, figure in line.spans:
        named = {name: _plain(value) for name, value in _facts(figure) if name not in _SEGMENTED}
        yield {"label": line.label, "span": span, "interval": None, **named}


def _facts(value: Any) -> list[tuple[str, Any]]:
    return [(one.name, getattr(value, one.name)) for one in fields(type(value))]


def _period(period: Period) -> dict[str, str]:
    return {
        "name": period.name,
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
        "time_zone": period.tz,
    }


_FORMS: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (datetime, datetime.isoformat),
    (Decimal, str),
    (Money, lambda money: {"amount": str(money.amount), "currency": money.currency}),
    (Period, _period),
    (Mapping, lambda parts: {name: _plain(part) for name, part in parts.items()}),
    (tuple, lambda parts: [_plain(part) for part in parts]),
)


def _plain(value: Any) -> Any:
    """Instants and decimals as text, the rest by its parts."""
    for kind, form in _FORMS:
        if isinstance(value, kind):
            return form(value)
    return {name: _plain(part) for name, part in _facts(value)} if has(type(value)) else value
