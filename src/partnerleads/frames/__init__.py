"""Data frames of events: the same figures, worked out by the frame's own engine.

Needs the extra ``frames``; nothing of it is loaded before it is asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from partnerleads.codecs.flat_columns import FLAT_COLUMNS
    from partnerleads.frames.flat.events import events_frame, events_of
    from partnerleads.frames.frame_history import FrameHistory, history
    from partnerleads.frames.result_frames import to_frame
    from partnerleads.frames.schema import check_events_frame

__all__ = [
    # figures
    "history",
    "FrameHistory",
    # events
    "events_frame",
    "events_of",
    "check_events_frame",
    "FLAT_COLUMNS",
    # results
    "to_frame",
]

_HOMES = {
    "history": "frames.frame_history",
    "FrameHistory": "frames.frame_history",
    "events_frame": "frames.flat.events",
    "events_of": "frames.flat.events",
    "check_events_frame": "frames.schema",
    "FLAT_COLUMNS": "codecs.flat_columns",
    "to_frame": "frames.result_frames",
}


if not TYPE_CHECKING:  # a type checker that saw it would take every misspelt name for real

    def __getattr__(name: str) -> object:
        if name not in _HOMES:
            message = f"module 'partnerleads.frames' has no attribute {name!r}"
            raise AttributeError(message, name=name)
        if name in ("history", "FrameHistory"):
            from partnerleads.frames.flat.native import narwhals  # noqa: PLC0415 - only if asked

            narwhals()
        return getattr(import_module(f"partnerleads.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
