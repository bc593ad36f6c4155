"""Identities of offers: none is given twice, since the second event would replace the first."""

from __future__ import annotations

import re

from partnerleads.routing.offers.state import OfferState

__all__ = ["unused_offer_id"]

_WORDS = "(?:offered-|expired-|withdrawn-)?"


def unused_offer_id(state: OfferState, *, decided: int) -> str:
    """The identity of the next offer of a lead: its number is above all that the lead knows.

    Numbers are known from offers and from answers, whose offer may have been retracted, and from
    the count of offers. Of an offer that was retracted before its answer only the decision is left.

    Args:
        state: How far the asking has come.
        decided: Decisions on record that chose somebody, and may have been offered. [count]

    >>> from partnerleads.testing import history
    >>> events = history('''
    ...     2026-03-02 L1 captured
    ...     2026-03-02 L1 offered to acme offer_id=L1-4
    ... ''')
    >>> unused_offer_id(OfferState("L1", events), decided=0)
    'L1-5'
    """
    own = re.compile(rf"{_WORDS}{re.escape(state.lead_id)}-([0-9]{{1,18}})")
    ids = (
        name
        for event in state.events
        for name in (event.event_id, getattr(event, "offer_id", None))
        if name is not None
    )
    known = [int(found[1]) for found in map(own.fullmatch, ids) if found is not None]
    return f"{state.lead_id}-{max(len(state.offers), decided, *known, 0) + 1}"
