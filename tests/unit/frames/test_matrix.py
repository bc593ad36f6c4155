"""The published matrix says of every figure, option, key and part what each backend does."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any, get_args

import pytest

from partnerleads import fold, frames, kpis
from partnerleads.errors import OptionError
from partnerleads.events import Event
from partnerleads.kpis.measuring import expressions
from partnerleads.lifecycle import Lifecycles
from partnerleads.testing import history
from tests import frames_parity as parity
from tests.benchmarks.log import AS_OF, make_log
from tests.properties import kpi_cases as cases

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "frames-matrix.md"
BACKENDS = ("Polars", "pandas", "PyArrow", "DuckDB", "PySpark")


@cache
def tables() -> dict[str, dict[str, tuple[str, ...]]]:
    """The tables of the page by the word above their first column."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    rows: dict[str, tuple[str, ...]] = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("|"):
            rows = {}
        elif not rows and cells[0] not in found:
            rows = found[cells[0]] = {"": tuple(cells[1:])}
        elif set(cells[0]) != {"-"}:
            rows[cells[0].replace("`", "")] = tuple(cells[1:])
    return found


def lines(word: str) -> set[str]:
    return set(tables()[word]) - {""}


@pytest.mark.parametrize("word", ["figure", "option", "key", "part"])
def test_every_pair_has_an_entry(word: str) -> None:
    header, *entries = tables()[word].values()

    assert BACKENDS == header
    assert entries
    for entry in entries:
        assert len(entry) == len(BACKENDS)
        assert all(cell == "yes" or cell.startswith("no: ") for cell in entry)


FIRST_SEES = ("only", "history_start", "history_of", "figure")
"""Functions that take a history and give no figure."""


def test_every_figure_has_a_line() -> None:
    functions = {name: getattr(kpis, name) for name in kpis.__all__ if name not in FIRST_SEES}
    taking = {
        name
        for name, one in functions.items()
        if inspect.isfunction(one) and "history" in inspect.signature(one).parameters
    }

    assert lines("figure") == taking


def test_every_option_has_a_line() -> None:
    said = {option for _, options in parity.variants() for option in options} - {"currency"}
    said |= {option for name in parity.REFUSED for option in cases.OPTIONS[name]}

    assert lines("option") == said | {"landmark"}


def test_every_key_has_a_line() -> None:
    free = {"attributes.NAME", "latest.FACT", "latest.attributes.NAME"}

    assert lines("key") == {*kpis.KEYS, *free}


def test_every_part_of_a_measure_has_a_line() -> None:
    parts = {kind.__name__ for kind in (*get_args(kpis.Form), *get_args(kpis.Condition))}

    assert lines("part") == parts | {f"over {unit}" for unit in get_args(kpis.Unit)}


# --- the entries are true -------------------------------------------------------------------------


SPENT = """
2026-01-31 -    cost portal   900 EUR
2026-02-28 acme cost campaign 300 USD
"""


@cache
def log() -> tuple[Event, ...]:
    return (*make_log(1_200, seed=11), *history(SPENT))


@cache
def lives() -> Lifecycles:
    return fold(log(), as_of=AS_OF)


@cache
def looked(backend: str) -> Any:
    return frames.history(frames.events_frame(log(), backend=backend), as_of=AS_OF)


def tried(backend: str, word: str, name: str) -> bool:
    """Whether the page says yes."""
    return tables()[word][name][BACKENDS.index(backend)] == "yes"


OF_PAGE = {"polars": "Polars", "pandas": "pandas", "pyarrow": "PyArrow", "duckdb": "DuckDB"}


@pytest.mark.no_cover  # the same code as in tests that count, on other engines or keys
@pytest.mark.parametrize("backend", OF_PAGE)
def test_figures_and_options_are_answered_where_the_page_says_so(backend: str) -> None:
    named = OF_PAGE[backend]
    calls = [
        call
        for call in parity.every_call()
        if tried(named, "figure", call.kpi)
        and all(tried(named, "option", option) for option in call.said if option != "currency")
    ]

    assert calls
    assert [] == parity.differences(calls, lives(), looked(backend))


@pytest.mark.parametrize("backend", ["polars", "duckdb"])
def test_keys_are_answered_where_the_page_says_so(backend: str) -> None:
    keys = [key for key in kpis.KEYS if tried(OF_PAGE[backend], "key", key)]
    keys += [f"latest.{fact}" for fact in ("region", "industry")]
    calls = [parity.Call("sourced_rate", {"by": key}) for key in keys]
    calls += [
        parity.Call(name, {"by": key})
        for name in ("offer_decline_rate", "registration_approval_rate")
        for key in ("reason", "agent", "holder", "tier", "region")
    ]

    assert [] == parity.differences(calls, lives(), looked(backend))


REFUSED: dict[tuple[str, str], Callable[[Any], object]] = {
    ("figure", "influence_by_partner"): kpis.influence_by_partner,
    ("figure", "time_in_stage"): partial(kpis.time_in_stage, stage="accepted"),
    ("figure", "audit"): partial(kpis.audit, kpi=kpis.closed_won),
    ("figure", "restatement"): partial(
        kpis.restatement, kpi=kpis.closed_won, as_of=AS_OF, known_at=(AS_OF, AS_OF)
    ),
    ("option", "landmark"): partial(kpis.time_to_close_lift, landmark=timedelta(days=9)),
    ("option", "stage"): partial(kpis.time_in_stage, stage="offered"),
    ("option", "visits"): partial(kpis.time_in_stage, stage="offered", visits="cumulative"),
    ("part", "ClassAt"): kpis.define(
        "own", kpis.CountOf(), counted="leads", of=kpis.ClassAt(timedelta(days=9), "sourced")
    ),
    ("part", "over stays"): kpis.define("own", kpis.CountOf(), counted="stays", over="stays"),
}
"""What the page says no to, as it would be asked."""


def test_all_that_the_page_says_no_to_is_tried() -> None:
    said = {
        (word, name)
        for word in ("figure", "option", "key", "part")
        for name in lines(word)
        if not all(tried(backend, word, name) for backend in BACKENDS)
    }

    assert said == set(REFUSED)


@pytest.mark.parametrize("asked", REFUSED, ids="-".join)
def test_what_the_page_says_no_to_is_refused_in_one_line(asked: tuple[str, str]) -> None:
    with pytest.raises(OptionError) as refusal:
        REFUSED[asked](looked("polars"))

    words = str(refusal.value)
    assert "events" in words
    assert "\n" not in words


def refused() -> set[str]:
    """The columns of a lifecycle that the page says are refused."""
    (line,) = (name for name in lines("what") if name.startswith("the columns "))
    words = line.removeprefix("the columns ").split(" of a lifecycle")[0]
    return set(words.replace(" and ", ", ").split(", "))


def counted(history: Any, column: str) -> Any:
    """How many leads have a column, or the refusal of it."""
    has_it = kpis.define(
        "has_it", kpis.ShareOf(kpis.Has(column)), counted="leads captured", anchor="captured"
    )
    try:
        return has_it(history)
    except OptionError as refusal:
        return refusal


@pytest.mark.parametrize("column", expressions._OFFERED)
def test_every_column_is_answered_or_refused_as_the_page_says(column: str) -> None:
    answer = counted(looked("polars"), column)

    if column in refused():
        assert isinstance(answer, OptionError)
    else:
        assert not parity.difference(counted(lives(), column), answer)


def test_columns_that_are_refused_are_refused_for_what_stands_in_them() -> None:
    for column in refused():
        assert isinstance(counted(looked("polars"), f"{column}.anything"), OptionError)
