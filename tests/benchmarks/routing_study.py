"""The routing study: routers side by side in channels whose truth is known.

Run with ``python -m tests.benchmarks.routing_study``. Every seed has a channel of its own: the
partners, what they know, how good they are, and the leads.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from random import Random

from attrs import field, frozen

from partnerleads import Money
from partnerleads.routing import (
    ByExpertise,
    ByPlv,
    ByTerritory,
    ByTier,
    CapacityPriced,
    Channel,
    HasExpertise,
    KnownResult,
    LeadScores,
    LeastLoaded,
    Narrowing,
    Outcome,
    Participant,
    Preference,
    Prospect,
    Recipient,
    RoundRobin,
    Router,
    RouterComparison,
    Scoring,
    TerritoryTree,
    Thompson,
    ValueThreshold,
    observed_scores,
    simulate,
)

__all__ = ["BLIND", "CAPACITY", "PARTS", "STALE", "Entry", "blind", "capacity", "played", "stale"]

SLOTS = {"tight": 0.9, "normal": 1.3, "loose": 3.0}
"""Slots by the leads that would be open at a time if all of them were routed."""

_REGIONS = ("north", "south", "east", "west")
_INDUSTRIES = ("steel", "timber", "glass", "paper")
_TREE = TerritoryTree(dict.fromkeys(_REGIONS, "country"))
_PARTNERS, _NEWCOMERS = 10, 2
_PER_DAY, _DAYS_OPEN = 5, 30


def capacity(kind: str, *, seed: int, leads: int = 600) -> Channel:
    """Ten partners with a record of 40 leads each, and two newcomers a month later.

    Close rates lie between 0.10 and 0.30 at random, times 0.85, and 1.4 times that in the one or
    two of four industries that a partner knows. Tiers follow the close rate roughly, and nothing
    else follows tier or territory. Half of the leads are worth 10 000 or less, and the logarithm of
    the value spreads by 0.8.
    """
    luck = Random(f"study/{seed}")
    size = _PARTNERS + _NEWCOMERS
    slots = round(SLOTS[kind] * _PER_DAY * _DAYS_OPEN / size)
    people = [_partner(number, slots, luck) for number in range(size)]
    return Channel(
        participants=people,
        leads=leads,
        leads_per_day=_PER_DAY,
        days_to_close=(20, 40),
        industries=dict.fromkeys(_INDUSTRIES, 1),
        regions=dict.fromkeys(_REGIONS, 1),
        value_spread=0.8,
    )


def _partner(number: int, slots: int, luck: Random) -> Participant:
    rate = luck.uniform(0.10, 0.30)
    seen = rate + luck.gauss(0.0, 0.05)
    known = luck.sample(_INDUSTRIES, luck.choice((1, 2)))
    wins = sum(luck.random() < rate for _ in range(40))
    new = number >= _PARTNERS
    return Participant(
        recipient=Recipient(
            recipient_id=f"p{number:02}",
            territories=luck.sample(_REGIONS, 2),
            expertise=known,
            tier="gold" if seen > 0.23 else "silver" if seen > 0.17 else "bronze",
            capacity=slots,
        ),
        close_rate=0.85 * rate,
        factors=dict.fromkeys(known, 1.4),
        joins_on=_DAYS_OPEN if new else 0,
        record=Outcome() if new else Outcome(wins=wins, losses=40 - wins),
    )


def blind(*, seed: int, leads: int = 600) -> Channel:
    """The newcomer is truly the best, outcomes come 60 leads late, and nobody is ever full."""
    del seed
    wins = {"acme": 20, "beta": 18, "corp": 15}
    known = [
        Participant(
            recipient=Recipient(recipient_id=name),
            close_rate=count / 100,
            record=Outcome(wins=count, losses=100 - count),
        )
        for name, count in wins.items()
    ]
    new = Participant(recipient=Recipient(recipient_id="new"), close_rate=0.30, joins_on=0.5)
    return Channel(
        participants=[*known, new],
        leads=leads,
        leads_per_day=1,
        evenly=True,
        days_to_close=(60, 60),
    )


def stale(*, seed: int, leads: int = 600) -> Channel:
    """The best of six partners loses its best seller on day 20, and 0.30 becomes 0.06."""
    del seed
    people = []
    for place, wins in enumerate((30, 21, 20, 19, 18, 17)):
        people.append(
            Participant(
                recipient=Recipient(recipient_id=f"p{place}"),
                close_rate=wins / 100,
                record=Outcome(wins=wins, losses=100 - wins),
                changes_on=None if place else 20,
                change=0.2,
            )
        )
    return Channel(participants=people, leads=leads, leads_per_day=_PER_DAY, days_to_close=(20, 40))


def of_the_last(count: int) -> Scoring:
    """The observed scores of the last results of each recipient alone."""

    def scores(known: Sequence[KnownResult], recipients: Sequence[Recipient]) -> LeadScores:
        by_recipient: dict[str, list[KnownResult]] = defaultdict(list)
        for one in known:
            by_recipient[one.recipient_id].append(one)
        last = [one for results in by_recipient.values() for one in results[-count:]]
        return observed_scores(last, recipients)

    return scores


def as_counted(known: Sequence[KnownResult], _: Sequence[Recipient]) -> LeadScores:
    """Wins by decided leads, drawn towards nothing; who has none has no score."""
    wins: dict[str, list[bool]] = defaultdict(list)
    for one in known:
        wins[one.recipient_id].append(one.won)
    table = {"close_rate": {name: sum(won) / len(won) for name, won in wins.items()}}
    return lambda _: table


def _told_the_truth(channel: Channel) -> Scoring:
    by_id = {one.recipient.recipient_id: one for one in channel.participants}

    def scores(_: Sequence[KnownResult], there: Sequence[Recipient]) -> LeadScores:
        names = [one.recipient_id for one in there]
        usual = {name: by_id[name].close_rate for name in names}

        def tables(lead: Prospect) -> Mapping[str, Mapping[str, float]]:
            rates = {name: by_id[name].true_rate(lead, day=0) for name in names}
            return {"close_rate": rates, "usual": usual}

        return tables

    return scores


@frozen(kw_only=True)
class Entry:
    """A router in the study, with how its scores are made.

    Attributes:
        router: The router.
        scores: Makes the scores of a channel.
        refresh_days: How often they are made anew. [days]
        preferences: Wishes that narrow down those who may take the lead.
    """

    router: Router
    scores: Callable[[Channel], Scoring] = field(default=lambda _: observed_scores)
    refresh_days: float = 7.0
    preferences: tuple[Narrowing, ...] = ()


_WISH = (Preference(HasExpertise()),)
_PRICED = CapacityPriced(usual="usual", steepness=4, floor=0.01)

CAPACITY = {
    "expertise, credit": Entry(router=ByExpertise()),
    "round robin": Entry(router=RoundRobin()),
    "territory, credit": Entry(router=ByTerritory(_TREE)),
    "tier, credit": Entry(router=ByTier(("gold", "silver", "bronze"))),
    "least loaded": Entry(router=LeastLoaded()),
    "PLV": Entry(router=ByPlv()),
    "PLV from 20 000 on": Entry(router=ValueThreshold(threshold=Money("20000", "EUR"))),
    "Thompson, floor 5 %": Entry(router=Thompson(floor=0.05)),
    "close rate": Entry(router=ByPlv(table="close_rate")),
    "capacity priced": Entry(router=CapacityPriced()),
    "slots priced": Entry(router=_PRICED),
    "wish, slots priced": Entry(router=_PRICED, preferences=_WISH),
    "slots priced, truth": Entry(router=_PRICED, scores=_told_the_truth, refresh_days=1),
}
"""Slots are priced with a floor of 1 %; the wish is for expertise."""

BLIND = {
    "round robin": Entry(router=RoundRobin()),
    "greedy": Entry(router=ByPlv(table="close_rate"), scores=lambda _: as_counted, refresh_days=0),
    "PLV": Entry(router=ByPlv()),
    "close rate": Entry(router=ByPlv(table="close_rate")),
    "priced": Entry(router=CapacityPriced()),
    "priced, floor 5 %": Entry(router=CapacityPriced(floor=0.05)),
    "priced, floor 20 %": Entry(router=CapacityPriced(floor=0.2)),
    "Thompson, no floor": Entry(router=Thompson(floor=0.0)),
    "Thompson, floor 1 %": Entry(router=Thompson()),
    "Thompson, 5 % each": Entry(router=Thompson(floor=0.2)),
}
"""Where the newcomer is best."""

STALE = {
    "round robin": Entry(router=RoundRobin()),
    "PLV, never anew": Entry(router=ByPlv(), refresh_days=10_000),
    "PLV, each week": Entry(router=ByPlv()),
    "PLV of the last 20": Entry(router=ByPlv(), scores=lambda _: of_the_last(20)),
    "close rate of the last 20": Entry(
        router=ByPlv(table="close_rate"), scores=lambda _: of_the_last(20)
    ),
    "Thompson": Entry(router=Thompson()),
}
"""Where what is known of the best is no longer true."""


def played(
    channel_of: Callable[..., Channel], entries: Mapping[str, Entry], *, seeds: Iterable[int]
) -> RouterComparison:
    """Every entry on every seed's channel.

    Args:
        channel_of: Makes the channel of a seed, given by name.
        entries: Routers, by name.
        seeds: What chance is drawn from.
    """
    channels = {seed: channel_of(seed=seed) for seed in seeds}
    return RouterComparison(
        {
            name: tuple(
                simulate(
                    channel,
                    router=entry.router,
                    seed=seed,
                    scores=entry.scores(channel),
                    refresh_days=entry.refresh_days,
                    preferences=entry.preferences,
                )
                for seed, channel in channels.items()
            )
            for name, entry in entries.items()
        }
    )


PARTS: dict[str, tuple[Callable[..., Channel], Mapping[str, Entry]]] = {
    **{f"{kind} capacity": (partial(capacity, kind), CAPACITY) for kind in SLOTS},
    "newcomer is best": (blind, BLIND),
    "best one falls": (stale, STALE),
}
"""The parts of the study: the channels, and what is tried on them."""


def main(given: Sequence[str] | None = None) -> int:
    """Run the study and print its tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.routing_study")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--leads", type=int, default=600)
    parser.add_argument("--only", action="append", choices=PARTS, metavar="PART")
    options = parser.parse_args(given)
    for title in options.only or PARTS:
        channel_of, entries = PARTS[title]
        found = played(
            partial(channel_of, leads=options.leads), entries, seeds=range(options.seeds)
        )
        runs = next(iter(found.runs.values()))
        best = sum(run.best_wins for run in runs) / len(runs)
        print(f"{title}: {best:.1f} wins if the best one always had room")
        print(found, end="\n\n", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
