"""Doubts about claims on accounts that were open already."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import compress
from typing import NamedTuple

from attrs import frozen

from partnerleads.events import (
    LeadCaptured,
    LeadDisqualified,
    LeadEvent,
    LeadLost,
    LeadReopened,
    LeadWon,
)
from partnerleads.kpis.measuring.members import Members
from partnerleads.lifecycle import LeadLifecycle
from partnerleads.model import Finding, LeadId, PartnerId
from partnerleads.model.moments import moment_text

__all__ = ["account_doubts"]

_TURNS = (LeadWon, LeadLost, LeadDisqualified, LeadReopened)
_CLAIM, _RECORD = 0, 1


class _Captured(NamedTuple):
    """A captured lead, with the partner that sourced it."""

    lead: LeadLifecycle
    captured: LeadCaptured
    partner_id: PartnerId | None


def account_doubts(members: Members) -> Iterator[Finding]:
    """Claims with the credit that were recorded while another lead of the account was open.

    That other lead must have been on record by then; leads that the same partner sourced are no
    others.

    Args:
        members: The leads.
    """
    captures, partners = map(members.column, ("captured", "sourcing_partner"))
    names = [one and one.lead.account for one in captures]
    leads_of = Counter(names)  # most accounts have one lead
    several = [name is not None and leads_of[name] > 1 for name in names]
    accounts: dict[str, list[_Captured]] = defaultdict(list)
    captured = map(_Captured, members.leads, captures, partners)
    for name, one in compress(zip(names, captured, strict=True), several):
        accounts[name].append(one)
    for leads in accounts.values():
        if any(one.partner_id is not None for one in leads):
            yield from _Account(leads).doubts()


@frozen
class _Step:
    """Something that happens to a lead of an account.

    Attributes:
        at: When.
        place: The claim that has the credit comes first, since it sees only what was before it;
            then the capture, as it comes on record; then the closes and reopens in their order.
        lead_id: The lead.
        partner_id: The partner that sourced it.
        event: The event.
    """

    at: datetime
    place: int
    lead_id: LeadId
    partner_id: PartnerId | None
    event: LeadEvent


def _steps(one: _Captured) -> Iterator[_Step]:
    named = one.lead.lead_id, one.partner_id
    if one.partner_id is not None:
        claim = next(found.claim.event for found in one.lead.verdict.claims if not found.failure)
        yield _Step(claim.recorded_at, _CLAIM, *named, claim)
    yield _Step(one.captured.recorded_at, _RECORD, *named, one.captured)
    turns = (event for event in one.lead.events if isinstance(event, _TURNS))
    for place, event in enumerate(turns, start=_RECORD + 1):
        yield _Step(event.occurred_at, place, *named, event)


class _Account:
    """The leads of one account, gone through once in time."""

    def __init__(self, leads: Sequence[_Captured]) -> None:
        steps = [step for lead in leads for step in _steps(lead)]
        self.steps = sorted(steps, key=lambda one: (one.at, one.place, one.lead_id))
        self.known: dict[LeadId, LeadCaptured] = {}
        self.closed: set[LeadId] = set()
        self.open: dict[PartnerId | None, dict[LeadId, LeadCaptured]] = defaultdict(dict)

    def doubts(self) -> Iterator[Finding]:
        """The claims that came while another lead was open."""
        for step in self.steps:
            if step.place == _CLAIM:
                others = self._open_to(step.partner_id)
                if others:
                    yield _doubt(step, min(others, key=lambda one: (one.recorded_at, one.lead_id)))
            else:
                self._take(step)

    def _open_to(self, partner_id: PartnerId | None) -> list[LeadCaptured]:
        """Of each other partner, and of none, the lead that is open for longest."""
        return [
            next(iter(leads.values()))
            for other, leads in self.open.items()
            if leads and other != partner_id
        ]

    def _take(self, step: _Step) -> None:
        """Let a capture come on record, or close or reopen a lead."""
        lead_id, event = step.lead_id, step.event
        if isinstance(event, LeadCaptured):
            self.known[lead_id] = event
        elif isinstance(event, LeadReopened):
            self.closed.discard(lead_id)
        else:
            self.closed.add(lead_id)
        of_partner = self.open[step.partner_id]
        of_partner.pop(lead_id, None)
        if lead_id in self.known and lead_id not in self.closed:
            of_partner[lead_id] = self.known[lead_id]


def _doubt(step: _Step, opened: LeadCaptured) -> Finding:
    return Finding(
        rule="account_already_open",
        words=(
            f"{step.partner_id}'s claim was recorded {moment_text(step.at)}, when {opened.lead_id} "
            f"of the same account was open since {moment_text(opened.occurred_at)}"
        ),
        lead_id=step.lead_id,
        partner_id=step.partner_id,
        event_ids=(step.event.event_id, opened.event_id),
        at=step.at,
    )
