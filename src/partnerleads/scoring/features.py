"""The features of leads, never from after their outcome."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime

from partnerleads.events import Event
from partnerleads.lifecycle import LeadLifecycle, Lifecycles
from partnerleads.model import LeadId
from partnerleads.scoring.lead_features import LeadFeatures
from partnerleads.scoring.reading import reading_of
from partnerleads.scoring.remembering import Memory, first_close

__all__ = ["features_of", "lead_features"]


def lead_features(
    history: Iterable[Event] | Lifecycles,
    *,
    as_of: datetime | None = None,
    keys: Collection[str] | None = None,
    numeric: Collection[str] = (),
    segment_by: str | None = None,
    as_recorded: bool = True,
) -> Mapping[LeadId, LeadFeatures]:
    """What a scorer may know of every captured lead, by lead id.

    An open lead is read as of the moment. A closed one is read just before it was first won, lost
    or disqualified, so that nothing which came with the outcome is seen; it is left out where
    nothing of it was known before.

    Args:
        history: Events, or the lifecycles made of them. Lifecycles keep the last version alone of
            what was revised, so only events tell what a capture said before it was revised.
        as_of: The moment; needed with events. [aware datetime]
        keys: Names of features, see :data:`NAMES`; None reads all but the account.
        numeric: Attributes that are numbers written as text, such as ``attributes.budget``; a text
            that is no number stays a text.
        segment_by: The feature whose value is the segment of a lead.
        as_recorded: Whether only what had been recorded by the moment is known. False takes all
            that is dated at or before it, which suits histories that were recorded afterwards, and
            trusts their dates.

    Raises:
        AsOfError: When the moment is missing with events, or is not that of the lifecycles.
        NaiveInstantError: When *as_of* has no offset.
        OptionError: When there is no feature of a name.

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 L1 captured industry=steel
    ...     2026-01-05 L1 lead_updated attributes.role=buyer
    ...     2026-01-09 L1 won 9000 EUR
    ...     2026-01-10 L1 lead_updated attributes.contract=C17
    ... ''')
    >>> sorted(lead_features(events, as_of=at("2026-02-01"))["L1"].values)
    ['attributes.role', 'industry']
    """
    reading = reading_of(keys, numeric, segment_by)
    memory = Memory(history, as_of=as_of, as_recorded=as_recorded)
    known = _before_outcomes(memory)
    return {lead.lead_id: reading.features(lead) for lead in known}


def _before_outcomes(memory: Memory) -> Iterator[LeadLifecycle]:
    """Open leads as they are, closed ones as they were before their first outcome."""
    for lead in memory.lives.population:
        close = None if lead.closed is None else first_close(lead)
        known = lead if close is None else memory.before(lead.lead_id, close)
        if known is not None:
            yield known


def features_of(
    lead: LeadLifecycle,
    *,
    keys: Collection[str] | None = None,
    numeric: Collection[str] = (),
    segment_by: str | None = None,
) -> LeadFeatures:
    """All that is known of one captured lead as of the moment it was folded at.

    Of a closed lead this is what is known after its outcome: right for showing it, and wrong for
    learning from it.

    Args:
        lead: Its lifecycle.
        keys: Names of features, see :data:`NAMES`; None reads all but the account.
        numeric: Attributes that are numbers written as text.
        segment_by: The feature whose value is the segment of a lead.

    Raises:
        OptionError: When the lead was not captured by then, or there is no feature of a name.
    """
    return reading_of(keys, numeric, segment_by).features(lead)
