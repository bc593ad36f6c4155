"""Flags that are known beforehand are folded; all others are what the expressions say."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

pl = pytest.importorskip("polars")
nw = pytest.importorskip("narwhals.stable.v2")

from partnerleads.frames.flags import NO, YES, all_of, any_of, no, one_where  # noqa: E402

KNOWN = {True: YES, False: NO}


def _value(flag: Any) -> bool:
    frame = nw.from_native(pl.DataFrame({"up": [True], "down": [False]}))
    return bool(frame.select(flag=flag)["flag"][0])


def _flags() -> list[tuple[Any, bool]]:
    return [(YES, True), (NO, False), (nw.col("up"), True), (nw.col("down"), False)]


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_several_flags_say_what_python_says_of_them(count: int) -> None:
    for chosen in itertools.product(_flags(), repeat=count):
        flags, values = [flag for flag, _ in chosen], [value for _, value in chosen]

        assert all(values) == _value(all_of(*flags))
        assert any(values) == _value(any_of(*flags))


def test_a_flag_turns() -> None:
    assert [False, True, False, True] == [_value(no(flag)) for flag, _ in _flags()]


def test_what_is_known_stays_known() -> None:
    up = nw.col("up")

    assert NO is all_of(up, NO, YES)
    assert YES is any_of(up, YES, NO)
    assert NO is no(all_of())
    assert YES is no(any_of())
    assert up is all_of(YES, up)
    assert up is any_of(NO, up)


@pytest.mark.parametrize("number", [0, 1])
def test_a_flag_is_counted(number: int) -> None:
    assert bool(number) is _value(one_where(KNOWN[bool(number)]) == 1)
