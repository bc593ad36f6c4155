"""Offer acceptance, decline and expiry rate, worked by hand."""

import pytest

from partnerleads import Period, kpis
from partnerleads.testing import at, history

NOW = at("2026-03-01")
# L1 acme declines, bolt accepts: two offers, each resolved
# L2 expired with acme, then offered to acme again and accepted: two offers of one recipient
# L3 a batch: acme accepts, bolt is withdrawn without an answer
# L4 withdrawn, yet declined afterwards: the answer counts
# L5 pending; L6 offered in February and accepted by a person
# L7 never captured: outside every population
OFFERS = history("""
    2026-01-02 L1 captured region=DACH
    2026-01-03 L1 offered  by acme
    2026-01-04 L1 declined by acme reason="no capacity"
    2026-01-05 L1 offered  by bolt
    2026-01-06 L1 accepted by bolt
    2026-01-02 L2 captured
    2026-01-03 L2 offered  by acme offer=o1
    2026-01-04 L2 expired  by acme offer=o1
    2026-01-05 L2 offered  by acme offer=o2
    2026-01-06 L2 accepted by acme offer=o2
    2026-01-02 L3 captured region=DACH
    2026-01-03 L3 offered  by acme
    2026-01-03 L3 offered  by bolt
    2026-01-04 L3 accepted by acme
    2026-01-05 L3 offer_withdrawn by bolt
    2026-01-02 L4 captured
    2026-01-03 L4 offered  by bolt
    2026-01-04 L4 offer_withdrawn by bolt
    2026-01-05 L4 declined by bolt reason="wrong region"
    2026-01-02 L5 captured
    2026-01-03 L5 offered  by acme
    2026-01-02 L6 captured
    2026-02-03 L6 offered  agent=ann
    2026-02-04 L6 accepted agent=ann
    2026-01-03 L7 offered  by acme
    2026-01-04 L7 accepted by acme
""")
# resolved: L1 acme declined, L1 bolt accepted, L2 acme expired, L2 acme accepted, L3 acme accepted,
# L4 bolt declined, L6 ann accepted
RATES = (kpis.offer_acceptance_rate, kpis.offer_decline_rate, kpis.offer_expiry_rate)


def test_the_three_rates_over_the_offers_resolved() -> None:
    figures = [rate(OFFERS, as_of=NOW) for rate in RATES]

    assert [(4, 7), (2, 7), (1, 7)] == [(one.hits, one.of) for one in figures]
    assert [4 / 7, 2 / 7, 1 / 7] == [one.value for one in figures]
    assert {"offers resolved"} == {one.counted for one in figures}


def test_by_the_recipient_asked() -> None:
    acme, ann, bolt = (
        tuple(rate(OFFERS, as_of=NOW, by="holder").segments[who].hits for rate in RATES)
        for who in ("acme", "ann", "bolt")
    )

    assert ((2, 1, 1), (1, 0, 0), (1, 1, 0)) == (acme, ann, bolt)


def test_by_the_person_asked() -> None:
    rate = kpis.offer_acceptance_rate(OFFERS, as_of=NOW, by="agent")

    assert {"ann": (1, 1), None: (3, 6)} == {
        agent: (one.hits, one.of) for agent, one in rate.segments.items()
    }


def test_by_the_reason_of_the_answer() -> None:
    rate = kpis.offer_decline_rate(OFFERS, as_of=NOW, by="reason")

    assert {"no capacity": 1, "wrong region": 1, None: 0} == {
        reason: one.hits for reason, one in rate.segments.items()
    }


def test_placed_by_the_offer() -> None:
    rate = kpis.offer_acceptance_rate(OFFERS, as_of=NOW, period=Period.month(2026, 2))

    assert (1, 1, "offered") == (rate.hits, rate.of, rate.definition["anchor"])


def test_as_of_an_earlier_moment_later_answers_do_not_exist() -> None:
    # L2 had expired, L1 was declined, L3 accepted by the fourth; L4's withdrawal is no answer
    figures = [rate(OFFERS, as_of=at("2026-01-04")) for rate in RATES]

    assert [(1, 3), (1, 3), (1, 3)] == [(one.hits, one.of) for one in figures]


@pytest.mark.parametrize("rate", RATES)
def test_where_no_offer_is_resolved_there_is_no_rate(rate: object) -> None:
    figure = rate(OFFERS, as_of=at("2026-01-03"))  # type: ignore[operator]

    assert (None, "there are no offers resolved") == (figure.value, figure.undefined_because)
