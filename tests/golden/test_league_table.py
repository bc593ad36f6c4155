"""League table and suggested cycle: published numbers, and cases by hand."""

from datetime import date, timedelta

import pytest

from partnerleads import Period, kpis
from partnerleads.errors import OptionError
from partnerleads.events import Event
from partnerleads.kpis import LeagueTable
from partnerleads.testing import at, history

NOW = at("2026-06-01")
MONTH = timedelta(days=30)


def leads(counts: dict[str, tuple[int, int]], captured: str = "2026-01-01") -> str:
    """Leads of each partner, so many of them won ten days after the capture."""
    won = date.fromisoformat(captured) + timedelta(days=10)
    lines = []
    for name, (hits, of) in counts.items():
        lines += [f"{captured} {name}-{n} captured by {name}" for n in range(of)]
        lines += [f"{won} {name}-{n} won" for n in range(hits)]
    return "\n".join(lines)


TOY = {"p1": (5, 5), "p2": (0, 50), "p3": (20, 60), "p4": (3, 10), "p5": (1, 2), "p6": (40, 200)}


def table(**said: object) -> LeagueTable:
    return ranked(leads(TOY), **said)


def ranked(*texts: str, **said: object) -> LeagueTable:
    said = {"within": MONTH, "as_of": NOW} | said
    return kpis.league_table(history("\n".join(texts)), **said)  # type: ignore[arg-type]


def test_shrunken_rates_of_six_partners() -> None:
    # beta-binomial by maximum likelihood, recomputed with SciPy: a .5147128, b .8895908
    shrunken = {row.partner_id: row.shrunken for row in table()}
    prior = table().prior.prior

    assert pytest.approx((0.5147128, 0.8895908), abs=1e-5) == (prior.a, prior.b)
    assert {
        "p1": pytest.approx(0.86109, abs=1e-5),
        "p2": pytest.approx(0.01001, abs=1e-5),
        "p3": pytest.approx(0.33409, abs=1e-5),
        "p4": pytest.approx(0.30819, abs=1e-5),
        "p5": pytest.approx(0.44494, abs=1e-5),
        "p6": pytest.approx(0.20116, abs=1e-5),
    } == shrunken


def test_ranks_go_by_the_shrunken_rate() -> None:
    assert [(1, "p1"), (2, "p5"), (3, "p3"), (4, "p4"), (5, "p6"), (6, "p2")] == [
        (row.rank, row.partner_id) for row in table()
    ]


def test_the_other_estimator_says_something_else() -> None:
    # moments weighted by n: a .9071945, b 3.3921185
    prior = table(estimator="moments").prior.prior

    assert pytest.approx((0.9071945, 3.3921185), abs=1e-6) == (prior.a, prior.b)
    assert "(moments)" in table(estimator="moments").basis_text()


def test_few_leads_bear_a_warning_and_a_wilson_interval() -> None:
    p5, p6 = table()["p5"], table()["p6"]

    assert ("small: n < 30", None) == (str(p5.warning), p6.warning)
    assert None is table(small=2)["p5"].warning
    # Wilson, 40 of 200: (40 + z^2/2 -+ z sqrt(32 + z^2/4)) / (200 + z^2)
    assert pytest.approx((0.1504520, 0.2608552), abs=1e-6) == p6.rate.interval
    assert p5.interval is not None
    assert p5.interval[0] < 0.44494 < p5.interval[1]


def test_beyond_the_limits_of_the_funnel_plot() -> None:
    flags = {row.partner_id: row.flag for row in table()}

    # against 69 of 327; p1 by chance: .211^5 = .0004 < .001; p2: .789^50 = 7e-6
    assert {"p1": "above", "p2": "below", "p3": None, "p4": None, "p5": None, "p6": None} == flags
    assert (0.0, 0.8) == table()["p1"].limits
    assert ("p1", "p2") == (table().columns()["above"], table().columns()["below"])


def test_leads_without_the_whole_time_are_left_out() -> None:
    young = leads({"p7": (1, 4)}, captured="2026-05-20")
    figure = ranked(leads(TOY), young)

    assert (327, 6) == (figure.n, len(figure))
    assert {"it did not have the whole time yet": 4} == figure.left_out_because


