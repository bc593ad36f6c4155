"""Arguments that are easily mistaken for others, refused in words."""

from __future__ import annotations

from collections.abc import Iterable

from partnerleads.errors import OptionError
from partnerleads.routing.context import RoutingContext
from partnerleads.routing.offers.policy import OfferPolicy
from partnerleads.routing.pool import Pool
from partnerleads.routing.prospect import Prospect

__all__ = ["check_context", "check_lead", "check_leads", "check_policy", "check_pool"]


def check_context(value: object) -> None:
    """Refuse what is no context, such as the lifecycles that one is derived from."""
    if not isinstance(value, RoutingContext):
        raise OptionError("context", value, "is no context; pass routing_context(lives)")


def check_lead(value: object) -> None:
    """Refuse what is no lead to decide about, such as its id or its lifecycle."""
    if not isinstance(value, Prospect):
        reason = "is no prospect; pass Prospect(lead_id=...), or prospect_of(lead)"
        raise OptionError("lead", value, reason)


def check_leads(value: object) -> None:
    """Refuse what are not several leads to decide about, such as a single one.

    >>> check_leads("L1")
    Traceback (most recent call last):
    ...
    partnerleads.errors.OptionError: leads='L1': pass a list of `Prospect` objects
    """
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise OptionError("leads", value, "pass a list of `Prospect` objects")


def check_policy(value: object) -> None:
    """Refuse what is no policy of offers, such as the rules of attribution."""
    if not isinstance(value, OfferPolicy):
        raise OptionError("policy", value, "is no policy of offers; pass OfferPolicy(within=...)")


def check_pool(value: object) -> None:
    """Refuse what is no pool, such as a list of recipients.

    >>> check_pool(["acme"])
    Traceback (most recent call last):
    ...
    partnerleads.errors.OptionError: pool=['acme']: is no pool; pass Pool(recipients, ...
    """
    if not isinstance(value, Pool):
        raise OptionError("pool", value, "is no pool; pass Pool(recipients, rules=(IsActive(),))")
