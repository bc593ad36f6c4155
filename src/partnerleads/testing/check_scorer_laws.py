"""The laws of scorers as checks: each with a name, the law in words, and a way to run it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from math import fsum, isfinite
from typing import TypeAlias

from attrs import evolve

from partnerleads.attribution.digits import in_digits
from partnerleads.scoring import LeadScore, LeadScorer
from partnerleads.scoring.lead_score import TOLERANCE
from partnerleads.scoring.reasons import BASE
from partnerleads.testing.check_scorer_cases import ScorerCase, smaller
from partnerleads.testing.law_check import LawCheck

__all__ = ["Factory", "ScorerCheck", "scorer_checks"]

Factory: TypeAlias = Callable[[], LeadScorer]
"""Makes a scorer, a new one each time."""

ScorerCheck: TypeAlias = LawCheck[LeadScorer, ScorerCase]
"""One law of scorers."""

_check = partial(LawCheck[LeadScorer, ScorerCase], smaller=smaller)


def answers(factory: Factory, case: ScorerCase) -> str | None:
    """A score comes back, of this lead and moment; the other laws rely on it."""
    case.answer(factory())
    return None


def within_bounds(factory: Factory, case: ScorerCase) -> str | None:
    """The score and the chance are numbers in their ranges."""
    score = case.answer(factory())
    if not 0 <= score.score <= 100:
        return f"scores {score.score!r}"
    if score.probability is not None and not 0 <= score.probability <= 1:
        return f"gives the chance {score.probability!r}"
    return None


def reasons_add_up(factory: Factory, case: ScorerCase) -> str | None:
    """The points of the reasons make the score, and do so in the digits shown."""
    score = case.answer(factory())
    total = fsum(one.points for one in score.reasons)
    if not isfinite(total) or abs(total - score.score) > TOLERANCE:
        return f"scores {score.score!r}; its reasons add up to {total!r}"
    shown = sum((points for _, points in score.rounded()), Decimal(0))
    if score.reasons and shown != in_digits(score.score, 1):
        return f"shows {in_digits(score.score, 1)}; its reasons show {shown}"
    return None


def signs_agree(factory: Factory, case: ScorerCase) -> str | None:
    """What speaks for a win adds points, what speaks against it takes them."""
    for one in case.answer(factory()).reasons:
        if one.evidence * one.points < 0 and not one.name.endswith(BASE):
            return f"{one.name} has the evidence {one.evidence!r} and {one.points!r} points"
    return None


def repeatable(factory: Factory, case: ScorerCase) -> str | None:
    """Asked again, it answers the same; so does another one."""
    scorer = factory()
    first = case.answer(scorer)
    for who, again in (("it", scorer), ("another one", factory())):
        said = case.answer(again)
        if said != first:
            return f"first it answers {first}; asked again, {who} answers {said}"
    return None


def scored_alone(factory: Factory, case: ScorerCase) -> str | None:
    """Having scored another lead changes nothing."""
    alone, scorer = case.answer(factory()), factory()
    scorer.score(case.other)
    after = case.answer(scorer)
    return None if after == alone else f"alone it answers {alone}; after another lead {after}"


def name_free(factory: Factory, case: ScorerCase) -> str | None:
    """The id of a lead does not matter."""
    scorer = factory()
    first = case.answer(scorer)
    renamed = evolve(case, lead=evolve(case.lead, lead_id="another id")).answer(scorer)
    if _told(renamed) != _told(first):
        return f"it answers {first}; under another id {renamed}"
    return None


def _told(score: LeadScore) -> tuple[object, ...]:
    return score.score, score.probability, score.reasons


def one_fingerprint(factory: Factory, case: ScorerCase) -> str | None:
    """Name and fingerprint are the scorer's, whatever the lead."""
    scorer = factory()
    one, other = case.answer(scorer), scorer.score(case.other)
    if not one.fingerprint:
        return "has an empty fingerprint"
    if (one.scorer, one.fingerprint) != (other.scorer, other.fingerprint):
        said = f"{one.scorer} {one.fingerprint} and {other.scorer} {other.fingerprint}"
        return f"scores two leads as {said}"
    return None


def chances_in_order(factory: Factory, case: ScorerCase) -> str | None:
    """A higher score never has a lower chance."""
    scorer = factory()
    low, high = sorted((case.answer(scorer), scorer.score(case.other)), key=lambda one: one.score)
    chances = low.probability, high.probability
    if chances == (None, None):
        return None
    if None in chances:
        return "gives one lead a chance, and another none"
    if chances[0] > chances[1]:  # type: ignore[operator]
        return f"gives {low.score!r} the chance {chances[0]!r}, {high.score!r} only {chances[1]!r}"
    return None


def scorer_checks() -> tuple[ScorerCheck, ...]:
    """All checks, in the order in which they run.

    >>> [check.name for check in scorer_checks()][:3]
    ['answers', 'within_bounds', 'reasons_add_up']
    """
    return _CHECKS


_CHECKS = (
    _check("answers", "It gives every lead a score of its own, and raises nothing.", answers),
    _check("within_bounds", "The score lies in 0 to 100, and a chance in 0 to 1.", within_bounds),
    _check(
        "reasons_add_up",
        "The points of the reasons add up to the score, also as they are shown.",
        reasons_add_up,
    ),
    _check(
        "signs_agree",
        "No reason but a base rate takes points for evidence of a win, or gives them against it.",
        signs_agree,
    ),
    _check(
        "repeatable",
        "The same lead gets the same answer, from it and from another one.",
        repeatable,
    ),
    _check("scored_alone", "What it scored before does not matter.", scored_alone),
    _check("name_free", "The id of a lead does not matter.", name_free),
    _check(
        "one_fingerprint", "Its name and fingerprint are the same for every lead.", one_fingerprint
    ),
    _check(
        "chances_in_order",
        "A higher score never has a lower chance; all leads have one, or none.",
        chances_in_order,
    ),
)
