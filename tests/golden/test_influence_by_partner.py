"""Influence by partner, worked by hand."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from partnerleads import Period, kpis
from partnerleads.errors import OptionError
from partnerleads.testing import at, history, money

NOW = at("2026-06-01")

# the field's standing example: 100 over four touches, a week apart for the decay
FOUR = history("""
    2026-01-01 L1 captured
    2026-01-02 L1 influenced by a
    2026-01-09 L1 influenced by b
    2026-01-16 L1 influenced by c
    2026-01-23 L1 influenced by d
    2026-01-30 L1 won 100 EUR
""")

MODELS: dict[str, list[str]] = {
    "position": ["40", "10", "10", "40"],
    "equal": ["25", "25", "25", "25"],
    "full": ["100", "100", "100", "100"],
}


@pytest.mark.parametrize("model", MODELS)
def test_100_over_four_touches(model: Any) -> None:
    # source: the published splits of 100 over four touches, position based 40/10/10/40, linear 25
    influence = kpis.influence_by_partner(FOUR, model=model, as_of=NOW)

    assert [money(f"{m} EUR") for m in MODELS[model]] == [
        one.total for one in influence.segments.values()
    ]
    assert money("100 EUR") == influence.total


@pytest.mark.parametrize(("model", "partner"), [("first", "a"), ("last", "d")])
def test_one_touch_has_all(model: Any, partner: str) -> None:
    influence = kpis.influence_by_partner(FOUR, model=model, as_of=NOW)

    assert {partner: money("100 EUR")} == {k: one.total for k, one in influence.segments.items()}


def test_half_as_much_for_every_half_life_earlier() -> None:
    # source: the published decay with a half-life of 7 days and ages 14, 7 and 0: 1/7, 2/7, 4/7
    log = history("""
        2026-01-01 L1 captured
        2026-01-02 L1 influenced by a
        2026-01-09 L1 influenced by b
        2026-01-16 L1 influenced by c
        2026-01-16 L1 won 100 EUR
    """)
    influence = kpis.influence_by_partner(log, model="time_decay", as_of=NOW)
    slower = kpis.influence_by_partner(
        log, model="time_decay", half_life=timedelta(days=14), unit="leads", as_of=NOW
    )

    assert [Fraction(1, 7), Fraction(2, 7), Fraction(4, 7)] == [
        one.leads for one in influence.segments.values()
    ]
    assert ["14.29 EUR", "28.57 EUR", "57.14 EUR"] == [
        f"{one.total.amount} EUR" for one in influence.segments.values()
    ]
    assert "7 days, 0:00:00" == influence.definition["half-life"]
    assert slower.segments["c"].leads == 2 * slower.segments["a"].leads


# L1: acme, beta, acme again; won at 100, so equal parts are 66.67 and 33.33
# L2: beta alone; won at 50 dollars; L3: acme and beta; won without a value; L4: gamma, refunded in
# other money; L5: sourced by acme, so beta has nothing in it; L6: acme and beta; open at 10 yen
MIX = history("""
    2026-01-02 L1 captured region=DACH
    2026-01-03 L1 influenced by acme
    2026-01-04 L1 contact by beta
    2026-01-05 L1 progressed by acme
    2026-02-01 L1 won 100 EUR
    2026-01-02 L2 captured region=UK
    2026-01-03 L2 influenced by beta
    2026-02-02 L2 won 50 USD
    2026-01-02 L3 captured region=UK
    2026-01-03 L3 influenced by acme
    2026-01-04 L3 influenced by beta precision=by
    2026-03-02 L3 won
    2026-01-02 L4 captured region=UK
    2026-01-03 L4 influenced by gamma
    2026-02-02 L4 won 10 EUR
    2026-02-03 L4 refunded 5 USD
    2026-01-02 L5 captured by acme
    2026-01-03 L5 influenced by beta
    2026-02-02 L5 won 500 EUR
    2026-01-02 L6 captured 11 JPY
    2026-01-03 L6 influenced by acme
    2026-01-04 L6 influenced by beta
