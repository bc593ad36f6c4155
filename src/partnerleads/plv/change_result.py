"""The change of a score, as a result."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from attrs import frozen

from partnerleads.attribution.digits import in_digits
from partnerleads.model import PartnerId
from partnerleads.model.figure import counted
from partnerleads.model.moments import moment_text
from partnerleads.plv.explaining import Explanation, Part
from partnerleads.plv.score import PlvScore
from partnerleads.showing import Shown

__all__ = ["ChangePart", "ScoreChange"]

_WORDS = {
    "model": "another model",
    "decay": "faded",
    "lapsed": "lapsed",
    "left_window": "left the window",
    "time": "time passed",
    "events": "new",
    "refunds": "refunded",
}


@frozen(kw_only=True)
class ChangePart:
    """One entry of the ledger.

    Attributes:
        cause: ``model``; ``decay`` of points; ``lapsed`` certifications; ``left_window`` for
            a criterion out of whose window something moved; ``time`` for what else time does:
            growing tenure, sales cycles that end, and gates; ``events`` that are new; ``refunds``.
        name: The criterion of what time did, the kind of what is new; empty for the model.
        points: What it adds to the score; below 0 it takes off. [points]
        count: How many events are new. [count]
    """

    cause: str
    name: str
    points: float
    count: int = 0

    def words(self) -> str:
        """What happened, for people."""
        text = f"{_WORDS[self.cause]}: {self.name}" if self.name else _WORDS[self.cause]
        return f"{text}, {counted(self.count, 'event')}" if self.count else text


@frozen(kw_only=True, repr=False)
class ScoreChange(Shown):
    """Why a partner's score is another than before.

    Attributes:
        before: The earlier score.
        after: The later score.
        parts: What moved it, in the order in which it is taken; they add up to the change.
    """

    before: PlvScore
    after: PlvScore
    parts: tuple[ChangePart, ...]
    _right = frozenset({1})

    @property
    def partner_id(self) -> PartnerId:
        """The partner."""
        return self.after.partner_id

    @property
    def since(self) -> datetime:
        """The earlier moment. [aware datetime]"""
        return self.before.as_of

    @property
    def as_of(self) -> datetime:
        """The later moment. [aware datetime]"""
        return self.after.as_of

    @property
    def change(self) -> float:
        """The later score less the earlier; 0 stands for none. [points]"""
        return (self.after.value or 0.0) - (self.before.value or 0.0)

    @property
    def by_cause(self) -> dict[str, float]:
        """The points of each cause that moved the score."""
        found: dict[str, float] = {}
        for part in self.parts:
            found[part.cause] = found.get(part.cause, 0.0) + part.points
        return found

    def rounded(self, *, digits: int = 1) -> tuple[tuple[str, Decimal], ...]:
        """The parts as they are shown; they add up to the shown change (largest remainder).

        Args:
            digits: Digits after the point. [count]
        """
        explained = Explanation(
            partner_id=self.partner_id,
            value=self.after.value or 0.0,
            reference="before",
            reference_value=self.before.value or 0.0,
            parts=tuple(Part(name=part.words(), points=part.points) for part in self.parts),
        )
        return explained.rounded(digits=digits)

    def head(self) -> str:
        """Both scores and the change, as they are shown."""
        before, after = (in_digits(one.value or 0.0, 1) for one in (self.before, self.after))
        return (
            f"{self.partner_id} {before} as of {moment_text(self.since)}, "
            f"{after} as of {moment_text(self.as_of)}: {after - before:+}"
        )

    def to_dicts(self) -> list[dict[str, object]]:
        """The parts as flat rows."""
        return [
            {
                "partner_id": self.partner_id,
                "since": self.since,
                "as_of": self.as_of,
                "before": self.before.value,
                "after": self.after.value,
                "cause": part.cause,
                "name": part.name,
                "points": part.points,
                "count": part.count,
            }
            for part in self.parts
        ]

    def _head(self) -> str:
        return self.head()

    def _rows(self) -> list[tuple[str, ...]]:
        return [(words, f"{points:+}") for words, points in self.rounded()]
