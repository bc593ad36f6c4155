"""A scoring model: frozen data that says what counts, how it scales, and how much it weighs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import pairwise
from math import fsum
from typing import Any

from attrs import evolve, field, frozen

from partnerleads.errors import OptionError
from partnerleads.model.data_text import Kinds
from partnerleads.model.money import minor_units
from partnerleads.model.numbers import in_range
from partnerleads.model.options import check_choice, one_of
from partnerleads.model.saved import Saved
from partnerleads.plv.activity_metrics import (
    BusinessPlans,
    Campaigns,
    Certifications,
    CoSelling,
    Satisfaction,
    SourcedLeads,
    Training,
)
from partnerleads.plv.aggregators import AGGREGATORS, Aggregator, Gate, WeightedMean
from partnerleads.plv.criteria import MISSING, Criterion, Missing, Tier, Weighed
from partnerleads.plv.deal_metrics import Conversion, DealFrequency, DealSize, Margin, Revenue
from partnerleads.plv.metrics import METRICS, Metric
from partnerleads.plv.normalisers import (
    NORMALISERS,
    CappedTarget,
    Goalposts,
    LogGoalposts,
    Normaliser,
)
from partnerleads.plv.record import Credit, PartnerRecord

__all__ = ["DEFAULT_MODEL", "Criterion", "PlvModel", "Tier"]

KINDS: Kinds = {Metric: METRICS, Normaliser: NORMALISERS, Aggregator: AGGREGATORS}
"""The metrics, normalisers and aggregators that a saved model may name."""


def _criteria(criteria: Iterable[Criterion]) -> tuple[Criterion, ...]:
    return tuple(criteria)


def _gates(gates: Iterable[Gate]) -> tuple[Gate, ...]:
    return tuple(gates)


def _tiers(tiers: Iterable[Tier]) -> tuple[Tier, ...]:
    return tuple(tiers)


def _credited(criterion: Criterion, credit: Credit) -> Criterion:
    metric: Any = criterion.metric
    if not hasattr(metric, "credit"):
        return criterion
    return evolve(criterion, metric=evolve(metric, credit=credit))


@frozen(kw_only=True)
class PlvModel(Saved):
    """How partners are scored, 0 to 100.

    Attributes:
        name: What it is called.
        criteria: What counts; at least one, with names of their own, and not all of weight 0.
        aggregator: How shares become one.
        gates: Caps on the score where shares do not suffice.
        missing: What stands for a metric that is not known. ``renormalise`` leaves it out and
            reports the coverage; ``neutral`` puts a share in its place; ``zero`` takes it for 0.
        neutral: The share put in its place. [0..1]
        provisional_below: Scores of less coverage are provisional. [0..1]
        tiers: Classes by score, from the least up.
        currency: Currency that money is converted to and scaled in; None takes the one that
            occurs, and refuses several.

    >>> DEFAULT_MODEL.weigh({"revenue": 1.0, "margin": 0.5}).coverage
    0.3
    """

    _kinds = KINDS
    _called = "scoring model"

    name: str
    criteria: tuple[Criterion, ...] = field(converter=_criteria)
    aggregator: Aggregator = field(factory=WeightedMean)
    gates: tuple[Gate, ...] = field(default=(), converter=_gates)
    missing: Missing = field(default="renormalise", validator=one_of(*MISSING))
    neutral: float = field(default=0.5, validator=in_range(0, 1))
    provisional_below: float = field(default=0.5, validator=in_range(0, 1))
    tiers: tuple[Tier, ...] = field(default=(), converter=_tiers)
    currency: str | None = None
    _weights: dict[str, float] = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        names = [one.name for one in self.criteria]
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise OptionError("criteria", twice, "names two criteria; give each a name of its own")
        if not any(one.weight for one in self.criteria):
            raise OptionError("criteria", tuple(names), "needs a weight above 0")
        for gate in self.gates:
            for name in gate.names:
                check_choice("gates", name, names)
        levels = [tier.at_least for tier in self.tiers]
        if any(low >= high for low, high in pairwise(levels)):
            raise OptionError("tiers", tuple(levels), "go from the least up, without equals")
        if self.currency is not None:
            minor_units(self.currency)
        most = max(one.weight for one in self.criteria)
        weights = {one.name: one.weight / most for one in self.criteria if one.weight}
        object.__setattr__(self, "_weights", weights)

    def credited(self, credit: Credit) -> PlvModel:
        """The model with another notion of whose leads count, in every metric that has one.

        Args:
            credit: ``sourced``, or ``involved`` for any role.

        >>> DEFAULT_MODEL.credited("involved").criteria[0].metric.credit
        'involved'
        """
        return evolve(self, criteria=[_credited(one, credit) for one in self.criteria])

    def values_of(self, record: PartnerRecord, as_of: datetime) -> dict[str, float | None]:
        """The metrics of one partner, by criterion.

        Args:
            record: The partner's record.
            as_of: The moment, not before the record's. [aware datetime]
        """
        return {one.name: one.metric.value(record, as_of) for one in self.criteria}

    def shares_of(self, values: Mapping[str, float | None]) -> dict[str, float | None]:
        """The shares of metrics, by criterion.

        Args:
            values: The metrics by criterion; None, or none at all, is not known.
        """
        read = ((one, values.get(one.name)) for one in self.criteria)
        return {
            one.name: None if value is None else one.normaliser.share(value) for one, value in read
        }

    def filled(self, shares: Mapping[str, float | None]) -> dict[str, float]:
        """The shares that the score is made of: those that weigh, the missing as the policy says.

        Args:
            shares: The shares by criterion; None, or none at all, is not known.
        """
        filled = {name: self.filling(shares.get(name)) for name in self._weights}
        return {name: share for name, share in filled.items() if share is not None}

    def filling(self, share: float | None) -> float | None:
        """A share, or what stands for it where it is not known; None where nothing does."""
        if share is not None or self.missing == "renormalise":
            return share
        return self.neutral if self.missing == "neutral" else 0.0

    @property
    def weights(self) -> dict[str, float]:
        """The weights of all criteria, as parts of their sum. [0..1 each]"""
        total = fsum(self._weights.values())
        return {one.name: self._weights.get(one.name, 0.0) / total for one in self.criteria}

    def weights_of(self, names: Iterable[str]) -> dict[str, float]:
        """The weights of some criteria that weigh, as parts of their sum. [0..1 each]"""
        weights = {name: self._weights[name] for name in names}
        total = fsum(weights.values())
        return {name: weight / total for name, weight in weights.items()}

    def combined(self, shares: Mapping[str, float]) -> float:
        """The score of shares before any gate; 0 where there is none. [points, 0..100]

        Args:
            shares: Shares of criteria that weigh, whatever is missing filled in.
        """
        if not shares:
            return 0.0
        weights = self.weights_of(shares)
        return 100 * self.aggregator.combined([*shares.values()], [*weights.values()])

    def weigh(self, shares: Mapping[str, float | None]) -> Weighed:
        """The score of shares.

        Args:
            shares: The shares by criterion; None, or none at all, is not known. [0..1 each]
        """
        filled = self.filled(shares)
        known = (name for name in self._weights if shares.get(name) is not None)
        coverage = fsum(map(self._weights.__getitem__, known)) / fsum(self._weights.values())
        if not filled:
            return Weighed(value=None, uncapped=None, gates=(), coverage=0.0)
        uncapped = self.combined(filled)
        seen = {one.name: self.filling(shares.get(one.name)) for one in self.criteria}
        closed = tuple(gate for gate in self.gates if not gate.is_open(seen, filled))
        value = min((uncapped, *(gate.cap for gate in closed)))
        return Weighed(value=value, uncapped=uncapped, gates=closed, coverage=coverage)


def _criterion(metric: Metric, normaliser: Normaliser, weight: float) -> Criterion:
    return Criterion(metric=metric, normaliser=normaliser, weight=weight)


DEFAULT_MODEL = PlvModel(
    name="default",
    criteria=(
        _criterion(Revenue(), Goalposts(0, 250_000), 20),
        _criterion(DealFrequency(), Goalposts(0, 12), 10),
        _criterion(DealSize(), LogGoalposts(1_000, 100_000), 5),
        _criterion(Margin(), Goalposts(0, 0.4), 10),
        _criterion(Conversion(), Goalposts(0, 0.5), 15),
        _criterion(Training(), CappedTarget(4), 8),
        _criterion(Campaigns(), CappedTarget(3), 5),
        _criterion(CoSelling(), CappedTarget(3), 5),
        _criterion(Certifications(), CappedTarget(3), 7),
        _criterion(Satisfaction(), Goalposts(0.4, 0.9), 10),
        _criterion(SourcedLeads(), Goalposts(0, 12), 3),
        _criterion(BusinessPlans(), CappedTarget(1), 2),
    ),
    tiers=(
        Tier(name="registered", at_least=0),
        Tier(name="silver", at_least=40),
        Tier(name="gold", at_least=60),
        Tier(name="platinum", at_least=80),
    ),
)
"""A model to begin with: goalposts and weights are plain choices, to be made one's own.

Money is scaled in the one currency that occurs; the goalposts suit amounts in euro or dollars.
"""
