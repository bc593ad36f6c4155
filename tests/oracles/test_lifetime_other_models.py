"""Amounts, occasions and renewals: published figures of Gamma-Gamma, BG/BB and sBG."""

from __future__ import annotations

import pytest

from partnerleads.plv.lifetime import BgBb, Fit, GammaGamma, Sbg
from tests.oracles.lifetime_data import cdnow_spending, donors, seen


@pytest.fixture(scope="module")
def gamma_gamma() -> Fit[GammaGamma]:
    return GammaGamma.fit([one for one in cdnow_spending() if one[0]])


@pytest.fixture(scope="module")
def bg_bb() -> Fit[BgBb]:
    return BgBb.fit(donors())


def test_gamma_gamma_fit_of_fader_and_hardie_2013(gamma_gamma: Fit[GammaGamma]) -> None:
    # "The Gamma-Gamma model of monetary value", note 25: 946 customers who came back; the package
    # CLVTools has -4055.9177 on amounts that are not rounded
    model = gamma_gamma.model

    assert pytest.approx((6.25, 3.74, 15.44), abs=1e-2) == (model.p, model.q, model.v)
    assert pytest.approx(-4055.9177, abs=1e-2) == gamma_gamma.log_likelihood
    assert 946 == gamma_gamma.n


def test_gamma_gamma_conditional_means_of_note_25() -> None:
    # the printed ones are of parameters with fewer digits, so they agree to a tenth
    model = GammaGamma(p=6.25, q=3.74, v=15.44)
    expected = [model.expected_amount(*one) for one in cdnow_spending()[:10]]
    exact = [24.664, 18.917, 35.219, 35.219, 35.219, 71.470, 18.917, 35.219, 27.288, 35.219]

    assert exact == [None if one is None else round(one, 3) for one in expected]
    assert pytest.approx(
        [24.65, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17], abs=0.1
    ) == [*expected]


def test_gamma_gamma_conditional_means_with_the_fitted_parameters(
    gamma_gamma: Fit[GammaGamma],
) -> None:
    expected = [gamma_gamma.model.expected_amount(*one) for one in cdnow_spending()[:10]]

    assert pytest.approx(
        [24.65, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17], abs=0.01
    ) == [*expected]


def test_bg_bb_fit_of_fader_hardie_and_shang_2010(bg_bb: Fit[BgBb]) -> None:
    model = bg_bb.model

    assert 11104 == bg_bb.n
    assert (1.204, 0.750, 0.657, 2.783) == (
        round(model.alpha, 3),
        round(model.beta, 3),
        round(model.gamma, 3),
        round(model.delta, 3),
    )
    assert -33225.6 == round(bg_bb.log_likelihood, 1)


def test_bg_bb_chances_to_be_active_of_fader_hardie_and_shang_2010(bg_bb: Fit[BgBb]) -> None:
    donor = [seen(0, 0, 6), seen(2, 4, 6), seen(6, 6, 6)]

    assert [0.11, 0.59, 0.93] == [round(bg_bb.model.alive_probability(one), 2) for one in donor]


def test_bg_bb_donations_of_the_next_five_years_of_fader_hardie_and_shang_2010(
    bg_bb: Fit[BgBb],
) -> None:
    in_all = sum(bg_bb.model.further_transactions(one, 5) for one in donors())

    assert 12884.2 == round(in_all, 1)


def test_bg_bb_donors_by_donations_of_fader_hardie_and_shang_2010(bg_bb: Fit[BgBb]) -> None:
    counts = [11104 * bg_bb.model.count_probability(repeats, 6) for repeats in (0, 6)]

    assert [3454.9, 1253.1] == [round(one, 1) for one in counts]


@pytest.mark.parametrize(
    ("remaining", "a", "b", "log_likelihood"),
    [
        ([1000, 631, 468, 382, 326, 289, 262, 241], 0.704, 1.182, -1680.3),
        ([1000, 869, 743, 653, 593, 551, 517, 491], 0.668, 3.806, -1611.2),
        ([1000, 631, 468, 382, 326], 0.764, 1.296, -1401.6),
    ],
)
def test_sbg_fits_of_fader_and_hardie_2007(
    remaining: list[int], a: float, b: float, log_likelihood: float
) -> None:
    # "How to project customer retention": regular and high-end customers, and regular ones after
    # four renewals; some packages test the first with 0.688 and a tolerance of a tenth
    fit = Sbg.fit(remaining)

    assert (a, b) == (round(fit.model.a, 3), round(fit.model.b, 3))
    assert log_likelihood == round(fit.log_likelihood, 1)
