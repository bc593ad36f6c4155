"""Lifetime value, worked by hand."""

from __future__ import annotations

from math import log

import pytest
from dateutil.relativedelta import relativedelta

from partnerleads import plv
from partnerleads.testing import at, history, money

NOW = at("2025-12-31")
ACME = """
    2025-01-10 L1 captured by acme
    2025-02-01 L1 won 9000 EUR margin=3000 EUR
    2025-05-02 L2 captured by acme
    2025-06-01 L2 won 6000 EUR margin=2000 EUR
    2025-06-30 acme cost portal 500 EUR
    2025-06-30 -    cost portal 800 EUR
"""
YEAR = {"horizon": relativedelta(years=1), "annual_rate": 0.0}


def test_rate_times_chance_to_be_active_times_amount_over_two_years_with_interest() -> None:
    value = plv.lifetime_value(history(ACME), as_of=NOW)["acme"]

    # 1 February to 1 June are 120 days, to 31 December 333; one repeat
    assert plv.Transactions(repeats=1, last=120, age=333) == value.transactions
    # the prior has 1 repeat in 180 days; after 2 of 7 weights a + b + 2 ... the chance to be gone
    odds_gone = 0.5 / (4.5 + 1) * (513 / 300) ** 2
    assert pytest.approx(1 / (1 + odds_gone)) == value.alive_probability
    assert pytest.approx(730 * 2 / 513 / (1 + odds_gone)) == value.expected
    # steady transactions, each discounted by 1.1 to the power of its years
    assert pytest.approx(value.expected * (1 - 1.1**-2) / (2 * log(1.1))) == value.discounted
    # the only partner, so that its own mean is that of all: 5000 / 2
    assert money("2500 EUR") == value.amount
    assert money("5117.59 EUR") == value.residual
    assert money("5000 EUR") == value.won
    assert money("500 EUR") == value.spent
    assert money("4500 EUR") == value.historic
    assert money("9617.59 EUR") == value.value


def test_the_interval_is_that_of_the_rate_a_gamma_variable_of_two_repeats() -> None:
    value = plv.lifetime_value(history(ACME), as_of=NOW)["acme"]
    low, high = value.interval or ()

    # quantiles of gamma(2): 0.24221 and 5.57164, over the mean of 2
    assert pytest.approx(4500 + 5117.59 * 0.24221 / 2, abs=0.1) == float(low.amount)
    assert pytest.approx(4500 + 5117.59 * 5.57164 / 2, abs=0.1) == float(high.amount)


def test_own_amounts_are_drawn_to_those_of_all() -> None:
    events = history(
        ACME
        + """
        2025-03-01 L3 captured by beta
        2025-04-01 L3 won 4000 EUR margin=-1000 EUR
    """
    )
    values = plv.lifetime_value(events, as_of=NOW)

    # of all: 4000 / 3; acme has 2 of 2 + 3, beta 1 of 1 + 3
    assert money("1800 EUR") == values["acme"].amount
    assert money("750 EUR") == values["beta"].amount
    assert money("-1000 EUR") == values["beta"].historic


def test_negative_margins_have_a_negative_future() -> None:
    events = history("""
        2025-03-01 L3 captured by beta
        2025-04-01 L3 won 4000 EUR margin=-1000 EUR
    """)
    value = plv.lifetime_value(events, as_of=NOW)["beta"]
    low, high = value.interval or ()

    assert money("-1000 EUR") == value.amount
    assert value.residual is not None
    assert value.residual < money("0 EUR")
    assert low < high < money("-1000 EUR")


def test_a_deal_paid_back_is_no_transaction_and_a_part_of_it_takes_that_part_of_the_margin() -> (
    None
):
    events = history("""
        2025-01-10 L1 captured by acme
        2025-02-01 L1 won 9000 EUR margin=3000 EUR
        2025-02-10 L1 refunded 3000 EUR
        2025-03-10 L2 captured by acme
        2025-04-01 L2 won 9000 EUR margin=3000 EUR
        2025-04-10 L2 refunded 9000 EUR
    """)
    margin = plv.lifetime_value(events, as_of=NOW)["acme"]
    revenue = plv.lifetime_value(events, as_of=NOW, basis="revenue")["acme"]

    assert 0 == margin.transactions.repeats
    assert (2, money("2000 EUR")) == (margin.n, margin.historic)
    assert money("6000 EUR") == revenue.historic
    # before the second refund it was a transaction
    earlier = plv.lifetime_value(events, as_of=at("2025-04-05"))["acme"]
    assert (1, money("5000 EUR")) == (earlier.transactions.repeats, earlier.historic)


def test_a_refund_above_the_value_costs_money_and_is_no_transaction() -> None:
    events = history("""
        2025-01-10 L1 captured by acme
        2025-02-01 L1 won 9000 EUR margin=3000 EUR
        2025-02-10 L1 refunded 12000 EUR
    """)
    value = plv.lifetime_value(events, as_of=NOW, basis="revenue")["acme"]

    assert money("-3000 EUR") == value.historic
    assert (0, 0) == (value.transactions.repeats, value.amounts)
    assert "no_win" in {one.code for one in value.warnings}


def test_who_left_is_worth_what_it_brought_and_comes_back_with_another_onboarding() -> None:
    left = ACME + "2025-08-01 acme partner_terminated\n"
    back = left + "2025-09-01 acme onboarded\n"
    gone = plv.lifetime_value(history(left), as_of=NOW)["acme"]

    assert (0.0, 0.0, 0.0) == (gone.alive_probability, gone.expected, gone.discounted)
    assert money("0 EUR") == gone.residual
    assert money("4500 EUR") == gone.value
    assert (gone.value, gone.value) == gone.interval
    assert (
        plv.lifetime_value(history(back), as_of=NOW)["acme"].value
        == plv.lifetime_value(history(ACME), as_of=NOW)["acme"].value
    )


def test_wins_of_a_day_are_one_transaction_and_of_a_quarter_too() -> None:
    events = history("""
        2025-01-10 00:00 L1 captured by acme
        2025-02-01 09:00 L1 won 9000 EUR margin=3000 EUR
        2025-01-10 00:00 L2 captured by acme
        2025-02-01 22:30 L2 won 9000 EUR margin=1000 EUR
        2025-01-10 00:00 L3 captured by acme
        2025-03-01 12:00 L3 won 9000 EUR margin=2000 EUR
    """)
    by_day = plv.lifetime_value(events, as_of=NOW)["acme"]
    elsewhere = plv.lifetime_value(events, as_of=NOW, tz="Asia/Tokyo")["acme"]
    by_quarter = plv.lifetime_value(events, as_of=NOW, transaction="quarter")["acme"]

    assert (1, money("3000 EUR")) == (by_day.transactions.repeats, by_day.amount)
    assert (2, money("2000 EUR")) == (elsewhere.transactions.repeats, elsewhere.amount)
    assert (0, money("6000 EUR")) == (by_quarter.transactions.repeats, by_quarter.amount)


def test_a_partner_without_a_win_is_worth_what_the_prior_and_the_others_say() -> None:
    events = history(ACME + "2025-12-31 beta onboarded\n")
    value = plv.lifetime_value(events, as_of=NOW, **YEAR)["beta"]

    # just begun: 1 / 180 a day for 365 days, of whom 4.5 of 5 stay; 2500 each
    assert pytest.approx(365 / 180 * 0.9) == value.expected
    assert money("4562.50 EUR") == value.residual == value.value
    assert "no_win" in {one.code for one in value.warnings}
