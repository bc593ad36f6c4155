"""Steps that are written down give the rows that they give when each is bound."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

duckdb = pytest.importorskip("duckdb")
nw = pytest.importorskip("narwhals.stable.v2")

from partnerleads.frames import duckdb_door  # noqa: E402
from partnerleads.frames.amending import amended  # noqa: E402
from partnerleads.frames.duckdb_door import Door  # noqa: E402
from partnerleads.frames.engines import (  # noqa: E402
    distinct,
    kept,
    names_of,
    numbered,
    rows,
    small,
    stacked,
)
from partnerleads.frames.unbound import Unbound  # noqa: E402

LINES = "(values (1, 'a', 10), (1, 'b', 20), (2, 'a', null), (3, 'c', 30)) as t(id, name, worth)"


@pytest.fixture
def relation() -> Iterator[Any]:
    with duckdb.connect() as connection:
        connection.execute(f"create table line as from {LINES}")
        yield connection.sql("select * from line")


def _picked(frame: Any) -> Any:
    frame = frame.with_columns(twice=nw.col("worth") * 2)
    return frame.select("id", own=nw.col("twice")).select("own", again=nw.col("id"))


def _picked_of_groups(frame: Any) -> Any:
    grouped = frame.group_by("id").agg(most=nw.col("worth").max(), n=nw.len())
    return grouped.select("most").filter(nw.col("most") > 10)


def _filtered_and_filtered(frame: Any) -> Any:
    frame = frame.filter(nw.col("id") > 1)
    return frame.filter((nw.col("worth") > 5) | (nw.col("name") == "a")).select("name")


def _renamed_then_filtered(frame: Any) -> Any:
    swapped = frame.select(id=nw.col("worth"), worth=nw.col("id"))
    return swapped.filter(nw.col("id") > 10).select("worth", "id")


def _worked_out_over_its_own_name(frame: Any) -> Any:
    frame = frame.with_columns(id=nw.col("id") + 1).filter(nw.col("id") > 2)
    return frame.with_columns(id=nw.col("id") + 1, was=nw.col("id"))


def _joined(how: str) -> Callable[[Any], Any]:
    def steps(frame: Any) -> Any:
        best = frame.group_by("id").agg(nw.col("worth").max())
        best = best.filter(~nw.col("worth").is_null())
        return frame.filter(nw.col("name") != "b").join(best, on="id", how=how)

    return steps


def _shared(frame: Any) -> Any:
    sums = frame.group_by("name").agg(total=nw.col("worth").sum(), n=nw.len())
    few = sums.filter(nw.col("n") == 1).select("name", rest=nw.col("total"))
    return sums.join(few, on="name", how="left")


def _ranked(frame: Any) -> Any:
    place = nw.col("one").cum_sum().over("id", order_by=["name"])
    ranked = frame.with_columns(one=nw.lit(1)).with_columns(place=place)
    return ranked.filter(nw.col("place") == 1)


def _summed(frame: Any) -> Any:
    return frame.select(nw.col("worth").sum(), median=nw.col("worth").median())


def _quoted_in_a_text(frame: Any) -> Any:
    frame = frame.with_columns(odd=nw.when(nw.col("name") == 'a"').then(nw.lit('"worth')))
    return frame.select("id", "odd", nw.col("worth").fill_null(0))


def _worked_on_what_is_read_twice(frame: Any) -> Any:
    frame = frame.select("id", more=nw.col("worth") + 1)
    return frame.select(twice=nw.col("more") + nw.col("more"), own=nw.col("id") + nw.col("id"))


def _grouped_by_what_was_made(frame: Any) -> Any:
    frame = frame.select(half=nw.col("id") // 2, worth=nw.col("worth"))
    return frame.group_by("half").agg(nw.col("worth").sum())


def _ranked_then_worked_on(frame: Any) -> Any:
    place = nw.col("one").cum_sum().over("id", order_by=["name"])
    ranked = frame.with_columns(one=nw.lit(1)).select("name", place=place)
    return ranked.select(second=nw.col("place") == 2).filter(nw.col("second"))


def _counted_without_any_column(frame: Any) -> Any:
    return frame.select("id", "name").filter(nw.col("id") > 1).select(n=nw.len())


def _read_by_two(frame: Any) -> Any:
    picked = frame.filter(nw.col("id") < 3).select("id", "name", "worth")
    one, two = picked.select("id", "name"), picked.select("name", least=nw.col("worth"))
    return one.join(two, on="name", how="inner")


def _passed_by(frame: Any) -> Any:
    place = nw.col("one").cum_sum().over("id", order_by=["name"])
    wide = frame.with_columns(one=nw.lit(1), **{f"more{n}": nw.col("id") + n for n in range(6)})
    ranked = wide.with_columns(place=place).filter(nw.col("place") == 1).drop("one")
    first = ranked.with_columns(more1=nw.col("more1") * 7, last=nw.col("more5") * nw.col("place"))
    first = first.drop("place", "more5")
    best = frame.group_by("id").agg(best=nw.col("worth").max())
    return first.join(best, on="id", how="left")


def _headed(frame: Any) -> Any:
    return frame.sort("name", "id").head(2).select("name")


STEPS = {
    "columns picked of others": _picked,
    "columns picked of groups": _picked_of_groups,
    "a filter after a filter": _filtered_and_filtered,
    "names that swapped": _renamed_then_filtered,
    "a column instead of itself": _worked_out_over_its_own_name,
    "an inner join": _joined("inner"),
    "a left join": _joined("left"),
    "a semi join": _joined("semi"),
    "an anti join": _joined("anti"),
    "a part read twice": _shared,
    "a window": _ranked,
    "sums of all": _summed,
    "a quote in a text": _quoted_in_a_text,
    "what is read twice": _worked_on_what_is_read_twice,
    "groups of what was made": _grouped_by_what_was_made,
    "a window that is worked on": _ranked_then_worked_on,
    "rows without columns": _counted_without_any_column,
    "columns that others read": _read_by_two,
    "many columns that pass by": _passed_by,
    "what only the relation knows": _headed,
}


def _rows(frame: Any) -> list[tuple[Any, ...]]:
    names = names_of(frame)
    return sorted((tuple(row[name] for name in names) for row in rows(frame)), key=repr)


@pytest.mark.parametrize("steps", STEPS.values(), ids=STEPS)
def test_the_rows_are_those_of_the_steps_bound_one_by_one(relation: Any, steps: Any) -> None:
    bound = steps(nw.from_native(relation)).to_native()
    made = steps(nw.from_native(Unbound.of(relation)))

    assert bound.columns == names_of(made)
    assert sorted(bound.fetchall(), key=repr) == _rows(made)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The queries that are asked for."""
    texts: list[str] = []
    relation_of = Door.relation

    def told(self: Door, query: str) -> Any:
        texts.append(query)
        return relation_of(self, query)

    monkeypatch.setattr(Door, "relation", told)
    return texts


