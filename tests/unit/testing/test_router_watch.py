"""What a router asks of the world is noticed, whatever it makes of it."""

from __future__ import annotations

import gc
import os
import random
import secrets
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from partnerleads.testing.router_watch import Notes, chance, chance_asked, clock, clocks_asked

SHARED = "the shared generator of the module random"


def raising() -> None:
    time.time()  # noqa: TID251 - what is looked for
    raise ValueError


@pytest.mark.parametrize(
    ("work", "names"),
    [
        (lambda: time.time(), ("time.time",)),  # noqa: TID251, PLW0108 - what is looked for
        (lambda: time.monotonic_ns(), ("time.monotonic_ns",)),  # noqa: PLW0108 - the same
        (lambda: datetime.now(UTC), ("datetime.now",)),  # noqa: TID251 - the same
        (lambda: date.today(), ("date.today",)),  # noqa: TID251, DTZ011, PLW0108 - the same
        (lambda: datetime(2026, 3, 4, tzinfo=UTC).isoformat(), ()),
        (raising, ("time.time",)),
    ],
)
def test_a_clock_is_noticed(work: Callable[[], object], names: tuple[str, ...]) -> None:
    assert names == clocks_asked(work)


@pytest.mark.parametrize(
    ("work", "names"),
    [
        (lambda: random.random(), (SHARED,)),  # noqa: TID251, PLW0108 - what is looked for
        (lambda: random.sample(range(9), 2), (SHARED,)),
        (lambda: secrets.token_hex(4), ("os.urandom",)),
        (lambda: random.Random("a lead").random(), ()),
        (lambda: random.Random().random(), ("a Random without a seed",)),
    ],
)
def test_chance_that_no_seed_fixes_is_noticed(
    work: Callable[[], object], names: tuple[str, ...]
) -> None:
    assert names == chance_asked(work)


@pytest.mark.parametrize(
    ("event", "called", "name"),
    [
        ("c_call", time.perf_counter, "time.perf_counter"),
        ("c_call", datetime.now, "datetime.now"),  # noqa: TID251 - what is looked for
        ("c_call", len, None),
        ("return", None, None),
    ],
)
def test_a_look_at_a_call_tells_the_clock(event: str, called: Any, name: str | None) -> None:
    assert name == clock(sys._getframe(), event, called)


@pytest.mark.parametrize(
    ("event", "called", "name"),
    [
        ("c_call", random.getrandbits, SHARED),
        ("c_call", os.urandom, "os.urandom"),
        ("c_call", len, None),
        ("call", None, None),
        ("return", None, None),
    ],
)
def test_a_look_at_a_call_tells_the_chance(event: str, called: Any, name: str | None) -> None:
    assert name == chance(sys._getframe(), event, called)


def test_what_is_found_is_noted_once() -> None:
    notes = Notes(clock)
    for called in (time.perf_counter, len, time.perf_counter):
        notes(sys._getframe(), "c_call", called)

    assert ["time.perf_counter"] == list(notes.found)


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        clocks_asked(list)
        after = gc.isenabled()
    finally:
        gc.enable()

    assert not after
