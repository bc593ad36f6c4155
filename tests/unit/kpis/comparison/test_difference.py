import pickle
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from partnerleads import Period, fold, kpis
from partnerleads.attribution import AttributionPolicy
from partnerleads.errors import MismatchError, OptionError, PartnerLeadsError
from partnerleads.kpis import Comparison, difference
from partnerleads.model import Figure, Money
from partnerleads.testing import at, history

NOW = at("2026-06-01")
MONTH = timedelta(days=30)
EVENTS = history("""
    2026-01-02 L1 captured by acme region=DACH
    2026-01-05 L1 responded
    2026-01-12 L1 won 100 EUR
    2026-01-02 L2 captured region=UKI
    2026-02-03 L3 captured by acme region=DACH
    2026-02-04 L3 responded
    2026-02-20 L3 won 300 EUR
    2026-04-05 L4 captured by acme region=UKI
    2026-04-12 L4 won 700 USD
""")
LIVES = fold(EVENTS, as_of=NOW)
JANUARY, FEBRUARY, APRIL = (Period.month(2026, month) for month in (1, 2, 4))
FIRST_QUARTER = Period.quarter(2026, 1)


def sourced(period: Period | None, lives: Any = LIVES, **options: Any) -> Figure:
    return kpis.sourced_rate(lives, period=period, **options)


def codes(figure: Figure) -> list[str]:
    return [caution.code for caution in figure.warnings]


def mismatched(r1: Figure, r2: Figure, **options: Any) -> list[str]:
    with pytest.raises(MismatchError) as caught:
        difference(r1, r2, **options)
    return [what for what, _, _ in caught.value.mismatches]


def test_two_periods_are_what_a_difference_is_for() -> None:
    found = difference(sourced(FEBRUARY), sourced(JANUARY))

    assert isinstance(found, Comparison)
    assert (0.5, 2.0) == (found.difference.value, found.ratio.value)
    assert found.difference.interval is not None
    assert found.test is not None
    assert ("2026-02", "2026-01") == (found.a_name, found.b_name)
    assert ["small", "small"] == codes(found)
    assert found.period is None
    assert 3 == found.n


def test_swapping_the_results_turns_the_sign() -> None:
    one, other = sourced(FEBRUARY), sourced(JANUARY)
    there, back = difference(one, other), difference(other, one)
    assert there.difference.interval is not None

    assert there.value == -(back.value or 0)
    assert back.difference.interval == tuple(
        -limit for limit in reversed(there.difference.interval)
    )


def test_segments_are_compared_one_by_one() -> None:
    found = difference(sourced(FEBRUARY, by="region"), sourced(JANUARY, by="region"))

    assert ("region",) == found.by
    assert ["DACH", "UKI"] == list(found.segments)
    assert 0.0 == found.segments["DACH"].value
    assert "2026-02: it has no members" == found.segments["UKI"].undefined_because


def test_durations_counts_and_sums_have_differences_too() -> None:
    delays = [kpis.action_delay(LIVES, period=one) for one in (FEBRUARY, JANUARY)]
    wins = [kpis.closed_won(LIVES, period=one) for one in (FEBRUARY, JANUARY)]
    values = [kpis.final_lead_value(LIVES, period=one) for one in (FEBRUARY, JANUARY)]

    assert -2.0 == difference(*delays, statistic="mean").value
    assert 0.0 == difference(*wins).value
    assert Money(Decimal(200), "EUR") == difference(*values).amount


def test_counts_of_periods_that_are_not_equally_long_bear_a_warning() -> None:
    wins = [kpis.closed_won(LIVES, period=one) for one in (FEBRUARY, JANUARY)]

    assert ["unequal_periods"] == codes(difference(*wins))
    assert "of 28 days against 31" in str(difference(*wins))
    twice = kpis.closed_won(LIVES, period=Period.month(2026, 3))
    assert [] == codes(difference(wins[1], twice))
    assert [] == codes(difference(kpis.in_progress(LIVES), kpis.in_progress(LIVES)))


def test_a_month_and_a_quarter_have_rates_but_no_counts_to_compare() -> None:
    wins = [kpis.closed_won(LIVES, period=one) for one in (APRIL, FIRST_QUARTER)]

    assert difference(sourced(APRIL), sourced(FIRST_QUARTER)).value is not None
    assert ["days of the period"] == mismatched(*wins)


@pytest.mark.parametrize(
    ("one", "other", "names"),
    [
        (sourced(JANUARY), kpis.involved_rate(LIVES, period=FEBRUARY), ["name"]),
        (
            sourced(JANUARY),
            sourced(FEBRUARY, counting="registered"),
            ["counted", "anchor", "counting"],
        ),
        (sourced(JANUARY), sourced(None), ["period"]),
        (sourced(None), sourced(JANUARY), ["period"]),
        (sourced(JANUARY), sourced(Period.month(2026, 2, tz="Europe/Berlin")), ["time zone"]),
        (sourced(JANUARY), sourced(FEBRUARY, confidence=0.9), ["confidence"]),
        (sourced(JANUARY), sourced(FEBRUARY, by="region"), ["by"]),
        (sourced(JANUARY), sourced(FEBRUARY, fold(EVENTS, as_of=at("2026-05-01"))), ["as_of"]),
        (
            sourced(JANUARY),
            sourced(FEBRUARY, fold(EVENTS, as_of=NOW, known_at=NOW)),
            ["known_at"],
        ),
        (
            sourced(JANUARY),
            sourced(
                FEBRUARY, fold(EVENTS, as_of=NOW, policy=AttributionPolicy(claims="registration"))
            ),
            ["policy"],
        ),
        (
            kpis.cohort_close_rate(LIVES, within=MONTH, period=JANUARY),
            kpis.cohort_close_rate(LIVES, within=None, period=FEBRUARY),
            ["within"],
        ),
        (
            kpis.won_velocity(LIVES, period=JANUARY),
            kpis.won_velocity(LIVES, period=FEBRUARY, win="first"),
            ["anchor", "win"],
        ),
        (
            kpis.final_lead_value(LIVES, period=APRIL),
            kpis.final_lead_value(LIVES, period=JANUARY),
            ["currencies"],
        ),
    ],
)
def test_results_under_different_definitions_are_refused(
    one: Figure, other: Figure, names: list[str]
) -> None:
    assert names == mismatched(one, other)
    assert names == mismatched(other, one)


