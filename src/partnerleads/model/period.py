"""Reporting periods: half-open spans of whole days in a named time zone."""

from __future__ import annotations

from datetime import date, datetime, time

from attrs import field, frozen
from dateutil.relativedelta import relativedelta

from partnerleads.errors import OptionError, PeriodError
from partnerleads.model.instant import UTC, zone

__all__ = ["Period"]


@frozen(kw_only=True)
class Period:
    """Whole days from ``first`` up to, not including, ``until``, by the clock of one time zone.

    The bounds are local midnights, so a period in a zone with summer time has the hours that its
    days really had.

    Attributes:
        first: First day.
        until: Day after the last.
        tz: IANA name of the time zone.
        name: What reports call it.
        months: Length in calendar months; None for other lengths.
        start: First instant, included. [aware datetime in UTC]
        end: Last instant, excluded. [aware datetime in UTC]

    >>> quarter = Period.quarter(2026, 3, tz="Europe/Berlin")
    >>> print(quarter)
    Q3 2026 (2026-07-01 to 2026-10-01 Europe/Berlin)
    >>> quarter.start.isoformat()
    '2026-06-30T22:00:00+00:00'
    """

    first: date
    until: date
    tz: str = "UTC"
    name: str = ""
    months: int | None = None
    start: datetime = field(init=False, eq=False, repr=False)
    end: datetime = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        for day in (self.first, self.until):
            if not isinstance(day, date):
                raise PeriodError(str(day), "is no date; write one such as date(2026, 1, 1)")
            if isinstance(day, datetime):
                raise PeriodError(str(day), "is an instant; a period has whole days, write a date")
        if self.first >= self.until:
            raise PeriodError(f"{self.first} to {self.until}", "is empty; until must lie later")
        for name, day in (("start", self.first), ("end", self.until)):
            midnight = datetime.combine(day, time.min, tzinfo=zone(self.tz))
            try:
                object.__setattr__(self, name, midnight.astimezone(UTC))
            except OverflowError:
                raise PeriodError(str(day), "lies at the end of the calendar") from None

    @classmethod
    def month(cls, year: int, month: int, *, tz: str = "UTC") -> Period:
        """A calendar month.

        >>> print(Period.month(2026, 2))
        2026-02 (2026-02-01 to 2026-03-01 UTC)
        """
        _check_whole("year", year)
        _check_whole("month", month)
        if not 1 <= month <= 12:
            raise PeriodError(str(month), "is no month; write 1 to 12")
        return cls._months(_first_of(year, month), 1, tz, fiscal_start=1)

    @classmethod
    def quarter(cls, year: int, quarter: int, *, tz: str = "UTC", fiscal_start: int = 1) -> Period:
        """A quarter of a year, or of a fiscal year that starts in another month.

        Args:
            year: The year; a fiscal year bears the calendar year in which it ends.
            quarter: 1 to 4.
            tz: IANA name of the time zone.
            fiscal_start: Month in which the fiscal year starts. [1..12]

        >>> print(Period.quarter(2026, 1, fiscal_start=4))
        Q1 FY2026 (2025-04-01 to 2025-07-01 UTC)
        """
        _check_whole("quarter", quarter)
        if not 1 <= quarter <= 4:
            raise PeriodError(str(quarter), "is no quarter; write 1 to 4")
        first = _moved(_fiscal_year(year, fiscal_start), relativedelta(months=3 * (quarter - 1)))
        return cls._months(first, 3, tz, fiscal_start=fiscal_start)

    @classmethod
    def year(cls, year: int, *, tz: str = "UTC", fiscal_start: int = 1) -> Period:
        """A calendar year, or the fiscal year that ends in it.

        >>> print(Period.year(2026, fiscal_start=7))
        FY2026 (2025-07-01 to 2026-07-01 UTC)
        """
        first = _fiscal_year(year, fiscal_start)
        return cls._months(first, 12, tz, fiscal_start=fiscal_start)

    @classmethod
    def days(cls, first: date, until: date, *, tz: str = "UTC", name: str = "") -> Period:
        """Any span of whole days, *until* excluded."""
        return cls(first=first, until=until, tz=tz, name=name)

    @classmethod
    def _months(cls, first: date, months: int, tz: str, *, fiscal_start: int | None) -> Period:
        until = _moved(first, relativedelta(months=months))
        name = "" if fiscal_start is None else _name(first, months, fiscal_start)
        return cls(first=first, until=until, tz=tz, name=name, months=months)

    def shifted(self, steps: int) -> Period:
        """The period *steps* lengths later, or earlier when negative.

        Periods of months move by months; others by their number of days. Months, quarters and
        years bear the name of where they get to; a name of your own belongs to one period, and is
        kept only for a shift by nothing.

        >>> print(Period.quarter(2026, 1).shifted(-1))
        Q4 2025 (2025-10-01 to 2026-01-01 UTC)
        """
        if steps == 0:
            return self
        if self.months is None:
            move = relativedelta(days=steps * (self.until - self.first).days)
            first, until = _moved(self.first, move), _moved(self.until, move)
            return Period(first=first, until=until, tz=self.tz)
        first = _moved(self.first, relativedelta(months=steps * self.months))
        return Period._months(first, self.months, self.tz, fiscal_start=self._fiscal_start())

    def _fiscal_start(self) -> int | None:
        """The month in which the year starts by which it is named; None for another name."""
        if self.months is None or self.first.day != 1:
            return None
        return next(
            (
                start
                for start in range(1, 13)
                if (self.first.month - start) % self.months == 0
                and self.name == _name(self.first, self.months, start)
            ),
            None,
        )

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= moment < self.end

    def __str__(self) -> str:
        span = f"{self.first} to {self.until} {self.tz}"
        return f"{self.name} ({span})" if self.name else span


