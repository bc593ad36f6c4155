import pickle
from typing import Any

import pytest

from partnerleads import Period, fold, kpis
from partnerleads.errors import AsOfError, OptionError
from partnerleads.kpis import Trend
from partnerleads.testing import at, history

NOW = at("2026-03-15")
EVENTS = history("""
    2026-01-02 L1 captured   100 EUR
    2026-01-05 L1 progressed
    2026-02-05 L1 won        100 EUR
    2026-02-02 L2 captured   200 EUR
    2026-02-28 23:59:59.999999 L2 progressed
    2026-03-20 L2 won        200 EUR
    2026-01-01 acme onboarded tier=gold
    2026-01-01 -    cost portal 5 EUR
""")
MONTHS = [Period.month(2026, number) for number in (1, 2, 3)]


def test_a_flow_is_measured_in_each_period_as_known_now() -> None:
    wins = kpis.trend(EVENTS, kpis.closed_won, periods=MONTHS, as_of=NOW)

    assert [0, 1, 0] == [figure.value for figure in wins]
    assert MONTHS == [figure.period for figure in wins]
    assert {NOW} == {figure.as_of for figure in wins}
    assert 3 == len(wins)


def test_a_stock_is_measured_as_of_the_end_of_each_period_or_now() -> None:
    work = kpis.trend(EVENTS, kpis.in_progress, periods=MONTHS, as_of=NOW)

    # end of January: L1; end of February: L2, by a microsecond; 15 March: L2, which is won later
    assert [1, 1, 1] == [figure.value for figure in work]
    assert [
        at("2026-01-31 23:59:59.999999"),
        at("2026-02-28 23:59:59.999999"),
        NOW,
    ] == [figure.as_of for figure in work]


@pytest.mark.parametrize("kpi", [kpis.closed_won, kpis.in_progress])
def test_lifecycles_events_and_iterators_give_the_same(kpi: object) -> None:
    lives = fold(EVENTS, as_of=NOW)
    expected = kpis.trend(EVENTS, kpi, periods=MONTHS, as_of=NOW)  # type: ignore[type-var]

    assert expected == kpis.trend(lives, kpi, periods=MONTHS)  # type: ignore[type-var]
    assert expected == kpis.trend(iter(EVENTS), kpi, periods=iter(MONTHS), as_of=NOW)  # type: ignore[type-var, arg-type]


def test_what_was_retracted_or_not_yet_known_stays_out_of_earlier_stocks() -> None:
    events = (
        *EVENTS,
        *history("""
            2026-01-06 L3 captured id=a1
            2026-01-07 L3 progressed id=a2
            2026-02-07 a2 retracted id=a3
            2026-01-07 L4 captured id=b1 recorded=2026-03-10
            2026-01-08 L4 progressed id=b2 recorded=2026-03-10
        """),
    )
    lives = fold(events, as_of=NOW, known_at=at("2026-03-01"))

    assert [1, 1, 1] == [f.value for f in kpis.trend(lives, kpis.in_progress, periods=MONTHS)]


def test_options_go_to_the_kpi() -> None:
    gross = kpis.trend(EVENTS, kpis.closed_won, periods=MONTHS, as_of=NOW, gross=True, by="status")
    work = kpis.trend(EVENTS, kpis.expected_lead_value, periods=MONTHS, as_of=NOW, which="open")

    assert ["True"] * 3 == [figure.definition["gross"] for figure in gross]
    assert ["won"] == list(gross.figures[1].segments)
    assert ["100", "200", "200"] == [f"{figure.total.amount:.0f}" for figure in work]  # type: ignore[union-attr]


def test_a_set_is_measured_inside_each_period() -> None:
    events = history("""
        2026-01-02 L1 captured region=DACH
        2026-01-05 L1 progressed
        2026-02-05 L1 progressed
        2026-02-06 L1 won
    """)
    own = kpis.define("own", kpis.SetOf("captured.lead.region"), counted="leads")

    for kpi in (kpis.active_regions, own):
        trend = kpis.trend(events, kpi, periods=MONTHS, as_of=NOW)
        assert [(), ("DACH",), ()] == [figure.value for figure in trend]  # type: ignore[attr-defined]


