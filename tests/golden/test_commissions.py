"""Commissions worked out by hand."""

from __future__ import annotations

from partnerleads import Period
from partnerleads.incentives import Qualification, RateRow, RateTable, commissions
from partnerleads.testing import at, history, money

NOW = at("2026-12-31")
TEN = RateTable(name="ten", rows=[RateRow(name="ten", rate="0.10")])
BY_TIER = RateTable(
    name="2026",
    rows=[
        RateRow(name="gold", rate="0.15", tier="gold", attribution="sourced"),
        RateRow(name="renewal", rate="0.02", deal_type="renewal"),
        RateRow(name="sourced", rate="0.10", attribution="sourced"),
        RateRow(name="help", rate="0.03", attribution="influenced", among="equal"),
        RateRow(name="volume", rate="0.20", kind="rebate", of="margin", partner_type="reseller"),
    ],
)


def test_the_tier_is_that_of_the_day_of_the_win() -> None:
    events = history("""
        2026-01-01 acme onboarded tier=silver
        2026-01-02 L1 captured by acme
        2026-02-01 L1 won 1000 EUR
        2026-02-02 acme partner_updated tier=gold
        2026-02-03 L2 captured by acme
        2026-03-01 L2 won 1000 EUR
    """)

    owed = commissions(events, table=BY_TIER, as_of=NOW)

    assert [("sourced", money("100 EUR")), ("gold", money("150 EUR"))] == [
        (line.row, line.amount) for line in owed.lines
    ]
    assert {"acme": {"EUR": money("250 EUR")}} == owed.by_partner


def test_a_row_before_others_decides_and_a_rebate_comes_on_top() -> None:
    events = history("""
        2026-01-01 acme onboarded partner_type=reseller
        2026-01-02 L1 captured by acme deal_type=renewal
        2026-02-01 L1 won 1000 EUR margin=400 EUR
    """)

    owed = commissions(events, table=BY_TIER, as_of=NOW)

    # 2 % of 1 000 and 20 % of 400
    assert [("renewal", money("20 EUR")), ("volume", money("80 EUR"))] == [
        (line.row, line.amount) for line in owed.lines
    ]


def test_influencing_partners_share_the_value_to_the_cent() -> None:
    events = history("""
        2026-01-02 L1 captured
        2026-01-05 L1 influenced demo by beta
        2026-01-06 L1 influenced visit by acme
        2026-01-07 L1 influenced visit by core
        2026-02-01 L1 won 1000.01 EUR
    """)

    owed = commissions(events, table=BY_TIER, as_of=NOW)

    # 1 000.01 / 3: the two cents left go to the first two who influenced it
    assert {"beta": "333.34", "acme": "333.34", "core": "333.33"} == {
        line.partner_id: str(line.base.amount) for line in owed.lines
    }
    assert {"EUR": money("30 EUR")} == owed.by_currency


def test_a_refund_is_clawed_back_in_its_own_period() -> None:
    events = history("""
        2026-01-02 L1 captured by acme id=c1
        2026-03-20 L1 won 9000 EUR id=w1
        2026-05-10 L1 refunded 3000 EUR id=r1
    """)

    first = commissions(events, table=TEN, as_of=NOW, period=Period.quarter(2026, 1))
    second = commissions(events, table=TEN, as_of=NOW, period=Period.quarter(2026, 2))

    assert {"EUR": money("900 EUR")} == first.by_currency
    assert {"EUR": money("-300 EUR")} == second.by_currency
    assert [("r1", "w1", "c1")] == [line.event_ids for line in second.lines]
    assert [money("-3000 EUR")] == [line.base for line in second.lines]


def test_refunds_take_back_no_more_than_was_earned() -> None:
    events = history("""
        2026-01-02 L1 captured by acme
        2026-02-01 L1 won 100.05 EUR
        2026-02-02 L1 refunded 0.03 EUR
        2026-02-03 L1 refunded 60 EUR
        2026-02-04 L1 refunded 60 EUR
        2026-02-05 L1 refunded 60 EUR
    """)

    owed = commissions(events, table=TEN, as_of=NOW)

    # 10.005 is 10.00, half to even; of 100.02 10.00; of 40.02 4.00
    assert ["10.00", "0.00", "-6.00", "-4.00"] == [str(one.amount.amount) for one in owed.lines]
    assert {"EUR": money("0 EUR")} == owed.by_currency


def test_a_margin_is_clawed_back_as_the_value_is() -> None:
    table = RateTable(name="m", rows=[RateRow(name="half", rate="0.5", of="margin")])
    events = history("""
        2026-01-02 L1 captured by acme
        2026-02-01 L1 won 1000 EUR margin=300 EUR
        2026-03-01 L1 refunded 400 EUR
    """)

    owed = commissions(events, table=table, as_of=NOW)

    # 40 % of the value went back, so 40 % of the margin: 300 to 180
    assert [money("150 EUR"), money("-60 EUR")] == [line.amount for line in owed.lines]


def test_a_win_that_is_undone_is_taken_back_when_that_happens() -> None:
    events = history("""
        2026-01-02 L1 captured by acme
        2026-02-01 L1 won 1000 EUR
        2026-02-20 L1 refunded 200 EUR
        2026-04-01 L1 reopened
        2026-05-01 L1 won 500 EUR
        2026-05-02 L1 won 700 EUR
    """)

    owed = commissions(events, table=TEN, as_of=NOW)

    assert [
        ("won", money("100 EUR")),
        ("refunded", money("-20 EUR")),
        ("undone", money("-80 EUR")),
        ("won", money("50 EUR")),
        ("undone", money("-50 EUR")),
        ("won", money("70 EUR")),
    ] == [(line.cause, line.amount) for line in owed.lines]


def test_currencies_are_never_mixed() -> None:
    events = history("""
        2026-01-02 L1 captured by acme
        2026-02-01 L1 won 1000 EUR
        2026-01-02 L2 captured by acme
        2026-02-01 L2 won 1000 JPY
        2026-02-02 L2 refunded 10 EUR
    """)

    owed = commissions(events, table=TEN, as_of=NOW)

    assert {"EUR": money("100 EUR"), "JPY": money("100 JPY")} == owed.by_currency
    assert ["unclear_refunds"] == [one.code for one in owed.warnings]


def test_a_win_earns_only_where_the_lead_was_qualified_before() -> None:
    table = RateTable(
        name="bant",
        rows=[RateRow(name="ten", rate="0.10")],
        qualification=Qualification(
            criteria=("need", "budget", "authority", "timeline"), at_least=3
        ),
    )
    events = history("""
        2026-01-02 L1 captured by acme
        2026-01-03 L1 lead_qualified criteria=need,budget id=q1
        2026-01-04 L1 lead_qualified criteria=timeline id=q2
        2026-02-01 L1 won 1000 EUR id=w1
        2026-01-02 L2 captured by acme
        2026-01-03 L2 lead_qualified criteria=need,budget id=q3
        2026-02-01 L2 won 1000 EUR id=w2
        2026-02-02 L2 lead_qualified criteria=timeline
    """)

    owed = commissions(events, table=table, as_of=NOW)

    assert [("L1", ("w1", "e1", "q1", "q2"))] == [(o.lead_id, o.event_ids) for o in owed.lines]
    assert [("L2", "acme", "its qualification lacks authority, timeline", ("w2", "q3"))] == [
        (one.lead_id, one.partner_id, one.reason, one.event_ids) for one in owed.refusals
    ]
