"""A channel simulated under a router, by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from attrs import field, frozen

from partnerleads import Money
from partnerleads.errors import OptionError
from partnerleads.routing import (
    ByPerformance,
    ByPlv,
    Candidates,
    Channel,
    HasExpertise,
    IsActive,
    KnownResult,
    LeadScores,
    LeastLoaded,
    Outcome,
    Participant,
    Preference,
    Prospect,
    Ranked,
    Recipient,
    RoundRobin,
    RoutingContext,
    simulate,
)


def member(
    name: str, rate: float, *, capacity: int | None = None, knows: Sequence[str] = (), **rest: Any
) -> Participant:
    recipient = Recipient(recipient_id=name, capacity=capacity, expertise=knows)
    return Participant(recipient=recipient, close_rate=rate, **rest)


def daily(*members: Participant, leads: int, delay: float, **rest: Any) -> Channel:
    """A lead a day, the first on day 1, each open for the same time."""
    return Channel(
        participants=members,
        leads=leads,
        leads_per_day=1,
        evenly=True,
        days_to_close=(delay, delay),
        **rest,
    )


@frozen
class Spy:
    """A round robin that keeps what it was shown."""

    seen: list[tuple[list[str], RoutingContext]] = field(factory=list, eq=False)

    def rank(self, lead: Prospect, candidates: Candidates, context: RoutingContext, /) -> Any:
        self.seen.append(([one.recipient_id for one in candidates], context))
        return RoundRobin().rank(lead, candidates, context)


def test_who_always_wins_wins_all() -> None:
    channel = daily(member("a", 1.0), member("b", 1.0), leads=20, delay=5)

    found = simulate(channel, router=RoundRobin(), seed=1)

    assert (20, 20.0, 0.0, 0) == (found.wins, found.expected_wins, found.regret, found.unroutable)
    assert Money("200000", "EUR") == found.revenue


def test_who_is_full_takes_no_lead_until_one_is_closed() -> None:
    # a lead of day 1 is open until day 4: of each three days one lead is taken
    channel = daily(member("a", 0.5, capacity=1), leads=9, delay=3)

    found = simulate(channel, router=RoundRobin(), seed=1)

    assert (3, 6, 1) == (found.routed, found.unroutable, found.tallies["a"].most_open)
    assert 6 / 9 == found.mean_load
    # the best would have won half of all nine; three were taken
    assert (4.5, 1.5, 3.0) == (found.best_wins, found.expected_wins, found.regret)


def test_outcomes_are_known_when_their_delay_is_over() -> None:
    spy = Spy()
    simulate(daily(member("a", 1.0), leads=6, delay=2.5), router=spy, seed=1)

    # leads of days 1, 2, 3 close on days 3.5, 4.5, 5.5
    assert [0, 0, 0, 1, 2, 3] == [context.outcomes["a"].wins for _, context in spy.seen]
    assert [0, 1, 2, 2, 2, 2] == [context.load.get("a", 0) for _, context in spy.seen]


def test_the_moments_and_turns_count_on() -> None:
    spy = Spy()
    start = datetime(2026, 3, 1, tzinfo=UTC)
    channel = daily(member("a", 1.0), leads=2, delay=1, starts_at=start)
    simulate(channel, router=spy, seed=7)
    contexts = [context for _, context in spy.seen]

    assert [start + timedelta(days=1), start + timedelta(days=2)] == [c.as_of for c in contexts]
    assert [(0, 7), (1, 7)] == [(c.turn, c.seed) for c in contexts]


def test_a_newcomer_gets_its_share_from_the_day_it_joins() -> None:
    channel = daily(member("a", 0.5), member("n", 0.5, joins_on=4), leads=9, delay=1)
    spy = Spy()

    found = simulate(channel, router=spy, seed=1)
    new = found.tallies["n"]

    assert [["a"]] * 3 + [["a", "n"]] * 6 == [names for names, _ in spy.seen]
    assert (True, 3, Fraction(3)) == (new.newcomer, new.received, new.fair_share)
    assert (1.0, Fraction(1, 2)) == (found.newcomer_share, found.worst_deviation)


def test_a_channel_without_newcomers_has_no_newcomer_share() -> None:
    found = simulate(daily(member("a", 0.5), leads=3, delay=1), router=RoundRobin(), seed=1)

    assert found.newcomer_share is None


def test_a_newcomer_that_comes_after_all_leads_has_no_share() -> None:
    channel = daily(member("a", 0.5), member("n", 0.5, joins_on=99), leads=3, delay=1)

    assert simulate(channel, router=RoundRobin(), seed=1).newcomer_share is None


def test_where_somebody_has_no_limit_there_is_no_load() -> None:
    channel = daily(member("a", 0.5, capacity=3), member("b", 0.5), leads=3, delay=1)

    assert simulate(channel, router=RoundRobin(), seed=1).mean_load is None


def test_where_all_have_no_room_at_all_there_is_no_load() -> None:
    found = simulate(daily(member("a", 1.0, capacity=0), leads=3, delay=1), router=Spy(), seed=1)

    assert (3, None, Fraction(0)) == (found.unroutable, found.mean_load, found.worst_deviation)


def test_rules_other_than_capacity_bound_the_best_that_was_possible() -> None:
    people = (member("a", 0.9), member("b", 0.5, knows=["steel"]))
    channel = daily(*people, leads=4, delay=1, industries={"steel": 1})
    rules = (IsActive(), HasExpertise())

    found = simulate(channel, router=RoundRobin(), seed=1, rules=rules)

    assert (2.0, 4) == (found.best_wins, found.tallies["b"].received)


def test_a_close_rate_changes_on_its_day() -> None:
    one = member("a", 1.0, changes_on=3, change=0.25)

    found = simulate(daily(one, leads=4, delay=1), router=RoundRobin(), seed=1)

    assert (2.5, 2.5) == (found.expected_wins, found.best_wins)


def test_a_record_is_known_from_the_first_lead_on() -> None:
    people = (
        member("a", 0.5, record=Outcome(wins=1, losses=9)),
        member("b", 0.5, record=Outcome(wins=9, losses=1)),
    )
    for router in (ByPerformance(), ByPlv()):
        found = simulate(daily(*people, leads=3, delay=99), router=router, seed=1)

        assert {"a": 0, "b": 3} == {name: one.received for name, one in found.tallies.items()}


def watched(sizes: list[tuple[int, int]]) -> Callable[..., LeadScores]:
    """Notes how many results and recipients scores were made from."""

    def scores(known: Sequence[KnownResult], recipients: Sequence[Recipient]) -> LeadScores:
        sizes.append((len(known), len(recipients)))
        return lambda _: {}

    return scores


def test_scores_are_made_anew_every_few_days() -> None:
    channel = daily(member("a", 1.0), member("n", 1.0, joins_on=5), leads=9, delay=1)
    weekly: list[tuple[int, int]] = []
    simulate(channel, router=LeastLoaded(), seed=1, scores=watched(weekly), refresh_days=4)
    always: list[tuple[int, int]] = []
    simulate(channel, router=LeastLoaded(), seed=1, scores=watched(always), refresh_days=0)

    # on days 1, 4 and 8; a lead of day 3 closes on day 4
    assert [(0, 1), (3, 1), (7, 2)] == weekly
    assert 9 == len(always)


@pytest.mark.parametrize("days", [-1, float("nan"), float("inf")])
def test_scores_are_refreshed_in_days(days: float) -> None:
    channel = daily(member("a", 1.0), leads=1, delay=1)
    with pytest.raises(OptionError, match="refresh_days"):
        simulate(channel, router=RoundRobin(), seed=1, refresh_days=days)


def test_a_class_is_no_router() -> None:
    channel = daily(member("a", 1.0), leads=1, delay=1)
    with pytest.raises(OptionError, match="RoundRobin"):
        simulate(channel, router=RoundRobin, seed=1)  # type: ignore[arg-type]


def test_a_router_that_names_nobody_leaves_the_lead() -> None:
    class Nobody:
        def rank(self, *_: object) -> list[Ranked]:
            return []

    found = simulate(daily(member("a", 1.0), leads=2, delay=1), router=Nobody(), seed=1)

    assert (2, 0, "Nobody") == (found.unroutable, found.wins, found.router)


def test_a_simulation_as_a_person_reads_it() -> None:
    people = (member("a", 1.0, capacity=9), member("n<", 0.0, capacity=9, joins_on=2.5))
    found = simulate(daily(*people, leads=6, delay=1.5), router=RoundRobin(), seed=3)
    fair = "worst deviation 0.50 leads, newcomers at 1.00 of their share"

    assert [
        "RoundRobin, seed 3: 4 won of 6 leads, 0 unroutable, EUR 40 000.00",
        f"  expected wins 4.0, regret 2.0, {fair}, 6 % of capacity in use",
        "  a         4 leads of 4.0, 4 won",
        "  n< (new)  2 leads of 2.0, 0 won",
    ] == str(found).splitlines()
    assert f"<{found}>" == repr(found)
    assert "<td>n&lt; (new)</td><td>2 leads of 2.0, 0 won</td>" in found._repr_html_()
    assert {
        "router": "RoundRobin",
        "seed": 3,
        "recipient_id": "n<",
        "newcomer": True,
        "received": 2,
        "fair_share": 2.0,
        "wins": 0,
        "expected_wins": 0.0,
        "revenue": Money("0", "EUR").amount,
        "currency": "EUR",
        "most_open": 1,
    } == found.to_dicts()[1]


def test_a_simulation_without_newcomers_or_limits_says_nothing_of_them() -> None:
    found = simulate(daily(member("a", 1.0), leads=1, delay=1), router=RoundRobin(), seed=3)

    assert "  expected wins 1.0, regret 0.0, worst deviation 0.00 leads" in str(found).splitlines()


def test_no_router_beats_the_best_choices_where_a_wish_gave_way() -> None:
    """The expert is full with the first lead, so the wish gives way to somebody better."""
    knows = member("knows", 0.1, capacity=1, knows=["steel"])
    channel = daily(knows, member("good", 0.5), leads=3, delay=9, industries={"steel": 1.0})
    found = simulate(
        channel, router=RoundRobin(), seed=1, preferences=(Preference(HasExpertise()),)
    )

    assert (1, 2) == tuple(found.tallies[name].received for name in ("knows", "good"))
    assert (1.5, 1.1) == (found.best_wins, found.expected_wins)


def test_one_lead_is_told_as_one() -> None:
    told = str(simulate(daily(member("a", 1.0), leads=1, delay=1.0), router=RoundRobin(), seed=1))

    assert "RoundRobin, seed 1: 1 won of 1 lead, 0 unroutable" in told
    assert "\n  a  1 lead of 1.0, 1 won" in told
