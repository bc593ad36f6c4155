"""The score of one lead, with reasons that add up to it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from math import fsum
from typing import Any

from attrs import field, frozen

from partnerleads.attribution.digits import in_digits, shared_digits
from partnerleads.errors import OptionError
from partnerleads.model import Caution, LeadId, instant
from partnerleads.model.moments import moment_text
from partnerleads.model.numbers import finite, in_range
from partnerleads.showing import Shown

__all__ = ["TOLERANCE", "LeadScore", "Reason"]

TOLERANCE = 1e-9
"""How far the reasons may be from the score, in sum. [points]"""


@frozen(kw_only=True, weakref_slot=False)
class Reason:
    """What one thing seen adds to a score.

    Attributes:
        name: What was looked at, such as ``industry``; ``cap`` is what a limit takes off.
        value: What was seen there; None where nothing was, or there is nothing to see.
        points: How much it adds; below 0 it takes off. [points]
        evidence: How much it speaks for a win, where the scorer is predictive. [log odds]
    """

    name: str
    value: str | None = None
    points: float = field(validator=finite)
    evidence: float = field(default=0.0, validator=finite)


def _as_of(value: datetime) -> datetime:
    return instant(value, "as_of")


def _reasons(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    return tuple(reasons)


_a_share = in_range(0, 1)


def _probability(_: object, attribute: Any, value: Any) -> None:
    if value is not None:
        _a_share(_, attribute, value)


@frozen(kw_only=True, repr=False, weakref_slot=False)
class LeadScore(Shown):
    """How promising a lead is.

    Attributes:
        lead_id: The lead.
        as_of: Later events were not seen. [aware datetime]
        score: The score. [points, 0..100]
        probability: Chance of a win; None where the scorer was never held against outcomes.
            [0..1]
        reasons: What the score is made of; their points add up to it.
        scorer: Name of what scored it.
        fingerprint: Differs between scorers that are set differently; only scores with the same
            one compare.
        warnings: What to beware of.

    Raises:
        OptionError: When the score or the probability leaves its range, or the reasons do not
            add up.

    >>> from partnerleads.testing import at
    >>> print(LeadScore(
    ...     lead_id="L1",
    ...     as_of=at("2026-02-01"),
    ...     score=25,
    ...     reasons=[Reason(name="industry", value="steel", points=25)],
    ...     scorer="by hand",
    ...     fingerprint="1",
    ... ))
    L1 25.0 (by hand, as of 2026-02-01 00:00 UTC)
      industry  steel  +25.0
    """

    lead_id: LeadId
    as_of: datetime = field(converter=_as_of)
    score: float = field(validator=in_range(0, 100))
    probability: float | None = field(default=None, validator=_probability)
    reasons: tuple[Reason, ...] = field(converter=_reasons)
    scorer: str
    fingerprint: str
    warnings: tuple[Caution, ...] = ()
    _right = frozenset({2})

    def __attrs_post_init__(self) -> None:
        total = fsum(one.points for one in self.reasons)
        if abs(total - self.score) > TOLERANCE:
            reason = f"its reasons add up to {total!r}; give every point of the score a reason"
            raise OptionError("score", self.score, reason)

    def rounded(self, *, digits: int = 1) -> tuple[tuple[Reason, Decimal], ...]:
        """The reasons with their points as they are shown, adding up to the shown score.

        Every one is rounded down, and the units that are left go to those that lost most (largest
        remainder).

        Args:
            digits: Digits after the point. [count]
        """
        total = in_digits(self.score, digits)
        shown = shared_digits([one.points for one in self.reasons], total=total, digits=digits)
        return tuple(zip(self.reasons, shown, strict=True))

    def value_text(self) -> str:
        """The score for people, with the chance where there is one."""
        chance = "" if self.probability is None else f", wins {100 * self.probability:.1f} %"
        return f"{in_digits(self.score, 1)}{chance}"

    def basis_text(self) -> str:
        """What scored it, and when."""
        return f"{self.scorer}, as of {moment_text(self.as_of)}"

    def to_dicts(self) -> list[dict[str, object]]:
        """The score as flat rows, one for each reason; one without a reason where there is none."""
        whole = {
            "lead_id": self.lead_id,
            "score": self.score,
            "probability": self.probability,
            "scorer": self.scorer,
            "fingerprint": self.fingerprint,
            "as_of": self.as_of,
        }
        rows: list[dict[str, object]] = [
            {
                **whole,
                "reason": one.name,
                "value": one.value,
                "points": one.points,
                "evidence": one.evidence,
            }
            for one in self.reasons
        ]
        return rows or [{**whole, "reason": None, "value": None, "points": None, "evidence": None}]

    def _head(self) -> str:
        return f"{self.lead_id} {self.value_text()} ({self.basis_text()})"

    def _titles(self) -> tuple[str, ...]:
        return "", "seen", "points"

    def _rows(self) -> list[tuple[str, ...]]:
        return [(one.name, one.value or "", f"{points:+}") for one, points in self.rounded()]

    def _notes(self) -> list[str]:
        return [*map(str, self.warnings)]
