"""Final lead value, worked by hand."""

from datetime import date
from decimal import Decimal

import pytest

from partnerleads import Period, kpis
from partnerleads.testing import at, history, money

NOW = at("2026-06-01")
# L1 8000 in its standing win of February; the refund before that win is of the deal before it
# L2 3000 less 500 and 250; L3 states no value; L4 no longer stands
# L5 100 with a refund in another currency: nobody can say what is left
REVENUE = history("""
    2026-01-02 L1 captured 10000 EUR
    2026-01-05 L1 won       9000 EUR
    2026-01-20 L1 refunded   700 EUR
    2026-02-01 L1 reopened
    2026-02-09 L1 won       8000 EUR
    2026-01-02 L2 captured
    2026-01-10 L2 won       3000 EUR
    2026-01-20 L2 refunded   500 EUR
    2026-03-20 L2 refunded   250 EUR
    2026-01-02 L3 captured
    2026-01-10 L3 won
    2026-01-02 L4 captured
    2026-01-10 L4 won       4000 EUR
    2026-01-11 L4 lost
    2026-01-02 L5 captured
    2026-01-10 L5 won        100 EUR
    2026-01-11 L5 refunded    10 USD
""")


def test_standing_wins_less_their_refunds() -> None:
    value = kpis.final_lead_value(REVENUE, as_of=NOW)

    # 8000 + 3000 - 500 - 250
    assert (money("10250 EUR"), 2, 1) == (value.total, value.n, value.without_value)
    assert {"its refunds are in another currency": 1} == value.left_out_because


def test_gross_of_refunds() -> None:
    value = kpis.final_lead_value(REVENUE, as_of=NOW, gross=True)

    # 8000 + 3000 + 100
    assert (money("11100 EUR"), 3, 1) == (value.total, value.n, value.without_value)


def test_a_refund_belongs_to_the_period_of_the_win() -> None:
    january, march = Period.month(2026, 1), Period.month(2026, 3)

    assert money("2250 EUR") == kpis.final_lead_value(REVENUE, as_of=NOW, period=january).total
    assert kpis.final_lead_value(REVENUE, as_of=NOW, period=march).total is None


def test_a_refund_after_the_moment_is_not_known() -> None:
    assert money("10500 EUR") == kpis.final_lead_value(REVENUE, as_of=at("2026-03-01")).total


def test_converted_at_the_rate_of_the_day_of_the_win() -> None:
    events = history("""
        2026-01-02       L1 captured
        2026-01-31 23:30 L1 won      100 USD
        2026-01-02       L2 captured
        2026-02-01 12:00 L2 won      100 USD
    """)
    prices = {date(2026, 1, 31): Decimal("0.9"), date(2026, 2, 1): Decimal("0.8")}

    def rates(source: str, target: str, day: date) -> Decimal:
        assert ("USD", "EUR") == (source, target)
        return prices[day]

    value = kpis.final_lead_value(events, as_of=NOW, rates=rates, currency="EUR")
    assert money("170 EUR") == value.total

    # half past eleven at night in UTC is 1 February in Berlin
    berlin = Period.year(2026, tz="Europe/Berlin")
    value = kpis.final_lead_value(events, as_of=NOW, rates=rates, currency="EUR", period=berlin)
    assert money("160 EUR") == value.total


def test_converted_money_is_rounded_half_even_and_once() -> None:
    events = history(
        "".join(
            f"""
        2026-01-02 L{n} captured
        2026-01-03 L{n} won 1 JPY
    """
            for n in (1, 2, 3)
        )
    )

    # 3 x 0.005 = 0.015, which is half-way and goes to the even 0.02; one by one it were 0.00
    value = kpis.final_lead_value(
        events, as_of=NOW, rates=lambda *_: Decimal("0.005"), currency="EUR"
    )

    assert money("0.02 EUR") == value.total


@pytest.mark.parametrize("currency", [None, "EUR"])
def test_a_win_of_an_invented_calendar_is_none_of_the_period(currency: str | None) -> None:
    events = history("""
        2026-01-02 L1 captured
        2026-01-05 L1 won       100 EUR precision=relative
    """)

    value = kpis.final_lead_value(
        events, as_of=NOW, period=Period.month(2026, 1), currency=currency
    )

    # no win adds up to nothing, which is an amount only in a currency that is asked for
    assert (None if currency is None else money("0 EUR"), 0) == (value.total, value.n)
    assert {"its calendar is invented": 1} == value.left_out_because
