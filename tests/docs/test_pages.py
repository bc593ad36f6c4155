"""Lists in the pages say what the code says."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from partnerleads import kpis, lifecycle
from partnerleads.events import KINDS, Fact, FieldSpec, fields_of
from partnerleads.model import Lead

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


@pytest.mark.parametrize("name", FIGURES)
def test_the_page_of_kpis_lists_the_options_of_a_kpi(name: str) -> None:
    text = (DOCS / "reference" / "kpis" / "index.md").read_text(encoding="utf-8")
    every = {"history", "as_of", "period", "by"}

    options = {*inspect.signature(getattr(kpis, name)).parameters} - every
    rows = re.findall(rf"^\| \[`{name}`\].*$", text, re.MULTILINE)

    assert [{name, *options}] == [set(re.findall(r"`(\w+)`", line)) for line in rows]


def test_the_page_of_problems_lists_exactly_the_problems() -> None:
    rules = [*(rule.name for rule in lifecycle.LEAD_RULES), *lifecycle.HISTORY_RULES]
    findings = ["backdated_claim", "backdated_contact", "recorded_before_happening"]
    findings += ["bulk_recorded", "left_truncated"]

    assert rules + findings == table_keys("explanation/problems.md")


def test_the_page_of_segments_lists_exactly_the_keys() -> None:
    assert [*kpis.KEYS, "attributes.NAME", "latest.NAME"] == table_keys(
        "reference/kpis/segments.md"
    )


def listed(title: str) -> list[str]:
    """The rows of the table under a heading of the page of events, without the meanings."""
    text = (DOCS / "reference" / "events.md").read_text(encoding="utf-8")
    section = text.partition(f"\n### {title}\n")[2].partition("\n#")[0]
    return re.findall(r"^(\| `\w+` \|.*\| (?:yes|no) \|) \S.* \|$", section, re.MULTILINE)


def row(spec: FieldSpec) -> str:
    """A field as the page of events has it, without its meaning."""
    choices = ", ".join(f"`{choice}`" for choice in spec.choices)
    value = f"{spec.value}: {choices}" if choices else spec.value
    return f"| `{spec.name}` | {value} | {'yes' if spec.required else 'no'} |"


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_of_events_lists_every_field_of_a_kind(kind: str) -> None:
    common = {spec.name for spec in fields_of(Fact)}

    own = [spec for spec in fields_of(KINDS[kind]) if spec.name not in common]

    assert [row(spec) for spec in own] == listed(f"`{kind}`")


@pytest.mark.parametrize(("title", "cls"), [("Of every event", Fact), ("`lead`", Lead)])
def test_the_page_of_events_lists_every_shared_field(title: str, cls: type) -> None:
    assert [row(spec) for spec in fields_of(cls)] == listed(title)


def test_the_page_of_events_has_no_kind_that_there_is_not() -> None:
    text = (DOCS / "reference" / "events.md").read_text(encoding="utf-8")

    assert [*KINDS, "lead"] == re.findall(r"^### `(\w+)`$", text, re.MULTILINE)
