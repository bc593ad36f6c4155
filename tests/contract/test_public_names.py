"""The public face: static lists of names, all of them there and described."""

from __future__ import annotations

import ast
import inspect
from importlib import import_module
from pathlib import Path

import pytest

import partnerleads

ROOMS = sorted(
    name for name in partnerleads.__all__ if name.islower() and name not in {"fold", "__version__"}
)
SHARED = {"as_of", "by", "confidence", "known_at", "partner_id", "period", "policy", "strict"}


def listed_names(path: Path) -> list[str]:
    """What the file's ``__all__`` says, without running it."""
    for statement in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "__all__":
            return list(ast.literal_eval(statement.value))
    return []


@pytest.mark.parametrize("name", partnerleads.__all__)
def test_every_name_of_the_root_is_there(name: str) -> None:
    assert getattr(partnerleads, name) is not None
    assert name in dir(partnerleads)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'solved'"):
        _ = partnerleads.solved  # type: ignore[attr-defined]


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_lists_its_names_once_and_statically(room: str) -> None:
    module = import_module(f"partnerleads.{room}")
    assert module.__file__ is not None
    listed = listed_names(Path(module.__file__))

    assert listed
    assert len(set(listed)) == len(listed)
    assert listed == module.__all__
    assert [] == [name for name in listed if not hasattr(module, name)]


@pytest.mark.parametrize("room", ROOMS)
def test_every_public_class_and_function_says_what_it_means(room: str) -> None:
    module = import_module(f"partnerleads.{room}")
    documented = (inspect.isclass, inspect.isroutine, inspect.ismodule)
    things = {name: getattr(module, name) for name in module.__all__}
    silent = [
        name
        for name, thing in things.items()
        if any(kind(thing) for kind in documented) and not inspect.getdoc(thing)
    ]

    assert [] == silent


@pytest.mark.parametrize("room", ROOMS)
def test_the_arguments_that_many_functions_share_are_named_at_the_call(room: str) -> None:
    module = import_module(f"partnerleads.{room}")
    functions = [getattr(module, name) for name in module.__all__]
    loose = [
        f"{function.__name__}: {parameter.name}"
        for function in functions
        if inspect.isfunction(function)
        for parameter in list(inspect.signature(function).parameters.values())[1:]
        if parameter.name in SHARED and parameter.kind is not parameter.KEYWORD_ONLY
    ]

    assert [] == loose
