"""Laws that every figure obeys, whether it measures leads or is made of other figures."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerleads import events as ev
from partnerleads import fold
from partnerleads.model import Count, Figure, Regions
from partnerleads.testing import at, strategies
from tests.properties import composed_cases, kpi_cases

# every law runs once a figure, so each run may be shorter than others
few = settings(max_examples=max(10, settings.default.max_examples // 5))

KPIS = {**kpi_cases.KPIS, **composed_cases.KPIS}
EVERY_FIGURE = pytest.mark.parametrize("name", sorted(KPIS))
HISTORIES = strategies.histories()
UNCONFLICTING = strategies.histories(dirt=strategies.DIRT - {"conflicts"})


class Asked:
    """Draws what one figure is asked: of which history, and how."""

    def __init__(self, draw: Callable[..., Any], name: str) -> None:
        cases: Any = composed_cases if name in composed_cases.KPIS else kpi_cases
        self.name = name
        self.events = draw(composed_cases.histories() if cases is composed_cases else HISTORIES)
        self.options = draw(cases.asked(name))

    def figure(self, events: Iterable[Any], as_of: datetime, **more: Any) -> Figure:
        """The figure of some events."""
        return KPIS[self.name](list(events), as_of=as_of, **self.options, **more)


@EVERY_FIGURE
@few
@given(as_of=kpi_cases.moments, by=kpi_cases.keys, data=st.data())
def test_input_order_and_exact_duplicates_never_matter(
    name: str, as_of: datetime, by: tuple[str, ...], data: st.DataObject
) -> None:
    asked = Asked(data.draw, name)
    events = asked.events
    copies = data.draw(st.lists(st.sampled_from(events)) if events else st.just([]))
    shuffled = data.draw(st.permutations([*events, *copies]))
    figure = asked.figure(events, as_of, by=by)
    again = asked.figure(shuffled, as_of, by=by)

    assert figure == again
    assert str(figure) == str(again)
    assert figure.to_dicts() == again.to_dicts()


@EVERY_FIGURE
@few
@given(later=UNCONFLICTING, as_of=kpi_cases.moments, by=kpi_cases.keys, data=st.data())
def test_events_after_the_moment_do_not_exist(
    name: str, later: tuple[Any, ...], as_of: datetime, by: tuple[str, ...], data: st.DataObject
) -> None:
    asked = Asked(data.draw, name)
    delay = as_of - at("2026-01-01") + timedelta(hours=1)
    future = [
        attrs.evolve(
            event,
            occurred_at=event.occurred_at + delay,
            source=f"{event.source}-later",
            precision="instant",
        )
        for event in later
        if not isinstance(event, ev.EventRetracted)
    ]

    assert asked.figure(asked.events, as_of, by=by) == asked.figure(
        [*asked.events, *future], as_of, by=by
    )


@EVERY_FIGURE
@few
@given(as_of=kpi_cases.moments, by=kpi_cases.keys, data=st.data())
def test_keys_never_change_the_type_or_the_whole(
    name: str, as_of: datetime, by: tuple[str, ...], data: st.DataObject
) -> None:
    asked = Asked(data.draw, name)
    plain = asked.figure(asked.events, as_of)
    segmented = asked.figure(asked.events, as_of, by=by)

    assert type(plain) is type(segmented)
    assert ((), by) == (plain.by, segmented.by)
    assert plain == attrs.evolve(segmented, by=(), segments=type(plain.segments)())
    assert all(type(plain) is type(part) for part in segmented.segments.values())
    assert {len(by)} >= {len(key) for key in segmented.segments if isinstance(key, tuple)}


@EVERY_FIGURE
@few
@given(as_of=kpi_cases.moments, by=kpi_cases.keys | st.just(()), data=st.data())
def test_every_result_bears_what_it_rests_on_and_shows_itself(
    name: str, as_of: datetime, by: tuple[str, ...], data: st.DataObject
) -> None:
    asked = Asked(data.draw, name)
    figure = asked.figure(asked.events, as_of, by=by)

    assert (name, as_of, None) == (figure.name, figure.as_of, figure.known_at)
    assert asked.options.get("period") == figure.period
    assert figure.n >= 0
    assert {"anchor", "policy"} <= set(figure.definition)
    assert all(warning.code and warning.words for warning in figure.warnings)
    rows = figure.to_dicts()
    assert 1 + len(figure.segments) == len(rows)
    assert all(list(row) == list(rows[0]) for row in rows)
    assert {"figure", "level", *by, "n", "as_of", "warnings"} <= set(rows[0])
    assert str(figure).startswith(f"{name} ")
    assert f"<{figure}>" == repr(figure)
    assert figure._repr_html_().startswith("<table>")
    assert figure == pickle.loads(pickle.dumps(figure))  # noqa: S301 - our own bytes


@EVERY_FIGURE
@few
@given(as_of=kpi_cases.moments, data=st.data())
def test_events_and_their_lifecycles_give_the_same(
    name: str, as_of: datetime, data: st.DataObject
) -> None:
    asked = Asked(data.draw, name)
    lives = pickle.loads(pickle.dumps(fold(asked.events, as_of=as_of)))  # noqa: S301 - our own bytes
    figure = asked.figure(asked.events, as_of)

    assert figure == KPIS[name](lives, **asked.options)
    assert figure == KPIS[name](iter(asked.events), as_of=as_of, **asked.options)


@EVERY_FIGURE
def test_no_events_give_no_value_and_say_so(name: str) -> None:
    figure = KPIS[name]([], as_of=at("2026-01-01"))

    assert 0 == figure.n
    has_value = isinstance(figure, Count | Regions) or name in composed_cases.WITHOUT_VALUE
    assert has_value == (figure.undefined_because is None)
    assert () == figure.warnings
