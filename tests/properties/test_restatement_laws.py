"""What a restatement lists explains the whole difference, for every KPI and on dirty histories."""

from __future__ import annotations

import pickle
from datetime import datetime, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from partnerleads import events as ev
from partnerleads import fold, kpis
from partnerleads.attribution import AttributionPolicy
from partnerleads.kpis.restating.parts import added, difference, is_mixed, parts_of
from partnerleads.testing import strategies
from tests.properties import kpi_cases as cases

settings.register_profile("laws", max_examples=max(10, settings.default.max_examples // 5))
few = settings.get_profile("laws")

EVERY_KPI = pytest.mark.parametrize("name", sorted(cases.KPIS))


@st.composite
def _with_moves(draw: DrawFn) -> tuple[Any, ...]:
    """Histories in which some events are found later to belong to another lead, or to be other."""
    events = draw(strategies.histories(currencies=("EUR", "USD")))
    more = []
    for event in events:
        if isinstance(event, ev.LeadFact) and draw(st.integers(0, 5)) == 5:
            changes: dict[str, Any] = {"recorded_at": event.recorded_at + timedelta(days=3)}
            if draw(st.booleans()):
                changes["lead_id"] = draw(st.sampled_from(("L1", "L2", "L9")))
            else:
                changes["occurred_at"] = event.occurred_at + timedelta(days=30)
            more.append(attrs.evolve(event, **changes))
    return (*events, *more)


HISTORIES: SearchStrategy[tuple[Any, ...]] = _with_moves()
POLICIES = (
    AttributionPolicy(),
    AttributionPolicy(times="occurred"),
    AttributionPolicy(claims="registration", influence_lookback=timedelta(days=3)),
)


@st.composite
def _sides(draw: DrawFn) -> dict[str, Any]:
    """Two moments of knowledge, and one policy or two."""
    then, now = sorted(draw(st.tuples(cases.moments, cases.moments)))
    known_at = (then, draw(st.sampled_from((now, None))))
    policy = draw(st.sampled_from(POLICIES) | st.tuples(*[st.sampled_from(POLICIES)] * 2))
    return {"known_at": known_at, "policy": policy}


@EVERY_KPI
@few
@given(events=HISTORIES, as_of=cases.moments, sides=_sides(), data=st.data())
def test_the_difference_is_the_sum_over_the_listed_leads(
    name: str,
    events: tuple[Any, ...],
    as_of: datetime,
    sides: dict[str, Any],
    data: st.DataObject,
) -> None:
    options = data.draw(cases.options(name), label="options")
    period = data.draw(cases.periods(name), label="period")
    if options.get("unit") == "pipeline":
        period = None
    kpi = cases.KPIS[name]
    restated = kpis.restatement(events, kpi, as_of=as_of, period=period, **sides, **options)

    then, now = sides["known_at"]
    policy = sides["policy"]
    policies = policy if isinstance(policy, tuple) else (policy, policy)
    pair = [
        kpi(fold(events, as_of=as_of, known_at=known, policy=rules), **span, **options)
        for known, rules in zip((then, now), policies, strict=True)
        for span in [{} if period is None else {"period": period}]
    ]
    assert pair == [restated.before, restated.after]
    if is_mixed(pair[0]) or is_mixed(pair[1]):
        assert {} == restated.difference
    else:
        assert difference(parts_of(pair[0]), parts_of(pair[1])) == restated.difference
    exact = not options.keys() & {"weighted", "rates"}
    total = added(move.change for move in restated.moves)
    slack = 0 if exact else len(restated.moves) + 1
    for part, moved in restated.difference.items():
        assert moved == total.get(part, 0) + restated.rounding[part]
        assert abs(restated.rounding[part]) * 100 <= slack
    assert set(total) <= set(restated.rounding)
    if not restated.moves:
        assert not any(restated.difference.values()) or not exact


@few
@given(events=HISTORIES, as_of=cases.moments, sides=_sides())
def test_exactly_the_leads_are_listed_whose_own_figures_differ(
    events: tuple[Any, ...], as_of: datetime, sides: dict[str, Any]
) -> None:
    policy = sides["policy"]
    policies = policy if isinstance(policy, tuple) else (policy, policy)
    then, now = (
        fold(events, as_of=as_of, known_at=known, policy=rules)
        for known, rules in zip(sides["known_at"], policies, strict=True)
    )
    for kpi in (kpis.sourced_rate, kpis.closed_won, kpis.won_velocity, kpis.in_progress):
        old, new = (kpi(lives, by="lead_id").segments for lives in (then, now))
        differ = {
            lead
            for lead in {*old, *new}
            if lead not in old
            or lead not in new
            or (old[lead].n, old[lead].columns()) != (new[lead].n, new[lead].columns())
        }
        restated = kpis.restatement(events, kpi, as_of=as_of, **sides)

        assert sorted(differ) == [move.lead_id for move in restated.moves]


@few
@given(events=HISTORIES, as_of=cases.moments, sides=_sides())
def test_every_listed_lead_has_a_cause_whose_events_are_in_the_records(
    events: tuple[Any, ...], as_of: datetime, sides: dict[str, Any]
) -> None:
    ids = {event.event_id for event in events}

    for kpi in (kpis.sourced_rate, kpis.closed_won, kpis.final_lead_value, kpis.won_velocity):
        restated = kpis.restatement(events, kpi, as_of=as_of, **sides)
        for move in restated.moves:
            assert move.causes
            assert {"other"}.isdisjoint(cause.code for cause in move.causes)
            assert {i for cause in move.causes for i in cause.event_ids} <= ids


@few
@given(events=HISTORIES, as_of=cases.moments, sides=_sides(), data=st.data())
def test_input_order_and_duplicates_never_matter(
    events: tuple[Any, ...], as_of: datetime, sides: dict[str, Any], data: st.DataObject
) -> None:
    copies = data.draw(st.lists(st.sampled_from(events)) if events else st.just([]))
    shuffled = data.draw(st.permutations([*events, *copies]))
    one, other = (
        kpis.restatement(log, kpis.sourced_rate, as_of=as_of, **sides) for log in (events, shuffled)
    )

    assert str(one) == str(other)
    assert one.to_dicts() == other.to_dicts()


@few
@given(events=HISTORIES, as_of=cases.moments, sides=_sides())
def test_it_shows_itself_and_pickles(
    events: tuple[Any, ...], as_of: datetime, sides: dict[str, Any]
) -> None:
    restated = kpis.restatement(iter(events), kpis.hours_to_acceptance, as_of=as_of, **sides)
    rows = restated.to_dicts()

    assert 1 + len(restated.moves) == len(rows)
    assert all(list(row) == list(rows[0]) for row in rows)
    assert f"<{restated}>" == repr(restated)
    assert restated._repr_html_().startswith("<table>")
    assert restated == pickle.loads(pickle.dumps(restated))  # noqa: S301 - our own bytes


@few
@given(events=HISTORIES, as_of=cases.moments, known=cases.moments)
def test_nothing_learned_moves_nothing(
    events: tuple[Any, ...], as_of: datetime, known: datetime
) -> None:
    restated = kpis.restatement(events, kpis.sourced_rate, as_of=as_of, known_at=(known, known))

    assert () == restated.moves
    assert {0} == set(restated.difference.values())
