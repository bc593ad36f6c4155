"""Relations of DuckDB as text, bound only when they are read.

A relation is bound at every step that is taken, and a history takes some hundred. So narwhals is
given a stand-in, which writes its steps down as one query; whatever else is asked of it, the
relation of that query answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any
from weakref import finalize

from attrs import evolve

from partnerleads.frames.duckdb_door import Door, new_name
from partnerleads.frames.query_text import Plan, Query, quoted

__all__ = ["Unbound"]

_LONG = 1000
"""To parse and bind so long a query again takes longer than to keep its rows. [characters]"""


class Unbound:
    """What narwhals takes for a relation of DuckDB.

    Args:
        plan: The query.
        door: The way to the connection.
        alias: What the conditions of a join call it.
    """

    def __init__(self, plan: Plan, door: Door, alias: str = "") -> None:
        self._plan, self._door, self.alias = plan, door, alias

    @property  # type: ignore[misc]
    def __class__(self) -> Any:  # what `isinstance` goes by
        from duckdb import DuckDBPyRelation  # noqa: PLC0415 - only where the frame is of DuckDB

        return DuckDBPyRelation

    def __getattr__(self, name: str) -> Any:
        return getattr(self.bound(), name)

    @classmethod
    def of(cls, relation: Any) -> Unbound:
        """The stand-in of a relation."""
        door = Door(relation)
        name = new_name()
        viewed = door.viewed(relation, name)
        plan = Plan(columns=relation.columns, name=name, relation=relation, viewed=viewed)
        if viewed:
            _dropped_with(plan, door, "view")
        return cls(plan, door)

    def bound(self) -> Any:
        """The relation that it stands for, which may outlive it."""
        if self._plan.relation is not None:
            return self._plan.relation
        query = self._query
        for one in query.plans:
            if one.relation is not None:
                return one.relation.query(one.name, query.text)
        return self._door.relation(query.text)

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows."""
        return self.kept().fetchall() if self._is_long else self._asked().fetchall()

    def to_arrow_table(self) -> Any:
        """All rows as a table of Arrow."""
        return self.kept().to_arrow_table() if self._is_long else self._asked().to_arrow_table()

    @property
    def _is_long(self) -> bool:
        """Whether it takes long to parse and bind, which is done twice to what is read."""
        return len(self._query.text) > _LONG

    @cached_property
    def _query(self) -> Query:
        return Query(self._plan)

    def kept(self) -> Unbound:
        """Its rows in a temporary table, which is dropped with the last query that reads it."""
        plan = Plan(columns=self.columns, name=new_name())
        self._asked(f"create temp table {plan.name} as ")
        _dropped_with(plan, self._door, "table")
        return self._with(plan)

    def amend(self, few: Unbound, names: Iterable[str], *, on: Iterable[str]) -> None:
        """Change columns of a table where rows of a few are named alike, to what these say."""
        table, other = self._plan.name, few._plan.name
        values = ", ".join(f"{quoted(name)} = {other}.{quoted(name)}" for name in names)
        same = (f"{table}.{quoted(name)} = {other}.{quoted(name)}" for name in on)
        text = f"update {table} set {values} from {other} where {' and '.join(same)}"  # noqa: S608
        self._door.run(text)

    def _asked(self, command: str = "") -> Any:
        """The relation of its query, to be read at once; nothing where a command is run with it."""
        query = self._query
        text = f"{command}{query.text}"
        for one in query.plans:
            if one.relation is not None and not one.viewed:
                return one.relation.query(one.name, text)
        return self._door.run(text) if command else self._door.relation(text)

    # --- steps, as narwhals takes them ------------------------------------------------------------

    @property
    def columns(self) -> list[str]:
        """Names of its columns."""
        return [*self._plan.columns]

    def set_alias(self, alias: str) -> Unbound:
        """The same query, called otherwise."""
        return Unbound(self._plan, self._door, alias)

    def select(self, *items: Any) -> Unbound:
        """Expressions over its rows."""
        return self._selected(items, repeats=self._plan.repeats)

    def aggregate(self, items: Sequence[Any], groups: str = "") -> Unbound:
        """Aggregates of its rows, by groups or of all."""
        return self._selected(items, groups=groups, repeats=False, plain=False)

    def filter(self, condition: Any) -> Unbound:
        """The rows that meet a condition."""
        plan = self._plan.on(str(condition))
        return self._with(evolve(plan, where=(*plan.where, str(condition))))

    def join(self, other: Unbound, *, condition: Any, how: str) -> Unbound:
        """The rows joined with those of another, each called by its alias."""
        one, two = f" as {quoted(self.alias)} {how} join ", f" as {quoted(other.alias)} on "
        source = (self._plan, one, other._plan, f"{two}{condition}")
        return self._with(Plan(columns=self.columns, source=source, repeats=False))

    def union(self, other: Unbound) -> Unbound:
        """The rows of both, which have the same columns."""
        rows = (*(self._plan.stacked or (self._plan,)), other._plan)
        return self._with(Plan(columns=self.columns, stacked=rows, repeats=False))

    def with_texts(self, made: Mapping[str, str]) -> Unbound:
        """All columns, and some new or instead of them by the text of an expression."""
        columns = {name: quoted(name) for name in self.columns} | {**made}
        return self._with(self._over(columns, repeats=self._plan.repeats))

    def distinct(self) -> Unbound:
        """The rows, each once."""
        columns = {name: quoted(name) for name in self.columns}
        groups = ", ".join(columns.values())
        return self._with(self._over(columns, groups=groups, repeats=False, plain=False))

    def made(self, columns: Mapping[str, str]) -> Unbound:
        """Rows of the same connection that are made of nothing but the text of expressions."""
        return self._with(Plan(columns=[*columns], items=columns, plain=False))

    def _with(self, plan: Plan) -> Unbound:
        return Unbound(plan, self._door)

    def _over(self, columns: Mapping[str, str], **parts: Any) -> Plan:
        return evolve(self._plan.further(), columns=[*columns], items=columns, **parts)

    def _selected(
        self, items: Iterable[Any], *, repeats: bool, groups: str = "", plain: bool = True
    ) -> Unbound:
        columns: dict[str, str] = {}
        for item in items:
            text = str(item)  # of an expression it takes long
            if text in ("*", "lhs.*"):
                columns |= {name: quoted(name) for name in self.columns}
            elif isinstance(item, str):
                columns[item] = quoted(item)
            else:
                columns[item.get_name()] = text
        windows = any(" over (" in text.lower() for text in columns.values())
        repeats, plain = repeats and not windows, plain and not windows
        plan = self._over(columns, groups=groups, repeats=repeats, plain=plain)
        return self._with(plan)


def _dropped_with(plan: Plan, door: Door, kind: str) -> None:
    """Drop a table or view with the last query that reads it, but not when Python ends."""
    gone = finalize(plan, door.drop, kind, plan.name)
    gone.atexit = False  # pyrefly: ignore[missing-attribute]