def test_no_step_is_bound(relation: Any, asked: list[str]) -> None:
    frame = nw.from_native(Unbound.of(relation))
    made = _shared(_joined("inner")(distinct(stacked([frame, frame, frame]))))
    before = [*asked]
    _rows(made)

    assert [] == before
    assert 1 == len(asked)


def test_rows_of_several_frames_are_stacked(relation: Any) -> None:
    frame = nw.from_native(Unbound.of(relation)).select("id")
    few = frame.filter(nw.col("id") == 3)

    assert [(1,), (1,), (2,), (3,), (3,), (3,)] == _rows(stacked([frame, few, few]))
    assert [(3,), (3,)] == _rows(stacked([frame, few]).filter(nw.col("id") == 3))


def test_rows_are_distinct_with_what_is_null(relation: Any) -> None:
    frame = nw.from_native(Unbound.of(relation))

    assert [(1,), (2,), (3,)] == _rows(distinct(frame.select("id")))
    assert [(2, None), (3, 30)] == _rows(
        distinct(stacked([frame, frame]).filter(nw.col("id") > 1).select("id", "worth"))
    )


def test_texts_are_numbered_by_their_places(relation: Any) -> None:
    frame = nw.from_native(Unbound.of(relation))
    made = numbered(frame, "place", of="name", words=("c", "a")).select("name", "place")

    assert [("a", 1), ("a", 1), ("b", None), ("c", 0)] == _rows(made)


def test_a_kept_frame_is_a_table_that_goes_with_its_last_reader(relation: Any) -> None:
    tables = "select table_name from duckdb_tables() where table_name like 'partnerleads%'"
    frame = kept(nw.from_native(Unbound.of(relation)).filter(nw.col("id") > 1))
    reader = frame.select("name")
    del frame
    while_it_lives = relation.query("any", tables).fetchall()
    names = _rows(reader)
    del reader

    assert 1 == len(while_it_lives)
    assert [("a",), ("c",)] == names
    assert [] == relation.query("any", tables).fetchall()


def test_what_is_worked_out_twice_is_told_once(relation: Any, asked: list[str]) -> None:
    frame = nw.from_native(Unbound.of(relation))
    _rows(frame.select("id", "name", more=nw.col("worth") + 1).select(nw.col("more") * 2))
    _rows(_worked_on_what_is_read_twice(frame))
    once, twice = asked

    assert 1 == once.count("select")
    assert "name" not in once
    assert 2 == twice.count("select")


