"""What a split refuses, and how it shows itself."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from partnerleads.errors import MixedCurrencyError, OptionError
from partnerleads.incentives import allocate
from partnerleads.plv import lifetime_value, plv_scores, potential, ranking_scores
from partnerleads.testing import at, history, money

BUDGET = money("1000 EUR")
TWO = {"acme": 3.0, "beta": 1.0}


@pytest.mark.parametrize(
    ("budget", "partners", "options", "words"),
    [
        (1000, TWO, {}, "budget=1000: pass Money"),
        (money("-1 EUR"), TWO, {}, "must not be negative"),
        (BUDGET, {}, {}, "names nobody"),
        (BUDGET, TWO, {"by": "scores"}, "did you mean 'score'"),
        (BUDGET, {"acme": -1}, {}, "acme=-1: must be a finite number of at least 0"),
        (BUDGET, {"acme": float("nan")}, {}, "acme=nan: must be a finite number"),
        (BUDGET, {"acme": True}, {}, "acme=True: pass a number"),
        (BUDGET, {"acme": "gold"}, {}, "acme='gold': pass a number"),
        (BUDGET, {"acme": 10**400}, {}, "acme=10+.*: must be a finite number"),
        (BUDGET, {"acme": Decimal("1e400")}, {}, "must be a finite number"),
        (BUDGET, {"acme": Decimal("sNaN")}, {}, "must be a finite number"),
        (
            BUDGET,
            {"acme": ["gold"]},
            {"by": "tier", "tier_weights": {"gold": 3}},
            "tiers with a weight are gold",
        ),
        (BUDGET, {"acme": 5}, {"by": "value"}, "acme=5: pass Money"),
        (BUDGET, {"acme": "gold"}, {"by": "tier"}, "state the weight of each tier"),
        (BUDGET, TWO, {"tier_weights": {"gold": 1}}, "goes with by='tier' alone"),
        (BUDGET, TWO, {"tier_weights": ["gold"]}, "goes with by='tier' alone"),
        (
            BUDGET,
            {"acme": "gold"},
            {"by": "tier", "tier_weights": ["gold"]},
            "state the weight of each tier",
        ),
        (BUDGET, {"acme": 1, 5: 2}, {}, "partners=.5.: must be the ids of partners"),
        (
            BUDGET,
            {"acme": "gold"},
            {"by": "tier", "tier_weights": {"gold": "3"}},
            "tier_weights='3': pass a number",
        ),
        (
            BUDGET,
            {"acme": "golden"},
            {"by": "tier", "tier_weights": {"gold": 3}},
            "did you mean 'gold'",
        ),
        (
            BUDGET,
            {"acme": "bronze"},
            {"by": "tier", "tier_weights": {"gold": 3}},
            "tiers with a weight are gold",
        ),
        (BUDGET, TWO, {"floors": {"core": BUDGET}}, "floors='core': is not among the partners$"),
        (BUDGET, TWO, {"caps": {"acme": 100}}, "caps=100: of acme: pass Money"),
        (BUDGET, TWO, {"floors": money("-1 EUR")}, "of acme: pass Money of at least 0"),
        (
            BUDGET,
            TWO,
            {"floors": {"acme": money("9 EUR")}, "caps": {"acme": money("8 EUR")}},
            "the floor of EUR 9.00 exceeds the cap of EUR 8.00",
        ),
        (
            BUDGET,
            TWO,
            {"floors": money("600 EUR")},
            "floors='EUR 1 200.00': in all exceed the budget of EUR 1 000.00",
        ),
        (
            BUDGET,
            TWO,
            {"caps": money("400 EUR")},
            "partners can have EUR 800.00 in all, less than the budget of EUR 1 000.00",
        ),
        (
            BUDGET,
            {"acme": 0},
            {},
            "by='score': nobody has a weight above 0; floors alone spend EUR 0.00 of the budget",
        ),
        (
            BUDGET,
            {"acme": None, "beta": 0},
            {"floors": money("100 EUR"), "caps": money("150 EUR")},
            "nobody has a weight above 0; floors alone spend EUR 200.00",
        ),
        (BUDGET, [money("5 EUR")], {"by": "value"}, "partners=.*: pass a mapping of ids"),
        (BUDGET, money("5 EUR"), {"by": "value"}, "partners=.*: pass a mapping of ids"),
        (BUDGET, TWO, {"floors": 100}, "floors=100: pass Money for all, or a mapping"),
        (
            BUDGET,
            TWO,
            {"floors": {"Acme": money("9 EUR")}},
            "floors='Acme': is not among the partners; did you mean 'acme'",
        ),
    ],
)
def test_what_cannot_be_split_is_refused(
    budget: Any, partners: Any, options: dict[str, Any], words: str
) -> None:
    with pytest.raises(OptionError, match=words):
        allocate(budget, partners, **options)


def test_currencies_of_limits_and_of_values_are_not_mixed() -> None:
    with pytest.raises(MixedCurrencyError):
        allocate(BUDGET, TWO, caps=money("400 USD"))
    with pytest.raises(MixedCurrencyError):
        allocate(BUDGET, {"acme": money("1 EUR"), "beta": money("1 USD")}, by="value")


def test_results_are_taken_as_they_are() -> None:
    scores = plv_scores(
        history("""
            2026-01-02 acme onboarded
            2026-01-03 acme certified security
            2026-01-04 beta onboarded
        """),
        as_of=at("2026-02-01"),
    )
    by_score = allocate(BUDGET, scores)
    by_tier = allocate(BUDGET, scores, by="tier", tier_weights={"registered": 1})

    assert {name: one.value for name, one in scores.items()} == {
        name: float(one.weight) for name, one in by_score.items()
    }
    assert [money("500 EUR")] * 2 == [*by_tier.amounts.values()]


LEFT = """
    2026-01-02 acme onboarded
    2026-01-03 acme certified security
    2026-01-04 L1   captured by acme
    2026-01-05 L1   won 9000 EUR margin=3000 EUR
    2026-01-02 beta onboarded
    2026-01-03 beta certified security
    2026-01-04 L2   captured by beta
    2026-01-05 L2   won 9000 EUR margin=3000 EUR
    2026-01-20 beta terminated
