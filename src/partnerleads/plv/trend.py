"""Who is improving and who is falling behind: scores over the last periods."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import combinations
from statistics import median
from typing import Literal, TypeAlias

from attrs import frozen

from partnerleads.attribution.digits import in_digits
from partnerleads.errors import OptionError
from partnerleads.kpis.measuring.figures import AnyHistory
from partnerleads.kpis.measuring.tally import Rates
from partnerleads.lifecycle.settled_events import seen_earlier
from partnerleads.model import FrozenMap, PartnerId, Period
from partnerleads.model.numbers import check_number
from partnerleads.model.period import check_period
from partnerleads.plv.model import DEFAULT_MODEL, PlvModel
from partnerleads.plv.score import PlvScore
from partnerleads.plv.scoring import lives_of, plv_scores
from partnerleads.plv.story import story_of
from partnerleads.showing import Shown

__all__ = ["Direction", "PlvTrend", "plv_trend", "plv_trends"]

Direction: TypeAlias = Literal["improving", "steady", "falling"]
"""Where a score is going."""

_STEADY = 1.0


@frozen(kw_only=True, repr=False)
class PlvTrend(Shown):
    """The scores of one partner at the ends of several periods.

    Attributes:
        partner_id: The partner.
        periods: The periods, in order.
        scores: The score at the last instant of each, or as of the moment where that comes first;
            None where no event of the partner had occurred. The end of a period is no part of it,
            so as of that very moment the score may be another.
        steady: A slope up to this, up or down, is steady. [points a period, >= 0]
    """

    partner_id: PartnerId
    periods: tuple[Period, ...]
    scores: tuple[PlvScore | None, ...]
    steady: float
    _right = frozenset({1})

    @property
    def values(self) -> tuple[float | None, ...]:
        """The scores as numbers; None where there is none. [points, 0..100]"""
        return tuple(None if one is None else one.value for one in self.scores)

    @property
    def slope(self) -> float | None:
        """The median of the slopes between any two scores; None with fewer than two.

        [points a period]

        Source:
            Theil 1950, Sen 1968: one odd period among five does not turn it.
        """
        known = [(place, value) for place, value in enumerate(self.values) if value is not None]
        slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in combinations(known, 2)]
        return median(slopes) if slopes else None

    @property
    def direction(self) -> Direction | None:
        """Improving, steady or falling; None with fewer than two scores."""
        if self.slope is None:
            return None
        if abs(self.slope) <= self.steady:
            return "steady"
        return "improving" if self.slope > 0 else "falling"

    def to_dicts(self) -> list[dict[str, object]]:
        """A flat row for each period."""
        return [
            {
                "partner_id": self.partner_id,
                "period": str(period),
                "score": value,
                "slope": self.slope,
                "direction": self.direction,
            }
            for period, value in zip(self.periods, self.values, strict=True)
        ]

    def rows(self) -> list[tuple[str, str]]:
        """Name and score of each period, as they are shown."""
        return [
            (
                period.name or f"to {period.until}",
                "-" if value is None else f"{in_digits(value, 1)}",
            )
            for period, value in zip(self.periods, self.values, strict=True)
        ]

    def head(self) -> str:
        """Where it is going, and how fast."""
        if self.slope is None:
            return f"{self.partner_id}: too few scores for a trend"
        return f"{self.partner_id} {self.direction}, {self.slope:+.1f} a period"

    def _head(self) -> str:
        return self.head()

    def _rows(self) -> list[tuple[str, ...]]:
        return [*self.rows()]


def plv_trend(
    history: AnyHistory,
    *,
    partner_id: PartnerId,
    periods: Sequence[Period],
    as_of: datetime | None = None,
    model: PlvModel = DEFAULT_MODEL,
    rates: Rates | None = None,
    steady: float = _STEADY,
) -> PlvTrend:
    """The scores of one partner over several periods.

    Args:
        history: Events, or the lifecycles made of them.
        partner_id: The partner.
        periods: The periods in order, such as ``[quarter.shifted(-1), quarter]``.
        as_of: The moment; needed with events. [aware datetime]
        model: How to score, in all periods.
        rates: Rates to convert money with, of the day of the win; a function of (from, to, day).
        steady: A slope up to this, up or down, is steady. [points a period, >= 0]

    Raises:
        AsOfError: When *as_of* is missing with events, or differs from the history's own.
        OptionError: When there is no period, one starts after the moment, no event names the
            partner, a rate is needed and there is none, or an engine keeps no lifecycles.
        MixedCurrencyError: When its deals are in several currencies and the model names none.

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 acme training basics
    ...     2026-03-20 acme certified security
    ... ''')
    >>> quarters = [Period.quarter(2026, 1), Period.quarter(2026, 2)]
    >>> plv_trend(events, partner_id="acme", periods=quarters, as_of=at("2026-07-01")).direction
    'falling'
    """
    lives = lives_of(history, as_of=as_of)
    chosen, ends = _ends(periods, lives.as_of, steady)
    story = story_of(lives, partner_id, rates=rates)
    records = [(end, story.record(as_of=end, model=model)) for end in ends]
    return PlvTrend(
        partner_id=partner_id,
        periods=chosen,
        scores=tuple(
            story.score_of(record, as_of=end, model=model)
            if record.events or record.leads or record.costs
            else None
            for end, record in records
        ),
        steady=steady,
    )


def plv_trends(
    history: AnyHistory,
    *,
    periods: Sequence[Period],
    as_of: datetime | None = None,
    model: PlvModel = DEFAULT_MODEL,
    rates: Rates | None = None,
    steady: float = _STEADY,
) -> FrozenMap[PartnerId, PlvTrend]:
    """The trend of every partner that has a score by the moment, the steepest rise first.

    Args:
        history: Events, or the lifecycles made of them.
        periods: The periods in order.
        as_of: The moment; needed with events. [aware datetime]
        model: How to score, in all periods.
        rates: Rates to convert money with, of the day of the win; a function of (from, to, day).
        steady: A slope up to this, up or down, is steady. [points a period, >= 0]

    Returns:
        The trends by partner; those without a slope last, equals by id.

    Raises:
        AsOfError: When *as_of* is missing with events, or differs from the history's own.
        OptionError: As :func:`plv_trend`.
        MixedCurrencyError: When deals are in several currencies and the model names none.
    """
    lives = lives_of(history, as_of=as_of)
    chosen, ends = _ends(periods, lives.as_of, steady)
    by_period = [
        plv_scores(earlier, model=model, rates=rates) for earlier in seen_earlier(lives, ends)
    ]
    trends = [
        PlvTrend(
            partner_id=name,
            periods=chosen,
            scores=tuple(scores.get(name) for scores in by_period),
            steady=steady,
        )
        for name in sorted({name for scores in by_period for name in scores})
    ]
    trends.sort(key=lambda one: (one.slope is None, -(one.slope or 0.0)))
    return FrozenMap({one.partner_id: one for one in trends})


def _ends(
    periods: Sequence[Period], as_of: datetime, steady: float
) -> tuple[tuple[Period, ...], list[datetime]]:
    """The periods, checked, and the last moment of each that counts."""
    check_number("steady", steady)
    if steady < 0:
        raise OptionError("steady", steady, "must not be negative")
    chosen = tuple(periods)
    if not chosen:
        raise OptionError("periods", chosen, "name at least one period")
    for period in chosen:
        check_period("periods", period)
        if period.start > as_of:
            raise OptionError("periods", str(period), f"starts after {as_of.isoformat()}")
    return chosen, [min(period.end - timedelta(microseconds=1), as_of) for period in chosen]
