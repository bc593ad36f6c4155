"""Versions, duplicates, conflicts and retractions."""

from __future__ import annotations

from datetime import datetime
from itertools import permutations
from typing import Any

import pytest

from partnerleads.errors import NaiveInstantError, OptionError
from partnerleads.events import Event, LeadProgressed, canonical_content, settle
from partnerleads.model import FrozenMap
from partnerleads.testing import at, history, money


def settled(text: str, *, known_at: str | None = None) -> dict[str, Event]:
    """What counts, by event id; whatever the order of the lines."""
    events = history(text)
    moment = None if known_at is None else at(known_at)
    results = [settle(order, known_at=moment) for order in permutations(events)]
    assert all(result.problems == results[0].problems for result in results)
    expected = {event.event_id: event for event in results[0].events}
    for result in results:
        assert expected == {event.event_id: event for event in result.events}
        assert len(expected) == len(result.events)
    return expected


def problems(text: str, *, known_at: str | None = None) -> list[str]:
    moment = None if known_at is None else at(known_at)
    orders = permutations(history(text))
    (told,) = {tuple(str(p) for p in settle(order, known_at=moment).problems) for order in orders}
    return list(told)


# -- versions -------------------------------------------------------------------------------------


def test_the_name_of_a_file_is_no_log() -> None:
    with pytest.raises(OptionError, match="read the file with codecs"):
        settle("events.jsonl")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        ([{"lead_id": "L1"}], "list of dict"),
        ({"c1"}, "set of str"),
        ({"lead_id": "L1"}, "dict"),
        ({}, "dict"),
        ([*history("2026-01-01 L1 captured"), None], "list of NoneType"),
    ],
)
@pytest.mark.parametrize("known_at", [None, at("2026-03-01")])
def test_what_are_no_events_is_refused_with_what_to_pass(
    rows: Any, kind: str, known_at: datetime | None
) -> None:
    with pytest.raises(OptionError, match=f"events='{kind}': pass events"):
        settle(rows, known_at=known_at)


def test_a_fault_in_an_event_of_ones_own_is_not_hidden() -> None:
    class Odd(LeadProgressed):
        event_id = property(lambda self: self.no_such_field)  # type: ignore[assignment]

    event = Odd.__new__(Odd)
    with pytest.raises(AttributeError, match="no_such_field"):
        settle([event])


def test_exact_copies_are_one_event() -> None:
    text = """
        2026-01-01 L1 won 10 EUR id=w
        2026-01-01 L1 won 10 EUR id=w
        2026-01-01 L1 lost id=x
    """

    assert {"w", "x"} == set(settled(text))
    assert problems(text) == []


def test_copies_are_found_however_far_apart_they_stand() -> None:
    days = [f"2026-01-02 L{number:03} captured id=e{number}" for number in range(200)]
    events = [*history("\n".join(days))]
    copied = [*events, events[0], events[70], events[199], events[199]]

    assert events == [*settle(copied).events]


@pytest.mark.parametrize("retracted", [0, 63, 64, 127, 128, 199])
@pytest.mark.parametrize("place", [0, 63, 64, 65, 127, 128, 200])
def test_retractions_are_found_wherever_they_stand(retracted: int, place: int) -> None:
    days = [f"2026-01-02 L{number:03} captured id=e{number}" for number in range(200)]
    events = [*history("\n".join(days))]
    (taken_back,) = history(f"2026-01-09 e{retracted} retracted id=r")

    known = settle([*events[:place], taken_back, *events[place:]]).events

    assert {*events} - {events[retracted]} == {*known} - {taken_back}


def test_the_last_version_counts() -> None:
    text = """
        2026-01-01 L1 won 10 EUR id=w
        2026-01-01 L1 won 30 EUR id=w recorded=2026-01-05
        2026-01-01 L1 won 20 EUR id=w recorded=2026-01-03
    """

    assert money("30 EUR") == settled(text)["w"].value
    assert at("2026-01-05") == settled(text)["w"].recorded_at
    assert problems(text) == []


