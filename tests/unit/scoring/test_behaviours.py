"""Points for what happened to a lead."""

from __future__ import annotations

from datetime import timedelta

import pytest

from partnerleads.errors import OptionError
from partnerleads.scoring import Behaviour, Happened, LeadFeatures
from partnerleads.testing import at

NOW = at("2026-02-01")
DAYS = timedelta(days=1)


def lead(*ages: float, kind: str = "activity.demo", count: int = 1) -> LeadFeatures:
    return LeadFeatures(
        lead_id="L1",
        captured_at=NOW - 100 * DAYS,
        as_of=NOW,
        behaviours=[
            Behaviour(kind=kind, occurred_at=NOW - age * DAYS, count=count) for age in ages
        ],
    )


def told(rule: Happened, known: LeadFeatures) -> tuple[float, str | None] | None:
    found = rule.reason(known)
    return None if found is None else (found.points, found.value)


def test_each_time_counts() -> None:
    rule = Happened(behaviour="activity.demo", points=4)

    assert (12, "3 times, last 2026-01-31 00:00 UTC") == told(rule, lead(9, 1, 5))
    assert (20, "5 times, last 2026-01-27 00:00 UTC") == told(rule, lead(5, count=5))
    assert (4, "once, last 2026-02-01 00:00 UTC") == told(rule, lead(0))
    assert told(rule, lead(1, kind="activity.other")) is None
    assert told(rule, lead()) is None


def test_it_fades() -> None:
    rule = Happened(behaviour="activity.demo", points=4, half_life=10 * DAYS)

    assert (7, "3 times, last 2026-02-01 00:00 UTC") == told(rule, lead(0, 10, 20))


def test_at_most_so_many_count_the_latest() -> None:
    rule = Happened(behaviour="activity.demo", points=4, half_life=10 * DAYS, most=2)

    assert (6, "2 times, last 2026-02-01 00:00 UTC") == told(rule, lead(20, 10, 0))


def test_at_most_so_many_count_in_any_window_of_the_length() -> None:
    rule = Happened(behaviour="activity.demo", points=1, most=2, per=7 * DAYS)

    # 0 and 1 count; 3 and 6.9 lie within 7 days of both; 7 lies a whole window before 0
    assert (3, "3 times, last 2026-02-01 00:00 UTC") == told(rule, lead(0, 1, 3, 6.9, 7))
    assert (4, "4 times, last 2026-02-01 00:00 UTC") == told(rule, lead(0, 7, count=5))


def test_what_is_too_old_does_not_count() -> None:
    rule = Happened(behaviour="activity.demo", points=4, within=10 * DAYS)

    assert (8, "2 times, last 2026-02-01 00:00 UTC") == told(rule, lead(0, 10, 10.5))


def test_any_activity_is_what_the_customer_did() -> None:
    rule = Happened(behaviour="activity", points=4)

    assert (4, "once, last 2026-01-31 00:00 UTC") == told(rule, lead(1, kind="activity.anything"))
    assert told(rule, lead(1, kind="contact_made")) is None


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("behaviour", "lead_progresed", r"did you mean 'lead_progressed'\?"),
        ("behaviour", "lead_won", "offered are"),
        ("behaviour", "lead_activity", "offered are"),
        ("behaviour", None, "offered are"),
        ("most", 0, "must be a whole number from 1 to 100"),
        ("most", 101, "must be a whole number from 1 to 100"),
        ("most", 1.5, "must be a whole number from 1 to 100"),
        ("half_life", 30, "pass a timedelta"),
        ("half_life", timedelta(0), "must be above 0"),
        ("per", -DAYS, "must be above 0"),
        ("within", "7 days", "pass a timedelta"),
        ("points", 2000, "at most 1000"),
    ],
)
def test_options_that_make_no_sense_are_refused(name: str, value: object, message: str) -> None:
    with pytest.raises(OptionError, match=message):
        Happened(**{"behaviour": "activity.demo", "points": 1, name: value})  # type: ignore[arg-type]
