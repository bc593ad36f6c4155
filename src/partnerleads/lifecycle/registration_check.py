"""Would a registration earn credit, and with whom does it conflict?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from attrs import frozen

from partnerleads.attribution import AttributionPolicy, Claim, Verdict, explained
from partnerleads.errors import AsOfError, OptionError
from partnerleads.events import DealRegistered, Event, LeadEvent, order_key
from partnerleads.lifecycle.folding import DEFAULT_POLICY, fold, fold_leads
from partnerleads.lifecycle.lifecycles import Lifecycles
from partnerleads.model import LeadId, PartnerId, instant

__all__ = ["RegistrationCheck", "check_registration"]


@frozen
class RegistrationCheck:
    """What would become of a registration.

    Attributes:
        lead_id: The lead.
        partner_id: The partner that wants to register it.
        earns: Whether it would source the lead, as far as the records go.
        conflicts: Standing claims of other partners that are in force when it is recorded.
        verdict: The verdict on the lead with the registration on record.
    """

    lead_id: LeadId
    partner_id: PartnerId
    earns: bool
    conflicts: tuple[Claim, ...]
    verdict: Verdict

    def __str__(self) -> str:
        answer = "would earn credit" if self.earns else "would earn no credit"
        head = f"The registration of {self.lead_id} by {self.partner_id} {answer}."
        clash = "".join(
            f"\n  It conflicts with {claim.partner_id}'s claim (event {claim.event.event_id})."
            for claim in self.conflicts
        )
        return f"{head}{clash}\n{explained(self.lead_id, self.verdict)}"


def check_registration(
    history: Iterable[Event] | Lifecycles,
    registration: DealRegistered,
    *,
    as_of: datetime | None = None,
    policy: AttributionPolicy | None = None,
) -> RegistrationCheck:
    """Judge a registration before it is accepted.

    Args:
        history: Events, or the lifecycles made of them.
        registration: The registration, as it would be recorded; a registration on record under
            its event id gives way to it.
        as_of: The moment; lifecycles know theirs. [aware datetime]
        policy: The rules; lifecycles know theirs.

    Raises:
        AsOfError: When *as_of* is missing with events, or differs from the lifecycles' own.
        OptionError: When *policy* differs from the lifecycles' own.
    """
    if isinstance(history, Lifecycles):
        if as_of is not None and instant(as_of) != history.as_of:
            raise AsOfError(as_of.isoformat(), history.as_of.isoformat())
        if policy not in (None, history.policy):
            raise OptionError("policy", policy, "needs events; these lifecycles have their own")
        lives = history
    elif as_of is None:
        raise AsOfError("", "")
    else:
        lives = fold(history, as_of=as_of, policy=policy or DEFAULT_POLICY)
    lead_id = registration.lead_id
    known: tuple[LeadEvent, ...] = lives[lead_id].events if lead_id in lives else ()
    others = (event for event in known if not _same_registration(event, registration))
    events = sorted([*others, registration], key=order_key)
    moment = lives.moment
    lead = fold_leads({lead_id: events}, moment).get(lead_id)
    verdict = Verdict("direct") if lead is None else lead.verdict
    claims = [one.claim for one in verdict.claims]
    own = next((claim for claim in claims if claim.event is registration), None)
    conflicts = tuple(
        claim
        for claim in claims
        if own is not None
        and claim.partner_id != registration.partner_id
        and claim.ended_by is None
        and claim.in_force(own.counts_at)
    )
    earns = verdict.sourcing_partner == registration.partner_id and any(
        one.claim.event is registration and not one.failure for one in verdict.claims
    )
    return RegistrationCheck(lead_id, registration.partner_id, earns, conflicts, verdict)


def _same_registration(event: LeadEvent, registration: DealRegistered) -> bool:
    same_id = (event.source, event.event_id) == (registration.source, registration.event_id)
    return same_id and isinstance(event, DealRegistered)
