"""Doubts about claims on accounts that were open already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from attrs import frozen

from partnerleads.events import (
    LeadCaptured,
    LeadDisqualified,
    LeadEvent,
    LeadLost,
    LeadReopened,
    LeadWon,
)
from partnerleads.lifecycle import LeadLifecycle, Lifecycles
from partnerleads.model import Finding, LeadId, PartnerId

__all__ = ["account_doubts"]

_TURNS = (LeadWon, LeadLost, LeadDisqualified, LeadReopened)
_CLAIM, _RECORD = 0, 1


def account_doubts(lives: Lifecycles) -> Iterator[Finding]:
    """Claims with the credit that were recorded while another lead of the account was open.

    That other lead must have been on record by then; leads that the same partner sourced are no
    others.

    Args:
        lives: The leads.
    """
    accounts: dict[str, list[LeadLifecycle]] = defaultdict(list)
    for lead in lives.population:
        if lead.captured is not None and lead.captured.lead.account is not None:
            accounts[lead.captured.lead.account].append(lead)
    for leads in accounts.values():
        if any(lead.sourcing_partner is not None for lead in leads):
            yield from _Account(leads).doubts()


@frozen
class _Step:
    """Something that happens to a lead of an account.

    Attributes:
        at: When.
        place: The claim that has the credit comes first, since it sees only what was before it;
            then the capture, as it comes on record; then the closes and reopens in their order.
        lead: The lead.
        event: The event.
    """

    at: datetime
    place: int
    lead: LeadLifecycle
    event: LeadEvent


def _steps(lead: LeadLifecycle) -> Iterator[_Step]:
    if lead.sourcing_partner is not None:
        claim = next(one.claim.event for one in lead.verdict.claims if not one.failure)
        yield _Step(claim.recorded_at, _CLAIM, lead, claim)
    assert lead.captured is not None  # noqa: S101 - an account is a fact of the capture
    yield _Step(lead.captured.recorded_at, _RECORD, lead, lead.captured)
    turns = (event for event in lead.events if isinstance(event, _TURNS))
    for place, event in enumerate(turns, start=_RECORD + 1):
        yield _Step(event.occurred_at, place, lead, event)


class _Account:
    """The leads of one account, gone through once in time."""

    def __init__(self, leads: Sequence[LeadLifecycle]) -> None:
        steps = [step for lead in leads for step in _steps(lead)]
        self.steps = sorted(steps, key=lambda one: (one.at, one.place, one.lead.lead_id))
        self.known: dict[LeadId, LeadCaptured] = {}
        self.closed: set[LeadId] = set()
        self.open: dict[PartnerId | None, dict[LeadId, LeadCaptured]] = defaultdict(dict)

    def doubts(self) -> Iterator[Finding]:
        """The claims that came while another lead was open."""
        for step in self.steps:
            if step.place == _CLAIM:
                others = self._open_to(step.lead.sourcing_partner)
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
        lead_id, event = step.lead.lead_id, step.event
        if isinstance(event, LeadCaptured):
            self.known[lead_id] = event
        elif isinstance(event, LeadReopened):
            self.closed.discard(lead_id)
        else:
            self.closed.add(lead_id)
        of_partner = self.open[step.lead.sourcing_partner]
        of_partner.pop(lead_id, None)
        if lead_id in self.known and lead_id not in self.closed:
            of_partner[lead_id] = self.known[lead_id]


def _doubt(step: _Step, opened: LeadCaptured) -> Finding:
    return Finding(
        rule="account_already_open",
        words=(
            f"{step.lead.sourcing_partner}'s claim was recorded {step.at:%Y-%m-%d %H:%M}, when "
            f"{opened.lead_id} of the same account was open since "
            f"{opened.occurred_at:%Y-%m-%d %H:%M}"
        ),
        lead_id=step.lead.lead_id,
        partner_id=step.lead.sourcing_partner,
        event_ids=(step.event.event_id, opened.event_id),
        at=step.at,
    )
