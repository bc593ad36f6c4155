from typing import Any

import pytest

from partnerleads import frames, kpis
from partnerleads.errors import OptionError
from partnerleads.kpis import KEYS
from partnerleads.testing import at, history

NOW = at("2026-06-01")
EVENTS = history("""
    2026-01-01 acme onboarded tier=silver partner_type=reseller
    2026-03-01 acme partner_updated tier=gold
    2026-01-01 bolt onboarded partner_type=referral
    2026-02-02 L1 captured by acme account=Initech region=DACH country=DE attributes.colour=red \
        deal_type=new industry=steel
    2026-02-03 L1 lead_updated region=UKI attributes.colour=blue
    2026-02-04 L1 accepted by acme agent=ann
    2026-04-05 L1 won by acme agent=bob 100 EUR
    2026-02-02 L2 captured
    2026-02-04 L2 assigned agent=ann
""")
EXPECTED = {
    "account": {"Initech": 1, None: 1},
    "region": {"DACH": 1, None: 1},
    "country": {"DE": 1, None: 1},
    "deal_type": {"new": 1, None: 1},
    "industry": {"steel": 1, None: 1},
    "attribution": {"direct": 1, "sourced": 1},
    "sourcing_partner": {"acme": 1, None: 1},
    "holder": {"acme": 1, "ann": 1},
    "closing_partner": {"acme": 1, None: 1},
    "agent": {"ann": 1, "bob": 1},
    "status": {"open": 1, "won": 1},
    "reason": {None: 2},
    "lead_id": {"L1": 1, "L2": 1},
    "tier": {"silver": 1, None: 1},
    "partner_type": {"reseller": 1, None: 1},
    "attributes.colour": {"red": 1, None: 1},
    "attributes.shape": {None: 2},
    "latest.region": {"UKI": 1, None: 1},
    "latest.industry": {"steel": 1, None: 1},
    "latest.attributes.colour": {"blue": 1, None: 1},
}


def test_every_key_is_tried_here() -> None:
    assert set(KEYS) <= set(EXPECTED)
    assert all(KEYS.values())


@pytest.mark.parametrize("key", EXPECTED)
def test_each_key(key: str) -> None:
    figure = kpis.sourced_rate(EVENTS, as_of=NOW, by=key)

    assert EXPECTED[key] == {value: one.of for value, one in figure.segments.items()}
    assert (key,) == figure.by


def test_the_reason_is_that_of_the_standing_close() -> None:
    events = history("""
        2026-02-02 L1 captured
        2026-02-03 L1 lost reason=price
        2026-02-02 L2 captured
        2026-02-03 L2 disqualified reason=duplicate
        2026-02-02 L3 captured
        2026-02-03 L3 lost reason=price
        2026-02-04 L3 reopened
    """)
    reasons = kpis.sourced_rate(events, as_of=NOW, by="reason").segments

    assert {"price": 1, "duplicate": 1, None: 1} == {key: one.of for key, one in reasons.items()}


def test_the_reason_of_an_offer_is_its_own() -> None:
    events = history("""
        2026-02-02 L1 captured
        2026-02-03 L1 offered by acme
        2026-02-04 L1 declined by acme reason=busy
        2026-02-05 L1 lost reason=price
    """)

    assert ["busy"] == list(kpis.offer_decline_rate(events, as_of=NOW, by="reason").segments)


def test_a_tier_is_that_of_the_anchor() -> None:
    # silver when captured, gold when won
    captured = kpis.sourced_rate(EVENTS, as_of=NOW, by="tier")
    won = kpis.closed_won(EVENTS, as_of=NOW, by="tier")

    assert (["silver", None], ["gold"]) == (list(captured.segments), list(won.segments))


def test_a_stock_reads_the_tier_of_the_moment() -> None:
    events = (*EVENTS, *history("2026-02-05 L2 progressed id=p"))
    by = kpis.in_progress(events, as_of=NOW, by=("tier", "holder")).segments

    assert {(None, "ann"): 1} == {key: one.value for key, one in by.items()}


def test_a_lead_that_its_sourcing_partner_does_not_hold_has_that_partners_type() -> None:
    events = history("""
        2026-01-01 acme onboarded partner_type=reseller
        2026-02-02 L1 captured by acme
        2026-02-03 L1 assigned agent=ann
        2026-02-02 L2 captured by nobody_known
    """)

    assert {"reseller": 1, None: 1} == {
        key: one.of
        for key, one in kpis.sourced_rate(events, as_of=NOW, by="partner_type").segments.items()
    }


def test_several_keys_make_tuples_in_their_order() -> None:
    figure = kpis.sourced_rate(EVENTS, as_of=NOW, by=["region", "status"])

    assert [("DACH", "won"), (None, "open")] == list(figure.segments)
    assert ("region", "status") == figure.by
    assert [(None, None), ("DACH", "won"), (None, "open")] == [
        (row["region"], row["status"]) for row in figure.to_dicts()
    ]


def test_segments_are_in_alphabetical_order_and_the_unstated_last() -> None:
    events = history("""
        2026-01-01 L1 captured region=b
        2026-01-01 L2 captured
        2026-01-01 L3 captured region=a
    """)

    assert ["a", "b", None] == list(kpis.sourced_rate(events, as_of=NOW, by="region").segments)


def test_keys_stay_where_there_is_nobody() -> None:
    figure = kpis.sourced_rate((), as_of=NOW, by=("region", "tier"))

    assert (("region", "tier"), {}) == (figure.by, figure.segments)
    assert {"region", "tier"} <= set(figure.to_dicts()[0])


@pytest.mark.parametrize(
    ("by", "words"),
    [
        ("regoin", "did you mean 'region'"),
        ("colour", "offered are"),
        ("attributes.", "offered are"),
        ("latest.attributes.", "offered are"),
        ("latest.tier", "offered are|did you mean"),
        ("", "offered are"),
        (("region", "region"), "names a key twice"),
        (("region", "tire"), "did you mean 'tier'"),
    ],
)
def test_what_is_no_key_is_refused_even_where_there_is_nobody(by: object, words: str) -> None:
    with pytest.raises(OptionError, match=words):
        kpis.sourced_rate((), as_of=NOW, by=by)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "history", [EVENTS, frames.history(frames.events_frame(EVENTS), as_of=NOW)]
)
def test_all_that_is_no_key_is_told_at_once(history: Any) -> None:
    by = ("regon", "tier", "xyz", "partner", "industri")
    with pytest.raises(OptionError) as caught:
        kpis.closed_won(history, as_of=NOW, by=by)

    assert ("regon", "xyz", "partner", "industri") == caught.value.value
    assert caught.value.reason.startswith(
        "are no keys: 'regon' (did you mean 'region'?), 'xyz', 'partner' (say which partner: "
        "'sourcing_partner', 'holder' or 'closing_partner'), 'industri' (did you mean "
        "'industry'?); offered are 'account', "
    )


def test_no_keys_are_no_segments() -> None:
    assert {} == kpis.sourced_rate(EVENTS, as_of=NOW, by=()).segments


def test_a_partner_is_asked_back_which() -> None:
    with pytest.raises(OptionError, match="'sourcing_partner', 'holder' or 'closing_partner'"):
        kpis.closed_won(EVENTS, as_of=NOW, by="partner")
