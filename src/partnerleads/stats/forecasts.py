"""How far stated chances were from what happened: the Brier score and the logarithmic loss."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum, inf, log

from partnerleads.errors import OptionError

__all__ = ["brier_score", "check_forecasts", "check_outcomes", "log_loss"]


def brier_score(forecasts: Sequence[float], outcomes: Sequence[bool]) -> float:
    """The mean squared distance of stated chances from what happened.

    0 when all was foretold, 0.25 when one half was said of everything, and the variance of the
    outcomes when their rate was said of everything.

    Args:
        forecasts: Stated chances. [0..1 each]
        outcomes: Whether it happened, in the same order.

    Raises:
        OptionError: When there are none, not as many of either, or a forecast is no chance.

    Source:
        Brier 1950, half of the sum over both outcomes.

    >>> round(brier_score([0.1, 0.9, 0.8, 0.3], [False, True, True, False]), 6)
    0.0375
    """
    check_forecasts(forecasts, outcomes)
    pairs = zip(forecasts, outcomes, strict=True)
    return fsum((chance - outcome) ** 2 for chance, outcome in pairs) / len(forecasts)


def log_loss(forecasts: Sequence[float], outcomes: Sequence[bool]) -> float:
    """The mean surprise at what happened.

    Args:
        forecasts: Stated chances. [0..1 each]
        outcomes: Whether it happened, in the same order.

    Returns:
        Mean of minus the logarithm of the chance that was given to what happened; infinite when
        something happened that was called impossible. [nats, >= 0]

    Raises:
        OptionError: When there are none, not as many of either, or a forecast is no chance.

    Source:
        Good 1952.

    >>> round(log_loss([0.5, 0.25], [True, False]), 6)
    0.490415
    """
    check_forecasts(forecasts, outcomes)
    given = (
        chance if outcome else 1 - chance
        for chance, outcome in zip(forecasts, outcomes, strict=True)
    )
    return fsum(-log(chance) if chance else inf for chance in given) / len(forecasts)


def check_outcomes(outcomes: Sequence[bool]) -> None:
    """Refuse outcomes that are neither true nor false, nor 1 or 0.

    Raises:
        OptionError: When there is another.
    """
    for outcome in outcomes:
        if outcome not in {False, True}:
            raise OptionError("outcomes", outcome, "is no outcome; write True or False")


def check_forecasts(forecasts: Sequence[float], outcomes: Sequence[bool]) -> None:
    """Refuse what are no chances or outcomes, or not as many of either.

    Raises:
        OptionError: When there are none, not as many of either, a forecast is no chance, or an
            outcome none.
    """
    check_outcomes(outcomes)
    if len(forecasts) != len(outcomes):
        reason = f"are as many as outcomes, of which there are {len(outcomes)}"
        raise OptionError("forecasts", len(forecasts), reason)
    if not forecasts:
        raise OptionError("forecasts", forecasts, "must hold at least one")
    for chance in forecasts:
        if not 0 <= chance <= 1:
            raise OptionError("forecasts", chance, "is no chance; write a number from 0 to 1")
