"""The command line, called in this process."""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path

import pytest

from partnerleads.__main__ import main

AS_OF = ("--as-of", "2026-10-01T00:00Z")
CAPTURED = (
    '{"type": "lead_captured", "event_id": "c-%d", "occurred_at": "2026-08-04T09:12:00Z", '
    '"lead_id": "L-%d"%s}\n'
)
DEALS = "deal,partner,created\nD-1,acme,2026-08-04\nD-2,,2026-08-05\n"
MAPPING = """
time_zone = "Europe/Berlin"
[columns]
lead_id = "deal"
[[events]]
type = "lead_captured"
at = "created"
originator = "partner"
"""


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory of its own, with a sound file, a broken one, and an export with its mapping."""
    monkeypatch.chdir(tmp_path)
    sound = "".join(CAPTURED % (n, n, "") for n in range(3))
    Path("events.jsonl").write_text(sound)
    Path("broken.jsonl").write_text(
        sound + "".join(CAPTURED % (n, n, ', "x": 1') for n in range(60))
    )
    Path("deals.csv").write_text(DEALS)
    Path("deals.toml").write_text(MAPPING)
    return tmp_path


Shown = pytest.CaptureFixture[str]


def failed(capsys: Shown, *arguments: str, code: int = 1) -> str:
    """What goes to stderr, when nothing goes to stdout."""
    if code == 2 and arguments:
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        assert code == caught.value.code
    else:
        assert code == main(arguments)
    out, err = capsys.readouterr()
    assert out == ""
    return err


def shown(capsys: Shown, *arguments: str) -> str:
    """What goes to stdout, when nothing goes to stderr."""
    assert main(arguments) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def test_without_a_command_the_help_comes(capsys: Shown) -> None:
    told = failed(capsys, code=2)

    assert told.startswith("usage: python -m partnerleads ")
    assert "review the bundled synthetic programme" in told


@pytest.mark.parametrize("command", [(), ("demo",), ("review",)])
def test_help_is_a_success(capsys: Shown, command: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as caught:
        main([*command, "--help"])

    assert 0 == caught.value.code
    assert "usage: python -m partnerleads" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("reviev",), "invalid choice: 'reviev'"),
        (("review",), "required: FILE, --as-of"),
        (("review", "events.jsonl"), "required: --as-of"),
        (
            ("review", "events.jsonl", "--as-of", "2026-10-01"),
            "--as-of: '2026-10-01' has no offset",
        ),
        (("review", "x", *AS_OF, "--known-at", "now"), "--known-at: 'now' is no instant"),
        (("review", "x", *AS_OF, "--most-faults", "-3"), "--most-faults: '-3' is no count"),
        (("review", "x", *AS_OF, "--len"), "unrecognized arguments: --len"),
        (("demo", "--as-of", "2026-10-01T00:00Z"), "unrecognized arguments: --as-of"),
        (("demo", "--time-zone", "Mars"), "--time-zone: 'Mars' is no IANA time zone"),
        (("demo", "--period", "2026-Q5"), "--period: '2026-Q5' is no period: '5' is no quarter"),
        (("demo", "--fiscal-start", "13"), "--fiscal-start: invalid choice: 13"),
    ],
)
def test_a_wrong_command(capsys: Shown, arguments: tuple[str, ...], words: str) -> None:
    assert words in failed(capsys, *arguments, code=2)


def test_the_demo(capsys: Shown) -> None:
    told = shown(capsys, "demo")

    assert told.startswith("Partner programme review: a synthetic programme, as of 2026-10-01")
    assert "now: Q3 2026 (2026-07-01 to 2026-10-01 UTC)" in told
    assert "Sourced rate" in told


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--period", "2026-09"), "now: 2026-09 (2026-09-01 to 2026-10-01 UTC); before"),
        (("--period", "2026"), "now: 2026 (2026-01-01 to 2027-01-01 UTC), not over yet; before"),
        (("--period", "2027"), "now: 2027 (2027-01-01 to 2028-01-01 UTC), has not begun; before"),
        (("--period", "2025-Q4"), "now: Q4 2025 (2025-10-01 to 2026-01-01 UTC); before"),
        (
            ("--period", "2026-07-01..2026-07-08"),
            "now: 2026-07-01 to 2026-07-08 UTC; before: 2026-06-24 to 2026-07-01 UTC",
        ),
        (("--fiscal-start", "4"), "now: Q2 FY2027 (2026-07-01 to 2026-10-01 UTC); before"),
        (
            ("--fiscal-start", "4", "--period", "2026-Q1"),
            "now: Q1 FY2026 (2025-04-01 to 2025-07-01 UTC); before",
        ),
        # the quarter is not over in New York when it is in UTC
        (
            ("--time-zone", "America/New_York"),
            "now: Q2 2026 (2026-04-01 to 2026-07-01 America/New_York); before",
        ),
    ],
)
def test_the_period(capsys: Shown, options: tuple[str, ...], words: str) -> None:
    assert words in shown(capsys, "demo", *options)


def test_a_period_without_one_before_it(capsys: Shown) -> None:
    told = failed(capsys, "demo", "--period", "0002", "--fiscal-start", "7")

    assert "leaves the calendar" in told


def test_json_lines(capsys: Shown, room: Path) -> None:
    told = shown(capsys, "review", "events.jsonl", *AS_OF).splitlines()

    assert [
        "Partner programme review: events.jsonl, as of 2026-10-01 00:00 UTC",
        "3 rows read: 3 accepted, 0 rejected",
        "3 events, 2026-08-04 09:12 UTC to 2026-08-04 09:12 UTC",
        "3 leads captured: 0 won, 0 lost, 0 disqualified, 3 open",
    ] == told[:4]


def test_csv_with_a_mapping(capsys: Shown, room: Path) -> None:
    Path("deals.csv").rename("deals.txt")
    told = shown(
        capsys,
        "review",
        "deals.txt",
        "--mapping",
        "deals.toml",
        *AS_OF,
        "--time-zone",
        "Europe/Berlin",
    )

    assert "        1  missing partner" in told.splitlines()
    assert " 1/2; 95 %" in told


def test_csv_of_event_rows_with_a_byte_order_mark(capsys: Shown, room: Path) -> None:
    rows = "type,event_id,occurred_at,lead_id\nlead_captured,c,2026-08-04T09:12:00Z,L\n"
    Path("FLAT.CSV").write_text(rows, encoding="utf-8-sig")

    assert "1 row read: 1 accepted, 0 rejected" in shown(capsys, "review", "FLAT.CSV", *AS_OF)


def test_what_was_known_then(capsys: Shown, room: Path) -> None:
    Path("later.jsonl").write_text(
        CAPTURED % (1, 1, "") + CAPTURED % (2, 2, ', "recorded_at": "2026-09-04T00:00:00Z"')
    )
    told = shown(capsys, "review", "later.jsonl", *AS_OF, "--known-at", "2026-09-01T00:00Z")

    assert "as of 2026-10-01 00:00 UTC, as known at 2026-09-01 00:00 UTC" in told
    assert "1 lead captured" in told


@pytest.mark.parametrize("mapping", [(), ("--mapping", "deals.toml")])
def test_standard_input(
    capsys: Shown, room: Path, monkeypatch: pytest.MonkeyPatch, mapping: tuple[str, ...]
) -> None:
    content = Path("deals.csv" if mapping else "events.jsonl").read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    told = shown(capsys, "review", "-", *mapping, *AS_OF)

    assert told.startswith("Partner programme review: standard input, as of")
    assert f"{2 if mapping else 3} leads captured" in told


GROUPED = (
    "  line      4  $.x                    is an unknown field; leave it out "
    "(60 times: lines 4, 5, 6, 7, 8, ...)"
)


def test_faults_are_listed_and_the_file_is_refused(capsys: Shown, room: Path) -> None:
    told = failed(capsys, "review", "broken.jsonl", *AS_OF).splitlines()

    assert "broken.jsonl: 60 faults in 63 rows, 3 accepted" == told[0]
    assert [
        GROUPED,
        "  --most-faults 60 lists all",
        "Mend them, or pass --lenient to go on without those rows.",
    ] == told[1:]


def test_faults_that_differ_are_told_as_far_as_asked_for(capsys: Shown, room: Path) -> None:
    with Path("broken.jsonl").open("a", encoding="utf-8") as file:
        file.write("5\n6\n")
    told = failed(capsys, "review", "broken.jsonl", *AS_OF, "--most-faults", "2").splitlines()

    assert (
        "  line     64  $                      5 is no object; write one object a line" in told[2]
    )
    assert "  and 1 more; --most-faults 62 lists all" == told[3]


def test_more_or_fewer_faults(capsys: Shown, room: Path) -> None:
    every = failed(capsys, "review", "broken.jsonl", *AS_OF, "--most-faults", "60")
    none = failed(capsys, "review", "broken.jsonl", *AS_OF, "--most-faults", "0")

    assert (62, 3) == (len(every.splitlines()), len(none.splitlines()))


def test_lenient_reading_goes_on_and_tells_what_is_missing(capsys: Shown, room: Path) -> None:
    assert 0 == main(["review", "broken.jsonl", *AS_OF, "--lenient"])
    told = capsys.readouterr().out.splitlines()

    assert [
        "63 rows read: 3 accepted, 60 rejected",
        "       60  $.x: is an unknown field; leave it out",
    ] == told[1:3]


@pytest.mark.parametrize(
    "command", [["review"], ["scorecard", "acme"], ["feedback", "acme"], ["route"]]
)
def test_lenient_reading_lists_what_it_leaves_out(
    capsys: Shown, room: Path, command: list[str]
) -> None:
    main([*command, "broken.jsonl", *AS_OF, "--lenient", "--most-faults", "2"])

    assert [
        "broken.jsonl: 60 of 63 rows left out for faults",
        GROUPED,
        "  --most-faults 60 lists all",
    ] == capsys.readouterr().err.splitlines()[:3]


@pytest.mark.parametrize("lenient", [(), ("--lenient",)])
@pytest.mark.parametrize("name", ["empty.jsonl", "empty.csv"])
def test_an_empty_file_is_refused(
    capsys: Shown, room: Path, name: str, lenient: tuple[str, ...]
) -> None:
    Path(name).touch()
    told = failed(capsys, "review", name, *AS_OF, *lenient)

    assert told.startswith(f"{name}: 1 fault in 0 rows, 0 accepted\n")
    assert ("has no rows" in told) or ("a header is needed" in told)


def test_a_file_without_one_sound_row_is_refused_though_lenient(capsys: Shown, room: Path) -> None:
    Path("deals.jsonl").write_text(DEALS)
    told = failed(capsys, "review", "deals.jsonl", *AS_OF, "--lenient")

    assert "deals.jsonl: 3 faults in 3 rows, 0 accepted" == told.splitlines()[0]
    assert told.splitlines()[-1].startswith("deals.jsonl looks like CSV; ")


def test_csv_columns_without_a_mapping(capsys: Shown, room: Path) -> None:
    told = failed(capsys, "review", "deals.csv", *AS_OF).splitlines()

    assert "deals.csv: 3 faults in 0 rows, 0 accepted" == told[0]
    assert told[-1].endswith("say what they mean by --mapping FILE.")


def test_a_wrong_mapping_has_all_its_faults_listed(capsys: Shown, room: Path) -> None:
    wrong = MAPPING.replace("created", "craeted").replace("lead_captured", "lead_capture")
    Path("wrong.toml").write_text(wrong + "valeu = 'x'\n")
    told = failed(capsys, "review", "deals.csv", "--mapping", "wrong.toml", *AS_OF)

    assert "wrong.toml: the mapping has" in told
    assert "did you mean 'lead_captured'?" in told
    assert "did you mean 'created'?" in told


@pytest.mark.parametrize("name", ["absent.jsonl", "absent.csv", "."])
def test_a_file_that_cannot_be_read(capsys: Shown, room: Path, name: str) -> None:
    assert failed(capsys, "review", name, *AS_OF).startswith(f"{name}: cannot be read: ")


def test_problems_are_listed_on_demand(capsys: Shown, room: Path) -> None:
    Path("twice.jsonl").write_text(CAPTURED % (1, 1, "") + CAPTURED % (2, 1, ""))
    plain = shown(capsys, "review", "twice.jsonl", *AS_OF)
    listed = shown(capsys, "review", "twice.jsonl", *AS_OF, "--problems")

    assert (
        f"{plain}\nsecond_capture: L-1: it was captured more than once; the first counts (c-2)\n"
    ) == listed


def test_json(capsys: Shown, room: Path) -> None:
    Path("names.jsonl").write_text(CAPTURED % (1, 1, ', "lead": {"region": "Île"}'))
    told = shown(capsys, "review", "names.jsonl", *AS_OF, "--json", "--problems")
    found = json.loads(told)

    assert told.isascii()
    assert ("names.jsonl", 1) == (found["name"], found["leads"])
    assert "1 row read: 1 accepted, 0 rejected" == found["input"][0]


def test_faults_come_as_text_where_json_was_asked_for(capsys: Shown, room: Path) -> None:
    assert "60 faults" in failed(capsys, "review", "broken.jsonl", *AS_OF, "--json")


def test_progress_is_shown_to_a_person_and_wiped_away(
    capsys: Shown, room: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)

    assert 0 == main(["review", "events.jsonl", *AS_OF])
    assert f"\r3 rows read\r{' ' * 40}\r" == capsys.readouterr().err


def test_progress_is_wiped_away_before_faults_are_told(
    capsys: Shown, room: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    told = failed(capsys, "review", "broken.jsonl", *AS_OF)

    assert told.startswith(f"\r63 rows read\r{' ' * 40}\rbroken.jsonl: 60 faults in 63 rows")


class Unwritable(io.StringIO):
    """An output that fails when it is written out."""

    def __init__(self, error: OSError, descriptor: int) -> None:
        super().__init__()
        self.error = error
        self.descriptor = descriptor

    def flush(self) -> None:
        raise self.error

    def fileno(self) -> int:
        return self.descriptor


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (BrokenPipeError(), 0, ""),
        (OSError(28, "No space left"), 1, "the review cannot be written: No space left\n"),
        (OSError("unplugged"), 1, "the review cannot be written: unplugged\n"),
    ],
)
@pytest.mark.usefixtures("room")
def test_an_output_that_cannot_be_written(
    capsys: Shown, monkeypatch: pytest.MonkeyPatch, error: OSError, code: int, words: str
) -> None:
    for form in ([], ["--json"]):
        with Path("out").open("wb") as opened:
            monkeypatch.setattr(sys, "stdout", Unwritable(error, opened.fileno()))

            assert code == main(["review", "events.jsonl", *AS_OF, *form])
            # what Python still writes at its end goes nowhere
            os.write(opened.fileno(), b"rest")
        assert words == capsys.readouterr().err
        assert b"" == Path("out").read_bytes()
