"""The command ``scorecard``, called in this process."""

from __future__ import annotations

import json
from pathlib import Path

import attrs
import pytest

from partnerleads import datasets, plv
from partnerleads.__main__ import main
from partnerleads.events import to_row
from partnerleads.testing import at, history

AS_OF = ("--as-of", "2026-07-01T00:00Z")
EVENTS = history("""
    2025-11-02 acme onboarded name="Acme\x1b[2J Ltd"
    2026-01-05 acme certified security expires_at=2026-12-01
    2026-02-01 L1 captured by acme
    2026-02-09 L1 won 30000 EUR margin=9000 EUR
    2026-02-01 L2 captured by beta
    2026-02-09 L2 won 10000 USD recorded=2026-06-01
""")

Shown = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A directory of its own, with the events."""
    monkeypatch.chdir(tmp_path)
    rows = (json.dumps(to_row(event)) for event in EVENTS)
    Path("events.jsonl").write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")


def card(capsys: Shown, *arguments: str, partner: str = "acme") -> str:
    """What the command prints."""
    assert main(["scorecard", partner, "events.jsonl", *AS_OF, *arguments]) == 0
    return capsys.readouterr().out


def refused(capsys: Shown, *arguments: str, partner: str = "acme") -> str:
    """What the command says in place of a scorecard."""
    assert main(["scorecard", partner, "events.jsonl", *AS_OF, *arguments]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    return err


EUROS = ("--currency", "EUR", "--price", "USD=0.90")


def test_the_scorecard_is_that_of_the_function_in_signs_that_a_terminal_shows(
    capsys: Shown,
) -> None:
    shown = card(capsys, *EUROS)

    expected = plv.scorecard(EVENTS[:4], partner_id="acme", as_of=at("2026-07-01"))
    lines = str(expected).replace("\x1b", "\\x1b").split("\n")
    assert "Scorecard of Acme\\x1b[2J Ltd (acme), as of 2026-07-01 00:00 UTC" == lines[0]
    assert lines[2:] == shown.rstrip("\n").split("\n")[2:]


def test_money_is_converted_by_the_prices_given(capsys: Shown) -> None:
    shown = card(capsys, *EUROS, partner="beta")

    assert "revenue         9 000 EUR" in shown


def test_a_price_that_is_missing_is_asked_for(capsys: Shown) -> None:
    assert "pass --price USD=..." in refused(capsys, "--currency", "EUR")


def test_mixed_currencies_name_the_option(capsys: Shown) -> None:
    assert "currency='EUR, USD': are mixed; pass --currency CODE" in refused(capsys)


def test_what_was_not_known_then_does_not_count(capsys: Shown) -> None:
    shown = card(capsys, "--known-at", "2026-05-01T00:00Z")

    assert "revenue         30 000 EUR" in shown


def test_json_has_the_rows_of_every_section(capsys: Shown) -> None:
    found = json.loads(card(capsys, *EUROS, "--json", "--since", "2026-06-01T00:00Z"))

    assert ["standing", "score", "improvements", "change", "trend", "figures"] == list(found)
    assert "2026-07-01T00:00:00+00:00" == found["standing"][0]["as_of"]
    assert {"2026-06-01T00:00:00+00:00"} == {row["since"] for row in found["change"]}
    assert ["30000.00"] == [
        row["amount"] for row in found["figures"] if row["figure"] == "sourced_revenue"
    ]


def test_quarters_begin_by_the_clock_of_the_zone_and_the_fiscal_year(capsys: Shown) -> None:
    midnight = ("--as-of", "2026-07-01T00:00+02:00")
    berlin = ("--time-zone", "Europe/Berlin")

    def since(*arguments: str) -> tuple[str, str]:
        found = json.loads(card(capsys, *EUROS, "--json", *midnight, *arguments))
        return found["change"][0]["since"], found["trend"][-1]["period"]

    assert ("2026-03-31T22:00:00+00:00", "Q2 2026 (2026-04-01 to 2026-07-01 Europe/Berlin)") == (
        since(*berlin)
    )
    assert ("2026-01-01T00:00:00+00:00", "Q1 2026 (2026-01-01 to 2026-04-01 UTC)") == (
        since("--time-zone", "UTC")
    )
    assert since(*berlin, "--fiscal-start", "2") == (
        "2026-01-31T23:00:00+00:00",
        "Q1 FY2027 (2026-02-01 to 2026-05-01 Europe/Berlin)",
    )


def test_changes_since_a_moment_to_come_are_refused(capsys: Shown) -> None:
    said = refused(capsys, *EUROS, "--since", "2026-07-02T00:00Z")

    assert "since='2026-07-02T00:00:00+00:00': lies after as_of=2026-07-01T00:00:00+00:00" in said


def test_a_model_of_a_file_scores(capsys: Shown) -> None:
    model = attrs.evolve(plv.DEFAULT_MODEL, currency="EUR", tiers=())
    Path("model.json").write_text(model.to_json(), encoding="utf-8")
    shown = card(capsys, "--model", "model.json", "--price", "USD=0.9")

    assert "the model has no tiers" in shown


def test_a_model_that_cannot_be_read_is_named(capsys: Shown) -> None:
    Path("model.json").write_text('{"name": 3}', encoding="utf-8")

    assert "scoring model: " in refused(capsys, "--model", "model.json")
    assert "none.json: cannot be read" in refused(capsys, "--model", "none.json")


def test_an_unknown_partner_is_refused_with_a_hint(capsys: Shown) -> None:
    assert "did you mean 'acme'?" in refused(capsys, *EUROS, partner="acmee")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--price", "0.9"), "is no price; write for example USD=0.92"),
        (("--price", "USD=0.9"), "--price needs --currency"),
        (("--price", "XXQ=0.9"), "is no ISO 4217 currency code"),
        (("--currency", "euro"), "is no ISO 4217 currency code"),
        (("--time-zone", "Mars/Olympus"), "no IANA time zone"),
        (("--fiscal-start", "13"), "invalid choice"),
        (("--period", "2026"), "unrecognized arguments"),
    ],
)
def test_wrong_options_are_refused(capsys: Shown, arguments: tuple[str, ...], words: str) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["scorecard", "acme", "events.jsonl", *AS_OF, *arguments])

    assert 2 == caught.value.code
    assert words in capsys.readouterr().err


def test_a_partner_of_the_sample_has_the_score_of_the_docs(capsys: Shown) -> None:
    rows = (json.dumps(to_row(event)) for event in datasets.sample())
    Path("events.jsonl").write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
    prices = ("--price", "GBP=1.17", "--price", "USD=0.92", "--price", "JPY=0.006")
    main(
        ["scorecard", "partner-25", "events.jsonl", "--as-of", "2026-10-01T00:00Z",
         "--currency", "EUR", *prices]
    )  # fmt: skip

    shown = capsys.readouterr().out
    assert "Composite score 49.1 of 100, silver; gold from 60, 10.9 to go" in shown


def test_rows_that_are_left_out_are_counted_beside_the_scorecard(capsys: Shown) -> None:
    with Path("events.jsonl").open("a", encoding="utf-8") as log:
        log.write("no event\n")

    assert main(["scorecard", "acme", "events.jsonl", *AS_OF, *EUROS, "--lenient"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("Scorecard of Acme")
    first, fault = err.splitlines()
    assert "events.jsonl: 1 of 7 rows left out for faults" == first
    assert fault.startswith("  line      7  $                      is no JSON")
