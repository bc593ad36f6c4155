"""The comparer of the parity tests sees what differs."""

from __future__ import annotations

import attrs
import pytest

from partnerleads import kpis
from partnerleads.errors import OptionError
from partnerleads.testing import at, history
from tests.frames_parity import Call, difference, differences, every_call

STORY = history("2026-01-02 L1 captured by acme\n2026-01-03 L2 captured")
SHARE = kpis.sourced_rate(STORY, as_of=at("2026-02-01"), by="region")


@pytest.mark.parametrize(
    "other",
    [
        attrs.evolve(SHARE, hits=2),
        attrs.evolve(SHARE, value=0.5 + 1e-8),
        attrs.evolve(SHARE, segments={}),
        kpis.closed_won(STORY, as_of=at("2026-02-01")),
        attrs.evolve(SHARE, warnings=()),
    ],
)
def test_another_figure_differs(other: object) -> None:
    assert difference(SHARE, other) != ""


def test_the_same_figure_does_not_differ() -> None:
    assert not difference(SHARE, attrs.evolve(SHARE, value=0.5 + 1e-12))


def test_segments_in_another_order_differ() -> None:
    assert difference({"a": 1, "b": 2}, {"b": 2, "a": 1}) != ""


def test_a_shorter_tuple_differs() -> None:
    assert difference((1, 2), (1,)) != ""


def test_refusals_of_different_options_differ() -> None:
    one, other = OptionError("by", 1, "is no"), OptionError("period", 1, "is no")

    assert difference(one, other) != ""
    assert not difference(one, OptionError("by", 2, "is not"))


def test_a_refusal_where_the_other_engine_answers_differs() -> None:
    call = Call("sourced_rate", {"as_of": at("2026-02-01"), "by": "region"})
    wrong = Call("sourced_rate", {"as_of": at("2026-02-01"), "by": "nothing"})

    assert difference(call.answer(STORY), wrong.answer(STORY)) != ""
    assert [] == differences([call], STORY, STORY)


def test_every_option_is_called() -> None:
    said = {name for call in every_call() for name in call.said}

    assert {"net_of_returns", "working_hours", "within", "credit", "unit", "rates"} <= said
