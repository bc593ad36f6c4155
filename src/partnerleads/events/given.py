"""Events as they are given, told apart from what is easily mistaken for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from partnerleads.errors import OptionError
from partnerleads.events.fact import Fact
from partnerleads.events.order import Event

__all__ = ["given_events"]

_INSTEAD = "pass events, or their lifecycles fold(events, as_of=...)"


def given_events(given: Any, *, name: str = "history", instead: str = _INSTEAD) -> Sequence[Event]:
    """The events of a history, which are read once.

    Args:
        given: What was passed as a history.
        name: The argument that it was passed as.
        instead: What to pass where these are no events.

    Raises:
        OptionError: When they are none, such as rows, a mapping, a frame or the name of a file.

    >>> given_events([{"lead_id": "L1"}])
    Traceback (most recent call last):
    ...
    partnerleads.errors.OptionError: history='list of dict': pass events, or their lifecycles ...
    """
    kind = type(given).__name__
    if isinstance(given, str):
        reason = "is a text; read the file with codecs, and pass its events"
        raise OptionError(name, given, reason)
    if hasattr(given, "columns") or isinstance(given, Mapping):
        raise OptionError(name, kind, instead)
    if not isinstance(given, Iterable):
        of_a_moment = "pass the lifecycles as of a moment, its .at(as_of)"
        raise OptionError(name, kind, of_a_moment if hasattr(given, "at") else instead)
    known: Sequence[Event] = given if isinstance(given, list | tuple) else list(given)
    strange = [each.__name__ for each in set(map(type, known)) if not issubclass(each, Fact)]
    if strange:
        raise OptionError(name, f"{kind} of {min(strange)}", instead)
    return known
