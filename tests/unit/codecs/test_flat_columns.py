from partnerleads.codecs.flat_columns import FLAT_COLUMNS, column_of, columns_of_kind
from partnerleads.events import KINDS, fields_of


def test_a_name_holds_the_same_in_every_kind() -> None:
    held: dict[str, set[str]] = {}
    for kind in KINDS.values():
        for spec in fields_of(kind):
            held.setdefault(spec.name, set()).add(spec.value)

    assert {} == {name: values for name, values in held.items() if len(values) > 1}


def test_nested_fields_are_joined_and_lists_are_json() -> None:
    assert {
        "type": "text",
        "occurred_at": "instant",
        "sequence": "integer",
        "precision": "text",
        "lead_region": "text",
        "lead_company_size": "integer",
        "lead_attributes": "json",
        "value_amount": "amount",
        "value_currency": "text",
        "criteria": "json",
        "propensities": "json",
        "probability": "number",
        "automatic": "yes_no",
    }.items() <= FLAT_COLUMNS.items()


def test_a_kind_knows_its_columns_and_which_it_must_state() -> None:
    refund = columns_of_kind("deal_refunded")

    assert refund["value_amount"]
    assert refund["value_currency"]
    assert not refund["sequence"]
    assert "stage" not in refund
    assert not columns_of_kind("lead_updated")["lead_region"]


def test_a_path_that_stands_in_no_column_stays_itself() -> None:
    assert "$.colour" == column_of("$.colour")
    assert "lead_region" == column_of("$.lead.region")
    assert "eligible" == column_of("$.eligible[3]")
