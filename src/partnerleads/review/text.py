"""The review as plain text for a terminal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from partnerleads.model import (
    Durations,
    Figure,
    Finding,
    Problem,
    Regions,
    Share,
    Totals,
)
from partnerleads.model.figure import counted, number
from partnerleads.review.programme import Line, Review

__all__ = ["as_text", "problem_lines"]

Row: TypeAlias = tuple[str, str, str, str, str]
"""Label, now, before, all time, and what now rests on."""


def _cell(figure: Figure | None, currency: str = "") -> str:
    """The value, short enough for a column."""
    if figure is None:
        return ""
    if isinstance(figure, Durations):
        if figure.median is None or figure.p90 is None:
            return "-"
        return f"{number(figure.median)}, {number(figure.p90)}"
    if isinstance(figure, Totals):
        money = figure.by_currency.get(currency)
        return "-" if money is None else f"{money.amount:,.0f}".replace(",", " ")
    if isinstance(figure, Regions):
        return str(len(figure.value))
    return "-" if figure.undefined_because else figure.value_text()


def _rests_on(figure: Figure) -> str:
    """What the value rests on, short."""
    notes = []
    if isinstance(figure, Share):
        notes.append(f"{figure.hits}/{figure.of}")
        if figure.interval is not None:
            notes.append(f"{100 * figure.interval[0]:.1f}-{100 * figure.interval[1]:.1f} %")
    elif isinstance(figure, Durations):
        notes.append(f"n {figure.n}")
        notes += [f"{figure.censored} not yet"] if figure.censored else []
        notes += [f"{figure.closed_without} closed without"] if figure.closed_without else []
    elif isinstance(figure, Totals):
        notes.append(f"n {figure.n}")
        notes += [f"{figure.without_value} state no value"] if figure.without_value else []
    elif isinstance(figure, Regions):
        notes.append(", ".join(figure.value))
    else:
        notes.append(figure.basis_text())
    notes += [f"{figure.left_out} left out"] if figure.left_out else []
    notes += [counted(figure.problems, "problem")] if figure.problems else []
    notes += [figure.undefined_because] if figure.undefined_because else []
    return "; ".join(notes)


def _rows(line: Line) -> Iterator[Row]:
    """A row for the figure; one for each currency where it is money."""
    spans = (line.now, line.before, line.ever)
    if isinstance(line.now, Totals):
        currencies = sorted(
            {c for one in spans if isinstance(one, Totals) for c in one.by_currency}
        )
        for place, currency in enumerate(currencies or [""]):
            label = f"{line.label}, {currency}".removesuffix(", ")
            now, before, ever = (_cell(one, currency) for one in spans)
            yield label, now, before, ever, "" if place else _rests_on(line.now)
        return
    label = line.label
    if isinstance(line.now, Durations):
        label += f" ({line.now.unit}: median, p90)"
    now, before, ever = (_cell(one) for one in spans)
    yield label, now, before, ever, _rests_on(line.now)


def _table(heads: Row, rows: Sequence[Row]) -> list[str]:
    widths = [max(len(row[column]) for row in [heads, *rows]) for column in range(4)]
    lines = []
    for label, *values, basis in [heads, *rows]:
        cells = (f"{cell:>{width}}" for cell, width in zip(values, widths[1:], strict=True))
        lines.append(f"  {label:<{widths[0]}}  {'  '.join(cells)}   {basis}".rstrip())
    return lines


def _notes(lines: Iterable[Line]) -> list[str]:
    """What to know of the figures, each note once with the figures it is about."""
    about: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        for span, figure in (("", line.now), (" all time", line.ever)):
            if figure is None:
                continue
            for why, count in figure.left_out_because.items():
                about[f"{count} left out: {why}"].append(line.label + span)
            for warning in figure.warnings:
                about[str(warning)].append(line.label + span)
    return [f"{note} ({', '.join(labels)})" for note, labels in about.items()]


def _grouped(doubts: Sequence[Problem | Finding]) -> list[str]:
    by_rule: dict[str, list[Problem | Finding]] = defaultdict(list)
    for doubt in doubts:
        by_rule[doubt.rule].append(doubt)
    lines = []
    for rule, same in sorted(by_rule.items(), key=lambda item: -len(item[1])):
        example = same[0]
        about = "" if example.lead_id is None else f"such as {example.lead_id}: "
        lines.append(f"{len(same):>6}  {rule}: {about}{example.words}")
    return lines


def as_text(review: Review) -> str:
    """The review as lines of text.

    Args:
        review: The review.
    """
    known = "" if review.known_at is None else f", as known at {review.known_at:%Y-%m-%d %H:%M}"
    statuses = ", ".join(
        f"{review.statuses.get(status, 0)} {status}"
        for status in ("won", "lost", "disqualified", "open")
    )
    before = review.period.shifted(-1)
    lines = [
        f"Partner programme review: {review.name}, as of {review.as_of:%Y-%m-%d %H:%M} UTC{known}",
        *review.input_notes,
        f"{review.leads} leads captured: {statuses}",
        f"now: {review.period}; before: {before}",
        "",
    ]
    rows = [row for line in review.lines for row in _rows(line)]
    lines += _table(("", "now", "before", "all time", "now rests on"), rows)
    notes = _notes(review.lines)
    if notes:
        lines += ["", "Notes", *(f"  {note}" for note in notes)]
    lines += ["", f"Problems of the history: {len(review.problems)}", *_grouped(review.problems)]
    lines += ["", f"Findings to doubt: {len(review.findings)}", *_grouped(review.findings)]
    return "\n".join(lines)


def problem_lines(review: Review) -> str:
    """Every problem and finding, one a line.

    Args:
        review: The review.
    """
    return "\n".join(map(str, [*review.problems, *review.findings]))
