"""The invariants of attribution, on arbitrary dirty histories."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from fractions import Fraction

import attrs
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from partnerleads.attribution import AttributionPolicy
from partnerleads.attribution.crediting import winning_events
from partnerleads.attribution.weighing import judge_claims
from partnerleads.events import (
    ContactMade,
    DealRegistered,
    Event,
    LeadCaptured,
    LeadWon,
    PartnerInfluenced,
    RegistrationApproved,
    RegistrationRejected,
)
from partnerleads.lifecycle import Lifecycles, fold
from partnerleads.model import Money
from partnerleads.testing import at
from partnerleads.testing.strategies import DIRT, PARTNER_IDS, histories
from tests.properties.naive_fold import credit_of, influencers

History = tuple[Event, ...]

START = at("2026-01-01")
END = at("2027-06-01")
HALF_DAY = timedelta(hours=12)
MOMENTS = (st.integers(0, 12) | st.integers(0, 400)).map(lambda n: START + n * HALF_DAY) | st.just(
    END
)
SPANS = st.none() | st.integers(0, 120).map(lambda n: n * HALF_DAY)
POLICIES = st.just(AttributionPolicy()) | st.builds(
    AttributionPolicy,
    claims=st.sampled_from(("registration or originator", "registration")),
    contact_required=st.booleans(),
    times=st.sampled_from(("recorded", "occurred")),
    influence_lookback=SPANS,
    claim_lock=SPANS,
)


@st.composite
def contests(draw: st.DrawFn) -> History:
    """One lead over which partners and the own team quarrel within a few days.

    Histories drawn at large seldom have two claims, a contact between them and a late record.
    """
    moments = st.integers(0, 8).map(lambda n: START + n * HALF_DAY)
    partners = st.sampled_from(("acme", "beta"))
    claims = st.fixed_dictionaries(
        {"partner_id": partners, "registration_id": st.sampled_from((None, "r1"))}
    )
    ends = st.fixed_dictionaries({"protected_until": st.none() | moments})
    contacts = st.just({"by": "own_team"}) | partners.map(
        lambda partner_id: {"by": "partner", "partner_id": partner_id}
    )
    acts = st.sampled_from(
        (
            (DealRegistered, claims, ends),
            (DealRegistered, claims, ends),
            (ContactMade, contacts, st.just({})),
            (RegistrationApproved, claims, ends),
            (RegistrationRejected, claims, st.just({})),
            (PartnerInfluenced, partners.map(lambda p: {"partner_id": p}), st.just({})),
            (LeadWon, st.just({}), st.just({})),
        )
    )
    captured = (
        LeadCaptured,
        st.fixed_dictionaries({"originator": st.none() | partners}),
        st.just({}),
    )
    events = []
    for number, (kind, *fields) in enumerate([captured, *draw(st.lists(acts, max_size=6))]):
        occurred_at = draw(moments)
        delay = draw(st.sampled_from((0, 0, 0, 1, 2, 5)))
        events.append(
            kind(
                event_id=f"e{number}",
                source=draw(st.sampled_from(("crm", "prm"))),
                lead_id="L1",
                occurred_at=occurred_at,
                recorded_at=occurred_at + delay * HALF_DAY,
                **draw(fields[0]),
                **draw(fields[1]),
            )
        )
    return tuple(events)


HISTORIES = contests() | histories()
SINGLE = contests() | histories(dirt=DIRT - {"duplicates", "revisions", "conflicts", "retractions"})
"""Histories in which every event has one version, so that a test may add and change some."""


def credit_by_lead(lives: Lifecycles) -> dict[str, tuple[str, str | None]]:
    return {lead.lead_id: (lead.attribution, lead.sourcing_partner) for lead in lives.population}


def sourced_share(lives: Lifecycles) -> tuple[int, int]:
    """Numerator and denominator."""
    classes = [lead.attribution for lead in lives.population]
    return classes.count("sourced"), len(classes)


@st.composite
def influences(draw: st.DrawFn) -> PartnerInfluenced:
    """An influence on one of the leads, at any time."""
    return PartnerInfluenced(
        event_id=f"i{draw(st.integers(1, 9))}",
        source="influences",
        occurred_at=draw(MOMENTS),
        lead_id=draw(st.sampled_from(("L1", "L2", "L3"))),
        partner_id=draw(st.sampled_from(PARTNER_IDS)),
    )


@st.composite
def influenced_leads(draw: st.DrawFn) -> History:
    """A lead that the own team found and a partner influenced."""
    lead_id, captured_at = f"N{draw(st.integers(1, 99))}", draw(MOMENTS)
    captured = LeadCaptured(
        event_id=f"{lead_id}-c", source="new", occurred_at=captured_at, lead_id=lead_id
    )
    influenced = PartnerInfluenced(
        event_id=f"{lead_id}-i",
        source="new",
        occurred_at=captured_at + draw(st.integers(0, 60)) * HALF_DAY,
        lead_id=lead_id,
        partner_id=draw(st.sampled_from(PARTNER_IDS)),
    )
    return captured, influenced


@given(events=HISTORIES, leads=st.lists(influenced_leads(), min_size=1, max_size=4))
def test_influenced_leads_never_raise_the_sourced_share(
    events: History, leads: list[History]
) -> None:
    before = fold(events, as_of=END + timedelta(days=60))
    more = {event.event_id: event for lead in leads for event in lead}.values()
    after = fold([*events, *more], as_of=END + timedelta(days=60))

    hits, of = sourced_share(before)
    hits_after, of_after = sourced_share(after)
    assert hits == hits_after
    assert of < of_after
    assert Fraction(hits, max(of, 1)) >= Fraction(hits_after, of_after)


@given(events=HISTORIES, more=st.lists(influences(), max_size=4), as_of=MOMENTS)
def test_influences_change_neither_numerator_nor_denominator_of_the_sourced_share(
    events: History, more: list[PartnerInfluenced], as_of: datetime
) -> None:
    before = fold(events, as_of=as_of)
    after = fold([*events, *more], as_of=as_of)

    assert sourced_share(before) == sourced_share(after)
    sources = {lead.lead_id: lead.sourcing_partner for lead in before.population}
    assert sources == {lead.lead_id: lead.sourcing_partner for lead in after.population}


@given(events=HISTORIES, policy=POLICIES, as_of=MOMENTS)
def test_the_classes_partition_leads_and_money(
    events: History, policy: AttributionPolicy, as_of: datetime
) -> None:
    lives = fold(events, as_of=as_of, policy=policy)
    counts = Counter(lead.attribution for lead in lives.population)
    money = dict.fromkeys(("sourced", "influenced", "direct"), Money(0, "EUR"))
    for lead in lives.population:
        money[lead.attribution] += lead.final_value or Money(0, "EUR")

    captured = {life.lead_id for life in lives.values() if life.captured is not None}
    assert len(captured) == counts["sourced"] + counts["influenced"] + counts["direct"]
    wins = (life.final_value for life in lives.values() if life.lead_id in captured)
    total = sum((value for value in wins if value is not None), Money(0, "EUR"))
    assert total == money["sourced"] + money["influenced"] + money["direct"]
    for lead in lives.population:
        assert (lead.attribution == "sourced") == (lead.sourcing_partner is not None)


@settings(max_examples=6 * settings.default.max_examples)
@given(events=HISTORIES, policy=POLICIES, as_of=MOMENTS)
def test_credit_is_what_the_three_rules_say(
    events: History, policy: AttributionPolicy, as_of: datetime
) -> None:
    for life in fold(events, as_of=as_of, policy=policy).values():
        assert credit_of(life, policy) == (life.attribution, life.sourcing_partner)

        others = [p for p in influencers(life, policy) if p != life.sourcing_partner]
        assert tuple(dict.fromkeys(others)) == life.verdict.influencers


@settings(max_examples=6 * settings.default.max_examples)
@given(events=HISTORIES, policy=POLICIES, as_of=MOMENTS)
def test_the_class_alone_is_that_of_the_verdict(
    events: History, policy: AttributionPolicy, as_of: datetime
) -> None:
    for life in fold(events, as_of=as_of, policy=policy).values():
        expected = (life.verdict.attribution, life.verdict.sourcing_partner)

        assert expected == (life.attribution, life.sourcing_partner)


@settings(max_examples=6 * settings.default.max_examples)
@given(events=HISTORIES, policy=POLICIES, as_of=MOMENTS)
def test_the_winners_of_many_leads_are_those_that_weighing_gives(
    events: History, policy: AttributionPolicy, as_of: datetime
) -> None:
    leads = list(fold(events, as_of=END, policy=policy).values())
    stories = [(life.events, life.shape, life.captured, None) for life in leads]
    weighed = [
        judge_claims(life.events, captured=life.captured, policy=policy, as_of=as_of)
        for life in leads
    ]

    expected = [next((o.claim.event for o in all_ if not o.failure), None) for all_ in weighed]
    assert expected == winning_events(stories, policy=policy, as_of=as_of)


@given(
    events=SINGLE,
    policy=POLICIES,
    delay=st.integers(1, 80),
    as_of=MOMENTS,
    data=st.data(),
)
def test_recording_a_claim_later_never_adds_credit_to_its_partner(
    events: History, policy: AttributionPolicy, delay: int, as_of: datetime, data: st.DataObject
) -> None:
    claims = [e for e in events if isinstance(e, DealRegistered)]
    assume(claims)
    claim = data.draw(st.sampled_from(claims))
    later = attrs.evolve(claim, recorded_at=claim.recorded_at + delay * HALF_DAY)
    moved = [later if event is claim else event for event in events]

    before = fold(events, as_of=as_of, policy=policy).get(claim.lead_id)
    after = fold(moved, as_of=as_of, policy=policy).get(claim.lead_id)
    if after is not None and after.sourcing_partner == claim.partner_id:
        assert before is not None
        assert before.sourcing_partner == claim.partner_id


@given(
    events=SINGLE,
    policy=POLICIES,
    delay=st.integers(1, 80),
    until=st.none() | MOMENTS,
    partner_id=st.sampled_from(PARTNER_IDS),
    data=st.data(),
)
def test_a_claim_recorded_after_an_earlier_valid_claim_changes_nothing(
    *,
    events: History,
    policy: AttributionPolicy,
    delay: int,
    until: datetime | None,
    partner_id: str,
    data: st.DataObject,
) -> None:
    lives = fold(events, as_of=END, policy=policy)
    sourced = [life for life in lives.values() if life.attribution == "sourced"]
    assume(sourced)
    life = data.draw(st.sampled_from(sourced))
    valid = next(one.claim for one in life.verdict.claims if not one.failure)
    late = valid.counts_at + delay * HALF_DAY
    claim = DealRegistered(
        event_id="late",
        source="late",
        occurred_at=late if policy.times == "occurred" else data.draw(MOMENTS),
        recorded_at=late,
        lead_id=life.lead_id,
        partner_id=partner_id,
        registration_id="late",
        protected_until=until,
    )

    after = fold([*events, claim], as_of=END, policy=policy)
    assert credit_by_lead(lives) == credit_by_lead(after)
    assert life.verdict.influencers == after[life.lead_id].verdict.influencers


@given(events=HISTORIES, policy=POLICIES, as_of=MOMENTS, data=st.data())
def test_neither_input_order_nor_exact_duplicates_change_a_verdict(
    events: History, policy: AttributionPolicy, as_of: datetime, data: st.DataObject
) -> None:
    again = data.draw(st.lists(st.sampled_from(events), max_size=4)) if events else []
    shuffled = data.draw(st.permutations([*events, *again]))

    lives = fold(events, as_of=as_of, policy=policy)
    other = fold(shuffled, as_of=as_of, policy=policy)
    assert {lead_id: life.verdict for lead_id, life in lives.items()} == {
        lead_id: life.verdict for lead_id, life in other.items()
    }
    assert lives.findings == other.findings


@given(events=HISTORIES, as_of=MOMENTS)
def test_a_verdict_bears_its_evidence(events: History, as_of: datetime) -> None:
    lives = fold(events, as_of=as_of)
    for lead_id, life in lives.items():
        words = lives.explain(lead_id)
        partners = {event.partner_id for event in life.verdict.influences}

        assert words.startswith(lead_id)
        for claim in life.verdict.claims:
            assert f"(event {claim.claim.event.event_id})" in words
            assert (claim.against is None) == (
                claim.failure in ("", "undone", "locked")
                or (claim.failure == "no contact" and not claim.against)
            )
        assert partners - {life.sourcing_partner} == set(life.verdict.influencers)


def test_the_contests_have_every_class_failure_and_finding() -> None:
    classes: Counter[str] = Counter()
    failures: Counter[str] = Counter()
    findings: Counter[str] = Counter()
    strict = AttributionPolicy(contact_required=True, claim_lock=HALF_DAY)

    @settings(
        max_examples=300,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
        derandomize=True,
    )
    @given(events=contests())
    def collect(events: History) -> None:
        lives = fold(events, as_of=END)
        classes.update(lead.attribution for lead in lives.population)
        findings.update(finding.rule for finding in lives.findings)
        for folded in (lives, fold(events, as_of=END, policy=strict)):
            failures.update(one.failure for life in folded.values() for one in life.verdict.claims)

    collect()

    assert {"sourced", "influenced", "direct"} == set(classes)
    expected = {"", "undone", "locked", "late", "no contact", "lapsed", "earlier claim"}
    assert expected == set(failures)
    assert {"backdated_claim", "backdated_contact"} == set(findings)
    assert min(*classes.values(), *failures.values(), *findings.values()) >= 5
