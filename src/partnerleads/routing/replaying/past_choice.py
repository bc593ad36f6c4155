"""One choice on record, whether as a decision or as the event that tells of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any, TypeAlias

from attrs import field, frozen

from partnerleads.errors import OptionError
from partnerleads.events import LeadRouted, order_key
from partnerleads.model import FrozenMap, LeadId, RecipientId
from partnerleads.routing.decision import Decision
from partnerleads.routing.prospect import Prospect
from partnerleads.routing.recipient import weight_of
from partnerleads.routing.turns import NO_TURN, Turn

__all__ = ["OnRecord", "PastChoice", "Weights", "past_choices", "weighed"]

_ONE = Fraction(1)

Weights: TypeAlias = Mapping[RecipientId, Fraction | float]


def _sorted(value: Iterable[RecipientId]) -> tuple[RecipientId, ...]:
    return tuple(sorted(value))


def _chances(value: Mapping[RecipientId, float] | None) -> FrozenMap[RecipientId, float] | None:
    return None if value is None else FrozenMap(value)


@frozen(kw_only=True)
class PastChoice:
    """Whom a lead was given to, and by which chances.

    Attributes:
        lead_id: The lead.
        at: When. [aware datetime]
        chosen: Who got it; None where nobody could.
        eligible: Everybody who could have been chosen, by id.
        propensities: Chance of each to be chosen; None where the record does not say. [0..1 each]
        turn: The turn that it cost; none where somebody had a right to the lead.
        lead: What was known of the lead; None where only an event tells of the choice.
    """

    lead_id: LeadId
    at: datetime
    chosen: RecipientId | None
    eligible: tuple[RecipientId, ...] = field(converter=_sorted)
    propensities: FrozenMap[RecipientId, float] | None = field(
        default=None, repr=False, converter=_chances
    )
    turn: Turn = field(default=NO_TURN, repr=False)
    lead: Prospect | None = field(default=None, repr=False)

    @property
    def is_certain(self) -> bool:
        """Whether nothing was left to chance, or the record does not say what."""
        return self.propensities is None or 1.0 in self.propensities.values()


OnRecord: TypeAlias = Decision | LeadRouted | PastChoice
"""A choice on record: a decision, or the event that tells of it."""


def past_choices(
    records: Iterable[OnRecord], *, weights: Weights | None = None
) -> tuple[PastChoice, ...]:
    """The choices that records tell of, each once, in the order in which they were made.

    Args:
        records: Decisions, or events; of several events with one decision the first counts.
        weights: Weight of each recipient, for events, which do not say; 1 where it is not named.

    Raises:
        OptionError: When a record is none, or a weight.
    """
    known = {name: weight_of(weight) for name, weight in (weights or {}).items()}
    made: dict[object, tuple[_Order, PastChoice]] = {}
    for key, order, choice in (_told(record, known) for record in records):
        if key not in made or order < made[key][0]:
            made[key] = (order, choice)
    return tuple(choice for _, choice in sorted(made.values(), key=lambda one: one[0]))


_Order: TypeAlias = tuple[datetime, int, str, str]


def _told(
    record: Any, weights: Mapping[RecipientId, Fraction]
) -> tuple[object, _Order, PastChoice]:
    """What tells a record from others, where it stands among them, and its choice."""
    if isinstance(record, Decision):
        lead_id = record.lead.lead_id
        key = (lead_id, record.as_of, record.turn)
        return key, (record.as_of, record.turn, "", lead_id), _of_decision(record)
    if isinstance(record, LeadRouted):
        decision = record.decision_id or (record.source, record.event_id)
        at, sequence, _, source, event_id = order_key(record)
        return (
            (record.lead_id, decision),
            (at, sequence, source, event_id),
            _of_event(record, weights),
        )
    if isinstance(record, PastChoice):
        known = (record.lead_id, record.at, record.chosen)
        return known, (record.at, 0, "", record.lead_id), record
    reason = "is no choice on record; pass decisions, or `lead_routed` events"
    raise OptionError("records", record, reason)


def weighed(
    names: Iterable[RecipientId], weights: Mapping[RecipientId, Fraction]
) -> tuple[tuple[RecipientId, Fraction], ...]:
    """Recipients with their weights, 1 where there is none."""
    return tuple((name, weights.get(name, _ONE)) for name in names)


def _of_decision(decision: Decision) -> PastChoice:
    return PastChoice(
        lead_id=decision.lead.lead_id,
        at=decision.as_of,
        chosen=decision.chosen,
        eligible=decision.eligible,
        propensities=decision.propensities,
        turn=decision.charge,
        lead=decision.lead,
    )


def _of_event(event: LeadRouted, weights: Mapping[RecipientId, Fraction]) -> PastChoice:
    return PastChoice(
        lead_id=event.lead_id,
        at=event.occurred_at,
        chosen=event.chosen,
        eligible=event.eligible,
        propensities=event.propensities,
        turn=NO_TURN
        if event.chosen is None
        else Turn(weighed(sorted(event.eligible), weights), event.chosen),
    )
