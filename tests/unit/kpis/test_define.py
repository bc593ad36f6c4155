import pickle
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from partnerleads import Period, kpis
from partnerleads.errors import OptionError
from partnerleads.kpis import (
    Active,
    AllOf,
    AnyOf,
    CountOf,
    Has,
    Is,
    Not,
    SetOf,
    ShareOf,
    SumOf,
    SumShareOf,
    TimeBetween,
    Within,
    define,
)
from partnerleads.model import Count, Durations, Regions, Share, Totals
from partnerleads.testing import at, history, money

NOW = at("2026-03-01")
EVENTS = history("""
    2026-01-02 L1 captured by acme 100 EUR region=DACH
    2026-01-03 L1 responded
    2026-01-05 L1 won 300 EUR
    2026-01-02 L2 captured 200 EUR
    2026-01-12 L2 responded
    2026-01-13 L2 progressed
    2026-02-02 L3 captured
""")
DAY = timedelta(days=1)


def measured(form: Any, **options: Any) -> Any:
    kpi = define("own", form, counted="leads", **{"anchor": "captured", **options})
    return kpi(EVENTS, as_of=NOW)


def test_every_form_gives_its_result() -> None:
    forms = {
        CountOf(): Count,
        ShareOf(Has("won")): Share,
        SumShareOf("expected_value", Has("won")): Share,
        TimeBetween("captured", "responded", "hours"): Durations,
        SumOf("expected_value"): Totals,
        SetOf("captured.lead.region"): Regions,
    }

    assert set(forms.values()) == {type(measured(form)) for form in forms}
    assert {"own"} == {measured(form).name for form in forms}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (kpis.EVERY, 3),
        (Has("won"), 1),
        (Not(Has("won")), 2),
        (Is("status", "won"), 1),
        (Is("attribution", "sourced"), 1),
        (Is("captured.lead.region", "DACH"), 1),
        (Has("won.value"), 1),
        (Within("captured", "responded", DAY), 1),
        (Within("captured", "responded", 10 * DAY), 2),
        (Within("responded", "captured", 10 * DAY), 0),
        (Active(28 * DAY), 1),
        (kpis.OPEN, 2),
        (kpis.IN_PROGRESS, 1),
        (AllOf((Has("responded"), kpis.OPEN)), 1),
        (AllOf(()), 3),
        (AnyOf((Has("won"), Has("progressed"))), 2),
        (AnyOf(()), 0),
    ],
)
def test_conditions(condition: Any, expected: int) -> None:
    assert expected == measured(CountOf(), of=condition).value
    assert expected == measured(ShareOf(condition)).hits


def test_a_rate_within_a_span_under_any_nesting_leaves_the_vague_out() -> None:
    events = history("""
        2026-01-02 L1 captured
        2026-01-03 L1 responded precision=by
        2026-01-02 L2 captured
        2026-01-03 L2 responded
        2026-01-02 L3 captured precision=relative
        2026-01-03 L3 responded
        2026-02-27 L4 captured
    """)
    within = Within("captured", "responded", 9 * DAY)
    for hit in (within, AllOf((within, Has("captured"))), AnyOf((within,)), Not(Not(within))):
        rate = define("own", ShareOf(hit), counted="leads", anchor="captured")(events, as_of=NOW)

        assert (1, 2, 2) == (rate.hits, rate.of, rate.left_out)  # type: ignore[attr-defined]
        # L4 was captured two days ago
        assert ["immature", "small"] == [warning.code for warning in rate.warnings]


def test_only_those_that_can_be_judged_enter_the_denominator() -> None:
    rate = measured(ShareOf(Has("won"), judged=Has("responded")))

    assert (1, 2) == (rate.hits, rate.of)


def test_values_that_are_not_there_are_none_not_an_error() -> None:
    total = measured(SumOf("won.value"))

    assert (money("300 EUR"), 1, 2) == (total.total, total.n, total.without_value)


def test_over_wins_and_over_spells() -> None:
    events = history("""
        2026-01-02 L1 captured
        2026-01-03 L1 accepted by acme
        2026-01-04 L1 accepted by bolt
        2026-01-05 L1 won
        2026-01-06 L1 won
    """)
    wins = define("own", CountOf(), counted="wins", anchor="won", over="wins")
    spells = define("own", CountOf(), counted="spells", anchor="accepted", over="spells")

    assert 2 == wins(events, as_of=NOW).value  # type: ignore[attr-defined]
    assert 2 == spells(events, as_of=NOW).value  # type: ignore[attr-defined]


