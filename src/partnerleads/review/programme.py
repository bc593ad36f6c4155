"""The programme review: the figures of a period beside the one before and all time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from inspect import signature
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from attrs import frozen

from partnerleads import kpis
from partnerleads.errors import OptionError
from partnerleads.kpis import AnyHistory, Audit, History, Rates, history_of
from partnerleads.lifecycle import Lifecycles
from partnerleads.model import (
    Figure,
    Finding,
    FrozenMap,
    Period,
    Problem,
    Share,
    instant,
    zone,
)
from partnerleads.model.collector import resting_collector
from partnerleads.review.asking import asks_of
from partnerleads.review.close_rates import CloseRates, close_rates
from partnerleads.review.lead_quality import LeadQuality, lead_quality
from partnerleads.review.lead_scores import LeadScores, lead_scores
from partnerleads.review.partner_scores import PartnerScores, partner_scores
from partnerleads.review.unassigned import UnassignedLeads, routed_leads, scores_of

if TYPE_CHECKING:
    from partnerleads.plv import PlvModel
    from partnerleads.routing import Router
    from partnerleads.scoring import LeadScorer

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

    @property
    def spans(self) -> tuple[tuple[str, Figure], ...]:
        """The figures there are, each with the name of its span."""
        named = (("now", self.now), ("before", self.before), ("ever", self.ever))
        return tuple((span, figure) for span, figure in named if figure is not None)


@frozen(kw_only=True, repr=False)
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
        close_rates: Whether partner leads close better, by cohorts that matured.
        partner_scores: How partners stand by their scores.
        lead_scores: Which open leads to follow up first, and how far such scores held.
        lead_quality: How good the leads are that partners submitted in the period.
        unassigned: The open leads that nobody has, and who would get each.
        audit: The findings, and the sourced rate with and without the leads in doubt; None where
            it was not looked for, as on frames.
        problems: Where the history contradicts itself.
        findings: What a reviewer should doubt; None where it was not looked for, as on frames.
        input_notes: What the reader of the input met.
    """

    name: str
    as_of: datetime
    known_at: datetime | None
    period: Period
    leads: int
    statuses: FrozenMap[str, int]
    lines: tuple[Line, ...]
    close_rates: CloseRates
    partner_scores: PartnerScores
    lead_scores: LeadScores
    lead_quality: LeadQuality
    unassigned: UnassignedLeads
    audit: Audit[Share] | None
    problems: tuple[Problem, ...]
    findings: tuple[Finding, ...] | None
    input_notes: tuple[str, ...] = ()

    @property
    def period_is_over(self) -> bool:
        """Whether the period ended by the moment; the figures of an open one still move."""
        return self.period.end <= self.as_of

    def __str__(self) -> str:
        from partnerleads.review.text import as_text  # noqa: PLC0415 - text knows reviews

        return as_text(self)

    def __repr__(self) -> str:
        head, *_ = str(self).split("\n", 1)
        return f"<{head}>"

    def _repr_html_(self) -> str:
        from partnerleads.review.text import as_html  # noqa: PLC0415 - text knows reviews

        return as_html(self)

    def to_dicts(self) -> list[dict[str, object]]:
        """Every figure as a flat row, with the span it covers."""
        return [
            {"label": line.label, "span": span, **row}
            for line in self.lines
            for span, figure in line.spans
            for row in figure.to_dicts()
        ]

    def to_json(self) -> dict[str, Any]:
        """The whole review as plain JSON values: amounts and instants are text, nothing is NaN.

        Figures have the names of their attributes, and ``interval`` is None where there is none.
        """
        from partnerleads.review.json_form import as_json  # noqa: PLC0415 - it knows reviews

        return as_json(self)


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
    fiscal_start: int = 1,
    name: str = "the programme",
    model: PlvModel | None = None,
    rates: Rates | None = None,
    lead_scorer: LeadScorer | None = None,
    router: Router | None = None,
    input_notes: tuple[str, ...] = (),
) -> Review:
    """Review a programme.

    Args:
        history: Events, lifecycles, or a frame's history, which works all out in one query.
        as_of: The moment; needed with events. [aware datetime]
        period: The period to look at; by default the last quarter that is over.
        tz: Zone of that quarter.
        fiscal_start: Month in which the fiscal year of that quarter starts. [1..12]
        name: What is reviewed.
        model: How to score partners; None takes the bundled model.
        rates: Rates to convert the money of scores with; a function of (from, to, day).
        lead_scorer: How to score leads; None takes the bundled rules.
        router: Who would give away the leads that nobody has; None takes round robin by credit.
        input_notes: What the reader of the input met, to be shown with the figures.

    Raises:
        AsOfError: When ``as_of`` is missing with events, or differs from the lifecycles' own.
        OptionError: When the history is of an engine that does not know its problems.
        PeriodError: When there is no such time zone or month, or no period before the period.

    >>> from partnerleads.testing import at, history
    >>> review = programme_review(
    ...     history("2026-01-02 L1 captured by acme"), as_of=at("2026-04-02")
    ... )
    >>> review.lines[0].now.value
    1.0
    """
    known = history_of(history, as_of=as_of)
    lives = getattr(known, "lives", known)
    if not isinstance(lives, Reviewable):
        reason = "a review needs a history that knows its leads and their problems"
        raise OptionError("history", history, reason)
    chosen = period or last_quarter(known.as_of, tz=tz, fiscal_start=fiscal_start)
    with resting_collector():
        statuses = FrozenMap(lives.statuses)
        scores = partner_scores(known, model=model, rates=rates)
        audit: Audit[Share] | None = kpis.audit(lives) if isinstance(lives, Lifecycles) else None
        return Review(
            name=name,
            as_of=known.as_of,
            known_at=known.known_at,
            period=chosen,
            leads=sum(statuses.values()),
            statuses=statuses,
            lines=_lines(known, chosen),
            close_rates=close_rates(known, period=chosen),
            partner_scores=scores,
            lead_scores=lead_scores(known, scorer=lead_scorer),
            lead_quality=lead_quality(known, period=chosen, scorer=lead_scorer),
            unassigned=routed_leads(known, scores=scores_of(scores.ranking), router=router),
            audit=audit,
            problems=lives.problems,
            findings=lives.findings if audit is None else audit.findings,
            input_notes=input_notes,
        )