@pytest.mark.parametrize(
    ("known_at", "expected"),
    [
        ("2026-01-01", "10 EUR"),
        ("2026-01-02 23:59", "10 EUR"),
        ("2026-01-03", "20 EUR"),
        ("2026-01-04", "20 EUR"),
        ("2026-01-05", "30 EUR"),
    ],
)
def test_the_last_version_recorded_not_after_known_at_counts(known_at: str, expected: str) -> None:
    text = """
        2026-01-01 L1 won 10 EUR id=w
        2026-01-01 L1 won 30 EUR id=w recorded=2026-01-05
        2026-01-01 L1 won 20 EUR id=w recorded=2026-01-03
    """

    assert money(expected) == settled(text, known_at=known_at)["w"].value


def test_an_event_recorded_after_known_at_does_not_exist() -> None:
    assert settled("2026-01-01 L1 won recorded=2026-01-03", known_at="2026-01-02") == {}


def test_a_naive_known_at_is_refused_with_the_fix() -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 - that is the point

    with pytest.raises(NaiveInstantError, match=r"known_at: .*'2026-01-01T00:00:00\+00:00'"):
        settle([], known_at=naive)


def test_equal_consecutive_copies_are_one_version_recorded_when_first_recorded() -> None:
    text = """
        2026-01-01 L1 progressed demo id=p
        2026-01-01 L1 progressed demo id=p recorded=2026-01-03
        2026-01-01 L1 progressed demo id=p recorded=2026-01-09
    """

    assert at("2026-01-01") == settled(text)["p"].recorded_at
    assert problems(text) == []


def test_copies_of_a_version_and_of_its_revision_are_two_versions() -> None:
    text = """
        2026-01-01 L1 won 10 EUR id=w
        2026-01-01 L1 won 10 EUR id=w
        2026-01-01 L1 won 20 EUR id=w recorded=2026-01-03
        2026-01-01 L1 won 20 EUR id=w recorded=2026-01-03
    """

    assert money("20 EUR") == settled(text)["w"].value
    assert problems(text) == []


def test_a_content_that_comes_back_is_a_version_of_its_own() -> None:
    text = """
        2026-01-01 L1 progressed demo  id=p
        2026-01-01 L1 progressed offer id=p recorded=2026-01-03
        2026-01-01 L1 progressed demo  id=p recorded=2026-01-05
    """

    assert settled(text)["p"].stage == "demo"
    assert at("2026-01-05") == settled(text)["p"].recorded_at
    assert settled(text, known_at="2026-01-04")["p"].stage == "offer"


def test_copies_are_of_one_event_only_within_one_source() -> None:
    text = """
        2026-01-01 L1 won 10 EUR id=w source=crm
        2026-01-01 L1 won 20 EUR id=w source=prm recorded=2026-01-05
    """

    assert len(settle(history(text)).events) == 2
    assert problems(text) == []


def test_a_version_may_change_the_kind_the_time_and_the_lead() -> None:
    text = """
        2026-01-01 L1 won 10 EUR id=w
        2026-02-01 L2 lost       id=w recorded=2026-02-01
    """
    expected = history("2026-02-01 L2 lost id=w")

    assert {"w": expected[0]} == settled(text)


def test_one_instant_in_two_zones_is_one_content() -> None:
    text = """
        2026-01-01 10:00+02:00 L1 captured id=c expected_close_at=2026-03-01T01:00+01:00
        2026-01-01 08:00+00:00 L1 captured id=c expected_close_at=2026-03-01
    """

    assert problems(text) == []


def test_one_and_one_point_zero_are_one_content() -> None:
    one, same = (
        LeadProgressed(event_id="p", occurred_at=at("2026-01-01"), lead_id="L1", probability=number)
        for number in (1, 1.0)
    )
    routed = history("2026-01-01 L1 routed eligible=acme propensities.acme=1")[0]

    assert canonical_content(one) == canonical_content(same)
    assert settle([one, same]).problems == ()
    assert '"propensities":{"acme":1.0}' in canonical_content(routed)
    assert routed.propensities == FrozenMap({"acme": 1.0})


# -- conflicts ------------------------------------------------------------------------------------

CONFLICT = """
    2026-01-01 L1 won 30 EUR id=w
    2026-01-01 L1 won 20 EUR id=w
    2026-01-01 L1 won 40 EUR id=w
"""


def test_of_contents_recorded_at_one_instant_the_smaller_canonical_text_counts() -> None:
    smallest = min(history(CONFLICT), key=canonical_content)

    assert smallest == settled(CONFLICT)["w"]
    assert money("20 EUR") == settled(CONFLICT)["w"].value


