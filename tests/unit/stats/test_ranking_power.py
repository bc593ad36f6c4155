from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerleads.errors import OptionError
from partnerleads.stats import auc, top_scored

pairs = st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=1, max_size=20)


def apart(drawn: list[tuple[int, bool]]) -> tuple[list[float], list[bool]]:
    return [float(score) for score, _ in drawn], [outcome for _, outcome in drawn]


@given(pairs)
def test_the_area_is_the_share_of_pairs_in_order(drawn: list[tuple[int, bool]]) -> None:
    hits = [score for score, outcome in drawn if outcome]
    misses = [score for score, outcome in drawn if not outcome]
    doubled = sum((a > b) + (a >= b) for a in hits for b in misses)
    many = len(hits) * len(misses)

    assert (doubled / (2 * many) if many else None) == auc(*apart(drawn))


@given(pairs)
def test_scores_the_other_way_round_have_the_rest_of_the_area(
    drawn: list[tuple[int, bool]],
) -> None:
    area = auc(*apart(drawn))
    turned = auc([-score for score, _ in drawn], [outcome for _, outcome in drawn])

    assert (area is None) == (turned is None)
    if area is not None and turned is not None:
        assert pytest.approx(1) == area + turned


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=1, max_size=6))
def test_among_equals_the_top_holds_what_chance_would_bring(
    drawn: list[tuple[int, bool]],
) -> None:
    orders = [sorted(order, key=lambda pair: -pair[0]) for order in permutations(drawn)]
    top = top_scored(*apart(drawn), share=0.5)
    mean = Fraction(sum(hit for order in orders for _, hit in order[: top.top]), len(orders))

    assert pytest.approx(float(mean)) == top.top_hits


def test_the_top_tenth_by_hand() -> None:
    scores = list(range(30))
    outcomes = [n % 3 == 2 for n in range(30)]
    top = top_scored(scores, outcomes, share=0.1)

    # 27, 28 and 29 are on top, of which 29 hits; 10 of 30 hit
    assert (3, 1, 10) == (top.top, top.top_hits, top.hits)
    assert pytest.approx(1.0) == top.lift
    assert pytest.approx(0.1) == top.capture


def test_all_of_them_lift_nothing_and_capture_everything() -> None:
    top = top_scored([1.0, 2.0, 2.0], [True, False, True], share=1)

    assert (1, 1) == (top.lift, top.capture)


def test_without_hits_there_is_no_lift() -> None:
    top = top_scored([1.0, 2.0], [False, False])

    assert (None, None) == (top.lift, top.capture)
    assert auc([1.0, 2.0], [False, False]) is None
    assert auc([], []) is None


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(OptionError, match="as many as outcomes"):
        auc([1.0], [])
    with pytest.raises(OptionError, match="is no outcome"):
        auc([1.0], [0.5])  # type: ignore[list-item]
    with pytest.raises(OptionError, match="finite"):
        auc([float("nan")], [True])
    with pytest.raises(OptionError, match="at least one"):
        top_scored([], [])
    with pytest.raises(OptionError, match="above 0"):
        top_scored([1.0], [True], share=0)


def test_however_small_a_share_at_least_one_is_in_it() -> None:
    top = top_scored([1, 2, 3], [True, False, True], share=1e-12)

    assert (1, 1.5) == (top.top, top.lift)
