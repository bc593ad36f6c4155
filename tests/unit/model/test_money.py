import pickle
from decimal import Decimal, localcontext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerleads.errors import MixedCurrencyError, MoneyError
from partnerleads.model import Money, minor_units
from partnerleads.testing import money, strategies

EUR = "EUR"


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        ("1200.5", "EUR", "1200.50"),
        (7, "EUR", "7.00"),
        ("7.000", "EUR", "7.00"),
        ("7.0", "JPY", "7"),
        ("1.234", "KWD", "1.234"),
        ("0.0001", "CLF", "0.0001"),
        ("-3", "EUR", "-3.00"),
        ("1E+3", "EUR", "1000.00"),
        ("999999999999999.99", "EUR", "999999999999999.99"),
    ],
)
def test_amounts_are_kept_to_the_smallest_unit(amount: Any, currency: str, expected: str) -> None:
    value = Money(amount, currency)

    assert expected == str(value.amount)
    assert f"Money({expected!r}, {currency!r})" == repr(value)


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        ("1.5", "JPY", "finer than the smallest unit of JPY (0 digits)"),
        ("1.005", "EUR", "finer than the smallest unit of EUR (2 digits)"),
        ("1.0001", "KWD", "finer than the smallest unit of KWD (3 digits)"),
        ("1e-30", "EUR", "finer"),
        ("NaN", "EUR", "is not finite"),
        ("sNaN", "EUR", "is not finite"),
        ("-Infinity", "EUR", "is not finite"),
        (1.5, "EUR", "is not exact"),
        (float("nan"), "EUR", "is not exact"),
        (True, "EUR", "is not exact"),
        ("1,5", "EUR", "is no amount"),
        ("", "EUR", "is no amount"),
        (None, "EUR", "is no amount"),
        ([1], "EUR", "is no amount"),
        ("1000000000000000", "EUR", "is beyond 10^15"),
        ("1_000", "EUR", "is no amount"),
        ("1", "eur", "is no ISO 4217 currency code"),
        ("1", "EURO", "is no ISO 4217 currency code"),
        ("1", None, "is no ISO 4217 currency code"),
        ("1", ["EUR"], "is no ISO 4217 currency code"),
    ],
)
def test_what_is_no_money_is_refused_and_shown(amount: Any, currency: Any, words: str) -> None:
    with pytest.raises(MoneyError) as caught:
        Money(amount, currency)

    assert words in str(caught.value)
    assert caught.value.value in str(caught.value)


def test_smallest_units() -> None:
    assert [0, 2, 3, 4] == [minor_units(code) for code in ("JPY", "EUR", "KWD", "CLF")]
    assert [700, 7, 7000] == [Money(7, code).minor for code in ("EUR", "JPY", "KWD")]


def test_no_minus_stands_before_a_zero() -> None:
    zeros = (Money("-0.00", EUR), -Money(0, EUR), Money.rounded(Decimal("-0.001"), EUR))

    assert ["EUR 0.00"] * 3 == [str(zero) for zero in zeros]


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("0.005", "0.00"),
        ("0.015", "0.02"),
        ("0.025", "0.02"),
        ("-0.015", "-0.02"),
        ("2.0051", "2.01"),
    ],
)
def test_rounding_is_half_even(amount: str, expected: str) -> None:
    assert Money(expected, EUR) == Money.rounded(Decimal(amount), EUR)


def test_money_adds_subtracts_and_multiplies_exactly() -> None:
    assert money("0.30 EUR") == money("0.10 EUR") + money("0.20 EUR")
    assert money("-0.10 EUR") == money("0.10 EUR") - money("0.20 EUR")
    assert money("0.30 EUR") == money("0.10 EUR") * 3
    assert money("-0.10 EUR") == -money("0.10 EUR")


def test_a_broken_factor_is_refused() -> None:
    with pytest.raises(TypeError):
        money("1 EUR") * 1.5  # type: ignore[operator]


@pytest.mark.parametrize("operation", ["__add__", "__sub__", "__lt__", "__le__"])
def test_currencies_never_mix(operation: str) -> None:
    with pytest.raises(MixedCurrencyError) as caught:
        getattr(money("1 USD"), operation)(money("1 EUR"))

    assert ("EUR", "USD") == caught.value.currencies


def test_money_compares_within_a_currency() -> None:
    small, large = money("1 EUR"), money("2 EUR")

    assert small < large
    assert small <= large
    assert large > small
    assert large >= small
    assert money("1.0 EUR") == small
    assert hash(money("1.0 EUR")) == hash(small)
    assert money("1 USD") != small


def test_money_reads_for_people() -> None:
    assert "EUR 1 234 567.50" == str(money("1234567.5 EUR"))
    assert "JPY 1 234" == str(money("1234 JPY"))


@pytest.mark.parametrize("text", ["8000", "EUR 8000", "8 000 EUR", ""])
def test_text_that_is_no_money_is_refused(text: str) -> None:
    with pytest.raises(MoneyError):
        Money.parse(text)


@given(strategies.monies(lowest=-(10**12), highest=10**12))
def test_money_survives_pickling_and_its_smallest_units(value: Money) -> None:
    assert value == pickle.loads(pickle.dumps(value))  # noqa: S301 - our own bytes
    assert value == Money.from_minor(value.minor, value.currency)
    assert value == Money(str(value.amount), value.currency)


@given(st.lists(st.integers(-(10**6), 10**6)))
def test_sums_of_money_are_sums_of_smallest_units(units: list[int]) -> None:
    total = sum((Money.from_minor(unit, EUR) for unit in units), Money(0, EUR))

    assert sum(units) == total.minor


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        ("99999999999999.999999999999999", "EUR"),
        ("1.00000000000000000000000000000001", "EUR"),
        ("1e-999999999", "EUR"),
        (Decimal("0.1000000000000000000000000000000000001"), "KWD"),
    ],
)
def test_what_is_finer_than_the_smallest_unit_is_refused_however_long(
    amount: Any, currency: str
) -> None:
    with pytest.raises(MoneyError, match="finer than the smallest unit"):
        Money(amount, currency)


def test_zeros_after_the_smallest_unit_are_no_finer_amount() -> None:
    long = "1.50" + "0" * 60

    assert Money("1.50", EUR) == Money(long, EUR)
    assert Money("0", EUR) == Money("0e-9999", EUR)


def test_results_of_arithmetic_may_leave_the_bound_of_stated_amounts() -> None:
    most = Money("999999999999999.99", EUR)

    assert "EUR 1 999 999 999 999 999.98" == str(most + most)
    assert "EUR -1 999 999 999 999 999.98" == str(-most - most)
    assert most == most + most - most
    assert 10**40 == Money.from_minor(10**40, EUR).minor
    assert Decimal("1e30") == Money.rounded(Decimal("1e30"), EUR).amount
    assert most + most == pickle.loads(pickle.dumps(most + most))  # noqa: S301 - its own


def test_a_result_beyond_all_reason_is_refused() -> None:
    with pytest.raises(MoneyError, match="check the unit"):
        Money.rounded(Decimal("1e2000"), EUR)


def test_a_context_of_the_caller_rounds_no_money() -> None:
    with localcontext(prec=3):
        total = Money("123456.78", EUR) + Money("0.01", EUR)

    assert Money("123456.79", EUR) == total
