"""Laws of the live scores, on arbitrary dirty histories."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from partnerleads import plv
from partnerleads.events import FIRST_LEAD_RANK, Event, EventRetracted
from partnerleads.lifecycle import fold
from partnerleads.testing import at
from partnerleads.testing.strategies import histories

History = tuple[Event, ...]

START = at("2026-01-01")
MOMENTS = st.integers(0, 500).map(lambda n: START + n * timedelta(hours=12))
PARTNERS = ("acme", "beta", "gamma")


def told(**options: int) -> st.SearchStrategy[History]:
    """Histories with more of the partners' own events than usual."""
    return histories(partner_ids=PARTNERS, max_partner_events=8, **options)


def batch(events: History, as_of: datetime) -> plv.PlvScores:
    return plv.plv_scores(fold(events, as_of=as_of))


def named(event: Event) -> set[str]:
    found = (getattr(event, name, None) for name in ("partner_id", "originator"))
    return {name for name in found if name is not None}


@given(events=told(), data=st.data())
def test_live_equals_batch_whatever_the_order_of_the_events(
    events: History, data: st.DataObject
) -> None:
    live = plv.LivePlv()
    live.extend(data.draw(st.permutations(events)))

    as_of = data.draw(MOMENTS)
    assert batch(events, as_of) == live.scores(as_of)


@given(events=told(), stops=st.lists(st.tuples(st.integers(0, 40), MOMENTS), max_size=4))
def test_live_equals_batch_at_every_stop_forth_and_back_in_time(
    events: History, stops: list[tuple[int, datetime]]
) -> None:
    live = plv.LivePlv()
    taken = 0
    for count, as_of in sorted(stops, key=lambda stop: stop[0]):
        live.extend(events[taken:count])
        taken = max(taken, count)

        expected = batch(events[:taken], as_of)
        assert expected == live.scores(as_of)
        assert {name: expected.get(name) for name in PARTNERS} == {
            name: live.score(name, as_of=as_of) for name in PARTNERS
        }


def shard(events: History, partners: set[str]) -> History:
    """What the shard of some partners takes."""
    leads = {
        event.lead_id
        for event in events
        if event.rank >= FIRST_LEAD_RANK and named(event) & partners
    }
    moved = {(event.source, event.event_id) for event in events if named(event) & partners}
    return tuple(
        event
        for event in events
        if isinstance(event, EventRetracted)
        or named(event) & partners
        or (event.source, event.event_id) in moved
        or (event.rank >= FIRST_LEAD_RANK and event.lead_id in leads)
    )


@given(events=told(), cut=st.integers(0, 3), as_of=MOMENTS)
def test_two_shards_of_partners_merge_into_one(events: History, cut: int, as_of: datetime) -> None:
    mine, theirs = set(PARTNERS[:cut]), set(PARTNERS[cut:])
    one, other = plv.LivePlv(), plv.LivePlv()
    one.extend(shard(events, mine))
    other.extend(shard(events, theirs))
    one.merge(other)

    assert batch(events, as_of) == one.scores(as_of)


@given(events=told(), as_of=MOMENTS, times=st.integers(2, 3))
def test_an_event_taken_several_times_counts_once(
    events: History, as_of: datetime, times: int
) -> None:
    live = plv.LivePlv()
    for _ in range(times):
        live.extend(events)

    assert batch(events, as_of) == live.scores(as_of)