""")


def test_cents_left_over_go_to_those_that_lost_most_then_by_the_alphabet() -> None:
    influence = kpis.influence_by_partner(MIX, model="equal", as_of=NOW)
    acme, beta, gamma = influence.segments.values()

    assert {"EUR": money("100 EUR"), "USD": money("50 USD")} == influence.by_currency
    assert {"EUR": money("66.67 EUR")} == acme.by_currency
    assert {"EUR": money("33.33 EUR"), "USD": money("50 USD")} == beta.by_currency
    assert (1, 1, Fraction(2, 3)) == (acme.n, acme.without_value, acme.leads)
    assert (2, 1, Fraction(4, 3)) == (beta.n, beta.without_value, beta.leads)
    assert {"its refunds are in another currency": 1} == gamma.left_out_because
    assert "no amount is stated by 1 influenced lead won" == gamma.undefined_because
    yen = kpis.influence_by_partner(MIX, model="equal", unit="pipeline", as_of=NOW)
    assert ["JPY 6", "JPY 5"] == [one.value_text() for one in yen.segments.values()]


def test_in_full_the_partners_do_not_add_up_and_it_says_so() -> None:
    influence = kpis.influence_by_partner(MIX, as_of=NOW)

    assert money("100 EUR") == influence.segments["acme"].total
    assert money("100 EUR") == influence.segments["beta"].by_currency["EUR"]
    assert ["not_additive"] == [caution.code for caution in influence.warnings]


def test_leads_are_shared_exactly() -> None:
    influence = kpis.influence_by_partner(MIX, model="equal", unit="leads", as_of=NOW)

    assert {"acme": Fraction(5, 3), "beta": Fraction(7, 3), "gamma": Fraction(1)} == {
        partner: one.leads for partner, one in influence.segments.items()
    }
    assert ["5", "1.67", "2.33", "1"] == [
        one.value_text() for one in (influence, *influence.segments.values())
    ]
    assert [5.0, 5 / 3, 7 / 3, 1.0] == pytest.approx([r["leads"] for r in influence.to_dicts()])


def test_keys_periods_and_currencies() -> None:
    february = Period.month(2026, 2)
    influence = kpis.influence_by_partner(
        MIX,
        model="equal",
        as_of=NOW,
        period=february,
        by="region",
        currency="EUR",
        rates=lambda *_: Decimal("0.333"),
    )

    assert ("influencing_partner", "region") == influence.by
    assert {
        ("acme", "DACH"): money("66.67 EUR"),
        ("beta", "DACH"): money("33.33 EUR"),
        ("beta", "UK"): money("16.65 EUR"),
        ("gamma", "UK"): None,
    } == {key: one.total for key, one in influence.segments.items()}
    assert money("116.65 EUR") == influence.total
    two = kpis.influence_by_partner(MIX, unit="leads", by=("region", "lead_id"), as_of=NOW)
    assert ("beta", "UK", "L2") in two.segments
    by_lead = kpis.influence_by_partner(MIX, unit="leads", by="lead_id", as_of=NOW)
    assert ("gamma", "L4") in by_lead.segments


def test_touches_whose_time_is_vague_are_told_where_time_matters() -> None:
    told = {
        model: [
            str(caution)
            for caution in kpis.influence_by_partner(MIX, model=model, as_of=NOW).warnings
        ]
        for model in ("equal", "position")
    }

    assert {
        "equal": [],
        "position": ["touches whose time is known only as 'by' or 'assumed': 1"],
    } == told


def test_a_part_of_a_history_serves_as_well() -> None:
    dach = kpis.only(MIX, kpis.Is("region", "DACH"), as_of=NOW)
    since = kpis.history_start(dach, at("2026-01-01"))

    assert (
        money("66.67 EUR") == kpis.influence_by_partner(since, model="equal").segments["acme"].total
    )


class Elsewhere:
    """Another engine."""

    as_of = NOW
    known_at = None

    def tally(self) -> None: ...


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"model": "linear"}, "model='linear': offered are 'full', 'equal', 'first', "),
        ({"unit": "money"}, "unit='money': offered are 'leads', 'pipeline', 'revenue'"),
        ({"half_life": timedelta(1)}, "goes with model='time_decay' alone"),
        ({"half_life": timedelta(0), "model": "time_decay"}, "must be longer than nothing"),
        ({"half_life": 7, "model": "time_decay"}, "pass a timedelta"),
        ({"unit": "pipeline", "period": Period.year(2026)}, "influence_by_partner is a stock"),
    ],
)
def test_what_is_not_offered_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        kpis.influence_by_partner(MIX, as_of=NOW, **options)


def test_another_engine_does_not_know_the_touches() -> None:
    with pytest.raises(OptionError, match="reads every lead's own events; pass Python events"):
        kpis.influence_by_partner(Elsewhere())  # type: ignore[arg-type]


def test_a_touch_far_before_the_last_one_has_nothing() -> None:
    log = history("""
        2000-01-01 L1 captured
        2000-01-02 L1 influenced by a
        2026-01-16 L1 influenced by b
        2026-01-16 L1 won 100 EUR
    """)
    influence = kpis.influence_by_partner(log, model="time_decay", as_of=NOW)

    assert ["b"] == list(influence.segments)


def test_shared_leads_are_compared_like_sums() -> None:
    log = history("""
        2026-01-02 L1 captured
        2026-01-03 L1 influenced webinar by acme
        2026-01-04 L1 influenced webinar by beta
        2026-02-02 L2 captured
        2026-02-03 L2 influenced webinar by acme
        2026-02-02 L3 captured
        2026-02-03 L3 influenced webinar by acme
    """)
    january, february = (
        kpis.influence_by_partner(
            log, model="equal", unit="leads", as_of=NOW, period=Period.month(2026, month)
        )
        for month in (1, 2)
    )
    found = kpis.difference(february, january)

    assert (1.0, 2.0) == (found.difference.value, found.ratio.value)
    assert (1.5, 4.0) == (
        found.segments["acme"].difference.value,
        found.segments["acme"].ratio.value,
    )
    assert "beta" in found.segments
    assert "+1.00 leads" in str(found)