def test_contents_recorded_at_one_instant_are_a_problem() -> None:
    expected = "3 different contents were recorded at 2026-01-01 00:00 UTC"

    assert [f"conflicting_versions: L1: {expected} (w)"] == problems(CONFLICT)


def test_a_later_version_overrules_a_conflict_which_stays_a_problem() -> None:
    text = CONFLICT + "2026-01-01 L1 won 50 EUR id=w recorded=2026-01-02"

    assert money("50 EUR") == settled(text)["w"].value
    assert len(problems(text)) == 1


def test_a_conflict_among_versions_that_are_not_yet_known_is_no_problem() -> None:
    text = """
        2026-01-01 L1 won 10 EUR id=w
        2026-01-01 L1 won 30 EUR id=w recorded=2026-01-05
        2026-01-01 L1 won 20 EUR id=w recorded=2026-01-05
    """

    assert problems(text, known_at="2026-01-04") == []
    assert len(problems(text, known_at="2026-01-05")) == 1


def test_a_conflict_about_no_lead_names_none() -> None:
    text = """
        2026-01-01 acme onboarded tier=gold   id=o
        2026-01-01 acme onboarded tier=silver id=o
    """

    assert problems(text) == [
        (
            "conflicting_versions: history: 2 different contents were recorded "
            "at 2026-01-01 00:00 UTC (o)"
        )
    ]


def test_a_conflict_between_leads_is_a_problem_of_each() -> None:
    text = """
        2026-01-01 L2 won 30 EUR id=w
        2026-01-01 L1 won 20 EUR id=w
        2026-01-01 L1 won 40 EUR id=w
    """

    assert [line.split(":")[1] for line in problems(text)] == [" L1", " L2"]
    assert all("3 different contents" in line for line in problems(text))


def test_a_conflict_between_a_lead_and_none_is_a_problem_of_the_lead() -> None:
    text = """
        2026-01-01 L1 won 20 EUR id=w
        2026-01-01 acme onboarded id=w
    """

    assert [line.split(":")[1] for line in problems(text)] == [" L1"]


def test_conflicts_of_sources_that_number_alike_are_told_in_one_order() -> None:
    text = """
        2026-01-01 L1 won 30 EUR id=w source=a
        2026-01-01 L1 won 20 EUR id=w source=a
        2026-01-01 L2 won 30 EUR id=w source=b
        2026-01-01 L2 won 20 EUR id=w source=b
    """

    assert [line.split(": ")[1] for line in problems(text)] == ["L1", "L2"]


# -- the first recording of claims and contacts ---------------------------------------------------


@pytest.mark.parametrize(
    ("first", "revised"),
    [
        ("registered by acme", "registered by acme protected_until=2026-09-01"),
        ("registered by acme registration=r1", "registered by acme registration=r2"),
        ("captured by acme", "captured by acme region=DACH"),
        ("captured", "captured region=DACH"),
        ("contact by acme", "contact by acme agent=ann"),
        ("contact by own_team", "contact by own_team agent=ann"),
        ("contact by own_team", "contact by own_team partner_id=acme"),
    ],
)
def test_a_revised_claim_or_contact_keeps_its_first_recording(first: str, revised: str) -> None:
    text = f"""
        2026-01-01 L1 {first}   id=x
        2026-01-01 L1 {revised} id=x recorded=2026-01-09
    """
    event = settled(text)["x"]

    assert at("2026-01-01") == event.recorded_at
    assert canonical_content(history(f"2026-01-01 L1 {revised} id=x")[0]) == (
        canonical_content(event)
    )


@pytest.mark.parametrize(
    ("first", "revised"),
    [
        ("L1 registered by acme", "L1 registered by beta"),
        ("L1 registered by acme", "L2 registered by acme"),
        ("L1 captured by acme", "L1 captured by beta"),
        ("L1 captured by acme", "L1 captured"),
        ("L1 captured", "L1 captured by acme"),
        ("L1 contact by acme", "L1 contact by beta"),
        ("L1 contact by acme", "L1 contact by own_team"),
        ("L1 contact by acme", "L1 registered by acme"),
        ("L1 won", "L1 won 20 EUR"),
    ],
)
def test_a_version_for_another_partner_or_lead_or_of_another_kind_loses_it(
    first: str, revised: str
) -> None:
    text = f"""
        2026-01-01 {first}   id=x
        2026-01-01 {revised} id=x recorded=2026-01-09
    """

    assert at("2026-01-09") == settled(text)["x"].recorded_at


