"""Scores that a simulated channel can know: what came of the leads that were decided so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from attrs import frozen

from partnerleads.model import RecipientId
from partnerleads.routing.prospect import Prospect
from partnerleads.routing.recipient import Recipient

__all__ = ["KnownResult", "LeadScores", "Scoring", "observed_scores"]

_LEADS = 10
"""So many leads at the close rate of the start does an average begin with. [count]"""

_START = {True: 0.25, None: 0.25, False: 0.125}
"""The close rate of the start: of leads whose industry is known, not stated, not known. [0..1]"""

_WINS = 10
"""So many wins as expected does a recipient begin with. [count]"""

_Kind: TypeAlias = bool | None


@frozen
class KnownResult:
    """What came of a lead that was decided.

    Attributes:
        recipient_id: Who had it.
        lead: The lead.
        won: Whether it was won; then for what it was expected to be worth.
    """

    recipient_id: RecipientId
    lead: Prospect
    won: bool

    @property
    def revenue(self) -> float:
        """What it brought. [units of the currency]"""
        value = self.lead.expected_value
        return float(value.amount) if self.won and value is not None else 0.0


LeadScores: TypeAlias = Callable[[Prospect], Mapping[str, Mapping[RecipientId, float]]]
"""The tables of scores of a lead: by name, then by recipient."""

Scoring: TypeAlias = Callable[[Sequence[KnownResult], Sequence[Recipient]], LeadScores]
"""What scores leads, made anew from the results known, in order, and the recipients there."""


def observed_scores(
    known: Sequence[KnownResult], recipients: Sequence[Recipient]
) -> Callable[[Prospect], dict[str, dict[RecipientId, float]]]:
    """Scores from the results known so far: three tables for each lead.

    Leads are of three kinds for a recipient: it knows their industry, it does not, or they state
    none. Each kind has an average close rate over everybody; it begins with 10 leads at 1/4, and
    at 1/8 where the industry is not known. How good a recipient is, is its wins by those that the
    averages expect of its leads; it begins with 10 wins where 10 are expected, so that a newcomer
    counts as average, and one lucky lead makes no champion.

    - ``close_rate``: how good it is, times the average of leads of this kind. [0..1]
    - ``usual``: how good it is, times the average over all decided leads. [0..1]
    - ``plv``: revenue per decided lead, whatever the lead, drawn towards the average over everybody
      with the weight of 10 leads. It stands for a lifetime value: what a partner has brought, not
      what it would bring with this lead. [units of the currency]

    Args:
        known: Results, in any order; those of others than the recipients are left out.
        recipients: Who gets a score.

    Returns:
        What gives the tables of a lead.

    >>> from partnerleads import Lead
    >>> one = Recipient(recipient_id="acme", expertise=["steel"])
    >>> lead = Prospect(lead_id="L1", facts=Lead(industry="steel"))
    >>> observed_scores([KnownResult("acme", lead, won=True)] * 10, [one])(lead)["close_rate"]
    {'acme': 0.7692307692307693}
    """
    by_id = {one.recipient_id: one for one in recipients}
    kinds: dict[_Kind, _Sum] = {kind: _Sum() for kind in _START}
    sums = {name: _Sum() for name in by_id}
    for result in known:
        name = result.recipient_id
        if name in by_id:
            kind = _kind(by_id[name], result.lead)
            kinds[kind].add(result, kind)
            sums[name].add(result, kind)
    rates = {kind: _rate(kinds[kind], start) for kind, start in _START.items()}
    good = {name: (one.wins + _WINS) / (one.expected(rates) + _WINS) for name, one in sums.items()}
    whole = sum(kinds.values(), _Sum())
    usual, mean = _rate(whole, _START[None]), whole.revenue / (whole.leads or 1)
    same_for_all = {
        "usual": {name: min(good[name] * usual, 1.0) for name in by_id},
        "plv": {
            name: (one.revenue + _LEADS * mean) / (one.leads + _LEADS) for name, one in sums.items()
        },
    }

    def tables(lead: Prospect) -> dict[str, dict[RecipientId, float]]:
        fits = {name: good[name] * rates[_kind(one, lead)] for name, one in by_id.items()}
        return {"close_rate": {name: min(fit, 1.0) for name, fit in fits.items()}, **same_for_all}

    return tables


class _Sum:
    """What some results come to."""

    def __init__(
        self, wins: int = 0, revenue: float = 0.0, kinds: Counter[_Kind] | None = None
    ) -> None:
        self.wins, self.revenue, self.kinds = wins, revenue, Counter(kinds)

    def __add__(self, other: _Sum) -> _Sum:
        return _Sum(self.wins + other.wins, self.revenue + other.revenue, self.kinds + other.kinds)

    @property
    def leads(self) -> int:
        return self.kinds.total()

    def add(self, result: KnownResult, kind: _Kind) -> None:
        self.wins += result.won
        self.revenue += result.revenue
        self.kinds[kind] += 1

    def expected(self, rates: Mapping[_Kind, float]) -> float:
        """The wins that the averages expect. [wins]"""
        return sum(count * rates[kind] for kind, count in self.kinds.items())


def _rate(of: _Sum, start: float) -> float:
    """The close rate of some results, drawn towards that of the start."""
    return (of.wins + _LEADS * start) / (of.leads + _LEADS)


def _kind(one: Recipient, lead: Prospect) -> _Kind:
    """Whether the recipient knows the lead's industry; None where it states none."""
    industry = lead.facts.industry
    return None if industry is None else industry in one.expertise
