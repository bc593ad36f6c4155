"""All about one partner, as a result that prints."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from partnerleads.model import Figure, Partner
from partnerleads.model.moments import moment_text
from partnerleads.model.page import page_html, page_text
from partnerleads.plv.change_result import ScoreChange
from partnerleads.plv.improving import Improvements
from partnerleads.plv.passing import NextChange
from partnerleads.plv.score import PlvScore, number_text, points_texts
from partnerleads.plv.trend import PlvTrend

__all__ = ["Scorecard"]

_SHOWN = 5


@frozen(kw_only=True, repr=False)
class Scorecard:
    """Where a partner stands, why, where it is going, and what raises its score most.

    Attributes:
        partner: The partner as its events describe it.
        percentile: Part of all scored partners that it is ahead of, with half of its equals; None
            without a score. [0..1]
        peers: How many partners have a score, itself included. [count]
        improvements: What it can do, the best first.
        change: Why its score is another than before.
        next_change: What time alone does next.
        trend: Its scores over the last periods.
        figures: Its own figures, each with its n, and its interval where there is one.
    """

    partner: Partner
    percentile: float | None
    peers: int
    improvements: Improvements
    change: ScoreChange
    next_change: NextChange
    trend: PlvTrend
    figures: tuple[Figure, ...]

    @property
    def score(self) -> PlvScore:
        """The score with its parts."""
        return self.improvements.score

    def head(self) -> str:
        """Whose scorecard it is, and of when."""
        name = self.partner.name
        whose = self.partner.partner_id if name is None else f"{name} ({self.partner.partner_id})"
        return f"Scorecard of {whose}, as of {moment_text(self.score.as_of)}"

    def standing(self) -> str:
        """Score, tier, distance to the next, and place among all partners."""
        tier = "" if self.score.tier is None else f", {self.score.tier}"
        place = ""
        if self.percentile is not None and self.peers > 1:
            place = f"; percentile {100 * self.percentile:.0f} among {self.peers} partners"
        return f"Composite score {self.score.value_text()} of 100{tier}; {self._distance()}{place}"

    def _distance(self) -> str:
        return self.improvements.tier_text()

    def sections(self) -> Iterator[tuple[str, list[tuple[str, ...]]]]:
        """Every section: its title and its rows, as they are shown."""
        yield "What it is made of", [*self._parts()]
        gaining = [row for one, row in self._actions() if one > 0]
        yield "What raises it most", [*gaining[:_SHOWN]]
        yield (
            "What gains nothing now",
            [(a, c or b) for one, (a, b, c) in self._actions() if one <= 0],
        )
        changed = [(words, f"{points:+}") for words, points in self.change.rounded()]
        yield f"What changed: {self._without_id(self.change.head())}", [*changed]
        yield "What time alone does next", [(self._without_id(str(self.next_change)),)]
        yield f"Where it is going: {self._without_id(self.trend.head())}", [*self.trend.rows()]
        figures = [(one.name, one.value_text(), one.basis_text()) for one in self.figures]
        yield "Own figures, all time", [*figures]
        yield "Notes", [(one,) for one in self.notes()]

    def _parts(self) -> Iterator[tuple[str, ...]]:
        """Every criterion with its value and points, and a cap; the points add up to the score."""
        points, refused = points_texts(self.score)
        for one in self.score.readings:
            value = "not known" if one.value is None else _measured(one.value, one.unit)
            yield one.name, value, points.pop(one.name, "-")
        for name, left in points.items():
            yield name, "a gate is closed", left
        if refused is not None:
            yield "points", "not told", refused

    def notes(self) -> list[str]:
        """What to beware of."""
        notes = [str(one) for one in self.score.warnings]
        if self.score.provisional:
            notes.append(f"provisional: only {100 * self.score.coverage:.0f} % is known")
        return [*notes, *self.improvements.left_out]

    def _actions(self) -> list[tuple[float, tuple[str, str, str]]]:
        rows = self.improvements.rows()
        return [(one.gain, row) for one, row in zip(self.improvements, rows, strict=True)]

    def _without_id(self, text: str) -> str:
        """What a part says of the partner, whose id it starts with."""
        return text.removeprefix(self.partner.partner_id).removeprefix(":").lstrip()

    def to_dicts(self) -> list[dict[str, object]]:
        """Flat rows of every section, each with the name of its section."""
        standing: dict[str, object] = {
            "partner_id": self.partner.partner_id,
            "name": self.partner.name,
            "score": self.score.value,
            "tier": self.score.tier,
            "terminated_at": self.improvements.terminated_at,
            "percentile": self.percentile,
            "peers": self.peers,
            "next_change_at": self.next_change.at,
            "next_change": self.next_change.points,
            "model": self.score.fingerprint,
            "as_of": self.score.as_of,
        }
        rows = [
            ("standing", [standing]),
            ("score", self.score.to_dicts()),
            ("improvements", self.improvements.to_dicts()),
            ("change", self.change.to_dicts()),
            ("trend", self.trend.to_dicts()),
            ("figures", [row for one in self.figures for row in one.to_dicts()]),
        ]
        return [{"section": name, **row} for name, found in rows for row in found]

    def __str__(self) -> str:
        return page_text(self.head(), self.standing(), self.sections())

    def __repr__(self) -> str:
        return f"<{self.head()}>"

    def _repr_html_(self) -> str:
        return page_html(self.head(), self.standing(), self.sections())


def _measured(value: float, unit: str) -> str:
    """A value with its unit, whose first word is in the singular after 1."""
    number = number_text(value)
    noun, *rest = unit.split(" ")
    return " ".join([number, noun.removesuffix("s") if number == "1" else noun, *rest])
