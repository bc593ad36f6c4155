"""The first offers, the attribution and the problems, written by hand in Polars."""

from __future__ import annotations

import polars as pl

from tests.benchmarks.frames_polars_events import PAIR, cents, has, key_of
from tests.benchmarks.frames_shape import ACTS, ANSWERS, CLOSES, DECISIONS, RANKS, TURNS, WORK

__all__ = ["credits_of", "first_offers_of", "problems_of"]


def _resolved(events: pl.LazyFrame) -> pl.LazyFrame:
    """Every offer with its answer and its withdrawal, by their keys."""
    known = events.filter(has("lead_offered", *ANSWERS)).select(*PAIR, "key", "rank").sort("key")
    known = known.with_columns(
        offer=key_of("lead_offered").forward_fill().over(PAIR), withdrawn=has("offer_withdrawn")
    )
    answers = known.filter(~has("lead_offered") & pl.col("offer").is_not_null())
    first = answers.group_by(*PAIR, "offer").agg(
        answer=pl.col("key").filter(~pl.col("withdrawn")).first(),
        answer_rank=pl.col("rank").filter(~pl.col("withdrawn")).first(),
        withdrawal=pl.col("key").filter(pl.col("withdrawn")).first(),
    )
    offers = known.filter(has("lead_offered")).select(*PAIR, "offer")
    return offers.join(first, on=[*PAIR, "offer"], how="left")


