"""How early signals tell the chance of a first win: weights as data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from math import exp, fsum

from attrs import field, frozen

from partnerleads.model.numbers import finite, in_range, span
from partnerleads.model.saved import Saved
from partnerleads.plv.early_signals import SIGNALS, EarlySignals
from partnerleads.plv.shapley import of_sets

__all__ = ["DEFAULT_POTENTIAL_MODEL", "PotentialModel"]

_DAY = timedelta(days=1)


@frozen(kw_only=True)
class PotentialModel(Saved):
    """The chance of a first win, logistic in the strength of the early signals.

    A signal's strength is 1 on the day of the onboarding and falls straight to 0 at the end of the
    first days; that of certifications is their number over what counts as full. The chance is
    ``1 / (1 + exp(-(base + sum of weight x strength)))``.

    Attributes:
        name: What it is called.
        origin: Where the weights come from, in words; shown beside every result.
        base: Log-odds of a partner without any signal.
        training: Added by a training at once. [log-odds]
        certifications: Added by the full number of certifications. [log-odds]
        registration: Added by a deal registration at once. [log-odds]
        lead: Added by a lead brought or accepted at once. [log-odds]
        certified: Certifications that are full strength. [count, > 0]
        window: The first days, in which signals are looked for. [timedelta, > 0]
        horizon: The time after them within which the first win is to come. [timedelta, > 0]

    >>> round(DEFAULT_POTENTIAL_MODEL.chance({}), 3)
    0.119
    """

    _called = "potential model"

    name: str
    origin: str
    base: float = field(validator=finite)
    training: float = field(validator=finite)
    certifications: float = field(validator=finite)
    registration: float = field(validator=finite)
    lead: float = field(validator=finite)
    certified: float = field(default=2.0, validator=in_range(0, open_low=True))
    window: timedelta = field(default=timedelta(days=90), validator=span)
    horizon: timedelta = field(default=timedelta(days=365), validator=span)

    def strengths(self, signals: EarlySignals) -> dict[str, float]:
        """How strong each signal is. [0..1 each]

        Args:
            signals: The partner's first days.
        """
        days = {
            "training": signals.training,
            "registration": signals.registration,
            "lead": signals.lead,
        }
        length = self.window / _DAY
        strengths = {
            name: 0.0 if one is None else max(0.0, 1 - one / length) for name, one in days.items()
        }
        strengths["certifications"] = min(1.0, signals.certifications / self.certified)
        return {name: strengths[name] for name in SIGNALS}

    def chance(self, strengths: Mapping[str, float]) -> float:
        """The chance of a first win within the horizon. [0..1]

        Args:
            strengths: How strong each signal is; one that is not named is not there.
        """
        return logistic(
            fsum((self.base, *(getattr(self, name) * one for name, one in strengths.items())))
        )

    def points(self, strengths: Mapping[str, float]) -> dict[str, float]:
        """What each signal adds to 100 x the chance; with that of no signal they add up to it.

        They are Shapley values: what a signal adds, averaged over every order in which the
        signals could come.

        Args:
            strengths: How strong each signal is.
        """

        def chance(there: frozenset[str]) -> float:
            return self.chance({name: strengths[name] for name in strengths if name in there})

        return {name: 100 * one for name, one in of_sets([*strengths], chance).items()}


def logistic(odds: float) -> float:
    """The chance of log-odds, without overflow.

    >>> logistic(0.0), logistic(-1e9), logistic(1e9)
    (0.5, 0.0, 1.0)
    """
    if odds < 0:
        return 1 - logistic(-odds)
    return 1 / (1 + exp(-odds))


DEFAULT_POTENTIAL_MODEL = PotentialModel(
    name="assumed",
    origin="assumed, not measured: fit it to your own programme as soon as that is large enough",
    base=-2.0,
    training=0.8,
    certifications=1.0,
    registration=1.5,
    lead=1.2,
)
"""A model to begin with, of plain choices: without a signal about one partner in eight wins within
the year, with all of them at once eleven in twelve; what is near to selling weighs most."""
