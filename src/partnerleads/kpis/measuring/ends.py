"""When and how the members of a population ended."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta, tzinfo

from partnerleads.events import LeadFact
from partnerleads.kpis.measuring.elapsed import (
    INVENTED,
    NO_START,
    age,
    comparable,
    elapsed,
    is_over,
)
from partnerleads.kpis.measuring.measure import EndsOf
from partnerleads.kpis.measuring.members import Members
from partnerleads.kpis.measuring.tally import Ended, Outcome, Tally

__all__ = ["ends_of"]

_MICROSECOND, _ZERO = timedelta(microseconds=1), timedelta(0)


def ends_of(form: EndsOf, members: Members, zone: tzinfo) -> Tally:
    """How long each member was followed, and how it ended.

    A hit before the start is an end that is no hit, at the start. Members whose start or end is
    known only vaguely, or on an invented calendar, leave.

    Args:
        form: Which start and ends.
        members: The population.
        zone: Zone in which dates are compared.
    """
    left_out: Counter[str] = Counter()
    spans: Counter[tuple[int, Outcome]] = Counter()
    hits = matured = 0
    columns = map(members.column, (form.start, form.hit, form.end))
    for start, hit, end in zip(*columns, strict=True):
        reason = _unclear(start, hit or end)
        if reason:
            left_out[reason] += 1
            continue
        span, outcome = _end(start, hit, end, zone)
        followed = age(start, members.as_of, zone)
        spans[(span if outcome != "open" else followed) // _MICROSECOND, outcome] += 1
        in_time = form.within is None or span <= form.within
        hits += outcome == "hit" and in_time
        matured += form.within is None or is_over(start, form.within, members.as_of, zone)
    n = spans.total()
    return Tally(
        n=n,
        numbers=Ended(dict(spans), hits, matured),
        left_out=dict(left_out),
        seen={"immature": n - matured},
    )


def _unclear(start: LeadFact | None, end: LeadFact | None) -> str:
    """Why the time means nothing; empty where it means something."""
    if start is None:
        return NO_START
    return INVENTED if start.precision == "relative" else comparable(start, end)


def _end(
    start: LeadFact, hit: LeadFact | None, end: LeadFact | None, zone: tzinfo
) -> tuple[timedelta, Outcome]:
    """How long it took, and what it was."""
    if hit is not None and (took := elapsed(start, hit, zone)) >= _ZERO:
        return took, "hit"
    last = hit or end
    if last is None:
        return _ZERO, "open"
    return max(elapsed(start, last, zone), _ZERO), "other"
