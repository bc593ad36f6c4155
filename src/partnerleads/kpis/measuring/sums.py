"""The money of a population, added up, and parts of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, localcontext

from partnerleads.errors import OptionError
from partnerleads.kpis.measuring.conditions import EVERY, Condition
from partnerleads.kpis.measuring.measure import Measure, SumOf, SumShareOf
from partnerleads.kpis.measuring.members import Members
from partnerleads.kpis.measuring.tally import Question, Summed, SummedShare, Tally
from partnerleads.model import Money, local_date
from partnerleads.model.money import EXACT

__all__ = ["NO_AMOUNT", "UNCLEAR", "converted", "sum_of", "sum_share_of", "without_amount"]

UNCLEAR = "its refunds are in another currency"
NO_AMOUNT = "it has no amount"
_UNWEIGHED = "it states no "


def without_amount(left_out: Mapping[str, int]) -> int:
    """How many members are left out for what their amount lacks, and not from the population.

    Args:
        left_out: Members left out, by reason.
    """
    return sum(
        count for why, count in left_out.items() if why == UNCLEAR or why.startswith(_UNWEIGHED)
    )


def sum_of(form: SumOf, measure: Measure, question: Question, members: Members) -> Tally:
    """The money of a population by currency.

    Args:
        form: Which money.
        measure: The measure, whose anchor has the day to convert on.
        question: Zone and rates to convert with.
        members: The population.
    """
    numbers, left_out = _summed(form, measure, question, members)
    n = len(members) - numbers.without - sum(left_out.values())
    return Tally(n=n, numbers=numbers, left_out=left_out)


def sum_share_of(form: SumShareOf, measure: Measure, question: Question, members: Members) -> Tally:
    """The money of those that meet a condition, beside the whole and its parts.

    Args:
        form: Which money and condition.
        measure: The measure, whose anchor has the day to convert on.
        question: Zone and rates to convert with.
        members: The population.
    """
    plain = SumOf(form.amount, stated=form.stated)

    def added(condition: Condition) -> tuple[Summed, dict[str, int]]:
        return _summed(plain, measure, question, members.keep(condition, question.zone))

    whole, left_out = added(EVERY)
    parts = tuple(added(part)[0].sums for part in form.parts)
    numbers = SummedShare(added(form.hit)[0].sums, whole.sums, parts)
    n = len(members) - whole.without - sum(left_out.values())
    return Tally(n=n, numbers=numbers, left_out=left_out | {NO_AMOUNT: whole.without})


def _summed(
    form: SumOf, measure: Measure, question: Question, members: Members
) -> tuple[Summed, dict[str, int]]:
    """The sums, and members left out by reason."""
    absent = [amount is None for amount in members.column(form.amount)]
    without, unclear = absent.count(True), 0
    if form.stated and without:
        stated = members.where(absent).column(form.stated)
        unclear = sum(value is not None for value in stated)
    members = members.where([not one for one in absent])
    weights, unweighted = None, 0
    if form.weight:
        weighed = members.where([weight is not None for weight in members.column(form.weight)])
        weights, unweighted = weighed.column(form.weight), len(members) - len(weighed)
        members = weighed
    values = _values(members, form.amount, measure, question)
    if weights is not None:
        factors = [Decimal(repr(weight)) for weight in weights]
        values = [(c, EXACT.multiply(v, f)) for (c, v), f in zip(values, factors, strict=True)]
    left_out = {f"{_UNWEIGHED}{form.weight}": unweighted, UNCLEAR: unclear}
    return Summed(_added(values), without - unclear), left_out


def _values(
    members: Members, amount: str, measure: Measure, question: Question
) -> list[tuple[str, Decimal]]:
    """Currency and value of each member's amount, converted where a currency is asked for."""
    amounts: list[Money] = [*members.column(amount)]
    if question.currency is None:
        return [(money.currency, money.amount) for money in amounts]
    moments = [members.as_of] * len(members) if measure.is_stock else members.times(measure.anchor)
    return [
        converted(money.currency, money.amount, question, local_date(moment, question.zone))
        for money, moment in zip(amounts, moments, strict=True)
    ]


def converted(currency: str, value: Decimal, question: Question, day: date) -> tuple[str, Decimal]:
    """A value in the currency that is asked for, which may be its own.

    Args:
        currency: Currency of the value.
        value: The value.
        question: The currency and the rates.
        day: Day of the price.

    Raises:
        OptionError: When there are no rates, or no price of that day.
    """
    target = question.currency
    if target is None or currency == target:
        return currency, value
    if question.rates is None:
        reason = "needs rates, a function (from, to, day) that gives the price"
        raise OptionError("currency", target, reason)
    rate: object = question.rates(currency, target, day)
    if not isinstance(rate, Decimal | int) or not Decimal(rate).is_finite():
        pair = f"{currency} to {target} on {day}"
        raise OptionError("rates", rate, f"no price for {pair}; return a finite Decimal")
    return target, EXACT.multiply(value, Decimal(rate))


def _added(values: list[tuple[str, Decimal]]) -> dict[str, Decimal]:
    by_currency: dict[str, list[Decimal]] = defaultdict(list)
    for currency, value in values:
        by_currency[currency].append(value)
    with localcontext(EXACT):
        return {currency: sum(all_, Decimal(0)) for currency, all_ in by_currency.items()}
