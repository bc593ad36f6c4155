"""A quarter restated, worked by hand: every way in which a figure can move."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from partnerleads import Period, fold, kpis
from partnerleads.attribution import AttributionPolicy
from partnerleads.errors import OptionError
from partnerleads.kpis import Cause
from partnerleads.model import Count
from partnerleads.testing import at, history

QUARTER_END = at("2026-04-01")
THEN, NOW = at("2026-04-05"), at("2026-07-01")
QUARTER = Period.quarter(2026, 1)

# L1: won in March, typed in late in April
# L2: won in March, corrected in May from 9000 to 8000
# L3: won in March, taken back in April as typed on the wrong customer
# L4, L5: the win of L4 turned out to be L5's
# L6: won in March; in May it turned out to have been in April
# L7: the same the other way round; L8: nothing happened
LOG = history("""
    2026-01-02 L1 captured id=c1
    2026-03-20 L1 won 1000 EUR id=w1 recorded=2026-04-10
    2026-01-02 L2 captured id=c2
    2026-03-20 L2 won 9000 EUR id=w2
    2026-03-20 L2 won 8000 EUR id=w2 recorded=2026-05-01
    2026-01-02 L3 captured id=c3
    2026-03-20 L3 won 700 EUR id=w3
    2026-04-20 w3 retracted reason="wrong customer" id=r3
    2026-01-02 L4 captured id=c4
    2026-01-02 L5 captured id=c5
    2026-03-21 L4 won 500 EUR id=w4
    2026-03-21 L5 won 500 EUR id=w4 recorded=2026-05-02
    2026-01-02 L6 captured id=c6
    2026-03-22 L6 won 60 EUR id=w6
    2026-04-22 L6 won 60 EUR id=w6 recorded=2026-05-02
    2026-01-02 L7 captured id=c7
    2026-04-02 L7 won 70 EUR id=w7
    2026-03-31 L7 won 70 EUR id=w7 recorded=2026-05-02
    2026-01-02 L8 captured id=c8
    2026-03-01 L8 won 8 EUR id=w8
    2026-04-06 - cost portal 500 EUR id=k1
