"""Would a registration earn credit, and with whom does it conflict?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from attrs import frozen

from partnerleads.attribution import AttributionPolicy, Claim, Verdict, explained
from partnerleads.errors import AsOfError, OptionError
from partnerleads.events import DealRegistered, Event, EventRetracted, LeadEvent, settle
from partnerleads.events.given import given_events
from partnerleads.lifecycle.folding import DEFAULT_POLICY, fold, fold_leads
from partnerleads.lifecycle.lifecycles import Lifecycles
from partnerleads.model import LeadId, PartnerId, instant
from partnerleads.model.moments import moment_text

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
        counts_later: When the registration counts from, where that is after the moment looked
            from and it earns nothing yet for that; None elsewhere. [aware datetime]
        retracted: Whether its source has retracted the event of its identity, which is final.
    """

    lead_id: LeadId
    partner_id: PartnerId
    earns: bool
    conflicts: tuple[Claim, ...]
    verdict: Verdict
    counts_later: datetime | None = None
    retracted: bool = False

    def __str__(self) -> str:
        answer = "would earn credit" if self.earns else "would earn no credit"
        head = f"The registration of {self.lead_id} by {self.partner_id} {answer}."
        if self.retracted:
            head += "\n  Its source has retracted the event of its identity; give it another."
        if self.counts_later is not None:
            counts = moment_text(self.counts_later)
            return f"{head}\n  It counts only from {counts}, after the moment looked from."
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
        registration: The registration, as it would be recorded; where its source and event id are
            on record it is one more version of that event, and keeps its first recording while
            lead and partner stay the same; where that event was retracted, so is this one. Of
            retractions events tell, lifecycles do not.
        as_of: The moment; lifecycles know theirs. [aware datetime]
        policy: The rules; lifecycles know theirs.

    Raises:
        AsOfError: When *as_of* is missing with events, or differs from the lifecycles' own.
        OptionError: When the history is neither events nor lifecycles, or *policy* differs from
            the lifecycles' own.
    """
    if isinstance(history, Lifecycles):
        if as_of is not None and instant(as_of) != history.as_of:
            raise AsOfError(as_of.isoformat(), history.as_of.isoformat())
        if policy not in (None, history.policy):
            raise OptionError("policy", policy, "needs events; these lifecycles have their own")
        lives, retracted = history, False
    else:
        events = given_events(history)
        if as_of is None:
            raise AsOfError("", "")
        lives = fold(events, as_of=as_of, policy=policy or DEFAULT_POLICY)
        retracted = any(_retracts(event, registration) for event in events)
    lead_id = registration.lead_id
    known: tuple[LeadEvent, ...] = lives[lead_id].events if lead_id in lives else ()
    versions = settle([*known, registration]).events
    facts = [event for event in versions if isinstance(event, LeadEvent)]
    settled = next(event for event in facts if _same_event(event, registration))
    if retracted:
        facts.remove(settled)
    moment = lives.moment
    lead = fold_leads({lead_id: facts} if facts else {}, moment).get(lead_id)
    verdict = Verdict("direct") if lead is None else lead.verdict
    claims = [one.claim for one in verdict.claims]
    own = next((claim for claim in claims if claim.event is settled), None)
    conflicts = tuple(
        claim
        for claim in claims
        if own is not None
        and claim.partner_id != registration.partner_id
        and claim.ended_by is None
        and claim.in_force(own.counts_at)
    )
    earns = own is not None and any(one.claim is own and not one.failure for one in verdict.claims)
    counts_at = settled.occurred_at
    if lives.policy.times == "recorded":
        counts_at = max(counts_at, settled.recorded_at)
    later = counts_at if counts_at > moment.as_of and not retracted else None
    return RegistrationCheck(
        lead_id, registration.partner_id, earns, conflicts, verdict, later, retracted
    )


def _retracts(event: Event, registration: DealRegistered) -> bool:
    return isinstance(event, EventRetracted) and (event.source, event.retracts) == (
        registration.source,
        registration.event_id,
    )


def _same_event(event: Event, registration: DealRegistered) -> bool:
    return (event.source, event.event_id) == (registration.source, registration.event_id)
