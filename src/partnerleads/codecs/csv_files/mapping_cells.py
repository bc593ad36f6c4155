"""The parts of a mapping that say where a value comes from and how it is written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation

import attrs

from partnerleads.codecs.csv_files.dates import pattern_fault
from partnerleads.codecs.csv_files.mapping_table import Table, as_text
from partnerleads.codecs.csv_files.rules import NO_TEXTS, CellFormat, CellRule, Condition
from partnerleads.codecs.fault_words import shown
from partnerleads.errors import Fault, MoneyError, PeriodError
from partnerleads.model import minor_units, zone

__all__ = ["CELL_KEYS", "FORMAT_KEYS", "parse_cell", "parse_conditions", "parse_format"]

FORMAT_KEYS = tuple(attribute.name for attribute in attrs.fields(CellFormat))
CELL_KEYS = (
    *("column", "const", "default", "clean", "currency", "times", "round", "end_of_day"),
    *FORMAT_KEYS,
)
_GIVES_NOTHING = CellRule()


def parse_format(table: Table, base: CellFormat) -> CellFormat:
    """The format that a table states, on top of another one."""
    if not any(name in table.values for name in FORMAT_KEYS):
        return base
    found = CellFormat(
        decimal=table.sign("decimal", base.decimal),
        thousands=table.texts("thousands", base.thousands),
        date_formats=table.texts("date_formats", base.date_formats),
        iso_dates=table.flag("iso_dates", default=base.iso_dates),
        time_zone=table.text("time_zone", base.time_zone or "") or None,
        repeated_hour=table.choice(
            "repeated_hour", ("earlier", "later", "reject"), base.repeated_hour
        ),
        skipped_hour=table.choice("skipped_hour", ("reject", "shift"), base.skipped_hour),
        yes=tuple(word.casefold() for word in table.texts("yes", base.yes)),
        no=tuple(word.casefold() for word in table.texts("no", base.no)),
        currency_signs=table.text_map("currency_signs") or base.currency_signs,
        parentheses=table.choice("parentheses", ("reject", "negative"), base.parentheses),
        split=table.text("split", base.split or "") or None,
    )
    return _sound(table, found)


def _sound(table: Table, found: CellFormat) -> CellFormat:
    """The format without the parts that contradict one another or the world."""
    if found.time_zone is not None:
        try:
            zone(found.time_zone)
        except PeriodError as error:
            table.blame("time_zone", error.reason)
            found = attrs.evolve(found, time_zone=None)
    if any(len(sign) != 1 or sign == found.decimal or sign.isdigit() for sign in found.thousands):
        table.blame("thousands", "must be single signs other than the decimal sign")
        found = attrs.evolve(found, thousands=())
    if found.decimal.isdigit() or found.decimal in "+-":
        table.blame("decimal", "must be no part of a number")
    for word in sorted({*found.yes} & {*found.no}):
        table.blame("yes", f"and no share the word {word!r}")
    found = _sound_signs(table, found)
    for pattern in found.date_formats:
        if reason := pattern_fault(pattern):
            table.faults.append(Fault(table.at("date_formats"), shown(pattern), reason))
    if not found.iso_dates and not found.date_formats and "date_formats" not in table.meant:
        table.blame("iso_dates", "must be true where no date_formats are given")
    sound = tuple(pattern for pattern in found.date_formats if not pattern_fault(pattern))
    return attrs.evolve(found, date_formats=sound)


def _sound_signs(table: Table, found: CellFormat) -> CellFormat:
    for sign, code in found.currency_signs.items():
        check_currency(table.table("currency_signs"), sign, code)
        if not sign.strip() or any(part.isdigit() for part in sign):
            table.blame("currency_signs", f"has {sign!r}, which is no sign of a currency")
            return attrs.evolve(found, currency_signs=NO_TEXTS)
    return found


def check_currency(table: Table, name: str, code: str) -> None:
    """Blame a key that states a currency unless it is one."""
    try:
        minor_units(code)
    except MoneyError as error:
        table.blame(name, error.reason)


def parse_currency(table: Table, base: CellFormat) -> CellRule | None:
    """Where a currency comes from: a code for every row, or a table that names a column."""
    value = table.values.get("currency")
    if value is None:
        return None
    if isinstance(value, str):
        check_currency(table, "currency", value)
        return CellRule(const=value)
    if not isinstance(value, Mapping):
        table.blame("currency", "must be a code such as 'EUR', or { column = \"...\" }")
        return None
    return parse_cell(table, "currency", base, None)


def parse_cell(
    table: Table,
    name: str,
    base: CellFormat,
    currency: CellRule | None,
    *,
    several: bool = False,
) -> CellRule:
    """Where the value of a key comes from: a column's name, or a table that says more.

    Args:
        table: The table that holds the key.
        name: The key.
        base: How cells are written where the key says nothing else.
        currency: Where the currency of amounts comes from.
        several: Whether the value holds several ones, so that a constant may be a list or a table.
    """
    value = table.values[name]
    if isinstance(value, str) and value:
        return CellRule(columns=(value,), currency=currency, format=base)
    if not isinstance(value, Mapping):
        table.blame(name, 'must name a column, or be a table such as { column = "..." }')
        return _GIVES_NOTHING
    below = table.table(name)
    below.only(CELL_KEYS)
    columns = below.texts("column", ())
    written = parse_format(below, base)
    const, default = (_fixed(below, key, written, several=several) for key in ("const", "default"))
    unclear = ("const" in below.values) == bool(columns) and not below.meant & {"column", "const"}
    if unclear or (const is not None and default is not None):
        table.blame(name, "must have either a column (with or without default) or a const")
    return CellRule(
        columns=columns,
        const=const,
        default=default,
        clean=below.text_map("clean"),
        currency=parse_currency(below, base) or currency,
        times=_factor(below),
        round=below.flag("round", default=False),
        end_of_day=below.flag("end_of_day", default=False),
        format=written,
        fixed_at=below.at("default" if const is None else "const"),
    )


def _fixed(table: Table, name: str, written: CellFormat, *, several: bool) -> str | None:
    """A constant or default as a cell of that format would write it."""
    value = table.values.get(name)
    if name not in table.values:
        return None
    if isinstance(value, bool):
        return (*(written.yes if value else written.no), "")[0]
    text = as_text(value)
    if not text or (isinstance(value, list | dict) and not several):
        table.blame(name, "must be a text, a number, a date, or true or false")
    elif isinstance(value, float):
        text = text.replace(".", written.decimal)
    return text


def _factor(table: Table) -> Decimal | None:
    value = table.values.get("times")
    if value is None:
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        found = Decimal("NaN")
    if isinstance(value, bool) or not found.is_finite() or not found:
        table.blame("times", "must be a number other than 0")
        return None
    return found


def parse_conditions(table: Table, name: str, base: CellFormat) -> tuple[Condition, ...]:
    """Every condition of a ``when`` table: column to text, list of texts, or a question."""
    below = table.table(name)
    found = (_condition(below, column, base) for column in below.values)
    return tuple(condition for condition in found if condition is not None)


def _condition(table: Table, column: str, base: CellFormat) -> Condition | None:
    cell = CellRule(columns=(column,), format=base)
    value = table.values[column]
    if isinstance(value, bool):
        return Condition(cell=cell, yes=value)
    if isinstance(value, Mapping):
        return _question(table, column, cell)
    texts = _texts(value)
    if texts is None:
        table.blame(column, "must be a text, a list of texts, true, false, or { present = true }")
        return None
    return Condition(cell=cell, texts=texts)


def _texts(value: object) -> frozenset[str] | None:
    items = value if isinstance(value, list | tuple) else [value]
    texts = [
        None if isinstance(item, bool | list | dict | datetime) else as_text(item) for item in items
    ]
    if not texts or any(text is None for text in texts):
        return None
    return frozenset(text for text in texts if text is not None)


def _question(table: Table, column: str, cell: CellRule) -> Condition | None:
    below = table.table(column)
    below.only(("present", "absent", "not"))
    if len(below.values) != 1:
        table.blame(column, "must ask one thing: present, absent or not")
        return None
    if "not" not in below.values:
        asked = below.flag("present", default=not below.flag("absent", default=False))
        return Condition(cell=cell, present=asked)
    texts = _texts(below.values["not"])
    if texts is None:
        below.blame("not", "must be a text or a list of texts")
        return None
    return Condition(cell=cell, texts=texts, negated=True)
