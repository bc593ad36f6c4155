"""All leads of a programme as of a moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime
from difflib import get_close_matches
from itertools import chain
from operator import attrgetter
from typing import Any, TypeVar

from attrs import evolve, field, frozen

from partnerleads.attribution import AttributionPolicy, explained
from partnerleads.errors import UnknownLeadError
from partnerleads.events import CostIncurred, LeadCaptured, PartnerEvent
from partnerleads.lifecycle.compiled import milestone_column
from partnerleads.lifecycle.doubts import doubts
from partnerleads.lifecycle.kind_columns import KindColumns
from partnerleads.lifecycle.lead_lifecycle import STATUSES, LeadLifecycle
from partnerleads.lifecycle.leads_but import LeadsBut
from partnerleads.lifecycle.moment import Moment
from partnerleads.lifecycle.offers import Offer
from partnerleads.lifecycle.partner_states import partner_at
from partnerleads.lifecycle.problem_rules import grouped
from partnerleads.lifecycle.problem_suspects import problems_among
from partnerleads.model import Finding, LeadId, Partner, PartnerId, Problem, instant
from partnerleads.model.figure import counted

__all__ = ["Lifecycles"]

T = TypeVar("T")

_precision = attrgetter("precision")

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
        kept: What figures read of the leads, for the next figure to find.
    """

    moment: Moment
    leads: Mapping[LeadId, LeadLifecycle]
    partner_events: Mapping[PartnerId, tuple[PartnerEvent, ...]]
    costs: tuple[CostIncurred, ...]
    settling_problems: tuple[Problem, ...]
    _columns: KindColumns | None = _memo
    _own_problems: tuple[Problem, ...] | None = _memo
    _problems: tuple[Problem, ...] | None = _memo
    _findings: tuple[Finding, ...] | None = _memo
    _offers: tuple[Offer, ...] | None = _memo
    _partners: Mapping[PartnerId, Partner] | None = _memo
    _troubled: Mapping[LeadId, int] | None = _memo
    _population: tuple[LeadLifecycle, ...] | None = _memo
    _in_order: tuple[LeadLifecycle, ...] | None = _memo
    _precisions: frozenset[str] | None = _memo
    kept: dict[Hashable, Any] = field(factory=dict, init=False, eq=False, repr=False)

    def __getitem__(self, lead_id: LeadId) -> LeadLifecycle:
        return self.leads[lead_id]

    def __iter__(self) -> Iterator[LeadId]:
        return iter(self.leads)

    def __len__(self) -> int:
        return len(self.leads)

    def __repr__(self) -> str:
        return f"<Lifecycles of {counted(len(self), 'lead')} as of {self.as_of.isoformat()}>"

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
    def in_order(self) -> tuple[LeadLifecycle, ...]:
        """The lifecycles by lead id, whatever the order in which their events came."""
        leads = self.leads
        return self._once("_in_order", lambda: tuple(leads[lead_id] for lead_id in sorted(leads)))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Where the histories contradict themselves; one for many where a whole step is absent."""
        return self._once("_problems", self._find_problems)

    def _log(self) -> KindColumns:
        """The events of all leads by kind."""
        return self._once("_columns", lambda: KindColumns(tuple(self.leads.values())))

    def _own(self) -> tuple[Problem, ...]:
        """The problems of each lead's own story, before any are put together."""
        return self._once("_own_problems", lambda: tuple(problems_among(self.leads)))

    def _find_problems(self) -> tuple[Problem, ...]:
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
        return (*self.settling_problems, *grouped(self._own(), self._log()), *costs)

    @property
    def troubled(self) -> Mapping[LeadId, int]:
        """How many problems each lead has, where it has any. [counts]

        A step that is absent from the whole log is one problem of the history, and still one of
        each lead that it touches.
        """
        return self._once("_troubled", self._count_problems)

    def _count_problems(self) -> Mapping[LeadId, int]:
        problems = chain(self.settling_problems, self._own())
        return Counter(one.lead_id for one in problems if one.lead_id is not None)

    def share_troubled(self, other: Lifecycles, *, but: AbstractSet[LeadId]) -> None:
        """Take over what another fold has found wrong with leads that look the same in both.

        Args:
            other: The other fold; one that was not asked for problems gives nothing.
            but: The leads that may look different, in which this one looks for itself.
        """
        if other._troubled is None:
            return
        same = {name: count for name, count in other._troubled.items() if name not in but}
        # of leads that no event is left of, too, versions may have been in conflict
        found = chain(self.settling_problems, problems_among(self.only(but).leads))
        mine = Counter(one.lead_id for one in found if one.lead_id in but)
        object.__setattr__(self, "_troubled", mine | Counter(same))

    def only(self, lead_ids: AbstractSet[LeadId]) -> Lifecycles:
        """The lifecycles of some leads; the others are as if they had never been.

        Args:
            lead_ids: Which.
        """
        return self._part({name: lead for name, lead in self.leads.items() if name in lead_ids})

    def without(self, lead_ids: AbstractSet[LeadId]) -> Lifecycles:
        """The lifecycles of all leads but some, which are as if they had never been.

        Args:
            lead_ids: Which are left out; if they are few, nothing is done to the others.
        """
        return self._part(LeadsBut(self.leads, lead_ids))

    def _part(self, leads: Mapping[LeadId, LeadLifecycle]) -> Lifecycles:
        met = [one for one in self.settling_problems if one.lead_id is None or one.lead_id in leads]
        part = evolve(self, leads=leads, settling_problems=tuple(met))
        if self._troubled is not None:  # what a lead's problems are hangs on no other lead
            own = {name: count for name, count in self._troubled.items() if name in leads}
            object.__setattr__(part, "_troubled", Counter(own))
        return part

    @property
    def population(self) -> tuple[LeadLifecycle, ...]:
        """The leads that were captured, by lead id; the others stay outside every figure."""
        return self._once(
            "_population",
            lambda: tuple(lead for lead in self.in_order if LeadCaptured.rank in lead.shape),
        )

    @property
    def statuses(self) -> Mapping[str, int]:
        """Captured leads by status: open, won, lost or disqualified. [counts]"""
        kinds = Counter(map(type, milestone_column("closed", self.population)))
        return {STATUSES.get(kind, "open"): count for kind, count in kinds.items()}

    @property
    def precisions(self) -> frozenset[str]:
        """How exactly the events are known, all that occur."""
        return self._once("_precisions", lambda: frozenset(map(_precision, self._log().events)))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What a reviewer should doubt: dated-back records, bulk imports, a missing beginning."""
        return self._once("_findings", lambda: tuple(doubts(self._log())))

    @property
    def offers(self) -> tuple[Offer, ...]:
        """Every offer of every lead."""
        return self._once(
            "_offers", lambda: tuple(o for lead in self.in_order for o in lead.offers)
        )

    @property
    def partners(self) -> Mapping[PartnerId, Partner]:
        """Every partner with events of its own, as known by the moment."""
        return self._once(
            "_partners",
            lambda: {pid: partner_at(pid, events) for pid, events in self.partner_events.items()},
        )

    def partner_at(self, partner_id: PartnerId, moment: datetime) -> Partner:
        """The partner as known at an earlier moment; one without events states nothing.

        Args:
            partner_id: The partner.
            moment: Events that occurred later do not exist; included. [aware datetime]

        Raises:
            NaiveInstantError: When *moment* has no offset.
        """
        events = self.partner_events.get(partner_id, ())
        return partner_at(partner_id, events, instant(moment, "moment"))

    def explain(self, lead_id: LeadId, *, tz: str = "UTC") -> str:
        """Who is credited with a lead and why, in words.

        Args:
            lead_id: The lead.
            tz: Zone in which times are told; an event known to the day shows its date where that
                begins at midnight there, and its moment elsewhere.

        Raises:
            UnknownLeadError: When no event names the lead; it is a KeyError too.
            PeriodError: When *tz* is no time zone.
        """
        if lead_id not in self.leads:
            raise UnknownLeadError(lead_id, tuple(get_close_matches(str(lead_id), self.leads)))
        return explained(lead_id, self.leads[lead_id].verdict, tz=tz)
