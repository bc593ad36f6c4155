"""Worlds in which influence has no effect at all, and what a comparison makes of them.

Losses come early and wins late, so leads that lasted until a partner took part are won more often,
whatever the partner did.
"""

from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from math import sqrt
from random import Random
from statistics import fmean

from partnerleads import events as ev
from partnerleads import fold, kpis
from partnerleads.kpis import Lift
from partnerleads.testing import at

START = at("2025-01-01")
DAY = timedelta(days=1)
LEADS, WORLDS = 250, 240


def no_effect(seed: int) -> Iterator[ev.Event]:
    """Leads whose end and whose influence come independently of each other."""
    random = Random(seed)
    for number in range(LEADS):
        captured = random.uniform(0, 30)
        won = random.random() < 0.35
        closed = captured + random.expovariate(1 / (80 if won else 42))
        influenced = captured + random.expovariate(1 / 45)
        story: list[tuple[type[ev.Event], float, dict[str, str]]] = [
            (ev.LeadCaptured, captured, {}),
            (ev.LeadWon if won else ev.LeadLost, closed, {}),
        ]
        if influenced < closed:
            story.append((ev.PartnerInfluenced, influenced, {"partner_id": "acme"}))
        for kind, day, said in story:
            moment = START + day * DAY
            yield kind(
                lead_id=f"L{number}",
                event_id=f"{kind.__name__}-{number}",
                source="world",
                occurred_at=moment,
                recorded_at=moment,
                **said,
            )


@cache
def lifts() -> tuple[tuple[Lift, Lift], ...]:
    """The raw lift and the landmarked one in each world."""
    found = []
    for seed in range(WORLDS):
        lives = fold(no_effect(seed), as_of=START + 800 * DAY)
        raw, fixed = (
            kpis.win_rate_lift(lives, of="influenced", within=365 * DAY, landmark=landmark)
            for landmark in (None, 30 * DAY)
        )
        found.append((raw, fixed))
    return tuple(found)


def test_the_raw_lift_of_influence_that_does_nothing_is_about_a_half() -> None:
    values = [raw.value for raw, _ in lifts() if raw.value is not None]

    assert WORLDS == len(values)
    assert 0.4 < fmean(values) < 0.65


def test_the_raw_lift_is_never_shown_without_its_warning() -> None:
    shown = [str(raw) for raw, _ in lifts()]

    assert all("with no true effect a raw lift can reach +57 %" in one for one in shown)
    assert {("survivors",)} == {tuple(one.code for one in raw.warnings) for raw, _ in lifts()}


def test_the_landmarked_lift_covers_zero_at_its_stated_rate() -> None:
    covered = 0
    for _, fixed in lifts():
        assert fixed.interval is not None
        covered += fixed.interval[0] <= 0 <= fixed.interval[1]
    slack = 3 * sqrt(0.95 * 0.05 / WORLDS)

    assert 0.95 - slack <= covered / WORLDS <= 0.95 + slack
    assert {()} == {fixed.warnings for _, fixed in lifts()}


def test_the_landmarked_lift_is_about_zero() -> None:
    values = [fixed.value for _, fixed in lifts() if fixed.value is not None]

    assert WORLDS == len(values)
    assert abs(fmean(values)) < 0.05
