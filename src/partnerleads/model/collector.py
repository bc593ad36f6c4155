"""Rest for the garbage collector while many small objects are made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["resting_collector"]


@contextmanager
def resting_collector() -> Iterator[None]:
    """Keep the collector from walking all objects again and again while none can be garbage.

    It goes on afterwards where it was on before. The switch is the whole process's, so other
    threads make no collections either while it is off. What was made meanwhile counts as old at
    once; otherwise the next collection would walk all of it, and everything it names, for nothing.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        if not gc.get_freeze_count():  # what somebody froze stays frozen
            gc.freeze()
            gc.unfreeze()
        gc.enable()
