"""Concentration: how much of the wins lies with a few partners."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from decimal import Decimal
from typing import Literal

from attrs import frozen

from partnerleads.errors import OptionError
from partnerleads.kpis.closed_won import closed_won
from partnerleads.kpis.lead_value import final_lead_value
from partnerleads.kpis.measuring.composing import (
    Nested,
    apart,
    compose,
    empty_like,
    nested,
    seen_by,
)
from partnerleads.kpis.measuring.figures import AnyHistory, By, figure, history_of
from partnerleads.kpis.measuring.measure import CountOf, Measure
from partnerleads.kpis.measuring.tally import Rates
from partnerleads.model import Count, Figure, FrozenMap, PartnerId, Period, Totals
from partnerleads.model.figure import counted, frozen_counts, states
from partnerleads.model.options import check_choice
from partnerleads.stats import gini

__all__ = ["Concentration", "concentration"]


@frozen(kw_only=True, repr=False)
class Concentration(Figure):
    """How much of the wins, or of what they brought, lies with the partners that have most.

    Attributes:
        value: ``hits / of``; None where undefined. [0..1]
        hits: What the top partners have: wins, or money.
        of: What all partners have.
        unit: ``leads`` for wins; a currency code for money.
        top: The partners that have most, most first, each with what it has; those that have
            nothing are not among them, and of equals the first by name comes first.
        partners: Partners with leads or wins. [count]
        without_win: Those with leads and no win, by name.
        gini: 0 where all these partners have the same, towards 1 where one has all; None where
            undefined. [0..1]
        without_partner: Wins of no partner, which are in none of these numbers. [count]
        without_value: Wins of partners that state no value, where money is counted. [count]
    """

    value: float | None
    hits: int | Decimal
    of: int | Decimal
    unit: str
    top: tuple[tuple[PartnerId, int | Decimal], ...]
    partners: int
    without_win: tuple[PartnerId, ...]
    gini: float | None
    without_partner: int
    without_value: int = 0

    def value_text(self) -> str:
        """The share of the top partners in per cent."""
        return "undefined" if self.value is None else f"{100 * self.value:.1f} %"

    def basis_text(self) -> str:
        """The top partners, and how many have leads and no win."""
        names = ", ".join(partner_id for partner_id, _ in self.top) or "nobody"
        text = f"{names}: {self.hits} of {self.of} {self._unit()}"
        partners = counted(self.partners, "partner")
        text += f"; {len(self.without_win)} of {partners} with leads and no win"
        if self.gini is not None:
            text += f"; Gini {self.gini:.2f}"
        if self.without_partner:
            text += f"; {counted(self.without_partner, 'win')} of no partner"
        if self.without_value:
            text += f"; {states(self.without_value)} no value"
        return text if self.undefined_because is None else f"{text}; {self.undefined_because}"

    def _unit(self) -> str:
        return "wins" if self.unit == "leads" else self.unit

    def columns(self) -> dict[str, object]:
        """The share, its parts, and how many partners have no win."""
        return {
            "value": self.value,
            "hits": self.hits,
            "of": self.of,
            "unit": self.unit,
            "top": ", ".join(partner_id for partner_id, _ in self.top),
            "partners": self.partners,
            "without_win": len(self.without_win),
            "gini": self.gini,
            "without_partner": self.without_partner,
            "without_value": self.without_value,
        }


def concentration(
    history: AnyHistory,
    *,
    as_of: datetime | None = None,
    period: Period | None = None,
    by: By = None,
    top: int = 3,
    unit: Literal["leads", "revenue"] = "leads",
    partner: Literal["sourcing_partner", "closing_partner"] = "sourcing_partner",
    rates: Rates | None = None,
    currency: str | None = None,
) -> Concentration:
    """The part of partners' wins that the few with most of them have.

    Beside it stand the partners with leads and no win: those with a lead captured in the period,
    and no win in it. Wins that no partner sourced, or closed, are counted apart. Of revenue, so are
    wins that state no value; a partner that has no others is not in Gini's coefficient, since what
    it has is not known.

    Args:
        history: Events, lifecycles, or another engine's history.
        as_of: The moment; needed with events. [aware datetime]
        period: Period of the win, and of the capture of leads without one; None is all time.
        by: Key or keys to segment by.
        top: How many partners are the few. [count, >= 1]
        unit: Count wins, or what they brought less refunds.
        partner: Whose a lead is: the partner that sourced it, or the one that its close names.
        rates: Rates to convert with, of the day of the win; a function of (from, to, day).
        currency: Currency to convert to; needs *rates* where another one occurs.

    Returns:
        The share of the top partners; undefined where no partner has a win, where currencies
        cannot be added, and where a partner's money is negative. [0..1]

    Source:
        Gini 1912.

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 L1 captured by acme
    ...     2026-01-09 L1 won
    ...     2026-01-02 L2 captured by acme
    ...     2026-01-09 L2 won
    ...     2026-01-02 L3 captured by beta
    ...     2026-01-09 L3 won
    ...     2026-01-02 L4 captured by cyan
    ... ''')
    >>> figure = concentration(events, as_of=at("2026-02-01"), top=1)
    >>> round(figure.value, 4), figure.top, figure.without_win
    (0.6667, (('acme', 2),), ('cyan',))
    """
    if top < 1:
        raise OptionError("top", top, "must be at least 1 partner")
    check_choice("unit", unit, ("leads", "revenue"))
    check_choice("partner", partner, ("sourcing_partner", "closing_partner"))
    known = history_of(history, as_of=as_of)
    captured = Measure(
        name="concentration", form=CountOf(), counted="leads captured", anchor=("captured",)
    )

    def make(leads: Count, wins: Count, value: Totals | None = None) -> Concentration:
        all_of = wins if value is None else value
        held, unit_name, because = _held(all_of)
        has_won = {name for name, one in apart(wins).items() if one.n}
        partners = has_won | set(apart(leads))
        known_of = [name for name in partners if name in held or name not in has_won]
        ranked = sorted(held, key=lambda name: (-held[name], name))[:top]
        most = tuple((name, held[name]) for name in ranked if held[name] > 0)
        nothing = 0 if value is None else Decimal(0)
        hits = sum((amount for _, amount in most), nothing)
        of = sum(held.values(), nothing)
        of_nobody = all_of.segments.get(None, empty_like(all_of))
        left_out = Counter(all_of.left_out_because) - Counter(of_nobody.left_out_because)
        if because is None and not of:
            because = "no partner has a win" if value is None else "no partner's win brought money"
        return Concentration(
            name="concentration",
            counted="wins of partners",
            n=all_of.n - of_nobody.n,
            period=period,
            definition=FrozenMap(
                {
                    **wins.definition,
                    "top": str(top),
                    "unit": unit,
                    "partner": partner,
                }
            ),
            left_out_because=frozen_counts(left_out),
            **seen_by(*(part for part in (leads, wins, value) if part is not None)),
            undefined_because=because,
            value=None if because else float(hits / of),
            hits=hits,
            of=of,
            unit=unit_name,
            top=most,
            partners=len(partners),
            without_win=tuple(sorted(partners - has_won)),
            gini=None if because else gini([float(held.get(name, 0)) for name in known_of]),
            without_partner=wins.segments[None].n if None in wins.segments else 0,
            without_value=_unvalued(all_of) - _unvalued(of_nobody),
        )

    inside = (partner,)
    parts: dict[str, Nested[Count] | Nested[Totals]] = {
        "leads": nested(
            lambda keys: figure(Count, known, captured, period=period, by=keys),
            by=by,
            inside=inside,
        ),
        "wins": nested(
            lambda keys: closed_won(known, period=period, by=keys), by=by, inside=inside
        ),
    }
    if unit == "revenue":
        parts["value"] = nested(
            lambda keys: final_lead_value(
                known, period=period, by=keys, rates=rates, currency=currency
            ),
            by=by,
            inside=inside,
        )
    return compose(make, parts, absent="empty")


def _unvalued(counted: Count | Totals) -> int:
    """How many state no value."""
    return counted.without_value if isinstance(counted, Totals) else 0


def _held(counted: Count | Totals) -> tuple[dict[PartnerId, int | Decimal], str, str | None]:
    """What each partner has, its unit, and why it cannot be compared."""
    if isinstance(counted, Count):
        return {name: one.value for name, one in apart(counted).items()}, "leads", None
    sums = {name: one.by_currency for name, one in apart(counted).items()}
    currencies = sorted({currency for one in sums.values() for currency in one})
    if len(currencies) > 1:
        return {}, "money", f"amounts in {', '.join(currencies)} cannot be added; pass rates"
    unit = currencies[0] if currencies else "money"
    held = {name: one[unit].amount for name, one in sums.items() if one}
    because = "a part of the money is negative" if min(held.values(), default=0) < 0 else None
    return held, unit, because
