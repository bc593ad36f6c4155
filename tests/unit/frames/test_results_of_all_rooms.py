"""Results of every room become frames by their rows."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest

from partnerleads import fold, frames, plv, routing, scoring, stats
from partnerleads.codecs import read_csv, read_jsonl
from partnerleads.model import FrozenMap
from partnerleads.review import programme_review
from partnerleads.testing import at, history

NOW = at("2026-06-01")
EVENTS = history("""
    2026-01-01 acme onboarded
    2026-01-02 L1 captured by acme industry=steel company_size=80
    2026-01-03 L1 offered to acme
    2026-01-04 L1 accepted by acme
    2026-02-09 L1 won 9000 EUR
    2026-01-02 L2 captured industry=retail
    2026-02-09 L2 lost
    2026-05-02 L3 captured industry=retail
""")
LIVES = fold(EVENTS, as_of=NOW)
EXAMPLES = scoring.training_examples(EVENTS, as_of=NOW)
FEATURES = scoring.lead_features(EVENTS, as_of=NOW)
RESULTS: dict[str, Any] = {
    "Drift": stats.drift([1, 2], [2, 1]),
    "StandIn": scoring.NaiveBayes().fit(EXAMPLES, rules=scoring.DEFAULT_RULES),
    "BayesScorer": scoring.NaiveBayes(least_of_each=1).fit(EXAMPLES),
    "LogisticScorer": scoring.Logistic(least_of_each=1).fit(EXAMPLES),
    "LeadFeatures": FEATURES["L1"],
    "ScoredLeads": scoring.score_leads(FEATURES, scorer=scoring.DEFAULT_RULES),
    "Review": programme_review(EVENTS, as_of=NOW),
    "PlvScores": plv.plv_scores(LIVES),
    "Potentials": plv.potential(LIVES),
    "RankingScores": plv.ranking_scores(LIVES),
    "Reading": read_jsonl(BytesIO(b"{}\n"), strict=False),
    "CsvReading": read_csv(BytesIO(b"type,lead_id\nlead_won,\n"), strict=False),
    "Examples": EXAMPLES,
    "Coverage": routing.Coverage(("FR",), FrozenMap({"DE": ("a", "b")})),
    "OfferState": routing.offer_states(LIVES)["L1"],
    "Qualifications": scoring.qualify(FEATURES),
    "Priorities": scoring.priorities(
        scoring.score_leads(FEATURES, scorer=scoring.DEFAULT_RULES),
        history=LIVES,
        sla=timedelta(days=1),
    ),
}


@pytest.mark.parametrize("name", RESULTS)
def test_every_row_of_a_result_is_a_row_of_its_frame(name: str) -> None:
    result = RESULTS[name]
    rows = result.to_dicts()
    frame = frames.to_frame(result)

    assert name == type(result).__name__
    assert rows
    assert len(rows) == len(frame)
    assert [*dict.fromkeys(name for row in rows for name in row)] == frame.columns


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_shows_itself_as_text_and_in_a_notebook(name: str) -> None:
    result = RESULTS[name]

    assert str(result) != repr(result)
    assert len(repr(result)) < 2000
    assert result._repr_html_().startswith("<table>")
