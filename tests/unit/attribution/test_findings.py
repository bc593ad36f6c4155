"""What a reviewer should doubt: each doubt is named with its evidence, and changes nothing."""

from __future__ import annotations

from datetime import timedelta

import attrs
import pytest

from partnerleads.attribution import AttributionPolicy
from partnerleads.events import LeadCaptured, RegistrationRejected
from partnerleads.lifecycle import Lifecycles, fold
from partnerleads.model import Finding
from partnerleads.testing import at, history

DAY = timedelta(days=1)


def lives(text: str, **policy: object) -> Lifecycles:
    return fold(history(text), as_of=at("2026-06-01"), policy=AttributionPolicy(**policy))


def findings(text: str, **policy: object) -> list[Finding]:
    return list(lives(text, **policy).findings)


def test_a_backdated_claim_changes_nothing_and_is_found() -> None:
    text = """
        2026-01-05 L1 captured id=c
        2026-01-01 L1 registered by acme recorded=2026-01-08 id=r
    """
    expected = Finding(
        rule="backdated_claim",
        words=(
            "acme's claim would win by when it happened, not by its record; it is said to have "
            "happened 2026-01-01 00:00 UTC and was recorded 2026-01-08 00:00 UTC"
        ),
        lead_id="L1",
        partner_id="acme",
        event_ids=("r",),
        at=at("2026-01-08"),
    )

    assert [expected] == findings(text)
    assert lives(text)["L1"].attribution == "direct"


def test_a_backdated_contact_changes_nothing_and_is_found() -> None:
    text = """
        2026-01-05 L1 registered by acme id=r
        2026-01-02 L1 contact by own_team recorded=2026-01-08 id=x
        2026-01-09 L1 captured id=c
    """
    expected = Finding(
        rule="backdated_contact",
        words=(
            "acme's claim wins by its record, not by when things happened; a contact by the own "
            "team is said to have happened 2026-01-02 00:00 UTC and was recorded 2026-01-08 00:00 "
            "UTC"
        ),
        lead_id="L1",
        partner_id="acme",
        event_ids=("x", "r"),
        at=at("2026-01-08"),
    )

    assert [expected] == findings(text)
    assert lives(text)["L1"].sourcing_partner == "acme"


def test_another_partners_backdated_contact_is_found() -> None:
    (found,) = findings("""
        2026-01-05 L1 registered by acme id=r
        2026-01-02 L1 contact by beta recorded=2026-01-08 id=x
        2026-01-09 L1 captured
    """)

    assert "a contact by beta is said to have happened 2026-01-02 00:00 UTC and" in found.words
    assert found.event_ids == ("x", "r")


def test_a_backdated_capture_is_a_backdated_contact_of_the_own_team() -> None:
    (found,) = findings("""
        2026-01-05 L1 registered by acme id=r
        2026-01-02 L1 captured recorded=2026-01-08 id=c
    """)

    assert found.rule == "backdated_contact"
    assert found.event_ids == ("c", "r")


def test_a_backdated_claim_against_another_claim_is_the_only_one_in_doubt() -> None:
    (found,) = findings("""
        2026-01-05 L1 registered by acme id=a
        2026-01-02 L1 registered by beta recorded=2026-01-08 id=b
        2026-01-09 L1 captured
    """)

    assert (found.rule, found.partner_id, found.event_ids) == ("backdated_claim", "beta", ("b",))


def test_a_claim_that_would_profit_from_a_backdated_contact_is_not_in_doubt_itself() -> None:
    (found,) = findings("""
        2026-01-05 L1 registered by acme id=a
        2026-01-06 L1 registered by beta id=b
        2026-01-02 L1 contact by beta recorded=2026-01-08 id=x
        2026-01-09 L1 captured
    """)

    assert (found.rule, found.partner_id, found.event_ids) == (
        "backdated_contact",
        "acme",
        ("x", "a"),
    )


def test_a_contact_recorded_when_the_protection_was_over_is_found() -> None:
    (found,) = findings("""
        2026-01-01 L1 registered by acme protected_until=2026-02-01 id=a
        2026-01-10 L1 contact by own_team recorded=2026-02-05 id=x
        2026-02-06 L1 captured
    """)

    assert found.rule == "backdated_contact"
    assert found.words.startswith("acme's claim would win by when things happened, not by record")
    assert found.event_ids == ("x", "a")


def test_claims_of_sources_that_number_alike_are_told_apart() -> None:
    (found,) = findings("""
        2026-01-05 L1 registered by acme id=r source=crm
        2026-01-02 L1 registered by beta id=r source=prm recorded=2026-01-08
        2026-01-09 L1 captured
    """)

    assert (found.rule, found.partner_id) == ("backdated_claim", "beta")


def test_a_capture_recorded_late_that_keeps_a_claim_unlocked_is_found() -> None:
    text = """
        2026-01-01 L1 captured by beta recorded=2026-01-05 id=c
        2026-01-09 L1 registered by acme id=r
    """
    (found,) = findings(text, claim_lock=7 * DAY, claims="registration")

    assert found.rule == "backdated_contact"
    assert found.partner_id == "acme"
    assert found.event_ids == ("r",)


