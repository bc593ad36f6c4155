"""Laws of turns: fair shares in a static pool, newcomers, absence, and the carpool share."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerleads.routing import (
    IsActive,
    KeepsRegistration,
    Pool,
    Prospect,
    Protection,
    Recipient,
    RoundRobin,
    RoutingContext,
    route,
)
from partnerleads.routing.turns import turn_of
from partnerleads.testing import RouterCase, router_checks
from partnerleads.testing.router_checks import RouterCheck
from tests.properties.routing_cases import NOW, cases

FAIR = [check for check in router_checks() if check.claim == "rotation"]

weights = st.lists(st.sampled_from([0.5, 1, 1, 2, 3, 7]), min_size=1, max_size=6)


class Rotation:
    """A round robin that goes on over changing pools."""

    def __init__(self) -> None:
        self.context = RoutingContext(as_of=NOW)
        self.counts: Counter[str] = Counter()
        self.shares: Counter[str] = Counter()

    def turn(self, present: dict[str, float]) -> str:
        """One lead to whoever is present, by weight."""
        pool = Pool([Recipient(recipient_id=name, weight=w) for name, w in present.items()])
        lead = Prospect(lead_id=f"L{self.context.turn}")
        decision = route(lead, pool=pool, router=RoundRobin(), context=self.context)
        self.context = self.context.after(decision)
        self.counts[str(decision.chosen)] += 1
        for name, share in decision.charge.shares.items():
            self.shares[name] += share  # type: ignore[assignment]
        return str(decision.chosen)


def named(values: list[float]) -> dict[str, float]:
    return {chr(97 + place): weight for place, weight in enumerate(values)}


@given(weights, st.lists(st.fractions(-2, 2, max_denominator=60), max_size=6))
def test_credits_in_units_are_what_is_saved_and_the_share(
    values: list[float], saved: list[Fraction]
) -> None:
    crowd = [Recipient(recipient_id=name, weight=w) for name, w in named(values).items()]
    before = {chr(97 + place): credit for place, credit in enumerate(saved)}
    turn = turn_of(crowd)
    earned = turn.earned(before)

    assert [*earned.units] == [*turn.shares]
    assert sum(earned.shares.values()) == earned.per_turn
    for name, share in turn.shares.items():
        assert share == earned.share(name)
        assert before.get(name, 0) + share == earned.turns(name)


@pytest.mark.parametrize("check", FAIR, ids=lambda check: check.name)
def test_round_robin_keeps_the_law_of_rotations(check: RouterCheck) -> None:
    @settings(max_examples=max(settings.default.max_examples // min(check.effort, 5), 2))
    @given(cases())
    def holds(case: RouterCase) -> None:
        assert check.law(RoundRobin, case) is None

    holds()


@given(st.lists(st.frozensets(st.sampled_from("abcde"), min_size=1), max_size=30))
def test_credits_add_up_to_zero_and_are_share_less_count(days: list[frozenset[str]]) -> None:
    rotation = Rotation()
    for present in days:
        rotation.turn(dict.fromkeys(sorted(present), 1.0))
        saved = rotation.context.credits

        assert 0 == sum(saved.values())
        assert all(rotation.shares[name] - rotation.counts[name] == saved[name] for name in saved)


@given(st.lists(st.frozensets(st.sampled_from("abcde"), min_size=1), max_size=60))
def test_counts_stay_near_the_carpool_share_whoever_is_away(days: list[frozenset[str]]) -> None:
    rotation = Rotation()
    for present in days:
        rotation.turn(dict.fromkeys(sorted(present), 1.0))

        assert all(
            abs(rotation.counts[name] - rotation.shares[name]) <= Fraction(5 - 1, 2)
            for name in rotation.shares
        )


@given(weights, st.integers(0, 20), st.integers(1, 20))
def test_leads_that_come_while_somebody_is_away_change_none_of_its_credit(
    values: list[float], before: int, away: int
) -> None:
    rotation = Rotation()
    everybody = {**named(values), "z": 1.0}
    for _ in range(before):
        rotation.turn(everybody)
    saved = rotation.context.credits.get("z", 0)
    for _ in range(away):
        rotation.turn(named(values))

    assert saved == rotation.context.credits.get("z", 0)


@given(st.booleans(), st.integers(1, 5))
def test_a_registered_lead_takes_a_turn_only_where_the_pool_says_so(
    charged: bool,  # noqa: FBT001 - hypothesis draws it
    leads: int,
) -> None:
    pool = Pool(
        [Recipient(recipient_id=name) for name in "ab"],
        rules=(IsActive(), KeepsRegistration()),
        charge_steered=charged,
    )
    held = {f"L{number}": (Protection("a", "r1"),) for number in range(leads)}
    context = RoutingContext(as_of=NOW, protections=held)
    for lead_id in held:
        decision = route(Prospect(lead_id=lead_id), pool=pool, router=RoundRobin(), context=context)
        context = context.after(decision)

        assert ("a", ("registration",)) == (decision.chosen, decision.steered)
        assert charged == (decision.charge.payer == "a")
    assert all(credit == 0 for credit in context.credits.values())
