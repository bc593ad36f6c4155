"""The package of a stranger: what it announces is there, and keeps the laws of routers."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

from partnerleads.testing import check_router

PACKAGE = Path(__file__).parents[2] / "docs" / "examples" / "acme_router"


def test_what_the_package_announces_keeps_the_laws_of_routers() -> None:
    project = tomllib.loads((PACKAGE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    announced = project["entry-points"]["partnerleads.routers"]

    assert {"acme_language": "acme_router:ByLanguage"} == announced
    for path in announced.values():
        module, _, name = path.partition(":")
        check_router(getattr(import_module(module), name), examples=30)


def test_the_checks_find_a_broken_router_where_asserts_are_left_out() -> None:
    broken = (
        "from partnerleads.testing import check_router\n"
        "class Nobody:\n"
        "    def rank(self, lead, candidates, context, /): return ['nobody']\n"
        "check_router(Nobody, examples=5)\n"
    )
    command = [sys.executable, "-O", "-c", broken]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert 1 == done.returncode
    assert "answers: It answers every question with places" in done.stderr
