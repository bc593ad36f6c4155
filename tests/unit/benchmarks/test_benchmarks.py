"""Each benchmark runs on a small log and states a ratio; whether it is fast is not asked here."""

from __future__ import annotations

import json
from pathlib import Path

import attrs
import pytest

from partnerleads.events import EventRetracted, order_key
from partnerleads.lifecycle import fold
from partnerleads.plv import plv_scores
from tests.benchmarks import __main__ as command
from tests.benchmarks.bare_loop import lead_events
from tests.benchmarks.log import AS_OF, make_log
from tests.benchmarks.measuring import Row, apart
from tests.benchmarks.plv_speed import check
from tests.benchmarks.table import as_line

pytestmark = pytest.mark.no_cover  # what is measured is not what is tested

ROW = Row(name="fold", size=1000, base="1 us", cost="5 us", ratios=(4, 5, 9), target=6)


@pytest.mark.parametrize("name", command.BENCHMARKS)
def test_every_benchmark_runs_on_a_thousand_events_and_states_its_ratios(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = tmp_path / "found.json"
    given = ["--sizes", "1000", "--rounds", "1", "--only", name, "--json", str(found)]

    ended = command.main([*given, "--one-process"])

    printed = capsys.readouterr().out
    rows = json.loads(found.read_text())["rows"]
    assert rows
    assert "_lead = leads[event.lead_id]" in printed
    assert all(row["ratio"] > 0 and f"{row['ratio']:.2f}" in printed for row in rows)
    assert any(row["missed"] for row in rows) == (ended == 1) == ("missed: " in printed)


def test_live_folds_of_two_lengths_are_compared(capsys: pytest.CaptureFixture[str]) -> None:
    command.main(["--sizes", "500", "1000", "--rounds", "1", "--only", "live", "--one-process"])

    assert "add and read, p50 after 500 to 1 000 events" in capsys.readouterr().out


def test_live_scores_that_are_not_those_of_the_batch_stop_the_run() -> None:
    log = make_log(500)

    assert check(plv_scores(log, as_of=AS_OF), log) > 0
    with pytest.raises(RuntimeError, match="of 500 events are not those of the batch"):
        check(plv_scores(log[:400], as_of=AS_OF), log)


def test_a_row_is_missed_when_its_median_exceeds_the_target() -> None:
    assert not ROW.missed
    assert "<= 6  ok" in as_line(ROW)
    assert attrs.evolve(ROW, target=4.9).missed
    assert "<= 4.9  MISSED" in as_line(attrs.evolve(ROW, target=4.9))
    assert not attrs.evolve(ROW, target=None).missed


def test_measurements_are_made_in_another_process() -> None:
    assert [1, 2, 3] == apart(sorted, [3, 1, 2])


def test_the_log_is_in_time_order_reproducible_and_about_ten_events_a_lead() -> None:
    log = make_log(5000)

    assert make_log(5000) == log
    assert make_log(5000, seed=2) != log
    assert sorted(log, key=lambda event: event.occurred_at) == log
    assert 5000 == len(log)
    assert 8 < 5000 / len(fold(log, as_of=AS_OF)) < 12
    assert any(isinstance(event, EventRetracted) for event in log)


def test_a_log_of_dates_has_midnights_only_and_no_order_within_the_day() -> None:
    log = lead_events(make_log(5000, dates_only=True))

    assert {"day"} == {event.precision for event in log}
    assert {0} == {event.occurred_at.hour * 60 + event.occurred_at.minute for event in log}
    assert sorted(log, key=order_key) != log
