"""Whether everybody got the leads that were due: received against the share of the eligible."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction

from attrs import field, frozen

from partnerleads.model import FrozenMap, RecipientId
from partnerleads.model.by_id import ById
from partnerleads.model.figure import counted
from partnerleads.routing.replaying.past_choice import OnRecord, Weights, past_choices
from partnerleads.routing.turns import Turn
from partnerleads.showing import Shown

__all__ = ["Dues", "Fairness", "fairness"]


@frozen(kw_only=True)
class Dues:
    """What one recipient got, and what was due to it.

    Attributes:
        eligible: Leads that it could have been given. [count]
        received: Leads that it was given. [count]
        due: Its share of the leads it could have been given, exactly. [leads]
    """

    eligible: int
    received: int
    due: Fraction

    @property
    def deviation(self) -> Fraction:
        """Received less due: above 0 it got more than its share. [leads]"""
        return self.received - self.due


def _dues(value: Mapping[RecipientId, Dues]) -> FrozenMap[RecipientId, Dues]:
    return FrozenMap(value)


@frozen(kw_only=True, repr=False)
class Fairness(Shown, ById[RecipientId, Dues]):
    """What recipients got against what was due to them, by id; deviations add up to 0.

    Attributes:
        n: Leads that cost a turn. [count]
        others: Leads that cost none, as somebody had a right to them or nobody got them. [count]
        recipients: Everybody who could have been given one of them, by id.
        newcomers: Who is looked at as a newcomer.
    """

    n: int
    others: int
    recipients: FrozenMap[RecipientId, Dues] = field(converter=_dues)
    newcomers: frozenset[RecipientId] = frozenset()
    _held = "recipients"
    _titled = True
    _right = frozenset({1, 2, 3, 4})

    @property
    def worst(self) -> RecipientId | None:
        """Who is farthest from its share, either way; the first by id of several."""
        return max(self, key=lambda name: abs(self[name].deviation), default=None)

    @property
    def worst_deviation(self) -> Fraction:
        """How far the farthest is from its share. [leads, >= 0]"""
        return max((abs(one.deviation) for one in self.values()), default=Fraction(0))

    @property
    def newcomer_rate(self) -> float | None:
        """The part of the leads that newcomers got; None without leads. [0..1]"""
        got = sum(one.received for name, one in self.items() if name in self.newcomers)
        return got / self.n if self.n else None

    @property
    def newcomer_due_rate(self) -> float | None:
        """The part of the leads that was due to newcomers; None without leads. [0..1]"""
        due = sum(one.due for name, one in self.items() if name in self.newcomers)
        return float(due) / self.n if self.n else None

    def to_dicts(self) -> list[dict[str, object]]:
        """What everybody got as flat rows, one a recipient."""
        return [
            {
                "recipient_id": name,
                "eligible": one.eligible,
                "received": one.received,
                "due": float(one.due),
                "deviation": float(one.deviation),
                "newcomer": name in self.newcomers,
            }
            for name, one in self.items()
        ]

    def _titles(self) -> tuple[str, ...]:
        return ("", "received", "due", "deviation", "eligible for")

    def _rows(self) -> list[tuple[str, ...]]:
        return [
            (
                f"{name} (new)" if name in self.newcomers else name,
                str(one.received),
                f"{float(one.due):.2f}",
                f"{float(one.deviation):+.2f}",
                str(one.eligible),
            )
            for name, one in self.items()
        ]

    def _head(self) -> str:
        basis = f"fairness over {counted(self.n, 'lead')} and {counted(len(self), 'recipient')}"
        if self.worst is None:
            return basis
        by = float(self[self.worst].deviation)
        return f"{basis}; farthest from its share is {self.worst} by {by:+.2f}"

    def _notes(self) -> list[str]:
        notes = []
        if self.newcomers and self.newcomer_rate is not None:
            due = 100 * (self.newcomer_due_rate or 0.0)
            notes.append(f"newcomers got {100 * self.newcomer_rate:.1f} %, due were {due:.1f} %")
        if self.others:
            notes.append(f"{counted(self.others, 'lead')} cost no turn")
        return notes


def fairness(
    records: Iterable[OnRecord],
    *,
    weights: Weights | None = None,
    newcomers: Iterable[RecipientId] = (),
) -> Fairness:
    """Whether everybody got the leads that were due.

    Due to a recipient is, of each lead that it could have been given, its weight by the weight of
    all who could: so absence is nobody's fault, and nobody's gain. A lead that somebody had a right
    to is nobody's turn and counts for nobody.

    Args:
        records: The choices on record: decisions, or ``lead_routed`` events. A decision is counted
            by the turn that it cost, whether or not the turn was refunded later.
        weights: Weight of each recipient, for events, which do not say; 1 where it is not named.
        newcomers: Who joined late, to be looked at apart.

    Returns:
        Exact fractions. With equal weights the deviation of a rotation stays within half the number
        of recipients.

    Raises:
        OptionError: When a record is no choice, or a weight no number of at least 0.

    Source:
        The fair share of the carpool problem, Fagin and Williams 1983.
    """
    choices = past_choices(records, weights=weights)
    taken = [one.turn for one in choices if one.turn.payer is not None]
    eligible: Counter[RecipientId] = Counter()
    due: dict[RecipientId, Fraction] = defaultdict(Fraction)
    alike: dict[object, list[Turn]] = defaultdict(list)
    for turn in taken:  # whole numbers hash faster than fractions
        alike[tuple((name, *one.as_integer_ratio()) for name, one in turn.weights)].append(turn)
    for turns in alike.values():
        for name, share in turns[0].shares.items():
            due[name] += len(turns) * share
            eligible[name] += len(turns)
    received = Counter(turn.payer for turn in taken)
    return Fairness(
        n=len(taken),
        others=len(choices) - len(taken),
        recipients={
            name: Dues(eligible=eligible[name], received=received[name], due=due[name])
            for name in sorted(due)
        },
        newcomers=frozenset(newcomers),
    )