def test_a_few_rows_of_a_kept_frame_are_amended(relation: Any) -> None:
    frame = kept(nw.from_native(Unbound.of(relation)))
    few = kept(frame.filter(nw.col("id") == 1).with_columns(worth=nw.col("worth") * 10))
    made = amended(frame, few, on=["id", "name"])

    assert [(1, "a", 100), (1, "b", 200), (2, "a", None), (3, "c", 30)] == _rows(made)


def test_a_few_rows_of_polars_are_amended() -> None:
    pl = pytest.importorskip("polars")
    columns = {"id": [1, 1, 2, 3], "name": ["a", "b", "a", "c"], "worth": [10, 20, None, 30]}
    frame = nw.from_native(pl.LazyFrame(columns))
    few = frame.filter(nw.col("id") == 1).with_columns(worth=nw.col("worth") * 10)
    made = amended(frame, kept(few), on=["id", "name"])

    assert [(1, "a", 100), (1, "b", 200), (2, "a", None), (3, "c", 30)] == _rows(made)


def test_a_few_numbers_are_joined_as_a_frame(relation: Any) -> None:
    frame = nw.from_native(Unbound.of(relation))
    few = small(frame, {"id": [1, 3], "rate": [7, 9]})
    made = frame.join(few, on="id", how="inner").select("name", "rate")

    assert [("a", 7), ("b", 7), ("c", 9)] == _rows(made)


def test_names_may_hold_any_sign() -> None:
    with duckdb.connect() as connection:
        relation = connection.sql("""select 1 as "a ""b"" c", 2 as "select", 3 as "x.y" """)
        frame = nw.from_native(Unbound.of(relation))
        made = frame.filter(nw.col('a "b" c') == 1).select("x.y", 'a "b" c', s=nw.col("select"))

        assert ["x.y", 'a "b" c', "s"] == names_of(made)
        assert [(3, 1, 2)] == _rows(distinct(made))


def test_a_relation_that_was_given_values_is_read_as_any() -> None:
    with duckdb.connect() as connection:
        given = connection.sql("select * from range(5) as t(id) where id > ?", params=[2])
        made = nw.from_native(Unbound.of(given)).with_columns(next=nw.col("id") + 1)

        assert [(3, 4), (4, 5)] == _rows(made)
        assert [(3, 4), (4, 5)] == _rows(kept(made))


def test_a_relation_that_tells_no_connection_runs_all_by_itself(
    relation: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duckdb_door, "_connection_of", lambda _: None)
    frame = kept(nw.from_native(Unbound.of(relation)))
    few = kept(frame.filter(nw.col("id") == 1).with_columns(worth=nw.col("worth") * 10))

    assert [(1, "a", 10), (1, "b", 20), (2, "a", None), (3, "c", 30)] == _rows(frame)
    assert [(1, "a", 100), (1, "b", 200)] == _rows(few)


def test_what_the_relation_knows_outlives_the_stand_in(relation: Any) -> None:
    headed = _headed(nw.from_native(Unbound.of(relation))).to_native()

    assert [("a",), ("a",)] == headed.fetchall()


def test_nothing_is_run_while_a_result_is_half_read() -> None:
    with duckdb.connect() as connection:
        frame = nw.from_native(Unbound.of(connection.sql("from range(3)")))
        half_read = connection.execute("from range(10_000)")
        first = half_read.fetchone()
        with pytest.raises(duckdb.Error):
            kept(frame)
        with pytest.raises(duckdb.Error):
            rows(frame)

        assert (0,) == first
        assert 9_999 == len(half_read.fetchall())


def test_what_the_relation_of_a_kept_frame_knows_is_asked_of_it(relation: Any) -> None:
    frame = kept(nw.from_native(Unbound.of(relation)))

    assert [("a",), ("a",)] == _headed(frame).to_native().fetchall()


def test_a_list_is_searched_before_it_is_aggregated(relation: Any, asked: list[str]) -> None:
    frame = nw.from_native(Unbound.of(relation))
    known = frame.with_columns(known=nw.col("name").is_in(["a", "c"]).cast(nw.Int64))
    made = known.group_by("id").agg(nw.col("known").sum())

    assert [(1, 1), (2, 1), (3, 1)] == _rows(made)
    assert asked[-1].index("sum(") < asked[-1].index("(select") < asked[-1].index("contains(")


def test_many_columns_that_pass_by_are_told_by_a_star(relation: Any, asked: list[str]) -> None:
    _rows(_passed_by(nw.from_native(Unbound.of(relation))))

    assert 'select "lhs".*, "best" from (select * exclude ("more5", "place") replace (' in asked[-1]
