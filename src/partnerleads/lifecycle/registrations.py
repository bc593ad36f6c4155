"""Registrations of a lead, and what was decided of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from attrs import evolve, frozen

from partnerleads.attribution import AttributionPolicy
from partnerleads.events import (
    DealRegistered,
    LeadCaptured,
    LeadEvent,
    RegistrationApproved,
    RegistrationRejected,
    RegistrationWithdrawn,
)
from partnerleads.events.matching import same_registration

__all__ = ["Registration", "registrations_of"]

_Decision = RegistrationApproved | RegistrationRejected | RegistrationWithdrawn


@frozen
class Registration:
    """One submission of a claim, with the first thing that was decided of it.

    A claim submitted again under the same identity before it was decided is the same registration;
    afterwards it is a new one.

    Attributes:
        registered: The submission.
        decision: Its approval, rejection or withdrawal, whichever came first; None while open.
        conflicted: Whether another partner's claim was in force when it was submitted: a
            registration not rejected or withdrawn by then and still protected, or a referral
            where the policy takes referrals as claims.
    """

    registered: DealRegistered
    decision: _Decision | None
    conflicted: bool

    @property
    def approved(self) -> RegistrationApproved | None:
        """Its approval."""
        return self.decision if isinstance(self.decision, RegistrationApproved) else None

    @property
    def rejected(self) -> RegistrationRejected | None:
        """Its rejection."""
        return self.decision if isinstance(self.decision, RegistrationRejected) else None

    @property
    def withdrawn(self) -> RegistrationWithdrawn | None:
        """Its withdrawal."""
        return self.decision if isinstance(self.decision, RegistrationWithdrawn) else None


def registrations_of(
    events: Sequence[LeadEvent], *, policy: AttributionPolicy
) -> tuple[Registration, ...]:
    """The registrations of a lead, in order.

    Args:
        events: All events of one lead, settled and in order.
        policy: What counts as a claim.
    """
    found: list[Registration] = []
    for place, event in enumerate(events):
        if isinstance(event, DealRegistered):
            if not any(_is_open(known, event) for known in found):
                conflicted = _conflicted(event, events[:place], policy)
                found.append(Registration(event, None, conflicted))
        elif isinstance(event, _Decision):
            found = [
                evolve(known, decision=event) if _is_open(known, event) else known
                for known in found
            ]
    return tuple(found)


def _is_open(known: Registration, event: DealRegistered | _Decision) -> bool:
    """Whether a registration is still undecided, and the event speaks of its claim."""
    return known.decision is None and same_registration(event, known.registered)


def _conflicted(
    registered: DealRegistered, earlier: Sequence[LeadEvent], policy: AttributionPolicy
) -> bool:
    partner_id, moment = registered.partner_id, registered.occurred_at
    if policy.claims == "registration or originator":
        captured = next((event for event in earlier if isinstance(event, LeadCaptured)), None)
        if captured is not None and captured.originator not in (None, partner_id):
            return True
    return any(
        event.partner_id != partner_id and _in_force(event, earlier[place + 1 :], moment)
        for place, event in enumerate(earlier)
        if isinstance(event, DealRegistered)
    )


def _in_force(claim: DealRegistered, later: Sequence[LeadEvent], moment: datetime) -> bool:
    """Whether a claim stood and was protected at a moment, after what was decided of it by then."""
    until = claim.protected_until
    for event in later:
        if isinstance(event, _Decision) and same_registration(event, claim):
            if not isinstance(event, RegistrationApproved):
                return False
            until = event.protected_until or until
    return until is None or moment < until
