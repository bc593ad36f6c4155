"""What a file that could not be read probably is, and what to do then."""

from __future__ import annotations

from pathlib import Path

__all__ = ["input_hint", "other_format"]

_ENOUGH = 65_536

_ARCHIVES = (
    (b"PK\x03\x04", "is a spreadsheet or a zip archive; export its sheet as CSV"),
    (b"\xd0\xcf\x11\xe0", "is a spreadsheet of an old format; export its sheet as CSV"),
    (b"\x1f\x8b", "is compressed; unpack it, for example with gunzip"),
)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def _start(file: str) -> bytes:
    """The beginning of a regular file; nothing of a pipe, which cannot be read twice."""
    path = Path(file)
    if not path.is_file():
        return b""
    with path.open("rb") as opened:
        return opened.read(_ENOUGH)


def other_format(file: str) -> str:
    """What a file is that has no lines of text at all, and what to do; empty for others.

    Args:
        file: Path of the file; what is no regular file is left alone.
    """
    start = _start(file)
    found = (words for mark, words in _ARCHIVES if start.startswith(mark))
    return next((f"{file} {words}." for words in found), "")


def input_hint(file: str, *, read_as_csv: bool, mapping: str | None) -> str:
    """What the beginning of a file tells about why it could not be read; empty if nothing.

    Args:
        file: Path of the file; what is no regular file is left alone.
        read_as_csv: Whether it was read as CSV; else as JSON lines.
        mapping: The mapping file it was read with; None without one.
    """
    start = _start(file)
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(_UTF_16):
        words = "is UTF-16; save it as UTF-8, or state encoding = 'utf-16' in the mapping of a CSV"
    else:
        words = _of_csv(text, file, mapping) if read_as_csv else _of_json(text)
    return f"{file} {words}." if words else ""


def _of_csv(text: bytes, file: str, mapping: str | None) -> str:
    if text.startswith(b"{"):
        name = ["name it .jsonl"] if file.lower().endswith(".csv") else []
        leave = ["leave --mapping out"] if mapping else []
        return f"looks like JSON lines; {' and '.join([*name, *leave])}"
    if text and mapping is None:
        return (
            "was read as CSV of event rows; if its columns are others, "
            "say what they mean by --mapping FILE"
        )
    return ""


def _of_json(text: bytes) -> str:
    if text.startswith(b"["):
        return "looks like one JSON array; write one object a line"
    first, _, rest = text.partition(b"\n")
    if text.startswith(b"{"):
        spread = rest and not first.rstrip().endswith(b"}")
        return (
            "looks like JSON spread over several lines; write one object a line" if spread else ""
        )
    is_table = _is_text(first) and any(sign in first for sign in (b",", b";", b"\t"))
    if is_table:
        return (
            "looks like CSV; say what its columns mean by --mapping FILE, "
            "or name it .csv if they are those of event rows"
        )
    return ""


def _is_text(line: bytes) -> bool:
    return all(sign >= 32 or sign in b"\t\r" for sign in line)
