from __future__ import annotations

import pytest

from partnerleads.errors import OptionError
from tests.unit.plv.lifetime.models import seen


@pytest.mark.parametrize(
    ("history", "name"),
    [
        ((-1, 0, 5), "repeats"),
        ((1.5, 2, 5), "repeats"),
        ((0, 0, -1), "age"),
        ((0, 0, float("inf")), "age"),
        ((0, 0, float("nan")), "age"),
        ((1, 6, 5), "last"),
        ((1, -1, 5), "last"),
        ((1, float("nan"), 5), "last"),
        ((1, 0, 5), "last"),
        ((0, 2, 5), "last"),
    ],
)
def test_a_history_that_contradicts_itself_is_refused(
    history: tuple[int, float, float], name: str
) -> None:
    with pytest.raises(OptionError) as caught:
        seen(*history)

    assert name == caught.value.name


def test_a_last_transaction_at_the_end_of_watching_is_taken() -> None:
    assert 5 == seen(1, 5, 5).last
