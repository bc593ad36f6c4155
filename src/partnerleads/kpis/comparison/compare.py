"""Compare: one figure of two groups, under one definition."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from attrs import evolve, frozen

from partnerleads.errors import OptionError
from partnerleads.kpis.comparison.groups import GroupOf, group_of, is_key_told_later
from partnerleads.kpis.comparison.parts import Asking, Keys, Part, parts_of
from partnerleads.kpis.comparison.result import Comparison, comparison_of
from partnerleads.kpis.comparison.strata import Adjusted
from partnerleads.kpis.comparison.values import Statistic, contrast_of, without_intervals
from partnerleads.kpis.measuring.figures import AnyHistory, By, history_of, keys_of
from partnerleads.model import Caution, Figure, FrozenMap
from partnerleads.model.figure import number
from partnerleads.model.options import check_choice, check_kpi, check_span

__all__ = ["compare"]

_DAY = timedelta(days=1)
_STATISTICS = ("median", "p90", "mean")
_NEITHER = "in neither group"
_OVERLAP = "in both groups: {}, so the two are not independent: no interval, no test"
_NOT_APART = "the groups share members, so no interval"
_FOR_LATER = "{} comes after the capture, so adjusting for it may take away what is looked for"
_SURVIVORS = Caution(
    "survivors",
    "influence takes time, so influenced leads have lasted until it came, and direct ones are the "
    "rest: with no true effect a raw lift can reach +57 %; fix the classes by landmark=",
)
_TOLD_LATER = Caution(
    "survivors",
    "a group is told by what happens after the capture, so its leads have lasted until then",
)


def compare(
    history: AnyHistory,
    kpi: Callable[..., Figure],
    a: GroupOf,
    b: GroupOf,
    *,
    as_of: datetime | None = None,
    by: By = None,
    adjust_for: By = (),
    landmark: timedelta | None = None,
    statistic: Statistic = "median",
    confidence: float = 0.95,
    **options: Any,
) -> Comparison:
    """A figure of two groups of leads under one definition, and how far they are apart.

    Rates get a difference with Newcombe's interval, a ratio with the log interval and a test; of
    durations, counts and sums of money the difference and the ratio. Durations counted by the
    event they start with also get the log-rank test, in which those who still wait take part.
    Groups that share members get no interval and no test.

    Args:
        history: Events, lifecycles, or another engine's history.
        kpi: The KPI function, or a KPI of one's own; it gives a share, durations, a count or money.
        a: The first group: a condition, or ``sourced``, ``influenced``, ``direct`` or ``involved``.
        b: The group that it is compared with, the base of the ratio.
        as_of: The moment; needed with events. [aware datetime]
        by: Key or keys; each segment then has its own comparison, besides that of the whole.
        adjust_for: Key or keys whose mix is taken out of the difference of two rates.
        landmark: Fix the classes of attribution so long after the capture, among the leads that
            were open then, so that no lead owes its class to having lasted; None takes the classes
            as of the moment.
        statistic: Which figure of durations to compare: ``median``, ``p90`` or ``mean``.
        confidence: Confidence of the intervals. [0..1]
        **options: Options of the KPI, such as ``period`` and ``within``.

    Returns:
        The comparison; undefined where a figure is. Without *by* the figures of the groups keep
        the KPI's default segments.

    Raises:
        OptionError: When the KPI or a group is none, when the KPI gives something else, when
            something other than a rate of members is to be adjusted, or when the landmark lies
            behind the limit ``within``.

    Source:
        Newcombe 1998; Katz et al. 1978; Mantel and Haenszel 1959; Kitagawa 1955; landmarks after
        Anderson, Cain and Gelber 1983.

    >>> from datetime import timedelta
    >>> from partnerleads import kpis
    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 L1 captured by acme
    ...     2026-01-20 L1 won
    ...     2026-01-05 L2 captured
    ...     2026-01-08 L2 lost
    ... ''')
    >>> found = compare(
    ...     events,
    ...     kpis.cohort_close_rate,
    ...     "sourced",
    ...     "direct",
    ...     within=timedelta(days=30),
    ...     as_of=at("2026-03-01"),
    ... )
    >>> found.difference.value, found.ratio.undefined_because
    (1.0, 'direct has no hit to divide by')
    """
    check_kpi(kpi)
    check_choice("statistic", statistic, _STATISTICS)
    check_span("landmark", landmark)
    _check_limit(landmark, options.get("within"))
    keys, strata = keys_of(by), keys_of(adjust_for, "adjust_for")
    twice = sorted({*keys} & {*strata})
    if twice:
        raise OptionError("adjust_for", twice[0], "a segment of 'by' has one mix of it already")
    groups = group_of("a", a, landmark=landmark), group_of("b", b, landmark=landmark)
    if "confidence" in inspect.signature(kpi).parameters:
        options["confidence"] = confidence
    asking = Asking(history_of(history, as_of=as_of), kpi, options)
    comparing = _Comparing(
        names=(groups[0].name, groups[1].name),
        said=_said(landmark, strata),
        statistic=statistic,
        confidence=confidence,
    )
    parts = parts_of(asking, groups, by=keys, strata=strata, confidence=confidence)
    segments = {key: comparing.result(one) for key, one in parts.segments.items()}
    return evolve(comparing.result(parts.whole), by=keys, segments=FrozenMap(segments))


def _said(landmark: timedelta | None, strata: Keys) -> dict[str, str]:
    """What the comparison adds to the definition of its figures."""
    said = {}
    if landmark is not None:
        said["classes"] = f"{number(landmark / _DAY)} days after the capture, if open then"
    if strata:
        said["adjusted for"] = ", ".join(strata)
    return said


def _check_limit(landmark: timedelta | None, within: object) -> None:
    if landmark is not None and isinstance(within, timedelta) and landmark >= within:
        reason = f"must be shorter than within={within}, or nothing is left to happen after it"
        raise OptionError("landmark", landmark, reason)


@frozen(kw_only=True)
class _Comparing:
    """How the figures of the whole, or of a segment, become a comparison."""

    names: tuple[str, str]
    said: dict[str, str]
    statistic: Statistic
    confidence: float

    def result(self, part: Part) -> Comparison:
        contrast = contrast_of(
            part.a, part.b, names=self.names, statistic=self.statistic, confidence=self.confidence
        )
        contrast = evolve(contrast, test=contrast.test or part.speeds)
        if part.both:
            contrast = without_intervals(contrast, _NOT_APART)
        return comparison_of(
            contrast,
            names=self.names,
            figures=(part.a, part.b),
            said=self.said,
            left_out={_NEITHER: part.neither},
            problems=part.problems,
            cautions=_cautions(part),
            adjusted=_apart(part),
            confidence=self.confidence,
        )


def _apart(part: Part) -> Adjusted | None:
    """The adjusted difference, without intervals and tests where the groups share members."""
    adjusted = part.adjusted
    return adjusted.without_intervals(_NOT_APART) if adjusted and part.both else adjusted


def _cautions(part: Part) -> Iterator[Caution]:
    if part.both:
        yield Caution("overlap", _OVERLAP.format(part.both))
    if part.influenced:
        yield _SURVIVORS
    if part.told_later:
        yield _TOLD_LATER
    if part.adjusted is not None:
        yield from part.adjusted.cautions()
        later = ", ".join(filter(is_key_told_later, part.adjusted.keys))
        if later:
            yield Caution("adjusted_for_later", _FOR_LATER.format(later))
