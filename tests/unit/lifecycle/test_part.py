"""A part of the lifecycles: the other leads are as if they had never been."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from partnerleads import fold
from partnerleads.lifecycle import Lifecycles
from partnerleads.testing import at, history

NOW = at("2026-12-01")
ONE, OTHER = (
    f"""
        2026-01-05 {lead} won
        2026-01-06 {lead} captured region=DACH id={lead}c
        2026-01-06 {lead} captured region=UK id={lead}c
    """
    for lead in ("L1", "L2")
)
PARTS: list[Callable[[Lifecycles], Lifecycles]] = [
    lambda lives: lives.only({"L1", "L9"}),
    lambda lives: lives.without({"L2", "L9"}),
]


@pytest.mark.parametrize("part_of", PARTS)
@pytest.mark.parametrize("counted_before", [True, False])
def test_a_part_has_the_problems_of_its_own_leads_alone(
    part_of: Callable[[Lifecycles], Lifecycles], *, counted_before: bool
) -> None:
    lives, alone = fold(history(ONE + OTHER), as_of=NOW), fold(history(ONE), as_of=NOW)
    if counted_before:
        assert {"L1", "L2"} == {*lives.troubled}
    part = part_of(lives)

    assert alone.troubled == part.troubled
    assert [*alone.problems] == [*part.problems]
    assert 0 == part.troubled["L2"]


@pytest.mark.parametrize("part_of", PARTS)
def test_a_part_has_what_names_no_lead(part_of: Callable[[Lifecycles], Lifecycles]) -> None:
    text = f"{ONE}\n2026-01-07 e99 retracted"

    assert "retraction_of_nothing" in {
        one.rule for one in part_of(fold(history(text), as_of=NOW)).problems
    }


@pytest.mark.parametrize("part_of", PARTS)
def test_a_part_names_and_knows_its_own_leads_alone(
    part_of: Callable[[Lifecycles], Lifecycles],
) -> None:
    part = part_of(fold(history(ONE + OTHER), as_of=NOW))

    assert (["L1"], 1) == ([*part], len(part))
    assert [True, False, False] == [name in part.leads for name in ("L1", "L2", "L9")]
    with pytest.raises(KeyError):
        part["L2"]
