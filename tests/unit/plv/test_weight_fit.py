"""Least squares without negative weights."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerleads.plv.weight_fit import fitted_weights, onto_simplex

points = st.lists(st.floats(-5, 5), min_size=1, max_size=6)


@given(points, st.floats(0.1, 10))
def test_the_nearest_point_of_a_simplex_lies_on_it(point: list[float], total: float) -> None:
    found = onto_simplex(point, total=total)

    assert pytest.approx(total) == sum(found)
    assert min(found) >= 0


@given(points, points)
def test_no_other_point_of_the_simplex_is_nearer(point: list[float], other: list[float]) -> None:
    found = onto_simplex(point)
    rival = onto_simplex((other * 6)[: len(point)])

    def far(one: list[float]) -> float:
        return sum((a - b) ** 2 for a, b in zip(one, point, strict=True))

    assert far(found) <= far(rival) + 1e-9


@given(st.integers(1, 4), st.data())
def test_fitted_weights_are_the_least_of_their_loss(size: int, data: st.DataObject) -> None:
    shares = st.lists(st.floats(0, 1), min_size=size, max_size=size)
    rows = data.draw(st.lists(shares, min_size=2, max_size=6))
    aims = data.draw(st.lists(st.floats(0, 1), min_size=len(rows), max_size=len(rows)))
    start = [1 / size] * size
    rival = onto_simplex(data.draw(st.lists(st.floats(0, 1), min_size=size, max_size=size)))

    def loss(weights: list[float]) -> float:
        sums = [sum(w * u for w, u in zip(weights, row, strict=True)) for row in rows]
        gaps = [one - aim for one, aim in zip(sums, aims, strict=True)]
        mean = sum(gaps) / len(gaps)
        pulled = sum((w - s) ** 2 for w, s in zip(weights, start, strict=True))
        return sum((gap - mean) ** 2 for gap in gaps) + pulled

    found = fitted_weights(rows, aims, start=start, pull=1.0)

    assert loss(found) <= loss(rival) + 1e-9
    assert pytest.approx(1.0) == sum(found)
    assert min(found) >= 0


def test_a_strong_pull_leaves_the_weights_where_they_are() -> None:
    found = fitted_weights([[0, 1], [1, 0]], [0, 1], start=[0.25, 0.75], pull=1e9)

    assert pytest.approx([0.25, 0.75]) == found