def test_every_mismatch_is_named_at_once() -> None:
    wins = kpis.closed_won(fold(EVENTS, as_of=at("2026-05-01")))
    found = mismatched(sourced(JANUARY), wins)

    assert ["kind", "name", "counted", "as_of", "unit"] == found[:5]
    assert "period" == found[-1]


def test_shares_of_leads_and_of_money_are_two_kinds_of_things() -> None:
    found = mismatched(sourced(JANUARY), sourced(FEBRUARY, unit="revenue"))

    assert "unit" in found


def test_a_sum_without_amounts_has_no_currency_to_differ() -> None:
    march = kpis.final_lead_value(LIVES, period=Period.month(2026, 3))
    found = difference(march, kpis.final_lead_value(LIVES, period=JANUARY))

    assert "2026-03: there are no leads won" == found.undefined_because


def test_moments_may_differ_where_that_is_said() -> None:
    early = fold(EVENTS, as_of=at("2026-02-05"))
    late, soon = sourced(FEBRUARY), sourced(JANUARY, early)

    assert ["as_of"] == mismatched(late, soon)
    found = difference(late, soon, allow="as_of")
    assert found.difference.interval is not None
    assert NOW == found.as_of


def test_the_same_leads_at_two_moments_have_no_interval() -> None:
    early = sourced(JANUARY, fold(EVENTS, as_of=at("2026-02-05")))
    found = difference(sourced(JANUARY), early, allow=("as_of", "known_at"))

    assert (0.0, None) == (found.difference.value, found.difference.interval)
    assert "the two may share members, so no interval" == found.difference.undefined_because
    assert (None, None) == (found.ratio.interval, found.test)
    assert "overlap" in codes(found)
    assert ("2026-06-01 00:00 UTC", "2026-02-05 00:00 UTC") == (found.a_name, found.b_name)


def test_a_ratio_that_is_undefined_stays_so_for_its_own_reason() -> None:
    nobody = kpis.influenced_rate(LIVES, period=JANUARY)
    later = kpis.influenced_rate(LIVES, period=FIRST_QUARTER)

    assert "Q1 2026 has no hit to divide by" == difference(nobody, later).ratio.undefined_because


def test_periods_that_overlap_have_no_interval() -> None:
    found = difference(sourced(JANUARY), sourced(FIRST_QUARTER))

    assert found.difference.interval is None
    assert "overlap" in codes(found)


def test_two_segments_of_one_result_are_apart_but_cannot_say_so() -> None:
    parts = sourced(JANUARY, by="region").segments
    found = difference(parts["DACH"], parts["UKI"])

    assert 1.0 == found.value
    assert found.difference.interval is not None
    assert "untold" in codes(found)
    assert ("the first", "the second") == (found.a_name, found.b_name)


def test_periods_of_one_name_are_told_apart_by_their_days() -> None:
    spans = [Period.days(date(2026, n, 1), date(2026, n, 15)) for n in (1, 2)]
    found = difference(*(sourced(span) for span in spans))

    assert "2026-01-01 to 2026-01-15 UTC" == found.a_name


@pytest.mark.parametrize("allow", ["within", ("as_of", "policy")])
def test_nothing_but_moments_can_be_allowed(allow: Any) -> None:
    with pytest.raises(OptionError, match="offered are 'as_of', 'known_at'"):
        difference(sourced(JANUARY), sourced(FEBRUARY), allow=allow)


def test_what_is_no_comparable_result_is_refused() -> None:
    with pytest.raises(OptionError, match="r1='active_regions': gives Regions"):
        difference(kpis.active_regions(LIVES), sourced(JANUARY))
    with pytest.raises(OptionError, match=r"r2=0\.5: gives float"):
        difference(sourced(JANUARY), 0.5)  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="statistic='mode'"):
        difference(sourced(JANUARY), sourced(FEBRUARY), statistic="mode")  # type: ignore[arg-type]


def test_the_error_pickles_and_shows_both_sides() -> None:
    error = MismatchError("closed_won", (("within", "30 days", "so far"),))
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes

    assert isinstance(error, PartnerLeadsError)
    assert isinstance(error, ValueError)
    assert (error.args, error.mismatches, str(error)) == (again.args, again.mismatches, str(again))
    assert "closed_won" in str(error)
    assert "(within: 30 days and so far)" in str(error)


def test_a_difference_pickles_and_shows_itself() -> None:
    found = difference(sourced(FEBRUARY, by="region"), sourced(JANUARY, by="region"))

    assert found == pickle.loads(pickle.dumps(found))  # noqa: S301 - our own bytes
    assert str(found).startswith("sourced_rate: 2026-02 against 2026-01 +50.0 percentage points")
    assert 3 == len(found.to_dicts())
