"""What a partner's own efforts come to, at the edges."""

from __future__ import annotations

from datetime import timedelta

import pytest

from partnerleads import plv
from partnerleads.errors import OptionError
from partnerleads.plv import PartnerRecord
from partnerleads.testing import at, history

NOW = at("2026-12-31")


def record(text: str) -> PartnerRecord:
    return plv.record_of("acme", events=tuple(history(text)))  # type: ignore[arg-type]


NOTHING = plv.record_of("acme")
QUIET = record("2026-01-01 acme onboarded")

EFFORTS = {
    "training": plv.Training,
    "campaign": plv.Campaigns,
    "co_sell": plv.CoSelling,
}


@pytest.mark.parametrize("word", EFFORTS)
def test_an_effort_halves_with_every_half_life_and_all_are_capped(word: str) -> None:
    told = record(f"2026-01-01 acme {word} one\n2026-06-30 acme {word} two")
    day = at("2026-06-30")

    assert 1.5 == EFFORTS[word](half_life=timedelta(days=180)).value(told, day)
    assert 1.25 == EFFORTS[word](half_life=timedelta(days=180), cap=1.25).value(told, day)
    assert 1.0 == EFFORTS[word]().value(told, at("2026-01-01"))


@pytest.mark.parametrize("word", EFFORTS)
def test_no_effort_is_0_points_and_no_partner_none(word: str) -> None:
    assert 0.0 == EFFORTS[word]().value(QUIET, NOW)
    assert EFFORTS[word]().value(NOTHING, NOW) is None
    assert EFFORTS[word]().value(QUIET, at("2025-12-31")) is None


def test_certifications_are_distinct_unexpired_and_unrevoked() -> None:
    told = record("""
        2026-01-01 acme certified security expires_at=2026-06-01
        2026-01-01 acme certified cloud
        2026-02-01 acme certified cloud
        2026-02-01 acme certified data
        2026-03-01 acme certification_revoked data
        2026-07-01 acme certified later
    """)
    held = plv.Certifications()

    assert 3 == held.value(told, at("2026-02-01"))
    assert 2 == held.value(told, at("2026-05-31"))
    assert 1 == held.value(told, at("2026-06-01"))
    assert 2 == held.value(told, NOW)


def test_a_renewal_that_ends_sooner_takes_nothing_away() -> None:
    told = record("""
        2026-01-01 acme certified cloud
        2026-02-01 acme certified cloud expires_at=2026-03-01
    """)

    assert 1 == plv.Certifications().value(told, NOW)


def test_certifications_of_no_partner_are_not_known() -> None:
    assert plv.Certifications().value(NOTHING, NOW) is None
    assert plv.Certifications().value(QUIET, at("2025-12-31")) is None
    assert 0 == plv.Certifications().value(QUIET, NOW)


def test_ratings_are_read_on_their_own_scales_and_drawn_to_the_prior() -> None:
    told = record("""
        2026-02-01 acme rated score=5 scale_min=1 scale_max=5
        2026-03-01 acme rated score=0 scale_min=-10 scale_max=10
    """)

    assert 0.75 == plv.Satisfaction(strength=0).value(told, NOW)
    assert 0.625 == plv.Satisfaction(prior=0.5, strength=2).value(told, NOW)


def test_without_a_rating_satisfaction_is_not_known() -> None:
    assert plv.Satisfaction().value(QUIET, NOW) is None


def test_business_plans_are_counted() -> None:
    told = record("2026-01-01 acme business_plan spring\n2026-02-01 acme business_plan autumn")

    assert 2 == plv.BusinessPlans().value(told, NOW)
    assert 0 == plv.BusinessPlans().value(QUIET, NOW)
    assert plv.BusinessPlans().value(NOTHING, NOW) is None


def test_sourced_leads_are_a_rate() -> None:
    assert 0 == plv.SourcedLeads().value(QUIET, NOW)
    assert plv.SourcedLeads().value(NOTHING, NOW) is None


def test_the_prior_of_satisfaction_is_a_share() -> None:
    with pytest.raises(OptionError, match="at least 0 and at most 1"):
        plv.Satisfaction(prior=70)
