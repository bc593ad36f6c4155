"""Conditions that look at a moment, at a stated limit, or at working time."""

from __future__ import annotations

import pickle
from collections.abc import Container
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from partnerleads import kpis
from partnerleads.errors import NaiveInstantError, OptionError
from partnerleads.kpis import (
    AllOf,
    CountOf,
    Has,
    Is,
    Not,
    NotAfter,
    Older,
    Past,
    ShareOf,
    Since,
    Within,
    define,
)
from partnerleads.kpis.measuring.expressions import test_of as compiled
from partnerleads.model import WorkingHours
from partnerleads.testing import at, history

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OFFICE = WorkingHours.parse({"mon-fri": "09:00-17:00"})
# 2 January 2026 is a Friday


def those(text: str, condition: Any, *, as_of: str = "2026-01-10", **asked: Any) -> list[str]:
    """The ids of the leads that meet a condition."""
    listed = define("own", CountOf(listing=condition, listed_as="met"), counted="leads")
    return list(listed(history(text), as_of=at(as_of), **asked).listed)  # type: ignore[attr-defined]


OLD = """
    2026-01-02 12:00 L1 captured
    2026-01-09 12:00 L2 captured
"""


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (timedelta(0), ["L1", "L2"]),
        (12 * HOUR, ["L1", "L2"]),
        (13 * HOUR, ["L1"]),
        (7 * DAY + 12 * HOUR, ["L1"]),
        (8 * DAY, []),
    ],
)
def test_older_is_at_least_so_old_as_of_the_moment(span: timedelta, expected: list[str]) -> None:
    assert expected == those(OLD, Older("captured", span))


def test_what_is_not_there_is_not_old() -> None:
    assert [] == those(OLD, Older("won", timedelta(0)))
    assert ["L1", "L2"] == those(OLD, Not(Older("won", timedelta(0))))


def test_the_age_of_a_date_is_whole_days_of_the_zone() -> None:
    dated = "2026-01-09 L1 captured precision=day"

    # whatever a day limits may still come on the last of its days
    assert [] == those(dated, Older("captured", DAY), as_of="2026-01-10 23:59")
    assert ["L1"] == those(dated, Older("captured", DAY), as_of="2026-01-11 00:00")
    # in Tokyo the next day began at 15:00
    assert ["L1"] == those(dated, Older("captured", DAY), as_of="2026-01-10 16:00", tz="Asia/Tokyo")
    assert [] == those(dated, Older("captured", DAY), as_of="2026-01-10 16:00")


@pytest.mark.parametrize("precision", ["by", "assumed", "relative"])
def test_nobody_knows_how_old_a_vague_or_invented_time_is(precision: str) -> None:
    vague = f"2026-01-02 L1 captured precision={precision}"

    assert [] == those(vague, Older("captured", timedelta(0)))


def test_older_in_working_time() -> None:
    # Friday 12:00 to Saturday has five working hours, to Monday 10:00 one more
    friday = "2026-01-02 12:00 L1 captured"

    assert ["L1"] == those(friday, Older("captured", 5 * HOUR, OFFICE), as_of="2026-01-03")
    assert [] == those(friday, Older("captured", 6 * HOUR, OFFICE), as_of="2026-01-05 09:59")
    assert ["L1"] == those(friday, Older("captured", 6 * HOUR, OFFICE), as_of="2026-01-05 10:00")


def test_the_working_time_of_a_date_is_that_of_whole_days() -> None:
    dated = "2026-01-02 L1 captured precision=day"

    assert [] == those(dated, Older("captured", HOUR, OFFICE), as_of="2026-01-02 18:00")
    assert ["L1"] == those(dated, Older("captured", HOUR, OFFICE), as_of="2026-01-03")
    # what comes on Monday, the next day of work, comes after eight hours by the dates
    assert [] == those(dated, Older("captured", 8 * HOUR, OFFICE), as_of="2026-01-05 18:00")
    assert ["L1"] == those(dated, Older("captured", 8 * HOUR, OFFICE), as_of="2026-01-06")


def test_since_includes_its_moment() -> None:
    assert ["L2"] == those(OLD, Since("captured", at("2026-01-09 12:00")))
    assert [] == those(OLD, Since("captured", at("2026-01-09 12:01")))
    assert [] == those(OLD, Since("won", at("2026-01-01")))


def test_a_moment_is_aware() -> None:
    with pytest.raises(NaiveInstantError):
        Since("captured", datetime(2026, 1, 1))  # noqa: DTZ001 - the point of the test


LIMITS = """
    2026-01-02 L1 captured
    2026-01-03 L1 offered  by acme expires_at=2026-01-05
    2026-01-05 L1 accepted by acme
    2026-01-02 L2 captured
    2026-01-03 L2 offered  by acme expires_at=2026-01-05
    2026-01-06 L2 accepted by acme
    2026-01-02 L3 captured
    2026-01-03 L3 offered  by acme
    2026-01-05 L3 accepted by acme
    2026-01-02 L4 captured
    2026-01-03 L4 offered  by acme expires_at=2026-01-12
    2026-01-02 L5 captured
"""


