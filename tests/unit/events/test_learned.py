"""Which events may look different at two moments of knowledge."""

from __future__ import annotations

import pytest

from partnerleads.events.learned import learned_between
from partnerleads.testing import at, history

LOG = history("""
    2026-03-01 L1 captured id=c1
    2026-03-02 L2 captured id=c2
    2026-03-03 L3 captured id=c3
    2026-03-04 c2 retracted id=r1
    2026-03-05 c3 retracted id=r1
    2026-03-06 c3 retracted id=r2
""")


@pytest.mark.parametrize(
    ("record", "ids"),
    [
        pytest.param("2026-03-01 L1 captured id=c1 recorded=2026-03-10", ["c1"], id="a revision"),
        pytest.param("2026-03-07 c1 retracted id=r9", ["c1", "r9"], id="a retraction"),
        pytest.param("2026-03-02 L2 won id=w2 recorded=2026-03-10", ["w2"], id="a late record"),
        pytest.param(
            "2026-03-02 L2 captured id=c2 recorded=2026-03-10",
            ["c2", "c3", "r1", "r2"],
            id="an event that a retraction joins to others",
        ),
    ],
)
def test_all_that_is_joined_to_a_record_may_look_different(record: str, ids: list[str]) -> None:
    events = [*LOG, *history(record)]
    changed = learned_between(events, at("2026-03-06"), at("2026-03-10"))

    assert ids == sorted({event.event_id for event in changed})
    assert changed == [event for event in events if event.event_id in ids]


def test_later_records_are_not_known_yet() -> None:
    assert [] == learned_between(LOG, at("2026-03-06"), at("2026-03-07"))


def test_who_knows_everything_or_the_same_learns_nothing() -> None:
    assert () == learned_between(LOG, None, None)
    assert () == learned_between(LOG, at("2026-03-05"), at("2026-03-05"))
