from math import inf, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerleads.errors import OptionError
from partnerleads.stats import drift

samples = st.integers(1, 8).flatmap(
    lambda bins: st.tuples(*[st.lists(st.integers(1, 50), min_size=bins, max_size=bins)] * 2)
)


@given(samples)
def test_it_is_the_same_both_ways_and_never_negative(sample: tuple[list[int], list[int]]) -> None:
    there, back = drift(*sample), drift(sample[1], sample[0])

    assert pytest.approx(there.index, abs=1e-12) == back.index
    assert min(there.parts) >= 0
    assert pytest.approx(there.index) == sum(there.parts)


@given(samples, st.integers(2, 5))
def test_shares_that_stay_do_not_drift(sample: tuple[list[int], list[int]], times: int) -> None:
    found = drift(sample[0], [times * one for one in sample[0]])

    assert pytest.approx(0, abs=1e-15) == found.index
    assert "stable" == found.verdict
    assert not found.beyond_chance


def test_the_words_of_the_rule_of_thumb() -> None:
    assert "stable" == drift([50, 50], [60, 40]).verdict
    assert "moved" == drift([50, 50], [70, 30]).verdict
    assert "drifted" == drift([50, 50], [80, 20]).verdict


def test_small_samples_drift_by_chance() -> None:
    # the same shares ten times over are beyond chance, once they are not
    small, large = drift([5, 5], [7, 3]), drift([500, 500], [700, 300])

    assert pytest.approx(small.index) == large.index
    assert (False, True) == (small.beyond_chance, large.beyond_chance)
    assert pytest.approx(0.2) == small.by_chance


def test_a_bin_empty_on_one_side_is_infinite_and_named() -> None:
    found = drift([10, 0, 10], [10, 10, 0])

    assert inf == found.index
    assert (1, 2) == found.empty
    assert "drifted" == found.verdict
    assert found.p_value is None
    assert found.beyond_chance


def test_a_bin_empty_on_both_sides_counts_for_nothing() -> None:
    with_it, without = drift([10, 0, 20], [20, 0, 20]), drift([10, 20], [20, 20])

    assert without.index == with_it.index
    assert without.p_value == with_it.p_value


def test_smoothing_makes_it_finite() -> None:
    found = drift([10, 0], [10, 10], smoothing=0.5)
    # shares 10.5 and 0.5 of 11 against one half each
    by_hand = (10.5 / 11 - 0.5) * log(10.5 / 11 / 0.5) + (0.5 - 0.5 / 11) * log(0.5 / (0.5 / 11))

    assert () == found.empty
    assert found.p_value is None
    assert pytest.approx(by_hand) == found.index


def test_one_bin_cannot_drift() -> None:
    found = drift([10], [20])

    assert (0, None, False) == (found.index, found.p_value, found.beyond_chance)


@pytest.mark.parametrize(
    ("before", "after", "smoothing", "why"),
    [
        ([1], [1, 2], 0, "count the same"),
        ([0], [1], 0, "no members"),
        ([1], [], 0, "count the same"),
        ([], [], 0, "no members"),
        ([1, -1], [1, 1], 0, "no count"),
        ([1], [1], -1, "not negative"),
    ],
)
def test_what_makes_no_sense_is_refused(
    before: list[int], after: list[int], smoothing: float, why: str
) -> None:
    with pytest.raises(OptionError, match=why):
        drift(before, after, smoothing=smoothing)


def test_it_prints_and_gives_a_row_for_each_bin() -> None:
    found = drift([10, 30, 60], [20, 30, 50])

    assert [
        "stability index 0.088, stable (100 before, 100 after)",
        "  within what chance brings, 0.040 on average, p = 0.112",
        "  bin   part",
        "    0  0.069",
        "    1  0.000",
        "    2  0.018",
    ] == str(found).splitlines()
    assert f"<{found}>" == repr(found)
    assert "<td>0</td><td>0.069</td>" in found._repr_html_()
    assert list(enumerate(found.parts)) == [(row["bin"], row["part"]) for row in found.to_dicts()]
    assert {(found.index, "stable", 100, 100)} == {
        (row["index"], row["verdict"], row["n_before"], row["n_after"]) for row in found.to_dicts()
    }


def test_an_empty_bin_is_noted() -> None:
    shown = str(drift([10, 0, 60], [20, 30, 50])).splitlines()

    assert "stability index inf, drifted (70 before, 100 after)" == shown[0]
    assert "  beyond what chance brings, 0.049 on average" == shown[1]
    assert shown[-1].startswith("  note: only one sample has members in bin 1;")
