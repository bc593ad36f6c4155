"""What a reviewer should doubt: records that were dated back to win, or to beat, a claim."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from operator import attrgetter
from typing import TypeAlias

import attrs

from partnerleads.attribution.claims import Claim, Contact
from partnerleads.attribution.crediting import Story, winning_events
from partnerleads.attribution.policy import AttributionPolicy
from partnerleads.attribution.weighing import ClaimVerdict, judge_claims
from partnerleads.events.capture import LeadCaptured
from partnerleads.events.engagement import ContactMade
from partnerleads.events.fact import LeadFact
from partnerleads.events.naming import speaks_for
from partnerleads.events.order import LeadEvent
from partnerleads.events.registration import DealRegistered
from partnerleads.model.ids import LeadId
from partnerleads.model.moments import moment_text
from partnerleads.model.problem import Finding

__all__ = ["Ground", "backdating_findings", "early_record_findings"]

Ground: TypeAlias = LeadCaptured | DealRegistered | ContactMade
"""An event that may be a claim or a contact."""

_rank = attrgetter("rank")

_DAY = timedelta(days=1)
_NO_TIME = timedelta(0)


def backdating_findings(
    lead_id: LeadId,
    events: Sequence[LeadEvent],
    *,
    captured: LeadCaptured | None,
    policy: AttributionPolicy,
    as_of: datetime,
) -> Iterator[Finding]:
    """Claims that would win by when things are said to have happened, or lose only by that.

    ``backdated_claim``: the claim would win by its occurrence, but was recorded too late.
    ``backdated_contact``: the claim wins by its recording, but a contact recorded after it is said
    to have happened before.

    Args:
        lead_id: The lead.
        events: Its events, settled and in order.
        captured: Its first capture.
        policy: The rules; both times are tried.
        as_of: The moment looked from.
    """
    # what was recorded later is neither claim nor contact yet, whenever it happened
    events = [one for one in events if one.recorded_at <= as_of or not isinstance(one, Ground)]
    if captured is not None and captured.recorded_at > as_of:
        captured = None
    policies = _both_times(policy)
    stories: list[Story] = [(events, bytes(map(_rank, events)), captured, None)]
    by_record, by_occurrence = (
        winning_events(stories, policy=tried, as_of=as_of)[0] for tried in policies
    )
    if by_record is by_occurrence:
        return
    recorded, occurred = (
        judge_claims(events, captured=captured, policy=tried, as_of=as_of) for tried in policies
    )
    wins, would_win = _winner(recorded), _winner(occurred)
    if wins is not None:
        words = f"{wins.partner_id}'s claim wins by its record, not by when things happened"
        yield from _contact_in_doubt(lead_id, wins, occurred, words)
    if would_win is None:
        return
    if would_win.event.recorded_at > would_win.event.occurred_at:
        words = f"{would_win.partner_id}'s claim would win by when it happened, not by its record"
        yield _doubt("backdated_claim", lead_id, would_win, f"{words}; it", would_win.event)
    else:
        words = f"{would_win.partner_id}'s claim would win by when things happened, not by record"
        yield from _contact_in_doubt(lead_id, would_win, recorded, words)


@lru_cache(maxsize=16)
def _both_times(policy: AttributionPolicy) -> tuple[AttributionPolicy, AttributionPolicy]:
    return attrs.evolve(policy, times="recorded"), attrs.evolve(policy, times="occurred")


def _winner(judged: Sequence[ClaimVerdict]) -> Claim | None:
    return next((one.claim for one in judged if not one.failure), None)


def _contact_in_doubt(
    lead_id: LeadId, claim: Claim, other: Sequence[ClaimVerdict], words: str
) -> Iterator[Finding]:
    """What a claim that wins by one of the times fails against by the other.

    Nothing where that is a claim: it would win, and is in doubt itself.
    """
    lost = next(one for one in other if one.claim.event is claim.event)
    if isinstance(lost.against, Contact):
        who = lost.against.partner_id or "the own team"
        words = f"{words}; a contact by {who}"
        yield _doubt("backdated_contact", lead_id, claim, words, lost.against.event)
    elif lost.against is None:
        yield _doubt("backdated_contact", lead_id, claim, f"{words}; it", claim.event)


def _doubt(rule: str, lead_id: LeadId, claim: Claim, words: str, event: LeadFact) -> Finding:
    return Finding(
        rule=rule,
        words=(
            f"{words} is said to have happened {_happened(event)} "
            f"and was recorded {moment_text(event.recorded_at)}"
        ),
        lead_id=lead_id,
        partner_id=claim.partner_id,
        event_ids=tuple(dict.fromkeys((event.event_id, claim.event.event_id))),
        at=event.recorded_at,
    )


def _happened(event: LeadFact) -> str:
    """When it is said to have happened; of a day its midnight, as its zone is not on record."""
    moment = moment_text(event.occurred_at)
    return f"{moment} (known to the day)" if event.precision == "day" else moment


def early_record_findings(events: Iterable[Ground]) -> Iterator[Finding]:
    """Claims and contacts on record before they are said to have happened.

    They count from that early record, and could win by it. Only times that are said to be known
    are doubted, and those known to the day only where the record is a day early or more.

    Args:
        events: The claims and contacts of one lead, settled and in order.
    """
    for event in events:
        early = event.occurred_at - event.recorded_at
        if event.precision == "day":
            doubtful = early >= _DAY
        else:
            doubtful = early > _NO_TIME and event.precision == "instant"
        if doubtful:
            yield Finding(
                rule="recorded_before_happening",
                words=(
                    f"{event.type} was recorded {moment_text(event.recorded_at)} and is said to "
                    f"have happened only {_happened(event)}"
                ),
                lead_id=event.lead_id,
                partner_id=speaks_for(event),
                event_ids=(event.event_id,),
                at=event.recorded_at,
            )
