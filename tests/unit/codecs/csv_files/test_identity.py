"""Event ids made of what happened, to whom, and when."""

from __future__ import annotations

import pytest

from partnerleads.codecs.csv_files.identity import derived_id


@pytest.mark.parametrize(
    ("row", "row_id", "expected"),
    [
        ({"type": "lead_won", "lead_id": "L1", "agent_id": "ann"}, None, "lead_won:L1:DAY"),
        ({"type": "lead_won", "lead_id": "L1"}, "r", "lead_won:L1:r"),
        (
            {"type": "partner_influenced", "lead_id": "L1", "partner_id": "a:b"},
            None,
            "partner_influenced:L1:partner_id=a%3Ab:DAY",
        ),
        (
            {"type": "campaign_joined", "partner_id": "acme", "name": "May"},
            None,
            "campaign_joined:acme:name=May:DAY",
        ),
        (
            {"type": "partner_onboarded", "partner_id": "p", "name": "P"},
            None,
            "partner_onboarded:p:DAY",
        ),
        ({"type": "cost_incurred", "kind": "ads"}, None, "cost_incurred::kind=ads:DAY"),
        ({"type": "lead_lost", "lead_id": "50%"}, None, "lead_lost:50%25:DAY"),
    ],
)
def test_an_id_says_what_who_and_when(
    row: dict[str, object], row_id: str | None, expected: str
) -> None:
    assert expected == derived_id(row, ordinal=1, row_id=row_id, when="DAY")


def test_a_partner_named_like_the_lead_still_counts() -> None:
    with_partner = {"type": "contact_made", "lead_id": "X", "partner_id": "X", "by": "partner"}
    without = {"type": "contact_made", "lead_id": "X", "by": "partner"}
    ids = {derived_id(row, ordinal=1, row_id=None, when="DAY") for row in (with_partner, without)}

    assert 2 == len(ids)
