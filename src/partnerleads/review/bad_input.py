"""What to tell a person whose input cannot be reviewed, line by line."""

from __future__ import annotations

from partnerleads.errors import BadInputError, MappingFileError, PartnerLeadsError
from partnerleads.review.input_hint import input_hint, other_format
from partnerleads.review.words import spaced
from partnerleads.showing import printable

__all__ = ["bad_input"]


def bad_input(
    error: PartnerLeadsError | OSError,
    *,
    file: str,
    read_as_csv: bool = False,
    mapping: str | None = None,
    most_faults: int = 50,
) -> str:
    """One message with the faults, what the file probably is, and how to go on.

    Args:
        error: What reading raised.
        file: Path of the file.
        read_as_csv: Whether it was read as CSV; else as JSON lines.
        mapping: The mapping file it was read with; None without one.
        most_faults: How many faults to list. [count]
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


def _faults(error: BadInputError | MappingFileError, most: int) -> list[str]:
    if isinstance(error, MappingFileError):
        return str(error).split("\n")
    count = len(error.faults)
    rows = f"{spaced(error.read, 'row')}, {spaced(error.accepted)} accepted"
    lines = [f"{error.name}: {spaced(count, 'fault')} in {rows}"]
    lines += [f"  {fault}" for fault in error.faults[:most]]
    if count > most:
        lines.append(f"  and {spaced(count - most)} more; --most-faults {count} lists all")
    if error.accepted:
        lines.append("Mend them, or pass --lenient to go on without those rows.")
    return lines
