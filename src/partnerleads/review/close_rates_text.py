"""The close rates of a review as lines of text."""

from __future__ import annotations

from collections.abc import Iterator

from partnerleads.kpis import Comparison, Concentration, LeagueTable, Trend
from partnerleads.model import CloseRate, Figure, PartnerId
from partnerleads.model.figure import counted, left_out_words
from partnerleads.review.close_rates import CloseRates

__all__ = ["close_rate_lines"]

MOST_PARTNERS = 10
"""How many partners of each end of the league table are shown. [count]"""

_CLASSES = ("sourced", "influenced", "direct")

_LASTED = (
    "influenced leads have lasted until influence came, and direct ones are those that it never "
    "reached, so these two columns do not show what influence does"
)


def close_rate_lines(rates: CloseRates) -> list[str]:
    """The close rates, the comparison first.

    Args:
        rates: The close rates.
    """
    cycle = rates.cycle
    if cycle.within is None:
        return [f"Close rates: none, since {cycle.undefined_because}"]
    limit = counted(cycle.within.days, "day")
    lines = [f"Close rates: won within {limit} of the capture ({cycle.basis_text()})"]
    lines += [f"  note: {caution}" for caution in cycle.warnings]
    if rates.cohort is None:
        lines.append("  no cohort up to this period had that long, so nothing is compared")
    else:
        lines.append(f"  {rates.cohort}, whose leads all had that long:")
    for comparison in (rates.comparison, rates.against_others):
        lines += [] if comparison is None else [f"    {line}" for line in _compared(comparison)]
    if rates.trend is not None:
        lines += ["", "Close rates by cohort", *(f"  {line}" for line in _trend(rates.trend))]
    if rates.league is not None:
        lines += ["", *_league(rates.league)]
        if rates.concentration is not None:
            lines += ["", *_concentrated(rates.concentration, rates.league)]
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
        yield f"  at one mix of {', '.join(adjusted.keys)} {gap:+.1f} percentage points"
    yield from (f"  {line}" for line in _notes(comparison))


def _notes(figure: Figure) -> list[str]:
    """Who is missing, and what to beware of."""
    missing = [left_out_words(count, why) for why, count in figure.left_out_because.items()]
    return [f"note: {words}" for words in (*missing, *figure.warnings)]


def _trend(trend: Trend[CloseRate]) -> list[str]:
    """A row for each cohort, a column for each class."""
    rows: list[tuple[str, ...]] = [("", *_CLASSES, "all")]
    for label, figure in zip(trend.labels, trend.figures, strict=True):
        cells = [_cell(figure.segments.get(name)) for name in _CLASSES]
        rows.append((label, *cells, _cell(figure)))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lasted = any("influenced" in figure.segments for figure in trend)
    lines = [
        "  ".join(
            f"{cell:{'<' if place == 0 else '>'}{width}}"
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return [*lines, f"note: {_LASTED}"] if lasted else lines


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
    ranked = "by close rate, chance taken off" if league.prior.prior else "by name, not ranked"
    yield f"Partners {ranked}, all leads that had that long: {league.basis_text()}"
    rows = list(map(str, league.rows))
    cut = len(rows) > 2 * MOST_PARTNERS
    shown = [*rows[:MOST_PARTNERS], *rows[-MOST_PARTNERS:]] if cut else rows
    for place, row in enumerate(shown):
        if cut and place == MOST_PARTNERS:
            yield f"  ... {len(rows) - 2 * MOST_PARTNERS} more"
        yield f"  {row}"
    yield from (f"  {line}" for line in _notes(league))


def _concentrated(figure: Concentration, league: LeagueTable) -> Iterator[str]:
    """The few with most wins, and those without any, of whom the young ones are told apart."""
    of = "" if figure.value is None else " of all wins that partners sourced"
    yield f"Concentration: {figure.value_text()}{of}"
    yield f"  {figure.basis_text()}"
    judged = {row.partner_id for row in league}
    never = [name for name in figure.without_win if name in judged]
    young = [name for name in figure.without_win if name not in judged]
    if never:
        yield f"  {counted(len(never), 'partner')} sent leads, none of them won: {_names(never)}"
    if young:
        whose = f"{counted(len(young), 'partner')} without a win"
        yield f"  {whose} sent only leads that did not have that long yet: {_names(young)}"


def _names(partners: list[PartnerId]) -> str:
    """The first of them, and how many more there are."""
    more = len(partners) - MOST_PARTNERS
    return ", ".join(partners[:MOST_PARTNERS]) + (f" and {more} more" if more > 0 else "")
