"""What a solver of a batch is asked, as numbers alone, and the check of what it answers."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from math import fsum, isfinite
from operator import index
from typing import Any, Protocol

from attrs import field, frozen

from partnerleads.errors import OptionError, SolverError

__all__ = ["BatchProblem", "BatchSolver", "checked_choice", "pairs_of_leads", "total"]


_SAME = {"q": "ql", "d": "d"}
"""Under which names memory of 8 bytes a number may come."""


def _whole(value: Iterable[int]) -> memoryview[int]:
    return _column("q", value)


def _decimal(value: Iterable[float]) -> memoryview[float]:
    return _column("d", value)


def _column(kind: str, value: Any) -> memoryview[Any]:
    """Numbers side by side, copied as memory where they come as such."""
    try:
        shared = memoryview(value)
    except TypeError:
        shared = None
    if shared is None or shared.itemsize != 8 or shared.format not in _SAME[kind]:
        try:
            shared = memoryview(array(kind, iter(value)))
        except (TypeError, OverflowError) as error:
            raise OptionError("column", value, f"must hold numbers: {error}") from None
    return memoryview(shared.tobytes()).cast(kind)  # type: ignore[call-overload,no-any-return]


@frozen(kw_only=True)
class BatchProblem:
    """Leads, recipients with so many free slots, and what each pair that may be is worth.

    Leads and recipients are numbered from 0. Pairs are three columns of one length, given as lists,
    arrays of the standard library or of NumPy, and kept as read-only memory of 8 bytes a number
    that NumPy can look at without a copy.

    Attributes:
        slots: How many leads each recipient can take. [counts]
        count: How many leads there are. [count]
        leads: The lead of each pair.
        recipients: The recipient of each pair.
        values: What each pair is worth; below 0 it is worse than leaving the lead over.

    Raises:
        OptionError: When the columns differ in length, name a lead or a recipient that is not
            there, or when a value is not finite or a slot count negative.

    >>> problem = BatchProblem(slots=[1, 1], count=2, leads=[0, 0, 1], recipients=[0, 1, 0],
    ...                        values=[9.0, 8.0, 7.0])
    >>> len(problem)
    3
    """

    slots: memoryview[int] = field(converter=_whole, repr=False)
    count: int
    leads: memoryview[int] = field(converter=_whole, repr=False)
    recipients: memoryview[int] = field(converter=_whole, repr=False)
    values: memoryview[float] = field(converter=_decimal, repr=False)

    def __attrs_post_init__(self) -> None:
        if not len(self.leads) == len(self.recipients) == len(self.values):
            lengths = (len(self.leads), len(self.recipients), len(self.values))
            raise OptionError("values", lengths, "the columns differ in length")
        for name, column, end in (
            ("leads", self.leads, self.count),
            ("recipients", self.recipients, len(self.slots)),
        ):
            if len(column) and not 0 <= min(column) <= max(column) < end:
                worst = min(column) if min(column) < 0 else max(column)
                raise OptionError(name, worst, f"is none of the {end}, which count from 0")
        if len(self.slots) and min(self.slots) < 0:
            raise OptionError("slots", min(self.slots), "must be at least 0")
        if not all(map(isfinite, self.values)):
            worst_value = next(value for value in self.values if not isfinite(value))
            raise OptionError("values", worst_value, "must be finite numbers")

    def __len__(self) -> int:
        """How many pairs there are."""
        return len(self.values)

    def __reduce__(self) -> tuple[Any, ...]:
        """Memory itself cannot be pickled or copied, its bytes can."""
        whole = (self.slots, self.leads, self.recipients)
        return _restored, (self.count, *map(bytes, whole), bytes(self.values))


def _restored(count: int, *columns: bytes) -> BatchProblem:
    """A problem from the bytes of its columns."""
    slots, leads, recipients = (memoryview(column).cast("q") for column in columns[:3])
    values = memoryview(columns[3]).cast("d")
    return BatchProblem(slots=slots, count=count, leads=leads, recipients=recipients, values=values)


class BatchSolver(Protocol):
    """Chooses pairs: no lead twice, no recipient more often than it has slots.

    What it chooses is verified before it is followed. A function will do.
    """

    def __call__(self, problem: BatchProblem, /) -> Iterable[int]:
        """The numbers of the chosen pairs, from 0, in any order."""
        ...


def checked_choice(name: str, problem: BatchProblem, chosen: Iterable[int]) -> list[int]:
    """What a solver chose, once it is known that it may be followed: in order of the pairs.

    Args:
        name: The solver's name.
        problem: What it was asked.
        chosen: The numbers of the pairs.

    Raises:
        SolverError: When a number is no pair, a lead is given away twice, or a recipient has more
            leads than slots.
    """
    try:
        found = sorted(map(index, chosen))
    except TypeError as error:
        raise SolverError(name, f"must name pairs by their numbers: {error}") from None
    free = list(problem.slots)
    given: set[int] = set()
    for pair in found:
        if not 0 <= pair < len(problem):
            raise SolverError(name, f"chose pair {pair}, but there are {len(problem)}, from 0")
        lead, recipient = problem.leads[pair], problem.recipients[pair]
        if lead in given:
            raise SolverError(name, f"gave lead number {lead} away twice")
        given.add(lead)
        free[recipient] -= 1
        if free[recipient] < 0:
            slots = problem.slots[recipient]
            words = f"gave recipient number {recipient} more leads than its {slots} free slots"
            raise SolverError(name, words)
    return found


def total(problem: BatchProblem, chosen: Iterable[int]) -> float:
    """What chosen pairs are worth together."""
    return fsum(problem.values[pair] for pair in chosen)


def pairs_of_leads(problem: BatchProblem) -> list[list[int]]:
    """The numbers of the pairs of each lead, in order."""
    found: list[list[int]] = [[] for _ in range(problem.count)]
    for pair, lead in enumerate(problem.leads):
        found[lead].append(pair)
    return found