@pytest.mark.parametrize(
    "text",
    [
        # recorded late, and too late by its own date as well
        """
        2026-01-05 L1 captured
        2026-01-06 L1 registered by acme recorded=2026-01-08
        """,
        # recorded late, and still first
        """
        2026-01-01 L1 registered by acme recorded=2026-01-03
        2026-01-05 L1 captured
        """,
        # a contact recorded late that was also made late
        """
        2026-01-01 L1 registered by acme
        2026-01-03 L1 contact by own_team recorded=2026-01-08
        2026-01-09 L1 captured
        """,
        # nobody claims it
        """
        2026-01-01 L1 captured recorded=2026-01-03
        2026-01-01 L1 contact by own_team recorded=2026-01-08
        """,
        # backdated, and undone
        """
        2026-01-05 L1 captured
        2026-01-01 L1 registered by acme recorded=2026-01-08
        2026-01-09 L1 rejected by acme
        """,
    ],
)
def test_a_late_record_that_decides_nothing_is_no_finding(text: str) -> None:
    assert findings(text) == []


# -- bulk imports ---------------------------------------------------------------------------------


def imported(leads: int, *, days: int) -> list[LeadCaptured]:
    return [
        LeadCaptured(
            event_id=f"e{number}",
            occurred_at=at("2026-01-01") + number % days * DAY,
            recorded_at=at("2026-05-01"),
            lead_id=f"L{number}",
        )
        for number in range(leads)
    ]


def test_a_bulk_import_is_found() -> None:
    events = imported(1000, days=30)
    (found,) = fold(events, as_of=at("2026-06-01")).findings

    assert found.rule == "bulk_recorded"
    assert found.at == at("2026-05-01")
    assert "1000 captures and registrations were recorded at 2026-05-01 00:00 UTC; " in found.words
    assert str(found).startswith("bulk_recorded: history: ")


def test_fewer_or_of_one_day_are_no_bulk_import() -> None:
    assert fold(imported(999, days=30), as_of=at("2026-06-01")).findings == ()
    assert fold(imported(1000, days=1), as_of=at("2026-06-01")).findings == ()


def test_many_events_recorded_when_they_happened_are_no_bulk_import() -> None:
    same = [attrs.evolve(e, recorded_at=e.occurred_at + 0 * DAY) for e in imported(1000, days=1)]

    assert fold(same, as_of=at("2026-06-01")).findings == ()


def test_the_rejection_of_a_claim_is_told_by_its_own_kind() -> None:
    lead = lives("""
        2026-01-01 L1 registered by acme
        2026-01-02 L1 rejected by acme
    """)["L1"]

    assert isinstance(lead.verdict.claims[0].claim.ended_by, RegistrationRejected)


# -- recorded before it happened ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "partner"),
    [
        ("captured id=x", None),
        ("captured by acme id=x", "acme"),
        ("registered by acme id=x", "acme"),
        ("contact by acme id=x", "acme"),
        ("contact by own_team id=x", None),
    ],
)
def test_a_claim_or_contact_recorded_before_it_happened_is_found(
    line: str, partner: str | None
) -> None:
    (found,) = findings(f"2026-01-05 L1 {line} recorded=2026-01-02")

    assert found.rule == "recorded_before_happening"
    assert (found.lead_id, found.partner_id, found.event_ids) == ("L1", partner, ("x",))
    assert found.at == at("2026-01-02")
    assert found.words.endswith(
        "was recorded 2026-01-02 00:00 UTC and is said to have happened only 2026-01-05 00:00 UTC"
    )


def test_a_day_that_was_recorded_early_is_told_with_its_zone() -> None:
    (found,) = findings(
        "2026-01-04 23:00 L1 registered by acme recorded=2026-01-02 precision=day id=x"
    )

    assert found.words == (
        "deal_registered was recorded 2026-01-02 00:00 UTC and is said to have happened only "
        "2026-01-04 23:00 UTC (known to the day)"
    )


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("registered by acme recorded=2026-01-04T23:59Z", True),
        ("registered by acme recorded=2026-01-04T23:59Z precision=day", False),
        ("registered by acme recorded=2026-01-04T00:00Z precision=day", True),
        ("registered by acme recorded=2026-01-01 precision=by", False),
        ("registered by acme recorded=2026-01-01 precision=assumed", False),
        ("registered by acme recorded=2026-01-05", False),
        ("won recorded=2026-01-01", False),
    ],
)
def test_only_known_times_of_claims_and_contacts_can_be_recorded_too_early(
    line: str, *, expected: bool
) -> None:
    rules = [found.rule for found in findings(f"2026-01-05 L1 {line}")]

    assert expected is ("recorded_before_happening" in rules)


@pytest.mark.parametrize(
    "text",
    [
        """
        2026-01-05 L1 captured
        2026-01-04 L1 registered by acme recorded=2026-01-20
        """,
        """
        2026-01-05 L1 captured by acme
        2026-01-04 L1 contact by own_team recorded=2026-01-20
        """,
        """
        2026-01-05 L1 registered by acme
        2026-01-04 L1 captured recorded=2026-01-20
        """,
    ],
)
def test_what_is_recorded_later_is_no_doubt_yet(text: str) -> None:
    before, then = (
        fold(history(text), as_of=moment).findings
        for moment in (at("2026-01-10"), at("2026-01-20"))
    )

    assert () == before
    assert 1 == len(then)