def test_a_claim_that_changed_hands_and_back_counts_from_its_return() -> None:
    text = """
        2026-01-01 L1 registered by acme id=r
        2026-01-01 L1 registered by beta id=r recorded=2026-01-03
        2026-01-01 L1 registered by acme id=r recorded=2026-01-05
        2026-01-01 L1 registered by acme id=r recorded=2026-01-07 protected_until=2026-06-01
    """

    assert at("2026-01-05") == settled(text)["r"].recorded_at
    assert settled(text, known_at="2026-01-04")["r"].partner_id == "beta"


# -- retractions ----------------------------------------------------------------------------------


def test_a_retraction_removes_the_event_it_names() -> None:
    text = """
        2026-01-01 L1 captured id=c
        2026-01-02 L1 won      id=w
        2026-01-03 w  retracted id=r
    """

    assert {"c", "r"} == set(settled(text))
    assert problems(text) == []


@pytest.mark.parametrize(
    ("known_at", "expected"), [("2026-01-08", {"w"}), ("2026-01-09", {"r"}), (None, {"r"})]
)
def test_a_retraction_counts_from_its_own_recording(
    known_at: str | None, expected: set[str]
) -> None:
    text = """
        2026-01-02 L1 won       id=w
        2026-01-03 w  retracted id=r recorded=2026-01-09
    """

    assert expected == set(settled(text, known_at=known_at))


def test_a_retraction_is_final_whatever_is_recorded_later() -> None:
    text = """
        2026-01-02 L1 won        id=w
        2026-01-03 w  retracted  id=r
        2026-01-02 L1 won 20 EUR id=w recorded=2026-02-01
    """

    assert {"r"} == set(settled(text))


def test_a_retraction_reaches_events_of_its_own_source_only() -> None:
    text = """
        2026-01-02 L1 won        id=w source=crm
        2026-01-03 w  retracted  id=r source=prm
    """

    assert {"r", "w"} == set(settled(text))
    assert problems(text) == [
        "retraction_of_nothing: history: it retracts w, which is no event of its source (r)"
    ]


def test_of_two_events_numbered_alike_only_the_one_of_the_source_goes() -> None:
    events = history("""
        2026-01-02 L1 won        id=w source=crm
        2026-01-02 L2 won        id=w source=prm
        2026-01-03 w  retracted  id=r source=prm
    """)
    result = settle(events)

    assert ["crm"] == [event.source for event in result.events if event.event_id == "w"]
    assert result.problems == ()


def test_a_retraction_cannot_be_retracted() -> None:
    text = """
        2026-01-02 L1 won       id=w
        2026-01-03 w  retracted id=r
        2026-01-04 r  retracted id=rr
    """

    assert {"r", "rr"} == set(settled(text))
    assert problems(text) == [
        "retraction_of_nothing: history: it retracts r, which is no event of its source (rr)"
    ]


def test_every_retraction_of_nothing_is_reported() -> None:
    text = """
        2026-01-03 w retracted id=r1
        2026-01-04 w retracted id=r2
    """

    assert [line[-4:] for line in problems(text)] == ["(r1)", "(r2)"]


def test_two_retractions_of_one_event_are_no_problem() -> None:
    text = """
        2026-01-02 L1 won       id=w
        2026-01-03 w  retracted id=r1
        2026-01-04 w  retracted id=r2
    """

    assert {"r1", "r2"} == set(settled(text))
    assert problems(text) == []


def test_a_partner_event_and_a_cost_can_be_retracted() -> None:
    text = """
        2026-01-02 acme onboarded     id=o
        2026-01-02 -    cost x 10 EUR id=c
        2026-01-03 o    retracted     id=r1
        2026-01-03 c    retracted     id=r2
    """

    assert {"r1", "r2"} == set(settled(text))


def test_events_may_come_from_an_iterator() -> None:
    events = history(CONFLICT)

    assert settle(events) == settle(iter(events))
