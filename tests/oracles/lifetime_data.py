"""The published data on which lifetime models are fitted everywhere."""

from __future__ import annotations

import csv
from pathlib import Path

from partnerleads.plv.lifetime import Transactions

_DATA = Path(__file__).parent / "data"


def rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def seen(repeats: int, last: float, age: float) -> Transactions:
    return Transactions(repeats=repeats, last=last, age=age)


def cdnow() -> list[Transactions]:
    """Customers of a shop, in weeks."""
    return [seen(int(r["x"]), float(r["t_x"]), float(r["T"])) for r in rows("cdnow_summary.csv")]


def cdnow_spending() -> list[tuple[int, float]]:
    """Repeats of the same customers, and the mean amount of their repeats. [USD]"""
    return [(int(r["x"]), float(r["zbar"])) for r in rows("cdnow_summary.csv")]


def donors() -> list[Transactions]:
    """Donors of a charity, in years."""
    return [
        seen(int(r["frequency"]), int(r["recency"]), int(r["periods"]))
        for r in rows("donations.csv")
        for _ in range(int(r["weights"]))
    ]
