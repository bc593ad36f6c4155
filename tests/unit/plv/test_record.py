"""What one partner's events come to."""

from __future__ import annotations

from decimal import Decimal

import pytest

from partnerleads import fold, plv
from partnerleads.errors import OptionError
from partnerleads.events import PartnerTerminated
from partnerleads.model import Money
from partnerleads.plv.record import roles_of
from partnerleads.testing import at, history, money

NOW = at("2026-12-31")


def records(text: str, **options: object) -> dict[str, plv.PartnerRecord]:
    return plv.records_of(fold(history(text), as_of=NOW), **options)  # type: ignore[arg-type]


def test_every_partner_that_any_event_names_in_a_role_has_a_record() -> None:
    found = records("""
        2026-01-01 acme onboarded
        2026-01-02 L1 captured by beta
        2026-01-03 L1 influenced by cyan
        2026-01-04 L1 accepted by dove
        2026-01-05 L1 returned by dove
        2026-01-06 L1 accepted by echo
        2026-01-07 L1 won by fox
        2026-01-07 gull cost campaign 500 EUR
        2026-01-07 - cost portal 500 EUR
        2026-01-08 L2 registered by heron
    """)

    assert [*["acme", "beta", "cyan", "dove", "echo", "fox", "gull"]] == [*found]
    assert {
        "beta": ("sourced",),
        "cyan": ("influenced",),
        "dove": (),
        "echo": ("influenced", "held"),
        "fox": ("influenced", "closed"),
    } == {name: one.leads[0].roles for name, one in found.items() if one.leads}
    assert [money("500 EUR")] == [cost.cost for cost in found["gull"].costs]


def test_a_partner_that_sourced_a_lead_does_not_influence_it() -> None:
    lives = fold(
        history("""
            2026-01-02 L1 captured by acme
            2026-01-03 L1 accepted by acme
            2026-01-04 L1 won by acme
        """),
        as_of=NOW,
    )

    assert {"acme": ("sourced", "held", "closed")} == roles_of(lives["L1"])


def test_a_lead_that_was_never_captured_gives_no_roles() -> None:
    lives = fold(history("2026-01-08 L2 won by heron"), as_of=NOW)

    assert {} == roles_of(lives["L2"])


def test_a_person_who_holds_a_lead_gives_no_partner_a_role() -> None:
    lives = fold(
        history("""
            2026-01-08 L2 captured
            2026-01-09 L2 accepted agent=ann
        """),
        as_of=NOW,
    )

    assert {} == roles_of(lives["L2"])


def test_refunds_take_their_part_of_the_margin() -> None:
    (lead,) = records("""
        2026-01-02 L1 captured by acme
        2026-01-07 L1 won 9000 EUR margin=3000 EUR
        2026-01-09 L1 refunded 3000 EUR
    """)["acme"].leads

    assert (money("6000 EUR"), money("2000 EUR"), False) == (
        lead.value,
        lead.margin,
        lead.paid_back,
    )


def test_what_refunds_leave_of_a_margin_is_rounded_to_the_smallest_unit() -> None:
    for unit, left in (("0.01", "0.00"), ("0.10", "0.05")):
        (lead,) = records(f"""
            2026-01-02 L1 captured by acme
            2026-01-05 L1 won {2 * Decimal(unit)} EUR margin={unit} EUR
            2026-01-09 L1 refunded {unit} EUR
        """)["acme"].leads

        assert lead.margin is not None
        assert Decimal(left) == lead.margin.amount


@pytest.mark.parametrize(
    ("won", "margin"),
    [
        ("9000 EUR", None),
        ("margin=900 EUR", "900 EUR"),
        ("0 EUR margin=900 EUR", None),
        ("9000 USD margin=900 EUR", None),
    ],
)
def test_a_margin_that_refunds_leave_unclear_is_not_known(won: str, margin: str | None) -> None:
    (lead,) = records(f"""
        2026-01-02 L1 captured by acme
        2026-01-07 L1 won {won}
        2026-01-09 L1 refunded 3000 EUR
    """)["acme"].leads

    assert (None if margin is None else money(margin)) == lead.margin


def test_money_is_converted_by_the_day_of_the_win() -> None:
    days = []

    def rates(source: str, target: str, day: object) -> Decimal:
        days.append((source, target, str(day)))
        return Decimal("0.5")

    (lead,) = records(
        """
        2026-01-02 L1 captured by acme
        2026-01-07 L1 won 9000 USD margin=3000 USD
        2026-03-09 L1 refunded 3000 USD
        """,
        currency="EUR",
        rates=rates,
    )["acme"].leads

    assert (Money("3000", "EUR"), Money("1000", "EUR")) == (lead.value, lead.margin)
    assert {("USD", "EUR", "2026-01-07")} == set(days)


def test_a_missing_rate_is_refused() -> None:
    with pytest.raises(OptionError, match="needs rates"):
        records("2026-01-02 L1 captured by acme\n2026-01-07 L1 won 9 USD", currency="EUR")


def test_tenure_begins_with_the_partners_own_first_act() -> None:
    found = records("""
        2025-01-02 L1 captured
        2025-02-01 L1 accepted by acme
        2025-03-01 acme onboarded
        2025-01-02 L2 captured
        2025-04-02 L2 won by beta
        2025-05-02 beta onboarded
        2025-01-02 L3 captured by cyan
        2025-01-02 L4 captured by cyan
        2025-02-02 L4 influenced by dove
    """)
    since = {
        name: None if one.since is None else f"{one.since:%Y-%m-%d}" for name, one in found.items()
    }

    assert {
        "acme": "2025-02-01",
        "beta": "2025-04-02",
        "cyan": "2025-01-02",
        "dove": None,
    } == since


def test_a_record_gives_its_events_by_kind() -> None:
    told = records("2026-01-01 acme onboarded\n2026-02-01 acme partner_terminated")["acme"]

    assert ["partner_terminated"] == [event.type for event in told.of(PartnerTerminated)]
    assert at("2026-02-01") == told.partner.terminated_at


def test_a_record_of_one_partner_passes_the_others_by() -> None:
    lives = fold(
        history("""
            2026-01-02 L1 captured by acme
            2026-01-02 L2 captured by beta
            2026-01-07 acme cost campaign 500 EUR
            2026-01-07 beta cost campaign 500 EUR
        """),
        as_of=NOW,
    )
    told = plv.record_of("acme", leads=lives.values(), costs=lives.costs)

    assert plv.records_of(lives)["acme"] == told
