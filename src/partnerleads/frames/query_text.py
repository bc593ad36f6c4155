"""Queries of DuckDB as text, which asks for no more than somebody reads."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

from attrs import field, frozen

__all__ = ["Plan", "Query", "quoted"]

_NAMED = re.compile(r"""'(?:[^']|'')*'|("(?:[^"]|"")*")""")
"""Names in the text of an expression, or text between single quotes, which has none."""

_FREE = re.compile(r"""("lhs"\.)?"(?:[^"]|"")*"|TRUE|FALSE|[0-9]+|CAST\(NULL AS [A-Z]+\)""")
"""Texts that cost nothing, however often they are read."""

_SEVERAL = 4
"""So many columns, at least, are told by a star, which is read faster. [count]"""

_SEARCHED = "contains(["
"""A list that is searched; outside of aggregates it is joined, which is much faster."""


@lru_cache(maxsize=4096)
def quoted(name: str) -> str:
    """A name as the text of a query has it."""
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def _own(name: str) -> tuple[str, str]:
    """The texts that a column may have which bears their name without being told."""
    return quoted(name), f'"lhs".{quoted(name)}'


@frozen(eq=False, kw_only=True)
class Plan:
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
        viewed: Whether the connection knows that by its name.
        repeats: Whether reading it twice is no more work than reading its sources twice.
        plain: Whether each of its rows is made of one row that it reads, and of nothing else.
    """

    columns: Sequence[str]
    source: tuple[str | Plan, ...] = ()
    stacked: tuple[Plan, ...] = ()
    items: Mapping[str, str] = field(factory=dict)
    where: tuple[str, ...] = ()
    groups: str = ""
    name: str = ""
    relation: Any = None
    viewed: bool = False
    repeats: bool = True
    plain: bool = True

    @property
    def parts(self) -> Iterator[Plan]:
        """The plans that it reads."""
        yield from (part for part in self.source if isinstance(part, Plan))
        yield from self.stacked

    def further(self) -> Plan:
        """A plan of its rows that has room for items and conditions."""
        if self.name or self.items or self.stacked:
            return Plan(columns=self.columns, source=(self,), repeats=self.repeats)
        return self

    def on(self, condition: str) -> Plan:
        """A plan of its rows that has room for a condition; itself where nothing stands between."""
        made = [name for name, text in self.items.items() if text != quoted(name)]
        if self.items and self.repeats and not any(quoted(name) in condition for name in made):
            return self
        return self.further()

    def all(self, seen: set[Plan]) -> Iterator[Plan]:
        """Itself and all that it rests on, each once, after what it reads."""
        seen.add(self)
        for part in self.parts:
            if part not in seen:
                yield from part.all(seen)
        yield self


@frozen
class _Select:
    """What is selected of some rows.

    Attributes:
        items: Texts by name.
        where: What rows have to meet.
        groups: What they are grouped by.
    """

    items: Mapping[str, str]
    where: tuple[str, ...]
    groups: str

    def chooses(self, inner: Plan) -> bool:
        """Whether it only chooses columns of a plan, whatever that does."""
        known = {quoted(name) for name in inner.items}
        return not (self.where or self.groups) and known.issuperset(self.items.values())

    def works_on(self, inner: Plan) -> bool:
        """Whether it can be told over what a plan reads, with nothing worked out twice."""
        if not inner.plain:
            return False
        named = (_NAMED.findall(text) for text in (*self.items.values(), *self.where, self.groups))
        times = Counter(name for names in named for name in names)
        return all(
            times[quoted(name)] < 2 or _FREE.fullmatch(text) for name, text in inner.items.items()
        )

    def over(self, inner: Plan) -> _Select:
        """The same, told over what a plan reads."""
        known = {
            quoted(name): text if _FREE.fullmatch(text) else f"({text})"
            for name, text in inner.items.items()
        }
        if self.chooses(inner):
            known = {quoted(name): text for name, text in inner.items.items()}

        def told(text: str) -> str:
            return _NAMED.sub(lambda found: known.get(found[0], found[0]), text)

        items = {name: told(text) for name, text in self.items.items()}
        where = (*inner.where, *map(told, self.where))
        return _Select(items, where, inner.groups or told(self.groups))

    def text(self, source: str, all_: str, known: Sequence[str]) -> str:
        """The query over a source.

        Args:
            source: What it reads.
            all_: What selects all columns of it, or of the first of several that are joined.
            known: These columns, in order.
        """
        where = " and ".join(f"({one})" for one in self.where)
        star, passing = self._star(all_, known)
        told = [star] if star else []
        told += [
            text if text in _own(name) else f"{text} as {quoted(name)}"
            for name, text in self.items.items()
            if name not in passing
        ]
        return (
            f"select {', '.join(told) or '*'}"  # noqa: S608 - expressions that narwhals wrote
            + (source and f" from {source}")
            + (where and f" where {where}")
            + (self.groups and f" group by {self.groups}")
        )

    def _star(self, star: str, known: Sequence[str]) -> tuple[str, Sequence[str]]:
        """A star for most columns of a source, where they come first, and the columns it brings."""
        brought = [name for name in known if name in self.items]
        left = [quoted(name) for name in known if name not in self.items]
        first = [*self.items][: len(brought)]
        changed = [
            f"{self.items[name]} as {quoted(name)}"
            for name in brought
            if self.items[name] not in _own(name)
        ]
        enough = max(_SEVERAL, 2 * len(left), len(changed))
        if self.groups or first != brought or len(brought) - len(changed) < enough:
            return "", ()
        if left:
            star += f" exclude ({', '.join(left)})"
        if changed:
            star += f" replace ({', '.join(changed)})"
        return star, brought


class Query:
    """The text of a plan, which asks every plan for the columns alone that somebody reads.

    Args:
        plan: The plan.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan, self.plans = plan, [*plan.all(set())]
        self._read: dict[Plan, set[str]] = defaultdict(set)
        self._read[plan] = {*plan.columns}
        for one in reversed(self.plans):  # whoever reads a plan comes before it
            self._ask_parts(one)
        reads = Counter(part for one in self.plans for part in one.parts)
        shared = [one for one in self.plans if reads[one] > 1 and not one.repeats]
        self._names = {one: f"partnerleads_part_{number}" for number, one in enumerate(shared)}

    @cached_property
    def text(self) -> str:
        """The query."""
        first = ", ".join(f"{name} as ({self._text(one)})" for one, name in self._names.items())
        return f"{first and f'with {first} '}{self._text(self.plan)}"

    def _ask_parts(self, plan: Plan) -> None:
        wanted = self._wanted(plan)
        told = (*self._items(plan).values(), *plan.where, plan.groups, *plan.source)
        text = " ".join(part for part in told if isinstance(part, str))
        named = {*_NAMED.findall(text)}
        for part in plan.parts:
            through = () if plan.items else wanted
            self._read[part].update(through, (n for n in part.columns if quoted(n) in named))

    def _wanted(self, plan: Plan) -> list[str]:
        """The columns of a plan that somebody reads; rows without any cannot be told."""
        read = self._read[plan]
        return [name for name in plan.columns if name in read] or [*plan.columns][:1]

    def _items(self, plan: Plan) -> dict[str, str]:
        return {name: plan.items[name] for name in self._wanted(plan)} if plan.items else {}

    def _text(self, plan: Plan) -> str:
        if plan.stacked:
            names = ", ".join(map(quoted, self._wanted(plan)))
            each = (f"select {names} from {self._from(one)}" for one in plan.stacked)  # noqa: S608
            return " union all ".join(each)
        select = _Select(self._items(plan), plan.where, plan.groups)
        while (inner := self._under(plan, select)) is not None:
            plan, select = inner, select.over(inner)
        read = (part if isinstance(part, str) else self._from(part) for part in plan.source)
        all_ = '"lhs".*' if len(plan.source) > 1 else "*"
        return select.text("".join(read) or plan.name, all_, self._known(plan))

    def _known(self, plan: Plan) -> list[str]:
        """The columns of what a plan reads first, in order; none where it reads nothing."""
        first = next(plan.parts, None)
        if first is None:
            return [*plan.columns] if plan.name else []
        if first.name:
            return [*first.columns]
        if first.items or first.stacked:
            return self._wanted(first)
        return self._known(first) if len(first.source) == 1 else []

    def _under(self, plan: Plan, select: _Select) -> Plan | None:
        """The plan that a plan reads, where the two may be one; not where that has a name."""
        if len(plan.source) != 1 or not select.items:
            return None
        (inner,) = plan.parts
        searched = any(_SEARCHED in text for text in inner.items.values())
        if not inner.items or inner in self._names or (searched and not plan.plain):
            return None
        return inner if select.chooses(inner) or select.works_on(inner) else None

    def _from(self, plan: Plan) -> str:
        """What a query that reads a plan calls it."""
        return plan.name or self._names.get(plan) or f"({self._text(plan)})"
