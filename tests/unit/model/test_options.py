from datetime import timedelta

import attrs
import pytest

from partnerleads.attribution import AttributionPolicy
from partnerleads.errors import OptionError
from partnerleads.kpis import TimeBetween
from partnerleads.model import WorkingHours
from partnerleads.model.options import check_choice, check_span


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


def test_spans_of_time_are_checked() -> None:
    check_span("within", None)
    check_span("within", timedelta(0))
    with pytest.raises(OptionError, match="within=30: pass a timedelta"):
        check_span("within", 30)  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="must not be negative"):
        check_span("within", timedelta(-1))


def test_working_hours_are_checked() -> None:
    office = WorkingHours.parse({"mon-fri": "09:00-17:00"})

    assert office is TimeBetween("captured", "won", "hours", office).hours
    assert TimeBetween("captured", "won", "hours").hours is None
    with pytest.raises(OptionError, match=r"working_hours='9-17': pass WorkingHours, such as"):
        TimeBetween("captured", "won", "hours", "9-17")  # type: ignore[arg-type]