@runtime_checkable
class Reviewable(Protocol):
    """What a review asks of a history besides its figures."""

    @property
    def statuses(self) -> Mapping[str, int]:
        """Captured leads by status."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Where the histories contradict themselves."""

    @property
    def findings(self) -> tuple[Finding, ...] | None:
        """What a reviewer should doubt; None where it was not looked for."""


def _lines(known: History, period: Period) -> tuple[Line, ...]:
    calls = {label: _calls(kpi, period) for label, kpi in FIGURES}
    if hasattr(known, "work_out"):  # an engine that answers many questions by one query
        asked = [(kpi, one) for label, kpi in FIGURES for one in calls[label]]
        known.work_out(asks_of(known, asked))
    return tuple(
        Line(label, *_spans(kpi(known, **one) for one in calls[label])) for label, kpi in FIGURES
    )


def _calls(kpi: Callable[..., Figure], period: Period) -> list[dict[str, Any]]:
    """The arguments of a figure for each span of the review."""
    if getattr(kpi, "is_stock", False):
        return [{}]
    # dates of all time compare in the same zone as those of the period
    zoned = {"tz": period.tz} if "tz" in signature(kpi).parameters else {}
    return [{"period": span, **zoned} for span in (period, period.shifted(-1), None)]


def _spans(figures: Iterable[Figure]) -> tuple[Figure, Figure | None, Figure | None]:
    now, *others = figures
    before, ever = others or (None, None)
    return now, before, ever
