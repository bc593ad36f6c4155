"""A score held against what partners won afterwards, as a result."""

from __future__ import annotations

from datetime import datetime

from attrs import frozen

from partnerleads.attribution.digits import in_digits
from partnerleads.model import Caution, FrozenMap, PartnerId
from partnerleads.model.moments import moment_text
from partnerleads.plv.model import PlvModel
from partnerleads.plv.reweighing import reweighed
from partnerleads.showing import Shown
from partnerleads.stats import Estimate

__all__ = ["Outcome", "ScoreCheck"]


@frozen(kw_only=True)
class Outcome:
    """What one partner scored, and what it won afterwards.

    Attributes:
        partner_id: The partner.
        score: Its score at the earlier moment. [points, 0..100]
        won: Net value of what it won between the two moments. [currency units]
        deals: How many deals these are. [count]
        without_value: Those of them that state no value, and so count nothing in it. [count]
    """

    partner_id: PartnerId
    score: float
    won: float
    deals: int
    without_value: int = 0


@frozen(kw_only=True, repr=False)
class ScoreCheck(Shown):
    """A score held against what came after it.

    Attributes:
        rank_correlation: Of scores and what was won: 1 where they order partners alike, 0 where
            the score tells nothing. [-1..1]
        top_quarter_lift: What the best scored quarter won on average, over the average of all;
            None where nothing was won. [ratio]
        outcomes: Every partner that had a score, best first.
        unscored: Partners without a score then, which are left out. [count]
        weights: Weights of the model, as parts of 1.
        suggested: Weights that would have ordered these outcomes better, as parts of 1; the
            model's own where nothing can be learned.
        suggested_rank_correlation: What these would have reached on the very same outcomes, which
            flatters them. [-1..1]
        model: The model.
        as_of: The moment of the scores. [aware datetime]
        until: The moment of the outcomes. [aware datetime]
        warnings: What to beware of.
    """

    rank_correlation: Estimate
    top_quarter_lift: float | None
    outcomes: tuple[Outcome, ...]
    unscored: int
    weights: FrozenMap[str, float]
    suggested: FrozenMap[str, float]
    suggested_rank_correlation: Estimate
    model: PlvModel
    as_of: datetime
    until: datetime
    warnings: tuple[Caution, ...] = ()
    _right = frozenset({1, 2})
    _titled = True

    def suggested_model(self, *, name: str) -> PlvModel:
        """The model with the suggested weights, whose sum is that of its own.

        Nothing takes it over by itself: look at it, and use it or not.

        Args:
            name: What it is to be called.
        """
        return reweighed(self.model, self.suggested, name=name)

    def to_dicts(self) -> list[dict[str, object]]:
        """The outcomes as flat rows, best scored first."""
        return [
            {
                "partner_id": one.partner_id,
                "score": one.score,
                "won": one.won,
                "deals": one.deals,
                "as_of": self.as_of,
                "until": self.until,
                "model": self.model.fingerprint,
            }
            for one in self.outcomes
        ]

    def _facts(self) -> list[str]:
        lift = self.top_quarter_lift
        return [
            f"rank correlation {_text(self.rank_correlation)}",
            f"top quarter won {'-' if lift is None else f'{lift:.2f}'} times the average",
            f"suggested weights would have reached {_text(self.suggested_rank_correlation)}",
        ]

    def _titles(self) -> tuple[str, ...]:
        return "criterion", "weight", "suggested"

    def _rows(self) -> list[tuple[str, ...]]:
        def text(share: float) -> str:
            return f"{in_digits(100 * share, 1)} %"

        return [(name, text(one), text(self.suggested[name])) for name, one in self.weights.items()]

    def _head(self) -> str:
        return (
            f"model {self.model.name}, scores of {moment_text(self.as_of)} against wins until "
            f"{moment_text(self.until)}, partners: {len(self.outcomes)}"
        )

    def _notes(self) -> list[str]:
        return [*map(str, self.warnings)]


def _text(estimate: Estimate) -> str:
    if estimate.value is None:
        return f"undefined, as {estimate.undefined_because}"
    if estimate.interval is None:
        return f"{estimate.value:.2f} ({estimate.undefined_because})"
    low, high = estimate.interval
    return f"{estimate.value:.2f} [{low:.2f}, {high:.2f}]"