""")

CAUSES = {
    "L1": Cause(
        code="late_record",
        words="lead_won of 2026-03-20 was recorded only 2026-04-10 00:00 UTC",
        event_ids=("w1",),
    ),
    "L2": Cause(
        code="revision",
        words="lead_won of 2026-03-20 was revised: value 9000.00 EUR -> 8000.00 EUR",
        event_ids=("w2",),
    ),
    "L3": Cause(
        code="retraction",
        words="lead_won of 2026-03-20 was taken back: wrong customer",
        event_ids=("w3", "r3"),
    ),
    "L4": Cause(
        code="moved",
        words="lead_won of 2026-03-21 belongs to L5 now, not to L4",
        event_ids=("w4",),
    ),
    "L6": Cause(
        code="revision",
        words=(
            "lead_won of 2026-03-22 was revised: "
            "occurred_at 2026-03-22T00:00:00+00:00 -> 2026-04-22T00:00:00+00:00"
        ),
        event_ids=("w6",),
    ),
    "L7": Cause(
        code="revision",
        words=(
            "lead_won of 2026-04-02 was revised: "
            "occurred_at 2026-04-02T00:00:00+00:00 -> 2026-03-31T00:00:00+00:00"
        ),
        event_ids=("w7",),
    ),
}
CAUSES["L5"] = CAUSES["L4"]


def restated(kpi: Any, **options: Any) -> Any:
    options = {"as_of": QUARTER_END, "known_at": (THEN, NOW), "period": QUARTER, **options}
    return kpis.restatement(LOG, kpi, **options)


def test_money() -> None:
    change = restated(kpis.final_lead_value)

    assert Decimal(10268) == change.before.total.amount
    assert Decimal(9578) == change.after.total.amount
    assert {"EUR": Decimal(-690)} == change.difference
    assert {
        "L1": ("entered", 1000),
        "L2": ("changed", -1000),
        "L3": ("left", -700),
        "L4": ("left", -500),
        "L5": ("entered", 500),
        "L6": ("left", -60),
        "L7": ("entered", 70),
    } == {move.lead_id: (move.kind, move.change["EUR"]) for move in change.moves}
    assert {lead: (cause,) for lead, cause in CAUSES.items()} == {
        move.lead_id: move.causes for move in change.moves
    }
    assert {"EUR": 0} == change.rounding


def test_a_count() -> None:
    change = restated(kpis.closed_won)

    assert (5, 5, {"count": 0}) == (change.before.value, change.after.value, change.difference)
    assert ["L1", "L3", "L4", "L5", "L6", "L7"] == [move.lead_id for move in change.moves]
    assert "difference count +0; 6 leads moved it" in str(change)
    assert f"<{change}>" == repr(change)


def test_durations_list_who_entered_left_or_changed() -> None:
    change = restated(kpis.won_velocity)

    assert {} == change.difference
    assert "6 leads moved it; its parts do not add up lead by lead" in str(change)
    assert "  L1 entered not counted -> median 77.0, p90 77.0 days\n" in str(change)
    assert "  L3 left median 77.0, p90 77.0 days -> not counted\n" in str(change)


def test_rows_and_html() -> None:
    change = restated(kpis.final_lead_value)
    whole, first, *_ = change.to_dicts()

    assert ("whole", None, Decimal(-690)) == (whole["level"], whole["kind"], whole["change_EUR"])
    assert {
        "figure": "final_lead_value",
        "level": "lead",
        "lead_id": "L1",
        "kind": "entered",
        "before": None,
        "after": "EUR 1 000.00",
        "change_EUR": Decimal(1000),
        "causes": "lead_won of 2026-03-20 was recorded only 2026-04-10 00:00 UTC",
        "codes": "late_record",
        "event_ids": "w1",
    } == first
    assert "<td>L5</td><td>entered</td><td>EUR +500.00</td><td>moved: " in change._repr_html_()


# L1: acme's claim, recorded late, takes L1 from the own team; L2: no longer influenced by beta
# L3: gamma's claim is revised to be delta's; what it was recorded by starts anew
CREDIT = history("""
    2026-01-02 L1 captured id=c1
    2026-01-01 L1 registered by acme id=g1 recorded=2026-01-01
    2026-01-01 L1 registered by beta id=g1 recorded=2026-04-20
    2026-01-02 L2 captured id=c2
    2026-01-09 L2 influenced by beta id=i2
    2026-04-20 i2 retracted id=r2
    2026-01-02 L3 captured region=UK attributes.colour=red id=c3
    2026-01-02 L3 captured region=DACH attributes.colour=red id=c3 recorded=2026-04-09
