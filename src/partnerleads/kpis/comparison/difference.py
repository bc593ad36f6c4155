"""Difference: two results under one definition, such as those of two periods."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from attrs import evolve, frozen

from partnerleads.errors import MismatchError
from partnerleads.kpis.comparison.result import Comparison, comparison_of
from partnerleads.kpis.comparison.values import (
    Statistic,
    check_kind,
    contrast_of,
    without_intervals,
)
from partnerleads.kpis.measuring.segments import none_last
from partnerleads.model import Caution, Count, Figure, FrozenMap, Period, Share, Totals
from partnerleads.model.figure import counted
from partnerleads.model.moments import moment_text
from partnerleads.model.options import check_choice

__all__ = ["difference"]

MOMENTS = ("as_of", "known_at")
"""Mismatches that may be allowed."""

_STATISTICS = ("median", "p90", "mean")
_SAME_LENGTH = 3
"""Months differ by up to three days, quarters by two, years by one. [days]"""

_NOT_APART = "the two may share members, so no interval"
_UNTOLD = Caution(
    "untold",
    "nothing in the two results tells them apart; the interval is that of groups that share nobody",
)
_SHARED = Caution("overlap", "the two may share members, so there is no interval and no test")


def difference(
    r1: Figure,
    r2: Figure,
    *,
    allow: Collection[str] = (),
    statistic: Statistic = "median",
) -> Comparison:
    """How far two results of one KPI are apart, such as those of two quarters.

    The period is what may differ; so may, said explicitly, the moments looked from. Everything
    else that the results state must be equal: name, kind, definition, unit, keys and confidence.

    Args:
        r1: The result to look at.
        r2: The result that it is compared with, the base of the ratio.
        allow: Moments that may differ too: ``as_of``, ``known_at``, or both. Two cohorts as of
            the end of the same time after each are the case for it.
        statistic: Which figure of durations to compare: ``median``, ``p90`` or ``mean``.

    Returns:
        The comparison, segment by segment too. Rates have an interval where the periods share no
        day; where nothing tells the results apart, they have one with a warning, since the
        segments of one result are apart as well.

    Raises:
        MismatchError: When the definitions differ, with every mismatch.
        OptionError: When one of them is no result that can be compared.

    >>> from partnerleads import Period, kpis
    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 L1 captured by acme
    ...     2026-02-05 L2 captured
    ... ''')
    >>> january, february = (
    ...     kpis.sourced_rate(events, period=Period.month(2026, month), as_of=at("2026-03-01"))
    ...     for month in (1, 2)
    ... )
    >>> difference(february, january).value
    -1.0
    """
    check_choice("statistic", statistic, _STATISTICS)
    for name in (allow,) if isinstance(allow, str) else allow:
        check_choice("allow", name, MOMENTS)
    check_kind("r1", r1)
    check_kind("r2", r2)
    mismatches = tuple(found for found in _mismatches(r1, r2) if found[0] not in allow)
    if mismatches:
        raise MismatchError(r1.name, mismatches)
    differing = _Differing(r1, r2, statistic)
    keys = sorted({*r1.segments, *r2.segments}, key=none_last)
    segments = {key: differing.result(r1.segments.get(key), r2.segments.get(key)) for key in keys}
    return evolve(differing.result(r1, r2), by=r1.by, segments=FrozenMap(segments))


def _mismatches(r1: Figure, r2: Figure) -> Iterator[tuple[str, str, str]]:
    """Everything but the days of the period in which two results differ."""
    for what, one, other in _stated(r1, r2):
        if one != other:
            yield what, str(one), str(other)
    for what in sorted({*r1.definition, *r2.definition}):
        one, other = (figure.definition.get(what, "not said") for figure in (r1, r2))
        if one != other:
            yield what, one, other
    yield from _of_periods(r1, r2)


def _stated(r1: Figure, r2: Figure) -> Iterator[tuple[str, object, object]]:
    yield "kind", type(r1).__name__, type(r2).__name__
    yield "name", r1.name, r2.name
    yield "counted", r1.counted, r2.counted
    for moment in MOMENTS:
        yield moment, getattr(r1, moment), getattr(r2, moment)
    yield "by", r1.by, r2.by
    if isinstance(r1, Totals) and isinstance(r2, Totals):
        if r1.by_currency and r2.by_currency:
            yield "currencies", ", ".join(r1.by_currency), ", ".join(r2.by_currency)
    else:
        yield "unit", getattr(r1, "unit", ""), getattr(r2, "unit", "")
    if isinstance(r1, Share) and isinstance(r2, Share):
        yield "confidence", r1.confidence, r2.confidence


def _of_periods(r1: Figure, r2: Figure) -> Iterator[tuple[str, str, str]]:
    one, other = r1.period, r2.period
    if one is None or other is None:
        if one is not other:
            yield "period", str(one or "all time"), str(other or "all time")
        return
    if one.tz != other.tz:
        yield "time zone", one.tz, other.tz
    if isinstance(r1, Count | Totals) and abs(_days(one) - _days(other)) > _SAME_LENGTH:
        yield "days of the period", str(_days(one)), str(_days(other))


def _days(period: Period) -> int:
    return (period.until - period.first).days


def _names(r1: Figure, r2: Figure) -> tuple[str, str]:
    """What tells the two apart."""
    if r1.period is not None and r2.period is not None and r1.period != r2.period:
        one, other = r1.period.name, r2.period.name
        return (one, other) if one != other else (str(r1.period), str(r2.period))
    if r1.as_of != r2.as_of:
        return moment_text(r1.as_of), moment_text(r2.as_of)
    return "the first", "the second"


@frozen
class _Differing:
    """How two figures, or two segments, become a comparison."""

    r1: Figure
    r2: Figure
    statistic: Statistic

    def result(self, a: Figure | None, b: Figure | None) -> Comparison:
        names = _names(self.r1, self.r2)
        confidence = getattr(self.r1, "confidence", 0.95)
        contrast = contrast_of(a, b, names=names, statistic=self.statistic, confidence=confidence)
        cautions = [*_unequal_days(self.r1, self.r2)]
        if contrast.test is not None:
            caution = _apart(self.r1, self.r2)
            cautions += [caution] if caution else []
            if caution is _SHARED:
                contrast = without_intervals(contrast, _NOT_APART)
        return comparison_of(
            contrast,
            names=names,
            figures=(a, b),
            said={},
            left_out={},
            problems=sum(one.problems for one in (a, b) if one is not None),
            cautions=cautions,
            confidence=confidence,
        )


def _apart(r1: Figure, r2: Figure) -> Caution | None:
    """What speaks against reading two rates as those of groups that share nobody."""
    one, other = r1.period, r2.period
    if one is not None and other is not None and (one.end <= other.start or other.end <= one.start):
        return None
    same = (str(one), r1.as_of, r1.known_at) == (str(other), r2.as_of, r2.known_at)
    return _UNTOLD if same else _SHARED


def _unequal_days(r1: Figure, r2: Figure) -> Iterator[Caution]:
    """Counts and sums of periods that are not equally long."""
    if not isinstance(r1, Count | Totals) or r1.period is None or r2.period is None:
        return
    days = _days(r1.period), _days(r2.period)
    if days[0] != days[1]:
        yield Caution("unequal_periods", f"of {counted(days[0], 'day')} against {days[1]}")
