"""The command ``feedback``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from partnerleads import codecs
from partnerleads.__main__ import main
from partnerleads.testing import history

AS_OF = ("--as-of", "2026-10-01T00:00Z")
LOG = """
    2026-02-01 L1 captured by acme company_size=500
    2026-08-01 L2 captured by acme company_size=50
    2026-08-02 L3 captured by acme recorded=2026-09-01
"""
Shown = pytest.CaptureFixture[str]


@pytest.fixture
def log(tmp_path: Path) -> str:
    """A log of one partner's leads."""
    path = tmp_path / "events.jsonl"
    codecs.write_jsonl(history(LOG), path)
    return str(path)


def test_a_partner_reads_how_good_its_leads_are(log: str, capsys: Shown) -> None:
    assert 0 == main(["feedback", "acme", log, *AS_OF])

    text = capsys.readouterr().out
    assert text.startswith("Leads of acme, as of 2026-10-01 00:00 UTC\n3 leads whose capture names")
    assert "What was missing" in text


def test_only_what_was_known_and_captured_in_the_period_counts(log: str, capsys: Shown) -> None:
    period = ("--period", "2026-Q3")

    assert 0 == main(["feedback", "acme", log, *AS_OF, *period])
    assert "\n2 leads whose capture names" in capsys.readouterr().out

    assert 0 == main(["feedback", "acme", log, *AS_OF, *period, "--known-at", "2026-08-15T00:00Z"])
    assert "\n1 lead whose capture names" in capsys.readouterr().out


def test_as_json_it_is_a_list_of_rows(log: str, capsys: Shown) -> None:
    assert 0 == main(["feedback", "acme", log, *AS_OF, "--json"])

    rows = json.loads(capsys.readouterr().out)
    assert "score" in {row["section"] for row in rows}
    assert {"2026-10-01T00:00:00+00:00"} == {row["as_of"] for row in rows}


def test_an_unknown_partner_is_one_clear_message(log: str, capsys: Shown) -> None:
    assert 1 == main(["feedback", "nobody", log, *AS_OF])

    assert "is named by no event by then" in capsys.readouterr().err
