from __future__ import annotations

import pickle
from datetime import timedelta
from decimal import Decimal
from math import isfinite
from random import Random
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta

from partnerleads import fold, plv
from partnerleads.errors import AsOfError, MixedCurrencyError, OptionError
from partnerleads.testing import at, history, money

NOW = at("2025-12-31")
ACME = history("""
    2025-01-10 L1 captured by acme
    2025-02-01 L1 won 9000 EUR margin=3000 EUR
    2025-05-02 L2 captured by acme
    2025-06-01 L2 won 6000 EUR margin=2000 EUR
    2025-06-30 acme cost portal 500 EUR
    2025-07-30 acme cost fund 100 EUR
    2025-06-30 -    cost portal 800 EUR
""")
MIXED = history("""
    2025-01-10 L1 captured by acme
    2025-02-01 L1 won 9000 EUR margin=3000 EUR
    2025-05-02 L2 captured by beta
    2025-06-01 L2 won 6000 USD margin=2000 USD
    2025-06-30 beta cost portal 500 USD
""")


def acme(text: str | None = None, **options: Any) -> plv.LifetimeValue:
    events = ACME if text is None else history(text)
    return plv.lifetime_value(events, as_of=NOW, **options)["acme"]


def few_partners() -> str:
    """Eight partners with 20 deals between them, very unequally."""
    random, lines = Random(11), []
    for number in range(20):
        partner = f"p{min(random.randint(0, 7), random.randint(0, 7))}"
        day = at("2024-06-01") + timedelta(days=random.randint(0, 540))
        margin = random.randint(-500, 4000)
        lines.append(f"{day:%Y-%m-%d} L{number} captured by {partner}")
        day += timedelta(days=30)
        lines.append(f"{day:%Y-%m-%d} L{number} won 9000 EUR margin={margin} EUR")
    return "\n".join([*lines, *(f"2024-05-01 p{n} onboarded" for n in range(8))])


def test_eight_partners_with_twenty_deals_have_sensible_values_that_say_how_sure_they_are() -> None:
    values = plv.lifetime_value(history(few_partners()), as_of=NOW)
    wins = {name: one.n for name, one in values.items()}

    assert (8, 20) == (len(values), sum(wins.values()))
    for value in values.values():
        assert value.value is not None
        assert value.interval is not None
        assert isfinite(value.expected)
        assert 0 < value.alive_probability < 1
        assert 0 < value.expected < 12
        assert value.interval[0] < value.value < value.interval[1]
    most, least = max(values.values(), key=_wins), min(values.values(), key=_wins)
    assert _width(most) < _width(least)


def _wins(value: plv.LifetimeValue) -> int:
    return value.n


def _width(value: plv.LifetimeValue) -> float:
    """Width of the interval against the residual value."""
    assert value.interval is not None
    assert value.residual is not None
    low, high = value.interval
    return float((high - low).amount / value.residual.amount)


def test_a_fit_on_eight_partners_is_refused_and_names_the_default() -> None:
    values = plv.lifetime_value(history(few_partners()), as_of=NOW)

    with pytest.raises(OptionError, match=r"at least 300; .* GammaPoisson"):
        plv.MbgNbd.fit(one.transactions for one in values.values() if one.n)


def test_no_events_are_worth_nothing_to_nobody() -> None:
    assert {} == plv.lifetime_value([], as_of=NOW)


def test_the_moment_is_needed_with_events_and_known_to_lifecycles() -> None:
    with pytest.raises(AsOfError):
        plv.lifetime_value(ACME)

    assert plv.lifetime_value(ACME, as_of=NOW) == plv.lifetime_value(fold(ACME, as_of=NOW))


def test_an_engine_without_lifecycles_is_refused() -> None:
    class Engine:
        as_of = NOW

        def tally(self) -> None: ...

    with pytest.raises(OptionError, match="lifecycles"):
        plv.lifetime_value(Engine())  # type: ignore[arg-type]


def test_several_currencies_without_rates_are_refused() -> None:
    with pytest.raises(MixedCurrencyError, match="EUR, USD"):
        plv.lifetime_value(MIXED, as_of=NOW)
    with pytest.raises(OptionError, match="rates"):
        plv.lifetime_value(MIXED, as_of=NOW, currency="EUR")
    with pytest.raises(MixedCurrencyError, match="EUR, USD"):
        acme(amounts=plv.CredibleMean(collective=money("5 USD")))


