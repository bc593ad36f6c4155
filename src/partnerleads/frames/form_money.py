"""Sums of money as columns to be added up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal, localcontext
from typing import Any

import narwhals.stable.v2 as nw

from partnerleads.frames.asked import Asked, Row, total
from partnerleads.frames.conditions import Reader
from partnerleads.frames.flags import NO, all_of, no
from partnerleads.kpis.measuring.conditions import EVERY, Condition
from partnerleads.kpis.measuring.measure import Measure, SumOf, SumShareOf
from partnerleads.kpis.measuring.sums import NO_AMOUNT, UNCLEAR, converted
from partnerleads.kpis.measuring.tally import Question, Summed, SummedShare, Tally
from partnerleads.model.money import EXACT, minor_units

__all__ = ["MoneyForms"]


class MoneyForms:
    """Sums of whole smallest units for each of some conditions.

    Each currency has sums of its own, so that figures can be asked for together; where amounts are
    weighed or converted, what decides that is grouped by instead.

    Args:
        measure: The measure, whose anchor has the day to convert on.
        question: Zone and rates to convert with.
        reader: Reads conditions.
        member: Whether a unit belongs to the population.
    """

    def __init__(self, measure: Measure, question: Question, reader: Reader, member: Any) -> None:
        self.measure, self.question = measure, question
        self.reader, self.member = reader, member
        self.currencies = reader.view.story.currencies

    def sum(self, form: SumOf) -> Asked:
        """What is worked out for a sum."""
        stated = ~self.reader.view.money(form.amount).units.is_null()
        counted, unweighted = stated, NO
        weights: dict[str, Any] = {}
        if form.weight:
            weight = self.reader.view.value(form.weight)
            counted = all_of(stated, ~weight.is_null())
            unweighted = all_of(stated, weight.is_null())
            weights["weight"] = nw.when(counted).then(weight)
        counts = {"unweighted": unweighted, "counted": counted}

        def read(rows: Sequence[Row]) -> Tally:
            left_out = {
                f"it states no {form.weight}": total(rows, "unweighted"),
                UNCLEAR: total(rows, "unclear"),
            }
            numbers = Summed(self._added(rows, ""), total(rows, "without"))
            return Tally(n=total(rows, "counted"), numbers=numbers, left_out=left_out)

        splits = self._splits(form, weights)
        there, units = self._units(form, {"": counted}, splits)
        return Asked(
            member=self.member,
            counts=counts | self._unstated(form, stated) | there,
            sums=units,
            splits=splits,
            read=read,
        )

    def share(self, form: SumShareOf) -> Asked:
        """What is worked out for a share of a sum."""
        plain = SumOf(form.amount, stated=form.stated)
        stated = ~self.reader.view.money(form.amount).units.is_null()
        parts = {f"part{number}": part for number, part in enumerate(form.parts)}
        conditions: dict[str, Condition] = {"of": EVERY, "hit": form.hit, **parts}
        counted = {name: all_of(stated, self.reader.holds(one)) for name, one in conditions.items()}

        def read(rows: Sequence[Row]) -> Tally:
            of, hits, *others = (self._added(rows, name) for name in conditions)
            left_out = {UNCLEAR: total(rows, "unclear"), NO_AMOUNT: total(rows, "without")}
            numbers = SummedShare(hits, of, tuple(others))
            return Tally(n=total(rows, "counted"), numbers=numbers, left_out=left_out)

        splits = self._splits(plain, {})
        there, units = self._units(plain, counted, splits)
        return Asked(
            member=self.member,
            counts={"counted": stated, **self._unstated(plain, stated), **there},
            sums=units,
            splits=splits,
            read=read,
        )

    def _unstated(self, form: SumOf, stated: Any) -> dict[str, Any]:
        unclear = NO
        if form.stated:
            unclear = all_of(no(stated), self.reader.view.present(form.stated))
        return {"unclear": unclear, "without": all_of(no(stated), no(unclear))}

    def _splits(self, form: SumOf, weights: dict[str, Any]) -> dict[str, Any]:
        if not weights and self.question.currency is None:
            return {}
        splits = {**weights, "currency": self.reader.view.money(form.amount).currency}
        if self.question.currency is not None and not self.measure.is_stock:
            anchors = (self.reader.view.at(name) for name in self.measure.anchor)
            splits["day"] = self.reader.calendar.day(nw.coalesce(*anchors))
        return splits

    def _units(
        self, form: SumOf, counted: Mapping[str, Any], splits: Mapping[str, Any]
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Flags whether there is an amount, and the amounts; both by currency and condition."""
        amount = self.reader.view.money(form.amount)
        there, units = {}, {}
        for name, flag in counted.items():
            for currency in [None] if splits else self.currencies:
                its, suffix = flag, name
                if currency is not None:
                    its = all_of(flag, (amount.currency == currency).fill_null(value=False))
                    suffix = f"{name}_{currency}"
                units[f"units{suffix}"] = nw.when(its).then(amount.units).otherwise(nw.lit(0))
                there[f"there{suffix}"] = its
        return there, units

    def _added(self, rows: Sequence[Row], name: str) -> dict[str, Decimal]:
        """The exact sums by currency."""
        values: defaultdict[str, list[Decimal]] = defaultdict(list)
        for row in rows:
            for stated, units in self._stated(row, name):
                currency, value = self._converted(stated, units, row)
                values[currency].append(value)
        with localcontext(EXACT):
            return {currency: sum(all_, Decimal(0)) for currency, all_ in values.items()}

    def _stated(self, row: Row, name: str) -> list[tuple[str, int]]:
        if "currency" in row:
            return [(row["currency"], int(row[f"units{name}"]))] if row.get(f"there{name}") else []
        return [
            (currency, int(row[f"units{name}_{currency}"]))
            for currency in self.currencies
            if row.get(f"there{name}_{currency}")
        ]

    def _converted(self, currency: str, units: int, row: Row) -> tuple[str, Decimal]:
        """A sum of one currency, day and weight, as the reference converts and weighs amounts."""
        value = EXACT.scaleb(Decimal(units), -minor_units(currency))
        if self.question.currency is not None:
            day = row.get("day")
            date = self.reader.today if day is None else self.reader.calendar.date(day)
            currency, value = converted(currency, value, self.question, date)
        if row.get("weight") is not None:
            value = EXACT.multiply(value, Decimal(repr(row["weight"])))
        return currency, value
