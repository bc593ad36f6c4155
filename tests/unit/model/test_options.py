from datetime import timedelta
from typing import Any

import attrs
import pytest

from partnerleads import fold, kpis, plv, routing, scoring
from partnerleads.attribution import AttributionPolicy
from partnerleads.errors import OptionError
from partnerleads.kpis import TimeBetween
from partnerleads.model import Money, WorkingHours
from partnerleads.model.options import check_choice, check_span
from partnerleads.testing import at, history

EVENTS = history("2026-01-02 L1 captured")
NOW = at("2026-02-01")


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("gross", lambda **said: kpis.closed_won(EVENTS, as_of=NOW, **said)),
        ("gross", lambda **said: kpis.final_lead_value(EVENTS, as_of=NOW, **said)),
        ("weighted", lambda **said: kpis.expected_lead_value(EVENTS, as_of=NOW, **said)),
        (
            "weighted",
            lambda **said: kpis.pipeline_coverage(
                EVENTS, as_of=NOW, quota=Money("1", "EUR"), within=None, **said
            ),
        ),
        ("net_of_returns", lambda **said: kpis.first_offer_acceptances(EVENTS, as_of=NOW, **said)),
        (
            "net_of_returns",
            lambda **said: kpis.first_offer_acceptance_rate(EVENTS, as_of=NOW, **said),
        ),
        ("same_lead", lambda **said: kpis.active_regions(EVENTS, as_of=NOW, **said)),
        ("won_only", lambda **said: kpis.active_regions(EVENTS, as_of=NOW, **said)),
        (
            "percentage_points",
            lambda **said: kpis.win_rate_lift(EVENTS, as_of=NOW, within=None, **said),
        ),
        ("strict", lambda **said: fold(EVENTS, as_of=NOW, **said)),
        ("as_recorded", lambda **said: scoring.lead_features(EVENTS, as_of=NOW, **said)),
        ("known_then", lambda **said: plv.check_score(EVENTS, as_of=NOW, until=NOW, **said)),
        ("contact_required", AttributionPolicy),
        ("in_working_hours", routing.OfferPolicy),
        ("relative", routing.LeastLoaded),
        ("active", lambda **said: routing.Recipient(recipient_id="acme", **said)),
    ],
)
@pytest.mark.parametrize("value", ["no", 0, None])
def test_what_is_neither_true_nor_false_is_refused(name: str, call: Any, value: object) -> None:
    with pytest.raises(OptionError, match=f"{name}=.*pass True or False"):
        call(**{name: value})


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
