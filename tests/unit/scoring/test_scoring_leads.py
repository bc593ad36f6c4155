"""A scorer is asked, and its answer is looked at."""

from __future__ import annotations

import pickle
from datetime import timedelta

import pytest
from attrs import evolve

from partnerleads.errors import OptionError, ScorerError
from partnerleads.scoring import DEFAULT_RULES, LeadFeatures, score_leads
from partnerleads.testing import at, history

NOW = at("2026-02-01")
LEADS = {
    name: LeadFeatures(lead_id=name, captured_at=NOW, as_of=NOW, numbers={"company_size": size})
    for name, size in {"L1": 10, "L2": 1000}.items()
}


def test_a_mapping_and_a_list_of_leads_are_scored_alike() -> None:
    scores = score_leads(LEADS, scorer=DEFAULT_RULES)

    assert {"L1": 0, "L2": 10} == {name: one.score for name, one in scores.items()}
    assert scores == score_leads(iter(LEADS.values()), scorer=DEFAULT_RULES)


def test_answers_that_are_no_score_of_the_lead_are_refused() -> None:
    class Number:
        def score(self, lead: LeadFeatures, /) -> float:
            return lead.numbers["company_size"]

    class Late:
        def score(self, lead: LeadFeatures, /) -> object:
            return DEFAULT_RULES.score(evolve(lead, as_of=lead.as_of + timedelta(days=1)))

    with pytest.raises(ScorerError, match=r"Number on lead 'L1': answers 10\.0; answer with a"):
        score_leads(LEADS, scorer=Number())  # type: ignore[arg-type]
    with pytest.raises(ScorerError, match="answers for 'L1' as of 2026-02-02") as caught:
        score_leads(LEADS, scorer=Late())  # type: ignore[arg-type]
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own bytes
    assert ("Late", "L1", str(caught.value)) == (again.scorer, again.lead_id, str(again))


def test_events_in_place_of_features_are_refused() -> None:
    events = history("2026-01-02 L1 captured")

    with pytest.raises(OptionError, match="leads='LeadCaptured': is no LeadFeatures; lead_feat"):
        score_leads(events, scorer=DEFAULT_RULES)  # type: ignore[arg-type]


def test_what_is_no_scorer_is_refused() -> None:
    with pytest.raises(OptionError, match="is no scorer; pass an object with a method `score`"):
        score_leads(LEADS, scorer=3)  # type: ignore[arg-type]
