"""The dirt of the synthetic programme: what real exports get wrong, each put on a few leads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

import attrs
from attrs import frozen

from partnerleads import events as e
from partnerleads.datasets.lead_stories import LeadTruth
from partnerleads.datasets.market import FIRST_DAY, SAMPLE_AS_OF, SOURCE, later

__all__ = ["soil"]

Events = list[e.Event]


@frozen(kw_only=True)
class Sort:
    """One sort of dirt.

    Attributes:
        per_thousand: Leads of a thousand that get it; at least one lead does.
        fits: Whether a lead can get it, so that its truth stays what it is.
        put: What is done to the events of the lead.
    """

    per_thousand: float
    fits: Callable[[LeadTruth, Events], bool]
    put: Callable[[Events], Events]


def soil(
    chance: Random, by_lead: dict[str, Events], truths: dict[str, LeadTruth]
) -> dict[str, tuple[str, ...]]:
    """Put dirt on some leads, one sort on each; changes both arguments.

    Returns:
        The leads of each sort.
    """
    clean = sorted(truths)
    dirty: dict[str, tuple[str, ...]] = {}
    for name, sort in _SORTS.items():
        fitting = [i for i in clean if _old(by_lead[i]) and sort.fits(truths[i], by_lead[i])]
        wanted = max(1, round(sort.per_thousand * len(truths) / 1000))
        chosen = sorted(chance.sample(fitting, min(wanted, len(fitting))))
        for lead_id in chosen:
            by_lead[lead_id] = sort.put(by_lead[lead_id])
            truths[lead_id] = attrs.evolve(truths[lead_id], dirt=(name,))
            clean.remove(lead_id)
        dirty[name] = tuple(chosen)
    ghosts = tuple(f"ghost-{n}" for n in range(1, 1 + max(1, len(truths) // 700)))
    for ghost in ghosts:
        by_lead[ghost] = _never_captured(chance, ghost)
    return {**dirty, "never captured": ghosts}


def _never_captured(chance: Random, lead_id: str) -> Events:
    moment = later(chance, FIRST_DAY, chance.uniform(100, 600))
    ghost: dict[str, Any] = {"lead_id": lead_id, "source": SOURCE}
    return [
        e.LeadProgressed(event_id=f"{lead_id}-1", occurred_at=moment, stage="proposal", **ghost),
        e.LeadLost(event_id=f"{lead_id}-2", occurred_at=later(chance, moment, 20), **ghost),
    ]


def _captured(events: Events) -> e.LeadCaptured:
    return next(event for event in events if isinstance(event, e.LeadCaptured))


def _old(events: Events) -> bool:
    """Whether the dirt has time to be recorded before the sample ends."""
    return max(event.recorded_at for event in events) < SAMPLE_AS_OF - timedelta(days=30)


def _has(events: Events, kind: type[e.LeadEvent]) -> bool:
    return any(isinstance(event, kind) for event in events)


def _changed(events: Events, kind: type[e.LeadEvent], **changes: Any) -> Events:
    """The events with other fields in those of one kind."""
    return [attrs.evolve(x, **changes) if isinstance(x, kind) else x for x in events]


def _added(events: Events, kind: Callable[..., e.Event], **fields: Any) -> Events:
    """The events and one more, with an id that shows that it was put there."""
    lead_id = _captured(events).lead_id
    return [*events, kind(event_id=f"{lead_id}-x", source=SOURCE, lead_id=lead_id, **fields)]


def _days_after_capture(events: Events, days: int) -> datetime:
    return _captured(events).occurred_at + timedelta(days=days)


def _won_before_captured(events: Events) -> Events:
    return _changed(events, e.LeadWon, occurred_at=_days_after_capture(events, -3))


def _accepted_without_offer(events: Events) -> Events:
    return [event for event in events if not isinstance(event, e.LeadOffered)]


def _backdated_claim(events: Events) -> Events:
    return _added(
        events,
        e.DealRegistered,
        occurred_at=_days_after_capture(events, -5),
        recorded_at=_days_after_capture(events, 20),
        partner_id="partner-05",
        registration_id="backdated",
    )


def _backdated_contact(events: Events) -> Events:
    return _added(
        events,
        e.ContactMade,
        occurred_at=_days_after_capture(events, -6),
        recorded_at=_days_after_capture(events, 15),
        by="own_team",
    )


def _duplicates(events: Events) -> Events:
    return [*events, *events[:2]]


def _revision(events: Events) -> Events:
    last = next(event for event in reversed(events) if isinstance(event, e.LeadProgressed))
    later = last.recorded_at + timedelta(days=2)
    return [*events, attrs.evolve(last, feedback="corrected", recorded_at=later)]


def _conflict(events: Events) -> Events:
    last = next(event for event in reversed(events) if isinstance(event, e.LeadProgressed))
    return [*events, attrs.evolve(last, feedback="entered twice")]


def _retraction(events: Events) -> Events:
    moment = _days_after_capture(events, 3)
    wrong = _added(events, e.LeadLost, occurred_at=moment, reason="wrong lead")
    return [
        *wrong,
        e.EventRetracted(
            event_id=f"{wrong[-1].event_id}-r",
            occurred_at=moment + timedelta(days=1),
            source=SOURCE,
            retracts=wrong[-1].event_id,
            reason="wrong lead",
        ),
    ]


def _dates_only(events: Events) -> Events:
    return [
        attrs.evolve(
            event, occurred_at=event.occurred_at.replace(hour=0, minute=0), precision="day"
        )
        for event in events
    ]


def _negative_money(events: Events) -> Events:
    return [
        attrs.evolve(event, value=-event.value)
        if isinstance(event, e.LeadWon) and event.value is not None
        else event
        for event in events
    ]


def _ties(events: Events) -> Events:
    moment = _captured(events).occurred_at
    return _changed(events, e.ContactMade, occurred_at=moment, recorded_at=moment)


def _captured_twice(events: Events) -> Events:
    again = _days_after_capture(events, 2)
    copy = attrs.evolve(_captured(events), occurred_at=again, recorded_at=again, originator=None)
    return [*events, attrs.evolve(copy, event_id=f"{copy.lead_id}-x")]


def _worked_after_loss(events: Events) -> Events:
    lost_at = max(event.occurred_at for event in events if isinstance(event, e.LeadLost))
    moment = lost_at + timedelta(days=5)
    return _added(events, e.LeadProgressed, occurred_at=moment, stage="discovery")


def _own(truth: LeadTruth, events: Events) -> bool:
    return truth.scenario == "own" and not _has(events, e.LeadReopened)


def _progressed(_: LeadTruth, events: Events) -> bool:
    return _has(events, e.LeadProgressed)


def _won_once(truth: LeadTruth, events: Events) -> bool:
    return _own(truth, events) and truth.outcome == "won"


_SORTS: dict[str, Sort] = {
    "won before captured": Sort(per_thousand=2, fits=_won_once, put=_won_before_captured),
    "negative money": Sort(per_thousand=1.5, fits=_won_once, put=_negative_money),
    "accepted without offer": Sort(
        per_thousand=3, fits=lambda t, _: t.scenario == "routed", put=_accepted_without_offer
    ),
    "backdated claim": Sort(per_thousand=3, fits=_own, put=_backdated_claim),
    "backdated contact": Sort(
        per_thousand=3, fits=lambda t, _: t.scenario == "referral", put=_backdated_contact
    ),
    "worked after loss": Sort(
        per_thousand=2,
        fits=lambda t, ev: t.outcome == "lost" and not _has(ev, e.LeadReopened),
        put=_worked_after_loss,
    ),
    "duplicates": Sort(per_thousand=5, fits=lambda *_: True, put=_duplicates),
    "revision": Sort(per_thousand=4, fits=_progressed, put=_revision),
    "conflict": Sort(per_thousand=1.5, fits=_progressed, put=_conflict),
    "retraction": Sort(per_thousand=3, fits=_own, put=_retraction),
    "dates only": Sort(per_thousand=5, fits=_own, put=_dates_only),
    "ties": Sort(per_thousand=4, fits=_own, put=_ties),
    "captured twice": Sort(per_thousand=1, fits=lambda *_: True, put=_captured_twice),
}
