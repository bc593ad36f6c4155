"""Laws of close rates of cohorts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerleads import fold, kpis
from partnerleads.model import CloseRate
from partnerleads.testing import strategies
from tests.properties import kpi_cases as cases

EVENTS = strategies.histories()
LIMITS = st.integers(0, 400).map(lambda hours: timedelta(hours=3 * hours))


def rate(history: Any, within: timedelta | None) -> CloseRate:
    return kpis.cohort_close_rate(history, within=within, by=None)


@given(events=EVENTS, as_of=cases.moments, limits=st.tuples(LIMITS, LIMITS))
def test_more_time_never_loses_a_win_and_matures_fewer(
    events: tuple[Any, ...], as_of: datetime, limits: tuple[timedelta, timedelta]
) -> None:
    lives = fold(events, as_of=as_of)
    short, long = (rate(lives, limit) for limit in sorted(limits))
    ever = rate(lives, None)

    assert short.n == long.n == ever.n
    assert short.hits <= long.hits <= ever.hits
    assert short.matured >= long.matured


@given(events=EVENTS, as_of=cases.moments, within=LIMITS)
def test_a_mature_cohort_has_reached_its_projection(
    events: tuple[Any, ...], as_of: datetime, within: timedelta
) -> None:
    figure = rate(fold(events, as_of=as_of), within)
    if figure.mature:
        assert pytest.approx(figure.value) == figure.projection


@given(events=EVENTS, as_of=cases.moments, within=LIMITS)
def test_losses_as_censoring_never_say_less(
    events: tuple[Any, ...], as_of: datetime, within: timedelta
) -> None:
    figure = rate(fold(events, as_of=as_of), within)
    if figure.projection is not None and figure.curve is not None:
        naive = figure.curve.ignoring_competition_at(within / timedelta(days=1))

        assert naive is not None
        assert figure.projection <= naive + 1e-12


@given(events=EVENTS, as_of=cases.moments)
def test_half_of_the_wins_came_by_the_time_that_says_so(
    events: tuple[Any, ...], as_of: datetime
) -> None:
    figure = rate(fold(events, as_of=as_of), None)
    half = figure.half_won_by

    assert (half is None) == (figure.hits == 0)
    if half is not None and figure.curve is not None:
        last = figure.curve.incidence[-1]

        assert (figure.curve.at(half) or 0) >= last / 2 - 1e-12
        assert all((figure.curve.at(t) or 0) < last / 2 for t in figure.curve.times if t < half)
