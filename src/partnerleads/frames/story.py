"""The frames that a history is made of, each worked out once, when first asked for."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

import narwhals.stable.v2 as nw

from partnerleads.attribution import AttributionPolicy
from partnerleads.events import (
    FIRST_LEAD_RANK,
    CostIncurred,
    LeadEvent,
    PartnerOnboarded,
    PartnerUpdated,
)
from partnerleads.frames.claiming import registrations_of
from partnerleads.frames.costing import costs_of
from partnerleads.frames.crediting import credits_of, earning_of, sourcing_of
from partnerleads.frames.engines import (
    Frame,
    coded,
    first_row,
    kept,
    names_of,
    stacked,
)
from partnerleads.frames.flags import one_where
from partnerleads.frames.holding import converting_of, renewals_of, spells_of
from partnerleads.frames.offering import answered_of, first_offers_of, offers_of
from partnerleads.frames.ordering import BOUNDS, check_bounds, ordered
from partnerleads.frames.picking import (
    handed_of,
    leads_of,
    milestone_of,
    returned_of,
    unreturned_of,
)
from partnerleads.frames.settling import settled
from partnerleads.frames.span import currencies_of, span_of
from partnerleads.frames.table import MONEY, has, narrow, with_unstated
from partnerleads.frames.troubles import SIGNS, Scene, troubles_of
from partnerleads.frames.winning import won_money_of
from partnerleads.frames.zones import micros_of
from partnerleads.lifecycle.milestones import MILESTONES
from partnerleads.model import LeadId

__all__ = ["Story"]


class Story:
    """The events, leads and offers of a frame as of a moment.

    Args:
        frame: Flat columns of events that were checked.
        as_of: Events that occurred later do not exist. [aware datetime]
        known_at: Versions recorded later do not exist. [aware datetime]
        policy: The rules of attribution.
        extras: Attributes of leads that the frame has, with their columns.
        bare: Attributes named as facts of leads are, where the frame has no such facts.

    Attributes:
        table: The ordered events of leads, in the columns that figures often read.
        leads: One row for each lead, with the milestones that most figures ask for.
        fields: The columns of events.
    """

    def __init__(
        self,
        frame: Frame,
        *,
        as_of: datetime,
        known_at: datetime | None,
        policy: AttributionPolicy,
        extras: Mapping[str, str],
        bare: Container[str],
    ) -> None:
        self.as_of = micros_of(as_of)
        self.policy, self.extras, self.bare = policy, extras, bare
        facts = settled(frame, known_at=known_at, extras=tuple(extras.values()))
        self._moment = as_of
        self._milestones: dict[str, Frame] = {}
        self._conflicts = facts.conflicts
        self._facts = facts.table.filter(nw.col("at") <= self.as_of)
        of_leads = self._facts.filter(~nw.col("lead_id").is_null())  # before any column is made
        self._events = of_leads.filter(nw.col("rank") >= FIRST_LEAD_RANK)
        self.fields = frozenset(names_of(self._events))
        stated = frozenset(names_of(frame))
        events = coded(narrow(self._events, stated), "lead_id")
        self.table = with_unstated(ordered(events, by="lead_id"))
        self.leads = kept(leads_of(self.table))

    @cached_property
    def narrow(self) -> frozenset[str]:
        """The columns of the table of events, which are those that figures often read."""
        return frozenset(names_of(self.table))

    def stated(self, kinds: Sequence[type[LeadEvent]], fields: Sequence[str]) -> Frame:
        """The leads and keys of the events of some kinds, with any fields.

        Args:
            kinds: Kinds of event; none are all.
            fields: Columns of events.
        """
        table = self.table.filter(has(*kinds)) if kinds else self.table
        own = [name for name in fields if name in self.narrow]
        others = [name for name in fields if name not in self.narrow]
        if not others:
            return table.select(*dict.fromkeys(("lead_id", "key", "rank", *own)))
        told = self._events.filter(has(*kinds)) if kinds else self._events
        told = coded(told.select("lead_id", "source", "event_id", *others), "lead_id")
        found = table.join(told, on=["lead_id", "source", "event_id"], how="left")
        return found.select(*dict.fromkeys(("lead_id", "key", "rank", *own, *others)))

    @cached_property
    def captured(self) -> Frame:
        """The leads that were captured; nearly always all, which engines need not guess then."""
        if "never_captured" in self.unbroken:
            return self.leads
        return kept(self.leads.filter(~SIGNS["never_captured"]))

    @cached_property
    def reached(self) -> frozenset[str]:
        """The milestones of the frame of leads that any captured lead has."""
        keys = {name: f"{name}_key" for name in MILESTONES if f"{name}_key" in self.lead_columns}
        found = first_row(self.captured.select(nw.col(*keys.values()).count()), small=True)
        return frozenset(name for name, key in keys.items() if found[key])

    @cached_property
    def unbroken(self) -> frozenset[str]:
        """The rules that no lead breaks, as far as one look at all leads and events tells."""
        signs = {name: one_where(sign.fill_null(value=False)) for name, sign in SIGNS.items()}
        found = first_row(self.leads.select(**signs).select(nw.col(*signs).sum()), small=True)
        found["mixed_sequence"] = self.span["numbered"]
        found["negative_money"] = any((self.span[f"least_{name}"] or 0) < 0 for name in MONEY)
        return frozenset(name for name, leads in found.items() if not leads)

    @cached_property
    def lead_columns(self) -> frozenset[str]:
        """The columns of the frame of leads."""
        return frozenset(names_of(self.leads))

    def milestone(self, name: str) -> Frame:
        """A milestone that the frame of leads has not, by its name."""
        if name not in self._milestones:
            if MILESTONES[name].same_recipient:
                found = unreturned_of(self.handed, self.returned, name=name)
            else:
                found = milestone_of(self.table, self.leads, name=name)
            self._milestones[name] = kept(found)
        return self._milestones[name]

    @cached_property
    def handed(self) -> Frame:
        """The offers of leads, and what became of these."""
        return kept(handed_of(self.table))

    @cached_property
    def answered(self) -> Frame:
        """The offers with what may answer them."""
        return kept(answered_of(self.handed))

    @cached_property
    def returned(self) -> Frame:
        """The acceptances and assignments that a return followed."""
        return kept(returned_of(self.handed), small=True)

    @cached_property
    def span(self) -> Mapping[str, Any]:
        """The first and last instant of all, and what else one look at all events tells."""
        return span_of(self.table)

    @cached_property
    def currencies(self) -> tuple[str, ...]:
        """Every currency in which a lead's money is stated."""
        return currencies_of(self.table, self.span)

    @cached_property
    def credits(self) -> Frame:
        """The class of every lead."""
        found = credits_of(self.table, self.leads, self.returned, self.earning, policy=self.policy)
        return kept(found)

    @cached_property
    def earning(self) -> Frame:
        """The claims of which the earliest of each lead earns its credit."""
        return kept(earning_of(self.table, self.leads, policy=self.policy, as_of=self.as_of))

    @cached_property
    def sourcing(self) -> Frame:
        """The sourcing partner of every lead that has one."""
        return kept(sourcing_of(self.earning))

    @cached_property
    def offers(self) -> Frame:
        """Every offer."""
        named = bool(self.span["offer_ids"])
        return kept(offers_of(self.handed, self.answered, self.returned, named=named))

    @cached_property
    def first_offers(self) -> Frame:
        """What became of first offers."""
        return kept(first_offers_of(self.offers, self.leads))

    @cached_property
    def registrations(self) -> Frame:
        """Every registration, and what was decided of it."""
        return kept(registrations_of(self.table, policy=self.policy))

    @cached_property
    def costs(self) -> tuple[CostIncurred, ...]:
        """What the programme spent, in order."""
        return costs_of(self._facts)

    @cached_property
    def renewals(self) -> Frame:
        """Every acceptance, with the spell that it belongs to."""
        return kept(renewals_of(self.handed, self.returned))

    @cached_property
    def spells(self) -> Frame:
        """Everyone's time with a lead."""
        return kept(spells_of(self.table, self.renewals))

    @cached_property
    def converting(self) -> Frame:
        """Who held each lead when it converted."""
        return kept(converting_of(self.table, self.renewals))

    @cached_property
    def won_money(self) -> Frame:
        """The money of standing wins."""
        return kept(won_money_of(self.table, self.leads))

    @cached_property
    def partner_facts(self) -> Frame:
        """What is stated of partners, in order."""
        stated = self._facts.filter(has(PartnerOnboarded, PartnerUpdated))
        facts = ordered(stated, by="partner_id")
        check_bounds(first_row(facts.select(**BOUNDS)))
        return facts

    @cached_property
    def rules_broken(self) -> Frame:
        """How often each lead breaks each rule that it breaks."""
        scene = Scene(
            table=self.table,
            leads=self.leads,
            handed=self.handed,
            answered=self.answered,
            offers=self.offers,
            won_money=self.won_money,
        )
        return kept(troubles_of(scene, unbroken=self.unbroken))

    @cached_property
    def conflicts(self) -> Mapping[LeadId, int]:
        """Conflicts of versions by the lead that they name."""
        found: dict[LeadId, int] = {}
        for problem, occurred_at in self._conflicts:
            if problem.lead_id is not None and occurred_at <= self._moment:
                found[problem.lead_id] = found.get(problem.lead_id, 0) + 1
        return found

    @cached_property
    def troubled(self) -> Frame:
        """How many problems each lead has, where it has any: ``lead_id`` and ``troubles``."""
        broken = self.rules_broken.select("lead_id", "n")
        if self.conflicts:
            named = (
                nw.col("lead_id")
                .cast(nw.String)
                .replace_strict(
                    list(self.conflicts),
                    list(self.conflicts.values()),
                    default=None,
                    return_dtype=nw.Int64,
                )
            )
            conflicts = self.leads.select("lead_id", n=named).filter(~nw.col("n").is_null())
            broken = stacked([broken, conflicts])
        troubles = nw.col("n").sum().cast(nw.Int64)
        return kept(broken.group_by("lead_id").agg(troubles=troubles), small=True)
