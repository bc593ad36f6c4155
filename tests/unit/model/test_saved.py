"""Models that are saved as text."""

from __future__ import annotations

import pytest

from partnerleads.errors import BadInputError
from partnerleads.incentives import RateRow, RateTable
from partnerleads.model.saved import Saved
from partnerleads.plv import DEFAULT_MODEL, DEFAULT_POTENTIAL_MODEL
from partnerleads.scoring import DEFAULT_QUALIFICATION, DEFAULT_RULES

MODELS = {
    "scoring model": DEFAULT_MODEL,
    "potential model": DEFAULT_POTENTIAL_MODEL,
    "rule model": DEFAULT_RULES,
    "qualification model": DEFAULT_QUALIFICATION,
    "rate table": RateTable(name="2026", rows=[RateRow(name="sourced", rate="0.10")]),
}

FINGERPRINTS = {
    "scoring model": "833d34dfb48d",
    "potential model": "63f6c331c4f7",
    "rule model": "266694a1a06c",
    "qualification model": "3a311b010358",
    "rate table": "8cf76de5754e",
}
"""Of the default models and a table; they stand in reports that were made before."""


@pytest.mark.parametrize("name", MODELS)
def test_a_model_is_read_again_as_it_was_saved(name: str) -> None:
    model: Saved = MODELS[name]
    again = type(model).from_json(model.to_json())

    assert model == again
    assert type(model) is type(again)
    assert model.fingerprint == again.fingerprint


@pytest.mark.parametrize("name", MODELS)
def test_a_text_that_states_no_model_is_refused_by_the_name_of_the_model(name: str) -> None:
    with pytest.raises(BadInputError, match=f"^{name}: "):
        type(MODELS[name]).from_json("{")


def test_fingerprints_stay_what_they_were() -> None:
    assert FINGERPRINTS == {name: one.fingerprint for name, one in MODELS.items()}
