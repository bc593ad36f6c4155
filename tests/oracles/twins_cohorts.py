"""Naive twins of the KPIs on cohorts, and on the way that their leads take."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from typing import Any

from partnerleads import events as ev
from tests.oracles.twins import (
    Asked,
    Figure,
    Member,
    Population,
    at_first,
    counts,
    durations,
    first,
    no_time,
    of_kind,
    standing_close,
    standing_win,
    summary,
    time_between,
    won_leads,
)

STAGED = (
    ev.LeadCaptured,
    ev.LeadOffered,
    ev.LeadAccepted,
    ev.LeadReturned,
    ev.LeadAssigned,
    ev.LeadResponded,
    ev.LeadQualified,
    ev.LeadProgressed,
)
DAY = timedelta(days=1)

# --- close rates ----------------------------------------------------------------------------------


def age(event: Any, asked: Asked) -> timedelta:
    if event.precision != "day":
        gap: timedelta = asked.as_of - event.occurred_at
        return gap
    days = [moment.astimezone(asked.zone).date() for moment in (event.occurred_at, asked.as_of)]
    return days[1] - days[0]


def had(event: Any, within: timedelta, asked: Asked) -> bool:
    """Whether the whole time limit is over; of a date the last day, too."""
    return age(event, asked) >= within + (DAY if event.precision == "day" else timedelta(0))


def incidence(spans: list[tuple[timedelta, str]], limit: timedelta) -> float | None:
    """Aalen and Johansen's share of hits, one time after the other."""
    share, left = Fraction(0), Fraction(1)
    known = max((span for span, _ in spans), default=timedelta(-1))
    for moment in sorted({span for span, outcome in spans if outcome != "open"}):
        watched = sum(span >= moment for span, _ in spans)
        ended = sum(span == moment and outcome != "open" for span, outcome in spans)
        hits = sum(one == (moment, "hit") for one in spans)
        if moment <= limit:
            share += left * hits / watched
        left *= 1 - Fraction(ended, watched)
    return None if limit > known and left else float(share)


Ends = list[tuple[timedelta, str]]


def ends_of(members: list[Member], asked: Asked) -> tuple[Ends, list[Member], list[str]]:
    """How long each was followed and how it ended, whose these are, and why others leave."""
    spans: Ends = []
    followed, reasons = [], []
    for member in members:
        start, win = first(member.events, ev.LeadCaptured), standing_win(member.events)
        end = win or standing_close(member.events)
        reason = no_time(start, end)
        if start.precision == "relative":
            reason = "its calendar is invented"
        if reason:
            reasons.append(reason)
            continue
        followed.append(member)
        if end is None:
            spans.append((age(start, asked), "open"))
            continue
        took = time_between(start, end, asked.zone)
        is_hit = win is not None and took >= timedelta(0)
        spans.append((max(took, timedelta(0)), "hit" if is_hit else "other"))
    return spans, followed, reasons


def close_rate(members: list[Member], asked: Asked) -> dict[str, Any]:
    within = asked.options.get("within", 20 * DAY)
    spans, followed, reasons = ends_of(members, asked)
    in_time = [outcome for span, outcome in spans if within is None or span <= within]
    hits = in_time.count("hit")
    ages = [
        within is not None and had(first(member.events, ev.LeadCaptured), within, asked)
        for member in followed
    ]
    return {
        "n": len(spans),
        "of": len(spans),
        "hits": hits,
        "value": hits / len(spans) if spans else None,
        "matured": sum(ages),
        "projection": incidence(spans, within) if spans and within is not None else None,
        "left_out_because": counts(reasons),
    }


# --- time in stage --------------------------------------------------------------------------------


def stage_after(events: tuple[Any, ...]) -> str | None:
    """The stage of an open lead after these events."""
    steps = of_kind(events, *STAGED)
    if standing_close(events) is not None or not steps:
        return None
    name: str = steps[-1].type.removeprefix("lead_")
    return name


def visits(events: tuple[Any, ...], stage: str) -> list[tuple[Any, Any]]:
    """From which event to which the lead stood in a stage."""
    found: list[tuple[Any, Any]] = []
    before = None
    for place, event in enumerate(events):
        now = stage_after(events[: place + 1])
        if now == stage != before:
            found.append((event, None))
        elif before == stage != now:
            found[-1] = (found[-1][0], event)
        before = now
    return found


def stayers(events: tuple[Any, ...], asked: Asked) -> list[Member]:
    found = visits(events, asked.options.get("stage", "accepted"))
    captured = first(events, ev.LeadCaptured)
    return [Member(events=events, anchor=captured, own={"visits": found})] if found else []


def stays(members: list[Member], asked: Asked) -> dict[str, Any]:
    times, reasons = [], []
    censored = 0
    for member in members:
        counted = member.own["visits"]
        if asked.options.get("visits") != "cumulative":
            counted = counted[-1:]
        unclear = [reason for ends in counted if (reason := no_time(*ends))]
        lengths = [time_between(*ends, asked.zone) for ends in counted if None not in ends]
        if unclear:
            reasons.append(unclear[0])
        elif counted[-1][1] is None:
            censored += 1
        elif min(lengths) < timedelta(0):
            reasons.append("its end comes before its start")
        else:
            times.append(sum(lengths, timedelta(0)) / DAY)
    return summary(times) | {
        "censored": censored,
        "closed_without": 0,
        "left_out_because": counts(reasons),
    }


# --- won velocity ---------------------------------------------------------------------------------


def win_of(member: Member, asked: Asked) -> Any:
    if asked.options.get("win") == "first":
        return first(member.events, ev.LeadWon)
    return standing_win(member.events)


def _velocity(asked: Asked) -> tuple[Population, Figure]:
    by_capture = asked.options.get("counting") == "captured"
    population = at_first(ev.LeadCaptured) if by_capture else won_leads
    return population, durations(
        lambda member, _: first(member.events, ev.LeadCaptured), win_of, DAY
    )


TWINS: dict[str, Callable[[Asked], tuple[Population, Figure]]] = {
    "cohort_close_rate": lambda _: (at_first(ev.LeadCaptured), close_rate),
    "time_in_stage": lambda _: (stayers, stays),
    "won_velocity": _velocity,
}
