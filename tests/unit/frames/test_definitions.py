"""Policies, precisions and offer identities, each on a history in which it matters."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from partnerleads import Period, fold, frames, kpis
from partnerleads.attribution import AttributionPolicy
from partnerleads.frames.engines import rows
from partnerleads.lifecycle import Lifecycles
from partnerleads.testing import at, history
from tests import frames_parity as parity

AS_OF = at("2026-06-01")
QUARTER = Period.quarter(2026, 1)
DEFAULT = AttributionPolicy()

pytestmark = pytest.mark.parametrize("backend", ["polars", "duckdb"])

Looked = tuple[Lifecycles, frames.FrameHistory]


def looked(text: str, backend: str, policy: AttributionPolicy = DEFAULT) -> Looked:
    events = history(text)
    frame = frames.events_frame(events, backend=backend)
    lives = fold(events, as_of=AS_OF, policy=policy)
    return lives, frames.history(frame, as_of=AS_OF, policy=policy)


def problems_of(on_frames: frames.FrameHistory) -> dict[str, int]:
    return {row["lead_id"]: row["troubles"] for row in rows(on_frames.story.troubled)}


# --- attribution ----------------------------------------------------------------------------------

CLAIMS = """
2026-01-02 L1 captured by acme
2026-01-05 L2 captured
2026-01-04 L2 registered by acme recorded=2026-01-20
2026-01-03 L2 contact by acme
2026-01-07 L2 contact by beta
2026-01-05 L3 captured
2026-01-01 L3 registered by acme protected_until=2026-01-03
2026-01-02 L3 approved by acme protected_until=2026-02-01
2026-02-05 L4 captured
2026-01-05 L4 registered by beta recorded=2026-03-01
2026-01-05 L5 captured
2026-01-06 L5 influenced by beta demo
2026-01-07 L5 accepted by acme
2026-01-08 L5 returned by acme
2026-03-01 L5 lost
2026-01-05 L6 captured
2026-01-01 L6 registered by acme id=r6
2026-01-03 L6 rejected by acme
2026-01-05 L7 captured by beta
2026-01-05 L7 registered by acme
2026-01-06 L8 captured by acme recorded=2026-01-09
2026-01-07 L8 contact by beta
"""

POLICIES = {
    "only registrations": AttributionPolicy(claims="registration"),
    "with a contact": AttributionPolicy(contact_required=True),
    "as it happened": AttributionPolicy(times="occurred"),
    "influence shortly before": AttributionPolicy(influence_lookback=timedelta(days=20)),
    "no late claims": AttributionPolicy(times="occurred", claim_lock=timedelta(0)),
}


def credited(source: Any) -> dict[Any, int]:
    keys = ("attribution", "sourcing_partner")
    return {k: part.of for k, part in kpis.sourced_rate(source, by=keys).segments.items()}


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_a_policy_credits_alike_and_changes_who_is_credited(
    backend: str, policy: AttributionPolicy
) -> None:
    lives, on_frames = looked(CLAIMS, backend, policy)

    assert credited(lives) == credited(on_frames)
    assert credited(looked(CLAIMS, backend)[0]) != credited(on_frames)


# --- precisions -----------------------------------------------------------------------------------

IMPRECISE = """
2026-01-02 09:30 L1 captured by acme 10000 EUR region=DACH precision=day
2026-01-02 10:00 L1 offered to acme
2026-01-02 12:00 L1 accepted by acme precision=by
2026-01-03 L1 responded precision=assumed
2026-01-05 L1 progressed
2026-02-01 L1 won 9000 EUR
2026-01-02 L2 captured by acme 10000 EUR region=DACH precision=relative
2026-01-04 L2 offered to acme precision=relative
2026-01-05 L2 accepted by acme precision=relative
2026-01-06 L2 responded
2026-02-05 L2 won 500 EUR precision=relative
2026-01-03 L3 captured by beta region=UK
2026-01-03 L3 accepted by beta precision=day
2026-01-04 L3 responded precision=day
2026-02-01 L3 lost precision=by
2026-01-03 L4 captured by beta region=UK precision=by
2026-01-04 L4 progressed 700 EUR probability=0.5
"""

SHARES = {
    "within a day": kpis.Within("captured", "responded", timedelta(days=1)),
    "within a week": kpis.Within("captured", "won", timedelta(days=40)),
    "active": kpis.Active(timedelta(days=130)),
}


@pytest.mark.parametrize("hit", SHARES.values(), ids=SHARES)
def test_times_that_are_not_known_exactly(backend: str, hit: kpis.Condition) -> None:
    lives, on_frames = looked(IMPRECISE, backend)
    share = kpis.define("own", kpis.ShareOf(hit), counted="leads", anchor="captured")

    for by in (None, "region"):
        for period in (None, QUARTER):
            said = {"by": by, "period": period}

            expected, actual = share(lives, **said), share(on_frames, **said)
            assert "" == parity.difference(expected, actual)


@pytest.mark.parametrize("by", [None, "region"])
def test_figures_of_a_period_with_invented_calendars(backend: str, by: str | None) -> None:
    lives, on_frames = looked(IMPRECISE, backend)
    names = ("hours_to_acceptance", "action_delay", "closed_won", "active_regions")
    calls = [parity.Call(name, {"period": QUARTER, "by": by}) for name in names]

    assert [] == parity.differences(calls, lives, on_frames)


# --- offers ---------------------------------------------------------------------------------------

REPEATED = """
2026-01-02 L1 captured
2026-01-03 L1 offered to acme offer=o1
2026-01-04 L1 offered to acme offer=o1
2026-01-05 L1 offered to acme offer=o1
2026-01-06 L1 accepted by acme offer=o1
2026-01-02 L2 captured
2026-01-03 L2 offered to acme offer=o1
2026-01-03 L2 offered to beta offer=o2
2026-01-04 L2 declined by beta offer=o2
2026-01-05 L2 offered to acme
2026-01-06 L2 declined by acme
2026-01-07 L2 accepted by carl
2026-01-02 L3 captured
2026-01-03 L3 offered agent=ann offer=o3
2026-01-04 L3 offered to acme agent=ann offer=o3
2026-01-05 L3 offered to beta agent=ann offer=o3
2026-01-06 L3 expired to beta offer=o3
"""


def test_an_offer_repeated_under_its_identity_is_one(backend: str) -> None:
    lives, on_frames = looked(REPEATED, backend)
    calls = [
        parity.Call(name, {"by": "holder"})
        for name in ("first_offer_acceptances", "first_offer_acceptance_rate")
    ]

    assert [] == parity.differences(calls, lives, on_frames)
    assert dict(lives.troubled) == problems_of(on_frames)
    offers = sorted(row["lead_id"] for row in rows(on_frames.story.offers))
    assert sorted(id_ for id_, lead in lives.items() for _ in lead.offers) == offers


# --- durations ------------------------------------------------------------------------------------

ASSIGNED = """
2026-01-02 L1 captured
2026-01-03 L1 assigned to acme agent=ann
"""
ELSEWHERE = """
2026-01-02 L2 captured
2026-01-03 L2 accepted by acme
"""
OF_NOBODY = """
2026-01-03 L3 accepted by acme
"""


@pytest.mark.parametrize(
    ("text", "options"),
    [
        (ASSIGNED, {}),
        (ASSIGNED + OF_NOBODY, {}),
        (ASSIGNED + ELSEWHERE, {}),
        (ASSIGNED + ELSEWHERE, {"by": "lead_id"}),
        (ASSIGNED + ELSEWHERE, {"period": Period.month(2026, 1)}),
        (ASSIGNED + ELSEWHERE.replace("2026-01", "2026-02"), {"period": Period.month(2026, 1)}),
    ],
    ids=["nobody", "nobody captured", "somebody", "each", "in the period", "in another"],
)
def test_what_was_reached_instead_is_told_where_no_member_reached_the_end(
    backend: str, text: str, options: dict[str, Any]
) -> None:
    lives, on_frames = looked(text, backend)

    expected = kpis.hours_to_acceptance(lives, **options)

    assert kpis.hours_to_acceptance(on_frames, **options).to_dicts() == expected.to_dicts()
