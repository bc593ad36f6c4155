"""Laws of what raises a score, on arbitrary dirty histories."""

from __future__ import annotations

from datetime import datetime, timedelta

import attrs
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from partnerleads import plv
from partnerleads.attribution import AttributionPolicy
from partnerleads.events import Event, LeadEvent
from partnerleads.lifecycle import Lifecycles, fold
from partnerleads.model import Money
from partnerleads.testing import at
from partnerleads.testing.strategies import histories

History = tuple[Event, ...]

START = at("2026-01-01")
MOMENTS = st.integers(0, 500).map(lambda n: START + n * timedelta(hours=12))

MODELS = st.builds(
    attrs.evolve,
    st.just(plv.DEFAULT_MODEL),
    aggregator=st.sampled_from(
        [plv.WeightedMean(), plv.FlooredGeometric(), plv.PowerMean(exponent=2)]
    ),
    gates=st.sampled_from([(), (plv.Gate(names=("training", "certifications"), cap=30),)]),
    missing=st.sampled_from(["renormalise", "neutral", "zero"]),
)
POLICIES = st.builds(
    AttributionPolicy,
    claims=st.sampled_from(["registration or originator", "registration"]),
    contact_required=st.booleans(),
)


ROUNDING = 1e-9
"""How far below a limit floats may leave a score that reaches it. [points]"""


def folded(
    events: History, as_of: datetime, seen: tuple[AttributionPolicy, int | None]
) -> Lifecycles:
    """The lifecycles under a policy, known half days before or after the moment."""
    policy, late = seen
    known_at = None if late is None else as_of + late * timedelta(hours=12)
    return fold(events, as_of=as_of, known_at=known_at, policy=policy)


def measured(scores: plv.PlvScores, *, beside: frozenset[str]) -> dict[str, object]:
    """Scores and metrics of all others; a win may tell the currency of who held the lead before."""
    return {name: (one.value, one.values) for name, one in scores.items() if name not in beside}


def concerned(lives: Lifecycles, events: History) -> frozenset[str]:
    """Whoever is named on a lead that events go on with: a win moves all who have a part in it."""
    known = {event.lead_id for event in events if isinstance(event, LeadEvent)} & lives.keys()
    named = (
        getattr(event, name, None)
        for lead_id in known
        for event in lives[lead_id].events
        for name in ("partner_id", "originator")
    )
    return frozenset(name for name in named if name is not None)


def level(score: plv.PlvScore) -> float:
    """The score; below every tier without one."""
    return -1.0 if score.value is None else score.value


@settings(max_examples=settings.default.max_examples // 2)
@given(
    events=histories(partner_ids=("acme", "beta"), max_partner_events=6),
    as_of=MOMENTS,
    seen=st.tuples(POLICIES, st.none() | st.integers(-100, 100)),
    model=MODELS,
    deal=st.none() | st.just(Money("30000", "EUR")),
)
def test_doing_what_is_suggested_changes_the_score_by_what_is_promised(
    events: History,
    as_of: datetime,
    seen: tuple[AttributionPolicy, int | None],
    model: plv.PlvModel,
    deal: Money | None,
) -> None:
    lives = folded(events, as_of, seen)
    before = plv.plv_scores(lives, model=model)
    for partner_id in before:
        found = plv.improvements(lives, partner_id=partner_id, model=model, deal=deal, most=4)

        assert before[partner_id] == found.score
        assert bool(found.actions) == (found.terminated_at is None)
        assert lives.partner_at(partner_id, as_of).terminated_at == found.terminated_at
        for one in found:
            done = folded((*events, *one.events), as_of, seen)
            after = plv.plv_scores(done, model=model)
            own = after[partner_id].value or 0.0
            assert one.after == own
            assert one.gain == own - (before[partner_id].value or 0.0)
            moved = concerned(lives, one.events) | {partner_id}
            assert measured(after, beside=moved) == measured(before, beside=moved)


@settings(max_examples=settings.default.max_examples // 2)
@given(
    events=histories(partner_ids=("acme", "beta"), max_partner_events=6),
    as_of=MOMENTS,
    model=MODELS,
)
def test_doing_it_as_often_as_said_reaches_the_next_tier_and_once_less_does_not(
    events: History, as_of: datetime, model: plv.PlvModel
) -> None:
    for partner_id in plv.plv_scores(events, as_of=as_of, model=model):
        found = plv.improvements(
            events, partner_id=partner_id, as_of=as_of, model=model, deal=Money("30000", "EUR")
        )
        for one in found:
            if one.times_to_next_tier is None or found.next_tier is None:
                assert () == one.path
                continue
            least = found.next_tier.at_least
            size = len(one.path) // one.times_to_next_tier
            reached = plv.plv_scores((*events, *one.path), as_of=as_of, model=model)[partner_id]
            short = plv.plv_scores((*events, *one.path[:-size]), as_of=as_of, model=model)
            assert one.events == one.path[:size]
            assert level(reached) >= least - ROUNDING > level(short[partner_id])


@given(
    events=histories(partner_ids=("acme", "beta"), max_partner_events=6),
    as_of=MOMENTS,
    names=st.lists(st.integers(0, 8), min_size=1, max_size=3),
)
def test_promises_hold_again_after_suggestions_were_followed(
    events: History, as_of: datetime, names: list[int]
) -> None:
    assume("acme" in plv.plv_scores(events, as_of=as_of))
    for place in names:
        found = plv.improvements(events, partner_id="acme", as_of=as_of, deal=Money("9000", "EUR"))
        assume(found.terminated_at is None)
        one = found.actions[min(place, len(found) - 1)]
        events = (*events, *one.events)

        assert one.after == (plv.plv_scores(events, as_of=as_of)["acme"].value or 0.0)
