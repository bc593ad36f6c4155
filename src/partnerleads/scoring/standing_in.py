"""Rules that stand in for a learned scorer while there is too little to learn from."""

from __future__ import annotations

from attrs import evolve, field, frozen

from partnerleads.errors import OptionError
from partnerleads.model import Caution
from partnerleads.scoring.lead_features import LeadFeatures
from partnerleads.scoring.lead_score import LeadScore
from partnerleads.scoring.protocol import LeadScorer, checked_scorer
from partnerleads.showing import Shown

__all__ = ["LEAST_OF_EACH", "UNCALIBRATED", "StandIn", "shortage", "stand_in"]

LEAST_OF_EACH = 30
"""Won leads, and leads that were not won, that learning needs unless told otherwise. [count]"""

UNCALIBRATED = Caution(
    "uncalibrated", "the chance is what the scorer believes; it was not held against later outcomes"
)


@frozen(kw_only=True, repr=False)
class StandIn(Shown):
    """Another scorer in place of one that has too little to learn from; every score says so.

    Attributes:
        scorer: What scores instead, such as rules.
        because: Why it does.
    """

    scorer: LeadScorer = field(converter=checked_scorer)
    because: Caution

    def score(self, lead: LeadFeatures, /) -> LeadScore:
        """The other scorer's score, with the warning."""
        score = self.scorer.score(lead)
        return evolve(score, warnings=(*score.warnings, self.because))

    @property
    def name(self) -> str:
        """What scores instead, by its name, or that of its class where it has none."""
        return f"{getattr(self.scorer, 'name', type(self.scorer).__name__)}"

    def to_dicts(self) -> list[dict[str, object]]:
        """What scores instead, and why, as one flat row."""
        return [{"scorer": self.name, "code": self.because.code, "because": self.because.words}]

    def _head(self) -> str:
        return f"{self.name}, standing in"

    def _notes(self) -> tuple[str, ...]:
        return (str(self.because),)


def shortage(won: int, lost: int, least: int) -> str:
    """What is missing of outcomes to learn from, in words; empty when nothing is."""
    if won >= least and lost >= least:
        return ""
    return f"{won} won and {lost} not won to learn from, at least {least} of each are needed"


def stand_in(name: str, missing: str, rules: LeadScorer | None, *, asked: str = "fit") -> StandIn:
    """The rules in place of a scorer that has too little.

    Args:
        name: What the scorer would have been.
        missing: What it has too little of.
        rules: What scores instead.
        asked: The function that takes the rules.

    Raises:
        OptionError: When there are no rules.
    """
    if rules is None:
        reason = (
            f"pass rules=... to `{asked}`, a scorer to fall back on, or set a smaller least_of_each"
        )
        raise OptionError("examples", missing, reason)
    words = f"scored by rules instead of {name}: {missing}"
    return StandIn(scorer=rules, because=Caution("too_little_data", words))
