"""The laws of budgets and commissions."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from partnerleads import Money, Period, fold
from partnerleads.errors import OptionError
from partnerleads.events import DealRefunded, LeadFact
from partnerleads.incentives import (
    Allocation,
    CommissionLine,
    RateRow,
    RateTable,
    allocate,
    commissions,
)
from partnerleads.incentives.filling import Vessel, filled
from partnerleads.model import FrozenMap
from partnerleads.testing import at, history, strategies
from tests.properties import kpi_cases as cases

CURRENCIES = st.sampled_from(["EUR", "JPY", "KWD"])
NAMES = tuple("abcdef")
END = at("2027-01-01")
LAST = at("2026-12-31")
"""Later than all events of a drawn history."""


@st.composite
def budgets(draw: st.DrawFn) -> dict[str, Any]:
    """Arguments of a split, with limits that it can keep."""
    currency = draw(CURRENCIES)
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
    weights = {name: draw(st.integers(0, 50) | st.floats(0, 1e6)) for name in names}
    assume(any(weights.values()))
    total = draw(st.integers(0, 10_000))
    floors = {name: draw(st.integers(0, total // len(names))) for name in names}
    heavy = next(name for name in names if weights[name])
    caps = {
        name: floors[name] + draw(st.integers(0, total))
        for name in names
        if name != heavy and draw(st.booleans())
    }
    return {
        "budget": Money.from_minor(total, currency),
        "partners": weights,
        "floors": {name: Money.from_minor(one, currency) for name, one in floors.items()},
        "caps": {name: Money.from_minor(one, currency) for name, one in caps.items()},
    }


def split(case: dict[str, Any], **changes: Any) -> Allocation:
    return allocate(**(case | changes))


@given(budgets())
def test_a_split_sums_to_its_budget_exactly(case: dict[str, Any]) -> None:
    parts = [one.minor for one in split(case).amounts.values()]

    assert case["budget"].minor == sum(parts)


@given(budgets())
def test_floors_and_caps_hold(case: dict[str, Any]) -> None:
    for name, amount in split(case).amounts.items():
        assert case["floors"][name] <= amount
        assert amount <= case["caps"].get(name, case["budget"])


@given(budgets(), st.fractions(Fraction(1, 1000), 1000))
def test_a_split_does_not_change_with_the_scale_of_the_weights(
    case: dict[str, Any], scale: Fraction
) -> None:
    assume(scale > 0)
    scaled = {name: Fraction(one) * scale for name, one in case["partners"].items()}

    assert split(case).amounts == split(case, partners=scaled).amounts


@given(budgets(), st.randoms(use_true_random=False))
def test_a_split_does_not_change_with_the_order_of_the_partners(
    case: dict[str, Any], chance: random.Random
) -> None:
    mixed = list(case["partners"].items())
    chance.shuffle(mixed)

    assert split(case) == split(case, partners=dict(mixed))


@given(budgets(), st.sampled_from(NAMES), st.integers(0, 100))
def test_more_weight_never_gets_less(case: dict[str, Any], name: str, more: int) -> None:
    assume(name in case["partners"])
    raised = case["partners"] | {name: Fraction(case["partners"][name]) + more}

    assert split(case).amounts[name] <= split(case, partners=raised).amounts[name]


@given(budgets())
def test_of_two_with_equal_limits_the_one_that_weighs_more_gets_no_less(
    case: dict[str, Any],
) -> None:
    grants = split(case, floors=None, caps=None)
    for one in grants.values():
        for other in grants.values():
            assert one.weight <= other.weight or one.amount >= other.amount


@given(budgets())
def test_without_limits_nobody_is_a_unit_or_more_from_the_exact_part(case: dict[str, Any]) -> None:
    total = sum(map(Fraction, case["partners"].values()))
    for one in split(case, floors=None, caps=None).values():
        exact = Fraction(one.weight) / total * case["budget"].minor
        assert abs(one.amount.minor - exact) < 1


@given(budgets(), st.integers(1, 1000))
def test_limits_that_no_split_can_keep_are_refused(case: dict[str, Any], more: int) -> None:
    currency = case["budget"].currency
    above = Money.from_minor(case["budget"].minor + more, currency)
    few = dict.fromkeys(case["partners"], Money.from_minor(0, currency))
    refused = [{"floors": above, "caps": None}]
    if case["budget"].minor:
        refused.append({"floors": None, "caps": few})
    for limits in refused:
        with pytest.raises(OptionError, match=re.escape(str(case["budget"]))):
            split(case, **limits)


@st.composite
def tight(draw: st.DrawFn) -> tuple[list[Vessel], int]:
    """Vessels with a floor and a cap each, and a total that they can hold."""
    sizes = st.tuples(st.integers(0, 9), st.integers(0, 50), st.integers(0, 50))
    drawn = draw(st.lists(sizes, min_size=1, max_size=6))
    vessels = [Vessel(weight=Fraction(w), floor=low, cap=low + more) for w, low, more in drawn]
    least = sum(one.floor for one in vessels)
    most = sum((one.cap or 0) if one.weight else one.floor for one in vessels)
    return vessels, draw(st.integers(least, most))


@given(tight())
def test_between_floors_and_caps_all_hold_the_same_for_their_weight(
    case: tuple[list[Vessel], int],
) -> None:
    vessels, total = case
    units = filled(vessels, total=total)
    between = [
        (one.weight, amount)
        for one, amount in zip(vessels, units, strict=True)
        if one.floor + 1 < amount < (one.cap or 0) - 1
    ]

    assert total == sum(units)
    for one, amount in zip(vessels, units, strict=True):
        assert one.floor <= amount <= (one.cap or 0)
    for weight, amount in between:
        for other, there in between:
            assert abs(amount / weight - there / other) < 1 / weight + 1 / other


# --- commissions ---------------------------------------------------------------------------------

TABLE = RateTable(
    name="laws",
    rows=[
        RateRow(name="sourced", rate="0.135", attribution="sourced"),
        RateRow(name="helped", rate="0.05", attribution="influenced", among="equal"),
        RateRow(name="rebate", rate="0.3", kind="rebate", of="margin"),
    ],
)
HISTORIES = strategies.histories(currencies=("EUR", "JPY"))
UNRETRACTED = strategies.histories(dirt=strategies.DIRT - {"retractions"})


def lines_of(events: Any, as_of: datetime = END, **options: Any) -> tuple[CommissionLine, ...]:
    return commissions(events, table=TABLE, as_of=as_of, **options).lines


@given(HISTORIES)
def test_commissions_add_up_to_the_totals(events: Any) -> None:
    owed = commissions(events, table=TABLE, as_of=END)
    by_partner = [money for sums in owed.by_partner.values() for money in sums.values()]
    for currency, total in owed.by_currency.items():
        lines = [one.amount for one in owed.lines if one.amount.currency == currency]
        assert total.amount == sum((one.amount for one in lines), Decimal(0))
        assert total.amount == sum(
            (one.amount for one in by_partner if one.currency == currency), Decimal(0)
        )


@given(HISTORIES, st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_no_commission(events: Any, chance: random.Random) -> None:
    mixed = list(events)
    chance.shuffle(mixed)

    assert lines_of(events) == lines_of(mixed)


@given(HISTORIES)
def test_duplicates_change_no_commission(events: Any) -> None:
    assert lines_of(events) == lines_of(events * 2)


@given(UNRETRACTED, cases.moments)
def test_events_after_the_moment_change_no_commission(events: Any, moment: datetime) -> None:
    known = [event for event in events if event.occurred_at <= moment]

    assert lines_of(known, moment) == lines_of(events, moment)


@given(HISTORIES)
def test_commissions_of_months_add_up_to_those_of_all_time(events: Any) -> None:
    dated = [event for event in events if event.precision != "relative"]
    months = [Period.month(2026, month) for month in range(1, 13)]
    parts = [line for month in months for line in lines_of(dated, period=month)]

    assert lines_of(dated) == tuple(parts)


@given(HISTORIES)
def test_a_deal_that_is_open_earns_nothing_in_the_end(events: Any) -> None:
    owed = commissions(events, table=TABLE, as_of=END)
    standing = [event for event in events if isinstance(event, LeadFact)]
    assume(standing)
    undone = [
        *events,
        *(
            one
            for lead_id in {event.lead_id for event in standing}
            for one in history(f"{LAST:%Y-%m-%d} {lead_id} reopened id=undo-{lead_id}")
        ),
    ]
    later = commissions(undone, table=TABLE, as_of=END)

    assert all(not money.amount for money in later.by_currency.values())
    assert owed.by_currency.keys() == later.by_currency.keys()


@given(HISTORIES)
def test_a_refund_of_the_whole_leaves_nothing(events: Any) -> None:
    owed = commissions(events, table=TABLE, as_of=END)
    refunds = [
        DealRefunded(
            event_id=f"back-{number}",
            occurred_at=LAST,
            lead_id=line.lead_id,
            value=Money.from_minor(10**9, line.base.currency),
        )
        for number, line in enumerate(owed.lines)
        if line.of == "value"
    ]
    by_deal: dict[tuple[str, str], int] = defaultdict(int)
    for line in lines_of([*events, *refunds]):
        if line.of == "value":
            by_deal[line.lead_id, line.partner_id] += line.amount.minor

    assert not any(by_deal.values())


@given(HISTORIES)
def test_what_is_owed_of_a_deal_lies_between_nothing_and_the_rate_of_its_value(events: Any) -> None:
    running: dict[tuple[str, str, str], int] = {}
    for line in lines_of(events):
        key = line.lead_id, line.partner_id, line.kind
        running[key] = running.get(key, 0) + line.amount.minor
        assert running[key] >= 0
        assert line.cause != "won" or line.amount <= line.base


@given(strategies.histories())
def test_what_is_owed_of_a_deal_is_the_rate_of_its_final_value(events: Any) -> None:
    lives = fold(events, as_of=END)
    owed: dict[str, Money] = defaultdict(lambda: Money("0", "EUR"))
    for line in commissions(lives, table=TABLE).lines:
        if line.row == "sourced":
            owed[line.lead_id] += line.amount
    for lead in lives.population:
        final = lead.final_value
        if lead.attribution == "sourced" and final is not None:
            gross = lead.won.value.amount  # type: ignore[union-attr]
            left = min(max(final.amount, Decimal(0)), max(gross, Decimal(0)))
            assert Money.rounded(left * Decimal("0.135"), "EUR") == owed[lead.lead_id]


@given(HISTORIES)
def test_every_line_names_a_row_of_the_table_and_events_of_the_history(events: Any) -> None:
    rows = {row.name: row for row in TABLE.rows}
    ids = {event.event_id for event in events}
    for line in lines_of(events):
        assert line.rate == rows[line.row].rate
        assert set(line.event_ids) <= ids
        assert line.event_ids


@given(HISTORIES, st.sampled_from(strategies.PARTNER_IDS))
def test_a_statement_has_the_lines_of_one_partner_and_no_other(events: Any, name: str) -> None:
    owed = commissions(events, table=TABLE, as_of=END)
    assume(name in owed.partners)

    assert tuple(one for one in owed.lines if one.partner_id == name) == owed.of(name).lines
    assert owed.by_partner.get(name, FrozenMap()) == owed.of(name).by_currency


rows = st.builds(
    RateRow,
    name=st.uuids().map(str),
    rate=st.decimals(0, 1, places=4),
    kind=st.sampled_from(["commission", "rebate"]),
    of=st.sampled_from(["value", "margin"]),
    tier=st.none() | st.text(max_size=3),
    attribution=st.none() | st.sampled_from(["sourced", "influenced"]),
    deal_type=st.none() | st.text(max_size=3),
    among=st.sampled_from(["each", "equal"]),
)


@given(rows)
def test_a_table_survives_its_text(row: RateRow) -> None:
    table = RateTable(name="t", rows=[row])

    assert table == RateTable.from_json(table.to_json())
    assert table.fingerprint == RateTable.from_json(table.to_json()).fingerprint
    assert table.fingerprint != attrs.evolve(table, name="u").fingerprint
