"""A table of a mapping file, read key by key; every wrong key and value becomes a fault."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, time

from partnerleads.codecs.fault_words import shown
from partnerleads.errors import Fault
from partnerleads.model import FrozenMap
from partnerleads.model.near_names import near_name, nearest

__all__ = ["Table", "step_down"]


_EXAMPLES = {
    "clean": '{ "PRO" = "Pro" }, old text to new',
    "columns": '{ lead_id = "deal" }, field to column',
    "currency_signs": '{ "$" = "USD" }, sign to code',
    "lookup": "[lookup.agents], with file and key",
    "stages": '{ "Closed Won" = "lead_won" }, stage to kind of event',
    "when": '{ stage = "Won" }, column to text',
}
"""What the tables of a mapping look like, by the keys that hold them."""


def step_down(path: str, name: str) -> str:
    """The path of a member, as a mapping file would name it."""
    shown_name = name if name.replace("_", "").replace("-", "").isalnum() else json.dumps(name)
    return f"{path}.{shown_name}" if path else shown_name


def as_text(value: object) -> str | None:
    """A plain value of a mapping file as the text that a cell would hold; None for others."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool | list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return None


class Table:
    """One table and where it stands; all tables of a mapping share one list of faults.

    Attributes:
        values: What stands in it, by key.
        path: Where it stands; empty at the top.
        faults: Everything that is wrong with the mapping.
        meant: Known keys that misspelt ones seem to mean. That they are missing is no fault of
            its own.
    """

    def __init__(self, values: Mapping[str, object], path: str, faults: list[Fault]) -> None:
        self.values = {str(name): value for name, value in values.items()}
        self.path = path
        self.faults = faults
        self.meant: set[str] = set()

    def at(self, name: str) -> str:
        """The path of a key."""
        return step_down(self.path, name)

    def blame(self, name: str, reason: str) -> None:
        """Note what is wrong with a key's value."""
        value = self.values.get(name)
        text = value.isoformat() if isinstance(value, date | time) else value
        self.faults.append(Fault(self.at(name), "" if text is None else shown(text), reason))

    def lacks(self, name: str) -> bool:
        """Whether a key is missing, and no misspelt one seems to mean it."""
        return name not in self.values and name not in self.meant

    def blame_key(self, name: str, reason: str) -> None:
        """Note that a key itself is wrong, whatever its value."""
        self.faults.append(Fault(self.at(name), "", reason))

    def unknown(self, name: str, known: Iterable[str], *, what: str, otherwise: str) -> None:
        """Refuse a key that is not known, and remember which known one it seems to mean.

        Args:
            name: The key.
            known: The keys that may stand here.
            what: What the key is instead of one of these.
            otherwise: What to say where none of these is near.
        """
        near = nearest(name, known)
        if near:
            self.meant.add(near)
        self.blame_key(name, f"{what}; did you mean {near!r}?" if near else f"{what}; {otherwise}")

    def only(self, known: Iterable[str]) -> None:
        """Refuse every key that is not known."""
        names = list(known)
        for name in self.values:
            if name not in names:
                told = f"known are {', '.join(names)}"
                self.unknown(name, names, what="is an unknown key", otherwise=told)

    def text(self, name: str, default: str = "") -> str:
        """A text that is not empty."""
        value = self.values.get(name, default)
        if isinstance(value, str) and (value or name not in self.values):
            return value
        self.blame(name, "must be a text")
        return default

    def sign(self, name: str, default: str) -> str:
        """A single character."""
        value = self.values.get(name, default)
        if isinstance(value, str) and len(value) == 1 and value not in "\r\n":
            return value
        self.blame(name, "must be one character, such as ';', or '\\t' for a tab")
        return default

    def count(self, name: str) -> int:
        """A count of lines; none where it is not said."""
        value = self.values.get(name, 0)
        if type(value) is int and value >= 0:
            return value
        self.blame(name, "must be a count of lines such as 1, without quotes")
        return 0

    def encoding(self, default: str) -> str:
        """The name of a text encoding."""
        name = self.text("encoding", default)
        try:
            same = "a,b\n".encode(name).decode(name) == "a,b\n"
        except (LookupError, UnicodeError):
            same = False
        if not same:
            self.blame("encoding", "is no text encoding; try 'utf-8', 'cp1252' or 'utf-16'")
        return name if same else default

    def choice(self, name: str, choices: tuple[str, ...], default: str) -> str:
        """One of some words."""
        value = self.values.get(name, default)
        if isinstance(value, str) and value in choices:
            return value
        hint = near_name(value, choices) if isinstance(value, str) else ""
        told = ", ".join(repr(choice) for choice in choices if choice)
        self.blame(name, f"must be one of {told}{hint}")
        return default

    def flag(self, name: str, *, default: bool) -> bool:
        """True or false."""
        value = self.values.get(name, default)
        if isinstance(value, bool):
            return value
        self.blame(name, "must be true or false")
        return default

    def texts(self, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
        """A text or a list of texts."""
        value = self.values.get(name, list(default))
        if isinstance(value, str):
            return (value,)
        if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
            return tuple(value)
        self.blame(name, "must be a text or a list of texts")
        return default

    def table(self, name: str) -> Table:
        """A table below; an empty one where the key is absent."""
        value = self.values.get(name, {})
        if isinstance(value, Mapping):
            return Table(value, self.at(name), self.faults)
        such_as = _EXAMPLES.get(name) or _EXAMPLES.get(self.path, "")
        self.blame(name, f"must be a table{such_as and f' such as {such_as}'}")
        return Table({}, self.at(name), self.faults)

    def text_map(self, name: str) -> FrozenMap[str, str]:
        """A table of text to text."""
        below = self.table(name)
        found = {}
        for key, value in below.values.items():
            if isinstance(value, str):
                found[key] = value
            else:
                below.blame(key, "must be a text; write it in quotes")
        return FrozenMap(found)
