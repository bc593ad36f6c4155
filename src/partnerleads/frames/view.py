"""The columns of a lifecycle on a frame of leads, by the names that measures use.

Whoever builds an expression asks a view for its columns; the view remembers what must be joined
to the leads, and :meth:`View.frame` joins just that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import Any, NamedTuple

import narwhals.stable.v2 as nw

from partnerleads.errors import OptionError
from partnerleads.events import LeadAccepted, LeadOffered, LeadWon
from partnerleads.frames.engines import Frame, names_of
from partnerleads.frames.flags import YES, all_of, any_of, no
from partnerleads.frames.ordering import precision_of
from partnerleads.frames.stating import check_fact, column_of_fact, latest_of, with_fields
from partnerleads.frames.story import Story
from partnerleads.frames.table import MONEY
from partnerleads.frames.units import UNITS, Kinds
from partnerleads.frames.wording import precision_text, stage_text, status_text
from partnerleads.frames.working import Worked, with_worked
from partnerleads.kpis.measuring.keys import FACTS
from partnerleads.kpis.measuring.measure import Unit
from partnerleads.lifecycle.milestones import MILESTONES
from partnerleads.model.options import check_choice

__all__ = ["Amount", "View"]

_CREDIT = {"attribution": "credits", "sourcing_partner": "sourcing"}
"""What brings them."""
_FIRST_OFFER = ("first_offer_accepted", "first_offer_kept", "first_offer_resolved")
_GROUPS = {"accepted_offer": "first_offers", "converting_acceptance": "converting"}
"""Events that are no milestones, and what brings them."""
_INNER = ("expected_close", "likely", "staged")
"""Milestones that only serve to tell other columns."""
_EVENTS = (*(name for name in MILESTONES if name not in _INNER), *_GROUPS)
_KINDS: Mapping[str, Kinds] = {
    "accepted_offer": (LeadOffered,),
    "converting_acceptance": (LeadAccepted,),
    **{name: milestone.kinds for name, milestone in MILESTONES.items()},
}
_AMOUNTS = ("final_value", "expected_value", "decided_value")
_WON = {"value": "won_value", "value_currency": "won_currency"}
"""What the standing win states, by the names that its money has."""
_ON_ROWS = ("refunds", "offers", "events", "first_offer")


class Amount(NamedTuple):
    """Money: whole smallest units, and their currency."""

    units: Any
    currency: Any


class View:
    """The members a measure ranges over, with the columns that were asked for.

    Args:
        story: The frames of a history.
        over: What the members are.
    """

    def __init__(self, story: Story, over: Unit) -> None:
        if over not in UNITS:
            raise _refused("over", over)
        self.story, self.over, self._own = story, over, UNITS[over]
        self._kinds = {**_KINDS, **self._own.events}
        self._events = (*dict.fromkeys((*_EVENTS, *self._own.events)),)
        self._base: set[str] = set()
        self._fields: dict[str, set[str]] = defaultdict(set)
        self._groups: set[str] = set()
        self._latest: set[str] = set()
        self._worked: list[Worked] = []
        self._present: dict[str, Any] = {}

    # --- asking for columns -----------------------------------------------------------------------

    def present(self, name: str) -> Any:
        """Whether a column is there; never null, and asked again the same expression."""
        if name not in self._present:
            self._present[name] = self._presence(name)
        return self._present[name]

    def _presence(self, name: str) -> Any:
        if name == "captured" and self._own.captured and name not in self._own.events:
            return YES
        if name in self._events:
            return ~self.key(name).is_null()
        if name in ("status", "in_progress", "claimed", "gross_wins", *_FIRST_OFFER):
            self.value(name)
            return YES
        if self._is_money(name):
            return ~self.money(name).units.is_null()
        return ~self.value(name).is_null()

    def own(self, column: str) -> Any:
        """A column of the frame of leads itself."""
        self._base.add(column)
        return nw.col(column)

    def at(self, name: str) -> Any:
        """When an event happened. [microseconds since 1970]"""
        self._check_event(name)
        if name == "converting_acceptance":  # brought by its key alone
            return self._field(name, "at")
        self._key(name)
        return self.own(f"{name}_at")

    def key(self, name: str) -> Any:
        """The key of an event."""
        self._check_event(name)
        return self._key(name)

    def precise(self, name: str) -> Any:
        """How exactly the time of an event is known; null where there is no event."""
        return precision_of(self.key(name))

    def money(self, name: str) -> Amount:
        """An amount of money."""
        if name == "final_value":
            self._groups.add("won_money")
            return Amount(nw.col("final_value"), nw.col("won_currency"))
        if name == "decided_value":
            return self._decided()
        if name == "expected_value":
            name = "expected.expected_value"
        event, _, field = name.rpartition(".")
        if field not in MONEY or event not in self._events:
            raise OptionError("column", name, "is no money of a lifecycle")
        return Amount(self._field(event, field), self._field(event, f"{field}_currency"))

    def value(self, name: str) -> Any:  # noqa: C901, PLR0911 - one answer for each kind of column
        """A text, a number, a yes or no, or an instant."""
        if (fact := self._fact(name)) is not None:
            return fact
        if name in self._computed:
            return self._computed[name]()
        if name in _CREDIT:
            self._groups.add(_CREDIT[name])
            return nw.col(name)
        if name in _FIRST_OFFER:
            self._groups.add("first_offers")
            return nw.col(name).fill_null(value=False)
        if name == "gross_wins":
            return self.own(name)
        event, _, field = name.partition(".")
        if field == "occurred_at":
            return self.at(event)
        if field == "precision":
            code = self.precise(event)
            return nw.when(self.present(event)).then(precision_text(code))
        if field and event in self._events:
            if field.startswith("lead."):
                check_fact(self.story, "column", name)
                field = field.replace("lead.", "lead_", 1)
            if field not in self.story.fields:
                raise _refused("column", name)
            return self._field(event, field)
        if event in _ON_ROWS or name.startswith("facts"):
            raise _refused("column", name)
        check_choice("column", event, self._names)
        raise OptionError("column", name, "is no column of a lifecycle")

    def holder(self, event: str) -> Any:
        """Who an event names: the partner, or the person where no partner is named."""
        return nw.coalesce(self._field(event, "partner_id"), self._field(event, "agent_id"))

    def worked(self, wanted: Worked) -> Any:
        """Working time. [microseconds]"""
        self._worked.append(wanted)
        return nw.col(f"worked{len(self._worked) - 1}")

    @cached_property
    def _computed(self) -> dict[str, Callable[[], Any]]:
        return {
            "lead_id": lambda: nw.col("lead_id"),
            "status": self._status,
            "stage": self._stage,
            "in_progress": lambda: all_of(no(self.present("closed")), self.present("progressed")),
            "claimed": lambda: any_of(*map(self.present, ("captured.originator", "registered"))),
            "holder": lambda: self.holder("held"),
            "closing_partner": lambda: self._field("closed", "partner_id"),
            "agent": lambda: nw.coalesce(*(self._field(e, "agent_id") for e in ("closed", "held"))),
            "reason": lambda: self._field("closed", "reason"),
            "probability": lambda: self._field("likely", "probability"),
            "expected_close_at": lambda: self._field("expected_close", "expected_close_at"),
            **{name: partial(self._field, *said) for name, said in self._own.texts.items()},
            **{name: partial(nw.col, name) for name in self._own.flags},
        }

    @property
    def _names(self) -> tuple[str, ...]:
        return (*self._events, *self._computed, *_CREDIT, *_FIRST_OFFER, *FACTS)

    def _decided(self) -> Amount:
        """What a closed lead was about; where its standing close is a win, that stands."""
        rank = self._field("closed", "rank")
        final, hoped = self.money("final_value"), self.money("expected_value")
        won, closed = nw.when(rank == LeadWon.rank), nw.when(~rank.is_null())
        both = zip(final, hoped, strict=True)
        return Amount(*(won.then(one).otherwise(closed.then(two)) for one, two in both))

    def _status(self) -> Any:
        return status_text(self._field("closed", "rank"))

    def _stage(self) -> Any:
        stage = stage_text(self._field("staged", "rank"))
        return nw.when(self.present("closed")).then(self._status()).otherwise(stage)

    def _fact(self, name: str) -> Any | None:
        """A fact of the lead by the name of its key; None where it is none."""
        column = column_of_fact(self.story, name)
        if column is None:
            return None
        if not name.startswith("latest."):
            return self._field("captured", column)
        self._latest.add(column)
        return nw.col(f"latest__{column}")

    def _is_money(self, name: str) -> bool:
        return name in _AMOUNTS or name.rpartition(".")[2] in MONEY

    def _check_event(self, name: str) -> None:
        if name not in self._events:
            self.value(name)
            raise OptionError("column", name, "is no event of a lifecycle")

    def _key(self, event: str) -> Any:
        if event in _GROUPS:
            self._groups.add(_GROUPS[event])
        return self.own(f"{event}_key")

    def _field(self, event: str, field: str) -> Any:
        if event == "won" and field in _WON and event not in self._own.events:
            self._groups.add("won_money")
            return nw.col(_WON[field])
        self._key(event)
        self._fields[event].add(field)
        return nw.col(f"{event}__{field}")

    # --- bringing them in -------------------------------------------------------------------------

    def frame(self) -> Frame:
        """The members, with every column that was asked for."""
        groups = [getattr(self.story, name) for name in sorted(self._groups)]
        frame = self._members()
        for group in groups:
            frame = frame.join(group, on="lead_id", how="left")
        for event, fields in sorted(self._fields.items()):
            frame = with_fields(frame, self.story, event, self._kinds[event], sorted(fields))
        for column in sorted(self._latest):
            frame = frame.join(latest_of(self.story, column), on="lead_id", how="left")
        for number, wanted in enumerate(self._worked):
            frame = with_worked(frame, f"worked{number}", wanted)
        return frame

    @property
    def unit(self) -> list[str]:
        """The columns that name a member."""
        return ["lead_id", *self._own.name]

    def _members(self) -> Frame:
        leads = self._leads()
        own = [name for name in names_of(leads) if name in self._base]
        if self._own.members is None:
            return leads.select("lead_id", *own)
        members = self._own.members(self.story)
        theirs = {*names_of(members)}
        leads = leads.select("lead_id", *(name for name in own if name not in theirs))
        return members.join(leads, on="lead_id", how="inner")

    def _leads(self) -> Frame:
        """The leads with the milestones that were asked for."""
        known = self.story.lead_columns
        asked = [
            self.story.milestone(name)
            for name in MILESTONES
            if name not in self._own.events
            and {f"{name}_key", f"{name}_at"} & self._base
            and f"{name}_key" not in known
        ]
        leads = self.story.captured if self._own.captured else self.story.leads
        for milestone in asked:
            leads = leads.join(milestone, on="lead_id", how="left")
        return leads


def _refused(option: str, value: object) -> OptionError:
    return OptionError(option, value, "is not known on frames; read the events and fold them")
