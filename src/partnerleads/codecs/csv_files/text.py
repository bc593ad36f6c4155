"""The rows of a CSV text, with the line each begins in; a broken row costs no other row."""

from __future__ import annotations

import codecs
import csv
import os
from collections import deque
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from partnerleads.codecs.text_lines import LineSource
from partnerleads.errors import Fault, OptionError

__all__ = ["LONGEST_LINE", "CsvText", "RawRow", "bytes_fault", "text_lines"]

RawRow: TypeAlias = tuple[int, list[str], str]
"""Line, cells, and what is wrong with the row as text (empty: nothing)."""

LONGEST_LINE = 10_000_000
"""No line of a file is read further. [characters]"""

_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"


def _decoded(lines: Iterable[Any], encoding: str) -> Iterator[str]:
    for line in lines:
        if isinstance(line, str):
            yield line
        elif isinstance(line, bytes):
            yield line.decode(encoding, "surrogateescape")
        else:
            raise OptionError("source", line, "lines are text or bytes")


def _of_wide(lines: Iterable[Any], encoding: str) -> Iterator[str]:
    """The lines of a file whose signs take several bytes, so that bytes show no line ends."""
    decoder = codecs.getincrementaldecoder(encoding)("surrogateescape")
    rest = ""
    for line in lines:
        rest += line if isinstance(line, str) else decoder.decode(line)
        *whole, rest = rest.split("\n")
        yield from (f"{text}\n" for text in whole)
    rest += decoder.decode(b"", final=True)
    if rest:
        yield rest


def text_lines(source: LineSource, *, encoding: str) -> Iterator[str]:
    """The lines of a source as text, with their ends and without the byte order mark.

    Bytes that are no text of the encoding come as lone surrogates, so that they are found with
    their row.

    Raises:
        OSError: when the file cannot be read.
        OptionError: when an iterable gives anything but text and bytes.
    """
    if isinstance(source, (str, os.PathLike)):
        with Path(source).open(encoding=encoding, errors="surrogateescape", newline="") as opened:
            yield from _unmarked(iter(partial(opened.readline, LONGEST_LINE), ""))
    elif hasattr(source, "read") and "\n".encode(encoding) != b"\n":
        yield from _unmarked(_of_wide(source, encoding))
    else:
        yield from _unmarked(_decoded(source, encoding))


def _unmarked(lines: Iterator[str]) -> Iterator[str]:
    for first in lines:
        yield first.removeprefix(_MARK)
        yield from lines


def bytes_fault(column: str, cell: str, encoding: str) -> Fault | None:
    """The fault of a cell that holds bytes which are none of the encoding; else None."""
    if cell.isascii():
        return None
    try:
        cell.encode()
    except UnicodeEncodeError:
        name = codecs.lookup(encoding).name
        shown = cell[:60].encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
        reason = f"is not {name} text; say the file's encoding, such as 'cp1252' or 'utf-16'"
        return Fault(column, f"'{shown}'", reason)
    return None


class CsvText:
    """Rows out of lines.

    A quote that is never closed swallows what follows it. So when a row cannot be read, its
    first line alone is refused, and reading goes on with the next line.

    Attributes:
        blank: Lines passed over because none of their cells held anything. [count]
    """

    def __init__(self, lines: Iterable[str], *, delimiter: str, quote: str = '"') -> None:
        self._lines = iter(lines)
        self._delimiter, self._quote = delimiter, quote
        self._again: deque[str] = deque()
        self._taken: list[str] = []
        self.blank = 0

    @property
    def row_is_plain(self) -> bool:
        """Whether the last row is ASCII, which has no lost bytes."""
        return all(map(str.isascii, self._taken))

    @property
    def row_text(self) -> str:
        """The last row as it stood; bytes that are no text are shown by their numbers."""
        text = "".join(self._taken).rstrip("\r\n")
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")

    def _next_line(self) -> Iterator[str]:
        while True:
            line = self._again.popleft() if self._again else next(self._lines, "")
            if not line:
                return
            self._taken.append(line)
            yield line

    def _reader(self) -> Iterator[list[str]]:
        return csv.reader(
            self._next_line(), delimiter=self._delimiter, quotechar=self._quote, strict=True
        )

    def skip(self, count: int) -> int:
        """Pass over lines before the header; the number of the next line comes back."""
        for _ in range(count):
            next(self._lines, "")
        return count + 1

    def rows(self, *, first_line: int = 1) -> Iterator[RawRow]:
        """Every row that is not blank, the header included."""
        line, reader, taken = first_line, self._reader(), self._taken
        while True:
            taken.clear()
            try:
                cells, wrong = next(reader), ""
            except StopIteration:
                return
            except csv.Error as error:
                self._again.extendleft(reversed(taken[1:]))
                del taken[1:]
                cells, wrong, reader = [], _words(error), self._reader()
            except UnicodeError as error:
                yield line + len(taken), [], f"cannot be decoded, nor what follows it: {error}"
                return
            if wrong or any(map(str.strip, cells)):
                yield line, cells, wrong
            else:
                self.blank += 1
            line += len(taken)


def _words(error: csv.Error) -> str:
    if "field larger" in str(error):
        return f"has a cell of more than {csv.field_size_limit()} characters; is a quote open?"
    return f"is no CSV: {error}; double the quotes inside a quoted cell, and close it"
