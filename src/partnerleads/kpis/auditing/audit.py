"""The audit: everything a reviewer should doubt, and a figure with and without it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Generic, TypeVar

from attrs import frozen

from partnerleads.errors import OptionError
from partnerleads.kpis.attribution_rates import sourced_rate
from partnerleads.kpis.auditing.accounts import account_doubts
from partnerleads.kpis.auditing.claims import claim_doubts
from partnerleads.kpis.auditing.closes import close_doubts
from partnerleads.kpis.measuring.figures import AnyHistory, history_of
from partnerleads.kpis.measuring.rows import RowHistory
from partnerleads.model import Figure, Finding, FrozenMap, LeadId, Period
from partnerleads.model.collector import resting_collector
from partnerleads.model.figure import counted
from partnerleads.model.moments import moment_text, zone_of
from partnerleads.model.options import check_kpi
from partnerleads.model.period import check_period
from partnerleads.showing import printable, table_html

__all__ = ["AUDIT_RULES", "Audit", "audit"]

F = TypeVar("F", bound=Figure)

AUDIT_RULES: Mapping[str, str] = FrozenMap(
    {
        "claim_after_contact": "claimed after someone else's first contact was on record",
        "claim_after_win": "claimed after it was won",
        "claimed_twice": "claimed by several partners",
        "account_already_open": "claimed while another lead of the account was open",
        "backdated_claim": "the claim was dated back, and would win by that",
        "backdated_contact": "a contact was dated back, and would decide by that",
        "recorded_before_happening": "on record before it is said to have happened",
        "closed_at_another_stage": "won from a stage from which the other side wins nothing",
        "bulk_recorded": "imported in bulk, so that nobody can say who was first",
        "left_truncated": "the beginning of the history is missing",
        "immature_cohort": "leads too young for a close rate",
        "blended_average": "sourced and direct leads close at rates too different for one",
        "high_rate_on_few_leads": "a high rate on few leads",
    }
)
"""Everything that an audit looks for, in the order in which it tells."""

_PLACES = {rule: place for place, rule in enumerate(AUDIT_RULES)}

SHOWN = 5
"""How many findings of one rule are printed; all of them are in ``findings``. [count]"""


@frozen(kw_only=True, repr=False)
class Audit(Generic[F]):
    """What a reviewer should doubt about a history, and what it does to a figure.

    Attributes:
        findings: Everything found, by rule in the order of :data:`AUDIT_RULES`, then by lead.
        figure: The figure as it is.
        without: The figure without all leads in doubt.
        without_rule: By each rule that names leads, the figure without the leads that it names.
    """

    findings: tuple[Finding, ...]
    figure: F
    without: F
    without_rule: FrozenMap[str, F]

    @property
    def leads(self) -> tuple[LeadId, ...]:
        """The leads in doubt, by id."""
        return tuple(sorted(_leads(self.findings)))

    def by_rule(self) -> dict[str, tuple[Finding, ...]]:
        """The findings of each rule that found something."""
        found: dict[str, list[Finding]] = defaultdict(list)
        for finding in self.findings:
            found[finding.rule].append(finding)
        return {rule: tuple(ones) for rule, ones in found.items()}

    def to_dicts(self) -> list[dict[str, object]]:
        """A flat row for each finding, with the figure as it is and without its rule's leads."""
        return [
            {
                "rule": finding.rule,
                "lead_id": finding.lead_id,
                "partner_id": finding.partner_id,
                "event_ids": ", ".join(finding.event_ids),
                "at": finding.at,
                "words": finding.words,
                "figure": self.figure.name,
                "value": self.figure.value_text(),
                "without_rule": self.without_rule.get(finding.rule, self.figure).value_text(),
                "without_all": self.without.value_text(),
            }
            for finding in self.findings
        ]

    def _heading(self) -> str:
        heading = f"audit as of {moment_text(self.figure.as_of)}"
        period = self.figure.period
        if period is None:
            return heading
        return f"{heading}; doubts about leads of all time, figures of {period}"

    def _figures(self) -> Iterator[str]:
        yield f"{self.figure.name} {self.figure.value_text()} ({self.figure.basis_text()})"
        doubted = counted(len(self.leads), "lead")
        basis = self.without.basis_text()
        yield f"without the {doubted} in doubt {self.without.value_text()} ({basis})"

    def _of_rule(self, rule: str, found: tuple[Finding, ...]) -> str:
        text = f"{counted(len(found), 'finding')}: {AUDIT_RULES[rule]}"
        if rule not in self.without_rule:
            return text
        leads = counted(len(_leads(found)), "lead")
        return f"{text}; without the {leads} {self.without_rule[rule].value_text()}"

    def __str__(self) -> str:
        lines = [self._heading(), *(f"  {line}" for line in self._figures())]
        if not self.findings:
            lines.append("  nothing found")
        for rule, found in self.by_rule().items():
            lines.append(f"  {rule}: {self._of_rule(rule, found)}")
            lines += [f"    {_told(finding)}" for finding in found[:SHOWN]]
            if len(found) > SHOWN:
                lines.append(f"    and {len(found) - SHOWN} more")
        return "\n".join(map(printable, lines))

    def __repr__(self) -> str:
        return f"<{self}>"

    def _repr_html_(self) -> str:
        rows = [
            (rule, self._of_rule(rule, found), _told(finding))
            for rule, found in self.by_rule().items()
            for finding in found
        ]
        caption = "; ".join([self._heading(), *self._figures()])
        return table_html(caption, rows, titles=("rule", "what it means", "found"))


