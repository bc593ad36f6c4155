"""Win-rate lift, worked by hand: 30 of 100 sourced leads won, 15 of 100 direct ones.

Interval of the ratio after Katz et al. 1978 (1.1488778126 to 3.4816583245), of the difference
after Newcombe 1998 (.0341077035 to .2614859820); both recomputed with SciPy and statsmodels.
"""

import pickle
from datetime import timedelta

import pytest

from partnerleads import fold, kpis
from partnerleads.errors import OptionError
from partnerleads.kpis import Lift
from partnerleads.testing import at, history

MONTH = timedelta(days=30)


def leads(name: str, captured: str, won: int, lost: int) -> str:
    """Leads captured on 2 January and closed on the 20th."""
    lines = []
    for number in range(won + lost):
        lines.append(f"2026-01-02 {name}{number} captured {captured}")
        lines.append(f"2026-01-20 {name}{number} {'won' if number < won else 'lost'}")
    return "\n".join(lines)


CHANNEL = history(
    leads("S", "by acme region=DACH", 30, 70) + "\n" + leads("D", "region=DACH", 15, 85)
)
LIVES = fold(CHANNEL, as_of=at("2026-06-01"))


def test_partner_leads_are_won_twice_as_often() -> None:
    lift = kpis.win_rate_lift(LIVES, within=MONTH)

    assert lift.value == pytest.approx(1.0, abs=1e-12)
    assert lift.interval == pytest.approx((0.1488778126, 2.4816583245), abs=1e-10)
    assert lift.points.value == pytest.approx(0.15, abs=1e-12)
    assert lift.points.interval == pytest.approx((0.0341077035, 0.2614859820), abs=1e-10)
    assert (200, "leads captured", None) == (lift.n, lift.counted, lift.undefined_because)
    assert str(lift).startswith(
        "win_rate_lift +100.0 % (95 % +14.9 to +248.2; sourced 30.0 %; direct 15.0 %, as of"
    )


def test_the_lift_in_percentage_points() -> None:
    lift = kpis.win_rate_lift(LIVES, within=MONTH, percentage_points=True)

    assert (lift.value, lift.interval) == (lift.points.value, lift.points.interval)
    assert "+15.0 percentage points" == lift.value_text()
    assert lift.basis_text().startswith("95 % +3.4 to +26.1; sourced")


def test_the_lift_of_the_decided_rate() -> None:
    lift = kpis.win_rate_lift(LIVES, rate="decided")

    assert lift.value == pytest.approx(1.0, abs=1e-12)
    assert "leads won or lost" == lift.counted
    assert lift == kpis.win_rate_lift(LIVES, rate="decided", within=None)


def test_the_groups_are_arguments() -> None:
    lift = kpis.win_rate_lift(LIVES, of="direct", against="sourced", within=MONTH)

    assert lift.value == pytest.approx(-0.5, abs=1e-12)
    assert (lift.comparison.a_name, lift.comparison.b_name) == ("direct", "sourced")


def test_each_segment_has_its_own_lift() -> None:
    lift = kpis.win_rate_lift(LIVES, within=MONTH, by="region", adjust_for="deal_type")
    part = lift.segments["DACH"]

    assert ("region",) == lift.by
    assert isinstance(part, Lift)
    assert lift.value == part.value
    assert lift.comparison.adjusted is not None
    assert {} == lift.comparison.segments


def test_a_lift_over_a_group_without_wins_is_undefined() -> None:
    lift = kpis.win_rate_lift(
        history("2026-01-02 L1 captured by acme\n2026-01-05 L1 won\n2026-01-02 L2 captured"),
        as_of=at("2026-06-01"),
        within=MONTH,
    )

    assert (None, None) == (lift.value, lift.interval)
    assert "direct has no hit to divide by" == lift.undefined_because
    assert "undefined" == lift.value_text()
    assert 1.0 == lift.points.value


