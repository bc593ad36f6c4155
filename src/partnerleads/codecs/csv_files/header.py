"""The header of a CSV file: which column is where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from partnerleads.codecs.csv_files.mapping import CsvMapping
from partnerleads.model.near_names import near_name

__all__ = ["Header"]

_MOST_NAMED = 8


class Header:
    """Columns by name; a name that stands twice is told apart as ``name#1`` and ``name#2``.

    Attributes:
        names: A name for every column that no other column has.
        above: A line such as ``sep=;``, which stands above the header and was taken for it; empty
            where none was.
        delimiter: The sign that seems to part a header of one cell; empty where none does.
    """

    def __init__(self, cells: Sequence[str]) -> None:
        plain = [cell.strip() for cell in cells]
        self.repeated = {name for name, count in Counter(plain).items() if count > 1}
        seen: Counter[str] = Counter()
        names = []
        for name in plain:
            seen[name] += 1
            names.append(f"{name}#{seen[name]}" if name in self.repeated else name)
        self.names = tuple(names)
        first = names[0] if names else ""
        self.above = first if first.casefold().startswith("sep=") else ""
        parted = [sign for sign in ";\t|," if len(names) == 1 and sign in first]
        self.delimiter = "" if self.above or not parted else parted[0]
        self._index = {name: index for index, name in reversed([*enumerate(names)])}

    def find(self, name: str) -> int | None:
        """Where a column stands; None where it does not, or stands twice."""
        return self._index.get(name)

    def misread(self, mapping: CsvMapping) -> tuple[str, object, str] | None:
        """What in a mapping makes the whole header misread: key, value, and what to say instead."""
        if self.above:
            said = f"skip_lines = {mapping.skip_lines + 1}"
            why = f"leaves {self.above!r} above the header; say {said}"
            return "skip_lines", mapping.skip_lines, why
        if self.delimiter not in ("", mapping.delimiter):
            said = f"delimiter = {self.delimiter!r}"
            return "delimiter", mapping.delimiter, f"leaves the header in one cell; say {said}?"
        return None

    def why_not(self, name: str, *, of: str = "") -> str:
        """What is wrong with a name that :meth:`find` does not find.

        Args:
            name: The name.
            of: Name of the file; empty for the one that the mapping is of.
        """
        if name in self.repeated:
            return f"stands more than once; write '{name}#1' for the first, '{name}#2' for the next"
        whose = f" of {of}" if of else ""
        if self.above:
            return f"is no column{whose}: {self.above!r} stands above the header; take it out"
        if self.delimiter:
            said = f"say delimiter = {self.delimiter!r}?"
            return f"is no column{whose}: the header is one cell; {said}"
        return f"is no column{whose}{near_name(name, self.names) or self._named()}"

    def _named(self) -> str:
        more = len(self.names) - _MOST_NAMED
        names = ", ".join(self.names[:_MOST_NAMED])
        return f"; columns are {names}{f' and {more} more' if more > 0 else ''}"
