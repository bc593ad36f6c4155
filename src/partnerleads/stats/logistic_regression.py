"""Logistic regression with a quadratic penalty, by Newton's method."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, fsum, inf, isfinite, log1p, sqrt
from typing import TypeAlias

from attrs import frozen

from partnerleads.errors import OptionError

__all__ = ["Line", "LogisticCurve", "logistic_regression", "sigmoid"]

Line: TypeAlias = Sequence[tuple[int, float]]
"""The columns of a row that are not 0, with their values, each column once."""

_PRECISION = 1e-16
"""A step that would gain less of the loss is the last; its error is about as small again."""

_NEAR = 1e-10
"""A step that would gain less is taken whole, as rounding of the loss would hide the gain."""

_SINGULAR = 1e-14
_NO_ANSWER = (
    "leaves no single finite answer: columns depend on one another, or rows can be told apart "
    "without error; use a larger one"
)
_MOST_STEPS = 100


@frozen(kw_only=True)
class LogisticCurve:
    """The likeliest weights.

    Attributes:
        base: Log-odds where every column is 0.
        weights: What a unit of each column adds to the log-odds.
        steps: Newton steps that were taken. [count]
    """

    base: float
    weights: tuple[float, ...]
    steps: int

    def log_odds(self, line: Line) -> float:
        """The log-odds of a row."""
        return self.base + fsum(self.weights[column] * value for column, value in line)


def sigmoid(log_odds: float) -> float:
    """The chance whose log-odds these are, without overflow. [0..1]

    >>> sigmoid(0.0), sigmoid(-1000.0), sigmoid(1000.0)
    (0.5, 0.0, 1.0)
    """
    if log_odds >= 0:
        return 1 / (1 + exp(-log_odds)) if log_odds < inf else 1.0
    small = exp(log_odds)
    return small / (1 + small)


def logistic_regression(
    lines: Sequence[Line],
    targets: Sequence[float],
    *,
    columns: int,
    penalty: float = 1.0,
) -> LogisticCurve:
    """The weights with the least sum of log losses, and of squared weights times *penalty* / 2.

    The base is not penalised. With a penalty above 0 there is exactly one answer, also where
    columns depend on one another or the outcomes can be told apart without error.

    Args:
        lines: Rows, sparse.
        targets: What happened to each: 1, 0, or a chance between. [0..1 each]
        columns: How many columns there are. [count]
        penalty: The inverse of what other programs call C. [>= 0]

    Raises:
        OptionError: When there are not as many targets as rows, a number is none, all targets are
            0 or all 1, or the penalty leaves no single answer that floats can tell.

    Source:
        le Cessie and van Houwelingen 1992.

    >>> curve = logistic_regression(
    ...     [[], [], [(0, 1.0)], [(0, 1.0)]], [0, 1, 1, 1], columns=1, penalty=1.0)
    >>> round(curve.base, 4), round(curve.weights[0], 4)
    (0.899, 0.4215)
    """
    _check(lines, targets, penalty)
    data = _Data(lines, targets, penalty)
    place = [0.0] * (columns + 1)
    loss = data.loss(place)
    for step in range(1, _MOST_STEPS + 1):
        slope, bend = data.slope_and_bend(place)
        move = _solved(bend, slope)
        if move is None:
            break
        gain = fsum(a * b for a, b in zip(slope, move, strict=True))
        place, loss = _moved(data, place, move, loss if gain > _NEAR * loss else inf)
        if gain <= _PRECISION * loss:
            return LogisticCurve(base=place[0], weights=tuple(place[1:]), steps=step)
    raise OptionError("penalty", penalty, _NO_ANSWER)


def _check(lines: Sequence[Line], targets: Sequence[float], penalty: float) -> None:
    if len(lines) != len(targets):
        raise OptionError("targets", len(targets), f"must be {len(lines)}, one for each row")
    if not 0 <= penalty < inf:
        raise OptionError("penalty", penalty, "must be finite and not negative")
    if not all(isfinite(value) for line in lines for _, value in line):
        raise OptionError("lines", "inf or nan", "rows hold finite numbers")
    if not all(0 <= target <= 1 for target in targets):
        raise OptionError("targets", min(targets), "are outcomes or chances, from 0 to 1")
    if not 0 < fsum(targets) < len(targets):
        raise OptionError("targets", sum(targets), "must differ, or there is nothing to learn")


@frozen
class _Data:
    lines: Sequence[Line]
    targets: Sequence[float]
    penalty: float

    def loss(self, place: Sequence[float]) -> float:
        terms = []
        for line, target in zip(self.lines, self.targets, strict=True):
            odds = place[0]
            for column, value in line:
                odds += place[column + 1] * value
            terms.append(log1p(exp(-abs(odds))) + (max(odds, 0.0) - target * odds))
        return fsum(terms) + self.penalty / 2 * fsum(weight * weight for weight in place[1:])

    def slope_and_bend(self, place: Sequence[float]) -> tuple[list[float], list[list[float]]]:
        """First and second derivatives of the loss; of the second the lower triangle."""
        size = len(place)
        slope = [0.0, *(self.penalty * weight for weight in place[1:])]
        bend = [[0.0] * size for _ in range(size)]
        for column in range(1, size):
            bend[column][column] = self.penalty
        for line, target in zip(self.lines, self.targets, strict=True):
            full = [(0, 1.0), *((column + 1, value) for column, value in line)]
            chance = sigmoid(sum(place[column] * value for column, value in full))
            error, mass = chance - target, chance * (1 - chance)
            for column, value in full:
                slope[column] += error * value
                row, weighed = bend[column], mass * value
                for other, second in full:
                    if other <= column:
                        row[other] += weighed * second
        return slope, bend


def _moved(
    data: _Data, place: list[float], move: Sequence[float], loss: float
) -> tuple[list[float], float]:
    """The place after a step, halved until the loss is no larger than it was."""
    size = 1.0
    while True:
        tried = [at - size * step for at, step in zip(place, move, strict=True)]
        found = data.loss(tried)
        if found <= loss:
            return tried, found
        size /= 2


def _solved(lower: Sequence[list[float]], right: Sequence[float]) -> list[float] | None:
    """The solution of a symmetric positive definite system, by Cholesky's method; None without."""
    size = len(right)
    root = [[0.0] * size for _ in range(size)]
    for row in range(size):
        for column in range(row + 1):
            known = sum(a * b for a, b in zip(root[row][:column], root[column], strict=False))
            left = lower[row][column] - known
            if column < row:
                root[row][column] = left / root[column][column]
            elif left > _SINGULAR * lower[row][row]:
                root[row][row] = sqrt(left)
            else:
                return None
    forward: list[float] = []
    for row in range(size):
        known = sum(a * b for a, b in zip(root[row], forward, strict=False))
        forward.append((right[row] - known) / root[row][row])
    solution = [0.0] * size
    for row in reversed(range(size)):
        known = sum(root[at][row] * solution[at] for at in range(row + 1, size))
        solution[row] = (forward[row] - known) / root[row][row]
    return solution
