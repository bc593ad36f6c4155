"""What came of a simulated channel under one router."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from attrs import frozen

from partnerleads.model import FrozenMap, Money, RecipientId
from partnerleads.model.figure import counted
from partnerleads.showing import Shown

__all__ = ["Simulation", "Tally"]


@frozen(kw_only=True)
class Tally:
    """What came of one participant.

    Attributes:
        recipient_id: Who it is.
        newcomer: Whether it joined after the start.
        received: The leads it got. [count]
        fair_share: Its part of the leads it could have got, by weight; over everybody together the
            leads that were routed. [leads]
        wins: Those it won, also after the last lead came. [count]
        expected_wins: The sum of its true chances with the leads it got. [wins]
        revenue: What it won them for. [money]
        most_open: The most leads it had open at a time. [count]
    """

    recipient_id: RecipientId
    newcomer: bool
    received: int
    fair_share: Fraction
    wins: int
    expected_wins: float
    revenue: Money
    most_open: int


@frozen(kw_only=True, repr=False)
class Simulation(Shown):
    """What came of a channel under one router.

    Attributes:
        router: Name of the router.
        seed: What chance was drawn from.
        leads: The leads that came. [count]
        unroutable: Those that nobody could be given. [count]
        tallies: What came of each participant, by id.
        best_wins: The wins to expect if every lead went to whoever the rules let take it and is
            truly best at it, whatever the wishes, and nobody were ever full: no router can reach
            more. [wins]
        worst_deviation: The most by which anybody was ahead of its fair share or behind, at any
            moment. [leads]
        mean_load: The part of all capacity that was in use when a lead came, on average; None
            where somebody has no limit. [0..1; more where no rule keeps to capacities]
    """

    router: str
    seed: int
    leads: int
    unroutable: int
    tallies: FrozenMap[RecipientId, Tally]
    best_wins: float
    worst_deviation: Fraction
    mean_load: float | None

    @property
    def wins(self) -> int:
        """Leads won. [count]"""
        return sum(one.wins for one in self.tallies.values())

    @property
    def expected_wins(self) -> float:
        """Wins to expect of the same choices: luck with single leads is averaged out. [wins]"""
        return sum(one.expected_wins for one in self.tallies.values())

    @property
    def regret(self) -> float:
        """What the best choices would be expected to win more, if nobody were ever full. [wins]"""
        return self.best_wins - self.expected_wins

    @property
    def revenue(self) -> Money:
        """What the leads were won for. [money]"""
        first, *others = (one.revenue for one in self.tallies.values())
        return sum(others, first)

    @property
    def newcomer_share(self) -> float | None:
        """What newcomers got by their fair share: 1 is fair; None without one. [ratio, >= 0]"""
        return _ratio(one for one in self.tallies.values() if one.newcomer)

    @property
    def routed(self) -> int:
        """The leads that somebody got. [count]"""
        return self.leads - self.unroutable

    def to_dicts(self) -> list[dict[str, object]]:
        """One row per participant."""
        return [
            {
                "router": self.router,
                "seed": self.seed,
                "recipient_id": one.recipient_id,
                "newcomer": one.newcomer,
                "received": one.received,
                "fair_share": float(one.fair_share),
                "wins": one.wins,
                "expected_wins": one.expected_wins,
                "revenue": one.revenue.amount,
                "currency": one.revenue.currency,
                "most_open": one.most_open,
            }
            for one in self.tallies.values()
        ]

    def _head(self) -> str:
        ends = f"{self.wins} won of {counted(self.leads, 'lead')}, {self.unroutable} unroutable"
        return f"{self.router}, seed {self.seed}: {ends}, {self.revenue}"

    def _facts(self) -> list[str]:
        told = [
            f"expected wins {self.expected_wins:.1f}",
            f"regret {self.regret:.1f}",
            f"worst deviation {float(self.worst_deviation):.2f} leads",
        ]
        if self.newcomer_share is not None:
            told.append(f"newcomers at {self.newcomer_share:.2f} of their share")
        if self.mean_load is not None:
            told.append(f"{100 * self.mean_load:.0f} % of capacity in use")
        return [", ".join(told)]

    def _rows(self) -> list[tuple[str, ...]]:
        return [
            (
                f"{one.recipient_id} (new)" if one.newcomer else one.recipient_id,
                f"{counted(one.received, 'lead')} of {float(one.fair_share):.1f}, {one.wins} won",
            )
            for one in self.tallies.values()
        ]


def _ratio(tallies: Iterable[Tally]) -> float | None:
    found = tuple(tallies)
    share = sum((one.fair_share for one in found), Fraction(0))
    return float(sum(one.received for one in found) / share) if share else None
