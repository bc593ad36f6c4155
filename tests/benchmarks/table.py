"""The results as a table of text, and as JSON."""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence

from tests.benchmarks.measuring import Row

__all__ = ["HEAD", "as_json", "as_line"]

_FORM = "{:<64} {:>9}  {:>9}  {:>9}  {:>6}  {:<13} {}"

HEAD = _FORM.format("", "events", "base", "this", "ratio", "  low-high", "target")


def as_line(row: Row) -> str:
    """One line of the table."""
    verdict = ""
    if row.target is not None:
        verdict = f"<= {row.target:g}  {'MISSED' if row.missed else 'ok'}"
    size = f"{row.size:_}".replace("_", " ") if row.size else ""
    spread = f"{min(row.ratios):.2f}-{max(row.ratios):.2f}"
    return _FORM.format(
        row.name, size, row.base, row.cost, f"{row.ratio:.2f}", f"  {spread}", verdict
    ).rstrip()


def as_json(rows: Sequence[Row]) -> str:
    """All rows, and the Python they ran on."""
    results = [
        {
            "name": row.name.strip(),
            "events": row.size,
            "base": row.base,
            "this": row.cost,
            "ratio": row.ratio,
            "ratios": row.ratios,
            "target": row.target,
            "missed": row.missed,
        }
        for row in rows
    ]
    return json.dumps({"python": platform.python_version(), "rows": results}, indent=2) + "\n"
