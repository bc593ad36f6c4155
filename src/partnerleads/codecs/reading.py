"""What reading a file gave: events, the lines they came from, and the rows that were refused."""

from __future__ import annotations

from attrs import field, frozen

from partnerleads.errors import BadInputError, Fault
from partnerleads.events.order import Event
from partnerleads.model.frozen_map import FrozenMap

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


@frozen(kw_only=True, str=False)
class Reading:
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
    events: tuple[Event, ...] = field(repr=False)
    lines: tuple[int, ...] = field(repr=False)
    rejects: tuple[Reject, ...] = ()
    accepted: int
    ignored_fields: FrozenMap[str, int] = field(factory=FrozenMap)

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

    def __str__(self) -> str:
        """The counts in one line, then the first faults and what was left out."""
        faults = self.faults
        noun = "fault" if len(faults) == 1 else "faults"
        rows = "row" if self.read == 1 else "rows"
        counts = f"in {_spaced(self.read)} {rows}, {_spaced(self.accepted)} accepted"
        lines = [f"{self.name}: {_spaced(len(faults))} {noun} {counts}"]
        lines += [f"  {fault}" for fault in faults[:_MOST_SHOWN]]
        if len(faults) > _MOST_SHOWN:
            lines.append(f"  and {_spaced(len(faults) - _MOST_SHOWN)} more; read `.faults`")
        for name, count in self.ignored_fields.items():
            lines.append(f"  unknown field {name!r} left out of {_spaced(count)} rows")
        return "\n".join(lines)


def _spaced(count: int) -> str:
    return f"{count:,}".replace(",", " ")
