"""Hypothesis strategies of everything that the library reads; needs the extra ``testing``.

Single things: :func:`instants`, :func:`monies`, :func:`leads`, :func:`partners`,
:func:`periods`, and :func:`events`, which gives any valid event of any kind. Of routing:
:func:`recipients` and :func:`prospects`; of scoring :func:`lead_features`, :func:`rule_models` and
:func:`qualification_models`.
Histories:
:func:`lead_histories` for one lead and :func:`histories` for several; both are dirty the way real
exports are, and ``dirt=DIRT - {"ties"}`` or ``dirt=()`` makes them cleaner.

Ids come from small alphabets (:data:`LEAD_IDS`, :data:`PARTNER_IDS`, :data:`AGENT_IDS`), so that
events meet. Times lie on a grid of half days, for the same reason. A history comes in the order
it was drawn; since input order must never matter, permute it where that is what you test.

::

    from hypothesis import given
    from partnerleads.testing import strategies

    @given(strategies.histories(dirt=()))
    def test_my_report_adds_up(events): ...
"""

from __future__ import annotations

from importlib.util import find_spec

from partnerleads.errors import MissingExtraError

if find_spec("hypothesis") is None:
    raise MissingExtraError("hypothesis", "testing")

from partnerleads.testing.history_strategies import histories, lead_histories
from partnerleads.testing.life import DIRT
from partnerleads.testing.routing_strategies import prospects, recipients
from partnerleads.testing.scoring_strategies import (
    lead_features,
    qualification_models,
    rule_models,
)
from partnerleads.testing.single_strategies import (
    AGENT_IDS,
    CURRENCIES,
    LEAD_IDS,
    PARTNER_IDS,
    events,
    instants,
    leads,
    monies,
    partners,
    periods,
)

__all__ = [
    # single things
    "events",
    "instants",
    "leads",
    "monies",
    "partners",
    "periods",
    # routing
    "prospects",
    "recipients",
    # scoring
    "lead_features",
    "qualification_models",
    "rule_models",
    # histories
    "histories",
    "lead_histories",
    "DIRT",
    # the ids and currencies they use
    "AGENT_IDS",
    "CURRENCIES",
    "LEAD_IDS",
    "PARTNER_IDS",
]
