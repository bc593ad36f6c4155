from datetime import timedelta

import pytest

from partnerleads import fold, kpis
from partnerleads.attribution import AttributionPolicy
from partnerleads.kpis.measuring.landmarks import class_at
from partnerleads.lifecycle import Lifecycles
from partnerleads.testing import at, history

MONTH = timedelta(days=30)
NOW = at("2026-06-01")
# L1 influenced before the landmark of 2026-02-01, L2 at it, L3 after it, L4 closed before it,
# L5 closed and reopened before it, L6 closed at it, L7 younger than the landmark, L8 sourced,
# L9 referred, but recorded after it, L10 captured at no known time, L11 never captured,
# L12 captured on a known day
LIVES = fold(
    history("""
        2026-01-02 L1 captured
        2026-01-20 L1 influenced by acme
        2026-02-10 L1 lost
        2026-01-02 L2 captured
        2026-02-01 L2 influenced by acme
        2026-01-02 L3 captured
        2026-02-01 00:00:01 L3 influenced by acme
        2026-01-02 L4 captured
        2026-01-05 L4 influenced by acme
        2026-01-09 L4 won
        2026-01-02 L5 captured
        2026-01-09 L5 lost
        2026-01-10 L5 reopened
        2026-01-02 L6 captured
        2026-02-01 L6 won
        2026-05-20 L7 captured
        2026-01-02 L8 captured by acme
        2026-01-02 L9 captured by acme recorded=2026-03-01
        2026-01-02 L10 captured precision=by
        2026-01-02 L11 influenced by acme
        2026-01-02 L12 captured precision=day
    """),
    as_of=NOW,
)


def found(lives: Lifecycles, span: timedelta = MONTH) -> dict[str, str | None]:
    return {
        lead_id: class_at(lead.events, lead.captured, lead.moment, span)
        for lead_id, lead in lives.items()
    }


def test_the_class_is_that_of_leads_open_at_the_landmark() -> None:
    expected = {
        "L1": "influenced",
        "L2": "influenced",
        "L3": "direct",
        "L4": None,
        "L5": "direct",
        "L6": None,
        "L7": None,
        "L8": "sourced",
        "L9": "direct",
        "L10": None,
        "L11": None,
        "L12": "direct",
    }

    assert expected == found(LIVES)
    assert "sourced" == LIVES["L9"].attribution


def test_an_influence_entered_after_the_landmark_was_not_known_at_it() -> None:
    # entered after the win, as if it had come early: believing it would reward having lasted
    events = history("""
        2026-01-02 L1 captured
        2026-01-20 L1 influenced by acme recorded=2026-03-02
        2026-03-01 L1 won
    """)
    by_record = fold(events, as_of=NOW)
    by_occurrence = fold(events, as_of=NOW, policy=AttributionPolicy(times="occurred"))

    assert "influenced" == by_record["L1"].attribution
    assert {"L1": "direct"} == found(by_record)
    assert {"L1": "influenced"} == found(by_occurrence)


def test_a_landmark_at_the_capture_is_the_class_by_birth() -> None:
    classes = found(LIVES, timedelta(0))

    assert {"sourced", "direct", None} == set(classes.values())
    assert ["L8"] == [lead_id for lead_id, one in classes.items() if one == "sourced"]


@pytest.mark.parametrize("span", [timedelta(days=152), timedelta.max])
def test_a_landmark_that_nobody_has_reached_finds_no_class(span: timedelta) -> None:
    assert {None} == set(found(LIVES, span).values())


def test_a_lead_exactly_as_old_as_the_landmark_has_a_class() -> None:
    assert "influenced" == found(LIVES, NOW - at("2026-01-02"))["L2"]


def test_the_classes_at_a_landmark_are_a_condition_like_any_other() -> None:
    rate = kpis.cohort_close_rate(
        kpis.only(LIVES, kpis.ClassAt(MONTH, "influenced")), within=None, by=None
    )

    assert (0, 2) == (rate.hits, rate.of)
