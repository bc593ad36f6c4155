"""Whom an event names: the partner in a role, whom it speaks for, and the recipients.

Nobody is named by being among those that a router could choose or did choose, since a choice may
come to nothing; nor as the parent of a partner, which plays no part in the event.
"""

from __future__ import annotations

from partnerleads.events.capture import LeadCaptured
from partnerleads.events.engagement import ContactMade
from partnerleads.events.fact import Fact
from partnerleads.model.ids import AgentId, PartnerId, RecipientId

__all__ = ["partner_named", "recipients_named", "speaks_for"]


def partner_named(event: Fact) -> PartnerId | None:
    """The partner that an event names in a role, of which no kind names two.

    It is the partner that the event is of or about, on whatever side; of a capture the one that
    brought the lead, of a cost the one it was spent on.

    Args:
        event: An event of any kind.

    Returns:
        The partner; None where the kind names none, or this event does not.

    >>> from partnerleads.testing import history
    >>> captured, assigned = history('''
    ...     2026-01-02 L1 captured by acme
    ...     2026-01-03 L1 assigned agent=ann
    ... ''')
    >>> partner_named(captured), partner_named(assigned)
    ('acme', None)
    """
    name = "originator" if isinstance(event, LeadCaptured) else "partner_id"
    partner_id: PartnerId | None = getattr(event, name, None)
    return partner_id


def speaks_for(event: Fact) -> PartnerId | None:
    """The partner that a claim, a contact or an influence speaks for.

    It is the partner named, but of a contact by the own team, which may name a partner beside it.

    Args:
        event: An event of any kind.

    Returns:
        The partner; None where it speaks for the own team, or for nobody.

    >>> from partnerleads.testing import history
    >>> contacts = history('''
    ...     2026-01-02 L1 contact by acme
    ...     2026-01-03 L1 contact by own_team partner=acme
    ... ''')
    >>> [speaks_for(contact) for contact in contacts]
    ['acme', None]
    """
    own_team = isinstance(event, ContactMade) and event.by == "own_team"
    return None if own_team else partner_named(event)


def recipients_named(event: Fact | None) -> frozenset[RecipientId]:
    """The partner and the person that an event names as those who have to do with a lead.

    Who brought a lead is none of them: a partner does not receive what it brings.

    Args:
        event: An event of any kind; None names nobody.

    >>> from partnerleads.testing import history
    >>> captured, offered = history('''
    ...     2026-01-02 L1 captured by acme
    ...     2026-01-03 L1 offered to beta agent=bob
    ... ''')
    >>> sorted(recipients_named(captured)), sorted(recipients_named(offered))
    ([], ['beta', 'bob'])
    """
    partner_id: PartnerId | None = getattr(event, "partner_id", None)
    agent_id: AgentId | None = getattr(event, "agent_id", None)
    return frozenset(name for name in (partner_id, agent_id) if name is not None)
