"""Hypothesis strategies of histories: the events of one lead, or of several with their partners.

A life is a capture, some blocks of work, and perhaps a close. Dirt comes on top, each sort by its
name, so that a test can leave out what it does not want.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import attrs
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from partnerleads.errors import OptionError
from partnerleads.events import KINDS, Event, LeadFact
from partnerleads.testing.life import DIRT, HALF_DAY, START, Plan, Step, life, timed
from partnerleads.testing.single_strategies import LEAD_IDS, PARTNER_IDS

__all__ = ["histories", "lead_histories"]

_PARTNER_KINDS = tuple(
    name
    for name, kind in KINDS.items()
    if not issubclass(kind, LeadFact) and name != "event_retracted"
)


def lead_histories(
    *,
    lead_id: str = LEAD_IDS[0],
    partner_ids: Sequence[str] = PARTNER_IDS,
    currencies: Sequence[str] = ("EUR",),
    dirt: Collection[str] = DIRT,
    max_blocks: int = 4,
) -> SearchStrategy[tuple[Event, ...]]:
    """The events of one lead, plausible unless dirt says otherwise; they shrink to a capture.

    Without dirt a life is a capture, then registrations, at most one offer and its answer, and
    work, then perhaps one close, with half a day at least from step to step, all of them
    recorded when they happened.

    Args:
        lead_id: The lead.
        partner_ids: Partners that take part.
        currencies: ISO 4217 codes of its money.
        dirt: What else may happen; :data:`DIRT` lists it, ``DIRT - {"ties"}`` leaves some out.
        max_blocks: Most registrations, offers and pieces of work before a close.

    Raises:
        OptionError: If a name of dirt is not in :data:`DIRT`.
    """
    return life(
        Plan(
            lead_id=lead_id,
            partner_ids=tuple(partner_ids),
            currencies=tuple(currencies),
            dirt=_known(dirt),
            max_blocks=max_blocks,
        )
    )


def histories(
    *,
    max_leads: int = 3,
    partner_ids: Sequence[str] = PARTNER_IDS,
    currencies: Sequence[str] = ("EUR",),
    dirt: Collection[str] = DIRT,
    max_blocks: int = 3,
    max_partner_events: int = 4,
) -> SearchStrategy[tuple[Event, ...]]:
    """The events of several leads and of the partners they share.

    Offer and registration ids are the same from lead to lead; the leads may come from sources of
    their own that number their events alike.

    Args:
        max_leads: Most leads; there is at least one. [count, >= 1]
        partner_ids: Partners that take part.
        currencies: ISO 4217 codes of the money.
        dirt: What may happen beside a plain life, from :data:`DIRT`.
        max_blocks: Most registrations, offers and pieces of work of one lead before a close.
        max_partner_events: Most events of partners and costs.

    Raises:
        OptionError: If a name of dirt is not in :data:`DIRT`.
    """
    plan = Plan(
        partner_ids=tuple(partner_ids),
        currencies=tuple(currencies),
        dirt=_known(dirt),
        max_blocks=max_blocks,
    )
    return _lives(plan, max_leads, max_partner_events)


def _known(dirt: Collection[str]) -> frozenset[str]:
    unknown = sorted(set(dirt) - DIRT)
    if unknown:
        raise OptionError("dirt", unknown[0], f"is none; choose from {', '.join(sorted(DIRT))}")
    return frozenset(dirt)


@st.composite
def _lives(draw: DrawFn, plan: Plan, max_leads: int, max_partner_events: int) -> tuple[Event, ...]:
    own_sources = draw(st.booleans())
    events: list[Event] = []
    for number in range(1, draw(st.integers(1, max_leads)) + 1):
        lead_id = f"L{number}"
        source, prefix = (f"crm-{lead_id}", "e") if own_sources else ("crm", f"{lead_id}-e")
        events += draw(life(attrs.evolve(plan, lead_id=lead_id, source=source, prefix=prefix)))
    for number in range(1, draw(st.integers(0, max_partner_events)) + 1):
        moment = START + draw(st.integers(0, 120)) * HALF_DAY
        step = Step(draw(st.sampled_from(_PARTNER_KINDS)))
        events.append(timed(draw, plan, step, moment, f"p{number}"))
    return tuple(events)
