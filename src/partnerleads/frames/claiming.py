"""Registrations on a frame: which there were, and what was decided of each."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v2 as nw

from partnerleads.attribution import AttributionPolicy
from partnerleads.events import (
    DealRegistered,
    LeadCaptured,
    RegistrationApproved,
    RegistrationRejected,
    RegistrationWithdrawn,
)
from partnerleads.frames.engines import Frame, distinct, kept, stacked
from partnerleads.frames.flags import one_where
from partnerleads.frames.table import has

__all__ = ["registrations_of"]

_EVENT = ["lead_id", "key"]
_CLAIM = ["lead_id", "partner_id", "registration"]
_PAIR = ["lead_id", "key", "earlier"]
_UNDOING = (RegistrationRejected, RegistrationWithdrawn)
_DECISIONS = (RegistrationApproved, *_UNDOING)


def registrations_of(table: Frame, *, policy: AttributionPolicy) -> Frame:
    """Every registration with the key of the first decision on it, and whether it met a conflict.

    A claim submitted again before it was decided is the same registration, so the decisions before
    a submission number it among those of its identity.

    Args:
        table: The ordered events of leads.
        policy: What counts as a claim.

    Returns:
        ``lead_id``, ``registered_key``, the keys of what was decided, of which one is there at
        most, and ``conflicted``.
    """
    claims = kept(_numbered(table))
    found = claims.group_by(*_CLAIM, "turn").agg(
        key=_first(DealRegistered),
        approved_key=_first(RegistrationApproved),
        rejected_key=_first(RegistrationRejected),
        withdrawn_key=_first(RegistrationWithdrawn),
    )
    found = found.filter(~nw.col("key").is_null()).drop("partner_id", "registration", "turn")
    conflicted = _conflicted(claims, table, policy).with_columns(conflict=nw.lit(value=True))
    found = found.join(conflicted, on=_EVENT, how="left").rename({"key": "registered_key"})
    conflict = nw.col("conflict").fill_null(value=False)
    return found.with_columns(conflicted=conflict).drop("conflict")


def _first(kind: type[Any]) -> Any:
    return nw.when(has(kind)).then(nw.col("key")).min()


def _numbered(table: Frame) -> Frame:
    """Submissions and decisions, with the number of decisions on the same claim before each."""
    columns = ("at", "rank", "partner_id", "protected_until")
    claims = table.filter(has(DealRegistered, *_DECISIONS)).select(
        *_EVENT,
        *columns,
        registration=nw.col("registration_id").fill_null(""),  # no identity is empty
        step=one_where(has(*_DECISIONS)),
    )
    passed = nw.col("step").cum_sum().over(*_CLAIM, order_by=["key"]).cast(nw.Int64)
    claims = claims.with_columns(passed=passed)
    return claims.with_columns(turn=nw.col("passed") - nw.col("step")).drop("passed", "step")


def _conflicted(claims: Frame, table: Frame, policy: AttributionPolicy) -> Frame:
    """The submissions that met another partner's claim in force."""
    submitted = claims.filter(has(DealRegistered))
    found = _in_force(submitted, claims.filter(has(*_DECISIONS))).select(*_EVENT)
    if policy.claims == "registration or originator":
        captured = table.filter(has(LeadCaptured)).select(*_EVENT, "originator")
        first = captured.group_by("lead_id").agg(key=nw.col("key").min())
        brought = captured.join(first, on=_EVENT, how="semi").rename({"key": "captured"})
        pairs = submitted.select(*_EVENT, "partner_id").join(brought, on="lead_id", how="inner")
        other = (nw.col("originator") != nw.col("partner_id")).fill_null(value=False)
        pairs = pairs.filter((nw.col("captured") < nw.col("key")) & other)
        found = stacked([found, pairs.select(*_EVENT)])
    return distinct(found)


def _in_force(submitted: Frame, decisions: Frame) -> Frame:
    """Submissions with each earlier one of another partner that stood and was protected then."""
    earlier = submitted.select(
        "lead_id",
        "registration",
        "protected_until",
        claimant=nw.col("partner_id"),
        earlier=nw.col("key"),
    )
    pairs = submitted.select(*_EVENT, "at", "partner_id").join(earlier, on="lead_id", how="inner")
    before = nw.col("earlier") < nw.col("key")
    pairs = kept(pairs.filter(before & (nw.col("claimant") != nw.col("partner_id"))))
    decided = decisions.select(
        "lead_id",
        "rank",
        "registration",
        claimant=nw.col("partner_id"),
        decided=nw.col("key"),
        extended=nw.col("protected_until"),
    )
    same = ["lead_id", "claimant", "registration"]
    by_then = pairs.select(*_PAIR, "claimant", "registration").join(decided, on=same, how="inner")
    between = (nw.col("decided") > nw.col("earlier")) & (nw.col("decided") < nw.col("key"))
    by_then = by_then.filter(between)
    undone = distinct(by_then.filter(has(*_UNDOING)).select(*_PAIR))
    stated = by_then.filter(has(RegistrationApproved) & ~nw.col("extended").is_null())
    last = stated.group_by(*_PAIR).agg(decided=nw.col("decided").max())
    ends = stated.join(last, on=[*_PAIR, "decided"], how="semi").select(*_PAIR, "extended")
    standing = pairs.join(undone, on=_PAIR, how="anti").join(ends, on=_PAIR, how="left")
    until = nw.coalesce("extended", "protected_until")
    protected = (nw.col("at") < until).fill_null(value=False)
    return standing.filter(until.is_null() | protected)
