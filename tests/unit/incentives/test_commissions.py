"""What commissions refuse, and how a statement reads."""

from __future__ import annotations

from typing import Any

import pytest

from partnerleads import Period, fold
from partnerleads.errors import AsOfError, OptionError
from partnerleads.incentives import Qualification, RateRow, RateTable, commissions
from partnerleads.kpis.measuring.conditions import Is
from partnerleads.testing import at, history, money

NOW = at("2026-12-31")
TABLE = RateTable(name="ten", rows=[RateRow(name="ten", rate="0.10")])
SOURCED = RateTable(
    name="sourced",
    rows=[RateRow(name="s", rate="0.10", attribution="sourced", of="margin")],
    eligible=Is("region", "DACH"),
)


def test_arguments_that_are_none_of_theirs_are_refused() -> None:
    with pytest.raises(OptionError, match="pass a RateTable"):
        commissions([], table={"ten": 0.1}, as_of=NOW)  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="pass a Period"):
        commissions([], table=TABLE, as_of=NOW, period="2026")  # type: ignore[arg-type]
    with pytest.raises(AsOfError):
        commissions([], table=TABLE)


def test_lifecycles_are_taken_as_they_are() -> None:
    events = history("2026-01-02 L1 captured by acme\n2026-01-03 L1 won 5 EUR")

    owed = commissions(fold(events, as_of=NOW), table=TABLE)

    assert {"EUR": money("0.50 EUR")} == owed.by_currency


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2026-01-02 L1 captured by acme", "the deal does not meet the condition of the table"),
        (
            "2026-01-02 L1 captured region=DACH\n2026-01-03 L1 influenced by acme",
            (
                "no row fits: tier not stated, partner type not stated, attribution influenced, "
                "deal type not stated"
            ),
        ),
        ("2026-01-02 L1 captured by acme region=DACH", "the win states no margin"),
    ],
)
def test_what_earns_nothing_is_told_with_its_reason(text: str, reason: str) -> None:
    events = history(text + "\n2026-02-01 L1 won 1000 EUR id=w")

    owed = commissions(events, table=SOURCED, as_of=NOW)

    assert [("acme", reason, ("w",))] == [
        (one.partner_id, one.reason, one.event_ids) for one in owed.refusals
    ]
    assert f"  note: nothing for 1: {reason}" in str(owed)
    assert owed.by_currency == {}
    assert str(owed).startswith("owed nothing (0 lines, 0 deals")


@pytest.mark.parametrize("value", ["0 EUR", "-5 EUR"])
def test_a_win_of_nothing_earns_nothing_and_takes_nothing(value: str) -> None:
    events = history(f"""
        2026-01-02 L1 captured by acme
        2026-02-01 L1 won {value}
        2026-02-02 L1 refunded 5 EUR
    """)

    owed = commissions(events, table=TABLE, as_of=NOW)

    assert ["the value of the win is not above 0"] == [one.reason for one in owed.refusals]
    assert ((), ()) == (owed.lines, owed.warnings)


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        ("", "it was not qualified before the win"),
        (
            "2026-01-03 L1 lead_qualified\n2026-01-04 L1 disqualified\n2026-01-05 L1 reopened",
            "it was not qualified before the win",
        ),
        ("2026-01-03 L1 lead_qualified", ""),
    ],
)
def test_a_qualification_may_be_asked_for_alone(before: str, reason: str) -> None:
    table = RateTable(name="q", rows=TABLE.rows, qualification=Qualification())
    events = history(f"2026-01-02 L1 captured by acme\n{before}\n2026-02-01 L1 won 10 EUR")

    owed = commissions(events, table=table, as_of=NOW)

    assert [reason] * bool(reason) == [one.reason for one in owed.refusals]
    assert [money("1 EUR")] * (not reason) == [line.amount for line in owed.lines]


def test_direct_deals_and_leads_never_captured_owe_nothing_to_anybody() -> None:
    events = history("""
        2026-01-02 L1 captured
        2026-02-01 L1 won 1000 EUR
        2026-02-01 L2 registered by acme
        2026-02-02 L2 won 1000 EUR
    """)

    owed = commissions(events, table=TABLE, as_of=NOW)

    assert ((), ()) == (owed.lines, owed.refusals)


def test_a_refund_before_the_win_or_after_its_end_takes_nothing_back() -> None:
    events = history("""
        2026-01-02 L1 captured by acme
        2026-01-03 L1 refunded 100 EUR
        2026-02-01 L1 won 1000 EUR
        2026-02-03 L1 reopened
        2026-02-04 L1 refunded 100 EUR
        2026-02-05 L1 lost
    """)

    owed = commissions(events, table=TABLE, as_of=NOW)

    assert ["won", "undone"] == [line.cause for line in owed.lines]


