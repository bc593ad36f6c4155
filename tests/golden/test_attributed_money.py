"""Sourced and influenced revenue and pipeline, worked by hand."""

from decimal import Decimal

import pytest

from partnerleads import Period, kpis
from partnerleads.errors import OptionError
from partnerleads.testing import at, history, money

NOW = at("2026-06-01")
# sourced: L1 won 300 less 50 in February, L2 open at 80, L3 open without a value
# influenced: L4 won 500 in March, L5 open at 200; direct: L6 won 250, L7 open at 100
MONEY = history("""
    2026-01-02 L1 captured by acme 999 EUR
    2026-02-03 L1 won      300 EUR
    2026-03-05 L1 refunded  50 EUR
    2026-01-02 L2 captured by bolt 80 EUR
    2026-01-02 L3 captured by bolt
    2026-01-02 L4 captured
    2026-01-03 L4 influenced by bolt
    2026-03-03 L4 won      500 EUR
    2026-01-02 L5 captured 200 EUR
    2026-01-03 L5 influenced by bolt
    2026-01-02 L6 captured
    2026-02-03 L6 won      250 EUR
    2026-01-02 L7 captured 100 EUR
""")


def test_sourced_revenue() -> None:
    value = kpis.sourced_revenue(MONEY, as_of=NOW)

    assert (money("250 EUR"), 1) == (value.total, value.n)
    assert {"acme": money("250 EUR")} == {
        partner: one.total
        for partner, one in kpis.sourced_revenue(
            MONEY, as_of=NOW, by="sourcing_partner"
        ).segments.items()
    }


def test_influenced_revenue_by_the_time_of_the_win() -> None:
    february, march = Period.month(2026, 2), Period.month(2026, 3)

    assert money("500 EUR") == kpis.influenced_revenue(MONEY, as_of=NOW).total
    assert money("500 EUR") == kpis.influenced_revenue(MONEY, as_of=NOW, period=march).total
    assert kpis.influenced_revenue(MONEY, as_of=NOW, period=february).total is None


def test_sourced_pipeline() -> None:
    value = kpis.sourced_pipeline(MONEY, as_of=NOW)

    assert (money("80 EUR"), 1, 1) == (value.total, value.n, value.without_value)


def test_influenced_pipeline() -> None:
    assert money("200 EUR") == kpis.influenced_pipeline(MONEY, as_of=NOW).total


def test_the_classes_add_up_to_all_revenue() -> None:
    whole = kpis.final_lead_value(MONEY, as_of=NOW, by="attribution")

    assert {
        "sourced": money("250 EUR"),
        "influenced": money("500 EUR"),
        "direct": money("250 EUR"),
    } == {name: one.total for name, one in whole.segments.items()}
    assert money("1000 EUR") == whole.total


@pytest.mark.parametrize("kpi", [kpis.sourced_pipeline, kpis.influenced_pipeline])
def test_a_pipeline_takes_no_period(kpi: object) -> None:
    with pytest.raises(OptionError, match="stock"):
        kpi(MONEY, as_of=NOW, period=Period.month(2026, 1))  # type: ignore[operator]


@pytest.mark.parametrize(
    ("kpi", "expected"),
    [
        (kpis.sourced_revenue, "500 USD"),
        (kpis.influenced_revenue, "1000 USD"),
        (kpis.sourced_pipeline, "160 USD"),
        (kpis.influenced_pipeline, "400 USD"),
    ],
)
def test_all_four_convert(kpi: object, expected: str) -> None:
    value = kpi(MONEY, as_of=NOW, rates=lambda *_: Decimal(2), currency="USD")  # type: ignore[operator]

    assert money(expected) == value.total
