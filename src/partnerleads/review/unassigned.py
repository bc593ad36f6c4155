"""Leads that nobody has yet: the part of a review that says who would get them, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from attrs import frozen

from partnerleads.kpis import History
from partnerleads.kpis.measuring.rows import RowHistory
from partnerleads.lifecycle import LeadLifecycle, Lifecycles
from partnerleads.model import RecipientId
from partnerleads.model.figure import counted
from partnerleads.showing import spaced

if TYPE_CHECKING:
    from partnerleads.plv import RankingScores
    from partnerleads.routing import Decision, Pool, Router

__all__ = [
    "UnassignedLeads",
    "partner_pool",
    "routed_leads",
    "scores_of",
    "unassigned_leads",
    "unassigned_lines",
]

NONE_LEFT = "every open lead has somebody, an offer, an answer or progress"
"""Why there may be nothing to decide."""

MOST_LEADS = 10
"""How many leads are shown; the JSON of a review has all of them. [count]"""

_SUBDIVISION = re.compile(r"([A-Z]{2})-[A-Z0-9]{1,3}")
_FOLD = "routing reads every event of a lead; fold the events"


@frozen(kw_only=True)
class UnassignedLeads:
    """Open leads that nobody has, with what would be decided about each.

    Attributes:
        decisions: The decisions, in the order in which they were made: oldest lead first.
        router: Name of the router.
        undefined_because: Why there are none; None where there are, or where every lead has
            somebody.
    """

    decisions: tuple[Decision, ...] = ()
    router: str = ""
    undefined_because: str | None = None


def unassigned_leads(lives: Lifecycles) -> tuple[LeadLifecycle, ...]:
    """Open leads that nobody brought, holds, answered or moved on, and that no offer is open for.

    A lead that a partner brought, as the originator of its capture, is that partner's to work.

    Args:
        lives: The lifecycles.

    Returns:
        The leads, those captured first before others; of one instant by id.
    """
    from partnerleads.routing.lead_state import lead_state  # noqa: PLC0415 - only where it is asked

    found = [
        (lead.captured.occurred_at, lead.lead_id, lead)
        for lead in lives.population
        if lead.captured is not None
        and lead.captured.originator is None
        and lead.closed is None
        and lead.responded is None
        and lead.progressed is None
        and not lead_state(lead, None).busy
    ]
    return tuple(lead for _, _, lead in sorted(found, key=lambda one: one[:2]))


def partner_pool(lives: Lifecycles) -> Pool:
    """The partners as recipients, under the rules that their own events state.

    Hard rules: active, has capacity, has not turned the lead down, and no registration or owner of
    the account stands against it; and the territory, if any partner states regions. A region
    written like ``DE-BY`` lies in ``DE``. Expertise in the lead's industry is a wish, if any
    partner states some.

    Args:
        lives: The lifecycles.
    """
    from partnerleads import routing  # noqa: PLC0415 - only where it is asked

    recipients = routing.recipients_of(lives.partners.values())
    places = {place for one in recipients for place in one.territories}
    places |= {lead.facts.region or "" for lead in lives.population}
    tree = routing.TerritoryTree(
        {place: found[1] for place in places if (found := _SUBDIVISION.fullmatch(place))}
    )
    served = any(one.territories for one in recipients)
    skilled = any(one.expertise for one in recipients)
    rules: tuple[Any, ...] = (
        routing.IsActive(),
        *([routing.InTerritory(tree)] if served else []),
        routing.HasCapacity(),
        routing.NotExcluded(),
        routing.KeepsRegistration(),
        routing.KeepsAccountOwner(),
    )
    wish: Any = routing.HasExpertise()
    return routing.Pool(
        recipients, rules=rules, preferences=(routing.Preference(wish),) if skilled else ()
    )


def scores_of(ranking: RankingScores | None) -> dict[str, dict[RecipientId, float]]:
    """The table ``plv`` for routers that go by scores; none where there are no scores.

    Args:
        ranking: The scores by which partners are ranked.
    """
    if ranking is None:
        return {}
    known = ((partner_id, one.value) for partner_id, one in ranking.items())
    return {"plv": {partner_id: value for partner_id, value in known if value is not None}}


def routed_leads(
    history: History,
    *,
    scores: Mapping[str, Mapping[RecipientId, float]] | None = None,
    router: Router | None = None,
    seed: int = 0,
) -> UnassignedLeads:
    """What would be decided about the leads that nobody has.

    Args:
        history: Lifecycles; other engines know no decisions.
        scores: Tables of scores by partner, by name.
        router: Who orders the candidates; None takes round robin by credit.
        seed: What chance is drawn from.
    """
    from partnerleads import routing  # noqa: PLC0415 - only where it is asked

    if not isinstance(history, RowHistory):
        return UnassignedLeads(undefined_because=_FOLD)
    lives = history.lives
    chosen = routing.RoundRobin() if router is None else router
    name = type(chosen).__name__
    leads = unassigned_leads(lives)
    if leads and not lives.partners:
        because = "no event tells of a partner; add partner_onboarded of those who may take leads"
        return UnassignedLeads(router=name, undefined_because=because)
    decisions = routing.route_all(
        map(routing.prospect_of, leads),
        pool=partner_pool(lives),
        router=chosen,
        context=routing.routing_context(lives, scores=scores, seed=seed),
    )
    return UnassignedLeads(decisions=decisions, router=name)


def unassigned_lines(found: UnassignedLeads) -> Iterator[str]:
    """The decisions as lines of text, and how many leads nobody may take.

    Args:
        found: The decisions.
    """
    if found.undefined_because is not None:
        yield f"Leads that nobody has: not routed, since {found.undefined_because}"
        return
    decisions = found.decisions
    if not decisions:
        yield f"Leads that nobody has: none; {NONE_LEFT}"
        return
    stuck = sum(one.chosen is None for one in decisions)
    lost = f"; {stuck} of them to nobody" if stuck else ""
    yield (
        f"Leads that nobody has: {spaced(len(decisions))}, as {found.router} would give them "
        f"away{lost}"
    )
    # those that go nowhere want somebody to look at them first
    for decision in sorted(decisions, key=lambda one: one.chosen is not None)[:MOST_LEADS]:
        reasoning = decision.explain()
        yield f"  {reasoning.headline}"
        yield from (f"    {note}" for note in reasoning.notes)
    more = len(decisions) - MOST_LEADS
    if more > 0:
        yield f"  and {counted(more, 'more lead')}"
