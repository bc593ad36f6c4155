import attrs
from hypothesis import given

from partnerleads.model import Lead
from partnerleads.testing import strategies


def test_stated_facts_replace_and_attributes_merge_name_by_name() -> None:
    before = Lead(region="DACH", industry="steel", attributes={"colour": "red", "size": "S"})
    update = Lead(region="UKI", company_size=0, attributes={"colour": "blue"})

    assert Lead(
        region="UKI",
        industry="steel",
        company_size=0,
        attributes={"colour": "blue", "size": "S"},
    ) == before.updated(update)


def test_no_attributes_are_an_empty_map() -> None:
    assert Lead() == Lead(attributes=None)  # type: ignore[arg-type]


@given(strategies.leads(), strategies.leads())
def test_an_update_says_what_it_states_and_keeps_the_rest(before: Lead, update: Lead) -> None:
    after = before.updated(update)

    for name in (field.name for field in attrs.fields(Lead) if field.name != "attributes"):
        stated = getattr(update, name)
        assert getattr(after, name) == (getattr(before, name) if stated is None else stated)
    assert {**before.attributes, **update.attributes} == after.attributes
    assert after == after.updated(update)
    assert before == before.updated(Lead())
