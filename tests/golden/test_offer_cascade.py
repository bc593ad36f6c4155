"""One lead that goes from hand to hand over summer time and Easter, every instant by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from partnerleads import fold, testing
from partnerleads.events import LeadEvent
from partnerleads.model import WorkingHours
from partnerleads.routing import (
    HasCapacity,
    IsActive,
    KeepsRegistration,
    NotExcluded,
    OfferPolicy,
    OfferState,
    Pool,
    Recipient,
    RoundRobin,
    RoutingContext,
    offer_deadline,
    offer_states,
    offer_step,
    routing_context,
)
from partnerleads.testing import at

WEEK = {"mon-fri": "09:00-17:00"}
EASTER = {date(2026, 4, 3), date(2026, 4, 6)}
BERLIN = WorkingHours.parse(WEEK, time_zone="Europe/Berlin", holidays=EASTER)
LONDON = WorkingHours.parse(WEEK, time_zone="Europe/London", holidays=EASTER)
POOL = Pool(
    [
        Recipient(recipient_id=name, capacity=1, hours=LONDON if name == "corp" else BERLIN)
        for name in ("acme", "beta", "corp", "dorn", "eden", "fuji")
    ],
    rules=(IsActive(), HasCapacity(), NotExcluded(), KeepsRegistration()),
)
POLICY = OfferPolicy(within=timedelta(hours=8), in_working_hours=True, fallback="queue")

MESSAGES = """
    2026-03-27 14:00 L1 captured                            # Friday 15:00 in Berlin, winter time
    2026-03-31 08:00 L1 declined by beta reason="no time"   # Tuesday 10:00 in Berlin, summer time
    2026-03-31 16:00 L1 accepted to corp                    # 17:00 in London: the offer is over
    2026-04-01 12:00 L1 registered by eden registration=r1
    2026-04-02 09:00 L1 accepted to eden
    2026-04-02 11:00 L1 registration_withdrawn by eden registration=r1
    2026-04-02 12:00 L1 returned by eden                    # Thursday 14:00 in Berlin
"""

STORY = """
    27 14:00 lead_captured
    27 14:00 lead_routed acme
    27 14:00 lead_offered acme until 30 13:00
    30 13:00 offer_expired acme
    30 13:00 lead_routed beta
    30 13:00 lead_offered beta until 31 13:00
    31 08:00 lead_declined beta
    31 08:00 lead_routed corp
    31 08:00 lead_offered corp until 31 16:00
    31 16:00 offer_expired corp
    31 16:00 lead_routed dorn
    31 16:00 lead_offered dorn until 01 15:00
    01 12:00 deal_registered eden
    01 12:00 offer_withdrawn dorn
    01 12:00 lead_routed eden
    01 12:00 lead_offered eden until 02 12:00
    02 09:00 lead_accepted eden
    02 11:00 registration_withdrawn eden
    02 12:00 lead_returned eden
    02 12:00 lead_routed fuji
    02 12:00 lead_offered fuji until 07 12:00
    07 12:00 offer_expired fuji
    07 12:00 lead_routed
    07 12:00 lead_assigned queue
"""
"""What happens, in UTC.

- acme has 2 working hours on Friday and 6 on Monday, until 15:00, which is 13:00 UTC in summer.
- beta would have had 2 on Monday and 6 on Tuesday, and declines before.
- corp has the whole day in London, 09:00 to 17:00, which is 08:00 to 16:00 UTC.
- dorn is asked at 18:00 of its own clock, and would have had the whole Wednesday until 17:00.
- eden is asked at 14:00 on Wednesday, and would have had 3 hours then and 5 on Thursday.
- fuji has 3 on Thursday and, after Good Friday, the weekend and Easter Monday, 5 on Tuesday.
"""


def words(event: Any) -> str:
    names = ("chosen", "agent_id", "partner_id")
    who = next((" " + name for name in (getattr(event, one, None) for one in names) if name), "")
    ends = getattr(event, "expires_at", None)
    until = "" if ends is None else f" until {ends:%d %H:%M}"
    return f"{event.occurred_at:%d %H:%M} {event.type}{who}{until}"


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


def test_a_lead_from_hand_to_hand_over_summer_time_and_easter() -> None:
    state, context = OfferState("L1"), RoutingContext(as_of=at("2026-03-27"))
    log: list[LeadEvent] = []
    decisions, refused, due = [], [], None
    messages: list[Any] = [*testing.history(MESSAGES)]
    while messages or due is not None:
        first = messages and (due is None or messages[0].occurred_at < due)
        happened = messages.pop(0) if first or due is None else due
        step = offer_step(
            state, happened, pool=POOL, router=RoundRobin(), context=context, policy=POLICY
        )
        state, context, due = step.state, step.context, step.next_action.at
        log += step.events
        decisions += step.decisions
        refused += [] if step.refused is None else [step.refused]

    assert lines(STORY) == [words(event) for event in log]
    assert ["the offer to corp is over: expired at 2026-03-31 16:00 UTC"] == refused
    assert {"queue": 1} == context.load
    assert {0} == {*context.credits.values()}
    assert [False, False, False, False, True, False, False] == [
        bool(one.steered) for one in decisions
    ]
    lives = fold(log, as_of=at("2026-04-07 12:00"))
    assert state == offer_states(lives)["L1"]
    assert 0 == len(lives.problems)
    assert context.load == routing_context(lives, decisions=decisions).load
    assert str(state) == (
        "L1: with queue; asked were acme (expired), beta (declined: no time), corp (expired), "
        "dorn (withdrawn: registration: needed is to act for eden (registration e4)), "
        "eden (returned), fuji (expired)"
    )


def test_the_hour_that_summer_time_skips_is_no_working_hour() -> None:
    night = WorkingHours.parse({"sun": "00:00-08:00"}, time_zone="Europe/Berlin")
    saturday = datetime(2026, 3, 28, 12, tzinfo=UTC)

    def due(hours: int, start: datetime = saturday) -> datetime:
        return offer_deadline(start, within=timedelta(hours=hours), working_hours=night)

    assert at("2026-03-29 00:00") == due(1)
    assert at("2026-03-29 06:00") == due(7)
    assert at("2026-04-04 23:00") == due(8)
    assert at("2026-10-25 07:00") == due(9, at("2026-10-24 12:00"))
