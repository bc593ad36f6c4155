"""The command ``route``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

from partnerleads import codecs
from partnerleads.__main__ import main
from partnerleads.routing import ByPlv
from partnerleads.testing import history

AS_OF = ("--as-of", "2026-10-01T00:00Z")
EVENTS = """
    2026-01-02 acme onboarded
    2026-01-02 beta onboarded
    2026-02-01 L0 captured by beta
    2026-03-01 L0 won 9000 EUR
    2026-09-01 L1 captured 5000 EUR
    2026-09-02 L2 captured 4000 EUR
"""
MIXED = """
    2026-03-02 L9 captured by acme
    2026-03-03 L9 won 800 USD
"""


@pytest.fixture
def log(tmp_path: Path) -> str:
    """A log of two partners and two leads that nobody has."""
    path = tmp_path / "events.jsonl"
    codecs.write_jsonl(history(EVENTS), path)
    return str(path)


@pytest.fixture
def mixed(tmp_path: Path) -> str:
    """The same with two currencies."""
    path = tmp_path / "mixed.jsonl"
    codecs.write_jsonl(history(EVENTS + MIXED), path)
    return str(path)


Shown = pytest.CaptureFixture[str]


def test_every_lead_that_nobody_has_is_a_line_of_json(log: str, capsys: Shown) -> None:
    assert 0 == main(["route", log, *AS_OF])

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [("L1", "acme"), ("L2", "beta")] == [
        (line["lead"]["lead_id"], line["chosen"]) for line in lines
    ]


@pytest.mark.parametrize("router", ["plv", "performance", "capacity_priced", "thompson"])
def test_routers_by_scores_find_their_tables(router: str, log: str, capsys: Shown) -> None:
    assert 0 == main(["route", log, *AS_OF, "--router", router])

    assert 2 == len(capsys.readouterr().out.splitlines())


def test_the_reasons_can_be_read_by_people(log: str, capsys: Shown) -> None:
    assert 0 == main(["route", log, *AS_OF, "--explain"])

    assert "L1 goes to acme by RoundRobin, level with beta" in capsys.readouterr().out


def test_where_every_lead_has_somebody_that_is_said_to_people_alone(
    tmp_path: Path, capsys: Shown
) -> None:
    path = tmp_path / "partners.jsonl"
    codecs.write_jsonl(history("2026-01-02 acme onboarded"), path)

    assert 0 == main(["route", str(path), *AS_OF, "--explain"])
    words = "every open lead has somebody, an offer, an answer or progress\n"
    assert words == capsys.readouterr().out

    assert 0 == main(["route", str(path), *AS_OF])
    assert "" == capsys.readouterr().out


def test_scores_that_need_prices_say_so(mixed: str, capsys: Shown) -> None:
    assert 1 == main(["route", mixed, *AS_OF, "--router", "plv"])
    assert "goes by scores, and there are none: amounts in EUR, USD" in capsys.readouterr().err

    prices = ("--currency", "EUR", "--price", "USD=0.9")
    assert 0 == main(["route", mixed, *AS_OF, "--router", "plv", *prices])


def test_other_faults_of_a_router_are_passed_on(
    log: str, capsys: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert 1 == main(["route", log, *AS_OF, "--router", "round_robbin"])
    shown = capsys.readouterr().err
    assert shown.startswith("router='round_robbin': is no router; did you mean 'round_robin'?")

    assert 1 == main(["route", log, *AS_OF, "--router", "fallback"])
    assert "router='fallback': needs parameters; make it in a module" in capsys.readouterr().err

    margins = ModuleType("margins")
    margins.ROUTER = ByPlv(table="margin")  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "margins", margins)

    assert 1 == main(["route", log, *AS_OF, "--router", "margins:ROUTER"])
    assert "table='margin': is no table of scores in the context" in capsys.readouterr().err


def test_a_log_without_partners_cannot_be_routed(tmp_path: Path, capsys: Shown) -> None:
    path = tmp_path / "leads.jsonl"
    codecs.write_jsonl(history("2026-09-01 L1 captured"), path)

    assert 1 == main(["route", str(path), *AS_OF])

    assert "cannot be routed: no event tells of a partner" in capsys.readouterr().err
