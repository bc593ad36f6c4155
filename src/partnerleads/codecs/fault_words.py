"""The words of faults: where a value stands, how it is shown, and what it is instead."""

from __future__ import annotations

import json
import re
from reprlib import Repr

from partnerleads.errors import Fault

__all__ = ["refuse", "shown", "step", "what"]

_is_plain_name = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}").fullmatch

_SHORT = Repr()
_SHORT.maxstring = _SHORT.maxother = 60
_SHORT.maxdict = _SHORT.maxlist = 3
_SHORT.maxlevel = 2


def shown(value: object) -> str:
    """A value as JSON would show it, shortened.

    >>> shown("x" * 100), shown(True), shown(None)
    ("'xxxxxxxxxxxxxxxxxxxxxxxxxxx...xxxxxxxxxxxxxxxxxxxxxxxxxxxx'", 'true', 'null')
    """
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    try:
        return _SHORT.repr(value)
    except ValueError:  # Python refuses to print integers of very many digits
        return "an integer of thousands of digits"


def step(path: str, name: object) -> str:
    """The JSON path of a member.

    >>> step("$.lead", "region"), step("$.attributes", "a b")
    ('$.lead.region', '$.attributes["a b"]')
    """
    text = name if isinstance(name, str) else shown(name)
    if _is_plain_name(text):
        return f"{path}.{text}"
    if len(text) > 100:
        text = text[:97] + "..."
    return f"{path}[{json.dumps(text)}]"


def what(value: object) -> str:
    """What a value is, for a sentence that goes on with what it should be."""
    if isinstance(value, bool):
        return "is true or false"
    if isinstance(value, (int, float)):
        return "is a number"
    if isinstance(value, str):
        return "is a text"
    if isinstance(value, (list, tuple)):
        return "is a list"
    return "is null" if value is None else "is an object"


def refuse(value: object, path: str, reason: str, faults: list[Fault]) -> None:
    """Add a fault about this value."""
    faults.append(Fault(path, shown(value), reason))
