"""What is known of partners, now and then."""

from __future__ import annotations

from datetime import datetime

import pytest

from partnerleads.errors import NaiveInstantError
from partnerleads.lifecycle import Lifecycles, fold
from partnerleads.model import FrozenMap, Partner
from partnerleads.testing import at, history


def lives(text: str) -> Lifecycles:
    return fold(history(text), as_of=at("2026-12-01"))


CAREER = """
    2026-01-01 acme onboarded name=Acme tier=silver regions=DE,FR capacity=5 weight=2
    2026-01-02 acme partner_updated attributes.a=1 attributes.b=1
    2026-02-01 acme partner_updated tier=gold attributes.b=2
    2026-03-01 acme training sales
    2026-04-01 acme partner_terminated reason=quiet
    2026-05-01 acme partner_updated tier=none
    2026-06-01 acme onboarded regions=UK
"""


def test_what_is_stated_later_overrules_and_attributes_merge() -> None:
    expected = Partner(
        partner_id="acme",
        name="Acme",
        tier="none",
        regions=("UK",),
        capacity=5,
        weight=2.0,
        attributes=FrozenMap({"a": "1", "b": "2"}),
        onboarded_at=at("2026-01-01"),
    )

    assert expected == lives(CAREER).partners["acme"]


@pytest.mark.parametrize(
    ("moment", "tier", "active", "terminated"),
    [
        ("2025-12-31", None, False, None),
        ("2026-01-01", "silver", True, None),
        ("2026-02-01", "gold", True, None),
        ("2026-04-01", "gold", False, "2026-04-01"),
        ("2026-05-01", "none", False, "2026-04-01"),
        ("2026-06-01", "none", True, None),
    ],
)
def test_a_partner_is_known_at_any_moment(
    moment: str, tier: str | None, terminated: str | None, *, active: bool
) -> None:
    partner = lives(CAREER).partner_at("acme", at(moment))

    assert (tier, active) == (partner.tier, partner.active)
    assert (None if terminated is None else at(terminated)) == partner.terminated_at


def test_the_first_onboarding_stays() -> None:
    assert at("2026-01-01") == lives(CAREER).partners["acme"].onboarded_at


def test_a_partner_without_events_states_nothing() -> None:
    folded = lives("2026-01-01 L1 captured by acme")

    assert dict(folded.partners) == {}
    assert Partner(partner_id="acme") == folded.partner_at("acme", at("2026-01-01"))


def test_a_partner_that_was_only_updated_is_not_active() -> None:
    partner = lives("2026-01-01 acme partner_updated tier=gold").partners["acme"]

    assert (partner.tier, partner.active) == ("gold", False)


def test_a_naive_moment_is_refused() -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 - to be refused

    with pytest.raises(NaiveInstantError, match="moment"):
        lives(CAREER).partner_at("acme", naive)
