"""Why a score is what it is: parts that add up to its distance from a reference."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from math import fsum, lcm
from typing import TYPE_CHECKING

from attrs import frozen

from partnerleads.attribution.digits import in_digits, shared_digits
from partnerleads.errors import OptionError
from partnerleads.model import PartnerId
from partnerleads.model.moments import moment_text
from partnerleads.plv.aggregators import floor_of
from partnerleads.plv.criteria import Tier
from partnerleads.plv.model import PlvModel
from partnerleads.plv.shapley import MOST_PLAYERS, Weighted, of_mean, of_product, of_sets
from partnerleads.showing import Shown

if TYPE_CHECKING:
    from partnerleads.plv.score import PlvScore

__all__ = ["Explanation", "Part", "explain", "in_digits", "parts_between", "told_parts"]

CAP = "cap"
"""Name of the part that gates take off."""


@frozen(kw_only=True)
class Part:
    """What one criterion adds to a distance.

    Attributes:
        name: The criterion; ``cap`` is what closed gates take off.
        points: How much it adds; below 0 it takes off. [points]
    """

    name: str
    points: float


@frozen(kw_only=True, repr=False)
class Explanation(Shown):
    """A score's distance from a reference, in parts.

    Attributes:
        partner_id: The partner.
        value: The score; 0 where there is none. [points, 0..100]
        reference: What it is compared with, in words.
        reference_value: The score of that. [points, 0..100]
        parts: What each criterion adds, in the order of the model; they add up to the distance.
    """

    partner_id: PartnerId
    value: float
    reference: str
    reference_value: float
    parts: tuple[Part, ...]
    _right = frozenset({1})

    def rounded(self, *, digits: int = 1) -> tuple[tuple[str, Decimal], ...]:
        """The parts as they are shown, adding up to the shown score less the shown reference.

        Every part is rounded down, and the units that are left go to the parts that lost most
        (largest remainder).

        Args:
            digits: Digits after the point. [count]
        """
        total = in_digits(self.value, digits) - in_digits(self.reference_value, digits)
        points = shared_digits([part.points for part in self.parts], total=total, digits=digits)
        return tuple(zip((part.name for part in self.parts), points, strict=True))

    def to_dicts(self) -> list[dict[str, object]]:
        """The parts as flat rows."""
        return [
            {
                "partner_id": self.partner_id,
                "score": self.value,
                "reference": self.reference,
                "reference_score": self.reference_value,
                "part": part.name,
                "points": part.points,
            }
            for part in self.parts
        ]

    def _head(self) -> str:
        value, reference = in_digits(self.value, 1), in_digits(self.reference_value, 1)
        return f"{self.partner_id} {value}, {value - reference:+} from {self.reference}"

    def _titles(self) -> tuple[str, ...]:
        return "", "points"

    def _rows(self) -> list[tuple[str, ...]]:
        return [(name, f"{points:+}") for name, points in self.rounded()]


def explain(
    score: PlvScore, *, reference: PlvScore | Mapping[PartnerId, PlvScore] | Tier | None = None
) -> Explanation:
    r"""The parts of a score's distance from a reference.

    The weighted mean has the parts ``100 w (u - u of the reference) / sum(w)``. For other means,
    and where another set of criteria is known, they are Shapley values: what a criterion adds,
    averaged over every order in which the criteria could change from the reference to what they
    are. They are exact: by closed forms for the weighted mean, whatever is known, and for the
    geometric mean where the same criteria are known; else by trying every set. A cap that closed
    gates put on is a part of its own.

    Args:
        score: The score.
        reference: None is 0. A score is the own one of an earlier moment, or that of another
            partner. A mapping of scores stands for a partner with the mean share of each criterion
            that the score knows. A tier is a partner that has its least score in every criterion.

    Raises:
        OptionError: When a score comes of another model, there is none, more than 16 criteria
            differ where every set of them must be tried, or more than 16 come or go under a
            weighted mean with weights of more than 65536 different sums.

    >>> from partnerleads.plv import DEFAULT_MODEL, record_of, score_of
    >>> from partnerleads.testing import at, history
    >>> events = tuple(history("2026-01-02 acme onboarded\n2026-02-01 acme training basics"))
    >>> record = record_of("acme", events=events)
    >>> score = score_of(record, as_of=at("2026-02-01"), model=DEFAULT_MODEL)
    >>> explanation = explain(score)
    >>> round(sum(part.points for part in explanation.parts) - score.value, 9)
    0.0
    """
    model, filled = score.model, score.model.filled(score.shares)
    value, caps = score.value or 0.0, _cap(score)
    if reference is None:
        words, there, there_value = "0", dict.fromkeys(filled, 0.0), 0.0
    elif isinstance(reference, Tier):
        least = reference.at_least
        words = f"tier {reference.name!r}"
        names = filled or {name: 0.0 for name, weight in model.weights.items() if weight}
        there, there_value = dict.fromkeys(names, least / 100), least
    elif isinstance(reference, Mapping):
        peers = list(reference.values())
        _check_model(score, peers)
        there = _mean(filled, [model.filled(peer.shares) for peer in peers])
        there_value, words = model.combined(there), f"the mean of {len(peers)}"
    else:
        _check_model(score, [reference])
        there, there_value = model.filled(reference.shares), reference.value or 0.0
        caps -= _cap(reference)
        words = f"{reference.partner_id} as of {moment_text(reference.as_of)}"
    parts = parts_between(model, filled, there)
    if caps:
        parts = (*parts, Part(name=CAP, points=caps))
    return Explanation(
        partner_id=score.partner_id,
        value=value,
        reference=words,
        reference_value=there_value,
        parts=parts,
    )


def told_parts(score: PlvScore) -> tuple[Explanation | None, str | None]:
    """The parts of a score for showing it: the explanation, or why it is refused."""
    try:
        return explain(score), None
    except OptionError as error:
        return None, str(error)


def _cap(score: PlvScore) -> float:
    """What closed gates take off. [points, <= 0]"""
    return (score.value or 0.0) - (score.uncapped or 0.0)


def _check_model(score: PlvScore, others: list[PlvScore]) -> None:
    if not others:
        raise OptionError("reference", others, "has no score")
    for other in others:
        if other.model != score.model:
            reason = f"comes of the model {other.model.name!r}, the score of {score.model.name!r}"
            raise OptionError("reference", other.fingerprint, reason)


def _mean(own: Mapping[str, float], others: list[dict[str, float]]) -> dict[str, float]:
    """The mean share of each own criterion among those that know it; the own where none does."""
    found = {name: [other[name] for other in others if name in other] for name in own}
    return {name: fsum(all_) / len(all_) if all_ else own[name] for name, all_ in found.items()}


def parts_between(
    model: PlvModel, here: Mapping[str, float], there: Mapping[str, float]
) -> tuple[Part, ...]:
    """What each criterion adds between two sets of shares, before any gate.

    Args:
        model: The model.
        here: The shares that are explained, whatever is missing filled in. [0..1 each]
        there: The shares of the reference. [0..1 each]

    Returns:
        A part for every criterion of either, in the order of the model; they add up to the
        difference of the two scores.

    Raises:
        OptionError: When more than 16 criteria differ where every set of them is tried, or more
            than 16 come or go with weights of more than 65536 different sums.
    """
    names = [one.name for one in model.criteria if one.name in here or one.name in there]
    if model.aggregator.additive and here.keys() == there.keys():
        weights = model.weights_of(names)
        return tuple(
            Part(name=name, points=100 * weights[name] * (here[name] - there[name]))
            for name in names
        )
    points = _shapley(model, here, there)
    return tuple(Part(name=name, points=points.get(name, 0.0)) for name in names)


def _shapley(
    model: PlvModel, here: Mapping[str, float], there: Mapping[str, float]
) -> Mapping[str, float]:
    """Shapley values: in closed form where there is one, else by trying every set."""
    names = [one.name for one in model.criteria if one.name in here or one.name in there]
    if model.aggregator.additive:
        found = _of_mean(model, names, here, there)
        if found is not None:
            return found
        reason = "come or go with weights of too many different sums; state weights in fewer digits"
        raise OptionError("criteria", len(here.keys() ^ there.keys()), reason)
    floor = floor_of(model.aggregator)
    if floor is not None and here.keys() == there.keys():
        return _of_product(model, here, there, floor)
    players = [name for name in names if here.get(name) != there.get(name)]
    if len(players) > MOST_PLAYERS:
        raise OptionError("criteria", len(players), _remedy(model, floor))

    def score(moved: frozenset[str]) -> float:
        sides = {name: there if name in players and name not in moved else here for name in names}
        return model.combined({name: side[name] for name, side in sides.items() if name in side})

    return of_sets(players, score)


def _remedy(model: PlvModel, floor: float | None) -> str:
    tried = f"differ, and every set of them is tried up to {MOST_PLAYERS}; "
    if floor is None:
        kind = model.aggregator.kind
        means = "WeightedMean, or FlooredGeometric with a floor up to 0.99,"
        return f"{tried}take {means} in place of {kind}, or fewer criteria"
    return f"{tried}say missing='neutral' or 'zero', so that all are known, or take WeightedMean"


def _of_mean(
    model: PlvModel, names: list[str], here: Mapping[str, float], there: Mapping[str, float]
) -> dict[str, float] | None:
    stated = {
        one.name: Fraction(repr(float(one.weight))) for one in model.criteria if one.name in names
    }
    whole = lcm(*(weight.denominator for weight in stated.values()))
    shares = {
        name: Weighted(int(stated[name] * whole), there.get(name), here.get(name)) for name in names
    }
    found = of_mean(shares)
    return None if found is None else {name: 100 * value for name, value in found.items()}


def _of_product(
    model: PlvModel, here: Mapping[str, float], there: Mapping[str, float], floor: float
) -> dict[str, float]:
    def factor(share: float, weight: float) -> float:
        return float((floor + (1 - floor) * share) ** weight)

    weights = model.weights_of(here)
    factors = {
        name: (factor(there[name], weight), factor(here[name], weight))
        for name, weight in weights.items()
    }
    return {name: 100 * value / (1 - floor) for name, value in of_product(factors).items()}
