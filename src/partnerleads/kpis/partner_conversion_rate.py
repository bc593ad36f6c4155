"""Partner conversion rate: accepted leads that were worked or won."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from partnerleads.kpis.measuring.conditions import IN_PROGRESS, AllOf, AnyOf, Condition, Has, Within
from partnerleads.kpis.measuring.figures import AnyHistory, By, figure
from partnerleads.kpis.measuring.measure import Measure, ShareOf, Unit
from partnerleads.model import FrozenMap, Period, Share
from partnerleads.model.options import check_choice, check_span

__all__ = ["partner_conversion_rate"]

_CREDIT: dict[str, tuple[Unit, str]] = {
    "holder": ("leads", "converting_acceptance"),
    "spell": ("spells", "accepted"),
}
_COUNT: dict[str, Condition] = {
    "ever": Has("converted"),
    "current": AllOf((Has("converted"), AnyOf((IN_PROGRESS, Has("won"))))),
}


def partner_conversion_rate(
    history: AnyHistory,
    *,
    as_of: datetime | None = None,
    period: Period | None = None,
    by: By = None,
    count: Literal["ever", "current"] = "ever",
    within: timedelta | None = None,
    credit: Literal["holder", "spell"] = "holder",
    tz: str = "UTC",
    confidence: float = 0.95,
) -> Share:
    """Accepted leads that progressed or were won at or after the first acceptance.

    Leads accepted by partners and by persons count alike.

    Args:
        history: Events, lifecycles, or another engine's history.
        as_of: The moment; needed with events. [aware datetime]
        period: Period of the acceptance; None is all time.
        by: Key or keys to segment by; by ``holder`` each lead falls to the one that held it when
            it converted, else that held it last.
        count: Leads that ever converted, or those that did and are in progress or won now.
        within: Only conversions at most so long after the acceptance; leads whose times are
            vague leave and are counted.
        credit: Count each lead once, or each recipient's own spell with it: a spell converts by
            what happens while its recipient holds the lead.
        tz: Zone in which dates are compared without a period; a period brings its own.
        confidence: Confidence of the interval. [0..1]

    Returns:
        The rate; undefined where nothing was accepted. [0..1]

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 L1 captured
    ...     2026-01-03 L1 accepted by acme
    ...     2026-01-05 L1 progressed by acme
    ...     2026-01-06 L1 lost
    ...     2026-01-02 L2 captured
    ...     2026-01-03 L2 accepted by acme
    ... ''')
    >>> partner_conversion_rate(events, as_of=at("2026-02-01")).value
    0.5
    >>> partner_conversion_rate(events, as_of=at("2026-02-01"), count="current").value
    0.0
    """
    check_choice("count", count, _COUNT)
    check_choice("credit", credit, _CREDIT)
    hit = _COUNT[count]
    check_span("within", within)
    if within is not None:
        hit = AllOf((hit, Within("accepted", "converted", within)))
    over, holder = _CREDIT[credit]
    measure = Measure(
        name="partner_conversion_rate",
        form=ShareOf(hit),
        counted="leads accepted" if credit == "holder" else "spells with a lead",
        anchor=("accepted",),
        over=over,
        holder=holder,
        options=FrozenMap(
            {
                "count": count,
                "within": "any time" if within is None else str(within),
                "credit": credit,
            }
        ),
    )
    return figure(
        Share, history, measure, as_of=as_of, period=period, by=by, tz=tz, confidence=confidence
    )
