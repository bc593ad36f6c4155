from __future__ import annotations

import pytest

from tests.fuzz import mutate_rows


def test_twenty_thousand_broken_rows_raise_only_documented_errors() -> None:
    tally = mutate_rows.run(20_000, seed=7)

    assert 19_000 < tally.rows == tally.accepted + tally.rejected
    assert tally.accepted > 4_000
    assert tally.rejected > 8_000


def test_a_seed_gives_the_same_rows_again() -> None:
    first, again = (list(mutate_rows.batches(600, seed=3)) for _ in range(2))

    assert first == again
    assert [500, 100] == [len(batch) for batch in first]


def test_the_command_prints_its_figures(capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == mutate_rows.main(["--rows", "200", "--seed", "4"])
    assert "seed 4; no undocumented error" in capsys.readouterr().out
