"""The conditions of a mapping, bound to a file; values that no condition takes are counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from partnerleads.codecs.csv_files.cells import CellBinder
from partnerleads.codecs.csv_files.row import BAD, RowState
from partnerleads.codecs.csv_files.rules import CellRule, Condition, EventRule

__all__ = ["Test", "Unmatched", "bind_condition"]

Test: TypeAlias = Callable[[RowState], bool]


def bind_condition(test: Condition, binder: CellBinder, path: str) -> Test:
    """A function that says whether a row meets a condition."""
    if test.yes is not None:
        answer, asked = binder.value(test.cell, "yes_no", path), test.yes
        return lambda state: answer(state) is asked
    read, texts, present, negated = (
        binder.text(test.cell, path),
        test.texts,
        test.present,
        test.negated,
    )
    if texts is None:
        return lambda state: (read(state) is not None) is present
    if negated:
        return lambda state: read(state) not in texts
    return lambda state: read(state) in texts


class Unmatched:
    """Finds values of conditions' columns that no rule has a condition for.

    Columns that some rule asks anything else than which texts they hold are left alone.
    """

    def __init__(self, rules: Iterable[EventRule], binder: CellBinder) -> None:
        known: dict[CellRule, set[str]] = {}
        paths: dict[CellRule, str] = {}
        open_ended: set[CellRule] = set()
        for rule in rules:
            for test in rule.when:
                known.setdefault(test.cell, set()).update(test.texts or ())
                paths.setdefault(test.cell, f"{rule.label}.when")
                if test.texts is None or test.negated:
                    open_ended.add(test.cell)
        self._dirt = binder.dirt
        self._columns = [
            (cell.label, binder.text(cell, paths[cell]), texts)
            for cell, texts in known.items()
            if cell not in open_ended
        ]

    def count(self, state: RowState) -> None:
        """Count the values of a row that no rule takes."""
        for label, read, texts in self._columns:
            found = read(state)
            if found is not None and found is not BAD and found not in texts:
                self._dirt["no rule for", label, repr(found)] += 1
