"""Time-to-close lift, worked by hand."""

from datetime import timedelta

import pytest

from partnerleads import Period, fold, kpis
from partnerleads.errors import OptionError
from partnerleads.testing import at, history

# sourced wins after 10, 20 and 60 days; direct wins after 20 and 60; one direct lead is open
LIVES = fold(
    history("""
        2026-01-02 L1 captured by acme
        2026-01-12 L1 won
        2026-01-02 L2 captured by acme
        2026-01-22 L2 won
        2026-01-02 L3 captured by acme
        2026-03-03 L3 won
        2026-01-02 L4 captured
        2026-01-10 L4 won
        2026-01-11 L4 reopened
        2026-01-22 L4 won
        2026-01-02 L5 captured
        2026-03-03 L5 won
        2026-01-02 L6 captured
    """),
    as_of=at("2026-06-01"),
)


@pytest.mark.parametrize(
    ("statistic", "partner", "direct"), [("median", 20, 40), ("mean", 30, 40), ("p90", 52, 56)]
)
def test_partner_leads_are_faster(statistic: str, partner: float, direct: float) -> None:
    lift = kpis.time_to_close_lift(LIVES, statistic=statistic)  # type: ignore[arg-type]

    assert lift.value == pytest.approx(partner / direct - 1)
    assert lift.interval is None
    assert lift.points.value == pytest.approx(partner - direct)
    assert 5 == lift.n
    assert (statistic, "days") == (lift.comparison.statistic, lift.comparison.unit)


def test_the_first_win_and_the_period_are_arguments() -> None:
    # direct: 8 and 60 days to the first win
    first = kpis.time_to_close_lift(LIVES, win="first")
    january = kpis.time_to_close_lift(LIVES, period=Period.month(2026, 1))

    assert first.value == pytest.approx(20 / 34 - 1)
    assert january.value == pytest.approx(15 / 20 - 1)


def test_cohorts_by_capture_are_so_far_and_tested_with_those_not_won_yet() -> None:
    lift = kpis.time_to_close_lift(LIVES, counting="captured")
    assert lift.comparison.test is not None

    # at risk: 3 of 6 on day 10, 2 of 5 on day 20, 1 of 3 on day 60; 2 wins each on the last two
    variance = 1 / 4 + 2 * (2 / 5) * (3 / 5) * (3 / 4) + 2 * (1 / 3) * (2 / 3) * (1 / 2)
    expected = 1 / 2 + 2 * 2 / 5 + 2 * 1 / 3
    assert lift.comparison.test.statistic == pytest.approx((3 - expected) ** 2 / variance)
    assert "-50.0 % so far" == lift.value_text()


def test_the_lift_reads_like_a_lift() -> None:
    text = str(kpis.time_to_close_lift(LIVES))

    assert text.startswith("time_to_close_lift -50.0 % (no interval from a summary; sourced median")


def test_a_landmark_leaves_those_that_were_closed_by_then() -> None:
    lift = kpis.time_to_close_lift(LIVES, landmark=timedelta(days=15))

    assert lift.value == pytest.approx(40 / 40 - 1)
    assert 1 == lift.left_out_because["in neither group"]


def test_a_lift_over_a_group_without_wins_is_undefined() -> None:
    lift = kpis.time_to_close_lift(LIVES, against="influenced")

    assert lift.value is None
    assert "influenced: none of the leads won has both ends" == lift.undefined_because


def test_a_lift_over_wins_on_the_spot_is_undefined() -> None:
    spot = history(
        "2026-01-02 L1 captured by acme\n2026-01-05 L1 won\n2026-01-02 L2 captured\n"
        "2026-01-02 L2 won"
    )
    lift = kpis.time_to_close_lift(spot, as_of=at("2026-06-01"))

    assert "direct is 0, and nothing divides by it" == lift.undefined_because
    assert 3.0 == lift.points.value


def test_an_unknown_statistic_is_refused() -> None:
    with pytest.raises(OptionError, match="offered are 'median', 'p90', 'mean'"):
        kpis.time_to_close_lift(LIVES, statistic="average")  # type: ignore[arg-type]
