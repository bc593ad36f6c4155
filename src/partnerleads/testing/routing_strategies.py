"""Hypothesis strategies of what routing reads: recipients, and leads that want one."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from partnerleads.routing import Prospect, Recipient, recipient_of
from partnerleads.testing.single_strategies import (
    AGENT_IDS,
    LEAD_IDS,
    PARTNER_IDS,
    leads,
    monies,
    partners,
)

__all__ = ["prospects", "recipients"]


def recipients() -> SearchStrategy[Recipient]:
    """Partners as recipients, and agents of partners or of the own team."""
    agents = st.builds(
        Recipient,
        recipient_id=st.sampled_from(AGENT_IDS),
        capacity=st.none() | st.integers(0, 5),
        weight=st.integers(0, 5) | st.floats(0, 5),
        parent=st.none() | st.sampled_from(PARTNER_IDS),
    )
    return partners().map(recipient_of) | agents


def prospects() -> SearchStrategy[Prospect]:
    """Leads that want a recipient, with any facts."""
    return st.builds(
        Prospect,
        lead_id=st.sampled_from(LEAD_IDS),
        facts=leads(),
        expected_value=st.none() | monies(),
        score=st.none() | st.floats(0, 100),
    )
