"""What every result carries, and how it shows itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeAlias

from attrs import field, frozen

from partnerleads.model.frozen_map import EMPTY, FrozenMap
from partnerleads.model.moments import moment_text
from partnerleads.model.period import Period
from partnerleads.showing import in_columns, printable, spaced, table_html

__all__ = ["Caution", "Figure", "SegmentKey"]

SegmentKey: TypeAlias = str | tuple[str | None, ...] | None
"""Value of the key a figure is segmented by, or a tuple of several; None is not stated."""

_SHORT = 40
"""Up to here a note stands beside every segment that has it, however many have. [characters]"""


@frozen
class Caution:
    """A warning on a result.

    Attributes:
        code: Short name, for programs.
        words: What to beware of, for people.
    """

    code: str
    words: str

    def __str__(self) -> str:
        return self.words


def _counts() -> FrozenMap[str, int]:
    return FrozenMap()


def _segments() -> FrozenMap[Any, Any]:
    return FrozenMap()


@frozen(kw_only=True, repr=False)
class Figure:
    """What every result carries, whatever it measures.

    Attributes:
        name: The measure.
        counted: What ``n`` counts, in words.
        n: Size of the population that the value rests on. [count]
        as_of: Events that occurred later were not seen. [aware datetime]
        known_at: Versions recorded later were not seen; None saw all. [aware datetime]
        period: The period of the anchor; None is all time, or a stock as of the moment.
        definition: The options that define it, name by name.
        left_out_because: Members of the population left out, by reason. [counts]
        problems: How many problems of the history touch the population. [count]
        warnings: What to beware of.
        undefined_because: Why there is no value; None where there is one.
        by: The keys it is segmented by.
        segments: The same figure for each value of the keys; empty without keys.
    """

    name: str
    counted: str
    n: int
    as_of: datetime
    known_at: datetime | None = None
    period: Period | None = None
    definition: FrozenMap[str, str] = EMPTY
    left_out_because: FrozenMap[str, int] = field(factory=_counts)
    problems: int = 0
    warnings: tuple[Caution, ...] = ()
    undefined_because: str | None = None
    by: tuple[str, ...] = ()
    segments: FrozenMap[SegmentKey, Any] = field(factory=_segments)

    @property
    def left_out(self) -> int:
        """Members of the population left out, whatever the reason. [count]"""
        return sum(self.left_out_because.values())

    def value_text(self) -> str:
        """The value for people, such as ``15.0 %``."""
        raise AssertionError  # pragma: no cover - every result says how it reads

    def basis_text(self) -> str:
        """What the value rests on, such as ``60 of 400 leads captured``."""
        return so_many(self.n, self.counted)

    def columns(self) -> dict[str, object]:
        """The value's own columns in :meth:`to_dicts`."""
        return {}

    def to_dicts(self) -> list[dict[str, object]]:
        """The figure as flat rows: the whole first, then a row a segment.

        Every row has the same names, so that any data frame library takes the list. Column
        ``level`` is ``whole`` or ``segment``; the keys stand under their own names.
        """
        rows = [self._row("whole", (None,) * len(self.by))]
        for key, segment in self.segments.items():
            keys = key if isinstance(key, tuple) else (key,)
            rows.append(segment._row("segment", keys, self.by))  # noqa: SLF001 - of its own kind
        return rows

    def _row(
        self, level: str, keys: tuple[str | None, ...], by: tuple[str, ...] | None = None
    ) -> dict[str, object]:
        period = self.period
        return {
            "figure": self.name,
            "level": level,
            **dict(zip(self.by if by is None else by, keys, strict=True)),
            **self.columns(),
            "n": self.n,
            "counted": self.counted,
            "left_out": self.left_out,
            "problems": self.problems,
            "as_of": self.as_of,
            "known_at": self.known_at,
            "period_start": None if period is None else period.start,
            "period_end": None if period is None else period.end,
            "warnings": "; ".join(map(str, self.warnings)),
            "undefined_because": self.undefined_because,
        }

    def _when(self) -> str:
        if self.period is None:
            return f"as of {moment_text(self.as_of)}"
        return f"{self.period.first} to {self.period.until} {self.period.tz}"

    def _notes(self) -> list[str]:
        notes = [left_out_words(count, why) for why, count in self.left_out_because.items()]
        if self.problems:
            problems = counted(self.problems, "problem")
            notes.append(f"{problems} of the history in these leads")
        return notes + [str(warning) for warning in self.warnings]

    def _beside(self, segment: Figure) -> list[str]:
        """The notes of a segment; of those that the whole has too, only the short ones."""
        return [
            words
            for warning in segment.warnings
            if len(words := str(warning)) <= _SHORT or warning not in self.warnings
        ]

    def __str__(self) -> str:
        lines = [f"{self.name} {self.value_text()} ({self.basis_text()}, {self._when()})"]
        if self.segments:
            rows = []
            for key, one in self.segments.items():
                notes = "; ".join(self._beside(one))
                basis = f"{one.basis_text()}  {notes}".rstrip()
                rows.append((_key_text(key), one.value_text(), basis))
            lines += [f"  {line}" for line in in_columns(rows, right={1})]
        lines += [f"  note: {note}" for note in self._notes()]
        return "\n".join(map(printable, lines))

    def __repr__(self) -> str:
        return f"<{self}>"

    def _repr_html_(self) -> str:
        rows = [("all", self.value_text(), self.basis_text(), "; ".join(self._notes()))]
        for key, one in self.segments.items():
            notes = "; ".join(self._beside(one))
            rows.append((_key_text(key), one.value_text(), one.basis_text(), notes))
        return table_html(self._when(), rows, titles=("", self.name, "basis", "notes"))


