"""How much better partner leads do than others, as one figure."""

from __future__ import annotations

from attrs import evolve, frozen

from partnerleads.kpis.comparison.result import Comparison, signed
from partnerleads.model import CloseRate, Figure, FrozenMap
from partnerleads.stats import Estimate

__all__ = ["Lift", "lift_of"]


@frozen(kw_only=True, repr=False)
class Lift(Figure):
    """How much more, or less, partner leads do than others, under one definition.

    Attributes:
        relative: ``partner / other - 1``, for rates with the log interval. [ratio, >= -1]
        points: ``partner - other``, for rates with Newcombe's interval. [unit of the figures]
        percentage_points: Whether the value is the difference and not the relative lift.
        projection: The lift of the projected rates of cohorts that have not matured, relative or
            in percentage points as the value is; None where there is none. [unit of the value]
        comparison: Both figures and all else that the comparison says.
    """

    relative: Estimate
    points: Estimate
    percentage_points: bool
    projection: float | None
    comparison: Comparison

    @property
    def value(self) -> float | None:
        """The lift, relative or in percentage points; None where undefined."""
        return self._shown.value

    @property
    def interval(self) -> tuple[float, float] | None:
        """Limits of the lift; None where it has none."""
        return self._shown.interval

    @property
    def _shown(self) -> Estimate:
        return self.points if self.percentage_points else self.relative

    def value_text(self) -> str:
        """The lift; that of cohorts that have not matured is marked as such."""
        if self.value is None:
            return "undefined"
        one = self.comparison
        relative = f"{100 * self.value:+.1f} %"
        text = signed(self.points, one.statistic, one.unit) if self.percentage_points else relative
        return f"{text} so far" if one.so_far else text

    def basis_text(self) -> str:
        """Both figures, the interval, and the projection where it is needed."""
        one = self.comparison
        parts = []
        if self.interval is not None:
            low, high = (100 * limit for limit in self.interval)
            parts.append(f"{100 * one.confidence:g} % {low:+.1f} to {high:+.1f}")
        else:
            parts.append(str(self._shown.undefined_because))
        for name, figure in ((one.a_name, one.a), (one.b_name, one.b)):
            shown = "no members" if figure is None else figure.value_text()
            parts.append(f"{name} {shown}")
        if self.projection is not None:
            unit = "percentage points" if self.percentage_points else "%"
            parts.append(f"projected {100 * self.projection:+.1f} {unit}")
        return "; ".join(parts)

    def columns(self) -> dict[str, object]:
        """The lift, its limits, the projection, and the columns of the comparison."""
        low, high = self.interval or (None, None)
        compared = self.comparison.columns()
        return {
            "value": self.value,
            "value_low": low,
            "value_high": high,
            "percentage_points": self.percentage_points,
            "projection": self.projection,
            **compared,
        }


def lift_of(comparison: Comparison, name: str, *, percentage_points: bool) -> Lift:
    """The lift that a comparison shows, segment by segment too.

    Args:
        comparison: The comparison, partner leads first.
        name: Name of the figure.
        percentage_points: Whether the value is to be the difference.
    """
    ratio = comparison.ratio
    relative = ratio
    if ratio.value is not None:
        limits = None if ratio.interval is None else (ratio.interval[0] - 1, ratio.interval[1] - 1)
        relative = evolve(ratio, value=ratio.value - 1, interval=limits)
    shown = comparison.difference if percentage_points else relative
    segments = {
        key: lift_of(one, name, percentage_points=percentage_points)
        for key, one in comparison.segments.items()
    }
    return Lift(
        name=name,
        counted=comparison.counted,
        n=comparison.n,
        as_of=comparison.as_of,
        known_at=comparison.known_at,
        period=comparison.period,
        definition=comparison.definition,
        left_out_because=comparison.left_out_because,
        problems=comparison.problems,
        warnings=comparison.warnings,
        undefined_because=shown.undefined_because if shown.value is None else None,
        by=comparison.by,
        segments=FrozenMap(segments),
        relative=relative,
        points=comparison.difference,
        percentage_points=percentage_points,
        projection=_projection(comparison, percentage_points=percentage_points),
        comparison=evolve(comparison, by=(), segments=FrozenMap({})),
    )


def _projection(comparison: Comparison, *, percentage_points: bool) -> float | None:
    """The lift by what is seen of older leads, where a cohort has not matured."""
    a, b = comparison.a, comparison.b
    if not comparison.so_far or not isinstance(a, CloseRate) or not isinstance(b, CloseRate):
        return None
    if a.projection is None or b.projection is None:
        return None
    if percentage_points:
        return a.projection - b.projection
    if not b.projection:
        return None
    return a.projection / b.projection - 1
