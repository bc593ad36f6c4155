"""Published numbers about composite scores and shrinkage, reproduced to their printed digits."""

from __future__ import annotations

from math import log

import pytest

from partnerleads.plv import (
    Certifications,
    Criterion,
    FlooredGeometric,
    Goalposts,
    LogGoalposts,
    PlvModel,
    Training,
)
from partnerleads.stats import buhlmann_straub, james_stein

RATIOS = (
    "1738 1642 1794 2051 2079 2234 2032 2035 2115 2262 2267 2517",
    "1364 1408 1597 1444 1342 1675 1470 1448 1464 1831 1612 1471",
    "1759 1685 1479 1763 1674 2103 1502 1622 1828 2155 2233 2059",
    "1223 1146 1010 1257 1426 1532 1953 1123 1343 1243 1762 1306",
    "1456 1499 1609 1741 1482 1572 1606 1735 1607 1573 1613 1690",
)
WEIGHTS = (
    "7861 9251 8706 8575 7917 8263 9456 8003 7365 7832 7849 9077",
    "1622 1742 1523 1515 1622 1602 1964 1515 1527 1748 1654 1861",
    "1147 1357 1329 1204 998 1077 1277 1218 896 1003 1108 1121",
    "407 396 348 341 315 328 352 331 287 384 321 342",
    "2902 3172 3046 3068 2693 2910 3275 2697 2663 3017 3242 3425",
)
"""Average claims in five states over twelve quarters, and their numbers: Hachemeister 1975."""

HACHEMEISTER = [
    list(zip(map(float, row.split()), map(float, weights.split()), strict=True))
    for row, weights in zip(RATIOS, WEIGHTS, strict=True)
]


def test_buhlmann_straub_gives_the_factors_and_premiums_of_hachemeisters_data() -> None:
    fit = buhlmann_straub(HACHEMEISTER)

    assert 139_120_025.9 == round(fit.within, 1)
    assert 89_638.73 == round(fit.between, 2)
    assert 1683.713 == round(fit.collective, 3)
    assert [0.9847, 0.9276, 0.8985, 0.7279, 0.9588] == [round(z, 4) for z in fit.factors]
    assert [2055.17, 1523.71, 1793.44, 1442.97, 1603.29] == [round(mean, 2) for mean in fit.means]


def test_the_iterated_variance_of_hachemeisters_data_is_the_one_in_print() -> None:
    fit = buhlmann_straub(HACHEMEISTER, between="iterative")

    assert 64_366.5 == round(fit.between, 1)
    assert 1688.895 == round(fit.collective, 3)


def test_eighteen_batters_are_drawn_to_their_mean_as_efron_and_morris_1977_print_it() -> None:
    hits = (18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7)
    means = [hit / 45 for hit in hits]
    overall = sum(means) / 18
    drawn = james_stein(means, variance=overall * (1 - overall) / 45)

    assert 0.2654 == round(drawn.collective, 4)
    assert 0.212 == round(drawn.factor, 3)
    assert 0.294 == round(drawn.means[0], 3)


def criterion(name: str, normaliser: Goalposts | LogGoalposts, weight: float) -> Criterion:
    return Criterion(name=name, metric=Certifications(), normaliser=normaliser, weight=weight)


def test_the_worked_example_of_the_human_development_index_is_reproduced() -> None:
    """UNDP technical note: goalposts, a logarithm, a cap, and the geometric mean."""
    income = LogGoalposts(100, 75_000)
    index = PlvModel(
        name="human development index",
        criteria=(
            criterion("life", Goalposts(0, 1), 1),
            criterion("education", Goalposts(0, 1), 1),
            criterion("income", income, 1),
        ),
        aggregator=FlooredGeometric(floor=0),
    )
    shares = index.shares_of({"life": 0.6971, "education": 0.3447, "income": 3829})

    assert 0.5506 == round(income.share(3829), 4)
    assert (log(3829) - log(100)) / (log(75_000) - log(100)) == income.share(3829)
    assert 50.96 == round(index.weigh(shares).value or 0, 2)
    assert 1.0 == income.share(120_000)


def min_max(pool: list[tuple[float, float]]) -> PlvModel:
    """A model whose goalposts are the least and the most of a pool."""
    first, second = zip(*pool, strict=True)
    return PlvModel(
        name="min-max",
        criteria=(
            Criterion(metric=Training(), normaliser=Goalposts.of(first), weight=0.6),
            Criterion(metric=Certifications(), normaliser=Goalposts.of(second), weight=0.4),
        ),
    )


def scored(model: PlvModel, values: tuple[float, float]) -> float:
    shares = model.shares_of({"training": values[0], "certifications": values[1]})
    value = model.weigh(shares).value
    assert value is not None
    return round(value / 100, 3)


def test_scaling_by_the_pool_lets_a_newcomer_turn_the_order_of_two_others() -> None:
    pool, a, b = [(1.0, 10.0), (10.0, 100.0)], (2.0, 50.0), (5.0, 20.0)
    before, after = min_max([*pool, a, b]), min_max([*pool, a, b, (40.0, 30.0)])

    assert (0.244, 0.311) == (scored(before, a), scored(before, b))
    assert (0.193, 0.106) == (scored(after, a), scored(after, b))


def test_goalposts_of_one_value_are_refused_instead_of_dividing_by_nothing() -> None:
    with pytest.raises(ValueError, match="needs two different values"):
        Goalposts.of([4.0, 4.0])
