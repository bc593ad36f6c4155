"""From a measure and a history to a result, once for all measures.

Here are the segments, the periods, the intervals, the warnings and the undefined values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias, TypeVar

from partnerleads.errors import AsOfError, OptionError
from partnerleads.events import Event
from partnerleads.events.given import given_events
from partnerleads.kpis.measuring.keys import check_keys
from partnerleads.kpis.measuring.measure import EndsOf, Measure, ShareOf, SumShareOf, TimeBetween
from partnerleads.kpis.measuring.rows import RowHistory
from partnerleads.kpis.measuring.tally import (
    History,
    Question,
    Rates,
    Tally,
    Timed,
)
from partnerleads.kpis.measuring.values import values_of
from partnerleads.lifecycle import Lifecycles, fold
from partnerleads.model import (
    UTC,
    Caution,
    Figure,
    FrozenMap,
    Period,
    instant,
    zone,
)
from partnerleads.model.figure import frozen_counts
from partnerleads.model.period import check_period

__all__ = ["SMALL", "AnyHistory", "By", "figure", "history_of", "keys_of"]

AnyHistory: TypeAlias = Iterable[Event] | Lifecycles | History
"""Events, the lifecycles made of them, or another engine's history.

Events that can be read only once, such as those of a generator, are used up by the first figure,
and a second one would see none of them; fold them, or make them a list, for more than one.
"""

By: TypeAlias = str | Sequence[str] | None
"""A key, several keys, or none."""

SMALL = 30
"""A rate on fewer members bears a warning. [count]"""

_INSTEAD = "pass events, fold(events, as_of=...), or frames.history(frame)"

F = TypeVar("F", bound=Figure)


def history_of(history: AnyHistory, *, as_of: datetime | None = None) -> History:
    """The history as something that can be measured.

    Args:
        history: Events, lifecycles, or another engine's history. Events that can be read only
            once are used up.
        as_of: The moment; needed with events, and lifecycles know theirs. [aware datetime]

    Raises:
        AsOfError: When it is missing with events, or differs from the history's own.
        OptionError: When it is none of these.
    """
    given: Any = history
    if isinstance(given, Lifecycles):
        known: History = RowHistory(given)
    elif hasattr(given, "tally"):
        known = given
    else:
        events = given_events(given, instead=_INSTEAD)
        if as_of is None:
            raise AsOfError("", "")
        return RowHistory(fold(events, as_of=as_of))
    if as_of is not None and instant(as_of, "as_of") != known.as_of:
        raise AsOfError(instant(as_of).isoformat(), known.as_of.isoformat())
    return known


def keys_of(by: By, name: str = "by") -> tuple[str, ...]:
    """The keys as a tuple, whether one, several or none were named.

    >>> keys_of("region"), keys_of(["region", "tier"]), keys_of(None)
    (('region',), ('region', 'tier'), ())

    Args:
        by: What was passed.
        name: Name of the argument.

    Raises:
        OptionError: When it is none of these, or one of them is no key.
    """
    given: Any = () if by is None else by
    one = isinstance(given, str) or not isinstance(given, Iterable)
    keys = (given,) if one else tuple(given)
    if not all(isinstance(key, str) for key in keys):
        raise OptionError(name, by, "pass the name of a key, such as 'region', or a list of them")
    check_keys(name, keys)
    return keys


def figure(
    result: type[F],
    history: AnyHistory,
    measure: Measure,
    *,
    as_of: datetime | None = None,
    period: Period | None = None,
    by: By = None,
    tz: str = "UTC",
    rates: Rates | None = None,
    currency: str | None = None,
    confidence: float = 0.95,
) -> F:
    """Measure a history.

    Args:
        result: The kind of result that the measure's form gives.
        history: Events, lifecycles, or another engine's history.
        measure: What to measure.
        as_of: The moment; needed with events. [aware datetime]
        period: Period of the measure's anchor; None is all time.
        by: Key or keys to segment by.
        tz: Zone in which dates are compared without a period; a period brings its own.
        rates: Rates to convert money with.
        currency: Currency to convert to.
        confidence: Confidence of the intervals. [0..1]
    """
    check_period("period", period)
    known = history_of(history, as_of=as_of)
    if not 0 < confidence < 1:
        raise OptionError("confidence", confidence, "must lie between 0 and 1, such as 0.95")
    if rates is not None and currency is None:
        raise OptionError("currency", currency, "name the currency that rates convert to")
    if period is not None and measure.is_stock:
        reason = f"{measure.name} is a stock as of a moment; choose the moment by as_of"
        raise OptionError("period", str(period), reason)
    question = Question(
        period=period,
        by=keys_of(by),
        zone=zone(tz if period is None else period.tz) if (period or tz != "UTC") else UTC,
        rates=rates,
        currency=currency,
    )
    tallies = known.tally(measure, question)
    definition = _definition(measure, known)

    def make(tally: Tally, by: tuple[str, ...], segments: Mapping[Any, Any]) -> F:
        values = values_of(measure, tally, confidence=confidence, currency=currency)
        return result(
            name=measure.name,
            counted=measure.counted,
            as_of=known.as_of,
            known_at=known.known_at,
            period=period,
            definition=definition,
            left_out_because=frozen_counts(tally.left_out),
            problems=tally.problems,
            warnings=tuple(_cautions(measure, tally)),
            by=by,
            segments=FrozenMap(segments),
            **values,
        )

    segments = {key: make(one, (), {}) for key, one in tallies.segments.items()}
    return make(tallies.whole, question.by, segments)


def _definition(measure: Measure, known: History) -> FrozenMap[str, str]:
    unanchored = "as of" if measure.is_stock else "follow-up and close"
    return FrozenMap(
        {
            "anchor": ", else ".join(measure.anchor) or unanchored,
            **measure.options,
            "policy": known.policy.fingerprint,
        }
    )


_SEEN = {
    "immature": "of {} the time is not over yet; the rate may still rise",
    "vague_times": "placed by a time known only as 'by' or 'assumed': {}",
    "dates_of_another_zone": (
        "with a date that has no time of day and is of another zone than the one asked about, so "
        "that it may be off by a day: {}; pass tz= or a period with the zone of the dates "
        "(--time-zone on the command line)"
    ),
    "dates_in_hours": "with an end known only to the day, counted in whole days: {}",
}


def _cautions(measure: Measure, tally: Tally) -> Iterator[Caution]:
    for code, count in tally.seen.items():
        if count:
            yield Caution(code, _SEEN[code].format(count))
    if isinstance(measure.form, EndsOf) and measure.form.within is None and tally.n:
        yield Caution("no_limit", "what is so far: without a time limit the younger had less time")
    if isinstance(measure.form, ShareOf | SumShareOf | EndsOf) and 0 < tally.n < SMALL:
        yield Caution("small", f"small: n < {SMALL}")
    if isinstance(tally.numbers, Timed) and tally.numbers.instead:
        form = measure.form
        assert isinstance(form, TimeBetween)  # noqa: S101 - durations come of nothing else
        were = "1 was" if tally.numbers.instead == 1 else f"{tally.numbers.instead} were"
        words = f"none was {form.end}, but {were} {form.instead}; "
        yield Caution("another_milestone", words + "choose that milestone")
