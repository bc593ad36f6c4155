"""Laws of one answer: whom it names, in which order, with which scores and chances."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import groupby, islice, pairwise
from math import fsum, inf, isclose, isfinite, log
from typing import Any, TypeAlias

from attrs import evolve

from partnerleads.routing import Ranked, Router
from partnerleads.testing.router_cases import RouterCase

__all__ = [
    "Factory",
    "Law",
    "answers",
    "best_first",
    "drawn_as_stated",
    "eligible_only",
    "finite_scores",
    "named_once",
    "parts_make_score",
    "sound_propensities",
    "ties_told",
]

Factory: TypeAlias = Callable[[], Router]
"""Makes a router, a new one each time."""

Law: TypeAlias = Callable[[Factory, RouterCase], str | None]
"""What is wrong with the answer to a question; None where nothing is."""

_DRAWS = 1000
_CERTAIN_DRAWS = 50
_FALSE_ALARM = 1e-6
"""Most chance that a sound draw is called unsound. [0..1]"""


def answers(factory: Factory, case: RouterCase) -> str | None:
    """It answers with places."""
    try:
        found = case.answer(factory())
    except Exception as error:  # noqa: BLE001 - whatever a router raises, it does not answer
        return f"raises {type(error).__name__}: {error}"
    given: list[Any] = found
    strange = [place for place in given if not isinstance(place, Ranked)]
    return f"names {strange[0]!r}, which is no `Ranked`" if strange else None


def eligible_only(factory: Factory, case: RouterCase) -> str | None:
    """It names candidates."""
    allowed = [one.recipient_id for one in case.candidates()]
    for place in case.answer(factory()):
        if place.recipient_id not in allowed:
            return f"names {place.recipient_id!r}; the candidates are {allowed}"
    return None


def named_once(factory: Factory, case: RouterCase) -> str | None:
    """It names nobody twice."""
    counts = Counter(place.recipient_id for place in case.answer(factory()))
    twice = [name for name, count in counts.items() if count > 1]
    return f"names {twice[0]!r} more than once" if twice else None


def finite_scores(factory: Factory, case: RouterCase) -> str | None:
    """Scores are made of parts, and these are finite numbers."""
    for place in case.answer(factory()):
        sound = all(_is_finite(part) for part in place.parts.values())
        if not place.parts or not sound:
            return f"{place.recipient_id!r} has the parts {dict(place.parts)}"
    return None


def _is_finite(value: object) -> bool:
    return isinstance(value, int | float | Fraction) and isfinite(value)


def _compared(places: list[Ranked]) -> Iterator[tuple[Ranked, Ranked]]:
    """Neighbours whose scores are compared: of one step, and in no draw."""
    for _, step in groupby(places, key=lambda place: place.step):
        found = list(step)
        if found[0].propensities is None:
            yield from pairwise(found)


def best_first(factory: Factory, case: RouterCase) -> str | None:
    """Scores fall."""
    for one, other in _compared(case.answer(factory())):
        if other.score > one.score and not isclose(one.score, other.score, abs_tol=1e-12):
            return f"{_scored(other)} stands after {_scored(one)}"
    return None


def _scored(place: Ranked) -> str:
    return f"{place.recipient_id!r} with {place.score}"


def parts_make_score(factory: Factory, case: RouterCase) -> str | None:
    """The score is the sum of the parts shown."""
    for place in case.answer(factory()):
        total = fsum(place.parts.values())
        if isfinite(total) and not isclose(total, place.score, rel_tol=1e-9, abs_tol=1e-9):
            return f"{_scored(place)} shows parts that add up to {total}: {dict(place.parts)}"
    return None


def ties_told(factory: Factory, case: RouterCase) -> str | None:
    """Equal scores are told apart by ties, else by id."""
    for one, other in _compared(case.answer(factory())):
        same = one.score == other.score and one.ties == other.ties
        if same and one.recipient_id > other.recipient_id:
            ids = f"{one.recipient_id!r} stands before {other.recipient_id!r}"
            return f"{ids} with the same score {one.score}, and no ties say why"
    return None


def sound_propensities(factory: Factory, case: RouterCase) -> str | None:
    """Chances are chances, of all candidates and nobody else."""
    allowed = {one.recipient_id for one in case.candidates()}
    for place in case.answer(factory())[:1]:
        chances = place.propensities
        if chances is None:
            return None
        if not set(chances) <= allowed:
            return f"gives a chance to {sorted(set(chances) - allowed)}, who may not take the lead"
        if not all(_is_finite(chance) and 0 <= chance <= 1 for chance in chances.values()):
            return f"states {dict(chances)}, which are not all between 0 and 1"
        if not isclose(fsum(chances.values()), 1.0, abs_tol=1e-9):
            return f"states chances that add up to {fsum(chances.values())}: {dict(chances)}"
        if not chances.get(place.recipient_id, 0.0) > 0:
            return f"draws {place.recipient_id!r}, which it gives no chance: {dict(chances)}"
    return None


def drawn_as_stated(factory: Factory, case: RouterCase) -> str | None:
    """Over many seeds, everybody is first as often as the chances say."""
    router, case = factory(), evolve(case, rules=(), preferences=())  # the more to draw from
    first = case.answer(router)[:1]
    if not first or sound_propensities(factory, case) is not None:
        return None
    stated = first[0].propensities or {first[0].recipient_id: 1.0}
    draws = _CERTAIN_DRAWS if first[0].propensities is None else _DRAWS
    counts = _firsts(router, case, draws)
    limit = log(2 * len(case.recipients) / _FALSE_ALARM) / draws
    for name in sorted({*stated, *counts}):
        chance, part = stated.get(name, 0.0), counts[name] / draws
        if _distance(part, min(chance, 1.0)) > limit:
            often = f"{name!r} is first in {part:.1%} of {draws} draws"
            return f"{often}; its stated chance is {chance:.1%}"
    return None


def _firsts(router: Router, case: RouterCase, draws: int) -> Counter[str]:
    """How often each is first, over many seeds."""
    lead, candidates, context = case.lead, case.candidates(), case.context
    answers = (
        router.rank(lead, [*candidates], evolve(context, seed=seed)) for seed in range(draws)
    )
    return Counter(place.recipient_id for places in answers for place in islice(places, 1))


def _distance(part: float, chance: float) -> float:
    """How unlikely a part is under a chance, by Chernoff's bound for each draw. [nats]"""
    return sum(
        0.0 if seen == 0 else inf if true == 0 else seen * log(seen / true)
        for seen, true in ((part, chance), (1 - part, 1 - chance))
    )
