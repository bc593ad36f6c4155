"""The close rates of a review as lines of text."""

from __future__ import annotations

from collections.abc import Iterator

from partnerleads.kpis import Comparison, Concentration, LeagueTable, Trend
from partnerleads.model import CloseRate, Figure
from partnerleads.model.figure import counted
from partnerleads.review.close_rates import CloseRates

__all__ = ["close_rate_lines"]

MOST_PARTNERS = 10
"""How many partners of each end of the league table are shown. [count]"""

_CLASSES = ("sourced", "influenced", "direct")


def close_rate_lines(rates: CloseRates) -> list[str]:
    """The close rates, the comparison first.

    Args:
        rates: The close rates.
    """
    cycle = rates.cycle
    if cycle.within is None:
        return [f"Close rates: none, since {cycle.undefined_because}"]
    head = f"Close rates: won within {cycle.within.days} days of the capture"
    lines = [f"{head} ({cycle.basis_text()} came by then)"]
    if rates.cohort is None:
        lines.append("  no cohort has had that long yet, so nothing is compared")
    else:
        lines.append(f"  {rates.cohort}, whose leads all had that long:")
    for comparison in (rates.comparison, rates.against_others):
        lines += [] if comparison is None else [f"    {line}" for line in _compared(comparison)]
    if rates.trend is not None:
        lines += ["", "Close rates by cohort", *(f"  {line}" for line in _trend(rates.trend))]
    if rates.league is not None:
        lines += ["", *_league(rates.league)]
    if rates.concentration is not None:
        lines += ["", *_concentrated(rates.concentration)]
    return lines


def _rate(figure: Figure | None) -> str:
    if figure is None or figure.undefined_because is not None:
        return "no rate"
    return f"{figure.value_text()} ({figure.basis_text()})"


def _compared(comparison: Comparison) -> Iterator[str]:
    """One comparison: both rates, the gap, what is left of it at one mix, and what to beware of."""
    yield f"{comparison.a_name} {_rate(comparison.a)}"
    yield f"  against {comparison.b_name} {_rate(comparison.b)}"
    yield f"  {comparison.value_text()}; {comparison.basis_text()}"
    adjusted = comparison.adjusted
    if adjusted is not None and adjusted.standardised.difference.value is not None:
        gap = 100 * adjusted.standardised.difference.value
        text = f"  at one mix of {', '.join(adjusted.keys)} {gap:+.1f} percentage points"
        if comparison.direction_flips:
            text += "; the direction flips: the gap is the mix's, not the rates'"
        yield text
    for caution in comparison.warnings:
        yield f"  note: {caution}"


def _trend(trend: Trend[CloseRate]) -> list[str]:
    """A row for each cohort, a column for each class."""
    rows: list[tuple[str, ...]] = [("", *_CLASSES, "all")]
    for period, figure in zip(trend.periods, trend.figures, strict=True):
        cells = [_cell(figure.segments.get(name)) for name in _CLASSES]
        rows.append((period.name or f"{period.first} to {period.until}", *cells, _cell(figure)))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            f"{cell:{'<' if place == 0 else '>'}{width}}"
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _cell(rate: CloseRate | None) -> str:
    if rate is None or rate.value is None:
        return "-"
    text = f"{100 * rate.value:.1f} % of {rate.of}"
    if rate.mature:
        return text
    if rate.projection is None:
        return f"{text} so far"
    return f"{text} so far, to be {100 * rate.projection:.1f} %"


def _league(league: LeagueTable) -> Iterator[str]:
    yield f"Partners by close rate, chance taken off: {league.basis_text()}"
    rows = list(map(str, league.rows))
    cut = len(rows) > 2 * MOST_PARTNERS
    shown = [*rows[:MOST_PARTNERS], *rows[-MOST_PARTNERS:]] if cut else rows
    for place, row in enumerate(shown):
        if cut and place == MOST_PARTNERS:
            yield f"  ... {len(rows) - 2 * MOST_PARTNERS} more"
        yield f"  {row}"
    for caution in league.warnings:
        yield f"  note: {caution}"


def _concentrated(figure: Concentration) -> Iterator[str]:
    yield f"Concentration: {figure.value_text()} of the wins that partners sourced"
    yield f"  {figure.basis_text()}"
    if figure.without_win:
        names = ", ".join(figure.without_win[:MOST_PARTNERS])
        more = len(figure.without_win) - MOST_PARTNERS
        names += f" and {more} more" if more > 0 else ""
        sent = counted(len(figure.without_win), "partner")
        yield f"  {sent} sent leads, none of them won: {names}"
