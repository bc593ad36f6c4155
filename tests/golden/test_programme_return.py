"""Programme return, worked by hand."""

from decimal import Decimal

import pytest

from partnerleads import Period, fold, kpis
from partnerleads.errors import OptionError
from partnerleads.kpis.measuring.figures import history_of
from partnerleads.testing import at, history, money

NOW = at("2026-06-01")
# acme: margin 3000, a third of the value paid back: 2000; beta: 500; influenced by beta: 400
PROGRAMME = history("""
    2026-01-02 L1 captured by acme region=DACH
    2026-01-09 L1 won 9000 EUR margin=3000 EUR
    2026-03-20 L1 refunded 3000 EUR
    2026-01-02 L2 captured by beta region=UKI
    2026-02-09 L2 won 2000 EUR margin=500 EUR
    2026-01-02 L3 captured region=UKI
    2026-01-05 L3 influenced by beta demo
    2026-02-09 L3 won 1000 EUR margin=400 EUR
    2026-01-02 L4 captured region=UKI
    2026-02-09 L4 won 7000 EUR margin=7000 EUR
    2026-01-31 -    cost portal 600 EUR
    2026-01-31 acme cost campaign 400 EUR
    2026-02-28 cyan cost dinner 250 EUR
""")


def test_margin_less_refunds_over_cost() -> None:
    figure = kpis.programme_return(PROGRAMME, as_of=NOW)

    assert {"EUR": money("2500 EUR")} == figure.margin
    assert {"EUR": money("1250 EUR")} == figure.cost
    assert (2.0, 2, 3, 1) == (figure.value, figure.n, figure.costs, figure.refunded)
    assert "EUR 2 500.00 of 2 wins sourced / EUR 1 250.00; 1 refunded" == figure.basis_text()


def test_it_shows_itself() -> None:
    figure = kpis.programme_return(PROGRAMME, as_of=NOW)
    (row,) = figure.to_dicts()

    assert "2.00 x" == figure.value_text()
    assert (2.0, "EUR 2 500.00", "EUR 1 250.00", 3) == (
        row["value"],
        row["margin"],
        row["cost"],
        row["costs"],
    )


def test_involved_adds_what_partners_influenced() -> None:
    figure = kpis.programme_return(PROGRAMME, as_of=NOW, credit="involved")

    assert (2900 / 1250, 3) == (figure.value, figure.n)


def test_wins_and_costs_of_a_period_by_their_own_dates() -> None:
    january = kpis.programme_return(PROGRAMME, as_of=NOW, period=Period.month(2026, 1))
    march = kpis.programme_return(PROGRAMME, as_of=NOW, period=Period.month(2026, 3))

    assert 2000 / 1000 == january.value
    assert (None, "there are no costs", 0) == (march.value, march.undefined_because, march.n)


def test_each_partner_has_its_own_costs() -> None:
    figure = kpis.programme_return(PROGRAMME, as_of=NOW, by="sourcing_partner")
    acme, beta, cyan, programme = (figure.segments[name] for name in ("acme", "beta", "cyan", None))

    assert ["acme", "beta", "cyan", None] == list(figure.segments)
    assert (5.0, 1) == (acme.value, acme.refunded)
    assert (None, "no cost names it", 1) == (beta.value, beta.undefined_because, beta.n)
    assert (0.0, 0, money("250 EUR")) == (cyan.value, cyan.n, cyan.cost["EUR"])
    assert (0.0, money("600 EUR")) == (programme.value, programme.cost["EUR"])


def test_costs_are_not_known_by_region() -> None:
    figure = kpis.programme_return(PROGRAMME, as_of=NOW, by="region")
    dach = figure.segments["DACH"]

    assert (None, "costs are known by partner alone") == (dach.value, dach.undefined_because)
    assert money("2000 EUR") == dach.margin["EUR"]
    assert "EUR 2 000.00 of 1 win sourced / no cost" in dach.basis_text()


def test_a_history_that_does_not_tell_costs_gives_the_margin_alone() -> None:
    part = kpis.only(history_of(fold(PROGRAMME, as_of=NOW)), kpis.EVERY)
    figure = kpis.programme_return(part, by="sourcing_partner")
    words = "this history does not tell costs; pass events, or the lifecycles made of them"

    assert (None, words) == (figure.value, figure.undefined_because)
    assert words == figure.segments["acme"].undefined_because
    assert money("2500 EUR") == figure.margin["EUR"]


