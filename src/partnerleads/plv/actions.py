"""What a partner could do next, as the events that would record it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from typing import Any, TypeVar

from attrs import frozen

from partnerleads.events import (
    BusinessPlanFiled,
    CampaignJoined,
    CertificationEarned,
    ContactMade,
    CoSellHeld,
    CustomerRated,
    DealRegistered,
    Event,
    Fact,
    LeadCaptured,
    LeadWon,
    TrainingCompleted,
)
from partnerleads.kpis.measuring.composing import as_decimal
from partnerleads.model import LeadId, Money
from partnerleads.model.moments import moment_text
from partnerleads.plv.record import PartnerLead, PartnerRecord
from partnerleads.plv.story import PartnerStory

__all__ = ["HYPOTHETICAL", "Action", "Deal", "actions_of", "usual_deal"]

F = TypeVar("F", bound=Fact)

HYPOTHETICAL = "hypothetical"
"""Source of every event that has not happened."""


@frozen
class Deal:
    """What a win would bring.

    Attributes:
        value: Contract value. [money]
        margin: Margin; None where it is not known. [money]
    """

    value: Money
    margin: Money | None = None


@frozen(kw_only=True)
class Action:
    """One thing to do.

    Attributes:
        name: Short name, for programs.
        words: What to do, for people.
        step: The events of doing it for the first time, the second, and so on, from 1.
        most: How often it can be done; None has no end. [count]
    """

    name: str
    words: str
    step: Callable[[int], tuple[Event, ...]]
    most: int | None = None


def usual_deal(record: PartnerRecord) -> Deal | None:
    """The mean of a partner's deals, with the margin that they have on average.

    None without a deal, and where the mean is not above 0: that is no deal to advise.

    Args:
        record: The partner's record, of which all deals are in one currency.
    """
    won = [one for one in record.leads if one.status == "won" and not one.paid_back]
    values = [one.value for one in won if one.value is not None]
    if not values:
        return None
    currency = values[0].currency
    mean = sum((Fraction(one.amount) for one in values), Fraction(0)) / len(values)
    if mean <= 0:
        return None
    value = Money.rounded(as_decimal(mean), currency)
    share = _margin_share(won)
    margin = None if share is None else Money.rounded(as_decimal(mean * share), currency)
    return Deal(value, margin)


def _margin_share(won: list[PartnerLead]) -> Fraction | None:
    both = [(one.margin, one.value) for one in won if one.margin and one.value]
    revenue = sum((Fraction(value.amount) for _, value in both), Fraction(0))
    margin = sum((Fraction(margin.amount) for margin, _ in both), Fraction(0))
    return margin / revenue if revenue > 0 else None


def actions_of(story: PartnerStory, record: PartnerRecord, deal: Deal | None) -> tuple[Action, ...]:
    """All that a partner could do next; without a deal nothing that wins one.

    Args:
        story: The partner's story.
        record: Its record at the moment of the story.
        deal: What a win would bring.
    """
    draft = _Draft(story)
    return (*_winning(draft, record, deal), *_learning(draft), *_joining(draft))


def _winning(draft: _Draft, record: PartnerRecord, deal: Deal | None) -> Iterator[Action]:
    if deal is not None:
        words = f"bring and win a deal of {deal.value}"
        yield Action(
            name="new_deal",
            words=words,
            step=lambda n: (*draft.lead(n), draft.won(draft.lead_id(n), deal)),
        )
        opened = [one for one in record.leads if one.status == "open" and one.roles]
        opened.sort(key=lambda one: "sourced" not in one.roles)
        if opened:
            first = opened[0]
            yield Action(
                name="open_lead",
                words=f"win {first.lead_id}, open since {moment_text(first.captured_at)}, "
                f"for {deal.value}",
                step=lambda n: (draft.won(opened[n - 1].lead_id, deal),),
                most=len(opened),
            )
    yield Action(name="sourced_lead", words="bring a lead", step=draft.lead)


def _learning(draft: _Draft) -> Iterator[Action]:
    yield Action(
        name="training",
        words="complete a training",
        step=lambda n: (draft.own(TrainingCompleted, n),),
    )
    yield Action(
        name="certification",
        words="earn one more certification",
        step=lambda n: (draft.own(CertificationEarned, n, certification=f"{HYPOTHETICAL} {n}"),),
    )


def _joining(draft: _Draft) -> Iterator[Action]:
    kinds = (
        ("campaign", "join a campaign", CampaignJoined),
        ("co_selling", "sell together once", CoSellHeld),
        ("business_plan", "file a business plan", BusinessPlanFiled),
    )
    for name, words, kind in kinds:
        yield Action(name=name, words=words, step=partial(draft.alone, kind))
    yield Action(
        name="rating",
        words="get the best rating from a customer",
        step=lambda n: (draft.own(CustomerRated, n, score=5, scale_min=1, scale_max=5),),
    )


class _Draft:
    """Writes events at the moment of a story, with ids that no other moment gives."""

    def __init__(self, story: PartnerStory) -> None:
        moment = story.moment
        self._partner_id = story.partner_id
        self._policy = moment.policy
        self._stem = f"{HYPOTHETICAL}-{story.partner_id}-{moment.as_of:%Y%m%dT%H%M%S.%f}"
        known_at = moment.known_at or moment.as_of
        self._common: dict[str, Any] = {
            "occurred_at": moment.as_of,
            "recorded_at": min(moment.as_of, known_at),
            "source": HYPOTHETICAL,
        }
        taken = [event.event_id for event in story.events if event.source == HYPOTHETICAL]
        self._before = sum(one.startswith(self._stem) for one in taken)

    def _id(self, number: int, kind: str) -> str:
        return f"{self._stem}-{self._before + number}-{kind}"

    def lead_id(self, number: int) -> LeadId:
        """A lead that there is not yet."""
        return self._id(number, "lead")

    def own(self, kind: type[F], number: int, **fields: Any) -> F:
        """An event of the partner."""
        said: dict[str, Any] = {"partner_id": self._partner_id, **self._common, **fields}
        return kind(event_id=self._id(number, kind.type), **said)

    def alone(self, kind: type[Fact], number: int) -> tuple[Event, ...]:
        """An event of the partner that states nothing else."""
        return (self.own(kind, number),)  # type: ignore[return-value]

    def lead(self, number: int) -> tuple[Event, ...]:
        """A lead that the partner brings, so that the policy credits it."""
        lead_id = self.lead_id(number)
        captured = LeadCaptured(
            event_id=self._id(number, "captured"),
            lead_id=lead_id,
            originator=self._partner_id,
            **self._common,
        )
        events: list[Event] = [captured]
        if self._policy.claims == "registration":
            events.append(self.own(DealRegistered, number, lead_id=lead_id))
        if self._policy.contact_required:
            events.append(self.own(ContactMade, number, lead_id=lead_id, by="partner"))
        return tuple(events)

    def won(self, lead_id: LeadId, deal: Deal) -> Event:
        """A win by the partner."""
        return LeadWon(
            event_id=f"{self._stem}-{lead_id}-won",
            lead_id=lead_id,
            partner_id=self._partner_id,
            value=deal.value,
            margin=deal.margin,
            **self._common,
        )
