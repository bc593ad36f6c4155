"""What a piece of work asks of the world: the clock, and chance that nobody passed in."""

from __future__ import annotations

import gc
import random
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from types import FrameType
from typing import Any

__all__ = ["Notes", "chance", "chance_asked", "clock", "clocks_asked"]

_SHARED = getattr(random.getstate, "__self__", None)
"""The generator behind the functions of the module ``random``."""

_CLOCKS = frozenset(
    f"{name}{end}"
    for name in ("time", "monotonic", "perf_counter", "process_time", "thread_time")
    for end in ("", "_ns")
) | {"clock_gettime", "clock_gettime_ns", "localtime", "gmtime", "ctime", "asctime", "strftime"}
_MOMENTS = frozenset({"now", "utcnow", "today"})

Look = Callable[[FrameType, str, Any], str | None]


def clocks_asked(work: Callable[[], object]) -> tuple[str, ...]:
    """The clocks that some work reads, whatever it makes of them.

    Args:
        work: What to do; its exceptions are another check's business.
    """
    return _seen(work, clock)


def chance_asked(work: Callable[[], object]) -> tuple[str, ...]:
    """The sources of chance that some work asks and that no seed fixes.

    Args:
        work: What to do; its exceptions are another check's business.
    """
    return _seen(work, chance)


def _seen(work: Callable[[], object], look: Look) -> tuple[str, ...]:
    """What a look at every call finds; calls from C to C are not seen."""
    notes = Notes(look)
    before, collecting = sys.getprofile(), gc.isenabled()
    gc.disable()  # what others hang on to the collector may read clocks
    sys.setprofile(notes)
    try:
        with suppress(Exception):
            work()
    finally:
        sys.setprofile(before)
        if collecting:
            gc.enable()
    return tuple(notes.found)


class Notes:
    """A profiler that keeps what a look at each call finds."""

    def __init__(self, look: Look) -> None:
        self.look = look
        self.found: dict[str, None] = {}

    def __call__(self, frame: FrameType, event: str, called: Any) -> None:
        """Look at one call."""
        told = self.look(frame, event, called)
        if told is not None:
            self.found[told] = None


def clock(_: FrameType, event: str, called: Any) -> str | None:
    """The clock that a call reads; None where it reads none."""
    if event != "c_call":
        return None
    if getattr(called, "__module__", None) == "time" and called.__name__ in _CLOCKS:
        return f"time.{called.__name__}"
    owner = getattr(called, "__self__", None)
    if isinstance(owner, type) and issubclass(owner, date) and called.__name__ in _MOMENTS:
        return f"{owner.__name__}.{called.__name__}"
    return None


def chance(frame: FrameType, event: str, called: Any) -> str | None:
    """The source that a call takes chance from; None where it takes none, or a seed fixes it."""
    if event == "call":
        unseeded = frame.f_code is random.Random.seed.__code__ and frame.f_locals.get("a") is None
        return "a Random without a seed" if unseeded else None
    if event == "c_call" and getattr(called, "__self__", None) is _SHARED is not None:
        return "the shared generator of the module random"
    if event == "c_call" and called.__name__ in {"urandom", "getrandom"}:
        return f"os.{called.__name__}"
    return None
