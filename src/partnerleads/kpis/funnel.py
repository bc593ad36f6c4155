"""Funnel: how far the leads came, and where they were lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, cast

from attrs import frozen

from partnerleads.errors import OptionError
from partnerleads.kpis.measuring.composing import Nested, compose, nested, plain, seen_by
from partnerleads.kpis.measuring.conditions import EVERY, AllOf, AnyOf, Condition, Has, Not
from partnerleads.kpis.measuring.figures import AnyHistory, By, figure, history_of
from partnerleads.kpis.measuring.measure import CountOf, Measure, ShareOf
from partnerleads.kpis.measuring.segments import none_last
from partnerleads.model import Caution, Count, Figure, FrozenMap, Period, Share
from partnerleads.model.figure import so_many
from partnerleads.model.options import check_choice, chosen

__all__ = ["FUNNEL_STEPS", "Funnel", "FunnelStep", "Lost", "funnel"]

FUNNEL_STEPS = ("captured", "offered", "accepted", "responded", "progressed", "won")
"""The steps of a funnel where none are named."""

_OFFERED = (
    "captured",
    "registered",
    "offered",
    "accepted",
    "assigned",
    "responded",
    "progressed",
    "converted",
    "first_won",
    "won",
)


@frozen(kw_only=True)
class Lost:
    """Leads that reached a step, and none after it.

    Attributes:
        still_open: Those that may still go on. [count]
        closed: Those that were closed, a win that skipped the steps after it included. [count]
        reasons: Those lost or disqualified by each reason that this states; None states none.
            [counts]
    """

    still_open: int
    closed: int
    reasons: FrozenMap[str | None, int]

    @property
    def lost(self) -> int:
        """Those lost or disqualified. [count]"""
        return sum(self.reasons.values())


@frozen(kw_only=True)
class FunnelStep:
    """One step of a funnel.

    Attributes:
        name: The milestone.
        rate: Leads that reached it or any later step, of those that reached the one before or any
            later one; of the first step, of all leads captured. [0..1]
        of_entered: The same, of those that reached the first step or any later one. [0..1]
        lost: Those that reached it and none after it; None at the last step.
    """

    name: str
    rate: Share
    of_entered: Share
    lost: Lost | None

    @property
    def reached(self) -> int:
        """Leads that reached it or any later step. [count]"""
        return int(self.rate.hits)


@frozen(kw_only=True, repr=False)
class Funnel(Figure):
    """How many leads came how far.

    Attributes:
        steps: The steps in order.
    """

    steps: tuple[FunnelStep, ...]

    def __getitem__(self, name: str) -> FunnelStep:
        """The step of a name.

        Raises:
            OptionError: When the funnel has no such step.
        """
        return chosen("step", name, {step.name: step for step in self.steps})

    @property
    def value(self) -> float | None:
        """The part of those that entered that reached the last step; None where none entered."""
        return self.steps[-1].of_entered.value

    def value_text(self) -> str:
        """How many reached each step."""
        return " > ".join(f"{step.name} {step.reached}" for step in self.steps)

    def basis_text(self) -> str:
        """The part that went on at each step, and where most were lost."""
        parts = [f"{step.name} {step.rate.value_text()}" for step in self.steps[1:]]
        text = f"{so_many(self.n, self.counted)}; {', '.join(parts)}"
        lost = {step.name: step.lost.lost for step in self.steps if step.lost is not None}
        worst = max(lost, key=lambda name: lost[name])
        if lost[worst]:
            text += f"; most lost after {worst}: {lost[worst]}"
        return text if self.undefined_because is None else f"{text}; {self.undefined_because}"

    def columns(self) -> dict[str, object]:
        """For each step how many reached it, the rate, and how many stayed there."""
        columns: dict[str, object] = {}
        for step in self.steps:
            columns[step.name] = step.reached
            columns[f"{step.name}_rate"] = step.rate.value
            columns[f"{step.name}_of_entered"] = step.of_entered.value
            if step.lost is not None:
                columns[f"{step.name}_lost"] = step.lost.lost
                columns[f"{step.name}_open"] = step.lost.still_open
        return columns


def funnel(
    history: AnyHistory,
    *,
    as_of: datetime | None = None,
    period: Period | None = None,
    by: By = None,
    steps: Sequence[str] = FUNNEL_STEPS,
    confidence: float = 0.95,
) -> Funnel:
    """How many leads of a cohort reached each step or a later one, and where the others stopped.

    A lead that skipped a step has passed it, so no step has more than the one before, and a rate
    is never above 1. Steps are milestones, so a lead that was returned, or lost and opened again,
    stays where it once came; ``won`` is the win that stands.

    Args:
        history: Events, lifecycles, or another engine's history.
        as_of: The moment; needed with events. [aware datetime]
        period: Period of the capture; None is all time.
        by: Key or keys to segment by, such as ``partner_type``.
        steps: Names of milestones in order, at least two.
        confidence: Confidence of the intervals. [0..1]

    Returns:
        The steps, each with its rates and with those that stopped there: open or closed, and why.
        Young leads are among the open ones and had little time, so compare cohorts of one age.
        A step that no lead has of its own, while leads have a later one, bears a warning.

    Raises:
        OptionError: When a step is no milestone, is named twice, or there are fewer than two.

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 L1 captured
    ...     2026-01-03 L1 accepted by acme
    ...     2026-01-09 L1 won
    ...     2026-01-02 L2 captured
    ...     2026-01-03 L2 offered to acme
    ...     2026-01-04 L2 lost reason="no budget"
    ... ''')
    >>> figure = funnel(events, as_of=at("2026-02-01"))
    >>> figure.value_text()
    'captured 2 > offered 2 > accepted 1 > responded 1 > progressed 1 > won 1'
    >>> figure["accepted"].rate.value, figure["offered"].lost.reasons["no budget"]
    (0.5, 1)
    """
    names = _checked(steps)
    known = history_of(history, as_of=as_of)
    reached: list[Condition] = [AnyOf(tuple(map(Has, names[at:]))) for at in range(len(names))]
    before: list[Condition] = [EVERY, *reached]

    def measured(form: ShareOf, counted: str) -> Share:
        measure = Measure(
            name="funnel",
            form=form,
            counted=counted,
            anchor=("captured",),
            options=FrozenMap({"steps": ", ".join(names)}),
        )
        return figure(Share, known, measure, period=period, by=by, confidence=confidence)

    def stopped(stop: Condition) -> Nested[Count]:
        measure = Measure(
            name="funnel", form=CountOf(), counted="leads", anchor=("captured",), of=stop
        )
        return nested(
            lambda keys: figure(Count, known, measure, period=period, by=keys),
            by=by,
            inside=("status", "reason"),
        )

    parts: dict[str, Figure | Nested[Any]] = {
        "entered": measured(ShareOf(reached[0]), "leads captured")
    }
    for name, hit, judged in zip(names, reached, before, strict=False):
        counted = "leads captured" if judged is EVERY else f"leads that might reach {name}"
        parts[f"{name} rate"] = measured(ShareOf(hit, judged), counted)
        parts[f"{name} of entered"] = measured(ShareOf(hit, reached[0]), "leads that entered")
    for name, (one, further) in zip(names, pairwise(reached), strict=False):
        parts[f"{name} lost"] = stopped(AllOf((one, Not(further))))
        own = Measure(
            name="funnel", form=CountOf(), counted="leads", anchor=("captured",), of=Has(name)
        )
        parts[f"{name} itself"] = figure(Count, known, own, period=period, by=by)

    def make(entered: Share, **shares: Figure) -> Funnel:
        seen = seen_by(entered)
        return Funnel(
            name="funnel",
            counted=entered.counted,
            n=entered.n,
            period=period,
            definition=entered.definition,
            left_out_because=entered.left_out_because,
            **seen | {"warnings": (*seen["warnings"], *_skipped(names, shares))},
            undefined_because=shares[f"{names[0]} of entered"].undefined_because,
            steps=tuple(_step(name, shares) for name in names),
        )

    return compose(make, parts, absent="empty")


def _checked(steps: Sequence[str]) -> tuple[str, ...]:
    if isinstance(steps, str) or len(steps) < 2:
        raise OptionError("steps", steps, "name at least two, such as ('accepted', 'won')")
    for name in steps:
        check_choice("steps", name, _OFFERED)
    if len(set(steps)) < len(steps):
        raise OptionError("steps", tuple(steps), "names a step twice")
    return tuple(steps)


def _skipped(names: Sequence[str], parts: dict[str, Any]) -> Iterator[Caution]:
    """A caution where all leads of a step only passed it, as where nobody records such steps."""
    skipped = [
        name for name in names[:-1] if parts[f"{name} rate"].hits and not parts[f"{name} itself"].n
    ]
    if skipped:
        words = f"steps that no lead has of its own, but a later one: {', '.join(skipped)}"
        yield Caution("step_never_recorded", words)


def _step(name: str, parts: dict[str, Any]) -> FunnelStep:
    stopped: Count | None = parts.get(f"{name} lost")
    return FunnelStep(
        name=name,
        rate=plain(parts[f"{name} rate"]),
        of_entered=plain(parts[f"{name} of entered"]),
        lost=None if stopped is None else _lost(stopped),
    )


def _lost(stopped: Count) -> Lost:
    """The leads that stopped at a step, from their counts by status and reason."""
    statuses: Counter[str] = Counter()
    reasons: Counter[str | None] = Counter()
    for key, count in stopped.segments.items():
        status, reason = cast("tuple[str, str | None]", key)
        statuses[status] += count.value
        if status in ("lost", "disqualified"):
            reasons[reason] += count.value
    return Lost(
        still_open=statuses["open"],
        closed=statuses.total() - statuses["open"],
        reasons=FrozenMap({reason: reasons[reason] for reason in sorted(reasons, key=none_last)}),
    )
