"""From data to the parameters under which they are likeliest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import exp, inf, isfinite, log, sqrt
from typing import Any, Generic, TypeVar

from attrs import Attribute, frozen

from partnerleads.errors import OptionError
from partnerleads.model import FrozenMap
from partnerleads.plv.lifetime.minimising import Place, minimise

__all__ = ["LEAST_HISTORIES", "Fit", "above_zero", "check_enough", "fitted"]

LEAST_HISTORIES = 300
"""Fewer histories than this tell too little of four parameters: in simulations of a year, 7 of 30
fits on 30 histories ran away, 2 of 30 on 100, and none of 10 on 300. [count]"""

_FURTHEST = 9.0
"""No parameter is looked for more than e^9 times away from its start."""
_EDGE = 0.5
_STEP = 1e-3
_PRECISION = 1e-8

M_co = TypeVar("M_co", covariant=True)


@frozen(kw_only=True)
class Fit(Generic[M_co]):
    """A model with the parameters under which the data are likeliest.

    Attributes:
        model: The model.
        log_likelihood: Logarithm of the chance, or density, of the data. [natural logarithm]
        n: How many histories it was fitted on. [count]
        standard_errors: Of each parameter, from the curvature of the likelihood; empty where it
            has no peak in every direction. [each in its parameter's unit]
        runaway: Parameters that ended at the edge of what was searched, so that the data do not
            tell them; empty in a sound fit.
    """

    model: M_co
    log_likelihood: float
    n: int
    standard_errors: FrozenMap[str, float]
    runaway: tuple[str, ...] = ()


def above_zero(_: object, attribute: Attribute[float], value: float) -> None:
    """An attrs validator for parameters."""
    if not 0 < value < inf:
        raise OptionError(attribute.name, value, "must be a finite number above 0")


def check_enough(name: str, count: int, *, instead: str, least: int = LEAST_HISTORIES) -> None:
    """Refuse to fit on too little, and say what to do.

    Args:
        name: What is counted.
        count: How many there are. [count]
        instead: What to do.
        least: How many are needed. [count]

    >>> check_enough("histories", 8, instead="pass known parameters")
    Traceback (most recent call last):
    ...
    partnerleads.errors.OptionError: histories=8: a fit needs at least 300; pass known parameters
    """
    if count < least:
        raise OptionError(name, count, f"a fit needs at least {least}; {instead}")


def fitted(
    make: Callable[..., M_co],
    start: Mapping[str, float],
    log_likelihood: Callable[[M_co], float],
    *,
    n: int,
) -> Fit[M_co]:
    """The parameters above 0 under which the data are likeliest.

    Args:
        make: The model of its parameters.
        start: Where the search begins, parameter by parameter. [> 0]
        log_likelihood: Of the data under a model.
        n: How many histories the data are. [count]
    """
    names, begin = tuple(start), [log(value) for value in start.values()]

    def at(place: Place) -> M_co:
        return make(**{name: exp(value) for name, value in zip(names, place, strict=True)})

    def loss(place: Place) -> float:
        if any(abs(p - b) > _FURTHEST for p, b in zip(place, begin, strict=True)):
            return inf
        return -log_likelihood(at(place))

    place, value = minimise(loss, begin, precision=_PRECISION)
    away = [abs(p - b) for p, b in zip(place, begin, strict=True)]
    spread = _spread(loss, place)
    errors = {name: s * exp(p) for name, s, p in zip(names, spread, place, strict=False)}
    return Fit(
        model=at(place),
        log_likelihood=-value,
        n=n,
        standard_errors=FrozenMap(errors),
        runaway=tuple(
            name for name, far in zip(names, away, strict=True) if far > _FURTHEST - _EDGE
        ),
    )


def _spread(loss: Callable[[Place], float], place: Place) -> list[float]:
    """Standard errors of the logarithms; empty where the loss does not curve upwards."""
    size = len(place)

    def at(*moves: tuple[int, float]) -> float:
        moved = list(place)
        for axis, step in moves:
            moved[axis] += step
        return loss(tuple(moved))

    def bend(i: int, j: int, h: float = _STEP) -> float:
        alike = at((i, h), (j, h)) + at((i, -h), (j, -h))
        return (alike - at((i, h), (j, -h)) - at((i, -h), (j, h))) / (4 * h * h)

    rows = [[bend(i, j) for j in range(size)] for i in range(size)]
    variances = _inverse_diagonal(rows)
    sound = all(isfinite(one) and one > 0 for one in variances)
    return [sqrt(one) for one in variances] if sound else []


def _inverse_diagonal(rows: list[list[float]]) -> list[float]:
    """The diagonal of the inverse of a matrix, by elimination; of a singular one infinite."""
    size = len(rows)
    full: list[list[Any]] = [
        [*row, *(float(n == m) for m in range(size))] for n, row in enumerate(rows)
    ]
    for column in range(size):
        pivot = max(range(column, size), key=lambda n: abs(full[n][column]))
        full[column], full[pivot] = full[pivot], full[column]
        head = full[column][column]
        if not isfinite(head) or abs(head) < 1e-9:
            return [inf] * size
        full[column] = [value / head for value in full[column]]
        for n in range(size):
            factor = full[n][column]
            if n != column:
                full[n] = [v - factor * c for v, c in zip(full[n], full[column], strict=True)]
    return [full[n][size + n] for n in range(size)]
