"""By which clock the periods of the command line begin."""

from __future__ import annotations

from pathlib import Path

import pytest

from partnerleads import codecs
from partnerleads.__main__ import main
from partnerleads.testing import history

BERLIN = ("--as-of", "2026-01-01T00:00+02:00")
LOG = """
    2025-07-01 acme onboarded
    2025-08-01 L1 captured
    2025-11-02 L2 captured by acme
    2025-11-09 L2 won 30000 EUR
"""
Shown = pytest.CaptureFixture[str]


@pytest.fixture
def log(tmp_path: Path) -> str:
    """A log of one partner's leads."""
    path = tmp_path / "events.jsonl"
    codecs.write_jsonl(history(LOG), path)
    return str(path)


def refused(capsys: Shown, *arguments: str) -> str:
    """What the command says is wrong with it."""
    with pytest.raises(SystemExit) as caught:
        main(arguments)

    out, err = capsys.readouterr()
    assert (2, "") == (caught.value.code, out)
    return err


@pytest.mark.parametrize(
    "command",
    [
        ("review",),
        ("review", "--period", "2025-Q4"),
        ("scorecard", "acme"),
        ("feedback", "acme", "--period", "2025-Q4"),
    ],
)
def test_a_moment_of_another_clock_asks_for_the_zone_of_the_periods(
    log: str, capsys: Shown, command: tuple[str, ...]
) -> None:
    said = refused(capsys, *command, log, *BERLIN)

    assert f"usage: python -m partnerleads {command[0]} " in said
    assert said.endswith(
        "argument --as-of: 2026-01-01T00:00:00+02:00 is told by another clock than UTC, and "
        "periods may begin by either; add the zone they begin in, such as --time-zone "
        "Europe/Berlin, or --time-zone UTC\n"
    )


@pytest.mark.parametrize(
    ("zone", "quarter"),
    [
        ("UTC", "now: Q3 2025 (2025-07-01 to 2025-10-01 UTC)"),
        ("Africa/Cairo", "now: Q4 2025 (2025-10-01 to 2026-01-01 Africa/Cairo)"),
    ],
)
def test_the_last_quarter_is_that_of_the_zone_that_was_given(
    log: str, capsys: Shown, zone: str, quarter: str
) -> None:
    assert 0 == main(["review", log, *BERLIN, "--time-zone", zone])

    assert quarter in capsys.readouterr().out


@pytest.mark.parametrize("moment", ["2026-01-01T00:00Z", "2026-01-01T00:00+00:00"])
def test_a_moment_in_utc_counts_periods_in_utc(log: str, capsys: Shown, moment: str) -> None:
    assert 0 == main(["review", log, "--as-of", moment])

    assert "now: Q4 2025 (2025-10-01 to 2026-01-01 UTC)" in capsys.readouterr().out


def test_no_zone_is_asked_for_where_no_period_is_counted(log: str, capsys: Shown) -> None:
    assert 0 == main(["feedback", "acme", log, *BERLIN])

    assert "as of 2025-12-31 22:00 UTC" in capsys.readouterr().out


def test_routing_counts_no_periods(log: str, capsys: Shown) -> None:
    assert 0 == main(["route", log, *BERLIN])

    assert '{"as_of":"2025-12-31T22:00:00+00:00"' in capsys.readouterr().out
