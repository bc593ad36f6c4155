"""A part of a history, as a history of its own."""

from __future__ import annotations

from datetime import datetime
from typing import get_args

from attrs import evolve, frozen

from partnerleads.attribution import AttributionPolicy
from partnerleads.errors import OptionError
from partnerleads.kpis.measuring.conditions import AllOf, Condition
from partnerleads.kpis.measuring.figures import AnyHistory, history_of
from partnerleads.kpis.measuring.measure import Measure
from partnerleads.kpis.measuring.tally import History, Question, Tallies

__all__ = ["Only", "only"]


@frozen
class Only:
    """The members of every measure that meet a condition; any KPI takes it as a history.

    Members that are no leads may say a column themselves: of offers, ``accepted`` is whether that
    offer was accepted, and not whether its lead ever was.

    Attributes:
        whole: The whole history.
        condition: Who stays.
    """

    whole: History
    condition: Condition

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
        """The numbers of one measure, over those that stay."""
        of = AllOf((measure.of, self.condition))
        return self.whole.tally(evolve(measure, of=of), question)


def only(history: AnyHistory, condition: Condition, *, as_of: datetime | None = None) -> History:
    """The leads that meet a condition, for any KPI and on any engine.

    Args:
        history: Events, lifecycles, or another engine's history.
        condition: Who stays, such as ``Is("region", "DACH")`` or ``Since("captured", start)``.
        as_of: The moment; needed with events. [aware datetime]

    Raises:
        OptionError: When *condition* is none.

    >>> from partnerleads import kpis
    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 L1 captured by acme
    ...     2026-01-02 L2 captured
    ...     2026-01-05 L1 won
    ... ''')
    >>> sourced = only(events, kpis.Is("attribution", "sourced"), as_of=at("2026-02-01"))
    >>> kpis.closed_won(sourced).value
    1
    """
    if not isinstance(condition, get_args(Condition)):
        raise OptionError("condition", condition, "pass a condition, such as Is('region', 'DACH')")
    return Only(history_of(history, as_of=as_of), condition)
