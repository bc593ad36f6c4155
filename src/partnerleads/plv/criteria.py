"""What a scoring model is made of, and what it makes of one partner's shares."""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import field, frozen

from partnerleads.model.numbers import in_range
from partnerleads.plv.aggregators import Gate
from partnerleads.plv.metrics import Metric
from partnerleads.plv.normalisers import Normaliser

__all__ = ["MISSING", "Criterion", "Missing", "Tier", "Weighed"]

Missing: TypeAlias = Literal["renormalise", "neutral", "zero"]
"""What stands for a metric that is not known: the others' weights, a neutral share, or 0."""

MISSING: tuple[Missing, ...] = ("renormalise", "neutral", "zero")


@frozen(kw_only=True)
class Criterion:
    """One metric of a model.

    Attributes:
        metric: What is measured.
        normaliser: How it becomes a share.
        weight: How much it counts beside the others; only proportions matter. [>= 0]
        name: Its name in the model; the metric's kind where none is given.
    """

    metric: Metric
    normaliser: Normaliser
    weight: float = field(validator=in_range(0))
    name: str = ""

    def __attrs_post_init__(self) -> None:
        if not self.name:
            object.__setattr__(self, "name", self.metric.kind)


@frozen(kw_only=True)
class Tier:
    """A class of partners by score.

    Attributes:
        name: What it is called.
        at_least: The least score. [points, 0..100]
    """

    name: str
    at_least: float = field(validator=in_range(0, 100))


@frozen(kw_only=True)
class Weighed:
    """What the shares of one partner come to.

    Attributes:
        value: The score; None where no criterion is known. [points, 0..100]
        uncapped: The score before any gate. [points, 0..100]
        gates: The gates that are closed.
        coverage: Weight of the criteria that are known, of all. [0..1]
    """

    value: float | None
    uncapped: float | None
    gates: tuple[Gate, ...]
    coverage: float
