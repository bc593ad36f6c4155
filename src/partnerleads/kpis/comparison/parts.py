"""The figures that a comparison is made of, for the whole and for each segment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from attrs import evolve, frozen

from partnerleads.errors import OptionError
from partnerleads.kpis.comparison.groups import (
    CLASSES,
    Group,
    is_told_later,
    rests_on_influence,
)
from partnerleads.kpis.comparison.strata import Adjusted, adjusted
from partnerleads.kpis.comparison.times import Listening, Speeds, compared_speeds
from partnerleads.kpis.comparison.values import check_kind
from partnerleads.kpis.measuring.conditions import AllOf, Condition
from partnerleads.kpis.measuring.measure import CountOf, Measure
from partnerleads.kpis.measuring.segments import none_last
from partnerleads.kpis.measuring.tally import History, Question, Tallies, Tally
from partnerleads.kpis.only import only
from partnerleads.model import Durations, Figure, FrozenMap, SegmentKey, Share
from partnerleads.stats import Significance

__all__ = ["Asking", "Keys", "Part", "Parts", "parts_of"]

Keys = tuple[str, ...]


@frozen
class Asking:
    """One KPI with its options, to be asked of parts of one history.

    Attributes:
        known: The history.
        kpi: The KPI function.
        options: Its options.
    """

    known: History
    kpi: Callable[..., Figure]
    options: Mapping[str, Any]

    def of(self, condition: Condition, by: Keys) -> Figure:
        """The figure of those that meet a condition."""
        return self.kpi(only(self.known, condition), by=by or None, **self.options)

    def listening(self, condition: Condition, by: Keys) -> tuple[Figure, Listening]:
        """The figure with the segments asked for, else with those it has by itself."""
        history = Listening(only(self.known, condition))
        said = {"by": by} if by else {}
        figure = self.kpi(history, **said, **self.options)
        check_kind("kpi", figure)
        if not history.asked:
            raise OptionError("kpi", figure.name, "measures another history than the one it gets")
        return figure, history


@frozen(kw_only=True)
class Part:
    """The figures of the whole, or of one segment.

    Attributes:
        a: Of the first group; None where it has no such segment.
        b: Of the other group; None where it has no such segment.
        both: Members of both groups. [count]
        neither: Members of no group. [count]
        problems: Problems that touch members of the groups. [count]
        influenced: Influenced leads among all members, where these could mislead. [count]
        told_later: Whether a group is told by what happens after the capture, influence apart.
        speeds: The log-rank test; None where it does not apply.
        adjusted: The difference with the mix taken out; None where nothing is adjusted for.
    """

    a: Figure | None
    b: Figure | None
    both: int
    neither: int
    problems: int
    influenced: int
    told_later: bool
    speeds: Significance | None
    adjusted: Adjusted | None


@frozen
class Parts:
    """The figures of the whole and those of each segment."""

    whole: Part
    segments: Mapping[SegmentKey, Part]


def parts_of(
    asking: Asking, groups: tuple[Group, Group], *, by: Keys, strata: Keys, confidence: float
) -> Parts:
    """The figures that a comparison is made of.

    Args:
        asking: The KPI and the history.
        groups: The two groups.
        by: Keys to segment by.
        strata: Keys whose mix is taken out.
        confidence: Confidence of the intervals. [0..1]
    """
    conditions = groups[0].condition, groups[1].condition
    (a, heard_a), (b, heard_b) = (asking.listening(one, by) for one in conditions)
    speeds = compared_speeds(heard_a, heard_b) if isinstance(a, Durations) else Speeds(None, {})
    mixes = _mixes(asking, conditions, by, strata, confidence)
    lasting = isinstance(a, Durations | Share)  # counts and sums say what is there, whyever it is
    doubtful = lasting and any(map(rests_on_influence, conditions))
    told_later = lasting and any(map(is_told_later, conditions))
    crowd = _Crowd.of_figure(asking.known, heard_a, a.name, by)
    first, other, both = (crowd.of(*some) for some in (conditions[:1], conditions[1:], conditions))
    everyone = crowd.of()
    influenced = crowd.of(CLASSES["influenced"]) if doubtful else None

    def part(key: SegmentKey) -> Part:
        whole = key == _WHOLE
        ones = [_at(key, one) for one in (first, other, both, everyone, influenced)]
        sizes = [0 if one is None else one.n for one in ones]
        problems = [0 if one is None else one.problems for one in ones]
        return Part(
            a=a if whole else a.segments.get(key),
            b=b if whole else b.segments.get(key),
            both=sizes[2],
            neither=sizes[3] - sizes[0] - sizes[1] + sizes[2],
            problems=problems[0] + problems[1] - problems[2],
            influenced=sizes[4],
            told_later=told_later,
            speeds=speeds.whole if whole else speeds.segments.get(key),
            adjusted=mixes.get(key),
        )

    keys = sorted({*a.segments, *b.segments}, key=none_last) if by else []
    return Parts(part(_WHOLE), {key: part(key) for key in keys})


def _at(key: SegmentKey, tallies: Tallies | None) -> Tally | None:
    if tallies is None:
        return None
    return tallies.whole if key == _WHOLE else tallies.segments.get(key)


@frozen
class _Crowd:
    """Counts of those whom a figure is about, whatever it says of them."""

    known: History
    measure: Measure
    question: Question

    @classmethod
    def of_figure(cls, known: History, heard: Listening, name: str, by: Keys) -> _Crowd:
        """Those of the measure with the name of the figure, or else of the first asked."""
        named = [asked for asked in heard.asked if asked[0].name == name]
        measure, question = (named or heard.asked)[0]
        return cls(known, evolve(measure, form=CountOf()), evolve(question, by=by))

    def of(self, *conditions: Condition) -> Tallies:
        """How many meet all of some conditions."""
        of = AllOf((self.measure.of, *conditions))
        return self.known.tally(evolve(self.measure, of=of), self.question)


_WHOLE: SegmentKey = ()
"""The whole, as what is segmented by no key."""


def _mixes(
    asking: Asking,
    conditions: tuple[Condition, Condition],
    by: Keys,
    strata: Keys,
    confidence: float,
) -> Mapping[SegmentKey, Adjusted]:
    """The adjusted difference of the whole, and of each segment."""
    if not strata:
        return {}
    levels = [(), by] if by else [()]
    found: dict[SegmentKey, Adjusted] = {}
    for level in levels:
        a, b = (_in_strata(asking, one, level, strata) for one in conditions)
        for key in {_WHOLE, *a, *b} if not level else {*a, *b}:
            found[key] = adjusted(
                strata,
                FrozenMap(a.get(key, {})),
                FrozenMap(b.get(key, {})),
                confidence=confidence,
            )
    return found


def _in_strata(
    asking: Asking, condition: Condition, by: Keys, strata: Keys
) -> dict[SegmentKey, dict[SegmentKey, Share]]:
    """The strata of each segment of one group's figure."""
    figure = asking.of(condition, (*by, *strata))
    if not isinstance(figure, Share) or not isinstance(figure.of, int):
        reason = f"only rates of members have a mix to take out, and {figure.name} is none"
        raise OptionError("adjust_for", ", ".join(strata), reason)
    level = len(by)
    found: dict[SegmentKey, dict[SegmentKey, Share]] = defaultdict(dict)
    for key, share in figure.segments.items():
        parts = key if isinstance(key, tuple) else (key,)
        found[_key(parts[:level])][_key(parts[level:])] = share
    return found


def _key(parts: tuple[str | None, ...]) -> SegmentKey:
    return parts[0] if len(parts) == 1 else parts
