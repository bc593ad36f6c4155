"""What deals come to, at the edges."""

from __future__ import annotations

from datetime import timedelta

import pytest

from partnerleads import fold, plv
from partnerleads.errors import MixedCurrencyError, OptionError
from partnerleads.plv import PartnerRecord
from partnerleads.testing import at, history

NOW = at("2026-12-31")


def record(text: str, partner_id: str = "acme") -> PartnerRecord:
    lives = fold(history(text), as_of=NOW)
    return plv.record_of(
        partner_id,
        events=lives.partner_events.get(partner_id, ()),
        leads=lives.values(),
        costs=lives.costs,
    )


NOTHING = plv.record_of("acme")
QUIET = record("2026-01-01 acme onboarded")
TWO_DEALS = record("""
    2026-01-01 acme onboarded
    2026-02-01 L1 captured by acme
    2026-03-01 L1 won 9000 EUR margin=3000 EUR
    2026-04-01 L1 refunded 3000 EUR
    2026-05-01 L2 captured by acme
    2026-06-01 L2 won 4000 EUR margin=1000 EUR
""")
PAID_BACK = record("""
    2026-02-01 L1 captured by acme
    2026-03-01 L1 won 9000 EUR margin=3000 EUR
    2026-04-01 L1 refunded 12000 EUR
""")
UNPRICED = record("""
    2026-02-01 L1 captured by acme
    2026-03-01 L1 won
""")


def test_revenue_is_net_of_refunds() -> None:
    assert 10_000 == plv.Revenue().value(TWO_DEALS, NOW)


def test_revenue_of_a_partner_without_wins_is_0_and_of_no_partner_not_known() -> None:
    assert 0.0 == plv.Revenue().value(QUIET, NOW)
    assert plv.Revenue().value(NOTHING, NOW) is None


def test_revenue_of_wins_without_values_is_not_known() -> None:
    assert plv.Revenue().value(UNPRICED, NOW) is None


def test_refunds_above_the_value_make_revenue_negative_and_the_deal_none() -> None:
    assert -3000 == plv.Revenue().value(PAID_BACK, NOW)
    assert 0 == plv.Deals().value(PAID_BACK, NOW)
    assert plv.DealSize().value(PAID_BACK, NOW) is None
    assert plv.Margin().value(PAID_BACK, NOW) is None


def test_a_window_begins_after_its_first_moment_and_ends_with_its_last() -> None:
    won = at("2026-03-01")
    month = timedelta(days=30)

    assert 1 == plv.Deals(window=month).value(TWO_DEALS, won)
    assert 0 == plv.Deals(window=month).value(TWO_DEALS, won + month)
    assert 0 == plv.Deals(window=month).value(TWO_DEALS, won - timedelta(microseconds=1))


def test_before_the_first_event_nothing_is_known() -> None:
    before = at("2025-12-31")

    assert plv.Deals().value(TWO_DEALS, before) is None
    assert plv.Deals().value(NOTHING, NOW) is None
    assert plv.DealFrequency().value(TWO_DEALS, before) is None


def test_deal_frequency_is_drawn_towards_its_prior() -> None:
    half = at("2026-01-01") + timedelta(days=146)

    assert (1 + 1) / (0.4 + 0.5) == plv.DealFrequency().value(TWO_DEALS, half)
    assert 1 / 0.4 == plv.DealFrequency(k=0, theta=0).value(TWO_DEALS, half)


def test_a_partner_of_no_time_and_no_prior_has_no_frequency() -> None:
    assert plv.DealFrequency(theta=0).value(QUIET, at("2026-01-01")) is None


def test_conversion_counts_decided_leads_that_had_their_cycle() -> None:
    told = record("""
        2026-01-02 L1 captured by acme
        2026-03-01 L1 won
        2026-01-03 L2 captured by acme
        2026-04-01 L2 lost
        2026-01-04 L3 captured by acme
        2026-04-01 L3 disqualified
        2026-01-05 L4 captured by acme
        2026-12-01 L5 captured by acme
        2026-12-02 L5 won
    """)

    assert 0.5 == plv.Conversion(a=0, b=0).value(told, NOW)
    assert 2 / 6 == plv.Conversion().value(told, NOW)
    assert 2 / 3 == plv.Conversion(a=0, b=0, cycle=timedelta(0)).value(told, NOW)
    assert plv.Conversion().value(QUIET, NOW) is None


def test_progress_conversion_counts_what_the_partner_accepted_and_kept_when_it_progressed() -> None:
    told = record("""
        2026-01-02 L1 captured
        2026-01-03 L1 accepted by acme
        2026-01-09 L1 progressed
        2026-01-02 L2 captured
        2026-01-03 L2 accepted by acme
        2026-01-04 L2 returned by acme
        2026-01-05 L2 accepted by beta
        2026-01-09 L2 won
    """)

    assert 0.5 == plv.ProgressConversion(a=0, b=0).value(told, NOW)
    assert 2 / 4 == plv.ProgressConversion().value(told, NOW)
    assert plv.ProgressConversion().value(QUIET, NOW) is None


def test_deal_size_is_drawn_towards_the_collective() -> None:
    assert 5000 == plv.DealSize().value(TWO_DEALS, NOW)
    assert 4000 == plv.DealSize(collective=3000, strength=2).value(TWO_DEALS, NOW)


def test_margin_is_a_ratio_of_sums_and_may_be_negative() -> None:
    loss = record("""
        2026-02-01 L1 captured by acme
        2026-03-01 L1 won 9000 EUR margin=-900 EUR
        2026-02-01 L2 captured by acme
        2026-03-01 L2 won 1000 EUR
    """)

    assert 0.3 == plv.Margin().value(TWO_DEALS, NOW)
    assert -0.1 == plv.Margin().value(loss, NOW)


def test_amounts_of_two_currencies_are_refused() -> None:
    mixed = record("""
        2026-02-01 L1 captured by acme
        2026-03-01 L1 won 9000 EUR margin=900 USD
    """)

    with pytest.raises(MixedCurrencyError, match="EUR, USD"):
        plv.Margin().value(mixed, NOW)


def test_involved_partners_are_credited_only_where_that_is_asked_for() -> None:
    told = record("""
        2026-02-01 L1 captured by beta
        2026-02-02 L1 influenced by acme
        2026-02-02 L1 accepted by acme
        2026-03-01 L1 won 9000 EUR by gamma
    """)

    assert 0 == plv.Deals().value(told, NOW)
    assert 1 == plv.Deals(credit="involved").value(told, NOW)


@pytest.mark.parametrize(
    ("metric", "options"),
    [
        (plv.Revenue, {"window": timedelta(0)}),
        (plv.Revenue, {"window": 365}),
        (plv.Revenue, {"credit": "source"}),
        (plv.DealFrequency, {"k": -1}),
        (plv.DealFrequency, {"theta": float("inf")}),
        (plv.Conversion, {"cycle": timedelta(days=-1)}),
        (plv.DealSize, {"collective": float("nan")}),
        (plv.DealSize, {"strength": True}),
        (plv.DealSize, {"collective": 10**400}),
    ],
)
def test_parameters_that_make_no_sense_are_refused(
    metric: type[plv.Metric], options: dict[str, object]
) -> None:
    with pytest.raises(OptionError, match=next(iter(options))):
        metric(**options)
