"""A model with other weights."""

from __future__ import annotations

from collections.abc import Mapping
from math import fsum

from attrs import evolve

from partnerleads.plv.model import PlvModel

__all__ = ["reweighed"]


def reweighed(model: PlvModel, weights: Mapping[str, float], *, name: str) -> PlvModel:
    """A model with other weights of the same sum, under another name.

    Args:
        model: The model.
        weights: The weight of each criterion, as a part of 1.
        name: What it is called.

    >>> from partnerleads.plv.model import DEFAULT_MODEL
    >>> weights = dict.fromkeys(DEFAULT_MODEL.weights, 1 / 12)
    >>> round(reweighed(DEFAULT_MODEL, weights, name="level").criteria[0].weight, 6)
    8.333333
    """
    total = fsum(one.weight for one in model.criteria)
    criteria = [evolve(one, weight=total * weights[one.name]) for one in model.criteria]
    return evolve(model, name=name, criteria=criteria)
