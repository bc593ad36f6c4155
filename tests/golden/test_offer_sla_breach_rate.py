"""Offer SLA breach rate, worked by hand."""

from datetime import timedelta

import pytest

from partnerleads import Period, kpis
from partnerleads.errors import OptionError
from partnerleads.model import WorkingHours
from partnerleads.testing import at, history

NOW = at("2026-01-12")
HOUR = timedelta(hours=1)
OFFICE = WorkingHours.parse({"mon-fri": "09:00-17:00"})
# Friday 2 January 2026, 15:00, each by its own expiry:
# L1 accepted after two hours, its limit on the instant
# L2 declined on Monday at 10:00, two hours before its limit
# L3 accepted on Monday at 14:00, an hour late
# L4 expired at its limit: no answer
# L5 nothing yet; L6 states no limit, and was declined after an hour
# L7 withdrawn without an answer, after its limit
# L8 declined at once; its limit is still to come
OFFERS = history("""
    2026-01-02 L1 captured region=DACH
    2026-01-02 15:00 L1 offered  by acme expires_at="2026-01-02 17:00"
    2026-01-02 17:00 L1 accepted by acme
    2026-01-02 L2 captured
    2026-01-02 15:00 L2 offered  by acme expires_at="2026-01-05 12:00"
    2026-01-05 10:00 L2 declined by acme
    2026-01-02 L3 captured
    2026-01-02 15:00 L3 offered  by bolt expires_at="2026-01-05 13:00"
    2026-01-05 14:00 L3 accepted by bolt
    2026-01-02 L4 captured
    2026-01-02 15:00 L4 offered  by bolt expires_at="2026-01-03 15:00"
    2026-01-03 15:00 L4 expired  by bolt
    2026-01-02 L5 captured region=DACH
    2026-01-02 15:00 L5 offered  by acme expires_at="2026-01-04 15:00"
    2026-01-02 L6 captured region=DACH
    2026-01-02 15:00 L6 offered  by bolt
    2026-01-02 16:00 L6 declined by bolt
    2026-01-02 L7 captured
    2026-01-02 15:00 L7 offered  by bolt expires_at="2026-01-03 15:00"
    2026-01-04 L7 offer_withdrawn by bolt
    2026-01-02 L8 captured
    2026-01-02 15:00 L8 offered  by bolt expires_at="2026-02-01"
    2026-01-02 15:00 L8 declined by bolt
""")


def test_by_each_offers_own_limit() -> None:
    rate = kpis.offer_sla_breach_rate(OFFERS, as_of=NOW)

    # L3, L4 and L5 of L1 to L5
    assert (3, 5, 0.6) == (rate.hits, rate.of, rate.value)
    assert {"it states no expiry": 1} == rate.left_out_because
    assert "its own expiry" == rate.definition["within"]


def test_offers_whose_limit_is_to_come_are_not_judged_also_where_they_were_answered() -> None:
    def judged(moment: str) -> tuple[object, object]:
        rate = kpis.offer_sla_breach_rate(OFFERS, as_of=at(moment))
        return rate.hits, rate.of

    # L1 at 17:00; a day later L4 and, not yet withdrawn, L7
    assert [(0, 0), (0, 1), (2, 3)] == [
        judged(moment) for moment in ("2026-01-02 16:59", "2026-01-02 17:00", "2026-01-03 15:00")
    ]


def test_by_one_limit_for_all() -> None:
    rate = kpis.offer_sla_breach_rate(OFFERS, as_of=NOW, within=2 * HOUR)

    # in time are L1 on the instant, L6 and L8; late are L2 to L5; L7 was withdrawn
    assert (4, 7) == (rate.hits, rate.of)
    assert {} == rate.left_out_because
    assert "2:00:00" == rate.definition["within"]


def test_a_limit_judges_offers_as_old_as_it() -> None:
    def judged(moment: str) -> object:
        return kpis.offer_sla_breach_rate(OFFERS, as_of=at(moment), within=24 * HOUR).of

    assert [0, 8] == [judged("2026-01-03 14:59"), judged("2026-01-03 15:00")]


