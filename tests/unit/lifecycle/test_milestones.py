"""Each milestone by hand: which event it picks, and that every road to it picks the same."""

from __future__ import annotations

import pytest
from attrs.exceptions import FrozenInstanceError

from partnerleads.lifecycle import MILESTONES, LeadLifecycle, fold, pick
from partnerleads.lifecycle.compiled import milestone_column, milestone_columns, milestone_search
from partnerleads.testing import at, history


def life(text: str, *, as_of: str = "2026-12-01") -> LeadLifecycle:
    return fold(history(text), as_of=at(as_of))["L1"]


CASES = {
    "captured: the first": (
        "captured",
        "01 captured id=a / 02 captured id=b",
        "a",
    ),
    "captured: none": ("captured", "01 won", None),
    "registered: the first, also when it was rejected": (
        "registered",
        "01 registered by acme id=a / 02 rejected by acme / 03 registered by acme id=b",
        "a",
    ),
    "offered: the first, also when it was withdrawn": (
        "offered",
        "01 offered to acme id=a / 02 offer_withdrawn by acme / 03 offered to beta id=b",
        "a",
    ),
    "accepted: the first, also when it was returned": (
        "accepted",
        "01 accepted by acme id=a / 02 returned by acme / 03 accepted by beta id=b",
        "a",
    ),
    "assigned: the first": ("assigned", "01 assigned agent=x id=a / 02 assigned agent=y id=b", "a"),
    "last_assigned: the last": (
        "last_assigned",
        "01 assigned agent=x id=a / 02 assigned agent=y id=b",
        "b",
    ),
    "responded: not by a machine": (
        "responded",
        "01 responded automatic=yes id=a / 02 responded id=b / 03 responded id=c",
        "b",
    ),
    "responded: not by the unqualified": (
        "responded",
        "01 responded qualified=no id=a / 02 responded qualified=yes id=b",
        "b",
    ),
    "responded: none that counts": (
        "responded",
        "01 responded qualified=no id=a / 02 responded automatic=yes id=b",
        None,
    ),
    "progressed: the first": ("progressed", "01 progressed id=a / 02 progressed id=b", "a"),
    "converted: after the acceptance": (
        "converted",
        "01 progressed id=a / 02 accepted by acme / 03 progressed id=b",
        "b",
    ),
    "converted: at the instant of the acceptance, whatever the kinds": (
        "converted",
        "02 progressed id=a seq=1 / 02 accepted by acme seq=2 / 03 progressed id=b",
        "a",
    ),
    "converted: a win converts": ("converted", "01 accepted by acme / 02 won id=a", "a"),
    "converted: a win before the acceptance does not": (
        "converted",
        "01 won id=a / 02 accepted by acme",
        None,
    ),
    "converted: never without an acceptance": ("converted", "01 progressed id=a", None),
    "held: the last acceptance": (
        "held",
        "01 accepted by acme id=a / 02 accepted by beta id=b",
        "b",
    ),
    "held: an assignment after it": (
        "held",
        "01 accepted by acme id=a / 02 assigned by acme agent=x id=b",
        "b",
    ),
    "held: not what was returned": (
        "held",
        "01 accepted by acme id=a / 02 accepted by beta id=b / 03 returned by beta",
        "a",
    ),
    "held: a return by another changes nothing": (
        "held",
        "01 accepted by acme id=a / 02 returned by beta",
        "a",
    ),
    "held: a return before it changes nothing": (
        "held",
        "01 returned by acme / 02 accepted by acme id=a",
        "a",
    ),
    "held: all returned": (
        "held",
        "01 accepted by acme / 02 returned by acme / 03 assigned agent=x / 04 returned agent=x",
        None,
    ),
    "held: an acceptance by nobody does not count": (
        "held",
        "01 accepted by acme id=a / 02 accepted offer=o1 id=b",
        "a",
    ),
    "held: a return by offer id": (
        "held",
        "01 accepted by acme offer=o1 id=a / 02 returned offer=o1",
        None,
    ),
    "held: a return by person": (
        "held",
        "01 assigned by acme agent=x id=a / 02 assigned by acme agent=y id=b / 03 returned agent=y",
        "a",
    ),
    "held: a return by partner gives all its people's up": (
        "held",
        "01 assigned by acme agent=x id=a / 02 assigned by acme agent=y id=b / 03 returned by acme",
        None,
    ),
    "expected: the last stated": (
        "expected",
        "01 captured 10 EUR id=a / 02 progressed 20 EUR id=b / 03 progressed id=c",
        "b",
    ),
    "expected: the capture's": ("expected", "01 captured 10 EUR id=a / 02 progressed id=b", "a"),
    "expected: none": ("expected", "01 captured id=a / 02 progressed id=b", None),
    "won: the last": ("won", "01 won id=a / 02 won id=b", "b"),
    "won: a loss undoes it": ("won", "01 won id=a / 02 lost id=b", None),
    "won: a disqualification undoes it": ("won", "01 won id=a / 02 disqualified id=b", None),
    "won: a reopen undoes it": ("won", "01 won id=a / 02 reopened", None),
    "won: anew after a reopen": ("won", "01 won id=a / 02 reopened / 03 won id=b", "b"),
    "won: after a loss": ("won", "01 lost / 02 won id=b", "b"),
    "won: a reopen of one day comes before it": ("won", "01 won id=a / 01 reopened", "a"),
    "won: a loss of one day comes before it": ("won", "01 won id=a / 01 lost", "a"),
    "first_won: whether it stands or not": (
        "first_won",
        "01 won id=a / 02 reopened / 03 won id=b / 04 lost",
        "a",
    ),
    "first_lost: whether it stands or not": (
        "first_lost",
        "01 lost id=a / 02 reopened / 03 lost id=b / 04 won",
        "a",
    ),
    "closed: the last close": ("closed", "01 won id=a / 02 lost id=b", "b"),
    "closed: a reopen undoes all closes": (
        "closed",
        "01 won id=a / 02 lost id=b / 03 reopened",
        None,
    ),
    "closed: anew": ("closed", "01 won / 02 reopened / 03 disqualified id=b", "b"),
    "closed: a refund changes nothing": ("closed", "01 won id=a / 02 refunded 1 EUR", "a"),
    "expected_close: the last stated": (
        "expected_close",
        "01 captured expected_close_at=2026-05-01 id=a / 02 progressed id=b",
        "a",
    ),
    "likely: the last stated": (
        "likely",
        "01 progressed probability=0 id=a / 02 progressed id=b",
        "a",
    ),
    "staged: the last step": (
        "staged",
        "01 captured / 02 offered to acme id=b / 03 contact by acme",
        "b",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_milestone_picks_its_event(case: str) -> None:
    name, line, expected = CASES[case]
    text = "\n".join(f"2026-01-{step[:2]} L1 {step[3:]}" for step in line.split(" / "))
    lead = life(text)

    picked = pick(MILESTONES[name], lead.events)
    assert expected == (None if picked is None else picked.event_id)
    assert picked is milestone_search(name)(lead.events, lead.shape)
    assert picked is getattr(lead, name, picked)


@pytest.mark.parametrize("name", MILESTONES)
def test_a_column_has_the_milestone_of_each_lead(name: str) -> None:
    events = history("""
        2026-01-01 never contact by acme
        2026-01-01 L1 captured 10 EUR expected_close_at=2026-05-01
        2026-01-02 L1 registered by acme
        2026-01-03 L1 offered to acme
        2026-01-04 L1 accepted by acme
        2026-01-05 L1 assigned agent=x
        2026-01-06 L1 responded automatic=yes
        2026-01-06 L1 responded
        2026-01-07 L1 progressed probability=0.5
        2026-01-08 L1 returned agent=x
        2026-01-09 L1 won
        2026-01-10 L2 won
        2026-01-11 L2 reopened
    """)
    leads = list(fold(events, as_of=at("2026-12-01")).values())

    assert [pick(MILESTONES[name], lead.events) for lead in leads] == milestone_column(name, leads)
    assert milestone_column(name, []) == []


@pytest.mark.parametrize(
    "names",
    [
        (),
        ("converted",),
        ("converted", "accepted"),
        ("won", "accepted", "converted"),
        (*MILESTONES,),
    ],
)
def test_several_milestones_at_once_are_each_alone(names: tuple[str, ...]) -> None:
    events = history("""
        2026-01-01 L1 captured 10 EUR
        2026-01-02 L1 progressed
        2026-01-03 L1 progressed sequence=1
        2026-01-03 L1 accepted by acme sequence=2
        2026-01-04 L1 won
        2026-01-01 L2 captured
        2026-01-02 L2 won
    """)
    leads = list(fold(events, as_of=at("2026-12-01")).values())

    assert [milestone_column(name, leads) for name in names] == milestone_columns(names)(leads)


def test_a_milestone_of_no_lead_in_particular_is_the_attribute_itself() -> None:
    assert LeadLifecycle.won is vars(LeadLifecycle)["won"]


def test_a_milestone_cannot_be_set() -> None:
    with pytest.raises(FrozenInstanceError):
        life("2026-01-01 L1 captured").won = None  # type: ignore[misc, assignment]


def test_every_milestone_has_a_case() -> None:
    assert set(MILESTONES) == {name for name, _, _ in CASES.values()}


def test_every_milestone_bears_its_name() -> None:
    assert list(MILESTONES) == [milestone.name for milestone in MILESTONES.values()]


def test_nothing_has_no_milestone() -> None:
    assert {pick(milestone, ()) for milestone in MILESTONES.values()} == {None}
