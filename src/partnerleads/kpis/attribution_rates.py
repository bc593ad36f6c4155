"""Sourced, influenced and involved rates: the partners' part of all leads."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from partnerleads.errors import OptionError
from partnerleads.kpis.measuring.conditions import EVERY, OPEN, AnyOf, Condition, Is
from partnerleads.kpis.measuring.figures import AnyHistory, By, figure
from partnerleads.kpis.measuring.measure import FINAL_VALUE, Form, Measure, ShareOf, SumShareOf
from partnerleads.kpis.measuring.tally import Rates
from partnerleads.model import FrozenMap, Period, Share
from partnerleads.model.options import check_choice

__all__ = ["influenced_rate", "involved_rate", "sourced_rate"]

SOURCED = Is("attribution", "sourced")
INFLUENCED = Is("attribution", "influenced")
INVOLVED = AnyOf((SOURCED, INFLUENCED))
_CLASSES = (SOURCED, INFLUENCED, Is("attribution", "direct"))

_COUNTING = {"captured": ("captured",), "registered": ("registered", "captured")}
_UNITS = ("leads", "pipeline", "revenue")


def _measure(name: str, hit: Condition, counting: str, unit: str) -> Measure:
    check_choice("counting", counting, _COUNTING)
    check_choice("unit", unit, _UNITS)
    if unit != "leads" and counting != "captured":
        raise OptionError("counting", counting, f"a share of {unit} has its own date")
    form: Form = ShareOf(hit)
    counted = "leads captured" if counting == "captured" else "leads registered or captured"
    anchor: tuple[str, ...] = _COUNTING[counting]
    if unit == "pipeline":
        form, counted, anchor = SumShareOf("expected_value", hit, _CLASSES), "leads open", ()
    elif unit == "revenue":
        form = SumShareOf(FINAL_VALUE.amount, hit, _CLASSES, stated=FINAL_VALUE.stated)
        counted, anchor = "leads won", ("won",)
    return Measure(
        name=name,
        form=form,
        counted=counted,
        anchor=anchor,
        of=OPEN if unit == "pipeline" else EVERY,
        options=FrozenMap({"unit": unit, "counting": counting}),
    )


def sourced_rate(
    history: AnyHistory,
    *,
    as_of: datetime | None = None,
    period: Period | None = None,
    by: By = None,
    counting: Literal["captured", "registered"] = "captured",
    unit: Literal["leads", "pipeline", "revenue"] = "leads",
    rates: Rates | None = None,
    currency: str | None = None,
    confidence: float = 0.95,
) -> Share:
    """Leads that a partner sourced, out of all leads captured.

    A partner sourced a lead when its registration or referral was recorded strictly before anyone
    else's first contact. Influenced leads never enter the numerator.

    Args:
        history: Events, lifecycles, or another engine's history.
        as_of: The moment; needed with events. [aware datetime]
        period: Period of the counting date; for revenue, of the win; pipeline takes none.
        by: Key or keys to segment by.
        counting: The one counting date of a lead: its capture, or its first registration where it
            has one.
        unit: Shares of leads, of the expected value of open leads, or of the final value of wins.
        rates: Rates to convert money with; a function of (from, to, day).
        currency: Currency to convert money to.
        confidence: Confidence of the interval; shares of money have none. [0..1]

    Returns:
        The rate; undefined where there is no lead, and in money also where a part is negative or
        currencies differ. [0..1]

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-01 L1 registered by acme
    ...     2026-01-02 L1 captured
    ...     2026-01-02 L2 captured
    ...     2026-01-04 L2 influenced by acme
    ... ''')
    >>> sourced_rate(events, as_of=at("2026-02-01")).value
    0.5
    """
    return figure(
        Share,
        history,
        _measure("sourced_rate", SOURCED, counting, unit),
        as_of=as_of,
        period=period,
        by=by,
        rates=rates,
        currency=currency,
        confidence=confidence,
    )


def influenced_rate(
    history: AnyHistory,
    *,
    as_of: datetime | None = None,
    period: Period | None = None,
    by: By = None,
    counting: Literal["captured", "registered"] = "captured",
    unit: Literal["leads", "pipeline", "revenue"] = "leads",
    rates: Rates | None = None,
    currency: str | None = None,
    confidence: float = 0.95,
) -> Share:
    """Leads that a partner influenced and none sourced, out of all leads captured.

    Args:
        history: Events, lifecycles, or another engine's history.
        as_of: The moment; needed with events. [aware datetime]
        period: Period of the counting date; for revenue, of the win; pipeline takes none.
        by: Key or keys to segment by.
        counting: The one counting date of a lead: its capture, or its first registration where it
            has one.
        unit: Shares of leads, of the expected value of open leads, or of the final value of wins.
        rates: Rates to convert money with; a function of (from, to, day).
        currency: Currency to convert money to.
        confidence: Confidence of the interval; shares of money have none. [0..1]

    Returns:
        The rate; undefined as the sourced rate is. [0..1]

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 L1 captured
    ...     2026-01-04 L1 influenced by acme
    ... ''')
    >>> influenced_rate(events, as_of=at("2026-02-01")).value
    1.0
    """
    return figure(
        Share,
        history,
        _measure("influenced_rate", INFLUENCED, counting, unit),
        as_of=as_of,
        period=period,
        by=by,
        rates=rates,
        currency=currency,
        confidence=confidence,
    )


def involved_rate(
    history: AnyHistory,
    *,
    as_of: datetime | None = None,
    period: Period | None = None,
    by: By = None,
    counting: Literal["captured", "registered"] = "captured",
    unit: Literal["leads", "pipeline", "revenue"] = "leads",
    rates: Rates | None = None,
    currency: str | None = None,
    confidence: float = 0.95,
) -> Share:
    """Leads that a partner sourced or influenced, out of all leads captured.

    An umbrella, never to be called sourced.

    Args:
        history: Events, lifecycles, or another engine's history.
        as_of: The moment; needed with events. [aware datetime]
        period: Period of the counting date; for revenue, of the win; pipeline takes none.
        by: Key or keys to segment by.
        counting: The one counting date of a lead: its capture, or its first registration where it
            has one.
        unit: Shares of leads, of the expected value of open leads, or of the final value of wins.
        rates: Rates to convert money with; a function of (from, to, day).
        currency: Currency to convert money to.
        confidence: Confidence of the interval; shares of money have none. [0..1]

    Returns:
        The rate; undefined as the sourced rate is. [0..1]

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 L1 captured
    ...     2026-01-04 L1 influenced by acme
    ...     2026-01-02 L2 captured by acme
    ... ''')
    >>> involved_rate(events, as_of=at("2026-02-01")).value
    1.0
    """
    return figure(
        Share,
        history,
        _measure("involved_rate", INVOLVED, counting, unit),
        as_of=as_of,
        period=period,
        by=by,
        rates=rates,
        currency=currency,
        confidence=confidence,
    )
