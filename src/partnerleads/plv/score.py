"""The composite score of one partner, with all that it is made of."""

from __future__ import annotations

from datetime import datetime

from attrs import frozen

from partnerleads.attribution.digits import in_digits
from partnerleads.model import Caution, PartnerId, instant
from partnerleads.model.moments import moment_text
from partnerleads.plv.explaining import CAP, Part, explain, told_parts
from partnerleads.plv.model import PlvModel
from partnerleads.plv.record import PartnerRecord
from partnerleads.plv.tiers import tier_of
from partnerleads.showing import Shown, spaced

__all__ = ["PlvScore", "Reading", "number_text", "points_texts", "score_of"]


@frozen(kw_only=True)
class Reading:
    """One criterion of one partner.

    Attributes:
        name: The criterion.
        unit: Unit of its value.
        value: The metric; None where it is not known.
        share: The share of the best; None where it is not known. [0..1]
        weight: Its part of all weights. [0..1]
    """

    name: str
    unit: str
    value: float | None
    share: float | None
    weight: float


@frozen(kw_only=True, repr=False)
class PlvScore(Shown):
    """A partner's composite score.

    Attributes:
        partner_id: The partner.
        value: The score; None where nothing is known that weighs. [points, 0..100]
        uncapped: The score before any gate. [points, 0..100]
        coverage: Weight of what is known, of all. [0..1]
        provisional: Whether the coverage is too small to rely on.
        tier: The class that the score reaches; None below all, and without a score.
        readings: Every criterion.
        model: The model.
        as_of: Events that occurred later were not seen. [aware datetime]
        known_at: Versions recorded later were not seen; None saw all. [aware datetime]
        warnings: What to beware of.
    """

    partner_id: PartnerId
    value: float | None
    uncapped: float | None
    coverage: float
    provisional: bool
    tier: str | None
    readings: tuple[Reading, ...]
    model: PlvModel
    as_of: datetime
    known_at: datetime | None = None
    warnings: tuple[Caution, ...] = ()

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the model."""
        return self.model.fingerprint

    @property
    def shares(self) -> dict[str, float | None]:
        """The shares by criterion; None is not known. [0..1 each]"""
        return {one.name: one.share for one in self.readings}

    @property
    def values(self) -> dict[str, float | None]:
        """The metrics by criterion; None is not known."""
        return {one.name: one.value for one in self.readings}

    @property
    def parts(self) -> tuple[Part, ...]:
        """What each criterion adds, and what a cap takes off; they add up to the score.

        Raises:
            OptionError: When more criteria differ from 0 than :func:`explain` can tell apart; the
                score then prints without points.
        """
        return explain(self).parts

    def value_text(self) -> str:
        """The score for people, such as ``62.5``."""
        if self.value is None:
            return "undefined"
        return f"{in_digits(self.value, 1)}{' (provisional)' if self.provisional else ''}"

    def basis_text(self) -> str:
        """The tier, how much is known, and the model."""
        tier = "" if self.tier is None else f"{self.tier}, "
        return f"{tier}{100 * self.coverage:.0f} % known, model {self.model.name}"

    def to_dicts(self) -> list[dict[str, object]]:
        """The score as flat rows: one for each criterion, and one for a cap.

        Points are None where :attr:`parts` are refused.
        """
        told, _ = told_parts(self)
        points = {} if told is None else {part.name: part.points for part in told.parts}
        whole = {
            "partner_id": self.partner_id,
            "score": self.value,
            "coverage": self.coverage,
            "provisional": self.provisional,
            "tier": self.tier,
            "model": self.fingerprint,
            "as_of": self.as_of,
        }
        rows: list[dict[str, object]] = [
            {
                **whole,
                "criterion": one.name,
                "value": one.value,
                "unit": one.unit,
                "share": one.share,
                "weight": one.weight,
                "points": points.pop(one.name, None),
            }
            for one in self.readings
        ]
        empty = dict.fromkeys(("value", "unit", "share", "weight"))
        rows += [
            {**whole, "criterion": name, **empty, "points": left} for name, left in points.items()
        ]
        return rows

    def _titles(self) -> tuple[str, ...]:
        return "", "value", "points"

    def _rows(self) -> list[tuple[str, ...]]:
        """Name, value and points of every criterion and of the cap."""
        points, refused = points_texts(self)
        rows: list[tuple[str, ...]] = []
        for one in self.readings:
            value = "not known" if one.value is None else f"{number_text(one.value)} {one.unit}"
            rows.append((one.name, value, points.get(one.name, "-")))
        if CAP in points:
            rows.append((CAP, "a gate is closed", points[CAP]))
        if refused is not None:
            rows.append(("points", "not told", refused))
        return rows

    def _head(self) -> str:
        when = f"as of {moment_text(self.as_of)}"
        return f"{self.partner_id} {self.value_text()} ({self.basis_text()}, {when})"

    def _notes(self) -> list[str]:
        return [*map(str, self.warnings)]


def points_texts(score: PlvScore) -> tuple[dict[str, str], str | None]:
    """The points of each criterion and of a cap, as they are shown, or why they are not told.

    Where points add up each stands with the most that it could be, which it never is beyond; what
    is shown of a criterion at its most is the same on both sides, however the points are rounded.
    """
    told, refused = told_parts(score)
    if told is None:
        return {}, refused
    filled = score.model.filled(score.shares)
    most = score.model.weights_of(filled) if score.model.aggregator.additive else {}
    texts = {}
    for name, points in told.rounded():
        texts[name] = str(points)
        if name in most:
            top = in_digits(100 * most[name], 1)
            texts[name] += f" of {points if filled[name] == 1.0 else max(points, top)}"
    return texts, refused


def number_text(value: float) -> str:
    """A value for people: four digits, and all that are before the point."""
    return f"{value:.4g}" if abs(value) < 1000 else spaced(value, form=",.0f")


def score_of(
    record: PartnerRecord, *, as_of: datetime, model: PlvModel, known_at: datetime | None = None
) -> PlvScore:
    """The score of one partner from its record.

    Args:
        record: The partner's record.
        as_of: The moment, not before the record's. [aware datetime]
        model: How to score.
        known_at: The moment of knowledge, to be shown. [aware datetime]

    Raises:
        NaiveInstantError: When *as_of* has no offset.
        MixedCurrencyError: When its deals are in several currencies.
    """
    as_of = instant(as_of, "as_of")
    values = model.values_of(record, as_of)
    shares = model.shares_of(values)
    weighed = model.weigh(shares)
    weights = model.weights
    currency = model.currency or next(iter(record.currencies), "money")
    readings = tuple(
        Reading(
            name=one.name,
            unit=one.metric.unit.replace("money", currency),
            value=values[one.name],
            share=shares[one.name],
            weight=weights[one.name],
        )
        for one in model.criteria
    )
    tier = tier_of(model, weighed.value)
    left = record.partner.terminated_at
    words = None if left is None else f"the partner left the programme on {moment_text(left)}"
    return PlvScore(
        partner_id=record.partner_id,
        value=weighed.value,
        uncapped=weighed.uncapped,
        coverage=weighed.coverage,
        provisional=weighed.coverage < model.provisional_below,
        tier=None if tier is None else tier.name,
        readings=readings,
        model=model,
        as_of=as_of,
        known_at=known_at,
        warnings=() if words is None else (Caution("terminated", words),),
    )