def test_refunds_in_full_and_beyond_and_in_another_currency() -> None:
    events = history("""
        2026-01-02 L1 captured by acme
        2026-01-09 L1 won 100 EUR margin=40 EUR
        2026-01-10 L1 refunded 100 EUR
        2026-01-02 L2 captured by acme
        2026-01-09 L2 won 100 EUR margin=40 EUR
        2026-01-10 L2 refunded 150 EUR
        2026-01-02 L3 captured by acme
        2026-01-09 L3 won 100 EUR margin=40 EUR
        2026-01-10 L3 refunded 10 USD
        2026-01-02 L4 captured by acme
        2026-01-09 L4 won 0 EUR margin=40 EUR
        2026-01-10 L4 refunded 10 EUR
        2026-01-02 L5 captured by acme
        2026-01-09 L5 won 100 EUR
        2026-01-10 L5 refunded 10 EUR
        2026-01-02 L6 captured by acme
        2026-01-09 L6 won margin=90 EUR
        2026-01-10 L6 refunded 10 EUR
        2026-01-31 -  cost portal 10 EUR
    """)
    figure = kpis.programme_return(events, as_of=NOW)

    # nothing, half as much again taken off, two that cannot be told, one without margin, and one
    # whose value is not stated
    assert money("70 EUR") == figure.margin["EUR"]
    assert {
        "its refunds are in another currency": 1,
        "its refunds are no part of its value": 1,
    } == figure.left_out_because
    assert (3, 2, 1) == (figure.n, figure.refunded, figure.without_margin)
    assert "1 states no margin" in figure.basis_text()


def test_wins_that_state_no_margin_have_no_return() -> None:
    events = history("""
        2026-01-02 L1 captured by acme
        2026-01-09 L1 won 100 EUR
        2026-01-31 -  cost portal 10 EUR
    """)

    figure = kpis.programme_return(events, as_of=NOW)

    assert "no win states a margin" == figure.undefined_because
    assert figure.basis_text().startswith("no margin of 0 wins sourced / EUR 10.00; 1 states no")


def test_nothing_won_is_no_return_and_no_cost_is_none_at_all() -> None:
    spent = kpis.programme_return(history("2026-01-31 - cost portal 10 EUR"), as_of=NOW)
    credit = kpis.programme_return(history("2026-01-31 - cost portal -10 EUR"), as_of=NOW)

    assert (0.0, "0.00 x") == (spent.value, spent.value_text())
    assert (None, "the programme cost nothing", 1) == (
        credit.value,
        credit.undefined_because,
        credit.problems,
    )


def test_currencies_are_converted_on_their_own_days() -> None:
    events = history("""
        2026-01-02 L1 captured by acme
        2026-01-09 L1 won 100 USD margin=40 USD
        2026-02-10 L1 refunded 50 USD
        2026-01-31 -  cost portal 10 EUR
    """)
    mixed = kpis.programme_return(events, as_of=NOW)
    converted = kpis.programme_return(
        events, as_of=NOW, currency="EUR", rates=lambda _, __, day: Decimal(day.day)
    )

    assert "amounts in EUR, USD cannot be added; pass rates" == mixed.undefined_because
    # half of 40 USD at the price of the 9th
    assert (18.0, money("180 EUR")) == (converted.value, converted.margin["EUR"])


def test_costs_of_vague_or_invented_times() -> None:
    events = history("""
        2026-01-31 - cost portal 10 EUR precision=assumed
        2026-01-31 - cost portal 20 EUR precision=relative
    """)
    january = kpis.programme_return(events, as_of=NOW, period=Period.month(2026, 1))
    ever = kpis.programme_return(events, as_of=NOW)

    assert (money("10 EUR"), ["vague_times"]) == (
        january.cost["EUR"],
        [warning.code for warning in january.warnings],
    )
    assert {"the calendar of a cost is invented": 1} == january.left_out_because
    assert (money("30 EUR"), ()) == (ever.cost["EUR"], ever.warnings)


def test_a_credit_that_is_not_offered_is_refused() -> None:
    with pytest.raises(OptionError, match="offered are"):
        kpis.programme_return(PROGRAMME, as_of=NOW, credit="influenced")  # type: ignore[arg-type]
