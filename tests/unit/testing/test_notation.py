"""The history notation: what each kind of line means, and what a bad line says."""

from __future__ import annotations

from datetime import datetime

import pytest

from partnerleads.errors import BadInputError, MoneyError, OptionError
from partnerleads.events import (
    KINDS,
    CertificationEarned,
    ContactMade,
    CostIncurred,
    CustomerRated,
    DealRefunded,
    Event,
    EventRetracted,
    LeadActivity,
    LeadCaptured,
    LeadOffered,
    LeadQualified,
    LeadResponded,
    LeadRouted,
    LeadUpdated,
    LeadWon,
    PartnerOnboarded,
    PartnerUpdated,
)
from partnerleads.model import UTC, Lead, Money
from partnerleads.testing import at, history, money

MARCH = datetime(2026, 3, 1, tzinfo=UTC)


def one(line: str) -> Event:
    (event,) = history(line)
    return event


def said_of(text: str) -> list[str]:
    with pytest.raises(BadInputError) as caught:
        history(text)
    return [f"{fault.line} {fault.path} {fault.reason}" for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-01", MARCH),
        ("2026-03-01 09:30", MARCH.replace(hour=9, minute=30)),
        ("2026-03-01T09:30:05Z", MARCH.replace(hour=9, minute=30, second=5)),
        ("2026-03-01 09:30+02:00", MARCH.replace(hour=7, minute=30)),
    ],
)
def test_an_instant_is_utc_unless_it_states_an_offset(text: str, expected: datetime) -> None:
    read = at(text)

    assert expected == read
    assert read.tzinfo is UTC


def test_what_is_no_instant_is_refused_with_an_example() -> None:
    with pytest.raises(OptionError, match="2026-03-01 09:30"):
        at("March")


