"""What each of several changes adds, at the edges of the closed forms."""

from __future__ import annotations

from math import fsum

import pytest

from partnerleads.plv.shapley import Weighted, of_mean, of_product, of_sets


def test_shares_known_on_both_sides_add_their_weighted_difference() -> None:
    found = of_mean({"a": Weighted(3, 0.0, 0.5), "b": Weighted(1, 1.0, 0.0)})

    assert {"a": 0.375, "b": -0.25} == found
    assert {} == of_mean({})


def test_a_product_of_nothing_has_no_parts() -> None:
    assert {} == of_product({})
    assert {} == of_sets([], lambda _: 1.0)


def test_a_share_that_comes_and_one_that_goes_by_hand() -> None:
    found = of_mean({"a": Weighted(1, 1.0, None), "b": Weighted(1, None, 0.5)})

    # a goes first: 1 to 0, then b comes: to .5; b first: 1 to .75, then a goes: to .5
    assert {"a": -0.625, "b": 0.125} == found


def test_weights_and_shares_far_apart_lose_nothing() -> None:
    shares = {
        "a": Weighted(10**12, 0.4, None),
        "b": Weighted(1, None, 1e-9),
        "c": Weighted(7, 1e-12, 0.3),
    }
    found = of_mean(shares)
    assert found is not None

    after = (1e-9 + 7 * 0.3) / 8
    before = (10**12 * 0.4 + 7e-12) / (10**12 + 7)
    assert pytest.approx(after - before, rel=1e-12) == fsum(found.values())
