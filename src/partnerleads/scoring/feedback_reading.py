"""The leads of a partner and of the others, each as it was known when it was read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from attrs import frozen

from partnerleads.events import LeadEvent
from partnerleads.lifecycle import LeadLifecycle
from partnerleads.model import PartnerId, Period
from partnerleads.scoring.lead_features import LeadFeatures
from partnerleads.scoring.reading import Reading
from partnerleads.scoring.remembering import Memory, first_close

__all__ = ["SUBMITTERS", "Read", "Reader"]

_YOUNG = "captured too late to be read so long after"
_NOT_KNOWN = "not recorded by the moment of reading, by recorded_at"


def _originator(lead: LeadLifecycle) -> PartnerId | None:
    return None if lead.captured is None else lead.captured.originator


def _sourcing_partner(lead: LeadLifecycle) -> PartnerId | None:
    return lead.sourcing_partner


SUBMITTERS: dict[str, Callable[[LeadLifecycle], PartnerId | None]] = {
    "originator": _originator,
    "sourcing_partner": _sourcing_partner,
}
"""Whose lead it is, by the definition's name."""


@frozen
class Read:
    """A lead, and what was known of it when it was read.

    Attributes:
        lead: The lead as of the moment.
        features: What was known.
    """

    lead: LeadLifecycle
    features: LeadFeatures


class Reader:
    """Reads leads by one rule.

    Args:
        memory: The leads.
        reading: Which features are read.
        read_after: How long after the capture; None is as of the moment.

    Attributes:
        left_out: The partner's leads that were not read, by reason. [counts]
    """

    def __init__(self, memory: Memory, reading: Reading, read_after: timedelta | None) -> None:
        self._memory = memory
        self._reading = reading
        self._read_after = read_after
        self.left_out: Counter[str] = Counter()

    def sides(
        self,
        partner_id: PartnerId,
        period: Period | None,
        submitter: Callable[[LeadLifecycle], PartnerId | None],
    ) -> tuple[list[Read], list[Read], int]:
        """The partner's leads, those of others, and how many others they are."""
        own: list[Read] = []
        others: list[Read] = []
        rivals: set[PartnerId] = set()
        for lead in self._memory.lives.population:
            whose, captured_at = submitter(lead), _captured_at(lead)
            if whose is None or (period is not None and captured_at not in period):
                continue
            read = self._read(lead, captured_at)
            if whose == partner_id:
                self.left_out.update([read] if isinstance(read, str) else [])
                own += [read] if isinstance(read, Read) else []
            elif isinstance(read, Read):
                others.append(read)
                rivals.add(whose)
        return own, others, len(rivals)

    def _read(self, lead: LeadLifecycle, captured_at: datetime) -> Read | str:
        """A lead as it was read, or why it was not."""
        as_of = self._memory.lives.as_of
        close = None if lead.closed is None else first_close(lead)
        known: LeadLifecycle | None = lead
        if self._read_after is not None:
            if as_of - captured_at < self._read_after:
                return _YOUNG
            moment = captured_at + self._read_after
            known = self._memory.at(lead.lead_id, moment)
            close = _first(first_close(lead), known, moment)
        if close is not None:
            known = self._memory.before(lead.lead_id, close)
        if known is None:
            return _NOT_KNOWN
        return Read(lead, self._reading.features(known))


def _first(
    close: LeadEvent | None, known: LeadLifecycle | None, moment: datetime
) -> LeadEvent | None:
    """What first closed a lead by a moment: as it is known now, or else as it was known then."""
    if close is not None and close.occurred_at <= moment:
        return close
    return None if known is None else first_close(known)


def _captured_at(lead: LeadLifecycle) -> datetime:
    """When a lead was captured, as all of a population were."""
    return lead.captured.occurred_at  # type: ignore[union-attr]
