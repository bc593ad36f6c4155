"""The scores, one event at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from operator import attrgetter

from attrs import frozen

from partnerleads.attribution import AttributionPolicy
from partnerleads.errors import OptionError
from partnerleads.events import FIRST_LEAD_RANK, CostIncurred, Event, EventRetracted, order_key
from partnerleads.events.naming import partner_named
from partnerleads.events.versions import EventKey
from partnerleads.kpis.measuring.tally import Rates
from partnerleads.lifecycle import LiveFold
from partnerleads.lifecycle.folding import DEFAULT_POLICY
from partnerleads.lifecycle.partner_states import partner_at
from partnerleads.model import FrozenMap, LeadId, PartnerId, instant
from partnerleads.plv.model import DEFAULT_MODEL, PlvModel
from partnerleads.plv.record import (
    PartnerLead,
    PartnerRecord,
    check_one_currency,
    record_of,
    roles_of,
)
from partnerleads.plv.score import PlvScore, score_of
from partnerleads.plv.scoring import PlvScores

__all__ = ["LivePlv"]

_place = attrgetter("captured_at", "lead_id")


@frozen
class _Story:
    """What a lead is to its partners.

    Attributes:
        settled_at: From then on no passing of time changes it. [aware datetime]
        of_partner: The lead as each partner's record has it.
    """

    settled_at: datetime
    of_partner: Mapping[PartnerId, PartnerLead]


class LivePlv:
    """Scores that follow an event stream.

    Events may come in any order, late, revised, moved or retracted; reading at any moment gives
    what :func:`plv_scores` gives for all events taken so far. Taking an event costs the same
    however long the history is. It is filed when a score is next read, and only the leads and
    partners that it touches are worked out anew.

    Args:
        model: How to score.
        policy: The rules of attribution.
        rates: Rates to convert money with, of the day of the win; a function of (from, to, day).

    >>> from partnerleads.testing import at, history
    >>> live = LivePlv()
    >>> live.extend(history('''
    ...     2026-01-02 acme onboarded
    ...     2026-01-09 acme training basics
    ... '''))
    >>> live.score("acme", as_of=at("2026-01-09")).values["training"]
    1.0
    """

    def __init__(
        self,
        *,
        model: PlvModel = DEFAULT_MODEL,
        policy: AttributionPolicy = DEFAULT_POLICY,
        rates: Rates | None = None,
    ) -> None:
        self._model = model
        self._policy = policy
        self._rates = rates
        self._fold = LiveFold(policy=policy)
        self._taken: list[Event] = []
        self._filed = 0
        self._leads: dict[PartnerId, dict[LeadId, None]] = defaultdict(dict)
        self._keys: dict[PartnerId, dict[EventKey, None]] = defaultdict(dict)
        self._stories: dict[LeadId, _Story] = {}
        self._facts: dict[PartnerId, list[Event]] = {}

    def add(self, event: Event) -> None:
        """Take one event."""
        self._fold.add(event)
        self._taken.append(event)

    def extend(self, events: Iterable[Event]) -> None:
        """Take several events."""
        for event in events:
            self.add(event)

    def merge(self, other: LivePlv) -> None:
        """Take all that another has taken, such as the shard of other partners.

        A shard gives the scores of its partners when it takes their own events and costs, all
        events of every lead that names one of them, and all retractions. Leads that name partners
        of several shards, and so are in each, count once.

        Args:
            other: Scores of the same model, policy and rates; it stays as it is.

        Raises:
            OptionError: When one of these differs.
        """
        for name in ("model", "policy", "rates"):
            own, theirs = getattr(self, f"_{name}"), getattr(other, f"_{name}")
            if own != theirs:
                raise OptionError(name, theirs, "differs; merge shards that score alike")
        self.extend([*other._taken])

    def scores(self, as_of: datetime) -> PlvScores:
        """The scores of all partners; equal to :func:`plv_scores` of all events taken so far.

        Args:
            as_of: Events that occurred later do not exist; included. [aware datetime]

        Raises:
            OptionError: When a rate is needed and there is none.
            MixedCurrencyError: When deals are in several currencies and the model names none.
        """
        moment = instant(as_of, "as_of")
        self._file()
        found = (self._record(name, moment) for name in sorted({*self._leads, *self._keys}))
        records = [record for record in found if record is not None]
        check_one_currency(records)
        scores = {one.partner_id: self._scored(one, moment) for one in records}
        return PlvScores(FrozenMap(scores))

    def score(self, partner_id: PartnerId, *, as_of: datetime) -> PlvScore | None:
        """The score of one partner; None where no event of it had occurred.

        Only the currencies of its own deals must be one.

        Args:
            partner_id: The partner.
            as_of: Events that occurred later do not exist; included. [aware datetime]

        Raises:
            OptionError: When a rate is needed and there is none.
            MixedCurrencyError: When its deals are in several currencies and the model names none.
        """
        moment = instant(as_of, "as_of")
        self._file()
        record = self._record(partner_id, moment)
        if record is None:
            return None
        check_one_currency([record])
        return self._scored(record, moment)

    def _scored(self, record: PartnerRecord, as_of: datetime) -> PlvScore:
        return score_of(record, as_of=as_of, model=self._model)

    def _file(self) -> None:
        """Note whom the events that came since name, and forget what they touch."""
        for event in self._taken[self._filed :]:
            key = (event.source, event.event_id)
            name = partner_named(event)
            if name is not None and event.rank >= FIRST_LEAD_RANK:
                self._leads[name][event.lead_id] = None  # type: ignore[union-attr, index]
            elif name is not None:
                self._keys[name][key] = None
            for copy in self._fold._copies[key]:  # noqa: SLF001 - the fold's index of all events
                self._forget(copy)
                if isinstance(copy, EventRetracted):
                    taken_back = (copy.source, copy.retracts)
                    for one in self._fold._copies.get(taken_back, ()):  # noqa: SLF001 - as above
                        self._forget(one)
        self._filed = len(self._taken)

    def _forget(self, event: Event) -> None:
        if event.rank >= FIRST_LEAD_RANK:
            self._stories.pop(event.lead_id, None)  # type: ignore[union-attr, arg-type]
        elif (name := partner_named(event)) is not None:
            self._facts.pop(name, None)

    def _record(self, partner_id: PartnerId, as_of: datetime) -> PartnerRecord | None:
        """What a partner's events come to; None where there are none."""
        facts = [event for event in self._own(partner_id) if event.occurred_at <= as_of]
        events = tuple(event for event in facts if not isinstance(event, CostIncurred))
        costs = tuple(event for event in facts if isinstance(event, CostIncurred))
        stories = (self._story(lead_id, as_of) for lead_id in self._leads.get(partner_id, ()))
        leads = sorted((one[partner_id] for one in stories if partner_id in one), key=_place)
        if not (facts or leads):
            return None
        return PartnerRecord(
            partner=partner_at(partner_id, events),  # type: ignore[arg-type]
            events=events,  # type: ignore[arg-type]
            leads=tuple(leads),
            costs=costs,
        )

    def _own(self, partner_id: PartnerId) -> list[Event]:
        """A partner's own events and costs, settled and in order."""
        facts = self._facts.get(partner_id)
        if facts is None:
            keys = self._keys.get(partner_id, ())
            settled, _ = self._fold._settled(keys)  # noqa: SLF001 - what counts is its to say
            facts = [event for event in settled if event.rank < FIRST_LEAD_RANK]
            own = (event for event in facts if partner_named(event) == partner_id)
            facts = sorted(own, key=order_key)
            self._facts[partner_id] = facts
        return facts

    def _story(self, lead_id: LeadId, as_of: datetime) -> Mapping[PartnerId, PartnerLead]:
        """A lead as each partner's record has it at a moment."""
        known = self._stories.get(lead_id)
        if known is not None and known.settled_at <= as_of:
            return known.of_partner
        life = self._fold.lead(lead_id, as_of=as_of)
        if life is None:
            return {}
        of_partner = {
            name: record_of(
                name, leads=[life], currency=self._model.currency, rates=self._rates
            ).leads[0]
            for name in roles_of(life)
        }
        facts = self._fold._facts[lead_id]  # noqa: SLF001 - also those after the moment
        settled_at = max(max(one.occurred_at, one.recorded_at) for one in facts)
        if settled_at <= as_of:
            self._stories[lead_id] = _Story(settled_at, of_partner)
        return of_partner
