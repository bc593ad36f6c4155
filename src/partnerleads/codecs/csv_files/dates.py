"""Dates and times as people write them: ISO 8601 or stated patterns, never a guess."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache

from attrs import frozen

from partnerleads.codecs.csv_files.rules import CellFormat
from partnerleads.model import UTC, zone

__all__ = ["Moment", "moment_reader", "pattern_fault"]

_TOO_FINE = "is finer than a microsecond; write at most 6 digits after the point of a second"
_is_too_fine = re.compile(r".*[.,][0-9]{6}[0-9]*[1-9].*").fullmatch


class _TooFineError(ValueError):
    """Python would cut the digits off in silence."""


_PROBE = datetime(2003, 11, 27, 13, 5, 6, tzinfo=UTC)


@frozen(kw_only=True)
class Moment:
    """A date or time that a cell states.

    Attributes:
        at: The instant, in UTC; of a date alone its local midnight. [aware datetime]
        day: The date as it was written.
        dated: Whether only the date was written.
        midnight: Local midnight of the date as it was written. [aware datetime]
        tz: Zone of the date.
        shifted: What a clock change did to it: ``repeated``, ``skipped`` or nothing.
    """

    at: datetime
    day: date
    dated: bool
    midnight: datetime
    tz: tzinfo | None
    shifted: str = ""

    @property
    def next_midnight(self) -> datetime:
        """Local midnight that ends the date as it was written. [aware datetime]

        Raises:
            ValueError: after the last day there is.
        """
        try:
            return _midnight(self.day + timedelta(days=1), self.tz)
        except OverflowError:
            raise ValueError("ends after the year 9999; leave end_of_day out") from None


_NOT_WHOLE = "does not carry year, month and day, as '%d.%m.%Y' does"
_ISO = "ISO 8601"
_OTHER_FORM = ("time data", "unconverted data", "Invalid isoformat string")
"""How Python's faults of texts begin that are written otherwise than the pattern."""


def _is_of_the_form(text: str, name: str, error: Exception) -> bool:
    """Whether a text is written as a pattern says, and only no such day is in the calendar."""
    if name == _ISO and text[4:5] != "-":
        return False
    return not str(error).startswith(_OTHER_FORM)


def _number(text: str) -> Decimal:
    if not re.fullmatch(r"-?[0-9]{1,17}(\.[0-9]+)?", text):
        raise ValueError(text)
    return Decimal(text)


def _since_1970(text: str, digits: int) -> datetime:
    """The instant of a count of which so many digits after the point make microseconds."""
    if len(text.partition(".")[2].rstrip("0")) > digits:
        raise _TooFineError(_TOO_FINE)
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(
        microseconds=int(_number(text).scaleb(digits))
    )


def _epoch(text: str) -> datetime:
    return _since_1970(text, 6)


def _epoch_ms(text: str) -> datetime:
    return _since_1970(text, 3)


def _excel(text: str) -> datetime | date:
    days = _number(text)
    if days < 61:
        raise ValueError(text)
    whole = date(1899, 12, 30) + timedelta(days=int(days))
    seconds = round(float(days % 1) * 86_400)
    midnight = datetime.combine(whole, time.min)
    return midnight + timedelta(seconds=seconds) if days % 1 else whole


_NAMED: dict[str, Callable[[str], datetime | date]] = {
    "epoch": _epoch,
    "epoch_ms": _epoch_ms,
    "excel": _excel,
}


_DATE_AND_TIME = re.compile(r"\d[Tt ]\d")


def _iso(text: str) -> datetime | date:
    if _is_too_fine(text):
        raise _TooFineError(_TOO_FINE)
    try:
        return date.fromisoformat(text)
    except ValueError:
        if not _DATE_AND_TIME.search(text):  # else an offset of the date would be its time of day
            raise
        return datetime.fromisoformat(text)


def _try_pattern(pattern: str, text: str) -> datetime:
    try:
        return datetime.strptime(text, pattern)  # noqa: DTZ007 - the zone is settled afterwards
    except (ValueError, re.error, OverflowError) as error:
        raise ValueError(str(error)) from None


