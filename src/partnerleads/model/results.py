"""The results of measures: shares, durations, totals, counts and sets."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from attrs import field, frozen

from partnerleads.errors import MixedCurrencyError
from partnerleads.model.figure import Figure, number, so_many, states
from partnerleads.model.frozen_map import FrozenMap
from partnerleads.model.ids import LeadId
from partnerleads.model.money import Money

__all__ = ["Count", "Durations", "Regions", "Share", "Totals"]


@frozen(kw_only=True, repr=False)
class Share(Figure):
    """How large a part of a population has a property.

    Attributes:
        value: ``hits / of``; None where undefined. [0..1]
        hits: The part: a count of leads, or an amount of money.
        of: The whole, in the same unit.
        unit: ``leads``, ``offers`` and the like for counts; a currency code for money.
        interval: Limits at the stated confidence; None for money and where undefined. [0..1 each]
        confidence: Confidence of the interval. [0..1]
    """

    value: float | None
    hits: int | Decimal
    of: int | Decimal
    unit: str = "leads"
    interval: tuple[float, float] | None = None
    confidence: float = 0.95

    def value_text(self) -> str:
        """The share in per cent."""
        return "undefined" if self.value is None else f"{100 * self.value:.1f} %"

    def basis_text(self) -> str:
        """Numerator, denominator and interval."""
        if isinstance(self.of, int):
            of = so_many(self.of, self.counted)
        else:
            of = f"{self.of} {self.unit}, {self.counted}"
        text = f"{self.hits} of {of}"
        if self.interval is not None:
            low, high = (100 * limit for limit in self.interval)
            text += f"; {100 * self.confidence:g} % {low:.1f}-{high:.1f} %"
        return text if self.undefined_because is None else f"{text}; {self.undefined_because}"

    def columns(self) -> dict[str, object]:
        """Value, numerator, denominator and limits."""
        low, high = self.interval or (None, None)
        return {
            "value": self.value,
            "hits": self.hits,
            "of": self.of,
            "unit": self.unit,
            "low": low,
            "high": high,
        }


@frozen(kw_only=True, repr=False)
class Durations(Figure):
    """How long something took.

    Attributes:
        median: Half took no longer; None where undefined. [unit]
        p90: Nine in ten took no longer; None where undefined. [unit]
        mean: Their mean; None where undefined. [unit]
        unit: ``hours`` or ``days``.
        censored: Open, and not there yet. [count]
        closed_without: Closed, and never got there. [count]
    """

    median: float | None
    p90: float | None
    mean: float | None
    unit: str
    censored: int
    closed_without: int

    def value_text(self) -> str:
        """Median and p90."""
        if self.median is None or self.p90 is None:
            return "undefined"
        return f"median {number(self.median)}, p90 {number(self.p90)} {self.unit}"

    def basis_text(self) -> str:
        """How many were measured, and how many could not be yet."""
        text = so_many(self.n, self.counted)
        if self.censored:
            text += f"; {self.censored} open without it"
        if self.closed_without:
            text += f"; {self.closed_without} closed without it"
        return text if self.undefined_because is None else f"{text}; {self.undefined_because}"

    def columns(self) -> dict[str, object]:
        """Median, p90, mean and the counts of those without a duration."""
        return {
            "median": self.median,
            "p90": self.p90,
            "mean": self.mean,
            "unit": self.unit,
            "censored": self.censored,
            "closed_without": self.closed_without,
        }


def _none() -> FrozenMap[str, Money]:
    return FrozenMap()


@frozen(kw_only=True, repr=False)
class Totals(Figure):
    """Sums of money, apart by currency.

    Attributes:
        by_currency: The sum in each currency.
        without_value: Members of the population that state no amount. [count]
    """

    by_currency: FrozenMap[str, Money] = field(factory=_none)
    without_value: int = 0

    @property
    def amounts(self) -> Mapping[str, float]:
        """What is added up, by its unit; of money, by currency."""
        return {currency: float(money.amount) for currency, money in self.by_currency.items()}

    @property
    def total(self) -> Money | None:
        """The one sum; None where nothing states an amount.

        Raises:
            MixedCurrencyError: When there are several currencies.
        """
        if len(self.by_currency) > 1:
            raise MixedCurrencyError(tuple(sorted(self.by_currency)))
        return next(iter(self.by_currency.values()), None)

    def value_text(self) -> str:
        """The sums, by currency."""
        sums = ", ".join(str(self.by_currency[currency]) for currency in sorted(self.by_currency))
        return sums or "undefined"

    def basis_text(self) -> str:
        """How many leads, and how many of them state no amount."""
        text = so_many(self.n, self.counted)
        if self.without_value:
            text += f"; {states(self.without_value)} no value"
        return text

    def columns(self) -> dict[str, object]:
        """The amount where there is one currency, and each currency's sum as text."""
        single = self.by_currency if len(self.by_currency) == 1 else {}
        return {
            "amount": next((money.amount for money in single.values()), None),
            "currency": next(iter(single), None),
            "amounts": self.value_text(),
            "without_value": self.without_value,
        }


@frozen(kw_only=True, repr=False)
class Count(Figure):
    """How many.

    Attributes:
        value: The number. [count]
        listed: The members worth a look, by id.
        listed_as: Why they are listed; empty where none is asked for.
    """

    value: int
    listed: tuple[LeadId, ...] = ()
    listed_as: str = ""

    def value_text(self) -> str:
        """The number."""
        return str(self.value)

    def basis_text(self) -> str:
        """What was counted, and how many of them are worth a look."""
        return self.counted + (f"; {len(self.listed)} {self.listed_as}" if self.listed_as else "")

    def columns(self) -> dict[str, object]:
        """The number, and how many are listed."""
        return {"value": self.value, "listed": len(self.listed)}


@frozen(kw_only=True, repr=False)
class Regions(Figure):
    """A set of places, with how many leads each rests on.

    Attributes:
        value: The places, in alphabetical order.
        leads: Leads of each place. [counts]
    """

    value: tuple[str, ...]
    leads: FrozenMap[str, int]

    def value_text(self) -> str:
        """The places and their number."""
        return f"{', '.join(self.value)} ({len(self.value)})" if self.value else "none (0)"

    def columns(self) -> dict[str, object]:
        """The places as text, and their number."""
        return {"value": len(self.value), "places": ", ".join(self.value)}