def test_a_refund_of_a_win_without_a_value_is_told() -> None:
    table = RateTable(name="m", rows=[RateRow(name="m", rate="0.5", of="margin")])
    events = history("""
        2026-01-02 L1 captured by acme
        2026-02-01 L1 won margin=300 EUR
        2026-03-01 L1 refunded 400 EUR
    """)

    owed = commissions(events, table=table, as_of=NOW)

    assert {"EUR": money("150 EUR")} == owed.by_currency
    assert [
        "refunds that took nothing back, in another currency or of a win without a value: 1"
    ] == [str(one) for one in owed.warnings]
    assert "  note: refunds that took nothing back" in str(owed)


@pytest.mark.parametrize(
    ("precision", "code", "lines"),
    [("relative", "invented_times", 0), ("by", "vague_times", 1), ("assumed", "vague_times", 1)],
)
def test_times_that_no_period_can_trust_are_told(precision: str, code: str, lines: int) -> None:
    events = history(f"""
        2026-01-02 L1 captured by acme
        2026-02-01 L1 won 1000 EUR precision={precision}
    """)
    year = Period.year(2026)

    owed = commissions(events, table=TABLE, as_of=NOW, period=year)

    assert ([code], lines) == ([one.code for one in owed.warnings], len(owed.lines))
    assert () == commissions(events, table=TABLE, as_of=NOW).warnings


EVENTS = """
    2026-01-01 acme onboarded tier=gold
    2026-01-02 L1 captured by acme
    2026-02-01 L1 won 9000 EUR
    2026-04-15 L1 refunded 3000 EUR
    2026-01-02 L2 captured by beta
    2026-02-01 L2 won
"""


def test_a_result_prints_its_totals_and_its_reasons() -> None:
    owed = commissions(history(EVENTS), table=TABLE, as_of=NOW)

    assert repr(owed) == (
        "<owed EUR 600.00 (2 lines, 1 deal, table ten, as of 2026-12-31 00:00 UTC)\n"
        "  acme  EUR 600.00  2 lines, EUR -300.00 taken back\n"
        "  note: nothing for 1: the win states no value>"
    )
    assert "<td>acme</td><td>EUR 600.00</td>" in owed._repr_html_()


def test_a_statement_shows_a_partner_every_line_with_its_evidence() -> None:
    owed = commissions(history(EVENTS), table=TABLE, as_of=NOW, period=Period.year(2026))

    assert owed.of("acme").statement() == (
        "owed EUR 600.00 (2 lines, 1 deal, table ten, "
        "2026-01-01 to 2027-01-01 UTC, as of 2026-12-31 00:00 UTC)\n"
        "  2026-02-01  L1  commission  won  EUR 900.00 = 10 % of value EUR 9 000.00  "
        "(ten; e3, e2)\n"
        "  2026-04-15  L1  commission  refunded  EUR -300.00 = 10 % of value EUR -3 000.00  "
        "(ten; e4, e3, e2)"
    )
    assert (
        owed.of("beta")
        .statement()
        .endswith("  2026-02-01  L2  nothing: the win states no value  (e6)")
    )


def test_a_statement_tells_days_by_the_clock_of_its_period() -> None:
    # both won on the first of July in Berlin, which is still June in UTC
    events = history("""
        2026-01-02 L1 captured by acme
        2026-06-30 22:30 L1 won 9000 EUR
        2026-01-02 L2 captured by acme
        2026-06-30 22:30 L2 won
    """)
    quarter = Period.quarter(2026, 3, tz="Europe/Berlin")
    owed = commissions(events, table=TABLE, as_of=NOW, period=quarter)

    _, line, refusal = owed.of("acme").statement().split("\n")
    assert ("  2026-07-01  L1", "  2026-07-01  L2") == (line[:16], refusal[:16])
    assert str(owed.lines[0]).startswith("2026-06-30 22:30 UTC  L1")
    _, *alike = commissions(events, table=TABLE, as_of=NOW).of("acme").statement().split("\n")
    assert ["  2026-06-30", "  2026-06-30"] == [one[:12] for one in alike]


def test_rows_are_flat() -> None:
    owed = commissions(history(EVENTS), table=TABLE, as_of=NOW)

    rows: list[dict[str, Any]] = owed.to_dicts()

    assert ["won", "refunded"] == [row["cause"] for row in rows]
    assert {
        "partner_id": "acme",
        "lead_id": "L1",
        "kind": "commission",
        "tier": "gold",
        "attribution": "sourced",
        "currency": "EUR",
        "row": "ten",
        "event_ids": "e3, e2",
        "table": TABLE.fingerprint,
    }.items() <= rows[0].items()


def test_no_events_at_all_make_nothing_owed() -> None:
    owed = commissions([], table=TABLE, as_of=NOW)

    assert "owed nothing (0 lines, 0 deals, table ten, as of 2026-12-31 00:00 UTC)" == str(owed)
    assert ({}, []) == (owed.by_partner, owed.to_dicts())


