"""Texts of cells become the plain values of rows, by what the mapping says of their form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, TypeAlias

from partnerleads.codecs.csv_files.dates import moment_reader
from partnerleads.codecs.csv_files.rules import CellFormat, CellRule
from partnerleads.codecs.json_text import parse_object
from partnerleads.errors import MoneyError
from partnerleads.model import Money
from partnerleads.model.money import MINOR_UNITS

__all__ = ["Convert", "amount_reader", "converter", "fixed_reason", "rounded_amount"]

Convert: TypeAlias = Callable[[str], Any]
"""Reads a text; raises ``ValueError`` with the reason where it cannot."""

_MINUS = "-\N{MINUS SIGN}"
_NUMBER_SIGNS = f".,'+_{_MINUS}\N{RIGHT SINGLE QUOTATION MARK}"
_LIKELY = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR"}


@cache
def _number_pattern(decimal: str, thousands: tuple[str, ...]) -> re.Pattern[str]:
    whole = "[0-9]{1,40}"
    if thousands:
        signs = "".join(map(re.escape, thousands))
        whole = (
            f"(?:[1-9][0-9]{{0,2}}(?P<sign>[{signs}])(?:[0-9]{{2,3}}(?P=sign))*[0-9]{{3}}|{whole})"
        )
    point = re.escape(decimal)
    return re.compile(
        f"(?P<minus>[{re.escape(_MINUS)}+]?)(?P<whole>{whole})?(?:{point}(?P<part>[0-9]{{0,40}}))?"
        "(?P<power>[eE][-+]?[0-9]{1,3})?"
    )


def _number(text: str, written: CellFormat, *, powers: bool = False) -> Decimal:
    found = _number_pattern(written.decimal, written.thousands).fullmatch(text)
    part = found and found["part"]
    if not found or not (found["whole"] or part) or (found["power"] and not powers):
        raise ValueError(_no_number(text, written))
    digits = "".join(filter(str.isdigit, found["whole"] or "0"))
    minus = "-" if found["minus"] and found["minus"] in _MINUS else ""
    return Decimal(f"{minus}{digits}.{part or 0}{found['power'] or ''}")


def _no_number(text: str, written: CellFormat) -> str:
    for sign in text:
        if unicodedata.category(sign) == "Sc":
            means = f"currency_signs = {{ {sign!r} = {_LIKELY.get(sign, 'ISO code')!r} }}"
            return f"has a currency sign; say what it means: {means}"
    if not _has_digit(text) or not all(map(_may_be_written, text)):
        return "is no number; say by clean what it means, or by missing that it means nothing"
    groups = " or ".join(map(repr, written.thousands)) or "nothing"
    return (
        f"is no number with {written.decimal!r} before the fraction and {groups} between "
        "thousands; say decimal and thousands as the file has them"
    )


_has_digit = re.compile("[0-9]").search


def _may_be_written(sign: str) -> bool:
    """Whether a sign may stand within a number, by the custom of some country."""
    return sign.isdigit() or sign.isspace() or sign in _NUMBER_SIGNS


def _scaled(value: Decimal, rule: CellRule) -> Decimal:
    return value if rule.times is None else value * rule.times


def _integer(text: str, rule: CellRule) -> int:
    value = _scaled(_number(text, rule.format), rule)
    part = text.rpartition(rule.format.decimal)[2] if rule.format.decimal in text else ""
    if value != value.to_integral_value() or len(part) == 3:
        raise ValueError("is no whole number")
    return int(value)


def _float(text: str, rule: CellRule) -> float:
    share = text.endswith("%")
    value = _number(text.removesuffix("%").rstrip(), rule.format, powers=True)
    return float(_scaled(value / 100 if share else value, rule))


def _yes_no(text: str, rule: CellRule) -> bool:
    word = text.casefold()
    if word in rule.format.yes or word in rule.format.no:
        return word in rule.format.yes
    known = ", ".join(map(repr, (*rule.format.yes, *rule.format.no)))
    raise ValueError(f"is none of {known}; add the word to yes or no")


def _json(text: str, shape: type[Any], example: str) -> Any:
    row = parse_object(f'{{"cell":{text}}}'.encode())
    if isinstance(row, dict) and len(row) == 1 and isinstance(row.get("cell"), shape):
        return row["cell"]
    raise ValueError(f"is no JSON such as {example}")


def _texts(text: str, rule: CellRule) -> list[Any]:
    if rule.format.split is None:
        example = '["one", "two"]; for parts with a sign between them say split'
        return list(_json(text, list, example))
    return [part.strip() for part in text.split(rule.format.split) if part.strip()]


def _map(text: str, _: CellRule) -> dict[str, Any]:
    return dict(_json(text, dict, '{"name": "value"}'))


def amount_reader(rule: CellRule) -> Callable[[str], tuple[Decimal, str]]:
    """A function from a text to its amount and its currency (empty where the text has none)."""
    signs = sorted(rule.format.currency_signs.items(), key=lambda item: -len(item[0]))
    codes = [*signs, *((code, code) for code in MINOR_UNITS)]

    def take(text: str) -> tuple[str, set[str]]:
        found = set()
        while True:
            for sign, code in codes if not text[-1:].isdigit() or not text[:1].isdigit() else ():
                if text.startswith(sign) or text.endswith(sign):
                    text = text.removeprefix(sign).removesuffix(sign).strip()
                    found.add(code)
                    break
            else:
                return text, found

    def read(text: str) -> tuple[Decimal, str]:
        body, negative = _without_parentheses(text, rule.format)
        signed = not negative and body[:1] in ("+", *_MINUS)
        if signed:
            negative = body[0] != "+"
            body = body[1:].lstrip()
        body, found = take(body)
        if len(found) > 1:
            raise ValueError(f"states two currencies, {' and '.join(sorted(found))}")
        if (signed or negative) and body[:1] in ("+", *_MINUS):
            raise ValueError("has two signs")
        value = _scaled(_number(body, rule.format), rule)
        return -value if negative else value, "".join(found)

    return read


def _without_parentheses(text: str, written: CellFormat) -> tuple[str, bool]:
    if not (text.startswith("(") and text.endswith(")")):
        return text, False
    if written.parentheses == "reject":
        raise ValueError("stands in parentheses; say parentheses = 'negative' if it is below 0")
    return text[1:-1].strip(), True


def rounded_amount(amount: Decimal, currency: str) -> Decimal:
    """The amount in whole smallest units; what is no money stays, for others to refuse."""
    try:
        return Money.rounded(amount, currency).amount
    except (MoneyError, InvalidOperation):
        return amount


_CONVERTERS: dict[str, Callable[[str, CellRule], Any]] = {
    "integer": _integer,
    "number": _float,
    "yes_no": _yes_no,
    "texts": _texts,
    "text_map": _map,
    "number_map": _map,
}


_WRITTEN = {
    "integer": "write a whole number such as 12",
    "number": "write a number such as 0.5",
    "money": "write an amount such as 1200.50",
    "instant": "write a date such as 2026-04-02, or a time such as 2026-04-02T06:00:00Z",
    "yes_no": "write true or false",
}


def fixed_reason(kind: str, reason: str) -> str:
    """What is wrong with a constant of the mapping, which is mended where it stands.

    Args:
        kind: Kind of the field.
        reason: What would be wrong with a cell of the file.

    >>> fixed_reason("integer", "is no number; say by clean what it means")
    'is no number; write a whole number such as 12'
    """
    if kind not in _WRITTEN:
        return reason
    return f"{reason.partition(';')[0]}; {_WRITTEN[kind]}"


def converter(kind: str, rule: CellRule) -> Convert:
    """How the texts of a rule become values of a kind of field.

    Instants become :class:`~partnerleads.codecs.csv_dates.Moment`; money is read with
    :func:`amount_reader`.
    """
    if kind in ("text", "choice"):
        return str
    if kind == "instant":
        return moment_reader(rule.format)
    convert = _CONVERTERS[kind]
    return lambda text: convert(text, rule)
