"""Expected lead value, worked by hand."""

from datetime import date
from decimal import Decimal

import pytest

from partnerleads import Period, kpis
from partnerleads.errors import MixedCurrencyError, OptionError
from partnerleads.testing import at, history, money

NOW = at("2026-03-01")
# in progress: L1 at 6000 (restated, the later silent step keeps it), L2 states no value,
# L3 at 1000 without a probability; open only: L4 at 500; closed: L5
PIPELINE = history("""
    2026-01-02 L1 captured   5000 EUR
    2026-01-05 L1 progressed 6000 EUR probability=0.5 expected_close_at=2026-05-01
    2026-01-09 L1 progressed expected_close_at=2026-04-15
    2026-01-02 L2 captured
    2026-01-05 L2 progressed probability=0.9
    2026-01-02 L3 captured   1000 EUR expected_close_at=2026-04-30
    2026-01-05 L3 progressed
    2026-01-02 L4 captured    500 EUR expected_close_at=2026-04-01
    2026-01-02 L5 captured   9000 EUR
    2026-01-05 L5 progressed
    2026-01-09 L5 lost
""")


def test_sum_of_the_last_stated_values_in_progress() -> None:
    value = kpis.expected_lead_value(PIPELINE, as_of=NOW)

    assert (money("7000 EUR"), 2, 1) == (value.total, value.n, value.without_value)


def test_all_open_leads() -> None:
    value = kpis.expected_lead_value(PIPELINE, as_of=NOW, which="open")

    assert (money("7500 EUR"), 3, 1) == (value.total, value.n, value.without_value)
    assert "open" == value.definition["which"]


def test_weighted_by_probability() -> None:
    value = kpis.expected_lead_value(PIPELINE, as_of=NOW, weighted=True)

    # L1 6000 x 0.5; L3 states no probability and is counted as left out; L2 states no value
    assert (money("3000 EUR"), 1, 1) == (value.total, value.n, value.without_value)
    assert {"it states no probability": 1} == value.left_out_because


def test_weights_are_exact_and_the_sum_is_rounded_once() -> None:
    # 0.05 x 0.1 three times is 0.015, half-even 0.02; rounded one by one it were 0.00
    events = history(
        "".join(
            f"""
        2026-01-02 L{n} captured   0.05 EUR
        2026-01-05 L{n} progressed probability=0.1
    """
            for n in (1, 2, 3)
        )
    )

    assert money("0.02 EUR") == kpis.expected_lead_value(events, as_of=NOW, weighted=True).total


def test_by_expected_close_date() -> None:
    april, may = Period.month(2026, 4), Period.month(2026, 5)

    # L1 was restated to 15 April, L3 30 April; L4 is not in progress
    value = kpis.expected_lead_value(PIPELINE, as_of=NOW, expected_in=april)

    assert money("7000 EUR") == value.total
    assert kpis.expected_lead_value(PIPELINE, as_of=NOW, expected_in=may).total is None
    assert (
        money("7500 EUR")
        == kpis.expected_lead_value(PIPELINE, as_of=NOW, expected_in=april, which="open").total
    )
    assert str(april) == value.definition["expected in"]


def test_it_is_undefined_where_no_lead_states_a_value() -> None:
    events = history("""
        2026-01-02 L1 captured
        2026-01-05 L1 progressed
    """)
    value = kpis.expected_lead_value(events, as_of=NOW)

    assert value.total is None
    assert "no amount is stated by 1 lead in progress" == value.undefined_because
    assert 1 == value.without_value
    # neither does a currency to convert to make it a zero
    converted = kpis.expected_lead_value(events, as_of=NOW, currency="EUR")
    assert converted.total is None
    assert converted.undefined_because is not None


def test_no_lead_at_all_is_worth_nothing_in_a_named_currency() -> None:
    events = history("2026-01-02 L1 captured")

    assert money("0 EUR") == kpis.expected_lead_value(events, as_of=NOW, currency="EUR").total
    assert kpis.expected_lead_value(events, as_of=NOW).total is None


MIXED = history("""
    2026-01-02 L1 captured   100 EUR
    2026-01-05 L1 progressed
    2026-01-02 L2 captured   100 USD
    2026-01-05 L2 progressed
""")


def test_currencies_never_mix() -> None:
    value = kpis.expected_lead_value(MIXED, as_of=NOW)

    assert {"EUR": money("100 EUR"), "USD": money("100 USD")} == value.by_currency
    with pytest.raises(MixedCurrencyError, match="EUR, USD"):
        _ = value.total


def test_converted_at_the_rate_of_the_moment() -> None:
    asked = []

    def rates(source: str, target: str, day: date) -> Decimal:
        asked.append((source, target, day))
        return Decimal("0.925")

    value = kpis.expected_lead_value(MIXED, as_of=NOW, rates=rates, currency="EUR")

    assert money("192.50 EUR") == value.total
    assert [("USD", "EUR", date(2026, 3, 1))] == asked


def test_another_currency_without_rates_is_refused() -> None:
    with pytest.raises(OptionError, match="needs rates"):
        kpis.expected_lead_value(MIXED, as_of=NOW, currency="EUR")


def test_rates_without_a_currency_are_refused() -> None:
    with pytest.raises(OptionError, match="name the currency"):
        kpis.expected_lead_value(MIXED, as_of=NOW, rates=lambda *_: Decimal(1))
