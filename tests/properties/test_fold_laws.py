"""Laws of the fold, on arbitrary dirty histories."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from datetime import datetime, timedelta

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerleads.events import (
    CostIncurred,
    Event,
    EventRetracted,
    LeadAccepted,
    LeadDeclined,
    LeadDisqualified,
    LeadFact,
    LeadLost,
    LeadOffered,
    LeadReopened,
    LeadReturned,
    LeadWon,
    OfferWithdrawn,
)
from partnerleads.lifecycle import MILESTONES, Lifecycles, LiveFold, fold, pick
from partnerleads.lifecycle.compiled import milestone_column
from partnerleads.testing import at
from partnerleads.testing.strategies import DIRT, histories, lead_histories
from tests.properties.naive_fold import facts, key_of, lead_facts, offers_of

History = tuple[Event, ...]

START = at("2026-01-01")
END = at("2027-06-01")
HALF_DAY = timedelta(hours=12)
MOMENTS = st.integers(0, 400).map(lambda n: START + n * HALF_DAY) | st.just(END)


def everything(lives: Lifecycles) -> tuple[object, ...]:
    """All that lifecycles say, without the moment they look from."""
    return (
        {lead_id: life.events for lead_id, life in lives.items()},
        {lead_id: life.verdict for lead_id, life in lives.items()},
        lives.partner_events,
        lives.costs,
        lives.problems,
        lives.findings,
        lives.offers,
        lives.partners,
        [lead.lead_id for lead in lives.population],
    )


# -- what is folded -------------------------------------------------------------------------------


@given(events=histories(), as_of=MOMENTS, known_at=MOMENTS | st.none())
def test_the_events_of_a_lead_are_its_settled_ones_in_order(
    events: History, as_of: datetime, known_at: datetime | None
) -> None:
    lives = fold(events, as_of=as_of, known_at=known_at)

    expected = lead_facts(events, as_of=as_of, known_at=known_at)
    assert expected == {lead_id: life.events for lead_id, life in lives.items()}


@given(events=histories(), as_of=MOMENTS, known_at=MOMENTS | st.none())
def test_partner_events_and_costs_are_settled_too(
    events: History, as_of: datetime, known_at: datetime | None
) -> None:
    lives = fold(events, as_of=as_of, known_at=known_at)

    there = [
        event
        for event in facts(events, as_of=as_of, known_at=known_at)
        if not isinstance(event, LeadFact | EventRetracted)
    ]
    expected: dict[str, tuple[Event, ...]] = {}
    for event in there:
        if not isinstance(event, CostIncurred):
            expected[event.partner_id] = (*expected.get(event.partner_id, ()), event)
    assert expected == lives.partner_events
    assert tuple(event for event in there if isinstance(event, CostIncurred)) == lives.costs


@given(events=histories(), as_of=MOMENTS)
def test_every_milestone_is_what_pick_picks(events: History, as_of: datetime) -> None:
    leads = list(fold(events, as_of=as_of).values())
    for name, milestone in MILESTONES.items():
        picked = [pick(milestone, life.events) for life in leads]
        read = [getattr(life, name, event) for life, event in zip(leads, picked, strict=True)]

        assert list(map(id, picked)) == list(map(id, milestone_column(name, leads)))
        assert list(map(id, picked)) == list(map(id, read))


@st.composite
def negotiations(draw: st.DrawFn) -> History:
    """One lead that is offered and answered again and again."""
    kinds = (LeadOffered, LeadOffered, LeadAccepted, LeadDeclined, OfferWithdrawn, LeadReturned)
    events = []
    for number in range(draw(st.integers(1, 8))):
        partner_id = draw(st.sampled_from(("acme", "acme", "beta", None)))
        events.append(
            draw(st.sampled_from(kinds))(
                event_id=f"e{number}",
                lead_id="L1",
                occurred_at=START + draw(st.integers(0, 6)) * HALF_DAY,
                partner_id=partner_id,
                agent_id=None if partner_id else draw(st.sampled_from(("ann", "bob"))),
                offer_id=draw(st.sampled_from((None, "o1", "o2"))),
            )
        )
    return tuple(events)


@settings(max_examples=6 * settings.default.max_examples)
@given(events=negotiations() | lead_histories())
def test_offers_find_their_answers(events: History) -> None:
    for life in fold(events, as_of=END).values():
        told = [(o.offered, o.answer, o.withdrawn, o.returned, o.first) for o in life.offers]

        assert offers_of(life.events) == told


# -- what must not matter -------------------------------------------------------------------------


@given(events=histories(), as_of=MOMENTS, data=st.data())
def test_input_order_never_matters(events: History, as_of: datetime, data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(events))

    expected = fold(events, as_of=as_of)
    folded = fold(shuffled, as_of=as_of)
    assert expected == folded
    assert everything(expected) == everything(folded)


@given(events=histories(), as_of=MOMENTS, data=st.data())
def test_exact_duplicates_never_matter(
    events: History, as_of: datetime, data: st.DataObject
) -> None:
    again = data.draw(st.lists(st.sampled_from(events), max_size=5)) if events else []

    expected = fold(events, as_of=as_of)
    folded = fold([*again, *events], as_of=as_of)
    assert expected == folded
    assert everything(expected) == everything(folded)


@given(events=histories(dirt=DIRT - {"revisions", "conflicts", "retractions"}), as_of=MOMENTS)
def test_events_after_as_of_have_no_effect(events: History, as_of: datetime) -> None:
    expected = fold([event for event in events if event.occurred_at <= as_of], as_of=as_of)

    assert everything(expected) == everything(fold(events, as_of=as_of))


@given(events=histories(), as_of=MOMENTS, known_at=MOMENTS)
def test_an_earlier_knowledge_is_what_was_recorded_by_then(
    events: History, as_of: datetime, known_at: datetime
) -> None:
    recorded = [event for event in events if event.recorded_at <= known_at]

    expected = fold(recorded, as_of=as_of)
    known = fold(events, as_of=as_of, known_at=known_at)
    assert known.known_at == known_at
    assert everything(expected) == everything(known)


@given(events=histories(), as_of=MOMENTS)
def test_other_leads_never_matter_to_a_lead(events: History, as_of: datetime) -> None:
    keys = {}
    for event in events:
        if isinstance(event, LeadFact):
            keys.setdefault(event.lead_id, set()).add(key_of(event))
    for lead_id, life in fold(events, as_of=as_of).items():
        own = [e for e in events if key_of(e) in keys[lead_id] or e.type == "event_retracted"]

        assert life == fold(own, as_of=as_of)[lead_id]


# -- pickles and repeats --------------------------------------------------------------------------


@given(events=histories(), as_of=MOMENTS)
def test_lifecycles_survive_pickling(events: History, as_of: datetime) -> None:
    lives = fold(events, as_of=as_of)
    everything(lives)
    again = pickle.loads(pickle.dumps(lives))  # noqa: S301 - made in the line itself

    assert lives == again
    assert everything(lives) == everything(again)
    for lead_id, life in again.items():
        assert [life.accepted_offer] == [lives[lead_id].accepted_offer]
        assert life.won is None or any(life.won is event for event in life.events)


@given(events=histories(), as_of=MOMENTS)
def test_verdict_and_quick_credit_agree(events: History, as_of: datetime) -> None:
    for life in fold(events, as_of=as_of).values():
        expected = (life.verdict.attribution, life.verdict.sourcing_partner)

        assert expected == (life.attribution, life.sourcing_partner)


# -- live -----------------------------------------------------------------------------------------


LEADS = st.sampled_from(("L1", "L2", "L3", "L9"))


@st.composite
def new_versions(draw: st.DrawFn, event: Event, ids: Sequence[str]) -> Event:
    """Another version: moved to another time or lead, retracting, or no longer so."""
    identity = {"event_id": event.event_id, "source": event.source}
    moments = {"occurred_at": draw(MOMENTS), "recorded_at": draw(MOMENTS)}
    kind = draw(st.sampled_from(("moved", "retraction", "reopen")))
    if kind == "retraction" or (kind == "moved" and isinstance(event, EventRetracted)):
        return EventRetracted(**identity, **moments, retracts=draw(st.sampled_from(ids)))
    if kind == "moved" and isinstance(event, LeadFact):
        return attrs.evolve(event, **moments, lead_id=draw(LEADS))
    return LeadReopened(**identity, **moments, lead_id=draw(LEADS))


@st.composite
def streams(draw: st.DrawFn) -> list[Event]:
    """A history and new versions of some of its events, in any order."""
    events = draw(histories())
    ids = [event.event_id for event in events]
    again = draw(st.lists(st.sampled_from(events), max_size=4)) if events else []
    again += [event for event in events if isinstance(event, EventRetracted)]
    more = [draw(new_versions(event, ids)) for event in again]
    return list(draw(st.permutations([*events, *more])))


@given(stream=streams(), data=st.data())
def test_the_live_fold_is_the_fold_at_any_moment(stream: list[Event], data: st.DataObject) -> None:
    live = LiveFold()
    taken = 0
    while taken <= len(stream):
        moments = data.draw(st.lists(MOMENTS, min_size=1, max_size=3))
        for as_of in moments:
            expected = fold(stream[:taken], as_of=as_of)
            if data.draw(st.booleans()):
                lives = live.at(as_of)
                assert expected == lives
                assert everything(expected) == everything(lives)
            for lead_id in ("L1", "L2", "L3", "L9"):
                assert expected.get(lead_id) == live.lead(lead_id, as_of=as_of)
        step = data.draw(st.integers(1, max(len(stream) // 2, 1)))
        live.extend(stream[taken : taken + step])
        taken += step


@st.composite
def retractions(draw: st.DrawFn) -> list[Event]:
    """Few events and many retractions of them, which change their minds."""
    ids = ("a", "b", "r", "s")
    events: list[Event] = []
    for event_id in draw(st.lists(st.sampled_from(ids), min_size=2, max_size=8)):
        when = {"occurred_at": START, "recorded_at": START + draw(st.integers(0, 9)) * HALF_DAY}
        if event_id in ("a", "b"):
            events.append(LeadWon(event_id=event_id, **when, lead_id=draw(LEADS)))
        else:
            named = draw(st.sampled_from(ids))
            events.append(EventRetracted(event_id=event_id, **when, retracts=named))
    return events


@given(stream=retractions())
def test_the_live_fold_follows_retractions_that_change(stream: list[Event]) -> None:
    live = LiveFold()
    for taken, event in enumerate(stream, start=1):
        live.add(event)

        assert everything(fold(stream[:taken], as_of=END)) == everything(live.at(END))


@given(stream=streams(), as_of=MOMENTS, known_at=MOMENTS)
def test_the_live_fold_knows_what_was_known(
    stream: list[Event], as_of: datetime, known_at: datetime
) -> None:
    live = LiveFold()
    live.extend(stream)

    expected = fold(stream, as_of=as_of, known_at=known_at)
    assert expected == live.at(as_of, known_at=known_at)
    assert everything(expected) == everything(live.at(as_of, known_at=known_at))


# -- dates ----------------------------------------------------------------------------------------

TURNS = (LeadWon, LeadLost, LeadDisqualified, LeadReopened)


def date_only(events: Sequence[Event]) -> list[Event]:
    return [
        attrs.evolve(
            event,
            occurred_at=event.occurred_at.replace(hour=0, minute=0, second=0),
            precision="day",
        )
        for event in events
    ]


def turns_on_one_day(events: Sequence[Event]) -> bool:
    days: dict[object, set[str]] = {}
    for event in events:
        if isinstance(event, TURNS):
            days.setdefault(event.occurred_at.date(), set()).add(event.type)
    return any(len(kinds) > 1 and "lead_reopened" in kinds for kinds in days.values())


@st.composite
def tugs(draw: st.DrawFn) -> History:
    """One lead that is closed and opened several times, often twice on a day."""
    kinds = st.sampled_from((*TURNS, LeadReopened))
    return tuple(
        draw(kinds)(
            event_id=f"e{number}",
            lead_id="L1",
            occurred_at=START + draw(st.integers(0, 8)) * timedelta(hours=6),
        )
        for number in range(draw(st.integers(1, 6)))
    )


WITH_TIMES = tugs() | histories(dirt=DIRT - {"sequences", "dates", "revisions", "conflicts"})


@settings(max_examples=4 * settings.default.max_examples)
@given(events=WITH_TIMES)
def test_dates_alone_give_the_same_open_or_closed_unless_reported(events: History) -> None:
    exact = fold(events, as_of=END)
    dated = fold(date_only(events), as_of=END)

    assert set(exact) == set(dated)
    tied = {p.lead_id for p in dated.problems if p.rule == "tied_closes"}
    for lead_id, life in exact.items():
        if turns_on_one_day(life.events):
            assert lead_id in tied
        else:
            assert (life.closed is None) == (dated[lead_id].closed is None)
