"""What the hand-written versions share: groups of kinds, and the shape of their numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from partnerleads.events import KINDS

__all__ = [
    "ACTS",
    "AFTER_CAPTURE",
    "ANSWERS",
    "CLOSES",
    "CONVERTING",
    "DAY",
    "DECISIONS",
    "HOUR",
    "RANKS",
    "TURNS",
    "WORK",
    "Numbers",
    "figures_of",
]

HOUR, DAY = 3_600_000_000, 86_400_000_000
"""Lengths. [microseconds]"""

RANKS = {name: kind.rank for name, kind in KINDS.items()}
"""The natural order of kinds."""

DECISIONS = ("registration_approved", "registration_rejected", "registration_withdrawn")
ANSWERS = ("lead_accepted", "lead_declined", "offer_expired", "offer_withdrawn")
CONVERTING = ("lead_progressed", "lead_won")
CLOSES = ("lead_disqualified", "lead_lost", "lead_won")
TURNS = (*CLOSES, "lead_reopened")
WORK = (
    "lead_routed",
    "lead_offered",
    *ANSWERS,
    "lead_returned",
    "lead_assigned",
    "lead_responded",
    "lead_qualified",
    "lead_progressed",
)
AFTER_CAPTURE = ("lead_updated", *WORK, *TURNS, "deal_refunded")
ACTS = ("partner_influenced", "contact_made", "lead_accepted", "lead_progressed", "lead_won")

Numbers: TypeAlias = dict[str, Any]
"""The plain numbers of a figure by name."""


def figures_of(
    sums: Mapping[str, Any], stalled: list[str], places: Iterable[tuple[Any, ...]]
) -> dict[str, Numbers]:
    """The numbers of each figure.

    Args:
        sums: What was added up over the leads.
        stalled: Leads in progress without an event for 30 days, in order.
        places: For each region whether there was a follow-up and a close, the leads that had
            either, and their problems.
    """

    def share(hits: str, of: str, population: str) -> Numbers:
        return {"hits": sums[hits], "of": sums[of], "problems": sums[f"problems_{population}"]}

    def times(name: str, population: str) -> Numbers:
        return {
            "n": sums[f"{name}_n"],
            "median": sums[f"{name}_median"],
            "p90": sums[f"{name}_p90"],
            "mean": sums[f"{name}_mean"],
            "censored": sums[f"{name}_open"],
            "closed_without": sums[f"{name}_closed"],
            "left_out": sums[f"{name}_negative"],
            "problems": sums[f"problems_{population}"],
        }

    def count(name: str) -> Numbers:
        return {"value": sums[name], "problems": sums[f"problems_{name}"]}

    def total(name: str, valued: str, population: str) -> Numbers:
        return {
            "cents": sums[name],
            "n": sums[valued],
            "without_value": sums[population] - sums[valued],
            "problems": sums[f"problems_{population}"],
        }

    rows = [*places]
    active = [row for row in rows if row[0] is not None and row[1] and row[2]]
    return {
        "sourced_rate": share("sourced", "captured", "all"),
        "influenced_rate": share("influenced", "captured", "all"),
        "first_offer_acceptances": count("taken"),
        "first_offer_acceptance_rate": share("taken", "resolved", "resolved"),
        "hours_to_acceptance": times("accepted", "all"),
        "action_delay": times("responded", "all"),
        "partner_conversion_rate": share("converted", "accepted", "accepted"),
        "in_progress": {**count("worked"), "listed": tuple(stalled)},
        "expected_lead_value": total("expected", "expecting", "worked"),
        "closed_won": count("won"),
        "final_lead_value": total("final", "valued", "won"),
        "won_velocity": {**times("won", "won"), "censored": 0, "closed_without": 0},
        "active_regions": {
            "leads": {row[0]: row[3] for row in active},
            "left_out": sum(row[3] for row in rows if row[0] is None),
            "problems": sum(row[4] for row in active),
        },
    }
