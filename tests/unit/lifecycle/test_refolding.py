"""The fold of another moment of knowledge, made of one that is there."""

from __future__ import annotations

from partnerleads import fold
from partnerleads.attribution import AttributionPolicy
from partnerleads.events.learned import learned_between
from partnerleads.lifecycle.refolding import refold
from partnerleads.testing import at, history

EVENTS = history("""
    2026-01-02 L1 captured id=c
    2026-01-05 L1 won id=w
    2026-01-05 L9 won id=w
    2026-01-05 L1 won id=w recorded=2026-01-09
""")


def test_a_conflict_of_versions_is_also_found_of_a_lead_that_no_event_is_left_of() -> None:
    then, as_of = at("2026-01-06"), at("2026-02-01")
    lives = fold(EVENTS, as_of=as_of)
    assert {"L1": 1, "L9": 1} == lives.troubled  # it was asked, so the other takes over from it

    changed = learned_between(EVENTS, then, None)
    made = refold(lives, changed, known_at=then, policy=AttributionPolicy())
    whole = fold(EVENTS, as_of=as_of, known_at=then)

    assert whole == made
    assert "L9" not in made
    assert {"L1": 1, "L9": 1} == whole.troubled == made.troubled
