"""Concentration, worked by hand."""

from decimal import Decimal

import pytest

from partnerleads import Period, kpis
from partnerleads.errors import OptionError
from partnerleads.events import Event
from partnerleads.testing import at, history, money

NOW = at("2026-06-01")


def three_of_fifteen() -> tuple[Event, ...]:
    """Partners p01 to p03 have 5, 3 and 2 wins; each of p04 to p15 two leads that are lost."""
    ends = {"p01": ["won 100 EUR"] * 5, "p02": ["won 100 EUR"] * 3, "p03": ["won 100 EUR"] * 2}
    ends |= {f"p{number:02}": ["lost"] * 2 for number in range(4, 16)}
    lines = [
        f"2026-01-01 {name}-{n} captured by {name}\n2026-02-01 {name}-{n} {end}"
        for name, one in ends.items()
        for n, end in enumerate(one)
    ]
    return history("\n".join(lines))


def test_three_of_fifteen_partners_carry_the_wins() -> None:
    figure = kpis.concentration(three_of_fifteen(), as_of=NOW)

    assert (1.0, 10, 10, 15) == (figure.value, figure.hits, figure.of, figure.partners)
    assert (("p01", 5), ("p02", 3), ("p03", 2)) == figure.top
    assert tuple(f"p{number:02}" for number in range(4, 16)) == figure.without_win
    # the ordered sums by hand: 2 x (13 x 2 + 14 x 3 + 15 x 5) / (15 x 10) - 16 / 15
    assert pytest.approx(286 / 150 - 16 / 15) == figure.gini


def test_the_first_one_alone() -> None:
    figure = kpis.concentration(three_of_fifteen(), as_of=NOW, top=1)

    assert (0.5, (("p01", 5),)) == (figure.value, figure.top)


def test_revenue_less_refunds() -> None:
    events = (*three_of_fifteen(), *history("2026-03-01 p01-0 refunded 100 EUR id=back"))
    figure = kpis.concentration(events, as_of=NOW, unit="revenue", top=1)

    assert (Decimal(400), Decimal(900), "EUR") == (figure.hits, figure.of, figure.unit)
    assert "p01: 400.00 of 900.00 EUR" in figure.basis_text()


SMALL = history("""
    2026-01-01 L1 captured by acme region=DACH
    2026-02-01 L1 won 100 EUR by beta
    2026-01-01 L2 captured region=DACH
    2026-02-01 L2 won 50 EUR
    2026-01-01 L3 captured by cyan region=UKI
    2026-02-01 L3 won 70 USD by cyan
    2026-04-01 L4 captured by dune region=UKI
    2026-04-02 L4 lost by acme
""")


def test_by_sourcing_and_by_closing_partner() -> None:
    sourced = kpis.concentration(SMALL, as_of=NOW, top=1)
    closed = kpis.concentration(SMALL, as_of=NOW, top=1, partner="closing_partner")

    # of equals the first by name
    assert ((("acme", 1),), ("dune",), 1) == (
        sourced.top,
        sourced.without_win,
        sourced.without_partner,
    )
    assert ((("beta", 1),), ("acme",)) == (closed.top, closed.without_win)
    assert "1 win of no partner" in sourced.basis_text()


def test_it_shows_itself() -> None:
    figure = kpis.concentration(SMALL, as_of=NOW, top=1)
    (row,) = figure.to_dicts()

    assert "50.0 %" == figure.value_text()
    assert (0.5, "acme", 1, 3) == (row["value"], row["top"], row["without_win"], row["partners"])


def test_wins_and_leads_of_a_period() -> None:
    april = kpis.concentration(SMALL, as_of=NOW, period=Period.month(2026, 4))

    assert (None, "no partner has a win", ("dune",)) == (
        april.value,
        april.undefined_because,
        april.without_win,
    )
    assert "nobody: 0 of 0 wins" in april.basis_text()


def test_each_segment_has_its_own_partners() -> None:
    figure = kpis.concentration(SMALL, as_of=NOW, by="region")

    assert {"DACH": (("acme", 1),), "UKI": (("cyan", 1),)} == {
        region: one.top for region, one in figure.segments.items()
    }
    assert ((), ("dune",)) == (
        figure.segments["DACH"].without_win,
        figure.segments["UKI"].without_win,
    )


def test_currencies_are_not_added() -> None:
    mixed = kpis.concentration(SMALL, as_of=NOW, unit="revenue")
    converted = kpis.concentration(
        SMALL, as_of=NOW, unit="revenue", top=1, currency="EUR", rates=lambda *_: Decimal(2)
    )

    assert "amounts in EUR, USD cannot be added; pass rates" == mixed.undefined_because
    assert (("cyan", money("140 EUR").amount),) == converted.top


def test_money_that_went_below_nothing_has_no_shares() -> None:
    events = history("""
        2026-01-01 L1 captured by acme
        2026-02-01 L1 won 100 EUR
        2026-02-02 L1 refunded 150 EUR
        2026-01-01 L2 captured by beta
        2026-02-01 L2 won 100 EUR
    """)
    figure = kpis.concentration(events, as_of=NOW, unit="revenue")

    assert (None, "a part of the money is negative", None) == (
        figure.value,
        figure.undefined_because,
        figure.gini,
    )


def test_wins_without_value_brought_no_money() -> None:
    events = history("""
        2026-01-01 L1 captured by acme
        2026-02-01 L1 won
    """)
    figure = kpis.concentration(events, as_of=NOW, unit="revenue")

    assert ("no partner's win brought money", "money") == (figure.undefined_because, figure.unit)


@pytest.mark.parametrize("said", [{"top": 0}, {"unit": "pipeline"}, {"partner": "holder"}])
def test_what_makes_no_sense_is_refused(said: dict[str, object]) -> None:
    with pytest.raises(OptionError):
        kpis.concentration(SMALL, as_of=NOW, **said)  # type: ignore[arg-type]


def test_revenue_tells_the_wins_whose_money_is_not_known() -> None:
    # acme has 300 of 400 in one win and a win without a value, beta 100; of cyan, dune and nobody
    # nothing is known: two state no value and two have a refund in another currency
    events = history("""
        2026-01-01 L1 captured by acme
        2026-02-01 L1 won 300 EUR
        2026-01-01 L2 captured by acme
        2026-02-01 L2 won
        2026-01-01 L3 captured by beta
        2026-02-01 L3 won 100 EUR
        2026-01-01 L4 captured by cyan
        2026-02-01 L4 won
        2026-01-01 L5 captured by dune
        2026-02-01 L5 won 50 EUR
        2026-03-01 L5 refunded 5 USD
        2026-01-01 L6 captured
        2026-02-01 L6 won 50 EUR
        2026-03-01 L6 refunded 5 USD
        2026-01-01 L7 captured
        2026-02-01 L7 won
        2026-01-01 L8 captured by echo
    """)
    figure = kpis.concentration(events, as_of=NOW, unit="revenue", top=1)
    counted = kpis.concentration(events, as_of=NOW, top=1)

    assert (0.75, 2, 2) == (figure.value, figure.n, figure.without_value)
    assert {"its refunds are in another currency": 1} == figure.left_out_because
    assert (5, ("echo",), 2) == (figure.partners, figure.without_win, figure.without_partner)
    # of acme 300, beta 100 and echo 0: 2 x (2 x 100 + 3 x 300) / (3 x 400) - 4 / 3
    assert pytest.approx(0.5) == figure.gini
    assert "2 wins of no partner; 2 state no value" in figure.basis_text()
    assert (5, 0, 0) == (counted.n, counted.without_value, counted.left_out)
