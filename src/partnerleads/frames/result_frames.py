"""Results as frames."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Protocol

from partnerleads.errors import OptionError
from partnerleads.frames.flat.build import build_frame

__all__ = ["to_frame"]

_KIND_OF_EMPTY = {
    "value": "number",
    "low": "number",
    "high": "number",
    "median": "number",
    "p90": "number",
    "mean": "number",
    "amount": "decimal",
    "as_of": "instant",
    "known_at": "instant",
    "period_start": "instant",
    "period_end": "instant",
}
"""What columns hold that may have no value at all, where it is no text."""

_KINDS: tuple[tuple[frozenset[type], str], ...] = (
    (frozenset({bool}), "yes_no"),
    (frozenset({int}), "integer"),
    (frozenset({int, float}), "number"),
    (frozenset({int, Decimal}), "decimal"),
    (frozenset({datetime}), "instant"),
)


class Tabular(Protocol):
    """A result: whatever says itself as flat rows."""

    def to_dicts(self) -> list[dict[str, object]]:
        """The rows."""
        ...


def to_frame(result: Tabular, *, backend: str = "polars", session: Any | None = None) -> Any:
    """A result as a frame, with the rows of its ``to_dicts()``.

    Works for every figure with its segments, for trends and for the review. Types do not depend
    on which values happen to be absent: counts are integers, rates and durations floats, instants
    UTC timestamps of microseconds. Amounts of money are exact decimals of 38 digits, 4 of them
    after the point, which is as fine as any currency; pandas with numpy types keeps them as
    objects, and a column that holds counts beside amounts is decimal throughout.

    The frames of every backend stream Arrow (``__arrow_c_stream__``), so what reads Arrow reads
    them without a copy of ours.

    Args:
        result: A figure, a trend, a review, or anything else with ``to_dicts()``.
        backend: ``polars``, ``pandas`` (numpy types), ``pandas-arrow``, ``pyarrow``, ``duckdb`` (a
            relation) or ``pyspark``.
        session: The Spark session, which ``pyspark`` needs; or the DuckDB connection, by default
            the one that DuckDB itself uses.

    Raises:
        MissingExtraError: When the package is not installed.
        OptionError: When the result is none, there is no such backend, or Spark is asked for
            without a session.

    >>> from partnerleads import kpis
    >>> from partnerleads.testing import at, history
    >>> won = kpis.closed_won(history("2026-01-02 L1 captured"), as_of=at("2026-02-01"))
    >>> to_frame(won)["value"].to_list()
    [0]
    """
    rows = getattr(result, "to_dicts", None)
    if rows is None:
        reason = "is no result; pass a figure, a trend or a review"
        raise OptionError("result", type(result).__name__, reason)
    stated = rows()
    names = dict.fromkeys(name for row in stated for name in row)
    columns = {name: [row.get(name) for row in stated] for name in names}
    kinds = {name: _kind(name, values) for name, values in columns.items()}
    columns = {name: _alike(values, kinds[name]) for name, values in columns.items()}
    return build_frame(columns, kinds, backend=backend, session=session)


_ALIKE: dict[str, Callable[[Any], Any]] = {
    "number": float,
    "decimal": Decimal,
    "instant": lambda moment: moment.astimezone(UTC),
}


def _alike(values: Sequence[Any], kind: str) -> list[Any]:
    convert = _ALIKE.get(kind, lambda value: value)
    return [None if value is None else convert(value) for value in values]


def _kind(name: str, values: Sequence[Any]) -> str:
    types = {type(value) for value in values if value is not None}
    if not types:
        return _KIND_OF_EMPTY.get(name, "text")
    return next((kind for of, kind in _KINDS if types <= of), "text")
