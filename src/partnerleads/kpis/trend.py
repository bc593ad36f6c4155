"""A figure over several periods."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from html import escape
from typing import Any, Generic, Protocol, TypeVar

from attrs import evolve, frozen

from partnerleads.errors import OptionError
from partnerleads.kpis.measuring.figures import AnyHistory, history_of
from partnerleads.kpis.measuring.rows import RowHistory
from partnerleads.lifecycle.settled_events import seen_earlier
from partnerleads.model import Caution, Figure, Period
from partnerleads.model.figure import counted
from partnerleads.model.options import check_kpi
from partnerleads.model.period import check_period
from partnerleads.showing import printable

__all__ = ["Trend", "trend"]

_TO_COME = Caution(
    "period_to_come", "the period starts after the moment; this is the stock as of the moment"
)

F_co = TypeVar("F_co", bound=Figure, covariant=True)
F = TypeVar("F", bound=Figure)


class FigureOf(Protocol[F_co]):
    """A KPI function, or a KPI of one's own."""

    def __call__(
        self, history: AnyHistory, *, as_of: datetime | None = ..., period: Period | None = ...
    ) -> F_co: ...


@frozen(repr=False)
class Trend(Generic[F]):
    """The same figure for several periods, in order.

    Attributes:
        figures: The figures; each bears its period, a stock the moment before the period's end.
        periods: The periods.
    """

    figures: tuple[F, ...]
    periods: tuple[Period, ...]

    def __iter__(self) -> Iterator[F]:
        return iter(self.figures)

    def __len__(self) -> int:
        return len(self.figures)

    @property
    def labels(self) -> tuple[str, ...]:
        """What tables call the periods: by name where all have one, else all by their days."""
        if all(period.name for period in self.periods):
            return tuple(period.name for period in self.periods)
        return tuple(f"{period.first} to {period.until}" for period in self.periods)

    def to_dicts(self) -> list[dict[str, object]]:
        """All figures as flat rows, with the name of the period."""
        return [
            {"period": str(period), **row}
            for period, figure in zip(self.periods, self.figures, strict=True)
            for row in figure.to_dicts()
        ]

    def __str__(self) -> str:
        name = self.figures[0].name if self.figures else "nothing"
        lines = [f"{name} over {counted(len(self), 'period')}"]
        for label, figure in zip(self.labels, self.figures, strict=True):
            notes = "; ".join(str(warning) for warning in figure.warnings)
            line = f"  {label}  {figure.value_text()}  {figure.basis_text()}  {notes}"
            lines.append(line.rstrip())
            _, *segments = str(figure).split("\n")[: len(figure.segments) + 1]
            lines += [f"  {segment}" for segment in segments]
        return "\n".join(map(printable, lines))

    def __repr__(self) -> str:
        return f"<{self}>"

    def _repr_html_(self) -> str:
        return "".join(
            f"<h4>{escape(str(period))}</h4>{figure._repr_html_()}"
            for period, figure in zip(self.periods, self.figures, strict=True)
        )


def trend(
    history: AnyHistory,
    kpi: FigureOf[F],
    *,
    periods: Sequence[Period],
    as_of: datetime | None = None,
    **options: Any,
) -> Trend[F]:
    """A KPI for each of several periods.

    A flow is measured in each period as known at the moment. A stock, which takes no period, is
    measured as of the last instant of each period, or as of the moment where that comes first; of
    a period that starts after the moment, it bears the caution ``period_to_come``.

    Args:
        history: Events, or lifecycles.
        kpi: The KPI function.
        periods: The periods, such as ``[quarter.shifted(-1), quarter]``.
        as_of: The moment; needed with events. [aware datetime]
        **options: Options of the KPI.

    Raises:
        OptionError: When there is no period, something else than one, or no KPI.

    >>> from partnerleads import kpis
    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 L1 captured
    ...     2026-02-05 L1 won
    ... ''')
    >>> months = [Period.month(2026, 1), Period.month(2026, 2)]
    >>> wins = trend(events, kpis.closed_won, periods=months, as_of=at("2026-03-01"))
    >>> [figure.value for figure in wins]
    [0, 1]
    """
    check_kpi(kpi)
    if isinstance(periods, Period):
        reason = "pass a list of them, such as [quarter.shifted(-1), quarter]"
        raise OptionError("periods", str(periods), reason)
    periods = tuple(periods)
    if not periods:
        raise OptionError("periods", periods, "name at least one period")
    for period in periods:
        check_period("periods", period)
    known = history_of(history, as_of=as_of)
    if not getattr(kpi, "is_stock", False):
        return Trend(tuple(kpi(known, period=period, **options) for period in periods), periods)
    if not isinstance(known, RowHistory):
        raise OptionError("kpi", getattr(kpi, "__name__", kpi), "a stock over time needs events")
    ends = [min(period.end - timedelta(microseconds=1), known.as_of) for period in periods]
    stocks = []
    for period, lives in zip(periods, seen_earlier(known.lives, ends), strict=True):
        stock = kpi(lives, **options)
        if lives.as_of < period.start:
            stock = evolve(stock, warnings=(*stock.warnings, _TO_COME))
        stocks.append(stock)
    return Trend(tuple(stocks), periods)
