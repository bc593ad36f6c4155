"""A verdict in words, with its evidence."""

from __future__ import annotations

from datetime import datetime, tzinfo

from attrs import frozen

from partnerleads.attribution.claims import Claim, Contact
from partnerleads.attribution.verdict import Verdict
from partnerleads.attribution.weighing import ClaimVerdict
from partnerleads.events.fact import LeadFact
from partnerleads.events.naming import partner_named
from partnerleads.events.registration import DealRegistered
from partnerleads.model.ids import LeadId
from partnerleads.model.instant import begins_day, zone
from partnerleads.model.moments import moment_text

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


def _who(contact: Contact) -> str:
    return "the own team" if contact.partner_id is None else contact.partner_id


@frozen
class _Words:
    """Words for claims and contacts, with times as the clocks of a zone show them."""

    tz: tzinfo

    def time(self, moment: datetime, event: LeadFact | None = None) -> str:
        """A moment; of an event known to the day its date, where that begins by these clocks."""
        try:
            local = moment.astimezone(self.tz)
        except OverflowError:
            return moment_text(moment)
        if event is None or event.precision != "day" or moment != event.occurred_at:
            return _time(local)
        if begins_day(moment, self.tz):
            return f"{local:%Y-%m-%d}"
        return f"{_time(local)}, known to the day"

    def recording(self, event: LeadFact) -> str:
        """When it was recorded, where that is not when it is said to have happened."""
        late = (event.recorded_at - event.occurred_at).total_seconds()
        if late == 0:
            return f"(event {event.event_id})"
        behind = f"{_span(late)} later" if late > 0 else f"{_span(-late)} before it happened"
        return f"(event {event.event_id}), recorded {self.time(event.recorded_at)}, {behind}"

    def happened(self, event: LeadFact) -> str:
        """When it is said to have happened, and when it was recorded."""
        return f"{self.time(event.occurred_at, event)} {self.recording(event)}"

    def counted(self, ground: Claim | Contact) -> str:
        """When a claim or contact counts from."""
        return self.time(ground.counts_at, ground.event)

    def claim(self, claim: Claim) -> str:
        """Who claimed it, how and when."""
        verb = "registered it" if isinstance(claim.event, DealRegistered) else "brought it"
        return f"{claim.partner_id} {verb} {self.happened(claim.event)}"

    def why(self, one: ClaimVerdict) -> str:
        """Why a claim earns the credit or not."""
        if not one.failure:
            return "it is the earliest valid claim and earns the credit"
        return f"{self._grounds(one)}: {_RULES[one.failure]}"

    def _grounds(self, one: ClaimVerdict) -> str:
        claim, against = one.claim, one.against
        if one.failure == "undone" and claim.ended_by is not None:
            ended = claim.ended_by.type.removeprefix("registration_")
            return f"it was {ended} {self.happened(claim.ended_by)}"
        if isinstance(against, Claim):
            since = f"{self.counted(against)} {self.recording(against.event)}"
            return f"{against.partner_id} had a valid claim from {since}"
        if isinstance(against, Contact):
            contact = f"{self.counted(against)} {self.recording(against.event)}"
            if one.failure == "lapsed":
                until = "without end" if claim.until is None else f"until {self.time(claim.until)}"
                return f"it protected {until}, the own team's first contact counts from {contact}"
            gap = (claim.counts_at - against.counts_at).total_seconds()
            after = "before" if gap < 0 else f"{_span(gap)} after" if gap else "at the same time as"
            counts = f"it counts from {self.counted(claim)}"
            return f"{counts}, {after} first contact by {_who(against)} at {contact}"
        if one.failure == "no contact":
            return f"{claim.partner_id} has no contact on record"
        return f"it counts from {self.counted(claim)}, too long after the capture"


def explained(lead_id: LeadId, verdict: Verdict, *, tz: str | tzinfo = "UTC") -> str:
    """The verdict on a lead in words: rule, events and times, also where credit was refused.

    The first line says the zone of the times, where there are any.

    Args:
        lead_id: The lead.
        verdict: Its verdict.
        tz: Zone in which times are told; an event known to the day shows its date where that
            begins at midnight there, and its moment elsewhere.

    Raises:
        PeriodError: When *tz* is no time zone.
    """
    words = _Words(zone(tz))
    if verdict.attribution == "sourced":
        head = f"{lead_id} is sourced by {verdict.sourcing_partner}"
    elif verdict.attribution == "influenced":
        head = f"{lead_id} is influenced by {', '.join(verdict.influencers)}, not sourced"
    else:
        head = f"{lead_id} is direct"
    told = f" (times: {tz})" if verdict.claims or verdict.influences else ""
    lines = [f"{head}{told}."]
    lines += [f"  {words.claim(one.claim)}; {words.why(one)}." for one in verdict.claims]
    if not verdict.claims:
        lines.append("  No partner claimed it.")
    for event in verdict.influences:
        lines.append(f"  {partner_named(event)}: {event.type} {words.happened(event)}.")
    return "\n".join(lines)