def test_money_is_amount_and_currency() -> None:
    assert Money("8000", "EUR") == money("8000 EUR")
    with pytest.raises(MoneyError):
        money("8000")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "2026-03-01 L1 captured by acme 10000 EUR region=DACH attributes.colour=red",
            LeadCaptured(
                event_id="e1",
                occurred_at=MARCH,
                lead_id="L1",
                lead=Lead(region="DACH", attributes={"colour": "red"}),
                originator="acme",
                expected_value=Money("10000", "EUR"),
            ),
        ),
        (
            '2026-03-01 L1 lead_updated industry=steel account="Baker & Sons" company_size=12',
            LeadUpdated(
                event_id="e1",
                occurred_at=MARCH,
                lead_id="L1",
                lead=Lead(industry="steel", account="Baker & Sons", company_size=12),
            ),
        ),
        (
            "2026-03-01 L1 contact by own_team agent=ann",
            ContactMade(
                event_id="e1", occurred_at=MARCH, lead_id="L1", by="own_team", agent_id="ann"
            ),
        ),
        (
            "2026-03-01 L1 contact_made by acme",
            ContactMade(
                event_id="e1", occurred_at=MARCH, lead_id="L1", by="partner", partner_id="acme"
            ),
        ),
        (
            "2026-03-01 L1 offered to acme offer=o1 expires_at=2026-03-02",
            LeadOffered(
                event_id="e1",
                occurred_at=MARCH,
                lead_id="L1",
                partner_id="acme",
                offer_id="o1",
                expires_at=MARCH.replace(day=2),
            ),
        ),
        (
            "2026-03-01 L1 routed acme eligible=acme,b propensities.acme=0.5 propensities.b=0.5",
            LeadRouted(
                event_id="e1",
                occurred_at=MARCH,
                lead_id="L1",
                chosen="acme",
                eligible=("acme", "b"),
                propensities={"acme": 0.5, "b": 0.5},
            ),
        ),
        (
            "2026-03-01 L1 won by acme 9000 EUR margin=-900 EUR",
            LeadWon(
                event_id="e1",
                occurred_at=MARCH,
                lead_id="L1",
                partner_id="acme",
                value=Money("9000", "EUR"),
                margin=Money("-900", "EUR"),
            ),
        ),
        (
            '2026-03-01 L1 won value=9000EUR margin="900 EUR"',
            LeadWon(
                event_id="e1",
                occurred_at=MARCH,
                lead_id="L1",
                value=Money("9000", "EUR"),
                margin=Money("900", "EUR"),
            ),
        ),
        (
            "2026-03-01 L1 refunded 5 EUR",
            DealRefunded(event_id="e1", occurred_at=MARCH, lead_id="L1", value=Money("5", "EUR")),
        ),
        (
            "2026-03-01 L1 activity visit count=3",
            LeadActivity(event_id="e1", occurred_at=MARCH, lead_id="L1", activity="visit", count=3),
        ),
        (
            "2026-03-01 L1 responded qualified=no automatic=yes",
            LeadResponded(
                event_id="e1", occurred_at=MARCH, lead_id="L1", qualified=False, automatic=True
            ),
        ),
        (
            '2026-03-01 L1 qualified criteria=need,budget reason="a = b"',
            LeadQualified(
                event_id="e1",
                occurred_at=MARCH,
                lead_id="L1",
                criteria=("need", "budget"),
                reason="a = b",
            ),
        ),
        (
            '2026-03-01 acme onboarded "Acme = Co" weight=1.5 working_hours.mon-fri=09:00-17:00',
            PartnerOnboarded(
                event_id="e1",
                occurred_at=MARCH,
                partner_id="acme",
                name="Acme = Co",
                weight=1.5,
                working_hours={"mon-fri": "09:00-17:00"},
            ),
        ),
        (
            "2026-03-01 acme partner_updated tier=gold",
            PartnerUpdated(event_id="e1", occurred_at=MARCH, partner_id="acme", tier="gold"),
        ),
        (
            "2026-03-01 acme certified security expires_at=2027-03-01",
            CertificationEarned(
                event_id="e1",
                occurred_at=MARCH,
                partner_id="acme",
                certification="security",
                expires_at=MARCH.replace(year=2027),
            ),
        ),
        (
            "2026-03-01 acme rated score=4 scale_min=1 scale_max=5 lead=L1",
            CustomerRated(
                event_id="e1",
                occurred_at=MARCH,
                partner_id="acme",
                score=4.0,
                scale_min=1.0,
                scale_max=5.0,
                lead_id="L1",
            ),
        ),
        (
            "2026-03-01 - cost portal 500 EUR",
            CostIncurred(event_id="e1", occurred_at=MARCH, kind="portal", cost=Money("500", "EUR")),
        ),
        (
            "2026-03-01 acme cost training 500 EUR",
            CostIncurred(
                event_id="e1",
                occurred_at=MARCH,
                kind="training",
                cost=Money("500", "EUR"),
                partner_id="acme",
            ),
        ),
        (
            '2026-03-01 e7 retracted reason="typed twice" source=crm',
            EventRetracted(
                event_id="e1",
                occurred_at=MARCH,
                retracts="e7",
                reason="typed twice",
                source="crm",
            ),
        ),
        (
            "2026-03-01 09:30+02:00 L1 won id=w rec=2026-03-02 seq=2 source=crm precision=day",
            LeadWon(
                event_id="w",
                occurred_at=MARCH.replace(hour=7, minute=30),
                recorded_at=MARCH.replace(day=2),
                sequence=2,
                source="crm",
                precision="day",
                lead_id="L1",
            ),
        ),
    ],
)
def test_a_line_says_one_event(line: str, expected: Event) -> None:
    assert expected == one(line)


SMALLEST = {
    "lead_updated": "region=DACH",
    "deal_registered": "by acme",
    "registration_approved": "by acme",
    "registration_rejected": "by acme",
    "registration_withdrawn": "by acme",
    "contact_made": "by own_team",
    "partner_influenced": "by acme",
    "lead_routed": "eligible=acme",
    "lead_offered": "to acme",
    "lead_assigned": "agent=ann",
    "lead_activity": "visit",
    "deal_refunded": "5 EUR",
    "certification_earned": "security",
    "certification_revoked": "security",
    "customer_rated": "score=1 scale_min=0 scale_max=5",
    "cost_incurred": "portal 5 EUR",
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_full_name_of_every_kind_works(kind: str) -> None:
    event = one(f"2026-03-01 X {kind} {SMALLEST.get(kind, '')}")

    assert kind == event.type


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("captured", "lead_captured"),
        ("terminated", "partner_terminated"),
        ("training", "training_completed"),
        ("campaign", "campaign_joined"),
        ("co_sell", "co_sell_held"),
        ("business_plan", "business_plan_filed"),
        ("expired", "offer_expired"),
    ],
)
def test_a_short_word_names_its_kind(word: str, kind: str) -> None:
    assert kind == one(f"2026-03-01 X {word}").type


