"""Round robin by credit: everybody gets the share of turns that its weight asks for."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from attrs import frozen

from partnerleads.routing.context import RoutingContext
from partnerleads.routing.ordering import by_score, credits_of
from partnerleads.routing.prospect import Prospect
from partnerleads.routing.protocol import Candidates, Ranked
from partnerleads.routing.recipient import Recipient

__all__ = ["RoundRobin"]

_NOTHING = Fraction(0)


@frozen
class RoundRobin:
    """Whoever has saved up most of a turn is first; ties by least recently chosen, then id.

    Each lead adds to everybody eligible its weight by the weight of all eligible, and takes one
    from the chosen: exactly, so that credits always add up to 0. Who is not eligible earns nothing,
    and a newcomer starts at 0: neither is flooded with turns afterwards. In a pool that does not
    change nobody gets a whole lead more than its share; with equal weights counts differ by at
    most 1.

    Source:
        Smooth weighted round robin as in web servers, per lead and over the eligible alone; the
        fair share is that of the carpool problem, Fagin and Williams 1983.
    """

    def rank(
        self, lead: Prospect, candidates: Candidates, context: RoutingContext, /
    ) -> Iterator[Ranked]:
        """The candidates by their credit."""
        del lead
        credit = credits_of(candidates, context)
        saved = context.credits

        def parts(one: Recipient) -> dict[str, Fraction]:
            name = one.recipient_id
            return {"saved": saved.get(name, _NOTHING), "share": credit.share(name)}

        return by_score(
            candidates,
            context,
            score=lambda one: credit.units[one.recipient_id],
            parts=parts,
        )