""")


def test_who_has_the_credit() -> None:
    rate = kpis.restatement(CREDIT, kpis.involved_rate, as_of=QUARTER_END, known_at=(THEN, None))

    assert {"hits": -2, "of": 0} == rate.difference
    one, two = rate.moves
    assert ["revision", "attribution"] == [cause.code for cause in one.causes]
    assert "deal_registered of 2026-01-01 was revised: partner_id acme -> beta" == (
        one.causes[0].words
    )
    assert ("sourced by acme -> direct", ("g1",)) == (one.causes[1].words, one.causes[1].event_ids)
    assert "partner_influenced of 2026-01-09 was taken back" == two.causes[0].words
    assert (
        Cause(code="attribution", words="influenced -> direct", event_ids=("i2",))
        == (two.causes[1])
    )
    assert str(two.causes[1]) == "attribution: influenced -> direct (i2)"


def test_two_policies() -> None:
    log = history("""
        2026-01-02 L1 registered by acme id=g1 recorded=2026-01-09
        2026-01-03 L1 captured id=c1
    """)
    occurred = AttributionPolicy(times="occurred")
    change = kpis.restatement(
        log, kpis.sourced_rate, as_of=QUARTER_END, policy=(AttributionPolicy(), occurred)
    )

    assert {"hits": 1, "of": 0} == change.difference
    assert (Cause(code="attribution", words="direct -> sourced by acme", event_ids=("g1",)),) == (
        change.moves[0].causes
    )
    assert f"all known, rules {occurred.fingerprint}: 100.0 %" in str(change)


def test_a_record_that_starts_anew_and_facts_inside_others() -> None:
    # back to the partner of before: the content is as it was, but it counts from its new record
    log = history("""
        2026-01-01 L1 registered by acme id=g1
        2026-01-01 L1 registered by beta id=g1 recorded=2026-01-03
        2026-01-01 L1 registered by acme id=g1 recorded=2026-01-05
        2026-01-04 L1 captured id=c1
    """)
    change = kpis.restatement(
        log, kpis.sourced_rate, as_of=QUARTER_END, known_at=(at("2026-01-02"), None)
    )
    again = kpis.restatement(
        log, kpis.sourced_rate, as_of=QUARTER_END, known_at=(at("2026-01-04"), None)
    )
    by_region = kpis.restatement(
        CREDIT,
        kpis.define(
            "dach", kpis.ShareOf(kpis.Is("region", "DACH")), counted="leads", anchor="captured"
        ),
        as_of=QUARTER_END,
        known_at=(THEN, None),
    )

    assert "deal_registered of 2026-01-01 was revised: it counts from its record of " in (
        change.moves[0].causes[0].words
    )
    assert ["L1"] == [move.lead_id for move in again.moves]
    assert "lead_captured of 2026-01-02 was revised: lead.region UK -> DACH" == (
        by_region.moves[0].causes[0].words
    )


def test_a_revision_to_another_kind_tells_the_event_as_it_was() -> None:
    log = history("""
        2026-01-01 L1 captured id=c1
        2026-01-03 L1 reopened id=e1
        2026-01-07 L1 won 10 EUR id=e1 recorded=2026-04-09
        2026-01-01 L2 captured id=c2
        2026-01-05 L2 lost id=e2
        2026-01-01 L3 captured id=c3
        2026-01-06 L3 won 10 EUR id=e2 recorded=2026-04-09
    """)
    change = kpis.restatement(log, kpis.closed_won, as_of=QUARTER_END, known_at=(THEN, None))

    told = [cause.words for move in change.moves for cause in move.causes]

    assert ["L1", "L3"] == [move.lead_id for move in change.moves]
    assert told[0].startswith("lead_reopened of 2026-01-03 was revised: type lead_reopened -> ")
    assert "lead_lost of 2026-01-05 belongs to L3 now, not to L2" == told[1]


def test_a_retraction_that_turns_to_another_event_gives_back_the_first_one() -> None:
    log = history("""
        2026-01-01 L1 captured id=c1
        2026-03-20 L1 won 10 EUR id=w1
        2026-03-21 w1 retracted id=r1
        2026-03-21 w9 retracted id=r1 recorded=2026-04-09
    """)
    change = kpis.restatement(log, kpis.closed_won, as_of=QUARTER_END, known_at=(THEN, None))

    (move,) = change.moves
    assert "retraction: lead_won of 2026-03-20 is taken back no more (w1, r1)" == str(
        move.causes[0]
    )


def test_a_retraction_that_turned_to_another_event_before_hides_no_cause() -> None:
    log = history("""
        2026-01-01 L1 captured id=c1
        2026-03-20 L1 lost id=w1
        2026-03-21 w1 retracted id=r1
        2026-03-21 w9 retracted id=r1 recorded=2026-03-22
        2026-03-20 L1 won 10 EUR id=w1 recorded=2026-04-09
    """)
    change = kpis.restatement(log, kpis.closed_won, as_of=QUARTER_END, known_at=(THEN, None))

    (move,) = change.moves
    assert ["revision"] == [cause.code for cause in move.causes]


def test_amounts_in_several_currencies_have_no_difference() -> None:
    log = history("""
        2026-01-02 L1 captured by acme
        2026-03-20 L1 won 10 EUR
        2026-01-02 L2 captured
        2026-03-20 L2 won 10 USD recorded=2026-04-10
        2026-03-20 L1 progressed eligible recorded=2026-04-10
    """)
    change = kpis.restatement(
        log, kpis.sourced_rate, unit="revenue", as_of=QUARTER_END, known_at=(THEN, None)
    )
    one = kpis.restatement(
        log[:2], kpis.sourced_rate, unit="revenue", as_of=QUARTER_END, known_at=(THEN, None)
    )

    assert ({}, ["L2"]) == (change.difference, [move.lead_id for move in change.moves])
    assert {"hits EUR": 0, "of EUR": 0} == one.difference
    none = kpis.restatement(
        log[:1], kpis.sourced_rate, unit="revenue", as_of=QUARTER_END, known_at=(THEN, None)
    )
    assert ({}, ()) == (none.difference, none.moves)


def test_rounding_of_converted_amounts_is_shown_apart() -> None:
    log = history("""
        2026-03-20 L1 captured
        2026-03-20 L1 won 0.01 USD recorded=2026-04-10
        2026-03-20 L2 captured
        2026-03-20 L2 won 0.01 USD recorded=2026-04-10
    """)
    change = kpis.restatement(
        log,
        kpis.final_lead_value,
        as_of=QUARTER_END,
        known_at=(THEN, None),
        currency="EUR",
        rates=lambda *_: Decimal("0.5"),
    )

    assert {"EUR": Decimal("0.01")} == change.difference
    assert [Decimal("0.00"), Decimal("0.00")] == [move.change["EUR"] for move in change.moves]
    assert {"EUR": Decimal("0.01")} == change.rounding
    assert "of this, rounding EUR +0.01" in str(change)


def test_a_long_list_is_cut_in_print_only() -> None:
    lines = "\n".join(
        f"2026-03-20 L{n:02} captured recorded=2026-04-10\n" + work
        for n in range(12)
        for work in ["\n".join([f"2026-03-21 L{n:02} activity call recorded=2026-04-10"] * 11)]
    )
    change = kpis.restatement(
        history(lines), kpis.sourced_rate, as_of=QUARTER_END, known_at=(THEN, NOW)
    )

    assert 12 == len(change.moves)
    assert "    and 2 more\n" in str(change)
    assert str(change).endswith("\n  and 2 more leads")


def test_a_figure_that_moves_for_other_reasons_says_so() -> None:
    def every_second(lives: Any, **_: Any) -> Count:
        """A figure that counts no lead where nothing is known later."""
        count = kpis.closed_won(lives, by="lead_id")
        return count if lives.known_at is None else kpis.closed_won((), as_of=NOW, by="lead_id")

    change = kpis.restatement(
        LOG[-3:], every_second, as_of=QUARTER_END, known_at=(at("2026-03-30"), None)
    )

    assert ["other: nothing in its own records changed"] == [
        str(cause) for move in change.moves for cause in move.causes
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "known_at=None: pass two moments, \\(then, now\\), or two policies"),
        ({"known_at": THEN}, "pass two moments"),
        ({"known_at": (NOW, THEN)}, "pass the earlier moment first"),
        ({"known_at": (None, THEN)}, "pass the earlier moment first"),
        ({"known_at": (THEN, NOW, NOW)}, "pass two, the earlier one first"),
        ({"policy": (AttributionPolicy(),)}, "pass two, the earlier one first"),
    ],
)
def test_what_does_not_say_then_and_now_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        kpis.restatement(LOG, kpis.closed_won, as_of=QUARTER_END, **options)


def test_one_version_of_each_event_is_not_enough() -> None:
    lives = fold(LOG, as_of=QUARTER_END)

    for known in (lives, kpis.history_of(lives)):
        with pytest.raises(OptionError, match="pass Python events with all their versions"):
            kpis.restatement(
                known,  # type: ignore[arg-type]
                kpis.closed_won,
                as_of=QUARTER_END,
                known_at=(THEN, NOW),
            )


def test_a_kpi_without_a_figure_for_each_lead_is_refused() -> None:
    with pytest.raises(OptionError, match="it has no figure for each lead"):
        restated(kpis.influence_by_partner)
    with pytest.raises(OptionError, match="kpi='<lambda>': it has no figure"):
        restated(lambda lives, **_: len(lives))


def test_a_moment_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        restated(kpis.closed_won, known_at=(datetime(2026, 4, 5), NOW))  # noqa: DTZ001 - the fault


def test_words_tell_days_and_moments_by_the_clock_of_the_period() -> None:
    # won on the first of April in Berlin, which is still March in UTC
    log = history("""
        2026-03-31 22:30 L1 captured id=c1
        2026-03-31 22:30 L1 won 1000 EUR id=w1 recorded=2026-04-09T23:30
    """)
    quarter = Period.quarter(2026, 2, tz="Europe/Berlin")
    moments = (THEN, at("2026-04-10"))
    found = kpis.restatement(log, kpis.closed_won, as_of=NOW, known_at=moments, period=quarter)

    assert (
        "closed_won restated, as of 2026-07-01 02:00 Europe/Berlin\n"
        "  known 2026-04-05 02:00 Europe/Berlin: 0 (leads won)\n"
        "  known 2026-04-10 02:00 Europe/Berlin: 1 (leads won)\n"
        "  difference count +1; 1 lead moved it\n"
        "  L1 entered count +1\n"
        "    late_record: lead_won of 2026-04-01 was recorded only 2026-04-10 01:30 Europe/Berlin "
        "(w1)"
    ) == str(found)


def test_a_day_of_another_zone_is_told_as_the_moment_at_which_it_begins() -> None:
    log = history("""
        2026-01-02 L1 captured
        2026-01-31 23:00 L1 won 100 EUR id=w1 precision=day recorded=2026-04-10
    """)
    february = Period.month(2026, 2, tz="Europe/Berlin")
    asked: dict[str, Any] = {"as_of": QUARTER_END, "known_at": (THEN, NOW)}

    by_their_clock = kpis.restatement(log, kpis.closed_won, period=february, **asked)
    by_utc = kpis.restatement(log, kpis.closed_won, **asked)

    assert "lead_won of 2026-02-01 was recorded only 2026-04-10 02:00 Europe/Berlin" == (
        by_their_clock.moves[0].causes[0].words
    )
    assert (
        by_utc.moves[0]
        .causes[0]
        .words.startswith(
            "lead_won of 2026-01-31 23:00 UTC (known to the day) was recorded only 2026-04-10 00:00"
        )
    )


def test_what_is_stated_of_a_partner_later_is_looked_at_on_the_leads_that_name_it() -> None:
    log = history("""
        2026-01-01 acme onboarded tier=silver id=p1
        2026-01-01 acme onboarded tier=gold id=p1 recorded=2026-05-01
        2026-01-02 L1 captured by acme id=c1
        2026-03-20 L1 won 1000 EUR id=w1
        2026-01-02 L2 captured id=c2
        2026-03-20 L2 won 2000 EUR id=w2 recorded=2026-05-02
    """)
    found = kpis.restatement(
        log, kpis.closed_won, as_of=QUARTER_END, known_at=(THEN, NOW), period=QUARTER
    )

    assert ["L2"] == [move.lead_id for move in found.moves]
    assert (1, 2) == (found.before.value, found.after.value)
