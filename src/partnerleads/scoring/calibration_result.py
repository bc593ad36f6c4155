"""How far the chances of scores can be believed, as a result."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, TypeAlias

from attrs import evolve, frozen

from partnerleads.model import Caution
from partnerleads.model.figure import counted
from partnerleads.model.moments import moment_text
from partnerleads.showing import Shown
from partnerleads.stats import BrierParts, Drift, ReliabilityBin, Significance, TopShare

__all__ = ["Calibration", "Verdict"]

Verdict: TypeAlias = Literal["keep", "recalibrate", "retrain", "too little data"]
"""What to do with a scorer."""


@frozen(kw_only=True, repr=False)
class Calibration(Shown):
    """Scores held against outcomes.

    Attributes:
        scorer: Name of what scored the leads.
        fingerprint: Its fingerprint.
        as_of: The latest moment of the scores. [aware datetime]
        n: Leads. [count]
        won: Those of them that were won. [count]
        forecast: The mean of the chances. [0..1]
        interval: Wilson's limits of the part that was won. [0..1 each]
        confidence: Confidence of the limits. [0..1]
        table: Chances by bins, with how often each was won.
        brier: The Brier score and its parts by these bins.
        log_loss: The mean surprise; infinite when what was called impossible happened. [nats]
        error: By how much chances are off on average: the expected calibration error. [0..1]
        test: Whether they are off by more than chance.
        auc: The chance that a won lead was scored above another; None without either. [0..1]
        top: What the highest scored hold of all wins.
        drift: How far scores moved since an earlier time; None where none was given.
        verdict: What to do.
        reasons: Why.
        warnings: What to beware of.
    """

    scorer: str
    fingerprint: str
    as_of: datetime
    n: int
    won: int
    forecast: float
    interval: tuple[float, float]
    confidence: float
    table: tuple[ReliabilityBin, ...]
    brier: BrierParts
    log_loss: float
    error: float
    test: Significance
    auc: float | None
    top: TopShare
    drift: Drift | None
    verdict: Verdict
    reasons: tuple[str, ...]
    warnings: tuple[Caution, ...]
    _right = range(4)
    _titled = True

    @property
    def rate(self) -> float:
        """The part that was won. [0..1]"""
        return self.won / self.n

    def judged(self, verdict: Verdict, reasons: tuple[str, ...]) -> Calibration:
        """The same figures with a verdict."""
        return evolve(self, verdict=verdict, reasons=reasons)

    def to_dicts(self) -> list[dict[str, object]]:
        """The reliability table as flat rows."""
        return [
            {
                "low": one.low,
                "high": one.high,
                "n": one.n,
                "won": one.hits,
                "forecast": one.forecast,
                "rate": one.rate,
                "rate_low": one.interval(confidence=self.confidence)[0],
                "rate_high": one.interval(confidence=self.confidence)[1],
                "scorer": self.scorer,
                "fingerprint": self.fingerprint,
                "as_of": self.as_of,
            }
            for one in self.table
        ]

    def _head(self) -> str:
        when = moment_text(self.as_of)
        won = f"{self.won} of {counted(self.n, 'lead')} won"
        return f"{self.scorer}: {self.verdict} ({won}, as of {when})"

    @property
    def _refused(self) -> bool:
        """Whether there is too little to say more than how many were won, and what was foretold."""
        return self.verdict == "too little data"

    def _facts(self) -> list[str]:
        low, high = (100 * one for one in self.interval)
        said, top = 100 * self.forecast, self.top
        facts = [
            *self.reasons,
            f"won {100 * self.rate:.1f} % [{low:.1f}, {high:.1f}], foretold {said:.1f} %",
        ]
        if not self._refused:
            facts += [
                f"off by {self.error:.3f} on average, {_p_value(self.test)}",
                _parts(self.brier),
                f"log loss {self.log_loss:.4f}, AUC {_figure(self.auc)}",
                f"top {100 * top.share:g} %: lift {_figure(top.lift)}, {_of_wins(top)}",
            ]
        if self.drift is not None:
            facts.append(
                f"drift {self.drift.index:.3f}, {self.drift.verdict} "
                f"(by chance about {self.drift.by_chance:.3f})"
            )
        return facts

    def _titles(self) -> tuple[str, ...]:
        return "chances", "leads", "foretold", "won"

    def _rows(self) -> list[tuple[str, ...]]:
        rows: list[tuple[str, ...]] = []
        for one in () if self._refused else self.table:
            low, high = one.interval(confidence=self.confidence)
            limits = f"{100 * one.rate:.1f} % [{100 * low:.1f}, {100 * high:.1f}]"
            said = f"{100 * one.low:.1f} to {100 * one.high:.1f} %"
            rows.append((said, str(one.n), f"{100 * one.forecast:.1f} %", limits))
        return rows

    def _notes(self) -> list[str]:
        shown = [one for one in self.warnings if not self._refused or one.code != "small_bins"]
        return [*map(str, shown)]


def _figure(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.2f}"


def _parts(parts: BrierParts) -> str:
    sign = "-" if parts.within < 0 else "+"
    return (
        f"Brier {parts.score:.4f} = reliability {parts.reliability:.4f} "
        f"- resolution {parts.resolution:.4f} + uncertainty {parts.uncertainty:.4f} "
        f"{sign} within bins {abs(parts.within):.4f}"
    )


def _of_wins(top: TopShare) -> str:
    return "no wins" if top.capture is None else f"{100 * top.capture:.1f} % of all wins"


def _p_value(test: Significance) -> str:
    if test.p_value is None:
        return f"and there is no test, as {test.undefined_because}"
    return f"{test.test} p = {test.p_value:.3f}"
