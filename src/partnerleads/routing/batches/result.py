"""Who gets which lead of a batch, what it is worth, and how far that can be from the best."""

from __future__ import annotations

from datetime import datetime

from attrs import field, frozen

from partnerleads.errors import OptionError
from partnerleads.model import FrozenMap, LeadId, RecipientId
from partnerleads.model.figure import counted
from partnerleads.routing.batches.asked import Batch
from partnerleads.routing.batches.decisions import decisions_of
from partnerleads.routing.decision import Decision, Unroutable
from partnerleads.routing.prospect import Prospect
from partnerleads.routing.protocol import Ranked
from partnerleads.showing import table_html

__all__ = ["Assignment", "BatchResult", "PassedOver", "Slots"]

_SHOWN, _NAMED = 20, 3


@frozen
class Slots:
    """The room that a recipient had for leads of a batch.

    Attributes:
        free: Leads it could take; None has no limit. [count]
        taken: Leads it got. [count]
        price: What a slot is worth to the leads that did not get it. Where the gap is 0, one slot
            more would add exactly this to the value; else it is where bids for slots came to a
            rest. [>= 0, in the unit of the values]
    """

    free: int | None
    taken: int
    price: float

    @property
    def full(self) -> bool:
        """Whether no slot is left."""
        return self.free is not None and self.taken >= self.free


@frozen
class PassedOver:
    """A recipient that is worth more with a lead than the one that got it.

    Attributes:
        recipient_id: The recipient.
        value: What the pair is worth.
        full: Whether others took all of its slots.
    """

    recipient_id: RecipientId
    value: float
    full: bool

    def __str__(self) -> str:
        state = "full" if self.full else "left out by the solver"
        return f"{self.recipient_id}, worth {self.value:.6g}, is {state}"


@frozen(kw_only=True)
class Assignment:
    """What a batch came to for one lead.

    Attributes:
        lead: The lead.
        recipient_id: Who gets it; None where nobody does.
        value: What the pair is worth; None without one, and for a lead decided before.
        price: What the slot it takes is worth to the leads that did not get it; None without one.
        passed_over: Who would be worth more with it, the most first.
        reasons: Why it went where it went, or why nowhere, in words.
    """

    lead: Prospect
    recipient_id: RecipientId | None
    value: float | None = None
    price: float | None = None
    passed_over: tuple[PassedOver, ...] = ()
    reasons: tuple[str, ...] = ()

    def __str__(self) -> str:
        worth = "" if self.value is None else f", worth {self.value:.6g}"
        head = f"{self.lead.lead_id} goes to {self.recipient_id or 'nobody'}{worth}"
        return f"{head}: {self.why}" if self.why else head

    @property
    def why(self) -> str:
        """The reasons and the first of those passed over, in words; empty where it got the best."""
        more = len(self.passed_over) - _NAMED
        rest = (f"and {more} more",) if more > 0 else ()
        return "; ".join((*self.reasons, *map(str, self.passed_over[:_NAMED]), *rest))


@frozen(kw_only=True, repr=False)
class BatchResult:
    """Leads assigned together.

    Attributes:
        as_of: The moment. [aware datetime]
        method: ``greedy``, or the name of the solver.
        assignments: What it came to for each lead, by id.
        value: What all pairs are worth together; leads decided before do not count.
        upper_bound: No assignment of these leads is worth more; proven by prices of the slots.
        slots: The room that each recipient had that may take one of the leads, by id.
        batch: What it was made from.
    """

    as_of: datetime
    method: str
    assignments: tuple[Assignment, ...]
    value: float
    upper_bound: float
    slots: FrozenMap[RecipientId, Slots]
    batch: Batch = field(eq=False)
    _decisions: tuple[Decision, ...] | None = field(default=None, init=False, eq=False)

    @property
    def gap(self) -> float:
        """How far the value can be below the best, by the bound; the true gap is no larger. [0..1]

        0 where the value is proven to be the best there is, to within a billionth.
        """
        short = self.upper_bound - self.value
        return short / self.upper_bound if short > 1e-9 * self.upper_bound else 0.0

    @property
    def unassigned(self) -> tuple[Assignment, ...]:
        """The leads that nobody gets, with why."""
        return tuple(one for one in self.assignments if one.recipient_id is None)

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """The same as decisions about one lead each, by lead: to keep, and for the next context.

        Those decided before are as they were; the others take turns in the order of their ids.
        """
        if self._decisions is None:
            object.__setattr__(self, "_decisions", self._decided())
        return self._decisions or ()

    def _decided(self) -> tuple[Decision, ...]:
        places, why = {}, {}
        for one in self.assignments:
            if one.recipient_id is not None and one.value is not None:
                places[one.lead.lead_id] = Ranked(one.recipient_id, {"value": one.value})
            else:
                said = (*one.reasons, *map(str, one.passed_over))
                why[one.lead.lead_id] = Unroutable(said)
        return decisions_of(self.batch, self.method, places, why)

    def assignment(self, lead_id: LeadId) -> Assignment:
        """What it came to for one lead.

        Raises:
            OptionError: When the batch has no such lead.
        """
        for one in self.assignments:
            if one.lead.lead_id == lead_id:
                return one
        raise OptionError("lead_id", lead_id, "is not in the batch")

    def to_dicts(self) -> list[dict[str, object]]:
        """A row for each lead."""
        return [
            {
                "lead_id": one.lead.lead_id,
                "recipient_id": one.recipient_id,
                "value": one.value,
                "price": one.price,
                "passed_over": [over.recipient_id for over in one.passed_over],
                "reasons": list(one.reasons),
            }
            for one in self.assignments
        ]

    def __str__(self) -> str:
        shown = map(str, self.assignments[:_SHOWN])
        lines = [self._worth(), *shown, *self._more(), *self._full()]
        return "\n".join((self._head(), *(f"  {line}" for line in lines)))

    __repr__ = __str__

    def _repr_html_(self) -> str:
        rows = [
            (
                one.lead.lead_id,
                one.recipient_id or "nobody",
                "" if one.value is None else f"{one.value:.6g}",
                one.why,
            )
            for one in self.assignments[:_SHOWN]
        ]
        head = f"{self._head()}: {self._worth()}"
        titles = ("lead", "goes to", "worth", "why")
        return table_html(head, rows, titles=titles, notes=[*self._more(), *self._full()])

    def _head(self) -> str:
        count = len(self.assignments)
        given = count - len(self.unassigned)
        moment = f"{self.as_of:%Y-%m-%d %H:%M} UTC"
        return f"{given} of {counted(count, 'lead')} assigned by {self.method} as of {moment}"

    def _worth(self) -> str:
        return f"value {self.value:.6g}, {self._distance()}"

    def _more(self) -> list[str]:
        more = len(self.assignments) - _SHOWN
        return [f"and {more} more"] if more > 0 else []

    def _full(self) -> list[str]:
        worth = "a slot costs" if self.gap else "one slot more would add"
        return [
            f"{name} is full with {room.taken}; {worth} {room.price:.6g}"
            for name, room in self.slots.items()
            if room.full
        ]

    def _distance(self) -> str:
        if not self.gap:
            return "the most there is"
        return (
            f"at most {100 * self.gap:.2f} % below the best (no more than {self.upper_bound:.6g})"
        )
