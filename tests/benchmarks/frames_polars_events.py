"""The events and the leads of the figures written by hand in Polars."""

from __future__ import annotations

import polars as pl

from tests.benchmarks.frames_shape import AFTER_CAPTURE, CLOSES, CONVERTING, RANKS, TURNS, WORK

__all__ = [
    "PAIR",
    "cents",
    "has",
    "key_of",
    "leads_of",
    "ordered",
    "places_of",
    "settled",
    "win_money_of",
]

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


def settled(frame: pl.DataFrame, moment: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One version of each event that was not retracted, and the leads of those that conflict.

    Words become numbers.
    """
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
    settled = pl.concat([alone, left]).drop("retracts")
    several = frame.lazy().filter(pl.col("event_id").is_in(concerned.implode()))
    return tuple(pl.collect_all([settled, _conflicts(several, moment)]))


def _conflicts(several: pl.LazyFrame, moment: int) -> pl.LazyFrame:
    """The leads of events that say different things at one moment of recording."""
    recorded = pl.col("recorded_at").fill_null(pl.col("occurred_at")).alias("recorded")
    known = several.filter(pl.col("occurred_at").dt.timestamp("us") <= moment).unique()
    counted = known.group_by(*KEY, recorded).agg(pl.len(), lead=pl.col("lead_id").first())
    return counted.filter(pl.col("len") > 1).select(pl.col("lead").cast(pl.Categorical))


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


def ordered(events: pl.DataFrame) -> pl.DataFrame:
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


def leads_of(events: pl.LazyFrame) -> pl.LazyFrame:
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


def places_of(events: pl.LazyFrame) -> pl.LazyFrame:
    """The leads that were followed up."""
    answered = has("lead_responded") & pl.col("qualified")
    steps = events.filter(answered | has("lead_progressed"))
    return steps.select("lead").unique().with_columns(followed=pl.lit(value=True))


def win_money_of(events: pl.LazyFrame, leads: pl.LazyFrame) -> pl.LazyFrame:
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
