"""Thompson sampling: everybody gets the lead with the chance that it is the best one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate
from math import exp, fsum, inf, log

from attrs import field, frozen

from partnerleads.routing.context import Outcome, RoutingContext
from partnerleads.routing.drawing import drawn, is_share
from partnerleads.routing.prospect import Prospect
from partnerleads.routing.protocol import Candidates, Ranked
from partnerleads.routing.strategies.performance import expected_rate, some_of_each

__all__ = ["Thompson"]

_CELLS = 256
"""How finely close rates are told apart."""


@frozen(kw_only=True)
class Thompson:
    """Each recipient's chance is the chance that its close rate is the highest, as far as is known.

    So whoever is little known is tried now and then, and less so the more is known. A floor is
    shared over all candidates, for those whose luck was bad early.

    The chances are worked out and recorded, and the order is drawn from them without putting back,
    by the context's seed: what is recorded is what was drawn from.

    Attributes:
        prior: Leads that everybody is taken to have had before. [counts]
        floor: The part of all choices that is shared equally over the candidates. [0..1]

    Source:
        Thompson 1933, by probability matching; the chance to be the highest is summed over 256
        cells of the close rate, where equal cells share.
    """

    prior: Outcome = field(default=Outcome(wins=1, losses=3), validator=some_of_each)
    floor: float = field(default=0.01, validator=is_share)

    def rank(
        self, lead: Prospect, candidates: Candidates, context: RoutingContext, /
    ) -> Iterator[Ranked]:
        """The candidates as the draw has them."""
        known = {
            one.recipient_id: context.outcomes.get(one.recipient_id, Outcome())
            for one in candidates
        }
        chances = self.chances(known)
        chance = context.chance(lead.lead_id)
        left, told = dict(chances), False
        while left:
            name = drawn(left, chance.random())
            del left[name]
            rate = float(expected_rate(known[name], self.prior))
            yield Ranked(name, {"close rate": rate}, (), None if told else chances)
            told = True

    def chances(self, known: dict[str, Outcome]) -> dict[str, float]:
        """Chance of each to be chosen: to be the best, with its part of the floor. [0..1 each]"""
        kinds = {
            name: (outcome.wins + self.prior.wins, outcome.losses + self.prior.losses)
            for name, outcome in known.items()
        }
        best = _chances_to_be_best(Counter(kinds.values()))
        even = self.floor / len(known)
        return {name: even + (1 - self.floor) * best[kind] for name, kind in kinds.items()}


@lru_cache(maxsize=65_536)
def _cells(wins: int, losses: int) -> tuple[tuple[float, float], ...]:
    """Of each cell: the log of the chance to lie below its middle, and to lie in it by that chance.

    A chance too small for a float is 0.
    """
    middles = [(cell + 0.5) / _CELLS for cell in range(_CELLS)]
    heights = [(wins - 1) * log(x) + (losses - 1) * log(1 - x) for x in middles]
    highest = max(heights)
    sizes = [exp(height - highest) for height in heights]
    ends = accumulate(sizes)
    whole = fsum(sizes)
    below = [(end - size / 2, size) for end, size in zip(ends, sizes, strict=True)]
    return tuple(
        (log(part), size / low) if (part := low / whole) else (-inf, 0.0) for low, size in below
    )


def _chances_to_be_best(kinds: Counter[tuple[int, int]]) -> dict[tuple[int, int], float]:
    """The chance of one of each kind to have the highest rate; over all recipients together 1."""
    if len(kinds) == 1:
        return {kind: 1 / count for kind, count in kinds.items()}
    counts = [kinds[kind] for kind in sorted(kinds)]
    rows = list(zip(*(_cells(*kind) for kind in sorted(kinds)), strict=True))
    logs = [fsum(n * low for n, (low, _) in zip(counts, row, strict=True)) for row in rows]
    highest = max(logs)
    sizes = [0.0] * len(counts)
    for row, level in zip(rows, logs, strict=True):
        best = exp(level - highest)
        sizes = [known + best * size for known, (_, size) in zip(sizes, row, strict=True)]
    whole = fsum(n * size for n, size in zip(counts, sizes, strict=True))
    return {kind: size / whole for kind, size in zip(sorted(kinds), sizes, strict=True)}
