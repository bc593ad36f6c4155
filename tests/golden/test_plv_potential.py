"""Potentials and ranking scores by hand."""

from __future__ import annotations

from datetime import timedelta
from math import exp

import pytest

from partnerleads import fold, plv
from partnerleads.testing import at, history

NOW = at("2026-12-31")
MODEL = plv.PotentialModel(
    name="hand",
    origin="made up",
    base=-1.0,
    training=1.0,
    certifications=2.0,
    registration=3.0,
    lead=4.0,
    window=timedelta(days=100),
)


def test_the_potential_is_logistic_in_the_strength_of_the_signals() -> None:
    events = history("""
        2026-01-01 acme onboarded
        2026-01-26 acme training basics
        2026-02-01 acme training more
        2026-03-02 acme certified security
        2026-02-20 L1   captured
        2026-02-20 L1   registered by acme
        2026-04-01 L2   captured by acme
    """)

    found = plv.potential(events, as_of=NOW, model=MODEL)["acme"]

    # training on day 25: .75; one of two certifications: .5; registration on day 50: .5; a lead on
    # day 90: .1; so the log-odds are -1 + .75 + 1 + 1.5 + .4 = 2.65
    assert pytest.approx(100 / (1 + exp(-2.65)), abs=1e-12) == found.value
    assert (25.0, 1, 50.0, 90.0) == (
        found.signals.training,
        found.signals.certifications,
        found.signals.registration,
        found.signals.lead,
    )
    assert not found.provisional


def test_one_signal_alone_has_all_points_above_those_of_none() -> None:
    events = history("2026-01-01 acme onboarded\n2026-01-01 12:00 acme certified a")

    found = plv.potential(events, as_of=NOW, model=MODEL)["acme"]

    # half of full certifications: log-odds -1 + 1 = 0, against -1 without
    assert 50.0 == found.value
    assert {"no signal": 26.894, "certifications": 23.106} == {
        part.name: round(part.points, 3) for part in found.parts if part.points
    }


def test_without_any_signal_the_default_gives_one_in_eight() -> None:
    found = plv.potential(history("2026-01-01 acme onboarded"), as_of=NOW)["acme"]

    assert pytest.approx(100 / (1 + exp(2)), abs=1e-12) == found.value


def test_a_lead_counts_from_its_acceptance_or_from_bringing_it() -> None:
    events = history("""
        2026-01-01 acme onboarded
        2026-01-05 L1   captured
        2026-01-11 L1   accepted by acme
        2026-02-01 L2   captured by acme
        2026-01-01 beta onboarded
        2026-02-10 L3   captured by beta
    """)

    found = plv.potential(events, as_of=NOW)

    assert (10.0, 40.0) == (found["acme"].signals.lead, found["beta"].signals.lead)


def test_what_was_done_before_the_onboarding_counts_as_done_on_its_day() -> None:
    events = history("2026-02-01 acme onboarded\n2026-01-05 acme training basics")

    assert 0.0 == plv.potential(events, as_of=NOW)["acme"].signals.training


def test_what_was_recorded_after_the_first_days_is_not_looked_at() -> None:
    events = history("""
        2026-01-01 acme onboarded
        2026-01-05 acme training basics recorded=2026-06-01
        2026-01-06 acme training more precision=by
        2026-05-01 acme training late
    """)

    found = plv.potential(events, as_of=NOW)["acme"]

    assert (None, 1, 1) == (found.signals.training, found.signals.late, found.signals.vague)
    assert {"origin", "recorded_late", "vague_times"} == {one.code for one in found.warnings}


def test_ranking_mixes_record_and_potential_by_decided_leads() -> None:
    events = history("""
        2026-01-01 acme onboarded
        2026-01-10 L1   captured by acme
        2026-02-01 L1   won 30000 EUR
        2026-01-11 L2   captured by acme
        2026-02-02 L2   lost
        2026-01-12 L3   captured by acme
        2026-01-13 L4   captured by acme
        2026-01-14 L4   disqualified
    """)
    lives = fold(events, as_of=NOW)

    found = plv.ranking_scores(lives, strength=6)["acme"]
    composite = plv.plv_scores(lives)["acme"].value
    promised = plv.potential(lives)["acme"].value

    # two leads are decided: z = 2 / (2 + 6)
    assert (2, 0.25) == (found.decided, found.credibility)
    assert composite is not None
    assert promised is not None
    assert pytest.approx(0.25 * composite + 0.75 * promised, abs=1e-12) == found.value
    assert (composite, promised) == (found.composite, found.potential)


# --- a score against what came after -------------------------------------------------------------

TRAINED = plv.PlvModel(
    name="two",
    criteria=[
        plv.Criterion(
            name=name,
            metric=metric,
            normaliser=plv.Goalposts(0, 4),
            weight=weight,
        )
        for name, metric, weight in [
            ("trained", plv.Training(half_life=timedelta(days=10**6)), 3),
            ("certified", plv.Certifications(), 1),
        ]
    ],
)


def programme(trainings: list[int], certified: list[int], won: list[int]) -> str:
    """Partners by what they did in January and won in the summer."""
    lines = []
    for number, (often, earned, money) in enumerate(zip(trainings, certified, won, strict=True)):
        name, lead = f"p{number}", f"L{number}"
        lines.append(f"2026-01-01 {name} onboarded")
        lines += [f"2026-01-02 {name} training t{one}" for one in range(often)]
        lines += [f"2026-01-02 {name} certified c{one}" for one in range(earned)]
        if money:
            lines.append(f"2026-06-01 {lead} captured by {name}")
            lines.append(f"2026-07-01 {lead} won {money} EUR")
    return "\n".join(lines)


def test_a_score_is_held_against_what_was_won_afterwards() -> None:
    # trained 4 3 2 1, won 100 0 60 40: ranks 4 3 2 1 and 4 1 3 2, so r = 1 - 6 (4 + 1 + 1) / 60
    events = history(programme([4, 3, 2, 1], [0, 0, 0, 0], [100, 0, 60, 40]))

    check = plv.check_score(events, as_of=at("2026-02-01"), until=NOW, model=TRAINED)

    assert pytest.approx(0.4, abs=1e-12) == check.rank_correlation.value
    assert ["p0", "p1", "p2", "p3"] == [one.partner_id for one in check.outcomes]
    assert [100.0, 0.0, 60.0, 40.0] == [one.won for one in check.outcomes]
    # the best quarter is p0 with 100, the mean of all is 50
    assert 2.0 == check.top_quarter_lift
    assert ["few"] == [one.code for one in check.warnings]


def test_weights_move_to_the_criterion_that_foretold_the_wins() -> None:
    # certifications order the wins, trainings go against them
    events = history(programme([4, 3, 2, 1], [1, 2, 3, 4], [10, 20, 30, 40]))

    check = plv.check_score(events, as_of=at("2026-02-01"), until=NOW, model=TRAINED, pull=1e-9)

    assert pytest.approx(-1.0) == check.rank_correlation.value
    assert pytest.approx(0.0, abs=1e-9) == check.suggested["trained"]
    assert pytest.approx(1.0, abs=1e-9) == check.suggested["certified"]
    assert pytest.approx(1.0) == check.suggested_rank_correlation.value
    assert {"trained": 0.75, "certified": 0.25} == check.weights
    other = check.suggested_model(name="2027")
    assert [0.0, 4.0] == [round(one.weight, 6) for one in other.criteria]
