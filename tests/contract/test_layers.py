"""What the import contracts cannot say: which foreign packages a room may import, and where."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import partnerleads

SOURCE = Path(partnerleads.__file__).parent
EVERYWHERE = {"attr", "attrs", "dateutil", "partnerleads"}
PURE = {
    "attribution",
    "errors",
    "events",
    "incentives",
    "kpis",
    "lifecycle",
    "model",
    "plv",
    "routing",
    "scoring",
    "showing",
    "stats",
}
LOADED_WHEN_ASKED = {("testing", "hypothesis"), ("frames", "narwhals")}
"""Rooms whose modules load only when one of their names is first used, with what they need."""

TOUCHES_THE_WORLD = {
    "glob",
    "http",
    "io",
    "os",
    "pathlib",
    "shutil",
    "socket",
    "subprocess",
    "tempfile",
    "time",
    "urllib",
}


def imports_of(tree: ast.AST) -> Iterator[str]:
    """Top names of the packages that a piece of code imports, at any depth."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]


def modules() -> Iterator[tuple[str, str, ast.Module]]:
    """Room, path, and syntax tree of every module of the library."""
    for path in sorted(SOURCE.rglob("*.py")):
        place = path.relative_to(SOURCE)
        room = place.parts[0].removesuffix(".py")
        yield room, str(place), ast.parse(path.read_text(encoding="utf-8"))


def test_rooms_below_codecs_import_attrs_and_dateutil_only() -> None:
    foreign = [
        f"{place}: {package}"
        for room, place, tree in modules()
        if room in PURE
        for package in imports_of(tree)
        if package not in EVERYWHERE | sys.stdlib_module_names
    ]

    assert [] == foreign


def test_rooms_below_codecs_import_no_files_no_network_and_no_clock() -> None:
    impure = [
        f"{place}: {package}"
        for room, place, tree in modules()
        if room in PURE
        for package in imports_of(tree)
        if package in TOUCHES_THE_WORLD
    ]

    assert [] == impure


def test_optional_packages_are_imported_inside_functions() -> None:
    eager = [
        f"{place}: {package}"
        for room, place, tree in modules()
        for statement in tree.body
        if not isinstance(statement, ast.FunctionDef | ast.ClassDef)
        and not ast.unparse(statement).startswith("if TYPE_CHECKING:")
        for package in imports_of(statement)
        if package not in EVERYWHERE | sys.stdlib_module_names
        and (room, package) not in LOADED_WHEN_ASKED
    ]

    assert [] == eager
