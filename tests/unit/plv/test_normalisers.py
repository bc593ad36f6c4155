"""From units to shares, at the edges."""

from __future__ import annotations

from math import inf, nan
from typing import Any

import pytest

from partnerleads import plv
from partnerleads.errors import OptionError


@pytest.mark.parametrize(
    ("normaliser", "value", "share"),
    [
        (plv.Goalposts(-0.1, 0.3), -5, 0.0),
        (plv.Goalposts(-0.1, 0.3), 5, 1.0),
        (plv.LogGoalposts(1, 100), 0, 0.0),
        (plv.LogGoalposts(1, 100), -3, 0.0),
        (plv.LogGoalposts(1, 100), 10, 0.5),
        (plv.LogGoalposts(1, 100), 1000, 1.0),
        (plv.CappedTarget(4), -1, 0.0),
        (plv.Saturating(5), 0, 0.0),
        (plv.Saturating(5), -5, 0.0),
        (plv.Saturating(5), 1e308, 1.0),
        (plv.PointsTable([(1, 0.2), (3, 0.6)]), 0, 0.2),
        (plv.PointsTable([(1, 0.2), (3, 0.6)]), 2, 0.4),
        (plv.PointsTable([(1, 0.2), (3, 0.6)]), 9, 0.6),
        (plv.PointsTable([(1, 0.2), (3, 0.6)], between="step"), 0.9, 0.0),
        (plv.PointsTable([(1, 0.2), (3, 0.6)], between="step"), 2.9, 0.2),
        (plv.Percentile([3, 1, 2]), 0, 0.0),
        (plv.Percentile([3, 1, 2]), 2, 0.5),
        (plv.Percentile([3, 1, 2]), 4, 1.0),
    ],
)
def test_shares_by_hand(normaliser: plv.Normaliser, value: float, share: float) -> None:
    assert share == normaliser.share(value)


def test_goalposts_of_a_reference_are_its_ends() -> None:
    assert plv.Goalposts(1, 9) == plv.Goalposts.of([4, 9, 1])


def test_a_reference_is_the_same_in_any_order() -> None:
    assert plv.Percentile([3, 1, 2]) == plv.Percentile([1, 2, 3])


@pytest.mark.parametrize(
    ("make", "options", "words"),
    [
        (plv.Goalposts, (1, 1), "above low"),
        (plv.Goalposts, (nan, 1), "finite"),
        (plv.Goalposts, (0, inf), "finite"),
        (plv.LogGoalposts, (0, 1), "above 0"),
        (plv.LogGoalposts, (5, 1), "above low"),
        (plv.CappedTarget, (0,), "above 0"),
        (plv.Saturating, (-1,), "above 0"),
        (plv.PointsTable, ((),), "values that rise"),
        (plv.PointsTable, (((1, 0.5), (1, 0.6)),), "values that rise"),
        (plv.PointsTable, (((1, 0.5), (2, 0.4)),), "values that rise"),
        (plv.PointsTable, (((1, 0.5), (2, 1.4)),), "values that rise"),
        (plv.PointsTable, (((1, -0.5), (2, 0.4)),), "values that rise"),
        (plv.PointsTable, (((1, "x"),),), "finite"),
        (plv.PointsTable, (((1, 0), (2, 1)), "bent"), "offered are 'linear', 'step'"),
        (plv.Percentile, ((),), "needs a value"),
        (plv.Percentile, ((1, nan),), "finite"),
    ],
)
def test_scales_that_are_none_are_refused(make: Any, options: tuple[Any, ...], words: str) -> None:
    with pytest.raises(OptionError, match=words):
        make(*options[:1], between=options[1]) if "bent" in options else make(*options)
