"""The leads whose fields make a check worth while, found in one pass over all leads.

Each function names at least every lead that has the problem, and hardly any other; the check
itself then says what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import compress
from operator import attrgetter

from partnerleads.events import DealRegistered, LeadOffered
from partnerleads.events.matching import same_registration
from partnerleads.lifecycle.kind_columns import KindColumns
from partnerleads.lifecycle.problem_checks import may_answer
from partnerleads.lifecycle.problem_kinds import (
    AMOUNTS,
    OFFERS_AND_ANSWERS,
    REGISTRATIONS_AND_DECISIONS,
)
from partnerleads.model import LeadId

__all__ = ["some_sequenced", "states_less_than_zero", "undecided", "unoffered"]

_amount = attrgetter("amount")
_lead_id = attrgetter("lead_id")
_sequence = attrgetter("sequence")


def unoffered(log: KindColumns) -> Iterator[LeadId]:
    """Leads with an answer that is not to the offer just before it."""
    offer: LeadOffered | None = None
    for event in log.of(OFFERS_AND_ANSWERS):
        if type(event) is LeadOffered:
            offer = event
        elif (
            offer is None
            or event.lead_id != offer.lead_id
            or (
                (
                    event.partner_id is None
                    or event.partner_id != offer.partner_id
                    or event.offer_id is not None
                )
                and not may_answer(event, offer)
            )
        ):
            yield event.lead_id


def undecided(log: KindColumns) -> Iterator[LeadId]:
    """Leads with a decision that is not on the registration just before it."""
    claim: DealRegistered | None = None
    for event in log.of(REGISTRATIONS_AND_DECISIONS):
        if type(event) is DealRegistered:
            claim = event
        elif claim is None or event.lead_id != claim.lead_id or not same_registration(event, claim):
            yield event.lead_id


def states_less_than_zero(log: KindColumns) -> Iterator[LeadId]:
    """Leads with a negative amount."""
    for name in set(AMOUNTS.values()):
        kinds = [kind for kind, field in AMOUNTS.items() if field == name]
        events = list(log.of(kinds))
        stated = list(map(attrgetter(name), events))
        signs = map(Decimal.is_signed, map(_amount, filter(None, stated)))
        yield from map(_lead_id, compress(compress(events, stated), signs))


def some_sequenced(log: KindColumns) -> Iterator[LeadId]:
    """Leads with several events at one time that state a sequence, though not all their events."""
    for lead in log.leads:
        if lead.tied and 0 < list(map(_sequence, lead.events)).count(0) < len(lead.events):
            yield lead.lead_id
