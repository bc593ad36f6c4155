"""How far each weight can move before another partner leads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import inf, isclose, isfinite, sqrt

from attrs import evolve, frozen

from partnerleads.errors import OptionError
from partnerleads.model import PartnerId
from partnerleads.plv.aggregators import Aggregator
from partnerleads.plv.model import PlvModel
from partnerleads.plv.score import PlvScore

__all__ = ["WeightInterval", "weight_intervals"]

_SLACK = 1e-12
"""How far behind counts as level: the rounding of numbers between 0 and 1."""


@frozen(kw_only=True)
class WeightInterval:
    """The weights of one criterion, the others as they are, with which the leader leads.

    Attributes:
        name: The criterion.
        weight: Its weight in the model. [>= 0]
        low: The least weight. [>= 0]
        high: The most; infinite where none is too much. [>= low]
        below: Who leads below it; None where nothing is below.
        above: Who leads above it; None where nothing is above.
    """

    name: str
    weight: float
    low: float
    high: float
    below: PartnerId | None
    above: PartnerId | None

    def __str__(self) -> str:
        return f"{self.name} {self.weight:g} ({self.low:.4g} to {self.high:.4g})"


@frozen
class _Line:
    """One partner's score as a function of one weight: (a + b x) / (w + e x), then capped.

    Attributes:
        partner_id: The partner.
        a: Sum of the other criteria's weighted shares.
        b: Share of the criterion; 0 where it is not known.
        w: Sum of the other criteria's weights.
        e: 1 where the criterion is known, else 0.
        cap: The cap that closed gates put on.
    """

    partner_id: PartnerId
    a: float
    b: float
    w: float
    e: float
    cap: float

    def at(self, x: float) -> float:
        """The score for a weight; -inf where nothing weighs."""
        weight = self.w + self.e * x
        return min((self.a + self.b * x) / weight, self.cap) if weight else -inf


def weight_intervals(scores: Mapping[PartnerId, PlvScore]) -> tuple[WeightInterval, ...]:
    """For each criterion, the weights with which the partner that leads still leads.

    Every weight is moved alone, and stays above 0. The limits are where the leader and another
    partner are level, solved for exactly; between them nobody is ahead of it. Where several lead
    now, the first of them by id is taken.

    Args:
        scores: The scores by partner, of one model.

    Returns:
        An interval for each criterion, in the order of the model.

    Raises:
        OptionError: When nobody has a score, the scores come of several models, or a mean makes a
            share of 0 decide alone.

    >>> from partnerleads.plv import plv_scores
    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 acme training basics
    ...     2026-01-02 acme training advanced
    ...     2026-01-02 beta campaign spring
    ... ''')
    >>> intervals = weight_intervals(plv_scores(events, as_of=at("2026-01-02")))
    >>> [str(one) for one in intervals if one.name == "campaigns"]
    ['campaigns 5 (0 to 12)']
    """
    values = {name: scores[name].value for name in sorted(scores)}
    leader = max(values, key=lambda name: _or_least(values[name]), default=None)
    if leader is None or values[leader] is None:
        raise OptionError("scores", [*values], "nobody has a score")
    model = scores[leader].model
    if any(one.model != model for one in scores.values()):
        raise OptionError("scores", [*values], "come of several models")
    return tuple(_interval(model, place, scores, leader) for place in range(len(model.criteria)))


def _or_least(value: float | None) -> float:
    return -inf if value is None else value


def _interval(
    model: PlvModel, place: int, scores: Mapping[PartnerId, PlvScore], leader: PartnerId
) -> WeightInterval:
    criterion = model.criteria[place]
    if not criterion.weight:  # gates look at what weighs
        weighing = [evolve(one, weight=1.0) if one is criterion else one for one in model.criteria]
        model = evolve(model, criteria=weighing)
    own = _line(model, criterion.name, scores[leader])
    others = (name for name in sorted(scores) if name != leader)
    rivals = [_line(model, criterion.name, scores[name]) for name in others]
    now = criterion.weight
    found = (x for rival in rivals for x in _crossings(own, rival))
    places = sorted({0.0, *(now if isclose(x, now) else x for x in found)})
    low, below = 0.0, None
    for x in reversed([x for x in places if 0 < x <= now]):
        ahead = _ahead(own, rivals, _middle(max(y for y in places if y < x), x))
        if ahead is not None:
            low, below = x, ahead
            break
    high, above = inf, None
    for x in (x for x in places if x >= now):
        ahead = _ahead(own, rivals, _middle(x, min((y for y in places if y > x), default=inf)))
        if ahead is not None:
            high, above = x, ahead
            break
    return WeightInterval(
        name=criterion.name, weight=now, low=low, high=high, below=below, above=above
    )


def _middle(low: float, high: float) -> float:
    return (low + high) / 2 if isfinite(high) else 2 * low + 1


def _ahead(own: _Line, rivals: list[_Line], x: float) -> PartnerId | None:
    """The rival that is furthest ahead for a weight."""
    best = max(rivals, key=lambda rival: rival.at(x), default=own)
    return best.partner_id if best.at(x) > own.at(x) + _SLACK else None


def _line(model: PlvModel, name: str, score: PlvScore) -> _Line:
    forward = model.aggregator.forward
    others, own, known = [], 0.0, 0.0
    for criterion in model.criteria:
        share = model.filling(score.shares[criterion.name])
        if share is None:
            continue
        value = forward(share)
        if not isfinite(value):
            reason = f"is 0 and decides alone under {model.aggregator.kind}; lay a floor"
            raise OptionError("shares", criterion.name, reason)
        if criterion.name == name:
            own, known = value, 1.0
        else:
            others.append((criterion.weight, value))
    return _Line(
        score.partner_id,
        sum(weight * value for weight, value in others),
        own,
        sum(weight for weight, _ in others),
        known,
        _cap(model.aggregator, model, score),
    )


def _cap(aggregator: Aggregator, model: PlvModel, score: PlvScore) -> float:
    caps = [gate.cap for gate in model.weigh(score.shares).gates]
    return aggregator.forward(min(caps) / 100) if caps else inf


def _crossings(own: _Line, rival: _Line) -> Iterator[float]:
    """The weights above 0 at which two partners, or one and a cap, are level."""
    yield from _roots(
        own.b * rival.e - rival.b * own.e,
        own.b * rival.w + own.a * rival.e - rival.b * own.w - rival.a * own.e,
        own.a * rival.w - rival.a * own.w,
    )
    for line, cap in ((own, rival.cap), (rival, own.cap)):
        if isfinite(cap):
            yield from _roots(0.0, line.b - cap * line.e, line.a - cap * line.w)


def _roots(a: float, b: float, c: float) -> Iterator[float]:
    """Where a x^2 + b x + c is 0, above 0."""
    found = []
    if abs(a) > _SLACK:
        spread = b * b - 4 * a * c
        if spread >= 0:
            q = -(b + (sqrt(spread) if b >= 0 else -sqrt(spread))) / 2
            found = [q / a, *([c / q] if q else [])]
    elif b:
        found = [-c / b]
    yield from (x for x in found if isfinite(x) and x > 0)