def test_comments_and_blank_lines_are_no_events_and_take_no_id() -> None:
    expected = ["e1", "e2"]
    events = history("""
        # the whole life of L1
        2026-03-01 L1 captured account="No # comment"   # found by us

        2026-03-02 L1 won
    """)

    assert expected == [event.event_id for event in events]
    assert Lead(account="No # comment") == getattr(events[0], "lead", None)


def test_the_order_written_is_the_order_given() -> None:
    expected = ["lead_won", "lead_captured"]
    events = history("2026-03-02 L1 won\n2026-03-01 L1 captured")

    assert expected == [event.type for event in events]


@pytest.mark.parametrize(
    ("line", "path", "words"),
    [
        ("2026-13-01 L1 won", "$.occurred_at", "write an instant as"),
        ("2026-03-01", "$", "should name a time, a lead, or a partner"),
        ("2026-03-01 09:30", "$", "should name a lead or a partner"),
        ("2026-03-01 L1", "$", "should name a word such as captured"),
        ("2026-03-01 L1 wonn", "$.type", "did you mean won"),
        ("2026-03-01 L1 updated", "$.type", "did you mean partner_updated or lead_updated"),
        ("2026-03-01 L1 xyzzy", "$.type", "write one of accepted, "),
        ("2026-03-01 L1 contact by", "$", "should name a partner after 'by'"),
        ("2026-03-01 L1 contact", "$.by", "contact_made needs it"),
        ("2026-03-01 - cost portal", "$.cost", "cost_incurred needs it"),
        ("2026-03-01 L1 won by acme colour=red", "$.colour", "lead_won has no such field but"),
        ("2026-03-01 L1 activity visit by acme", "$.partner_id", "has no such field"),
        ("2026-03-01 L1 won 9000 EUX", "$.value", "no ISO 4217 currency"),
        ("2026-03-01 L1 reopened 12 EUR", "$", "lead_reopened has no money field"),
        ("2026-03-01 L1 accepted acme", "$", "lead_accepted has no text field"),
        ('2026-03-01 L1 reopened "hi', "$", "quote that is not closed"),
        ("2026-03-01 L1 won precision=exact", "$.precision", "is none of instant, day"),
        ("2026-03-01 L1 responded qualified=maybe", "$.qualified", "is no yes_no"),
        ("2026-03-01 L1 activity visit count=few", "$.count", "is no integer"),
        ("2026-03-01 L1 captured attributes=red", "$.attributes", "write attributes.NAME=..."),
        ("2026-03-01 L1 captured region.a=red", "$.region", "write region=..."),
        ("2026-03-01 L1 captured region=A region=B", "$.region", "is set twice"),
        ("2026-03-01 L1 captured attributes.a=1 attributes.a=2", "$.attributes", "is set twice"),
        ("2026-03-01 L1 captured lead_id=x", "$.lead_id", "is set twice"),
        ("2026-03-01 L1 routed acme eligible=beta", "$.chosen", "is not among the eligible"),
    ],
)
def test_a_bad_line_names_its_fault(line: str, path: str, words: str) -> None:
    (said,) = said_of(f"\n{line}")

    assert said.startswith(f"2 {path} ")
    assert words in said


def test_all_bad_lines_are_reported_together_and_counted() -> None:
    expected = ([1, 3], 3, 1)
    with pytest.raises(BadInputError) as caught:
        history("2026-03-01 L1 one\n2026-03-01 L1 won\n2026-03-01 L1 two")

    error = caught.value
    assert expected == ([fault.line for fault in error.faults], error.read, error.accepted)