def test_a_lift_over_nobody_is_undefined() -> None:
    lift = kpis.win_rate_lift((), as_of=at("2026-06-01"), within=MONTH, percentage_points=True)

    assert (None, 0) == (lift.value, lift.n)
    assert "sourced: there are no leads captured" == lift.undefined_because
    region = kpis.win_rate_lift(
        history("2026-01-02 L1 captured by acme region=DACH"),
        as_of=at("2026-06-01"),
        within=MONTH,
        by="region",
    ).segments["DACH"]
    assert "direct: it has no members; sourced 0.0 %; direct no members" == region.basis_text()


def test_an_immature_cohort_never_shows_a_bare_lift() -> None:
    # 10 days after the capture of the last of them: of 200 with an end and 2 without
    young = history("2026-05-22 Y1 captured by acme id=y1\n2026-05-22 Y2 captured id=y2")
    lift = kpis.win_rate_lift([*CHANNEL, *young], as_of=at("2026-06-01"), within=MONTH)

    assert lift.value_text().endswith("% so far")
    assert ["immature", "immature"] == [caution.code for caution in lift.warnings]
    # without a loss or win among the young, the older leads tell the rates: 30 % and 15 %
    assert lift.projection == pytest.approx(1.0, abs=1e-12)
    assert lift.basis_text().endswith("projected +100.0 %")
    assert kpis.win_rate_lift(LIVES, within=MONTH).projection is None

    points = kpis.win_rate_lift(
        [*CHANNEL, *young], as_of=at("2026-06-01"), within=MONTH, percentage_points=True
    )
    assert points.projection == pytest.approx(0.15, abs=1e-12)
    assert points.basis_text().endswith("projected +15.0 percentage points")


def test_what_cannot_be_projected_is_not() -> None:
    young = history("2026-05-22 L1 captured by acme\n2026-05-22 L2 captured\n2026-05-25 L2 lost")
    lift = kpis.win_rate_lift(young, as_of=at("2026-06-01"), within=MONTH)
    none = kpis.win_rate_lift(young, as_of=at("2026-06-01"), within=None)

    assert (None, None) == (lift.projection, none.projection)


def test_a_projected_rate_of_nothing_divides_nothing_and_still_differs() -> None:
    # a month old and a day: one of two sourced leads won, no direct one; the young are to come
    young = history("""
        2026-04-30 L1 captured by acme
        2026-05-02 L1 won
        2026-04-30 L2 captured by acme
        2026-05-31 L3 captured by acme
        2026-04-30 L4 captured
        2026-05-31 L5 captured
    """)
    ratio, points = (
        kpis.win_rate_lift(
            young, as_of=at("2026-06-01"), within=MONTH, percentage_points=percentage_points
        )
        for percentage_points in (False, True)
    )

    assert (None, 0.5) == (ratio.projection, points.projection)


def test_the_time_limit_must_be_said() -> None:
    with pytest.raises(
        OptionError, match=r"^within: say the time limit that both groups are given"
    ):
        kpis.win_rate_lift(LIVES)
    with pytest.raises(OptionError, match="the decided rate has no time limit"):
        kpis.win_rate_lift(LIVES, rate="decided", within=MONTH)
    with pytest.raises(OptionError, match="offered are 'cohort', 'decided'"):
        kpis.win_rate_lift(LIVES, rate="won")  # type: ignore[arg-type]


def test_a_lift_pickles_and_becomes_rows() -> None:
    lift = kpis.win_rate_lift(LIVES, within=MONTH, by="region")
    rows = lift.to_dicts()

    assert lift == pickle.loads(pickle.dumps(lift))  # noqa: S301 - our own bytes
    assert ["whole", "segment"] == [row["level"] for row in rows]
    assert (1.0, "sourced", "direct") == (rows[0]["value"], rows[0]["a"], rows[0]["b"])
    assert lift._repr_html_().startswith("<table>")
