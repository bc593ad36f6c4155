"""Every KPI agrees with its slow, naive twin on dirty histories, with any of its options."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerleads import Period, fold
from partnerleads.model import Figure, Share
from partnerleads.testing import strategies
from tests.oracles.twins import TWINS, Asked, twin
from tests.properties import kpi_cases as cases


def test_every_kpi_has_a_twin() -> None:
    assert set(cases.KPIS) == set(TWINS)


def seen(figure: Figure, names: set[str]) -> dict[str, Any]:
    return {name: getattr(figure, name) for name in names}


def near(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: pytest.approx(value, rel=1e-12, abs=1e-12) if isinstance(value, float) else value
        for name, value in values.items()
    }


@pytest.mark.parametrize("name", sorted(TWINS))
@given(
    events=strategies.histories(currencies=("EUR", "USD")),
    as_of=cases.moments,
    by=cases.keys | st.just(()),
    data=st.data(),
)
def test_twins_agree(
    name: str, events: tuple[Any, ...], as_of: datetime, by: tuple[str, ...], data: st.DataObject
) -> None:
    options = data.draw(cases.options(name), label="options")
    span: dict[str, Period] = {}
    period = data.draw(cases.periods(name), label="period")
    if period is not None and options.get("unit") != "pipeline":
        span["period"] = period
    lives = fold(events, as_of=as_of)

    figure = cases.KPIS[name](lives, by=by, **span, **options)
    whole, segments = twin(
        name,
        [lead.events for lead in lives.values()],
        Asked(
            as_of=as_of,
            by=by,
            options=options,
            partner_events=lives.partner_events,
            period=span.get("period"),
        ),
    )

    assert near(whole) == seen(figure, set(whole))
    assert set(segments) == set(figure.segments)
    for key, expected in segments.items():
        assert near(expected) == seen(figure.segments[key], set(expected))
    if isinstance(figure, Share):
        assert (figure.value is None) == (figure.undefined_because is not None)
