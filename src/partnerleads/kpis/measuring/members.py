"""The members of a population, read column by column."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from datetime import datetime, tzinfo
from functools import partial, reduce
from itertools import compress
from operator import attrgetter, methodcaller
from typing import TypeAlias

from attrs import frozen

from partnerleads.kpis.measuring.conditions import AllOf, Condition
from partnerleads.kpis.measuring.expressions import THERE, Column, followed, path_of, test_of
from partnerleads.kpis.measuring.measure import Unit
from partnerleads.kpis.measuring.units import OWN, units_of
from partnerleads.lifecycle import LeadLifecycle, Lifecycles
from partnerleads.lifecycle.compiled import milestone_column, milestone_columns
from partnerleads.lifecycle.lead_columns import DERIVED
from partnerleads.lifecycle.milestones import MILESTONES
from partnerleads.model import LeadId

__all__ = ["Anchor", "Members"]

Anchor: TypeAlias = tuple[str, ...]
"""Event columns, the first present of which counts."""


_WANTED = (
    "captured",
    "offered",
    "accepted",
    "responded",
    "progressed",
    "converted",
    "expected",
    "won",
    "closed",
)
"""The milestones that the figures of a review look at."""

_precision = attrgetter("precision")


@frozen
class Taken:
    """How a part is taken out of a whole.

    Attributes:
        whole: The whole.
        pick: What picks the part's column out of the whole's.
        size: How many members the part has.
    """

    whole: Members
    pick: Callable[[Column], Column]
    size: int


def _at(places: Sequence[int], column: Column) -> Column:
    return [column[place] for place in places]


def _where(mask: Sequence[bool], column: Column) -> Column:
    return list(compress(column, mask))


class Members:
    """Members of a population as of a moment; their columns are read when needed and kept.

    They stand in the order in which the log first names their leads, so no result may depend on it.

    A part of a population takes over what was read of the whole. Milestones are always read of
    the whole, since many parts want them; whatever takes work is read of the members that a
    figure asks for alone. A part knows its whole and no whole its parts, nor do members know the
    lifecycles that may keep them, so that all go at once when nobody needs them any more.

    Args:
        source: The history, whose leads the members are taken from; or how they are
            taken out of a whole.
        over: What the members are.
    """

    def __init__(self, over: Unit, source: Lifecycles | Taken) -> None:
        self.over = over
        self._columns: dict[Hashable, Column] = {}
        self._exact: dict[Anchor, bool] = {}
        if isinstance(source, Taken):
            self._taken: Taken | None = source
            self._size = source.size
            self.as_of: datetime = source.whole.as_of
            return
        self._taken = None
        # in the order of the log, in which their events are likely to be near in memory
        self._given = units_of(over, [*source.leads.values()])
        self._size = len(self._given)
        self.as_of = source.as_of
        self._troubled = source.troubled

    def __len__(self) -> int:
        return self._size

    # --- parts -----------------------------------------------------------------------------------

    def where(self, mask: Sequence[bool]) -> Members:
        """The members for which a column of truth values says so."""
        size = mask.count(True)
        if size == self._size:
            return self
        return Members(self.over, Taken(self, partial(_where, mask), size))

    def at(self, places: Sequence[int]) -> Members:
        """The members at some places."""
        return Members(self.over, Taken(self, partial(_at, places), len(places)))

    def keep(self, condition: Condition, zone: tzinfo) -> Members:
        """The members that meet a condition.

        Args:
            condition: The condition.
            zone: Zone in which dates are compared.
        """
        if isinstance(condition, AllOf):  # one by one, so that the later look at fewer members
            return reduce(lambda kept, one: kept.keep(one, zone), condition.conditions, self)
        test = test_of(condition)
        return self.where(test.passes(self.as_of, zone, *map(self.column, test.columns)))

    # --- columns ---------------------------------------------------------------------------------

    def knows(self, key: Hashable) -> bool:
        """Whether a column was read already, of these members or of the whole."""
        return key in self._columns or (self._taken is not None and self._taken.whole.knows(key))

    def _once(
        self,
        key: Hashable,
        read: Callable[[], Column],
        of: Callable[[Members], Column],
        *,
        shared: bool = False,
    ) -> Column:
        """A column, read now unless it is known or the whole is to read it."""
        if key not in self._columns:
            taken = self._taken
            if taken is not None and (shared or taken.whole.knows(key)):
                self._columns[key] = taken.pick(of(taken.whole))
            else:
                self._columns[key] = read()
        return self._columns[key]

    @property
    def units(self) -> Column:
        """The members themselves."""
        return self._once(("units",), lambda: self._given, attrgetter("units"), shared=True)

    @property
    def leads(self) -> Sequence[LeadLifecycle]:
        """The lead of each member."""
        if self.over == "leads":
            return self.units
        return self._once(
            ("leads",), lambda: [unit.lead for unit in self.units], attrgetter("leads")
        )

    @property
    def last_times(self) -> Sequence[datetime]:
        """When the last event of each lead occurred."""
        return self._once(
            ("last times",),
            lambda: [lead.events[-1].occurred_at for lead in self.leads],
            attrgetter("last_times"),
        )

    @property
    def troubled_ids(self) -> Sequence[LeadId | None]:
        """The id of the lead of each member, None where it has no problem."""
        return self._once(
            ("troubled ids",), self._read_troubled, attrgetter("troubled_ids"), shared=True
        )

    def _read_troubled(self) -> Column:
        troubled = self._troubled
        return [one if one in troubled else None for one in self.column("lead_id")]

    def column(self, name: str) -> Column:
        """A column by its name.

        Raises:
            OptionError: When there is no such column.
        """
        plain = name.removeprefix(THERE)
        shared = plain in MILESTONES and plain not in OWN[self.over]
        return self._once(
            name, lambda: self._read(name), methodcaller("column", name), shared=shared
        )

    def _read(self, name: str) -> Column:
        if name.startswith(THERE):  # to hold a truth value opens no event
            return [one is not None for one in self.column(name.removeprefix(THERE))]
        path = path_of(name, OWN[self.over])
        if path.rest:
            return followed(path.rest)(self.column(path.first))
        if path.first in OWN[self.over]:
            return list(map(attrgetter(name), self.units))
        if path.first in MILESTONES:
            return self._read_milestone(name)
        if name in DERIVED and self.over == "leads":
            return DERIVED[name].read(self.leads, *map(self.column, DERIVED[name].needs))
        return list(map(attrgetter(name), self.leads))

    def _read_milestone(self, name: str) -> Column:
        """The events of a milestone; those that many figures want are read all at once."""
        if name not in _WANTED or OWN[self.over]:
            return milestone_column(name, self.leads)
        self._columns |= zip(_WANTED, milestone_columns(_WANTED)(self.leads), strict=True)
        return self._columns[name]

    def events(self, anchor: Anchor) -> Column:
        """The first present of some event columns."""
        if len(anchor) == 1:
            return self.column(anchor[0])
        return self._once(
            anchor, lambda: self._first_present(anchor), methodcaller("events", anchor)
        )

    def _first_present(self, anchor: Anchor) -> Column:
        first, *others = map(self.column, anchor)
        for other in others:
            first = [one or another for one, another in zip(first, other, strict=True)]
        return first

    def times(self, anchor: Anchor) -> Column:
        """When the first present of some event columns occurred; None where none is present."""
        return self._once(
            ("times", anchor),
            lambda: [event and event.occurred_at for event in self.events(anchor)],
            methodcaller("times", anchor),
        )

    def exact(self, anchor: Anchor) -> bool:
        """Whether the first present of some event columns is always known to the instant."""
        if anchor not in self._exact:
            whole = None if self._taken is None else self._taken.whole
            self._exact[anchor] = (
                whole is not None and whole.exact(anchor)  # what holds of all holds of every part
            ) or set(map(_precision, filter(None, self.events(anchor)))) <= {"instant"}
        return self._exact[anchor]
