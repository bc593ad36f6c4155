"""Spark gives the figures of the rows engine: one of every form and of every unit.

It is small, since each step of Spark costs a tenth of a second.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import polars as pl
import pytest
from hypothesis import given, settings

from partnerleads import fold, frames, kpis
from partnerleads.errors import OptionError
from partnerleads.events import Event
from partnerleads.testing import at, history, money
from tests import frames_parity as parity
from tests.benchmarks.log import AS_OF, make_log
from tests.oracles.twins import NINE_TO_FIVE
from tests.properties.kpi_cases import CONVERTED

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::ResourceWarning")


def log() -> list[Event]:
    """Some leads of the seeded log, revised at one instant, retracted, and of dates alone."""
    first = make_log(240, seed=5)
    capture = next(event for event in first if event.type == "lead_captured")
    won = history("2025-01-01 L1 captured by acme\n2025-01-02 L1 won 100 EUR")
    twice = datetime(2025, 11, 2, 5, 30, tzinfo=UTC)  # half past one in New York, twice
    return [
        *first,
        attrs.evolve(capture, originator="bolt"),
        *won,
        attrs.evolve(won[1], recorded_at=twice, value=money("200 EUR")),
        attrs.evolve(won[1], recorded_at=twice + timedelta(hours=1)),
    ]


def in_spark(spark: Any, frame: pl.DataFrame) -> Any:
    return spark.createDataFrame(frame.to_arrow())


SPENT = """
2025-01-31 -    cost portal   900 EUR
2025-02-28 acme cost campaign 300 USD
"""

CALLS = [
    parity.Call("closed_won", {"gross": True}),
    parity.Call("partner_conversion_rate", {"credit": "spell", "by": ()}),
    parity.Call("registration_conflict_rate", {"by": ("holder", "tier")}),
    parity.Call(
        "offer_sla_breach_rate", {"within": timedelta(hours=9), "working_hours": NINE_TO_FIVE}
    ),
    parity.Call("hours_to_acceptance", {"working_hours": NINE_TO_FIVE}),
    parity.Call("cohort_close_rate", {"within": timedelta(days=40), "by": ()}),
    parity.Call("final_lead_value", dict(CONVERTED)),
    parity.Call("decided_win_rate", {"unit": "value", "by": (), **CONVERTED}),
    parity.Call("active_regions", {}),
]


def test_one_figure_of_every_form_and_unit_agrees(spark: Any) -> None:
    events = [*log(), *history(SPENT)]
    lives = fold(events, as_of=AS_OF)
    frame = frames.events_frame(events, backend="pyspark", session=spark)
    looked = frames.history(frame, as_of=AS_OF)

    assert [] == parity.differences(CALLS, lives, looked)
    assert lives.costs == looked.costs


@pytest.mark.no_cover  # the same code as in tests that count, on other engines or keys
def test_every_field_agrees(spark: Any) -> None:
    events = log()
    frame = frames.events_frame(events, backend="pyspark", session=spark)
    looked = frames.history(frame, as_of=AS_OF)

    assert parity.lead_fields(fold(events, as_of=AS_OF)) == parity.frame_fields(looked)


@pytest.mark.no_cover  # the same code as in tests that count, on other engines or keys
def test_keys_of_ones_own_may_have_odd_names(spark: Any) -> None:
    names = ["a.b", 'my "col"', "`tick`"]
    red = pl.when(pl.col("type") == "lead_captured").then(pl.lit("red"))
    story = history("2026-01-02 L1 captured by acme\n2026-01-03 L1 lost")
    frame = frames.events_frame(story).with_columns(red.alias(name) for name in names)
    looked = frames.history(in_spark(spark, frame), as_of=at("2026-02-01"))

    own = tuple(f"attributes.{name}" for name in names)

    assert [("red", "red", "red")] == list(kpis.sourced_rate(looked, by=own).segments)


@given(events=parity.ROWS)
@settings(max_examples=5)
def test_events_come_back(spark: Any, events: list[Event]) -> None:
    frame = frames.events_frame(events, backend="pyspark", session=spark)

    frames.check_events_frame(frame)
    assert events == frames.events_of(frame)


def test_instants_too_far_away_are_refused(spark: Any) -> None:
    moment = datetime(1800, 1, 1, tzinfo=UTC)
    (capture,) = history("2026-01-02 L1 captured")
    events = [attrs.evolve(capture, occurred_at=moment, recorded_at=moment)]
    frame = frames.events_frame(events, backend="pyspark", session=spark)

    with pytest.raises(OptionError, match="1827 to 2112"):
        kpis.sourced_rate(frames.history(frame, as_of=at("2026-02-01")))