def test_a_limit_of_working_time() -> None:
    def figures(hours: int, moment: str = "2026-01-12") -> tuple[object, object]:
        rate = kpis.offer_sla_breach_rate(
            OFFERS, as_of=at(moment), within=hours * HOUR, working_hours=OFFICE
        )
        return rate.hits, rate.of

    # two hours on Friday, so L2 took three and L3 seven
    assert [(4, 7), (3, 7), (3, 7), (2, 7)] == [figures(hours) for hours in (2, 3, 6, 7)]
    # three hours are over on Monday at 10:00, with L5 and late L3 without an answer
    assert [(0, 0), (3, 7)] == [figures(3, "2026-01-05 09:59"), figures(3, "2026-01-05 10:00")]


def test_working_hours_without_a_limit_are_refused() -> None:
    with pytest.raises(OptionError, match=r"working_hours=.*pass within=, such as"):
        kpis.offer_sla_breach_rate(OFFERS, as_of=NOW, working_hours=OFFICE)


def test_a_limit_is_a_span_of_time() -> None:
    with pytest.raises(OptionError, match="within=24: pass a timedelta"):
        kpis.offer_sla_breach_rate(OFFERS, as_of=NOW, within=24)  # type: ignore[arg-type]


def test_by_the_recipient_asked_with_those_left_out_in_its_segment() -> None:
    rate = kpis.offer_sla_breach_rate(OFFERS, as_of=NOW, by=("holder", "region"))

    assert {
        ("acme", "DACH"): (1, 2, 0),
        ("acme", None): (0, 1, 0),
        ("bolt", "DACH"): (0, 0, 1),
        ("bolt", None): (2, 2, 0),
    } == {key: (one.hits, one.of, one.left_out) for key, one in rate.segments.items()}
    assert ("holder", "region") == rate.by


def test_placed_by_the_offer() -> None:
    january = kpis.offer_sla_breach_rate(OFFERS, as_of=NOW, period=Period.month(2026, 1))
    february = kpis.offer_sla_breach_rate(OFFERS, as_of=NOW, period=Period.month(2026, 2))

    assert [(5, 1), (0, 0)] == [(one.of, one.left_out) for one in (january, february)]


# L1 was offered at a vague time and answered; L2 answered at a vague time; L3 has dates alone, and
# was answered the next day; L4 has an invented calendar
VAGUE = history("""
    2026-01-02 L1 captured
    2026-01-03 L1 offered  by acme precision=by expires_at=2026-01-05
    2026-01-04 L1 accepted by acme
    2026-01-02 L2 captured
    2026-01-03 L2 offered  by acme expires_at=2026-01-05
    2026-01-04 L2 accepted by acme precision=assumed
    2026-01-02 L3 captured
    2026-01-03 L3 offered  by acme precision=day expires_at=2026-01-05
    2026-01-04 L3 declined by acme precision=day
    2026-01-02 L4 captured
    2026-01-03 L4 offered  by acme precision=relative expires_at=2026-01-05
    2026-01-04 L4 accepted by acme precision=relative
""")


def test_offers_whose_times_nobody_knows_leave_and_are_counted() -> None:
    own = kpis.offer_sla_breach_rate(VAGUE, as_of=NOW)
    day = kpis.offer_sla_breach_rate(VAGUE, as_of=NOW, within=timedelta(days=1))
    january = kpis.offer_sla_breach_rate(
        VAGUE, as_of=NOW, within=timedelta(days=1), period=Period.month(2026, 1)
    )

    # of its own limit it is enough to know the answer
    assert (0, 2) == (own.hits, own.of)
    assert {"when it was answered is not known": 2} == own.left_out_because
    assert (0, 1) == (day.hits, day.of)
    assert {
        "when it was offered is not known": 2,
        "an end is only known as 'by' or 'assumed'": 1,
    } == day.left_out_because
    assert {
        "its calendar is invented": 1,
        "when it was offered is not known": 1,
        "an end is only known as 'by' or 'assumed'": 1,
    } == january.left_out_because


