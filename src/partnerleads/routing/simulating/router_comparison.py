"""Routers side by side on the same simulated luck, with paired differences and their intervals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import sqrt
from statistics import fmean, stdev
from typing import Any

from attrs import field, frozen

from partnerleads.errors import MixedCurrencyError, OptionError
from partnerleads.model import FrozenMap
from partnerleads.model.figure import so_many
from partnerleads.routing.checks import Rule
from partnerleads.routing.observed_scores import Scoring, observed_scores
from partnerleads.routing.preferences import Narrowing
from partnerleads.routing.protocol import Router
from partnerleads.routing.simulating.channel import Channel
from partnerleads.routing.simulating.result import Simulation
from partnerleads.routing.simulating.simulation import USUAL_RULES, simulate
from partnerleads.showing import Shown, spaced
from partnerleads.stats import Estimate
from partnerleads.stats.confidence import one_tail
from partnerleads.stats.student import student_deviate

__all__ = ["MEASURES", "RouterComparison", "compare_routers"]

MEASURES = (
    "wins",
    "expected_wins",
    "revenue",
    "regret",
    "newcomer_share",
    "worst_deviation",
    "unroutable",
    "mean_load",
)
"""What simulations are compared by."""

_FEW = 10
"""Below so many seeds an interval says little. [count]"""


def _paired(value: Mapping[str, Iterable[Simulation]]) -> FrozenMap[str, tuple[Simulation, ...]]:
    """The runs by seed, once they are known to be of the same seeds and as many leads."""
    found = {name: tuple(sorted(runs, key=lambda run: run.seed)) for name, runs in value.items()}
    played = {tuple((run.seed, run.leads) for run in runs) for runs in found.values()}
    if len(played) != 1:
        raise OptionError("runs", [*found], "must be of the same seeds and leads, to be paired")
    seeds = [seed for seed, _ in played.pop()]
    if len(seeds) < 2 or len({*seeds}) < len(seeds):
        raise OptionError("seeds", seeds, "must be at least two, each once; ten or more are better")
    return FrozenMap(found)


@frozen(repr=False)
class RouterComparison(Shown):
    """Simulations of one channel under several routers, seed by seed.

    Attributes:
        runs: The simulations of each router, by a name for it; of the same channel and seeds.
        confidence: Chance that an interval holds the true difference. [0..1, exclusive]

    Raises:
        OptionError: When the runs cannot be paired, or the confidence is none.
        MixedCurrencyError: When the revenue is in several currencies.
    """

    runs: FrozenMap[str, tuple[Simulation, ...]] = field(converter=_paired)
    confidence: float = field(default=0.95, kw_only=True)
    _titled = True
    _right = frozenset(range(1, 8))

    def __attrs_post_init__(self) -> None:
        one_tail(self.confidence)
        currencies = {run.revenue.currency for runs in self.runs.values() for run in runs}
        if len(currencies) > 1:
            raise MixedCurrencyError(tuple(sorted(currencies)))

    @property
    def currency(self) -> str:
        """What revenue is in."""
        return next(iter(self.runs.values()))[0].revenue.currency

    @property
    def seeds(self) -> tuple[int, ...]:
        """The seeds, in order."""
        return tuple(run.seed for run in next(iter(self.runs.values())))

    @property
    def warnings(self) -> tuple[str, ...]:
        """What to keep in mind."""
        few = len(self.seeds) < _FEW
        return (f"{len(self.seeds)} seeds are few; ten or more tell more",) if few else ()

    def values(self, router: str, *, measure: str) -> tuple[float | None, ...]:
        """A measure of each simulation of a router, by seed.

        Args:
            router: Its name.
            measure: A number of :class:`Simulation`, such as ``wins``.

        Raises:
            OptionError: When there is no such router or measure.
        """
        if router not in self.runs:
            raise OptionError("router", router, f"is none of {', '.join(self.runs)}")
        if measure not in MEASURES:
            raise OptionError("measure", measure, f"is none of {', '.join(MEASURES)}")
        return tuple(_number(run, measure) for run in self.runs[router])

    def mean(self, router: str, *, measure: str) -> float | None:
        """The mean of a measure over the seeds; None where it is undefined for one of them.

        Args:
            router: Its name.
            measure: A number of :class:`Simulation`, such as ``wins``.

        Raises:
            OptionError: When there is no such router or measure.
        """
        found = [one for one in self.values(router, measure=measure) if one is not None]
        return fmean(found) if len(found) == len(self.seeds) else None

    def difference(self, router: str, *, to: str, measure: str) -> Estimate:
        """How much more a router has of a measure than another, on the same luck.

        Args:
            router: Its name.
            to: The other's name.
            measure: A number of :class:`Simulation`, such as ``wins``.

        Returns:
            The mean difference, with the interval of Student's t of the differences by seed.

        Raises:
            OptionError: When there is no such router or measure.

        Source:
            The paired t interval, Student 1908.
        """
        pairs = zip(
            self.values(router, measure=measure), self.values(to, measure=measure), strict=True
        )
        found = [one - other for one, other in pairs if one is not None and other is not None]
        if len(found) < len(self.seeds):
            return Estimate(undefined_because=f"{measure} is undefined for some of the seeds")
        mean, spread = fmean(found), stdev(found)
        if spread == 0:
            return Estimate(value=mean, undefined_because="no variation, so no interval")
        reach = student_deviate(self.confidence, degrees=len(found) - 1) * spread / sqrt(len(found))
        return Estimate(value=mean, interval=(mean - reach, mean + reach))

    def to_dicts(self) -> list[dict[str, object]]:
        """One row per router and measure, with its difference to the first; money in a currency."""
        first = next(iter(self.runs))
        rows: list[dict[str, object]] = []
        for name in self.runs:
            for measure in MEASURES:
                found = self.difference(name, to=first, measure=measure)
                low, high = found.interval or (None, None)
                rows.append(
                    {
                        "router": name,
                        "measure": measure,
                        "currency": self.currency if measure == "revenue" else None,
                        "seeds": len(self.seeds),
                        "mean": self.mean(name, measure=measure),
                        "to": first,
                        "difference": found.value,
                        "low": low,
                        "high": high,
                    }
                )
        return rows

    def _head(self) -> str:
        first, *_ = self.runs
        title = f"{len(self.seeds)} seeds of {so_many(self.runs[first][0].leads, 'leads')}"
        interval = f"{100 * self.confidence:g} % t interval"
        return f"{title}; wins to expect more than {first}, with {interval}"

    def _titles(self) -> tuple[str, ...]:
        money = f"revenue {self.currency}"
        return ("", "wins", "expected", "more", money, "newcomers", "deviation", "unroutable")

    def _notes(self) -> tuple[str, ...]:
        return self.warnings

    def _rows(self) -> list[tuple[str, ...]]:
        first, *_ = self.runs
        return [
            (
                name,
                self._mean_text(name, "wins", ".1f"),
                self._mean_text(name, "expected_wins", ".1f"),
                _told(self.difference(name, to=first, measure="expected_wins")),
                self._mean_text(name, "revenue", ",.0f"),
                self._mean_text(name, "newcomer_share", ".2f"),
                self._mean_text(name, "worst_deviation", ".2f"),
                self._mean_text(name, "unroutable", ".0f"),
            )
            for name in self.runs
        ]

    def _mean_text(self, router: str, measure: str, form: str) -> str:
        mean = self.mean(router, measure=measure)
        return "-" if mean is None else spaced(mean, form=form)


def compare_routers(
    channel: Channel,
    routers: Mapping[str, Router],
    *,
    seeds: Iterable[int],
    rules: Iterable[Rule] = USUAL_RULES,
    preferences: Iterable[Narrowing] = (),
    scores: Scoring = observed_scores,
    refresh_days: float = 7.0,
    confidence: float = 0.95,
) -> RouterComparison:
    """Simulate a channel under several routers, on the same luck for each seed.

    Args:
        channel: The participants, how good they truly are, and the leads.
        routers: The routers, by a name for each.
        seeds: What chance is drawn from, one simulation each; ten or more tell more.
        rules: Who may take a lead; usually whoever is active and has room.
        preferences: The wishes that narrow them down.
        scores: Makes the scores from what is known.
        refresh_days: How often scores look at the results known. [days]
        confidence: Chance that an interval holds the true difference. [0..1, exclusive]

    Raises:
        OptionError: When there are fewer than two seeds or no routers, or an option makes no
            sense.
    """
    named: Any = routers
    counted: Any = seeds
    if not isinstance(named, Mapping):
        reason = "give each a name, such as {'in turn': RoundRobin()}"
        raise OptionError("routers", routers, reason)
    if not isinstance(counted, Iterable):
        raise OptionError("seeds", seeds, "pass several, such as range(10)")
    played, asked, wished = tuple(seeds), tuple(rules), tuple(preferences)
    return RouterComparison(
        {
            name: tuple(
                simulate(
                    channel,
                    router=router,
                    seed=seed,
                    rules=asked,
                    preferences=wished,
                    scores=scores,
                    refresh_days=refresh_days,
                )
                for seed in played
            )
            for name, router in routers.items()
        },
        confidence=confidence,
    )


def _number(run: Simulation, measure: str) -> float | None:
    if measure == "revenue":
        return float(run.revenue.amount)
    value = getattr(run, measure)
    return None if value is None else float(value)


def _told(found: Estimate) -> str:
    if found.value is None or found.interval is None:
        return "-"
    low, high = found.interval
    return f"{found.value:+.1f} [{low:+.1f}, {high:+.1f}]"
