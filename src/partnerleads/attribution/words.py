"""A verdict in words, with its evidence."""

from __future__ import annotations

from datetime import datetime

from partnerleads.attribution.claims import Claim, Contact
from partnerleads.attribution.verdict import ClaimVerdict, Verdict
from partnerleads.events.fact import LeadFact
from partnerleads.events.registration import DealRegistered
from partnerleads.model.ids import LeadId

__all__ = ["explained"]

_RULES = {
    "late": "rule 1 (recorded strictly before anyone else's first contact) fails",
    "lapsed": "rule 2 (in force at the own team's first contact) fails",
    "earlier claim": "rule 3 (the earliest valid claim) fails",
    "no contact": "the policy's rule (the partner's own contact on record first) fails",
    "locked": "the policy's claim lock fails",
    "undone": "it does not stand",
}


_UNITS = (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))


def _time(moment: datetime) -> str:
    """To the minute, or to the second where that may decide.

    >>> _time(datetime(2026, 3, 4, 9)), _time(datetime(2026, 3, 4, 9, 0, 7))
    ('2026-03-04 09:00', '2026-03-04 09:00:07')
    """
    return f"{moment:%Y-%m-%d %H:%M:%S}" if moment.second else f"{moment:%Y-%m-%d %H:%M}"


def _span(seconds: float) -> str:
    """A span of time as people say it.

    >>> _span(3 * 86400), _span(5400), _span(60), _span(0.002)
    ('3 days', '1.5 hours', '1 minute', '0.002 seconds')
    """
    unit, size = next((one for one in _UNITS if seconds >= one[1]), _UNITS[-1])
    number = round(seconds / size, 1) or seconds
    return f"{number:g} {unit}{'' if number == 1 else 's'}"


def _recording(event: LeadFact) -> str:
    """When it was recorded, where that is not when it is said to have happened."""
    late = (event.recorded_at - event.occurred_at).total_seconds()
    if late == 0:
        return f"(event {event.event_id})"
    behind = f"{_span(late)} later" if late > 0 else f"{_span(-late)} before it happened"
    return f"(event {event.event_id}), recorded {_time(event.recorded_at)}, {behind}"


def _claim(claim: Claim) -> str:
    verb = "registered it" if isinstance(claim.event, DealRegistered) else "brought it"
    return f"{claim.partner_id} {verb} {_time(claim.event.occurred_at)} {_recording(claim.event)}"


def _who(contact: Contact) -> str:
    return "the own team" if contact.partner_id is None else contact.partner_id


def _why(one: ClaimVerdict) -> str:
    claim, against = one.claim, one.against
    if not one.failure:
        return "it is the earliest valid claim and earns the credit"
    grounds = ""
    if one.failure == "undone" and claim.ended_by is not None:
        ended = claim.ended_by.type.removeprefix("registration_")
        grounds = f"it was {ended} {_time(claim.ended_by.occurred_at)} {_recording(claim.ended_by)}"
    elif one.failure == "lapsed" and isinstance(against, Contact):
        until = "without end" if claim.until is None else f"until {_time(claim.until)}"
        grounds = f"it protected {until}, the own team's first contact counts from "
        grounds += f"{_time(against.counts_at)} {_recording(against.event)}"
    elif isinstance(against, Contact):
        gap = (claim.counts_at - against.counts_at).total_seconds()
        after = "before" if gap < 0 else f"{_span(gap)} after" if gap else "at the same time as"
        grounds = f"it counts from {_time(claim.counts_at)}, {after} first contact by "
        grounds += f"{_who(against)} at {_time(against.counts_at)} {_recording(against.event)}"
    elif isinstance(against, Claim):
        grounds = f"{against.partner_id} had a valid claim from {_time(against.counts_at)} "
        grounds += _recording(against.event)
    elif one.failure == "no contact":
        grounds = f"{claim.partner_id} has no contact on record"
    else:
        grounds = f"it counts from {_time(claim.counts_at)}, too long after the capture"
    return f"{grounds}: {_RULES[one.failure]}"


def explained(lead_id: LeadId, verdict: Verdict) -> str:
    """The verdict on a lead in words: rule, events and times, also where credit was refused.

    Args:
        lead_id: The lead.
        verdict: Its verdict.
    """
    if verdict.attribution == "sourced":
        head = f"{lead_id} is sourced by {verdict.sourcing_partner}."
    elif verdict.attribution == "influenced":
        head = f"{lead_id} is influenced by {', '.join(verdict.influencers)}, not sourced."
    else:
        head = f"{lead_id} is direct."
    lines = [head]
    lines += [f"  {_claim(one.claim)}; {_why(one)}." for one in verdict.claims]
    if not verdict.claims:
        lines.append("  No partner claimed it.")
    for event in verdict.influences:
        partner = getattr(event, "partner_id", None)
        lines.append(f"  {partner}: {event.type} {_time(event.occurred_at)} {_recording(event)}.")
    return "\n".join(lines)
