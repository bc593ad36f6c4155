"""The money of standing wins, less their later refunds."""

from __future__ import annotations

import narwhals.stable.v2 as nw

from partnerleads.events import DealRefunded, LeadWon
from partnerleads.frames.engines import Frame
from partnerleads.frames.table import has

__all__ = ["won_money_of"]


def won_money_of(table: Frame, leads: Frame) -> Frame:
    """Each standing win's value, its later refunds, and what is left of it.

    Args:
        table: The ordered events of leads.
        leads: One row for each lead, with ``won_key``.

    Returns:
        ``won_value``, ``refunded`` and ``final_value`` in smallest units of ``won_currency``, and
        the numbers of ``refunds`` and, among them, of ``foreign_refunds``; the final value is null
        where there are any of these.
    """
    table = table.select("lead_id", "key", "rank", "value", "value_currency")
    leads = leads.select("lead_id", "won_key")
    keys = leads.filter(~nw.col("won_key").is_null()).select("lead_id", key=nw.col("won_key"))
    wins = table.filter(has(LeadWon)).join(keys, on=["lead_id", "key"], how="inner")
    wins = wins.select(
        "lead_id",
        won_key=nw.col("key"),
        won_value=nw.col("value"),
        won_currency=nw.col("value_currency"),
    )
    refunds = table.filter(has(DealRefunded)).select("lead_id", "key", "value", "value_currency")
    later = refunds.join(wins, on="lead_id", how="inner")
    later = later.filter(nw.col("key") > nw.col("won_key"))
    same = nw.col("value_currency") == nw.col("won_currency")
    later = later.with_columns(
        refunded=nw.when(same).then(nw.col("value")).otherwise(nw.lit(0)),
        foreign_refunds=nw.when(same).then(nw.lit(0)).otherwise(nw.lit(1)),
    )
    summed = later.group_by("lead_id").agg(
        nw.col("refunded").sum().cast(nw.Int64),
        nw.col("foreign_refunds").sum().cast(nw.Int64),
        refunds=nw.len().cast(nw.Int64),
    )
    wins = (
        wins.drop("won_key")
        .join(summed, on="lead_id", how="left")
        .with_columns(nw.col("refunded", "foreign_refunds", "refunds").fill_null(0))
    )
    left = nw.col("won_value") - nw.col("refunded")
    return wins.with_columns(final_value=nw.when(nw.col("foreign_refunds") == 0).then(left))
