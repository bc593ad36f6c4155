"""The laws of potentials, ranking scores, and of scores held against outcomes."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerleads import plv
from partnerleads.events import PartnerOnboarded, TrainingCompleted
from partnerleads.testing import at, history, strategies
from tests.properties import kpi_cases as cases

few = settings(max_examples=max(10, settings.default.max_examples // 5))
END = at("2027-01-01")
HISTORIES = strategies.histories(max_partner_events=8)
UNRETRACTED = strategies.histories(
    dirt=strategies.DIRT - {"retractions", "revisions", "conflicts"}, max_partner_events=8
)
SHORT = attrs.evolve(plv.DEFAULT_POTENTIAL_MODEL, window=timedelta(days=20))
ONBOARDED = history("\n".join(
    f"2026-01-05 {name} onboarded id=join-{name}" for name in strategies.PARTNER_IDS
))  # fmt: skip

weights = st.floats(-4, 4)
chances = st.builds(
    plv.PotentialModel,
    name=st.just("drawn"),
    origin=st.just("drawn"),
    base=weights,
    training=weights,
    certifications=weights,
    registration=weights,
    lead=weights,
    certified=st.floats(0.5, 5),
    window=st.integers(1, 100).map(lambda days: timedelta(days=days)),
)
points = st.floats(0, 100)


def values(events: Any, as_of: datetime = END, model: Any = SHORT) -> dict[str, float | None]:
    found = plv.potential([*events, *ONBOARDED], as_of=as_of, model=model)
    return {name: one.value for name, one in found.items()}


@given(HISTORIES, chances, cases.moments)
def test_a_potential_is_bounded_and_its_parts_add_up(
    events: Any, model: plv.PotentialModel, moment: datetime
) -> None:
    for one in plv.potential([*events, *ONBOARDED], as_of=moment, model=model).values():
        if one.value is not None:
            assert 0 <= one.value <= 100
            assert pytest.approx(one.value, abs=1e-9) == sum(part.points for part in one.parts)


@given(UNRETRACTED)
def test_what_happens_after_the_first_days_changes_no_potential(events: Any) -> None:
    joined = {e.partner_id: e for e in ONBOARDED if isinstance(e, PartnerOnboarded)}
    end = at("2026-01-05") + SHORT.window
    early = [event for event in events if event.occurred_at <= end]
    known = {
        name
        for name in joined
        if not any(isinstance(e, PartnerOnboarded) and e.partner_id == name for e in events)
    }
    whole, part = values(events), values(early)

    assert {name: part[name] for name in known} == {name: whole[name] for name in known}


@given(UNRETRACTED, cases.moments)
def test_events_after_the_moment_change_no_potential(events: Any, moment: datetime) -> None:
    known = [event for event in events if event.occurred_at <= moment]

    assert values(known, moment) == values(events, moment)


@given(HISTORIES, st.randoms(use_true_random=False))
def test_the_order_of_the_input_and_duplicates_change_no_potential(
    events: Any, chance: random.Random
) -> None:
    mixed = list(events) * 2
    chance.shuffle(mixed)

    assert values(events) == values(mixed)


@given(HISTORIES, st.sampled_from(strategies.PARTNER_IDS))
def test_other_partners_change_no_potential(events: Any, name: str) -> None:
    others = [
        attrs.evolve(event, event_id=f"x-{event.event_id}", partner_id="somebody")
        for event in ONBOARDED
    ]
    others.append(
        TrainingCompleted(
            event_id="x", occurred_at=at("2026-01-06"), partner_id="somebody", course="basics"
        )
    )

    assert values(events)[name] == values([*events, *others])[name]


@given(HISTORIES, st.sampled_from(strategies.PARTNER_IDS), st.integers(0, 20))
def test_a_signal_more_never_lowers_a_potential_whose_weights_are_not_negative(
    events: Any, name: str, days: int
) -> None:
    more = TrainingCompleted(
        event_id="more",
        occurred_at=at("2026-01-05") + timedelta(days=days),
        partner_id=name,
        source="more",
    )
    before, after = values(events)[name], values([*events, more])[name]

    assert before is None or after is None or before <= after


@given(HISTORIES)
def test_ranking_equals_the_potential_without_a_record_and_lies_between(events: Any) -> None:
    for one in plv.ranking_scores([*events, *ONBOARDED], as_of=END).values():
        known = [x for x in (one.composite, one.potential) if x is not None]
        if known:
            assert one.value is not None
            assert min(known) - 1e-9 <= one.value <= max(known) + 1e-9
        if one.potential is not None and not one.decided:
            assert one.potential == one.value


@given(points, points, st.integers(0, 1000), st.floats(0.1, 100))
def test_ranking_is_continuous_and_comes_nearer_to_the_composite_with_every_lead(
    composite: float, potential: float, decided: int, strength: float
) -> None:
    found = [
        plv.ranking_score(composite, potential, decided=n, strength=strength)
        for n in (decided, decided + 1)
    ]
    first, second = (abs(composite - (one.value or 0.0)) for one in found)

    assert second <= first + 1e-9
    # one lead more moves it by K / ((n + K) (n + 1 + K)) of the distance, and never further
    n, k = decided, strength
    most = abs(composite - potential) * k / ((n + k) * (n + 1 + k))
    assert pytest.approx(most, abs=1e-9) == first - second


@given(points, points, st.integers(0, 1000), st.floats(-0.001, 0.001))
def test_ranking_moves_no_further_than_what_it_mixes(
    composite: float, potential: float, decided: int, move: float
) -> None:
    moved = min(max(composite + move, 0.0), 100.0)
    before = plv.ranking_score(composite, potential, decided=decided).value or 0.0
    after = plv.ranking_score(moved, potential, decided=decided).value or 0.0

    assert abs(after - before) <= abs(moved - composite) + 1e-9


@few
@given(HISTORIES, cases.moments)
def test_suggested_weights_are_not_negative_and_keep_their_sum(
    events: Any, moment: datetime
) -> None:
    check = plv.check_score(events, as_of=moment, until=END)
    total = sum(one.weight for one in check.model.criteria)
    other = check.suggested_model(name="other")

    assert pytest.approx(1.0) == sum(check.suggested.values())
    assert min(check.suggested.values()) >= 0
    assert pytest.approx(total) == sum(one.weight for one in other.criteria)
    for estimate in (check.rank_correlation, check.suggested_rank_correlation):
        assert estimate.value is None or abs(estimate.value) <= 1 + 1e-12


@few
@given(HISTORIES, cases.moments, st.randoms(use_true_random=False))
def test_the_order_of_the_input_and_duplicates_change_no_check_of_a_score(
    events: Any, moment: datetime, chance: random.Random
) -> None:
    mixed = list(events) * 2
    chance.shuffle(mixed)

    assert plv.check_score(events, as_of=moment, until=END) == plv.check_score(
        mixed, as_of=moment, until=END
    )


@few
@given(HISTORIES, cases.moments)
def test_wins_after_the_later_moment_change_no_check_of_a_score(
    events: Any, moment: datetime
) -> None:
    until = moment + timedelta(days=30)
    later = history("""
        2027-06-01 L1 captured by acme id=late-1
        2027-06-02 L1 won 9000 EUR id=late-2
    """)

    assert plv.check_score(events, as_of=moment, until=until) == plv.check_score(
        [*events, *later], as_of=moment, until=until
    )
