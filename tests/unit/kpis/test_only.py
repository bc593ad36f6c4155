"""A part of a history is a history: any KPI takes it."""

from __future__ import annotations

import pickle
from datetime import timedelta

import pytest

from partnerleads import Period, fold, kpis
from partnerleads.errors import AsOfError, OptionError
from partnerleads.kpis import Has, Is, Not, Since, history_of, only
from partnerleads.testing import at, history

NOW = at("2026-06-01")
EVENTS = history("""
    2026-01-02 L1 captured by acme region=DACH 100 EUR
    2026-01-03 L1 offered  by acme
    2026-01-04 L1 accepted by acme
    2026-01-09 L1 won 80 EUR by acme
    2026-02-02 L2 captured region=DACH
    2026-02-03 L2 offered  by bolt
    2026-02-04 L2 declined by bolt
    2026-02-09 L2 lost
    2026-02-02 L3 captured region=UKI
    2026-02-09 L3 won
""")
GERMAN = Is("region", "DACH")


def test_the_part_alone_is_counted() -> None:
    german = only(EVENTS, GERMAN, as_of=NOW)

    assert 2 == kpis.closed_won(EVENTS, as_of=NOW).value
    assert 1 == kpis.closed_won(german).value
    assert (1, 2) == (kpis.sourced_rate(german).hits, kpis.sourced_rate(german).of)


def test_of_offers_too() -> None:
    german = only(EVENTS, GERMAN, as_of=NOW)
    british = only(EVENTS, Is("region", "UKI"), as_of=NOW)

    assert 2 == kpis.offer_acceptance_rate(german).of
    assert 0 == kpis.offer_acceptance_rate(british).of


def test_a_condition_is_read_as_the_members_say_it() -> None:
    accepted = only(EVENTS, Has("accepted"), as_of=NOW)

    # one lead was accepted, and one offer
    assert 1 == kpis.sourced_rate(accepted).of
    assert (1, 1) == (
        kpis.offer_acceptance_rate(accepted).hits,
        kpis.offer_acceptance_rate(accepted).of,
    )


def test_a_measure_keeps_its_own_condition() -> None:
    german = only(EVENTS, GERMAN, as_of=NOW)

    # L1 and L2 are both German, and one of them is won
    assert 1 == kpis.decided_win_rate(only(german, Has("won"))).of
    assert 0 == kpis.in_progress(german).value


def test_parts_of_parts() -> None:
    german = only(EVENTS, GERMAN, as_of=NOW)
    late = only(german, Since("captured", at("2026-02-01")))

    assert 1 == kpis.sourced_rate(late).of
    assert kpis.sourced_rate(late) == kpis.sourced_rate(
        only(only(EVENTS, Since("captured", at("2026-02-01")), as_of=NOW), GERMAN)
    )


def test_a_part_and_the_rest_make_the_whole() -> None:
    parts = [only(EVENTS, one, as_of=NOW) for one in (GERMAN, Not(GERMAN))]

    assert kpis.closed_won(EVENTS, as_of=NOW).value == sum(
        kpis.closed_won(part).value for part in parts
    )


def test_periods_and_segments_work_on_it() -> None:
    german = only(EVENTS, GERMAN, as_of=NOW)
    rate = kpis.decided_win_rate(german, period=Period.month(2026, 2), by="region")

    assert (0, 1, ["DACH"]) == (rate.hits, rate.of, list(rate.segments))


def test_a_part_knows_what_the_whole_was_looked_from() -> None:
    lives = fold(EVENTS, as_of=NOW, known_at=at("2026-05-01"))
    part = only(lives, GERMAN)

    assert (NOW, at("2026-05-01")) == (part.as_of, part.known_at)
    assert history_of(lives).policy is part.policy
    assert lives.known_at == kpis.closed_won(part).known_at


def test_a_moment_that_differs_is_refused() -> None:
    with pytest.raises(AsOfError):
        only(fold(EVENTS, as_of=NOW), GERMAN, as_of=NOW + timedelta(days=1))
    with pytest.raises(AsOfError):
        kpis.closed_won(only(EVENTS, GERMAN, as_of=NOW), as_of=NOW + timedelta(days=1))


@pytest.mark.parametrize("condition", ["DACH", None, ("region", "DACH"), Has])
def test_what_is_no_condition_is_refused(condition: object) -> None:
    with pytest.raises(OptionError, match=r"pass a condition, such as Is\('region', 'DACH'\)"):
        only(EVENTS, condition, as_of=NOW)  # type: ignore[arg-type]


def test_figures_of_a_part_survive_pickling() -> None:
    figure = kpis.closed_won(only(EVENTS, GERMAN, as_of=NOW))

    assert figure == pickle.loads(pickle.dumps(figure))  # noqa: S301 - our own bytes
