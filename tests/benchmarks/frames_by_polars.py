"""The thirteen figures of the review written by hand in Polars, as an expert would.

It follows the same definitions as the library: copies and revisions, retractions, ties in time,
what undoes a milestone, attribution, first offers, refunds, and the problems that touch each
figure; and it refuses a frame that is wrong, as the library does. What no log of
:mod:`tests.benchmarks.log` holds is left out: identities of offers, recipients that are no
partners, several currencies, times that are not known exactly, spells with a lead, segments and
periods. The library looks for all of these, so its work is a little more. Contents that conflict
were once left out, too; but they are problems of their leads, which every figure states, and only
who compares all that copies say knows that there are none.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl

from tests.benchmarks.frames_checked import check_by_polars
from tests.benchmarks.frames_polars_events import (
    leads_of,
    ordered,
    places_of,
    settled,
    win_money_of,
)
from tests.benchmarks.frames_polars_rules import credits_of, first_offers_of, problems_of
from tests.benchmarks.frames_shape import DAY, HOUR, Numbers, figures_of

__all__ = ["figures_by_polars"]


def figures_by_polars(frame: pl.DataFrame, *, as_of: datetime) -> dict[str, Numbers]:
    """The thirteen figures of a flat frame.

    Args:
        frame: Flat columns of events.
        as_of: Events that occurred later do not exist. [aware datetime]
    """
    check_by_polars(frame)
    moment = round(as_of.timestamp() * 1_000_000)
    current, conflicts = settled(frame, moment)
    events = ordered(current)
    leads = leads_of(events.lazy()).collect()
    at_once = [
        credits_of(events.lazy(), leads.lazy(), moment),
        first_offers_of(events.lazy()),
        win_money_of(events.lazy(), leads.lazy()),
        places_of(events.lazy()),
    ]
    credit, offers, money, worked = pl.collect_all(at_once)
    problems = problems_of(events.lazy(), leads.lazy(), money.lazy(), conflicts.lazy()).collect()
    members = leads.lazy().filter(pl.col("captured").is_not_null())
    for part in (credit, offers, money, worked, problems):
        members = members.join(part.lazy(), on="lead", how="left")
    return _figures(members, moment)


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
