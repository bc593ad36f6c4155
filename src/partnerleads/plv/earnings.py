"""What one partner brought and cost so far, as its lifetime value reads it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import tzinfo
from fractions import Fraction
from typing import Literal, TypeAlias

from attrs import frozen

from partnerleads.errors import MixedCurrencyError
from partnerleads.kpis.measuring.sums import converted
from partnerleads.kpis.measuring.tally import Question, Rates
from partnerleads.lifecycle import Lifecycles
from partnerleads.model import UTC, Money, PartnerId, local_date
from partnerleads.plv.lifetime.watching import Span, place_of
from partnerleads.plv.record import Credit, PartnerLead, PartnerRecord, records_of

__all__ = ["Basis", "Earnings", "Rules", "earnings_of", "one_currency", "stated"]

Basis: TypeAlias = Literal["margin", "revenue"]
"""Which money of a win counts."""


@frozen(kw_only=True)
class Rules:
    """What counts as earned, and as one transaction.

    Attributes:
        basis: Margin, or revenue.
        credit: Whose wins count.
        costs: Kinds of cost that count; None counts all.
        span: Stretch of the calendar that makes one transaction.
        zone: Zone of the calendar.
        rates: Rates to convert with.
        currency: Currency to convert to; None converts nothing.
    """

    basis: Basis
    credit: Credit
    costs: Collection[str] | None
    span: Span
    zone: tzinfo
    rates: Rates | None
    currency: str | None


@frozen(kw_only=True)
class Earnings:
    """What one partner brought and cost so far.

    Attributes:
        record: All that is known of the partner.
        wins: Its standing wins, also those that were paid back.
        transactions: Numbers of the stretches with a win that was not paid back, with what is
            stated of their money.
        won: Stated money of the wins less refunds.
        spent: Costs.
        invented: Wins with an invented calendar, which are in no transaction. [count]
        problems: Problems of the history in the leads won. [count]
    """

    record: PartnerRecord
    wins: tuple[PartnerLead, ...]
    transactions: Mapping[int, tuple[Money, ...]]
    won: tuple[Money, ...]
    spent: tuple[Money, ...]
    invented: int
    problems: int

    @property
    def amounts(self) -> list[Fraction]:
        """The money of each transaction that states any, in order of time. [money]"""
        return [
            sum((Fraction(one.amount) for one in self.transactions[place]), Fraction(0))
            for place in sorted(self.transactions)
            if self.transactions[place]
        ]

    @property
    def without_amount(self) -> int:
        """Wins that state no margin, or no value. [count]"""
        return len(self.wins) - len(self.won)


def earnings_of(lives: Lifecycles, rules: Rules) -> dict[PartnerId, Earnings]:
    """What each partner brought and cost, by id.

    Args:
        lives: The lifecycles.
        rules: What counts.

    Raises:
        OptionError: When a rate is needed and there is none.
    """
    records = records_of(lives, currency=rules.currency, rates=rules.rates)
    return {name: _earned(record, lives, rules) for name, record in records.items()}


def _earned(record: PartnerRecord, lives: Lifecycles, rules: Rules) -> Earnings:
    wins = tuple(lead for lead in record.credited(rules.credit) if lead.status == "won")
    transactions: dict[int, list[Money]] = defaultdict(list)
    invented = 0
    for lead in wins:
        won = lives[lead.lead_id].won
        if lead.paid_back or won is None:
            continue
        if won.precision == "relative":
            invented += 1
            continue
        place = place_of(local_date(won.occurred_at, rules.zone), rules.span)
        transactions[place] += stated(lead, rules.basis)
    return Earnings(
        record=record,
        wins=wins,
        transactions={place: tuple(money) for place, money in transactions.items()},
        won=tuple(money for lead in wins for money in stated(lead, rules.basis)),
        spent=tuple(_spent(record, rules)),
        invented=invented,
        problems=sum(lives.troubled.get(lead.lead_id, 0) for lead in wins),
    )


def stated(lead: PartnerLead, basis: Basis) -> tuple[Money, ...]:
    """The money of a win by which it is counted; none where it states none."""
    money = lead.margin if basis == "margin" else lead.value
    return () if money is None else (money,)


def _spent(record: PartnerRecord, rules: Rules) -> Iterator[Money]:
    question = Question(period=None, by=(), zone=UTC, rates=rules.rates, currency=rules.currency)
    for cost in record.costs:
        if rules.costs is None or cost.kind in rules.costs:
            day = local_date(cost.occurred_at, UTC)
            name, amount = converted(cost.cost.currency, cost.cost.amount, question, day)
            yield Money.rounded(amount, name)


def one_currency(money: Iterable[Money], asked: str | None) -> str | None:
    """The currency of all amounts; None where there are none, and none is asked for.

    Args:
        money: The amounts.
        asked: The currency that the caller asked for.

    Raises:
        MixedCurrencyError: When there are several.
    """
    found = {one.currency for one in money} | ({asked} if asked else set())
    if len(found) > 1:
        raise MixedCurrencyError(tuple(sorted(found)))
    return next(iter(found), None)


def added(money: Iterable[Money], currency: str) -> Money:
    """The sum of amounts of one currency."""
    return sum(money, Money(0, currency))
