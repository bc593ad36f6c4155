"""Whether a registration would earn credit, and with whom it conflicts."""

from __future__ import annotations

import pytest

from partnerleads.attribution import AttributionPolicy
from partnerleads.errors import AsOfError, OptionError
from partnerleads.events import DealRegistered
from partnerleads.lifecycle import RegistrationCheck, check_registration, fold
from partnerleads.testing import at, history

AS_OF = at("2026-03-01")


def registration(line: str) -> DealRegistered:
    (event,) = history(line)
    assert isinstance(event, DealRegistered)
    return event


def check(text: str, line: str, **policy: object) -> RegistrationCheck:
    return check_registration(
        history(text),
        registration(line),
        as_of=AS_OF,
        policy=AttributionPolicy(**policy) if policy else None,
    )


CASES = {
    "nobody was there": ("", "2026-01-05 L1 registered by acme id=r", True, []),
    "the own team was there": (
        "2026-01-01 L1 captured",
        "2026-01-05 L1 registered by acme id=r",
        False,
        [],
    ),
    "another claim is in force": (
        "2026-01-01 L1 registered by beta id=b",
        "2026-01-05 L1 registered by acme id=r",
        False,
        ["b"],
    ),
    "another claim lapsed, before the own team came": (
        """
        2026-01-01 L1 registered by beta protected_until=2026-01-03
        2026-01-09 L1 contact by own_team
        """,
        "2026-01-05 L1 registered by acme id=r",
        True,
        [],
    ),
    "another claim was rejected": (
        """
        2026-01-01 L1 registered by beta id=b
        2026-01-03 L1 rejected by beta
        """,
        "2026-01-05 L1 registered by acme id=r",
        True,
        [],
    ),
    "another claim comes later": (
        "2026-01-09 L1 registered by beta id=b",
        "2026-01-05 L1 registered by acme id=r",
        True,
        [],
    ),
    "a claim of its own is in force": (
        "2026-01-01 L1 registered by acme id=a",
        "2026-01-05 L1 registered by acme id=r",
        False,
        [],
    ),
    "another brought the lead": (
        "2026-01-01 L1 captured by beta id=b",
        "2026-01-05 L1 registered by acme id=r",
        False,
        ["b"],
    ),
    "it is backdated": (
        "2026-01-03 L1 captured id=c",
        "2026-01-01 L1 registered by acme id=r recorded=2026-01-05",
        False,
        [],
    ),
    "it happens after the moment": ("", "2026-04-01 L1 registered by acme", False, []),
    "it is recorded after the moment": (
        "2026-01-01 L1 captured by beta",
        "2026-01-05 L1 registered by acme id=r recorded=2026-04-01",
        False,
        [],
    ),
    "another lead is claimed": (
        "2026-01-01 L2 registered by beta",
        "2026-01-05 L1 registered by acme id=r",
        True,
        [],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_registration_is_judged_before_it_is_accepted(case: str) -> None:
    text, line, earns, conflicts = CASES[case]
    checked = check(text, line)

    assert earns is checked.earns
    assert conflicts == [claim.event.event_id for claim in checked.conflicts]
    assert (checked.lead_id, checked.partner_id) == ("L1", "acme")


def test_lifecycles_and_their_events_give_the_same_answer() -> None:
    text = """
        2026-01-01 L1 registered by beta
        2026-01-02 L1 captured
    """
    wanted = registration("2026-01-05 L1 registered by acme id=r")
    events = history(text)
    expected = check_registration(events, wanted, as_of=AS_OF)
    lives = fold(events, as_of=AS_OF)

    assert expected == check_registration(lives, wanted)
    assert expected == check_registration(lives, wanted, as_of=AS_OF)
    assert expected == check_registration(lives, wanted, policy=lives.policy)


def test_a_registration_that_is_on_record_already_is_judged_once() -> None:
    text = """
        2026-01-01 L1 registered by acme id=r source=prm
        2026-01-02 L1 registered by beta id=b source=prm
        2026-01-03 L1 captured
    """
    checked = check(text, "2026-01-01 L1 registered by acme id=r source=prm")

    assert checked.earns
    assert [one.failure for one in checked.verdict.claims] == ["", "earlier claim"]


REVISED = """
    2026-01-01 L1 registered by acme id=r1
    2026-01-02 L1 captured
    2026-01-05 L1 contact by own_team
"""


@pytest.mark.parametrize("day", ["2026-01-01", "2026-01-10"])
def test_a_revised_registration_keeps_its_first_recording(day: str) -> None:
    line = f"{day} L1 registered by acme id=r1 protected_until=2026-12-31 recorded=2026-01-10"
    checked = check(REVISED, line)
    lives = fold([*history(REVISED), registration(line)], as_of=AS_OF)

    assert checked.earns
    assert lives["L1"].verdict == checked.verdict
    assert checked == check_registration(fold(history(REVISED), as_of=AS_OF), registration(line))


def test_a_registration_that_changes_hands_starts_anew() -> None:
    checked = check(REVISED, "2026-01-01 L1 registered by beta id=r1 recorded=2026-01-10")

    assert not checked.earns
    assert ["late"] == [one.failure for one in checked.verdict.claims]


def test_an_event_of_the_same_id_gives_way_to_the_registration() -> None:
    text, line = "2026-01-01 L1 captured id=x", "2026-01-05 L1 registered by acme id=x"
    lives = fold([*history(text), registration(line)], as_of=AS_OF)

    assert check(text, line).earns
    assert lives["L1"].verdict == check(text, line).verdict


@pytest.mark.parametrize(
    ("line", "policy", "expected"),
    [
        ("2026-04-01 L1 registered by acme id=r", {}, "2026-04-01 00:00 UTC"),
        (
            "2026-02-01 L1 registered by acme id=r recorded=2026-05-02",
            {},
            "2026-05-02 00:00 UTC",
        ),
        (
            "2026-04-03 L1 registered by acme id=r recorded=2026-05-02",
            {"times": "occurred"},
            "2026-04-03 00:00 UTC",
        ),
    ],
)
def test_a_registration_after_the_moment_says_so(
    line: str, policy: dict[str, str], expected: str
) -> None:
    checked = check("2026-01-01 L1 captured by beta id=b", line, **policy)

    assert not checked.earns
    assert checked.counts_later is not None
    assert str(checked) == (
        "The registration of L1 by acme would earn no credit.\n"
        f"  It counts only from {expected}, after the moment looked from."
    )


def test_by_occurrence_a_late_record_counts_at_once() -> None:
    line = "2026-02-01 L1 registered by acme id=r recorded=2026-05-02"

    assert check("", line, times="occurred").earns
    assert check("", line, times="occurred").counts_later is None


def test_the_policy_decides() -> None:
    text = "2026-01-01 L1 captured by beta"
    line = "2026-01-05 L1 registered by acme id=r"

    assert not check(text, line).earns
    assert check(text, line, claims="registration").earns
    assert not check(text, line, claims="registration", contact_required=True).earns


def test_the_answer_is_told_in_words() -> None:
    checked = check(
        "2026-01-01 L1 registered by beta id=b", "2026-01-05 L1 registered by acme id=r"
    )

    assert str(checked) == (
        "The registration of L1 by acme would earn no credit.\n"
        "  It conflicts with beta's claim (event b).\n"
        "L1 is sourced by beta (times: UTC).\n"
        "  beta registered it 2026-01-01 00:00 (event b); it is the earliest valid claim and earns "
        "the credit.\n"
        "  acme registered it 2026-01-05 00:00 (event r); beta had a valid claim from "
        "2026-01-01 00:00 (event b): rule 3 (the earliest valid claim) fails."
    )
    assert str(check("", "2026-01-05 L1 registered by acme")).startswith(
        "The registration of L1 by acme would earn credit.\n"
    )


def test_events_need_a_moment_and_lifecycles_keep_theirs() -> None:
    wanted = registration("2026-01-05 L1 registered by acme")
    lives = fold([], as_of=AS_OF)

    with pytest.raises(AsOfError, match="required"):
        check_registration([], wanted)
    with pytest.raises(AsOfError, match="differs"):
        check_registration(lives, wanted, as_of=at("2026-04-01"))
    with pytest.raises(OptionError, match="policy"):
        check_registration(lives, wanted, policy=AttributionPolicy(times="occurred"))


def test_a_check_changes_nothing() -> None:
    events = history("2026-01-02 L1 captured")
    lives = fold(events, as_of=AS_OF)
    check_registration(lives, registration("2026-01-01 L1 registered by acme id=r"))

    assert lives == fold(events, as_of=AS_OF)
    assert lives["L1"].attribution == "direct"


def test_a_registration_of_a_retracted_identity_earns_nothing() -> None:
    text = """
        2026-01-02 L1 registered by acme id=r1
        2026-01-03 r1 retracted
        2026-01-05 L1 activity mail
    """
    again = registration("2026-01-06 L1 registered by acme id=r1")
    told = check_registration(history(text), again, as_of=AS_OF)

    assert (False, True, ()) == (told.earns, told.retracted, told.conflicts)
    assert "direct" == fold([*history(text), again], as_of=AS_OF)["L1"].attribution
    assert "Its source has retracted the event of its identity; give it another." in str(told)
    other = registration("2026-01-06 L1 registered by acme id=r2")
    assert check_registration(history(text), other, as_of=AS_OF).earns


def test_a_lead_of_nothing_but_a_retracted_registration_is_direct() -> None:
    text = """
        2026-01-02 L1 registered by acme id=r1
        2026-01-03 r1 retracted
    """
    told = check_registration(
        history(text), registration("2026-01-06 L1 registered by acme id=r1"), as_of=AS_OF
    )

    assert ("direct", False) == (told.verdict.attribution, told.earns)
