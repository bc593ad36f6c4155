"""The way to the connection of a relation of DuckDB, by which statements are run."""

from __future__ import annotations

from contextlib import suppress
from itertools import count
from typing import Any

from attrs import Factory, field, frozen

__all__ = ["Door", "new_name"]

_numbers = count(1)


def new_name() -> str:
    """A name that no table of the connection has."""
    return f"partnerleads_{next(_numbers)}"


def _connection_of(relation: Any) -> Any | None:
    """The connection of a relation, where that tells it.

    A relation runs statements, too, but reads the text of each four times over.
    """
    return getattr(relation, "_con", None)


@frozen(eq=False)
class Door:
    """The way to the connection of a relation.

    Attributes:
        known: Any relation of the connection.
    """

    known: Any
    _connection: Any | None = field(
        init=False, default=Factory(lambda self: _connection_of(self.known), takes_self=True)
    )

    def run(self, statement: str) -> None:
        """Run a statement that gives no rows.

        Unlike others of its methods, this one of a connection refuses to run anything while a
        result is half read, rather than to lose the rest of that.
        """
        if self._connection is None:
            self.known.query(new_name(), statement)
        else:  # all statements of a script but the last are run at once, and each is parsed once
            self._connection.sql(f"{statement}\n; select 1")

    def relation(self, query: str) -> Any:
        """A relation of the rows of a query."""
        if self._connection is None:
            return self.known.query(new_name(), query)
        return self._connection.sql(query)

    def viewed(self, relation: Any, name: str) -> bool:
        """Whether there is, from now on, a temporary view of a relation by a name.

        There is none of a relation that was given values, which are no part of its text.
        """
        from duckdb import Error  # noqa: PLC0415 - only where the frame is of DuckDB

        try:
            self.run(f"create temp view {name} as {relation.sql_query()}")
        except Error:
            return False
        return True

    def drop(self, kind: str, name: str) -> None:
        """Drop a table or view, unless the connection is closed or busy."""
        from duckdb import Error  # noqa: PLC0415 - only where the frame is of DuckDB

        with suppress(Error):
            self.run(f"drop {kind} {name}")
