"""The programme review: the figures of a period beside the one before and all time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from attrs import field, frozen

from partnerleads import kpis
from partnerleads.kpis import AnyHistory, history_of
from partnerleads.kpis.rows import RowHistory
from partnerleads.lifecycle import Lifecycles
from partnerleads.model import Figure, Finding, FrozenMap, Period, Problem, instant, zone

__all__ = ["FIGURES", "Line", "Review", "last_quarter", "programme_review"]

FIGURES: tuple[tuple[str, Callable[..., Figure]], ...] = (
    ("Sourced rate", kpis.sourced_rate),
    ("Influenced rate", kpis.influenced_rate),
    ("First-offer acceptances", kpis.first_offer_acceptances),
    ("First-offer acceptance rate", kpis.first_offer_acceptance_rate),
    ("Hours to acceptance", kpis.hours_to_acceptance),
    ("Action delay", kpis.action_delay),
    ("Partner conversion rate", kpis.partner_conversion_rate),
    ("In progress", kpis.in_progress),
    ("Expected lead value", kpis.expected_lead_value),
    ("Closed won", kpis.closed_won),
    ("Final lead value", kpis.final_lead_value),
    ("Won velocity", kpis.won_velocity),
    ("Active regions", kpis.active_regions),
)
"""The figures of the review, in order, by the words it calls them."""


@frozen
class Line:
    """One figure of the review.

    Attributes:
        label: What the review calls it.
        now: In the period; a stock as of the moment.
        before: In the period before; None for a stock.
        ever: In all time; None for a stock.
    """

    label: str
    now: Figure
    before: Figure | None
    ever: Figure | None


@frozen(kw_only=True)
class Review:
    """The figures of a programme as of a moment, with what is doubtful about them.

    Attributes:
        name: What was reviewed, such as a file's name.
        as_of: The moment. [aware datetime]
        known_at: The moment of knowledge; None knew everything. [aware datetime]
        period: The period looked at.
        leads: Leads captured. [count]
        statuses: Leads by status. [counts]
        lines: The figures.
        problems: Where the history contradicts itself.
        findings: What a reviewer should doubt.
        input_notes: What the reader of the input met.
    """

    name: str
    as_of: datetime
    known_at: datetime | None
    period: Period
    leads: int
    statuses: FrozenMap[str, int]
    lines: tuple[Line, ...]
    problems: tuple[Problem, ...] = field(repr=False)
    findings: tuple[Finding, ...] = field(repr=False)
    input_notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        from partnerleads.review.text import as_text  # noqa: PLC0415 - text knows reviews

        return as_text(self)

    def to_dicts(self) -> list[dict[str, object]]:
        """Every figure as a flat row, with the span it covers."""
        return [
            {"label": line.label, "span": span, **row}
            for line in self.lines
            for span, figure in (("now", line.now), ("before", line.before), ("ever", line.ever))
            if figure is not None
            for row in figure.to_dicts()
        ]

    def to_json(self) -> dict[str, Any]:
        """The whole review as plain JSON values."""
        return {
            "name": self.name,
            "as_of": self.as_of.isoformat(),
            "known_at": None if self.known_at is None else self.known_at.isoformat(),
            "period": {
                "name": self.period.name,
                "start": self.period.start.isoformat(),
                "end": self.period.end.isoformat(),
                "time_zone": self.period.tz,
            },
            "leads": self.leads,
            "statuses": dict(self.statuses),
            "figures": [_plain(row) for row in self.to_dicts()],
            "problems": [
                {
                    "rule": problem.rule,
                    "lead_id": problem.lead_id,
                    "leads": problem.leads,
                    "event_ids": list(problem.event_ids),
                    "words": problem.words,
                }
                for problem in self.problems
            ],
            "findings": [
                {
                    "rule": finding.rule,
                    "lead_id": finding.lead_id,
                    "partner_id": finding.partner_id,
                    "event_ids": list(finding.event_ids),
                    "words": finding.words,
                }
                for finding in self.findings
            ],
            "input": list(self.input_notes),
        }


def _plain(row: Mapping[str, object]) -> dict[str, object]:
    plain: dict[str, object] = {}
    for name, value in row.items():
        if isinstance(value, datetime):
            plain[name] = value.isoformat()
        elif value is None or isinstance(value, int | float | str):
            plain[name] = value
        else:
            plain[name] = str(value)
    return plain


def last_quarter(as_of: datetime, *, tz: str = "UTC", fiscal_start: int = 1) -> Period:
    """The last quarter that was over by a moment.

    Args:
        as_of: The moment. [aware datetime]
        tz: IANA name of the time zone.
        fiscal_start: Month in which the fiscal year starts. [1..12]

    >>> from partnerleads.testing import at
    >>> print(last_quarter(at("2026-10-01")))
    Q3 2026 (2026-07-01 to 2026-10-01 UTC)
    """
    day = instant(as_of).astimezone(zone(tz)).date()
    months = (day.month - fiscal_start) % 12
    starts_this_year = day.month >= fiscal_start or fiscal_start == 1
    year = day.year + (0 if fiscal_start == 1 else 1 if starts_this_year else 0)
    quarter = months // 3
    if quarter == 0:
        return Period.quarter(year - 1, 4, tz=tz, fiscal_start=fiscal_start)
    return Period.quarter(year, quarter, tz=tz, fiscal_start=fiscal_start)


def programme_review(
    history: AnyHistory,
    *,
    as_of: datetime | None = None,
    period: Period | None = None,
    tz: str = "UTC",
    name: str = "the programme",
    input_notes: tuple[str, ...] = (),
) -> Review:
    """Review a programme.

    Args:
        history: Events, or lifecycles.
        as_of: The moment; needed with events. [aware datetime]
        period: The period to look at; by default the last quarter that is over.
        tz: Zone of that quarter.
        name: What is reviewed.
        input_notes: What the reader of the input met, to be shown with the figures.

    >>> from partnerleads.testing import at, history
    >>> review = programme_review(
    ...     history("2026-01-02 L1 captured by acme"), as_of=at("2026-04-02")
    ... )
    >>> review.lines[0].now.value
    1.0
    """
    known = history_of(history, as_of=as_of)
    lives = _lives(known)
    chosen = period or last_quarter(known.as_of, tz=tz)
    lines = []
    for label, kpi in FIGURES:
        if getattr(kpi, "is_stock", False):
            lines.append(Line(label, kpi(known), None, None))
        else:
            spans = (chosen, chosen.shifted(-1), None)
            now, before, ever = (kpi(known, period=span) for span in spans)
            lines.append(Line(label, now, before, ever))
    return Review(
        name=name,
        as_of=known.as_of,
        known_at=known.known_at,
        period=chosen,
        leads=len(lives.population),
        statuses=FrozenMap(Counter(lead.status for lead in lives.population)),
        lines=tuple(lines),
        problems=lives.problems,
        findings=lives.findings,
        input_notes=input_notes,
    )


def _lives(known: object) -> Lifecycles:
    assert isinstance(known, RowHistory)  # noqa: S101 - the one engine there is
    return known.lives
