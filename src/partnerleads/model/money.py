"""Money: an exact amount and its currency, never mixed.

Amounts are decimals no finer than the currency's smallest unit (ISO 4217: cents for EUR, none
for JPY, thousandths for KWD).
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation

from attrs import field, frozen

from partnerleads.errors import MixedCurrencyError, MoneyError
from partnerleads.showing import spaced

__all__ = ["EXACT", "MINOR_UNITS", "Money", "minor_units"]

_CODES = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF",
    2: """AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN
        BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP
        GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL
        MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK
        PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB
        TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG""",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}

MINOR_UNITS: dict[str, int] = {
    code: digits for digits, codes in _CODES.items() for code in codes.split()
}
"""Digits after the point of each ISO 4217 currency."""

_LARGEST = Decimal(10) ** 15

EXACT = Context(prec=1000, rounding=ROUND_HALF_EVEN)
"""Digits enough to add, weigh and convert money without rounding, whatever the caller's context."""


def minor_units(currency: str) -> int:
    """Digits after the point in a currency.

    >>> minor_units("JPY"), minor_units("EUR"), minor_units("KWD")
    (0, 2, 3)
    """
    try:
        return MINOR_UNITS[currency]
    except (KeyError, TypeError):
        reason = "is no ISO 4217 currency code; write three capitals such as 'EUR'"
        raise MoneyError(str(currency), reason) from None


def _amount(value: Decimal | int | str) -> Decimal:
    if isinstance(value, float | bool):
        raise MoneyError(repr(value), 'is not exact; write money as text: "12.50"')
    if isinstance(value, str) and "_" in value:
        raise MoneyError(value, "is no amount; write digits such as '1200.50'")
    try:
        amount = Decimal(value)
    except (InvalidOperation, TypeError, ValueError):
        raise MoneyError(str(value), "is no amount; write digits such as '1200.50'") from None
    if not amount.is_finite():
        raise MoneyError(str(value), "is not finite")
    if abs(amount) >= _LARGEST:
        raise MoneyError(str(value)[:40], "is beyond 10^15; check the unit")
    return amount


def _is_finer(amount: Decimal, digits: int) -> bool:
    _, coefficient, exponent = amount.as_tuple()
    extra = -int(exponent) - digits
    return extra > 0 and any(coefficient[-extra:])


def _in_units(amount: Decimal, currency: str) -> Decimal:
    """The amount with just the digits of its currency, and no minus before a zero."""
    unit = Decimal((0, (1,), -minor_units(currency)))
    try:
        settled = EXACT.quantize(amount, unit)
    except InvalidOperation:
        raise MoneyError(str(amount)[:40], "is no amount; check the unit") from None
    return settled or settled.copy_abs()


def _exactly(amount: Decimal, currency: str) -> Decimal:
    digits = minor_units(currency)
    if _is_finer(amount, digits):
        reason = f"is finer than the smallest unit of {currency} ({digits} digits)"
        raise MoneyError(str(amount), reason)
    return _in_units(amount, currency)


@frozen(order=False, weakref_slot=False)
class Money:
    """An exact amount in one currency.

    Attributes:
        amount: The amount; text and integers are taken, floats are refused. Stated amounts stay
            below 10^15 either way; results of arithmetic may leave that range. [currency unit]
        currency: ISO 4217 code.

    >>> Money("1200.50", "EUR") + Money("0.50", "EUR")
    Money('1201.00', 'EUR')
    >>> Money("1", "EUR") + Money("1", "USD")
    Traceback (most recent call last):
    ...
    partnerleads.errors.MixedCurrencyError: amounts in EUR, USD cannot be added or compared; ...
    """

    amount: Decimal = field(converter=_amount)
    currency: str

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "amount", _exactly(self.amount, self.currency))

    @classmethod
    def _result(cls, amount: Decimal, currency: str) -> Money:
        """Money from the result of arithmetic, which no bound of stated amounts holds for."""
        money = object.__new__(cls)
        object.__setattr__(money, "amount", amount)
        object.__setattr__(money, "currency", currency)
        return money

    @classmethod
    def parse(cls, text: str) -> Money:
        """Read ``"8000 EUR"``.

        >>> Money.parse("8000 EUR")
        Money('8000.00', 'EUR')
        """
        amount, _, currency = text.strip().partition(" ")
        return cls(amount, currency.strip())

    @classmethod
    def from_minor(cls, units: int, currency: str) -> Money:
        """Money from an integer of smallest units.

        >>> Money.from_minor(1250, "EUR")
        Money('12.50', 'EUR')
        """
        digits = minor_units(currency)
        return cls._result(_exactly(EXACT.scaleb(Decimal(units), -digits), currency), currency)

    @classmethod
    def rounded(cls, amount: Decimal, currency: str) -> Money:
        """Money from a finer amount, rounded half-even to the smallest unit.

        >>> Money.rounded(Decimal("2.345"), "EUR")
        Money('2.34', 'EUR')
        """
        return cls._result(_in_units(amount, currency), currency)

    @property
    def minor(self) -> int:
        """The amount in smallest units, such as cents. [integer]"""
        return int(EXACT.scaleb(self.amount, minor_units(self.currency)))

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise MixedCurrencyError(tuple(sorted({self.currency, other.currency})))

    def _worked_out(self, amount: Decimal) -> Money:
        return self._result(_exactly(amount, self.currency), self.currency)

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return self._worked_out(EXACT.add(self.amount, other.amount))

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return self._worked_out(EXACT.subtract(self.amount, other.amount))

    def __neg__(self) -> Money:
        return self._worked_out(EXACT.minus(self.amount))

    def __mul__(self, factor: int) -> Money:
        return self._worked_out(EXACT.multiply(self.amount, factor))

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.amount < other.amount

    def __le__(self, other: Money) -> bool:
        self._same(other)
        return self.amount <= other.amount

    def __repr__(self) -> str:
        return f"Money({str(self.amount)!r}, {self.currency!r})"

    def __str__(self) -> str:
        return f"{self.currency} {spaced(self.amount)}"
