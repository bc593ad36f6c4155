"""The pages on scoring list exactly what the code has."""

from __future__ import annotations

import re
from pathlib import Path

from partnerleads import scoring, testing
from partnerleads.scoring import rule_model

DOCS = Path(__file__).parents[2] / "docs"


def rows(page: str, *, below: str = "") -> list[str]:
    """The first cells of the rows of a page's tables, of those below a heading."""
    text = (DOCS / page).read_text(encoding="utf-8").partition(below or "\n")[2]
    return re.findall(r"^\| (`[^|]+`) \|", text, re.MULTILINE)


def test_the_reference_lists_every_feature() -> None:
    listed = {
        name for cell in rows("reference/scoring.md") for name in re.findall(r"`(.*?)`", cell)
    }

    assert {*scoring.NAMES} <= listed
    assert {"attributes.NAME", "criteria.NAME", "expected_value.EUR"} <= listed


def test_the_page_of_checks_lists_every_check_of_scorers_in_order() -> None:
    checks = [f"`{one.name}`" for one in testing.scorer_checks()]
    listed = rows("reference/testing.md", below="## Checks of scorers")

    assert checks == listed[: len(checks)]


def test_the_explanation_lists_every_rule() -> None:
    listed = re.findall(r"`(\w+)`", " ".join(rows("explanation/lead-scores.md")))

    assert {one.__name__ for one in rule_model.RULES.values()} == {*listed}
