"""The review as plain JSON values."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from math import isfinite
from typing import Any

from attrs import fields, has

from partnerleads.kpis import Audit
from partnerleads.model import FrozenMap, Money, PartnerId, Period
from partnerleads.review.lead_scores import LeadScores
from partnerleads.review.partner_scores import PartnerScores
from partnerleads.review.programme import Line, Review
from partnerleads.review.unassigned import UnassignedLeads

__all__ = ["as_json"]

_SEGMENTED = frozenset({"by", "segments"})
_LONG = frozenset({"curve"})
"""Attributes that would fill pages, and that nobody reads in a report."""


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
        "close_rates": _plain(review.close_rates),
        "partner_scores": _scores(review.partner_scores),
        "lead_scores": _lead_scores(review.lead_scores),
        "lead_quality": _plain(review.lead_quality),
        "unassigned": _unassigned(review.unassigned),
        "audit": None if review.audit is None else _audit(review.audit),
        "problems": _plain(review.problems),
        "findings": _plain(review.findings),
        "input": _plain(review.input_notes),
    }


def _figures(line: Line) -> Iterator[dict[str, Any]]:
    """A figure of every span, under the names of its attributes; no figure has segments here."""
    for span, figure in line.spans:
        named = {name: _plain(value) for name, value in _facts(figure) if name not in _SEGMENTED}
        yield {"label": line.label, "span": span, "interval": None, **named}


def _audit(audit: Audit[Any]) -> dict[str, Any]:
    """The effect of the leads in doubt; the findings stand beside the problems."""
    return {
        "leads": _plain(audit.leads),
        "figure": _plain(audit.figure),
        "without": _plain(audit.without),
        "without_rule": _plain(audit.without_rule),
    }


def _scores(found: PartnerScores) -> dict[str, Any]:
    """Each partner's composite score, potential and ranking score, best first."""
    if found.scores is None or found.ranking is None:
        return {"undefined_because": found.undefined_because, "partners": []}
    scores = found.scores
    rows = []
    for row in found.ranking.to_dicts():
        score = scores[PartnerId(str(row["partner_id"]))]
        rows.append({"tier": score.tier, "coverage": score.coverage} | row)
    return {"undefined_because": None, "partners": _plain(tuple(rows))}


def _lead_scores(found: LeadScores) -> dict[str, Any]:
    """The open leads, highest score first, and the scores of decided ones against outcomes."""
    rows = [] if found.priorities is None else found.priorities.to_dicts()
    return {
        "undefined_because": found.undefined_because,
        "priorities": _plain(tuple(FrozenMap(row) for row in rows)),
        "calibration": _plain(found.calibration),
    }


def _unassigned(found: UnassignedLeads) -> dict[str, Any]:
    """Each decision as its own record."""
    return {
        "router": found.router,
        "undefined_because": found.undefined_because,
        "decisions": [json.loads(one.record()) for one in found.decisions],
    }


def _facts(value: Any) -> list[tuple[str, Any]]:
    names = (one.name for one in fields(type(value)))
    return [(name, getattr(value, name)) for name in names if name not in _LONG]


def _period(period: Period) -> dict[str, str]:
    return {
        "name": period.name,
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
        "time_zone": period.tz,
    }


def _mapping(parts: Mapping[Any, Any]) -> Any:
    """An object; a list of keys and values where a key is no text, such as a tuple."""
    if all(isinstance(key, str) for key in parts):
        return {key: _plain(part) for key, part in parts.items()}
    return [{"key": _plain(key), "value": _plain(part)} for key, part in parts.items()]


_FORMS: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (datetime, datetime.isoformat),
    (Decimal, str),
    (float, lambda number: number if isfinite(number) else None),
    (Money, lambda money: {"amount": str(money.amount), "currency": money.currency}),
    (Period, _period),
    (Mapping, _mapping),
    (tuple, lambda parts: [_plain(part) for part in parts]),
    (timedelta, lambda span: span / timedelta(days=1)),
)


def _plain(value: Any) -> Any:
    """Instants and decimals as text, the rest by its parts."""
    for kind, form in _FORMS:
        if isinstance(value, kind):
            return form(value)
    if not has(type(value)):
        return value
    return {
        name: _segments(part) if name == "segments" else _plain(part)
        for name, part in _facts(value)
    }


def _segments(segments: Mapping[Any, Any]) -> list[dict[str, Any]]:
    """Each segment with its key, which is a text, None or a list of these."""
    return [{"key": _plain(key), **_plain(figure)} for key, figure in segments.items()]
