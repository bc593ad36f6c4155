"""Side files: rows of another CSV file, found by a key."""

from __future__ import annotations

from collections.abc import Callable

from partnerleads.codecs.csv_files.header import Header
from partnerleads.codecs.csv_files.rules import Lookup
from partnerleads.codecs.csv_files.text import CsvText, bytes_fault, text_lines
from partnerleads.codecs.fault_words import shown
from partnerleads.errors import Fault

__all__ = ["SideFile", "load_side_file"]

_MOST_FAULTS = 50


class SideFile:
    """The rows of a side file by key, and which of them were asked for.

    Attributes:
        header: Its columns.
        rows: Cells by key.
        used: Keys that a row asked for.
    """

    def __init__(self, header: Header) -> None:
        self.header = header
        self.rows: dict[str, list[str]] = {}
        self.used: set[str] = set()


class _Loader:
    """One side file being read, with the faults met so far."""

    def __init__(self, lookup: Lookup, faults: list[Fault]) -> None:
        self.lookup = lookup
        self.faults = faults
        self.path = f"lookup.{lookup.name}"
        self.lines: dict[str, int] = {}

    def blame(self, reason: str, *, value: str = "", line: int | None = None) -> None:
        if len(self.faults) < _MOST_FAULTS:
            self.faults.append(Fault(self.path, value, reason, line, str(self.lookup.file)))

    def read(self, settle: Callable[[str], str]) -> SideFile:
        lookup = self.lookup
        lines = text_lines(lookup.file, encoding=lookup.encoding)
        rows = CsvText(lines, delimiter=lookup.delimiter).rows()
        line, cells, wrong = next(rows, (1, [], "is empty; a header is needed"))
        side = SideFile(Header(cells))
        at = side.header.find(lookup.there)
        if wrong or at is None:
            if wrong:
                self.blame(wrong, line=line)
            elif lookup.there:  # else the mapping is blamed for having no key
                why = side.header.why_not(lookup.there, of=lookup.file.name)
                self.blame(why, value=shown(lookup.there), line=line)
            return side
        for line, cells, wrong in rows:
            if wrong:
                self.blame(wrong, line=line)
            else:
                self.add(side, line, cells, settle(cells[at]) if at < len(cells) else "")
        return side

    def add(self, side: SideFile, line: int, cells: list[str], key: str) -> None:
        names = side.header.names
        bad = [bytes_fault(*pair, self.lookup.encoding) for pair in zip(names, cells, strict=False)]
        for fault in filter(None, bad):
            self.blame(f"{fault.reason}, in [{self.path}]", value=fault.value, line=line)
        reasons = []
        if len(cells) != len(names):
            reasons.append(f"has {len(cells)} cells, its header {len(names)}")
        elif not key:
            reasons.append(f"has no key in {self.lookup.there!r}")
        elif key in side.rows:
            reasons.append(f"repeats the key of line {self.lines[key]}; keep one row a key")
        for reason in reasons:
            self.blame(reason, value=shown(key) if key else "", line=line)
        side.rows.setdefault(key, cells)
        self.lines.setdefault(key, line)


def load_side_file(lookup: Lookup, settle: Callable[[str], str], faults: list[Fault]) -> SideFile:
    """Read a side file whole.

    Args:
        lookup: Which file, and where its keys are.
        settle: What is done to a key's text: blanks, cleaning, texts that mean nothing.
        faults: Where everything wrong with the file goes.
    """
    if not lookup.file.name:  # the mapping is blamed for naming none
        return SideFile(Header([]))
    try:
        return _Loader(lookup, faults).read(settle)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", error)
        reason = f"cannot be read: {why}; side files lie relative to the mapping file"
        faults.append(Fault(f"lookup.{lookup.name}.file", shown(str(lookup.file)), reason))
        return SideFile(Header([]))
