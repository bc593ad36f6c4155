"""README's two commands are what they promise to be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["try", "test"])
def test_a_command_of_the_readme_starts_with_a_virtual_environment(name: str) -> None:
    blocks = re.findall(rf"^<!-- {name} -->\n```sh\n(.*?)\n```$", README, re.MULTILINE | re.DOTALL)

    assert 1 == len(blocks)
    assert blocks[0].startswith("python3 -m venv .venv && ")


def test_links_of_the_readme_lead_to_files() -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)", README)

    assert links
    assert [] == [link for link in links if not (ROOT / link).exists()]
