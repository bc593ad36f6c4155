"""Funnel and time in stage, worked by hand."""

import pytest

from partnerleads import Period, fold, kpis
from partnerleads.errors import OptionError
from partnerleads.kpis import Funnel
from partnerleads.testing import at, history

NOW = at("2026-04-01")
# L1 came all the way; L2 was won without any step between; L3 lost after its acceptance
# L4 was offered and is open; L5 disqualified at once; L6 lost, no reason given, after its offer
LEADS = history("""
    2026-01-01 acme onboarded partner_type=reseller
    2026-01-01 beta onboarded partner_type=agency
    2026-01-02 L1 captured by acme
    2026-01-03 L1 offered to acme
    2026-01-04 L1 accepted by acme
    2026-01-05 L1 responded by acme
    2026-01-06 L1 progressed by acme
    2026-01-20 L1 won by acme
    2026-01-02 L2 captured by beta
    2026-01-09 L2 won
    2026-01-02 L3 captured by acme
    2026-01-03 L3 accepted by acme
    2026-01-04 L3 lost reason="no budget"
    2026-01-02 L4 captured by acme
    2026-01-03 L4 offered to acme
    2026-01-02 L5 captured by beta
    2026-01-03 L5 disqualified reason=duplicate
    2026-02-02 L6 captured
    2026-02-03 L6 offered to acme
    2026-02-04 L6 lost
""")


def figure() -> Funnel:
    return kpis.funnel(LEADS, as_of=NOW)


def test_each_step_counts_those_that_reached_it_or_a_later_one() -> None:
    steps = {step.name: step.reached for step in figure().steps}

    # L2 passed every step, and L3 the offer, without an event of its own
    assert {
        "captured": 6,
        "offered": 5,
        "accepted": 3,
        "responded": 2,
        "progressed": 2,
        "won": 2,
    } == steps


def test_rates_of_the_step_before_and_of_those_that_entered() -> None:
    accepted = figure()["accepted"]

    assert (3, 5, 0.6) == (accepted.rate.hits, accepted.rate.of, accepted.rate.value)
    assert (3, 6, 0.5) == (
        accepted.of_entered.hits,
        accepted.of_entered.of,
        accepted.of_entered.value,
    )
    # Wilson at 95 %, by hand from the formula for 3 of 6
    assert pytest.approx((0.187617, 0.812383), abs=1e-6) == accepted.of_entered.interval
    assert pytest.approx(2 / 6) == figure().value


def test_where_the_others_stopped() -> None:
    lost = {step.name: step.lost for step in figure().steps}

    assert lost["captured"] == kpis.Lost(still_open=0, closed=1, reasons={"duplicate": 1})
    assert lost["offered"] == kpis.Lost(still_open=1, closed=1, reasons={None: 1})
    assert lost["accepted"] == kpis.Lost(still_open=0, closed=1, reasons={"no budget": 1})
    assert lost["progressed"] == kpis.Lost(still_open=0, closed=0, reasons={})
    assert lost["won"] is None


def test_a_win_that_skipped_a_custom_step_is_closed_without_a_reason() -> None:
    steps = kpis.funnel(LEADS, as_of=NOW, steps=("captured", "accepted"))

    # L2 won, L5 and L6 gone, L4 open
    assert (
        kpis.Lost(still_open=1, closed=3, reasons={"duplicate": 1, None: 1}) == steps.steps[0].lost
    )


def test_a_win_is_never_told_as_lost() -> None:
    lines = "2026-01-01 {0} captured\n2026-01-03 {0} won"
    events = history("\n".join(lines.format(f"L{n}") for n in range(5)))
    steps = kpis.funnel(events, as_of=NOW, steps=("captured", "accepted"))
    assert steps.steps[0].lost is not None

    assert (5, 0) == (steps.steps[0].lost.closed, steps.steps[0].lost.lost)
    assert 0 == steps.columns()["captured_lost"]
    assert "most lost" not in steps.basis_text()


def test_entering_at_a_later_step() -> None:
    late = kpis.funnel(LEADS, as_of=NOW, steps=("accepted", "won"))

    # L1 and L3 accepted, L2 came further at once
    assert (6, 3, 2) == (late.n, late["accepted"].reached, late["won"].reached)
    assert (3, 6) == (late["accepted"].rate.hits, late["accepted"].rate.of)
    assert (2, 3) == (late["won"].of_entered.hits, late["won"].of_entered.of)


def test_nobody_entered() -> None:
    late = kpis.funnel(history("2026-01-02 L1 captured"), as_of=NOW, steps=("accepted", "won"))

    assert late.value is None
    assert "there are no leads that entered" == late.undefined_because
    assert late.basis_text().endswith("; there are no leads that entered")


def test_by_the_type_of_the_partner() -> None:
    funnel = kpis.funnel(LEADS, as_of=NOW, by="partner_type")
    reached = {kind: [step.reached for step in one.steps] for kind, one in funnel.segments.items()}

    assert {
        "agency": [2, 1, 1, 1, 1, 1],
        "reseller": [3, 3, 2, 1, 1, 1],
        None: [1, 1, 0, 0, 0, 0],
    } == (reached)
    assert {"duplicate": 1} == funnel.segments["agency"]["captured"].lost.reasons


def test_by_the_status_itself() -> None:
    lost = kpis.funnel(LEADS, as_of=NOW, by=("status", "region")).segments["lost", None]

    assert {"no budget": 1} == lost["accepted"].lost.reasons


