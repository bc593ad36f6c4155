"""Figures made of other figures."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve

from partnerleads import fold, kpis
from partnerleads.kpis.measuring.composing import (
    apart,
    compose,
    empty_like,
    nested,
    plain,
    seen_by,
    shared_cautions,
)
from partnerleads.model import Count, Figure
from partnerleads.testing import at, history

NOW = at("2026-06-01")
LIVES = fold(
    history("""
        2026-01-02 L1 captured by acme region=DACH 10 EUR
        2026-01-09 L1 won 10 EUR
        2026-01-02 L2 captured by beta region=DACH 10 EUR
        2026-01-02 L3 captured by acme region=UKI 10 EUR
        2026-01-09 L4 captured
    """),
    as_of=NOW,
)


def wins(**said: Any) -> Count:
    return kpis.closed_won(LIVES, **said)


def value(**parts: Any) -> Count:
    """A count of the members that all parts rest on, -1 for a part that is not there."""
    first = next(part for part in parts.values() if part is not None)
    total = sum(-1 if part is None else part.n for part in parts.values())
    return Count(name="all", counted="members", n=total, value=total, as_of=first.as_of)


def test_without_keys_there_is_the_whole_alone() -> None:
    figure = compose(value, {"wins": wins(), "rate": kpis.sourced_rate(LIVES)})

    assert (5, (), {}) == (figure.value, figure.by, figure.segments)


def test_every_segment_that_any_part_has() -> None:
    parts = {"wins": wins(by="region"), "rate": kpis.sourced_rate(LIVES, by="region")}
    figure = compose(value, parts)

    assert ("region",) == figure.by
    assert [("DACH", 3), ("UKI", 0), (None, 0)] == [
        (key, one.value) for key, one in figure.segments.items()
    ]


def test_a_part_without_the_segment_is_empty_where_that_is_asked_for() -> None:
    parts = {"wins": wins(by="region"), "rate": kpis.sourced_rate(LIVES, by="region")}
    figure = compose(value, parts, absent="empty")

    assert [3, 1, 1] == [one.value for one in figure.segments.values()]


def counted(*keys: str) -> Any:
    return lambda names: kpis.sourced_rate(LIVES, by=names)


def test_keys_inside_of_keys() -> None:
    inner = nested(counted(), by="region", inside=("sourcing_partner",))

    assert {"acme": 2, "beta": 1, None: 1} == {k: s.n for k, s in inner.whole.segments.items()}
    assert {"DACH": {"acme": 1, "beta": 1}, "UKI": {"acme": 1}, None: {None: 1}} == {
        region: {key: one.n for key, one in part.segments.items()}
        for region, part in inner.segments.items()
    }
    assert {"DACH": 2, "UKI": 1, None: 1} == {k: part.n for k, part in inner.segments.items()}


def test_several_keys_inside_of_several_one_of_them_the_same() -> None:
    inner = nested(counted(), by=("region", "status"), inside=("status", "sourcing_partner"))

    assert {("won", "acme"): 1} == {
        key: one.n for key, one in inner.segments["DACH", "won"].segments.items()
    }
    assert ("status", "sourcing_partner") == inner.segments["DACH", "won"].by


def test_keys_inside_of_none() -> None:
    inner = nested(counted(), by=None, inside=("region",))

    assert ((), {}) == (inner.by, inner.segments)
    assert ("region",) == inner.whole.by


def test_nested_parts_are_composed_by_the_keys_around_them() -> None:
    inner = nested(counted(), by="region", inside=("sourcing_partner",))

    def partners(inner: Any) -> Count:
        return evolve(value(inner=inner), value=len(inner.segments))

    figure = compose(partners, {"inner": inner})

    assert (3, {"DACH": 2, "UKI": 1, None: 1}) == (
        figure.value,
        {key: one.value for key, one in figure.segments.items()},
    )


@pytest.mark.parametrize(
    "figure",
    [
        kpis.closed_won(LIVES, by="region"),
        kpis.sourced_rate(LIVES, by="region"),
        kpis.won_velocity(LIVES, by="region"),
        kpis.final_lead_value(LIVES, by="region"),
        kpis.cohort_close_rate(LIVES, within=None),
    ],
    ids=lambda figure: figure.name,
)
def test_an_empty_figure_is_that_of_no_members(figure: Figure) -> None:
    nobody = kpis.only(LIVES, kpis.Is("region", "nowhere"))
    empty = empty_like(figure)
    own = {"cohort_close_rate": {"within": None, "by": None}}.get(figure.name, {})
    expected = getattr(kpis, figure.name)(nobody, **own)

    assert evolve(expected, undefined_because=None) == evolve(
        empty, undefined_because=None, by=expected.by
    )
    assert (expected.undefined_because is None) == (empty.undefined_because is None)


def test_a_figure_without_its_segments() -> None:
    assert wins() == plain(wins(by="region"))


def test_segments_by_name_leave_out_the_unstated() -> None:
    assert ["DACH", "UKI"] == list(apart(kpis.sourced_rate(LIVES, by="region")))


def test_what_a_figure_has_from_its_parts() -> None:
    rate, velocity = kpis.sourced_rate(LIVES), kpis.won_velocity(LIVES)
    troubled = evolve(velocity, problems=3)
    seen = seen_by(rate, troubled)

    assert (NOW, None, 3) == (seen["as_of"], seen["known_at"], seen["problems"])
    assert ["small"] == [warning.code for warning in seen["warnings"]]


def test_a_warning_of_several_parts_stands_once() -> None:
    rate = kpis.sourced_rate(LIVES)

    assert rate.warnings == shared_cautions(rate, None, rate)
