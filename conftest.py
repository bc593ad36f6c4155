"""What all tests share: how hypothesis searches, and how the blocks of the pages run."""

from __future__ import annotations

import os

from hypothesis import settings

from tests.docs.page_blocks import pages

# no deadline: a slow machine is no bug
settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile("ci", max_examples=100, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))

collect_ignore = ["docs/conf.py"]  # imports the builder, which the tests do not need
pytest_collect_file = pages.pytest()
