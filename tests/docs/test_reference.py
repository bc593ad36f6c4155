"""Every public name is in the reference, and the reference names nothing else."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

import partnerleads

DOCS = Path(__file__).parents[2] / "docs"
DIRECTIVE = re.compile(
    r"^\.\. (?:auto(?:class|exception|function|module)|py:data):: (partnerleads[\w.]+)$",
    re.MULTILINE,
)
ROOMS = sorted(
    name for name in partnerleads.__all__ if name.islower() and name not in {"fold", "__version__"}
)


def described() -> list[str]:
    """The full names that the pages of the reference describe."""
    pages = sorted((DOCS / "reference").rglob("*.md"))
    return [name for page in pages for name in DIRECTIVE.findall(page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("room", ROOMS)
def test_every_public_name_of_a_room_is_in_the_reference(room: str) -> None:
    names = set(described())
    public = import_module(f"partnerleads.{room}").__all__

    assert [] == [name for name in public if f"partnerleads.{room}.{name}" not in names]


def test_the_reference_describes_public_names_only_and_each_once() -> None:
    names = described()
    public = {
        f"partnerleads.{room}.{name}"
        for room in ROOMS
        for name in import_module(f"partnerleads.{room}").__all__
    }

    assert [] == sorted(set(names) - public)
    assert len(set(names)) == len(names)


def test_every_name_of_the_root_is_in_the_reference() -> None:
    page = (DOCS / "reference" / "names.md").read_text(encoding="utf-8")

    assert [] == [name for name in partnerleads.__all__ if f"`{name}`" not in page]
