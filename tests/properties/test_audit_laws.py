"""What holds of every audit, on dirty histories."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerleads import events as ev
from partnerleads import fold, kpis
from partnerleads.attribution import AttributionPolicy
from partnerleads.testing import strategies
from tests.oracles import twins
from tests.properties import kpi_cases as cases

HISTORIES = strategies.histories(max_leads=4)
PERIODS = st.none() | cases.spans
SOME_KPIS = ("sourced_rate", "final_lead_value", "closed_won", "won_velocity")


@given(events=HISTORIES, as_of=cases.moments, period=PERIODS, data=st.data())
def test_input_order_and_exact_duplicates_never_matter(
    events: tuple[Any, ...], as_of: datetime, period: Any, data: st.DataObject
) -> None:
    copies = data.draw(st.lists(st.sampled_from(events)) if events else st.just([]))
    shuffled = data.draw(st.permutations([*events, *copies]))
    one, other = (kpis.audit(log, as_of=as_of, period=period) for log in (events, shuffled))

    assert one == other
    assert str(one) == str(other)


@given(events=HISTORIES, as_of=cases.moments, period=PERIODS)
def test_every_finding_has_a_known_rule_and_evidence_in_the_records(
    events: tuple[Any, ...], as_of: datetime, period: Any
) -> None:
    lives = fold(events, as_of=as_of)
    audit = kpis.audit(lives, period=period)
    ids = {event.event_id for event in events}

    assert {finding.rule for finding in audit.findings} <= set(kpis.AUDIT_RULES)
    assert {i for finding in audit.findings for i in finding.event_ids} <= ids
    assert all(f.words and (f.lead_id is None or f.event_ids) for f in audit.findings)
    assert set(audit.leads) <= set(lives)
    assert set(lives.findings) <= set(audit.findings)
    assert len(audit.findings) == len(audit.to_dicts())
    assert {f.rule for f in audit.findings if f.lead_id is not None} == set(audit.without_rule)


@pytest.mark.parametrize("name", SOME_KPIS)
@given(events=HISTORIES, as_of=cases.moments, period=PERIODS)
def test_without_the_leads_in_doubt_is_as_if_they_had_never_been(
    name: str, events: tuple[Any, ...], as_of: datetime, period: Any
) -> None:
    kpi = getattr(kpis, name)
    audit = kpis.audit(events, kpi=kpi, as_of=as_of, period=period)
    rest = [event for event in events if getattr(event, "lead_id", None) not in audit.leads]

    assert kpi(events, as_of=as_of, period=period) == audit.figure
    assert kpi(rest, as_of=as_of, period=period).columns() == audit.without.columns()
    for rule, figure in audit.without_rule.items():
        named = {f.lead_id for f in audit.findings if f.rule == rule}
        left = [event for event in events if getattr(event, "lead_id", None) not in named]
        assert kpi(left, as_of=as_of, period=period).columns() == figure.columns()


@given(events=HISTORIES, as_of=cases.moments)
def test_every_claim_that_came_too_late_is_told(events: tuple[Any, ...], as_of: datetime) -> None:
    lives = fold(events, as_of=as_of)
    told = {f.lead_id for f in kpis.audit(lives).findings if f.rule == "claim_after_contact"}
    late = {
        lead_id
        for lead_id, lead in lives.items()
        if any(one.failure == "late" for one in lead.verdict.claims)
    }

    assert late == told


def one_account(events: tuple[Any, ...]) -> list[Any]:
    """The same history, with all leads of one customer."""
    return [
        attrs.evolve(event, lead=attrs.evolve(event.lead, account="A"))
        if isinstance(event, ev.LeadCaptured)
        else event
        for event in events
    ]


def was_open(events: tuple[Any, ...], moment: datetime) -> bool:
    """Whether a lead was open and on record before a moment, one look at a time."""
    captured = twins.first(events, ev.LeadCaptured)
    if captured is None or captured.recorded_at >= moment:
        return False
    state = True
    for event in events:
        if event.occurred_at < moment and isinstance(event, (*twins.CLOSES, ev.LeadReopened)):
            state = isinstance(event, ev.LeadReopened)
    return state


@pytest.mark.parametrize("times", ["recorded", "occurred"])
@given(events=HISTORIES, as_of=cases.moments)
def test_claims_on_open_accounts_are_those_that_a_naive_search_finds(
    times: Any, events: tuple[Any, ...], as_of: datetime
) -> None:
    lives = fold(one_account(events), as_of=as_of, policy=AttributionPolicy(times=times))
    found = {f.lead_id: f for f in kpis.audit(lives).findings if f.rule == "account_already_open"}
    wanted = set()
    for lead in lives.population:
        claims = [one.claim for one in lead.verdict.claims if not one.failure]
        for claim in claims:
            others = [
                other
                for other in lives.population
                if other.sourcing_partner != claim.partner_id
                and was_open(other.events, claim.event.recorded_at)
            ]
            if others:
                wanted.add(lead.lead_id)
                evidence = {o.captured.event_id for o in others if o.captured is not None}
                assert found[lead.lead_id].event_ids[1] in evidence

    assert wanted == set(found)
