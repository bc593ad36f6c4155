from __future__ import annotations

from math import log

import pytest

from partnerleads.errors import OptionError
from partnerleads.plv.lifetime.counting import (
    mean_before_dropout,
    purchase_chances,
    share_of_time,
)


@pytest.mark.parametrize("r", [0.01, 0.5, 1.0, 3.0, 400.0])
@pytest.mark.parametrize("share", [1e-9, 0.3, 0.99])
def test_chances_of_counts_add_up_and_have_the_mean_of_the_rate(r: float, share: float) -> None:
    chances = purchase_chances(r, share)

    assert pytest.approx(1) == sum(chances)
    assert pytest.approx(r * share / (1 - share)) == sum(n * c for n, c in enumerate(chances))


def test_without_time_nothing_happens() -> None:
    assert [1.0, 0.0, 0.0] == purchase_chances(0.5, 0.0, least=2)
    assert 0.0 == mean_before_dropout(0.5, 0.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("r", "t", "a", "b"), [(0.3, 0.5, 0.7, 2.0), (2.0, 9.0, 3.0, 0.4), (5.0, 1.0, 0.2, 0.3)]
)
def test_mean_before_dropout_as_scipy_has_it(r: float, t: float, a: float, b: float) -> None:
    special = pytest.importorskip("scipy.special")
    share = t / (4 + t)
    series = special.hyp2f1(r, b, a + b - 1, share)
    closed = (a + b - 1) / (a - 1) * (1 - (1 - share) ** r * series)

    assert pytest.approx(closed, rel=1e-9) == mean_before_dropout(r, share, a, b)


def test_mean_before_dropout_passes_the_place_where_the_closed_form_is_0_over_0() -> None:
    below, at, above = (mean_before_dropout(0.5, 0.8, a, 2.0) for a in (1 - 1e-7, 1.0, 1 + 1e-7))

    assert below > at > above
    assert pytest.approx(at, rel=1e-6) == below


def test_mean_before_dropout_when_every_first_repeat_is_the_last() -> None:
    # with b near 0 the sum is the chance of any repeat at all: 1 - (1 - share)^r
    assert pytest.approx(1 - 0.25) == mean_before_dropout(2.0, 0.5, 1.0, 1e-12)


def test_a_look_ahead_of_another_unit_is_refused() -> None:
    with pytest.raises(OptionError, match="check its unit"):
        share_of_time(1e9, 3.0)
    with pytest.raises(OptionError, match="0 or more"):
        share_of_time(-1.0, 3.0)


def test_share_of_time_of_one_alpha_is_a_half() -> None:
    assert 0.5 == share_of_time(3.0, 3.0)
    assert pytest.approx(log(2)) == -log(1 - share_of_time(3.0, 3.0))
