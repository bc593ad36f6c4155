"""Difference and ratio of two figures of one kind."""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import evolve, frozen

from partnerleads.errors import OptionError
from partnerleads.model import Count, Durations, Figure, Share, Totals
from partnerleads.stats import Estimate, Significance, independence_test, newcombe, risk_ratio

__all__ = [
    "Contrast",
    "Statistic",
    "check_kind",
    "contrast_of",
    "without_interval",
    "without_intervals",
]

Statistic: TypeAlias = Literal["median", "p90", "mean"]
"""Which figure of durations is compared."""

_COMPARED = "shares, durations, counts and sums of money can be compared"


@frozen(kw_only=True)
class Contrast:
    """How far two figures are apart.

    Attributes:
        statistic: What is compared: ``rate``, ``median``, ``p90``, ``mean``, ``count`` or ``sum``.
        unit: Unit of both values: empty for rates and counts, a currency for money.
        a_value: Of the first group; None where undefined. [unit]
        b_value: Of the other group; None where undefined. [unit]
        difference: ``a - b``. [unit]
        ratio: ``a / b``. [ratio]
        test: Whether the groups differ at all; None where no test applies.
    """

    statistic: str
    unit: str
    a_value: float | None
    b_value: float | None
    difference: Estimate
    ratio: Estimate
    test: Significance | None = None


@frozen
class _Side:
    """One group's figure, with what it is called."""

    name: str
    figure: Figure | None

    def value(self, attribute: str) -> float | None:
        """The value that the figure has under a name."""
        found = getattr(self.figure, attribute, None)
        return None if found is None else float(found)

    @property
    def missing_because(self) -> str:
        """Why it has no value."""
        reason = "it has no members" if self.figure is None else self.figure.undefined_because
        return f"{self.name}: {reason}"


def check_kind(argument: str, figure: object) -> None:
    """Refuse what cannot be compared.

    Args:
        argument: Name of the argument that it comes from.
        figure: A figure, or anything.

    Raises:
        OptionError: When it is no share, no durations, no count and no sum of money.
    """
    if not isinstance(figure, Share | Durations | Count | Totals):
        shown = getattr(figure, "name", figure)
        raise OptionError(argument, shown, f"gives {type(figure).__name__}; {_COMPARED}")


def contrast_of(
    a: Figure | None,
    b: Figure | None,
    *,
    names: tuple[str, str],
    statistic: Statistic,
    confidence: float,
) -> Contrast:
    """Compare two figures of one kind.

    Args:
        a: The first; None where its group has no members at all.
        b: The other; None where its group has no members at all.
        names: What to call the groups.
        statistic: Which figure of durations is compared.
        confidence: Confidence of the intervals. [0..1]
    """
    known = a or b
    sides = _Side(names[0], a), _Side(names[1], b)
    match known:
        case Share() if isinstance(known.of, int):
            return _rates(*sides, confidence=confidence)
        case Share():
            reason = "shares of money have no interval"
            return _plain(*sides, attribute="value", statistic="rate", reason=reason)
        case Durations():
            reason = "no interval from a summary"
            return _plain(
                *sides, attribute=statistic, statistic=statistic, unit=known.unit, reason=reason
            )
        case Count():
            reason = "counts are what they are, without an interval"
            return _plain(*sides, attribute="value", statistic="count", reason=reason, missing=0.0)
        case _:
            return _sums(*sides)


def _rates(a: _Side, b: _Side, *, confidence: float) -> Contrast:
    counts = (*_counts(a.figure), *_counts(b.figure))
    a_value, b_value = a.value("value"), b.value("value")
    empty = next((side for side in (a, b) if side.value("value") is None), None)
    if a_value is None or b_value is None:
        difference = Estimate(undefined_because=(empty or a).missing_because)
    else:
        interval = newcombe(*counts, confidence=confidence)
        difference = Estimate(value=a_value - b_value, interval=interval)
    ratio = risk_ratio(*counts, confidence=confidence)
    if ratio.undefined_because is not None:
        words = ratio.undefined_because.replace("group b", b.name)
        ratio = evolve(ratio, undefined_because=empty.missing_because if empty else words)
    return Contrast(
        statistic="rate",
        unit="",
        a_value=a_value,
        b_value=b_value,
        difference=difference,
        ratio=ratio,
        test=independence_test(*counts),
    )


def _counts(share: Figure | None) -> tuple[int, int]:
    return (int(share.hits), int(share.of)) if isinstance(share, Share) else (0, 0)


def _plain(
    a: _Side,
    b: _Side,
    *,
    attribute: str,
    statistic: str,
    reason: str,
    unit: str = "",
    missing: float | None = None,
) -> Contrast:
    """Difference and ratio of two values that have no interval."""
    values = [missing if side.figure is None else side.value(attribute) for side in (a, b)]
    return _apart(a, b, values=values, statistic=statistic, unit=unit, reason=reason)


def _apart(
    a: _Side, b: _Side, *, values: list[float | None], statistic: str, unit: str, reason: str
) -> Contrast:
    a_value, b_value = values
    if a_value is None or b_value is None:
        empty = a if a_value is None else b
        difference = ratio = Estimate(undefined_because=empty.missing_because)
    else:
        difference = Estimate(value=a_value - b_value, undefined_because=reason)
        ratio = Estimate(undefined_because=f"{b.name} is 0, and nothing divides by it")
        if b_value:
            ratio = Estimate(value=a_value / b_value, undefined_because=reason)
    return Contrast(
        statistic=statistic,
        unit=unit,
        a_value=a_value,
        b_value=b_value,
        difference=difference,
        ratio=ratio,
    )


def _sums(a: _Side, b: _Side) -> Contrast:
    sums = [side.figure.amounts if isinstance(side.figure, Totals) else {} for side in (a, b)]
    currencies = sorted({*sums[0], *sums[1]})
    if len(currencies) > 1:
        words = f"amounts in {', '.join(currencies)} cannot be compared; pass rates"
        undefined = Estimate(undefined_because=words)
        return Contrast(
            statistic="sum",
            unit="",
            a_value=None,
            b_value=None,
            difference=undefined,
            ratio=undefined,
        )
    unit = next(iter(currencies), "")
    values = [one.get(unit) for one in sums]
    reason = "sums have no interval"
    return _apart(a, b, values=values, statistic="sum", unit=unit, reason=reason)


def without_intervals(contrast: Contrast, because: str) -> Contrast:
    """The contrast without what holds only for groups that have no member in common.

    Args:
        contrast: The contrast.
        because: Why there are no intervals.
    """
    return evolve(
        contrast,
        difference=without_interval(contrast.difference, because),
        ratio=without_interval(contrast.ratio, because),
        test=None,
    )


def without_interval(estimate: Estimate, because: str) -> Estimate:
    """The estimate without its interval, where it has one.

    Args:
        estimate: The estimate.
        because: Why there is no interval.
    """
    if estimate.interval is None:
        return estimate
    return evolve(estimate, interval=None, undefined_because=because)