def _key_text(key: SegmentKey) -> str:
    parts = key if isinstance(key, tuple) else (key,)
    return ", ".join("(not stated)" if part is None else part for part in parts)


_OF_SEVERAL = {
    "its": "their",
    "it states": "they state",
    "it has": "they have",
    "it was": "they were",
    "it did": "they did",
    "it would": "they would",
    "of it": "of them",
}
_OF_ONE = re.compile(rf"\b({'|'.join(_OF_SEVERAL)})\b")


def left_out_words(count: int, reason: str) -> str:
    """How many were left out, and why; a reason is written of one, and may be told of several.

    >>> left_out_words(1, "it states no region"), left_out_words(5, "it states no region")
    ('1 left out: it states no region', '5 left out: they state no region')
    """
    told = reason if count == 1 else _OF_ONE.sub(lambda found: _OF_SEVERAL[found[0]], reason)
    return f"{count} left out: {told}"


def counted(count: int, noun: str) -> str:
    """A count with its noun.

    >>> counted(1, "problem"), counted(2, "problem")
    ('1 problem', '2 problems')
    """
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


_ONE = {
    "costs": "cost",
    "leads": "lead",
    "offers": "offer",
    "registrations": "registration",
    "spells": "spell",
    "wins": "win",
}
_MANY = re.compile(rf"\b({'|'.join(_ONE)})\b( that were\b)?")


def so_many(count: int, members: str) -> str:
    """A count of members that are named in the plural, as the population of a figure is.

    >>> so_many(1, "sourced leads won"), so_many(2, "sourced leads won")
    ('1 sourced lead won', '2 sourced leads won')
    >>> so_many(1, "leads that were new")
    '1 lead that was new'
    """
    if count == 1:
        members = _MANY.sub(_as_one, members, count=1)
    return f"{count} {members}"


def states(count: int) -> str:
    """How many state something.

    >>> states(1), states(2)
    ('1 states', '2 state')
    """
    return "1 states" if count == 1 else f"{count} state"


def _as_one(found: re.Match[str]) -> str:
    return _ONE[found[1]] + (" that was" if found[2] else "")


def number(value: float) -> str:
    """A number for people: one decimal, and none from a hundred on.

    >>> number(4.25), number(311.4)
    ('4.2', '311')
    """
    return f"{value:.1f}" if abs(value) < 100 else spaced(value, form=",.0f")


def frozen_counts(counts: Mapping[str, int]) -> FrozenMap[str, int]:
    """Counts by reason in alphabetical order, without the zeros."""
    return FrozenMap({name: count for name, count in sorted(counts.items()) if count})
