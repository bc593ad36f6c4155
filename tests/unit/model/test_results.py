import pickle
from decimal import Decimal
from typing import Any

import attrs
import pytest

from partnerleads import Period
from partnerleads.errors import MixedCurrencyError
from partnerleads.model import (
    Caution,
    Count,
    Durations,
    Figure,
    FrozenMap,
    Regions,
    Share,
    Totals,
)
from partnerleads.model.figure import frozen_counts, left_out_words, number
from partnerleads.testing import at, money

COMMON: dict[str, Any] = {"as_of": at("2026-04-01 09:30"), "counted": "leads captured"}
SHARE = Share(
    name="sourced_rate", n=400, value=0.15, hits=60, of=400, interval=(0.118, 0.188), **COMMON
)
DURATIONS = Durations(
    name="action_delay",
    n=2,
    median=1.75,
    p90=120.0,
    mean=2.5,
    unit="days",
    censored=3,
    closed_without=1,
    **COMMON,
)
TOTALS = Totals(
    name="final_lead_value",
    n=2,
    by_currency=FrozenMap({"EUR": money("1200.5 EUR")}),
    without_value=1,
    **COMMON,
)
COUNT = Count(name="in_progress", n=3, value=3, listed=("L1",), listed_as="stalled", **COMMON)
REGIONS = Regions(
    name="active_regions",
    n=3,
    value=("DACH", "UKI"),
    leads=FrozenMap({"DACH": 2, "UKI": 1}),
    **COMMON,
)
DELAY_IN_WORDS = (
    "action_delay median 1.8, p90 120 days "
    "(2 leads captured; 3 open without it; 1 closed without it"
)
UNDEFINED_SHARE = Share(
    name="sourced_rate", n=0, value=None, hits=0, of=0, undefined_because="there are none", **COMMON
)
UNDEFINED_DURATIONS = Durations(
    name="action_delay",
    n=0,
    median=None,
    p90=None,
    mean=None,
    unit="days",
    censored=0,
    closed_without=0,
    undefined_because="there are none",
    **COMMON,
)
MONEY_SHARE = Share(
    name="sourced_rate",
    n=3,
    value=0.25,
    hits=Decimal("2.50"),
    of=Decimal("10.00"),
    unit="EUR",
    **COMMON,
)
FIGURES = (SHARE, DURATIONS, TOTALS, COUNT, REGIONS, UNDEFINED_SHARE, UNDEFINED_DURATIONS)
EVERY_FIGURE = pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.value_text())


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (SHARE, "sourced_rate 15.0 % (60 of 400 leads captured; 95 % 11.8-18.8 %"),
        (MONEY_SHARE, "sourced_rate 25.0 % (2.50 of 10.00 EUR, leads captured"),
        (UNDEFINED_SHARE, "sourced_rate undefined (0 of 0 leads captured; there are none"),
        (
            DURATIONS,
            DELAY_IN_WORDS,
        ),
        (UNDEFINED_DURATIONS, "action_delay undefined (0 leads captured; there are none"),
        (TOTALS, "final_lead_value EUR 1 200.50 (2 leads captured; 1 states no value"),
        (COUNT, "in_progress 3 (leads captured; 1 stalled"),
        (attrs.evolve(COUNT, listed_as=""), "in_progress 3 (leads captured"),
        (REGIONS, "active_regions DACH, UKI (2) (3 leads captured"),
    ],
)
def test_figures_read_for_people(figure: Figure, words: str) -> None:
    assert f"{words}, as of 2026-04-01 09:30 UTC)" == str(figure)
    assert f"<{figure}>" == repr(figure)


def test_a_period_stands_in_the_place_of_the_moment() -> None:
    figure = attrs.evolve(COUNT, period=Period.month(2026, 1, tz="Europe/Berlin"))

    assert str(figure).endswith(", 2026-01-01 to 2026-02-01 Europe/Berlin)")


def test_notes_follow_the_figure() -> None:
    figure = attrs.evolve(
        COUNT,
        left_out_because=FrozenMap({"its calendar is invented": 2}),
        problems=4,
        warnings=(Caution("small", "small: n < 30"),),
    )

    assert [
        "  note: 2 left out: their calendar is invented",
        "  note: 4 problems of the history in these leads",
        "  note: small: n < 30",
    ] == str(figure).splitlines()[1:]
    assert 2 == figure.left_out


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("it states no region", "they state no region"),
        ("it has no amount", "they have no amount"),
        ("it was not captured", "they were not captured"),
        ("it did not have the whole time yet", "they did not have the whole time yet"),
        ("its refunds are no part of its value", "their refunds are no part of their value"),
        ("closed before it would be read", "closed before they would be read"),
        (
            "nothing recorded of it when it would be read",
            "nothing recorded of them when they would be read",
        ),
        ("in neither group", "in neither group"),
    ],
)
def test_of_several_left_out_the_reason_speaks_of_several(reason: str, words: str) -> None:
    assert f"1 left out: {reason}" == left_out_words(1, reason)
    assert f"5 left out: {words}" == left_out_words(5, reason)


