"""What a comparison of two groups says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import frozen

from partnerleads.kpis.comparison.strata import Adjusted
from partnerleads.kpis.comparison.values import Contrast
from partnerleads.model import Caution, Figure, FrozenMap, Money, Totals
from partnerleads.model.figure import frozen_counts, number
from partnerleads.showing import in_columns, spaced, table_html
from partnerleads.stats import Estimate, Significance

__all__ = ["UNSETTLED", "Comparison", "comparison_of", "limits_text", "signed"]

UNSETTLED = frozenset({"immature", "no_limit", "wins_so_far"})
"""Codes of the warnings that a figure is only so far."""

_DASH = " to "


@frozen(kw_only=True, repr=False)
class Comparison(Figure):
    """Two figures under one definition, and how far they are apart.

    Attributes:
        a_name: What the first group is called.
        b_name: What the other group is called.
        a: The figure of the first group, as measured; None where it has no such segment.
        b: The figure of the other group, as measured; None where it has no such segment.
        statistic: What is compared: ``rate``, ``median``, ``p90``, ``mean``, ``count`` or ``sum``.
        unit: Unit of both values: empty for rates and counts, a currency for money.
        a_value: Value of the first group; None where undefined. [unit]
        b_value: Value of the other group; None where undefined. [unit]
        difference: ``a - b``, for rates with Newcombe's interval. [unit]
        ratio: ``a / b``, for rates with the log interval. [ratio, >= 0 but for negative money]
        test: Whether the groups differ at all; None where no test applies.
        adjusted: The same with the mix taken out; None where nothing was adjusted for.
        confidence: Confidence of the intervals. [0..1]
    """

    a_name: str
    b_name: str
    a: Figure | None
    b: Figure | None
    statistic: str
    unit: str
    a_value: float | None
    b_value: float | None
    difference: Estimate
    ratio: Estimate
    test: Significance | None = None
    adjusted: Adjusted | None = None
    confidence: float = 0.95

    @property
    def value(self) -> float | None:
        """The difference; None where undefined. [unit]"""
        return self.difference.value

    @property
    def amount(self) -> Money | None:
        """The exact difference of two sums of money; None for what is no money. [money]"""
        if not isinstance(self.a, Totals) or not isinstance(self.b, Totals) or self.value is None:
            return None
        return self.a.by_currency[self.unit] - self.b.by_currency[self.unit]

    @property
    def so_far(self) -> bool:
        """Whether a group still has time to change, so that the comparison is not settled."""
        return any(caution.code in UNSETTLED for caution in self.warnings)

    @property
    def direction_flips(self) -> bool:
        """Whether the difference points the other way once it is adjusted."""
        return self.adjusted is not None and self.adjusted.direction_flips

    def value_text(self) -> str:
        """The difference, in the figure's own unit."""
        text = signed(self.difference, self.statistic, self.unit)
        return f"{text} so far" if self.so_far and self.value is not None else text

    def basis_text(self) -> str:
        """The interval, the ratio and the test."""
        parts = []
        if self.difference.interval is not None:
            limits = (100 * limit for limit in self.difference.interval)
            parts.append(f"{self._percent} {_DASH.join(f'{limit:+.1f}' for limit in limits)}")
        elif self.value is None:
            parts.append(str(self.difference.undefined_because))
        parts.append(self._ratio_text(self.ratio))
        if self.test is not None and self.test.p_value is not None:
            parts.append(f"{self.test.test} p {_chance(self.test.p_value)}")
        return "; ".join(filter(None, parts))

    @property
    def _percent(self) -> str:
        return f"{100 * self.confidence:g} %"

    def _ratio_text(self, ratio: Estimate) -> str:
        if ratio.value is None:
            because = ratio.undefined_because
            told = because == self.difference.undefined_because
            return "" if told else f"no ratio: {because}"
        text = f"ratio {ratio.value:.2f}"
        if ratio.interval is not None:
            return f"{text}, {self._percent} {limits_text(ratio.interval)}"
        if self.statistic == "rate":
            return f"{text} without interval: {ratio.undefined_because}"
        return text

    def _group_rows(self) -> list[tuple[str, str, str]]:
        """The two groups, each with its value and basis."""
        return [
            (name, "none", "no members")
            if one is None
            else (name, one.value_text(), one.basis_text())
            for name, one in ((self.a_name, self.a), (self.b_name, self.b))
        ]

    def _adjusted_rows(self) -> list[tuple[str, str, str]]:
        """What is left of the difference once the mix is taken out."""
        adjusted = self.adjusted
        if adjusted is None:
            return []
        keys, one = ", ".join(adjusted.keys), adjusted.standardised
        rates = f"no rates: {one.difference.undefined_because}"
        if one.rate_a is not None and one.rate_b is not None:
            rates = f"{100 * one.rate_a:.1f} % against {100 * one.rate_b:.1f} % at one mix"
        if one.difference.interval is not None:
            limits = _DASH.join(f"{100 * limit:+.1f}" for limit in one.difference.interval)
            rates = f"{self._percent} {limits}; {rates}"
        rows = [(f"adjusted for {keys}", signed(one.difference, "rate", ""), rates)]
        pooled = self._ratio_text(adjusted.pooled.risk_ratio)
        odds = adjusted.pooled.odds_ratio
        if odds.value is not None:
            pooled += f"; odds ratio {odds.value:.2f}"
            if odds.interval is not None:
                pooled += f", {self._percent} {limits_text(odds.interval)}"
        if adjusted.test.p_value is not None:
            pooled += f"; {adjusted.test.test} p {_chance(adjusted.test.p_value)}"
        within = signed(adjusted.pooled.difference, "rate", "")
        rows.append((f"within {keys} (Mantel-Haenszel)", within, pooled))
        split = adjusted.split
        if split.gap is not None and split.mix is not None and split.rate is not None:
            parts = f"{100 * split.mix:+.1f} by mix, {100 * split.rate:+.1f} by rate"
            if split.unshared:
                parts += f", {100 * split.unshared:+.1f} where only one group is"
            rows.append(("parts of the gap", f"{100 * split.gap:+.1f}", parts))
        return rows

    def columns(self) -> dict[str, object]:
        """Both values, difference, ratio, test, and what adjusting gave."""
        low, high = self.difference.interval or (None, None)
        ratio_low, ratio_high = self.ratio.interval or (None, None)
        adjusted = self.adjusted
        inside = Estimate() if adjusted is None else adjusted.standardised.difference
        inside_low, inside_high = inside.interval or (None, None)
        return {
            "a": self.a_name,
            "b": self.b_name,
            "statistic": self.statistic,
            "unit": self.unit,
            "a_value": self.a_value,
            "b_value": self.b_value,
            "difference": self.value,
            "low": low,
            "high": high,
            "ratio": self.ratio.value,
            "ratio_low": ratio_low,
            "ratio_high": ratio_high,
            "test": None if self.test is None else self.test.test,
            "p_value": None if self.test is None else self.test.p_value,
            "adjusted_difference": inside.value,
            "adjusted_low": inside_low,
            "adjusted_high": inside_high,
            "mix_part": None if adjusted is None else adjusted.split.mix,
            "rate_part": None if adjusted is None else adjusted.split.rate,
            "unshared_part": None if adjusted is None else adjusted.split.unshared,
            "direction_flips": None if adjusted is None else adjusted.direction_flips,
        }

    def __str__(self) -> str:
        head, *rest = super().__str__().split("\n")
        rows = in_columns([*self._group_rows(), *self._adjusted_rows()], right={1})
        return "\n".join([head, *(f"  {row}" for row in rows), *rest])

    def _repr_html_(self) -> str:
        rows = table_html("", [*self._group_rows(), *self._adjusted_rows()])
        return f"{super()._repr_html_()}{rows}"


