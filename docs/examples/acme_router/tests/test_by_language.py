"""The router keeps the laws of routers, and does what it is for; runs with unittest alone."""

from __future__ import annotations

import unittest
from datetime import UTC, datetime

from acme_router import ByLanguage
from attrs import evolve

from partnerleads import Lead
from partnerleads.routing import IsActive, Pool, Prospect, Recipient, RoutingContext, route
from partnerleads.testing import RouterCase, check_router

FINNISH = Prospect(lead_id="L1", facts=Lead(attributes={"language": "fi"}))
RECIPIENTS = (
    Recipient(recipient_id="aalto", expertise=["language:sv", "language:fi"], capacity=4),
    Recipient(recipient_id="berg", expertise=["language:sv"]),
    Recipient(recipient_id="koski", expertise=["language:fi"], capacity=4),
)
CONTEXT = RoutingContext(as_of=datetime(2026, 3, 2, 9, tzinfo=UTC), load={"aalto": 2, "koski": 1})


class ByLanguageTest(unittest.TestCase):
    """What the router promises."""

    def test_it_keeps_the_laws_of_routers(self) -> None:
        """Also on questions in which languages are spoken."""
        asked = RouterCase(recipients=RECIPIENTS, lead=FINNISH, context=CONTEXT)
        silent = evolve(asked, lead=Prospect(lead_id="L2"))

        check_router(ByLanguage, cases=[asked, silent])

    def test_whoever_speaks_the_language_and_has_most_room_is_first(self) -> None:
        """Two speak it; one of them has more open."""
        pool = Pool(RECIPIENTS, rules=(IsActive(),))

        decision = route(FINNISH, pool=pool, router=ByLanguage(), context=CONTEXT, depth=3)

        order = [place.recipient_id for place in decision.ranked]
        self.assertEqual(["koski", "aalto", "berg"], order)


if __name__ == "__main__":
    unittest.main()
