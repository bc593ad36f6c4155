"""Routers by name: those of this library, those that packages announce, and any by its path."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from partnerleads.errors import OptionError
from partnerleads.model.near_names import did_you_mean
from partnerleads.routing.protocol import Router, checked_router
from partnerleads.routing.strategies.capacity_priced import CapacityPriced
from partnerleads.routing.strategies.expertise import ByExpertise
from partnerleads.routing.strategies.fallback import Fallback
from partnerleads.routing.strategies.least_loaded import LeastLoaded
from partnerleads.routing.strategies.performance import ByPerformance
from partnerleads.routing.strategies.plv import ByPlv
from partnerleads.routing.strategies.round_robin import RoundRobin
from partnerleads.routing.strategies.score_threshold import ScoreThreshold
from partnerleads.routing.strategies.territory import ByTerritory
from partnerleads.routing.strategies.thompson import Thompson
from partnerleads.routing.strategies.tier import ByTier
from partnerleads.routing.strategies.value_threshold import ValueThreshold

__all__ = ["ROUTERS_GROUP", "find_router", "router_names"]

ROUTERS_GROUP = "partnerleads.routers"
"""The group of entry points under which a package announces its routers."""

_OWN: dict[str, type[Router]] = {
    "capacity_priced": CapacityPriced,
    "expertise": ByExpertise,
    "fallback": Fallback,
    "least_loaded": LeastLoaded,
    "performance": ByPerformance,
    "plv": ByPlv,
    "round_robin": RoundRobin,
    "score_threshold": ScoreThreshold,
    "territory": ByTerritory,
    "thompson": Thompson,
    "tier": ByTier,
    "value_threshold": ValueThreshold,
}


def router_names() -> tuple[str, ...]:
    """The names that :func:`find_router` knows, in order.

    Those of this library, and those that installed packages announce as entry points of the group
    ``partnerleads.routers``. Nothing is imported to find them.

    >>> "round_robin" in router_names()
    True
    """
    return tuple(sorted({*_OWN, *_announced()}))


def find_router(name: str, *, parameters: Mapping[str, Any] | None = None) -> Router:
    """A router by its name, or by the path of its class such as ``package.module:Class``.

    What is found is a class or a function, which is called with the parameters, or a router ready
    to use, which takes none. It is imported, and so may run any code: take names from those alone
    who may change the programme.

    Args:
        name: One of :func:`router_names`, or an import path.
        parameters: What the router is made with, by name.

    Raises:
        OptionError: When nothing has that name, when several packages announce it, when it cannot
            be imported, when the parameters do not fit, or when what is found is no router.

    >>> find_router("least_loaded", parameters={"relative": True})
    LeastLoaded(relative=True)
    """
    if not isinstance(name, str):
        raise OptionError("name", name, "pass a name such as 'round_robin'")
    found = _imported(name, name) if ":" in name else _named(name)
    if callable(getattr(found, "rank", None)) and not isinstance(found, type):
        if parameters:
            raise OptionError("parameters", dict(parameters), f"{name} is ready and takes none")
        return checked_router(found)
    if not callable(found):
        raise OptionError("name", name, f"names {found!r}, which is no router")
    try:
        made = found(**(parameters or {}))
    except TypeError as error:
        raise OptionError("parameters", dict(parameters or {}), f"do not fit: {error}") from error
    return checked_router(made)


def _announced() -> dict[str, set[str]]:
    """What packages announce: the import paths of each name; several where they disagree."""
    from importlib.metadata import entry_points  # noqa: PLC0415 - slow to import, rarely used

    found: dict[str, set[str]] = {}
    for point in entry_points(group=ROUTERS_GROUP):
        found.setdefault(point.name, set()).add(point.value)
    return found


def _named(name: str) -> Any:
    paths = _announced().get(name, set())
    own = _OWN.get(name)
    if own is not None and not paths:
        return own
    if own is not None or len(paths) > 1:
        owner = ["this library"] if own is not None else []
        said = " and ".join((*owner, *sorted(paths)))
        reason = f"is the name of several routers: {said}; pass the import path of one"
        raise OptionError("name", name, reason)
    if not paths:
        raise OptionError("name", name, _unknown(name))
    return _imported(name, *paths)


def _unknown(name: str) -> str:
    known = router_names()
    hint = did_you_mean(name, known)
    return (
        f"is no router; {hint}there are {', '.join(known)}, and paths like 'package.module:Class'"
    )


def _imported(name: str, path: str) -> Any:
    """What stands at an import path."""
    module, _, names = path.partition(":")
    try:
        found: Any = import_module(module.strip())
        for part in names.strip().split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError, ValueError) as error:
        raise OptionError("name", name, f"cannot be imported from {path}: {error}") from error
    return found
