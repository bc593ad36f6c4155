"""First-offer acceptances and their rate, worked by hand."""

from partnerleads import Period, kpis
from partnerleads.testing import at, history

# L1 accepted on the first offer, and kept.
# L2 declined by acme; bolt's later acceptance is no first offer.
# L3 a batch of two at one instant: acme declined, bolt accepted; accepted.
# L4 pending: not resolved.
# L5 withdrawn: leaves its batch, which is then empty; not resolved.
# L6 accepted, then returned by the same partner.
# L7 expired.
# L8 a batch of two: one declined, one pending; not resolved.
# L9 never offered; L10 offered and never captured: outside every population.
OFFERS = history("""
    2026-01-02 L1 captured region=DACH
    2026-01-03 L1 offered  by acme
    2026-01-04 L1 accepted by acme
    2026-01-02 L2 captured region=DACH
    2026-01-03 L2 offered  by acme
    2026-01-04 L2 declined by acme
    2026-01-05 L2 offered  by bolt
    2026-01-06 L2 accepted by bolt
    2026-01-02 L3 captured
    2026-01-03 L3 offered  by acme
    2026-01-03 L3 offered  by bolt
    2026-01-04 L3 declined by acme
    2026-01-05 L3 accepted by bolt
    2026-01-02 L4 captured
    2026-01-03 L4 offered  by acme
    2026-01-02 L5 captured
    2026-01-03 L5 offered  by acme
    2026-01-04 L5 offer_withdrawn by acme
    2026-01-02 L6 captured
    2026-02-03 L6 offered  by acme
    2026-02-04 L6 accepted by acme
    2026-02-05 L6 returned by acme
    2026-01-02 L7 captured
    2026-02-03 L7 offered  by acme
    2026-02-04 L7 expired  by acme
    2026-01-02 L8 captured
    2026-02-03 L8 offered  by acme
    2026-02-03 L8 offered  by bolt
    2026-02-04 L8 declined by acme
    2026-01-02 L9 captured
    2026-02-03 L10 offered  by acme
    2026-02-04 L10 accepted by acme
""")
NOW = at("2026-03-01")


def test_accepted_by_the_first_recipient_asked() -> None:
    # L1, L3, L6
    assert 3 == kpis.first_offer_acceptances(OFFERS, as_of=NOW).value


def test_returned_leads_leave_when_asked() -> None:
    # L1, L3; L6 was given back
    assert 2 == kpis.first_offer_acceptances(OFFERS, as_of=NOW, net_of_returns=True).value


def test_rate_over_leads_whose_first_offer_is_resolved() -> None:
    rate = kpis.first_offer_acceptance_rate(OFFERS, as_of=NOW)

    # resolved: L1, L2, L3, L6, L7; accepted: L1, L3, L6
    assert (3, 5, 0.6) == (rate.hits, rate.of, rate.value)


def test_rate_net_of_returns_keeps_the_returned_in_the_denominator() -> None:
    rate = kpis.first_offer_acceptance_rate(OFFERS, as_of=NOW, net_of_returns=True)

    assert (2, 5, 0.4) == (rate.hits, rate.of, rate.value)


def test_a_lead_belongs_to_the_period_of_its_first_offer() -> None:
    # offered in February: L6 and L7 are resolved, L6 accepted
    rate = kpis.first_offer_acceptance_rate(OFFERS, as_of=NOW, period=Period.month(2026, 2))

    assert (1, 2) == (rate.hits, rate.of)


def test_an_answer_after_the_moment_has_not_happened() -> None:
    rate = kpis.first_offer_acceptance_rate(OFFERS, as_of=at("2026-01-04 12:00"))

    # by then L1 accepted and L2 declined; of L3's batch only acme has answered
    assert (1, 2) == (rate.hits, rate.of)


def test_rate_is_undefined_where_nothing_is_resolved() -> None:
    rate = kpis.first_offer_acceptance_rate(OFFERS, as_of=at("2026-01-03"))

    assert rate.value is None
    assert rate.interval is None
    assert "there are no leads whose first offer is resolved" == rate.undefined_because


def test_an_answer_to_a_withdrawn_offer_counts() -> None:
    events = history("""
        2026-01-02 L1 captured
        2026-01-03 L1 offered by acme
        2026-01-04 L1 offer_withdrawn by acme
        2026-01-05 L1 accepted by acme
    """)

    assert 1 == kpis.first_offer_acceptances(events, as_of=NOW).value


def test_an_answer_after_the_next_offer_to_the_same_partner_is_not_the_first_ones() -> None:
    events = history("""
        2026-01-02 L1 captured
        2026-01-03 L1 offered by acme
        2026-01-05 L1 offered by acme
        2026-01-06 L1 accepted by acme
    """)

    assert 0 == kpis.first_offer_acceptances(events, as_of=NOW).value


def test_an_offer_id_tells_which_offer_was_answered() -> None:
    events = history("""
        2026-01-02 L1 captured
        2026-01-03 L1 offered by acme offer=o1
        2026-01-05 L1 offered by acme offer=o2
        2026-01-06 L1 accepted by acme offer=o1
    """)

    assert 1 == kpis.first_offer_acceptances(events, as_of=NOW).value


def test_one_offer_id_for_a_whole_batch_is_an_offer_to_each() -> None:
    events = history("""
        2026-01-02 L1 captured
        2026-01-03 L1 offered  by acme offer=o1
        2026-01-03 L1 offered  by bolt offer=o1
        2026-01-04 L1 declined by acme offer=o1
    """)

    # bolt has not answered yet
    assert 0 == kpis.first_offer_acceptance_rate(events, as_of=NOW).of


def test_an_offer_repeated_to_the_same_recipient_is_the_same_offer() -> None:
    events = history("""
        2026-01-02 L1 captured
        2026-01-03 L1 offered  by acme offer=o1
        2026-01-04 L1 offered  by acme offer=o1
        2026-01-05 L1 accepted by acme
    """)

    assert 1 == kpis.first_offer_acceptances(events, as_of=NOW).value
