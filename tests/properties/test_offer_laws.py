"""Laws of the figures on offers, registrations and decided leads, besides those of all figures."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import attrs
from hypothesis import given
from hypothesis import strategies as st

from partnerleads import fold, kpis
from partnerleads.kpis.measuring.members import Members
from partnerleads.testing import strategies
from tests.properties import kpi_cases as cases

HISTORIES = strategies.histories()
STATUSES = ("won", "lost", "disqualified")
CLEAN = strategies.histories(dirt=frozenset({"several_offers", "returns", "late_records"}))


@given(events=HISTORIES, as_of=cases.moments, by=cases.keys)
def test_every_resolved_offer_is_accepted_declined_or_expired(
    events: tuple[Any, ...], as_of: datetime, by: tuple[str, ...]
) -> None:
    lives = fold(events, as_of=as_of)
    rates = (kpis.offer_acceptance_rate, kpis.offer_decline_rate, kpis.offer_expiry_rate)
    accepted, declined, expired = (rate(lives, by=by) for rate in rates)

    assert accepted.of == declined.of == expired.of
    assert accepted.of == accepted.hits + declined.hits + expired.hits
    assert set(accepted.segments) == set(declined.segments) == set(expired.segments)


@given(
    events=HISTORIES,
    as_of=cases.moments,
    spans=st.lists(st.integers(0, 200), min_size=2, max_size=2).map(sorted),
)
def test_more_time_for_an_answer_makes_no_more_offers_late(
    events: tuple[Any, ...], as_of: datetime, spans: list[int]
) -> None:
    lives = fold(events, as_of=as_of)
    # so late that every offer is old enough for both
    much_later = fold(events, as_of=as_of + timedelta(days=400))
    short, long = (timedelta(hours=6 * span) for span in spans)

    assert (
        kpis.offer_sla_breach_rate(lives, within=long).of
        <= kpis.offer_sla_breach_rate(lives, within=short).of
    )
    strict = kpis.offer_sla_breach_rate(much_later, within=short)
    lenient = kpis.offer_sla_breach_rate(much_later, within=long)
    assert strict.of == lenient.of
    assert strict.hits >= lenient.hits


@given(events=CLEAN, as_of=cases.moments, later=st.integers(0, 100), within=st.integers(0, 20))
def test_what_is_judged_once_is_judged_for_good(
    events: tuple[Any, ...], as_of: datetime, later: int, within: int
) -> None:
    # of times that are known to the instant, and offers that nobody takes back
    kept = [event for event in events if event.type != "offer_withdrawn"]
    limit = timedelta(days=within)
    now = kpis.offer_sla_breach_rate(kept, as_of=as_of, within=limit, by="lead_id")
    then = kpis.offer_sla_breach_rate(
        kept, as_of=as_of + later * timedelta(hours=12), within=limit, by="lead_id"
    )

    for lead_id, one in now.segments.items():
        other = then.segments[lead_id]
        assert one.hits <= other.hits
        assert one.of - one.hits <= other.of - other.hits


@given(events=HISTORIES, as_of=cases.moments)
def test_asking_again_before_the_decision_changes_nothing(
    events: tuple[Any, ...], as_of: datetime
) -> None:
    lives = fold(events, as_of=as_of)
    again = [
        attrs.evolve(
            claim.registered,
            occurred_at=as_of,
            recorded_at=as_of,
            event_id=f"again{number}",
            precision="instant",
            sequence=0,
            protected_until=None,
        )
        for number, claim in enumerate(Members("registrations", lives).units)
        if claim.registration.decision is None
    ]
    settled = [event for lead in lives.values() for event in lead.events]
    before = fold(settled, as_of=as_of)
    after = fold([*settled, *again], as_of=as_of)

    for kpi in (
        kpis.registration_approval_rate,
        kpis.registration_conflict_rate,
        kpis.time_to_approval,
    ):
        assert kpi(before).to_dicts()[0] | {"problems": 0} == kpi(after).to_dicts()[0] | {
            "problems": 0
        }
    submitted = [kpis.registration_conflict_rate(one, of="submitted") for one in (before, after)]
    assert (submitted[0].hits, submitted[0].of) == (submitted[1].hits, submitted[1].of)


@given(events=HISTORIES, as_of=cases.moments, reasons=st.sets(st.sampled_from(("north", "south"))))
def test_the_disqualified_and_the_excluded_change_the_denominator_alone(
    events: tuple[Any, ...], as_of: datetime, reasons: set[str]
) -> None:
    lives = fold(events, as_of=as_of)
    narrow, broad, without = (
        kpis.decided_win_rate(lives, by=None, **options)
        for options in ({}, {"which": "broad"}, {"excluding": sorted(reasons)})
    )
    by_status = kpis.decided_win_rate(lives, by="status", which="broad").segments
    counts = {status: by_status[status].of if status in by_status else 0 for status in STATUSES}

    assert narrow.hits == broad.hits == without.hits == counts["won"]
    assert counts["won"] + counts["lost"] == narrow.of
    assert narrow.of + counts["disqualified"] == broad.of
    assert without.of <= narrow.of