def check_period(name: str, value: object) -> None:
    """Refuse what is no period, and say how to make one.

    >>> check_period("period", "2026-Q3")
    Traceback (most recent call last):
    ...
    partnerleads.errors.OptionError: period='2026-Q3': pass a Period, such as Period.quarter(...)
    """
    if value is not None and not isinstance(value, Period):
        raise OptionError(name, value, "pass a Period, such as Period.quarter(2026, 3)")


def _name(first: date, months: int, fiscal_start: int) -> str:
    """What reports call a month, a quarter or a year, by when the fiscal year starts.

    >>> _name(date(2025, 4, 1), 3, 1), _name(date(2025, 4, 1), 3, 4), _name(date(2025, 4, 1), 1, 4)
    ('Q2 2025', 'Q1 FY2026', '2025-04')
    """
    if months == 1:
        return f"{first.year:04d}-{first.month:02d}"
    year = (
        f"FY{first.year + (first.month >= fiscal_start)}" if fiscal_start > 1 else f"{first.year}"
    )
    return year if months == 12 else f"Q{(first.month - fiscal_start) % 12 // 3 + 1} {year}"


def _first_of(year: int, month: int) -> date:
    try:
        return date(year, month, 1)
    except ValueError as error:
        raise PeriodError(str(year), f"is no year: {error}") from None


def _moved(day: date, step: relativedelta) -> date:
    try:
        return day + step
    except (OverflowError, ValueError):
        raise PeriodError(str(day), "moved so far leaves the calendar") from None


def _check_whole(name: str, value: object) -> None:
    """Refuse what is no whole number, such as the text of one."""
    if not hasattr(value, "__index__"):
        raise PeriodError(str(value), f"is no {name}; write a whole number, without quotes")


def _fiscal_year(year: int, fiscal_start: int) -> date:
    _check_whole("year", year)
    _check_whole("month", fiscal_start)
    if not 1 <= fiscal_start <= 12:
        raise PeriodError(str(fiscal_start), "is no month to start a fiscal year in; write 1 to 12")
    return _first_of(year if fiscal_start == 1 else year - 1, fiscal_start)
