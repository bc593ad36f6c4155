"""For your own tests: histories in the domain's notation, and hypothesis strategies.

The notation needs nothing else. The strategies live in
:mod:`partnerleads.testing.strategies` and need hypothesis, the extra ``testing``; the module is
loaded when first used.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from partnerleads.testing.notation import at, history, money

__all__ = [
    # notation
    "at",
    "history",
    "money",
    # hypothesis
    "strategies",
]


def __getattr__(name: str) -> ModuleType:
    if name == "strategies":
        return import_module("partnerleads.testing.strategies")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
