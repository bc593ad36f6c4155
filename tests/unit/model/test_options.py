from datetime import timedelta

import attrs
import pytest

from partnerleads.attribution import AttributionPolicy
from partnerleads.errors import OptionError
from partnerleads.model.options import check_choice


def test_a_near_miss_is_hinted_at() -> None:
    with pytest.raises(OptionError) as caught:
        check_choice("unit", "revenues", ["leads", "revenue"])

    assert "unit='revenues': did you mean 'revenue'? offered are 'leads', 'revenue'" == str(
        caught.value
    )


def test_far_off_only_what_is_offered_is_told() -> None:
    with pytest.raises(OptionError) as caught:
        check_choice("unit", 17, ["leads", "revenue"])

    assert "unit=17: offered are 'leads', 'revenue'" == str(caught.value)


def test_fields_of_a_policy_are_checked() -> None:
    with pytest.raises(OptionError, match="times='guessed'"):
        AttributionPolicy(times="guessed")  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="must not be negative"):
        AttributionPolicy(claim_lock=timedelta(days=-1))

    assert timedelta(0) == attrs.evolve(AttributionPolicy(), claim_lock=timedelta(0)).claim_lock
