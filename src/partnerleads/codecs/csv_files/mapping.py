"""A mapping: which columns of a CSV file mean which fields of which events, as frozen data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from os import PathLike
from pathlib import Path

from attrs import field, frozen

from partnerleads.codecs.csv_files.mapping_check import parse
from partnerleads.codecs.csv_files.rules import NO_TEXTS, Condition, EventRule, Lookup
from partnerleads.errors import Fault, MappingFileError
from partnerleads.model import FrozenMap

__all__ = ["CsvMapping", "load_table", "parse_mapping"]

_NO_CLEANING: FrozenMap[str, FrozenMap[str, str]] = FrozenMap()


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
    parts, faults = parse(data, folder=folder)
    return CsvMapping(name=name, **parts), faults
