"""A fold of another moment of knowledge, made of one that is there, is the fold itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import attrs
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from partnerleads import events as ev
from partnerleads import fold
from partnerleads.attribution import AttributionPolicy
from partnerleads.events.learned import learned_between
from partnerleads.events.versions import settle
from partnerleads.lifecycle.refolding import refold
from partnerleads.model import EventId
from partnerleads.testing import strategies
from tests.properties import kpi_cases as cases

POLICIES = (AttributionPolicy(), AttributionPolicy(times="occurred"))
LATER = timedelta(days=2)


@st.composite
def _tangled(draw: DrawFn) -> tuple[Any, ...]:
    """Histories with events that move to other leads, and retractions that change their minds."""
    events: list[Any] = list(draw(strategies.histories(currencies=("EUR",))))
    for event in tuple(events):
        if isinstance(event, ev.LeadFact) and draw(st.integers(0, 5)) == 5:
            moved = {"lead_id": draw(st.sampled_from(("L1", "L2", "L9")))}
            events.append(attrs.evolve(event, recorded_at=event.recorded_at + LATER, **moved))
    names = st.sampled_from((*sorted({event.event_id for event in events})[:2], "r0", "nothing"))
    sources = st.sampled_from(sorted({event.source for event in events} | {"x"})[:2])
    for number in draw(st.lists(st.integers(0, 2), max_size=6)):
        when = draw(cases.moments)
        events.append(
            ev.EventRetracted(
                event_id=EventId(f"r{number}"),
                source=draw(sources),
                occurred_at=when,
                recorded_at=when + draw(st.integers(0, 2)) * LATER,
                retracts=draw(names),
            )
        )
    return tuple(events)


MOMENTS = st.tuples(cases.moments, cases.moments | st.none())


def _in_order(
    known: tuple[datetime, datetime | None],
) -> tuple[datetime, datetime | None]:
    then, now = known
    return (then, now) if now is None else (min(then, now), max(then, now))


@given(events=_tangled(), known=MOMENTS)
def test_what_was_learned_settles_alone_as_in_the_whole_log(
    events: tuple[Any, ...], known: tuple[datetime, datetime | None]
) -> None:
    then, now = _in_order(known)
    changed = learned_between(events, then, now)
    ids = {event.event_id for event in changed}
    for moment in (then, now):
        whole, alone = (settle(log, known_at=moment) for log in (events, changed))

        assert [event for event in whole.events if event.event_id in ids] == list(alone.events)
        told = [one for one in whole.problems if not ids.isdisjoint(one.event_ids)]
        assert told == list(alone.problems)
    before, after = (settle(events, known_at=moment).events for moment in (then, now))
    same = [[event for event in log if event.event_id not in ids] for log in (before, after)]
    assert same[0] == same[1]


@given(
    events=_tangled(),
    as_of=cases.moments,
    known=MOMENTS,
    policies=st.tuples(*[st.sampled_from(POLICIES)] * 2),
    asked=st.booleans(),
)
def test_it_equals_a_fold_of_the_whole_history(
    events: tuple[Any, ...],
    as_of: datetime,
    known: tuple[datetime, datetime | None],
    policies: tuple[AttributionPolicy, AttributionPolicy],
    *,
    asked: bool,
) -> None:
    then, now = _in_order(known)
    lives = fold(events, as_of=as_of, known_at=now, policy=policies[1])
    if asked:
        assert lives.troubled is not None
    changed = learned_between(events, then, now)
    made = refold(lives, changed, known_at=then, policy=policies[0])
    whole = fold(events, as_of=as_of, known_at=then, policy=policies[0])

    assert whole == made
    assert whole.problems == made.problems
    assert whole.findings == made.findings
    assert whole.troubled == made.troubled
    for lead_id, lead in whole.items():
        assert (lead.shape, lead.tied) == (made[lead_id].shape, made[lead_id].tied)
        assert lead.verdict == made[lead_id].verdict