def first_offers_of(events: pl.LazyFrame) -> pl.LazyFrame:
    """Whether the first offers of each lead were accepted, and whether they are resolved."""
    offers = _resolved(events).with_columns(at=pl.col("offer") // 256)
    accepted = pl.col("answer_rank").eq_missing(RANKS["lead_accepted"])
    there = pl.col("answer").is_not_null()
    first = offers.filter(pl.col("at") == pl.col("at").min().over("lead"))
    after = there & (pl.col("withdrawal") < pl.col("answer")).fill_null(value=False)
    summed = first.group_by("lead").agg(
        taken=accepted.any(),
        refused=(there & ~accepted).any(),
        pending=(~there & pl.col("withdrawal").is_null()).any(),
    )
    late = offers.filter(after).group_by("lead").agg(late_answers=pl.len())
    return summed.select(
        "lead",
        taken="taken",
        resolved=pl.col("taken") | (pl.col("refused") & ~pl.col("pending")),
    ).join(late, on="lead", how="left")


def credits_of(events: pl.LazyFrame, leads: pl.LazyFrame, moment: int) -> pl.LazyFrame:
    """The class of every lead: ``sourced`` and ``influenced``, null where not."""
    captured = events.join(
        leads.select("lead", key="captured"), on=["lead", "key"], how="semi"
    ).filter(has("lead_captured"))
    claims = _claims(events, captured).filter(pl.col("moment") <= moment)
    contacts = _contacts(events, captured, claims).filter(pl.col("moment") <= moment)
    first = contacts.group_by("lead", "who").agg(contact=pl.col("moment").min())
    met = claims.join(first, on="lead", how="left")
    own, team = pl.col("who").eq_missing(pl.col("claimant")), pl.col("who").is_null()
    judged = met.group_by("lead", "key").agg(
        pl.col("moment", "until").first(),
        others=pl.col("contact").filter(~own).min(),
        team=pl.col("contact").filter(team).min(),
    )
    earning = judged.filter(
        (pl.col("others").is_null() | (pl.col("moment") < pl.col("others")))
        & (
            pl.col("team").is_null()
            | pl.col("until").is_null()
            | (pl.col("team") < pl.col("until"))
        )
    )
    sourced = earning.select("lead").unique().with_columns(sourced=pl.lit(value=True))
    return (
        leads.select("lead")
        .join(sourced, on="lead", how="left")
        .join(_influenced(events, leads), on="lead", how="left")
    )


def _claims(events: pl.LazyFrame, captured: pl.LazyFrame) -> pl.LazyFrame:
    """The registrations that were not taken back, and the referrals."""
    same = ["lead", "partner_id", "registration"]
    registration = pl.col("registration_id").fill_null("").alias("registration")
    registered = events.filter(has("deal_registered")).with_columns(registration)
    decided = events.filter(has(*DECISIONS)).select(
        "lead", "partner_id", registration, decided="key", answer="rank", extended="protected_until"
    )
    pairs = registered.select(*same, "key").join(decided, on=same)
    pairs = pairs.filter(pl.col("decided") > pl.col("key"))
    approved = pl.col("answer") == RANKS["registration_approved"]
    stated = pairs.filter(approved & pl.col("extended").is_not_null()).sort("decided")
    claims = (
        registered.join(pairs.filter(~approved), on=["lead", "key"], how="anti")
        .join(
            stated.group_by("lead", "key").agg(pl.col("extended").last()),
            on=["lead", "key"],
            how="left",
        )
        .select(
            "lead",
            "key",
            moment="recorded",
            claimant="partner_id",
            until=pl.coalesce("extended", "protected_until"),
        )
    )
    referred = captured.filter(pl.col("originator").is_not_null()).select(
        "lead", "key", moment="recorded", claimant="originator", until=pl.lit(None, pl.Int64)
    )
    return pl.concat([claims, referred])


def _contacts(events: pl.LazyFrame, captured: pl.LazyFrame, claims: pl.LazyFrame) -> pl.LazyFrame:
    """Every contact and its partner, null for the own team, whose also unreferred captures are."""
    made = events.filter(has("contact_made")).select(
        "lead",
        moment="recorded",
        who=pl.when(pl.col("by") == "partner").then(pl.col("partner_id")),
    )
    own = captured.filter(pl.col("originator").is_null()).select("lead", met="recorded")
    covered = own.join(claims, on="lead").filter(
        (pl.col("moment") <= pl.col("met"))
        & (pl.col("until").is_null() | (pl.col("met") < pl.col("until")))
    )
    team = own.join(covered, on="lead", how="anti")
    return pl.concat([made, team.select("lead", moment="met", who=pl.lit(None, pl.Categorical))])


def _influenced(events: pl.LazyFrame, leads: pl.LazyFrame) -> pl.LazyFrame:
    """The leads with an act of a partner after the capture and not after the close."""
    acts = events.filter(
        has(*ACTS)
        & pl.col("partner_id").is_not_null()
        & (~has("contact_made") | (pl.col("by") == "partner"))
    ).select(*PAIR, "key", "at", "rank")
    returns = events.filter(has("lead_returned"))
    last_return = returns.group_by(PAIR).agg(returned=pl.col("key").max())
    acts = acts.join(last_return, on=PAIR, how="left").filter(
        ~has("lead_accepted") | pl.col("returned").is_null() | (pl.col("key") > pl.col("returned"))
    )
    bounds = leads.select("lead", "captured", "closed")
    inside = pl.col("closed").is_null() | (pl.col("at") <= pl.col("closed") // 256)
    acts = acts.join(bounds, on="lead").filter((pl.col("key") > pl.col("captured")) & inside)
    return acts.select("lead").unique().with_columns(influenced=pl.lit(value=True))


def problems_of(
    events: pl.LazyFrame, leads: pl.LazyFrame, money: pl.LazyFrame, conflicts: pl.LazyFrame
) -> pl.LazyFrame:
    """How many problems each captured lead has, but those of answers after a withdrawal."""
    early = leads.filter(pl.col("first_step") < pl.col("captured"))
    twice = leads.filter(pl.col("captures") > 1)
    beyond = money.filter(pl.col("refunded") > pl.col("won_value"))
    negative = events.filter(
        (has("lead_captured", "lead_progressed") & (cents("expected_value_amount") < 0))
        | (has("lead_won", "deal_refunded") & (cents("value_amount") < 0))
    )
    refunds = events.filter(has("deal_refunded")).join(leads.select("lead", "first_won"), on="lead")
    unwon = refunds.filter(~(pl.col("first_won") < pl.col("key")).fill_null(value=False))
    found = [
        conflicts,
        early,
        twice,
        beyond,
        negative,
        unwon,
        _without(events, ANSWERS, ("lead_offered",)),
        _without(events, ("lead_returned",), ("lead_accepted", "lead_assigned")),
        _undecided(events),
        *_turned(events, leads),
        _numbered(events),
    ]
    named = pl.concat([one.select("lead") for one in found])
    return named.group_by("lead").agg(problems=pl.len())


def _without(
    events: pl.LazyFrame, later: tuple[str, ...], earlier: tuple[str, ...]
) -> pl.LazyFrame:
    """The events that none of some kinds with the same partner comes before."""
    first = events.filter(has(*earlier)).group_by(PAIR).agg(first=pl.col("key").min())
    known = events.filter(has(*later)).select(*PAIR, "key").join(first, on=PAIR, how="left")
    return known.filter(~(pl.col("first") < pl.col("key")).fill_null(value=False))


def _undecided(events: pl.LazyFrame) -> pl.LazyFrame:
    """The decisions on registrations that were not made before."""
    same = ["lead", "partner_id", "registration"]
    known = events.filter(has("deal_registered", *DECISIONS)).select(
        "lead",
        "partner_id",
        "key",
        "rank",
        registration=pl.col("registration_id").fill_null(""),
    )
    first = known.filter(has("deal_registered")).group_by(same).agg(first=pl.col("key").min())
    decided = known.filter(has(*DECISIONS)).join(first, on=same, how="left")
    return decided.filter(~(pl.col("first") < pl.col("key")).fill_null(value=False))


def _turned(events: pl.LazyFrame, leads: pl.LazyFrame) -> list[pl.LazyFrame]:
    """Closes of closed leads, reopens of open ones, work after a close, and closes that tie."""
    suspects = leads.filter(
        (pl.col("turns") > 1)
        | (pl.col("first_reopen") < pl.col("first_close").fill_null(2**62))
        | (pl.col("last_work") > pl.col("first_close"))
    ).select("lead")
    steps = events.filter(has(*WORK, *TURNS)).select("lead", "key", "at", "sequence", "rank")
    steps = steps.join(suspects, on="lead", how="semi").sort("key")
    turns = steps.filter(has(*TURNS)).with_columns(closing=has(*CLOSES))
    before = pl.col("closing").shift(1).over("lead").fill_null(value=False)
    wrong = turns.filter(pl.col("closing") == before)
    state = pl.when(has(*CLOSES)).then(1).when(has("lead_reopened")).then(0)
    closed = state.forward_fill().over("lead").fill_null(0) == 1
    after = steps.with_columns(closed=closed).filter(has(*WORK) & pl.col("closed"))
    tied = turns.group_by("lead", "at", "sequence").agg(n=pl.col("rank").n_unique())
    return [wrong, after.unique("lead"), tied.filter(pl.col("n") > 1)]


def _numbered(events: pl.LazyFrame) -> pl.LazyFrame:
    """The instants of a lead of which some events have a sequence and others none."""
    alike = ["lead", "at"]
    numbered = events.filter(pl.col("sequence") != 0).select(alike).unique()
    return numbered.join(events.filter(pl.col("sequence") == 0), on=alike, how="semi")