def test_not_after_a_stated_limit_which_is_included() -> None:
    in_time = NotAfter("accepted", "offered.expires_at")

    assert ["L1"] == those(LIMITS, in_time)
    assert ["L2", "L3", "L4", "L5"] == those(LIMITS, Not(in_time))


def test_a_stated_limit_is_past_on_the_instant() -> None:
    over = Past("offered.expires_at")

    assert ["L1", "L2"] == those(LIMITS, over)
    assert [] == those(LIMITS, over, as_of="2026-01-04 23:59")
    assert ["L1", "L2"] == those(LIMITS, over, as_of="2026-01-05")


ANSWERS = """
    2026-01-02 16:00 L1 captured
    2026-01-05 10:00 L1 responded
    2026-01-02 16:00 L2 captured
    2026-01-05 12:00 L2 responded
    2026-01-02 16:00 L3 captured
    2026-01-02 15:00 L4 responded
    2026-01-02 16:00 L4 captured
    2026-01-02 16:00 L5 captured
    2026-01-05 10:00 L5 responded precision=by
"""


def test_within_a_span_of_working_time() -> None:
    # an hour on Friday, and one on Monday; L4 answered before it was captured
    assert ["L1"] == those(ANSWERS, Within("captured", "responded", 2 * HOUR, OFFICE))
    assert [] == those(ANSWERS, Within("captured", "responded", HOUR, OFFICE))
    assert ["L1", "L2"] == those(ANSWERS, Within("captured", "responded", 4 * HOUR, OFFICE))


def test_within_working_time_of_dates_counts_whole_days() -> None:
    dated = """
        2026-01-02 L1 captured precision=day
        2026-01-05 16:00 L1 responded
    """

    # from midnight of Friday to midnight of Monday
    assert ["L1"] == those(dated, Within("captured", "responded", 8 * HOUR, OFFICE))
    assert [] == those(dated, Within("captured", "responded", 7 * HOUR, OFFICE))


def test_a_rate_in_working_time_warns_of_those_that_have_time_left() -> None:
    hit = Within("captured", "responded", 3 * HOUR, OFFICE)
    rate = define("own", ShareOf(hit), counted="leads", anchor="captured")

    early = rate(history(ANSWERS), as_of=at("2026-01-05 10:59"))
    late = rate(history(ANSWERS), as_of=at("2026-01-05 11:00"))

    # L2 and L3 wait: an hour on Friday, and one of Monday; L5 has no time
    assert (1, 4, 1) == (early.hits, early.of, early.left_out)  # type: ignore[attr-defined]
    assert "of 2 the time is not over yet" in str(early.warnings[0])
    assert ["small"] == [warning.code for warning in late.warnings]


def with_days_off(days_off: Container[date]) -> WorkingHours:
    return WorkingHours.parse({"mon-fri": "09:00-17:00"}, holidays=days_off)


@pytest.mark.parametrize("make", [frozenset, set, list, dict.fromkeys])
@pytest.mark.parametrize(
    "condition",
    [
        lambda hours: Within("captured", "responded", HOUR, hours),
        lambda hours: Not(Older("captured", 2 * HOUR, hours)),
    ],
)
def test_days_off_make_other_conditions(condition: Any, make: Any) -> None:
    # an hour on Friday, and two hours on Monday, which may be a day off
    open_, shut = with_days_off(make(())), with_days_off(make((date(2026, 1, 5),)))
    lead = """
        2026-01-02 16:00 L1 captured
        2026-01-05 11:00 L1 responded
    """

    assert condition(open_) != condition(shut)
    assert [] == those(lead, condition(open_), as_of="2026-01-05 12:00")
    assert ["L1"] == those(lead, condition(shut), as_of="2026-01-05 12:00")


def test_equal_conditions_are_compiled_once() -> None:
    def one() -> Within:
        return Within("captured", "won", DAY, with_days_off(frozenset({date(2026, 1, 5)})))

    assert compiled(one()) is compiled(one())
    assert one() == pickle.loads(pickle.dumps(one()))  # noqa: S301 - our own bytes


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Older("captured", 30), "span=30: pass a timedelta"),
        (lambda: Older("captured", -DAY), "must not be negative"),
        (lambda: Older("captured", DAY, "9-17"), "working_hours='9-17': pass WorkingHours"),
        (lambda: Within("captured", "won", DAY, "9-17"), "working_hours='9-17': pass WorkingHours"),
    ],
)
def test_spans_and_hours_are_checked_when_they_are_named(make: Any, words: str) -> None:
    with pytest.raises(OptionError, match=words):
        make()


def test_conditions_nest() -> None:
    young_or_won = kpis.AnyOf((Not(Older("captured", 2 * DAY)), Has("won")))
    both = AllOf((Since("captured", at("2026-01-01")), young_or_won, Not(Is("region", "DACH"))))

    assert ["L2"] == those(OLD, both)


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("status", "wonn", "status='wonn': did you mean 'won'"),
        ("status", "gewonnen", "offered are 'open', 'won', 'lost', 'disqualified'"),
        ("attribution", True, "offered are 'sourced', 'influenced', 'direct'"),
    ],
)
def test_a_value_that_a_column_never_has_is_refused(column: str, value: Any, words: str) -> None:
    with pytest.raises(OptionError, match=words):
        Is(column, value)