def test_periods_segments_zones_and_money_come_with_it() -> None:
    count = define("own", CountOf(), counted="leads", anchor=("registered", "captured"))
    figure = count(EVENTS, as_of=NOW, period=Period.month(2026, 1), by="region", tz="UTC")
    assert (2, ["DACH", None]) == (figure.n, list(figure.segments))

    total = define("own", SumOf("expected_value"), counted="leads", anchor="captured")
    dollars = total(EVENTS, as_of=NOW, rates=lambda *_: Decimal(2), currency="USD")
    assert money("600 USD") == dollars.total  # type: ignore[attr-defined]

    rate = define("own", ShareOf(Has("won")), counted="leads", anchor="captured")
    assert 0.5 == rate(EVENTS, as_of=NOW, confidence=0.5).confidence  # type: ignore[attr-defined]


def test_one_without_an_anchor_is_a_stock() -> None:
    stock = define("own", CountOf(), counted="leads", of=kpis.OPEN)

    assert stock.is_stock
    assert not define("own", SetOf("captured.lead.region"), counted="leads").is_stock
    assert not define("own", CountOf(), counted="leads", anchor="won").is_stock
    with pytest.raises(OptionError, match="own is a stock"):
        stock(EVENTS, as_of=NOW, period=Period.month(2026, 1))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("wonn", "did you mean 'won'"),
        ("won or True", "offered are"),
        ("", "offered are"),
        ("won.", "is no column"),
        ("won.value or 1", "is no column"),
        ("won.__class__", "is no column"),
        ("_verdict", "offered are"),
    ],
)
def test_columns_that_a_lifecycle_does_not_have_are_refused(name: str, words: str) -> None:
    with pytest.raises(OptionError, match=words):
        measured(CountOf(), of=Has(name))


def test_members_that_there_are_not_are_refused() -> None:
    with pytest.raises(OptionError, match="did you mean 'wins'"):
        define("own", CountOf(), counted="wins", over="win")  # type: ignore[arg-type]


def test_a_kpi_of_ones_own_survives_pickling() -> None:
    kpi = define("own", ShareOf(Within("captured", "won", DAY)), counted="leads", anchor="captured")

    assert kpi == pickle.loads(pickle.dumps(kpi))  # noqa: S301 - our own bytes


@pytest.mark.parametrize(
    "condition",
    [
        Is("region", "DACH"),
        Is("latest.region", "DACH"),
        Is("attributes.colour", "red"),
        Is("latest.attributes.colour", "blue"),
        Has("attributes.colour"),
    ],
)
def test_conditions_take_the_names_of_keys(condition: Any) -> None:
    events = history("""
        2026-01-02 L1 captured region=DACH attributes.colour=red
        2026-01-03 L1 lead_updated attributes.colour=blue
        2026-01-02 L2 captured
    """)
    those = define("those", CountOf(), counted="leads", anchor="captured", of=condition)

    assert 1 == those(events, as_of=NOW).value  # type: ignore[attr-defined]


def test_an_attribute_without_a_name_is_no_column() -> None:
    nameless = define("those", CountOf(), counted="leads", of=Has("attributes."))

    with pytest.raises(OptionError, match="offered are"):
        nameless(EVENTS, as_of=NOW)


def test_only_useful_columns_are_offered() -> None:
    wrong = define("those", CountOf(), counted="leads", of=Is("regio", "DACH"))

    with pytest.raises(OptionError, match="did you mean 'region'") as caught:
        wrong(EVENTS, as_of=NOW)
    assert "'won'" in str(caught.value)
    assert "'shape'" not in str(caught.value)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: TimeBetween("captured", "won", "weeks"), "unit='weeks': offered are 'hours'"),
        (lambda: Within("captured", "won", 30), "span=30: pass a timedelta"),
        (lambda: Active(30), "span=30: pass a timedelta"),
    ],
)
def test_units_and_spans_are_checked_when_they_are_named(make: Any, words: str) -> None:
    with pytest.raises(OptionError, match=words):
        make()
