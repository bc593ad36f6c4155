"""The fold, one event at a time: late, revised, moved and retracted events."""

from __future__ import annotations

from datetime import datetime

import pytest

from partnerleads.attribution import AttributionPolicy
from partnerleads.errors import NaiveInstantError, OptionError
from partnerleads.lifecycle import LiveFold, fold
from partnerleads.testing import at, history

AS_OF = at("2026-12-01")

STREAMS = {
    "late": """
        2026-01-05 L1 won
        2026-01-01 L1 captured
        2026-01-03 L1 accepted by acme
    """,
    "revised": """
        2026-01-01 L1 captured
        2026-01-05 L1 won 10 EUR id=w
        2026-01-05 L1 won 20 EUR id=w recorded=2026-01-07
        2026-01-05 L1 won 30 EUR id=w recorded=2026-01-06
    """,
    "retracted": """
        2026-01-01 L1 captured id=c
        2026-01-05 L1 won id=w
        2026-01-06 w retracted
        2026-01-06 c retracted
    """,
    "retracted before it came": """
        2026-01-06 w retracted
        2026-01-05 L1 won id=w
        2026-01-01 L1 captured
    """,
    "moved to another lead and back": """
        2026-01-01 L1 captured
        2026-01-05 L1 won id=w
        2026-01-05 L2 won id=w recorded=2026-01-06
        2026-01-05 L1 won id=w recorded=2026-01-07
    """,
    "moved away altogether": """
        2026-01-05 L1 won id=w
        2026-01-05 L2 won id=w recorded=2026-01-06
    """,
    "a retraction that changes its mind": """
        2026-01-05 L1 won id=x
        2026-01-05 L2 won id=y
        2026-01-06 x retracted id=r
        2026-01-06 y retracted id=r recorded=2026-01-07
    """,
    "a retraction that becomes something else": """
        2026-01-05 L1 won id=x
        2026-01-06 x retracted id=r
        2026-01-06 L2 captured id=r recorded=2026-01-07
        2026-01-06 - cost x 1 EUR id=r recorded=2026-01-08
    """,
    "a retraction of itself": "2026-01-06 r retracted id=r",
    "conflicts": """
        2026-01-05 L1 won 10 EUR id=w
        2026-01-05 L1 won 20 EUR id=w
        2026-01-05 acme onboarded tier=gold id=o
        2026-01-05 acme onboarded tier=none id=o
    """,
    "partners and costs": """
        2026-01-05 acme onboarded tier=gold id=o
        2026-01-05 - cost x 1 EUR id=k
        2026-01-06 o retracted
        2026-01-06 acme rated score=3 scale_min=1 scale_max=5 lead=L1
        2026-01-07 k retracted
    """,
}


@pytest.mark.parametrize("name", STREAMS)
def test_after_each_event_it_equals_the_fold(name: str) -> None:
    events = history(STREAMS[name])
    live = LiveFold()
    for taken, event in enumerate(events, start=1):
        live.add(event)

        expected = fold(events[:taken], as_of=AS_OF)
        assert expected == live.at(AS_OF)
        assert expected.problems == live.at(AS_OF).problems


@pytest.mark.parametrize("name", STREAMS)
def test_taken_at_once_it_equals_the_fold(name: str) -> None:
    events = history(STREAMS[name])
    live = LiveFold()
    live.extend(events)

    assert fold(events, as_of=AS_OF) == live.at(AS_OF)


def test_it_looks_from_any_moment_in_any_order() -> None:
    events = history("""
        2026-01-01 L1 captured by acme
        2026-01-05 L1 won
        2026-01-09 L1 reopened
        2026-01-03 L2 captured
    """)
    live = LiveFold()
    live.extend(events)

    for day in ("12-01", "01-04", "01-09", "01-01", "01-05", "12-01", "12-02"):
        moment = at(f"2026-{day}")
        assert fold(events, as_of=moment) == live.at(moment)
        assert fold(events, as_of=moment).get("L1") == live.lead("L1", as_of=moment)
    assert fold(events, as_of=at("2025-12-31")) == live.at(at("2025-12-31"))


def test_an_untouched_lead_is_not_folded_again() -> None:
    live = LiveFold()
    live.extend(history("2026-01-01 L1 captured\n2026-01-01 L2 captured"))
    before = live.at(AS_OF)
    live.add(history("2026-01-05 L2 won id=w")[0])
    after = live.at(AS_OF)

    assert before["L1"] is after["L1"]
    assert (before["L2"].status, after["L2"].status) == ("open", "won")


def test_what_was_read_before_does_not_change() -> None:
    live = LiveFold()
    live.add(history("2026-01-01 L1 captured id=c")[0])
    before = live.at(AS_OF)
    live.extend(history("2026-01-05 L1 won id=w\n2026-01-05 L2 captured id=d"))
    live.at(AS_OF)

    assert {"L1": "open"} == {lead_id: life.status for lead_id, life in before.items()}


def test_one_lead_can_be_read_alone() -> None:
    live = LiveFold()
    live.extend(history("2026-01-02 L1 captured\n2026-01-05 L1 won"))

    lead = live.lead("L1", as_of=at("2026-01-03"))
    assert lead is not None
    assert lead.status == "open"
    assert live.lead("L1", as_of=at("2026-01-01")) is None
    assert live.lead("L9", as_of=AS_OF) is None


def test_a_lead_that_lost_all_its_events_is_gone() -> None:
    live = LiveFold()
    live.add(history("2026-01-02 L1 captured id=c")[0])
    assert live.lead("L1", as_of=AS_OF) is not None
    live.add(history("2026-01-03 c retracted id=r")[0])

    assert live.lead("L1", as_of=AS_OF) is None
    assert dict(live.at(AS_OF)) == {}


def test_it_knows_what_was_known_at_a_moment() -> None:
    events = history(STREAMS["revised"])
    live = LiveFold()
    live.extend(events)
    known_at = at("2026-01-06")

    expected = fold(events, as_of=AS_OF, known_at=known_at)
    assert expected == live.at(AS_OF, known_at=known_at)


def test_it_keeps_its_policy() -> None:
    policy = AttributionPolicy(claims="registration")
    live = LiveFold(policy=policy)
    live.add(history("2026-01-02 L1 captured by acme")[0])

    assert live.at(AS_OF).policy == policy
    assert live.at(AS_OF)["L1"].attribution == "direct"


def test_a_naive_moment_is_refused() -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 - to be refused
    live = LiveFold()

    with pytest.raises(NaiveInstantError, match="as_of"):
        live.at(naive)
    with pytest.raises(NaiveInstantError, match="as_of"):
        live.lead("L1", as_of=naive)
    with pytest.raises(NaiveInstantError, match="known_at"):
        live.at(AS_OF, known_at=naive)


def test_what_is_no_event_is_refused_with_what_to_pass() -> None:
    with pytest.raises(OptionError, match="event='dict': pass an event; a codec reads them"):
        LiveFold().extend([{"lead_id": "L1"}])  # type: ignore[list-item]
