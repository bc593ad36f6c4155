"""Questions to a router: the same seed draws the same, and a printed one says what matters."""

from __future__ import annotations

from random import Random

from partnerleads import Lead, Money
from partnerleads.routing import HasCapacity, IsActive, Prospect, Recipient, RoutingContext
from partnerleads.testing import RouterCase
from partnerleads.testing.router_cases import NOW, router_case


def test_the_same_seed_draws_the_same_question() -> None:
    assert router_case(Random(7)) == router_case(Random(7))
    assert router_case(Random(7)) != router_case(Random(8))


def test_a_question_shows_what_was_set_and_nothing_else() -> None:
    case = RouterCase(
        recipients=[Recipient(recipient_id="acme", territories=["FR", "DE"], active=False)],
        lead=Prospect(lead_id="L1", facts=Lead(region="FR"), expected_value=Money.parse("500 EUR")),
        context=RoutingContext(as_of=NOW, load={"acme": 2}, scores={"plv": {"acme": 0.5}}),
        rules=[IsActive(), HasCapacity()],
    )

    lines = str(case).splitlines()

    assert [
        "lead Prospect(lead_id='L1', facts=Lead(region='FR'), expected_value=EUR 500.00)",
        "Recipient(recipient_id='acme', territories=['DE', 'FR'], active=False)",
        f"RoutingContext(as_of={NOW}, scores={{'plv': {{'acme': 0.5}}}}, load={{'acme': 2}})",
        "rules: active, capacity",
    ] == lines


def test_tables_in_which_more_is_better_are_told_from_the_others() -> None:
    case = router_case(Random(1), tables=["gain"], other_tables=["cost"])

    assert {"gain", "cost"} == set(case.context.scores)
    assert {"gain"} == set(case.scores)
