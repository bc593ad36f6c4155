"""Whether a scorer keeps the laws of scorers: one call, one error with all that is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from random import Random
from typing import Any

from partnerleads.errors import OptionError, ScorerCheckError
from partnerleads.model import FrozenMap
from partnerleads.scoring.protocol import checked_scorer
from partnerleads.testing.check_scorer_cases import ScorerCase, scorer_case
from partnerleads.testing.check_scorer_laws import Factory, ScorerCheck, scorer_checks
from partnerleads.testing.law_check import broken_laws, check_expectations

__all__ = ["check_scorer"]

_NONE: FrozenMap[str, str] = FrozenMap()


def check_scorer(
    factory: Factory,
    *,
    expected_failures: Mapping[str, str] = _NONE,
    cases: Iterable[ScorerCase] = (),
    examples: int = 100,
    seed: int = 0,
) -> None:
    """Check that a scorer keeps the laws of scorers, on random leads; works in any test runner.

    Args:
        factory: Makes the scorer, a new one each time: a class without arguments, or a function.
        expected_failures: Why a law does not hold of it, by the name of the check. A law that is
            expected to fail must fail.
        cases: Leads of your own, asked before the random ones.
        examples: How many random leads to ask about for each check. [count]
        seed: What the leads are drawn from; the same seed draws the same.

    Raises:
        ScorerCheckError: When it breaks a law, or keeps one that is expected to fail; with every
            broken law and the smallest lead that was found for it.
        OptionError: When the factory makes no scorer, or an option is none.

    >>> from partnerleads.scoring import DEFAULT_RULES
    >>> check_scorer(lambda: DEFAULT_RULES, examples=5)
    """
    reasons, own = dict(expected_failures), tuple(cases)
    _check_factory(factory)
    check_expectations(reasons, scorer_checks(), of="scorers", examples=examples)
    found = {
        check.name: check.run(factory, chain(own, _drawn(check, examples, seed)))
        for check in scorer_checks()
    }
    broken = tuple(broken_laws(scorer_checks(), found, reasons))
    if broken:
        raise ScorerCheckError(type(factory()).__name__, broken)


def _check_factory(factory: Any) -> None:
    if not callable(factory):
        reason = "makes no scorer; pass the class, or a function such as lambda: DEFAULT_RULES"
        raise OptionError("factory", factory, reason)
    checked_scorer(factory())


def _drawn(check: ScorerCheck, examples: int, seed: int) -> Iterator[ScorerCase]:
    """The random leads of one check."""
    random = Random(f"{seed}/{check.name}")
    for _ in range(examples):
        yield scorer_case(random)
