"""A mapping: which columns of a CSV file mean which fields of which events, as frozen data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from os import PathLike
from pathlib import Path

from attrs import field, frozen

from partnerleads.errors import Fault, MappingFileError
from partnerleads.model import FrozenMap

__all__ = [
    "NO_TEXTS",
    "CellFormat",
    "CellRule",
    "Condition",
    "CsvMapping",
    "EventRule",
    "Lookup",
    "load_table",
    "parse_mapping",
]

NO_TEXTS: FrozenMap[str, str] = FrozenMap()
_NO_CLEANING: FrozenMap[str, FrozenMap[str, str]] = FrozenMap()


@frozen(kw_only=True)
class CellFormat:
    """How the texts of cells are written.

    Attributes:
        decimal: Sign between whole and fraction.
        thousands: Signs between groups of digits; empty permits none.
        date_formats: ``strptime`` patterns tried besides ISO 8601; ``epoch``, ``epoch_ms`` and
            ``excel`` stand for seconds and milliseconds since 1970 and for days of a spreadsheet.
        iso_dates: Whether ISO 8601 is tried, too.
        time_zone: IANA name of the zone of dates and times without an offset; None refuses them.
        repeated_hour: What a time means that a clock change repeats: ``earlier``, ``later`` or
            ``reject``.
        skipped_hour: What a time means that a clock change leaves out: ``reject``, or ``shift``
            by the length of the gap.
        yes: Words that mean yes, in any case.
        no: Words that mean no, in any case.
        currency_signs: Signs to ISO codes, such as ``{"$": "USD"}``.
        parentheses: ``negative`` reads ``(12)`` as -12; ``reject`` refuses it.
        split: Sign between the parts of a list; None expects a JSON list.
    """

    decimal: str = "."
    thousands: tuple[str, ...] = ()
    date_formats: tuple[str, ...] = ()
    iso_dates: bool = True
    time_zone: str | None = None
    repeated_hour: str = "earlier"
    skipped_hour: str = "reject"
    yes: tuple[str, ...] = ("true", "yes", "1")
    no: tuple[str, ...] = ("false", "no", "0")
    currency_signs: FrozenMap[str, str] = NO_TEXTS
    parentheses: str = "reject"
    split: str | None = None


@frozen(kw_only=True)
class CellRule:
    """Where one value comes from.

    Attributes:
        columns: Columns, the first that has a value counts; ``NAME.column`` is of a side file.
        const: The same text for every row; None reads the columns.
        default: Text for rows whose columns have no value.
        clean: Replacements of whole texts, made before anything else is read from them.
        currency: Where the currency of an amount comes from; None leaves it to the cell.
        times: What a number is multiplied with, such as 0.01 for per cent.
        round: Whether amounts finer than the smallest unit are rounded half-even.
        end_of_day: Whether a date alone means the midnight that ends that day.
        format: How the text is written.
        fixed_at: The key of the mapping that states the constant or the default.
    """

    columns: tuple[str, ...] = ()
    const: str | None = None
    default: str | None = None
    clean: FrozenMap[str, str] = NO_TEXTS
    currency: CellRule | None = None
    times: Decimal | None = None
    round: bool = False
    end_of_day: bool = False
    format: CellFormat = CellFormat()
    fixed_at: str = field(default="", eq=False)

    @property
    def label(self) -> str:
        """The columns in words; empty for a constant."""
        return " or ".join(self.columns)

    @property
    def fixed(self) -> str | None:
        """The constant or the default; None where there is neither."""
        return self.default if self.const is None else self.const


@frozen(kw_only=True)
class Condition:
    """What a column must hold for a rule to give its event.

    Attributes:
        cell: The column.
        texts: Permitted texts; None permits any.
        present: Whether the cell must have a value (True) or none (False); None asks neither.
        negated: Whether the texts are the forbidden ones.
        yes: The answer of a yes-or-no column; None asks no such question.
    """

    cell: CellRule
    texts: frozenset[str] | None = None
    present: bool | None = None
    negated: bool = False
    yes: bool | None = None


@frozen(kw_only=True)
class Lookup:
    """A side file, joined on a column.

    Attributes:
        name: Name before the point in ``NAME.column``.
        file: Path of the file.
        here: Where a row's key comes from.
        there: Column of the side file that holds the keys, each once.
        when_missing: ``reject`` the row whose key the file does not know, or leave the values
            ``absent``.
        delimiter: Sign between the cells of the side file.
        encoding: Encoding of the side file.
    """

    name: str
    file: Path
    here: CellRule
    there: str
    when_missing: str = "reject"
    delimiter: str = ","
    encoding: str = "utf-8"


@frozen(kw_only=True)
class EventRule:
    """How a row gives one event.

    Attributes:
        label: Place of the rule in the mapping, such as ``events[2] lead_won``.
        type: Kind of event; empty where the kind follows from the stage.
        stage: The column whose stage gives the kind.
        at: When it happened.
        when_missing: What a row without that time means: ``reject``, ``skip`` or ``default`` (the
            default of ``at``, marked as assumed).
        precision: Stated precision; empty notices ``day`` or ``instant`` from the value.
        when: Conditions, all of which must hold.
        fields: Field names, with points for nested ones, to where their values come from.
        row_id: The row's own identity; None identifies events by what, who and when.
        ordinal: Which rule of its type this is, counted from 1; part of derived event ids.
    """

    label: str
    type: str
    stage: CellRule | None
    at: CellRule
    when_missing: str
    precision: CellRule | str
    when: tuple[Condition, ...]
    fields: FrozenMap[str, CellRule]
    row_id: CellRule | None
    ordinal: int = 1


@frozen(kw_only=True)
class CsvMapping:
    """What a CSV file means: its dialect, its columns, its side files, its events.

    Build one with :meth:`load` or :meth:`from_dict`, which check it whole.

    Attributes:
        name: Name for messages: the mapping file's, or ``mapping``.
        source: System of record stated in every event.
        delimiter: Sign between cells.
        quote: Sign around cells.
        encoding: Encoding of the file; a byte order mark is taken off.
        skip_lines: Lines before the header.
        header: Column names of a file without a header line; empty reads them from the file.
        ragged: ``reject`` rows that are shorter or longer than the header, or ``pad`` short ones.
        trim: Whether blanks around a cell are taken off.
        missing: Texts that mean no value.
        clean: Column to replacements, made wherever the column is used.
        when: Conditions for a row to give any event.
        lookups: Side files by name.
        stages: Stage to kind of event, or to the programme's own name of the stage.
        unmapped_stages: What a stage that is not in ``stages`` means: ``keep`` it as progress
            with that stage, ``skip`` the event, or ``reject`` the row.
        events: Rules, one event each.
    """

    name: str = "mapping"
    source: str = ""
    delimiter: str = ","
    quote: str = '"'
    encoding: str = "utf-8"
    skip_lines: int = 0
    header: tuple[str, ...] = ()
    ragged: str = "reject"
    trim: bool = True
    missing: frozenset[str] = frozenset({""})
    clean: FrozenMap[str, FrozenMap[str, str]] = _NO_CLEANING
    when: tuple[Condition, ...] = ()
    lookups: FrozenMap[str, Lookup] = field(factory=FrozenMap)
    stages: FrozenMap[str, str] = NO_TEXTS
    unmapped_stages: str = "keep"
    events: tuple[EventRule, ...] = ()

    @classmethod
    def load(cls, path: str | PathLike[str]) -> CsvMapping:
        """Read a mapping file.

        Args:
            path: A TOML file; the side files it names are relative to it.

        Raises:
            MappingFileError: With every fault of the mapping.
        """
        data, faults = load_table(path)
        mapping, more = parse_mapping(data, folder=Path(path).parent, name=Path(path).name)
        return _checked(mapping, faults or more)

    @classmethod
    def from_dict(
        cls, data: Mapping[str, object], *, folder: str | PathLike[str] = "."
    ) -> CsvMapping:
        """Read a mapping from the tables that a mapping file would hold.

        Args:
            data: The tables.
            folder: Where the side files lie.

        Raises:
            MappingFileError: With every fault of the mapping.
        """
        return _checked(*parse_mapping(data, folder=Path(folder), name="mapping"))


def _checked(mapping: CsvMapping, faults: tuple[Fault, ...]) -> CsvMapping:
    if faults:
        raise MappingFileError(mapping.name, faults)
    return mapping


def load_table(path: str | PathLike[str]) -> tuple[dict[str, object], tuple[Fault, ...]]:
    """The tables of a TOML file, or the one fault that keeps it from being read."""
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8-sig")), ()
    except OSError as error:
        return {}, (Fault("$", "", f"cannot be read: {error.strerror or error}"),)
    except ValueError as error:
        return {}, (Fault("$", "", f"cannot be read as TOML: {error}"),)


def parse_mapping(
    data: Mapping[str, object], *, folder: Path, name: str
) -> tuple[CsvMapping, tuple[Fault, ...]]:
    """The mapping as far as it can be understood, and every fault of it."""
    from partnerleads.codecs.csv_mapping_check import parse  # noqa: PLC0415 - it builds this data

    return parse(data, folder=folder, name=name)
