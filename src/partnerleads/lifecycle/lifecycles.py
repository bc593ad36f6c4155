"""All leads of a programme as of a moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, TypeVar

from attrs import field, frozen

from partnerleads.attribution import AttributionPolicy, backdating_findings, explained
from partnerleads.events import (
    ContactMade,
    CostIncurred,
    DealRegistered,
    LeadCaptured,
    LeadEvent,
    PartnerEvent,
)
from partnerleads.lifecycle.lead_lifecycle import LeadLifecycle, Moment
from partnerleads.lifecycle.offers import Offer
from partnerleads.lifecycle.partner_states import partner_at
from partnerleads.lifecycle.problem_rules import grouped
from partnerleads.model import Finding, LeadId, Partner, PartnerId, Problem

__all__ = ["BULK", "Lifecycles"]

T = TypeVar("T")

BULK = 1000
"""As many claims and contacts recorded at one instant, happened on several days, were imported."""

_memo: Any = field(default=None, init=False, eq=False, repr=False)


@frozen(kw_only=True, repr=False)
class Lifecycles(Mapping[LeadId, LeadLifecycle]):
    """Every lead's lifecycle as of a moment, by lead id.

    Attributes:
        moment: What the fold looked from.
        leads: The lifecycles; leads that were never captured are among them, and stay outside
            every population.
        partner_events: The events of each partner, settled and in order.
        costs: What the programme spent, in order.
        settling_problems: Conflicting versions and retractions that name nothing.
    """

    moment: Moment
    leads: Mapping[LeadId, LeadLifecycle]
    partner_events: Mapping[PartnerId, tuple[PartnerEvent, ...]]
    costs: tuple[CostIncurred, ...]
    settling_problems: tuple[Problem, ...]
    _problems: tuple[Problem, ...] | None = _memo
    _findings: tuple[Finding, ...] | None = _memo
    _offers: tuple[Offer, ...] | None = _memo
    _partners: Mapping[PartnerId, Partner] | None = _memo
    _troubled: Mapping[LeadId, int] | None = _memo
    _population: tuple[LeadLifecycle, ...] | None = _memo
    _has_relative: bool | None = _memo

    def __getitem__(self, lead_id: LeadId) -> LeadLifecycle:
        return self.leads[lead_id]

    def __iter__(self) -> Iterator[LeadId]:
        return iter(self.leads)

    def __len__(self) -> int:
        return len(self.leads)

    def __repr__(self) -> str:
        return f"<Lifecycles of {len(self)} leads as of {self.as_of.isoformat()}>"

    @property
    def as_of(self) -> datetime:
        """The moment looked from. [aware datetime]"""
        return self.moment.as_of

    @property
    def known_at(self) -> datetime | None:
        """The moment of knowledge; None knows everything. [aware datetime]"""
        return self.moment.known_at

    @property
    def policy(self) -> AttributionPolicy:
        """The rules of attribution."""
        return self.moment.policy

    def _once(self, name: str, make: Callable[[], T]) -> T:
        known: T | None = getattr(self, name)
        if known is None:
            known = make()
            object.__setattr__(self, name, known)
        return known

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Where the histories contradict themselves; one for many where a whole step is absent."""
        return self._once("_problems", self._find_problems)

    def _find_problems(self) -> tuple[Problem, ...]:
        single = [problem for lead in self.leads.values() for problem in lead.problems]
        present = frozenset(type(e) for lead in self.leads.values() for e in lead.events)
        costs = [
            Problem(
                rule="negative_cost",
                words=f"a cost of {cost.cost} is negative",
                event_ids=(cost.event_id,),
                leads=0,
            )
            for cost in self.costs
            if cost.cost.amount < 0
        ]
        return (*self.settling_problems, *grouped(single, present), *costs)

    @property
    def troubled(self) -> Mapping[LeadId, int]:
        """How many problems each lead has of its own, where it has any. [counts]"""
        own = (problem.lead_id for problem in self.problems if problem.lead_id is not None)
        return self._once("_troubled", lambda: Counter(own))

    @property
    def population(self) -> tuple[LeadLifecycle, ...]:
        """The leads that were captured; the others stay outside every figure."""
        return self._once(
            "_population",
            lambda: tuple(lead for lead in self.leads.values() if lead.captured is not None),
        )

    @property
    def has_relative(self) -> bool:
        """Whether any event has an invented calendar."""
        return self._once(
            "_has_relative",
            lambda: any(e.precision == "relative" for ld in self.leads.values() for e in ld.events),
        )

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What a reviewer should doubt about the attribution."""
        return self._once("_findings", lambda: tuple(self._find_doubts()))

    def _find_doubts(self) -> Iterator[Finding]:
        recorded: dict[datetime, set[object]] = {}
        counts: Counter[datetime] = Counter()
        for lead_id, lead in self.leads.items():
            grounds = [e for e in lead.events if isinstance(e, _GROUNDS)]
            for event in grounds:
                counts[event.recorded_at] += 1
                recorded.setdefault(event.recorded_at, set()).add(event.occurred_at.date())
            if any(event.recorded_at != event.occurred_at for event in grounds):
                yield from backdating_findings(
                    lead_id,
                    lead.events,
                    captured=lead.captured,
                    closed=lead.closed,
                    policy=self.policy,
                    as_of=self.as_of,
                )
        for moment, count in counts.items():
            if count >= BULK and len(recorded[moment]) > 1:
                yield Finding(
                    rule="bulk_recorded",
                    words=(
                        f"{count} claims and contacts were recorded at {moment.isoformat()}; "
                        "who was first cannot be judged from that import"
                    ),
                    at=moment,
                )

    @property
    def offers(self) -> tuple[Offer, ...]:
        """Every offer of every lead."""
        return self._once(
            "_offers", lambda: tuple(o for lead in self.leads.values() for o in lead.offers)
        )

    @property
    def partners(self) -> Mapping[PartnerId, Partner]:
        """Every partner with events of its own, as known by the moment."""
        return self._once(
            "_partners",
            lambda: {pid: partner_at(pid, events) for pid, events in self.partner_events.items()},
        )

    def partner_at(self, partner_id: PartnerId, moment: datetime) -> Partner:
        """The partner as known at an earlier moment; one without events states nothing."""
        return partner_at(partner_id, self.partner_events.get(partner_id, ()), moment)

    def explain(self, lead_id: LeadId) -> str:
        """Who is credited with a lead and why, in words.

        Raises:
            KeyError: When no event names the lead.
        """
        return explained(lead_id, self.leads[lead_id].verdict)


_GROUNDS: tuple[type[LeadEvent], ...] = (LeadCaptured, DealRegistered, ContactMade)
