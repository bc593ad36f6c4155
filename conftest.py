"""What all tests share: how hypothesis searches, and how the blocks of the pages run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.docs.page_blocks import pages

# no deadline: a slow machine is no bug
settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile("ci", max_examples=100, deadline=None, print_blob=True)
settings.register_profile("again", max_examples=10, deadline=None)  # of laws that "ci" searched
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))

LAWS = Path(__file__).parent / "tests" / "properties"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start with the laws, which take longest."""
    items.sort(key=lambda item: LAWS not in item.path.parents)


collect_ignore = ["docs/conf.py"]  # imports the builder, which the tests do not need
pytest_collect_file = pages.pytest()
