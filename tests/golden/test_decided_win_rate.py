"""Decided win rate, worked by hand and by published examples."""

from decimal import Decimal
from typing import Any

import pytest

from partnerleads import Period, kpis
from partnerleads.errors import OptionError
from partnerleads.testing import at, history

NOW = at("2026-06-01")


def closed(**counts: int) -> tuple[Any, ...]:
    """So many leads with each end, all captured and ended in January."""
    lines = []
    for end, count in counts.items():
        for number in range(count):
            lines.append(f"2026-01-02 {end}{number} captured")
            if end != "open":
                lines.append(f"2026-01-20 {end}{number} {end}")
    return history("\n".join(lines))


def test_40_decided_of_60_entered() -> None:
    # Partner Standard's example: 12 won and 28 lost of 60, .30 decided against .20 of the cohort;
    # the interval is Wilson's for 12 of 40
    rate = kpis.decided_win_rate(closed(won=12, lost=28, open=20), as_of=NOW)

    assert (0.3, 12, 40) == (rate.value, rate.hits, rate.of)
    assert (0.1807484523, 0.4543001882) == pytest.approx(rate.interval, abs=1e-10)
    assert "leads won or lost" == rate.counted


def test_90_open_leads_leave_the_rate_as_it_is() -> None:
    # Varicent's example: of 100 created, 3 won and 7 lost
    rate = kpis.decided_win_rate(closed(won=3, lost=7, open=90), as_of=NOW)

    assert (0.3, 10) == (rate.value, rate.of)
    assert (0.1077912674, 0.6032218525) == pytest.approx(rate.interval, abs=1e-10)


def test_94_disqualified_leads_make_the_rate_narrow_or_broad() -> None:
    # Kellogg's example ("Kellblog") of a narrow and a broad win rate
    events = closed(won=4, lost=2, disqualified=94)
    narrow = kpis.decided_win_rate(events, as_of=NOW)
    broad = kpis.decided_win_rate(events, as_of=NOW, which="broad")

    assert 0.667 == pytest.approx(narrow.value, abs=5e-4)
    assert (0.04, 4, 100) == (broad.value, broad.hits, broad.of)
    assert "leads won, lost or disqualified" == broad.counted


def test_half_of_the_leads_and_three_tenths_of_the_value() -> None:
    # Altify's example: 20k and 10k won, 40k and 30k lost
    events = history("""
        2026-01-02 A captured 25000 EUR
        2026-01-20 A won 20000 EUR
        2026-01-02 B captured
        2026-01-20 B won 10000 EUR
        2026-01-02 C captured 50000 EUR
        2026-01-09 C progressed 40000 EUR
        2026-01-20 C lost
        2026-01-02 D captured 30000 EUR
        2026-01-20 D lost
    """)
    leads = kpis.decided_win_rate(events, as_of=NOW)
    value = kpis.decided_win_rate(events, as_of=NOW, unit="value")

    assert (0.5, 2, 4) == (leads.value, leads.hits, leads.of)
    assert (0.3, Decimal(30000), Decimal(100000)) == (value.value, value.hits, value.of)
    assert (None, "EUR", 4) == (value.interval, value.unit, value.n)


# L1 won at 300 less 100; L2 won, no value; L3 lost at 200, too expensive; L4 lost as a duplicate;
# L5 disqualified at 600 as spam; L6 lost, reopened: open; L7 lost, then won at 100 in February;
# L8 won at 50 EUR, refunded in dollars
ENDS = history("""
    2026-01-02 L1 captured by acme
    2026-01-20 L1 won 300 EUR
    2026-01-25 L1 refunded 100 EUR
    2026-01-02 L2 captured by acme 900 EUR
    2026-01-20 L2 won
    2026-01-02 L3 captured 200 EUR
    2026-01-20 L3 lost reason=price
    2026-01-02 L4 captured 700 EUR
    2026-01-20 L4 lost reason=duplicate
    2026-01-02 L5 captured 600 EUR
    2026-01-20 L5 disqualified reason=spam
    2026-01-02 L6 captured 800 EUR
    2026-01-20 L6 lost reason=price
    2026-01-25 L6 reopened
    2026-01-02 L7 captured by bolt
    2026-01-20 L7 lost reason=price
    2026-02-02 L7 won 100 EUR
    2026-01-02 L8 captured
    2026-01-20 L8 won 50 EUR
    2026-01-21 L8 refunded 50 USD
""")


def test_the_standing_close_decides() -> None:
    rate = kpis.decided_win_rate(ENDS, as_of=NOW)

    # L1, L2, L7 and L8 against L3 and L4
    assert (4, 6) == (rate.hits, rate.of)


def test_the_sourcing_partner_is_the_usual_segment() -> None:
    rate = kpis.decided_win_rate(ENDS, as_of=NOW)

    assert {"acme": (2, 2), "bolt": (1, 1), None: (1, 3)} == {
        partner: (one.hits, one.of) for partner, one in rate.segments.items()
    }
    assert {} == kpis.decided_win_rate(ENDS, as_of=NOW, by=None).segments


def test_placed_by_the_standing_close() -> None:
    rate = kpis.decided_win_rate(ENDS, as_of=NOW, period=Period.month(2026, 2))

    assert (1, 1, "closed") == (rate.hits, rate.of, rate.definition["anchor"])


