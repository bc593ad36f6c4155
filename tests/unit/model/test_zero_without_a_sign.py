"""Zeros bear no sign, so that equal events have equal text."""

from datetime import datetime
from decimal import Decimal

from partnerleads.events import CustomerRated, LeadProgressed, LeadRouted, PartnerUpdated
from partnerleads.model import UTC, Money

WHEN = datetime(2026, 1, 2, tzinfo=UTC)


def test_a_zero_of_an_event_bears_no_sign() -> None:
    progressed = LeadProgressed(
        event_id="e1",
        occurred_at=WHEN,
        lead_id="L1",
        probability=-0.0,
        expected_value=Money(Decimal("-0.00"), "EUR"),
    )
    updated = PartnerUpdated(event_id="e2", occurred_at=WHEN, partner_id="acme", weight=-0.0)
    rated = CustomerRated(
        event_id="e3", occurred_at=WHEN, partner_id="acme", score=-0.0, scale_min=-0.0, scale_max=5
    )
    routed = LeadRouted(
        event_id="e4",
        occurred_at=WHEN,
        lead_id="L1",
        eligible=("acme", "bolt"),
        propensities={"acme": -0.0, "bolt": 1},
    )

    assert ["0.0"] * 4 == [
        repr(number)
        for number in (progressed.probability, updated.weight, rated.score, rated.scale_min)
    ]
    assert "FrozenMap({'acme': 0.0, 'bolt': 1.0})" == repr(routed.propensities)
    assert "EUR 0.00" == str(progressed.expected_value)
