"""The check of a frame written by hand in Polars and in the SQL of DuckDB, as an expert would.

No figure is worth more than its input, and the library refuses a frame that is wrong; so do the
hand-written versions: rows of an unknown kind, fields that a kind lacks or does not have, amounts
that are none or without a currency, empty ids, words that are none of the choices, numbers out of
range. It is one scan that only says whether anything is wrong.
"""

# ruff: noqa: S608 - the parts of each statement are written here
from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import duckdb
import polars as pl

from partnerleads.codecs.flat_columns import columns_of_kind, flat_columns
from partnerleads.events import KINDS
from partnerleads.model.money import MINOR_UNITS

__all__ = ["check_by_duckdb", "check_by_polars"]

AMOUNT = r"^-?[0-9]{1,11}(\.[0-9]{1,2})?$"
"""What is doubtful in amounts of currencies with other digits would have to be looked at closer;
a log of :mod:`tests.benchmarks.log` has cents alone."""
LARGEST = 2.0**53 - 1
CODES = [code for code, digits in MINOR_UNITS.items() if digits]


def check_by_polars(frame: pl.DataFrame) -> None:
    """Refuse a flat frame that is wrong.

    Raises:
        ValueError: When anything is.
    """
    stated = [n for n in flat_columns() if n != "type" and frame[n].null_count() < frame.height]
    rules = [rule for name in stated for rule in _rules_of_polars(name)]
    contact, offer = pl.col("type") == "contact_made", pl.col("type") == "lead_offered"
    nobody = pl.col("partner_id").is_null()
    rules += [
        contact & (pl.col("by") == "partner") & nobody,
        offer & nobody & pl.col("agent_id").is_null(),
    ]
    counted = frame.lazy().group_by("type").agg(pl.len(), pl.col(stated).count())
    wrong = frame.lazy().select(pl.sum_horizontal(rule.sum() for rule in rules).alias("wrong"))
    counts, found = pl.collect_all([counted, wrong])
    _judge(counts.rows(named=True), found.item())


def _rules_of_polars(name: str) -> Iterable[pl.Expr]:
    column, value = flat_columns()[name], pl.col(name)
    if column.choices:
        yield ~value.is_in(column.choices)
    if column.is_id:
        yield value == ""
    if name.endswith("_currency"):
        yield ~value.is_in(CODES)
    if column.kind == "amount":
        currency = pl.col(name.replace("_amount", "_currency"))
        yield ~value.str.contains(AMOUNT)
        yield value.is_null() != currency.is_null()
    if column.kind == "number":
        yield ~value.is_between(0, 1) if name == "probability" else ~(value.abs() <= LARGEST)
    if name == "count":
        yield value < 1


def check_by_duckdb(base: duckdb.DuckDBPyConnection) -> None:
    """Refuse the view ``frame`` of a connection when it is wrong.

    Raises:
        ValueError: When anything is.
    """
    names = [name for name in flat_columns() if name != "type"]
    rules = [rule for name in names for rule in _rules_of_duckdb(name)]
    rules += [
        """type = 'contact_made' and "by" = 'partner' and partner_id is null""",
        "type = 'lead_offered' and partner_id is null and agent_id is null",
    ]
    wrong = " or ".join(f"({rule})" for rule in rules)
    words = {name: flat_columns()[name].choices for name in names}
    words |= {name: tuple(CODES) for name in names if name.endswith("_currency")}
    words = {name: known for name, known in words.items() if known}
    counts = ", ".join(f'count("{name}") as "{name}"' for name in names)
    told = ", ".join(f'list(distinct "{name}")' for name in words)
    found = base.execute(
        f"select type, count(*) as len, count(*) filter ({wrong}) as wrong, {counts}"
        " from frame group by type"
    )
    titles = [column[0] for column in found.description]
    rows = [dict(zip(titles, row, strict=True)) for row in found.fetchall()]
    (lists,) = base.execute(f"select {told} from frame").fetchall()
    strange = sum(
        len({*(found or ())} - {None, *known})
        for found, known in zip(lists, words.values(), strict=True)
    )
    _judge(rows, strange + sum(row.pop("wrong") for row in rows))


def _rules_of_duckdb(name: str) -> Iterable[str]:
    column, value = flat_columns()[name], f'"{name}"'
    if column.is_id:
        yield f"{value} = ''"
    if column.kind == "amount":
        currency = name.replace("_amount", "_currency")
        yield f"not regexp_matches({value}, '{AMOUNT}')"
        yield f"({value} is null) <> ({currency} is null)"
    if column.kind == "number":
        inside = "between 0 and 1" if name == "probability" else f"between {-LARGEST} and {LARGEST}"
        yield f"{value} not {inside}"
    if name == "count":
        yield f"{value} < 1"


def _judge(counts: Iterable[Mapping[str, Any]], wrong: int) -> None:
    """Refuse what is wrong, or does not fit the kinds."""
    for row in counts:
        fields = columns_of_kind(row["type"]) if row["type"] in KINDS else {}
        for name, count in row.items():
            misplaced = name not in (*fields, "type", "len") and count
            if misplaced or (fields.get(name) and name != "type" and count < row["len"]):
                raise ValueError(f"{row['type']}: {name}")
        if not fields:
            raise ValueError(f"{row['type']} is no kind")
    if wrong:
        raise ValueError(f"{wrong} values are wrong")