def test_the_zone_of_dates_may_be_told() -> None:
    # answered on the day of the offer as dates go in Berlin, and a day later as they go in UTC
    events = history("""
        2026-01-02 L1 captured
        2026-01-03 00:00+01:00 L1 offered  by acme precision=day
        2026-01-03 22:00+01:00 L1 accepted by acme
    """)

    def late(**zone: str) -> object:
        rate = kpis.offer_sla_breach_rate(events, as_of=NOW, within=timedelta(0), **zone)
        assert 1 == rate.of
        return rate.hits

    assert [1, 0] == [late(), late(tz="Europe/Berlin")]


def test_where_no_offer_is_old_enough_there_is_no_rate() -> None:
    rate = kpis.offer_sla_breach_rate(OFFERS, as_of=at("2026-01-02 15:00"))

    assert None is rate.value
    assert "there are no offers old enough to judge" == rate.undefined_because


def test_an_offer_of_today_is_too_young_to_judge_and_not_unclear() -> None:
    events = history("""
        2026-01-02 L1 captured
        2026-01-05 L1 offered by acme precision=day
        2026-01-02 L2 captured
        2026-01-05 L2 offered by acme precision=by
    """)
    rate = kpis.offer_sla_breach_rate(
        events, as_of=at("2026-01-05 12:00"), within=timedelta(hours=2)
    )

    assert (0, {"when it was offered is not known": 1}) == (rate.of, rate.left_out_because)


def test_an_offer_of_a_date_is_judged_once_the_last_day_of_its_working_time_is_over() -> None:
    # offered on Monday; whenever on Tuesday it is answered, that is eight hours by the dates
    offered = "2026-01-05 L1 captured\n2026-01-05 L1 offered by acme precision=day"
    answered = f"{offered}\n2026-01-06 12:00 L1 accepted by acme"

    def told(text: str, moment: str) -> tuple[int, int]:
        rate = kpis.offer_sla_breach_rate(
            history(text), as_of=at(moment), within=8 * HOUR, working_hours=OFFICE
        )
        return rate.hits, rate.of

    assert (0, 0) == told(answered, "2026-01-06 09:00") == told(offered, "2026-01-06 13:00")
    assert (0, 1) == told(answered, "2026-01-07")
    assert (1, 1) == told(offered, "2026-01-07")


# every offer has time until the 5th, 09:00: L1 was withdrawn before it expired, L2 was closed early
# as expired and accepted in time, L3 expired and was declined late, L4 expired at its
# limit and was withdrawn then, L5 was withdrawn and accepted late all the same
EXPIRED = history("""
    2026-01-02 L1 captured
    2026-01-02 09:00 L1 offered by acme expires_at="2026-01-05 09:00"
    2026-01-03 L1 offer_withdrawn by acme
    2026-01-05 09:00 L1 expired by acme
    2026-01-02 L2 captured
    2026-01-02 09:00 L2 offered by acme expires_at="2026-01-05 09:00"
    2026-01-03 L2 expired by acme reason=tidied
    2026-01-04 L2 accepted by acme
    2026-01-02 L3 captured
    2026-01-02 09:00 L3 offered by bolt expires_at="2026-01-05 09:00"
    2026-01-05 09:00 L3 expired by bolt
    2026-01-06 L3 declined by bolt
    2026-01-02 L4 captured
    2026-01-02 09:00 L4 offered by bolt expires_at="2026-01-05 09:00"
    2026-01-05 09:00 L4 expired by bolt
    2026-01-06 L4 offer_withdrawn by bolt
    2026-01-02 L5 captured
    2026-01-02 09:00 L5 offered by acme expires_at="2026-01-05 09:00"
    2026-01-03 L5 offer_withdrawn by acme
    2026-01-06 L5 accepted by acme
""")


@pytest.mark.parametrize("within", [None, 72 * HOUR])
def test_an_expiry_is_no_answer_and_hides_none(within: timedelta | None) -> None:
    rate = kpis.offer_sla_breach_rate(EXPIRED, as_of=NOW, within=within, by="lead_id")

    assert {"L2": 0, "L3": 1, "L4": 1, "L5": 1} == {
        lead_id: one.hits for lead_id, one in rate.segments.items() if one.of
    }
    assert (3, 4) == (rate.hits, rate.of)
