"""Sourced, influenced and involved rate, worked by hand."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from partnerleads import Period, kpis
from partnerleads.errors import OptionError
from partnerleads.testing import at, history

NOW = at("2026-06-01")


def test_400_leads_60_sourced_40_influenced() -> None:
    # the field's standing example; the interval is Wilson's for 60 of 400
    lines = []
    for number in range(400):
        lead = f"L{number}"
        if number < 60:
            lines.append(f"2026-01-10 {lead} registered by acme")
        lines.append(f"2026-01-15 {lead} captured")
        if 60 <= number < 100:
            lines.append(f"2026-01-20 {lead} influenced by acme")
    quarter = Period.quarter(2026, 1)
    events = history("\n".join(lines))

    sourced = kpis.sourced_rate(events, as_of=NOW, period=quarter)
    assert (0.15, 60, 400) == (sourced.value, sourced.hits, sourced.of)
    assert (0.1183449953, 0.1883136107) == pytest.approx(sourced.interval, abs=1e-10)
    assert 0.1 == kpis.influenced_rate(events, as_of=NOW, period=quarter).value
    assert 0.25 == kpis.involved_rate(events, as_of=NOW, period=quarter).value


# L1 sourced by registration in December, captured in January; open at 100 EUR
# L2 sourced by referral; won at 300 EUR less 50
# L3 influenced; open at 200 EUR; L4 influenced; won at 500 EUR
# L5 direct; open at 100 EUR; L6 direct; won at 250 EUR; L7 direct, lost
MIX = history("""
    2025-12-20 L1 registered by acme
    2026-01-02 L1 captured 100 EUR
    2026-01-02 L2 captured by acme
    2026-02-03 L2 won      300 EUR
    2026-02-05 L2 refunded  50 EUR
    2026-01-02 L3 captured 200 EUR region=DACH
    2026-01-03 L3 influenced by bolt
    2026-01-02 L4 captured
    2026-01-03 L4 influenced by bolt
    2026-02-03 L4 won      500 EUR
    2026-01-02 L5 captured 100 EUR
    2026-01-02 L6 captured
    2026-01-03 L6 won      250 EUR
    2026-01-02 L7 captured 900 EUR
    2026-01-03 L7 lost
