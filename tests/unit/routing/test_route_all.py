"""Routing of several leads at one moment."""

from __future__ import annotations

from partnerleads.routing import Pool, Prospect, Recipient, RoundRobin, RoutingContext, route_all
from partnerleads.testing import at

POOL = Pool([Recipient(recipient_id=name) for name in ("acme", "beta")])
CONTEXT = RoutingContext(as_of=at("2026-03-02 09:00"))


def test_a_lead_named_twice_is_decided_once() -> None:
    leads = [Prospect(lead_id=name) for name in ("L1", "L1", "L2")]

    first, again, other = route_all(leads, pool=POOL, router=RoundRobin(), context=CONTEXT)

    assert first is again
    assert ("acme", "beta") == (first.chosen, other.chosen)


def test_a_decision_of_before_stands() -> None:
    (before,) = route_all([Prospect(lead_id="L1")], pool=POOL, router=RoundRobin(), context=CONTEXT)
    leads = [Prospect(lead_id=name) for name in ("L1", "L2")]
    context = CONTEXT.after(before)

    made = route_all(leads, pool=POOL, router=RoundRobin(), context=context)

    assert context.decided["L1"] is made[0]
    assert "beta" == made[1].chosen
