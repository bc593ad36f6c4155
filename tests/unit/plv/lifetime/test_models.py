from __future__ import annotations

from itertools import accumulate
from typing import Any

import pytest

from partnerleads.errors import OptionError
from partnerleads.plv.lifetime import (
    BgBb,
    BgNbd,
    CredibleMean,
    GammaGamma,
    GammaPoisson,
    MbgNbd,
    ParetoNbd,
    Sbg,
)
from tests.unit.plv.lifetime.models import PARTNERS, seen

NEW = [one for one in PARTNERS if not isinstance(one, GammaPoisson)]
COUNTING = [one for one in NEW if not isinstance(one, ParetoNbd)]


@pytest.mark.parametrize("kind", [BgNbd, MbgNbd, GammaPoisson])
@pytest.mark.parametrize("bad", [0, -1, float("inf"), float("nan")])
@pytest.mark.parametrize("name", ["r", "alpha", "a", "b"])
def test_parameters_lie_above_0(kind: Any, bad: float, name: str) -> None:
    good = {"r": 1.0, "alpha": 2.0, "a": 1.0, "b": 1.0}

    with pytest.raises(OptionError, match=name):
        kind(**good | {name: bad})


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (ParetoNbd, ("r", "alpha", "s", "beta")),
        (BgBb, ("alpha", "beta", "gamma", "delta")),
        (GammaGamma, ("p", "q", "v")),
        (Sbg, ("a", "b")),
    ],
)
def test_parameters_of_other_models_lie_above_0(kind: Any, names: tuple[str, ...]) -> None:
    for name in names:
        with pytest.raises(OptionError, match=name):
            kind(**dict.fromkeys(names, 1.0) | {name: 0})


@pytest.mark.parametrize("model", PARTNERS, ids=lambda one: type(one).__name__)
def test_nobody_looks_back(model: Any) -> None:
    with pytest.raises(OptionError, match="time"):
        model.further_transactions(seen(1, 3, 5), -1)


@pytest.mark.parametrize("model", NEW, ids=lambda one: type(one).__name__)
def test_the_expected_count_of_no_time_is_0_and_of_time_before_now_refused(model: Any) -> None:
    assert 0 == model.expected_transactions(0)
    with pytest.raises(OptionError, match="time"):
        model.expected_transactions(-1)


