"""From what one partner brought to what it is worth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from attrs import frozen

from partnerleads.lifecycle import Lifecycles
from partnerleads.model import Caution, FrozenMap, Money
from partnerleads.model.figure import counted
from partnerleads.model.money import EXACT
from partnerleads.plv.earnings import Basis, Earnings, Rules, added, one_currency, stated
from partnerleads.plv.lifetime.bg_bb import BgBb
from partnerleads.plv.lifetime.bg_nbd import BgNbd
from partnerleads.plv.lifetime.credible_mean import CredibleMean
from partnerleads.plv.lifetime.discounting import discounted, discounted_occasions
from partnerleads.plv.lifetime.gamma_gamma import GammaGamma
from partnerleads.plv.lifetime.gamma_poisson import GammaPoisson
from partnerleads.plv.lifetime.mbg_nbd import MbgNbd
from partnerleads.plv.lifetime.pareto_nbd import ParetoNbd
from partnerleads.plv.lifetime.transactions import Transactions
from partnerleads.plv.lifetime.watching import DAYS, UnitOfTime, watched
from partnerleads.plv.value_result import LifetimeValue

__all__ = ["Common", "Terms", "TransactionModel", "common_of", "value_of"]

TransactionModel: TypeAlias = GammaPoisson | MbgNbd | BgNbd | ParetoNbd | BgBb
"""What tells how many transactions are to come."""


@frozen(kw_only=True)
class Terms:
    """How the future is valued.

    Attributes:
        model: What tells transactions to come.
        amounts: What tells the amount of one.
        unit: What the model's time is in.
        days: How far to look ahead. [days]
        force: Continuous rate of interest. [1 / year]
        confidence: Of the interval. [0..1]
        definition: All options, name by name.
    """

    model: TransactionModel
    amounts: CredibleMean | GammaGamma
    unit: UnitOfTime
    days: float
    force: float
    confidence: float
    definition: FrozenMap[str, str]


@frozen
class Common:
    """What all partners share.

    Attributes:
        currency: The currency of all amounts; None where there are none.
        mean: Mean amount of a transaction of all, or a stated one. [money]
    """

    currency: str | None
    mean: Fraction | None


@frozen(kw_only=True)
class _Outlook:
    """Transactions to come."""

    alive: float
    expected: float
    discounted: float
    limits: tuple[float, float]


def common_of(earned: Iterable[Earnings], terms: Terms, currency: str | None) -> Common:
    """What all partners share.

    Args:
        earned: What each brought.
        terms: How the future is valued.
        currency: The currency that the caller asked for.

    Raises:
        MixedCurrencyError: When amounts are in several currencies.
    """
    everyone = list(earned)
    money = [one for each in everyone for one in (*each.won, *each.spent)]
    stated = terms.amounts.collective if isinstance(terms.amounts, CredibleMean) else None
    if stated is not None:
        return Common(one_currency([*money, stated], currency), Fraction(stated.amount))
    amounts = [amount for each in everyone for amount in each.amounts]
    mean = sum(amounts, Fraction(0)) / len(amounts) if amounts else None
    return Common(one_currency(money, currency), mean)


def value_of(
    earned: Earnings, lives: Lifecycles, rules: Rules, terms: Terms, common: Common
) -> LifetimeValue:
    """What one partner is worth.

    Args:
        earned: What it brought and cost.
        lives: The lifecycles.
        rules: What counted as earned.
        terms: How the future is valued.
        common: What all partners share.
    """
    partner = earned.record.partner
    seen = watched(
        earned.transactions,
        earned.record.since,
        as_of=lives.as_of,
        span=rules.span,
        unit=terms.unit,
        zone=rules.zone,
        finished=isinstance(terms.model, BgBb),
    )
    gone = partner.terminated_at is not None
    future = _NOTHING if gone else _outlook(terms, seen)
    amount = _amount(terms.amounts, earned.amounts, common)
    won, spent = _so_far(earned, common.currency)
    historic = None if won is None or spent is None else won - spent
    residual = None if amount is None else _times(amount, future.discounted)
    if gone and common.currency is not None:
        residual = Money(0, common.currency)
    value = interval = because = None
    if historic is None or residual is None:
        because = _why_undefined(earned, rules.basis, historic)
    else:
        value = historic + residual
        low, high = sorted(_times(residual, limit) for limit in future.limits)
        interval = (historic + low, historic + high)
    return LifetimeValue(
        name="lifetime_value",
        counted="wins",
        n=len(earned.wins),
        as_of=lives.as_of,
        known_at=lives.known_at,
        definition=terms.definition,
        problems=earned.problems,
        warnings=tuple(_cautions(earned, rules.basis)),
        undefined_because=because,
        partner_id=partner.partner_id,
        value=value,
        interval=interval,
        historic=historic,
        won=won,
        spent=spent,
        residual=residual,
        transactions=seen,
        alive_probability=future.alive,
        expected=future.expected,
        discounted=future.discounted,
        amount=amount,
        amounts=len(earned.amounts),
        horizon_days=terms.days,
        terminated_at=partner.terminated_at,
        without_amount=earned.without_amount,
    )


_NOTHING = _Outlook(alive=0.0, expected=0.0, discounted=0.0, limits=(1.0, 1.0))


def _outlook(terms: Terms, seen: Transactions) -> _Outlook:
    model, length = terms.model, DAYS[terms.unit]
    time, force = terms.days / length, terms.force * length / DAYS["year"]
    worth = discounted_occasions if isinstance(model, BgBb) else discounted
    return _Outlook(
        alive=model.alive_probability(seen),
        expected=model.further_transactions(seen, time),
        discounted=worth(lambda ahead: model.further_transactions(seen, ahead), time, force),
        limits=model.rate_limits(seen, confidence=terms.confidence),
    )


def _so_far(earned: Earnings, currency: str | None) -> tuple[Money | None, Money | None]:
    """What was won and what was spent."""
    if currency is None:
        return None, None
    won = None if earned.wins and not earned.won else added(earned.won, currency)
    return won, added(earned.spent, currency)


def _amount(
    model: CredibleMean | GammaGamma, amounts: list[Fraction], common: Common
) -> Money | None:
    """The amount of a transaction to come."""
    if isinstance(model, CredibleMean):
        amount = model.expected_amount(amounts, common.mean)
    else:
        mean = float(sum(amounts, Fraction(0)) / max(1, len(amounts)))
        amount = model.expected_amount(len(amounts), mean)
    if amount is None or common.currency is None:
        return None
    return Money.rounded(Decimal(amount), common.currency)


def _times(money: Money, factor: float) -> Money:
    return Money.rounded(EXACT.multiply(money.amount, Decimal(factor)), money.currency)


def _why_undefined(earned: Earnings, basis: Basis, historic: Money | None) -> str:
    if historic is not None:
        return "no amount is known to expect; state one by amounts=CredibleMean(collective=...)"
    if earned.wins and not earned.won:
        other = _OTHER_BASIS[basis]
        if any(stated(lead, other) for lead in earned.wins):
            return f"its wins state no {basis}; pass basis={other!r}"
        return "its wins state neither margin nor revenue"
    return "no amount tells a currency; pass one"


_OTHER_BASIS: dict[Basis, Basis] = {"margin": "revenue", "revenue": "margin"}


def _cautions(earned: Earnings, basis: Basis) -> Iterator[Caution]:
    if not earned.transactions:
        yield Caution(
            "no_win", "no standing win: rate and amount are the prior's and all partners'"
        )
    if earned.without_amount:
        wins = counted(earned.without_amount, "win")
        yield Caution(
            "without_amount", f"{wins} of unknown {basis}: counted, and worth nothing so far"
        )
    if earned.invented:
        wins = counted(earned.invented, "win")
        yield Caution(
            "relative_times", f"{wins} of an invented calendar: money, but no transaction"
        )
