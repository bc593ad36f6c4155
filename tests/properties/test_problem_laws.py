"""The problems of a whole log are those that looking at every lead by every rule gives."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from partnerleads.events import (
    KINDS,
    ContactMade,
    DealRefunded,
    DealRegistered,
    Event,
    LeadAccepted,
    LeadCaptured,
    LeadDeclined,
    LeadFact,
    LeadLost,
    LeadOffered,
    LeadProgressed,
    LeadReopened,
    LeadReturned,
    LeadUpdated,
    LeadWon,
    OfferWithdrawn,
    RegistrationApproved,
)
from partnerleads.lifecycle import LEAD_RULES, Lifecycles, fold
from partnerleads.lifecycle.kind_columns import KindColumns
from partnerleads.lifecycle.problem_rules import problems_of
from partnerleads.lifecycle.problem_suspects import problems_among
from partnerleads.model import Lead, Money, Problem
from partnerleads.testing import at
from partnerleads.testing.strategies import histories

History = tuple[Event, ...]

START = at("2026-01-01")
END = at("2027-06-01")
HALF_DAY = timedelta(hours=12)

RECIPIENTS = st.fixed_dictionaries(
    {
        "partner_id": st.sampled_from(("acme", "beta")),
        "agent_id": st.sampled_from((None, "ann")),
        "offer_id": st.sampled_from((None, None, "o1", "o2")),
    }
)
CLAIMS = st.fixed_dictionaries(
    {
        "partner_id": st.sampled_from(("acme", "beta")),
        "registration_id": st.sampled_from((None, "r")),
    }
)
AMOUNTS = st.none() | st.sampled_from((-1, 0, 5)).map(lambda euros: Money(euros, "EUR"))
EXPECTED = st.fixed_dictionaries({"expected_value": AMOUNTS})
VALUES = st.fixed_dictionaries({"value": AMOUNTS})
NOTHING = st.just({})

STEPS = (
    *((kind, EXPECTED) for kind in (LeadCaptured, LeadCaptured, LeadProgressed)),
    *((kind, RECIPIENTS) for kind in (LeadOffered, LeadOffered, LeadAccepted, LeadDeclined)),
    *((kind, RECIPIENTS) for kind in (OfferWithdrawn, LeadReturned)),
    *((kind, CLAIMS) for kind in (DealRegistered, RegistrationApproved)),
    (LeadWon, VALUES),
    (DealRefunded, st.just({"value": Money(3, "EUR")})),
    *((kind, NOTHING) for kind in (LeadLost, LeadReopened)),
    (LeadUpdated, st.just({"lead": Lead(region="x")})),
    (ContactMade, st.just({"by": "own_team"})),
)


@st.composite
def muddles(draw: st.DrawFn) -> History:
    """A few leads whose steps come in any order, often two at one time."""
    events = []
    for number in range(draw(st.integers(1, 14))):
        kind, fields = draw(st.sampled_from(STEPS))
        events.append(
            kind(
                event_id=f"e{number}",
                lead_id=draw(st.sampled_from(("L1", "L1", "L2"))),
                occurred_at=START + draw(st.integers(0, 8)) * HALF_DAY,
                sequence=draw(st.sampled_from((0, 0, 1, 2))),
                **draw(fields),
            )
        )
    return tuple(events)


def one_by_one(lives: Lifecycles) -> list[Problem]:
    """Every problem of every lead, each lead looked at by every rule."""
    return [
        problem
        for lead in lives.in_order
        for problem in problems_of(
            lead, [rule for rule in LEAD_RULES if rule.is_worth_while(lead.shape)]
        )
    ]


@settings(max_examples=6 * settings.default.max_examples)
@given(events=muddles() | histories())
def test_leads_that_no_rule_suspects_have_no_problems(events: History) -> None:
    lives = fold(events, as_of=END)

    assert one_by_one(lives) == list(problems_among(lives.leads))


@given(events=muddles(), data=st.data())
def test_a_lead_has_the_problems_that_it_has_alone(events: History, data: st.DataObject) -> None:
    lead_id = data.draw(st.sampled_from(sorted({e.lead_id for e in events})))
    alone = fold([event for event in events if event.lead_id == lead_id], as_of=END)
    among = problems_among(fold(events, as_of=END).leads)

    assert one_by_one(alone) == [problem for problem in among if problem.lead_id == lead_id]


@given(events=muddles())
def test_columns_hold_the_events_of_their_kinds(events: History) -> None:
    leads = fold(events, as_of=END).in_order
    log = KindColumns(leads)
    lead_kinds = [kind for kind in KINDS.values() if issubclass(kind, LeadFact)]

    assert [event for lead in leads for event in lead.events] == log.events
    for kind in lead_kinds:
        expected = [event for event in log.events if isinstance(event, kind)]
        assert expected == list(log.of((kind,)))
        assert bool(expected) is log.has((kind,))
    everything = bytes(range(256))
    assert [lead.shape for lead in leads] == list(log.shapes(everything, b""))


def test_no_leads_have_no_events_and_no_problems() -> None:
    assert ([], []) == (KindColumns(()).events, list(problems_among({})))
