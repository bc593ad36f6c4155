import pickle
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

from partnerleads import Period, fold, kpis
from partnerleads.errors import AsOfError, OptionError
from partnerleads.kpis import AllOf, AnyOf, Comparison, Has, Is, Not
from partnerleads.model import Caution, Figure, FrozenMap, Money, WorkingHours
from partnerleads.testing import at, history

NOW = at("2026-06-01")
MONTH = timedelta(days=30)
DACH, UKI = Is("region", "DACH"), Is("region", "UKI")
# sourced: L1 won, L2 lost; direct: L3 won, L4 and L5 lost, L6 open; influenced: L7 won
EVENTS = history("""
    2026-01-02 L1 captured by acme region=DACH deal_type=new
    2026-01-04 L1 responded
    2026-01-12 L1 won 100 EUR
    2026-01-02 L2 captured by bolt region=UKI deal_type=new
    2026-01-03 L2 responded
    2026-01-09 L2 lost
    2026-01-02 L3 captured region=DACH deal_type=new
    2026-01-12 L3 responded
    2026-01-22 L3 won 300 EUR
    2026-01-02 L4 captured region=DACH deal_type=renewal
    2026-01-09 L4 lost
    2026-01-02 L5 captured region=UKI deal_type=renewal
    2026-01-06 L5 responded
    2026-01-09 L5 lost
    2026-03-02 L6 captured region=UKI deal_type=new
    2026-01-02 L7 captured region=UKI deal_type=new
    2026-01-20 L7 influenced by acme
    2026-01-25 L7 won 500 EUR
""")


def compared(kpi: Any, a: Any = "sourced", b: Any = "direct", **options: Any) -> Comparison:
    return kpis.compare(EVENTS, kpi, a, b, as_of=options.pop("as_of", NOW), **options)


def close_rate(a: Any = "sourced", b: Any = "direct", **options: Any) -> Comparison:
    return compared(kpis.cohort_close_rate, a, b, **({"within": MONTH} | options))


def codes(figure: Figure) -> list[str]:
    return [caution.code for caution in figure.warnings]


# --- rates ----------------------------------------------------------------------------------------


def test_a_rate_has_difference_ratio_and_test() -> None:
    found = close_rate()

    assert (0.5, 0.25) == (found.a_value, found.b_value)
    assert (0.25, 2.0) == (found.difference.value, found.ratio.value)
    assert found.difference.interval is not None
    assert found.ratio.interval is not None
    assert found.test is not None
    assert "Fisher exact" == found.test.test
    assert ("rate", "") == (found.statistic, found.unit)
    assert 6 == found.n
    assert {"in neither group": 1} == found.left_out_because


def test_both_figures_are_there_with_the_segments_they_have_by_themselves() -> None:
    found = close_rate()

    assert found.a is not None
    assert found.b is not None
    assert ["acme", "bolt"] == list(found.a.segments)
    assert [None] == list(found.b.segments)
    assert {} == found.segments


def test_the_definition_is_that_of_the_figures_with_the_groups() -> None:
    found = close_rate(landmark=timedelta(days=7), adjust_for=("region", "deal_type"))

    assert found.definition["within"] == "30 days, 0:00:00"
    assert ("sourced", "direct") == (found.definition["a"], found.definition["b"])
    assert "7.0 days after the capture, if open then" == found.definition["classes"]
    assert "region, deal_type" == found.definition["adjusted for"]


def test_a_ratio_to_a_group_without_a_hit_is_undefined_and_says_so() -> None:
    found = close_rate(a=DACH, b=AllOf((UKI, Not(Is("attribution", "influenced")))))

    assert found.ratio.value is None
    assert found.ratio.undefined_because is not None
    assert found.ratio.undefined_because.endswith("has no hit to divide by")
    assert "no ratio: region UKI and not influenced has no hit to divide by" in str(found)


