"""How the fenced blocks of README.md and of the pages under docs/ run.

Every page runs from top to bottom in an empty directory of its own. By the language of a block:

- ``python`` runs; where it starts with ``>>>``, what it prints is compared.
- ``console`` runs every ``$ .venv/bin/python -m partnerleads ...`` line and compares what it
  prints; the python is the one that runs the tests.
- ``toml`` and ``json`` must parse.
- ``csv``, ``jsonl``, ``toml``, ``json`` and ``text`` with a name after the language, such as
  ``csv deals.csv``, are saved under that name for the blocks below.
- ``sh`` holds the commands of README.md that `.ci/run` executes.
- ``text`` shows something.
"""

from __future__ import annotations

import doctest
import json
import os
import shlex
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sybil import Document, Example, Region, Sybil
from sybil.parsers.markdown.lexers import FencedCodeBlockLexer
from sybil.parsers.myst import PythonCodeBlockParser, SkipParser

FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
ROOT = Path(__file__).parents[2]
COMMAND = [".venv/bin/python", "-m", "partnerleads"]
SAVED = frozenset({"csv", "jsonl", "toml", "json", "text"})


def run_console(text: str) -> str | None:
    """Run the commands of a console block; what differs from the text, or None."""
    for part in ("\n" + text).split("\n$ ")[1:]:
        command, _, wanted = part.partition("\n")
        program, *arguments = shlex.split(command)
        if [program, *arguments[:2]] != COMMAND:
            return f"a console block runs {shlex.join(COMMAND)!r}, not {command!r}"
        environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
        done = subprocess.run(
            [sys.executable, *arguments],
            capture_output=True,
            text=True,
            encoding="utf-8",
            env=environment,
            check=False,
        )
        printed = done.stdout + done.stderr
        checker = doctest.OutputChecker()
        if not checker.check_output(wanted.strip() + "\n", printed.strip() + "\n", FLAGS):
            return f"{command}\nprinted:\n{printed}\nthe page says:\n{wanted}"
    return None


def evaluate(example: Example) -> str | None:
    """Do what the language of a block asks for; what is wrong with it, or None."""
    language, _, name = str(example.region.lexemes["language"]).partition(" ")
    text = str(example.parsed)
    if language == "toml":
        tomllib.loads(text)
    elif language == "json":
        json.loads(text)
    if name and language in SAVED:
        Path(name).write_text(text, encoding="utf-8")
    elif language == "console":
        return run_console(text)
    elif name or language not in {"sh", *SAVED}:
        return f"no rule runs a block of {language!r} {name!r}"
    return None


def other_blocks(document: Document) -> Iterable[Region]:
    """The fenced blocks that are neither Python nor a directive."""
    for region in FencedCodeBlockLexer(r"[^{\n]+")(document):
        if region.lexemes["language"] != "python":
            region.parsed = region.lexemes["source"]
            region.evaluator = evaluate
            yield region


def enter(namespace: dict[str, Any]) -> None:
    """Start a page in a directory of its own."""
    namespace["_before"] = Path.cwd()
    namespace["_room"] = tempfile.TemporaryDirectory()
    os.chdir(namespace["_room"].name)


def leave(namespace: dict[str, Any]) -> None:
    """Go back and remove the page's directory."""
    os.chdir(namespace["_before"])
    namespace["_room"].cleanup()


pages = Sybil(
    parsers=[PythonCodeBlockParser(doctest_optionflags=FLAGS), other_blocks, SkipParser()],
    path=str(ROOT),
    patterns=["README.md", "docs/*.md", "docs/*/*.md", "docs/*/*/*.md"],  # ** is one level
    excludes=["docs/_build/**"],
    setup=enter,
    teardown=leave,
)