@pytest.mark.parametrize("model", COUNTING, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("time", [1, 6, 20])
def test_chances_of_counts_add_up_to_1_and_to_the_expected_count(model: Any, time: int) -> None:
    most = time if isinstance(model, BgBb) else 400
    chances = [model.count_probability(count, time) for count in range(most + 1)]

    assert pytest.approx(1) == sum(chances)
    assert pytest.approx(model.expected_transactions(time)) == sum(
        count * chance for count, chance in enumerate(chances)
    )


@pytest.mark.parametrize("model", [BgNbd, MbgNbd])
def test_a_beta_weight_of_1_is_nothing_special(model: Any) -> None:
    near, at = (model(r=0.5, alpha=4, a=a, b=2) for a in (1 + 1e-9, 1))
    history = seen(3, 20, 30)

    assert pytest.approx(near.expected_transactions(30)) == at.expected_transactions(30)
    assert pytest.approx(near.further_transactions(history, 30)) == at.further_transactions(
        history, 30
    )


def test_a_pareto_shape_of_1_is_nothing_special() -> None:
    near, at = (ParetoNbd(r=0.5, alpha=4, s=s, beta=9) for s in (1 + 1e-9, 1))

    assert pytest.approx(near.expected_transactions(30)) == at.expected_transactions(30)


def test_bg_bb_weight_of_1_on_leaving_is_nothing_special() -> None:
    near, at = (BgBb(alpha=1, beta=1, gamma=g, delta=3) for g in (1 + 1e-9, 1))

    assert pytest.approx(near.expected_transactions(9)) == at.expected_transactions(9)


@pytest.mark.parametrize("alpha", [0.001, 1, 1000])
@pytest.mark.parametrize("beta", [0.002, 1.1, 5000])
@pytest.mark.parametrize("history", [(0, 0, 40), (1, 0.5, 40), (12, 30, 40), (60, 35, 40)])
def test_pareto_chance_to_be_active_as_scipy_integrates_it(
    alpha: float, beta: float, history: tuple[int, float, float]
) -> None:
    integrate = pytest.importorskip("scipy.integrate")
    model, one = ParetoNbd(r=0.6, alpha=alpha, s=0.7, beta=beta), seen(*history)
    shape = model.r + one.repeats
    places = [one.last + 10.0**n * min(alpha, beta) for n in range(-2, 9)]

    def left_at(time: float) -> float:
        bought = ((alpha + one.age) / (alpha + time)) ** shape
        stayed = ((beta + one.age) / (beta + time)) ** model.s
        return float(model.s * bought * stayed / (beta + time))

    odds = sum(
        integrate.quad(left_at, low, high, epsabs=0, epsrel=1e-11, limit=500)[0]
        for low, high in zip(
            [one.last, *(p for p in places if p < one.age)],
            [*(p for p in places if p < one.age), one.age],
            strict=True,
        )
    )

    assert pytest.approx(1 / (1 + odds), rel=1e-8) == model.alive_probability(one)


def test_who_just_bought_is_active_where_leaving_takes_time() -> None:
    assert 1.0 == PARTNERS[3].alive_probability(seen(4, 9, 9))


def test_discounted_transactions_of_all_time_near_those_of_a_long_time() -> None:
    model, history = ParetoNbd(r=0.6, alpha=10, s=2.5, beta=20), seen(4, 20, 30)

    # without much interest the sum is the expected count of a very long time
    assert pytest.approx(model.further_transactions(history, 1e7), rel=1e-4) == (
        model.discounted_transactions(history, 1e-8)
    )


@pytest.mark.parametrize("beta", [1e3, 1e6, 1e12])
def test_discounted_transactions_of_somebody_who_hardly_ever_leaves(beta: float) -> None:
    model = ParetoNbd(r=0.6, alpha=10, s=1e-3, beta=beta)

    # close to a steady rate for ever: (r + x) / (alpha + T) / discount
    assert pytest.approx(4.6 / 40 / 0.01, rel=1e-3) == (
        model.discounted_transactions(seen(4, 20, 30), 0.01)
    )


@pytest.mark.parametrize("discount", [0, -0.1, float("inf")])
def test_a_sum_without_end_needs_interest(discount: float) -> None:
    with pytest.raises(OptionError, match="discount"):
        PARTNERS[3].discounted_transactions(seen(1, 2, 3), discount)  # type: ignore[union-attr]


def test_mean_amounts_that_are_infinite_are_none() -> None:
    wide = GammaGamma(p=0.2, q=0.7, v=10)

    assert wide.mean_amount is None
    assert wide.expected_amount(0, 0) is None
    assert wide.expected_amount(1, 5.0) is None
    assert pytest.approx(0.2 * (10 + 4 * 5) / 0.5) == wide.expected_amount(4, 5.0)


def test_mean_amounts_of_nobody_and_of_nothing_are_refused() -> None:
    model = GammaGamma(p=6.25, q=3.74, v=15.44)

    with pytest.raises(OptionError, match="CredibleMean"):
        model.expected_amount(3, -5.0)
    with pytest.raises(OptionError, match="count"):
        model.expected_amount(-1, 5.0)


@pytest.mark.parametrize("history", [(2, 3.5, 6), (2, 3, 6.5), (4, 3, 6)])
def test_occasions_are_whole_and_count_once(history: tuple[int, float, float]) -> None:
    with pytest.raises(OptionError, match="occasion"):
        PARTNERS[4].alive_probability(seen(*history))


def test_parts_of_an_occasion_count_in_proportion() -> None:
    model, history = PARTNERS[4], seen(2, 4, 6)
    one, two = (model.further_transactions(history, time) for time in (1, 2))

    assert pytest.approx((one + two) / 2) == model.further_transactions(history, 1.5)


def test_a_cohort_shrinks_by_its_retention_rates() -> None:
    model = Sbg(a=0.668, b=3.806)
    kept = list(accumulate((model.retention_rate(n) for n in range(1, 9)), lambda x, y: x * y))

    assert pytest.approx(kept) == [model.survival_probability(n) for n in range(1, 9)]
    assert pytest.approx(1 - kept[-1]) == sum(model.leaving_probability(n) for n in range(1, 9))


def test_a_credible_mean_needs_a_strength_above_0() -> None:
    with pytest.raises(OptionError, match="strength"):
        CredibleMean(strength=0)
