"""Comparisons of rates against SciPy and statsmodels, on many random tables."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import islice
from math import inf
from typing import Any

import pytest

from partnerleads.stats import wilson
from partnerleads.stats.chi_square import chi_square_tail
from partnerleads.stats.differences import newcombe
from partnerleads.stats.homogeneity import breslow_day
from partnerleads.stats.independence import chi_square_test, fisher_test
from partnerleads.stats.limits import funnel_limits
from partnerleads.stats.ratios import risk_ratio
from partnerleads.stats.strata import cochran_mantel_haenszel, mantel_haenszel
from partnerleads.stats.stratum import Stratum

np = pytest.importorskip("numpy")
scipy_stats = pytest.importorskip("scipy.stats")
contingency = pytest.importorskip("statsmodels.stats.contingency_tables")
proportion = pytest.importorskip("statsmodels.stats.proportion")

SIZES = (1, 2, 5, 20, 100, 3_000, 10_000_000)
CONFIDENCES = (0.5, 0.9, 0.95, 0.998, 0.9999)


def chance() -> random.Random:
    """The same numbers in every run."""
    return random.Random(1)


def counts(rng: random.Random, sizes: tuple[int, ...] = SIZES) -> tuple[int, int, int, int]:
    of_a, of_b = (rng.randint(1, rng.choice(sizes)) for _ in range(2))
    return rng.randint(0, of_a), of_a, rng.randint(0, of_b), of_b


def tables(many: int, sizes: tuple[int, ...] = SIZES) -> Iterator[tuple[int, int, int, int]]:
    rng = chance()
    return (counts(rng, sizes) for _ in range(many))


def array(table: tuple[int, int, int, int]) -> Any:
    hits_a, of_a, hits_b, of_b = table
    return np.array([[hits_a, of_a - hits_a], [hits_b, of_b - hits_b]], dtype=float)


def stratifications(many: int, sizes: tuple[int, ...]) -> Iterator[list[Stratum]]:
    rng = chance()
    for _ in range(many):
        yield [Stratum(*counts(rng, sizes)) for _ in range(rng.randint(1, 6))]


def peer(strata: list[Stratum]) -> Any:
    rows = ((one.hits_a, one.of_a, one.hits_b, one.of_b) for one in strata)
    return contingency.StratifiedTable([array(row) for row in rows])


def test_wilson() -> None:
    rng = chance()
    for hits, of, _, _ in tables(2_000):
        confidence = rng.choice(CONFIDENCES)
        expected = proportion.proportion_confint(hits, of, 1 - confidence, method="wilson")

        assert expected == pytest.approx(wilson(hits, of, confidence=confidence), abs=1e-12)


def test_newcombe() -> None:
    rng = chance()
    for table in tables(2_000):
        confidence = rng.choice(CONFIDENCES)
        expected = proportion.confint_proportions_2indep(
            *table, compare="diff", method="newcomb", alpha=1 - confidence
        )

        assert expected == pytest.approx(newcombe(*table, confidence=confidence), abs=1e-12)


def test_risk_ratio() -> None:
    rng = chance()
    defined = (table for table in tables(6_000) if table[0] and table[2])
    for hits_a, of_a, hits_b, of_b in islice(defined, 2_000):
        if hits_a == of_a and hits_b == of_b:
            continue  # SciPy gives an interval without width
        confidence = rng.choice(CONFIDENCES)
        expected = scipy_stats.contingency.relative_risk(hits_a, of_a, hits_b, of_b)
        estimate = risk_ratio(hits_a, of_a, hits_b, of_b, confidence=confidence)
        low, high = expected.confidence_interval(confidence)

        assert expected.relative_risk == pytest.approx(estimate.value, rel=1e-12)
        assert (low, high) == pytest.approx(estimate.interval, rel=1e-9)


def test_fisher() -> None:
    for table in tables(2_000, (1, 2, 5, 20, 100, 3_000)):
        expected = scipy_stats.fisher_exact(array(table)).pvalue

        assert expected == pytest.approx(fisher_test(*table).p_value, rel=1e-7, abs=1e-250)


@pytest.mark.parametrize("corrected", [False, True])
def test_chi_square(*, corrected: bool) -> None:
    tested = 0
    for table in tables(3_000):
        answer = chi_square_test(*table, corrected=corrected)
        if answer.p_value is None:
            continue
        tested += 1
        expected = scipy_stats.chi2_contingency(array(table), correction=corrected)

        assert expected.statistic == pytest.approx(answer.statistic, rel=1e-8, abs=1e-8)
        assert expected.pvalue == pytest.approx(answer.p_value, rel=1e-6, abs=1e-290)
    assert tested > 2_000


def test_fisher_of_many() -> None:
    for hits in (5_000_000, 5_001_000, 5_003_000, 5_010_000, 5_030_000):
        table = (5_000_000, 10_000_000, hits, 10_000_000)
        expected = scipy_stats.fisher_exact(array(table)).pvalue

        assert expected == pytest.approx(fisher_test(*table).p_value, rel=1e-6)


def test_chi_square_tail() -> None:
    rng = chance()
    for _ in range(5_000):
        degrees = rng.choice((1, 2, 3, 4, 5, 10, 31, 200, 1_001))
        statistic = rng.choice((0.01, 1.0, 4.0)) * degrees * rng.random()
        expected = scipy_stats.chi2.sf(statistic, degrees)

        assert expected == pytest.approx(chi_square_tail(statistic, degrees=degrees), rel=1e-10)


def test_mantel_haenszel() -> None:
    tested = 0
    for strata in stratifications(2_000, (2, 5, 20, 100, 3_000)):
        pooled = mantel_haenszel(strata)
        if pooled.odds_ratio.interval is None or pooled.risk_ratio.interval is None:
            continue
        tested += 1
        expected = peer(strata)

        assert expected.oddsratio_pooled == pytest.approx(pooled.odds_ratio.value)
        assert expected.riskratio_pooled == pytest.approx(pooled.risk_ratio.value)
        assert expected.oddsratio_pooled_confint() == pytest.approx(
            pooled.odds_ratio.interval, rel=1e-8
        )
    assert tested > 1_000


def test_cochran_mantel_haenszel() -> None:
    tested = 0
    for strata in stratifications(2_000, (2, 5, 20, 100, 3_000)):
        plain = cochran_mantel_haenszel(strata, corrected=False)
        corrected = cochran_mantel_haenszel(strata)
        if plain.p_value is None:
            continue
        tested += 1
        expected = peer(strata)
        answer = expected.test_null_odds(correction=False)

        assert answer.statistic == pytest.approx(plain.statistic, rel=1e-8, abs=1e-12)
        assert answer.pvalue == pytest.approx(plain.p_value, rel=1e-7, abs=1e-12)
        if corrected.statistic:  # else the distance is below a half, where statsmodels overshoots
            answer = expected.test_null_odds(correction=True)
            assert answer.statistic == pytest.approx(corrected.statistic, rel=1e-8, abs=1e-12)
            assert answer.pvalue == pytest.approx(corrected.p_value, rel=1e-7, abs=1e-12)
    assert tested > 1_000


def test_breslow_day() -> None:
    tested = 0
    for drawn in stratifications(2_000, (20, 100, 3_000)):
        strata = [one for one in drawn if one.hits and one.misses]
        answer = breslow_day(strata)
        if answer.p_value is None:
            continue
        tested += 1
        expected = peer(strata).test_equal_odds(adjust=False)

        assert expected.statistic == pytest.approx(answer.statistic, rel=1e-5, abs=1e-9)
        assert expected.pvalue == pytest.approx(answer.p_value, rel=1e-4, abs=1e-12)
    assert tested > 1_000


def test_funnel_limits() -> None:
    rng = chance()
    for _ in range(1_000):
        of, share = rng.randint(1, rng.choice((5, 50, 1_000, 100_000))), rng.random()
        confidence = rng.choice(CONFIDENCES)
        tail = (1 - confidence) / 2
        low, high = scipy_stats.binom.ppf(tail, of, share), scipy_stats.binom.isf(tail, of, share)

        assert (low / of, high / of) == funnel_limits(of, share, confidence=confidence)


def test_nothing_is_infinite_where_scipy_is() -> None:
    expected = scipy_stats.contingency.relative_risk(3, 10, 0, 20)

    assert inf == expected.relative_risk
    assert risk_ratio(3, 10, 0, 20).value is None
