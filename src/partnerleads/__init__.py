"""partnerleads: a partner programme's events, turned into figures that survive a finance review.

Importing it loads nothing else; each room loads when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from partnerleads import (
        attribution,
        codecs,
        datasets,
        errors,
        events,
        frames,
        incentives,
        kpis,
        lifecycle,
        model,
        plv,
        review,
        routing,
        scoring,
        solvers,
        stats,
        testing,
    )
    from partnerleads.lifecycle import fold
    from partnerleads.model import Lead, Money, Partner, Period

__all__ = [
    # the names of every day
    "fold",
    "Lead",
    "Money",
    "Partner",
    "Period",
    # from input to events
    "codecs",
    "datasets",
    "events",
    "frames",
    # from events to figures
    "attribution",
    "incentives",
    "kpis",
    "lifecycle",
    "plv",
    "review",
    "scoring",
    # from leads to partners
    "routing",
    "solvers",
    # what all rooms share
    "errors",
    "model",
    "stats",
    # for tests
    "testing",
    # the release
    "__version__",
]

__version__ = "0.1.0"

_HOMES = {
    "fold": "partnerleads.lifecycle",
    "Lead": "partnerleads.model",
    "Money": "partnerleads.model",
    "Partner": "partnerleads.model",
    "Period": "partnerleads.model",
}


if not TYPE_CHECKING:  # a type checker that saw it would take every misspelt name for real

    def __getattr__(name: str) -> object:
        if name in _HOMES:
            value = getattr(import_module(_HOMES[name]), name)
        elif name in __all__:
            value = import_module(f"partnerleads.{name}")
        else:
            message = f"module 'partnerleads' has no attribute {name!r}"
            raise AttributeError(message, name=name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