def test_a_ratio_of_no_hits_has_no_interval_and_says_so() -> None:
    found = close_rate(a=Is("deal_type", "renewal"), b=DACH)

    assert (0.0, None) == (found.ratio.value, found.ratio.interval)
    assert "ratio 0.00 without interval: a ratio of 0 has no log interval" in str(found)


@pytest.mark.parametrize(
    ("a", "b"), [("sourced", Is("region", "APAC")), (Is("region", "APAC"), UKI)]
)
def test_a_group_without_members_leaves_the_comparison_undefined(a: Any, b: Any) -> None:
    found = close_rate(a=a, b=b)

    assert found.value is None
    assert "region APAC: there are no leads captured" == found.undefined_because
    assert "undefined" == found.value_text()
    assert "undefined (region APAC: there are no leads captured, as of" in str(found)


def test_the_confidence_is_that_of_every_interval() -> None:
    wide, narrow = close_rate(confidence=0.99), close_rate(confidence=0.5)
    assert wide.a is not None

    assert 0.99 == wide.a.confidence  # type: ignore[attr-defined]
    assert "99 % " in wide.basis_text()
    for name in ("difference", "ratio"):
        outer, inner = getattr(wide, name).interval, getattr(narrow, name).interval
        assert outer[0] < inner[0] < inner[1] < outer[1]


def test_shares_of_money_have_no_interval() -> None:
    found = compared(kpis.sourced_rate, DACH, UKI, unit="revenue")

    assert (0.25, 0.0) == (found.a_value, found.b_value)
    assert (0.25, "shares of money have no interval") == (
        found.difference.value,
        found.difference.undefined_because,
    )
    assert found.ratio.undefined_because == "region UKI is 0, and nothing divides by it"
    assert found.test is None


# --- what time does -------------------------------------------------------------------------------


def test_an_immature_cohort_is_compared_so_far() -> None:
    found = close_rate(as_of=at("2026-03-10"))

    assert found.so_far
    assert found.value_text().endswith("percentage points so far")
    assert "direct: of 1 the time is not over yet; the rate may still rise" in str(found)
    assert not close_rate().so_far


def test_without_a_limit_a_comparison_is_always_so_far() -> None:
    found = close_rate(within=None)

    assert found.so_far
    assert ["no_limit", "small", "no_limit", "small", "survivors"] == codes(found)


def test_influenced_leads_bear_the_warning_that_they_lasted() -> None:
    for a in ("influenced", "involved", "sourced"):
        assert "survivors" in codes(close_rate(a=a))
    assert "survivors" not in codes(close_rate(b=Not(Is("attribution", "sourced"))))


def test_a_history_without_influence_cannot_mislead() -> None:
    found = close_rate(period=Period.month(2026, 3))

    assert "survivors" not in codes(found)


def test_a_landmark_takes_the_place_of_the_warning() -> None:
    found = close_rate(a="influenced", landmark=timedelta(days=19))

    assert "survivors" not in codes(found)
    assert found.a is not None
    assert found.b is not None
    assert (1, 2) == (found.a.n, found.b.n)
    assert 4 == found.left_out_because["in neither group"]


def test_a_landmark_behind_the_limit_is_refused() -> None:
    with pytest.raises(OptionError, match="must be shorter than within=30 days"):
        close_rate(landmark=MONTH)


@pytest.mark.parametrize("landmark", [30, timedelta(days=-1)])
def test_a_landmark_that_is_no_span_is_refused(landmark: Any) -> None:
    with pytest.raises(OptionError, match="landmark="):
        close_rate(landmark=landmark)


def test_groups_told_by_what_comes_later_bear_a_warning_on_rates_and_times_alone() -> None:
    groups = Has("responded"), Not(Has("responded"))

    assert "survivors" in codes(close_rate(*groups))
    assert "survivors" in codes(compared(kpis.won_velocity, *groups))
    assert "survivors" not in codes(compared(kpis.closed_won, *groups))


def test_members_of_both_groups_are_counted() -> None:
    found = close_rate(a="involved", b="sourced")

    assert "in both groups: 2, so the two are not independent" in str(found)
    assert 4 == found.left_out_because["in neither group"]


