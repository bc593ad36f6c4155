from __future__ import annotations

from datetime import date
from fractions import Fraction
from math import exp, log, log1p
from typing import Any

import pytest

from partnerleads.errors import OptionError
from partnerleads.model import UTC
from partnerleads.plv.lifetime import CredibleMean
from partnerleads.plv.lifetime.discounting import (
    discounted,
    discounted_occasions,
    force_of_interest,
)
from partnerleads.plv.lifetime.watching import place_of, watched
from partnerleads.testing import at
from tests.unit.plv.lifetime.models import seen


@pytest.mark.parametrize(
    ("compounding", "force"),
    [
        ("yearly", log(1.12)),
        ("quarterly", 4 * log(1.03)),
        ("monthly", 12 * log(1.01)),
        ("daily", 365 * log1p(0.12 / 365)),
        ("continuous", 0.12),
    ],
)
def test_the_force_of_interest_tells_how_often_it_is_added(compounding: Any, force: float) -> None:
    assert pytest.approx(force) == force_of_interest(0.12, compounding)


@pytest.mark.parametrize("rate", [-1, float("nan"), float("inf")])
def test_a_rate_that_leaves_nothing_is_refused(rate: float) -> None:
    with pytest.raises(OptionError, match="annual_rate"):
        force_of_interest(rate, "yearly")


def test_an_unknown_compounding_is_refused() -> None:
    with pytest.raises(OptionError, match="did you mean 'monthly'"):
        force_of_interest(0.1, "month")  # type: ignore[arg-type]


@pytest.mark.parametrize("force", [-0.3, 1e-9, 0.2, 3.0])
def test_a_count_that_flattens_is_discounted_as_its_closed_form(force: float) -> None:
    # E(t) = 1 - exp(-2 t) grows by 2 exp(-2 t)
    exact = 2 / (2 + force) * (1 - exp(-(2 + force) * 4))

    assert pytest.approx(exact, rel=1e-8) == discounted(lambda t: 1 - exp(-2 * t), 4, force)


def test_without_interest_or_time_the_count_stays() -> None:
    assert 12 == discounted(lambda t: 3 * t, 4, 0.0)
    assert 0 == discounted(lambda t: 3 * t, 0, 0.1)
    assert 0 == discounted_occasions(lambda t: 3 * t, 0, 0.1)
    assert 7.5 == discounted_occasions(lambda t: 3 * t, 2.5, 0.0)


@pytest.mark.parametrize(
    ("span", "apart"), [("day", 366), ("week", 52), ("month", 13), ("quarter", 4)]
)
def test_stretches_of_the_calendar_are_numbered_in_order(span: Any, apart: int) -> None:
    # a Friday, and a Sunday a year and a day later
    assert apart == place_of(date(2026, 3, 1), span) - place_of(date(2025, 2, 28), span)


def test_weeks_begin_on_monday() -> None:
    sunday, monday = date(2026, 3, 29), date(2026, 3, 30)

    assert 1 == place_of(monday, "week") - place_of(sunday, "week")
    assert 0 == place_of(monday, "week") - place_of(date(2026, 4, 5), "week")


def watch(places: list[int], **options: Any) -> Any:
    plain: dict[str, Any] = {
        "as_of": at("2026-12-31"),
        "span": "quarter",
        "unit": "quarter",
        "zone": UTC,
        "finished": False,
    }
    return watched(places, at("2025-01-01"), **plain | options)


def test_wins_of_one_stretch_are_one_transaction() -> None:
    first = place_of(date(2025, 2, 1), "quarter")

    assert seen(2, 5, 7) == watch([first + 5, first, first, first + 2])


def test_a_stretch_that_is_not_over_counts_only_with_a_win() -> None:
    first = place_of(date(2025, 2, 1), "quarter")

    assert seen(1, 5, 6) == watch([first, first + 5], finished=True)
    assert seen(1, 7, 7) == watch([first, first + 7], finished=True)


def test_without_a_win_time_begins_at_the_start() -> None:
    assert seen(0, 0, 7) == watch([])
    assert seen(0, 0, 0) == watch([], as_of=at("2025-01-01"), finished=True)


def test_a_credible_mean_lies_between_the_own_and_that_of_all() -> None:
    model = CredibleMean(strength=2)
    own = [Fraction(-100), Fraction(300)]

    assert Fraction(150) == model.expected_amount(own, Fraction(200))
    assert Fraction(200) == model.expected_amount([], Fraction(200))
    assert Fraction(100) == model.expected_amount(own, None)
    assert model.expected_amount([], None) is None
