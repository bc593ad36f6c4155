"""Local days of instants, by arithmetic that every engine does alike."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

import narwhals.stable.v2 as nw
from attrs import frozen

from partnerleads.model.instant import begins_day

__all__ = ["DAY", "Calendar", "instant_of", "micros_of"]

DAY = 86_400_000_000
"""[microseconds]"""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)


def micros_of(moment: datetime) -> int:
    """An instant as whole microseconds since 1970."""
    return (moment - _EPOCH) // _MICRO


def instant_of(micros: int) -> datetime:
    """The instant of whole microseconds since 1970."""
    return _EPOCH + micros * _MICRO


def _offset(micros: int, zone: tzinfo) -> int:
    offset = instant_of(micros).astimezone(zone).utcoffset()
    assert offset is not None  # noqa: S101 - for the type checker: a zone has one
    return offset // _MICRO


def _changes(first: int, last: int, zone: tzinfo) -> Iterator[tuple[int, int]]:
    """The instants from which the zone's clock runs at another distance from UTC, with it."""
    before = _offset(first, zone)
    yield first, before
    for start in range(first, last, DAY):
        early, late = start, min(start + DAY, last)
        after = _offset(late, zone)
        if after != before:  # no zone changes twice within a day
            while late - early > 1:
                middle = (early + late) // 2
                early, late = (middle, late) if _offset(middle, zone) == before else (early, middle)
            before = after
            yield late, before


@frozen
class Calendar:
    """The days of one zone, between two instants.

    Attributes:
        zone: The zone.
        first: No instant is earlier. [microseconds since 1970]
        last: No instant is later. [microseconds since 1970]
    """

    zone: tzinfo
    first: int
    last: int

    def _shifted(self, moment: Any) -> Any:
        """The reading of the zone's clock as if it were UTC."""
        changes = list(_changes(self.first, self.last, self.zone))
        _, shift = changes[0]
        offset: Any = nw.lit(shift)
        for start, shift in changes[1:]:
            offset = nw.when(moment < start).then(offset).otherwise(nw.lit(shift))
        return moment + offset

    def day(self, moment: Any) -> Any:
        """The local day of an instant, counted from 1970-01-01."""
        return (self._shifted(moment) // DAY).cast(nw.Int64)

    def is_midnight(self, moment: Any) -> Any:
        """Whether a local day begins at an instant."""
        plain = (self._shifted(moment) % DAY) == 0
        starts = (start for start, _ in _changes(self.first, self.last, self.zone))
        skipped = [start for start in starts if self._begins_a_day(start)]
        return plain | moment.is_in(skipped) if skipped else plain

    def _begins_a_day(self, micros: int) -> bool:
        """Whether a day begins where the clock changes, as where summer time skips midnight."""
        return begins_day(instant_of(micros), self.zone)

    def date(self, day: int) -> date:
        """The date of a day counted from 1970-01-01."""
        return date(1970, 1, 1) + timedelta(days=day)
