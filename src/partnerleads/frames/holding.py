"""Who held a lead when, on a frame."""

from __future__ import annotations

import narwhals.stable.v2 as nw

from partnerleads.events import LeadAccepted, LeadProgressed, LeadWon
from partnerleads.frames.engines import Frame, distinct, first_row, kept, stacked
from partnerleads.frames.picking import recipients, same_recipient
from partnerleads.frames.table import has

__all__ = ["converting_of", "renewals_of", "spells_of"]

_SPELL = ["lead_id", "spell"]

_NEVER = 2**63 - 1
"""A key after all others, in place of an end that did not come."""


def renewals_of(handed: Frame, returned: Frame) -> Frame:
    """Every acceptance with the spell that it starts or goes on with, by the key of its start.

    An acceptance goes on with a spell of its recipient that no return has ended; of several with
    the one that was taken up longest ago. So they are settled one after the other, the second of
    all leads at once, then the third, and most leads have just one.

    Args:
        handed: The offers of leads, and what became of these.
        returned: The acceptances that a return followed.

    Returns:
        ``lead_id``, ``spell``, ``renewed`` (key of the acceptance), and ``ended``, the key of the
        return that ended the spell.
    """
    accepted = handed.filter(has(LeadAccepted)).with_columns(one=nw.lit(1))
    place = nw.col("one").cum_sum().over("lead_id", order_by=["key"])
    accepted = kept(accepted.with_columns(turn=place.cast(nw.Int64)))
    ends = returned.select("lead_id", spell=nw.col("key"), ended=nw.col("returned"))
    starts = kept(accepted.filter(nw.col("turn") == 1).select("lead_id", "key"))
    known = starts.select("lead_id", spell=nw.col("key"), renewed=nw.col("key"))
    turn, last = 1, first_row(accepted.select(nw.col("turn").max()))["turn"] or 0
    while turn < last:
        turn += 1
        own = _going_on(accepted.filter(nw.col("turn") == turn), known, accepted, ends)
        known = kept(stacked([known, own]))
    return known.join(ends, on=_SPELL, how="left")


def _going_on(taken: Frame, known: Frame, accepted: Frame, ends: Frame) -> Frame:
    """The spells of acceptances that are the next of their leads."""
    last = known.group_by(*_SPELL).agg(renewed=nw.col("renewed").max())
    starts = recipients(accepted, "_2").rename({"key_2": "spell"})
    spells = last.join(starts, on=_SPELL, how="inner").join(ends, on=_SPELL, how="left")
    pairs = recipients(taken, "").join(spells, on="lead_id", how="inner")
    standing = nw.col("ended").is_null() | (nw.col("ended") > nw.col("key"))
    pairs = pairs.filter(standing.fill_null(value=True) & same_recipient("", "_2"))
    oldest = pairs.group_by("lead_id").agg(renewed=nw.col("renewed").min())
    own = pairs.join(oldest, on=["lead_id", "renewed"], how="semi").select("lead_id", "spell")
    joined = taken.select("lead_id", renewed=nw.col("key")).join(own, on="lead_id", how="left")
    return joined.select("lead_id", nw.coalesce("spell", "renewed").alias("spell"), "renewed")


def _conversions(table: Frame, renewals: Frame) -> Frame:
    """Every progress or win while someone held the lead, with the spell that held it."""
    steps = (
        table.select("lead_id", "key", "at", "rank")
        .filter(has(LeadProgressed, LeadWon))
        .select("lead_id", step=nw.col("key"), step_at=nw.col("at"))
    )
    held = steps.join(renewals, on="lead_id", how="inner")
    standing = nw.col("ended").is_null() | (nw.col("ended") > nw.col("step"))
    held = held.filter((nw.col("renewed") < nw.col("step")) & standing.fill_null(value=True))
    last = held.group_by("lead_id", "step").agg(renewed=nw.col("renewed").max())
    return held.join(last, on=["lead_id", "step", "renewed"], how="semi")


def spells_of(table: Frame, renewals: Frame) -> Frame:
    """Everyone's time with a lead: the acceptance it starts with, and its first conversion.

    Args:
        table: The ordered events of leads.
        renewals: By :func:`renewals_of`.
    """
    taken = table.filter(has(LeadAccepted)).select(
        "lead_id", spell=nw.col("key"), accepted_at=nw.col("at")
    )
    starts = distinct(renewals.select(*_SPELL)).join(taken, on=_SPELL, how="inner")
    first = _conversions(table, renewals).group_by(*_SPELL)
    converted = first.agg(converted_key=nw.col("step").min(), converted_at=nw.col("step_at").min())
    spells = starts.join(converted, on=_SPELL, how="left")
    return spells.rename({"spell": "accepted_key"})


def converting_of(table: Frame, renewals: Frame) -> Frame:
    """The start of the spell that held each lead when it first converted, else had it last.

    Args:
        table: The ordered events of leads.
        renewals: By :func:`renewals_of`.
    """
    steps = _conversions(table, renewals)
    first = steps.group_by("lead_id").agg(step=nw.col("step").min())
    converting = steps.join(first, on=["lead_id", "step"], how="semi").select(*_SPELL)
    had = _latest(
        _latest(renewals.with_columns(nw.col("ended").fill_null(_NEVER)), "ended"), "renewed"
    )
    had = had.select("lead_id", had=nw.col("spell"))
    found = had.join(converting, on="lead_id", how="left")
    return found.select("lead_id", converting_acceptance_key=nw.coalesce("spell", "had"))


def _latest(renewals: Frame, name: str) -> Frame:
    last = renewals.group_by("lead_id").agg(nw.col(name).max())
    return renewals.join(last, on=["lead_id", name], how="semi")
