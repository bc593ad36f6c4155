"""A column of many members says what each of them says itself."""

from datetime import datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from partnerleads import fold
from partnerleads.kpis.measuring.members import Members
from partnerleads.lifecycle import LeadLifecycle
from partnerleads.testing import strategies
from tests.properties import kpi_cases as cases

NAMES = tuple(name for name in dir(LeadLifecycle) if not name.startswith("_"))


@given(events=strategies.histories(currencies=("EUR", "USD")), as_of=cases.moments, data=st.data())
def test_columns_of_leads_and_of_parts_are_what_the_leads_say(
    events: tuple[Any, ...], as_of: datetime, data: st.DataObject
) -> None:
    lives = fold(events, as_of=as_of)
    whole = Members("leads", lives)
    mask = data.draw(st.lists(st.booleans(), min_size=len(whole), max_size=len(whole)))
    part = whole.where(mask)
    for name in NAMES:
        said = [getattr(lead, name) for lead in whole.leads]
        of_part = [value for value, kept in zip(said, mask, strict=True) if kept]

        assert of_part == part.column(name)
        assert said == list(whole.column(name))
    troubled = [lead.lead_id in lives.troubled for lead in part.leads]
    assert troubled == [one is not None for one in part.troubled_ids]
