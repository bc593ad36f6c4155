"""Fitting the lifetime models on the published sample, in plain Python."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from statistics import median
from time import process_time
from typing import Any, TypeAlias
from unittest.mock import patch

from partnerleads.plv.lifetime import BgNbd, Fit, GammaGamma, MbgNbd, ParetoNbd, fitting
from partnerleads.plv.lifetime.minimising import Place, minimise
from tests.benchmarks.measuring import Bench, Row
from tests.oracles.lifetime_data import cdnow, cdnow_spending

__all__ = ["fits"]

SECONDS = 3.0
"""What a fit on the 2357 customers of the CDNOW sample may take of one processor, which is the time
by the clock where nothing else runs."""

_Loss: TypeAlias = Callable[[Place], float]


def _models() -> dict[str, tuple[Callable[..., Fit[Any]], Sequence[Any]]]:
    customers = cdnow()
    spending = [(repeats, mean) for repeats, mean in cdnow_spending() if repeats]
    return {
        "BG/NBD": (BgNbd.fit, customers),
        "MBG/NBD": (MbgNbd.fit, customers),
        "Pareto/NBD": (ParetoNbd.fit, customers),
        "Gamma-Gamma": (GammaGamma.fit, spending),
    }


def _fit(fit: Callable[..., Fit[Any]], data: Sequence[Any]) -> tuple[float, float, int]:
    """Processor seconds of a fit and of a bare pass over the places it asked; their count."""
    asked: list[Place] = []
    losses: list[_Loss] = []

    def noting(loss: _Loss, *arguments: Any, **options: Any) -> tuple[Place, float]:
        losses.append(loss)

        def noted(place: Place) -> float:
            asked.append(place)
            return loss(place)

        return minimise(noted, *arguments, **options)

    with patch.object(fitting, "minimise", noting):
        start = process_time()
        found = fit(data)
        whole = process_time() - start
    if found.runaway:
        raise RuntimeError(f"{type(found.model).__name__} ran away: {found.runaway}")
    start = process_time()
    for place in asked:
        losses[0](place)
    return whole, process_time() - start, len(asked)


def _measure(rounds: int) -> list[Row]:
    rows = []
    for name, (fit, data) in _models().items():
        measured = [_fit(fit, data) for _ in range(rounds)]
        wholes, bares, (places, *_) = zip(*measured, strict=True)
        cost = f"{median(wholes):.2f} s"
        rows.append(
            Row(
                name=f"fit of {name} on CDNOW, customers, to {SECONDS:g} s",
                size=len(data),
                base=f"{SECONDS:.2f} s",
                cost=cost,
                ratios=tuple(whole / SECONDS for whole in wholes),
                target=1.0,
            )
        )
        rows.append(
            Row(
                name=f"  to a bare pass of its {places} likelihood evaluations",
                size=len(data),
                base=f"{median(bares):.2f} s",
                cost=cost,
                ratios=tuple(whole / bare for whole, bare in zip(wholes, bares, strict=True)),
            )
        )
    return rows


def fits(bench: Bench) -> Iterator[Row]:
    """What a fit takes in seconds, and beside evaluating the likelihood as often without search."""
    yield from bench.call(_measure, bench.rounds)
