"""Scoring: a scorer is asked, and its answer is looked at before it is used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from partnerleads.errors import OptionError, ScorerError
from partnerleads.model import FrozenMap, LeadId
from partnerleads.scoring.lead_features import LeadFeatures, check_lead
from partnerleads.scoring.lead_score import LeadScore
from partnerleads.scoring.protocol import LeadScorer, checked_scorer
from partnerleads.scoring.scored_leads import ScoredLeads

__all__ = ["score_leads", "scored"]


def score_leads(
    leads: Mapping[LeadId, LeadFeatures] | Iterable[LeadFeatures], *, scorer: LeadScorer
) -> ScoredLeads:
    """The scores of leads, by lead id.

    Args:
        leads: What is known of them.
        scorer: How to score.

    Raises:
        OptionError: When the scorer is none, or a lead is not told by its features.
        ScorerError: When an answer is no score, or is about another lead or moment.

    >>> from partnerleads.scoring import DEFAULT_RULES, lead_features
    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 L1 captured company_size=80 industry=steel country=DE
    ...     2026-01-02 L1 progressed
    ... ''')
    >>> leads = lead_features(events, as_of=at("2026-02-01"))
    >>> scores = score_leads(leads, scorer=DEFAULT_RULES)
    >>> print(scores)
    1 lead by default rules (as of 2026-02-01 00:00 UTC)
      L1  15.0  company_size 80 +10.0
    >>> print(scores["L1"])
    L1 15.0 (default rules, as of 2026-02-01 00:00 UTC)
      company_size     80                               +10.0
      lead_progressed  once, last 2026-01-02 00:00 UTC   +5.0
    """
    checked_scorer(scorer)
    if isinstance(leads, str | LeadFeatures):
        raise OptionError("leads", type(leads).__name__, "is one; pass several, such as [...]")
    known = [*(leads.values() if isinstance(leads, Mapping) else leads)]
    for lead in known:
        check_lead("leads", lead)
    scores = {lead.lead_id: scored(lead, scorer=scorer) for lead in known}
    return ScoredLeads(FrozenMap(scores))


def scored(lead: LeadFeatures, *, scorer: LeadScorer) -> LeadScore:
    """The score of one lead, once it is sure that it is one and this lead's.

    Args:
        lead: What is known of it.
        scorer: How to score.

    Raises:
        ScorerError: When the answer is no score, or is about another lead or moment.
    """
    answer: object = scorer.score(lead)
    name = type(scorer).__name__
    if not isinstance(answer, LeadScore):
        raise ScorerError(name, lead.lead_id, f"answers {answer!r}; answer with a LeadScore")
    if (answer.lead_id, answer.as_of) != (lead.lead_id, lead.as_of):
        told = f"{answer.lead_id!r} as of {answer.as_of.isoformat()}"
        reason = f"answers for {told}; take over lead_id and as_of of the features"
        raise ScorerError(name, lead.lead_id, reason)
    return answer