def test_rates_convert_deals_and_costs_each_at_its_own_day() -> None:
    def rates(_: str, __: str, day: Any) -> Decimal:
        return Decimal(day.month) / 10

    values = plv.lifetime_value(MIXED, as_of=NOW, rates=rates, currency="EUR")

    assert money("3000 EUR") == values["acme"].historic
    # won and paid for in June
    assert money("900 EUR") == values["beta"].historic


def test_kinds_of_cost_can_be_chosen() -> None:
    assert money("600 EUR") == acme().spent
    assert money("100 EUR") == acme(costs=["fund"]).spent
    assert money("0 EUR") == acme(costs=()).spent


def test_wins_that_state_no_margin_count_and_are_told() -> None:
    value = acme("""
        2025-01-10 L1 captured by acme
        2025-02-01 L1 won 9000 EUR margin=3000 EUR
        2025-05-02 L2 captured by acme
        2025-06-01 L2 won 6000 EUR
    """)

    assert (1, 1, 1) == (value.transactions.repeats, value.amounts, value.without_amount)
    assert money("3000 EUR") == value.historic == value.amount
    assert "1 win of unknown margin" in str(value)


def test_wins_of_which_none_states_a_margin_have_no_value() -> None:
    text = """
        2025-01-10 L1 captured by acme
        2025-02-01 L1 won 9000 EUR
        2025-06-30 acme cost portal 500 EUR
    """
    value = acme(text)

    assert value.value is value.interval is value.historic is value.won is None
    assert "basis='revenue'" in (value.undefined_because or "")
    assert "acme: undefined" in str(value)
    assert money("8500 EUR") == acme(text, basis="revenue").historic
    assert "basis='margin'" in (
        acme(text.replace("9000 EUR", "margin=9 EUR"), basis="revenue").undefined_because or ""
    )


def test_without_any_amount_a_currency_must_be_named() -> None:
    value = acme("2025-06-30 acme onboarded")

    assert "pass one" in (value.undefined_because or "")
    assert value.spent is None
    # a currency alone still leaves nothing to expect
    named = acme("2025-06-30 acme onboarded", currency="EUR")
    assert (None, money("0 EUR")) == (named.value, named.historic)
    assert "collective" in (named.undefined_because or "")
    assert acme(
        "2025-06-30 acme onboarded", amounts=plv.CredibleMean(collective=money("100 EUR"))
    ).value


def test_who_left_without_any_amount_in_a_known_currency_is_worth_nothing() -> None:
    text = "2025-01-30 acme onboarded\n2025-06-30 acme partner_terminated"

    assert money("0 EUR") == acme(text, currency="EUR").value
    assert acme(text).value is None


def test_a_partner_known_by_a_cost_alone_starts_now() -> None:
    value = acme("2025-06-30 acme cost portal 500 EUR")

    assert plv.Transactions(repeats=0, last=0, age=0) == value.transactions
    assert money("-500 EUR") == value.historic


def test_wins_of_an_invented_calendar_bring_money_and_are_no_transaction() -> None:
    value = acme("""
        2025-01-10 L1 captured by acme precision=relative
        2025-02-01 L1 won 9000 EUR margin=3000 EUR precision=relative
    """)

    assert (money("3000 EUR"), 0) == (value.historic, value.amounts)
    assert "relative_times" in {one.code for one in value.warnings}


def test_gamma_gamma_tells_amounts_above_0() -> None:
    model = plv.GammaGamma(p=6.25, q=3.74, v=1544.0)
    value = acme(amounts=model)

    assert value.amount is not None
    assert pytest.approx(model.expected_amount(2, 2500), abs=0.01) == float(value.amount.amount)
    new = acme("2025-01-01 acme onboarded", amounts=model, currency="EUR")
    assert money("3521.90 EUR") == new.amount
    with pytest.raises(OptionError, match="CredibleMean"):
        acme("2025-01-10 L1 captured by acme\n2025-02-01 L1 won 9 EUR margin=-1 EUR", amounts=model)


def test_a_gamma_gamma_mean_that_is_infinite_leaves_the_value_undefined() -> None:
    events = history("2025-01-01 acme onboarded\n2025-06-30 acme cost portal 5 EUR")
    model = plv.GammaGamma(p=6.25, q=0.9, v=15.0)

    assert plv.lifetime_value(events, as_of=NOW, amounts=model)["acme"].value is None


def test_bg_bb_values_quarters() -> None:
    model = plv.BgBb(alpha=1.2, beta=0.75, gamma=0.66, delta=2.8)
    value = acme(model=model, unit="quarter", transaction="quarter")

    # the fourth quarter has no win and is not over on its last day
    assert plv.Transactions(repeats=1, last=1, age=2) == value.transactions
    assert 0 < value.discounted < value.expected < 8
    with pytest.raises(OptionError, match="occasions"):
        acme(model=model, unit="quarter")


