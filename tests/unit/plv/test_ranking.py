"""Ranking scores at their edges, and as text."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from partnerleads import plv
from partnerleads.errors import OptionError
from partnerleads.testing import at, history

NOW = at("2026-12-31")


@pytest.mark.parametrize(
    ("composite", "potential", "options", "words"),
    [
        (101.0, None, {"decided": 1}, "composite=101.0: must lie between 0 and 100"),
        (None, -1.0, {"decided": 1}, "potential=-1.0: must lie between 0 and 100"),
        (1.0, 1.0, {"decided": -1}, "must not be negative"),
        (1.0, 1.0, {"decided": 1, "strength": 0}, "must be above 0"),
        (1.0, 1.0, {"decided": 1, "strength": float("nan")}, "must be a finite number"),
    ],
)
def test_numbers_out_of_range_are_refused(
    composite: Any, potential: Any, options: dict[str, Any], words: str
) -> None:
    with pytest.raises(OptionError, match=words):
        plv.ranking_score(composite, potential, **options)


@pytest.mark.parametrize(
    ("composite", "potential", "value", "credibility"),
    [(60.0, None, 60.0, 1.0), (None, 20.0, 20.0, 0.0), (None, None, None, 0.0)],
)
def test_where_one_number_is_not_known_the_other_stands_alone(
    composite: float | None, potential: float | None, value: float | None, credibility: float
) -> None:
    found = plv.ranking_score(composite, potential, decided=5)

    assert (value, credibility) == (found.value, found.credibility)


def test_ranking_scores_show_all_three_best_first() -> None:
    events = history("""
        2026-01-01 acme onboarded
        2026-01-10 acme training basics
        2026-01-01 beta onboarded
        2026-02-10 L1   captured by core
        2026-03-10 L1   won 90000 EUR margin=40000 EUR
    """)

    found = plv.ranking_scores(events, as_of=NOW)

    assert ["core", "acme", "beta"] == [one.partner_id for one in found.ranked]
    assert 3 == len(found)
    text = repr(found)
    assert text.startswith("<3 partners by ranking score (as of 2026-12-31 00:00 UTC)\n  core  ")
    assert "potential unknown counts 0 %, decided leads: 1" in text
    assert "<td>acme</td>" in found._repr_html_()
    assert {"ranking_score", "composite", "potential", "decided", "credibility"} <= {
        *found.to_dicts()[0]
    }
    assert "no partners" == str(plv.ranking_scores([], as_of=NOW))


def test_one_ranking_score_prints_with_and_without_its_partner() -> None:
    events = history("2026-01-01 acme onboarded")

    assert repr(plv.ranking_scores(events, as_of=NOW)["acme"]).startswith("<acme 11.9 (composite ")
    assert "unknown (composite unknown counts 0 %, potential unknown counts 100 %, " in str(
        plv.ranking_score(None, None, decided=0)
    )


RANKED = """
    2026-01-01 acme onboarded
    2026-01-10 acme training basics
    2026-02-10 L1   captured by core
    2026-03-10 L1   won 90000 EUR margin=40000 EUR
"""


def test_scores_that_are_made_already_are_taken() -> None:
    events = history(RANKED)
    scores = plv.plv_scores(events, as_of=NOW)
    live = plv.LivePlv()
    live.extend(events)
    found = plv.ranking_scores(events, as_of=NOW)

    assert found == plv.ranking_scores(events, as_of=NOW, scores=scores)
    assert found == plv.ranking_scores(events, as_of=NOW, scores=live.scores(NOW))
    halved = {name: attrs.evolve(one, value=(one.value or 0) / 2) for name, one in scores.items()}
    other = plv.ranking_scores(events, as_of=NOW, scores=halved)
    assert [one.value for one in halved.values()] == [one.composite for one in other.values()]


def test_scores_of_something_else_are_refused() -> None:
    events = history(RANKED)
    fewer = {"acme": plv.plv_scores(events, as_of=NOW)["acme"]}
    more = plv.plv_scores(history(RANKED + "    2026-01-01 zeta onboarded\n"), as_of=NOW)
    early = plv.plv_scores(events, as_of=at("2026-06-01"))
    involved = plv.DEFAULT_MODEL.credited("involved")
    other = plv.plv_scores(events, as_of=NOW, model=attrs.evolve(involved, name="involved"))

    for scores, words in (
        (fewer, "scores='core': is in the scores or in the history"),
        (more, "scores='zeta': is in the scores or in the history"),
        (early, "scores='2026-06-01T00:00:00.00:00': is not the history's 2026-12-31"),
        (other, "scores='involved': comes not of the model 'default'"),
    ):
        with pytest.raises(OptionError, match=words):
            plv.ranking_scores(events, as_of=NOW, scores=scores)
