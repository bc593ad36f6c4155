"""The default score worked out slowly from the rows of a tidy history, by its definition alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from math import exp, fsum, log
from typing import TypeAlias

__all__ = ["Row", "metrics", "score"]

Row: TypeAlias = tuple[Fraction, str, str, str, tuple[int, ...]]
"""Day, partner, lead or empty, what happened, and its numbers; days differ from row to row."""

YEAR, CYCLE, HALF_LIFE = 365, 90, 180

WEIGHTS = {
    "revenue": 20, "deal_frequency": 10, "deal_size": 5, "margin": 10, "conversion": 15,
    "training": 8, "campaigns": 5, "co_selling": 5, "certifications": 7, "satisfaction": 10,
    "sourced_leads": 3, "business_plans": 2,
}  # fmt: skip


class _Lead:
    """How one lead stands after its rows."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.captured = rows[0][0]
        self.status, self.closed = "open", Fraction(-1)
        self.value = self.margin = Fraction(0)
        self.refunds: list[int] = []
        for day, _, _, what, numbers in rows[1:]:
            if what == "won":
                self.value, self.margin = Fraction(numbers[0]), Fraction(numbers[1])
                self.refunds = []
            if what in {"won", "lost", "disqualified"}:
                self.status, self.closed = what, day
            elif what == "reopened":
                self.status = "open"
            elif what == "refunded":
                self.refunds.append(numbers[0])

    @property
    def net(self) -> Fraction:
        return self.value - sum(self.refunds)

    @property
    def net_margin(self) -> Fraction:
        exact = self.margin * self.net / self.value
        decimal = Decimal(exact.numerator) / Decimal(exact.denominator)
        return Fraction(decimal.quantize(Decimal("0.01"), ROUND_HALF_EVEN))

    @property
    def is_deal(self) -> bool:
        return not self.refunds or self.net > 0


def metrics(rows: Iterable[Row], partner: str, as_of: Fraction) -> dict[str, float] | None:
    """The metrics that are known of a partner that brings all its leads; None before all."""
    seen = sorted(row for row in rows if row[1] == partner and row[0] <= as_of)
    if not seen:
        return None
    ids = dict.fromkeys(row[2] for row in seen if row[2])
    leads = [_Lead([row for row in seen if row[2] == one]) for one in ids]
    years = float(min(as_of - seen[0][0], Fraction(YEAR)) / YEAR)
    won = [one for one in leads if one.status == "won" and as_of - YEAR < one.closed <= as_of]
    deals = [one for one in won if one.is_deal]
    revenue = sum(one.net for one in won)
    cohort = [one.status for one in leads if as_of - CYCLE - YEAR < one.captured <= as_of - CYCLE]
    decided = cohort.count("won") + cohort.count("lost")
    brought = sum(as_of - YEAR < one.captured <= as_of for one in leads)
    known = {
        "revenue": float(revenue),
        "deal_frequency": (len(deals) + 1) / (years + 0.5),
        "sourced_leads": brought / (years + 0.25),
        "certifications": float(_held(seen, as_of)),
        "training": _faded(seen, "training", as_of),
        "campaigns": _faded(seen, "campaign", as_of),
        "co_selling": _faded(seen, "co_sell", as_of),
        "business_plans": float(
            sum(what == "business_plan" and day > as_of - YEAR for day, _, _, what, _ in seen)
        ),
    }
    if deals:
        known["deal_size"] = float(sum(one.net for one in deals) / len(deals))
    if revenue > 0:
        known["margin"] = float(sum(one.net_margin for one in won) / revenue)
    if decided:
        known["conversion"] = (cohort.count("won") + 1) / (decided + 4)
    rated = [
        (numbers[0] - 1) / 4
        for day, _, _, what, numbers in seen
        if what == "rated" and day > as_of - YEAR
    ]
    if rated:
        known["satisfaction"] = (sum(rated) + 3 * 0.7) / (len(rated) + 3)
    return known


def _faded(seen: list[Row], kind: str, as_of: Fraction) -> float:
    ages = [float(as_of - day) for day, _, _, what, _ in seen if what == kind]
    return min(10.0, fsum(exp(-log(2) * age / HALF_LIFE) for age in ages))


def _held(seen: list[Row], as_of: Fraction) -> int:
    """Certifications that some earning since the last revocation makes last."""
    count = 0
    for name in {numbers[0] for _, _, _, what, numbers in seen if what == "certified"}:
        own = [row for row in seen if row[3] in {"certified", "revoked"} and row[4][0] == name]
        last = max((n for n, row in enumerate(own) if row[3] == "revoked"), default=-1)
        ends = [row[0] + row[4][1] if row[4][1] else None for row in own[last + 1 :]]
        count += any(end is None or end > as_of for end in ends)
    return count


def score(known: dict[str, float]) -> float:
    """The weighted mean of the shares of what is known, 0 to 100."""

    def between(value: float, low: float, high: float) -> float:
        return min(max((value - low) / (high - low), 0.0), 1.0)

    size = known.get("deal_size", 0.0)
    shares = {
        "revenue": between(known["revenue"], 0, 250_000),
        "deal_frequency": between(known["deal_frequency"], 0, 12),
        "deal_size": between(log(size), log(1_000), log(100_000)) if size > 0 else 0.0,
        "margin": between(known.get("margin", 0.0), 0, 0.4),
        "conversion": between(known.get("conversion", 0.0), 0, 0.5),
        "training": between(known["training"], 0, 4),
        "campaigns": between(known["campaigns"], 0, 3),
        "co_selling": between(known["co_selling"], 0, 3),
        "certifications": between(known["certifications"], 0, 3),
        "satisfaction": between(known.get("satisfaction", 0.0), 0.4, 0.9),
        "sourced_leads": between(known["sourced_leads"], 0, 12),
        "business_plans": between(known["business_plans"], 0, 1),
    }
    weight = sum(WEIGHTS[name] for name in known)
    return 100 * sum(WEIGHTS[name] * shares[name] for name in known) / weight
