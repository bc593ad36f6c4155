"""Relations of DuckDB as text, bound only when they are read.

A relation is bound at every step that is taken, and a history takes some hundred. So narwhals is
given a stand-in, which writes its steps down as one query; whatever else is asked of it, the
relation of that query answers.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import count
from typing import Any
from weakref import finalize

from attrs import evolve, field, frozen

__all__ = ["Unbound"]

_NAMED = re.compile(r"""'(?:[^']|'')*'|("(?:[^"]|"")*")""")
"""Names in the text of an expression, or text between single quotes, which has none."""

_numbers = count(1)


def _new_name() -> str:
    return f"partnerleads_{next(_numbers)}"


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def _own(name: str) -> tuple[str, str]:
    """The texts that a column may have which bears their name without being told."""
    return _quoted(name), f'"lhs".{_quoted(name)}'


@frozen(eq=False, kw_only=True)
class _Plan:
    """A query.

    Attributes:
        columns: Names of its columns.
        source: What it reads: text, and the plans between.
        stacked: The plans whose rows it is all of, one after the other, if it is nothing else.
        items: What it selects, as text by name; empty for all that it reads.
        where: What rows have to meet.
        groups: What it groups by.
        name: Name of the table or view that it is, if it is nothing else.
        relation: What this name stands for, where it is no table.
        repeats: Whether reading it twice is no more work than reading its sources twice.
    """

    columns: Sequence[str]
    source: tuple[str | _Plan, ...] = ()
    stacked: tuple[_Plan, ...] = ()
    items: Mapping[str, str] = field(factory=dict)
    where: tuple[str, ...] = ()
    groups: str = ""
    name: str = ""
    relation: Any = None
    repeats: bool = True

    @property
    def parts(self) -> Iterator[_Plan]:
        """The plans that it reads."""
        yield from (part for part in self.source if isinstance(part, _Plan))
        yield from self.stacked

    def further(self) -> _Plan:
        """A plan of its rows that has room for items and conditions."""
        if self.name or self.items or self.stacked:
            return _Plan(columns=self.columns, source=(self,), repeats=self.repeats)
        return self

    def on(self, condition: str) -> _Plan:
        """A plan of its rows that has room for a condition; itself where nothing stands between."""
        made = [name for name, text in self.items.items() if text != _quoted(name)]
        if self.items and self.repeats and not any(_quoted(name) in condition for name in made):
            return self
        return self.further()

    def all(self, seen: set[_Plan]) -> Iterator[_Plan]:
        """Itself and all that it rests on, each once, after what it reads."""
        seen.add(self)
        for part in self.parts:
            if part not in seen:
                yield from part.all(seen)
        yield self


class _Query:
    """The text of a plan, which asks every plan for the columns alone that somebody reads.

    Args:
        plan: The plan.
    """

    def __init__(self, plan: _Plan) -> None:
        self.plan, self.plans = plan, [*plan.all(set())]
        self._read: dict[_Plan, set[str]] = defaultdict(set)
        self._read[plan] = {*plan.columns}
        for one in reversed(self.plans):  # whoever reads a plan comes before it
            self._ask_parts(one)
        reads = Counter(part for one in self.plans for part in one.parts)
        shared = [one for one in self.plans if reads[one] > 1 and not one.repeats]
        self._names = {one: f"partnerleads_part_{number}" for number, one in enumerate(shared)}

    def text(self) -> str:
        """The query."""
        first = ", ".join(f"{name} as ({self._text(one)})" for one, name in self._names.items())
        return f"{first and f'with {first} '}{self._text(self.plan)}"

    def _ask_parts(self, plan: _Plan) -> None:
        wanted = self._wanted(plan)
        told = (*self._items(plan).values(), *plan.where, plan.groups, *plan.source)
        text = " ".join(part for part in told if isinstance(part, str))
        named = {*_NAMED.findall(text)}
        for part in plan.parts:
            through = () if plan.items else wanted
            self._read[part].update(through, (n for n in part.columns if _quoted(n) in named))

    def _wanted(self, plan: _Plan) -> list[str]:
        """The columns of a plan that somebody reads; rows without any cannot be told."""
        read = self._read[plan]
        return [name for name in plan.columns if name in read] or [*plan.columns][:1]

    def _items(self, plan: _Plan) -> dict[str, str]:
        return {name: plan.items[name] for name in self._wanted(plan)} if plan.items else {}

    def _text(self, plan: _Plan) -> str:
        if plan.stacked:
            names = ", ".join(map(_quoted, self._wanted(plan)))
            each = (f"select {names} from {self._from(one)}" for one in plan.stacked)  # noqa: S608
            return " union all ".join(each)
        items = self._items(plan)
        if (inner := self._chosen_from(plan, items)) is not None:
            chosen = {_quoted(name): text for name, text in inner.items.items()}
            items = {name: chosen[text] for name, text in items.items()}
            plan = inner
        read = (part if isinstance(part, str) else self._from(part) for part in plan.source)
        source = "".join(read) or plan.name
        where = " and ".join(f"({one})" for one in plan.where)
        told = ", ".join(
            text if text in _own(name) else f"{text} as {_quoted(name)}"
            for name, text in items.items()
        )
        return (
            f"select {told or '*'}"  # noqa: S608 - expressions that narwhals wrote
            + (source and f" from {source}")
            + (where and f" where {where}")
            + (plan.groups and f" group by {plan.groups}")
        )

    def _chosen_from(self, plan: _Plan, items: Mapping[str, str]) -> _Plan | None:
        """The plan that one only chooses columns of, unless that has a name; such two are one."""
        if len(plan.source) != 1 or plan.where or plan.groups or not items:
            return None
        (inner,) = plan.parts
        known = {_quoted(name) for name in inner.items}
        return inner if known.issuperset(items.values()) and inner not in self._names else None

    def _from(self, plan: _Plan) -> str:
        """What a query that reads a plan calls it."""
        return plan.name or self._names.get(plan) or f"({self._text(plan)})"


