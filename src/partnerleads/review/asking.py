"""What figures ask of a history, before any of them is worked out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from partnerleads.attribution import AttributionPolicy
from partnerleads.kpis import History, Measure, Question, Tallies

__all__ = ["asks_of"]


class _Asked(Exception):  # noqa: N818 - it is no error, but a question that was heard
    """Carries what was asked."""


class _Listener:
    """A history that answers nothing."""

    def __init__(self, history: History) -> None:
        self.as_of, self.known_at = history.as_of, history.known_at
        self.policy: AttributionPolicy = history.policy

    def tally(self, measure: Measure, question: Question) -> Tallies:
        raise _Asked(measure, question)


def asks_of(
    history: History, calls: Iterable[tuple[Callable[..., object], Mapping[str, Any]]]
) -> list[tuple[Measure, Question]]:
    """The measure and the question of each figure, so that an engine can work all out at once.

    Args:
        history: The history.
        calls: KPI functions, each with its arguments.
    """
    asks = []
    for kpi, arguments in calls:
        try:
            kpi(_Listener(history), **arguments)
        except _Asked as asked:
            asks.append(asked.args)
    return asks
