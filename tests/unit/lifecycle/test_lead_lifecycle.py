"""What follows from a lead's milestones: status, stage, holder, values, facts."""

from __future__ import annotations

import re

import pytest

from partnerleads.lifecycle import LeadLifecycle, fold
from partnerleads.lifecycle.spells import spells_of
from partnerleads.model import FrozenMap, Lead
from partnerleads.testing import at, history, money


def life(text: str, *, as_of: str = "2026-12-01") -> LeadLifecycle:
    return fold(history(text), as_of=at(as_of))["L1"]


def steps(line: str) -> LeadLifecycle:
    """The lead of steps such as ``won / reopened``, one a day."""
    days = enumerate(line.split(" / "), start=1)
    return life("\n".join(f"2026-01-{day:02} L1 {step}" for day, step in days))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("captured", "open"),
        ("captured / won", "won"),
        ("captured / lost", "lost"),
        ("captured / disqualified", "disqualified"),
        ("captured / won / lost", "lost"),
        ("captured / lost / won", "won"),
        ("captured / won / disqualified", "disqualified"),
        ("captured / won / reopened", "open"),
        ("captured / lost / reopened / won", "won"),
        ("captured / won / refunded 1 EUR", "won"),
        ("captured / reopened", "open"),
        ("captured / won / progressed", "won"),
    ],
)
def test_a_lead_is_open_or_of_the_kind_of_its_last_close(line: str, expected: str) -> None:
    assert expected == steps(line).status


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("captured", "captured"),
        ("captured / lead_updated region=UK", "captured"),
        ("captured / offered to acme", "offered"),
        ("captured / offered to acme / declined by acme", "offered"),
        ("captured / offered to acme / accepted by acme", "accepted"),
        ("captured / accepted by acme / returned by acme", "returned"),
        ("captured / assigned agent=ann", "assigned"),
        ("captured / responded", "responded"),
        ("captured / qualified", "qualified"),
        ("captured / qualified / progressed / contact by acme", "progressed"),
        ("captured / progressed / accepted by acme", "accepted"),
        ("captured / won / reopened", "captured"),
        ("captured / progressed / won", "won"),
        ("captured / progressed / lost", "lost"),
        ("contact by acme", ""),
    ],
)
def test_the_stage_is_the_last_step_or_the_close(line: str, expected: str) -> None:
    assert expected == steps(line).stage


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("captured / progressed", True),
        ("captured", False),
        ("captured / progressed / won", False),
        ("captured / progressed / won / reopened", True),
        ("captured / won / progressed", False),
    ],
)
def test_in_progress_is_open_and_progressed(line: str, *, expected: bool) -> None:
    assert expected is steps(line).in_progress


def test_gross_wins_count_those_that_no_longer_stand() -> None:
    assert steps("captured / won / reopened / won / won / lost").gross_wins == 3


def test_a_reopened_lead_counts_its_last_win() -> None:
    lead = life("""
        2026-01-02 L1 captured    by acme  10000 EUR
        2026-01-05 L1 won         9000 EUR
        2026-02-01 L1 reopened
        2026-02-09 L1 won         8000 EUR
    """)

    assert lead.won is not None
    assert at("2026-02-09") == lead.won.occurred_at
    assert money("8000 EUR") == lead.final_value


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("won 9000 EUR", "9000 EUR"),
        ("won 9000 EUR / refunded 1000 EUR / refunded 500 EUR", "7500 EUR"),
        ("refunded 1000 EUR / won 9000 EUR", "9000 EUR"),
        ("won 9000 EUR / refunded 1000 EUR / won 8000 EUR", "8000 EUR"),
        ("won 9000 EUR / refunded 1000 EUR / reopened / won 8000 EUR / refunded 1 EUR", "7999 EUR"),
        ("won 100 EUR / refunded 300 EUR", "-200 EUR"),
        ("won 9000 EUR / refunded 1000 USD", None),
        ("won", None),
        ("won 9000 EUR / lost", None),
        ("captured", None),
    ],
)
def test_the_final_value_is_the_standing_win_less_later_refunds(
    line: str, expected: str | None
) -> None:
    assert steps(line).final_value == (None if expected is None else money(expected))


def test_refunds_are_those_after_the_standing_win() -> None:
    lead = steps("won 9 EUR / refunded 1 EUR / reopened / won 8 EUR / refunded 2 EUR")

    assert [money("2 EUR")] == [refund.value for refund in lead.refunds]
    assert steps("won 9 EUR / lost / refunded 1 EUR").refunds == ()
    assert steps("won 9 EUR").refunds == ()


