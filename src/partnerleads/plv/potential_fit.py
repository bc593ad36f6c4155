"""Weights of early signals from the programme's own history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from math import exp, log1p
from typing import Any

import attrs
from attrs import frozen

from partnerleads.errors import OptionError
from partnerleads.kpis.measuring.figures import AnyHistory
from partnerleads.model.figure import counted
from partnerleads.model.moments import moment_text
from partnerleads.model.numbers import check_number
from partnerleads.model.options import check_choice
from partnerleads.plv.early_signals import SIGNALS, EarlySignals, signals_of_all
from partnerleads.plv.lifetime.fitting import check_enough
from partnerleads.plv.lifetime.minimising import Place, minimise
from partnerleads.plv.potential_model import DEFAULT_POTENTIAL_MODEL, PotentialModel
from partnerleads.plv.record import CREDITS, Credit, PartnerRecord, records_of
from partnerleads.plv.scoring import lives_of

__all__ = ["LEAST_OF_EACH", "LEAST_ONBOARDED", "PotentialFit", "fit_potential"]

LEAST_ONBOARDED = 40
"""Partners that a fit of five numbers needs. [count]"""

LEAST_OF_EACH = 10
"""Partners with a first win in time, and partners without, that a fit needs. [count]"""

_PRECISION = 1e-13


@frozen(kw_only=True)
class PotentialFit:
    """Weights fitted to a history, and what they rest on.

    Attributes:
        model: The weights.
        n: Partners fitted on. [count]
        won: Those of them with a first win within the horizon. [count]
        won_early: Left out, since they had their first win in their first days already. [count]
        too_young: Left out, since they joined too late to know. [count]
        unknown: Left out, since their onboarding is not on record to the day. [count]
        as_of: Events that occurred later were not seen. [aware datetime]
    """

    model: PotentialModel
    n: int
    won: int
    won_early: int
    too_young: int
    unknown: int
    as_of: datetime

    def __str__(self) -> str:
        model = self.model
        weights = ", ".join(f"{name} {getattr(model, name):.2f}" for name in ("base", *SIGNALS))
        return (
            f"{weights} ({self.won} of {counted(self.n, 'partner')} won in time; left out: "
            f"{self.won_early} that won early, {self.too_young} too young, {self.unknown} of "
            "unknown onboarding)"
        )


def fit_potential(
    history: AnyHistory,
    *,
    as_of: datetime | None = None,
    start: PotentialModel = DEFAULT_POTENTIAL_MODEL,
    pull: float = 1.0,
    credit: Credit = "sourced",
) -> PotentialFit:
    """The weights of early signals that the programme's own partners speak for.

    It looks at partners whose first days and horizon are over, so with the usual ones at those
    onboarded at least 15 months ago; those that won in their first days are left out, as there is
    nothing to foretell. Each weight is drawn towards that of *start*, so few partners leave it
    nearly as it was: the sum of squared differences counts against the likelihood, times *pull* /
    2. The base is not drawn.

    Args:
        history: Events, or the lifecycles made of them.
        as_of: The moment; needed with events. [aware datetime]
        start: The model whose weights stand where the history says nothing; its window, horizon
            and full number of certifications are kept.
        pull: How strongly the weights are drawn to those of *start*. [> 0]
        credit: Whose wins count: those that the partner sourced, or those it had any role in.

    Raises:
        AsOfError: When *as_of* is missing with events, or differs from the history's own.
        OptionError: When there are fewer than 40 such partners, or fewer than 10 with a win or 10
            without; or when an option is none.

    Source:
        DOMAIN 5; ridge logistic regression, le Cessie and van Houwelingen 1992.

    >>> from partnerleads.testing import at, history
    >>> fit_potential(history("2024-01-01 acme onboarded"), as_of=at("2026-01-01"))
    Traceback (most recent call last):
    ...
    partnerleads.errors.OptionError: onboarded=1: a fit needs at least 40; use the given model ...
    """
    check_choice("credit", credit, CREDITS)
    check_number("pull", pull)
    if pull <= 0:
        raise OptionError("pull", pull, "must be above 0")
    lives = lives_of(history, as_of=as_of)
    records = records_of(lives)
    rows: list[tuple[list[float], bool]] = []
    left_out = dict.fromkeys(("won_early", "too_young", "unknown"), 0)
    for partner_id, signals in signals_of_all(lives, start.window).items():
        first = _first_win(records[partner_id], credit)
        fate = _fate(signals, first, start, lives.as_of)
        if isinstance(fate, str):
            left_out[fate] += 1
        else:
            rows.append(([*start.strengths(signals).values()], fate))
    won = sum(fate for _, fate in rows)
    instead = f"use the given model {start.name!r}, as it is"
    check_enough("onboarded", len(rows), instead=instead, least=LEAST_ONBOARDED)
    check_enough("won", won, instead=instead, least=LEAST_OF_EACH)
    check_enough("not won", len(rows) - won, instead=instead, least=LEAST_OF_EACH)
    base, *weights = _likeliest(rows, start, pull)
    fitted: dict[str, Any] = dict(zip(SIGNALS, weights, strict=True))
    model = attrs.evolve(
        start,
        name="fitted",
        origin=f"fitted to {counted(len(rows), 'partner')} as of {moment_text(lives.as_of)}",
        base=base,
        **fitted,
    )
    return PotentialFit(model=model, n=len(rows), won=won, as_of=lives.as_of, **left_out)


def _first_win(record: PartnerRecord, credit: Credit) -> datetime | None:
    """When the first of its deals that stand was won."""
    wins = (lead.closed_at for lead in record.credited(credit)
            if lead.status == "won" and not lead.paid_back)  # fmt: skip
    return min((at for at in wins if at is not None), default=None)


def _fate(
    signals: EarlySignals, first: datetime | None, model: PotentialModel, as_of: datetime
) -> bool | str:
    """Whether the first win came within the horizon; or why a partner cannot tell."""
    joined = signals.onboarded_at
    if joined is None:
        return "unknown"
    end = joined + model.window
    if end + model.horizon > as_of:
        return "too_young"
    if first is not None and first <= end:
        return "won_early"
    return first is not None and first <= end + model.horizon


def _likeliest(
    rows: Sequence[tuple[list[float], bool]], start: PotentialModel, pull: float
) -> Place:
    """Base and weights of the least loss; it is convex, so there is one."""
    given: list[float] = [getattr(start, name) for name in SIGNALS]

    def loss(place: Place) -> float:
        base, *weights = place
        total = pull / 2 * sum((w - g) ** 2 for w, g in zip(weights, given, strict=True))
        for strengths, won in rows:
            odds = base + sum(w * x for w, x in zip(weights, strengths, strict=True))
            odds = -odds if won else odds
            total += max(odds, 0.0) + log1p(exp(-abs(odds)))
        return total

    return minimise(loss, [start.base, *given], precision=_PRECISION)[0]
