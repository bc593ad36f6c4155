"""What is measured of a partner's deals; each metric is data, and a pure function of the record."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from attrs import field, frozen

from partnerleads.model.numbers import finite, in_range, wait
from partnerleads.plv.record import PartnerRecord
from partnerleads.plv.windows import OfDeals, Windowed, sum_of
from partnerleads.stats.credibility import credible_mean, credible_share, gamma_poisson_rate

__all__ = [
    "Conversion",
    "DealFrequency",
    "Deals",
    "DealSize",
    "Margin",
    "ProgressConversion",
    "Revenue",
]


@frozen(kw_only=True)
class Revenue(OfDeals):
    """Value of the wins of the window, less the refunds known by the moment.

    0 without a win; None where there are wins and none states a value. May be negative where
    refunds go beyond the values.

    Attributes:
        window: How far back a win counts. [timedelta, > 0]
        credit: Whose wins count.
    """

    kind: ClassVar[str] = "revenue"
    unit: ClassVar[str] = "money"

    def value(self, record: PartnerRecord, as_of: datetime, /) -> float | None:
        """The metric of one partner. [currency units]"""
        won = list(self.won(record, as_of))
        values = [lead.value for lead in won if lead.value is not None]
        if self.exposure(record, as_of) is None or (won and not values):
            return None
        return sum_of(values)


@frozen(kw_only=True)
class Deals(OfDeals):
    """Deals of the window, counted; None before the partner's first event.

    Attributes:
        window: How far back a deal counts. [timedelta, > 0]
        credit: Whose deals count.
    """

    kind: ClassVar[str] = "deals"
    unit: ClassVar[str] = "deals"

    def value(self, record: PartnerRecord, as_of: datetime, /) -> float | None:
        """The metric of one partner. [count]"""
        if self.exposure(record, as_of) is None:
            return None
        return float(sum(1 for _ in self.deals(record, as_of)))


@frozen(kw_only=True)
class DealFrequency(OfDeals):
    """Deals a year, drawn towards a prior: (deals + k) / (exposure + theta).

    None before the partner's first event. With k = theta = 0 it is the raw rate.

    Attributes:
        window: How far back a deal counts. [timedelta, > 0]
        credit: Whose deals count.
        k: Deals that the prior weighs. [deals, >= 0]
        theta: Exposure that the prior weighs; k / theta is the rate of a partner of which nothing
            is known. [years, >= 0]
    """

    k: float = field(default=1.0, validator=in_range(0))
    theta: float = field(default=0.5, validator=in_range(0))
    kind: ClassVar[str] = "deal_frequency"
    unit: ClassVar[str] = "deals a year"

    def value(self, record: PartnerRecord, as_of: datetime, /) -> float | None:
        """The metric of one partner. [deals / year]"""
        exposure = self.exposure(record, as_of)
        deals = sum(1 for _ in self.deals(record, as_of))
        if exposure is None:
            return None
        return gamma_poisson_rate(deals, exposure, k=self.k, theta=self.theta)


@frozen(kw_only=True)
class Conversion(OfDeals):
    """Share of decided leads that were won: (won + a) / (won + lost + a + b).

    The leads are those captured in a window that ended one sales cycle ago, so that slow leads
    had their time; disqualified and open ones decide nothing. None where none was decided.

    Attributes:
        window: Length of the time in which the leads were captured. [timedelta, > 0]
        credit: Whose leads count.
        cycle: The sales cycle that every lead has had. [timedelta, >= 0]
        a: Wins that the prior weighs. [leads, >= 0]
        b: Losses that the prior weighs. [leads, >= 0]
    """

    cycle: timedelta = field(default=timedelta(days=90), validator=wait)
    a: float = field(default=1.0, validator=in_range(0))
    b: float = field(default=3.0, validator=in_range(0))
    kind: ClassVar[str] = "conversion"
    unit: ClassVar[str] = "share"

    def value(self, record: PartnerRecord, as_of: datetime, /) -> float | None:
        """The metric of one partner. [0..1]"""
        until = as_of - self.cycle
        ends = [one.status for one in record.credited(self.credit)
                if self.inside(one.captured_at, until)]  # fmt: skip
        won, lost = ends.count("won"), ends.count("lost")
        return credible_share(won, won + lost, a=self.a, b=self.b) if won + lost else None


@frozen(kw_only=True)
class ProgressConversion(Windowed):
    """Share of the leads that the partner accepted which then progressed or were won with it.

    Its prior is that of :class:`Conversion`. None where it accepted none.

    Attributes:
        window: Length of the time in which the leads were accepted. [timedelta, > 0]
        cycle: How long every lead has had since. [timedelta, >= 0]
        a: Conversions that the prior weighs. [leads, >= 0]
        b: Others that the prior weighs. [leads, >= 0]
    """

    cycle: timedelta = field(default=timedelta(days=14), validator=wait)
    a: float = field(default=1.0, validator=in_range(0))
    b: float = field(default=1.0, validator=in_range(0))
    kind: ClassVar[str] = "progress_conversion"
    unit: ClassVar[str] = "share"

    def value(self, record: PartnerRecord, as_of: datetime, /) -> float | None:
        """The metric of one partner. [0..1]"""
        until = as_of - self.cycle
        taken = [one for one in record.leads if self.inside(one.accepted_at, until)]
        done = sum(one.converted_at is not None for one in taken)
        return credible_share(done, len(taken), a=self.a, b=self.b) if taken else None


@frozen(kw_only=True)
class DealSize(OfDeals):
    """Mean value of a deal, drawn towards a collective one: z mean + (1 - z) collective.

    z = n / (n + K) for n deals that state a value. None without such a deal.

    Attributes:
        window: How far back a deal counts. [timedelta, > 0]
        credit: Whose deals count.
        collective: The mean of deals in general. [currency units]
        strength: K, the number of deals at which own experience and the collective weigh alike; 0
            takes the plain mean. [deals, >= 0]
    """

    collective: float = field(default=0.0, validator=finite)
    strength: float = field(default=0.0, validator=in_range(0))
    kind: ClassVar[str] = "deal_size"
    unit: ClassVar[str] = "money a deal"

    def value(self, record: PartnerRecord, as_of: datetime, /) -> float | None:
        """The metric of one partner. [currency units]"""
        values = [one.value for one in self.deals(record, as_of) if one.value is not None]
        if not values:
            return None
        mean = sum_of(values) / len(values)
        return credible_mean(mean, len(values), collective=self.collective, strength=self.strength)


@frozen(kw_only=True)
class Margin(OfDeals):
    """Sum of margins / sum of values, over the wins of the window that state both.

    None where these values add up to nothing or less. May be negative.

    Attributes:
        window: How far back a win counts. [timedelta, > 0]
        credit: Whose wins count.
    """

    kind: ClassVar[str] = "margin"
    unit: ClassVar[str] = "share of revenue"

    def value(self, record: PartnerRecord, as_of: datetime, /) -> float | None:
        """The metric of one partner. [ratio, <= 1 unless margins exceed values]"""
        margins, values = [], []
        for one in self.won(record, as_of):
            if one.margin is not None and one.value is not None:
                margins.append(one.margin)
                values.append(one.value)
        revenue = sum_of(values)
        return sum_of(margins, values) / revenue if revenue > 0 else None
