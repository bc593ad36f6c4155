"""What several metrics share: windows, exposure, deals, sums of money, and points that fade.

A window ends at the moment, included, and begins *window* earlier, excluded. Exposure is the
shorter of window and tenure, in years of 365 days. Deals of which refunds took everything are no
deals. What the record says nothing about is None, not 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from decimal import localcontext
from math import fsum
from typing import ClassVar

from attrs import field, frozen

from partnerleads.errors import MixedCurrencyError
from partnerleads.events import PartnerEvent
from partnerleads.model import Money
from partnerleads.model.money import EXACT
from partnerleads.model.numbers import in_range, span
from partnerleads.model.options import one_of
from partnerleads.plv.record import CREDITS, Credit, PartnerLead, PartnerRecord

__all__ = ["YEAR", "Fading", "OfDeals", "Windowed", "sum_of"]

YEAR = timedelta(days=365)
"""The year of all yearly rates, and the default window."""


@frozen(kw_only=True)
class Windowed:
    """Looks back over a window that ends at the moment.

    Attributes:
        window: How far back. [timedelta, > 0]
    """

    window: timedelta = field(default=YEAR, validator=span)

    def inside(self, at: datetime | None, as_of: datetime) -> bool:
        """Whether a moment lies in the window that ends at *as_of*."""
        return at is not None and as_of - self.window < at <= as_of

    def exposure(self, record: PartnerRecord, as_of: datetime) -> float | None:
        """The shorter of window and tenure; None before the first event. [years]"""
        since = record.since
        if since is None or since > as_of:
            return None
        return min(self.window, as_of - since) / YEAR


@frozen(kw_only=True)
class OfDeals(Windowed):
    """Looks at the deals of a window.

    Attributes:
        credit: Whose deals count.
    """

    credit: Credit = field(default="sourced", validator=one_of(*CREDITS))

    def deals(self, record: PartnerRecord, as_of: datetime) -> Iterator[PartnerLead]:
        """The deals won in the window that stand."""
        return (one for one in self.won(record, as_of) if not one.paid_back)

    def won(self, record: PartnerRecord, as_of: datetime) -> Iterator[PartnerLead]:
        """The wins of the window, also those that were paid back."""
        for lead in record.credited(self.credit):
            if lead.status == "won" and self.inside(lead.closed_at, as_of):
                yield lead


def sum_of(money: list[Money], beside: Sequence[Money] = ()) -> float:
    """The sum of amounts, all of one currency, as are those that they stand beside."""
    currencies = sorted({one.currency for one in (*money, *beside)})
    if len(currencies) > 1:
        raise MixedCurrencyError(tuple(currencies))
    with localcontext(EXACT):
        return float(sum(one.amount for one in money))


@frozen(kw_only=True)
class Fading:
    """Counts points that lose half of their worth in every half-life.

    Attributes:
        half_life: Time in which half is lost. [timedelta, > 0]
        each: Points of an event on its day. [points, >= 0]
        cap: Most points in all. [points, >= 0]
    """

    half_life: timedelta = field(default=timedelta(days=180), validator=span)
    each: float = field(default=1.0, validator=in_range(0))
    cap: float = field(default=10.0, validator=in_range(0))
    unit: ClassVar[str] = "points"

    def faded(
        self, record: PartnerRecord, as_of: datetime, events: Iterable[PartnerEvent]
    ) -> float | None:
        """The points of events that fade with age; None before the partner's first event."""
        if record.since is None or record.since > as_of:
            return None
        ages = [as_of - event.occurred_at for event in events if event.occurred_at <= as_of]
        points = fsum(self.each * 2.0 ** -(age / self.half_life) for age in ages)
        return min(points, self.cap)
