"""For your own tests: the domain's notation, checks of routers and scorers, and strategies.

The notation and the checks need nothing else. The strategies live in
:mod:`partnerleads.testing.strategies` and need hypothesis, the extra ``testing``; the module is
loaded when first used.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from partnerleads.testing.check_router import check_router
from partnerleads.testing.check_scorer import check_scorer
from partnerleads.testing.check_scorer_cases import ScorerCase
from partnerleads.testing.check_scorer_laws import scorer_checks
from partnerleads.testing.law_check import Counterexample, LawCheck
from partnerleads.testing.notation import at, history, money
from partnerleads.testing.router_cases import RouterCase
from partnerleads.testing.router_checks import router_checks

__all__ = [
    # notation
    "at",
    "history",
    "money",
    # laws
    "LawCheck",
    "Counterexample",
    # routers
    "check_router",
    "router_checks",
    "RouterCase",
    # scorers
    "check_scorer",
    "scorer_checks",
    "ScorerCase",
    # hypothesis
    "strategies",
]


def __getattr__(name: str) -> ModuleType:
    if name == "strategies":
        return import_module("partnerleads.testing.strategies")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
