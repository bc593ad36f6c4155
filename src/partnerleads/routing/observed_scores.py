"""Scores that a simulated channel can know: what came of the leads that were decided so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from attrs import frozen

from partnerleads.model import RecipientId
from partnerleads.routing.prospect import Prospect, stated
from partnerleads.routing.recipient import Recipient

__all__ = ["KnownResult", "Scoring", "observed_scores"]

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


Scoring: TypeAlias = Callable[
    [Sequence[KnownResult], Sequence[Recipient], Prospect],
    Mapping[str, Mapping[RecipientId, float]],
]
"""Tables of scores by recipient, from the results known, the recipients there, and the lead."""


def observed_scores(
    known: Sequence[KnownResult], recipients: Sequence[Recipient], lead: Prospect
) -> dict[str, dict[RecipientId, float]]:
    """Three tables from the results known so far, of the recipients that are there.

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
        lead: The lead that wants a recipient.
    """
    kinds: dict[_Kind, _Sum] = {kind: _Sum() for kind in _START}
    sums = {one.recipient_id: _Sum() for one in recipients}
    by_id = {one.recipient_id: one for one in recipients}
    whole = _Sum()
    for result in known:
        if result.recipient_id not in by_id:
            continue
        kind = _kind(by_id[result.recipient_id], result.lead)
        for one in (kinds[kind], sums[result.recipient_id], whole):
            one.add(result, kind)
    rates = {
        kind: (of.wins + _LEADS * _START[kind]) / (of.leads + _LEADS) for kind, of in kinds.items()
    }
    usual = (whole.wins + _LEADS * _START[None]) / (whole.leads + _LEADS)
    mean = whole.revenue / (whole.leads or 1)
    good = {name: (one.wins + _WINS) / (one.expected(rates) + _WINS) for name, one in sums.items()}
    return {
        "close_rate": {
            name: min(good[name] * rates[_kind(one, lead)], 1.0) for name, one in by_id.items()
        },
        "usual": {name: min(good[name] * usual, 1.0) for name in by_id},
        "plv": {
            name: (one.revenue + _LEADS * mean) / (one.leads + _LEADS) for name, one in sums.items()
        },
    }


class _Sum:
    """What some results come to."""

    def __init__(self) -> None:
        self.wins, self.revenue, self.kinds = 0, 0.0, Counter[_Kind]()

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


def _kind(one: Recipient, lead: Prospect) -> _Kind:
    """Whether the recipient knows the lead's industry; None where it states none."""
    topics = stated(lead, ("industry",))
    return topics <= one.expertise if topics else None