@pytest.mark.parametrize(
    ("which", "excluding", "expected"),
    [
        ("narrow", ("duplicate",), (4, 5)),
        ("narrow", ["price", "duplicate"], (4, 4)),
        ("narrow", ("spam",), (4, 6)),
        ("broad", (), (4, 7)),
        ("broad", ("spam",), (4, 6)),
        ("broad", ("spam", "spam", "duplicate"), (4, 5)),
    ],
)
def test_leads_lost_for_some_reasons_do_not_count(
    which: Any, excluding: Any, expected: tuple[int, int]
) -> None:
    rate = kpis.decided_win_rate(ENDS, as_of=NOW, which=which, excluding=excluding)

    assert expected == (rate.hits, rate.of)
    assert (", ".join(dict.fromkeys(excluding)) or "nothing") == rate.definition["excluding"]


def test_by_value_those_that_state_none_leave_and_are_counted() -> None:
    narrow = kpis.decided_win_rate(ENDS, as_of=NOW, unit="value")
    broad = kpis.decided_win_rate(ENDS, as_of=NOW, unit="value", which="broad")

    # won: L1 at 200, L7 at 100; lost: L3 at 200, L4 at 700; disqualified: L5 at 600
    assert (300, 1200, 4) == (narrow.hits, narrow.of, narrow.n)
    assert (300, 1800, 5) == (broad.hits, broad.of, broad.n)
    assert {
        "it has no amount": 1,
        "its refunds are in another currency": 1,
    } == narrow.left_out_because


def test_by_value_in_several_currencies_only_with_rates() -> None:
    events = history("""
        2026-01-02 L1 captured
        2026-01-20 L1 won 100 EUR
        2026-01-02 L2 captured 600 USD
        2026-01-20 L2 lost
    """)
    mixed = kpis.decided_win_rate(events, as_of=NOW, unit="value")
    euros = kpis.decided_win_rate(
        events, as_of=NOW, unit="value", rates=lambda *_: Decimal("0.5"), currency="EUR"
    )

    assert (None, "amounts in EUR, USD cannot be added; pass rates") == (
        mixed.value,
        mixed.undefined_because,
    )
    assert (0.25, "EUR") == (euros.value, euros.unit)


def test_by_value_a_class_below_zero_leaves_no_share() -> None:
    events = history("""
        2026-01-02 L1 captured
        2026-01-20 L1 won 100 EUR
        2026-01-02 L2 captured 200 EUR
        2026-01-20 L2 lost
        2026-01-02 L3 captured -50 EUR
        2026-01-20 L3 disqualified
    """)
    broad = kpis.decided_win_rate(events, as_of=NOW, unit="value", which="broad")

    assert (None, "a part of the money is negative") == (broad.value, broad.undefined_because)
    assert 1 / 3 == kpis.decided_win_rate(events, as_of=NOW, unit="value").value


def codes(figure: Any) -> list[str]:
    return [warning.code for warning in figure.warnings]


def test_a_history_without_any_loss_is_warned_of() -> None:
    rate = kpis.decided_win_rate(closed(won=40, open=3, disqualified=2), as_of=NOW)

    assert 1.0 == rate.value
    assert ["no_losses"] == codes(rate)
    assert ["no_losses"] == codes(rate.segments[None])
    assert "no loss was ever recorded" in str(rate)


def test_a_loss_outside_the_period_a_reopened_or_an_excluded_one_is_a_loss() -> None:
    reopened = history("""
        2026-01-02 L1 captured
        2026-01-20 L1 lost reason=price
        2026-01-21 L1 reopened
        2026-01-02 L2 captured
        2026-02-20 L2 won
    """)
    february = Period.month(2026, 2)

    assert ["small"] == codes(kpis.decided_win_rate(reopened, as_of=NOW))
    assert ["small"] == codes(kpis.decided_win_rate(ENDS, as_of=NOW, period=february))
    assert ["small"] == codes(kpis.decided_win_rate(ENDS, as_of=NOW, excluding=("price",)))
    # before the loss there was none
    assert [] == codes(kpis.decided_win_rate(reopened, as_of=at("2026-01-19")))


def test_by_value_a_want_of_losses_is_warned_of_too() -> None:
    won = history("""
        2026-01-02 L1 captured
        2026-01-03 L1 won 5 EUR
    """)

    assert ["small", "no_losses"] == codes(kpis.decided_win_rate(won, as_of=NOW, unit="value"))


def test_events_that_can_be_read_once_are_enough() -> None:
    assert kpis.decided_win_rate(ENDS, as_of=NOW) == kpis.decided_win_rate(iter(ENDS), as_of=NOW)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"which": "wide"}, "which='wide': offered are 'narrow', 'broad'"),
        ({"unit": "money"}, "unit='money': offered are 'leads', 'value'"),
        ({"excluding": "duplicate"}, r"pass several reasons, such as \('duplicate',\)"),
    ],
)
def test_what_is_not_offered_is_refused(options: Any, words: str) -> None:
    with pytest.raises(OptionError, match=words):
        kpis.decided_win_rate(ENDS, as_of=NOW, **options)


def test_where_nothing_was_decided_there_is_no_rate() -> None:
    rate = kpis.decided_win_rate(closed(open=2), as_of=NOW)

    assert (None, "there are no leads won or lost") == (rate.value, rate.undefined_because)
    assert [] == codes(rate)
