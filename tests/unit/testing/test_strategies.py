"""The public strategies: what they cover, what each dirt does, and that they shrink."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis.errors import NoSuchExample

from partnerleads import testing
from partnerleads.errors import MissingExtraError, OptionError
from partnerleads.events import (
    KINDS,
    ContactMade,
    CustomerRated,
    Event,
    LeadCaptured,
    LeadFact,
    fields_of,
    order_key,
)
from partnerleads.model import UTC, Lead, Money, Partner, Period
from partnerleads.routing import Prospect, Recipient
from partnerleads.scoring import LeadFeatures, QualificationModel, RuleModel
from partnerleads.testing import at, strategies

History = tuple[Event, ...]
QUICK = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)
SEARCH = settings(
    max_examples=3000,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
    database=None,
    derandomize=True,
)


def times(history: History) -> list[datetime]:
    return [event.occurred_at for event in history]


def kinds(history: History) -> list[str]:
    return [event.type for event in history]


def ids(history: History) -> list[str]:
    return [event.event_id for event in history]


def moments_of_ids(history: History) -> set[tuple[str, datetime]]:
    return {(event.event_id, event.recorded_at) for event in history}


SIGNS: dict[str, Callable[[History], bool]] = {
    "ties": lambda h: len(set(times(h))) < len(h),
    "dates": lambda h: any(e.precision == "day" for e in h),
    "precisions": lambda h: any(e.precision in ("by", "assumed", "relative") for e in h),
    "sequences": lambda h: any(e.sequence for e in h),
    "reopens": lambda h: "lead_reopened" in kinds(h),
    "returns": lambda h: "lead_returned" in kinds(h),
    "several_offers": lambda h: kinds(h).count("lead_offered") > 1,
    "late_records": lambda h: any(e.recorded_at > e.occurred_at for e in h),
    "disorder": lambda h: "lead_captured" in kinds(h)[1:],
    "uncaptured": lambda h: "lead_captured" not in kinds(h),
    "captured_twice": lambda h: kinds(h).count("lead_captured") > 1,
    "negative_money": lambda h: any(
        isinstance(e, LeadCaptured) and e.expected_value is not None and e.expected_value.minor < 0
        for e in h
    ),
    "duplicates": lambda h: len(set(h)) < len(h),
    "revisions": lambda h: len(set(ids(h))) < len(moments_of_ids(h)),
    "conflicts": lambda h: len(moments_of_ids(h)) < len(set(h)),
    "retractions": lambda h: "event_retracted" in kinds(h),
}


def test_every_dirt_has_a_sign_here() -> None:
    assert set(SIGNS) == strategies.DIRT


@pytest.mark.parametrize("dirt", sorted(strategies.DIRT))
def test_a_dirt_that_is_switched_on_happens(dirt: str) -> None:
    found = find(strategies.lead_histories(dirt={dirt}), SIGNS[dirt], settings=SEARCH)

    assert SIGNS[dirt](found)


@QUICK
@given(history=strategies.lead_histories(dirt=()))
def test_a_history_without_dirt_bears_no_sign_of_any(history: History) -> None:
    assert [name for name, sign in SIGNS.items() if sign(history)] == []
    assert sorted(times(history)) == times(history)
    assert kinds(history)[0] == "lead_captured"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_happens(kind: str) -> None:
    event = find(strategies.events(), lambda e: e.type == kind, settings=SEARCH)

    assert kind == event.type


@pytest.mark.parametrize("kind", KINDS)
def test_every_optional_field_of_a_kind_is_sometimes_stated(kind: str) -> None:
    stated: set[str] = set()
    optional = {spec.name: spec.default for spec in fields_of(KINDS[kind]) if not spec.required}

    @settings(SEARCH, max_examples=200)
    @given(event=strategies.events(kinds=[kind]))
    def collect(event: Event) -> None:
        stated.update(name for name, default in optional.items() if getattr(event, name) != default)

    collect()

    assert set(optional) == stated


@QUICK
@given(event=strategies.events(kinds=["contact_made"]))
def test_a_contact_names_a_partner_only_if_one_made_it(event: ContactMade) -> None:
    assert (event.by == "partner") == (event.partner_id is not None)


@QUICK
@given(event=strategies.events(kinds=["customer_rated"]))
def test_a_rating_lies_on_its_scale(event: CustomerRated) -> None:
    assert event.scale_min <= event.score <= event.scale_max


def test_an_unknown_kind_or_dirt_is_refused_at_once() -> None:
    with pytest.raises(OptionError, match="lead_one"):
        strategies.events(kinds=["lead_one"])
    with pytest.raises(OptionError, match="mud"):
        strategies.lead_histories(dirt=["mud"])
    with pytest.raises(OptionError, match="mud"):
        strategies.histories(dirt=["mud"])


@QUICK
@given(
    moment=strategies.instants(
        first=at("2026-01-01"),
        last=at("2026-01-02"),
        step=timedelta(hours=6),
        zones=["Asia/Tokyo"],
    )
)
def test_instants_lie_on_their_grid_in_their_zone(moment: datetime) -> None:
    assert str(moment.tzinfo) == "Asia/Tokyo"
    assert at("2026-01-01") <= moment <= at("2026-01-02")
    assert moment.astimezone(UTC).hour % 6 == 0


@QUICK
@given(amount=strategies.monies(currencies=["JPY"], lowest=-5, highest=5))
def test_money_stays_in_its_bounds(amount: Money) -> None:
    assert amount.currency == "JPY"
    assert -5 <= amount.minor <= 5


@QUICK
@given(lead=strategies.leads())
def test_leads_are_leads(lead: Lead) -> None:
    assert lead == Lead().updated(lead)


@QUICK
@given(partner=strategies.partners())
def test_a_partner_that_left_had_joined(partner: Partner) -> None:
    if partner.terminated_at is not None:
        assert partner.onboarded_at is not None
        assert partner.onboarded_at <= partner.terminated_at


def test_some_partners_left_and_some_periods_are_fiscal() -> None:
    left = find(strategies.partners(), lambda p: p.terminated_at is not None, settings=SEARCH)
    fiscal = find(strategies.periods(), lambda p: "FY" in p.name, settings=SEARCH)

    assert not left.active
    assert fiscal.months in (3, 12)


@QUICK
@given(period=strategies.periods(zones=["Europe/Berlin"]))
def test_periods_are_in_their_zone(period: Period) -> None:
    assert period.tz == "Europe/Berlin"
    assert period.start < period.end


@QUICK
@given(history=strategies.histories(partner_ids=["p"], currencies=["USD"], max_leads=2))
def test_a_history_keeps_to_its_partners_currencies_and_leads(history: History) -> None:
    named: dict[str, set[Any]] = {name: set() for name in ("partner_id", "originator", "chosen")}
    for event in history:
        for name, seen in named.items():
            seen.add(getattr(event, name, None))
    money = {
        getattr(event, name).currency
        for event in history
        for name in ("expected_value", "value", "margin", "cost")
        if getattr(event, name, None) is not None
    }

    assert named["partner_id"] | named["originator"] | named["chosen"] <= {"p", None}
    assert money <= {"USD"}
    assert {e.lead_id for e in history if isinstance(e, LeadFact)} <= {"L1", "L2"}


def test_leads_may_come_from_sources_that_number_alike() -> None:
    def alike(history: History) -> bool:
        sources = {(event.source, event.event_id) for event in history}
        return len({event_id for _, event_id in sources}) < len(sources)

    history = find(strategies.histories(), alike, settings=SEARCH)

    assert len({event.source for event in history}) > 1


def test_partner_events_are_part_of_histories() -> None:
    history = find(
        strategies.histories(), lambda h: "training_completed" in kinds(h), settings=SEARCH
    )

    assert "training_completed" in kinds(history)


def test_one_source_names_no_two_events_alike_without_dirt() -> None:
    def alike(history: History) -> bool:
        return len({(e.source, e.event_id) for e in history}) < len(history)

    with pytest.raises(NoSuchExample):
        find(strategies.histories(dirt=()), alike, settings=settings(SEARCH, max_examples=100))


def test_a_win_shrinks_to_a_capture_and_a_win() -> None:
    small = find(
        strategies.lead_histories(),
        lambda h: kinds(h)[:1] == ["lead_captured"] and "lead_won" in kinds(h),
        settings=settings(SEARCH, phases=[Phase.generate, Phase.shrink]),
    )

    expected = ["lead_captured", "lead_won"]
    assert expected == kinds(small)
    assert sorted(small, key=order_key) == list(small)


def test_without_hypothesis_the_notation_works_and_strategies_say_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    monkeypatch.delitem(sys.modules, "partnerleads.testing.strategies")
    monkeypatch.delattr(testing, "strategies")

    assert testing.history("2026-03-01 L1 won")
    with pytest.raises(MissingExtraError, match=r"partnerleads\[testing\]"):
        _ = testing.strategies


@pytest.mark.parametrize(
    ("strategy", "cls"),
    [
        (strategies.recipients(), Recipient),
        (strategies.prospects(), Prospect),
        (strategies.lead_features(), LeadFeatures),
        (strategies.rule_models(), RuleModel),
        (strategies.qualification_models(), QualificationModel),
    ],
)
def test_what_routing_and_scoring_read_is_drawn(strategy: Any, cls: type) -> None:
    drawn = find(strategy, lambda _: True, settings=settings(SEARCH, max_examples=20))

    assert isinstance(drawn, cls)


def test_an_agent_is_a_recipient_too() -> None:
    agent = find(
        strategies.recipients(),
        lambda one: one.recipient_id in strategies.AGENT_IDS,
        settings=SEARCH,
    )

    assert agent.recipient_id not in strategies.PARTNER_IDS


def test_the_package_has_no_other_names() -> None:
    with pytest.raises(AttributeError, match="stategies"):
        _ = testing.stategies
