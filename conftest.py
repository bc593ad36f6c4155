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

# no deadline: a slow machine is no bug
settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile("ci", max_examples=100, deadline=None, print_blob=True)
settings.register_profile("again", max_examples=10, deadline=None)  # of laws that "ci" searched
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))

LAWS = Path(__file__).parent / "tests" / "properties"


@pytest.hookimpl(trylast=True)  # after hypothesis has marked its tests
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start with the laws, which take longest, and keep what is drawn out of what coverage counts.

    So every line and branch is reached by a test that says what it expects, not by chance; and
    no time goes into tracing a search for examples.
    """
    items.sort(key=lambda item: LAWS not in item.path.parents)
    for item in items:
        if LAWS in item.path.parents or item.get_closest_marker("hypothesis"):
            item.add_marker(pytest.mark.no_cover)


def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Forget what an uncounted test worked out, so that a counted one works it out again."""
    if item.get_closest_marker("no_cover"):
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
