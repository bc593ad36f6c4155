"""How long importing takes, against importing what the library stands on."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from statistics import median

from tests.benchmarks.measuring import Bench, Row

__all__ = ["imports"]

IMPORT_TARGET = 2.0
_FIRST_USE = "from partnerleads import fold, kpis"

_LOADED = f"""
import json, sys
before = set(sys.modules)
{_FIRST_USE}
print(json.dumps([name for name in sys.modules if name not in before]))
"""
_TIMED = """
from time import perf_counter
start = perf_counter()
{}
print(perf_counter() - start)
"""


def _said(script: str) -> str:
    """What a fresh interpreter prints."""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return done.stdout


def _below() -> str:
    """A statement that imports all that the library uses, and nothing of the library."""
    loaded: Sequence[str] = json.loads(_said(_LOADED))
    names = [name for name in loaded if name.partition(".")[0] != "partnerleads"]
    return f"for name in {names!r}: __import__(name)"


def _measure(rounds: int) -> list[Row]:
    statements = {"below": _below(), "root": "import partnerleads", "use": _FIRST_USE}
    times: dict[str, list[float]] = {name: [] for name in statements}
    for _ in range(rounds + 1):
        for name, statement in statements.items():
            times[name].append(float(_said(_TIMED.format(statement))))
    below, root, use = (seconds[1:] for seconds in times.values())  # the first compiles

    def row(name: str, costs: Sequence[float], target: float | None = None) -> Row:
        return Row(
            name=name,
            size=0,
            base=f"{median(below) * 1e3:.1f} ms",
            cost=f"{median(costs) * 1e3:.1f} ms",
            ratios=tuple(cost / base for cost, base in zip(costs, below, strict=True)),
            target=target,
        )

    return [
        row("import partnerleads / all that it uses", root, IMPORT_TARGET),
        row(f"{_FIRST_USE} (stated)", use),
    ]


def imports(bench: Bench) -> Iterator[Row]:
    """Importing the root, and the first use of the fold and the figures."""
    yield from bench.call(_measure, max(bench.rounds, 2))