""")


def test_the_three_rates_over_all_leads_captured() -> None:
    rates = (kpis.sourced_rate, kpis.influenced_rate, kpis.involved_rate)
    figures = [rate(MIX, as_of=NOW) for rate in rates]

    assert [(2, 7), (2, 7), (4, 7)] == [(figure.hits, figure.of) for figure in figures]
    assert [2 / 7, 2 / 7, 4 / 7] == [figure.value for figure in figures]


def test_a_lead_counts_once_where_it_was_registered_else_captured() -> None:
    december, january = Period.month(2025, 12), Period.month(2026, 1)

    def figure(period: Period, counting: str) -> tuple[object, object]:
        rate = kpis.sourced_rate(MIX, as_of=NOW, period=period, counting=counting)
        return rate.hits, rate.of

    assert ((0, 0), (2, 7)) == (figure(december, "captured"), figure(january, "captured"))
    assert ((1, 1), (1, 6)) == (figure(december, "registered"), figure(january, "registered"))


def test_share_of_the_pipeline() -> None:
    rate = kpis.sourced_rate(MIX, as_of=NOW, unit="pipeline")

    # open leads: 100 sourced of 100 + 200 + 100
    assert (0.25, Decimal(100), Decimal(400), "EUR") == (rate.value, rate.hits, rate.of, rate.unit)
    assert (None, 3) == (rate.interval, rate.n)
    assert 0.5 == kpis.influenced_rate(MIX, as_of=NOW, unit="pipeline").value
    assert 0.75 == kpis.involved_rate(MIX, as_of=NOW, unit="pipeline").value


def test_share_of_the_revenue() -> None:
    rate = kpis.sourced_rate(MIX, as_of=NOW, unit="revenue")

    # 250 of 250 + 500 + 250
    assert (0.25, Decimal(250), Decimal(1000)) == (rate.value, rate.hits, rate.of)
    assert 0.5 == kpis.influenced_rate(MIX, as_of=NOW, unit="revenue").value
    assert 0.75 == kpis.involved_rate(MIX, as_of=NOW, unit="revenue").value


def test_revenue_is_placed_by_the_win() -> None:
    january = Period.month(2026, 1)
    rate = kpis.sourced_rate(MIX, as_of=NOW, unit="revenue", period=january)

    # only L6 was won in January
    assert (0.0, 1) == (rate.value, rate.n)


def test_rates_are_undefined_without_a_lead() -> None:
    rate = kpis.sourced_rate((), as_of=NOW)

    assert (None, None) == (rate.value, rate.interval)
    assert "there are no leads captured" == rate.undefined_because


def test_money_shares_are_undefined_without_money() -> None:
    rate = kpis.sourced_rate(history("2026-01-02 L1 captured"), as_of=NOW, unit="pipeline")

    assert (None, "the whole is no money") == (rate.value, rate.undefined_because)
    assert {"it has no amount": 1} == rate.left_out_because


def test_money_shares_are_undefined_where_a_class_is_negative() -> None:
    # sourced 50, influenced -30, direct 100: no part of 120 is meaningful
    events = history("""
        2026-01-02 L1 captured by acme
        2026-01-03 L1 won  50 EUR
        2026-01-02 L2 captured
        2026-01-02 L2 influenced by acme
        2026-01-03 L2 won  10 EUR
        2026-01-04 L2 refunded 40 EUR
        2026-01-02 L3 captured
        2026-01-03 L3 won 100 EUR
    """)

    for rate in (kpis.sourced_rate, kpis.influenced_rate, kpis.involved_rate):
        share = rate(events, as_of=NOW, unit="revenue")
        assert (None, "a part of the money is negative") == (share.value, share.undefined_because)


CURRENCIES = history("""
    2026-01-02 L1 captured by acme
    2026-01-03 L1 won  90 EUR
    2026-01-02 L2 captured
    2026-01-03 L2 won 100 USD
""")


def test_money_shares_of_several_currencies_are_undefined() -> None:
    share = kpis.sourced_rate(CURRENCIES, as_of=NOW, unit="revenue")
    other_way_round = kpis.sourced_rate(CURRENCIES[::-1], as_of=NOW, unit="revenue")

    assert share.value is None
    assert "amounts in EUR, USD cannot be added; pass rates" == share.undefined_because
    assert "money" == share.unit
    assert share == other_way_round


def test_converted_parts_are_rounded_half_even_and_once() -> None:
    # 0.05 + 0.10 at 0.1 are 0.005 of 0.015, to the cent 0.00 of 0.02; the share is exact
    events = history("""
        2026-01-02 L1 captured by acme
        2026-01-03 L1 won 0.05 USD
        2026-01-02 L2 captured
        2026-01-03 L2 won 0.10 USD
    """)
    share = kpis.sourced_rate(
        events, as_of=NOW, unit="revenue", rates=lambda *_: Decimal("0.1"), currency="EUR"
    )

    assert (Decimal("0.00"), Decimal("0.02")) == (share.hits, share.of)
    assert 1 / 3 == share.value


def test_money_shares_with_rates() -> None:
    def rates(source: str, target: str, day: date) -> Decimal:
        assert ("USD", "EUR", date(2026, 1, 3)) == (source, target, day)
        return Decimal("0.9")

    share = kpis.sourced_rate(CURRENCIES, as_of=NOW, unit="revenue", rates=rates, currency="EUR")

    assert (0.5, "EUR") == (share.value, share.unit)


@pytest.mark.parametrize("unit", ["pipeline", "revenue"])
def test_a_share_of_money_takes_no_counting_date(unit: Any) -> None:
    with pytest.raises(OptionError, match="counting='registered': a share of"):
        kpis.sourced_rate((), as_of=at("2026-03-01"), unit=unit, counting="registered")
