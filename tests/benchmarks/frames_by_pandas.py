"""The thirteen figures of the review written by hand in pandas, as it is usually written.

The same definitions as in :mod:`tests.benchmarks.frames_by_polars`, with the same cases left out,
and without a check of the frame.
"""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from tests.benchmarks.frames_pandas_events import (
    first_offers_of,
    leads_of,
    ordered,
    settled,
    win_money_of,
)
from tests.benchmarks.frames_pandas_rules import credits_of, problems_of
from tests.benchmarks.frames_shape import DAY, HOUR, Numbers, figures_of

__all__ = ["figures_by_pandas"]


def figures_by_pandas(frame: pd.DataFrame, *, as_of: datetime) -> dict[str, Numbers]:
    """The thirteen figures of a flat frame.

    Args:
        frame: Flat columns of events.
        as_of: Events that occurred later do not exist. [aware datetime]
    """
    events = ordered(settled(frame), as_of)
    leads = leads_of(events)
    parts = (win_money_of(events, leads), first_offers_of(events), credits_of(events, leads, as_of))
    leads = leads[leads["captured"].notna()].join([*parts, problems_of(events, leads, parts[0])])
    return _figures(leads, as_of)


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
