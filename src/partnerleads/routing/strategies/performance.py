"""By performance: whoever won most of what it was given."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from attrs import field, frozen

from partnerleads.errors import OptionError
from partnerleads.routing.context import Outcome, RoutingContext
from partnerleads.routing.ordering import by_score
from partnerleads.routing.prospect import Prospect
from partnerleads.routing.protocol import Candidates, Ranked
from partnerleads.routing.recipient import Recipient

__all__ = ["ByPerformance", "expected_rate"]


def expected_rate(outcome: Outcome, prior: Outcome) -> Fraction:
    """The close rate to expect: the wins of both by the decided leads of both. [0..1]

    >>> str(expected_rate(Outcome(wins=1), Outcome(wins=1, losses=3)))
    '2/5'
    """
    return Fraction(outcome.wins + prior.wins, outcome.decided + prior.decided)


def some_of_each(_: object, __: object, value: Outcome) -> None:
    """An attrs validator of priors."""
    if min(value.wins, value.losses) < 1:
        reason = "must hold at least one win and one loss, such as Outcome(wins=1, losses=3)"
        raise OptionError("prior", value, reason)


@frozen(kw_only=True)
class ByPerformance:
    """The highest close rate is first; ties by least recently chosen, then id.

    The rate is drawn towards a prior, so that one lucky lead makes no champion. It learns
    nothing of those it does not choose: where a newcomer may be best, use Thompson sampling.

    Attributes:
        prior: Leads that everybody is taken to have had before. [counts]
        at_least: Who has fewer decided leads is not ranked, for a fallback to take over. [count]
    """

    prior: Outcome = field(default=Outcome(wins=1, losses=3), validator=some_of_each)
    at_least: int = 0

    def rank(
        self, lead: Prospect, candidates: Candidates, context: RoutingContext, /
    ) -> Iterator[Ranked]:
        """The candidates by their expected close rate."""
        del lead

        def outcome(one: Recipient) -> Outcome:
            return context.outcomes.get(one.recipient_id, Outcome())

        def score(one: Recipient) -> Fraction:
            return expected_rate(outcome(one), self.prior)

        known = [one for one in candidates if outcome(one).decided >= self.at_least]
        return by_score(known, context, score=score, parts=lambda one: {"close rate": score(one)})
