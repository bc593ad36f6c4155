"""Two groups compared as if both had the same mix."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve, frozen

from partnerleads.kpis.comparison.values import without_interval
from partnerleads.kpis.measuring.segments import none_last
from partnerleads.model import Caution, FrozenMap, SegmentKey, Share
from partnerleads.stats import (
    GapSplit,
    MantelHaenszel,
    Significance,
    Standardised,
    Stratum,
    breslow_day,
    cochran_mantel_haenszel,
    direction_flips,
    kitagawa,
    mantel_haenszel,
    standardise,
)

__all__ = ["Adjusted", "adjusted"]

DOUBTFUL = 0.05
"""Effects differ between strata where chance alone rarely makes them differ so much. [0..1]"""


@frozen(kw_only=True)
class Adjusted:
    """A difference of two rates with the mix of both groups taken out.

    Attributes:
        keys: What the strata are told by.
        strata: Hits and members of both groups in each stratum, by its key.
        standardised: Both rates at the mix of both groups together, and their difference.
        pooled: Odds ratio, ratio and difference within strata, after Mantel and Haenszel.
        split: The crude gap in parts: by mix, by rate, and by strata that only one group has.
        test: Whether the groups differ within strata (Cochran-Mantel-Haenszel, corrected).
        alike: Whether the odds ratio is the same in every stratum (Breslow-Day).
    """

    keys: tuple[str, ...]
    strata: FrozenMap[SegmentKey, Stratum]
    standardised: Standardised
    pooled: MantelHaenszel
    split: GapSplit
    test: Significance
    alike: Significance

    @property
    def direction_flips(self) -> bool:
        """Whether the crude difference and an adjusted one point in opposite directions."""
        return any(self._flipped())

    def _flipped(self) -> Iterator[str]:
        """The adjusted differences that point the other way, for people."""
        crude = self.standardised.crude_difference
        inside = (
            ("at one mix", self.standardised.difference.value),
            ("within strata (Mantel-Haenszel)", self.pooled.difference.value),
        )
        for how, one in inside:
            if one is not None and direction_flips(crude, one):
                yield f"{100 * one:+.1f} percentage points {how}"

    def without_intervals(self, because: str) -> Adjusted:
        """The same without what holds only for groups that have no member in common.

        Args:
            because: Why there are no intervals and no tests.
        """
        inside, pooled = self.standardised, self.pooled
        return evolve(
            self,
            standardised=evolve(inside, difference=without_interval(inside.difference, because)),
            pooled=evolve(
                pooled,
                odds_ratio=without_interval(pooled.odds_ratio, because),
                risk_ratio=without_interval(pooled.risk_ratio, because),
                difference=without_interval(pooled.difference, because),
            ),
            test=Significance(test=self.test.test, undefined_because=because),
            alike=Significance(test=self.alike.test, undefined_because=because),
        )

    def cautions(self) -> Iterator[Caution]:
        """What to beware of."""
        keys = ", ".join(self.keys)
        crude, flipped = self.standardised.crude_difference, next(self._flipped(), None)
        if crude is not None and flipped is not None:
            words = (
                f"adjusted for {keys} the direction turns: {100 * crude:+.1f} as a whole, {flipped}"
            )
            yield Caution("direction_flips", words)
        shares = (self.standardised.left_out_share_a, self.standardised.left_out_share_b)
        lost_a, lost_b = (share or 0.0 for share in shares)
        if self.standardised.strata_left_out:
            words = (
                f"not adjusted: {100 * lost_a:.0f} % of the first group and {100 * lost_b:.0f} % "
                f"of the second, whose {keys} the other group lacks"
            )
            yield Caution("unshared", words)
        if self.alike.p_value is not None and self.alike.p_value < DOUBTFUL:
            words = f"the effect differs by {keys}, so one adjusted figure hides that"
            yield Caution("effects_differ", words)


def adjusted(
    keys: tuple[str, ...],
    a: FrozenMap[SegmentKey, Share],
    b: FrozenMap[SegmentKey, Share],
    *,
    confidence: float,
) -> Adjusted:
    """Compare two groups within strata.

    Args:
        keys: What the strata are told by.
        a: The rate of the first group in each stratum it has.
        b: The rate of the other group in each stratum it has.
        confidence: Confidence of the intervals. [0..1]
    """
    strata = {
        key: Stratum(*_counts(a.get(key)), *_counts(b.get(key)))
        for key in sorted({*a, *b}, key=none_last)
    }
    tables = [*strata.values()]
    return Adjusted(
        keys=keys,
        strata=FrozenMap(strata),
        standardised=standardise(tables, confidence=confidence),
        pooled=mantel_haenszel(tables, confidence=confidence),
        split=kitagawa(tables),
        test=cochran_mantel_haenszel(tables),
        alike=breslow_day(tables),
    )


def _counts(share: Share | None) -> tuple[int, int]:
    return (0, 0) if share is None else (int(share.hits), int(share.of))
