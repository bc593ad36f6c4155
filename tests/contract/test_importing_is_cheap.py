"""Importing loads little: the root nothing, every room nothing foreign but attrs and dateutil."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

import partnerleads

ALLOWED = {"attr", "attrs", "dateutil", "partnerleads"} | {"six"}  # older dateutils need six
ROOMS = sorted(
    name for name in partnerleads.__all__ if name.islower() and name not in {"fold", "__version__"}
)
LISTING = """
import json, sys
before = set(sys.modules)
{}
print(json.dumps(sorted(set(sys.modules) - before)))
"""


def loaded_by(statement: str) -> set[str]:
    """Names of the modules that a statement adds to a fresh interpreter."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    done = subprocess.run(
        [sys.executable, "-c", LISTING.format(statement)],
        capture_output=True,
        text=True,
        check=True,
        env=clean,
    )
    return set(json.loads(done.stdout))


def foreign(modules: set[str]) -> set[str]:
    """The packages among them that neither Python nor this library brings."""
    packages = {name.partition(".")[0] for name in modules if not name.startswith("_sysconfigdata")}
    return packages - sys.stdlib_module_names - ALLOWED


def test_importing_the_root_loads_no_room_and_nothing_foreign() -> None:
    loaded = loaded_by("import partnerleads")

    assert {"partnerleads"} == {name for name in loaded if name.startswith("partnerleads")}
    assert set() == {name.partition(".")[0] for name in loaded} - sys.stdlib_module_names - {
        "partnerleads"
    }


@pytest.mark.parametrize("room", ROOMS)
def test_importing_a_room_loads_nothing_foreign_but_attrs_and_dateutil(room: str) -> None:
    loaded = loaded_by(f"import partnerleads.{room}")

    assert f"partnerleads.{room}" in loaded
    assert set() == foreign(loaded)


def test_a_room_loads_when_it_is_first_used() -> None:
    loaded = loaded_by("import partnerleads; partnerleads.Money")

    assert "partnerleads.model" in loaded
    assert "partnerleads.events" not in loaded


def test_the_library_loads_without_its_optional_packages() -> None:
    block = "import sys; sys.modules.update(msgspec=None, hypothesis=None)"
    loaded = loaded_by(f"{block}; import partnerleads.codecs, partnerleads.testing")

    assert {"partnerleads.codecs", "partnerleads.testing"} <= loaded
