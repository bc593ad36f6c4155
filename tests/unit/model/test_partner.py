from hypothesis import given

from partnerleads.model import Partner
from partnerleads.testing import strategies


@given(strategies.partners())
def test_active_from_the_onboarding_to_the_termination(partner: Partner) -> None:
    assert (partner.onboarded_at is not None and partner.terminated_at is None) == partner.active
