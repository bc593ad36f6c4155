"""Registrations: what is one submission, what was decided of it, what it was in conflict with."""

from __future__ import annotations

import pytest

from partnerleads.attribution import AttributionPolicy
from partnerleads.lifecycle import fold
from partnerleads.lifecycle.registrations import Registration, registrations_of
from partnerleads.testing import at, history

DEFAULT = AttributionPolicy()


def registrations(line: str, policy: AttributionPolicy = DEFAULT) -> tuple[Registration, ...]:
    """The registrations of a lead of steps such as ``registered by acme``, one a day."""
    days = enumerate(line.split(" / "), start=1)
    text = "\n".join(f"2026-01-{day:02} L1 {step}" for day, step in days)
    events = fold(history(text), as_of=at("2026-12-01"))["L1"].events
    return registrations_of(events, policy=policy)


def told(one: Registration) -> str:
    """The id of a submission with the id of its decision, and a mark where it was in conflict."""
    decision = "-" if one.decision is None else one.decision.event_id
    return f"{one.registered.event_id} {decision}{' conflict' if one.conflicted else ''}"


DECISIONS = {
    "none submitted": ("captured", []),
    "none decided": ("registered by acme id=r", ["r -"]),
    "approved": ("registered by acme id=r / approved by acme id=a", ["r a"]),
    "rejected": ("registered by acme id=r / rejected by acme id=a", ["r a"]),
    "withdrawn": ("registered by acme id=r / registration_withdrawn by acme id=a", ["r a"]),
    "the first decision counts": (
        "registered by acme id=r / approved by acme id=a / rejected by acme id=b",
        ["r a"],
    ),
    "a decision before the submission is none": (
        "approved by acme id=a / registered by acme id=r",
        ["r -"],
    ),
    "a decision on another partner's claim is none": (
        "registered by acme id=r / approved by bolt id=a",
        ["r -"],
    ),
    "a decision on another claim of the partner is none": (
        "registered by acme registration=1 id=r / approved by acme registration=2 id=a",
        ["r -"],
    ),
    "no identity is an identity of its own": (
        "registered by acme registration=1 id=r / approved by acme id=a",
        ["r -"],
    ),
    "submitted again before the decision it is the same": (
        "registered by acme id=r / registered by acme id=s / approved by acme id=a",
        ["r a"],
    ),
    "submitted again after the decision it is a new one": (
        (
            "registered by acme id=r / rejected by acme id=a / registered by acme id=s"
            " / approved by acme id=b"
        ),
        ["r a", "s b"],
    ),
    "submitted again after the withdrawal it is a new one": (
        "registered by acme id=r / registration_withdrawn by acme id=a / registered by acme id=s",
        ["r a", "s -"],
    ),
    "two claims of one partner are two": (
        (
            "registered by acme registration=1 id=r / registered by acme registration=2 id=s"
            " / approved by acme registration=2 id=a"
        ),
        ["r -", "s a"],
    ),
}


@pytest.mark.parametrize("case", DECISIONS)
def test_each_submission_has_the_first_decision_that_follows_it(case: str) -> None:
    line, expected = DECISIONS[case]

    assert expected == [told(one) for one in registrations(line)]


def test_a_decision_is_of_one_kind() -> None:
    kinds = {
        word: registrations(f"registered by acme / {word} by acme")[0]
        for word in ("approved", "rejected", "registration_withdrawn")
    }

    assert [True, False, False] == [one.approved is not None for one in kinds.values()]
    assert [False, True, False] == [one.rejected is not None for one in kinds.values()]
    assert [False, False, True] == [one.withdrawn is not None for one in kinds.values()]


CONFLICTS = {
    "alone": ("captured / registered by acme id=r", ["r -"]),
    "with an earlier claim; the earlier is in none": (
        "registered by acme id=r / registered by bolt id=s",
        ["r -", "s - conflict"],
    ),
    "not with its own": (
        "registered by acme registration=1 id=r / registered by acme registration=2 id=s",
        ["r -", "s -"],
    ),
    "not with one that was rejected": (
        "registered by acme id=r / rejected by acme id=a / registered by bolt id=s",
        ["r a", "s -"],
    ),
    "not with one that was withdrawn": (
        "registered by acme id=r / registration_withdrawn by acme id=a / registered by bolt id=s",
        ["r a", "s -"],
    ),
    "with one that is rejected later": (
        "registered by acme id=r / registered by bolt id=s / rejected by acme id=a",
        ["r a", "s - conflict"],
    ),
    "with one of which another claim was rejected": (
        (
            "registered by acme registration=1 id=r / rejected by acme registration=2"
            " / registered by bolt id=s"
        ),
        ["r -", "s - conflict"],
    ),
    "with one whose protection still runs": (
        "registered by acme id=r protected_until=2026-01-04 / captured / registered by bolt id=s",
        ["r -", "s - conflict"],
    ),
    "not with one whose protection is over on the instant": (
        "registered by acme id=r protected_until=2026-01-03 / captured / registered by bolt id=s",
        ["r -", "s -"],
    ),
    "with one that its approval protects longer": (
        (
            "registered by acme id=r protected_until=2026-01-02"
            " / approved by acme id=a protected_until=2026-06-01 / registered by bolt id=s"
        ),
        ["r a", "s - conflict"],
    ),
    "not with one that its approval protects shorter": (
        (
            "registered by acme id=r protected_until=2026-06-01"
            " / approved by acme id=a protected_until=2026-01-03 / registered by bolt id=s"
        ),
        ["r a", "s -"],
    ),
    "an approval that states no end leaves it": (
        (
            "registered by acme id=r protected_until=2026-01-03 / approved by acme id=a"
            " / registered by bolt id=s"
        ),
        ["r a", "s -"],
    ),
    "with a referral": (
        "captured by acme / registered by bolt id=s",
        ["s - conflict"],
    ),
    "not with its own referral": ("captured by acme / registered by acme id=r", ["r -"]),
    "not with a referral that comes later": (
        "registered by bolt id=s / captured by acme",
        ["s -"],
    ),
    "the first capture alone refers": (
        "captured / captured by acme / registered by bolt id=s",
        ["s -"],
    ),
    "submitted again it keeps what it met first": (
        "registered by bolt id=s / registered by acme id=r / registered by bolt id=t",
        ["s -", "r - conflict"],
    ),
}


@pytest.mark.parametrize("case", CONFLICTS)
def test_a_conflict_is_with_a_claim_in_force_when_it_was_submitted(case: str) -> None:
    line, expected = CONFLICTS[case]

    assert expected == [told(one) for one in registrations(line)]


def test_where_referrals_are_no_claims_they_are_no_conflict() -> None:
    strict = AttributionPolicy(claims="registration")

    def told_all(line: str) -> list[str]:
        return [told(one) for one in registrations(line, strict)]

    assert ["s -"] == told_all("captured by acme / registered by bolt id=s")
    assert ["r -", "s - conflict"] == told_all(
        "captured by acme / registered by acme id=r / registered by bolt id=s"
    )