def test_rows_and_words() -> None:
    week = Period.days(MONTHS[0].first, MONTHS[0].first.replace(day=8))
    wins = kpis.trend(EVENTS, kpis.sourced_rate, periods=[week, MONTHS[1]], as_of=NOW)
    rows = wins.to_dicts()

    assert ["2026-01-01 to 2026-01-08 UTC", "2026-02 (2026-02-01 to 2026-03-01 UTC)"] == [
        row["period"] for row in rows
    ]
    assert list(rows[0]) == list(rows[1])
    assert [
        "sourced_rate over 2 periods",
        "  2026-01-01 to 2026-01-08  0.0 %  0 of 1 lead captured; 95 % 0.0-79.3 %  small: n < 30",
        "  2026-02-01 to 2026-03-01  0.0 %  0 of 1 lead captured; 95 % 0.0-79.3 %  small: n < 30",
    ] == str(wins).splitlines()
    assert f"<{wins}>" == repr(wins)
    assert 2 == wins._repr_html_().count("<h4>")
    assert wins == pickle.loads(pickle.dumps(wins))  # noqa: S301 - our own bytes


def test_periods_that_all_have_a_name_go_by_it() -> None:
    wins = kpis.trend(EVENTS, kpis.sourced_rate, periods=MONTHS[:2], as_of=NOW)

    assert ("2026-01", "2026-02") == wins.labels
    assert "\n  2026-02  0.0 %" in str(wins)


def test_nothing_has_no_name() -> None:
    assert "nothing over 0 periods" == str(Trend((), ()))


def test_no_period_is_refused() -> None:
    with pytest.raises(OptionError, match="name at least one period"):
        kpis.trend(EVENTS, kpis.closed_won, periods=[], as_of=NOW)


def test_the_moment_is_needed_and_checked() -> None:
    with pytest.raises(AsOfError):
        kpis.trend(EVENTS, kpis.in_progress, periods=MONTHS)
    with pytest.raises(AsOfError):
        kpis.trend(
            fold(EVENTS, as_of=NOW), kpis.in_progress, periods=MONTHS, as_of=at("2026-03-16")
        )


def test_a_stock_of_a_period_to_come_is_that_of_the_moment_and_says_so() -> None:
    periods = [Period.month(2026, 3), Period.month(2026, 4)]
    now, to_come = kpis.trend(EVENTS, kpis.in_progress, periods=periods, as_of=NOW)

    assert now.value == to_come.value
    assert [] == [caution.code for caution in now.warnings]
    assert ["period_to_come"] == [caution.code for caution in to_come.warnings]


def test_what_is_no_period_is_refused() -> None:
    with pytest.raises(OptionError, match="periods='2026-01': pass a Period"):
        kpis.trend(EVENTS, kpis.closed_won, periods=["2026-01"], as_of=NOW)  # type: ignore[list-item]


def test_one_period_is_no_list_of_them() -> None:
    one: Any = MONTHS[0]

    with pytest.raises(OptionError, match="pass a list of them, such as"):
        kpis.trend(EVENTS, kpis.closed_won, periods=one, as_of=NOW)


def test_words_show_the_segments_of_each_period() -> None:
    wins = kpis.trend(EVENTS, kpis.closed_won, periods=MONTHS[:2], as_of=NOW, by="status")
    lines = str(wins).split("\n")

    assert 4 == len(lines)
    assert lines[3].startswith("    won  1")


def test_a_stock_tells_the_problems_that_versions_in_conflict_are() -> None:
    events = history("""
        2026-02-02 L1 captured 100 EUR id=c1
        2026-02-02 L1 captured 200 EUR id=c1
        2026-02-03 L1 progressed
    """)
    months = kpis.trend(events, kpis.in_progress, periods=MONTHS, as_of=NOW)

    assert [0, 1, 1] == [figure.problems for figure in months]
    assert 1 == kpis.in_progress(events, as_of=NOW).problems


def test_a_problem_is_that_of_its_lead_where_sources_share_an_id() -> None:
    events = history("""
        2026-02-02 L1 captured 100 EUR id=c1 source=crm
        2026-02-02 L1 captured 200 EUR id=c1 source=crm
        2026-02-03 L1 progressed
        2026-03-20 L2 captured id=c1 source=portal
        2026-03-20 L2 captured 10 EUR id=c1 source=portal
        2026-03-21 L2 progressed
    """)
    months = kpis.trend(events, kpis.in_progress, periods=MONTHS, as_of=at("2026-05-01"))

    assert [0, 1, 2] == [figure.problems for figure in months]
