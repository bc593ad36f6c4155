"""A decision is the same bytes in every process and release of Python.

With ``PYODIDE`` naming the folder of the npm package of that name, and ``node`` on the path, the
other release is the CPython that the package holds, built for WebAssembly.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import attrs
import dateutil
import pytest

import partnerleads
from tests.contract import routed_stream

HERE = Path(__file__).parent
PYODIDE = os.environ.get("PYODIDE", "")
NODE = shutil.which("node") or ""


def printed(command: list[str], **variables: str) -> tuple[str, list[str]]:
    """What a Python says it is, and the decisions it makes."""
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env={**os.environ, **variables}
    )
    name, *lines = done.stdout.splitlines()
    return name, lines


def here() -> list[str]:
    return [line.replace("\n", " / ") for line in routed_stream.records()]


def folders() -> list[str]:
    """Where the library and what it needs are to be found, each once."""
    found = (partnerleads.__file__, attrs.__file__, dateutil.__file__)
    return list(dict.fromkeys(str(Path(str(file)).parent.parent) for file in found))


@pytest.mark.parametrize("seed", ["1", "2"])
def test_another_process_with_other_hashes_decides_the_same(seed: str) -> None:
    script = str(HERE / "routed_stream.py")
    path = os.pathsep.join(folders())

    _, lines = printed([sys.executable, script], PYTHONHASHSEED=seed, PYTHONPATH=path)

    assert here() == lines


@pytest.mark.skipif(not (PYODIDE and NODE), reason="needs node, and PYODIDE to name its folder")
def test_another_release_of_python_on_another_machine_decides_the_same() -> None:
    host, script = str(HERE / "another_python.mjs"), str(HERE / "routed_stream.py")

    name, lines = printed([NODE, host, PYODIDE, script, *folders()])

    assert not name.startswith("Python 3.11 ")
    assert name.endswith(" on emscripten")
    assert here() == lines
