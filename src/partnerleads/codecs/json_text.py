"""One line of JSON text as an object, or as the fault that it is none."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from partnerleads.codecs.fault_words import shown, step
from partnerleads.errors import Fault

__all__ = ["parse_object"]

_MOST_DIGITS = 400
"""Longer integers are refused at once; the time to read one grows with its square."""


class _RepeatedNameError(Exception):
    """Some object of the line states a name twice."""


class _LongIntegerError(Exception):
    """The line holds an integer of very many digits."""


class _Repeating(dict[str, Any]):
    """An object that states names twice, which are kept."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        counts = Counter(name for name, _ in pairs)
        self.repeated = [name for name, count in counts.items() if count > 1]


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _RepeatedNameError
    return found


def _keep(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else _Repeating(pairs)


def _integer(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise _LongIntegerError
    return int(digits)


_decode = json.JSONDecoder(object_pairs_hook=_once, parse_int=_integer).decode
_decode_keeping = json.JSONDecoder(object_pairs_hook=_keep, parse_int=_integer).decode


def _repeats(value: Any, path: str) -> Iterator[Fault]:
    if isinstance(value, _Repeating):
        for name in value.repeated:
            yield Fault(step(path, name), "", "is stated twice in one object; keep one of them")
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _repeats(item, step(path, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _repeats(item, f"{path}[{index}]")


def _syntax(error: json.JSONDecodeError) -> Fault:
    if error.doc.startswith("\ufeff"):
        return Fault("$", "", "begins with a byte order mark; only a file may, so remove it here")
    reason = f"is no JSON ({error.msg}, character {error.pos + 1}); write one object a line"
    return Fault("$", "", reason)


def _bad_bytes(line: bytes, error: UnicodeDecodeError) -> Fault:
    if line[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in line:
        return Fault("$", "", "looks like UTF-16; save the file as UTF-8")
    byte = line[error.start]
    reason = f"is not UTF-8: byte {byte:#04x} at position {error.start + 1}; save the file as UTF-8"
    return Fault("$", "", reason)


def _repeated(line: bytes) -> tuple[Fault, ...]:
    return tuple(_repeats(_decode_keeping(line.decode()), "$"))


def _parsed(line: bytes) -> Any:
    try:
        return _decode(line.decode())
    except _RepeatedNameError:
        return _repeated(line)


def parse_object(line: bytes) -> dict[str, Any] | tuple[Fault, ...]:
    """The object that a line of JSON states, or why it states none.

    ``NaN`` and ``Infinity`` are read as numbers, so that whoever checks the fields can say where
    they stand.

    >>> parse_object(b'{"type": "lead_won"}')
    {'type': 'lead_won'}
    >>> print(parse_object(b'[1]')[0])
    $                      [1] is no object; write one object a line, such as {"type": ...}
    """
    try:
        found = _parsed(line)
    except UnicodeDecodeError as error:
        return (_bad_bytes(line, error),)
    except json.JSONDecodeError as error:
        return (_syntax(error),)
    except _LongIntegerError:
        reason = f"holds an integer of more than {_MOST_DIGITS} digits; write it as text"
        return (Fault("$", "", reason),)
    except RecursionError:
        return (Fault("$", "", "is nested too deeply; a row has at most three levels"),)
    if not isinstance(found, (dict, tuple)):
        reason = 'is no object; write one object a line, such as {"type": ...}'
        return (Fault("$", shown(found), reason),)
    return found
