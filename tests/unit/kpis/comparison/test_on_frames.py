"""Comparisons on data frames give what the reference engine gives."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from partnerleads import datasets, fold, frames, kpis
from partnerleads.errors import OptionError
from partnerleads.kpis.measuring.tally import History

AS_OF = datasets.SAMPLE_AS_OF
DACH, JAPAN = kpis.Is("region", "DACH"), kpis.Is("region", "Japan")


@pytest.fixture(scope="module")
def on_frames() -> History:
    return frames.history(frames.events_frame(datasets.sample(), backend="polars"), as_of=AS_OF)


@pytest.mark.parametrize(
    "asked",
    [
        lambda history: kpis.compare(
            history, kpis.sourced_rate, DACH, JAPAN, adjust_for="deal_type", by="industry"
        ),
        lambda history: kpis.compare(history, kpis.closed_won, "sourced", "direct"),
        lambda history: kpis.compare(history, kpis.in_progress, DACH, "involved", by="deal_type"),
        lambda history: kpis.win_rate_lift(history, rate="decided", by="region"),
    ],
)
def test_both_engines_compare_alike(asked: Callable[[Any], object], on_frames: History) -> None:
    assert asked(fold(datasets.sample(), as_of=AS_OF)) == asked(on_frames)


def test_frames_refuse_a_landmark(on_frames: History) -> None:
    with pytest.raises(OptionError, match="needs each lead at a moment of its own"):
        kpis.compare(on_frames, kpis.closed_won, "sourced", "direct", landmark=timedelta(days=30))
