"""Influence split among touches."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from partnerleads.attribution.splitting import shared_out, split_weights
from partnerleads.errors import OptionError
from partnerleads.testing import at

MODELS = ("equal", "first", "last", "position", "time_decay")
WEEK = timedelta(days=7)


def weekly(n: int) -> list[datetime]:
    return [at("2026-01-01") + number * WEEK for number in range(n)]


@pytest.mark.parametrize("model", MODELS)
def test_no_touch_has_no_weight_and_a_single_one_has_all(model: Any) -> None:
    assert () == split_weights((), model=model)
    assert (1,) == split_weights(weekly(1), model=model)


@pytest.mark.parametrize(
    ("model", "weights"),
    [
        ("equal", ("1/2", "1/2")),
        ("first", ("1", "0")),
        ("last", ("0", "1")),
        ("position", ("1/2", "1/2")),
        ("time_decay", ("1/3", "2/3")),
    ],
)
def test_two_touches(model: Any, weights: tuple[str, ...]) -> None:
    assert tuple(map(Fraction, weights)) == split_weights(weekly(2), model=model)


@pytest.mark.parametrize(
    ("model", "weights"),
    [
        ("equal", ("1/4", "1/4", "1/4", "1/4")),
        ("first", ("1", "0", "0", "0")),
        ("last", ("0", "0", "0", "1")),
        ("position", ("2/5", "1/10", "1/10", "2/5")),
        ("time_decay", ("1/15", "2/15", "4/15", "8/15")),
    ],
)
def test_four_touches(model: Any, weights: tuple[str, ...]) -> None:
    assert tuple(map(Fraction, weights)) == split_weights(weekly(4), model=model)


def test_a_half_life_of_ones_own() -> None:
    weights = split_weights(weekly(2), model="time_decay", half_life=WEEK / 2)

    assert (Fraction(1, 5), Fraction(4, 5)) == weights


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"model": "full"}, "model='full': offered are 'equal'"),
        ({"model": "equal", "half_life": WEEK}, "goes with model='time_decay' alone"),
        ({"model": "time_decay", "half_life": timedelta(0)}, "must be longer than nothing"),
        ({"model": "time_decay", "half_life": -WEEK}, "must not be negative"),
    ],
)
def test_what_makes_no_sense_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        split_weights(weekly(2), **options)


@pytest.mark.parametrize(
    ("parts", "total", "units"),
    [
        (["100/3", "100/3", "100/3"], 100, (34, 33, 33)),
        (["1/3", "5/3"], 2, (0, 2)),
        (["-50/3", "-100/3"], -50, (-17, -33)),
        (["9/10"], 1, (1,)),
        ([], 0, ()),
    ],
)
def test_units_left_over_go_to_those_that_lost_most(
    parts: list[str], total: int, units: tuple[int, ...]
) -> None:
    assert units == shared_out([Fraction(part) for part in parts], total=total)
