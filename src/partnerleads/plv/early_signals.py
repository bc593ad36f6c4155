"""What a partner did in its first days, as it was known by their end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from attrs import frozen

from partnerleads.events import (
    CertificationEarned,
    DealRegistered,
    Fact,
    LeadAccepted,
    PartnerOnboarded,
    TrainingCompleted,
)
from partnerleads.lifecycle import LeadLifecycle, Lifecycles
from partnerleads.model import PartnerId

__all__ = ["SIGNALS", "EarlySignals", "signals_of", "signals_of_all"]

Signal: TypeAlias = Literal["training", "certifications", "registration", "lead"]

SIGNALS: tuple[Signal, ...] = ("training", "certifications", "registration", "lead")
"""The early signals, in the order in which they are shown."""

_KNOWN = ("instant", "day")
_DAY = timedelta(days=1)


@frozen(kw_only=True)
class EarlySignals:
    """The first days of one partner.

    Attributes:
        partner_id: The partner.
        onboarded_at: When it joined; None where that is not on record, or not known exactly.
            [aware datetime]
        until: End of what was looked at: the end of the first days, or the moment before it.
            [aware datetime]
        training: Until its first training; None where there was none. [days]
        certifications: Different ones that it earned. [count]
        registration: Until it first registered a deal; None where it did not. [days]
        lead: Until the first lead that it brought or accepted; None where there was none. Of
            registrations and acceptances those of leads never captured count too. [days]
        late: Events of these days that were recorded after them, and so are not looked at. [count]
        vague: Events whose time is not known exactly, and so are not looked at. [count]
    """

    partner_id: PartnerId
    onboarded_at: datetime | None = None
    until: datetime | None = None
    training: float | None = None
    certifications: int = 0
    registration: float | None = None
    lead: float | None = None
    late: int = 0
    vague: int = 0

    @property
    def watched(self) -> timedelta:
        """How long it was looked at."""
        if self.onboarded_at is None or self.until is None:
            return timedelta(0)
        return self.until - self.onboarded_at


def signals_of_all(lives: Lifecycles, window: timedelta) -> dict[PartnerId, EarlySignals]:
    """The early signals of every partner with events of its own, by id.

    Args:
        lives: The lifecycles.
        window: Length of the first days.
    """
    acts = _acts(lives.in_order)
    return {
        name: signals_of(name, events, acts.get(name, ()), window=window, as_of=lives.as_of)
        for name, events in sorted(lives.partner_events.items())
    }


def _acts(leads: Sequence[LeadLifecycle]) -> Mapping[PartnerId, list[tuple[Signal, Fact]]]:
    """What partners registered, brought and accepted."""
    found: dict[PartnerId, list[tuple[Signal, Fact]]] = defaultdict(list)
    for lead in leads:
        captured = lead.captured
        if captured is not None and captured.originator is not None:
            found[captured.originator].append(("lead", captured))
        if DealRegistered.rank in lead.shape or LeadAccepted.rank in lead.shape:
            for event in lead.events:
                if isinstance(event, DealRegistered):
                    found[event.partner_id].append(("registration", event))
                elif isinstance(event, LeadAccepted) and event.partner_id is not None:
                    found[event.partner_id].append(("lead", event))
    return found


def signals_of(
    partner_id: PartnerId,
    events: Sequence[Fact],
    acts: Sequence[tuple[Signal, Fact]],
    *,
    window: timedelta,
    as_of: datetime,
) -> EarlySignals:
    """The early signals of one partner.

    Only what occurred and was recorded by the end of the first days counts, so that nothing that
    happened or became known later can tell on it. What was done before the onboarding counts as
    done on its day.

    Args:
        partner_id: The partner.
        events: Its own events, settled and in order.
        acts: Events of leads in which it registered them, brought or accepted them.
        window: Length of the first days.
        as_of: The moment. [aware datetime]
    """
    joined = next((one for one in events if isinstance(one, PartnerOnboarded)), None)
    if joined is None or joined.precision not in _KNOWN:
        return EarlySignals(partner_id=partner_id)
    start = joined.occurred_at
    until = min(start + window, as_of)
    days: dict[Signal, list[float]] = defaultdict(list)
    names: set[str] = set()
    late = vague = 0
    for signal, event in (*_own(events), *acts):
        if event.occurred_at > until:
            continue
        exact = event.precision in _KNOWN
        vague += not exact
        late += exact and event.recorded_at > until
        if exact and event.recorded_at <= until:
            days[signal].append(max(0.0, (event.occurred_at - start) / _DAY))
            if isinstance(event, CertificationEarned):
                names.add(event.certification)
    return EarlySignals(
        partner_id=partner_id,
        onboarded_at=start,
        until=until,
        training=min(days["training"], default=None),
        certifications=len(names),
        registration=min(days["registration"], default=None),
        lead=min(days["lead"], default=None),
        late=late,
        vague=vague,
    )


def _own(events: Sequence[Fact]) -> Iterator[tuple[Signal, Fact]]:
    """What the partner did for itself."""
    for event in events:
        if isinstance(event, TrainingCompleted):
            yield "training", event
        elif isinstance(event, CertificationEarned):
            yield "certifications", event
