"""The scores, one event at a time: late, revised, moved and retracted events."""

from __future__ import annotations

import sys
from datetime import timedelta
from decimal import Decimal

import attrs
import pytest

from partnerleads import plv
from partnerleads.attribution import AttributionPolicy
from partnerleads.errors import MixedCurrencyError, NaiveInstantError, OptionError
from partnerleads.events import Event
from partnerleads.lifecycle import fold
from partnerleads.testing import at, history

AS_OF = at("2026-12-01")

STREAMS = {
    "late": """
        2026-02-05 L1 won 90000 EUR
        2026-01-01 L1 captured by acme
        2026-01-01 acme onboarded
    """,
    "revised": """
        2026-01-01 L1 captured by acme id=c
        2026-01-05 L1 won 10 EUR id=w
        2026-01-05 L1 won 90000 EUR id=w recorded=2026-01-07
        2026-01-05 L1 won 30 EUR id=w recorded=2026-01-06
        2026-01-01 L1 captured by beta id=c recorded=2026-01-08
    """,
    "retracted": """
        2026-01-02 acme training basics id=t
        2026-01-01 L1 captured by acme id=c
        2026-01-05 L1 won id=w
        2026-01-06 w retracted
        2026-01-07 c retracted
        2026-01-08 t retracted
    """,
    "retracted before it came": """
        2026-01-06 t retracted
        2026-01-05 acme training basics id=t
        2026-01-05 acme campaign spring
    """,
    "moved to another partner and back": """
        2026-01-05 acme training basics id=t
        2026-01-05 beta training basics id=t recorded=2026-01-06
        2026-01-05 acme training basics id=t recorded=2026-01-07
    """,
    "moved to another lead": """
        2026-01-01 L1 captured by acme
        2026-01-01 L2 captured by beta
        2026-02-05 L1 won 90000 EUR id=w
        2026-02-05 L2 won 90000 EUR id=w recorded=2026-02-06
    """,
    "a retraction that becomes something else": """
        2026-01-05 acme training basics id=x
        2026-01-06 x retracted id=r
        2026-01-06 L2 captured by beta id=r recorded=2026-01-07
        2026-01-06 gamma cost portal 1 EUR id=r recorded=2026-01-08
    """,
    "a lead's event that becomes a partner's, and back": """
        2026-01-06 L2 captured by beta id=r
        2026-01-06 acme training basics id=r recorded=2026-01-08
        2026-01-06 L2 captured by acme id=r recorded=2026-01-09
    """,
}


@pytest.mark.parametrize("name", STREAMS)
def test_after_each_event_the_scores_are_those_of_all_events_so_far(name: str) -> None:
    events = history(STREAMS[name])
    live = plv.LivePlv()
    for count, event in enumerate(events, start=1):
        live.add(event)

        expected = plv.plv_scores(events[:count], as_of=AS_OF)
        assert expected == live.scores(AS_OF)
        assert {name: expected.get(name) for name in ("acme", "beta", "gamma")} == {
            name: live.score(name, as_of=AS_OF) for name in ("acme", "beta", "gamma")
        }


def test_a_claim_recorded_after_the_moment_earns_nothing_before_it() -> None:
    events = history("""
        2026-01-01 L1 captured by acme id=c
        2026-01-02 L1 registered by acme recorded=2026-01-05
        2026-01-09 L1 contact by own_team
    """)
    live = plv.LivePlv(policy=AttributionPolicy(claims="registration"))
    live.extend(events)

    assert live.score("acme", as_of=at("2026-01-04")) is None
    assert live.score("acme", as_of=at("2026-01-08")) is not None
    assert live.score("acme", as_of=at("2026-01-04")) is None


def test_a_partner_that_nothing_names_has_no_score() -> None:
    assert plv.LivePlv().score("acme", as_of=AS_OF) is None
    assert {} == plv.LivePlv().scores(AS_OF)


def test_a_lead_that_names_a_partner_without_a_capture_is_no_lead_of_it() -> None:
    live = plv.LivePlv()
    live.extend(history("2026-01-05 L1 won 10 EUR by acme"))

    assert {} == live.scores(AS_OF)
    assert live.score("acme", as_of=at("2025-01-01")) is None


def test_only_the_touched_leads_are_read_anew() -> None:
    rates_asked = []

    def rates(*asked: object) -> Decimal:
        rates_asked.append(asked)
        return Decimal(1)

    live = plv.LivePlv(model=attrs.evolve(plv.DEFAULT_MODEL, currency="EUR"), rates=rates)
    live.extend(
        history("""
        2026-01-01 L1 captured by acme
        2026-01-05 L1 won 10 USD
        2026-01-02 L2 captured by acme
        2026-01-06 L2 won 20 USD id=w
    """)
    )
    live.scores(AS_OF)
    before = len(rates_asked)
    live.extend(history("2026-01-06 L2 won 40 USD id=w recorded=2026-01-07"))
    score = live.score("acme", as_of=AS_OF + timedelta(days=1))

    assert before // 2 == len(rates_asked) - before
    assert score is not None
    assert 50.0 == score.values["revenue"]


def test_several_currencies_are_refused_with_all_partners_and_within_one() -> None:
    live = plv.LivePlv()
    live.extend(
        history("""
        2026-01-01 L1 captured by acme
        2026-01-05 L1 won 10 USD
        2026-01-02 L2 captured by beta
        2026-01-06 L2 won 20 EUR
    """)
    )
    with pytest.raises(MixedCurrencyError):
        live.scores(AS_OF)
    score = live.score("acme", as_of=AS_OF)

    assert score is not None
    assert 10.0 == score.values["revenue"]
    live.extend(history("2026-01-02 L3 captured by acme id=a\n2026-01-06 L3 won 20 EUR id=b"))
    with pytest.raises(MixedCurrencyError):
        live.score("acme", as_of=AS_OF)


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(NaiveInstantError):
        plv.LivePlv().scores(AS_OF.replace(tzinfo=None))
    with pytest.raises(NaiveInstantError):
        plv.LivePlv().score("acme", as_of=AS_OF.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("model", plv.LivePlv(model=attrs.evolve(plv.DEFAULT_MODEL, name="other"))),
        ("policy", plv.LivePlv(policy=AttributionPolicy(claims="registration"))),
        ("rates", plv.LivePlv(rates=lambda *_: Decimal(1))),
    ],
)
def test_shards_that_score_differently_do_not_merge(name: str, other: plv.LivePlv) -> None:
    with pytest.raises(OptionError, match=f"^{name}="):
        plv.LivePlv().merge(other)


def test_a_shard_merged_with_itself_is_itself() -> None:
    events = history(STREAMS["late"])
    live = plv.LivePlv()
    live.extend(events)
    live.merge(live)

    assert plv.plv_scores(fold(events, as_of=AS_OF)) == live.scores(AS_OF)


def _calls(live: plv.LivePlv, events: tuple[Event, ...]) -> int:
    """How many calls taking some events takes."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        live.extend(events)
    finally:
        sys.setprofile(before)
    return calls


def test_taking_an_event_takes_as_many_calls_after_a_long_history_as_after_a_short_one() -> None:
    counts = []
    for size in (10, 1000):
        live = plv.LivePlv()
        for number in range(size):
            live.extend(
                history(
                    f"2026-01-01 L{number} captured by acme id=c{number}\n"
                    f"2026-01-02 acme training t{number} id=t{number}"
                )
            )
        live.scores(AS_OF)
        counts.append(
            _calls(live, history("2026-01-03 L1 won 5 EUR\n2026-01-04 acme business_plan 2026"))
        )

    assert counts[0] == counts[1]
