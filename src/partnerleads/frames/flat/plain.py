"""The values of a frame's column as rows of JSON have them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from attrs import field, frozen

from partnerleads.codecs.fault_words import shown
from partnerleads.codecs.flat_columns import FlatColumn
from partnerleads.codecs.json_text import parse_object
from partnerleads.codecs.row_values import LARGEST_EXACT

__all__ = ["PlainColumn", "plain_column"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Reasons: TypeAlias = dict[int, tuple[str, str]]


@frozen
class PlainColumn:
    """A column whose values are what rows of JSON have.

    Attributes:
        column: Which column of the flat form it is.
        values: The values; None is null, or cannot be said.
        reasons: For rows whose value cannot be said, the value as text and why.
    """

    column: FlatColumn
    values: list[Any]
    reasons: Reasons = field(factory=dict)


def plain_column(series: Any, column: FlatColumn) -> PlainColumn:
    """The plain values of an eager column.

    Args:
        series: The column as narwhals has it, of a type that fits.
        column: What it should hold.
    """
    made = PlainColumn(column, [])
    if column.kind == "instant":
        made.values.extend(_instants(series, made.reasons))
        return made
    convert = _CONVERTERS.get(column.value, _CONVERTERS.get(column.kind))
    nulls = series.is_null().to_list()
    for index, (value, is_null) in enumerate(zip(series.to_list(), nulls, strict=True)):
        plain = None if is_null else value
        if plain is not None and convert is not None:
            try:
                plain = convert(plain)
            except ValueError as error:
                made.reasons[index] = shown(value), str(error)
                plain = None
        made.values.append(plain)
    return made


def _instants(series: Any, reasons: Reasons) -> list[str | None]:
    """ISO texts; those of years that no calendar has cannot be said."""
    fine = 1000 if series.dtype.time_unit == "ns" else 1
    nulls = series.is_null().to_list()
    # pandas counts null instants as floats, which are not exact; the others as null
    filled = series.fill_null(_EPOCH) if series.implementation.is_pandas_like() else series
    counts = filled.dt.timestamp("us" if fine == 1 else "ns").to_list()
    texts: list[str | None] = []
    for index, (count, is_null) in enumerate(zip(counts, nulls, strict=True)):
        text = None
        if not is_null:
            micros, rest = divmod(count, fine)
            try:
                moment = _EPOCH + timedelta(microseconds=micros)
            except OverflowError:
                reasons[index] = "", "is no instant of the years 1 to 9999 in UTC"
            else:
                text = moment.isoformat(timespec="microseconds")
                text = f"{text[:26]}{rest:03d}+00:00" if rest else text
        texts.append(text)
    return texts


def _integer(value: float) -> int:
    """Integers that a package keeps as floats, as pandas does where some are null."""
    if isinstance(value, int):
        return value
    if not abs(value) <= LARGEST_EXACT:
        raise ValueError("is too large for a float; give the column an integer type")
    if not value.is_integer():
        raise ValueError("is not whole; write an integer such as 3")
    return int(value)


def _number(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def _json(shape: type, example: str) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        row = parse_object(f'{{"cell":{text}}}'.encode(errors="surrogatepass"))
        if isinstance(row, dict) and len(row) == 1 and isinstance(row.get("cell"), shape):
            return row["cell"]
        raise ValueError(f"is no JSON such as {example}")

    return read


_CONVERTERS: dict[str, Callable[[Any], Any]] = {
    "integer": _integer,
    "number": _number,
    "texts": _json(list, '["one", "two"]'),
    "text_map": _json(dict, '{"name": "value"}'),
    "number_map": _json(dict, '{"name": 0.5}'),
}
