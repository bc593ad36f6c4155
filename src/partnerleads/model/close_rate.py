"""The close rate of a cohort, which says how far the cohort has matured."""

from __future__ import annotations

from datetime import timedelta

from attrs import field, frozen

from partnerleads.model.figure import number
from partnerleads.model.results import Share
from partnerleads.stats import IncidenceCurve

__all__ = ["CloseRate"]

_DAY = timedelta(days=1)


@frozen(kw_only=True, repr=False)
class CloseRate(Share):
    """The part of a cohort that was won within a time limit, with how much of it had that time.

    Attributes:
        within: The time limit; None counts what was won so far. [span of time]
        matured: Members that had the whole time limit by the moment; without a limit none says
            that it had. [count]
        projection: The part that will be won within the limit, by what is seen of older members;
            None without a limit, and where nobody was watched that long. [0..1]
        projection_interval: Limits of the projection; None where it has none. [0..1 each]
        curve: The part won by days since the start, losses competing; None where there is no
            member.
    """

    within: timedelta | None
    matured: int
    projection: float | None = None
    projection_interval: tuple[float, float] | None = None
    curve: IncidenceCurve | None = field(default=None)

    @property
    def mature(self) -> bool:
        """Whether every member had the whole time limit; never without one."""
        return self.within is not None and self.n > 0 and self.matured == self.n

    @property
    def half_won_by(self) -> float | None:
        """Days by which half of the wins seen so far had come, losses competing. [days]"""
        return None if self.curve is None else self.curve.time_of_share(0.5)

    def value_text(self) -> str:
        """The rate; of a cohort that has not matured, marked as such."""
        text = super().value_text()
        return text if self.mature or self.value is None else f"{text} so far"

    def basis_text(self) -> str:
        """Numerator, denominator, interval, and how much of it has matured."""
        text = super().basis_text()
        if self.value is None or self.mature:
            return text
        if self.within is None:
            return f"{text}; no time limit"
        text += f"; {100 * self.matured // self.n} % had {number(self.within / _DAY)} days"
        if self.projection is None:
            return f"{text}; no projection"
        text += f"; projected {100 * self.projection:.1f} %"
        if self.projection_interval is None:
            return text
        low, high = (100 * limit for limit in self.projection_interval)
        return f"{text}, {100 * self.confidence:g} % {low:.1f}-{high:.1f} %"

    def columns(self) -> dict[str, object]:
        """The columns of a share, and what is known of its maturity."""
        low, high = self.projection_interval or (None, None)
        return {
            **super().columns(),
            "within_days": None if self.within is None else self.within / _DAY,
            "matured": self.matured,
            "mature": self.mature,
            "projection": self.projection,
            "projection_low": low,
            "projection_high": high,
        }
