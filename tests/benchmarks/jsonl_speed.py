"""JSON lines to events, against decoding the same lines into plain structs."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any, Literal

from partnerleads.codecs import read_jsonl
from partnerleads.events import KINDS, fields_of
from partnerleads.model import Lead
from tests.benchmarks.measuring import Bench, Row, compared, interleaved

__all__ = ["jsons"]

FAST_TARGET = 4.0


def _structs(*, typed: bool) -> Any:
    """The union of one tagged struct for each kind.

    Args:
        typed: Whether instants and amounts are decoded as such, or left as texts.
    """
    import msgspec

    money = msgspec.defstruct("Money", [("amount", Decimal if typed else str), ("currency", str)])
    hints: dict[str, Any] = {
        "text": str,
        "integer": int,
        "number": float,
        "yes_no": bool,
        "instant": datetime if typed else str,
        "money": money,
        "texts": list[str],
        "text_map": dict[str, str],
        "number_map": dict[str, float],
    }

    def struct(kind: type[Any], **options: Any) -> Any:
        fields: list[Any] = []
        for spec in fields_of(kind):
            hint = Literal[spec.choices] if spec.value == "choice" else hints[spec.value]
            fields.append((spec.name, hint) if spec.required else (spec.name, hint | None, None))
        return msgspec.defstruct(kind.__name__, fields, kw_only=True, **options)

    hints["lead"] = struct(Lead)
    return reduce(or_, (struct(kind, tag=tag) for tag, kind in KINDS.items()))


def _decoder(path: Path, *, typed: bool) -> Callable[[], object]:
    import msgspec

    decode = msgspec.json.Decoder(_structs(typed=typed)).decode

    def decoded() -> object:
        with path.open("rb") as lines:
            return [decode(line) for line in lines]

    return decoded


def _at_rest(work: Callable[[], object]) -> Callable[[], object]:
    """The same with the garbage collector switched off, as the reader does for itself."""

    def quiet() -> object:
        gc.disable()
        try:
            return work()
        finally:
            gc.enable()

    return quiet


def _measure(path: Path, size: int, rounds: int) -> list[Row]:
    typed, texts = _decoder(path, typed=True), _decoder(path, typed=False)
    times = interleaved(
        rounds,
        {
            "typed": typed,
            "typed at rest": _at_rest(typed),
            "texts at rest": _at_rest(texts),
            "fast": lambda: read_jsonl(path, parser="msgspec"),
            "json": lambda: read_jsonl(path, parser="json"),
        },
    )

    def row(name: str, base: str, cost: str, target: float | None = None) -> Row:
        return compared(name, size, (times[base], size), (times[cost], size), target=target)

    return [
        row("read_jsonl / structs of instants, decimals", "typed", "fast", FAST_TARGET),
        row("  the same, no collector in both (stated)", "typed at rest", "fast"),
        row("  / structs of bare texts, no collector", "texts at rest", "fast"),
        row("  standard library's parser / structs", "typed", "json"),
    ]


def jsons(bench: Bench) -> Iterator[Row]:
    """Reading a file of JSON lines strictly, with either parser."""
    for size in bench.sizes:
        yield from bench.call(_measure, bench.file(size), size, bench.rounds)
