"""The attribution and the problems, written by hand in pandas."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from tests.benchmarks.frames_pandas_events import CLAIM, PAIR, among, cents
from tests.benchmarks.frames_shape import ACTS, ANSWERS, DECISIONS, TURNS, WORK

__all__ = ["credits_of", "problems_of"]


def credits_of(events: pd.DataFrame, leads: pd.DataFrame, as_of: datetime) -> pd.DataFrame:
    """Whether each lead was sourced or influenced by a partner."""
    captured = among(events, "lead_captured")
    captured = captured[captured["key"] == captured["lead_id"].map(leads["captured"])]
    claims = _claims(events, captured)
    claims = claims[claims["moment"] <= as_of]
    contacts = _contacts(events, captured, claims)
    contacts = contacts[contacts["moment"] <= as_of]
    first = contacts.groupby(["lead_id", "who"], as_index=False)["moment"].min()
    met = claims.merge(first.rename(columns={"moment": "contact"}), on="lead_id", how="left")
    others = met["contact"].where(met["who"] != met["claimant"]).groupby(met["key"]).min()
    team = met["contact"].where(met["who"] == "").groupby(met["key"]).min()
    others, team = claims["key"].map(others), claims["key"].map(team)
    earning = claims[
        (others.isna() | (claims["moment"] < others))
        & (team.isna() | claims["until"].isna() | (team < claims["until"]))
    ]
    sourced = leads.index.isin(earning["lead_id"])
    influenced = leads.index.isin(_influenced(events, leads)) & ~sourced
    return pd.DataFrame({"sourced": sourced, "influenced": influenced}, index=leads.index)


def _claims(events: pd.DataFrame, captured: pd.DataFrame) -> pd.DataFrame:
    """The registrations that were not taken back, and the referrals."""
    registered = among(events, "deal_registered").fillna({"registration_id": ""})
    decided = among(events, *DECISIONS).fillna({"registration_id": ""})
    pairs = registered[[*CLAIM, "key"]].merge(
        decided[[*CLAIM, "key", "type", "protected_until"]], on=CLAIM, suffixes=("", "_decided")
    )
    pairs = pairs[pairs["key_decided"] > pairs["key"]]
    approved = pairs["type"] == "registration_approved"
    registered = registered[~registered["key"].isin(pairs.loc[~approved, "key"])]
    stated = pairs[approved & pairs["protected_until"].notna()].sort_values("key_decided")
    extended = stated.drop_duplicates("key", keep="last").set_index("key")["protected_until"]
    registered = registered.join(extended.rename("extended"), on="key")
    referred = captured[captured["originator"].notna()]
    claims = registered.assign(
        claimant=registered["partner_id"],
        until=registered["extended"].fillna(registered["protected_until"]),
    )
    referrals = referred.assign(claimant=referred["originator"], until=pd.NaT)
    columns = {"lead_id": "lead_id", "key": "key", "recorded_at": "moment"}
    columns |= {"claimant": "claimant", "until": "until"}
    parts = [part[[*columns]].rename(columns=columns) for part in (claims, referrals)]
    return pd.concat(parts, ignore_index=True)


def _contacts(events: pd.DataFrame, captured: pd.DataFrame, claims: pd.DataFrame) -> pd.DataFrame:
    """Every contact and its partner, empty for the own team, whose unreferred captures also are."""
    made = among(events, "contact_made")
    made = pd.DataFrame(
        {
            "lead_id": made["lead_id"],
            "moment": made["recorded_at"],
            "who": made["partner_id"].where(made["by"] == "partner", "").fillna(""),
        }
    )
    own = captured.loc[captured["originator"].isna(), ["lead_id", "recorded_at"]]
    pairs = own.merge(claims, on="lead_id")
    met = pairs["recorded_at"]
    covered = (pairs["moment"] <= met) & (pairs["until"].isna() | (met < pairs["until"]))
    own = own[~own["lead_id"].isin(pairs.loc[covered, "lead_id"])]
    team = own.rename(columns={"recorded_at": "moment"}).assign(who="")
    return pd.concat([made, team], ignore_index=True)


def _influenced(events: pd.DataFrame, leads: pd.DataFrame) -> pd.Series:
    """The leads with an act of a partner after the capture and not after the close."""
    acts = among(events, *ACTS)
    contact = acts["type"] == "contact_made"
    acts = acts[acts["partner_id"].notna() & (~contact | (acts["by"] == "partner"))]
    returned = among(events, "lead_returned").groupby(PAIR)["key"].max().rename("returned")
    acts = acts.merge(returned.reset_index(), on=PAIR, how="left")
    taken_back = (acts["type"] == "lead_accepted") & (acts["returned"] > acts["key"])
    closed_at = acts["lead_id"].map(leads["closed_at"])
    inside = closed_at.isna() | (acts["occurred_at"] <= closed_at)
    inside &= acts["key"] > acts["lead_id"].map(leads["captured"])
    return acts.loc[~taken_back & inside, "lead_id"]


def problems_of(events: pd.DataFrame, leads: pd.DataFrame, money: pd.DataFrame) -> pd.Series:
    """How many problems each lead has, but those of answers after a withdrawal."""
    stated = among(events, "lead_captured", "lead_progressed")
    paid = among(events, "lead_won", "deal_refunded")
    refunds = among(events, "deal_refunded").join(leads["first_won"], on="lead_id")
    found = [
        leads.index[leads["first_step"] < leads["captured"]].to_series(),
        leads.index[leads["captures"] > 1].to_series(),
        money.index[money["refunded"] > money["won_value"]].to_series(),
        stated.loc[cents(stated["expected_value_amount"]) < 0, "lead_id"],
        paid.loc[cents(paid["value_amount"]) < 0, "lead_id"],
        refunds.loc[~(refunds["first_won"] < refunds["key"]), "lead_id"],
        _without(among(events, *ANSWERS), among(events, "lead_offered"), PAIR),
        _without(
            among(events, "lead_returned"),
            among(events, "lead_accepted", "lead_assigned"),
            PAIR,
        ),
        _without(
            among(events, *DECISIONS).fillna({"registration_id": ""}),
            among(events, "deal_registered").fillna({"registration_id": ""}),
            CLAIM,
        ),
        *_turned(events, leads),
        _numbered(events),
    ]
    return pd.concat(found).value_counts().rename("problems")


def _without(later: pd.DataFrame, earlier: pd.DataFrame, same: list[str]) -> pd.Series:
    """The leads of events that none of some others comes before."""
    first = earlier.groupby(same, as_index=False)["key"].min()
    known = later[[*same, "key"]].merge(first, on=same, how="left", suffixes=("", "_first"))
    return known.loc[~(known["key_first"] < known["key"]), "lead_id"]


def _turned(events: pd.DataFrame, leads: pd.DataFrame) -> list[pd.Series]:
    """Closes of closed leads, reopens of open ones, work after a close, and closes that tie."""
    suspects = leads.index[
        (leads["turns"] > 1)
        | (leads["first_reopen"] < leads["first_close"].fillna(float("inf")))
        | (leads["last_work"] > leads["first_close"])
    ]
    steps = events[events["lead_id"].isin(suspects)]
    turns = among(steps, *TURNS)
    closing = turns["type"] != "lead_reopened"
    before = closing.groupby(turns["lead_id"]).shift(fill_value=False)
    state = closing.astype(float).reindex(steps.index).groupby(steps["lead_id"]).ffill()
    after = among(steps[state == 1], *WORK)
    tied = turns.groupby(["lead_id", "occurred_at", "sequence"])["rank"].nunique()
    return [
        turns.loc[closing == before, "lead_id"],
        after["lead_id"].drop_duplicates(),
        tied[tied > 1].reset_index()["lead_id"],
    ]


def _numbered(events: pd.DataFrame) -> pd.Series:
    """The leads at whose instants some events have a sequence and others none."""
    alike = ["lead_id", "occurred_at"]
    numbered = events.loc[events["sequence"] != 0, alike].drop_duplicates()
    plain = events.loc[events["sequence"] == 0, alike]
    return numbered.merge(plain.drop_duplicates(), on=alike)["lead_id"]