def test_groups_that_share_members_have_no_interval_and_no_test() -> None:
    found = close_rate(a="involved", b="sourced", adjust_for="region")
    assert found.adjusted is not None
    pooled, inside = found.adjusted.pooled, found.adjusted.standardised
    estimates = (
        found.difference,
        found.ratio,
        inside.difference,
        pooled.odds_ratio,
        pooled.risk_ratio,
        pooled.difference,
    )

    assert found.value == pytest.approx(2 / 3 - 1 / 2)
    assert [None] * len(estimates) == [one.interval for one in estimates]
    assert "the groups share members, so no interval" == found.difference.undefined_because
    assert (None, None, None) == (
        found.test,
        found.adjusted.test.p_value,
        found.adjusted.alike.p_value,
    )


def test_segments_that_share_no_member_keep_their_interval() -> None:
    # L7, which is influenced and no renewal, is in both groups; it is of UKI
    later = kpis.AnyOf((kpis.Is("deal_type", "renewal"), kpis.Is("lead_id", "L7")))
    found = close_rate(a="involved", b=later, by="region")

    assert found.difference.interval is None
    assert found.segments["DACH"].difference.interval is not None
    assert found.segments["UKI"].difference.interval is None


# --- durations ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statistic", "a", "b"), [("median", 1.5, 7.0), ("p90", 1.9, 9.4), ("mean", 1.5, 7.0)]
)
def test_durations_have_difference_and_ratio_of_a_statistic(
    statistic: Any, a: float, b: float
) -> None:
    found = compared(kpis.action_delay, statistic=statistic)

    assert (statistic, "days") == (found.statistic, found.unit)
    assert (found.a_value, found.b_value) == pytest.approx((a, b))
    assert found.difference.value == pytest.approx(a - b)
    assert found.ratio.value == pytest.approx(a / b)
    assert (None, None) == (found.difference.interval, found.ratio.interval)
    assert f"{a - b:+.1f} days" == found.value_text()


def test_durations_from_their_anchor_are_tested_with_those_who_wait() -> None:
    found = compared(kpis.action_delay)
    assert found.test is not None

    # at risk, day 1: 2 of 6 sourced; day 2: 1 of 5; day 4: 0 of 4; day 10: 0 of 2
    expected = 2 / 6 + 1 / 5
    variance = (2 / 6) * (4 / 6) + (1 / 5) * (4 / 5)
    assert "log-rank" == found.test.test
    assert found.test.statistic == pytest.approx((2 - expected) ** 2 / variance)
    assert 1 == found.test.degrees


def test_durations_of_those_who_arrived_are_not_tested() -> None:
    assert compared(kpis.won_velocity).test is None
    assert compared(kpis.action_delay, "sourced", "influenced").test is not None


def test_a_test_without_events_is_undefined() -> None:
    found = compared(kpis.action_delay, "influenced", kpis.Is("lead_id", "L6"))
    assert found.test is not None

    assert (None, None) == (found.test.p_value, found.test.degrees)
    assert "log-rank" not in str(found)


def test_working_hours_are_not_tested() -> None:
    office = WorkingHours.parse({"mon-fri": "09:00-17:00"})

    assert compared(kpis.action_delay, working_hours=office).test is None


def test_durations_made_of_several_questions_are_not_tested() -> None:
    def twice(history: Any, **options: Any) -> Figure:
        kpis.closed_won(history)
        return kpis.action_delay(history, **options)

    assert compared(twice).test is None
    assert compared(twice).value == compared(kpis.action_delay).value


# --- counts and sums ------------------------------------------------------------------------------


def test_counts_have_difference_and_ratio() -> None:
    found = compared(kpis.closed_won, DACH, UKI)

    assert (2.0, 1.0, 1.0, 2.0) == (
        found.a_value,
        found.b_value,
        found.difference.value,
        found.ratio.value,
    )
    assert ("count", "", "+1") == (found.statistic, found.unit, found.value_text())
    assert "ratio 2.00" == found.basis_text()
    assert found.amount is None


