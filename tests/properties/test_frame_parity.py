"""The frames engine gives the figures of the rows engine, on dirty histories, whatever is asked.

Many calls for each history, since building one takes longer than any figure.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import narwhals.stable.v2 as nw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partnerleads import fold, frames
from partnerleads.attribution import AttributionPolicy
from partnerleads.events import Event
from partnerleads.frames.engines import rows
from partnerleads.frames.ordering import moment_of
from partnerleads.frames.zones import micros_of
from partnerleads.lifecycle import Lifecycles
from partnerleads.lifecycle.registrations import registrations_of
from partnerleads.lifecycle.spells import spells_of
from partnerleads.testing import strategies
from tests import frames_parity as parity
from tests.properties import kpi_cases as cases

EXAMPLES = settings().max_examples // 3
"""By the profile; each history is asked a dozen questions."""

BACKENDS = {"polars": EXAMPLES, "duckdb": max(EXAMPLES // 10, 3)}
"""How many histories each engine is given; one small query costs DuckDB ten times as much."""

histories = strategies.histories(max_leads=6, currencies=("EUR", "USD", "JPY")).map(
    # no row may hold an empty id
    lambda events: [event for event in events if getattr(event, "decision_id", None) != ""]
)

Looked = tuple[Lifecycles, frames.FrameHistory]


@st.composite
def looked(draw: st.DrawFn, backend: str) -> Looked:
    """One history as of a moment, in both engines."""
    events: list[Event] = draw(histories)
    as_of: datetime = draw(cases.moments)
    known_at: datetime | None = draw(st.none() | cases.moments)
    policy: AttributionPolicy = draw(parity.policies)
    lives = fold(events, as_of=as_of, known_at=known_at, policy=policy)
    frame = frames.events_frame(events, backend=backend)
    return lives, frames.history(frame, as_of=as_of, known_at=known_at, policy=policy)


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_frames_engine_says_what_the_rows_engine_says(backend: str) -> None:
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]

    @settings(max_examples=BACKENDS[backend], suppress_health_check=slow)
    @given(looked(backend), st.lists(parity.calls(), min_size=12, max_size=12))
    def agree(both: Looked, calls: list[parity.Call]) -> None:
        lives, history = both

        assert [] == parity.differences(calls, lives, history)
        assert parity.lead_fields(lives) == parity.frame_fields(history)
        assert _spells(lives) == _spells_on(history)
        assert _registrations(lives) == _registrations_on(history)
        assert lives.costs == history.costs
        assert _problems(lives) == _problems_on(history)

    agree()


def _spells(lives: Lifecycles) -> list[tuple[Any, ...]]:
    found = [
        (
            lead_id,
            micros_of(spell.taken.occurred_at),
            None if spell.converted is None else micros_of(spell.converted.occurred_at),
        )
        for lead_id, lead in lives.items()
        for spell in spells_of(lead.events)
    ]
    return sorted(found, key=repr)


def _spells_on(history: frames.FrameHistory) -> list[tuple[Any, ...]]:
    found = [
        (row["lead_id"], row["accepted_at"], row["converted_at"])
        for row in rows(history.story.spells)
    ]
    return sorted(found, key=repr)


def _registrations(lives: Lifecycles) -> list[tuple[Any, ...]]:
    def at(event: Any) -> int | None:
        return None if event is None else micros_of(event.occurred_at)

    found = [
        (
            lead_id,
            *map(at, (one.registered, one.approved, one.rejected, one.withdrawn)),
            one.conflicted,
        )
        for lead_id, lead in lives.items()
        for one in registrations_of(lead.events, policy=lives.policy)
    ]
    return sorted(found, key=repr)


def _registrations_on(history: frames.FrameHistory) -> list[tuple[Any, ...]]:
    names = ("registered", "approved", "rejected", "withdrawn")
    keys = {name: moment_of(nw.col(f"{name}_key")) for name in names}
    found = rows(history.story.registrations.select("lead_id", "conflicted", **keys))
    told = [(row["lead_id"], *(row[name] for name in names), row["conflicted"]) for row in found]
    return sorted(told, key=repr)


def _problems(lives: Lifecycles) -> dict[str, int]:
    return {lead_id: n for lead_id, n in lives.troubled.items() if lead_id in lives}


def _problems_on(history: frames.FrameHistory) -> dict[str, int]:
    return {row["lead_id"]: row["troubles"] for row in rows(history.story.troubled)}
