from __future__ import annotations

from math import inf

import pytest

from partnerleads.plv.lifetime.minimising import Place, minimise


def test_the_banana_valley_is_walked_to_its_end() -> None:
    place, value = minimise(
        lambda p: (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2, [-1.2, 1.0], precision=1e-12
    )

    assert pytest.approx((1, 1), abs=1e-4) == place
    assert pytest.approx(0, abs=1e-9) == value


def test_what_is_not_allowed_is_never_the_answer() -> None:
    place, value = minimise(lambda p: p[0] if p[0] >= 2 else inf, [5.0])

    assert pytest.approx(2, abs=1e-6) == place[0]
    assert place[0] == value


def test_equal_arguments_give_equal_answers() -> None:
    def valley(place: Place) -> float:
        return sum((n + 1) * (x - n) ** 4 for n, x in enumerate(place))

    assert minimise(valley, [3.0, 3.0, 3.0]) == minimise(valley, [3.0, 3.0, 3.0])


def test_a_plain_is_left_at_once() -> None:
    assert ((1.0, 2.0), 7.0) == minimise(lambda _: 7.0, [1.0, 2.0])
