"""Offers, the first batch, and what became of them."""

from __future__ import annotations

import pytest

from partnerleads.lifecycle import LeadLifecycle, Offer, fold
from partnerleads.lifecycle.offers import first_offers
from partnerleads.testing import at, history


def life(text: str) -> LeadLifecycle:
    return fold(history(text), as_of=at("2026-12-01"))["L1"]


def steps(line: str) -> LeadLifecycle:
    """The lead of steps one a day; ``+`` joins those of one instant."""
    lines = []
    for day, step in enumerate(line.split(" / "), start=1):
        lines += [f"2026-01-{day:02} L1 {one}" for one in step.split(" + ")]
    return life("\n".join(lines))


def told(offer: Offer) -> str:
    """The id of an offer with its status, answer, withdrawal and return."""
    events = (offer.answer, offer.withdrawn, offer.returned)
    ids = ["-" if event is None else event.event_id for event in events]
    return " ".join([offer.offered.event_id, offer.status, *ids])


CASES = {
    "no answer": ("offered to acme id=o", ["o pending - - -"]),
    "an acceptance": ("offered to acme id=o / accepted by acme id=a", ["o accepted a - -"]),
    "a decline": ("offered to acme id=o / declined by acme id=a", ["o declined a - -"]),
    "an expiry": ("offered to acme id=o / expired by acme id=a", ["o expired a - -"]),
    "a withdrawal": (
        "offered to acme id=o / offer_withdrawn by acme id=w",
        ["o withdrawn - w -"],
    ),
    "the first answer counts": (
        "offered to acme id=o / declined by acme id=a / accepted by acme id=b",
        ["o declined a - -"],
    ),
    "an answer after the withdrawal counts": (
        "offered to acme id=o / offer_withdrawn by acme id=w / accepted by acme id=a",
        ["o accepted a w -"],
    ),
    "a withdrawal after the answer takes nothing back": (
        "offered to acme id=o / accepted by acme id=a / offer_withdrawn by acme id=w",
        ["o accepted a - -"],
    ),
    "the first withdrawal is told": (
        "offered to acme id=o / offer_withdrawn by acme id=w / offer_withdrawn by acme id=v",
        ["o withdrawn - w -"],
    ),
    "another's answer is none": (
        "offered to acme id=o / accepted by beta id=a",
        ["o pending - - -"],
    ),
    "an answer before the offer is none": (
        "accepted by acme id=a / offered to acme id=o",
        ["o pending - - -"],
    ),
    "an answer of the same day": (
        "offered to acme id=o + accepted by acme id=a",
        ["o accepted a - -"],
    ),
    "an answer with the offer's id": (
        "offered to acme id=o offer=1 / accepted by acme id=a offer=1",
        ["o accepted a - -"],
    ),
    "an answer with another id": (
        "offered to acme id=o offer=1 / accepted by acme id=a offer=2",
        ["o pending - - -"],
    ),
    "an answer with the id but of another partner": (
        "offered to acme id=o offer=1 / accepted by beta id=a offer=1",
        ["o pending - - -"],
    ),
    "an answer that names the offer alone": (
        "offered to acme id=o offer=1 / accepted id=a offer=1",
        ["o accepted a - -"],
    ),
    "an answer that names nothing": (
        "offered to acme id=o / accepted id=a",
        ["o pending - - -"],
    ),
    "an answer without id to an offer with one": (
        "offered to acme id=o offer=1 / accepted by acme id=a",
        ["o accepted a - -"],
    ),
    "an answer with an id to an offer without": (
        "offered to acme id=o / accepted by acme id=a offer=1",
        ["o accepted a - -"],
    ),
    "without an id the answer is to the last offer before it": (
        "offered to acme id=o / offered to acme id=p / accepted by acme id=a",
        ["o pending - - -", "p accepted a - -"],
    ),
    "without an id an offer to another does not come between": (
        "offered to acme id=o / offered to beta id=p / accepted by acme id=a",
        ["o accepted a - -", "p pending - - -"],
    ),
    "with an id a late answer reaches the earlier offer": (
        (
            "offered to acme id=o offer=1 / offered to acme id=p offer=2"
            " / accepted by acme id=a offer=1"
        ),
        ["o accepted a - -", "p pending - - -"],
    ),
    "an id on one side only is no id": (
        "offered to acme id=o offer=1 / offered to acme id=p / accepted by acme id=a",
        ["o pending - - -", "p accepted a - -"],
    ),
    "a repeated offer id is the same offer": (
        "offered to acme id=o offer=1 / offered to acme id=p offer=1 / accepted by acme id=a",
        ["o accepted a - -"],
    ),
    "a repeated offer id with the person added is the same offer": (
        "offered to acme id=o offer=1 / offered to acme agent=ann id=p offer=1",
        ["o pending - - -"],
    ),
    "one offer id to two recipients is two offers": (
        "offered to acme id=o offer=1 + offered to beta id=p offer=1 / accepted by beta id=a",
        ["o pending - - -", "p accepted a - -"],
    ),
    "offers to people": (
        "offered agent=ann id=o + offered agent=bob id=p / declined agent=bob id=a",
        ["o pending - - -", "p declined a - -"],
    ),
    "a return after the acceptance": (
        "offered to acme id=o / accepted by acme id=a / returned by acme id=r / returned by acme",
        ["o accepted a - r"],
    ),
    "a return by another": (
        "offered to acme id=o / accepted by acme id=a / returned by beta id=r",
        ["o accepted a - -"],
    ),
    "a return after a decline": (
        "offered to acme id=o / declined by acme id=a / returned by acme id=r",
        ["o declined a - -"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_an_offer_finds_its_answer(case: str) -> None:
    line, expected = CASES[case]

    assert expected == [told(offer) for offer in steps(line).offers]


FIRST = {
    # line: accepted, kept, resolved
    "captured": (False, False, False),
    "offered to acme": (False, False, False),
    "offered to acme / accepted by acme": (True, True, True),
    "offered to acme / accepted by acme / returned by acme": (True, False, True),
    "offered to acme / declined by acme": (False, False, True),
    "offered to acme / expired by acme": (False, False, True),
    "offered to acme / offer_withdrawn by acme": (False, False, False),
    "offered to acme / offer_withdrawn by acme / accepted by acme": (True, True, True),
    "offered to acme / declined by acme / offered to beta / accepted by beta": (False, False, True),
    "offered to acme / offer_withdrawn by acme / offered to beta / accepted by beta": (
        False,
        False,
        False,
    ),
    "offered to acme + offered to beta": (False, False, False),
    "offered to acme + offered to beta / declined by acme": (False, False, False),
    "offered to acme + offered to beta / declined by acme / expired by beta": (False, False, True),
    "offered to acme + offered to beta / accepted by beta": (True, True, True),
    "offered to acme + offered to beta / offer_withdrawn by acme / declined by beta": (
        False,
        False,
        True,
    ),
    "offered to acme + offered to beta / offer_withdrawn by acme / offer_withdrawn by beta": (
        False,
        False,
        False,
    ),
    "offered to acme + offered to beta / accepted by acme / returned by acme / accepted by beta": (
        True,
        True,
        True,
    ),
    "offered to acme + offered to beta / accepted by acme / returned by acme": (True, False, True),
    "offered to acme offer=1 / offered to acme offer=1 / accepted by acme": (True, True, True),
    "offered to acme / offered to acme / accepted by acme": (False, False, False),
}


@pytest.mark.parametrize("line", FIRST)
def test_the_first_offers_are_accepted_kept_and_resolved(line: str) -> None:
    lead = steps(line)

    found = (lead.first_offer_accepted, lead.first_offer_kept, lead.first_offer_resolved)
    assert FIRST[line] == found
    assert found == (lead.first_offer.accepted, lead.first_offer.kept, lead.first_offer.resolved)
    assert [lead.first_offer] == first_offers([(lead.events, lead.shape)])


def test_the_first_batch_are_the_offers_of_the_first_instant() -> None:
    lead = steps("offered to acme id=a + offered to beta id=b / offered to gamma id=c")

    assert [("a", True), ("b", True), ("c", False)] == [
        (offer.offered.event_id, offer.first) for offer in lead.offers
    ]
    assert {"L1"} == {offer.lead_id for offer in lead.offers}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("offered to acme id=o / accepted by acme", "o"),
        ("offered to acme id=o / offered to beta id=p / accepted by beta", "p"),
        ("offered to acme id=o / accepted by beta", None),
        ("accepted by acme / offered to acme id=o", None),
        ("offered to acme id=o", None),
        ("captured", None),
    ],
)
def test_the_accepted_offer_is_the_one_that_the_first_acceptance_answers(
    line: str, expected: str | None
) -> None:
    offered = steps(line).accepted_offer

    assert expected == (None if offered is None else offered.event_id)


def test_the_offers_of_all_leads_come_lead_by_lead() -> None:
    lives = fold(
        history("""
            2026-01-01 L2 offered to acme id=b
            2026-01-02 L1 offered to acme id=a
        """),
        as_of=at("2026-02-01"),
    )

    assert ["a", "b"] == [offer.offered.event_id for offer in lives.offers]
