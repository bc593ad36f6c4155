"""Leads that scorers are asked about: drawn at random, odd ones among them, and made smaller."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from random import Random
from typing import TypeVar

from attrs import evolve, frozen

from partnerleads.scoring import Behaviour, LeadFeatures, LeadScore, LeadScorer
from partnerleads.scoring.reading import BEHAVIOURS
from partnerleads.scoring.scoring_leads import scored
from partnerleads.testing.draft import at

__all__ = ["ScorerCase", "scorer_case", "smaller"]

V = TypeVar("V")

_START = at("2026-01-01")
_HOUR = timedelta(hours=1)
_TEXTS = ("steel", "retail", "DE", "DACH", "met", "demo", "never seen before", "Ünïcode", "0")
_NAMES = ("industry", "country", "region", "stage", "originator", "attributes.role")
_MET = ("criteria.need", "criteria.budget")
_SIZES = (0.0, 1.0, 49.0, 50.0, 250.0, 1e9, -1.0, 0.1)
_NUMBERS = ("company_size", "expected_value.EUR", "stated_probability", "attributes.seats")
_KINDS = (*BEHAVIOURS, "activity.demo", "activity.page_visit", "activity.never seen before")
_COUNTS = (1, 1, 1, 2, 7, 10**9)
_SEGMENTS = (None, None, "DACH", "nowhere")


@frozen(kw_only=True)
class ScorerCase:
    """What a scorer is asked: two leads.

    Attributes:
        lead: The lead.
        other: Another one.
    """

    lead: LeadFeatures
    other: LeadFeatures

    def answer(self, scorer: LeadScorer) -> LeadScore:
        """What a scorer answers for the lead."""
        return scored(self.lead, scorer=scorer)

    def __str__(self) -> str:
        return f"lead: {self.lead!r}\nother: {self.other!r}"


def scorer_case(random: Random) -> ScorerCase:
    """Two leads, drawn.

    Args:
        random: Chance.
    """
    return ScorerCase(lead=_lead(random, "L1"), other=_lead(random, "L2"))


def _lead(random: Random, lead_id: str) -> LeadFeatures:
    values = {name: random.choice(_TEXTS) for name in _some(random, _NAMES)}
    values |= dict.fromkeys(_some(random, _MET), "met")
    hours = [random.randrange(2400) for _ in range(random.choice((0, 1, 2, 9)))]
    return LeadFeatures(
        lead_id=lead_id,
        captured_at=_START,
        as_of=_START + random.choice((2400, 2400, 99_999)) * _HOUR,
        values=values,
        numbers={name: random.choice(_SIZES) for name in _some(random, _NUMBERS)},
        behaviours=[
            Behaviour(
                kind=random.choice(_KINDS),
                occurred_at=_START + hour * _HOUR,
                count=random.choice(_COUNTS),
            )
            for hour in hours
        ],
        segment=random.choice(_SEGMENTS),
    )


def _some(random: Random, names: tuple[str, ...]) -> list[str]:
    """Some of the names: often all or none."""
    chance = random.choice((0.0, 0.5, 1.0))
    return [name for name in names if random.random() < chance]


def _without(entries: Mapping[str, V], name: str) -> dict[str, V]:
    return {key: value for key, value in entries.items() if key != name}


def smaller(case: ScorerCase) -> Iterator[ScorerCase]:
    """The case with one thing less, in every way.

    Args:
        case: The case.
    """
    for place in ("lead", "other"):
        lead: LeadFeatures = getattr(case, place)
        for name in lead.values:
            yield evolve(case, **{place: evolve(lead, values=_without(lead.values, name))})
        for name in lead.numbers:
            yield evolve(case, **{place: evolve(lead, numbers=_without(lead.numbers, name))})
        for number, one in enumerate(lead.behaviours):
            rest = (*lead.behaviours[:number], *lead.behaviours[number + 1 :])
            yield evolve(case, **{place: evolve(lead, behaviours=rest)})
            if one.count > 1:
                once = evolve(one, count=1)
                yield evolve(case, **{place: evolve(lead, behaviours=(*rest, once))})
        if lead.segment is not None:
            yield evolve(case, **{place: evolve(lead, segment=None)})
