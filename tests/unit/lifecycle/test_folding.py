"""The fold: the moments it looks from, what it keeps, and what it gives."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime, timedelta, timezone
from itertools import permutations

import pytest
from attrs import evolve

from partnerleads.attribution import AttributionPolicy
from partnerleads.errors import NaiveInstantError
from partnerleads.events import order_key
from partnerleads.lifecycle import LeadLifecycle, Lifecycles, fold
from partnerleads.testing import at, history

AS_OF = at("2026-12-01")
NAIVE = datetime(2026, 12, 1)  # noqa: DTZ001 - to be refused

PROGRAMME = """
    2026-01-01 acme onboarded tier=gold
    2026-01-05 -    cost portal 500 EUR
    2026-01-04 acme cost fund 100 EUR
    2026-01-02 L1   captured by acme 100 EUR
    2026-01-03 L1   offered to acme
    2026-01-04 L1   accepted by acme
    2026-01-09 L1   won 90 EUR
    2026-01-03 L2   captured
    2026-01-03 L3   contact by acme
"""


def lives(text: str = PROGRAMME, *, as_of: datetime = AS_OF) -> Lifecycles:
    return fold(history(text), as_of=as_of)


def test_it_is_a_mapping_of_leads() -> None:
    folded = lives()

    assert {"L1", "L2", "L3"} == set(folded)
    assert len(folded) == 3
    assert isinstance(folded["L1"], LeadLifecycle)
    assert "L9" not in folded
    with pytest.raises(KeyError):
        folded["L9"]


def test_it_says_how_many_leads_as_of_when() -> None:
    assert repr(lives()) == "<Lifecycles of 3 leads as of 2026-12-01T00:00:00+00:00>"


def test_of_nothing_comes_nothing() -> None:
    nothing = fold([], as_of=AS_OF)

    assert (dict(nothing), nothing.problems, nothing.findings, nothing.offers) == ({}, (), (), ())
    assert (dict(nothing.partners), nothing.costs, nothing.population) == ({}, (), ())


def test_it_knows_what_it_looked_from() -> None:
    policy = AttributionPolicy(claims="registration")
    folded = fold([], as_of=AS_OF, known_at=at("2026-11-01"), policy=policy)

    assert (folded.as_of, folded.known_at, folded.policy) == (AS_OF, at("2026-11-01"), policy)
    assert lives().known_at is None
    assert lives().policy == AttributionPolicy()


@pytest.mark.parametrize("name", ["as_of", "known_at"])
def test_a_naive_moment_is_refused_with_the_fix(name: str) -> None:
    moments = {"as_of": AS_OF, name: NAIVE}

    with pytest.raises(NaiveInstantError, match=rf"{name}: .*'2026-12-01T00:00:00\+00:00'"):
        fold([], **moments)


def test_as_of_is_included() -> None:
    moment = at("2026-01-09")

    assert lives(as_of=moment)["L1"].status == "won"
    assert lives(as_of=moment - timedelta(microseconds=1))["L1"].status == "open"


def test_as_of_is_an_instant_whatever_its_zone() -> None:
    local = at("2026-01-09").astimezone(timezone(timedelta(hours=-9)))

    assert lives(as_of=at("2026-01-09")) == lives(as_of=local)
    assert lives(as_of=local).as_of.tzinfo is UTC


def test_leads_partners_and_costs_of_later_do_not_exist() -> None:
    early = lives(as_of=at("2026-01-02"))

    assert list(early) == ["L1"]
    assert early.costs == ()
    assert set(early.partners) == {"acme"}
    assert dict(lives(as_of=at("2025-12-31")).partners) == {}


def test_later_events_change_nothing_in_whatever_order_the_log_runs() -> None:
    log = [*history(PROGRAMME)]
    in_time = sorted(log, key=order_key)
    by_then = at("2026-01-03")
    known = fold([event for event in log if event.occurred_at <= by_then], as_of=by_then)

    assert {"L1", "L2", "L3"} == {*known}
    assert [known] * 3 == [fold(one, as_of=by_then) for one in (log, in_time, in_time[::-1])]


def test_events_out_of_time_order_are_put_in_order() -> None:
    ids = [
        event.event_id
        for event in lives("""
        2026-01-09 L1 won id=c
        2026-01-01 L1 captured id=a
        2026-01-05 L1 progressed id=b
    """)["L1"].events
    ]

    assert ["a", "b", "c"] == ids


@pytest.mark.parametrize(
    "text",
    [
        """
        2026-01-05 L1 won       id=b
        2026-01-05 L1 won       id=a
        2026-01-05 L1 captured  id=c
        2026-01-01 L1 responded id=d
        """,
        """
        2026-01-05 L1 won       id=a source=prm
        2026-01-05 L1 won       id=a source=crm
        2026-01-05 L1 won       id=b source=crm
        """,
        """
        2026-01-05 L1 won       id=a seq=1
        2026-01-05 L1 captured  id=b seq=3
        2026-01-05 L1 responded id=c seq=2
        """,
        """
        2026-01-05 L1 won       id=a
        2026-01-05 L1 captured  id=b
        2026-01-04 L1 lost      id=c
        2026-01-04 L1 responded id=d
        """,
    ],
    ids=["kinds alike", "sources", "numbered by the source", "kinds in their natural order"],
)
def test_events_of_one_instant_stand_in_the_one_order(text: str) -> None:
    events = history(text)
    folded = [fold(told, as_of=AS_OF)["L1"] for told in permutations(events)]

    assert {tuple(sorted(events, key=order_key))} == {lead.events for lead in folded}
    assert {lead.tied for lead in folded} == {True}


def test_events_of_one_instant_after_as_of_do_not_count_as_ties() -> None:
    text = """
        2026-01-01 L1 captured
        2026-01-05 L1 won
        2026-01-05 L1 reopened
    """

    assert lives(text)["L1"].tied
    assert not lives(text, as_of=at("2026-01-04"))["L1"].tied
    assert lives(text, as_of=at("2026-01-04")).problems == ()


def test_ties_before_as_of_stay_ties() -> None:
    text = """
        2026-01-05 L1 won
        2026-01-01 L1 captured
        2026-01-01 L1 contact by own_team
    """

    assert lives(text, as_of=at("2026-01-04"))["L1"].tied


def test_in_a_log_in_time_order_leads_are_sorted_where_they_meet_themselves() -> None:
    early = "".join(f"2026-01-{day:02} L0 responded id=e{day}\n" for day in range(1, 21))
    met = """
        2026-02-01 L1 won      id=a
        2026-02-01 L2 captured id=b
        2026-02-01 L1 captured id=c
        2026-02-02 L2 won      id=d
        2026-02-03 L3 captured id=e
        2026-02-03 L1 lost     id=f
        2026-02-04 L3 won      id=g
    """
    folded = lives(early + met)

    told = {lead_id: [event.event_id for event in folded[lead_id].events] for lead_id in folded}
    assert [f"e{day}" for day in range(1, 21)] == told.pop("L0")
    assert {"L1": ["c", "a", "f"], "L2": ["b", "d"], "L3": ["e", "g"]} == told
    assert ["L1"] == [lead_id for lead_id in folded if folded[lead_id].tied]


@pytest.mark.parametrize("place", [0, 254, 255, 256, 257, 510, 511, 512, 597])
@pytest.mark.parametrize("won", ["at once", "before"])
def test_leads_meet_themselves_wherever_they_stand_in_a_long_log(place: int, won: str) -> None:
    start = at("2026-02-01")
    others = "\n".join(f"2026-02-01 L{number:03} captured" for number in range(600))
    log = [
        evolve(event, occurred_at=start + timedelta(minutes=minute))
        for minute, event in enumerate(history(others))
    ]
    win, capture = history("2026-02-01 met won id=w\n2026-02-01 met captured id=c")
    later = timedelta(minutes=place + 1)
    log[place] = evolve(win, occurred_at=start + later)
    log[place + 1] = evolve(capture, occurred_at=start + later - timedelta(seconds=won == "before"))

    assert ["c", "w"] == [event.event_id for event in fold(log, as_of=AS_OF)["met"].events]
    assert fold(log[::-1], as_of=AS_OF) == fold(log, as_of=AS_OF)


def test_leads_never_captured_are_kept_outside_every_population() -> None:
    folded = lives()

    assert folded["L3"].captured is None
    assert [lead.lead_id for lead in folded.population] == ["L1", "L2"]


def test_partners_and_costs_are_gathered() -> None:
    folded = lives()

    assert ["fund", "portal"] == [cost.kind for cost in folded.costs]
    assert folded.partners["acme"].tier == "gold"


def test_events_may_come_from_an_iterator() -> None:
    events = history(PROGRAMME)

    assert fold(events, as_of=AS_OF) == fold(iter(events), as_of=AS_OF)


def test_the_input_stays_as_it_was() -> None:
    events = list(history(PROGRAMME))
    before = list(events)
    fold(events, as_of=at("2026-01-05"))

    assert before == events


def test_lifecycles_survive_pickling_with_and_without_what_was_asked() -> None:
    asked, fresh = lives(), lives()
    assert asked.problems
    assert asked["L1"].verdict.claims
    assert asked["L1"].offers

    for folded in (asked, fresh):
        again = pickle.loads(pickle.dumps(folded))  # noqa: S301 - made in the line itself
        assert folded == again
        assert folded.problems == again.problems
        assert folded["L1"].verdict == again["L1"].verdict
        assert folded["L1"].accepted_offer == again["L1"].accepted_offer
        assert folded.explain("L1") == again.explain("L1")


def test_other_moments_and_policies_are_other_lifecycles() -> None:
    events = history(PROGRAMME)
    folded = fold(events, as_of=AS_OF)

    assert folded != fold(events, as_of=AS_OF + timedelta(days=1))
    assert folded != fold(events, as_of=AS_OF, known_at=AS_OF)
    assert folded != fold(events, as_of=AS_OF, policy=AttributionPolicy(times="occurred"))


def test_a_figure_at_an_earlier_knowledge_is_what_was_known_then() -> None:
    events = history("""
        2026-01-01 L1 captured
        2026-01-05 L1 won 10 EUR id=w recorded=2026-02-01
        2026-01-05 L1 won 20 EUR id=w recorded=2026-03-01
        2026-01-06 w  retracted       recorded=2026-04-01
    """)
    known = [
        fold(events, as_of=at("2026-01-31"), known_at=at(moment))["L1"].final_value
        for moment in ("2026-01-31", "2026-02-01", "2026-03-01", "2026-04-01")
    ]

    assert [None, "10 EUR", "20 EUR", None] == [
        None if value is None else f"{value.amount:.0f} {value.currency}" for value in known
    ]


@pytest.mark.parametrize(
    ("precision", "expected"),
    [("day", {"instant", "day"}), ("relative", {"instant", "relative"})],
)
def test_it_knows_how_exactly_its_events_are_known(precision: str, expected: set[str]) -> None:
    text = f"2026-01-01 L1 captured\n2026-01-02 L1 won precision={precision}"

    assert expected == lives(text).precisions


def test_lifecycles_without_some_leads_are_those_of_the_others() -> None:
    lives = fold(history(PROGRAMME), as_of=AS_OF)
    part = lives.without({"L2", "L9"})

    assert lives.only({"L1", "L3"}) == part
    assert (["L1", "L3"], 2) == (sorted(part), len(part))
    assert part["L1"] is lives["L1"]
    for gone in ("L2", "L9"):
        with pytest.raises(KeyError):
            part[gone]
