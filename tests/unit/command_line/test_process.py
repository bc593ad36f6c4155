"""The command line as a process of its own: encodings, pipes and terminals."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-m", "partnerleads"]
ROWS = "".join(
    f'{{"type": "lead_captured", "event_id": "c-{n}", "occurred_at": "2026-08-04T09:12:00Z", '
    '"lead_id": "L-é日"}\n'
    for n in range(2)
)
REVIEW = ["review", "events.jsonl", "--as-of", "2026-10-01T00:00Z"]


@pytest.fixture
def room(tmp_path: Path) -> Path:
    (tmp_path / "events.jsonl").write_text(ROWS, encoding="utf-8")
    return tmp_path


def run(
    room: Path, *arguments: str, encoding: str = "utf-8", stdin: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=room,
        input=stdin,
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": encoding},
        check=False,
    )


def test_exit_codes(room: Path) -> None:
    done = [run(room, *REVIEW), run(room, "review", "absent", *REVIEW[2:]), run(room)]

    assert [0, 1, 2] == [one.returncode for one in done]
    assert [b"", b"absent: cannot be read: No such file or directory\n"] == [
        one.stderr for one in done[:2]
    ]


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("utf-8", "L-é日"), ("latin-1", r"L-é\u65e5"), ("ascii", r"L-\xe9\u65e5")],
)
def test_names_that_the_output_cannot_encode(room: Path, encoding: str, name: str) -> None:
    done = run(room, *REVIEW, encoding=encoding)

    assert (0, b"") == (done.returncode, done.stderr)
    assert f"such as {name}: it was captured more than once" in done.stdout.decode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp1252"])
def test_json_is_the_same_in_every_encoding(room: Path, encoding: str) -> None:
    done = run(room, *REVIEW, "--json", encoding=encoding)

    assert "L-é日" == json.loads(done.stdout)["problems"][0]["lead_id"]


def test_faults_that_the_output_cannot_encode(room: Path) -> None:
    done = run(room, "review", "-", *REVIEW[2:], encoding="ascii", stdin='{"type": "é"}'.encode())

    assert 1 == done.returncode
    assert rb"'\xe9' is an unknown kind" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="pipes break otherwise there")
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_a_reader_that_goes_away_is_no_fault(room: Path, form: list[str]) -> None:
    process = subprocess.Popen(
        [*COMMAND, "demo", "--problems", *form],
        cwd=room,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.close()
    _, err = process.communicate()

    assert (0, b"") == (process.returncode, err)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_told(room: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, *REVIEW], cwd=room, stdout=full, stderr=subprocess.PIPE, check=False
        )

    assert (1, b"the review cannot be written: No space left on device\n") == (
        done.returncode,
        done.stderr,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="has no such terminals")
def test_progress_is_shown_on_a_terminal_alone(room: Path) -> None:
    ours, theirs = os.openpty()
    done = subprocess.run(
        [*COMMAND, *REVIEW], cwd=room, stdout=subprocess.PIPE, stderr=theirs, check=False
    )
    os.close(theirs)
    told = os.read(ours, 1_000)
    os.close(ours)

    assert b"\r2 rows read\r" + b" " * 40 + b"\r" == told
    assert 0 == done.returncode
    assert b"rows read\r" not in done.stdout
    assert b"" == run(room, *REVIEW).stderr
