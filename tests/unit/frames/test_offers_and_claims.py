"""Offers, registrations, costs and limits in working time, by both engines."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from partnerleads import Period, fold, frames, kpis
from partnerleads.attribution import AttributionPolicy
from partnerleads.errors import OptionError
from partnerleads.events import Event
from partnerleads.testing import at, history, money
from tests import frames_parity as parity
from tests.oracles.twins import NINE_TO_FIVE

AS_OF = at("2026-06-01")
MARCH = Period.month(2026, 3)
CLAIMS_ALONE = AttributionPolicy(claims="registration")

OFFERS = """
2026-03-02 09:00 L1 captured region=DACH
2026-03-02 10:00 L1 offered  by acme agent=ann expires_at="2026-03-03 10:00"
2026-03-04 10:00 L1 declined by acme reason=busy
2026-03-05 10:00 L1 offered  by bolt expires_at="2026-03-09 10:00"
2026-03-06 11:00 L1 accepted by bolt agent=bob
2026-03-07 11:00 L1 declined by bolt reason=late
2026-03-02 09:00 L2 captured region=UK
2026-03-03 09:00 L2 offered  by acme offer_id=o1
2026-03-04 09:00 L2 offered  by acme offer_id=o1
2026-03-05 09:00 L2 expired  by acme offer_id=o1 reason=silence
2026-03-06 09:00 L2 accepted by acme offer_id=o1
2026-03-07 09:00 L2 offered  by bolt
2026-03-08 09:00 L2 offer_withdrawn by bolt
2026-03-09 09:00 L2 offered  by cone expires_at="2026-07-01"
2026-03-02 09:00 L3 captured
2026-03-03       L3 offered  by acme
2026-03-05       L3 accepted by acme
2026-03-02 09:00 L4 captured
2026-03-05 09:00 L4 offered  by acme precision=by
2026-03-06 09:00 L4 offered  by bolt precision=relative
2026-03-07 09:00 L4 accepted by bolt precision=by
2026-03-02 09:00 L5 offered  by acme
2026-03-03 09:00 L5 accepted by acme
2026-03-02 09:00 L6 captured
2026-03-02 10:00 L6 offered  by acme expires_at="2026-03-03 10:00"
2026-03-02 11:00 L6 offer_withdrawn by acme
2026-03-03 10:00 L6 expired  by acme
2026-03-04 10:00 L6 offered  by bolt expires_at="2026-03-06 10:00"
2026-03-05 09:00 L6 expired  by bolt
2026-03-06 09:00 L6 accepted by bolt
2026-03-07 10:00 L6 offered  by cone expires_at="2026-03-08 10:00"
2026-03-08 10:00 L6 expired  by cone
2026-03-09 10:00 L6 offer_withdrawn by cone
"""

CLAIMS = """
2026-03-02 L1 registered by acme protected_until=2026-03-20
2026-03-03 L1 registered by acme
2026-03-04 L1 registered by bolt
2026-03-05 L1 rejected   by bolt reason=taken
2026-03-06 L1 approved   by acme protected_until=2026-04-10 reason=first
2026-03-07 L1 rejected   by acme reason=never
2026-03-21 L1 registered by cone
2026-03-02 L2 captured by acme region=DACH
2026-03-03 L2 registered by bolt registration_id=r1
2026-03-04 L2 registered by bolt registration_id=r2
2026-03-05 L2 registration_withdrawn by bolt registration_id=r1
2026-03-06 L2 registered by bolt registration_id=r1
2026-03-07 L2 approved   by bolt registration_id=r1
2026-03-08 L2 registered by acme
2026-03-02 L3 registered by acme protected_until=2026-03-10
2026-03-03 L3 approved   by acme
2026-03-10 L3 registered by bolt
2026-03-02 L4 registered by acme protected_until=2026-03-10
2026-03-03 L4 approved   by acme protected_until=2026-03-05
2026-03-04 L4 approved   by acme protected_until=2026-03-30
2026-03-12 L4 captured by bolt
2026-03-13 L4 captured by cone
2026-03-14 L4 registered by bolt
2026-03-14 L4 won by bolt
"""

COSTS = """
2026-03-02 L1 captured by acme
2026-03-12 L1 won 9000 EUR margin=3000 EUR
2026-03-20 L1 refunded 3000 EUR
2026-03-02 L2 captured by bolt
2026-03-12 L2 won 9000 EUR
2026-03-02 L3 captured by bolt
2026-03-12 L3 won 500000 JPY margin=100000 JPY
2026-03-31 -    cost portal   500 EUR
2026-03-31 acme cost campaign 500 EUR precision=day
2026-04-30 bolt cost campaign 90000 JPY precision=by
2026-05-01 bolt cost refund -100 EUR precision=relative
"""

OF_OFFERS = [
    "offer_acceptance_rate",
    "offer_decline_rate",
    "offer_expiry_rate",
    "offer_sla_breach_rate",
]
OF_CLAIMS = ["registration_approval_rate", "registration_conflict_rate", "time_to_approval"]
TURNS = {"polars": 3, "duckdb": 17}
"""Each backend is asked every so many of all, which still come with every key and period."""
KEYS = [(), "holder", "reason", "agent", ("region", "sourcing_partner"), "attribution", "lead_id"]


def both(text: str, backend: str, policy: AttributionPolicy | None = None) -> tuple[Any, Any]:
    """One history in both engines."""
    events: list[Event] = history(text)
    policy = policy or AttributionPolicy()
    frame = frames.events_frame(events, backend=backend)
    lives = fold(events, as_of=AS_OF, policy=policy)
    return lives, frames.history(frame, as_of=AS_OF, policy=policy)


def calls(*names: str) -> list[parity.Call]:
    """All variants of some figures, of all time and of a month, by every key."""
    return [
        parity.Call(call.kpi, {**call.said, **period, "by": by})
        for call in parity.every_call()
        if call.kpi in names
        for period in ({}, {"period": MARCH})
        for by in KEYS
    ]


@pytest.mark.no_cover  # the same code as in tests that count, on other engines or keys
@pytest.mark.parametrize("backend", ["polars", "duckdb"])
def test_what_becomes_of_offers_is_the_same(backend: str) -> None:
    lives, looked = both(OFFERS, backend)
    asked = calls(*OF_OFFERS)

    assert [] == parity.differences(asked[:: TURNS[backend]], lives, looked)


@pytest.mark.parametrize("policy", [None, CLAIMS_ALONE], ids=["referrals", "claims alone"])
@pytest.mark.parametrize("backend", ["polars", "duckdb"])
def test_what_is_decided_of_registrations_is_the_same(
    backend: str, policy: AttributionPolicy | None
) -> None:
    lives, looked = both(CLAIMS, backend, policy)
    asked = calls(*OF_CLAIMS)

    assert [] == parity.differences(asked[:: TURNS[backend]], lives, looked)


def test_the_conflicts_are_those_that_one_counts_by_hand() -> None:
    of = {"of": "submitted", "by": "lead_id"}
    hits = {
        policy: {
            lead_id: (one.hits, one.of)
            for lead_id, one in kpis.registration_conflict_rate(
                both(CLAIMS, "polars", policy)[1], **of
            ).segments.items()
        }
        for policy in (None, CLAIMS_ALONE)
    }

    assert hits[None] == {"L1": (1, 3), "L2": (4, 4), "L3": (0, 2), "L4": (1, 2)}
    assert hits[CLAIMS_ALONE] == {"L1": (1, 3), "L2": (1, 4), "L3": (0, 2), "L4": (1, 2)}


@pytest.mark.parametrize("backend", ["polars", "duckdb"])
def test_costs_are_the_same_and_so_is_what_they_bring_back(backend: str) -> None:
    lives, looked = both(COSTS, backend)
    asked = calls("programme_return")

    assert lives.costs == looked.costs
    assert 4 == len(looked.costs)
    assert [] == parity.differences(asked[:: TURNS[backend]], lives, looked)


def test_a_negative_cost_is_a_problem_of_a_frame() -> None:
    lives, looked = both(COSTS, "polars")
    rules = [problem.rule for problem in lives.problems]

    assert "negative_cost" in rules
    assert rules == [problem.rule for problem in looked.problems]


LIMITS = [
    kpis.Within("offered", "accepted", timedelta(hours=9), NINE_TO_FIVE),
    kpis.Within("accepted", "offered", timedelta(hours=9), NINE_TO_FIVE),
    kpis.Within("captured", "closed", timedelta(hours=9), NINE_TO_FIVE),
    kpis.Older("offered", timedelta(hours=480), NINE_TO_FIVE),
    kpis.Older("offered", timedelta(days=88)),
    kpis.Older("closed", timedelta(0), NINE_TO_FIVE),
    kpis.Since("offered", at("2026-03-03")),
    kpis.NotAfter("accepted", "offered.expires_at"),
    kpis.Past("offered.expires_at"),
]


@pytest.mark.parametrize("over", ["leads", "offers", "wins"])
@pytest.mark.parametrize("backend", ["polars", "duckdb"])
def test_limits_of_ones_own_are_the_same(backend: str, over: Any) -> None:
    lives, looked = both(OFFERS, backend)

    for limit in LIMITS:
        kpi = kpis.define("own", kpis.ShareOf(limit), counted="members", over=over)

        assert not parity.difference(kpi(lives, tz="Asia/Tokyo"), kpi(looked, tz="Asia/Tokyo"))


@pytest.mark.parametrize("backend", ["polars", "duckdb"])
def test_parts_of_a_frame_are_histories_of_their_own(backend: str) -> None:
    lives, looked = both(OFFERS, backend)
    early = kpis.Older("captured", timedelta(days=80))
    asked = [parity.Call(name, {}) for name in ("funnel", "won_velocity", "offer_acceptance_rate")]

    for part in (
        lambda known: kpis.only(known, early),
        lambda known: kpis.history_start(known, at("2026-03-02 12:00")),
    ):
        assert [] == parity.differences(asked, part(lives), part(looked))


def test_a_trend_of_a_frame_is_that_of_its_events() -> None:
    lives, looked = both(OFFERS, "polars")
    months = [Period.month(2026, number) for number in (2, 3, 4)]
    expected, actual = (
        kpis.trend(known, kpis.offer_acceptance_rate, periods=months) for known in (lives, looked)
    )

    assert not parity.difference(expected, actual)


def test_offers_of_a_frame_without_times_of_expiry() -> None:
    text = "2026-03-02 L1 captured\n2026-03-03 L1 offered by acme\n2026-03-04 L1 accepted by acme"
    lives, looked = both(text, "polars")
    asked = calls("offer_sla_breach_rate", "programme_return", "decided_win_rate")

    assert [] == parity.differences(asked[:: TURNS["duckdb"]], lives, looked)


def test_margins_of_a_frame_are_added_up() -> None:
    _, looked = both(COSTS, "polars")
    margin = kpis.define("margin", kpis.SumOf("won.margin"), counted="wins", anchor="won")

    assert margin(looked).by_currency == {"EUR": money("3000 EUR"), "JPY": money("100000 JPY")}


@pytest.mark.parametrize(
    ("form", "over", "words"),
    [
        (kpis.TimeBetween("captured", "won", "days", earlier="visits"), "leads", "pairs of events"),
        (kpis.ShareOf(kpis.Has("answered")), "leads", "answered"),
        (kpis.ShareOf(kpis.Has("decided")), "offers", "decided"),
        (kpis.ShareOf(kpis.Has("taken_back")), "registrations", "taken_back"),
    ],
)
def test_what_members_do_not_say_is_refused(form: Any, over: Any, words: str) -> None:
    _, looked = both(OFFERS, "polars")
    kpi = kpis.define("own", form, counted="members", over=over)

    with pytest.raises(OptionError, match=words):
        kpi(looked)
