"""The lines of a file, an open file or an iterable, as bytes and of bounded length."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any, TypeAlias

from partnerleads.errors import OptionError

__all__ = ["LineSource", "lines_of", "name_of"]

LineSource: TypeAlias = "str | os.PathLike[str] | IO[bytes] | IO[str] | Iterable[bytes | str]"
"""A path, a file open for reading in binary or text mode, or lines one by one."""

_BOM = b"\xef\xbb\xbf"
_BUFFER = 1 << 20


def name_of(source: LineSource) -> str:
    """The file's name as given; ``rows`` where there is none."""
    if isinstance(source, (str, os.PathLike)):
        return os.fspath(source)
    name = getattr(source, "name", "rows")
    return name if isinstance(name, str) else "rows"


def _encoded(line: object) -> bytes:
    """Text as UTF-8; half a surrogate pair stays wrong, so that it is found with its line."""
    if isinstance(line, str):
        return line.encode("utf-8", "surrogatepass")
    raise OptionError("source", line, "lines are bytes or text; write events with write_jsonl")


def _of_file(readline: Callable[[int], Any], longest: int) -> Iterator[bytes]:
    """Lines of a file; of a longer one the beginning, still too long, without the rest."""
    while line := readline(longest + 1):
        yield line if isinstance(line, bytes) else _encoded(line)
        if len(line) > longest:
            while line and line[-1:] not in ("\n", b"\n"):
                line = readline(_BUFFER)


def _of_path(path: str | os.PathLike[str], longest: int) -> Iterator[bytes]:
    with Path(path).open("rb", buffering=_BUFFER) as opened:
        yield from _of_file(opened.readline, longest)


def _of_lines(lines: Iterable[bytes | str]) -> Iterator[bytes]:
    for line in lines:
        yield line if isinstance(line, bytes) else _encoded(line)


def lines_of(source: LineSource, *, longest: int) -> Iterator[bytes]:
    """The lines of a source as UTF-8, without the byte order mark that a file may begin with.

    The first line is read at once, the others when they are asked for.

    Args:
        source: Where the lines are. What is opened here is closed at its end.
        longest: Files are never read further than this in one line, so that a file without line
            ends costs no more memory; what is cut off is still too long. [bytes, or characters
            of text files]

    Raises:
        OSError: when the file cannot be opened or read.
        OptionError: when an iterable gives anything but bytes and text.
    """
    if isinstance(source, (str, os.PathLike)):
        lines = _of_path(source, longest)
    elif hasattr(source, "readline"):
        lines = _of_file(source.readline, longest)
    else:
        lines = _of_lines(source)
    first = (line.removeprefix(_BOM) for line in islice(lines, 1))
    return chain(list(first), lines)
