"""Values out of the words of a command line; a wrong one raises argparse's own error."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from partnerleads.errors import MoneyError, NaiveInstantError, PeriodError
from partnerleads.model import Period, instant, zone
from partnerleads.model.money import minor_units

__all__ = [
    "PERIOD_FORMS",
    "PeriodIn",
    "as_count",
    "as_currency",
    "as_moment",
    "as_period",
    "as_price",
    "as_told",
    "as_zone",
]

PERIOD_FORMS = "2026, 2026-Q3, 2026-09 or 2026-07-01..2026-10-01 (its last day excluded)"
_DAY = r"\d{4}-\d\d-\d\d"
_PERIOD = re.compile(
    rf"(?P<year>\d{{4}})(-Q(?P<quarter>\d)|-(?P<month>\d\d))?|(?P<first>{_DAY})\.\.(?P<until>{_DAY})",
    re.ASCII | re.IGNORECASE,
)
_PRICE = re.compile(r"(?P<currency>[A-Z]{3})=(?P<price>\d+(\.\d+)?)", re.ASCII)

PeriodIn: TypeAlias = Callable[[str, int], Period]
"""A period that still waits for its time zone and the first month of its year."""


def as_moment(text: str) -> datetime:
    """An instant with its offset, in UTC."""
    return instant(as_told(text))


def as_told(text: str) -> datetime:
    """An instant with its offset, by the clock that it was told by."""
    try:
        moment = datetime.fromisoformat(text)
        instant(moment)
    except NaiveInstantError:
        fixed = datetime.fromisoformat(text).isoformat()
        reason = f"{text!r} has no offset from UTC; write for example {fixed}+00:00"
    except (ValueError, OverflowError):
        reason = f"{text!r} is no instant; write for example 2026-10-01T00:00:00+00:00"
    else:
        return moment
    raise argparse.ArgumentTypeError(reason)


def as_period(text: str) -> PeriodIn:
    """A year, a quarter, a month, or the days between two."""
    found = _PERIOD.fullmatch(text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no period; write {PERIOD_FORMS}")
    year, quarter, month, first, until = found.group("year", "quarter", "month", "first", "until")

    def in_zone(tz: str, fiscal_start: int) -> Period:
        if first:
            return Period.days(date.fromisoformat(first), date.fromisoformat(until), tz=tz)
        if quarter:
            return Period.quarter(int(year), int(quarter), tz=tz, fiscal_start=fiscal_start)
        if month:
            return Period.month(int(year), int(month), tz=tz)
        return Period.year(int(year), tz=tz, fiscal_start=fiscal_start)

    try:
        in_zone("UTC", 1).shifted(-1)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no period: {error}") from None
    return in_zone


def as_zone(text: str) -> str:
    """The name of a time zone that there is."""
    try:
        zone(text)
    except PeriodError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return text


def as_count(text: str) -> int:
    """A whole number, 0 or more."""
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"{text!r} is no count; write 0 or more")
    return int(text)


def as_currency(text: str) -> str:
    """A currency that there is."""
    try:
        minor_units(text)
    except MoneyError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return text


def as_price(text: str) -> tuple[str, Decimal]:
    """A currency and what one unit of it costs."""
    found = _PRICE.fullmatch(text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no price; write for example USD=0.92")
    return as_currency(found["currency"]), Decimal(found["price"])