def test_segments_stand_below_in_columns() -> None:
    small = attrs.evolve(COUNT, value=2, listed_as="", warnings=(Caution("few", "few"),))
    figure = attrs.evolve(
        COUNT,
        by=("region", "tier"),
        segments=FrozenMap({("DACH", "gold"): attrs.evolve(small, value=11), ("UKI", None): small}),
    )

    assert [
        "  DACH, gold         11  leads captured  few",
        "  UKI, (not stated)   2  leads captured  few",
    ] == str(figure).splitlines()[1:]


@EVERY_FIGURE
def test_rows_are_flat_and_have_the_same_names(figure: Figure) -> None:
    part = attrs.evolve(figure, n=1)
    whole = attrs.evolve(figure, by=("region",), segments=FrozenMap({"DACH": part, None: part}))
    rows = whole.to_dicts()

    assert [("whole", None), ("segment", "DACH"), ("segment", None)] == [
        (row["level"], row["region"]) for row in rows
    ]
    assert [list(rows[0])] * 3 == [list(row) for row in rows]
    assert figure.name == rows[0]["figure"]
    assert figure.as_of == rows[2]["as_of"]


def test_rows_of_several_keys() -> None:
    whole = attrs.evolve(COUNT, by=("region", "tier"), segments=FrozenMap({("DACH", None): COUNT}))

    assert [(None, None), ("DACH", None)] == [
        (row["region"], row["tier"]) for row in whole.to_dicts()
    ]


def test_a_figure_without_a_value_has_no_columns_of_its_own() -> None:
    assert {} == Figure(name="own", n=0, **COMMON).columns()


def test_rows_hold_the_value_and_its_basis() -> None:
    period = Period.month(2026, 1)
    (row,) = attrs.evolve(SHARE, period=period, warnings=(Caution("a", "b"),)).to_dicts()

    assert {
        "value": 0.15,
        "hits": 60,
        "of": 400,
        "low": 0.118,
        "high": 0.188,
        "period_start": period.start,
        "period_end": period.end,
        "warnings": "b",
    }.items() <= row.items()


@EVERY_FIGURE
def test_every_figure_bears_its_basis_and_survives_pickling(figure: Figure) -> None:
    assert isinstance(figure.n, int)
    assert at("2026-04-01 09:30") == figure.as_of
    assert () == figure.warnings
    assert figure == pickle.loads(pickle.dumps(figure))  # noqa: S301 - our own bytes


def test_html_escapes_what_data_say() -> None:
    nasty = attrs.evolve(COUNT, warnings=(Caution("x", "<b>&</b>"),))
    figure = attrs.evolve(
        nasty, by=("region",), segments=FrozenMap({"<script>": nasty, None: nasty})
    )
    html = figure._repr_html_()

    assert "<script>" not in html
    assert "<b>" not in html
    assert "&lt;script&gt;" in html
    assert "&lt;b&gt;&amp;&lt;/b&gt;" in html
    assert "(not stated)" in html
    assert 4 == html.count("<tr>")
    assert html.startswith("<table><caption>as of 2026-04-01 09:30 UTC</caption>")


def test_one_total_needs_one_currency() -> None:
    assert money("1200.50 EUR") == TOTALS.total
    several = attrs.evolve(
        TOTALS, by_currency=FrozenMap({"USD": money("1 USD"), "EUR": money("2 EUR")})
    )

    with pytest.raises(MixedCurrencyError, match="EUR, USD"):
        _ = several.total
    assert "EUR 2.00, USD 1.00" == several.value_text()
    assert (None, None) == (several.columns()["amount"], several.columns()["currency"])
    assert (Decimal("1200.50"), "EUR") == (
        TOTALS.columns()["amount"],
        TOTALS.columns()["currency"],
    )


def test_no_money_is_undefined() -> None:
    nothing = Totals(name="final_lead_value", n=2, **COMMON)

    assert nothing.total is None
    assert "undefined" == nothing.value_text()
    assert "2 leads captured" == nothing.basis_text()


def test_numbers_read_for_people() -> None:
    assert ["4.2", "0.0", "99.9", "100", "1 234 567", "-5.0"] == [
        number(value) for value in (4.25, 0, 99.94, 100.4, 1234567.2, -5)
    ]


def test_counts_by_reason_are_in_order_and_never_zero() -> None:
    assert [("a", 1), ("b", 2)] == list(frozen_counts({"b": 2, "c": 0, "a": 1}).items())


def test_a_segment_with_a_line_break_stays_on_its_line() -> None:
    figure = attrs.evolve(COUNT, by=("region",), segments=FrozenMap({"a\nb": COUNT, "c": COUNT}))

    assert 3 == len(str(figure).splitlines())
    assert r"  a\nb  " in str(figure)
