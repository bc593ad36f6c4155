"""Whether something comes equally fast in two groups, those still waiting included."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from attrs import evolve, frozen

from partnerleads.attribution import AttributionPolicy
from partnerleads.kpis.measuring.measure import EndsOf, Measure, TimeBetween
from partnerleads.kpis.measuring.tally import Ended, History, Question, Tallies, Tally
from partnerleads.model import SegmentKey
from partnerleads.stats import Significance, log_rank

__all__ = ["Listening", "Speeds", "compared_speeds"]


class Listening:
    """A history that notes what it is asked.

    Args:
        whole: The history that answers.
    """

    def __init__(self, whole: History) -> None:
        self.whole = whole
        self.asked: list[tuple[Measure, Question]] = []

    @property
    def as_of(self) -> datetime:
        """The moment looked from."""
        return self.whole.as_of

    @property
    def known_at(self) -> datetime | None:
        """The moment of knowledge."""
        return self.whole.known_at

    @property
    def policy(self) -> AttributionPolicy:
        """The rules of attribution."""
        return self.whole.policy

    def tally(self, measure: Measure, question: Question) -> Tallies:
        """The numbers of one measure."""
        self.asked.append((measure, question))
        return self.whole.tally(measure, question)


@frozen
class Speeds:
    """Log-rank tests, for the whole and for each segment that both groups have.

    Attributes:
        whole: Of all members; None where the test does not apply.
        segments: Of each segment.
    """

    whole: Significance | None
    segments: Mapping[SegmentKey, Significance]


def compared_speeds(a: Listening, b: Listening) -> Speeds:
    """Test whether the durations that two histories were asked for come equally fast.

    The test applies where the members are counted by the event that the durations start with, so
    that those who wait are known too; members that were closed without the end leave when closed.

    Args:
        a: The history of the first group, after its figure was asked for.
        b: The history of the other group, after its figure was asked for.
    """
    first, other = _followed(a), _followed(b)
    if first is None or other is None:
        return Speeds(None, {})
    shared = [key for key in first.segments if key in other.segments]
    return Speeds(
        _test(first.whole, other.whole),
        {key: _test(first.segments[key], other.segments[key]) for key in shared},
    )


def _followed(history: Listening) -> Tallies | None:
    """When and how the members ended that a duration was asked of."""
    if len(history.asked) != 1:
        return None
    [(measure, question)] = history.asked
    form = measure.form
    if not isinstance(form, TimeBetween) or form.hours or measure.anchor != (form.start,):
        return None
    ends = EndsOf(form.start, form.end, form.never)
    return history.whole.tally(evolve(measure, form=ends), question)


def _test(a: Tally, b: Tally) -> Significance:
    (durations, events), (other_durations, other_events) = _spans(a), _spans(b)
    found = log_rank(
        durations, events=events, other_durations=other_durations, other_events=other_events
    )
    return Significance(
        test="log-rank",
        p_value=found.p_value,
        statistic=found.statistic,
        degrees=None if found.statistic is None else 1,
        undefined_because=found.undefined_because,
    )


def _spans(tally: Tally) -> tuple[list[float], list[bool]]:
    """How long each member was followed, and whether its end came."""
    assert isinstance(tally.numbers, Ended)  # noqa: S101 - ends were asked for
    durations: list[float] = []
    events: list[bool] = []
    for (span, outcome), count in tally.numbers.spans.items():
        durations += [float(span)] * count
        events += [outcome == "hit"] * count
    return durations, events
