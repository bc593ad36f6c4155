"""Attribution on a frame: sourced, influenced or direct, and by whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import narwhals.stable.v2 as nw

from partnerleads.attribution import AttributionPolicy
from partnerleads.events import (
    ContactMade,
    DealRegistered,
    LeadAccepted,
    LeadCaptured,
    LeadProgressed,
    LeadWon,
    PartnerInfluenced,
    RegistrationApproved,
    RegistrationRejected,
    RegistrationWithdrawn,
)
from partnerleads.frames.engines import Frame, distinct, stacked
from partnerleads.frames.table import has

__all__ = ["credits_of", "earning_of", "sourcing_of"]

_CLAIM = ["lead_id", "key"]
_TABLE = (
    *_CLAIM,
    "at",
    "recorded",
    "rank",
    "source",
    "event_id",
    "by",
    "originator",
    "registration_id",
    "protected_until",
    "partner_id",
)
_NOBODY = ""
"""No partner and no identity is empty, so nothing names this, and it compares as nulls do not."""


def earning_of(table: Frame, leads: Frame, *, policy: AttributionPolicy, as_of: int) -> Frame:
    """The claims that earn the credit of their lead where no other of them is earlier.

    Args:
        table: The ordered events of leads, none after *as_of*.
        leads: One row for each lead, with ``captured_key``.
        policy: The rules.
        as_of: Claims and contacts that count from later do not exist. [microseconds since 1970]
    """
    table = table.select(*_TABLE)
    recorded = policy.times == "recorded"
    events = table.with_columns(moment=nw.col("recorded") if recorded else nw.col("at"))
    captures = leads.select("lead_id", key=nw.col("captured_key"))
    captured = events.filter(has(LeadCaptured)).join(captures, on=_CLAIM, how="semi")
    captured = captured.select(*_CLAIM, "moment", "source", "event_id", "originator")
    claims = _claims(events, captured, policy).filter(nw.col("moment") <= as_of)
    contacts = _contacts(events, captured, claims).filter(nw.col("moment") <= as_of)
    earning = _earning(claims, contacts, captured, policy)
    return earning.select("lead_id", "moment", "source", "event_id", "claimant")


def credits_of(
    table: Frame, leads: Frame, returned: Frame, earning: Frame, *, policy: AttributionPolicy
) -> Frame:
    """The class of every lead.

    Args:
        table: The ordered events of leads.
        leads: One row for each lead, with ``captured_key`` and ``closed_at``.
        returned: The acceptances that a return followed.
        earning: By :func:`earning_of`.
        policy: The rules.
    """
    sourced = distinct(earning.select("lead_id")).with_columns(sourced=nw.lit(1))
    influenced = _influenced(table, leads, returned, policy)
    credited = leads.select("lead_id").join(sourced, on="lead_id", how="left")
    credited = credited.join(influenced, on="lead_id", how="left")
    without = nw.when(nw.col("influenced").is_null()).then(nw.lit("direct"))
    otherwise = without.otherwise(nw.lit("influenced"))
    attribution = nw.when(nw.col("sourced").is_null()).then(otherwise)
    return credited.select("lead_id", attribution=attribution.otherwise(nw.lit("sourced")))


def _claim(events: Frame, partner: str, until: Any) -> Frame:
    return events.select(
        *_CLAIM, "moment", "source", "event_id", claimant=nw.col(partner), until=until
    )


def _claims(events: Frame, captured: Frame, policy: AttributionPolicy) -> Frame:
    """Every standing registration, and the referrals where they are claims."""
    registered = events.filter(has(DealRegistered)).with_columns(
        registration=nw.col("registration_id").fill_null(_NOBODY)
    )
    decisions = events.filter(
        has(RegistrationApproved, RegistrationRejected, RegistrationWithdrawn)
    ).select(
        "lead_id",
        "partner_id",
        "rank",
        registration=nw.col("registration_id").fill_null(_NOBODY),
        decided=nw.col("key"),
        extended=nw.col("protected_until"),
    )
    same = ["lead_id", "partner_id", "registration"]
    of_claim = registered.select(*same, "key").join(decisions, on=same, how="inner")
    of_claim = of_claim.filter(nw.col("decided") > nw.col("key"))
    undone = of_claim.filter(has(RegistrationRejected, RegistrationWithdrawn))
    standing = registered.join(undone.select(*_CLAIM), on=_CLAIM, how="anti")
    stated = of_claim.filter(has(RegistrationApproved) & ~nw.col("extended").is_null())
    last = stated.group_by(*_CLAIM).agg(decided=nw.col("decided").max())
    ends = stated.select(*_CLAIM, "decided", "extended").join(
        last, on=[*_CLAIM, "decided"], how="inner"
    )
    standing = standing.join(ends.select(*_CLAIM, "extended"), on=_CLAIM, how="left")
    claims = _claim(standing, "partner_id", nw.coalesce("extended", "protected_until"))
    if policy.claims == "registration":
        return claims
    referred = captured.filter(~nw.col("originator").is_null())
    endless = nw.lit(None).cast(nw.Int64)
    return stacked([claims, _claim(referred, "originator", endless)])


def _covers(moment: Any) -> Any:
    """Whether a claim's protection covers a moment."""
    until = nw.col("until")
    return (nw.col("moment") <= moment) & (until.is_null() | (moment < until))