def pattern_fault(pattern: str) -> str:
    """What is wrong with a date pattern; empty where nothing is.

    >>> pattern_fault("%d.%m.%Y"), pattern_fault("%d.%m")
    ('', "does not carry year, month and day, as '%d.%m.%Y' does")
    """
    if pattern in _NAMED:
        return ""
    if "%Z" in pattern:
        return "reads names of zones, which many places share; offsets are read with %z"
    try:
        found = _try_pattern(pattern, _PROBE.strftime(pattern))
    except ValueError:
        return "is no pattern that both writes and reads dates, such as '%d.%m.%Y'"
    return "" if found.date() == _PROBE.date() else _NOT_WHOLE


def _reader(pattern: str) -> Callable[[str], datetime | date]:
    if pattern in _NAMED:
        return _NAMED[pattern]
    dated = _try_pattern(pattern, _PROBE.strftime(pattern)).time() == time.min

    def read(text: str) -> datetime | date:
        found = _try_pattern(pattern, text)
        return found.date() if dated and found.tzinfo is None else found

    return read


def _settle(local: datetime, tz: tzinfo, written: CellFormat) -> tuple[datetime, str]:
    """The instant of a wall-clock time, and what a clock change did to it."""
    early, late = (local.replace(tzinfo=tz, fold=fold) for fold in (0, 1))
    if early.utcoffset() == late.utcoffset():
        return early.astimezone(UTC), ""
    if early.astimezone(UTC).astimezone(tz).replace(tzinfo=None) != local:
        if written.skipped_hour == "reject":
            reason = "did not exist: the clocks went forward over it"
            raise ValueError(f"{reason}; skipped_hour = 'shift' takes it by the old clock")
        return early.astimezone(UTC), "skipped"
    if written.repeated_hour == "reject":
        raise ValueError("happened twice: the clocks went back; add an offset")
    return (early if written.repeated_hour == "earlier" else late).astimezone(UTC), "repeated"


def _moment(found: datetime | date, tz: tzinfo | None, written: CellFormat) -> Moment:
    clock = found if isinstance(found, datetime) else None
    day = found if clock is None else clock.date()
    offset = None if clock is None else clock.tzinfo
    if tz is None and offset is None:
        what = "date" if clock is None else "time without an offset"
        raise ValueError(f"is a {what}; say time_zone in the mapping, such as 'Europe/Berlin'")
    shifted = ""
    try:
        midnight = _midnight(day, tz or offset)
        if clock is None:
            at = midnight
        elif offset is not None or tz is None:
            at = clock.astimezone(UTC)
        else:
            at, shifted = _settle(clock, tz, written)
    except OverflowError:
        raise ValueError("leaves the years 1 to 9999") from None
    return Moment(
        at=at,
        day=day,
        dated=clock is None,
        midnight=midnight,
        tz=tz or offset,
        shifted=shifted,
    )


@lru_cache(maxsize=20_000)
def _midnight(day: date, tz: tzinfo | None) -> datetime:
    return datetime.combine(day, time.min, tzinfo=tz).astimezone(UTC)


def moment_reader(written: CellFormat) -> Callable[[str], Moment]:
    """A function that reads the texts of one column.

    It raises ``ValueError`` with the reason for a text that no pattern reads, or that two
    patterns read differently.
    """
    readers: list[tuple[str, Callable[[str], datetime | date]]] = []
    if written.iso_dates:
        readers.append((_ISO, _iso))
    readers += [(repr(pattern), _reader(pattern)) for pattern in written.date_formats]
    tz = None if written.time_zone is None else zone(written.time_zone)
    named = set(map(repr, _NAMED))
    names = " or ".join(name for name, _ in readers)

    @lru_cache(maxsize=50_000)
    def read(text: str) -> Moment:
        found: dict[datetime | date, str] = {}
        reason = f"is no date as {names}; add its pattern to date_formats"
        for name, reader in readers:
            try:
                found.setdefault(reader(text), name)
            except _TooFineError as error:
                reason = str(error)
            except (ValueError, OverflowError) as error:
                if name not in named and _is_of_the_form(text, name, error):
                    reason = f"is no day of the calendar or time of day as {name}; mend it"
        if not found:
            raise ValueError(reason)
        if len(found) > 1:
            both = " and ".join(f"{value} as {name}" for value, name in found.items())
            raise ValueError(f"is ambiguous: {both}; keep one of the formats")
        return _moment(next(iter(found)), tz, written)

    return read
