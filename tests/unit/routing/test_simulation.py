"""A channel simulated under a router, by hand."""

from __future__ import annotations

from partnerleads.routing import Channel, Participant, Recipient, RoundRobin, simulate


def member(name: str, rate: float, **options: object) -> Participant:
    return Participant(recipient=Recipient(recipient_id=name), close_rate=rate, **options)  # type: ignore[arg-type]


def test_everybody_who_always_wins_wins_all() -> None:
    channel = Channel(participants=[member("a", 1.0), member("b", 1.0)], leads=20)

    found = simulate(channel, router=RoundRobin(), seed=1)

    assert (20, 20.0, 0.0, 0) == (found.wins, found.expected_wins, found.regret, found.unroutable)