def test_a_partner_that_left_is_owed_what_it_earned_and_owes_what_is_taken_back() -> None:
    events = history("""
        2026-01-01 acme onboarded
        2026-01-02 L1   captured by acme
        2026-02-01 L1   won 1000 EUR
        2026-02-02 acme terminated
        2026-03-01 L1   refunded 400 EUR
    """)

    owed = commissions(events, table=TABLE, as_of=NOW)

    assert [money("100 EUR"), money("-40 EUR")] == [line.amount for line in owed.lines]


def test_a_win_after_the_partner_left_is_owed_and_told() -> None:
    events = history("""
        2026-01-01 acme onboarded
        2026-01-02 L1   captured by acme
        2026-01-20 acme terminated
        2026-02-01 L1   won 1000 EUR
        2026-03-01 acme onboarded
        2026-03-02 L2   captured by acme
        2026-03-03 L2   won 500 EUR
    """)

    owed = commissions(events, table=TABLE, as_of=NOW)

    assert {"EUR": money("150 EUR")} == owed.by_currency
    assert "note: owed for wins after their partner had left the programme: 1" in str(owed)


def test_a_negative_margin_earns_nothing_and_a_refund_of_it_takes_nothing() -> None:
    table = RateTable(name="m", rows=[RateRow(name="m", rate="0.5", of="margin")])
    events = history("""
        2026-01-02 L1 captured by acme
        2026-02-01 L1 won 1000 EUR margin=-300 EUR
        2026-03-01 L1 refunded 400 EUR
    """)

    owed = commissions(events, table=table, as_of=NOW)

    assert () == owed.lines
    assert ["the margin of the win is not above 0"] == [one.reason for one in owed.refusals]


BERLIN = """
    2026-01-02            L1 captured by acme
    2026-03-31T22:00+00:00 L1 won 1000 EUR precision=day
    2026-01-02            L2 captured by acme
    2026-02-01            L2 won 1000 EUR precision=day
    2026-01-02            L3 captured by acme
    2026-03-31T22:00+00:00 L3 won 1000 EUR precision=instant
"""


def test_dates_of_another_zone_than_the_period_are_told() -> None:
    events = history(BERLIN)
    words = (
        "placed by a date of another zone than the period's, where it may be off by a day: 1; "
        "pass a period with the zone of the dates, such as Period.quarter(2026, 1, "
        "tz='Europe/Berlin')"
    )

    owed = commissions(events, table=TABLE, as_of=NOW, period=Period.quarter(2026, 1))

    assert [("dates_of_another_zone", words)] == [(one.code, str(one)) for one in owed.warnings]
    assert owed.of("acme").statement().endswith(f"  note: {words}")
    assert f"<p>{words}</p>" in owed._repr_html_().replace("&#x27;", "'")


def test_dates_of_the_zone_of_the_period_need_no_caution() -> None:
    second = Period.quarter(2026, 2, tz="Europe/Berlin")

    owed = commissions(history(BERLIN), table=TABLE, as_of=NOW, period=second)

    assert (["L1", "L3"], ()) == ([line.lead_id for line in owed.lines], owed.warnings)
    assert () == commissions(history(BERLIN), table=TABLE, as_of=NOW).warnings


def test_problems_of_the_leads_paid_or_refused_are_counted_for_each_partner() -> None:
    events = history("""
        2026-01-02 L1 captured by acme
        2026-02-01 L1 lost
        2026-02-02 L1 won 1000 EUR
        2026-03-01 L1 refunded 10 EUR
        2026-01-02 L2 captured by beta
        2026-01-01 L2 won
        2026-01-02 L3 captured by core
        2026-02-01 L3 won 1000 EUR
        2026-01-02 L4 captured by core
        2026-01-01 L4 lost
    """)
    lives = fold(events, as_of=NOW)

    owed = commissions(lives, table=TABLE)

    assert {"L1", "L2", "L4"} == set(lives.troubled)
    assert lives.troubled["L1"] + lives.troubled["L2"] == owed.problems
    assert [lives.troubled["L1"], lives.troubled["L2"], 0] == [
        owed.of(name).problems for name in ("acme", "beta", "core")
    ]
    assert f"\n  note: {owed.problems} problems of the history in these leads" in str(owed)
    assert "of the history" not in owed.of("core").statement()


def test_a_partner_that_no_event_names_has_no_statement() -> None:
    events = history("""
        2026-01-01 dart onboarded
        2026-01-02 L1   captured by acme
        2026-01-03 L1   influenced demo by beta
        2026-01-04 L1   won 1000 EUR
    """)

    owed = commissions(events, table=TABLE, as_of=NOW)

    assert {"acme", "beta", "dart"} == owed.partners
    assert () == owed.of("dart").lines
    with pytest.raises(OptionError, match="no event names this partner; did you mean 'acme'"):
        owed.of("Acme")
    with pytest.raises(OptionError, match=r"partner_id='xyz': no event names this partner$"):
        owed.of("xyz")
