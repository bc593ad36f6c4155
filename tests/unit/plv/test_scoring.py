"""Scores of histories at their edges, and how they show themselves."""

from __future__ import annotations

import pickle
from datetime import datetime
from decimal import Decimal

import attrs
import pytest

from partnerleads import fold, plv
from partnerleads.errors import AsOfError, MixedCurrencyError, NaiveInstantError, OptionError
from partnerleads.kpis import history_start
from partnerleads.testing import at, history

NOW = at("2026-12-31")

DEALS = """
    2026-01-01 acme onboarded
    2026-02-01 L1 captured by acme
    2026-03-01 L1 won 100000 EUR margin=20000 EUR
    2026-04-01 acme training basics
    2026-05-01 beta onboarded
"""


def test_without_events_there_are_no_scores() -> None:
    scores = plv.plv_scores([], as_of=NOW)

    assert {} == scores
    assert ("no partners", [], 0) == (str(scores), scores.to_dicts(), len(scores))


def test_lifecycles_know_their_moment_and_events_need_one() -> None:
    events = list(history(DEALS))

    assert plv.plv_scores(events, as_of=NOW) == plv.plv_scores(fold(events, as_of=NOW))
    with pytest.raises(AsOfError):
        plv.plv_scores(events)


def test_a_history_without_lifecycles_is_refused_with_what_to_pass() -> None:
    part = history_start(history(DEALS), at("2026-01-01"), as_of=NOW)

    with pytest.raises(OptionError, match="pass events, or the lifecycles made of them"):
        plv.plv_scores(part)


def test_future_dated_events_do_not_exist_yet() -> None:
    told = DEALS + "    2027-01-01 acme training advanced\n    2027-01-01 cyan onboarded\n"

    assert plv.plv_scores(history(DEALS), as_of=NOW) == plv.plv_scores(history(told), as_of=NOW)


def test_a_terminated_partner_keeps_its_score_and_the_score_says_so() -> None:
    told = DEALS + "    2026-11-01 acme partner_terminated\n"
    before = plv.plv_scores(history(DEALS), as_of=NOW)["acme"]
    after = plv.plv_scores(history(told), as_of=NOW)["acme"]

    assert before.value == after.value
    assert () == before.warnings
    assert ["the partner left the programme on 2026-11-01 00:00 UTC"] == [*map(str, after.warnings)]
    assert "note: the partner left" in str(after)


def test_deals_in_several_currencies_need_a_currency_and_rates() -> None:
    told = history(DEALS + """
        2026-02-01 L2 captured by beta
        2026-03-01 L2 won 50000 USD margin=5000 USD
    """)  # fmt: skip
    in_euro = attrs.evolve(plv.DEFAULT_MODEL, currency="EUR")

    with pytest.raises(MixedCurrencyError, match="EUR, USD"):
        plv.plv_scores(told, as_of=NOW)
    with pytest.raises(OptionError, match="needs rates"):
        plv.plv_scores(told, as_of=NOW, model=in_euro)
    scores = plv.plv_scores(told, as_of=NOW, model=in_euro, rates=lambda *_: Decimal("0.5"))

    assert {"acme": 100_000.0, "beta": 25_000.0} == {
        name: one.values["revenue"] for name, one in scores.items()
    }


def test_negative_margins_and_refunds_above_the_value_score_0_there() -> None:
    told = history("""
        2026-02-01 L1 captured by acme
        2026-03-01 L1 won 9000 EUR margin=-900 EUR
        2026-02-01 L2 captured by acme
        2026-03-01 L2 won 1000 EUR margin=100 EUR
        2026-04-01 L2 refunded 3000 EUR
    """)
    score = plv.plv_scores(told, as_of=NOW)["acme"]

    assert (7000.0, -1100 / 7000) == (score.values["revenue"], score.values["margin"])
    assert 0.0 == score.shares["margin"]


def test_a_score_of_little_coverage_is_provisional() -> None:
    score = plv.plv_scores(history("2026-05-01 L1 captured\n2026-05-01 L1 influenced by acme"),
                           as_of=NOW)["acme"]  # fmt: skip

    assert (None, 0.0, True, None) == (score.value, score.coverage, score.provisional, score.tier)
    assert () == score.parts
    assert str(score).startswith("acme undefined (0 % known")


