"""Offers on a frame: which there were, and what became of each."""

from __future__ import annotations

import narwhals.stable.v2 as nw

from partnerleads.events import (
    LeadAccepted,
    LeadDeclined,
    LeadOffered,
    OfferExpired,
    OfferWithdrawn,
)
from partnerleads.frames.engines import Frame, distinct, first_row, kept
from partnerleads.frames.flags import one_where
from partnerleads.frames.picking import recipients, same_recipient
from partnerleads.frames.table import has
from partnerleads.lifecycle.problem_kinds import ANSWERS

__all__ = ["answered_of", "first_offers_of", "offers_of"]

_EVENT = ["lead_id", "key"]


_EQUAL_IDS = nw.col("offer_id") == nw.col("offer_id_2")
"""Null where one of the two has none."""


def _pairs(one: Frame, other: Frame, *fields: str) -> Frame:
    """Each event with every later one of its lead, and with some fields of that."""
    pairs = recipients(one, "").join(recipients(other, "_2", *fields), on="lead_id", how="inner")
    return pairs.filter(nw.col("key_2") > nw.col("key"))


def _distinct(offered: Frame) -> Frame:
    """The offers, without those that repeat one to the same recipient under the same identity.

    Only a repetition of an offer that is itself none counts, so that what is decided grows round by
    round; nearly always one round decides all.
    """
    named = offered.filter(~nw.col("offer_id").is_null())
    pairs = _pairs(named, named).filter(_EQUAL_IDS & same_recipient("", "_2"))
    open_pairs = kept(pairs.select("lead_id", "key", "key_2"))
    repeated: list[Frame] = []
    while first_row(open_pairs.select(n=nw.len()), small=True)["n"]:
        later = distinct(open_pairs.select("lead_id", key=nw.col("key_2")))
        originals = distinct(open_pairs.select(*_EVENT)).join(later, on=_EVENT, how="anti")
        again = open_pairs.join(originals, on=_EVENT, how="semi")
        again = kept(distinct(again.select("lead_id", key=nw.col("key_2"))))
        repeated.append(again)
        for name in ("key", "key_2"):
            open_pairs = open_pairs.join(
                again, left_on=["lead_id", name], right_on=_EVENT, how="anti"
            )
        open_pairs = kept(open_pairs.join(originals, on=_EVENT, how="anti"))
    for again in repeated:
        offered = offered.join(again, on=_EVENT, how="anti")
    return offered


def answered_of(handed: Frame) -> Frame:
    """Every offer with each later event that may answer it.

    Args:
        handed: The offers of leads, and what became of these.

    Returns:
        ``lead_id``, ``key`` of the offer, ``key_2`` and ``rank`` of the answer, and ``named``,
        whether both name the offer.
    """
    pairs = _pairs(handed.filter(has(LeadOffered)), handed.filter(has(*ANSWERS)), "rank")
    pairs = pairs.filter(same_recipient("", "_2") & _EQUAL_IDS.fill_null(value=True))
    return pairs.select(*_EVENT, "key_2", "rank", named=~_EQUAL_IDS.is_null())


def _next_offers(offered: Frame) -> Frame:
    """The first offer to the same recipient that follows each offer and does not repeat it."""
    counted = offered.group_by("lead_id").agg(n=nw.len()).filter(nw.col("n") > 1)
    several = offered.join(counted.select("lead_id"), on="lead_id", how="semi")
    repeated = _EQUAL_IDS.fill_null(value=False)
    again = _pairs(several, several).filter(same_recipient("", "_2") & ~repeated)
    return again.group_by(*_EVENT).agg(again=nw.col("key_2").min())


def offers_of(handed: Frame, answered: Frame, returned: Frame, *, named: bool) -> Frame:
    """Every offer with the keys of its answer, reply, withdrawal and the return that followed.

    Args:
        handed: The offers of leads, and what became of these.
        answered: By :func:`answered_of`.
        returned: The acceptances that a return followed.
        named: Whether any offer has an identity.
    """
    offered = handed.filter(has(LeadOffered))
    offers = _distinct(offered) if named else offered
    pairs = answered.join(_next_offers(offered), on=_EVENT, how="left")
    in_time = nw.col("again").is_null() | (nw.col("key_2") < nw.col("again"))
    kinds = {"acceptance": LeadAccepted, "decline": LeadDeclined, "expiry": OfferExpired}
    flags = {name: has(kind) for name, kind in kinds.items()}
    flags |= {"answer": ~has(OfferWithdrawn), "withdrawal": has(OfferWithdrawn)}
    flags["reply"] = has(LeadAccepted, LeadDeclined)
    pairs = pairs.filter(nw.col("named") | in_time)
    found = pairs.group_by(*_EVENT).agg(
        **{name: nw.when(flag).then(nw.col("key_2")).min() for name, flag in flags.items()}
    )
    offers = offers.select(*_EVENT, "at").join(found, on=_EVENT, how="left")
    first = {one: nw.col(one) == nw.col("answer") for one in kinds}
    withdrawn = nw.col("answer").is_null() | (nw.col("withdrawal") < nw.col("answer"))
    offers = offers.with_columns(
        **{one: nw.when(is_first).then(nw.col(one)) for one, is_first in first.items()},
        withdrawal=nw.when(withdrawn).then(nw.col("withdrawal")),
    )
    return offers.join(
        returned.rename({"key": "acceptance"}), on=["lead_id", "acceptance"], how="left"
    )


def first_offers_of(offers: Frame, leads: Frame) -> Frame:
    """What became of each lead's first offers, and the offer that its first acceptance answers.

    Args:
        offers: All offers, by :func:`offers_of`.
        leads: One row for each lead, with ``offered_at`` and ``accepted_key``.
    """
    known = offers.join(
        leads.select("lead_id", "offered_at", "accepted_key"), on="lead_id", how="inner"
    )
    first = nw.col("at") == nw.col("offered_at")
    answer, acceptance = nw.col("answer"), nw.col("acceptance")
    flags = {
        "accepted": first & ~acceptance.is_null(),
        "kept": first & ~acceptance.is_null() & nw.col("returned").is_null(),
        "refused": first & ~answer.is_null() & acceptance.is_null(),
        "pending": first & answer.is_null() & nw.col("withdrawal").is_null(),
    }
    answered = nw.when(acceptance == nw.col("accepted_key"))
    summed = known.group_by("lead_id").agg(
        **{name: one_where(flag).max() for name, flag in flags.items()},
        accepted_offer_key=answered.then(nw.col("key")).min(),
        accepted_offer_at=answered.then(nw.col("at")).min(),
    )
    refused = (nw.col("refused") == 1) & (nw.col("pending") == 0)
    return summed.select(
        "lead_id",
        "accepted_offer_key",
        "accepted_offer_at",
        first_offer_accepted=nw.col("accepted") == 1,
        first_offer_kept=nw.col("kept") == 1,
        first_offer_resolved=(nw.col("accepted") == 1) | refused,
    )
