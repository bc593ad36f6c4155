"""What a population tells column by column, and what its parts take over."""

import pickle
import weakref
from collections.abc import Iterable
from typing import Any

import pytest

from partnerleads import fold, kpis
from partnerleads.attribution import crediting
from partnerleads.attribution.crediting import Credit, Story
from partnerleads.kpis import Active, AllOf, AnyOf, Has, Is, Not
from partnerleads.kpis.measuring.members import Members
from partnerleads.lifecycle import lead_columns
from partnerleads.model import UTC
from partnerleads.testing import at, history, money

LIVES = fold(
    history("""
        2026-01-02 L1 captured by acme region=DACH
        2026-01-03 L1 accepted by acme agent=ann
        2026-01-05 L1 won 300 EUR
        2026-01-06 L1 won 400 EUR
        2026-01-02 L2 captured 200 EUR
        2026-01-01 L3 progressed
        2026-01-02 L3 captured region=UKI
        2026-01-04 L3 accepted by bolt
        2026-01-09 L3 accepted by acme
        2026-01-09 L4 responded
    """),
    as_of=at("2026-03-01"),
)


def test_the_members_are_the_captured_leads() -> None:
    leads = Members("leads", LIVES)

    assert (3, ["L1", "L2", "L3"]) == (len(leads), leads.column("lead_id"))
    assert [LIVES["L1"], LIVES["L2"], LIVES["L3"]] == list(leads.leads)


def test_wins_and_spells_say_their_own_and_their_leads_say_the_rest() -> None:
    wins, spells = Members("wins", LIVES), Members("spells", LIVES)

    assert [money("300 EUR"), money("400 EUR")] == wins.column("won.value")
    assert ["DACH", "DACH"] == wins.column("region")
    assert [LIVES["L1"].captured] * 2 == wins.column("captured")
    assert ["ann", None, None] == spells.column("agent")
    assert ["acme", "bolt", "acme"] == spells.column("accepted.partner_id")
    assert ["L1", "L3", "L3"] == spells.column("lead_id")


def test_the_first_present_of_several_events_counts() -> None:
    leads = Members("leads", LIVES)

    assert [LIVES["L1"].won, None, LIVES["L3"].progressed] == leads.events(("won", "progressed"))
    assert [at("2026-01-06"), None, at("2026-01-01")] == leads.times(("won", "progressed"))


@pytest.mark.parametrize("known_before", [True, False])
@pytest.mark.parametrize("name", ["captured", "region", "attribution", "captured.lead.region"])
def test_a_part_reads_as_the_whole_does(name: str, *, known_before: bool) -> None:
    leads = Members("leads", LIVES)
    if known_before:
        leads.column(name)
    whole = Members("leads", LIVES).column(name)

    assert [whole[0], whole[2]] == leads.where([True, False, True]).column(name)
    assert [whole[2], whole[1]] == leads.at([2, 1]).column(name)


def test_milestones_that_many_figures_want_are_read_at_once() -> None:
    leads, wins = Members("leads", LIVES), Members("wins", LIVES)
    leads.column("captured")
    wins.column("captured")

    assert [True, True, False] == [leads.knows(one) for one in ("captured", "closed", "assigned")]
    assert [True, False] == [wins.knows(one) for one in ("captured", "closed")]
    assert [life.closed for life in leads.leads] == leads.column("closed")


def test_all_of_the_members_are_no_part() -> None:
    leads = Members("leads", LIVES)

    assert leads is leads.where([True] * 3)
    assert leads is leads.keep(kpis.EVERY, UTC)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Has("won"), ["L1"]),
        (Not(Has("won")), ["L2", "L3"]),
        (AllOf((Not(Has("won")), Has("progressed"))), ["L3"]),
        (AnyOf((Has("won"), Is("region", "UKI"))), ["L1", "L3"]),
        (AnyOf(()), []),
        (Not(AnyOf(())), ["L1", "L2", "L3"]),
        (Active(at("2026-03-01") - at("2026-01-06")), ["L1", "L3"]),
    ],
)
def test_those_that_meet_a_condition_are_kept(condition: Any, expected: list[str]) -> None:
    leads = Members("leads", LIVES)

    assert expected == leads.keep(condition, UTC).column("lead_id")


def test_members_with_problems_are_marked_also_in_parts() -> None:
    # L3 progressed before its capture
    leads = Members("leads", LIVES)

    assert "L3" in LIVES.troubled
    assert "L2" not in LIVES.troubled
    assert [None, "L3"] == leads.at([1, 2]).troubled_ids


def test_lifecycles_say_the_same_after_pickling() -> None:
    lives = fold([e for one in LIVES.values() for e in one.events], as_of=LIVES.as_of)
    figures = kpis.sourced_rate(lives), kpis.in_progress(lives), kpis.partner_conversion_rate(lives)
    again = pickle.loads(pickle.dumps(lives))  # noqa: S301 - our own bytes

    assert figures == (
        kpis.sourced_rate(again),
        kpis.in_progress(again),
        kpis.partner_conversion_rate(again),
    )


def test_lifecycles_go_when_nobody_needs_them_also_after_figures() -> None:
    lives = fold([e for one in LIVES.values() for e in one.events], as_of=LIVES.as_of)
    kpis.sourced_rate(lives)
    kpis.sourced_pipeline(lives, by="region")
    alive = weakref.ref(lives)
    leads = weakref.ref(lives.kept["leads",])
    del lives

    assert (None, None) == (alive(), leads())


def test_what_takes_work_is_read_of_the_needed_leads_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def credits_of(stories: Iterable[Story], **rules: Any) -> list[Credit]:
        stories = [*stories]
        asked.extend(events[0].lead_id for events, *_ in stories)
        return crediting.credits_of(stories, **rules)

    monkeypatch.setattr(lead_columns, "credits_of", credits_of)

    kpis.sourced_revenue(fold([e for one in LIVES.values() for e in one.events], as_of=LIVES.as_of))

    assert ["L1"] == asked
