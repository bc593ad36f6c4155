"""The laws of routers as checks: each with a name, the law in words, and a way to run it."""

from __future__ import annotations

from functools import partial
from typing import TypeAlias

from partnerleads.routing import Router
from partnerleads.testing import router_answer_laws as answer
from partnerleads.testing import router_claim_laws as claimed
from partnerleads.testing import router_pure_laws as pure
from partnerleads.testing import router_stream_laws as stream
from partnerleads.testing.law_check import LawCheck
from partnerleads.testing.router_cases import RouterCase
from partnerleads.testing.router_shrinking import smaller

__all__ = ["RouterCheck", "router_checks"]

RouterCheck: TypeAlias = LawCheck[Router, RouterCase]
"""One law of routers; it may be asked of those alone that claim ``rotation`` or ``score``."""

_check = partial(LawCheck[Router, RouterCase], smaller=smaller)


def router_checks() -> tuple[RouterCheck, ...]:
    """All checks, in the order in which they run: those of all routers, then those of claims.

    >>> [check.name for check in router_checks() if check.claim == "score"]
    ['raised_score', 'dominance', 'independence']
    """
    return _CHECKS


_CHECKS = (
    _check("answers", "It answers every question with places, and raises nothing.", answer.answers),
    _check("eligible_only", "It names only those who may take the lead.", answer.eligible_only),
    _check("named_once", "It names nobody twice.", answer.named_once),
    _check(
        "finite_scores", "Every score has parts, and they are finite numbers.", answer.finite_scores
    ),
    _check(
        "parts_make_score",
        "Every score is the sum of the parts that it shows.",
        answer.parts_make_score,
    ),
    _check(
        "best_first",
        "No score stands after a lower one, but in a draw or a chain.",
        answer.best_first,
    ),
    _check(
        "ties_told", "Where equal scores do not stand by id, their ties say why.", answer.ties_told
    ),
    _check(
        "sound_propensities",
        "Chances lie between 0 and 1, add up to 1, and are those of the candidates alone.",
        answer.sound_propensities,
    ),
    _check(
        "drawn_as_stated",
        "Over many seeds everybody is first as often as its chance says, without chances always.",
        answer.drawn_as_stated,
        effort=10,
    ),
    _check(
        "repeatable",
        "The same arguments give the same answer and record, from it and from another one.",
        pure.repeatable,
    ),
    _check(
        "order_free",
        "The order of the recipients and of what the context holds does not matter.",
        pure.order_free,
    ),
    _check(
        "read_apart",
        "Two orders that are read at the same time do not disturb each other.",
        pure.read_apart,
    ),
    _check("changes_nothing", "It changes nothing that it is given.", pure.changes_nothing),
    _check(
        "parameters_only",
        "Its own fields are frozen parameters of plain values.",
        pure.parameters_only,
    ),
    _check("no_clock", "It reads no clock.", pure.no_clock),
    _check("no_hidden_chance", "It draws chance from the context alone.", pure.no_hidden_chance),
    _check(
        "ineligible_irrelevant",
        "Whoever may not take the lead changes no choice by being there.",
        pure.ineligible_irrelevant,
    ),
    _check("decided_once", "A decided lead keeps its decision.", stream.decided_once, effort=2),
    _check(
        "within_capacity",
        "Lead after lead, nobody is given more than it has room for.",
        stream.within_capacity,
        effort=2,
    ),
    _check(
        "replayed",
        "The same leads again give the same decisions, byte for byte.",
        stream.replayed,
        effort=4,
    ),
    _check(
        "equal_turns",
        "With equal weights nobody is ever two leads ahead of another.",
        claimed.equal_turns,
        claim="rotation",
        effort=4,
    ),
    _check(
        "weighted_turns",
        "Nobody ever has a whole lead more than its weight asks for.",
        claimed.weighted_turns,
        claim="rotation",
        effort=4,
    ),
    _check(
        "newcomer_not_flooded",
        "A newcomer never has a whole lead more than its share since it came.",
        claimed.newcomer_not_flooded,
        claim="rotation",
        effort=20,
    ),
    _check(
        "newcomer_not_starved",
        "A newcomer of weight w gets a lead within 2 * (sum of weights) / w leads, rounded up.",
        claimed.newcomer_not_starved,
        claim="rotation",
        effort=20,
    ),
    _check(
        "raised_score",
        "Whoever scores higher, and nothing else changes, stands no lower.",
        claimed.raised_score,
        claim="score",
        effort=2,
    ),
    _check(
        "dominance",
        "Of two alike, the one with more in every table stands first.",
        claimed.dominance,
        claim="score",
    ),
    _check(
        "independence",
        "Without one of the candidates the others stand as they stood.",
        claimed.independence,
        claim="score",
    ),
)
