"""The class of a lead as it was some time after its capture."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import timedelta
from operator import attrgetter

from partnerleads.attribution import AttributionClass
from partnerleads.attribution.crediting import credits_of
from partnerleads.attribution.influences import INFLUENCING
from partnerleads.events import LeadCaptured, LeadEvent
from partnerleads.lifecycle import Moment
from partnerleads.lifecycle.compiled import milestone_search

__all__ = ["class_at"]

_occurred_at = attrgetter("occurred_at")
_rank = attrgetter("rank")


def class_at(
    events: Sequence[LeadEvent], captured: LeadCaptured | None, moment: Moment, span: timedelta
) -> AttributionClass | None:
    """The class that a lead had some time after its capture; None where it was not open then.

    What was known by the moment looked from is cut at that time, and so are claims, contacts and
    influences recorded later, unless the policy counts from occurrence.

    Args:
        events: The lead's events, settled and in order.
        captured: Its first capture; one whose time is vague or invented dates no look.
        moment: What the history was looked from.
        span: How long after the capture.
    """
    if captured is None or captured.precision not in ("instant", "day"):
        return None
    if moment.as_of - captured.occurred_at < span:
        return None
    then = captured.occurred_at + span
    told = events[: bisect_right(events, then, key=_occurred_at)]
    shape = bytes(map(_rank, told))
    if milestone_search("closed")(told, shape) is not None:
        return None
    if moment.policy.times == "recorded":
        told = [event for event in told if event.recorded_at <= then or not INFLUENCING[event.rank]]
        shape = bytes(map(_rank, told))
    story = (told, shape, captured, None)
    [(found, _)] = credits_of([story], policy=moment.policy, as_of=then)
    return found
