"""The routing study runs, in small."""

from __future__ import annotations

import pytest

from tests.benchmarks.routing_study import BLIND, CAPACITY, PARTS, STALE, main


def test_the_study_prints_a_table_for_each_part(capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == main(["--seeds", "2", "--leads", "12"])

    told = capsys.readouterr().out
    assert all(f"{part}: " in told for part in PARTS)
    assert all(f"\n  {name}  " in told for name in {*CAPACITY, *BLIND, *STALE})
