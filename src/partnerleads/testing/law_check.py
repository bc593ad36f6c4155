"""A law as a check: asked of many cases, broken by the smallest that is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar

from attrs import field, frozen

from partnerleads.errors import BrokenLaw, OptionError

__all__ = ["Counterexample", "LawCheck", "broken_laws", "check_expectations"]

T = TypeVar("T")
C = TypeVar("C")

_SHRINKS = 400
"""Most smaller questions that are tried for one counterexample."""


@frozen
class Counterexample(Generic[C]):
    """A question on which a router or a scorer breaks a law.

    Attributes:
        case: The question, as small as was found.
        found: What is wrong with the answer.
        raised: Whether it raised, or gave an answer that cannot be used.
    """

    case: C
    found: str
    raised: bool = False

    def __str__(self) -> str:
        lines = str(self.case).splitlines()
        return "\n".join((self.found, *(f"  {line}" for line in lines)))


@frozen
class LawCheck(Generic[T, C]):
    """One law of routers or of scorers.

    Attributes:
        name: What to call it.
        words: The law.
        law: Takes what makes a new one each time, and a question; says what is wrong with the
            answer, None where nothing is.
        claim: Of which ones it is asked, by what they claim; None of all.
        effort: How many questions of another check one of this costs. [count]
        smaller: The questions that are like one and simpler.
    """

    name: str
    words: str
    law: Callable[[Callable[[], T], C], str | None] = field(repr=False)
    claim: str | None = None
    effort: int = 1
    smaller: Callable[[C], Iterator[C]] = field(repr=False, kw_only=True)

    def run(self, factory: Callable[[], T], cases: Iterable[C]) -> Counterexample[C] | None:
        """The smallest counterexample that is found; None where the law holds.

        Args:
            factory: Makes what is checked, a new one each time.
            cases: The questions to ask.
        """
        for case in cases:
            found = self._broken(factory, case)
            if found is not None:
                return self._smallest(factory, found)
        return None

    def _broken(self, factory: Callable[[], T], case: C) -> Counterexample[C] | None:
        try:
            found = self.law(factory, case)
        except Exception as error:  # noqa: BLE001 - whatever is raised breaks the law
            return Counterexample(case, f"raises {type(error).__name__}: {error}", raised=True)
        return None if found is None else Counterexample(case, found)

    def _smallest(self, factory: Callable[[], T], worst: Counterexample[C]) -> Counterexample[C]:
        """The counterexample after every step that leaves it one of the same kind."""
        tried = 0
        left = self.smaller(worst.case)
        while tried < _SHRINKS and (case := next(left, None)) is not None:
            tried += 1
            found = self._broken(factory, case)
            if found is not None and found.raised == worst.raised:
                worst, left = found, self.smaller(case)
        return worst


def check_expectations(
    reasons: Mapping[str, str], checks: Sequence[LawCheck[Any, Any]], *, of: str, examples: int
) -> None:
    """Refuse expectations of no check or without a reason, and asking nothing.

    Args:
        reasons: Why a law is expected to fail, by the name of its check.
        checks: The checks that are asked.
        of: What they are checks of.
        examples: How many questions are asked.

    Raises:
        OptionError: When something is none.
    """
    if examples < 1:
        raise OptionError("examples", examples, "must be at least 1")
    names = [check.name for check in checks]
    for name, reason in reasons.items():
        if name not in names:
            said = f"is no check of {of}; there are {', '.join(names)}"
            raise OptionError("expected_failures", name, said)
        if not reason.strip():
            raise OptionError("expected_failures", name, "needs a reason, in words")


def broken_laws(
    checks: Sequence[LawCheck[Any, Any]],
    found: Mapping[str, Counterexample[Any] | None],
    reasons: Mapping[str, str],
) -> Iterator[BrokenLaw]:
    """The laws that are broken, and those that hold against expectation.

    What raises does so in many checks: one that says so in its own words is enough, or the first.

    Args:
        checks: The checks that were asked.
        found: The counterexample of each, None where the law holds.
        reasons: Why a law is expected to fail, by the name of its check.
    """
    told = any(one is not None and not one.raised for one in found.values())
    for check in checks:
        one, reason = found[check.name], reasons.get(check.name)
        if one is None and reason is not None:
            words = f"it holds, and is expected to fail: {reason}; take it off expected_failures"
            yield BrokenLaw(check.name, check.words, words)
        elif one is not None and reason is None and not (told and one.raised):
            told = True
            yield BrokenLaw(check.name, check.words, str(one))
