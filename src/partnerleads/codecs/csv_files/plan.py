"""A mapping bound to a file: each row becomes its events, or everything wrong with it is said."""

from __future__ import annotations

from collections import Counter
from typing import Any

from attrs import frozen

from partnerleads.codecs.csv_files.cells import CellBinder
from partnerleads.codecs.csv_files.conditions import Unmatched, bind_condition
from partnerleads.codecs.csv_files.dates import Moment
from partnerleads.codecs.csv_files.dirt import DirtCounts
from partnerleads.codecs.csv_files.fields import field_of
from partnerleads.codecs.csv_files.header import Header
from partnerleads.codecs.csv_files.identity import IdBook, derived_id
from partnerleads.codecs.csv_files.mapping import CsvMapping
from partnerleads.codecs.csv_files.row import BAD, Read, RowState
from partnerleads.codecs.csv_files.rules import EventRule
from partnerleads.codecs.fault_words import step
from partnerleads.codecs.row_reader import read_row
from partnerleads.errors import Fault
from partnerleads.events import KINDS, Event, fields_of

__all__ = ["CsvPlan"]


@frozen
class _Field:
    """One field of one kind, ready to be read off rows."""

    names: tuple[str, ...]
    path: str
    read: Read
    columns: str
    instant: bool
    end_of_day: bool
    required: bool


def _path(names: tuple[str, ...]) -> str:
    path = "$"
    for name in names:
        path = step(path, name)
    return path


def _names(field: str) -> tuple[str, ...]:
    head, _, rest = field.partition(".")
    if head == "lead" and rest.startswith("attributes."):
        return ("lead", "attributes", rest.removeprefix("attributes."))
    return (head, rest) if rest else (head,)


def _put(row: dict[str, Any], names: tuple[str, ...], value: object) -> None:
    for name in names[:-1]:
        row = row.setdefault(name, {})
    if isinstance(value, dict):  # a copy, which no other row shares; what was put into it stays
        value = {**value, **row.get(names[-1], {})}
    row[names[-1]] = value


def _instant(moment: Moment, field: _Field) -> str:
    ends = field.end_of_day and moment.dated
    return (moment.next_midnight if ends else moment.at).isoformat()


class _Rule:
    """One rule, bound."""

    def __init__(self, rule: EventRule, binder: CellBinder) -> None:
        self.rule = rule
        self.binder = binder
        where = rule.label
        self.tests = [bind_condition(test, binder, f"{where}.when") for test in rule.when]
        self.at = binder.value(rule.at, "instant", f"{where}.at")
        self.at_text = binder.text(rule.at, f"{where}.at")
        stage, row_id, precision = rule.stage, rule.row_id, rule.precision
        self.stage = None if stage is None else binder.value(stage, "text", f"{where}.type")
        self.row_id = None if row_id is None else binder.value(row_id, "text", f"{where}.row_id")
        self.precision: str | Read = (
            precision
            if isinstance(precision, str)
            else binder.value(precision, "choice", f"{where}.precision")
        )
        targets = set(binder.mapping.stages.values()) & set(KINDS)
        kinds = {rule.type} if rule.type else {*targets, "lead_progressed"}
        self.fields = {kind: self._bind(kind) for kind in sorted(kinds)}

    def _bind(self, kind: str) -> list[_Field]:
        cls = KINDS[kind]
        required = {spec.name for spec in fields_of(cls) if spec.required}
        fields = []
        for name, cell in self.rule.fields.items():
            spec = field_of([cls], name)
            if spec is not None:
                names = _names(name)
                fields.append(
                    _Field(
                        names,
                        _path(names),
                        self.binder.value(cell, spec.value, f"{self.rule.label}.{name}"),
                        cell.label,
                        spec.value == "instant",
                        cell.end_of_day,
                        name in required,
                    )
                )
        return fields

    def _kind(self, state: RowState, row: dict[str, Any]) -> str:
        """The kind that the stage gives; empty where the row gives none."""
        if self.stage is None:
            return self.rule.type
        mapping, found = self.binder.mapping, self.stage(state)
        label = self.rule.stage.label if self.rule.stage else ""
        if found is None or found is BAD:
            if found is None:
                state.blame(label, None, "has no value; the stage gives the kind of event")
            return ""
        target = mapping.stages.get(found)
        if target is None:
            if mapping.unmapped_stages == "reject":
                state.blame(label, found, "is a stage that [stages] does not map")
                return ""
            self.binder.dirt["unmapped stage", label, repr(found)] += 1
            if mapping.unmapped_stages == "skip":
                return ""
        if target in KINDS:
            return str(target)
        row["stage"] = target or found
        return "lead_progressed"

    def event(self, state: RowState) -> Event | None:
        """The event that the row gives by this rule; None where it gives none, or has faults."""
        for test in self.tests:
            if not test(state):
                return None
        found = self.at(state)
        if found is None and self.rule.when_missing == "skip":
            return None
        row: dict[str, Any] = {}
        kind = self._kind(state, row)
        if not kind:
            return None
        row["type"] = kind
        if self.binder.mapping.source:
            row["source"] = self.binder.mapping.source
        bad = self._time(state, row, found)
        bad += self._fill(state, row, self.fields[kind])
        bad += self._identify(state, row, found)
        return self._checked(state, row, kind, bad)

    def _time(self, state: RowState, row: dict[str, Any], found: Moment | None) -> list[str]:
        label = self.rule.at.label
        if found is None:
            reason = f"has no value; in {self.rule.label} say when_missing = 'skip', or a date"
            state.blame(label, None, reason)
        if found is None or found is BAD:
            return ["$.occurred_at"]
        stated = self.precision if isinstance(self.precision, str) else self.precision(state)
        if stated is BAD:
            return ["$.precision", "$.occurred_at"]
        if self.rule.when_missing == "default" and not self.at_text(state):
            self.binder.dirt["assumed", label, ""] += 1
            stated = stated or "assumed"
        precision = stated or ("day" if found.dated else "instant")
        row["precision"] = precision
        moment = found.midnight if precision == "day" else found.at
        row["occurred_at"] = moment.isoformat()
        return []

    def _fill(self, state: RowState, row: dict[str, Any], fields: list[_Field]) -> list[str]:
        """Put the values into the row; the paths of those that could not be read come back."""
        bad = []
        for field in fields:
            value = field.read(state)
            if value is BAD:
                bad.append(field.path)
            elif value is None:
                if field.required:
                    name = ".".join(field.names)
                    state.blame(field.columns, None, f"has no value; {name} is needed")
                    bad.append(field.path)
            else:
                if field.instant:
                    try:
                        value = _instant(value, field)
                    except ValueError as error:
                        state.blame(field.columns, value.day.isoformat(), str(error))
                        bad.append(field.path)
                        continue
                _put(row, field.names, value)
        return bad

    def _identify(self, state: RowState, row: dict[str, Any], found: Moment | None) -> list[str]:
        if "event_id" in self.rule.fields:
            return []
        row_id = None if self.row_id is None else self.row_id(state)
        if self.row_id is not None and (row_id is None or row_id is BAD):
            if row_id is None and self.rule.row_id:
                state.blame(self.rule.row_id.label, None, "has no value; row_id is needed")
            return ["$.event_id"]
        when = ""
        if isinstance(found, Moment):
            dated = row.get("precision") == "day" or found.dated
            when = found.day.isoformat() if dated else _in_utc(row.get("occurred_at", ""))
        row["event_id"] = derived_id(row, ordinal=self.rule.ordinal, row_id=row_id, when=when)
        return []

    def _checked(
        self, state: RowState, row: dict[str, Any], kind: str, bad: list[str]
    ) -> Event | None:
        found = read_row(row)
        if not isinstance(found, tuple):
            return None if bad else found
        columns = {"$.occurred_at": self.rule.at.label}
        if not isinstance(self.rule.precision, str):
            columns["$.precision"] = self.rule.precision.label
        columns |= {field.path: field.columns for field in self.fields[kind]}
        for fault in found:
            if not any(_below(fault.path, path) for path in bad):
                near = max(
                    (path for path in columns if _below(fault.path, path)), key=len, default=""
                )
                label = columns.get(near) or fault.path
                state.faults.append(Fault(label, fault.value, fault.reason))
        return None


