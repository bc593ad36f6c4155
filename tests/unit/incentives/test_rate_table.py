"""What a table of rates refuses, and its text."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from partnerleads.errors import BadInputError, OptionError
from partnerleads.incentives import Qualification, RateRow, RateTable
from partnerleads.kpis.measuring.conditions import AllOf, AnyOf, Has, Is, Not, Older, Within
from partnerleads.model import WorkingHours

ROW = RateRow(name="ten", rate="0.10")


def table(*rows: RateRow, **options: Any) -> RateTable:
    return RateTable(name="t", rows=rows or [ROW], **options)


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (0.1, "is not exact"),
        (True, "is not exact"),
        ("ten", "is no rate"),
        (None, "is no rate"),
        ("1.01", "must lie between 0 and 1"),
        ("-0.1", "must lie between 0 and 1"),
        ("NaN", "must lie between 0 and 1"),
    ],
)
def test_what_is_no_rate_is_refused(rate: Any, words: str) -> None:
    with pytest.raises(OptionError, match=words):
        RateRow(name="r", rate=rate)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: RateTable(name="t", rows=[]), "at least one rate"),
        (lambda: table(ROW, RateRow(name="ten", rate=1, kind="rebate")), "names two rows"),
        (
            lambda: table(ROW, RateRow(name="gold", rate="0.2", tier="gold")),
            "rows='gold': is never reached: 'ten' before it fits all that it fits",
        ),
        (lambda: table(eligible="won"), "pass a condition"),
        (lambda: table(eligible=Not(Has("wonn"))), "column='wonn': did you mean 'won'"),
        (lambda: RateRow(name="r", rate=0, attribution="direct"), "offered are 'sourced'"),
        (lambda: Qualification(criteria=["need"], at_least=2), "between 1 and 1, the criteria"),
        (lambda: Qualification(at_least=0), "between 1 and 0"),
    ],
)
def test_what_makes_no_table_is_refused(make: Any, words: str) -> None:
    with pytest.raises(OptionError, match=words):
        make()


def test_a_row_that_leaves_something_to_the_next_is_taken() -> None:
    rows = (RateRow(name="gold", rate="0.2", tier="gold"), ROW)

    assert rows == table(*rows).rows


CONDITION = AllOf(
    (
        Has("responded"),
        Not(Is("region", "DACH")),
        AnyOf(
            (Is("first_offer_accepted", value=True), Within("captured", "won", timedelta(days=9)))
        ),
        Within("captured", "responded", timedelta(hours=7, microseconds=1)),
    )
)


def test_a_table_with_everything_survives_its_text() -> None:
    full = table(
        RateRow(
            name="r",
            rate="0.125",
            kind="rebate",
            of="margin",
            tier="gold",
            partner_type="reseller",
            attribution="influenced",
            deal_type="new",
            among="equal",
        ),
        eligible=CONDITION,
        qualification=Qualification(criteria=("need", "budget"), at_least=1),
    )

    assert full == RateTable.from_json(full.to_json())


def test_what_has_a_default_may_be_left_out_or_be_null() -> None:
    text = """{"name": "t", "qualification": null, "eligible": {"kind": "all_of"},
               "rows": [{"name": "ten", "rate": "0.1", "tier": null}]}"""

    assert table() == RateTable.from_json(text)
    assert json.loads(table().to_json()) == {
        "name": "t",
        "rows": [{"name": "ten", "rate": "0.1"}],
    }


@pytest.mark.parametrize(
    "condition",
    [
        Older("won", timedelta(days=1)),
        AllOf((Not(Older("won", timedelta(days=1))),)),
        Within(
            "captured", "won", timedelta(days=1), WorkingHours.parse({"mon-fri": "09:00-17:00"})
        ),
    ],
)
def test_a_condition_that_no_text_states_stays_in_code(condition: Any) -> None:
    made = table(eligible=condition)

    with pytest.raises(OptionError, match="keep the table in code, or use has, is, within"):
        made.to_json()
    assert made.fingerprint != table().fingerprint


def test_every_fault_of_a_text_is_told_at_once() -> None:
    text = """{
        "name": 5,
        "colour": "red",
        "qualification": {"criteria": ["need", 3], "at_least": "two"},
        "eligible": {"kind": "any_of", "conditions": [
            {"kind": "hass", "column": "won"}, {"kind": "is", "column": "region", "value": 4},
            {"kind": "within", "start": "captured", "end": "won", "span": "soon"},
            {"kind": "within", "start": "captured", "end": "won", "span": 3},
            {"column": "won"}, "won"
        ]},
        "rows": [
            {"name": "a", "rate": 0.1},
            {"name": "b", "rate": "1.5", "kind": "bonus", "teir": "gold"},
            {"rate": "0.1", "attribution": "direct", "of": null},
            "ten per cent"
        ]
    }"""

    with pytest.raises(BadInputError) as raised:
        RateTable.from_json(text)

    assert [
        ("$.colour", '"red"'),
        ("$.name", "5"),
        ("$.qualification.criteria[1]", "3"),
        ("$.qualification.at_least", '"two"'),
        ("$.eligible.conditions[0].kind", '"hass"'),
        ("$.eligible.conditions[1].value", "4"),
        ("$.eligible.conditions[2].span", '"soon"'),
        ("$.eligible.conditions[3].span", "3"),
        ("$.eligible.conditions[4].kind", "null"),
        ("$.eligible.conditions[5]", '"won"'),
        ("$.rows[0].rate", "0.1"),
        ("$.rows[1].teir", '"gold"'),
        ("$.rows[1].rate", '"1.5"'),
        ("$.rows[1].kind", '"bonus"'),
        ("$.rows[2].name", ""),
        ("$.rows[2].attribution", '"direct"'),
        ("$.rows[2].of", "null"),
        ("$.rows[3]", '"ten per cent"'),
    ] == [(fault.path, fault.value) for fault in raised.value.faults]
    reasons = {fault.path: fault.reason for fault in raised.value.faults}
    assert reasons["$.rows[1].teir"] == "is not known here; did you mean 'tier'?"
    assert reasons["$.rows[0].rate"] == 'is not exact; write it as text, such as "0.10"'
    assert reasons["$.eligible.conditions[0].kind"].startswith("did you mean 'has'?")


def eligible(condition: str) -> str:
    row = '{"name": "a", "rate": "0.1"}'
    return f'{{"name": "t", "rows": [{row}], "eligible": {condition}}}'


def test_a_text_states_spans_in_any_unit_and_values_that_are_true_or_false() -> None:
    within = '{"kind": "within", "start": "captured", "end": "won", "span": "12 hours"}'
    met = '{"kind": "is", "column": "in_progress", "value": true}'

    assert RateTable.from_json(eligible(within)).eligible == Within(
        "captured", "won", timedelta(hours=12)
    )
    assert RateTable.from_json(eligible(met)).eligible == Is("in_progress", value=True)


def test_working_hours_stay_in_code() -> None:
    text = '{"kind": "within", "start": "a", "end": "won", "span": "1 day", "hours": null}'
    with pytest.raises(BadInputError) as raised:
        RateTable.from_json(eligible(text))

    assert ["$.eligible.hours"] == [fault.path for fault in raised.value.faults]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("{", "$"),
        ("[]", "$"),
        ('{"name": "t", "rows": 5}', "$.rows"),
        ('{"name": "t", "rows": []}', "$"),
        (
            (
                '{"name": "t", "rows": [{"name": "a", "rate": "0.1"}], '
                '"qualification": {"criteria": ["need"], "at_least": 2}}'
            ),
            "$.qualification",
        ),
        (
            f'{{"name": "t", "rows": ["{"x" * 50}"]}}',
            "$.rows[0]",
        ),
    ],
)
def test_one_fault_names_its_place(text: str, path: str) -> None:
    with pytest.raises(BadInputError) as raised:
        RateTable.from_json(text)

    assert [path] == [fault.path for fault in raised.value.faults]
    assert all(len(fault.value) <= 40 for fault in raised.value.faults)


def test_a_table_finds_the_first_row_that_fits() -> None:
    gold = RateRow(name="gold", rate="0.2", tier="gold")
    made = table(gold, ROW)
    facts = {"tier": "gold", "partner_type": None, "attribution": "sourced", "deal_type": None}

    assert made.row_for("commission", facts) is gold
    assert made.row_for("commission", facts | {"tier": None}) is ROW
    assert made.row_for("rebate", facts) is None
    assert ("commission",) == made.kinds


def test_rates_are_exact() -> None:
    assert Decimal("0.10") == ROW.rate
