"""A history that begins late, without the leads whose beginning it does not have."""

from __future__ import annotations

from datetime import datetime

from attrs import evolve, field, frozen

from partnerleads.attribution import AttributionPolicy
from partnerleads.errors import OptionError
from partnerleads.kpis.measuring.conditions import AllOf, Condition, Is, Not, Since
from partnerleads.kpis.measuring.elapsed import INVENTED
from partnerleads.kpis.measuring.figures import AnyHistory, history_of
from partnerleads.kpis.measuring.measure import CountOf, Measure
from partnerleads.kpis.measuring.tally import History, Question, Tallies
from partnerleads.model import instant
from partnerleads.model.moments import moment_text

__all__ = ["HistoryStart", "history_start"]

CAPTURED_SOMETIME = "the calendar of its capture is invented"

_INVENTED = Is("captured.precision", "relative")


@frozen(repr=False)
class HistoryStart:
    """The leads captured since a history began; every KPI takes it as a history.

    Attributes:
        whole: The whole history.
        start: When it began, included. [aware datetime]
    """

    whole: History
    start: datetime = field(converter=instant)

    def __repr__(self) -> str:
        moments = f"as of {moment_text(self.as_of)}, since {moment_text(self.start)}"
        return f"<{type(self).__name__} {moments}>"

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
        """The numbers of one measure over the leads that stay, and how many do not."""
        stays = Since("captured", self.start)
        tallies = self.whole.tally(_among(measure, stays), question)
        earlier = f"it was not captured since the history starts, {moment_text(self.start)}"
        gone: dict[str, Condition] = {
            earlier: AllOf((Not(stays), Not(_INVENTED))),
            CAPTURED_SOMETIME: _INVENTED,
        }
        left_out = dict(tallies.whole.left_out)
        for reason, condition in gone.items():
            counted = evolve(_among(measure, condition), form=CountOf())
            count = self.whole.tally(counted, evolve(question, by=())).whole
            left_out[reason] = count.n + count.left_out.get(INVENTED, 0)
        return evolve(tallies, whole=evolve(tallies.whole, left_out=left_out))


def _among(measure: Measure, condition: Condition) -> Measure:
    return evolve(measure, of=AllOf((measure.of, condition)))


def history_start(
    history: AnyHistory, start: datetime, *, as_of: datetime | None = None
) -> History:
    """A history without the leads that were captured before it began, for any KPI and engine.

    An export that begins at some day has of older leads only what came after that day: their
    captures, claims, contacts and offers may be missing, and those that were closed by then are
    missing altogether. Such leads leave every population, as do those whose capture has an invented
    calendar, and each result counts them as left out.

    Args:
        history: Events, lifecycles, or another engine's history.
        start: When the history began, included. [aware datetime]
        as_of: The moment; needed with events. [aware datetime]

    Raises:
        NaiveInstantError: When *start* has no offset.
        OptionError: When *start* lies after the moment.

    >>> from partnerleads import kpis
    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2025-12-20 L1 captured
    ...     2026-01-12 L1 won
    ...     2026-01-05 L2 captured
    ...     2026-01-20 L2 won
    ... ''')
    >>> known = history_start(events, at("2026-01-01"), as_of=at("2026-02-01"))
    >>> print(kpis.closed_won(known))
    closed_won 1 (leads won, as of 2026-02-01 00:00 UTC)
      note: 1 left out: it was not captured since the history starts, 2026-01-01 00:00 UTC
    """
    known = history_of(history, as_of=as_of)
    if instant(start, "start") > known.as_of:
        raise OptionError("start", str(start), "the history starts after the moment")
    return HistoryStart(known, start)