def test_what_is_expected_was_stated_last() -> None:
    lead = steps(
        "captured 10 EUR expected_close_at=2026-05-01"
        " / progressed 20 EUR probability=0.5"
        " / progressed expected_close_at=2026-06-01 / progressed"
    )

    assert money("20 EUR") == lead.expected_value
    assert at("2026-06-01") == lead.expected_close_at
    assert lead.probability == 0.5


def test_what_was_never_stated_is_not_expected() -> None:
    lead = steps("captured / progressed")

    assert (lead.expected_value, lead.expected_close_at, lead.probability) == (None, None, None)


@pytest.mark.parametrize(
    ("line", "holder", "agent"),
    [
        ("captured", None, None),
        ("captured by acme", None, None),
        ("captured by acme / accepted by beta", "beta", None),
        ("captured / accepted by acme agent=ann", "acme", "ann"),
        ("captured / assigned agent=ann", "ann", "ann"),
        ("captured / accepted by acme / returned by acme", None, None),
        ("captured / accepted by acme agent=ann / won by beta agent=bob", "acme", "bob"),
        ("captured / accepted by acme agent=ann / won by beta", "acme", "ann"),
        ("captured / accepted by acme agent=ann / disqualified", "acme", "ann"),
    ],
)
def test_who_holds_a_lead(line: str, holder: str | None, agent: str | None) -> None:
    lead = steps(line)

    assert (holder, agent) == (lead.holder, lead.agent)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("captured / won by acme", "acme"),
        ("captured / lost by acme", "acme"),
        ("captured / won", None),
        ("captured / disqualified", None),
        ("captured / won by acme / reopened", None),
    ],
)
def test_the_closing_partner_is_named_by_the_standing_close(
    line: str, expected: str | None
) -> None:
    assert expected == steps(line).closing_partner


def test_facts_are_the_capture_and_its_updates_name_by_name() -> None:
    lead = steps(
        "captured region=DACH industry=steel attributes.colour=red attributes.size=s"
        " / lead_updated region=UK attributes.size=m"
    )

    attributes = FrozenMap({"colour": "red", "size": "m"})
    assert Lead(region="UK", industry="steel", attributes=attributes) == lead.facts


def test_an_update_before_the_capture_does_not_overrule_it() -> None:
    lead = steps("lead_updated region=UK country=GB / captured region=DACH")

    assert Lead(region="DACH", country="GB") == lead.facts


def test_of_a_second_capture_no_facts_are_taken() -> None:
    assert Lead(region="DACH") == steps("captured region=DACH / captured region=UK").facts


def test_without_a_capture_updates_tell_the_facts() -> None:
    assert Lead(region="UK") == steps("lead_updated region=UK").facts
    assert Lead() == steps("won").facts


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("captured", False),
        ("captured by acme", True),
        ("captured / registered by acme / rejected by acme", True),
    ],
)
def test_a_lead_is_claimed_by_referral_or_registration(line: str, *, expected: bool) -> None:
    assert expected is steps(line).claimed


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("captured / progressed", None),
        ("accepted by acme id=a", "a"),
        ("accepted by acme id=a / accepted by beta id=b", "b"),
        ("accepted by acme id=a / progressed / accepted by beta id=b", "a"),
        ("accepted by acme id=a / returned by acme / accepted by beta id=b / won", "b"),
        ("accepted by acme id=a / returned by acme / progressed", "a"),
        ("accepted by acme id=a / accepted by acme id=b / progressed", "a"),
        ("accepted by acme id=a / returned by beta / won", "a"),
        ("returned by acme / accepted by beta id=b / won", "b"),
        ("accepted by acme id=a / progressed / won / accepted by beta id=b / won", "a"),
        ("accepted by acme id=a / accepted by beta id=b / returned by beta / progressed", "a"),
        ("accepted by acme id=a / accepted by beta id=b / returned by beta", "a"),
        ("accepted by acme id=a / accepted by beta id=b / returned by acme / won", "b"),
        (
            "accepted by acme id=a / accepted by beta id=b / progressed / returned by beta / won",
            "b",
        ),
        ("accepted by acme id=a / accepted by beta id=b / accepted by acme / won", "a"),
        (
            "accepted by acme id=a / accepted by beta id=b / returned by beta / returned by acme",
            "a",
        ),
        ("accepted by acme id=a / assigned to beta agent=bob / won", "a"),
    ],
)
def test_who_had_it_when_it_converted(line: str, expected: str | None) -> None:
    taken = steps(line).converting_acceptance

    assert expected == (None if taken is None else taken.event_id)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("captured / won", []),
        ("accepted by acme / returned by acme / progressed", [("acme", "")]),
        (
            "accepted by acme / accepted by beta / returned by beta / progressed id=p",
            [("acme", "p"), ("beta", "")],
        ),
        (
            "accepted by acme / accepted by beta / progressed id=p / returned by beta / won id=w",
            [("acme", "w"), ("beta", "p")],
        ),
        (
            "accepted by acme / accepted by beta / accepted by acme / won id=w / won",
            [("acme", "w"), ("beta", "")],
        ),
        (
            "accepted by acme / returned by acme / accepted by acme / won id=w",
            [("acme", ""), ("acme", "w")],
        ),
    ],
)
def test_a_conversion_counts_for_the_spell_that_holds_the_lead(
    line: str, expected: list[tuple[str, str]]
) -> None:
    found = [
        (spell.taken.partner_id, "" if spell.converted is None else spell.converted.event_id)
        for spell in spells_of(steps(line).events)
    ]

    assert expected == found


