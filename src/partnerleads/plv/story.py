"""The events of one partner, from which its record can be made anew: of fewer, or of more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from operator import attrgetter

from attrs import evolve, frozen

from partnerleads.events import FIRST_LEAD_RANK, Event
from partnerleads.events.naming import partner_named
from partnerleads.kpis.measuring.tally import Rates
from partnerleads.lifecycle import Lifecycles, Moment, fold
from partnerleads.lifecycle.settled_events import unnamed_partner
from partnerleads.model import PartnerId
from partnerleads.plv.model import PlvModel
from partnerleads.plv.record import PartnerRecord, check_one_currency, record_of
from partnerleads.plv.score import PlvScore, score_of

__all__ = ["PartnerStory", "story_of"]

_place = attrgetter("captured_at", "lead_id")


@frozen(kw_only=True)
class PartnerStory:
    """All that the score of one partner may rest on.

    Attributes:
        partner_id: The partner.
        events: Its own events and costs, and all events of the leads that name it; settled.
        moment: What the history was looked at from.
        rates: Rates to convert money with, of the day of the win; a function of (from, to, day).
    """

    partner_id: PartnerId
    events: tuple[Event, ...]
    moment: Moment
    rates: Rates | None = None

    def record(
        self, *, as_of: datetime, model: PlvModel, events: Iterable[Event] | None = None
    ) -> PartnerRecord:
        """The record at a moment.

        Args:
            as_of: Events that occurred later do not exist; included. [aware datetime]
            model: The model, which names the currency.
            events: Events in place of the story's own.
        """
        chosen = self.events if events is None else events
        moment = self.moment
        lives = fold(chosen, as_of=as_of, known_at=moment.known_at, policy=moment.policy)
        record = record_of(
            self.partner_id,
            events=lives.partner_events.get(self.partner_id, ()),
            leads=lives.population,
            costs=lives.costs,
            currency=model.currency,
            rates=self.rates,
        )
        check_one_currency([record])
        return record

    def extended(
        self,
        record: PartnerRecord,
        new: Sequence[Event],
        *,
        model: PlvModel,
        known: Iterable[Event] | None = None,
    ) -> PartnerRecord:
        """A record with more events; only the leads that they name are folded again.

        Args:
            record: A record at the moment of the story.
            new: Events of leads, and the partner's own events and costs.
            model: The model, which names the currency.
            known: The events that the record was made of; None is the whole story.
        """
        touched = {event.lead_id for event in new if event.rank >= FIRST_LEAD_RANK}  # type: ignore[union-attr]
        before = [
            event
            for event in (self.events if known is None else known)
            if event.rank < FIRST_LEAD_RANK or event.lead_id in touched  # type: ignore[union-attr]
        ]
        changed = self.record(as_of=self.moment.as_of, model=model, events=[*before, *new])
        kept = (lead for lead in record.leads if lead.lead_id not in touched)
        leads = tuple(sorted([*kept, *changed.leads], key=_place))
        extended = evolve(changed, leads=leads)
        check_one_currency([extended])
        return extended

    def score(
        self, *, as_of: datetime, model: PlvModel, events: Iterable[Event] | None = None
    ) -> PlvScore:
        """The score at a moment; the arguments are those of :meth:`record`."""
        record = self.record(as_of=as_of, model=model, events=events)
        return self.score_of(record, as_of=as_of, model=model)

    def score_of(self, record: PartnerRecord, *, as_of: datetime, model: PlvModel) -> PlvScore:
        """The score of a record of this story; without a value where the record is empty."""
        score = score_of(record, as_of=as_of, model=model, known_at=self.moment.known_at)
        if record.events or record.leads or record.costs:
            return score
        return evolve(score, value=None, uncapped=None, tier=None)


def story_of(
    lives: Lifecycles, partner_id: PartnerId, *, rates: Rates | None = None
) -> PartnerStory:
    """The events of one partner.

    Args:
        lives: The lifecycles.
        partner_id: The partner.
        rates: Rates to convert money with, of the day of the win; a function of (from, to, day).

    Raises:
        OptionError: When no event names the partner.
    """
    events: list[Event] = list[Event](lives.partner_events.get(partner_id, ()))
    events += (cost for cost in lives.costs if cost.partner_id == partner_id)
    for lead in lives.in_order:
        if partner_id in map(partner_named, lead.events):
            events += lead.events
    if not events:
        raise unnamed_partner(partner_id, lives)
    return PartnerStory(
        partner_id=partner_id, events=tuple(events), moment=lives.moment, rates=rates
    )