def test_sums_of_money_have_an_exact_difference() -> None:
    found = compared(kpis.final_lead_value, UKI, DACH)

    assert ("sum", "EUR") == (found.statistic, found.unit)
    assert Money(Decimal(100), "EUR") == found.amount
    assert (100.0, 1.25) == (found.difference.value, found.ratio.value)
    assert "+100.00 EUR" == found.value_text()


def test_sums_without_amounts_are_undefined() -> None:
    found = compared(kpis.final_lead_value, DACH, Is("region", "APAC"))
    neither = compared(kpis.final_lead_value, Is("region", "APAC"), Is("region", "ANZ"))

    assert (None, None) == (found.value, found.amount)
    assert "region APAC: there are no leads won" == found.undefined_because
    assert "region APAC: there are no leads won" == neither.undefined_because


def test_sums_of_several_currencies_are_not_compared() -> None:
    mixed = [
        *EVENTS,
        *history("""
        2026-01-02 L8 captured region=UKI id=c8
        2026-01-25 L8 won 500 USD id=w8
    """),
    ]
    found = kpis.compare(mixed, kpis.final_lead_value, DACH, UKI, as_of=NOW)

    assert "amounts in EUR, USD cannot be compared; pass rates" == found.undefined_because
    assert found.ratio.undefined_because == found.undefined_because


# --- segments and strata --------------------------------------------------------------------------


def test_each_segment_has_its_own_comparison() -> None:
    found = close_rate(by="deal_type")

    assert ("deal_type",) == found.by
    assert ["new", "renewal"] == list(found.segments)
    new, renewal = found.segments.values()
    assert (0.5, 0.5) == (new.a_value, new.b_value)
    assert (2, 2, 1) == (new.a.n, new.b.n, new.left_out_because["in neither group"])
    assert (None, None) == (renewal.a, renewal.value)
    assert "sourced: it has no members" == renewal.undefined_because
    assert "survivors" not in codes(renewal)
    assert "renewal  " in str(found)


def test_each_segment_is_adjusted_by_itself() -> None:
    found = close_rate(a=DACH, b=UKI, by="deal_type", adjust_for="attribution")
    whole = close_rate(a=DACH, b=UKI, adjust_for="attribution")

    assert found.adjusted == whole.adjusted
    assert found.adjusted is not None
    assert ["direct", "influenced", "sourced"] == list(found.adjusted.strata)
    new = found.segments["new"].adjusted
    assert {"sourced": (1, 1, 0, 1), "direct": (1, 1, 0, 1), "influenced": (0, 0, 1, 1)} == {
        key: (one.hits_a, one.of_a, one.hits_b, one.of_b) for key, one in new.strata.items()
    }


def test_several_keys_make_the_strata() -> None:
    found = close_rate(a=DACH, b=UKI, by=("status", "reason"), adjust_for=("deal_type", "agent"))
    assert found.adjusted is not None

    assert [("new", None), ("renewal", None)] == list(found.adjusted.strata)
    assert {("won", None), ("lost", None), ("open", None)} == set(found.segments)


def test_what_cannot_be_adjusted_is_told() -> None:
    found = close_rate(a=DACH, b=UKI, adjust_for="attribution")

    assert "unshared" in codes(found)
    assert "0 % of the first group and 25 % of the second, whose attribution" in str(found)
    assert "where only one group is" in str(found)


def test_groups_without_a_shared_stratum_are_not_adjusted() -> None:
    found = close_rate(a=DACH, b=UKI, adjust_for="region")

    assert "undefined" in str(found)
    assert "no rates: no stratum with any weight has both groups" in str(found)
    assert "parts of the gap" not in str(found)
    assert found.to_dicts()[0]["mix_part"] is None
    assert not found.direction_flips


