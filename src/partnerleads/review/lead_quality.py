"""How good the leads are that each partner submitted in a period: a part of a review."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from statistics import fmean
from typing import TYPE_CHECKING

from attrs import frozen

from partnerleads.kpis import SMALL, History
from partnerleads.kpis.measuring.rows import RowHistory
from partnerleads.lifecycle import Lifecycles
from partnerleads.model import LeadId, PartnerId, Period
from partnerleads.showing import spaced

if TYPE_CHECKING:
    from partnerleads.scoring import LeadFeatures, LeadScorer

__all__ = ["LeadQuality", "PartnerLeads", "lead_quality", "lead_quality_lines"]

MOST_PARTNERS = 10
"""How many partners are shown; the JSON of a review has all of them. [count]"""

_FOLD = "scores read every event of a lead; fold the events"


@frozen(kw_only=True)
class PartnerLeads:
    """The leads that one partner submitted.

    Attributes:
        partner_id: The partner, as originator of the leads.
        n: Its leads. [count]
        score: Their mean score. [points, 0..100]
        qualified: Those that meet the criteria of a qualified lead. [count]
        missing: The criterion of which most often nothing is known; None where all are known.
        missing_n: Of how many leads nothing is known of it. [count]
    """

    partner_id: PartnerId
    n: int
    score: float
    qualified: int
    missing: str | None
    missing_n: int

    def __str__(self) -> str:
        text = f"{self.partner_id}  mean score {self.score:.1f} of {spaced(self.n, 'lead')}"
        text += f", {spaced(self.qualified)} qualified"
        if self.missing is not None:
            text += f"; {self.missing} not known of {spaced(self.missing_n)}"
        return text


@frozen(kw_only=True)
class LeadQuality:
    """The leads that partners submitted in a period.

    Attributes:
        period: Period of the captures.
        partners: The partners that submitted any, those with most leads first, then by id.
        score: The mean score of all their leads; None where there are none. [points, 0..100]
        left_out: Closed leads of which nothing was on record before their outcome. [count]
        invented: Leads whose capture has an invented calendar, which no period holds. [count]
        undefined_because: Why nothing is known; None where it is.
    """

    period: Period
    partners: tuple[PartnerLeads, ...] = ()
    score: float | None = None
    left_out: int = 0
    invented: int = 0
    undefined_because: str | None = None


def lead_quality(
    history: History, *, period: Period, scorer: LeadScorer | None = None
) -> LeadQuality:
    """Score and qualify the leads that partners submitted in a period.

    Leads are read as of the moment, and closed ones as they were on record before their outcome.

    Args:
        history: Lifecycles; other engines have no scores of leads.
        period: Period of the captures.
        scorer: What scores them; None takes the bundled rules.
    """
    from partnerleads import scoring  # noqa: PLC0415 - loaded with the first review

    if not isinstance(history, RowHistory):
        return LeadQuality(period=period, undefined_because=_FOLD)
    placed = [
        (lead.lead_id, lead.captured.originator, lead.captured.precision)
        for lead in history.lives.population
        if lead.captured is not None
        and lead.captured.originator is not None
        and lead.captured.occurred_at in period
    ]
    submitted: dict[LeadId, PartnerId] = {
        lead_id: originator for lead_id, originator, known in placed if known != "relative"
    }
    features = _read(history.lives.only(submitted.keys()))
    scores = scoring.score_leads(features, scorer=scorer or scoring.DEFAULT_RULES)
    judged = scoring.qualify(features)
    by_partner: dict[PartnerId, list[LeadId]] = defaultdict(list)
    for lead_id in features:
        by_partner[submitted[lead_id]].append(lead_id)

    def row(partner_id: PartnerId, leads: list[LeadId]) -> PartnerLeads:
        unknown = Counter(
            answer.name for one in leads for answer in judged[one].answers if answer.met is None
        )
        # of equals the criterion that the model names first
        missing = max(judged.criteria, key=unknown.__getitem__) if unknown else None
        return PartnerLeads(
            partner_id=partner_id,
            n=len(leads),
            score=fmean(scores[one].score for one in leads),
            qualified=sum(judged[one].qualified is True for one in leads),
            missing=missing,
            missing_n=0 if missing is None else unknown[missing],
        )

    rows = [row(partner_id, leads) for partner_id, leads in by_partner.items()]
    return LeadQuality(
        period=period,
        partners=tuple(sorted(rows, key=lambda one: (-one.n, one.partner_id))),
        score=fmean(one.score for one in scores.values()) if scores else None,
        left_out=len(submitted) - len(features),
        invented=len(placed) - len(submitted),
    )


def _read(lives: Lifecycles) -> dict[LeadId, LeadFeatures]:
    """What may be known of leads: of open ones all that the review knows."""
    from partnerleads import scoring  # noqa: PLC0415 - loaded with the first review

    closed = {lead.lead_id for lead in lives.population if lead.closed is not None}
    opened = lives.leads.keys() - closed
    before = scoring.lead_features(lives.only(closed))
    now = scoring.lead_features(lives.only(opened), as_recorded=False)
    return {**before, **now}


def lead_quality_lines(found: LeadQuality) -> Iterator[str]:
    """The partners with the leads they submitted, as lines of text.

    Args:
        found: The leads.
    """
    title = f"Leads that partners submitted in {found.period.name}"
    if found.undefined_because is not None:
        yield f"{title}: not scored, since {found.undefined_because}"
        return
    left_out = f"{spaced(found.left_out)} not on record before the outcome, by recorded_at"
    if found.score is None:
        yield f"{title}: {left_out if found.left_out else 'none'}"
    else:
        yield f"{title}: mean score {found.score:.1f}"
        yield from _partner_lines(found.partners)
        if found.left_out:
            yield f"  note: left out: {left_out}"
    if found.invented:
        yield f"  note: left out: {spaced(found.invented)} whose calendar is invented"


def _partner_lines(partners: tuple[PartnerLeads, ...]) -> Iterator[str]:
    """The first partners, and what to beware of."""
    yield from (f"  {one}" for one in partners[:MOST_PARTNERS])
    more = len(partners) - MOST_PARTNERS
    if more > 0:
        yield f"  and {spaced(more, 'more partner')}"
    if any(one.n < SMALL for one in partners):
        yield f"  note: the mean of fewer than {SMALL} leads says little"