def test_so_far_counts_all_and_says_so() -> None:
    young = leads({"p7": (1, 4)}, captured="2026-05-20")
    figure = ranked(leads(TOY), young, within=None)

    assert (331, 7) == (figure.n, len(figure))
    assert "no_limit" in [warning.code for warning in figure.warnings]


def test_leads_of_no_partner_are_not_in_it() -> None:
    figure = ranked(leads(TOY), "2026-01-01 D1 captured\n2026-01-02 D1 won")

    assert 327 == figure.n


def test_partners_that_differ_by_chance_alone() -> None:
    alike = leads({"acme": (5, 10), "beta": (5, 10), "cyan": (4, 10)})
    figure = ranked(alike)

    assert ["alike"] == [w.code for w in figure.warnings if w.code != "small"]
    assert [1, 1, 1] == [row.rank for row in figure]
    assert ["acme", "beta", "cyan"] == [row.partner_id for row in figure]


def test_partners_with_nothing_in_common() -> None:
    apart = leads({"acme": (1000, 1000), "beta": (0, 1000)})
    figure = ranked(apart)

    assert ["nothing_shared"] == [warning.code for warning in figure.warnings]


def test_one_partner_is_not_ranked() -> None:
    figure = ranked(leads({"acme": (1, 3)}))
    (row,) = figure

    assert "one group shows nothing of how groups differ" == figure.undefined_because
    assert (None, None, None) == (row.rank, row.shrunken, row.interval)
    assert ("unranked", None) == (figure.value_text(), figure.columns()["best"])
    assert "- acme 1 of 3, small: n < 30" == str(row)
    assert figure.basis_text().endswith("how groups differ")


def test_it_shows_the_first_three() -> None:
    assert (
        "1 p1 5 of 5, 86.1 %, above the limits, small: n < 30; "
        "2 p5 1 of 2, 44.5 %, small: n < 30; 3 p3 20 of 60, 33.4 %"
    ) == table().value_text()


def test_all_rows_stand_below() -> None:
    lines = str(table()).split("\n")

    assert ["  5 p6 40 of 200, 20.1 %", "  6 p2 0 of 50, 1.0 %, below the limits"] == lines[-2:]
    assert "<li>5 p6 40 of 200, 20.1 %</li>" in table()._repr_html_()


def test_segments_have_tables_of_their_own() -> None:
    events = history("""
        2026-01-01 L1 captured by acme region=DACH
        2026-01-01 L2 captured by acme region=DACH
        2026-01-11 L2 won
        2026-01-01 L3 captured by beta region=DACH
        2026-01-01 L4 captured by acme region=UKI
    """)
    figure = kpis.league_table(events, within=MONTH, as_of=NOW, by="region")

    assert {"DACH": 2, "UKI": 1} == {region: len(one) for region, one in figure.segments.items()}
    assert (1, 2) == (figure.segments["DACH"]["acme"].rate.hits, figure["acme"].rate.of - 1)


def test_a_partner_that_is_not_there_is_refused() -> None:
    with pytest.raises(OptionError, match="partner_id"):
        table()["p9"]


@pytest.mark.parametrize("said", [{"limits": 1.0}, {"limits": 0}, {"estimator": "guess"}])
def test_what_makes_no_sense_is_refused(said: dict[str, object]) -> None:
    with pytest.raises(OptionError):
        table(**said)


# --- suggested cycle ------------------------------------------------------------------------------


def wins_after(*days: int, still_open: int = 0) -> tuple[Event, ...]:
    lines = [
        f"2026-01-01 L{n} captured by acme\n{date(2026, 1, 1) + timedelta(days=day)} L{n} won"
        for n, day in enumerate(days)
    ]
    return history("\n".join([*lines, *(f"2026-01-01 O{n} captured" for n in range(still_open))]))