def _told(finding: Finding) -> str:
    shown = f" ({', '.join(finding.event_ids)})" if finding.event_ids else ""
    return f"{finding.lead_id or 'history'}: {finding.words}{shown}"


def _leads(findings: tuple[Finding, ...]) -> set[LeadId]:
    return {finding.lead_id for finding in findings if finding.lead_id is not None}


@resting_collector()  # findings and figures are many small objects
def audit(
    history: AnyHistory,
    *,
    kpi: Callable[..., F] = sourced_rate,  # type: ignore[assignment]
    as_of: datetime | None = None,
    period: Period | None = None,
    **options: Any,
) -> Audit[F]:
    """Everything that a reviewer should doubt, with its evidence, and what hangs on it.

    The rules are a closed list, :data:`AUDIT_RULES`; a doubt is no proof, and the figure without
    the leads in doubt is no better figure: it says how much hangs on them.

    Args:
        history: Events or lifecycles; the whole of them.
        kpi: The KPI to show with and without the leads in doubt.
        as_of: The moment; needed with events. [aware datetime]
        period: Period of the KPI's anchor, and of the capture of the leads whose close rates are
            looked at; None is all time. Doubts about single leads are sought in all of them.
        **options: Options of the KPI; ages go by the days of its ``tz`` where there is no period.

    Raises:
        OptionError: When another engine reads the history, it is a part of one, or *kpi* is none.

    Source:
        Newcombe 1998 for the difference of the rates of ``blended_average``.

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 L1 captured by acme
    ...     2026-01-02 L2 captured
    ...     2026-01-05 L2 registered by acme
    ... ''')
    >>> print(audit(events, as_of=at("2026-03-01")))
    audit as of 2026-03-01 00:00 UTC
      sourced_rate 50.0 % (1 of 2 leads captured; 95 % 9.5-90.5 %)
      without the 1 lead in doubt 100.0 % (1 of 1 lead captured; 95 % 20.7-100.0 %)
      claim_after_contact: 1 finding: claimed after someone else's first contact was on record;
        without the 1 lead 100.0 %
        L2: acme's claim was recorded 2026-01-05 00:00 UTC, the first contact by the own
        team 2026-01-02 00:00 UTC (e3, e2)
    """
    check_kpi(kpi)
    check_period("period", period)
    known = history_of(history, as_of=as_of)
    if not isinstance(known, RowHistory):
        reason = "the audit reads every lead's own events; pass all events, or lifecycles"
        raise OptionError("history", type(known).__name__, reason)
    lives = known.lives
    tz = zone_of(period)
    if period is not None:
        options["period"] = period
    elif "tz" in options:
        tz = options["tz"]
    findings = tuple(
        sorted(
            (
                *claim_doubts(lives),
                *account_doubts(known.everyone("leads")),
                *lives.findings,
                *close_doubts(known, period, tz),
            ),
            key=_place,
        )
    )

    def without(doubted: tuple[Finding, ...]) -> F:
        return kpi(known.without(_leads(doubted)), **options)

    figure = kpi(lives, **options)
    named = tuple(finding for finding in findings if finding.lead_id is not None)
    rules = dict.fromkeys(finding.rule for finding in named)
    return Audit(
        findings=findings,
        figure=figure,
        without=without(findings),
        without_rule=FrozenMap(
            {rule: without(tuple(f for f in named if f.rule == rule)) for rule in rules}
        ),
    )


def _place(finding: Finding) -> tuple[int, str, str, tuple[str, ...], str]:
    return (
        _PLACES[finding.rule],
        finding.lead_id or "",
        finding.partner_id or "",
        finding.event_ids,
        finding.words,
    )
