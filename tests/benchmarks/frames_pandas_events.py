"""The events and the leads of the figures written by hand in pandas."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from tests.benchmarks.frames_shape import (
    AFTER_CAPTURE,
    ANSWERS,
    CLOSES,
    CONVERTING,
    RANKS,
    TURNS,
    WORK,
)

__all__ = [
    "CLAIM",
    "COLUMNS",
    "PAIR",
    "cents",
    "first_offers_of",
    "leads_of",
    "among",
    "ordered",
    "settled",
    "win_money_of",
]

_KEY = ["source", "event_id"]
PAIR = ["lead_id", "partner_id"]
CLAIM = ["lead_id", "partner_id", "registration_id"]
COLUMNS = [
    *_KEY,
    "type",
    "occurred_at",
    "recorded_at",
    "sequence",
    "lead_id",
    "partner_id",
    "originator",
    "by",
    "registration_id",
    "protected_until",
    "qualified",
    "automatic",
    "lead_region",
    "expected_value_amount",
    "value_amount",
    "retracts",
]
"""What the figures need of a flat frame."""


def settled(frame: pd.DataFrame) -> pd.DataFrame:
    """One version of each event that was not retracted."""
    events = frame[COLUMNS].copy()
    events["recorded_at"] = events["recorded_at"].fillna(events["occurred_at"])
    several = events.duplicated(_KEY, keep=False)
    events = pd.concat([events[~several], _versions(events[several])])
    retractions = events.loc[events["type"] == "event_retracted", ["source", "retracts"]]
    taken = pd.MultiIndex.from_frame(retractions)
    suspect = events["event_id"].isin(retractions["retracts"])
    named = pd.MultiIndex.from_frame(events.loc[suspect, _KEY]).isin(taken)
    return events.drop(events.index[suspect][named])


def _versions(copies: pd.DataFrame) -> pd.DataFrame:
    """The last version of each event, recorded when its partner first was.

    That matters for claims and contacts; when others were recorded, no figure asks.
    """
    versions = copies.sort_values("recorded_at")
    captured = versions["type"] == "lead_captured"
    partner = versions["partner_id"].where(versions["by"] != "own_team")
    partner = partner.mask(captured, versions["originator"])
    words = (versions["type"], versions["lead_id"], partner)
    versions["claimant"] = list(zip(*(word.fillna("").astype(str) for word in words), strict=True))
    groups = versions.groupby(_KEY)
    same = versions["claimant"] == groups["claimant"].transform("last")
    other = (
        versions["recorded_at"].where(~same).groupby([versions[k] for k in _KEY]).transform("max")
    )
    since = versions["recorded_at"].where(same & ~(versions["recorded_at"] <= other))
    versions["recorded_at"] = since.groupby([versions[k] for k in _KEY]).transform("min")
    return versions.drop_duplicates(_KEY, keep="last").drop(columns="claimant")


def ordered(events: pd.DataFrame, as_of: datetime) -> pd.DataFrame:
    """The events of leads, with a key that rises in their order."""
    events = events[(events["occurred_at"] <= as_of) & events["lead_id"].notna()].copy()
    events["rank"] = events["type"].map(RANKS)
    events["sequence"] = events["sequence"].fillna(0)
    events = events.sort_values(["occurred_at", "sequence", "rank", *_KEY], ignore_index=True)
    events["key"] = events.index
    return events


def among(events: pd.DataFrame, *kinds: str) -> pd.DataFrame:
    """The events of some kinds."""
    return events[events["rank"].isin([RANKS[kind] for kind in kinds])]


def cents(amounts: pd.Series) -> pd.Series:
    """Amounts of money in cents."""
    return (amounts.astype(float) * 100).round()


def leads_of(events: pd.DataFrame) -> pd.DataFrame:
    """One row for each lead, with the key and the time of every milestone."""
    responded = among(events, "lead_responded")
    automatic, qualified = (
        responded["automatic"].fillna(value=False),
        responded["qualified"].fillna(value=True),
    )
    responded = responded[qualified.astype(bool) & ~automatic.astype(bool)]
    stating = among(events, "lead_captured", "lead_progressed")
    stating = stating[stating["expected_value_amount"].notna()]
    captured = among(events, "lead_captured")
    progressed = among(events, "lead_progressed")
    firsts = {
        "captured": captured,
        "offered": among(events, "lead_offered"),
        "accepted": among(events, "lead_accepted"),
        "responded": responded,
        "first_won": among(events, "lead_won"),
        "first_step": among(events, *AFTER_CAPTURE),
        "first_close": among(events, *CLOSES),
        "first_reopen": among(events, "lead_reopened"),
    }
    lasts = {
        "progressed": progressed,
        "converting": among(events, *CONVERTING),
        "expected": stating,
        "won": among(events, "lead_won"),
        "closed": among(events, *CLOSES),
        "reopened": among(events, "lead_reopened"),
        "won_undone": among(events, "lead_lost", "lead_disqualified", "lead_reopened"),
        "last_work": among(events, *WORK),
        "last": events,
    }
    picked = {name: found.groupby("lead_id")["key"].min() for name, found in firsts.items()}
    picked |= {name: found.groupby("lead_id")["key"].max() for name, found in lasts.items()}
    leads = pd.DataFrame(picked)
    for name, undone in (("won", "won_undone"), ("closed", "reopened")):
        leads[name] = leads[name].mask(leads[undone] > leads[name])
    at = events.set_index("key")["occurred_at"]
    for name in ("captured", "accepted", "responded", "converting", "won", "closed", "last"):
        leads[f"{name}_at"] = leads[name].map(at)
    by_key = events.set_index("key")
    leads["region"] = leads["captured"].map(by_key["lead_region"])
    leads["expected_value"] = leads["expected"].map(
        cents(stating.set_index("key")["expected_value_amount"])
    )
    leads["captures"] = captured.groupby("lead_id").size()
    leads["turns"] = among(events, *TURNS).groupby("lead_id").size()
    leads["followed"] = leads["progressed"].notna() | leads["responded"].notna()
    return leads


def win_money_of(events: pd.DataFrame, leads: pd.DataFrame) -> pd.DataFrame:
    """The value of standing wins and their later refunds."""
    wins = among(events, "lead_won")
    wins = wins[wins["key"] == wins["lead_id"].map(leads["won"])].set_index("lead_id")
    refunds = among(events, "deal_refunded").join(leads["won"], on="lead_id")
    refunds = refunds[refunds["key"] > refunds["won"]]
    refunded = cents(refunds["value_amount"]).groupby(refunds["lead_id"]).sum()
    money = pd.DataFrame({"won_value": cents(wins["value_amount"])})
    money["refunded"] = refunded
    return money.fillna({"refunded": 0})


def _resolved(events: pd.DataFrame) -> pd.DataFrame:
    """Every offer with its answer and its withdrawal."""
    known = among(events, "lead_offered", *ANSWERS)[[*PAIR, "key", "type", "occurred_at"]]
    offered = known["type"] == "lead_offered"
    known = known.assign(offer=known["key"].where(offered))
    known["offer"] = known.groupby(PAIR)["offer"].ffill()
    withdrawn = known["type"] == "offer_withdrawn"
    answers = known[~offered & ~withdrawn].dropna(subset="offer").drop_duplicates("offer")
    answers = answers.set_index("offer")
    withdrawals = known[withdrawn].drop_duplicates("offer").set_index("offer")
    offers = known[offered].copy()
    offers["answer"] = offers["key"].map(answers["key"])
    offers["accepted"] = offers["key"].map(answers["type"]) == "lead_accepted"
    offers["withdrawal"] = offers["key"].map(withdrawals["key"])
    return offers


def first_offers_of(events: pd.DataFrame) -> pd.DataFrame:
    """Whether first offers were accepted and are resolved, and answers after a withdrawal."""
    offers = _resolved(events)
    first_at = offers.groupby("lead_id")["occurred_at"].transform("min")
    first = offers[offers["occurred_at"] == first_at]
    answered = first["answer"].notna()
    first = first.assign(
        refused=answered & ~first["accepted"], pending=~answered & first["withdrawal"].isna()
    )
    summed = first.groupby("lead_id")[["accepted", "refused", "pending"]].any()
    late = offers[offers["withdrawal"] < offers["answer"]]
    return pd.DataFrame(
        {
            "taken": summed["accepted"],
            "resolved": summed["accepted"] | (summed["refused"] & ~summed["pending"]),
            "late_answers": late.groupby("lead_id").size(),
        }
    )
