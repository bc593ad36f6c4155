"""The review as plain text for a terminal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import TypeAlias

from partnerleads.model import (
    Count,
    Durations,
    Figure,
    Finding,
    Problem,
    Regions,
    Share,
    Totals,
)
from partnerleads.model.figure import counted, left_out_words, number
from partnerleads.model.moments import moment_text
from partnerleads.review.close_rates_text import close_rate_lines
from partnerleads.review.lead_quality import lead_quality_lines
from partnerleads.review.lead_scores import lead_score_lines
from partnerleads.review.partner_scores import partner_score_lines
from partnerleads.review.programme import Line, Review
from partnerleads.review.unassigned import unassigned_lines
from partnerleads.showing import printable, spaced, table_html

__all__ = ["as_html", "as_text", "problem_lines"]

_MOST_PLACES = 10

Row: TypeAlias = tuple[str, str, str, str, str]
"""Label, now, before, all time, and what now rests on."""


def _cell(figure: Figure | None) -> str:
    """The value, short enough for a column."""
    if figure is None:
        return ""
    if isinstance(figure, Durations):
        if figure.median is None or figure.p90 is None:
            return "-"
        return f"{number(figure.median)}, {number(figure.p90)}"
    if isinstance(figure, Regions):
        return spaced(len(figure.value))
    if isinstance(figure, Count):
        return spaced(figure.value)
    return "-" if figure.undefined_because else figure.value_text()


def _rests_on(figure: Figure) -> str:
    """What the value rests on, short."""
    notes = []
    if isinstance(figure, Share):
        notes.append(f"{figure.hits}/{figure.of}")
        if figure.interval is not None:
            low, high = (100 * limit for limit in figure.interval)
            notes.append(f"{100 * figure.confidence:g} % {low:.1f}-{high:.1f} %")
    elif isinstance(figure, Durations):
        notes.append(f"n {figure.n}")
        notes += [f"{figure.censored} not yet"] if figure.censored else []
        notes += [f"{figure.closed_without} closed without"] if figure.closed_without else []
    elif isinstance(figure, Totals):
        notes.append(f"n {figure.n}")
        notes += [f"{figure.without_value} without a value"] if figure.without_value else []
    elif isinstance(figure, Regions):
        notes.append(", ".join(figure.value[:_MOST_PLACES]))
        more = len(figure.value) - _MOST_PLACES
        notes += [f"and {more} more"] if more > 0 else []
    else:
        notes.append(figure.basis_text())
    notes += [f"{figure.left_out} left out"] if figure.left_out else []
    notes += [counted(figure.problems, "problem")] if figure.problems else []
    notes += [figure.undefined_because] if figure.undefined_because else []
    return "; ".join(note for note in notes if note)


def _amounts(figures: Sequence[Figure | None], currency: str) -> list[str]:
    """The amounts of one currency, in its smallest unit if one of them is no whole number."""
    sums = [one.by_currency.get(currency) if isinstance(one, Totals) else None for one in figures]
    whole = all(money is None or money.amount % 1 == 0 for money in sums)
    missing = ["" if figure is None else "-" for figure in figures]
    return [
        absent if money is None else spaced(money.amount, form=",.0f" if whole else ",")
        for absent, money in zip(missing, sums, strict=True)
    ]


def _rows(line: Line) -> Iterator[Row]:
    """A row for the figure; one for each currency where it is money."""
    spans = (line.now, line.before, line.ever)
    if isinstance(line.now, Totals):
        currencies = sorted(
            {c for one in spans if isinstance(one, Totals) for c in one.by_currency}
        )
        for place, currency in enumerate(currencies or [""]):
            label = f"{line.label}, {currency}".removesuffix(", ")
            now, before, ever = _amounts(spans, currency)
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
    """What to know of the figures, each note once with the figures and spans it is about."""
    about: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        for span, figure in line.spans:
            left_out = figure.left_out_because.items()
            notes = [left_out_words(count, why) for why, count in left_out]
            for note in [*notes, *map(str, figure.warnings)]:
                about[note][line.label].append("all time" if span == "ever" else span)
    return [f"{note} ({_where(figures)})" for note, figures in about.items()]


def _where(figures: Mapping[str, Sequence[str]]) -> str:
    return "; ".join(f"{label} {', '.join(spans)}" for label, spans in figures.items())


def _grouped(doubts: Sequence[Problem | Finding]) -> list[str]:
    """A line for each rule, with an example; first those that touch the most leads."""
    by_rule: dict[str, list[Problem | Finding]] = defaultdict(list)
    for doubt in doubts:
        by_rule[doubt.rule].append(doubt)
    lines = []
    for rule, same in sorted(by_rule.items(), key=lambda item: -sum(map(_leads, item[1]))):
        example = same[0]
        about = "" if example.lead_id is None else f"such as {example.lead_id}: "
        if _leads(example) > 1:
            about = f"{spaced(_leads(example))} leads: "
        lines.append(f"{spaced(len(same)):>6}  {rule}: {about}{example.words}")
    return lines


def _doubts(title: str, doubts: Sequence[Problem | Finding] | None) -> list[str]:
    if doubts is None:
        return [f"{title}: not looked for on frames; read the events and fold them"]
    return [f"{title}: {spaced(len(doubts))}", *_grouped(doubts)]


def _findings_title(review: Review) -> str:
    """Findings are of no period, so that their times are not by the clock of this one."""
    utc = review.period.tz == "UTC" or not review.findings
    return "Findings to doubt" if utc else "Findings to doubt, their times in UTC"


def _effect(review: Review) -> list[str]:
    """What the leads in doubt do to the figure that they would move."""
    audit = review.audit
    if audit is None or not audit.leads:
        return []
    leads = spaced(len(audit.leads), "lead")
    change = f"{audit.without.value_text()} instead of {audit.figure.value_text()}"
    return [f"  without the {leads} in doubt the sourced rate of all time is {change}"]


def _leads(doubt: Problem | Finding) -> int:
    return doubt.leads if isinstance(doubt, Problem) else 1


def _heads(review: Review) -> list[str]:
    """What is reviewed, of which moment, and the periods."""
    tz = review.period.tz
    seen = f"as of {moment_text(review.as_of, tz=tz)}"
    if review.known_at is not None:
        seen += f", as known at {moment_text(review.known_at, tz=tz)}"
    statuses = ", ".join(
        f"{spaced(review.statuses.get(status, 0))} {status}"
        for status in ("won", "lost", "disqualified", "open")
    )
    open_yet = "" if review.period_is_over else ", not over yet"
    if review.as_of < review.period.start:
        open_yet = ", has not begun"
    return [
        f"Partner programme review: {review.name}, {seen}",
        *review.input_notes,
        f"{spaced(review.leads, 'lead')} captured: {statuses}",
        f"now: {review.period}{open_yet}; before: {review.period.shifted(-1)}",
    ]


_TITLES: Row = ("", "now", "before", "all time", "now rests on")


def as_text(review: Review) -> str:
    """The review as lines of text; signs that would steer a terminal are shown by their numbers.

    Args:
        review: The review.
    """
    rows = [row for line in review.lines for row in _rows(line)]
    lines = [*_heads(review), "", *_table(_TITLES, rows)]
    notes = _notes(review.lines)
    if notes:
        lines += ["", "Notes", *(f"  {note}" for note in notes)]
    return "\n".join(map(printable, [*lines, *_sections(review)]))


def as_html(review: Review) -> str:
    """The review for a notebook: the figures as a table, and the other parts as text.

    Args:
        review: The review.
    """
    head, *heads = _heads(review)
    rows = [row for line in review.lines for row in _rows(line)]
    table = table_html(head, rows, titles=_TITLES, notes=[*heads, *_notes(review.lines)])
    parts = "\n".join(map(printable, _sections(review))).strip("\n")
    return f"{table}<pre>{escape(parts)}</pre>"


def _sections(review: Review) -> list[str]:
    """What follows the figures."""
    lines = ["", *close_rate_lines(review.close_rates)]
    lines += ["", *partner_score_lines(review.partner_scores)]
    lines += ["", *lead_score_lines(review.lead_scores)]
    lines += ["", *lead_quality_lines(review.lead_quality)]
    lines += ["", *unassigned_lines(review.unassigned)]
    lines += ["", *_doubts("Problems of the history", review.problems)]
    lines += ["", *_doubts(_findings_title(review), review.findings), *_effect(review)]
    return lines


def problem_lines(review: Review) -> str:
    """Every problem and finding, one a line.

    Args:
        review: The review.
    """
    doubts = [*review.problems, *(review.findings or ())]
    return "\n".join(printable(str(doubt)) for doubt in doubts)
