"""The page of the audit lists exactly what an audit looks for."""

from __future__ import annotations

import re
from pathlib import Path

from partnerleads import kpis

DOCS = Path(__file__).parents[2] / "docs"


def rules(page: str) -> list[str]:
    """What stands between backticks at the start of the rows of a page's tables."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)


def test_the_page_of_the_audit_lists_exactly_its_rules() -> None:
    assert [*kpis.AUDIT_RULES] == rules("how-to/audit.md")


def test_the_page_of_restatements_lists_exactly_the_causes() -> None:
    codes = ["late_record", "revision", "retraction", "moved", "attribution", "other"]

    assert codes == rules("reference/kpis/restatement.md")
    assert all(f"``{code}``" in (kpis.Cause.__doc__ or "") for code in codes)
