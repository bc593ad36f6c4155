from __future__ import annotations

from random import Random

import pytest

from partnerleads.errors import OptionError
from partnerleads.plv.lifetime import (
    LEAST_HISTORIES,
    BgBb,
    BgNbd,
    GammaGamma,
    MbgNbd,
    ParetoNbd,
    Sbg,
)
from partnerleads.plv.lifetime.fitting import fitted
from tests.unit.plv.lifetime.models import seen, simulated

EIGHT = [seen(n % 4, n % 4, 40) for n in range(8)]


@pytest.mark.parametrize("kind", [BgNbd, MbgNbd, ParetoNbd, BgBb])
def test_a_fit_on_few_histories_is_refused_and_names_what_to_do(
    kind: type[BgNbd | MbgNbd | ParetoNbd | BgBb],
) -> None:
    with pytest.raises(OptionError) as caught:
        kind.fit(EIGHT)

    assert ("histories", 8) == (caught.value.name, caught.value.value)
    assert f"at least {LEAST_HISTORIES}" in str(caught.value)
    assert "GammaPoisson" in str(caught.value)


@pytest.mark.parametrize("kind", [BgNbd, MbgNbd, ParetoNbd, BgBb])
def test_a_fit_on_people_who_never_came_back_is_refused(
    kind: type[BgNbd | MbgNbd | ParetoNbd | BgBb],
) -> None:
    with pytest.raises(OptionError, match="repeats=0"):
        kind.fit([seen(0, 0, 40)] * 300)


def test_the_parameters_of_simulated_histories_are_found_within_their_doubt() -> None:
    fit = MbgNbd.fit(simulated(Random(7), 3000))
    truth = {"r": 1.2, "alpha": 12.0, "a": 0.8, "b": 2.5}

    assert () == fit.runaway
    for name, value in truth.items():
        assert abs(getattr(fit.model, name) - value) < 3 * fit.standard_errors[name]


def test_parameters_that_the_data_do_not_tell_are_named() -> None:
    # everybody alike and none left: rates do not vary, so r grows without end
    fit = BgNbd.fit([seen(10, 50, 50)] * 300)

    assert "r" in fit.runaway
    assert {} == fit.standard_errors


def test_the_unit_of_time_changes_only_parameters_that_are_times() -> None:
    weeks = simulated(Random(3), 400)
    days = [seen(one.repeats, 7 * one.last, 7 * one.age) for one in weeks]
    first, second = MbgNbd.fit(weeks).model, MbgNbd.fit(days).model

    assert pytest.approx(7 * first.alpha, rel=1e-4) == second.alpha
    assert pytest.approx((first.r, first.a, first.b), rel=1e-4) == (second.r, second.a, second.b)


def test_equal_histories_count_as_often_as_they_come() -> None:
    histories = simulated(Random(5), 300)

    assert MbgNbd.fit(histories).model == MbgNbd.fit(histories[::-1]).model
    doubled = MbgNbd.fit(histories * 2)
    assert 600 == doubled.n
    assert pytest.approx(2 * MbgNbd.fit(histories).log_likelihood) == doubled.log_likelihood


def test_a_fit_of_occasions_takes_only_whole_ones() -> None:
    with pytest.raises(OptionError, match="history of occasions"):
        BgBb.fit([seen(1, 1.5, 6)] * 300)


def test_amounts_are_fitted_above_0_and_where_somebody_had_two() -> None:
    with pytest.raises(OptionError, match="CredibleMean"):
        GammaGamma.fit([(2, 10.0)] * 8)
    with pytest.raises(OptionError, match="mean=-1"):
        GammaGamma.fit([(2, 10.0)] * 300 + [(2, -1.0)])
    with pytest.raises(OptionError, match="amounts=0"):
        GammaGamma.fit([(2, 10.0)] * 300 + [(0, 1.0)])
    with pytest.raises(OptionError, match="means of two amounts"):
        GammaGamma.fit([(1, 10.0)] * 300)


@pytest.mark.parametrize(
    ("remaining", "name"),
    [
        ([1000, 600], "renewals"),
        ([299, 200, 100], "remaining"),
        ([1000, 600, 700], "remaining"),
        ([1000, 600, -1], "remaining"),
        ([1000, 1000, 1000], "lost"),
    ],
)
def test_a_cohort_that_tells_nothing_is_refused(remaining: list[int], name: str) -> None:
    with pytest.raises(OptionError) as caught:
        Sbg.fit(remaining)

    assert name == caught.value.name


def test_a_likelihood_without_a_peak_has_no_standard_errors() -> None:
    fit = fitted(lambda p, q: (p, q), {"p": 1.0, "q": 1.0}, lambda _: 0.0, n=300)

    assert {} == fit.standard_errors


def test_a_saddle_has_no_standard_errors() -> None:
    # of the product alone nothing can be told apart
    fit = fitted(
        lambda p, q: (p, q), {"p": 1.0, "q": 1.0}, lambda m: -((m[0] * m[1] - 2) ** 2), n=300
    )

    assert {} == fit.standard_errors
