"""The thirteen figures of the review written by hand in pandas, as it is usually written.

The same definitions as in :mod:`tests.benchmarks.frames_by_polars`, with the same cases left out.
"""

from __future__ import annotations

from datetime import datetime

import pandas as pd

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

__all__ = ["figures_by_pandas"]

_KEY = ["source", "event_id"]
_PAIR = ["lead_id", "partner_id"]
_CLAIM = ["lead_id", "partner_id", "registration_id"]
_COLUMNS = [
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


def figures_by_pandas(frame: pd.DataFrame, *, as_of: datetime) -> dict[str, Numbers]:
    """The thirteen figures of a flat frame.

    Args:
        frame: Flat columns of events.
        as_of: Events that occurred later do not exist. [aware datetime]
    """
    events = _ordered(_settled(frame), as_of)
    leads = _leads(events)
    parts = (_win_money(events, leads), _first_offers(events), _credits(events, leads, as_of))
    leads = leads[leads["captured"].notna()].join([*parts, _problems(events, leads, parts[0])])
    return _figures(leads, as_of)


# --- events ---------------------------------------------------------------------------------------


def _settled(frame: pd.DataFrame) -> pd.DataFrame:
    """One version of each event that was not retracted."""
    events = frame[_COLUMNS].copy()
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


def _ordered(events: pd.DataFrame, as_of: datetime) -> pd.DataFrame:
    """The events of leads, with a key that rises in their order."""
    events = events[(events["occurred_at"] <= as_of) & events["lead_id"].notna()].copy()
    events["rank"] = events["type"].map(RANKS)
    events["sequence"] = events["sequence"].fillna(0)
    events = events.sort_values(["occurred_at", "sequence", "rank", *_KEY], ignore_index=True)
    events["key"] = events.index
    return events


def _of(events: pd.DataFrame, *kinds: str) -> pd.DataFrame:
    """The events of some kinds."""
    return events[events["rank"].isin([RANKS[kind] for kind in kinds])]


def _cents(amounts: pd.Series) -> pd.Series:
    """Amounts of money in cents."""
    return (amounts.astype(float) * 100).round()


# --- leads ----------------------------------------------------------------------------------------


def _leads(events: pd.DataFrame) -> pd.DataFrame:
    """One row for each lead, with the key and the time of every milestone."""
    responded = _of(events, "lead_responded")
    automatic, qualified = (
        responded["automatic"].fillna(value=False),
        responded["qualified"].fillna(value=True),
    )
    responded = responded[qualified.astype(bool) & ~automatic.astype(bool)]
    stating = _of(events, "lead_captured", "lead_progressed")
    stating = stating[stating["expected_value_amount"].notna()]
    captured = _of(events, "lead_captured")
    progressed = _of(events, "lead_progressed")
    firsts = {
        "captured": captured,
        "offered": _of(events, "lead_offered"),
        "accepted": _of(events, "lead_accepted"),
        "responded": responded,
        "first_won": _of(events, "lead_won"),
        "first_step": _of(events, *AFTER_CAPTURE),
        "first_close": _of(events, *CLOSES),
        "first_reopen": _of(events, "lead_reopened"),
    }
    lasts = {
        "progressed": progressed,
        "converting": _of(events, *CONVERTING),
        "expected": stating,
        "won": _of(events, "lead_won"),
        "closed": _of(events, *CLOSES),
        "reopened": _of(events, "lead_reopened"),
        "won_undone": _of(events, "lead_lost", "lead_disqualified", "lead_reopened"),
        "last_work": _of(events, *WORK),
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
        _cents(stating.set_index("key")["expected_value_amount"])
    )
    leads["captures"] = captured.groupby("lead_id").size()
    leads["turns"] = _of(events, *TURNS).groupby("lead_id").size()
    leads["followed"] = leads["progressed"].notna() | leads["responded"].notna()
    return leads


def _win_money(events: pd.DataFrame, leads: pd.DataFrame) -> pd.DataFrame:
    """The value of standing wins and their later refunds."""
    wins = _of(events, "lead_won")
    wins = wins[wins["key"] == wins["lead_id"].map(leads["won"])].set_index("lead_id")
    refunds = _of(events, "deal_refunded").join(leads["won"], on="lead_id")
    refunds = refunds[refunds["key"] > refunds["won"]]
    refunded = _cents(refunds["value_amount"]).groupby(refunds["lead_id"]).sum()
    money = pd.DataFrame({"won_value": _cents(wins["value_amount"])})
    money["refunded"] = refunded
    return money.fillna({"refunded": 0})


def _resolved(events: pd.DataFrame) -> pd.DataFrame:
    """Every offer with its answer and its withdrawal."""
    known = _of(events, "lead_offered", *ANSWERS)[[*_PAIR, "key", "type", "occurred_at"]]
    offered = known["type"] == "lead_offered"
    known = known.assign(offer=known["key"].where(offered))
    known["offer"] = known.groupby(_PAIR)["offer"].ffill()
    withdrawn = known["type"] == "offer_withdrawn"
    answers = known[~offered & ~withdrawn].dropna(subset="offer").drop_duplicates("offer")
    answers = answers.set_index("offer")
    withdrawals = known[withdrawn].drop_duplicates("offer").set_index("offer")
    offers = known[offered].copy()
    offers["answer"] = offers["key"].map(answers["key"])
    offers["accepted"] = offers["key"].map(answers["type"]) == "lead_accepted"
    offers["withdrawal"] = offers["key"].map(withdrawals["key"])
    return offers


def _first_offers(events: pd.DataFrame) -> pd.DataFrame:
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


# --- attribution ----------------------------------------------------------------------------------


def _credits(events: pd.DataFrame, leads: pd.DataFrame, as_of: datetime) -> pd.DataFrame:
    """Whether each lead was sourced or influenced by a partner."""
    captured = _of(events, "lead_captured")
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
    registered = _of(events, "deal_registered").fillna({"registration_id": ""})
    decided = _of(events, *DECISIONS).fillna({"registration_id": ""})
    pairs = registered[[*_CLAIM, "key"]].merge(
        decided[[*_CLAIM, "key", "type", "protected_until"]], on=_CLAIM, suffixes=("", "_decided")
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
    made = _of(events, "contact_made")
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
    acts = _of(events, *ACTS)
    contact = acts["type"] == "contact_made"
    acts = acts[acts["partner_id"].notna() & (~contact | (acts["by"] == "partner"))]
    returned = _of(events, "lead_returned").groupby(_PAIR)["key"].max().rename("returned")
    acts = acts.merge(returned.reset_index(), on=_PAIR, how="left")
    taken_back = (acts["type"] == "lead_accepted") & (acts["returned"] > acts["key"])
    closed_at = acts["lead_id"].map(leads["closed_at"])
    inside = closed_at.isna() | (acts["occurred_at"] <= closed_at)
    inside &= acts["key"] > acts["lead_id"].map(leads["captured"])
    return acts.loc[~taken_back & inside, "lead_id"]


# --- problems -------------------------------------------------------------------------------------


def _problems(events: pd.DataFrame, leads: pd.DataFrame, money: pd.DataFrame) -> pd.Series:
    """How many problems each lead has, but those of answers after a withdrawal."""
    stated = _of(events, "lead_captured", "lead_progressed")
    paid = _of(events, "lead_won", "deal_refunded")
    refunds = _of(events, "deal_refunded").join(leads["first_won"], on="lead_id")
    found = [
        leads.index[leads["first_step"] < leads["captured"]].to_series(),
        leads.index[leads["captures"] > 1].to_series(),
        money.index[money["refunded"] > money["won_value"]].to_series(),
        stated.loc[_cents(stated["expected_value_amount"]) < 0, "lead_id"],
        paid.loc[_cents(paid["value_amount"]) < 0, "lead_id"],
        refunds.loc[~(refunds["first_won"] < refunds["key"]), "lead_id"],
        _without(_of(events, *ANSWERS), _of(events, "lead_offered"), _PAIR),
        _without(
            _of(events, "lead_returned"), _of(events, "lead_accepted", "lead_assigned"), _PAIR
        ),
        _without(
            _of(events, *DECISIONS).fillna({"registration_id": ""}),
            _of(events, "deal_registered").fillna({"registration_id": ""}),
            _CLAIM,
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
    turns = _of(steps, *TURNS)
    closing = turns["type"] != "lead_reopened"
    before = closing.groupby(turns["lead_id"]).shift(fill_value=False)
    state = closing.astype(float).reindex(steps.index).groupby(steps["lead_id"]).ffill()
    after = _of(steps[state == 1], *WORK)
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


# --- figures --------------------------------------------------------------------------------------


def _figures(leads: pd.DataFrame, as_of: datetime) -> dict[str, Numbers]:
    problems = leads["problems"].fillna(0) + leads["late_answers"].fillna(0)
    closed = leads["closed"].notna()
    worked = leads["progressed"].notna() & ~closed
    flags = {
        "all": pd.Series(data=True, index=leads.index),
        "taken": leads["taken"].fillna(value=False).astype(bool),
        "resolved": leads["resolved"].fillna(value=False).astype(bool),
        "accepted": leads["accepted"].notna(),
        "worked": worked,
        "won": leads["won"].notna(),
    }
    final = leads["won_value"] - leads["refunded"]
    expected = leads.loc[worked, "expected_value"]
    sums = {
        "captured": len(leads),
        "sourced": int(leads["sourced"].sum()),
        "influenced": int(leads["influenced"].sum()),
        "converted": int((leads["converting_at"] >= leads["accepted_at"]).sum()),
        "expected": int(expected.sum()),
        "expecting": int(expected.count()),
        "final": int(final.sum()),
        "valued": int(final.count()),
    }
    for name, flag in flags.items():
        sums |= {name: int(flag.sum()), f"problems_{name}": int(problems[flag].sum())}
    for name, unit in (("accepted", HOUR), ("responded", DAY), ("won", DAY)):
        sums |= _times(leads, name, unit)
    stalled = worked & (as_of - leads["last_at"] > pd.Timedelta(days=30))
    places = pd.DataFrame(
        {"region": leads["region"], "followed": leads["followed"], "closed": closed, "n": 1}
    ).assign(problems=problems)[leads["followed"] | closed]
    grouped = places.groupby("region", dropna=False)
    found = grouped.agg({"followed": "any", "closed": "any", "n": "sum", "problems": "sum"})
    rows = [
        (None if pd.isna(region) else region, bool(f), bool(c), int(n), int(p))
        for region, f, c, n, p in found.reset_index().itertuples(index=False)
    ]
    return figures_of(sums, sorted(leads.index[stalled]), rows)


def _times(leads: pd.DataFrame, name: str, unit: int) -> Numbers:
    """The times from the capture to a milestone."""
    took = (leads[f"{name}_at"] - leads["captured_at"]) / pd.Timedelta(microseconds=unit)
    length, absent = took[took >= 0], leads[name].isna()
    closed = leads["closed"].notna()
    return {
        f"{name}_n": len(length),
        f"{name}_median": float(length.median()),
        f"{name}_p90": float(length.quantile(0.9)),
        f"{name}_mean": float(length.mean()),
        f"{name}_open": int((absent & ~closed).sum()),
        f"{name}_closed": int((absent & closed).sum()),
        f"{name}_negative": int((took < 0).sum()),
    }
