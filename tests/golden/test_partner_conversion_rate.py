"""Partner conversion rate, worked by hand."""

from datetime import timedelta

import pytest

from partnerleads import Period, kpis
from partnerleads.errors import OptionError
from partnerleads.testing import at, history

NOW = at("2026-04-01")
# L1 accepted by acme, progressed after 5 days, lost
# L2 accepted by acme, returned, accepted by bolt, won after 30 days
# L3 accepted by a person, nothing since
# L4 progressed before the acceptance and not after it
# L5 progressed at the instant of the acceptance; open
# L6 never accepted
CONVERSIONS = history("""
    2026-01-02 L1 captured
    2026-01-03 L1 accepted   by acme
    2026-01-08 L1 progressed by acme
    2026-01-09 L1 lost
    2026-01-02 L2 captured
    2026-01-03 L2 accepted   by acme
    2026-01-04 L2 returned   by acme
    2026-01-10 L2 accepted   by bolt
    2026-02-02 L2 won        by bolt
    2026-01-02 L3 captured
    2026-02-03 L3 accepted   agent=ann
    2026-01-02 L4 captured
    2026-01-03 L4 progressed
    2026-01-04 L4 accepted   by bolt
    2026-01-02 L5 captured
    2026-01-03 L5 accepted   by bolt
    2026-01-03 L5 progressed
    2026-01-02 L6 captured
    2026-01-05 L6 won
""")


def test_accepted_leads_that_progressed_or_were_won_since() -> None:
    rate = kpis.partner_conversion_rate(CONVERSIONS, as_of=NOW)

    # L1, L2 and L5 of L1 to L5
    assert (3, 5, 0.6) == (rate.hits, rate.of, rate.value)


def test_current_state() -> None:
    rate = kpis.partner_conversion_rate(CONVERSIONS, as_of=NOW, count="current")

    # L1 was lost since
    assert (2, 5) == (rate.hits, rate.of)


def test_within_a_span_from_the_first_acceptance() -> None:
    def hits(**span: float) -> int:
        rate = kpis.partner_conversion_rate(CONVERSIONS, as_of=NOW, within=timedelta(**span))
        assert 5 == rate.of
        return int(rate.hits)

    # L5 at once, L1 after 5 days to the instant, L2 after 30
    assert [1, 1, 2, 2, 3] == [
        hits(days=0),
        hits(days=4, hours=23),
        hits(days=5),
        hits(days=29),
        hits(days=30),
    ]


def test_a_span_of_nothing_is_a_span() -> None:
    rate = kpis.partner_conversion_rate(CONVERSIONS, as_of=NOW, within=timedelta(0))

    assert "0:00:00" == rate.definition["within"]


def test_a_negative_span_is_refused() -> None:
    with pytest.raises(OptionError, match="within"):
        kpis.partner_conversion_rate(CONVERSIONS, as_of=NOW, within=timedelta(days=-1))


def test_credit_to_the_one_that_held_the_lead_when_it_converted() -> None:
    rate = kpis.partner_conversion_rate(CONVERSIONS, as_of=NOW, by="holder")

    assert {"acme": (1, 1), "ann": (0, 1), "bolt": (2, 3)} == {
        holder: (one.hits, one.of) for holder, one in rate.segments.items()
    }


def test_each_holders_own_spell() -> None:
    rate = kpis.partner_conversion_rate(CONVERSIONS, as_of=NOW, credit="spell", by="holder")

    # acme had L1 and L2 and converted L1; bolt had L2, L4, L5 and converted L2 and L5
    assert (3, 6) == (rate.hits, rate.of)
    assert {"acme": (1, 2), "ann": (0, 1), "bolt": (2, 3)} == {
        holder: (one.hits, one.of) for holder, one in rate.segments.items()
    }


def test_a_spell_is_placed_by_its_own_acceptance() -> None:
    events = history("""
        2026-01-02 L1 captured
        2026-01-03 L1 accepted by acme
        2026-02-03 L1 accepted by bolt
        2026-02-05 L1 won      by bolt
    """)
    january, february = Period.month(2026, 1), Period.month(2026, 2)

    def figure(period: Period) -> tuple[object, object]:
        rate = kpis.partner_conversion_rate(events, as_of=NOW, credit="spell", period=period)
        return rate.hits, rate.of

    assert ((0, 1), (1, 1)) == (figure(january), figure(february))


def test_acceptance_placed_by_the_first() -> None:
    rate = kpis.partner_conversion_rate(CONVERSIONS, as_of=NOW, period=Period.month(2026, 1))

    assert (3, 4) == (rate.hits, rate.of)


def test_conversion_before_the_acceptance_by_its_date_is_no_hit_and_stays() -> None:
    events = history("""
        2026-01-02 L1 captured
        2026-01-04 L1 accepted by acme
        2026-01-03 L1 won by acme
    """)
    rate = kpis.partner_conversion_rate(events, as_of=NOW, within=timedelta(days=9))

    assert (0, 1) == (rate.hits, rate.of)


def test_leads_with_a_vague_end_leave_and_are_counted() -> None:
    # whether it converted or not: else the unconverted would stay alone
    events = history("""
        2026-01-02 L1 captured
        2026-01-03 L1 accepted by acme precision=by
        2026-01-04 L1 won      by acme
        2026-01-02 L2 captured
        2026-01-03 L2 accepted by acme precision=by
        2026-01-02 L3 captured
        2026-01-03 L3 accepted by acme
        2026-01-04 L3 won      by acme precision=assumed
        2026-01-02 L4 captured
        2026-01-03 L4 accepted by acme
        2026-01-04 L4 won      by acme
    """)
    rate = kpis.partner_conversion_rate(events, as_of=NOW, within=timedelta(days=9))

    assert (1, 1) == (rate.hits, rate.of)
    assert {"an end is only known as 'by' or 'assumed'": 3} == rate.left_out_because
    # without a span, no time is needed
    assert (3, 4) == (
        kpis.partner_conversion_rate(events, as_of=NOW).hits,
        kpis.partner_conversion_rate(events, as_of=NOW).of,
    )


def test_leads_that_have_not_had_the_whole_time_are_warned_of() -> None:
    rate = kpis.partner_conversion_rate(
        CONVERSIONS, as_of=at("2026-02-10"), within=timedelta(days=30)
    )

    # L3 was accepted on 3 February; L4 on 4 January has had its time
    assert ["immature", "small"] == [warning.code for warning in rate.warnings]
    assert "of 1 the time is not over yet; the rate may still rise" == str(rate.warnings[0])


def test_a_spell_belongs_to_the_person_who_held_the_lead() -> None:
    events = history("""
        2026-01-02 L1 captured
        2026-01-03 L1 accepted by acme agent=ann
        2026-01-04 L1 returned by acme agent=ann
        2026-01-05 L1 accepted by beta agent=bob
        2026-01-06 L1 progressed by beta agent=bob
        2026-01-07 L1 won by beta agent=cy
    """)
    rate = kpis.partner_conversion_rate(events, as_of=NOW, credit="spell", by="agent")
    hits = {agent: (one.hits, one.of) for agent, one in rate.segments.items()}

    assert {"ann": (0, 1), "bob": (1, 1)} == hits
