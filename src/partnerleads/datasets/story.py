"""One lead of the synthetic programme while it is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from random import Random
from typing import Any

from partnerleads.datasets.market import (
    INDUSTRIES,
    OWN_AGENTS,
    PLACES,
    Diary,
    capture_moment,
    later,
    pick,
)
from partnerleads.datasets.partner_stories import PartnerTruth

__all__ = ["Story"]


class Story:
    """One lead while it is told.

    Attributes:
        diary: Its events.
        clock: The moment that the telling has reached.
        touched: Whether a partner touched it and did not give it back.
    """

    def __init__(self, chance: Random, number: int, partners: Sequence[PartnerTruth]) -> None:
        self.chance = chance
        self.lead_id = f"lead-{number:04d}"
        self.diary = Diary(self.lead_id)
        self.captured_at = self.clock = capture_moment(chance)
        self.place = pick(chance, {place: place.share for place in PLACES})
        self.agent = chance.choice(OWN_AGENTS)
        self.touched = False
        self.outcome = "open"
        self.worker: dict[str, Any] = {"agent_id": self.agent}
        serving = [p for p in partners if p.serves(self.captured_at)]
        near = {p: p.volume * (5 if self.place.region in p.regions else 1) for p in serving}
        self.partner = pick(chance, near)
        self.others = [p for p in serving if p != self.partner]
        self.industry = pick(chance, INDUSTRIES)
        self.euros = chance.lognormvariate(9.6, 0.8)

    def note(self, kind: Callable[..., Any], moment: datetime, /, **fields: Any) -> bool:
        """Write an event of this lead down."""
        return self.diary.note(kind, moment, lead_id=self.lead_id, **fields)

    def after(self, low: float, high: float) -> datetime:
        """Move the clock on by some days."""
        self.clock = later(self.chance, self.clock, self.chance.uniform(low, high))
        return self.clock

    def happens(self, probability: float) -> bool:
        """Whether something of that probability happens."""
        return self.chance.random() < probability
