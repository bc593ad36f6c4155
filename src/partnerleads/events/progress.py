"""A lead is answered, judged and worked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from attrs import field, frozen

from partnerleads.errors import Fault
from partnerleads.events.fact import (
    LeadFact,
    as_number_or_none,
    later_instant,
    outside,
    refuse_faults,
)
from partnerleads.model.ids import AgentId, PartnerId
from partnerleads.model.money import Money

__all__ = ["LeadDisqualified", "LeadProgressed", "LeadQualified", "LeadResponded"]


@frozen(kw_only=True)
class LeadResponded(LeadFact):
    """The customer got an answer.

    Attributes:
        agent_id: Who answered.
        partner_id: The answering partner.
        qualified: Whether a qualified salesperson answered.
        automatic: Whether a machine answered; such an answer stops no clock.
    """

    agent_id: AgentId | None = None
    partner_id: PartnerId | None = None
    qualified: bool = True
    automatic: bool = False


@frozen(kw_only=True)
class LeadProgressed(LeadFact):
    """Someone worked the lead and said how it stands.

    Attributes:
        stage: Stage of the pipeline, in the programme's own words.
        feedback: What was reported.
        expected_value: What the deal may be worth. [money]
        expected_close_at: When it is expected to close. [aware datetime]
        probability: Chance of a win. [0..1]
        partner_id: The partner who worked it.
        agent_id: The person who worked it.
    """

    stage: str | None = None
    feedback: str | None = None
    expected_value: Money | None = None
    expected_close_at: datetime | None = field(default=None, converter=later_instant)
    probability: float | None = field(default=None, converter=as_number_or_none)
    partner_id: PartnerId | None = None
    agent_id: AgentId | None = None

    def faults(self) -> Iterator[Fault]:
        """A probability is one."""
        yield from outside("probability", self.probability, 0.0, 1.0)

    __attrs_post_init__ = refuse_faults


@frozen(kw_only=True)
class LeadQualified(LeadFact):
    """The lead was judged worth selling to.

    Attributes:
        criteria: Criteria it met, such as need, budget, authority, timeline.
        reason: Why.
    """

    criteria: tuple[str, ...] | None = None
    reason: str | None = None


@frozen(kw_only=True)
class LeadDisqualified(LeadFact):
    """The lead was judged no prospect; this closes it until a reopen.

    Attributes:
        criteria: Criteria it met all the same.
        reason: Why.
    """

    criteria: tuple[str, ...] | None = None
    reason: str | None = None
