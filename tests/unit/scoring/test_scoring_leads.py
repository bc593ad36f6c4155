"""A scorer is asked, and its answer is looked at."""

from __future__ import annotations

import pickle
from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve

from partnerleads.errors import OptionError, ScorerError
from partnerleads.model import Caution
from partnerleads.scoring import DEFAULT_RULES, LeadFeatures, LeadScore, StandIn, score_leads
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


def test_scores_print_the_highest_first_with_what_speaks_most_for_them() -> None:
    doubt = Caution("little", "a < b")
    rules = StandIn(scorer=DEFAULT_RULES, because=doubt)
    scores = score_leads(LEADS, scorer=rules)

    expected = """2 leads by default rules (as of 2026-02-01 00:00 UTC)
  L2  10.0  company_size 1000 +10.0
  L1   0.0
  note: a < b"""
    assert expected == str(scores)
    assert f"<{expected}>" == repr(scores)
    assert "<td>L2</td><td>10.0</td><td>company_size 1000 +10.0</td>" in scores._repr_html_()
    assert "<p>a &lt; b</p>" in scores._repr_html_()
    assert scores["L2"].to_dicts() + scores["L1"].to_dicts() == scores.to_dicts()
    assert ("L2", "L1") == tuple(one.lead_id for one in scores.ranked)
    assert ["L1", "L2"] == list(scores)


def test_the_scores_of_no_leads_say_so() -> None:
    scores = score_leads([], scorer=DEFAULT_RULES)

    assert "no leads" == str(scores)
    assert 0 == len(scores)
    assert [] == scores.to_dicts()


def test_a_scorer_that_stands_in_says_for_what_and_why() -> None:
    class Nameless:
        def score(self, lead: LeadFeatures, /) -> LeadScore:
            return DEFAULT_RULES.score(lead)

    named = StandIn(scorer=DEFAULT_RULES, because=Caution("little", "there is little"))
    nameless = StandIn(scorer=Nameless(), because=Caution("little", "there is little"))

    assert "default rules, standing in\n  note: there is little" == str(named)
    assert "Nameless, standing in" in nameless._repr_html_()
    assert [
        {"scorer": "default rules", "code": "little", "because": "there is little"}
    ] == named.to_dicts()


@pytest.mark.parametrize("one", ["L1", LEADS["L1"]])
def test_one_lead_in_place_of_several_is_refused(one: Any) -> None:
    with pytest.raises(OptionError, match=r"is one; pass several, such as \[\.\.\.\]"):
        score_leads(one, scorer=DEFAULT_RULES)
