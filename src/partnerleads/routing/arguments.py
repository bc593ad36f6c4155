"""Arguments that are easily mistaken for others, refused in words."""

from __future__ import annotations

from partnerleads.errors import OptionError
from partnerleads.routing.context import RoutingContext
from partnerleads.routing.pool import Pool

__all__ = ["check_context", "check_pool"]


def check_context(value: object) -> None:
    """Refuse what is no context, such as the lifecycles that one is derived from."""
    if not isinstance(value, RoutingContext):
        raise OptionError("context", value, "is no context; pass routing_context(lives)")


def check_pool(value: object) -> None:
    """Refuse what is no pool, such as a list of recipients.

    >>> check_pool(["acme"])
    Traceback (most recent call last):
    ...
    partnerleads.errors.OptionError: pool=['acme']: is no pool; pass Pool(recipients, ...
    """
    if not isinstance(value, Pool):
        raise OptionError("pool", value, "is no pool; pass Pool(recipients, rules=(IsActive(),))")
