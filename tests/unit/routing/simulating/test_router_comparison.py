"""Routers side by side: means, paired differences, and what is refused."""

from __future__ import annotations

from fractions import Fraction
from math import sqrt
from statistics import fmean, stdev

import pytest
from scipy.stats import t

from partnerleads import Money
from partnerleads.errors import MixedCurrencyError, OptionError
from partnerleads.model import FrozenMap
from partnerleads.routing import (
    Channel,
    LeastLoaded,
    Participant,
    Recipient,
    RoundRobin,
    RouterComparison,
    Simulation,
    Tally,
    compare_routers,
)


def run(
    seed: int, wins: int, *, newcomer: bool = False, leads: int = 10, currency: str = "EUR"
) -> Simulation:
    tally = Tally(
        recipient_id="a",
        newcomer=newcomer,
        received=5,
        fair_share=Fraction(4),
        wins=wins,
        expected_wins=float(wins),
        revenue=Money(wins * 100, currency),
        most_open=1,
    )
    return Simulation(
        router="R",
        seed=seed,
        leads=leads,
        unroutable=0,
        tallies=FrozenMap({"a": tally}),
        best_wins=9.0,
        worst_deviation=Fraction(1, 2),
        mean_load=None,
    )


def runs(*wins: int) -> list[Simulation]:
    return [run(seed, count) for seed, count in enumerate(wins)]


def test_differences_are_paired_by_seed_with_the_interval_of_students_t() -> None:
    one, other = (3, 5, 9, 4), (2, 5, 4, 1)
    found = RouterComparison({"a": runs(*one), "b": runs(*other)[::-1]})
    gaps = [1, 0, 5, 3]
    reach = t.ppf(0.975, 3) * stdev(gaps) / sqrt(4)

    told = found.difference("a", to="b", measure="wins")

    assert told.value == fmean(gaps)
    assert pytest.approx((fmean(gaps) - reach, fmean(gaps) + reach)) == told.interval
    assert (5.25, 3.0) == (found.mean("a", measure="wins"), found.mean("b", measure="wins"))
    assert (0, 1, 2, 3) == found.seeds


@pytest.mark.parametrize("confidence", [0.5, 0.9, 0.99, 0.9999])
@pytest.mark.parametrize("count", [2, 3, 10, 40])
def test_intervals_are_those_of_an_independent_t(confidence: float, count: int) -> None:
    wins = [seed * seed % 7 for seed in range(count)]
    found = RouterComparison({"a": runs(*wins), "b": runs(*[0] * count)}, confidence=confidence)
    reach = t.ppf((1 + confidence) / 2, count - 1) * stdev(wins) / sqrt(count)

    low, high = found.difference("a", to="b", measure="wins").interval or (0, 0)

    assert pytest.approx(2 * reach, rel=1e-9) == high - low


def test_where_all_differences_are_alike_there_is_no_interval() -> None:
    found = RouterComparison({"a": runs(3, 5), "b": runs(2, 4)})

    told = found.difference("a", to="b", measure="wins")

    assert (1.0, None, "no variation, so no interval") == (
        told.value,
        told.interval,
        told.undefined_because,
    )


def test_a_measure_that_some_seed_lacks_is_undefined() -> None:
    some = [run(0, 1, newcomer=True), run(1, 2)]
    found = RouterComparison({"a": some, "b": some})

    assert (1.25, None) == found.values("a", measure="newcomer_share")
    assert found.mean("a", measure="newcomer_share") is None
    told = found.difference("a", to="b", measure="newcomer_share")
    assert "newcomer_share is undefined for some of the seeds" == told.undefined_because


def test_revenue_is_compared_in_units() -> None:
    found = RouterComparison({"a": runs(3, 5)})

    assert (300.0, 500.0) == found.values("a", measure="revenue")
    assert (6.0, 4.0) == found.values("a", measure="regret")