@pytest.mark.parametrize(
    "model",
    [
        plv.MbgNbd(r=1, alpha=26, a=0.5, b=4),
        plv.BgNbd(r=1, alpha=26, a=0.5, b=4),
        plv.ParetoNbd(r=1, alpha=26, s=0.5, beta=40),
    ],
)
def test_every_model_values_partners(model: Any) -> None:
    value = acme(model=model, unit="week")

    assert 0 < value.discounted < value.expected
    assert value.interval is not None


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("horizon", {"horizon": 365}),
        ("horizon", {"horizon": timedelta(days=-1)}),
        ("horizon", {"horizon": relativedelta(years=9000)}),
        ("horizon", {"horizon": timedelta(days=10**8)}),
        ("annual_rate", {"annual_rate": -1}),
        ("compounding", {"compounding": "weekly"}),
        ("basis", {"basis": "profit"}),
        ("credit", {"credit": "held"}),
        ("model", {"model": plv.CredibleMean()}),
        ("unit", {"unit": "weeks"}),
        ("unit", {"unit": "week"}),
        ("transaction", {"transaction": "year"}),
        ("confidence", {"confidence": 1}),
        ("amounts", {"amounts": 500}),
        ("costs", {"costs": "portal"}),
    ],
)
def test_options_that_make_no_sense_are_refused(name: str, options: dict[str, Any]) -> None:
    with pytest.raises(OptionError) as caught:
        acme(**options)

    assert name == caught.value.name


def test_no_horizon_has_no_future() -> None:
    value = acme(horizon=timedelta(0))

    assert value.historic == value.value
    assert 0 == value.expected


def test_a_win_of_several_roles_is_that_of_everybody_involved() -> None:
    events = history("""
        2025-01-10 L1 captured by acme
        2025-01-20 L1 influenced by beta
        2025-02-01 L1 won 9000 EUR margin=3000 EUR
    """)
    sourced = plv.lifetime_value(events, as_of=NOW)
    involved = plv.lifetime_value(events, as_of=NOW, credit="involved")

    assert (1, 0) == (sourced["acme"].n, sourced["beta"].n)
    assert (1, 1) == (involved["acme"].n, involved["beta"].n)


def test_a_value_prints_its_parts() -> None:
    text = str(acme())

    assert "acme: EUR 9 517.59 [EUR " in text
    assert "EUR 4 400.00 so far, of 2 wins and costs of EUR 600.00" in text
    assert "EUR 5 117.59 to come within 730 days" in text
    assert "2.2 transactions of EUR 2 500.00, active with a chance of 79 %" in text
    assert "left on 2025-12-01 00:00 UTC" in str(
        plv.lifetime_value(
            [*ACME, *history("2025-12-01 acme partner_terminated id=t1")], as_of=NOW
        )["acme"]
    )
    assert "<table>" in acme()._repr_html_()


def test_a_value_is_a_flat_row() -> None:
    (row,) = acme().to_dicts()
    (undefined,) = acme("2025-06-30 acme onboarded").to_dicts()

    assert ("acme", Decimal("9517.59"), "EUR") == (row["partner_id"], row["value"], row["currency"])
    assert (None, None, None) == (undefined["value"], undefined["low"], undefined["currency"])
    assert [*row] == [*undefined]


def test_a_value_says_by_which_options_it_came_about() -> None:
    options = acme(annual_rate=0.2, compounding="monthly", costs=["b", "a"]).definition

    assert "0.2 monthly" == options["annual_rate"]
    assert "a, b" == options["costs"]
    assert "GammaPoisson(r=1.0, alpha=180.0, a=0.5, b=4.5) in units of a day" == options["model"]


def test_values_survive_pickling() -> None:
    values = plv.lifetime_value(ACME, as_of=NOW)

    assert values == pickle.loads(pickle.dumps(values))  # noqa: S301 - our own bytes


def test_wins_without_any_money_are_said_to_state_none() -> None:
    value = acme("2025-01-10 L1 captured by acme\n2025-02-01 L1 won")

    assert "its wins state neither margin nor revenue" == value.undefined_because
    assert "acme: undefined (1 win; " in str(value).partition("lifetime_value ")[2]


def test_wins_that_state_only_revenue_name_that_basis_without_a_currency_too() -> None:
    value = acme("2025-01-10 L1 captured by acme\n2025-02-01 L1 won 9000 EUR")

    assert "its wins state no margin; pass basis='revenue'" == value.undefined_because
