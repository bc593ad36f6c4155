"""Both engines agree on a log large enough for the backends to split their work.

Traps that no small history springs show here. The figures take turns, so that each backend answers
some of every kind and the rows engine answers each once.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from random import Random
from typing import Any

import attrs
import pytest

from partnerleads import Money, fold, frames
from partnerleads.events import Event, LeadWon, PartnerUpdated
from partnerleads.lifecycle import Lifecycles
from tests import frames_parity as parity
from tests.benchmarks.log import AS_OF, make_log

pytestmark = pytest.mark.no_cover  # the same code as on small logs, on many events

EVENTS = 200_000
TURNS = {"polars": 6, "duckdb": 12, "pandas": 60, "pandas-arrow": 60, "pyarrow": 60}
"""Each backend is asked every so many of all figures, and answers as many as its time allows."""
_TIERS = ("gold", "silver", "bronze")


def soiled(events: list[Event]) -> Iterator[Event]:
    """The log with dates, other precisions, ties, yen and tiers; each lead keeps its sort."""
    chance = Random(7)
    for event in events:
        sort = hash_of(getattr(event, "lead_id", event.event_id)) % 20
        fields: dict[str, Any] = {}
        if sort in (1, 2):
            midnight = event.occurred_at.replace(hour=0, minute=0, second=0)
            fields = {"occurred_at": midnight, "precision": "day"}
        elif sort == 3:
            fields = {"precision": chance.choice(("by", "assumed", "relative", "instant"))}
        elif sort == 4:
            fields = {"occurred_at": event.occurred_at.replace(minute=0, second=0, hour=6)}
        if sort % 5 == 0:
            fields |= {"sequence": chance.randint(0, 2)}
        if sort in (5, 6):
            fields |= {
                name: Money(int(money.amount), "JPY")
                for name in ("value", "expected_value")
                if (money := getattr(event, name, None)) is not None
            }
        if fields.get("occurred_at", event.occurred_at) != event.occurred_at:
            fields["recorded_at"] = event.recorded_at
        yield attrs.evolve(event, **fields) if fields else event
    for number in range(400):
        yield PartnerUpdated(
            event_id=f"tier-{number}",
            partner_id=f"partner-{number % 40:02}",
            occurred_at=events[number * (len(events) // 400)].occurred_at,
            source="crm",
            tier=chance.choice(_TIERS),
            partner_type=chance.choice(("reseller", None)),
        )


def hash_of(text: str) -> int:
    """The same in every run."""
    return sum(ord(letter) * place for place, letter in enumerate(text, start=1))


@cache
def log() -> tuple[Event, ...]:
    return tuple(soiled(make_log(EVENTS, seed=3)))


@cache
def lives() -> Lifecycles:
    return fold(log(), as_of=AS_OF)


@cache
def table() -> Any:
    return frames.events_frame(log())


@cache
def expected(call: int, by: tuple[str, ...]) -> Any:
    return parity.every_call(by=by)[call].answer(lives())


def of_backend(backend: str) -> Any:
    if backend == "pandas":
        yes_no = {"automatic": "boolean", "qualified": "boolean"}
        return table().to_pandas().astype(yes_no)
    if backend == "pandas-arrow":
        return table().to_pandas(use_pyarrow_extension_array=True)
    if backend == "pyarrow":
        return table().to_arrow()
    if backend == "duckdb":
        import duckdb

        connection = duckdb.connect()
        connection.execute("set TimeZone = 'America/New_York'")
        connection.register("events", table().to_arrow())
        return connection.table("events")
    return table()


def apart(backend: str, history: Any, by: tuple[str, ...]) -> list[str]:
    found = []
    for number, call in enumerate(parity.every_call(by=by)):
        if number % TURNS[backend] == 0:
            place = parity.difference(expected(number, by), call.answer(history))
            found += [f"{call.kpi} {dict(call.said)} {place}"] if place else []
    return found


def test_the_log_has_what_it_is_meant_to_have() -> None:
    kinds = {event.precision for event in log()}
    yen = [e for e in log() if isinstance(e, LeadWon) and e.value and e.value.currency == "JPY"]

    assert {"instant", "day", "by", "assumed", "relative"} == kinds
    assert len(yen) > 100
    assert len(lives().problems) > 100


@pytest.mark.parametrize("backend", TURNS)
def test_figures_agree(backend: str) -> None:
    history = frames.history(of_backend(backend), as_of=AS_OF)

    assert [] == apart(backend, history, ("tier", "status"))


def test_every_field_of_every_lifecycle_agrees() -> None:
    history = frames.history(table(), as_of=AS_OF)

    assert parity.lead_fields(lives()) == parity.frame_fields(history)