def comparison_of(
    contrast: Contrast,
    *,
    names: tuple[str, str],
    figures: tuple[Figure | None, Figure | None],
    said: Mapping[str, str],
    left_out: Mapping[str, int],
    problems: int,
    cautions: Iterable[Caution],
    adjusted: Adjusted | None = None,
    confidence: float,
) -> Comparison:
    """The comparison that two figures and their contrast give.

    Args:
        contrast: How far the figures are apart.
        names: What the groups are called.
        figures: Their figures, at least one of them.
        said: What the comparison adds to the definition of its figures.
        left_out: Members left out besides those of the figures, by reason.
        problems: Problems that touch the members. [count]
        cautions: What to beware of besides the warnings of the figures.
        adjusted: The difference with the mix taken out.
        confidence: Confidence of the intervals. [0..1]
    """
    there = [one for one in figures if one is not None]
    known, gone = there[0], Counter(left_out)
    for one in there:
        gone.update(one.left_out_because)
    undefined = contrast.difference.value is None
    return Comparison(
        name=f"{known.name}: {names[0]} against {names[1]}",
        counted=known.counted,
        n=sum(one.n for one in there),
        as_of=max(one.as_of for one in there),
        known_at=known.known_at,
        period=known.period if known.period == there[-1].period else None,
        definition=FrozenMap({**known.definition, **said, "a": names[0], "b": names[1]}),
        left_out_because=frozen_counts(gone),
        problems=problems,
        warnings=(*_named_cautions(names, figures), *cautions),
        undefined_because=contrast.difference.undefined_because if undefined else None,
        a_name=names[0],
        b_name=names[1],
        a=figures[0],
        b=figures[1],
        statistic=contrast.statistic,
        unit=contrast.unit,
        a_value=contrast.a_value,
        b_value=contrast.b_value,
        difference=contrast.difference,
        ratio=contrast.ratio,
        test=contrast.test,
        adjusted=adjusted,
        confidence=confidence,
    )


def _named_cautions(names: Sequence[str], figures: Sequence[Figure | None]) -> Iterator[Caution]:
    """The warnings of several figures, each with the name of its group."""
    for name, one in zip(names, figures, strict=True):
        for caution in () if one is None else one.warnings:
            yield Caution(caution.code, f"{name}: {caution.words}")


def signed(estimate: Estimate, statistic: str, unit: str) -> str:
    """A difference for people, with its sign and its unit.

    >>> signed(Estimate(value=0.125), "rate", "")
    '+12.5 percentage points'
    """
    value = estimate.value
    if value is None:
        return "undefined"
    if statistic == "rate":
        return f"{100 * value:+.1f} percentage points"
    if statistic == "count":
        return f"{value:+.0f}"
    if statistic == "sum":
        return f"{spaced(value, form='+,.2f')} {unit}"
    return f"{'+' if value >= 0 else '-'}{number(abs(value))} {unit}"


def limits_text(interval: tuple[float, float]) -> str:
    """The limits of a ratio, for people.

    >>> limits_text((1.1489, 3.4817))
    '1.15-3.48'
    """
    return "-".join(f"{limit:.2f}" for limit in interval)


def _chance(p_value: float) -> str:
    return "< 0.001" if p_value < 0.001 else f"{p_value:.3f}"
