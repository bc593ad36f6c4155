"""What a restatement gives: both figures, and every lead that moved the figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Generic, TypeVar

from attrs import frozen

from partnerleads.kpis.restating.causes import Cause
from partnerleads.kpis.restating.parts import Parts, signed
from partnerleads.model import Figure, LeadId
from partnerleads.model.figure import counted
from partnerleads.model.moments import moment_text, zone_of
from partnerleads.showing import table_html

__all__ = ["Move", "Restatement"]

F = TypeVar("F", bound=Figure)

SHOWN = 10
"""How many leads, and how many causes of each, are printed; all are in ``moves``. [count]"""


@frozen(kw_only=True)
class Move:
    """One lead that moved a figure.

    Attributes:
        lead_id: The lead.
        before: The figure of this lead alone as it was; None where it was not counted.
        after: The same as it is.
        change: What it added to each part of the figure; empty where figures do not add up.
        causes: Why, what the records learned first.
    """

    lead_id: LeadId
    before: Figure | None
    after: Figure | None
    change: Parts
    causes: tuple[Cause, ...]

    @property
    def kind(self) -> str:
        """``entered``, ``left`` or ``changed``: what it did in the population."""
        if self.before is None:
            return "entered"
        return "left" if self.after is None else "changed"


@frozen(repr=False)
class Restatement(Generic[F]):
    """A figure at two moments of knowledge, or under two policies.

    Attributes:
        before: The figure as it was.
        after: The figure as it is.
        difference: How far each part of the figure moved: ``count``; ``hits`` and ``of`` of a
            rate; money by its currency. Empty for durations and sets, which do not add up, and
            where amounts of several currencies cannot be added.
        moves: The leads that moved it, by id.
        rounding: What weighted or converted amounts add to the difference by being rounded, each
            lead's for itself; without these the leads' changes add up to the difference exactly.
    """

    before: F
    after: F
    difference: Parts
    moves: tuple[Move, ...]
    rounding: Parts

    def to_dicts(self) -> list[dict[str, object]]:
        """The whole as a flat row, then a row a lead; all with the same names."""
        whole = self._row("whole", self.before, self.after, self.difference)
        return [whole] + [
            self._row("lead", move.before, move.after, move.change, move) for move in self.moves
        ]

    def _row(
        self,
        level: str,
        before: Figure | None,
        after: Figure | None,
        change: Parts,
        move: Move | None = None,
    ) -> dict[str, object]:
        causes = () if move is None else move.causes
        return {
            "figure": self.after.name,
            "level": level,
            "lead_id": None if move is None else move.lead_id,
            "kind": None if move is None else move.kind,
            "before": _value(before),
            "after": _value(after),
            **{f"change_{name}": change.get(name, 0) for name in self.difference},
            "causes": "; ".join(cause.words for cause in causes),
            "codes": ", ".join(cause.code for cause in causes),
            "event_ids": ", ".join(i for cause in causes for i in cause.event_ids),
        }

    def _heading(self) -> str:
        return f"{self.after.name} restated, as of {self._moment(self.after.as_of)}"

    def _moment(self, value: datetime) -> str:
        """An instant by the clock that the period goes by."""
        return moment_text(value, tz=zone_of(self.after.period))

    def _sides(self) -> Iterator[tuple[str, Figure]]:
        """The two figures, each with what it was known by."""
        policies = [side.definition.get("policy") for side in (self.before, self.after)]
        for side, policy in zip((self.before, self.after), policies, strict=True):
            known = side.known_at
            label = "all known" if known is None else f"known {self._moment(known)}"
            yield (label if policies[0] == policies[1] else f"{label}, rules {policy}"), side

    def _notes(self) -> list[str]:
        moved = counted(len(self.moves), "lead") + " moved it"
        if not self.difference:
            return [f"{moved}; its parts do not add up lead by lead"]
        notes = [f"difference {signed(self.difference)}; {moved}"]
        if any(self.rounding.values()):
            notes.append(f"of this, rounding {signed(self.rounding)}")
        return notes

    def __str__(self) -> str:
        lines = [self._heading()]
        lines += [
            f"  {label}: {side.value_text()} ({side.basis_text()})" for label, side in self._sides()
        ]
        lines += [f"  {note}" for note in self._notes()]
        for move in self.moves[:SHOWN]:
            lines.append(f"  {move.lead_id} {move.kind} {_shown(move)}")
            lines += [f"    {cause}" for cause in move.causes[:SHOWN]]
            lines += _more(move.causes, "    and {} more")
        lines += _more(self.moves, "  and {} more leads")
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<{self}>"

    def _repr_html_(self) -> str:
        rows = [(label, "", side.value_text(), side.basis_text()) for label, side in self._sides()]
        rows += [
            (move.lead_id, move.kind, _shown(move), "; ".join(map(str, move.causes)))
            for move in self.moves
        ]
        caption = "; ".join([self._heading(), *self._notes()])
        return table_html(caption, rows, titles=("", "moved", "figure", "why"))


def _more(things: Sequence[object], words: str) -> list[str]:
    """That there are more than are printed."""
    return [words.format(len(things) - SHOWN)] if len(things) > SHOWN else []


def _value(figure: Figure | None) -> str | None:
    return None if figure is None else figure.value_text()


def _shown(move: Move) -> str:
    """What a lead added, or its figures where these do not add up."""
    if move.change:
        return signed(move.change)
    return f"{_value(move.before) or 'not counted'} -> {_value(move.after) or 'not counted'}"
