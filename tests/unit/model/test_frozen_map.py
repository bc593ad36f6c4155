import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerleads.model import EMPTY, FrozenMap, Lead

ITEMS = st.dictionaries(st.text(max_size=3), st.integers())


@given(ITEMS)
def test_it_equals_and_hashes_like_its_items(items: dict[str, int]) -> None:
    frozen = FrozenMap(items)

    assert items == frozen
    assert frozen == FrozenMap(dict(reversed(items.items())))
    assert hash(frozen) == hash(FrozenMap(dict(reversed(items.items()))))
    assert (len(items), list(items)) == (len(frozen), list(frozen))
    assert all(frozen[key] == value for key, value in items.items())
    assert frozen == pickle.loads(pickle.dumps(frozen))  # noqa: S301 - our own bytes


def test_it_does_not_follow_the_mapping_it_was_made_of() -> None:
    items = {"a": 1}
    frozen = FrozenMap(items)
    items["a"] = 2

    assert {"a": 1} == frozen


def test_it_cannot_change() -> None:
    with pytest.raises(TypeError):
        FrozenMap({"a": 1})["a"] = 2  # type: ignore[index]


def test_what_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="b"):
        FrozenMap({"a": 1})["b"]


def test_the_empty_one() -> None:
    assert EMPTY == FrozenMap() == {}
    assert "FrozenMap({'a': 1})" == repr(FrozenMap({"a": 1}))


def test_facts_freeze_their_attributes() -> None:
    frozen = FrozenMap({"colour": "red"})

    assert frozen == Lead(attributes={"colour": "red"}).attributes
    assert frozen is Lead(attributes=frozen).attributes
