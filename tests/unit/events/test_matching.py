"""When two events speak of the same recipient or the same claim."""

from __future__ import annotations

import pytest

from partnerleads.events import KINDS, Event
from partnerleads.events.matching import same_recipient, same_registration
from partnerleads.testing import history


def event(words: str) -> Event:
    return history(f"2026-01-01 L1 {words}")[0]


@pytest.mark.parametrize(
    ("returned", "taken", "expected"),
    [
        # both name a partner: that alone decides
        ("returned by acme", "accepted by acme", True),
        ("returned by acme", "accepted by beta", False),
        ("returned by acme agent=ann", "accepted by acme agent=bob", True),
        ("returned by acme agent=ann", "accepted by beta agent=ann", False),
        ("returned by acme offer=o1", "accepted by acme offer=o2", True),
        ("returned by acme offer=o1", "accepted by beta offer=o1", False),
        # not both name a partner: the person decides, where both name one
        ("returned agent=ann", "accepted agent=ann", True),
        ("returned agent=ann", "accepted agent=bob", False),
        ("returned by acme agent=ann", "accepted agent=ann", True),
        ("returned agent=ann offer=o1", "accepted by acme agent=bob offer=o1", False),
        # neither compares: the offer decides, where both name one
        ("returned offer=o1", "accepted by acme offer=o1", True),
        ("returned offer=o2", "accepted by acme offer=o1", False),
        ("returned by acme offer=o1", "accepted agent=ann offer=o1", True),
        ("returned", "accepted by acme", False),
        ("returned", "accepted", False),
        ("returned by acme", "accepted agent=ann", False),
        # an assignment names no offer
        ("returned offer=o1", "assigned agent=ann", False),
        ("returned by acme", "assigned by acme agent=ann", True),
        ("returned agent=ann", "assigned by acme agent=ann", True),
    ],
)
def test_recipients_compare_by_partner_then_person_then_offer(
    returned: str, taken: str, *, expected: bool
) -> None:
    assert expected is same_recipient(event(returned), event(taken))
    assert expected is same_recipient(event(taken), event(returned))


@pytest.mark.parametrize("decision", ["approved", "rejected", "registration_withdrawn"])
@pytest.mark.parametrize(
    ("decided", "registered", "expected"),
    [
        ("by acme", "by acme", True),
        ("by acme registration=r1", "by acme registration=r1", True),
        ("by acme registration=r1", "by acme registration=r2", False),
        ("by acme", "by acme registration=r1", False),
        ("by acme registration=r1", "by acme", False),
        ("by acme registration=r1", "by beta registration=r1", False),
    ],
)
def test_a_decision_is_about_the_claim_of_that_partner_and_id(
    decision: str, decided: str, registered: str, *, expected: bool
) -> None:
    one, other = event(f"{decision} {decided}"), event(f"registered {registered}")

    assert expected is same_registration(one, other)
    assert KINDS[one.type].rank > KINDS[other.type].rank