def test_a_first_mediocre_rating_can_lower_a_score() -> None:
    told = """
        2026-01-01 acme onboarded
        2026-12-01 L1 captured by acme
        2026-12-02 L1 won 900000 EUR margin=400000 EUR
    """
    rated = told + "    2026-12-20 acme rated score=2 scale_min=1 scale_max=5 \n"
    before, after = (plv.plv_scores(history(text), as_of=NOW)["acme"] for text in (told, rated))

    assert after.coverage > before.coverage
    assert (after.value or 0) < (before.value or 0)


def test_partners_are_listed_best_first_and_those_without_a_score_last() -> None:
    told = DEALS + "    2026-06-01 L3 captured\n    2026-06-01 L3 influenced by aaron\n"
    scores = plv.plv_scores(history(told), as_of=NOW)

    assert ["acme", "beta", "aaron"] == [one.partner_id for one in scores.ranked]
    assert ["aaron", "acme", "beta"] == [*scores]
    assert repr(scores) == f"<{scores}>"
    assert "aaron  undefined" in str(scores)


def test_the_moment_of_a_score_has_an_offset() -> None:
    with pytest.raises(NaiveInstantError, match="as_of"):
        plv.score_of(
            plv.record_of("acme"),
            as_of=datetime(2026, 1, 1),  # noqa: DTZ001 - what is refused
            model=plv.DEFAULT_MODEL,
        )


def test_scores_are_pickled_with_their_model() -> None:
    scores = plv.plv_scores(history(DEALS), as_of=NOW)

    assert scores == pickle.loads(pickle.dumps(scores))  # noqa: S301 - made right here


CAPPED = plv.PlvModel(
    name="capped",
    criteria=[
        plv.Criterion(metric=plv.Revenue(), normaliser=plv.CappedTarget(100_000), weight=3),
        plv.Criterion(metric=plv.Campaigns(), normaliser=plv.CappedTarget(2), weight=1),
        plv.Criterion(metric=plv.Satisfaction(), normaliser=plv.Goalposts(0, 1), weight=1),
    ],
    gates=[plv.Gate(cap=69)],
    tiers=[plv.Tier(name="qualified", at_least=70)],
)


def test_a_score_shows_its_parts_with_the_cap_and_what_is_not_known() -> None:
    score = plv.plv_scores(history(DEALS), as_of=NOW, model=CAPPED)["acme"]

    assert """\
acme 69.0 (80 % known, model capped, as of 2026-12-31 00:00 UTC)
  revenue       100 000 EUR       75.0 of 75.0
  campaigns     0 points          0.0 of 25.0
  satisfaction  not known         -
  cap           a gate is closed  -6.0\
""" == str(score)
    assert f"<{score}>" == repr(score)
    assert (75.0, 0.0, -6.0) == tuple(part.points for part in score.parts)
    assert CAPPED.fingerprint == score.fingerprint


def test_a_score_becomes_flat_rows_with_one_for_the_cap() -> None:
    rows = plv.plv_scores(history(DEALS), as_of=NOW, model=CAPPED).to_dicts()[:4]

    assert ["revenue", "campaigns", "satisfaction", "cap"] == [row["criterion"] for row in rows]
    assert [75.0, 0.0, None, -6.0] == [row["points"] for row in rows]
    assert 1 == len({tuple(row) for row in rows})


def test_a_score_shows_itself_in_a_notebook() -> None:
    told = DEALS + "    2026-11-01 acme partner_terminated\n"
    page = plv.plv_scores(history(told), as_of=NOW, model=CAPPED)["acme"]._repr_html_()

    assert "<td>revenue</td><td>100 000 EUR</td><td>75.0 of 75.0</td>" in page
    assert "<p>the partner left the programme on 2026-11-01 00:00 UTC</p>" in page


def test_a_score_that_does_not_add_up_by_weight_states_no_most_of_a_criterion() -> None:
    model = attrs.evolve(plv.DEFAULT_MODEL, aggregator=plv.FlooredGeometric())
    events = history("2026-01-02 acme onboarded\n2026-01-05 acme training basics")
    shown = str(plv.plv_scores(events, as_of=at("2026-07-01"), model=model)["acme"])

    assert "training" in shown
    assert [] == [line for line in shown.split("\n")[1:] if " of " in line.rpartition("  ")[2]]
