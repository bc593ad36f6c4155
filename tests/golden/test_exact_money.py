"""Money is added, weighed and converted exactly, and rounded once."""

from decimal import Decimal

from partnerleads import kpis
from partnerleads.testing import at, history, money

NOW = at("2026-06-01")


def test_a_weighted_sum_is_rounded_once() -> None:
    events = history("""
        2026-01-02 L1 captured
        2026-01-03 L1 progressed 467593196874477.61 EUR probability=0.9343015941615699
    """)
    expected = kpis.expected_lead_value(events, as_of=NOW, weighted=True)

    exact = Decimal("467593196874477.61") * Decimal(9343015941615699).scaleb(-16)
    assert "23" == f"{expected.total.amount}"[-2:]  # type: ignore[union-attr]
    assert abs(expected.total.amount - exact) < Decimal("0.02")  # type: ignore[union-attr]


def test_sums_may_leave_the_bound_of_stated_amounts() -> None:
    events = history("""
        2026-01-02 L1 captured
        2026-01-05 L1 won 999999999999999.99 EUR
        2026-01-06 L1 refunded 0.01 EUR
        2026-01-02 L2 captured
        2026-01-05 L2 won 999999999999999.99 EUR
    """)
    one, other = money("999999999999999.98 EUR"), money("999999999999999.99 EUR")

    assert one + other == kpis.final_lead_value(events, as_of=NOW).total


def test_a_share_of_money_leaves_unclear_refunds_out_for_that_reason() -> None:
    events = history("""
        2026-01-02 L1 captured by acme
        2026-01-05 L1 won 100 EUR
        2026-01-06 L1 refunded 5 USD
        2026-01-02 L2 captured by acme
        2026-01-05 L2 won 100 EUR
        2026-01-02 L3 captured
        2026-01-05 L3 won
    """)
    share = kpis.sourced_rate(events, as_of=NOW, unit="revenue")

    assert {
        "it has no amount": 1,
        "its refunds are in another currency": 1,
    } == dict(share.left_out_because)
    assert (1, 1.0) == (share.n, share.value)
