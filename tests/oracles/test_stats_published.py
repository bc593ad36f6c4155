"""Priors against what text books print."""

from __future__ import annotations

from statistics import mean, stdev

import pytest

from partnerleads.stats import beta_prior_from_mean

# Gelman et al. 2013, Bayesian Data Analysis, table 5.1, after Tarone 1982: rats that developed a
# tumour, of those in a control group, in 70 historical experiments
RATS = """
    0/20 0/20 0/20 0/20 0/20 0/20 0/20 0/19 0/19 0/19 0/19 0/18 0/18 0/17
    1/20 1/20 1/20 1/20 1/19 1/19 1/18 1/18 2/25 2/24 2/23 2/20 2/20 2/20
    2/20 2/20 2/20 1/10 5/49 2/19 5/46 3/27 2/17 7/49 7/47 3/20 3/20 2/13
    9/48 10/50 4/20 4/20 4/20 4/20 4/20 4/20 4/20 10/48 4/19 4/19 4/19 5/22
    11/46 12/49 5/20 5/20 6/23 5/19 6/22 6/20 6/20 6/20 16/52 15/46 15/47 9/24
"""


def test_rat_tumours_by_moments_as_in_bayesian_data_analysis() -> None:
    # chapter 5.1: mean .136 and sd .103 of the 70 shares, so Beta(1.4, 8.6)
    groups = [one.split("/") for one in RATS.split()]
    shares = [int(hits) / int(of) for hits, of in groups]
    prior = beta_prior_from_mean(mean(shares), sd=stdev(shares))

    assert (70, 0.136, 0.103) == (len(shares), round(mean(shares), 3), round(stdev(shares), 3))
    assert (1.4, 8.6) == (round(prior.a, 1), round(prior.b, 1))
    # the current experiment, 4 of 14: Beta(5.4, 18.6), of mean .223 and sd .083
    assert pytest.approx(0.223, abs=1e-3) == prior.posterior_mean(4, 14)


def test_rat_tumours_from_the_rounded_mean_and_deviation() -> None:
    prior = beta_prior_from_mean(0.136, sd=0.103)

    assert (1.370, 8.706) == pytest.approx((prior.a, prior.b), abs=5e-4)
