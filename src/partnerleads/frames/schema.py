"""The check of an incoming frame of events, before any figure is computed from it.

First the names and types of the columns, then the values that figures rest on: one aggregate
query over the frame says whether any is doubtful, and only then others count the faults and look
for examples. Everything that is wrong is said together. What the check does not read, such as the
JSON text of lists, :func:`~partnerleads.frames.events_of` does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import evolve, frozen

from partnerleads.codecs.fault_words import shown
from partnerleads.codecs.flat_columns import FLAT_COLUMNS, columns_of_kind
from partnerleads.codecs.row_reader import unknown_kind
from partnerleads.errors import Fault, FrameSchemaError
from partnerleads.events import KINDS, fields_of
from partnerleads.events.fact import Fact
from partnerleads.frames.flat.doubts import doubted
from partnerleads.frames.flat.names import REQUIRED
from partnerleads.frames.flat.native import narwhals
from partnerleads.frames.flat.types import OpenedFrame, opened_frame
from partnerleads.frames.flat.values import KIND, ValueCheck, value_checks

__all__ = ["FLAT_COLUMNS", "check_events_frame", "stated_columns"]

_MOST_KINDS = 10
_DOUBT, _ROWS = "partnerleads_doubt", "partnerleads_rows"
_OF_ALL = tuple(spec.name for spec in fields_of(Fact) if spec.required)


@frozen
class _Summary:
    """What the one query counted.

    Attributes:
        rows: Rows of each kind.
        stated: Values that are not null, by kind and column.
        doubted: Rows with a value that may be wrong.
    """

    rows: dict[str, int]
    stated: dict[str, dict[str, int]]
    doubted: int

    def values_of(self, column: str) -> int:
        """How many values a column has. [count]"""
        return sum(stated[column] for stated in self.stated.values())


def check_events_frame(frame: Any) -> tuple[str, ...]:
    """Refuse a frame that is no flat frame of events, and say everything that is wrong with it.

    The columns are those of ``FLAT_COLUMNS``. ``type``, ``event_id``, ``occurred_at`` and
    ``lead_id`` must be there; another that is not there, or is null throughout (of whatever type),
    states nothing. Columns of other names are yours, for segments, but for those that are ours
    under another spelling (``value.amount``, ``VALUE_AMOUNT``) or before they were spread over
    columns (``value``). Instants may be of any time zone and unit, as long as they have a zone.
    Integers may be kept as floats, since pandas does so where some are null, as long as all are
    whole and below 2^53. Texts may be categories.
    A value in a column that its kind of event does not have is a fault.

    Lazy frames stay lazy but for one query of counts; where something is doubtful, another counts
    the faults, and one a fault looks for an example.

    Args:
        frame: A frame of Polars (eager or lazy), pandas, PyArrow, DuckDB or Spark, or anything
            that streams Arrow.

    Returns:
        The columns of ``FLAT_COLUMNS`` that state something, in order.

    Raises:
        FrameSchemaError: When something is wrong, with every fault, how often it is found, and the
            event id of an example.
        MissingExtraError: When narwhals is not installed.
        OptionError: When it is no frame.
    """
    return stated_columns(opened_frame(frame))


def stated_columns(opened: OpenedFrame) -> tuple[str, ...]:
    """The columns of an opened frame that state something, in order.

    Raises:
        FrameSchemaError: When something is wrong.
    """
    opened = _without_nulls(opened)
    lazy = opened.frame.lazy().with_columns(_kind_of(opened))
    checks = value_checks(opened.sound)
    summary = _summary(lazy, opened)
    faults = [
        *opened.missing,
        *(fault for name, fault in opened.unfit.items() if summary.values_of(name)),
        *(
            _described(lazy, opened, one, count)
            for one, count in _found(lazy, opened, summary, checks)
        ),
    ]
    if faults:
        raise FrameSchemaError(tuple(faults))
    stated = {name for name in opened.sound if summary.values_of(name)}
    return tuple(name for name in FLAT_COLUMNS if name in stated)


def _without_nulls(opened: OpenedFrame) -> OpenedFrame:
    """The frame without columns that are null throughout, where it tells so without a query.

    Amounts and currencies stay where the other half states something, since each is judged by it.
    """
    frame = opened.frame
    if not (isinstance(frame, narwhals().DataFrame) and frame.implementation.is_polars()):
        return opened
    nulls = dict(zip(frame.columns, frame.null_count().row(0), strict=True))
    sound = {
        name: kind
        for name, kind in opened.sound.items()
        if nulls[name] < len(frame) or name in REQUIRED or _paired(name, nulls, len(frame))
    }
    return evolve(opened, sound=sound)


def _paired(name: str, nulls: Mapping[str, int], rows: int) -> bool:
    """Whether a column is an amount or currency whose other half states something."""
    money, _, half = name.rpartition("_")
    other = {"amount": "currency", "currency": "amount"}.get(half, "")
    return nulls.get(f"{money}_{other}", rows) < rows


def _kind_of(opened: OpenedFrame) -> Any:
    nw = narwhals()
    if "type" not in opened.sound:
        return nw.lit("").alias(KIND)
    return nw.col("type").cast(nw.String).fill_null("").alias(KIND)


def _summary(lazy: Any, opened: OpenedFrame) -> _Summary:
    names = [*opened.sound, *opened.unfit]
    values = lazy.select(narwhals().col(KIND, *names), **{_DOUBT: _ones(doubted(opened.sound))})
    counts = _counts(values, names)
    return _Summary(
        {kind: of[_ROWS] for kind, of in counts.items()},
        {kind: {name: of[name] for name in names} for kind, of in counts.items()},
        sum(of[_DOUBT] for of in counts.values()),
    )


def _ones(found: Any) -> Any:
    nw = narwhals()
    return nw.when(found).then(nw.lit(1)).otherwise(nw.lit(0))


def _confirmed(lazy: Any, checks: Sequence[ValueCheck]) -> list[int]:
    """How many rows each check finds."""
    sums = (_ones(check.found).sum().alias(f"sum_{i}") for i, check in enumerate(checks))
    return [int(count) for count in lazy.select(*sums).collect().rows()[0]]


def _counts(values: Any, names: Sequence[str]) -> dict[str, dict[str, int]]:
    """The rows of each kind, those in doubt and the values of each column, all in one query.

    In several for pandas, a frame of which warns when it grows by more than a hundred columns.
    """
    nw = narwhals()
    most = 40 if values.implementation.is_pandas_like() else len(names)
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for start in range(0, len(names), most):
        stated = nw.col(*names[start : start + most]).count()
        query = values.group_by(KIND).agg(stated, nw.col(_DOUBT).sum(), nw.len().alias(_ROWS))
        for row in query.collect().rows(named=True):
            counts[row.pop(KIND)] |= {name: int(count) for name, count in row.items()}
    return counts


def _found(
    lazy: Any, opened: OpenedFrame, summary: _Summary, checks: Sequence[ValueCheck]
) -> Iterator[tuple[ValueCheck, int]]:
    """What is wrong with the values, and in how many rows."""
    yield from _unknown_kinds(summary, opened)
    yield from _absent(summary, opened)
    yield from _misplaced(summary, opened)
    if summary.doubted:
        counts = _confirmed(lazy, checks)
        yield from ((check, count) for check, count in zip(checks, counts, strict=True) if count)


def _is_judged(opened: OpenedFrame, summary: _Summary, name: str) -> bool:
    """Whether a column is told as missing, or of a type that does not fit, before any value."""
    if name in opened.unfit:
        return summary.values_of(name) > 0
    return name in REQUIRED and name not in opened.sound


def _unknown_kinds(summary: _Summary, opened: OpenedFrame) -> Iterator[tuple[ValueCheck, int]]:
    if _is_judged(opened, summary, "type"):
        return
    kind = narwhals().col(KIND)
    if nameless := summary.rows.get("", 0):
        reason = "is missing; it names the kind, for example 'lead_won'"
        yield ValueCheck("type", reason, kind == ""), nameless
    unknown = sorted(set(summary.rows) - set(KINDS) - {""}, key=lambda name: -summary.rows[name])
    for name in unknown[:_MOST_KINDS]:
        yield ValueCheck("type", unknown_kind(name), kind == name), summary.rows[name]
    if others := unknown[_MOST_KINDS:]:
        rows = sum(summary.rows[name] for name in others)
        reason = f"is one of {len(others)} more unknown kinds"
        yield ValueCheck("type", reason, kind.is_in(others)), rows


def _absent(summary: _Summary, opened: OpenedFrame) -> Iterator[tuple[ValueCheck, int]]:
    """Rows without a value that their kind must state."""
    nw = narwhals()
    for name in FLAT_COLUMNS:
        if name == "type" or _is_judged(opened, summary, name):
            continue
        lacking = {
            kind: rows - summary.stated[kind].get(name, 0)
            for kind, rows in summary.rows.items()
            if _needs(kind, name) and rows > summary.stated[kind].get(name, 0)
        }
        if lacking:
            everyone = "event" if name in _OF_ALL else " and ".join(lacking)
            reason = f"is missing; every {everyone} states it"
            empty = nw.col(name).is_null() if name in opened.sound else nw.lit(value=True)
            found = nw.col(KIND).is_in(list(lacking)) & empty
            yield ValueCheck(name, reason, found), sum(lacking.values())


def _needs(kind: str, name: str) -> bool:
    return name in _OF_ALL or (kind in KINDS and columns_of_kind(kind).get(name, False))


def _misplaced(summary: _Summary, opened: OpenedFrame) -> Iterator[tuple[ValueCheck, int]]:
    """Rows with a value that their kind does not have."""
    nw = narwhals()
    for name in opened.sound:
        strangers = {
            kind: stated[name]
            for kind, stated in summary.stated.items()
            if stated[name] and kind in KINDS and name not in columns_of_kind(kind)
        }
        if strangers:
            reason = (
                f"is in a column that no {' or '.join(strangers)} has; {_instead(name, strangers)}"
            )
            found = nw.col(KIND).is_in(list(strangers)) & ~nw.col(name).is_null()
            yield ValueCheck(name, reason, found), sum(strangers.values())


def _instead(name: str, strangers: Iterable[str]) -> str:
    """What to do with a value that its kind does not have."""
    hoped = f"expected_{name}"
    if all(hoped in columns_of_kind(kind) for kind in strangers):
        return f"write it into {hoped!r}, or leave it null there"
    return "leave it null there, or give a segment key a name of its own"


def _described(lazy: Any, opened: OpenedFrame, check: ValueCheck, count: int) -> Fault:
    """A fault with its number of rows and an example."""
    wanted = [name for name in ("event_id", check.column) if name in opened.sound]
    example: dict[str, Any] = {}
    if wanted:
        rows = lazy.filter(check.found).select(*dict.fromkeys(wanted)).head(1).collect()
        example = {name: rows[name].to_list()[0] for name in rows.columns if not _null(rows, name)}
    value = shown(example[check.column]) if check.column in example else ""
    noun = "1 row" if count == 1 else f"{count} rows"
    such = f", such as event {example['event_id']!r}" if "event_id" in example else ""
    return Fault(check.column, value, f"{check.reason} ({noun}{such})")


def _null(rows: Any, name: str) -> bool:
    return bool(rows[name].is_null().to_list()[0])