def test_the_time_by_which_nine_in_ten_wins_came() -> None:
    events = wins_after(*range(1, 11), still_open=5)
    cycle = kpis.suggested_cycle(events, as_of=NOW)

    assert (9.0, timedelta(days=9), 10, 15) == (cycle.value, cycle.within, cycle.wins, cycle.n)
    assert 5.0 == kpis.suggested_cycle(events, as_of=NOW, share=0.5).value
    assert 10.0 == kpis.suggested_cycle(events, as_of=NOW, share=1).value
    words = "90 % of the eventual wins, estimated from 10 wins among 15 leads captured"
    assert words == cycle.basis_text()


def test_young_leads_make_it_a_share_of_the_eventual_wins_and_not_of_those_seen() -> None:
    # 50 of 51 wins came on the first day, but one of the two leads watched for ten was won then
    early = [f"2026-01-01 A{n} captured\n2026-01-02 A{n} won" for n in range(50)]
    young = [f"2026-05-27 B{n} captured" for n in range(48)]
    late = ["2026-01-01 C1 captured", "2026-01-01 C2 captured\n2026-01-11 C2 won"]
    cycle = kpis.suggested_cycle(history("\n".join([*early, *young, *late])), as_of=NOW)

    # 50 % after a day, 75 % after ten: nine in ten of these come on the tenth alone
    assert (10.0, 51) == (cycle.value, cycle.wins)


def test_it_is_what_a_close_rate_takes() -> None:
    events = wins_after(*range(1, 11))
    within = kpis.suggested_cycle(events, as_of=NOW).within

    assert 0.9 == kpis.cohort_close_rate(events, within=within, as_of=NOW).value


def test_the_cycle_as_a_row() -> None:
    (row,) = kpis.suggested_cycle(wins_after(4), as_of=NOW).to_dicts()

    assert (4.0, 0.9, 1) == (row["value"], row["share"], row["wins"])


def test_early_data_make_it_short_and_it_says_so() -> None:
    events = wins_after(10, 20, 30, 100, 140)
    early = kpis.suggested_cycle(events, as_of=at("2026-02-15"))
    late = kpis.suggested_cycle(events, as_of=NOW)

    assert (30.0, 140.0) == (early.value, late.value)
    assert "early_data" in [warning.code for warning in late.warnings]
    assert "no_limit" not in [warning.code for warning in late.warnings]


def test_nothing_won_proposes_nothing() -> None:
    cycle = kpis.suggested_cycle(history("2026-01-01 L1 captured"), as_of=NOW)

    assert (None, None, "nothing was won") == (cycle.value, cycle.within, cycle.undefined_because)
    assert ("undefined", True) == (
        cycle.value_text(),
        cycle.basis_text().endswith("nothing was won"),
    )
    assert ["small"] == [warning.code for warning in cycle.warnings]


def test_by_key_and_period() -> None:
    cycle = kpis.suggested_cycle(wins_after(5), as_of=NOW, by="sourcing_partner")
    later = kpis.suggested_cycle(wins_after(5), as_of=NOW, period=Period.month(2026, 2))

    assert {"acme": 5.0} == {name: one.value for name, one in cycle.segments.items()}
    assert "there are no leads captured" == later.undefined_because


@pytest.mark.parametrize("share", [0, 1.1, -0.5])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(OptionError, match="share"):
        kpis.suggested_cycle((), as_of=NOW, share=share)


@pytest.mark.parametrize("period", [None, Period.year(2026)])
def test_who_was_captured_nobody_knows_when_is_not_called_young(period: Period | None) -> None:
    unclear = """
        2026-01-01 V1 captured by p7 precision=by
        2026-01-05 V1 won
        2026-01-01 V2 captured by p7 precision=relative
        2026-01-05 V2 won precision=relative
        2026-05-20 V3 captured by p7
        2026-05-20 V4 captured by p7 precision=assumed
    """
    figure = ranked(leads(TOY), unclear, period=period)

    assert (327, 6) == (figure.n, len(figure))
    assert {
        "it did not have the whole time yet": 1,
        "an end is only known as 'by' or 'assumed'": 2,
        "its calendar is invented": 1,
    } == figure.left_out_because
