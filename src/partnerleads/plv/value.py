"""Lifetime value: what each partner brought, and what it is expected to bring."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta

from partnerleads.errors import OptionError
from partnerleads.kpis.measuring.figures import AnyHistory
from partnerleads.kpis.measuring.tally import Rates
from partnerleads.model import FrozenMap, PartnerId, zone
from partnerleads.model.options import check_choice
from partnerleads.plv.earnings import Basis, Rules, earnings_of
from partnerleads.plv.lifetime.bg_bb import BgBb
from partnerleads.plv.lifetime.credible_mean import CredibleMean
from partnerleads.plv.lifetime.discounting import Compounding, force_of_interest
from partnerleads.plv.lifetime.gamma_gamma import GammaGamma
from partnerleads.plv.lifetime.gamma_poisson import GammaPoisson
from partnerleads.plv.lifetime.watching import DAYS, Span, UnitOfTime
from partnerleads.plv.record import CREDITS, Credit
from partnerleads.plv.scoring import lives_of
from partnerleads.plv.value_result import LifetimeValue
from partnerleads.plv.valuing import Terms, TransactionModel, common_of, value_of
from partnerleads.stats.confidence import one_tail

__all__ = ["DEFAULT_VALUE_MODEL", "lifetime_value"]

DEFAULT_VALUE_MODEL = GammaPoisson(r=1.0, alpha=180.0, a=0.5, b=4.5)
"""In days: before anything is seen, a repeat in 180 days, and after each transaction one chance in
ten to leave, both believed about as much as one and five observations."""

_TWO_YEARS = relativedelta(years=2)
_CREDIBLE_MEAN = CredibleMean()
_SPANS = tuple(name for name in DAYS if name != "year")
_BASES = ("margin", "revenue")


def lifetime_value(
    history: AnyHistory,
    *,
    as_of: datetime | None = None,
    horizon: relativedelta | timedelta = _TWO_YEARS,
    annual_rate: float = 0.1,
    compounding: Compounding = "yearly",
    basis: Basis = "margin",
    credit: Credit = "sourced",
    costs: Collection[str] | None = None,
    model: TransactionModel = DEFAULT_VALUE_MODEL,
    unit: UnitOfTime = "day",
    amounts: CredibleMean | GammaGamma = _CREDIBLE_MEAN,
    transaction: Span = "day",
    tz: str = "UTC",
    rates: Rates | None = None,
    currency: str | None = None,
    confidence: float = 0.95,
) -> FrozenMap[PartnerId, LifetimeValue]:
    """The money that each partner brought less its costs, and is expected to bring.

    The historic value is what its wins brought less refunds and less the costs that name it. The
    residual value is the expected amount of a transaction, times the transactions expected within
    the horizon, each discounted to the moment. A transaction is a day, or another stretch of the
    calendar, with at least one win that was not paid back in full.

    Args:
        history: Events, or the lifecycles made of them.
        as_of: The moment; needed with events. [aware datetime]
        horizon: How far to look ahead, such as ``relativedelta(years=2)``. [>= 0]
        annual_rate: Stated interest of a year of 365 days. [> -1]
        compounding: How often a year it is added.
        basis: Count margins, or revenue. A refund takes the same part of the margin as of the
            value.
        credit: Wins that the partner sourced, or those in which it had any role; by the second
            one win can be that of several partners, so values must not be added up.
        costs: Kinds of cost that count; None counts all that name the partner. The programme's
            own costs are nobody's.
        model: What tells transactions to come, with parameters that are given or fitted before.
        unit: What the model's time is in; for BG/BB the stretch that makes a transaction.
        amounts: What tells the amount of a transaction; Gamma-Gamma takes those above 0 alone.
        transaction: Stretch of the calendar within which all wins are one transaction.
        tz: Zone of that calendar.
        rates: Rates to convert with, of the day of the win or the cost; a function of (from, to,
            day).
        currency: Currency to convert to; needs *rates* where another one occurs.
        confidence: Of the interval. [0..1, exclusive]

    Returns:
        The value of every partner that any event names in a role, by id.

    Raises:
        AsOfError: When *as_of* is missing with events, or differs from the history's own.
        OptionError: When an option is none, a rate is needed and there is none, an engine keeps
            no lifecycles, or amounts up to 0 meet Gamma-Gamma.
        MixedCurrencyError: When amounts are in several currencies.
        PeriodError: When *tz* is no time zone.

    Source:
        DOMAIN 5; models as named in their own pages.

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2025-01-10 L1 captured by acme
    ...     2025-02-01 L1 won 9000 EUR margin=3000 EUR
    ...     2025-05-02 L2 captured by acme
    ...     2025-06-01 L2 won 6000 EUR margin=2000 EUR
    ...     2025-06-30 acme cost portal 500 EUR
    ... ''')
    >>> value = lifetime_value(events, as_of=at("2025-12-31"))["acme"]
    >>> print(value.historic, value.residual, value.value, sep=", ")
    EUR 4 500.00, EUR 5 117.59, EUR 9 617.59
    """
    check_choice("basis", basis, _BASES)
    check_choice("credit", credit, CREDITS)
    check_choice("transaction", transaction, _SPANS)
    if not isinstance(amounts, CredibleMean | GammaGamma):
        raise OptionError("amounts", amounts, "pass CredibleMean() or GammaGamma(...)")
    if isinstance(costs, str):
        raise OptionError("costs", costs, f"is one text; pass kinds of cost, such as [{costs!r}]")
    one_tail(confidence)
    lives = lives_of(history, as_of=as_of)
    end = _horizon_end(lives.as_of, horizon)
    options = {
        "horizon": end.isoformat(),
        "annual_rate": f"{annual_rate} {compounding}",
        "basis": basis,
        "credit": credit,
        "costs": "all" if costs is None else ", ".join(sorted(costs)),
        "model": f"{model} in units of a {unit}",
        "amounts": str(amounts),
        "transaction": f"{transaction} {tz}",
        "confidence": str(confidence),
        "policy": lives.policy.fingerprint,
    }
    terms = Terms(
        model=_checked(model, unit, transaction),
        amounts=amounts,
        unit=unit,
        days=(end - lives.as_of) / timedelta(days=1),
        force=force_of_interest(annual_rate, compounding),
        confidence=confidence,
        definition=FrozenMap(options),
    )
    rules = Rules(
        basis=basis,
        credit=credit,
        costs=costs,
        span=transaction,
        zone=zone(tz),
        rates=rates,
        currency=currency,
    )
    earned = earnings_of(lives, rules)
    common = common_of(earned.values(), terms, currency)
    return FrozenMap(
        {name: value_of(one, lives, rules, terms, common) for name, one in earned.items()}
    )


def _horizon_end(as_of: datetime, horizon: relativedelta | timedelta) -> datetime:
    if not isinstance(horizon, relativedelta | timedelta):
        raise OptionError("horizon", horizon, "pass a span, such as relativedelta(years=2)")
    try:
        end = as_of + horizon
    except (OverflowError, ValueError):
        raise OptionError("horizon", horizon, "leaves the calendar") from None
    if end < as_of:
        raise OptionError("horizon", horizon, "must not be negative")
    return end


def _checked(model: TransactionModel, unit: UnitOfTime, transaction: Span) -> TransactionModel:
    check_choice("unit", unit, DAYS)
    if not isinstance(model, TransactionModel):
        raise OptionError("model", model, "pass one such as MbgNbd(...); a fit has it as .model")
    if model is DEFAULT_VALUE_MODEL and unit != "day":
        raise OptionError("unit", unit, "the default model is in days; pass a model in that unit")
    if isinstance(model, BgBb) and unit != transaction:
        reason = f"BG/BB counts occasions, so it must be that of a transaction, {transaction!r}"
        raise OptionError("unit", unit, reason)
    return model