"""


@pytest.mark.parametrize("results", [plv_scores, ranking_scores, lifetime_value, potential])
@pytest.mark.parametrize("floors", [None, money("50 EUR"), {"acme": money("50 EUR")}])
def test_a_partner_that_left_gets_nothing(results: Callable[..., Any], floors: Any) -> None:
    found = results(history(LEFT), as_of=at("2026-02-01"))
    by: Any = "value" if results is lifetime_value else "score"
    split = allocate(BUDGET, found, by=by, floors=floors)

    assert {"acme": BUDGET, "beta": money("0 EUR")} == split.amounts
    assert "note: left the programme, so weight 0: beta" in str(split)


def test_a_floor_of_a_partner_that_left_is_refused() -> None:
    scores = plv_scores(history(LEFT), as_of=at("2026-02-01"))

    with pytest.raises(OptionError, match=r"floors='beta': left the programme, .*leave it out"):
        allocate(BUDGET, scores, floors={"beta": money("5 EUR")})


def test_no_events_leave_nobody_to_split_a_budget_over() -> None:
    with pytest.raises(OptionError, match="names nobody to split the budget over"):
        allocate(BUDGET, plv_scores((), as_of=at("2026-02-01")))


def test_a_budget_of_nothing_gives_everybody_nothing() -> None:
    split = allocate(money("0 EUR"), TWO)

    assert [money("0 EUR")] * 2 == [*split.amounts.values()]
    assert split.share_of("acme") is None
    assert "  -  weight 3" in str(split)


def test_a_split_prints_and_gives_rows() -> None:
    split = allocate(
        BUDGET,
        {"acme": 3.0, "beta": 1.0, "<core>": None},
        floors={"beta": money("300 EUR")},
        caps={"acme": money("900 EUR")},
    )

    assert len(split) == 3
    assert split.to_dicts()[2] == {
        "partner_id": "beta",
        "amount": money("300 EUR").amount,
        "currency": "EUR",
        "share": 0.3,
        "by": "score",
        "weight": 1.0,
        "floor": money("300 EUR").amount,
        "cap": None,
        "bound_by": "floor",
    }
    assert [None, money("900 EUR").amount, None] == [row["cap"] for row in split.to_dicts()]
    assert repr(split) == (
        "<EUR 1 000.00 over 3 partners by score\n"
        "  <core>    EUR 0.00   0.0 %  weight 0\n"
        "  acme    EUR 700.00  70.0 %  weight 3\n"
        "  beta    EUR 300.00  30.0 %  weight 1, held by its floor\n"
        "  note: no score stated, so weight 0: <core>>"
    )
    assert "<td>&lt;core&gt;</td>" in split._repr_html_()


@pytest.mark.parametrize("number", [np.int64, np.float32, np.float64, Decimal])
def test_scores_are_numbers_of_any_kind(number: Any) -> None:
    given = {name: number(score) for name, score in TWO.items()}

    assert allocate(BUDGET, TWO) == allocate(BUDGET, given)
