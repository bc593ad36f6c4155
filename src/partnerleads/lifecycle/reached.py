"""Milestones as attributes of a lifecycle."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from partnerleads.lifecycle.compiled import Search, milestone_search

if TYPE_CHECKING:
    from partnerleads.lifecycle.lead_lifecycle import LeadLifecycle

__all__ = ["Reached"]

E = TypeVar("E")


class Reached(Generic[E]):
    """An attribute that finds the event of the milestone of its name, or None.

    It is found when it is read: no fold needs all milestones of all leads, and finding one costs
    hardly more than keeping it.
    """

    def __set_name__(self, owner: type[Any], name: str) -> None:
        self.name = name

    @cached_property
    def search(self) -> Search:
        """The search for the event; compiled when first needed."""
        return milestone_search(self.name)

    @overload
    def __get__(self, lead: None, owner: type[Any]) -> Reached[E]: ...

    @overload
    def __get__(self, lead: LeadLifecycle, owner: type[Any]) -> E | None: ...

    def __get__(self, lead: LeadLifecycle | None, owner: type[Any]) -> Reached[E] | E | None:
        if lead is None:
            return self
        found: E | None = self.search(lead.events, lead.shape)
        return found
