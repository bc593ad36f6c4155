"""Received against due, by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from partnerleads.errors import OptionError
from partnerleads.events import LeadRouted
from partnerleads.routing import (
    Dues,
    IsActive,
    KeepsRegistration,
    Pool,
    Prospect,
    Protection,
    Recipient,
    RoundRobin,
    RoutingContext,
    fairness,
    route,
)
from partnerleads.testing import at

NOW = at("2026-03-02")


def routed(
    number: int, chosen: str | None, *eligible: str, decision: str | None = None
) -> LeadRouted:
    return LeadRouted(
        event_id=f"r{number}",
        occurred_at=at(f"2026-03-{number:02}"),
        lead_id="L1" if decision else f"L{number}",
        decision_id=decision,
        eligible=eligible,
        chosen=chosen,
    )


FOUR = (
    routed(2, "acme", "acme", "beta"),
    routed(3, "acme", "acme", "beta", "corp"),
    routed(4, "beta", "beta"),
    routed(5, None),
)


def test_what_is_due_is_the_share_of_the_leads_one_was_eligible_for() -> None:
    found = fairness(FOUR)

    assert {
        "acme": Dues(eligible=2, received=2, due=Fraction(5, 6)),
        "beta": Dues(eligible=3, received=1, due=Fraction(11, 6)),
        "corp": Dues(eligible=1, received=0, due=Fraction(1, 3)),
    } == dict(found)
    assert Fraction(7, 6) == found["acme"].deviation
    assert "acme" == found.worst
    assert Fraction(7, 6) == found.worst_deviation
    assert (3, 1) == (found.n, found.others)


def test_weights_make_shares() -> None:
    found = fairness(FOUR, weights={"acme": 0.5, "corp": Fraction(3)})

    assert Fraction(1, 3) + Fraction(1, 9) == found["acme"].due
    assert Fraction(2, 3) == found["corp"].due


def test_one_decision_that_is_told_twice_counts_once() -> None:
    told = [
        routed(3, "beta", "acme", "beta", decision="d1"),
        routed(2, "acme", "acme", "beta", decision="d1"),
    ]

    assert 1 == fairness(told).n
    assert 1 == fairness(told)["acme"].received
    assert fairness(told) == fairness(reversed(told))


def test_a_lead_that_somebody_had_a_right_to_is_nobodys_turn() -> None:
    crowd = [Recipient(recipient_id=name) for name in ("acme", "beta")]
    pool = Pool(crowd, rules=(IsActive(), KeepsRegistration()))
    context = RoutingContext(as_of=NOW, protections={"L1": (Protection("beta", "e1"),)})
    made = []
    for lead_id in ("L1", "L2"):
        lead = Prospect(lead_id=lead_id)
        made.append(route(lead, pool=pool, router=RoundRobin(), context=context))
        context = context.after(made[-1])

    found = fairness([*made, *made])

    assert (1, 1) == (found.n, found.others)
    assert Dues(eligible=1, received=1, due=Fraction(1, 2)) == found["acme"]


def test_newcomers_are_told_apart() -> None:
    found = fairness(FOUR, newcomers=["corp", "beta"])

    assert 1 / 3 == found.newcomer_rate
    assert pytest.approx(13 / 18) == found.newcomer_due_rate
    assert [False, True, True] == [row["newcomer"] for row in found.to_dicts()]


def test_without_leads_there_is_nothing_to_be_fair_about() -> None:
    found = fairness([], newcomers=["corp"])

    assert found.worst is None
    assert Fraction(0) == found.worst_deviation
    assert found.newcomer_rate is None
    assert found.newcomer_due_rate is None
    assert "fairness over 0 leads and 0 recipients" == str(found)


def test_it_prints_and_flattens() -> None:
    found = fairness(FOUR, newcomers=["corp"])

    assert {
        "recipient_id": "acme",
        "eligible": 2,
        "received": 2,
        "due": 5 / 6,
        "deviation": 7 / 6,
        "newcomer": False,
    } == found.to_dicts()[0]
    assert (
        "fairness over 3 leads and 3 recipients; farthest from its share is acme by +1.17\n"
        "              received   due  deviation  eligible for\n"
        "  acme               2  0.83      +1.17             2\n"
        "  beta               1  1.83      -0.83             3\n"
        "  corp (new)         0  0.33      -0.33             1\n"
        "  note: newcomers got 0.0 %, due were 11.1 %\n"
        "  note: 1 lead cost no turn"
    ) == str(found)
    assert f"<{found}>" == repr(found)
    assert "<td>corp (new)</td><td>0</td>" in found._repr_html_()
    assert "<p>1 lead cost no turn</p>" in found._repr_html_()


def test_what_is_no_choice_is_refused() -> None:
    with pytest.raises(OptionError, match="pass decisions"):
        fairness(["L1"])  # type: ignore[list-item]


@pytest.mark.parametrize("weight", [float("nan"), float("inf"), -1, "1"])
def test_weights_that_are_none_are_refused(weight: Any) -> None:
    with pytest.raises(OptionError, match=r"weight=.*at least 0"):
        fairness([], weights={"acme": weight})
