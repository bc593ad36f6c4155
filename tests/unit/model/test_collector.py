import gc
from collections.abc import Iterator

import pytest

from partnerleads.model.collector import resting_collector


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    was_on = gc.isenabled()
    yield
    (gc.enable if was_on else gc.disable)()


def test_the_collector_rests_and_goes_on() -> None:
    gc.enable()
    with resting_collector():
        assert not gc.isenabled()

    assert gc.isenabled()


def test_it_goes_on_after_an_error_too() -> None:
    gc.enable()
    with pytest.raises(KeyError), resting_collector():
        raise KeyError

    assert gc.isenabled()


def test_it_stays_off_where_it_was_off() -> None:
    gc.disable()
    with resting_collector():
        assert not gc.isenabled()

    assert not gc.isenabled()


def test_what_was_frozen_stays_frozen() -> None:
    gc.enable()
    gc.freeze()
    try:
        with resting_collector():
            pass

        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()


def test_nothing_stays_frozen_otherwise() -> None:
    gc.enable()
    with resting_collector():
        pass

    assert not gc.get_freeze_count()
