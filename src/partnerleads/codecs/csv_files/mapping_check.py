"""A mapping's tables become its rules, and everything that is wrong with them is said together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, get_args

import attrs

from partnerleads.codecs.csv_files.fields import field_of, known_fields
from partnerleads.codecs.csv_files.mapping_cells import (
    FORMAT_KEYS,
    parse_cell,
    parse_conditions,
    parse_currency,
    parse_format,
)
from partnerleads.codecs.csv_files.mapping_conflicts import (
    cycle,
    misplaced_key,
    mistaken_kind,
    shared_ids,
)
from partnerleads.codecs.csv_files.mapping_table import Table, as_text
from partnerleads.codecs.csv_files.rules import CellFormat, CellRule, EventRule, Lookup
from partnerleads.codecs.fault_words import shown
from partnerleads.errors import Fault
from partnerleads.events import KINDS, Event, LeadProgressed, Precision, fields_of
from partnerleads.model import FrozenMap
from partnerleads.model.near_names import near_name

__all__ = ["parse"]

_DIALECT = (
    *("source", "delimiter", "quote", "encoding", "skip_lines", "header", "ragged", "trim"),
    *("missing", "unmapped_stages"),
)
_TOP = (
    *_DIALECT,
    *("currency", "precision", "row_id", "clean", "when", "columns", "lookup", "stages", "events"),
    *FORMAT_KEYS,
)
_SEVERAL = ("texts", "text_map", "number_map")
"""Kinds of fields of which one value holds several ones."""
_RULE = ("type", "at", "when", "when_missing", "precision", "row_id")
_NAME_A_KIND = "name a kind such as 'lead_won', or { stage = COLUMN }"
_HANDLED = ("type", "occurred_at", "precision")
"""Fields that keys of their own state."""


class _Parser:
    """The parts of one mapping, read with the defaults that its top level states."""

    def __init__(self, top: Table) -> None:
        self.top = top
        self.written = parse_format(top, CellFormat())
        self.currency = parse_currency(top, self.written)
        self.ordinals: Counter[str] = Counter()
        self.stages = self._stages()
        targets = [KINDS[kind] for kind in self.stages.values() if kind in KINDS]
        self.by_stage = [*targets, LeadProgressed]
        self.shared = self._shared()

    def _shared(self) -> dict[str, CellRule]:
        table = self.top.table("columns")
        fields = known_fields(KINDS.values())
        for name in table.values:
            if name in _HANDLED:
                said = "at" if name[0] == "o" else name
                table.blame_key(name, f"is said in [[events]], as {said}")
            elif not field_of(KINDS.values(), name):
                _refuse_field(
                    table,
                    name,
                    fields,
                    of="any event",
                    told="the reference of events has the names",
                )
        self.meant = table.meant
        return {
            name: self._cell(table, name)
            for name in table.values
            if name not in _HANDLED and field_of(KINDS.values(), name)
        }

    def _cell(self, table: Table, name: str) -> CellRule:
        field = field_of(KINDS.values(), name)
        several = field is not None and field.value in _SEVERAL
        return parse_cell(table, name, self.written, self.currency, several=several)

    def lookups(self) -> dict[str, Table]:
        """The table of each side file."""
        tables = self.top.table("lookup")
        found = {name: tables.table(name) for name in tables.values}
        return {n: table for n, table in found.items() if isinstance(tables.values[n], Mapping)}

    def lookup(self, name: str, table: Table, folder: Path, parts: Mapping[str, Any]) -> Lookup:
        """One side file."""
        table.only(("file", "key", "when_missing", "delimiter", "encoding"))
        for needed in ("file", "key"):
            if table.lacks(needed):
                table.faults.append(Fault(table.path, "", f"needs {needed}"))
        here, there = self._key(table)
        file = table.text("file")
        if file and not Path(file).name:
            table.blame("file", "must name a file")
        return Lookup(
            name=name,
            file=folder / file if Path(file).name else Path(),
            here=here,
            there=there,
            when_missing=table.choice("when_missing", ("reject", "absent"), "reject"),
            delimiter=table.sign("delimiter", parts["delimiter"]),
            encoding=table.encoding(parts["encoding"]),
        )

    def _key(self, table: Table) -> tuple[CellRule, str]:
        key = table.values.get("key", "")
        if not isinstance(key, Mapping):
            name = table.text("key")
            return CellRule(columns=(name,) if name else (), format=self.written), name
        below = table.table("key")
        below.only(("here", "there"))
        for needed in ("here", "there"):
            if below.lacks(needed):
                table.blame("key", f"needs {needed}")
        here = self._cell(below, "here") if "here" in below.values else CellRule()
        return here, below.text("there")

    def rule(self, table: Table, number: int) -> EventRule:
        """One rule."""
        kind, stage = self._type(table)
        kinds = [KINDS[kind]] if kind else self.by_stage if stage else list(KINDS.values())
        own = [name for name in table.values if name not in _RULE]
        for name in own:
            if name in _HANDLED or not field_of(kinds, name):
                known = [one for one in known_fields(kinds) if one not in _HANDLED] + [*_RULE]
                told = f"known are {', '.join(known)}"
                of = kind or ("its stages" if stage else "any event")
                _refuse_field(table, name, known, of=of, told=told)
        shared = {n: cell for n, cell in self.shared.items() if field_of(kinds, n)}
        fields = {n: self._cell(table, n) for n in own if field_of(kinds, n)}
        if table.lacks("type"):
            table.blame_key("type", f"is missing; {_NAME_A_KIND}")
        if kind or stage:
            self._check_fields(table, kinds, {**shared, **fields})
        if table.lacks("at"):
            table.faults.append(Fault(table.path, "", "needs at, the column of its time"))
        at, when_missing = self._time(table)
        self.ordinals[kind] += 1
        return EventRule(
            label=f"events[{number}] {kind or 'by stage'}",
            type=kind,
            stage=stage,
            at=at,
            when_missing=when_missing,
            precision=self._precision(table),
            when=parse_conditions(table, "when", self.written),
            fields=FrozenMap({**shared, **fields}),
            row_id=self._row_id(table),
            ordinal=self.ordinals[kind],
        )

    def _check_fields(
        self, table: Table, kinds: list[type[Event]], fields: Mapping[str, CellRule]
    ) -> None:
        """Everything a kind must state is stated, and constants are among the choices."""
        stated = {*fields, *table.meant, *self.meant, "event_id", "occurred_at"}
        heads = {name.partition(".")[0] for name in stated}
        for kind in dict.fromkeys(kinds):
            for spec in fields_of(kind):
                if spec.required and spec.name not in heads and "columns" not in self.top.meant:
                    below = ".* (one of its fields)" if spec.value == "lead" else ""
                    reason = f"needs {spec.name}{below}, here or in [columns]"
                    table.faults.append(Fault(table.path, "", reason))
        for name, cell in fields.items():
            found = field_of(kinds, name)
            if found is None or cell.fixed is None:
                continue
            if found.choices and cell.fixed not in found.choices:
                reason = f"must be one of {', '.join(map(repr, found.choices))}"
                table.faults.append(Fault(cell.fixed_at, shown(cell.fixed), reason))

    def _type(self, table: Table) -> tuple[str, CellRule | None]:
        value = table.values.get("type")
        if isinstance(value, Mapping):
            below = table.table("type")
            below.only(("stage",))
            if "stage" in below.values:
                return "", self._cell(below, "stage")
            if not below.lacks("stage"):
                return "", None
        elif isinstance(value, str) and value in KINDS:
            return value, None
        elif value is None:
            return "", None
        hint = near_name(value, KINDS) if isinstance(value, str) else ""
        hint = hint or f"; {_NAME_A_KIND}"
        table.blame("type", f"is no kind of event{hint}")
        return "", None

    def _time(self, table: Table) -> tuple[CellRule, str]:
        at = self._cell(table, "at") if "at" in table.values else CellRule()
        asked = table.values.get("when_missing", "reject")
        if asked == "skip":
            return at, "skip"
        if asked == "reject":
            return at, "reject" if at.default is None else "default"
        text = as_text(asked) if isinstance(asked, str | date) else None
        near = near_name(text or "", ("reject", "skip"))
        if near or not text:
            table.blame("when_missing", f"must be 'reject', 'skip', or a date to assume{near}")
            return at, "reject"
        return attrs.evolve(at, default=text, fixed_at=table.at("when_missing")), "default"

    def _precision(self, table: Table) -> CellRule | str:
        where = table if "precision" in table.values else self.top
        value = where.values.get("precision", "")
        if isinstance(value, Mapping):
            cell = self._cell(where, "precision")
            if cell.fixed is not None and cell.fixed not in get_args(Precision):
                reason = f"must be one of {', '.join(map(repr, get_args(Precision)))}"
                where.faults.append(Fault(cell.fixed_at, shown(cell.fixed), reason))
            return cell
        return where.choice("precision", ("", *get_args(Precision)), "")

    def _row_id(self, table: Table) -> CellRule | None:
        where = table if "row_id" in table.values else self.top
        return self._cell(where, "row_id") if "row_id" in where.values else None

    def rules(self) -> tuple[EventRule, ...]:
        """Every rule; a mapping without one says nothing."""
        items = self.top.values.get("events")
        if not isinstance(items, list | tuple) or not items:
            if "events" in self.top.values or self.top.lacks("events"):
                self.top.blame("events", "must hold at least one [[events]] table")
            return ()
        rules = []
        for number, item in enumerate(items, start=1):
            if isinstance(item, Mapping):
                table = Table(item, f"events[{number}]", self.top.faults)
                rules.append(self.rule(table, number))
            else:
                self.top.blame("events", f"{number} must be a table")
        self._check_shared(rules)
        return tuple(rules)

    def _check_shared(self, rules: list[EventRule]) -> None:
        self.top.faults += shared_ids(rules)
        used = {name for rule in rules for name in rule.fields}
        some_misspelt = "events" in self.top.meant
        for name in () if some_misspelt else self.shared:
            if name not in used and not any(rule.stage for rule in rules):
                where = misplaced_key(name, _TOP)
                reason = f"is a field of none of the [[events]]{where and f'; else it {where}'}"
                self.top.table("columns").blame(name, reason)

    def _stages(self) -> FrozenMap[str, str]:
        """The stages, each with a kind or a name."""
        found = self.top.text_map("stages")
        for name, target in found.items():
            if not target:
                self.top.table("stages").blame(name, "must name a kind of event or a stage")
            elif reason := mistaken_kind(target):
                self.top.table("stages").blame(name, reason)
        return found


def _refuse_field(table: Table, name: str, known: Iterable[str], *, of: str, told: str) -> None:
    """Refuse a key that is no field: it belongs elsewhere, or is misspelt."""
    if where := misplaced_key(name, _TOP):
        table.blame_key(name, where)
    else:
        table.unknown(name, known, what=f"is no field of {of}", otherwise=told)


def parse(data: Mapping[str, object], *, folder: Path) -> tuple[dict[str, Any], tuple[Fault, ...]]:
    """The parts of a mapping by name, as far as they can be understood, and every fault of it.

    Args:
        data: The tables that a mapping file holds.
        folder: Where the side files lie.
    """
    faults: list[Fault] = []
    top = Table(data, "", faults)
    top.only(_TOP)
    parser = _Parser(top)
    parts: dict[str, Any] = {
        "source": top.text("source"),
        "delimiter": top.sign("delimiter", ","),
        "quote": top.sign("quote", '"'),
        "encoding": top.encoding("utf-8"),
        "skip_lines": top.count("skip_lines"),
        "header": top.texts("header", ()),
        "ragged": top.choice("ragged", ("reject", "pad"), "reject"),
        "trim": top.flag("trim", default=True),
        "missing": frozenset({"", *top.texts("missing", ())}),
        "clean": FrozenMap({n: top.table("clean").text_map(n) for n in top.table("clean").values}),
        "when": parse_conditions(top, "when", parser.written),
        "stages": parser.stages,
        "unmapped_stages": top.choice("unmapped_stages", ("keep", "skip", "reject"), "keep"),
        "events": parser.rules(),
    }
    tables = parser.lookups()
    lookups = {n: parser.lookup(n, table, folder, parts) for n, table in tables.items()}
    cycles = {n: found for n in lookups if (found := cycle(lookups, n))}
    for n, found in cycles.items():
        faults.append(Fault(tables[n].at("key"), "", f"goes in a circle: {' to '.join(found)}"))
        lookups[n] = attrs.evolve(lookups[n], here=CellRule())
    if parts["quote"] == parts["delimiter"]:
        top.blame("quote", "must differ from the delimiter")
    return {**parts, "lookups": FrozenMap(lookups)}, tuple(dict.fromkeys(faults))
