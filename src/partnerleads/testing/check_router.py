"""Whether a router keeps the laws of routers: one call, one error with all that is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from random import Random
from typing import Any

from partnerleads.errors import OptionError, RouterCheckError
from partnerleads.model import FrozenMap
from partnerleads.routing.protocol import checked_router
from partnerleads.testing.law_check import broken_laws, check_expectations
from partnerleads.testing.router_answer_laws import Factory
from partnerleads.testing.router_cases import RouterCase, router_case
from partnerleads.testing.router_checks import RouterCheck, router_checks

__all__ = ["check_router"]

_CLAIMS = ("rotation", "score")
_NONE: FrozenMap[str, str] = FrozenMap()


def check_router(
    factory: Factory,
    *,
    claims: Iterable[str] = (),
    expected_failures: Mapping[str, str] = _NONE,
    tables: Iterable[str] = ("plv", "close_rate"),
    other_tables: Iterable[str] = (),
    cases: Iterable[RouterCase] = (),
    examples: int = 100,
    seed: int = 0,
) -> None:
    """Check that a router keeps the laws of routers, on random questions; works in any test runner.

    Args:
        factory: Makes the router, a new one each time: a class without arguments, or a function.
        claims: What it promises besides: ``rotation``, fair turns by weight; ``score``, that it
            goes by the tables of scores, the higher the better.
        expected_failures: Why a law does not hold of it, by the name of the check. A law that is
            expected to fail must fail.
        tables: Names of the tables of scores that it reads from the context, the more the better.
        other_tables: Names of those that it reads otherwise, such as one of costs.
        cases: Questions of your own, asked before the random ones.
        examples: How many random questions to ask for each check; slow checks ask fewer. [count]
        seed: What the questions are drawn from; the same seed asks the same.

    Raises:
        RouterCheckError: When it breaks a law, or keeps one that is expected to fail; with every
            broken law and the smallest question that was found for it.
        OptionError: When the factory makes no router, or an option is none.

    >>> from partnerleads.routing import RoundRobin
    >>> check_router(RoundRobin, claims=["rotation"], examples=5)
    """
    claimed, reasons, own = _claims(claims), dict(expected_failures), tuple(cases)
    named = {"tables": tuple(tables), "other_tables": tuple(other_tables)}
    asked = [check for check in router_checks() if check.claim in (None, *claimed)]
    _check_factory(factory)
    check_expectations(reasons, asked, of="this router", examples=examples)
    found = {
        check.name: check.run(factory, chain(own, _drawn(check, named, examples, seed)))
        for check in asked
    }
    broken = tuple(broken_laws(asked, found, reasons))
    if broken:
        raise RouterCheckError(type(factory()).__name__, broken)


def _claims(claims: Iterable[str]) -> tuple[str, ...]:
    found = (claims,) if isinstance(claims, str) else tuple(claims)
    for claim in found:
        if claim not in _CLAIMS:
            raise OptionError("claims", claim, f"is no claim; there are {', '.join(_CLAIMS)}")
    return found


def _check_factory(factory: Any) -> None:
    if not callable(factory):
        reason = "makes no router; pass the class, or a function such as lambda: ByPlv(missing=1)"
        raise OptionError("factory", factory, reason)
    checked_router(factory())


def _drawn(
    check: RouterCheck, named: Mapping[str, tuple[str, ...]], examples: int, seed: int
) -> Iterator[RouterCase]:
    """The random questions of one check."""
    random = Random(f"{seed}/{check.name}")
    for _ in range(max(examples // check.effort, 1)):
        yield router_case(random, **named)
