"""The thirteen figures of the review written by hand in Polars, as an expert would.

It follows the same definitions as the library: copies and revisions, retractions, ties in time,
what undoes a milestone, attribution, first offers, refunds, and the problems that touch each
figure. What no log of :mod:`tests.benchmarks.log` holds is left out: contents that conflict,
identities of offers, recipients that are no partners, several currencies, times that are not
known exactly, spells with a lead, segments and periods.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl

from tests.benchmarks.frames_shape import (
    ACTS,
    AFTER_CAPTURE,
    ANSWERS,
    CLOSES,
    CONVERTING,
    DAY,
    DECISIONS,
    HOUR,
    RANKS,
    TURNS,
    WORK,
    Numbers,
    figures_of,
)

__all__ = ["figures_by_polars"]

FIRST = RANKS["lead_captured"]
KEY = ["source", "event_id"]
PAIR = ["lead", "partner_id"]
NEVER = -(2**62)
"""A key or an instant before all others, in place of one that is absent."""


def has(*names: str) -> pl.Expr:
    """Whether an event is of one of some kinds."""
    if len(names) == 1:
        return pl.col("rank") == RANKS[names[0]]
    return pl.col("rank").is_in([RANKS[name] for name in names])


def key_of(*names: str) -> pl.Expr:
    """The keys of the events of some kinds, null elsewhere."""
    return pl.when(has(*names)).then(pl.col("key"))


def cents(name: str) -> pl.Expr:
    """An amount of money in cents."""
    return (pl.col(name).cast(pl.Float64) * 100).round().cast(pl.Int64)


def figures_by_polars(frame: pl.DataFrame, *, as_of: datetime) -> dict[str, Numbers]:
    """The thirteen figures of a flat frame.

    Args:
        frame: Flat columns of events.
        as_of: Events that occurred later do not exist. [aware datetime]
    """
    moment = round(as_of.timestamp() * 1_000_000)
    events = _ordered(_settled(frame, moment))
    leads = _leads(events.lazy()).collect()
    at_once = [
        _credits(events.lazy(), leads.lazy(), moment),
        _first_offers(events.lazy()),
        _win_money(events.lazy(), leads.lazy()),
        _places(events.lazy()),
    ]
    credit, offers, money, worked = pl.collect_all(at_once)
    problems = _problems(events.lazy(), leads.lazy(), money.lazy()).collect()
    members = leads.lazy().filter(pl.col("captured").is_not_null())
    for part in (credit, offers, money, worked, problems):
        members = members.join(part.lazy(), on="lead", how="left")
    return _figures(members, moment)


# --- events ---------------------------------------------------------------------------------------


def _settled(frame: pl.DataFrame, moment: int) -> pl.DataFrame:
    """One version of each event that was not retracted, with numbers in place of words."""
    events = frame.lazy().select(
        *KEY,
        "by",
        "registration_id",
        "lead_region",
        "expected_value_amount",
        "value_amount",
        "retracts",
        pl.col("type").replace_strict(RANKS, return_dtype=pl.Int8).alias("rank"),
        pl.col("lead_id").cast(pl.Categorical).alias("lead"),
        pl.col("partner_id", "originator").cast(pl.Categorical),
        pl.col("sequence").fill_null(0),
        pl.col("qualified").fill_null(value=True) & ~pl.col("automatic").fill_null(value=False),
        pl.col("protected_until").dt.timestamp("us"),
        pl.col("occurred_at").dt.timestamp("us").alias("at"),
        pl.col("recorded_at")
        .dt.timestamp("us")
        .fill_null(pl.col("occurred_at").dt.timestamp("us"))
        .alias("recorded"),
    )
    ids = frame.lazy().group_by("event_id").len().filter(pl.col("len") > 1).select("event_id")
    taken = frame.lazy().select(event_id="retracts").drop_nulls()
    concerned = pl.concat([ids, taken]).collect()["event_id"]
    rare = pl.col("event_id").is_in(concerned.implode()) | pl.col("retracts").is_not_null()
    counts = (pl.col("rank") >= FIRST) & (pl.col("at") <= moment)
    current = _versions(events.filter(rare))
    retracted = current.filter(has("event_retracted")).select("source", event_id="retracts")
    left = current.join(retracted, on=KEY, how="anti").filter(counts)
    alone = events.filter(counts & ~rare).select(left.collect_schema().names())
    return pl.concat([alone, left]).drop("retracts").collect()


def _versions(copies: pl.LazyFrame) -> pl.LazyFrame:
    """The last version of each event, recorded when its partner first was.

    That matters for claims and contacts; when others were recorded, no figure asks.
    """
    partner = (
        pl.when(has("lead_captured"))
        .then(pl.col("originator"))
        .when(pl.col("by").fill_null("") != "own_team")
        .then(pl.col("partner_id"))
    )
    claimant = pl.struct("rank", "lead", partner.alias("partner_id")).alias("claimant")
    versions = copies.with_columns(claimant).sort("recorded")
    last = versions.group_by(KEY).agg(pl.all().last())
    known = versions.join(last.select(*KEY, speaking="claimant"), on=KEY)
    same = pl.col("claimant") == pl.col("speaking")
    other = pl.col("recorded").filter(~same).max().fill_null(NEVER).over(KEY)
    since = known.filter(same & (pl.col("recorded") > other)).group_by(KEY)
    first = since.agg(pl.col("recorded").min())
    names = [name for name in copies.collect_schema().names() if name != "recorded"]
    return last.select(names).join(first, on=KEY).select(*names, "recorded")


def _ordered(events: pl.DataFrame) -> pl.DataFrame:
    """The events with a key that rises in the order of each lead."""
    alike = ["lead", "at"]
    known = events.lazy().select(*alike, "sequence", "rank", *KEY).with_row_index("row")
    ties = events.lazy().group_by(alike).len().filter(pl.col("len") > 1).select(alike).collect()
    tied = (
        known.filter(pl.col("at").is_in(ties["at"].implode()))
        .join(ties.lazy(), on=alike, how="semi")
        .sort("sequence", "rank", *KEY)
        .select("row", place=pl.int_range(pl.len()).over(alike))
        .collect()
    )
    place = pl.zeros(events.height, pl.Int64, eager=True).scatter(tied["row"], tied["place"])
    return events.drop(KEY).with_columns(key=pl.col("at") * 256 + place)


# --- leads ----------------------------------------------------------------------------------------


def _leads(events: pl.LazyFrame) -> pl.LazyFrame:
    """One row for each lead, with its milestones by key; the time is the key over 256."""
    first = {
        "captured": key_of("lead_captured"),
        "offered": key_of("lead_offered"),
        "accepted": key_of("lead_accepted"),
        "responded": pl.when(has("lead_responded") & pl.col("qualified")).then(pl.col("key")),
        "first_won": key_of("lead_won"),
        "first_close": key_of(*CLOSES),
        "first_reopen": key_of("lead_reopened"),
        "first_step": key_of(*AFTER_CAPTURE),
    }
    last = {
        "progressed": key_of("lead_progressed"),
        "converting": key_of(*CONVERTING),
        "expected": pl.when(
            has("lead_captured", "lead_progressed") & pl.col("expected_value_amount").is_not_null()
        ).then(pl.col("key")),
        "won": key_of("lead_won"),
        "won_undone": key_of("lead_lost", "lead_disqualified", "lead_reopened"),
        "closed": key_of(*CLOSES),
        "reopened": key_of("lead_reopened"),
        "last_work": key_of(*WORK),
        "last": pl.col("key"),
    }
    counts = {"captures": has("lead_captured"), "turns": has(*TURNS)}
    grouped = events.group_by("lead").agg(
        **{name: expr.min() for name, expr in first.items()},
        **{name: expr.max() for name, expr in last.items()},
        **{name: expr.sum() for name, expr in counts.items()},
    )

    def standing(name: str, undone: str) -> pl.Expr:
        return pl.when(pl.col(name) > pl.col(undone).fill_null(NEVER)).then(pl.col(name))

    leads = grouped.with_columns(
        won=standing("won", "won_undone"), closed=standing("closed", "reopened")
    )
    stated = events.filter(has("lead_captured", "lead_progressed")).select(
        "lead", expected="key", expected_value=cents("expected_value_amount")
    )
    captured = events.filter(has("lead_captured")).select(
        "lead", captured="key", region="lead_region"
    )
    leads = leads.join(stated, on=["lead", "expected"], how="left")
    return leads.join(captured, on=["lead", "captured"], how="left")


def _places(events: pl.LazyFrame) -> pl.LazyFrame:
    """The leads that were followed up."""
    answered = has("lead_responded") & pl.col("qualified")
    steps = events.filter(answered | has("lead_progressed"))
    return steps.select("lead").unique().with_columns(followed=pl.lit(value=True))


def _win_money(events: pl.LazyFrame, leads: pl.LazyFrame) -> pl.LazyFrame:
    """The value of standing wins and their later refunds."""
    standing = leads.filter(pl.col("won").is_not_null()).select("lead", "won")
    wins = events.filter(has("lead_won")).select("lead", won="key", won_value=cents("value_amount"))
    wins = wins.join(standing, on=["lead", "won"])
    refunds = events.filter(has("deal_refunded")).select(
        "lead", "key", refunded=cents("value_amount")
    )
    later = refunds.join(standing, on="lead").filter(pl.col("key") > pl.col("won"))
    sums = later.group_by("lead").agg(pl.col("refunded").sum())
    wins = wins.drop("won").join(sums, on="lead", how="left")
    return wins.with_columns(pl.col("refunded").fill_null(0))


# --- offers ---------------------------------------------------------------------------------------


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


def _first_offers(events: pl.LazyFrame) -> pl.LazyFrame:
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


# --- attribution ----------------------------------------------------------------------------------


def _credits(events: pl.LazyFrame, leads: pl.LazyFrame, moment: int) -> pl.LazyFrame:
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


# --- problems -------------------------------------------------------------------------------------


def _problems(events: pl.LazyFrame, leads: pl.LazyFrame, money: pl.LazyFrame) -> pl.LazyFrame:
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


# --- figures --------------------------------------------------------------------------------------


def _figures(members: pl.LazyFrame, moment: int) -> dict[str, Numbers]:
    problems = pl.col("problems").fill_null(0) + pl.col("late_answers").fill_null(0)
    worked = pl.col("progressed").is_not_null() & pl.col("closed").is_null()
    told = members.select(
        *("lead", "region", "expected_value", "won_value"),
        *(
            pl.col(name).is_not_null().alias(name)
            for name in ("offered", "accepted", "responded", "won", "sourced")
        ),
        is_closed=pl.col("closed").is_not_null(),
        influenced=pl.col("influenced").is_not_null() & pl.col("sourced").is_null(),
        taken=pl.col("taken").fill_null(value=False),
        resolved=pl.col("resolved").fill_null(value=False),
        converted=(pl.col("converting") // 256 >= pl.col("accepted") // 256).fill_null(value=False),
        worked=worked,
        stalled=worked & (moment - pl.col("last") // 256 > 30 * DAY),
        followed=pl.col("followed").fill_null(value=False),
        final=pl.col("won_value") - pl.col("refunded"),
        problems=problems,
        **{
            f"to_{name}": pl.col(name) // 256 - pl.col("captured") // 256
            for name in ("accepted", "responded", "won")
        },
    ).collect()
    flags: dict[str, Any] = {
        "all": pl.lit(value=True),
        **{n: pl.col(n) for n in ("offered", "taken", "resolved", "accepted", "worked", "won")},
    }
    values: dict[str, Any] = {
        "captured": pl.len(),
        **{
            name: pl.col(name).sum()
            for name in ("sourced", "influenced", "taken", "resolved", "accepted", "worked", "won")
        },
        "converted": (pl.col("accepted") & pl.col("converted")).sum(),
        "expected": pl.col("expected_value").filter("worked").sum(),
        "expecting": pl.col("expected_value").filter("worked").count(),
        "final": pl.col("final").sum(),
        "valued": pl.col("final").count(),
        **{
            f"problems_{name}": pl.col("problems").filter(flag).sum()
            for name, flag in flags.items()
        },
    }
    for name, unit in (("accepted", HOUR), ("responded", DAY), ("won", DAY)):
        took = pl.col(f"to_{name}")
        length = took.filter(took >= 0) / unit
        values |= {
            f"{name}_n": length.count(),
            f"{name}_median": length.median(),
            f"{name}_p90": length.quantile(0.9, "linear"),
            f"{name}_mean": length.mean(),
            f"{name}_open": (~pl.col(name) & ~pl.col("is_closed")).sum(),
            f"{name}_closed": (~pl.col(name) & pl.col("is_closed")).sum(),
            f"{name}_negative": (took < 0).sum(),
        }
    placed = (
        told.filter(pl.col("followed") | pl.col("is_closed"))
        .group_by("region")
        .agg(
            pl.col("followed").any(),
            closed=pl.col("is_closed").any(),
            n=pl.len(),
            problems=pl.col("problems").sum(),
        )
    )
    listed = told.filter("stalled")["lead"].cast(pl.String).to_list()
    return figures_of(told.select(**values).row(0, named=True), sorted(listed), placed.rows())
