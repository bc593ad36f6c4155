import copy
import pickle
from collections.abc import Callable, Mapping
from typing import Any

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


CHANGES: dict[str, Callable[[Any], object]] = {
    "[] =": lambda items: items.__setitem__("a", 2),
    "del": lambda items: items.__delitem__("a"),
    "|=": lambda items: items.__ior__({"a": 2}),
    "clear": lambda items: items.clear(),
    "pop": lambda items: items.pop("a", None),
    "popitem": lambda items: items.popitem(),
    "setdefault": lambda items: items.setdefault("b", 2),
    "update": lambda items: items.update(a=2),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_it_cannot_change(change: Callable[[Any], object]) -> None:
    frozen = FrozenMap({"a": 1})

    with pytest.raises(TypeError, match="a FrozenMap cannot change; make a new one"):
        change(frozen)
    assert {"a": 1} == frozen


def test_a_dict_changes_in_no_other_way() -> None:
    reading = {"copy", "fromkeys", "__or__", "__ror__"}

    assert len(CHANGES) == len({*dir(dict)} - {*dir(Mapping)} - reading)


def test_a_copy_is_equal_and_what_is_added_is_a_dict() -> None:
    frozen = FrozenMap({"a": 1})

    assert frozen == copy.copy(frozen) == copy.deepcopy(frozen)
    assert {"a": 1, "b": 2} == {**frozen, "b": 2}


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
