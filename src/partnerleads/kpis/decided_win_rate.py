"""Decided win rate: won leads out of the leads that were decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from attrs import evolve

from partnerleads.errors import OptionError
from partnerleads.kpis.measuring.conditions import AllOf, AnyOf, Condition, Has, Is, Not
from partnerleads.kpis.measuring.figures import AnyHistory, By, figure, history_of
from partnerleads.kpis.measuring.measure import (
    FINAL_VALUE,
    CountOf,
    Form,
    Measure,
    ShareOf,
    SumShareOf,
)
from partnerleads.kpis.measuring.tally import Rates
from partnerleads.model import Caution, Count, FrozenMap, Period, Share
from partnerleads.model.options import check_choice

__all__ = ["decided_win_rate"]

_WON = Is("status", "won")
_DECIDED: dict[str, tuple[Condition, ...]] = {
    "narrow": (_WON, Is("status", "lost")),
    "broad": (_WON, Is("status", "lost"), Is("status", "disqualified")),
}
_COUNTED = {
    "narrow": "leads won or lost",
    "broad": "leads won, lost or disqualified",
}
_UNITS = ("leads", "value")
_LOSSES = Measure(name="losses", form=CountOf(), counted="leads ever lost", of=Has("first_lost"))
_NO_LOSSES = Caution(
    "no_losses", "no loss was ever recorded, so that hardly anything but wins can be decided"
)


def decided_win_rate(
    history: AnyHistory,
    *,
    as_of: datetime | None = None,
    period: Period | None = None,
    by: By = "sourcing_partner",
    which: Literal["narrow", "broad"] = "narrow",
    excluding: Sequence[str] = (),
    unit: Literal["leads", "value"] = "leads",
    rates: Rates | None = None,
    currency: str | None = None,
    confidence: float = 0.95,
) -> Share:
    """Won leads, out of the leads won or lost in the period.

    Open leads are in neither part, so the rate is high where losses are closed late or never; it
    says so where the history has no loss at all. :func:`cohort_close_rate` asks how many of the
    leads captured were won.

    Args:
        history: Events, lifecycles, or another engine's history.
        as_of: The moment; needed with events. [aware datetime]
        period: Period of the standing close; None is all time.
        by: Key or keys to segment by; the sourcing partner, since the blend of all partners hides
            what each of them does. None for none.
        which: Out of the leads won or lost, or also of those disqualified.
        excluding: Leads lost or disqualified for one of these reasons do not count.
        unit: Shares of leads, or of their value: the final value of a won lead, and the last
            expected value of one lost or disqualified. Leads that state none leave and are counted.
        rates: Rates to convert money with; a function of (from, to, day).
        currency: Currency to convert money to.
        confidence: Confidence of the interval; shares of value have none. [0..1]

    Returns:
        The rate; undefined where no lead was decided, and by value also where a part is negative
        or currencies differ. [0..1]

    Raises:
        OptionError: When *excluding* is one text and not several.

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 L1 captured
    ...     2026-01-20 L1 won 30000 EUR
    ...     2026-01-05 L2 captured 90000 EUR
    ...     2026-01-08 L2 lost
    ...     2026-01-08 L3 captured
    ... ''')
    >>> decided_win_rate(events, as_of=at("2026-03-01")).value
    0.5
    >>> decided_win_rate(events, as_of=at("2026-03-01"), unit="value").value
    0.25
    """
    check_choice("which", which, _DECIDED)
    check_choice("unit", unit, _UNITS)
    if isinstance(excluding, str):
        raise OptionError("excluding", excluding, f"pass several reasons, such as ({excluding!r},)")
    reasons = tuple(dict.fromkeys(excluding))
    decided: Condition = AnyOf(_DECIDED[which])
    if reasons:
        decided = AllOf((decided, Not(AnyOf(tuple(Is("reason", one) for one in reasons)))))
    measure = Measure(
        name="decided_win_rate",
        form=_form(which, unit),
        counted=_COUNTED[which],
        anchor=("closed",),
        of=decided,
        options=FrozenMap(
            {"which": which, "excluding": ", ".join(reasons) or "nothing", "unit": unit}
        ),
    )
    known = history_of(history, as_of=as_of)
    rate = figure(
        Share,
        known,
        measure,
        period=period,
        by=by,
        rates=rates,
        currency=currency,
        confidence=confidence,
    )
    return rate if figure(Count, known, _LOSSES).value else _warned(rate)


def _form(which: str, unit: str) -> Form:
    if unit == "leads":
        return ShareOf(_WON)
    return SumShareOf("decided_value", _WON, _DECIDED[which], stated=FINAL_VALUE.stated)


def _warned(rate: Share) -> Share:
    """The rate with a warning, and each of its segments with one."""
    segments = {key: _warned(one) for key, one in rate.segments.items()}
    warnings = (*rate.warnings, _NO_LOSSES) if rate.n else rate.warnings
    return evolve(rate, warnings=warnings, segments=FrozenMap(segments))
