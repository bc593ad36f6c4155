"""When one event undoes another: whether both speak of the same recipient or claim."""

from __future__ import annotations

from typing import Protocol

__all__ = ["same_recipient", "same_registration"]


class NamesRecipient(Protocol):
    """An event that may name a partner, a person and an offer."""

    @property
    def partner_id(self) -> str | None: ...
    @property
    def agent_id(self) -> str | None: ...


class NamesRegistration(Protocol):
    """An event that names a claim."""

    @property
    def partner_id(self) -> str: ...
    @property
    def registration_id(self) -> str | None: ...


def same_recipient(one: NamesRecipient, other: NamesRecipient) -> bool:
    """Whether two events name the same recipient.

    Partners decide where both name one, else persons, else the offers that both name.
    """
    if one.partner_id is not None and other.partner_id is not None:
        return one.partner_id == other.partner_id
    if one.agent_id is not None and other.agent_id is not None:
        return one.agent_id == other.agent_id
    offer = getattr(one, "offer_id", None)
    return offer is not None and offer == getattr(other, "offer_id", None)


def same_registration(one: NamesRegistration, other: NamesRegistration) -> bool:
    """Whether two events speak of the same claim; claims without an identity match one another."""
    return (one.partner_id, one.registration_id) == (other.partner_id, other.registration_id)
