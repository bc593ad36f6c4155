"""The cells of one row, read as a mapping says; each is read once, and its faults said once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any, TypeVar

from partnerleads.codecs.csv_files.dates import Moment
from partnerleads.codecs.csv_files.dirt import DirtCounts
from partnerleads.codecs.csv_files.header import Header
from partnerleads.codecs.csv_files.lookup import SideFile, load_side_file
from partnerleads.codecs.csv_files.mapping import CsvMapping
from partnerleads.codecs.csv_files.row import BAD, UNREAD, Read, RowState
from partnerleads.codecs.csv_files.rules import CellRule, Lookup
from partnerleads.codecs.csv_files.values import (
    Convert,
    amount_reader,
    converter,
    fixed_reason,
    rounded_amount,
)
from partnerleads.codecs.fault_words import shown
from partnerleads.errors import Fault
from partnerleads.model import FrozenMap
from partnerleads.model.near_names import near_name

__all__ = ["CellBinder"]

T = TypeVar("T")

_NOTHING: FrozenMap[str, str] = FrozenMap()
_FROM_NOWHERE = CellRule()


class CellBinder:
    """Turns rules into readers, for one mapping and one header.

    Attributes:
        faults: What is wrong with the mapping for this header and its side files.
        dirt: What was met while reading.
        places: How many values of a row are kept. [count]
        sides: The side files, by name.
    """

    def __init__(self, mapping: CsvMapping, header: Header) -> None:
        self.mapping = mapping
        self.header = header
        self.faults: list[Fault] = []
        self.dirt: DirtCounts = Counter()
        self.places = 0
        self.sides: dict[str, SideFile] = {}
        self._made: dict[object, Read] = {}
        self._side_rows: dict[str, Read] = {}
        for name in mapping.clean:
            self.column(name, f"clean.{name}")
        for name, lookup in mapping.lookups.items():
            self._load(name, lookup)

    def once(self, key: object, make: Callable[[], Read]) -> Read:
        """A reader that reads each row once, however often it is asked."""
        if key not in self._made:
            read, place = make(), self.places
            self.places += 1

            def remember(state: RowState) -> Any:
                found = state.memo[place]
                if found is UNREAD:
                    found = state.memo[place] = read(state)
                return found

            self._made[key] = remember
        return self._made[key]

    def _blame(self, path: str, value: object, reason: str) -> None:
        fault = Fault(path, shown(value), reason)
        if fault not in self.faults:
            self.faults.append(fault)

    def _settle(self, column: str, clean: dict[str, str], raw: str) -> str:
        """The text of a cell: without blanks around it, cleaned, empty where it means nothing."""
        text = raw
        if self.mapping.trim:
            text = raw.strip()
            if text and text != raw:
                self.dirt["trimmed", column, ""] += 1
        return self._cleaned(column, clean, text)

    def _cleaned(self, column: str, clean: dict[str, str], text: str) -> str:
        if text in clean:
            self.dirt["cleaned", column, f"{text!r} to {clean[text]!r}"] += 1
            text = clean[text]
        if text in self.mapping.missing:
            self.dirt["missing", column, ""] += 1
            return ""
        return text

    def column(self, name: str, path: str) -> Read:
        """The text of a column of the file, or of a side file (``NAME.column``)."""
        side, _, there = name.partition(".")
        if side in self.mapping.lookups:
            if self.header.find(name) is not None:
                self._blame(path, name, f"is a column, too; give lookup.{side} another name")
            return self._looked_up(side, there, name, path)
        index = self.header.find(name)
        if index is None:
            misread = self.header.misread(self.mapping)
            self._blame(*misread or (path, name, self._why_no_column(name)))
            return self.text(_FROM_NOWHERE, path)
        clean = dict(self.mapping.clean.get(name, _NOTHING))

        def read(state: RowState) -> str | None:
            return self._settle(name, clean, state.cells[index]) or None

        return self.once(("column", name), lambda: read)

    def _why_no_column(self, name: str) -> str:
        """What is wrong with the name of a column; it may be meant to be one of a side file."""
        side, _, there = name.partition(".")
        sides = self.mapping.lookups
        near = near_name(side, sides)
        if there and (near or not near_name(name, self.header.names)):
            have = f"; there are {', '.join(sides)}" if sides else ""
            return f"is no column, and there is no side file [lookup.{side}]{near or have}"
        return self.header.why_not(name)

    def _load(self, name: str, lookup: Lookup) -> None:
        if name not in self.sides:
            clean = dict(self.mapping.clean.get(f"{name}.{lookup.there}", _NOTHING))

            def settle(raw: str) -> str:
                text = raw.strip() if self.mapping.trim else raw
                text = clean.get(text, text)
                return "" if text in self.mapping.missing else text

            self.sides[name] = load_side_file(lookup, settle, self.faults)
        if name not in self._side_rows:
            key = self.value(lookup.here, "text", f"lookup.{name}.key")
            self._side_rows[name] = self.once(
                ("side", name), lambda: partial(self._side_row, lookup, key)
            )

    def _side_row(self, lookup: Lookup, key: Read, state: RowState) -> Any:
        found = key(state)
        if found is None or found is BAD:
            return found
        side = self.sides[lookup.name]
        row = side.rows.get(found)
        if row is not None:
            side.used.add(found)
        elif lookup.when_missing == "absent":
            self.dirt["unknown key", lookup.name, repr(found)] += 1
        else:
            reason = (
                f"is no key of {lookup.file.name}; add it there, or say when_missing = 'absent' in "
                f"[lookup.{lookup.name}]"
            )
            return state.blame(lookup.here.label or lookup.here.fixed_at, found, reason)
        return row

    def _looked_up(self, side: str, there: str, name: str, path: str) -> Read:
        lookup = self.mapping.lookups[side]
        self._load(side, lookup)
        header = self.sides[side].header
        index = header.find(there)
        if index is None:
            # where not even the key was found in a header that was misread, the file has the blame
            misread = header.above or header.delimiter
            if header.names and not (misread and header.find(lookup.there) is None):
                self._blame(path, name, header.why_not(there, of=lookup.file.name))
            return self.text(_FROM_NOWHERE, path)
        clean = dict(self.mapping.clean.get(name, _NOTHING))
        row_of = self._side_rows[side]

        def read(state: RowState) -> Any:
            row = row_of(state)
            if row is None or row is BAD:
                return row
            return self._settle(name, clean, row[index]) or None

        return self.once(("column", name), lambda: read)

    def text(self, rule: CellRule, path: str) -> Read:
        """The text that a rule gives, before it is read as anything."""
        if rule.const is not None:
            const = rule.const
            return lambda _: const
        columns = [self.column(name, path) for name in rule.columns]
        clean, label = dict(rule.clean), rule.label

        def first(state: RowState) -> Any:
            for column in columns:
                found = column(state)
                if found is BAD:
                    return BAD
                if found is not None:
                    found = self._cleaned(label, clean, found) if clean else found
                    if found:
                        return found
            return None

        if len(columns) == 1 and not clean:
            return columns[0]
        return self.once(("text", rule.columns, rule.clean), lambda: first)

    def value(self, rule: CellRule, kind: str, path: str) -> Read:
        """The value that a rule gives for a kind of field; instants come as moments."""
        text = self.text(rule, path)
        if kind == "money":
            read = self._money(rule, text, path)
        elif kind in ("text", "choice"):
            default = rule.default
            if default is None:
                return text
            read = lambda state: _or(text(state), default)  # noqa: E731 - one of three readers
        else:
            read = self._converted(rule, text, kind)
        return self.once((rule, kind), lambda: read)

    def _fixed(self, rule: CellRule, convert: Convert, kind: str) -> Any:
        """A constant or default as a value, or a fault of the mapping."""
        if rule.fixed is None:
            return None
        try:
            return convert(rule.fixed)
        except ValueError as error:
            self._blame(rule.fixed_at, rule.fixed, fixed_reason(kind, str(error)))
            return None

    def _converted(self, rule: CellRule, text: Read, kind: str) -> Read:
        convert = converter(kind, rule)
        fixed = self._fixed(rule, convert, kind)
        if rule.const is not None:
            return lambda _: fixed
        label = rule.label

        def read(state: RowState) -> Any:
            found = text(state)
            if found is BAD:
                return BAD
            if found is None:
                return fixed
            try:
                return self._noted(convert(found), label)
            except ValueError as error:
                return state.blame(label, found, str(error))

        return read

    def _noted(self, value: T, label: str) -> T:
        if isinstance(value, Moment) and value.shifted:
            self.dirt[f"{value.shifted} hour", label, ""] += 1
        return value

    def _money(self, rule: CellRule, text: Read, path: str) -> Read:
        parse = amount_reader(rule)
        fixed = self._fixed(rule, parse, "money")
        unit = rule.currency or _FROM_NOWHERE
        currency = self.value(unit, "text", f"{path}.currency")
        label = rule.label or rule.fixed_at

        def read(state: RowState) -> Any:
            found, code = text(state), currency(state)
            if found is BAD or code is BAD:
                return BAD
            if found is None and fixed is None:
                return None
            try:
                amount, own = parse(found) if rule.const is None and found else fixed
            except ValueError as error:
                return state.blame(label, found, str(error))
            if own and code and own != code:
                says = unit.label or "the mapping"
                return state.blame(label, found, f"is {own}, but {says} says {code}")
            if not (own or code):
                return state.blame(label, found, "has no currency; say currency in the mapping")
            return self._rounded(rule, amount, own or str(code))

        return read

    def _rounded(self, rule: CellRule, amount: Decimal, currency: str) -> dict[str, str]:
        if rule.round:
            kept = rounded_amount(amount, currency)
            self.dirt["rounded", rule.label, ""] += kept != amount
            amount = kept
        return {"amount": f"{amount:f}", "currency": currency}


def _or(found: Any, default: str) -> Any:
    return default if found is None else found
