"""The lifecycles behind a history, for what no column of a measure tells."""

from __future__ import annotations

from partnerleads.errors import OptionError
from partnerleads.kpis.history_start import HistoryStart
from partnerleads.kpis.measuring.rows import RowHistory
from partnerleads.kpis.measuring.tally import History
from partnerleads.kpis.only import Only
from partnerleads.lifecycle import Lifecycles

__all__ = ["lives_of"]


def lives_of(history: History, *, asked_by: str) -> Lifecycles:
    """The lifecycles that a history reads, or that the whole of a part reads.

    Args:
        history: The history.
        asked_by: What needs them, in the words of the error.

    Raises:
        OptionError: When another engine reads it, which has no lifecycles.
    """
    whole = history
    while isinstance(whole, Only | HistoryStart):
        whole = whole.whole
    if not isinstance(whole, RowHistory):
        reason = f"{asked_by} reads every lead's own events; pass Python events or lifecycles"
        raise OptionError("history", type(whole).__name__, reason)
    return whole.lives