def test_cohort_of_a_period() -> None:
    february = kpis.funnel(LEADS, as_of=NOW, period=Period.month(2026, 2))

    assert (1, 1) == (february.n, february["offered"].reached)


def test_it_shows_where_most_were_lost() -> None:
    text = str(figure())

    assert "captured 6 > offered 5 > accepted 3 > responded 2 > progressed 2 > won 2" in text
    assert "accepted 60.0 %, responded 66.7 %" in text
    assert "most lost after captured: 1" in text
    assert "most lost" not in str(kpis.funnel((), as_of=NOW))


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        (("captured",), "at least two"),
        ("captured", "at least two"),
        (("captured", "captured"), "twice"),
        (("captured", "offerred"), "did you mean 'offered'"),
    ],
)
def test_steps_that_make_no_funnel_are_refused(steps: tuple[str, ...], words: str) -> None:
    with pytest.raises(OptionError, match=words):
        kpis.funnel(LEADS, as_of=NOW, steps=steps)


def test_a_step_that_is_not_there_is_refused() -> None:
    with pytest.raises(OptionError, match="step"):
        figure()["qualified"]


def test_each_step_has_its_columns() -> None:
    (row,) = figure().to_dicts()

    assert (5, 5 / 6, 5 / 6, 1, 1) == (
        row["offered"],
        row["offered_rate"],
        row["offered_of_entered"],
        row["offered_lost"],
        row["offered_open"],
    )
    assert "won_lost" not in row


# --- time in stage --------------------------------------------------------------------------------

# accepted from the 3rd to the 5th, again from the 10th to the 11th, when it was lost; opened again
# on the 20th in that stage, and responded on the 24th
RETURNED = history("""
    2026-01-01 L1 captured
    2026-01-03 L1 accepted by acme
    2026-01-05 L1 returned by acme
    2026-01-10 L1 accepted by beta
    2026-01-10 L1 accepted by cyan
    2026-01-11 L1 lost
    2026-01-20 L1 reopened
    2026-01-24 L1 responded by beta
    2026-01-01 L2 captured
    2026-01-04 L2 accepted by acme
    2026-01-10 L2 won by acme
""")


def test_latest_visit_alone() -> None:
    times = kpis.time_in_stage(RETURNED, stage="accepted", as_of=NOW)

    # 4 days of L1, 6 of L2
    assert (2, 5.0, 5.0) == (times.n, times.median, times.mean)


def test_all_visits_together() -> None:
    times = kpis.time_in_stage(RETURNED, stage="accepted", visits="cumulative", as_of=NOW)

    # 2 + 1 + 4 of L1, 6 of L2
    assert (2, 6.5, 0, 0) == (times.n, times.median, times.censored, times.closed_without)


def test_who_stands_there_still_is_counted_apart() -> None:
    times = kpis.time_in_stage(RETURNED, stage="accepted", as_of=at("2026-01-22"))

    assert (1, 6.0, 1) == (times.n, times.median, times.censored)


def test_a_step_while_closed_is_the_stage_of_the_reopened_lead() -> None:
    lives = fold(
        history("""
            2026-01-01 L1 captured
            2026-01-03 L1 lost
            2026-01-05 L1 progressed
            2026-01-09 L1 reopened
            2026-01-12 L1 lost
        """),
        as_of=NOW,
    )
    progressed = kpis.time_in_stage(lives, stage="progressed", as_of=NOW)
    captured = kpis.time_in_stage(lives, stage="captured", as_of=NOW)

    assert (3.0, 2.0) == (progressed.median, captured.median)


def test_visits_whose_ends_are_only_dates_are_counted_in_days() -> None:
    events = history("""
        2026-01-01 08:00 L1 captured
        2026-01-03 L1 accepted by acme precision=day
        2026-01-05 09:00 L1 returned by acme
        2026-01-06 09:00 L1 accepted by acme
        2026-01-07 21:00 L1 won
    """)
    times = kpis.time_in_stage(events, stage="accepted", visits="cumulative", as_of=NOW)

    # two whole days, then a day and a half
    assert 3.5 == times.median


@pytest.mark.parametrize("said", [{"stage": "won"}, {"stage": "accepted", "visits": "first"}])
def test_stages_and_visits_that_are_not_offered_are_refused(said: dict[str, str]) -> None:
    with pytest.raises(OptionError, match="offered are"):
        kpis.time_in_stage(RETURNED, as_of=NOW, **said)  # type: ignore[arg-type]


def test_a_step_that_nobody_records_bears_a_warning() -> None:
    log = history("""
        2026-01-01 acme onboarded partner_type=reseller
        2026-01-01 beta onboarded partner_type=agency
        2026-01-02 L1 captured by acme
        2026-01-03 L1 accepted by acme
        2026-01-09 L1 won
        2026-01-02 L2 captured by beta
        2026-01-03 L2 offered to beta
        2026-01-04 L2 accepted by beta
    """)
    figure = kpis.funnel(log, as_of=at("2026-04-01"), by="partner_type")
    words = "steps that no lead has of its own, but a later one: offered, responded, progressed"

    told = {key: [str(one) for one in part.warnings] for key, part in figure.segments.items()}
    assert words in told["reseller"]
    assert not [one for one in told["agency"] if "no lead has" in one]
    assert "but a later one: responded, progressed" in str(figure)