def test_an_adjusted_difference_without_variation_has_no_interval() -> None:
    found = close_rate(
        a=Is("lead_id", "L1"),
        b=AnyOf((Is("lead_id", "L2"), Is("lead_id", "L4"))),
        adjust_for="agent",
    )
    assert found.adjusted is not None

    assert (1.0, None) == (
        found.adjusted.standardised.difference.value,
        found.adjusted.standardised.difference.interval,
    )
    assert "100.0 % against 0.0 % at one mix" in str(found)


def test_adjusted_odds_of_0_have_no_interval() -> None:
    lost = AnyOf((Is("lead_id", "L2"), Is("lead_id", "L4")))
    found = close_rate(a=lost, b=Is("lead_id", "L1"), adjust_for="agent")

    assert "; odds ratio 0.00; Cochran-Mantel-Haenszel, corrected p" in str(found)


@pytest.mark.parametrize(
    ("keys", "warned"),
    [
        (("region", "attributes.size", "attribution"), []),
        (("region", "status"), ["status"]),
        (("latest.region", "holder"), ["latest.region, holder"]),
    ],
)
def test_adjusting_for_what_comes_later_bears_a_warning(
    keys: tuple[str, ...], warned: list[str]
) -> None:
    found = close_rate(adjust_for=keys)

    assert [f"{one} comes after the capture, so" for one in warned] == [
        str(caution).partition(" adjusting")[0]
        for caution in found.warnings
        if caution.code == "adjusted_for_later"
    ]


def test_a_direction_that_turns_within_strata_alone_names_that_difference() -> None:
    # partners 2 of 11 and 12 of 12, others 3 of 5 and 0 of 1
    counts = (("by acme", "new", 2, 11), ("by acme", "old", 12, 12), ("", "new", 3, 5))
    lines = [
        f"2026-01-01 {kind}{by[3:]}{n} captured {by} deal_type={kind}"
        + (f"\n2026-01-05 {kind}{by[3:]}{n} won" if n < hits else "")
        for by, kind, hits, of in (*counts, ("", "old", 0, 1))
        for n in range(of)
    ]
    found = kpis.compare(
        history("\n".join(lines)),
        kpis.cohort_close_rate,
        "sourced",
        "direct",
        within=MONTH,
        adjust_for="deal_type",
        as_of=NOW,
    )
    (words,) = [one.words for one in found.warnings if one.code == "direction_flips"]

    assert found.adjusted is not None
    assert found.adjusted.standardised.difference.value == pytest.approx(0.217555, abs=1e-6)
    assert "turns: +10.9 as a whole, -11.8 percentage points within strata" in words


def test_a_key_is_no_segment_and_stratum_at_once() -> None:
    with pytest.raises(OptionError, match="adjust_for='region': a segment of 'by' has one mix"):
        close_rate(by="region", adjust_for=("deal_type", "region"))


@pytest.mark.parametrize(
    ("kpi", "options"),
    [
        (kpis.action_delay, {}),
        (kpis.closed_won, {}),
        (kpis.sourced_rate, {"unit": "revenue"}),
    ],
)
def test_only_rates_of_members_are_adjusted(kpi: Any, options: dict[str, Any]) -> None:
    with pytest.raises(OptionError, match="only rates of members have a mix to take out"):
        compared(kpi, adjust_for="region", **options)


# --- what is asked, and how it shows --------------------------------------------------------------


def test_figures_of_another_kind_are_refused() -> None:
    with pytest.raises(OptionError, match="gives Regions; shares, durations, counts and sums"):
        compared(kpis.active_regions)
    with pytest.raises(OptionError, match="kpi=3: gives int; shares"):
        compared(lambda _: 3)


def test_a_kpi_that_looks_elsewhere_is_refused() -> None:
    elsewhere = kpis.closed_won(EVENTS, as_of=NOW)

    with pytest.raises(OptionError, match="measures another history than the one it gets"):
        compared(lambda _: elsewhere)


def test_an_unknown_statistic_is_refused() -> None:
    with pytest.raises(OptionError, match="statistic='p95'"):
        compared(kpis.action_delay, statistic="p95")


