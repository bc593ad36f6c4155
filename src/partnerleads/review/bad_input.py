"""What to tell a person whose input cannot be reviewed, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from partnerleads.errors import BadInputError, Fault, MappingFileError, PartnerLeadsError
from partnerleads.faults import MOST_LINES, listed
from partnerleads.review.input_hint import input_hint, other_format
from partnerleads.showing import printable, spaced

if TYPE_CHECKING:
    from partnerleads.codecs import Reading

__all__ = ["bad_input", "left_out"]


def bad_input(
    error: PartnerLeadsError | OSError,
    *,
    file: str,
    read_as_csv: bool = False,
    mapping: str | None = None,
    most_faults: int = MOST_LINES,
) -> str:
    """One message with the faults, what the file probably is, and how to go on.

    Args:
        error: What reading raised.
        file: Path of the file.
        read_as_csv: Whether it was read as CSV; else as JSON lines.
        mapping: The mapping file it was read with; None without one.
        most_faults: How many faults to list; where there are more, equal ones stand once. [count]
    """
    if isinstance(error, OSError):
        lines = [f"{error.filename or file}: cannot be read: {error.strerror or error}"]
    elif not isinstance(error, BadInputError | MappingFileError):
        lines = [str(error)]
    elif isinstance(error, BadInputError) and error.accepted:
        lines = _faults(error, most_faults)
    else:
        other = other_format(file)
        hint = input_hint(file, read_as_csv=read_as_csv, mapping=mapping)
        lines = [other] if other else [*_faults(error, most_faults), hint]
    return "\n".join(printable(line) for line in lines if line)


def _listed(faults: Sequence[Fault], most: int) -> list[str]:
    """Every fault; where they are too many the first ones, equal ones once, and how to see all.

    Args:
        faults: The faults, in the order of the file.
        most: How many to list. [count]
    """
    how = f"--most-faults {len(faults)} lists all"
    lines = listed(faults, most=most, how=how)
    if len(faults) > most and not lines[-1].endswith(how):
        lines.append(how)
    return [f"  {line}" for line in lines]


def left_out(reading: Reading, most: int) -> str:
    """The rows that a lenient reading goes on without, and what is wrong with them.

    Args:
        reading: What reading gave.
        most: How many faults to list; where there are more, equal ones stand once. [count]
    """
    rows = f"{spaced(reading.rejected)} of {spaced(reading.read, 'row')}"
    lines = [f"{reading.name}: {rows} left out for faults", *_listed(reading.faults, most)]
    return "\n".join(map(printable, lines))


def _faults(error: BadInputError | MappingFileError, most: int) -> list[str]:
    if isinstance(error, MappingFileError):
        return str(error).split("\n")
    count = len(error.faults)
    rows = f"{spaced(error.read, 'row')}, {spaced(error.accepted)} accepted"
    lines = [f"{error.name}: {spaced(count, 'fault')} in {rows}"]
    lines += _listed(error.faults, most)
    if error.accepted:
        lines.append("Mend them, or pass --lenient to go on without those rows.")
    return lines