def _in_utc(text: str) -> str:
    return text.removesuffix("+00:00") + "Z"


def _below(path: str, above: str) -> bool:
    return path == above or path.startswith((f"{above}.", f"{above}["))


_WITHOUT_RECORDING = "without recorded_at; give it, or a later date wins over its correction"


def _never_recorded(rule: EventRule) -> bool:
    by_row = rule.row_id is not None and "event_id" not in rule.fields
    return by_row and "recorded_at" not in rule.fields


class CsvPlan:
    """What to do with each row of one file.

    Attributes:
        faults: What is wrong with the mapping for this file.
        dirt: What was met while reading.
        given: How many events each rule gave, by its label.
    """

    def __init__(self, mapping: CsvMapping, header: Header) -> None:
        self._mapping = mapping
        self._binder = CellBinder(mapping, header)
        self._tests = [bind_condition(test, self._binder, "when") for test in mapping.when]
        self._rules = [_Rule(rule, self._binder) for rule in mapping.events]
        self._unmatched = Unmatched(mapping.events, self._binder)
        self._ids = IdBook()
        self.given: Counter[str] = Counter({rule.label: 0 for rule in mapping.events})
        self.faults = tuple(self._binder.faults)

    @property
    def dirt(self) -> DirtCounts:
        """What was met so far; complete after the last row."""
        counts = self._binder.dirt.copy()
        for label, count in self.given.items():
            if not count:
                counts["unused rule", label, ""] = 1
        if any(_never_recorded(rule) for rule in self._mapping.events):
            counts["no recording instant", "row_id", _WITHOUT_RECORDING] = 1
        for name, side in self._binder.sides.items():
            for key in side.rows.keys() - side.used:
                counts["unused key", name, repr(key)] = 1
        return +counts

    def events(self, cells: list[str]) -> tuple[Event, ...] | list[Fault]:
        """The events of a row, perhaps none; or everything that is wrong with it."""
        binder = self._binder
        state = RowState(cells, binder.places)
        found: list[tuple[EventRule, Event]] = []
        if all(test(state) for test in self._tests):
            self._unmatched.count(state)
            for bound in self._rules:
                event = bound.event(state)
                if event is not None:
                    found.append((bound.rule, event))
        if not state.faults:
            state.faults += self._ids.faults(found)
        if state.faults:
            return list(dict.fromkeys(state.faults))
        for rule, event in found:
            self.given[rule.label] += 1
            if self._ids.repeats(event):
                binder.dirt["repeated id", rule.label, repr(event.event_id)] += 1
        return tuple(event for _, event in found)
