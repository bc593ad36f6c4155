"""Channels whose truth is known: close rates, arrivals, and what is refused."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import fmean, median
from typing import Any

import pytest

from partnerleads import Lead, Money
from partnerleads.errors import NaiveInstantError, OptionError
from partnerleads.routing import Channel, Participant, Prospect, Recipient
from partnerleads.routing.simulating.channel import luck_of


def member(name: str = "a", rate: float = 0.5, **rest: Any) -> Participant:
    return Participant(recipient=Recipient(recipient_id=name), close_rate=rate, **rest)


def lead(**facts: str) -> Prospect:
    return Prospect(lead_id="L1", facts=Lead(**facts))


def test_the_true_rate_goes_by_industry_and_region() -> None:
    one = member(rate=0.2, factors={"steel": 1.5, "DE": 2.0})

    assert 0.2 == one.true_rate(lead(), day=0)
    assert 0.2 == one.true_rate(lead(industry="glass", region="FR"), day=0)
    assert pytest.approx(0.3) == one.true_rate(lead(industry="steel"), day=0)
    assert pytest.approx(0.6) == one.true_rate(lead(industry="steel", region="DE"), day=0)


def test_no_true_rate_exceeds_one() -> None:
    assert 1.0 == member(rate=0.7, factors={"steel": 2}).true_rate(lead(industry="steel"), day=0)


def test_a_change_counts_from_its_day_on() -> None:
    one = member(rate=0.4, changes_on=10, change=0.5)

    assert [0.4, 0.2] == [one.true_rate(lead(), day=day) for day in (9.9, 10)]


def test_leads_come_evenly_where_that_is_said() -> None:
    channel = Channel(
        participants=[member()], leads=4, leads_per_day=2, evenly=True, days_to_close=(3, 3)
    )
    found = list(channel.arrivals(1))

    assert [0.5, 1.0, 1.5, 2.0] == [one.day for one in found]
    assert {3.0} == {one.delay for one in found}
    assert {Money("10000", "EUR")} == {one.lead.expected_value for one in found}
    assert {Lead()} == {one.lead.facts for one in found}
    assert ["L0", "L1", "L2", "L3"] == [one.lead.lead_id for one in found]


def test_leads_come_at_random_as_often_as_is_said() -> None:
    channel = Channel(
        participants=[member()],
        leads=8_000,
        leads_per_day=4,
        industries={"steel": 3, "glass": 1},
        regions={"DE": 1},
        value_spread=0.5,
        days_to_close=(10, 30),
    )
    found = list(channel.arrivals(1))
    gaps = [late.day - early.day for early, late in pairwise(found)]
    values = [float(one.lead.expected_value.amount) for one in found if one.lead.expected_value]
    industries = Counter(one.lead.facts.industry for one in found)

    # an exponential gap has a mean of 1/4 and falls short of it with the chance 1 - 1/e
    assert pytest.approx(0.25, rel=0.05) == fmean(gaps)
    assert pytest.approx(0.632, abs=0.02) == fmean(gap < 0.25 for gap in gaps)
    assert pytest.approx(20, rel=0.02) == fmean(one.delay for one in found)
    assert all(10 <= one.delay <= 30 for one in found)
    assert pytest.approx(10_000, rel=0.03) == median(values)
    # one standard deviation above the median lie 16 in 100
    assert pytest.approx(0.159, abs=0.015) == fmean(value > 16_487 for value in values)
    assert pytest.approx(0.75, abs=0.02) == industries["steel"] / 8_000
    assert {"DE"} == {one.lead.facts.region for one in found}


def test_more_leads_begin_with_the_same_ones() -> None:
    few, many = (
        list(Channel(participants=[member()], leads=count, value_spread=1).arrivals(5))
        for count in (10, 20)
    )

    assert few == many[:10]
    assert few != list(Channel(participants=[member()], leads=10, value_spread=1).arrivals(6))


def test_luck_is_even_and_of_the_seed_the_lead_and_the_recipient() -> None:
    draws = [luck_of(1, f"L{number}", "a") for number in range(4_000)]

    assert pytest.approx(0.3, abs=0.02) == fmean(draw < 0.3 for draw in draws)
    assert 3 == len({luck_of(1, "L1", "a"), luck_of(2, "L1", "a"), luck_of(1, "L1", "b")})


def test_moments_count_from_the_start() -> None:
    start = datetime(2026, 5, 1, tzinfo=UTC)

    assert start + timedelta(hours=36) == Channel(participants=[member()], starts_at=start).moment(
        1.5
    )


def test_participants_stand_by_id() -> None:
    channel = Channel(participants=[member("b"), member("a")])

    assert ["a", "b"] == [one.recipient.recipient_id for one in channel.participants]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("recipient", "a"),
        ("close_rate", 1.1),
        ("close_rate", -0.1),
        ("close_rate", float("nan")),
        ("joins_on", -1),
        ("joins_on", float("inf")),
        ("changes_on", -1),
        ("change", -0.5),
        ("factors", {"steel": -1}),
        ("factors", {"steel": float("nan")}),
        ("factors", ["steel"]),
        ("close_rate", "0.5"),
    ],
)
def test_participants_that_make_no_sense_are_refused(name: str, value: object) -> None:
    with pytest.raises(OptionError, match=name):
        Participant(**{"recipient": Recipient(recipient_id="a"), "close_rate": 0.5, name: value})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("participants", ()),
        ("participants", ("a",)),
        ("participants", (member(), member())),
        ("leads", 0),
        ("leads", 2.5),
        ("leads", True),
        ("leads_per_day", 0),
        ("leads_per_day", float("inf")),
        ("value_spread", -1),
        ("days_to_close", (5, 4)),
        ("days_to_close", (-1, 4)),
        ("days_to_close", (1, float("inf"))),
        ("days_to_close", 20),
        ("days_to_close", (20,)),
        ("days_to_close", ("20", "40")),
        ("leads_per_day", "5"),
        ("leads_per_day", 1e-7),
        ("value_spread", 500),
        ("odds", {"steel": 0}),
        ("odds", ["steel"]),
    ],
)
def test_channels_that_make_no_sense_are_refused(name: str, value: object) -> None:
    option = {"odds": "industries"}.get(name, name)
    with pytest.raises(OptionError, match=name):
        Channel(**{"participants": [member()], option: value})  # type: ignore[arg-type]


def test_a_start_without_a_zone_is_refused() -> None:
    with pytest.raises(NaiveInstantError, match="starts_at"):
        Channel(participants=[member()], starts_at=datetime(2026, 1, 1))  # noqa: DTZ001 - the point
