"""How far a distribution has moved: the population stability index."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, isfinite, log

from attrs import frozen

from partnerleads.errors import OptionError
from partnerleads.showing import Shown
from partnerleads.stats.chi_square import chi_square_tail

__all__ = ["Drift", "drift"]

SMALL = 0.1
LARGE = 0.25
"""The rule of thumb of credit scoring: below the first stable, from the second on drifted."""


@frozen(kw_only=True, repr=False)
class Drift(Shown):
    """How far counts in bins have moved from one sample to another.

    Attributes:
        index: The population stability index; infinite where a bin is empty in one sample only.
            [>= 0]
        parts: What each bin adds to it. [>= 0 each]
        empty: Places of bins that only one sample has; these make the index infinite.
        by_chance: What the index comes to on average where nothing moved. [>= 0]
        p_value: Chance of an index at least as large where nothing moved; None where it is
            infinite or smoothed, or there is one bin. [0..1]
        n: Members of the two samples. [counts]
    """

    index: float
    parts: tuple[float, ...]
    empty: tuple[int, ...]
    by_chance: float
    p_value: float | None
    n: tuple[int, int]
    _right = frozenset({0, 1})
    _titled = True

    @property
    def verdict(self) -> str:
        """The rule of thumb in a word: ``stable`` below 0.1, ``moved`` below 0.25, ``drifted``."""
        if self.index < SMALL:
            return "stable"
        return "moved" if self.index < LARGE else "drifted"

    @property
    def beyond_chance(self) -> bool:
        """Whether such an index comes less than one time in twenty where nothing moved.

        Without a p-value, whether the index is more than three times what chance brings.
        """
        if self.p_value is None:
            return self.index > 3 * self.by_chance
        return self.p_value < 0.05

    def to_dicts(self) -> list[dict[str, object]]:
        """The bins as flat rows, each with what it adds and with the whole index."""
        whole = {
            "index": self.index,
            "verdict": self.verdict,
            "by_chance": self.by_chance,
            "p_value": self.p_value,
            "n_before": self.n[0],
            "n_after": self.n[1],
        }
        return [{"bin": place, "part": part, **whole} for place, part in enumerate(self.parts)]

    def _head(self) -> str:
        n, m = self.n
        return f"stability index {self.index:.3f}, {self.verdict} ({n} before, {m} after)"

    def _facts(self) -> list[str]:
        word = "beyond" if self.beyond_chance else "within"
        tested = "" if self.p_value is None else f", p = {self.p_value:.3f}"
        return [f"{word} what chance brings, {self.by_chance:.3f} on average{tested}"]

    def _titles(self) -> tuple[str, ...]:
        return "bin", "part"

    def _rows(self) -> list[tuple[str, ...]]:
        return [(f"{place}", f"{part:.3f}") for place, part in enumerate(self.parts)]

    def _notes(self) -> list[str]:
        places = ", ".join(map(str, self.empty))
        words = (
            f"only one sample has members in bin {places}; pool it with its neighbour, or smooth"
        )
        return [words] if self.empty else []


def drift(before: Sequence[int], after: Sequence[int], *, smoothing: float = 0.0) -> Drift:
    """The population stability index of counts in the same bins.

    The sum of ``(a - b) ln(a / b)`` over the bins, a and b being the shares of the two samples.
    It is the same both ways. A bin that is empty in both adds nothing; one that is empty in one
    makes the index infinite, rather than hang on a tiny number put in its place. Pool it with its
    neighbour, or smooth and say so.

    Args:
        before: Members of each bin in the first sample. [counts]
        after: Members of each bin in the second. [counts]
        smoothing: Added to every bin of both samples, such as 0.5. [members, >= 0]

    Raises:
        OptionError: When there are not as many bins in both, a sample is empty, or a count or the
            smoothing is negative.

    Source:
        Kullback and Leibler 1951 (their symmetric divergence); where nothing moved the index over
        ``1/n + 1/m`` is chi-square with one degree fewer than bins: Yurdakul 2018.

    >>> found = drift([10, 30, 60], [20, 30, 50])
    >>> round(found.index, 6), found.verdict, found.beyond_chance
    (0.087547, 'stable', False)
    """
    _check(before, after, smoothing)
    n, m = sum(before), sum(after)
    bins = len(before)
    spread = n + smoothing * bins, m + smoothing * bins
    shares = [
        ((one + smoothing) / spread[0], (other + smoothing) / spread[1])
        for one, other in zip(before, after, strict=True)
    ]
    parts = tuple(_part(one, other) for one, other in shares)
    index = sum(parts)
    held = sum(1 for one, other in shares if one or other)
    rarity = 1 / n + 1 / m
    testable = isfinite(index) and held > 1 and not smoothing
    return Drift(
        index=index,
        parts=parts,
        empty=tuple(place for place, part in enumerate(parts) if part == inf),
        by_chance=(held - 1) * rarity,
        p_value=chi_square_tail(index / rarity, degrees=held - 1) if testable else None,
        n=(n, m),
    )


def _part(one: float, other: float) -> float:
    if one == other:
        return 0.0
    return (other - one) * log(other / one) if one and other else inf


def _check(before: Sequence[int], after: Sequence[int], smoothing: float) -> None:
    if len(before) != len(after):
        raise OptionError("after", len(after), f"bins, but {len(before)} before; count the same")
    for name, counts in (("before", before), ("after", after)):
        if min(counts, default=0) < 0:
            raise OptionError(name, min(counts), "is no count")
        if not sum(counts):
            raise OptionError(name, counts, "has no members")
    if not 0 <= smoothing < inf:
        raise OptionError("smoothing", smoothing, "must be finite and not negative")