def test_few_seeds_are_warned_of() -> None:
    assert ("9 seeds are few; ten or more tell more",) == RouterComparison(
        {"a": runs(*range(9))}
    ).warnings
    assert () == RouterComparison({"a": runs(*range(10))}).warnings


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "runs"),
        ({"a": runs(1)}, "seeds"),
        ({"a": [run(1, 1), run(1, 2)]}, "seeds"),
        ({"a": runs(1, 2), "b": runs(1, 2, 3)}, "runs"),
        ({"a": runs(1, 2), "b": [run(0, 1, leads=9), run(1, 1, leads=9)]}, "runs"),
    ],
)
def test_what_cannot_be_paired_is_refused(given: dict[str, list[Simulation]], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        RouterComparison(given)


def test_a_router_a_measure_or_a_confidence_that_is_none_is_refused() -> None:
    found = RouterComparison({"a": runs(1, 2)})

    with pytest.raises(OptionError, match="is none of a"):
        found.mean("b", measure="wins")
    with pytest.raises(OptionError, match="is none of wins"):
        found.mean("a", measure="luck")
    with pytest.raises(OptionError, match="confidence"):
        RouterComparison({"a": runs(1, 2)}, confidence=95)


def test_a_comparison_as_a_person_reads_it() -> None:
    found = RouterComparison({"a<": runs(4, 4), "b": runs(5, 6)})

    assert [
        "2 seeds of 10 leads; wins to expect more than a<, with 95 % t interval",
        "      wins  expected               more  revenue EUR  newcomers  deviation  unroutable",
        "  a<   4.0       4.0                  -          400          -       0.50           0",
        "  b    5.5       5.5  +1.5 [-4.9, +7.9]          550          -       0.50           0",
    ] == str(found).splitlines()[:-1]
    assert "  note: 2 seeds are few; ten or more tell more" == str(found).splitlines()[-1]
    assert f"<{found}>" == repr(found)
    page = found._repr_html_()
    assert "<td>a&lt;</td><td>4.0</td>" in page
    assert "<th>revenue EUR</th>" in page
    assert "<p>2 seeds are few; ten or more tell more</p>" in page


def test_rows_hold_every_measure_and_the_difference_to_the_first() -> None:
    rows = RouterComparison({"a": runs(4, 4), "b": runs(5, 6)}).to_dicts()
    row = next(row for row in rows if (row["router"], row["measure"]) == ("b", "wins"))

    assert 16 == len(rows)
    assert (2, 5.5, "a", 1.5) == (row["seeds"], row["mean"], row["to"], row["difference"])
    assert pytest.approx((-4.853, 7.853), abs=1e-3) == (row["low"], row["high"])
    assert rows[0]["low"] is None
    assert {"revenue": "EUR", "wins": None} == {
        str(row["measure"]): row["currency"]
        for row in rows
        if row["measure"] in {"revenue", "wins"}
    }


def test_revenue_in_several_currencies_is_not_compared() -> None:
    assert "EUR" == RouterComparison({"a": runs(4, 4)}).currency
    with pytest.raises(MixedCurrencyError, match="EUR, USD"):
        RouterComparison({"a": runs(4, 4), "b": [run(0, 4), run(1, 4, currency="USD")]})


def test_routers_are_simulated_on_the_same_leads_and_luck() -> None:
    people = [
        Participant(recipient=Recipient(recipient_id=name, capacity=2), close_rate=rate)
        for name, rate in (("a", 0.9), ("b", 0.1))
    ]
    channel = Channel(participants=people, leads=30, days_to_close=(0.1, 0.5))
    routers = {"once": RoundRobin(), "again": RoundRobin(), "other": LeastLoaded()}

    found = compare_routers(channel, routers, seeds=(3, 1), confidence=0.9)

    assert (1, 3) == found.seeds
    assert found.runs["once"] == found.runs["again"]
    assert (0.9, ["once", "again", "other"]) == (found.confidence, [*found.runs])


def test_large_revenues_are_grouped_as_amounts_are() -> None:
    found = RouterComparison({"a": runs(40, 50)})

    assert " 4 500 " in str(found).splitlines()[2]


def test_routers_without_names_or_seeds_without_number_are_refused() -> None:
    one = Participant(recipient=Recipient(recipient_id="a"), close_rate=0.5)
    channel = Channel(participants=[one], leads=2)

    with pytest.raises(OptionError, match="give each a name, such as"):
        compare_routers(channel, [RoundRobin()], seeds=range(2))  # type: ignore[arg-type]
    with pytest.raises(OptionError, match=r"seeds=3: pass several, such as range\(10\)"):
        compare_routers(channel, {"a": RoundRobin()}, seeds=3)  # type: ignore[arg-type]


def test_one_lead_is_told_as_one() -> None:
    found = RouterComparison({"a": [run(seed, 1, leads=1) for seed in (0, 1)]})

    assert str(found).startswith("2 seeds of 1 lead; wins to expect")