def test_events_need_a_moment_and_are_read_once() -> None:
    with pytest.raises(AsOfError):
        kpis.compare(EVENTS, kpis.closed_won, "sourced", "direct")

    once = kpis.compare(iter(EVENTS), kpis.closed_won, DACH, UKI, as_of=NOW, by="deal_type")
    assert once == kpis.compare(fold(EVENTS, as_of=NOW), kpis.closed_won, DACH, UKI, by="deal_type")


def test_a_kpi_of_ones_own_is_compared_too() -> None:
    quick = kpis.define(
        "quick",
        kpis.ShareOf(kpis.Within("captured", "responded", timedelta(days=2))),
        counted="leads captured",
        anchor="captured",
    )

    assert (1.0, 0.0) == (compared(quick).a_value, compared(quick).b_value)


SHOWN = [
    close_rate(by="deal_type"),
    close_rate(a=DACH, b=UKI, adjust_for="deal_type"),
    compared(kpis.action_delay, by=("region", "deal_type")),
    compared(kpis.final_lead_value, DACH, UKI),
]


@pytest.mark.parametrize("found", SHOWN, ids=lambda one: one.name)
def test_a_comparison_shows_itself_and_pickles(found: Comparison) -> None:
    assert found == pickle.loads(pickle.dumps(found))  # noqa: S301 - our own bytes
    lines = str(found).split("\n")
    assert lines[0].startswith(f"{found.name} ")
    assert [found.a_name, found.b_name] == [line.strip().split("  ")[0] for line in lines[1:3]]
    rows = found.to_dicts()
    assert 1 + len(found.segments) == len(rows)
    assert all(list(row) == list(rows[0]) for row in rows)
    html = found._repr_html_()
    assert 2 == html.count("<table>")
    assert f"<td>{found.a_name}</td>" in html


def test_a_name_is_no_kpi() -> None:
    name: Any = "closed_won"
    quarter, moments = Period.quarter(2026, 1), (at("2026-04-01"), None)

    for mistaken in (
        lambda: compared(name),
        lambda: kpis.audit(EVENTS, kpi=name, as_of=NOW),
        lambda: kpis.restatement(EVENTS, name, as_of=NOW, known_at=moments),
        lambda: kpis.trend(EVENTS, name, periods=[quarter], as_of=NOW),
    ):
        with pytest.raises(OptionError, match="kpi='closed_won': pass the function itself"):
            mistaken()


def test_a_key_to_adjust_for_that_there_is_not_is_told_by_its_option() -> None:
    with pytest.raises(OptionError, match="adjust_for='regoin': did you mean 'region'"):
        close_rate(adjust_for=("deal_type", "regoin"))
    with pytest.raises(OptionError, match="by='regoin': did you mean 'region'"):
        close_rate(by="regoin", adjust_for="deal_type")


def test_a_long_note_of_the_whole_is_not_said_again_of_each_segment() -> None:
    found = close_rate(by="region")
    told, html = str(found), found._repr_html_()
    words = next(str(one) for one in found.warnings if one.code == "survivors")

    assert "survivors" in codes(found.segments["UKI"])
    assert (1, 1) == (told.count(words), html.count(words))
    uki, note = (
        next(line for line in told.splitlines() if line.startswith(start))
        for start in ("  UKI", f"  note: {words}")
    )
    assert "small: n < 30" in uki
    assert words in note


def test_a_long_note_that_the_whole_has_not_stands_beside_its_segment() -> None:
    caution = Caution("late", "what is known of these leads came a long time after they did")
    figure = kpis.closed_won(EVENTS, as_of=NOW, by="region")
    noted = evolve(figure.segments["UKI"], warnings=(caution,))
    found = evolve(figure, segments=FrozenMap({**figure.segments, "UKI": noted}))

    assert str(found).splitlines()[2].endswith(f"leads won  {caution}")


def test_a_key_of_the_mix_that_is_named_twice_is_refused() -> None:
    with pytest.raises(OptionError, match=r"adjust_for=\('region', 'region'\): names a key twice"):
        close_rate(adjust_for=("region", "region"))
