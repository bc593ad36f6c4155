"""Numbers, money, answers and lists as people write them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from partnerleads.codecs.csv_files.rules import CellFormat, CellRule
from partnerleads.codecs.csv_files.values import amount_reader, converter, rounded_amount
from partnerleads.model import FrozenMap

EUROPEAN = {"decimal": ",", "thousands": (".", " ")}
SIGNS = FrozenMap({"$": "USD", "US$": "USD", "€": "EUR"})


def rule(**keys: Any) -> CellRule:
    times = keys.pop("times", None)
    return CellRule(times=times, format=CellFormat(**keys))


@pytest.mark.parametrize(
    ("kind", "text", "keys", "expected"),
    [
        ("integer", "1200", {}, 1200),
        ("integer", "+7", {}, 7),
        ("integer", "\N{MINUS SIGN}7", {}, -7),
        ("integer", "12.0", {}, 12),
        ("integer", "1,234,567", {"thousands": (",",)}, 1_234_567),
        ("integer", "12,34,567", {"thousands": (",",)}, 1_234_567),
        ("integer", "1234567", {"thousands": (",",)}, 1_234_567),
        ("integer", "2", {"times": Decimal(1000)}, 2000),
        ("number", "0.5", {}, 0.5),
        ("number", ".5", {}, 0.5),
        ("number", "5.", {}, 5.0),
        ("number", "1e-3", {}, 0.001),
        ("number", "45 %", {}, 0.45),
        ("number", "45", {"times": Decimal("0.01")}, 0.45),
        ("number", "1.234,5", EUROPEAN, 1234.5),
        ("number", "1 234,5", EUROPEAN, 1234.5),
        ("yes_no", "YES", {}, True),
        ("yes_no", "0", {}, False),
        ("yes_no", "ja", {"yes": ("ja",), "no": ("nein",)}, True),
        ("texts", '["a", "b"]', {}, ["a", "b"]),
        ("texts", " a; b;;", {"split": ";"}, ["a", "b"]),
        ("text_map", '{"a": "b"}', {}, {"a": "b"}),
        ("number_map", '{"a": 1}', {}, {"a": 1}),
        ("text", "a", {}, "a"),
        ("choice", "a", {}, "a"),
    ],
)
def test_a_text_is_read(kind: str, text: str, keys: dict[str, Any], expected: object) -> None:
    found = converter(kind, rule(**keys))(text)

    assert expected == found
    assert type(expected) is type(found)


@pytest.mark.parametrize(
    ("kind", "text", "keys", "words"),
    [
        ("integer", "12.5", {}, "no whole number"),
        ("integer", "1.000", {}, "no whole number"),
        ("integer", "12.", {"times": Decimal("0.5"), "thousands": (",",)}, None),
        ("integer", "1,23", {"thousands": (",",)}, "no number"),
        ("integer", "1,234", {}, "and nothing between thousands"),
        ("integer", "1,234.567,890", {"thousands": (",",)}, "no number"),
        ("integer", "1.234 567,0", EUROPEAN, "no number"),
        ("integer", "1e3", {}, "no number"),
        ("integer", "١٢", {}, "no number"),
        ("integer", "", {}, "no number"),
        ("integer", ".", {}, "no number"),
        ("integer", "5 %", {}, "no number"),
        ("number", "NaN", {}, "no number"),
        ("number", "$5", {}, "currency_signs"),
        ("yes_no", "perhaps", {}, "is none of 'true'"),
        ("texts", "a;b", {}, "say split"),
        ("texts", '["a"], "b": [1]', {}, "is no JSON"),
        ("texts", '{"a": 1}', {}, "is no JSON"),
        ("text_map", "[" * 5_000, {}, "is no JSON"),
    ],
)
def test_a_text_that_is_no_such_value_is_refused(
    kind: str, text: str, keys: dict[str, Any], words: str | None
) -> None:
    if words is None:
        assert 6 == converter(kind, rule(**keys))(text)
        return
    with pytest.raises(ValueError, match=words):
        converter(kind, rule(**keys))(text)


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("1200.50", "1200.50", ""),
        ("EUR 1200.50", "1200.50", "EUR"),
        ("1200.50EUR", "1200.50", "EUR"),
        ("$1,200", "1200", "USD"),
        ("US$ 5", "5", "USD"),
        ("-$5", "-5", "USD"),
        ("$-5", "-5", "USD"),
        ("5 €", "5", "EUR"),
        ("$5 USD", "5", "USD"),
        ("(5.00)", "-5.00", ""),
        ("($5)", "-5", "USD"),
        ("+5", "5", ""),
    ],
)
def test_an_amount_is_read_with_its_currency(text: str, amount: str, currency: str) -> None:
    said = rule(thousands=(",",), currency_signs=SIGNS, parentheses="negative")

    assert (Decimal(amount), currency) == amount_reader(said)(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("(5)", "parentheses"),
        ("$5 EUR", "two currencies, EUR and USD"),
        ("--5", "two signs"),
        ("-$-5", "two signs"),
        ("£5", "currency_signs"),
        ("EURO 5", "no number"),
        ("EUR", "no number"),
        ("", "no number"),
    ],
)
def test_an_amount_that_says_two_things_or_none_is_refused(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        amount_reader(rule(currency_signs=SIGNS))(text)


@pytest.mark.parametrize("text", ["(-5)", "(+5)", "(-$5)", "($-5)"])
def test_parentheses_are_the_one_sign_of_an_amount(text: str) -> None:
    said = rule(currency_signs=SIGNS, parentheses="negative")

    with pytest.raises(ValueError, match="two signs"):
        amount_reader(said)(text)


@pytest.mark.parametrize(
    ("kind", "text", "keys"),
    [
        ("number", "0,500", {"thousands": (",",)}),
        ("number", "000,001", {"thousands": (",",)}),
        ("integer", "0.012", EUROPEAN),
    ],
)
def test_no_group_of_thousands_begins_with_nought(
    kind: str, text: str, keys: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match="is no number with"):
        converter(kind, rule(**keys))(text)


def test_rounding_is_half_even_and_leaves_nonsense_alone() -> None:
    assert Decimal("2.34") == rounded_amount(Decimal("2.345"), "EUR")
    assert Decimal("2.345") == rounded_amount(Decimal("2.345"), "EURO")
    assert Decimal("1e40") == rounded_amount(Decimal("1e40"), "EUR")
