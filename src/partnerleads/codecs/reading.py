"""What reading a file gave: events, the lines they came from, and the rows that were refused."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import field, frozen

from partnerleads.errors import BadInputError
from partnerleads.events.order import Event
from partnerleads.faults import Fault, fault_lines
from partnerleads.model.frozen_map import FrozenMap
from partnerleads.showing import Shown, spaced

__all__ = ["Reading", "Reject"]

_MOST_SHOWN = 20


@frozen
class Reject:
    r"""A row that was not accepted.

    Attributes:
        line: Line of the file where the row begins, counted from 1.
        text: The row as it stood; bytes that are no UTF-8 are shown as ``\xff``.
        faults: Everything that is wrong with it, at least one thing.
    """

    line: int
    text: str
    faults: tuple[Fault, ...]


@frozen(kw_only=True, repr=False)
class Reading(Shown):
    """The rows of one file, each accepted or rejected, and the events of the accepted ones.

    Attributes:
        name: Name of the file.
        events: The events, in the order of the file.
        lines: For each event, the line of its row, counted from 1; where one row gave several
            events its line repeats.
        rejects: The rows that were refused, in the order of the file.
        accepted: How many rows were accepted, whether or not they gave events. [count]
        ignored_fields: How often each unknown field was left out of an accepted row; empty
            where unknown fields are refused.
    """

    name: str
    events: tuple[Event, ...]
    lines: tuple[int, ...]
    rejects: tuple[Reject, ...] = ()
    accepted: int
    ignored_fields: FrozenMap[str, int] = field(factory=FrozenMap)

    def __iter__(self) -> Iterator[Event]:
        """The events, so that a reading stands wherever events are expected."""
        return iter(self.events)

    def __len__(self) -> int:
        """How many events there are. [count]"""
        return len(self.events)

    @property
    def rejected(self) -> int:
        """How many rows were refused. [count]"""
        return len(self.rejects)

    @property
    def read(self) -> int:
        """How many rows the file has: the accepted and the rejected ones. [count]"""
        return self.accepted + self.rejected

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Everything that is wrong with the file, in the order of its lines."""
        return tuple(fault for reject in self.rejects for fault in reject.faults)

    def raise_faults(self) -> None:
        """Do nothing where every row was accepted.

        Raises:
            BadInputError: with all faults, where some were not.
        """
        if self.rejects:
            raise BadInputError(self.name, self.faults, self.read, self.accepted)

    def to_dicts(self) -> list[dict[str, object]]:
        """What is wrong with the file, as flat rows: one for each fault."""
        return [
            {
                "file": self.name,
                "line": fault.line,
                "path": fault.path,
                "value": fault.value,
                "reason": fault.reason,
            }
            for fault in self.faults
        ]

    def _head(self) -> str:
        rows = f"{spaced(self.read, 'row')}, {spaced(self.accepted)} accepted"
        return f"{self.name}: {spaced(len(self.faults), 'fault')} in {rows}"

    def _facts(self) -> list[str]:
        """The first faults, equal ones once, and what was left out."""
        lines = fault_lines(self.faults, most=_MOST_SHOWN, how="read `.faults`")
        for name, count in self.ignored_fields.items():
            lines.append(f"unknown field {name!r} left out of {spaced(count, 'row')}")
        return lines