class Unbound:
    """What narwhals takes for a relation of DuckDB.

    Args:
        plan: The query.
        door: Any relation of the connection.
        alias: What the conditions of a join call it.
    """

    def __init__(self, plan: _Plan, door: Any, alias: str = "") -> None:
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
        plan = _Plan(columns=relation.columns, name=_new_name(), relation=relation)
        return cls(plan, relation)

    def bound(self) -> Any:
        """The relation that it stands for."""
        return self._plan.relation or self._asked("")

    def kept(self) -> Unbound:
        """Its rows in a temporary table, which is dropped with the last query that reads it."""
        name = _new_name()
        # a relation tells its whole descent at every step; the number of rows made has none
        made = self._asked(f"create temp table {name} as ")
        plan = _Plan(columns=self.columns, name=name)
        finalize(plan, _drop, made, name).atexit = False  # pyrefly: ignore[missing-attribute]
        return Unbound(plan, made)

    def amend(self, few: Unbound, names: Iterable[str], *, on: Iterable[str]) -> None:
        """Change columns of a table where rows of a few are named alike, to what these say."""
        table, other = self._plan.name, few._plan.name
        values = ", ".join(f"{_quoted(name)} = {other}.{_quoted(name)}" for name in names)
        same = (f"{table}.{_quoted(name)} = {other}.{_quoted(name)}" for name in on)
        text = f"update {table} set {values} from {other} where {' and '.join(same)}"  # noqa: S608
        self._door.query(_new_name(), text)

    def _asked(self, command: str) -> Any:
        query = _Query(self._plan)
        text = f"{command}{query.text()}"
        for one in query.plans:
            if one.relation is not None:
                return one.relation.query(one.name, text)
        return self._door.query(_new_name(), text)

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
        return self._selected(items, groups=groups, repeats=False)

    def filter(self, condition: Any) -> Unbound:
        """The rows that meet a condition."""
        plan = self._plan.on(str(condition))
        return self._with(evolve(plan, where=(*plan.where, str(condition))))

    def join(self, other: Unbound, *, condition: Any, how: str) -> Unbound:
        """The rows joined with those of another, each called by its alias."""
        one, two = f" as {_quoted(self.alias)} {how} join ", f" as {_quoted(other.alias)} on "
        source = (self._plan, one, other._plan, f"{two}{condition}")
        return self._with(_Plan(columns=self.columns, source=source, repeats=False))

    def union(self, other: Unbound) -> Unbound:
        """The rows of both, which have the same columns."""
        rows = (*(self._plan.stacked or (self._plan,)), other._plan)
        return self._with(_Plan(columns=self.columns, stacked=rows, repeats=False))

    def with_texts(self, made: Mapping[str, str]) -> Unbound:
        """All columns, and some new or instead of them by the text of an expression."""
        columns = {name: _quoted(name) for name in self.columns} | {**made}
        return self._with(self._over(columns, repeats=self._plan.repeats))

    def distinct(self) -> Unbound:
        """The rows, each once."""
        columns = {name: _quoted(name) for name in self.columns}
        groups = ", ".join(columns.values())
        return self._with(self._over(columns, groups=groups, repeats=False))

    def made(self, columns: Mapping[str, str]) -> Unbound:
        """Rows of the same connection that are made of nothing but the text of expressions."""
        return self._with(_Plan(columns=[*columns], items=columns))

    def _with(self, plan: _Plan) -> Unbound:
        return Unbound(plan, self._door)

    def _over(self, columns: Mapping[str, str], **parts: Any) -> _Plan:
        return evolve(self._plan.further(), columns=[*columns], items=columns, **parts)

    def _selected(self, items: Iterable[Any], *, repeats: bool, groups: str = "") -> Unbound:
        columns: dict[str, str] = {}
        for item in items:
            if str(item) in ("*", "lhs.*"):
                columns |= {name: _quoted(name) for name in self.columns}
            elif isinstance(item, str):
                columns[item] = _quoted(item)
            else:
                columns[item.get_name()] = str(item)
        windows = any(" over (" in text.lower() for text in columns.values())
        plan = self._over(columns, groups=groups, repeats=repeats and not windows)
        return self._with(plan)


def _drop(connected: Any, name: str) -> None:
    """Drop a temporary table by any relation of its connection, unless that is closed or busy."""
    from duckdb import Error  # noqa: PLC0415 - only where the frame is of DuckDB

    with suppress(Error):
        connected.query(name, f"drop table {name}")