def test_a_lifecycle_shows_its_lead_and_events() -> None:
    lead = steps("captured")

    assert repr(lead).startswith("LeadLifecycle(lead_id='L1', events=(LeadCaptured(")
    assert "moment" not in repr(lead)
    assert lead.moment.as_of == at("2026-12-01")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("captured 100 EUR", None),
        ("captured 100 EUR / lost", "100 EUR"),
        ("captured 100 EUR / progressed 120 EUR / lost", "120 EUR"),
        ("captured 100 EUR / disqualified", "100 EUR"),
        ("captured 100 EUR / won 90 EUR / refunded 10 EUR", "80 EUR"),
        ("captured 100 EUR / won", None),
        ("captured 100 EUR / won 90 EUR / refunded 10 USD", None),
        ("captured 100 EUR / won 90 EUR / lost", "100 EUR"),
        ("captured 100 EUR / won 90 EUR / reopened", None),
        ("captured / lost", None),
    ],
)
def test_a_closed_lead_was_about_its_final_or_its_expected_value(
    line: str, expected: str | None
) -> None:
    assert (None if expected is None else money(expected)) == steps(line).decided_value


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("captured", None),
        ("captured / lost reason=price", "price"),
        ("captured / disqualified reason=duplicate", "duplicate"),
        ("captured / lost reason=price / reopened", None),
        ("captured / lost reason=price / won", None),
    ],
)
def test_the_reason_is_that_of_the_standing_close(line: str, expected: str | None) -> None:
    assert expected == steps(line).reason


def test_a_lead_prints_where_it_stands_and_its_events_in_order() -> None:
    lead = life("""
        2026-01-04 L1 contact by acme
        2026-01-01 L1 captured region=DACH attributes.shop=blue precision=day recorded=2026-01-03
        2026-01-05 12:30 L1 influenced by beta precision=day
        2026-01-09 08:00:05 L1 progressed 120 EUR expected_close_at=2026-04-01 precision=by
        2026-01-09 09:00 L1 routed acme eligible=acme,beta propensities.acme=1
    """)

    assert [
        ["L1: open, influenced by acme, beta (as of 2026-12-01 00:00 UTC, 5 events)"],
        [
            "2026-01-01",
            "lead_captured",
            "region=DACH, attributes.shop=blue",
            "event e2",
            "recorded 2026-01-03 00:00 UTC",
        ],
        ["2026-01-04 00:00 UTC", "contact_made", "by=partner, partner_id=acme", "event e1"],
        ["2026-01-05 12:30 UTC (day)", "partner_influenced", "partner_id=beta", "event e3"],
        [
            "2026-01-09 08:00:05 UTC (by)",
            "lead_progressed",
            "expected_value=EUR 120.00, expected_close_at=2026-04-01 00:00 UTC",
            "event e4",
        ],
        [
            "2026-01-09 09:00 UTC",
            "lead_routed",
            "eligible=acme,beta, chosen=acme, propensities.acme=1.0",
            "event e5",
        ],
    ] == [re.split(r" {2,}", line.strip()) for line in str(lead).splitlines()]


def test_a_lead_that_was_never_captured_says_so_and_by_what_knowledge() -> None:
    events = history("2026-01-05 L1 won")
    lead = fold(events, as_of=at("2026-03-01"), known_at=at("2026-02-01"))["L1"]

    assert (
        "L1: won, never captured, direct (as of 2026-03-01 00:00 UTC, "
        "as known at 2026-02-01 00:00 UTC, 1 event)"
    ) == str(lead).splitlines()[0]


def test_a_lead_shows_as_a_table_in_a_notebook() -> None:
    shown = life("2026-01-01 L1 captured attributes.note=<b>")._repr_html_()

    assert shown.startswith("<table><caption>L1: open, direct (as of 2026-12-01")
    assert "<td>lead_captured</td><td>attributes.note=&lt;b&gt;</td><td>event e1</td>" in shown


def test_a_sourced_lead_prints_who_sourced_it() -> None:
    assert str(steps("captured by acme / lost")).startswith("L1: lost, sourced by acme (as of ")
