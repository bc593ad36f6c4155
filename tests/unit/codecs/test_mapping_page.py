"""The page on mappings names every kind with exactly its fields."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from partnerleads.events import KINDS, Fact, FieldSpec, fields_of
from partnerleads.model import Lead

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "csv-mapping.md"
SHARED = {spec.name for spec in fields_of(Fact)}
WORDS = {
    "text": "",
    "lead": "lead.*",
    "yes_no": "yes or no",
    "text_map": "map",
    "number_map": "map of numbers",
}


def told(spec: FieldSpec) -> str:
    name = f"**{spec.name}**" if spec.required else spec.name
    what = " or ".join(spec.choices) or WORDS.get(spec.value, spec.value)
    return f"{name} ({what})" if what else name


@pytest.mark.parametrize(("kind", "cls"), [*KINDS.items(), ("lead.*", Lead)])
def test_the_page_tells_the_fields_of_a_kind(kind: str, cls: type[Any]) -> None:
    rows = dict(re.findall(r"^\| `([\w.*]+)` \| (.*) \|$", PAGE.read_text("utf-8"), re.MULTILINE))
    expected = [told(spec) for spec in fields_of(cls) if spec.name not in SHARED]

    assert ", ".join(expected) == rows[kind]