def _contacts(events: Frame, captured: Frame, claims: Frame) -> Frame:
    """Every contact, with its partner; the own team is nobody's."""
    own = captured.filter(nw.col("originator").is_null()).select(
        "lead_id", contact=nw.col("moment")
    )
    covered = own.join(claims, on="lead_id", how="inner").filter(_covers(nw.col("contact")))
    own = own.join(covered.select("lead_id"), on="lead_id", how="anti")
    made = events.filter(has(ContactMade)).select(
        "lead_id",
        "moment",
        partner=nw.when(nw.col("by") == "partner")
        .then(nw.col("partner_id"))
        .otherwise(nw.lit(_NOBODY)),
    )
    team = own.select("lead_id", moment=nw.col("contact"), partner=nw.lit(_NOBODY))
    return stacked([made, team])


def _earning(claims: Frame, contacts: Frame, captured: Frame, policy: AttributionPolicy) -> Frame:
    """The claims that earn the credit where no other claim is earlier."""
    if policy.claim_lock is not None:
        lock = policy.claim_lock // timedelta(microseconds=1)
        begun = captured.select("lead_id", begun=nw.col("moment"))
        late = claims.join(begun, on="lead_id", how="inner").filter(
            nw.col("moment") - nw.col("begun") > lock
        )
        claims = claims.join(late.select(*_CLAIM), on=_CLAIM, how="anti")
    met = claims.select(*_CLAIM, "claimant").join(
        contacts.select("lead_id", "partner", contact=nw.col("moment")), on="lead_id", how="inner"
    )
    is_own = nw.col("partner") == nw.col("claimant")
    is_team = nw.col("partner") == _NOBODY
    whose = {"own": is_own, "others": ~is_own, "team": is_team}
    firsts = met.group_by(*_CLAIM).agg(
        **{name: nw.when(flag).then(nw.col("contact")).min() for name, flag in whose.items()}
    )
    judged = claims.join(firsts, on=_CLAIM, how="left")
    others, team, own = nw.col("others"), nw.col("team"), nw.col("own")
    first_there = others.is_null() | (nw.col("moment") < others)
    in_force = team.is_null() | _covers(team)
    earning = first_there & in_force
    if policy.contact_required:
        before_others = others.is_null() | (own < others)
        earning = earning & ~own.is_null() & before_others
    return judged.filter(earning)


def sourcing_of(earning: Frame) -> Frame:
    """The sourcing partner of every lead that has one.

    That of the earliest claim, ties by source, then event id.

    Args:
        earning: By :func:`earning_of`.
    """
    place = nw.col("one").cum_sum().over("lead_id", order_by=["moment", "source", "event_id"])
    ranked = earning.with_columns(one=nw.lit(1)).with_columns(place=place)
    return ranked.filter(nw.col("place") == 1).select(
        "lead_id", sourcing_partner=nw.col("claimant")
    )


def _influenced(table: Frame, leads: Frame, returned: Frame, policy: AttributionPolicy) -> Frame:
    """The leads with an influence after the capture and not after the standing close."""
    kinds = (PartnerInfluenced, ContactMade, LeadAccepted, LeadProgressed, LeadWon)
    by_partner = ~has(ContactMade) | (nw.col("by") == "partner")
    acts = table.filter(has(*kinds) & ~nw.col("partner_id").is_null() & by_partner)
    acts = acts.select("lead_id", "key", "at").join(returned, on=_CLAIM, how="anti")
    bounds = leads.select("lead_id", "captured_key", "closed_at")
    acts = acts.join(bounds, on="lead_id", how="inner")
    closed, moment = nw.col("closed_at"), nw.col("at")
    inside = closed.is_null() | (moment <= closed)
    if policy.influence_lookback is not None:
        lookback = policy.influence_lookback // timedelta(microseconds=1)
        inside = inside & (closed.is_null() | (closed - moment <= lookback))
    acts = acts.filter((nw.col("key") > nw.col("captured_key")) & inside)
    return distinct(acts.select("lead_id")).with_columns(influenced=nw.lit(1))
