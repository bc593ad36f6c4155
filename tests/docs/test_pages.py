"""Lists in the pages say what the code says."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from partnerleads import kpis, lifecycle

DOCS = Path(__file__).parents[2] / "docs"
FIGURES = [
    name
    for name in kpis.__all__
    if inspect.isfunction(getattr(kpis, name))
    and {"history", "period", "by"} <= set(inspect.signature(getattr(kpis, name)).parameters)
    and name != "figure"
]


def table_keys(page: str) -> list[str]:
    """What stands between backticks at the start of the rows of a page's tables."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(r"^\| `([\w.]+)` \|", text, re.MULTILINE)


@pytest.mark.parametrize("name", FIGURES)
def test_every_kpi_has_a_page_with_its_definition_and_a_case_by_hand(name: str) -> None:
    page = (DOCS / "reference" / "kpis" / f"{name}.md").read_text(encoding="utf-8")

    assert re.search(r"^\| (unit|counts|set) \|", page, re.MULTILINE)
    for part in ("| anchor |", "| undefined |", "## By hand", f"kpis.{name}(", "## In code"):
        assert part in page


def test_the_page_of_problems_lists_exactly_the_problems() -> None:
    rules = [*(rule.name for rule in lifecycle.LEAD_RULES), *lifecycle.HISTORY_RULES]
    findings = ["backdated_claim", "backdated_contact", "bulk_recorded"]

    assert rules + findings == table_keys("explanation/problems.md")


def test_the_page_of_segments_lists_exactly_the_keys() -> None:
    assert [*kpis.KEYS, "attributes.NAME", "latest.NAME"] == table_keys(
        "reference/kpis/segments.md"
    )
