"""The laws of routers as checks: each with a name, the law in words, and a way to run it."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import field, frozen

from partnerleads.testing import router_answer_laws as answer
from partnerleads.testing import router_claim_laws as claimed
from partnerleads.testing import router_pure_laws as pure
from partnerleads.testing import router_stream_laws as stream
from partnerleads.testing.router_answer_laws import Factory, Law
from partnerleads.testing.router_cases import RouterCase
from partnerleads.testing.router_shrinking import smaller

__all__ = ["Counterexample", "RouterCheck", "router_checks"]

_SHRINKS = 400
"""Most smaller questions that are tried for one counterexample."""


@frozen
class Counterexample:
    """A question on which a router breaks a law.

    Attributes:
        case: The question, as small as was found.
        found: What is wrong with the answer.
        raised: Whether the router raised, or `route` refused its answer.
    """

    case: RouterCase
    found: str
    raised: bool = False

    def __str__(self) -> str:
        lines = str(self.case).splitlines()
        return "\n".join((self.found, *(f"  {line}" for line in lines)))


@frozen
class RouterCheck:
    """One law of routers.

    Attributes:
        name: What to call it.
        words: The law.
        law: What is wrong with one answer; None where nothing is.
        claim: Of which routers it is asked: ``rotation`` or ``score``; None of all.
        effort: How many questions of another check one of this costs. [count]
    """

    name: str
    words: str
    law: Law = field(repr=False)
    claim: str | None = None
    effort: int = 1

    def run(self, factory: Factory, cases: Iterable[RouterCase]) -> Counterexample | None:
        """The smallest counterexample that is found; None where the law holds.

        Args:
            factory: Makes the router.
            cases: The questions to ask.
        """
        for case in cases:
            found = self._broken(factory, case)
            if found is not None:
                return self._smallest(factory, found)
        return None

    def _broken(self, factory: Factory, case: RouterCase) -> Counterexample | None:
        try:
            found = self.law(factory, case)
        except Exception as error:  # noqa: BLE001 - whatever a router raises breaks the law
            return Counterexample(case, f"raises {type(error).__name__}: {error}", raised=True)
        return None if found is None else Counterexample(case, found)

    def _smallest(self, factory: Factory, worst: Counterexample) -> Counterexample:
        """The counterexample after every step that leaves it one of the same kind."""
        tried = 0
        left = smaller(worst.case)
        while tried < _SHRINKS and (case := next(left, None)) is not None:
            tried += 1
            found = self._broken(factory, case)
            if found is not None and found.raised == worst.raised:
                worst, left = found, smaller(case)
        return worst


def router_checks() -> tuple[RouterCheck, ...]:
    """All checks, in the order in which they run: those of all routers, then those of claims.

    >>> [check.name for check in router_checks() if check.claim == "score"]
    ['raised_score', 'dominance', 'independence']
    """
    return _CHECKS


_CHECKS = (
    RouterCheck(
        "answers", "It answers every question with places, and raises nothing.", answer.answers
    ),
    RouterCheck(
        "eligible_only", "It names only those who may take the lead.", answer.eligible_only
    ),
    RouterCheck("named_once", "It names nobody twice.", answer.named_once),
    RouterCheck(
        "finite_scores", "Every score has parts, and they are finite numbers.", answer.finite_scores
    ),
    RouterCheck(
        "parts_make_score",
        "Every score is the sum of the parts that it shows.",
        answer.parts_make_score,
    ),
    RouterCheck(
        "best_first",
        "No score stands after a lower one, but in a draw or a chain.",
        answer.best_first,
    ),
    RouterCheck(
        "ties_told", "Where equal scores do not stand by id, their ties say why.", answer.ties_told
    ),
    RouterCheck(
        "sound_propensities",
        "Chances lie between 0 and 1, add up to 1, and are those of the candidates alone.",
        answer.sound_propensities,
    ),
    RouterCheck(
        "drawn_as_stated",
        "Over many seeds everybody is first as often as its chance says, without chances always.",
        answer.drawn_as_stated,
        effort=10,
    ),
    RouterCheck(
        "repeatable",
        "The same arguments give the same answer and record, from it and from another one.",
        pure.repeatable,
    ),
    RouterCheck(
        "order_free",
        "The order of the recipients and of what the context holds does not matter.",
        pure.order_free,
    ),
    RouterCheck(
        "read_apart",
        "Two orders that are read at the same time do not disturb each other.",
        pure.read_apart,
    ),
    RouterCheck("changes_nothing", "It changes nothing that it is given.", pure.changes_nothing),
    RouterCheck(
        "parameters_only",
        "Its own fields are frozen parameters of plain values.",
        pure.parameters_only,
    ),
    RouterCheck("no_clock", "It reads no clock.", pure.no_clock),
    RouterCheck(
        "no_hidden_chance", "It draws chance from the context alone.", pure.no_hidden_chance
    ),
    RouterCheck(
        "ineligible_irrelevant",
        "Whoever may not take the lead changes no choice by being there.",
        pure.ineligible_irrelevant,
    ),
    RouterCheck(
        "decided_once", "A decided lead keeps its decision.", stream.decided_once, effort=2
    ),
    RouterCheck(
        "within_capacity",
        "Lead after lead, nobody is given more than it has room for.",
        stream.within_capacity,
        effort=2,
    ),
    RouterCheck(
        "replayed",
        "The same leads again give the same decisions, byte for byte.",
        stream.replayed,
        effort=4,
    ),
    RouterCheck(
        "equal_turns",
        "With equal weights nobody is ever two leads ahead of another.",
        claimed.equal_turns,
        claim="rotation",
        effort=4,
    ),
    RouterCheck(
        "weighted_turns",
        "Nobody ever has a whole lead more than its weight asks for.",
        claimed.weighted_turns,
        claim="rotation",
        effort=4,
    ),
    RouterCheck(
        "newcomer_not_flooded",
        "A newcomer never has a whole lead more than its share since it came.",
        claimed.newcomer_not_flooded,
        claim="rotation",
        effort=20,
    ),
    RouterCheck(
        "newcomer_not_starved",
        "A newcomer of weight w gets a lead within 2 * (sum of weights) / w leads, rounded up.",
        claimed.newcomer_not_starved,
        claim="rotation",
        effort=20,
    ),
    RouterCheck(
        "raised_score",
        "Whoever scores higher, and nothing else changes, stands no lower.",
        claimed.raised_score,
        claim="score",
        effort=2,
    ),
    RouterCheck(
        "dominance",
        "Of two alike, the one with more in every table stands first.",
        claimed.dominance,
        claim="score",
    ),
    RouterCheck(
        "independence",
        "Without one of the candidates the others stand as they stood.",
        claimed.independence,
        claim="score",
    ),
)
