"""Wishes of a pool that give way after refusals."""

from __future__ import annotations

from attrs import evolve, frozen

from partnerleads.routing.checks import Check
from partnerleads.routing.context import RoutingContext
from partnerleads.routing.offers.policy import OfferPolicy
from partnerleads.routing.pool import Pool
from partnerleads.routing.preferences import Narrowing
from partnerleads.routing.prospect import Prospect
from partnerleads.routing.recipient import Recipient

__all__ = ["relaxed"]


@frozen
class _GivenWay:
    """A wish that nobody has to meet any more; a decision records it as relaxed."""

    wish: Narrowing

    @property
    def name(self) -> str:
        """The wish's own name."""
        return self.wish.name

    def level(self, _recipient: Recipient, _lead: Prospect, _context: RoutingContext, /) -> int:
        """Nobody stands out."""
        return 0

    def check(
        self, recipient: Recipient, lead: Prospect, context: RoutingContext, /, *, level: int
    ) -> Check:
        """What the wish sees; everybody passes."""
        seen = self.wish.check(recipient, lead, context, level=level)
        return evolve(seen, passed=True)


def relaxed(pool: Pool, policy: OfferPolicy, *, refusals: int) -> Pool:
    """The pool, where wishes have given way.

    Args:
        pool: The recipients, with rules and wishes.
        policy: After how many refusals which wish gives way.
        refusals: Offers of the lead that were declined or lapsed. [count]
    """
    given_way = {name for name, most in policy.relax_after.items() if refusals >= most}
    if not given_way:
        return pool
    wishes = (_GivenWay(wish) if wish.name in given_way else wish for wish in pool.preferences)
    return evolve(pool, preferences=tuple(wishes))
