"""What all tests share: how hypothesis searches, and how the blocks of the pages run."""

from __future__ import annotations

import os
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.docs.page_blocks import pages

# No deadline: a slow machine is no bug. The tests try the same examples every time, so that what
# breaks them is the change and no dice; "search" throws the dice.
settings.register_profile("dev", max_examples=50, deadline=None, derandomize=True, print_blob=True)
settings.register_profile("search", max_examples=1000, deadline=None, print_blob=True)
settings.register_profile("again", max_examples=10, deadline=None)  # of what "dev" searched
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))

ROOT = Path(__file__).parent
LAWS = ROOT / "tests" / "properties"
UNCOUNTED = (
    LAWS,
    *(ROOT / place for place in ("README.md", "docs", "tests/contract", "tests/unit/benchmarks")),
)
"""What coverage does not count."""


@pytest.hookimpl(trylast=True)  # after hypothesis has marked its tests
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start with the laws, which take longest, and count for coverage what tests one thing alone.

    So every line and branch is reached by a test that says what it expects, not by chance and not
    in passing; and no time goes into tracing a search for examples.
    """
    items.sort(key=lambda item: LAWS not in item.path.parents)
    for item in items:
        places = {item.path, *item.path.parents}
        if item.get_closest_marker("hypothesis") or not places.isdisjoint(UNCOUNTED):
            item.add_marker(pytest.mark.no_cover)


_UNCOUNTED_RAN = pytest.StashKey[bool]()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Forget what uncounted tests worked out, so that a counted one works it out again."""
    stash = item.config.stash
    if item.get_closest_marker("no_cover"):
        stash[_UNCOUNTED_RAN] = True
    elif stash.get(_UNCOUNTED_RAN, False):
        stash[_UNCOUNTED_RAN] = False
        for kept in _kept_functions(len(sys.modules)):
            kept.cache_clear()


@lru_cache(maxsize=1)
def _kept_functions(_modules: int) -> list[Any]:
    """The functions of the package that keep their answers, of the modules loaded so far."""
    modules = [
        module for name, module in [*sys.modules.items()] if name.startswith("partnerleads.")
    ]
    values = {id(value): value for module in modules for value in vars(module).values()}
    return [value for value in values.values() if hasattr(value, "cache_clear")]


collect_ignore = ["docs/conf.py"]  # imports the builder, which the tests do not need
pytest_collect_file = pages.pytest()
