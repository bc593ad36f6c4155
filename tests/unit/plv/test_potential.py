"""Potentials at their edges, their text, and their fit."""

from __future__ import annotations

import random
from datetime import timedelta
from math import exp, log
from typing import Any

import attrs
import pytest

from partnerleads import fold, plv
from partnerleads.errors import AsOfError, BadInputError, OptionError
from partnerleads.events import Event
from partnerleads.plv.potential_model import logistic
from partnerleads.testing import at, history

NOW = at("2026-12-31")
START = plv.DEFAULT_POTENTIAL_MODEL


@pytest.mark.parametrize(
    "text", ["2026-01-01 acme training basics", "2026-01-01 acme onboarded precision=by"]
)
def test_without_a_dated_onboarding_there_is_no_potential(text: str) -> None:
    found = plv.potential(history(text), as_of=NOW)["acme"]

    assert (None, None, ()) == (found.value, found.probability, found.parts)
    assert "its onboarding is not on record to the day" == found.undefined_because
    assert str(found).startswith("acme undefined (its onboarding is not on record to the day, as")
    assert not found.provisional
    assert [] == found.to_dicts()


def test_a_potential_is_provisional_while_the_first_days_last() -> None:
    events = history("2026-01-01 acme onboarded\n2026-03-20 acme training basics")

    young = plv.potential(events, as_of=at("2026-03-01"))["acme"]
    grown = plv.potential(events, as_of=at("2026-04-01"))["acme"]

    assert (True, False) == (young.provisional, grown.provisional)
    assert "11.9 (provisional)" == young.value_text()
    assert (None, 78.0) == (young.signals.training, grown.signals.training)


def test_a_partner_that_left_keeps_its_potential_with_a_warning() -> None:
    events = history("2026-01-01 acme onboarded\n2026-05-01 acme terminated")

    found = plv.potential(events, as_of=NOW)["acme"]

    assert "it left the programme on 2026-05-01 00:00 UTC" == str(found.warnings[-1])
    assert found.probability == pytest.approx(1 / (1 + exp(2)))


EVENTS = """
    2026-01-01 acme onboarded
    2026-01-10 acme training basics
    2026-01-01 beta onboarded
    2026-01-01 core training basics
"""


def test_potentials_print_highest_first_and_the_undefined_last() -> None:
    found = plv.potential(history(EVENTS), as_of=NOW)

    assert repr(found) == (
        "<3 partners by potential (as of 2026-12-31 00:00 UTC)\n"
        "  acme       21.8  90 days watched, model assumed\n"
        "  beta       11.9  90 days watched, model assumed\n"
        "  core  undefined  its onboarding is not on record to the day\n"
        "  note: 2 partners, such as acme: weights are assumed, not measured: fit it to your own "
        "programme as soon as that is large enough>"
    )
    assert 3 == len(found)
    assert ["acme", "beta"] == list(dict.fromkeys(row["partner_id"] for row in found.to_dicts()))
    assert "no partners" == str(plv.potential([], as_of=NOW))


def test_a_potential_prints_its_parts_and_gives_rows() -> None:
    found = plv.potential(history(EVENTS), as_of=NOW)["acme"]

    assert repr(found).startswith("<acme 21.8 (90 days watched")
    assert "<td>first training on day 9</td><td>+9.9</td>" in found._repr_html_()
    assert ["no signal", "training", "certifications", "registration", "lead"] == [
        row["part"] for row in found.to_dicts()
    ]
    assert ["0 earned"] == [
        row["seen"] for row in found.to_dicts() if row["part"] == "certifications"
    ]


def test_a_model_survives_its_text_and_bad_ones_are_refused_with_every_fault() -> None:
    assert START == plv.PotentialModel.from_json(START.to_json())
    assert START.fingerprint == plv.PotentialModel.from_json(START.to_json()).fingerprint
    with pytest.raises(BadInputError) as raised:
        plv.PotentialModel.from_json('{"name": 5, "base": "high", "certified": 0, "window": "x"}')
    assert {"$.name", "$.base", "$.certified", "$.window", "$.origin", "$.lead"} <= {
        fault.path for fault in raised.value.faults
    }
    with pytest.raises(OptionError, match="must be a finite number"):
        attrs.evolve(START, lead=float("inf"))


def test_a_moment_is_needed_with_events() -> None:
    with pytest.raises(AsOfError):
        plv.potential([])


def cohort(n: int, *, seed: int = 7, chance: Any = None) -> list[Event]:
    """Partners that joined in 2024 and 2025; each wins by a chance of its training alone."""
    rng = random.Random(seed)
    lines = []
    for number in range(n):
        name, lead = f"p{number}", f"L{number}"
        lines.append(f"2024-01-01 {name} onboarded")
        trained = rng.random() < 0.5
        if trained:
            lines.append(f"2024-01-01 {name} training basics")
        if rng.random() < (0.9 if trained else 0.1):
            lines.append(f"2024-05-01 {lead} captured by {name}")
            lines.append(f"2024-06-01 {lead} won 100 EUR")
    return list(history("\n".join(lines)))


def test_a_fit_finds_what_the_history_says() -> None:
    events = cohort(400)
    fit = plv.fit_potential(events, as_of=NOW, pull=1e-6)
    trained = {e.partner_id for e in events if e.type == "training_completed"}  # type: ignore[union-attr]
    winners = {f"p{e.lead_id[1:]}" for e in events if e.type == "lead_won"}  # type: ignore[union-attr]
    with_, without = len(trained & winners), len(winners - trained)

    # with one signal of all or nothing, the likeliest chances are the shares themselves
    assert (400, len(winners)) == (fit.n, fit.won)
    assert pytest.approx(log(without / (400 - len(trained) - without)), abs=1e-3) == fit.model.base
    odds = log(with_ / (len(trained) - with_))
    assert pytest.approx(odds, abs=1e-3) == fit.model.base + fit.model.training
    assert pytest.approx((START.lead, START.registration), abs=1e-3) == (
        fit.model.lead,
        fit.model.registration,
    )
    assert "fitted to 400 partners as of 2026-12-31 00:00 UTC" == fit.model.origin


def test_at_a_fit_the_slope_of_its_loss_is_flat() -> None:
    events = cohort(60)
    fit = plv.fit_potential(events, as_of=NOW, pull=2.0)
    lives = fold(events, as_of=NOW)
    winners = {lead.sourcing_partner for lead in lives.values()}
    slope = 2.0 * (fit.model.training - START.training)
    base = 0.0
    for name, one in plv.potential(lives, model=fit.model).items():
        assert one.probability is not None
        gap = one.probability - (name in winners)
        base += gap
        slope += gap * (one.signals.training is not None)

    assert pytest.approx((0.0, 0.0), abs=1e-4) == (base, slope)


def test_a_fit_leaves_out_those_that_cannot_tell_and_counts_them() -> None:
    events = [
        *cohort(60),
        *history("""
            2024-01-01 early onboarded id=x1
            2024-01-02 E1 captured by early id=x2
            2024-01-09 E1 won 5 EUR id=x3
            2025-12-01 young onboarded id=x4
            2024-01-01 unknown training basics id=x5
            2024-01-01 lost onboarded id=x6
            2024-01-02 E2 captured by lost id=x7
            2024-06-09 E2 won 5 EUR id=x8
            2024-07-09 E2 refunded 5 EUR id=x9
            2024-01-01 late onboarded id=y1
            2025-06-02 E3 captured by late id=y2
            2025-06-09 E3 won 5 EUR id=y3
        """),
    ]
    plain = plv.fit_potential(cohort(60), as_of=NOW)
    fit = plv.fit_potential(events, as_of=NOW)

    assert (1, 1, 1) == (fit.won_early, fit.too_young, fit.unknown)
    assert str(fit).endswith(
        f"({fit.won} of {fit.n} partners won in time; left out: 1 that won early, 1 too young, "
        "1 of unknown onboarding)"
    )
    assert str(fit).startswith("base -")
    # the deal that was paid back and the one beyond the horizon are no wins
    assert (plain.n + 2, plain.won) == (fit.n, fit.won)


def test_a_fit_on_too_little_is_refused_with_the_model_to_use() -> None:
    with pytest.raises(OptionError, match="onboarded=39: a fit needs at least 40; use the given"):
        plv.fit_potential(cohort(39), as_of=NOW)
    with pytest.raises(OptionError, match="use the given model 'assumed', as it is"):
        plv.fit_potential([], as_of=NOW)
    some = [event for event in cohort(60) if event.type == "partner_onboarded"]
    with pytest.raises(OptionError, match="won=0: a fit needs at least 10"):
        plv.fit_potential(some, as_of=NOW)
    wins = [
        event
        for number in range(60)
        for event in history(f"""
            2024-05-01 W{number} captured by p{number} id=c{number}
            2024-06-01 W{number} won 5 EUR id=w{number}
        """)
    ]
    with pytest.raises(OptionError, match="not won=0: a fit needs at least 10"):
        plv.fit_potential([*some, *wins], as_of=NOW)


@pytest.mark.parametrize("pull", [0, -1, float("nan")])
def test_a_pull_that_is_none_is_refused(pull: float) -> None:
    with pytest.raises(OptionError, match="pull"):
        plv.fit_potential(cohort(60), as_of=NOW, pull=pull)


def test_odds_beyond_what_floats_hold_are_certain() -> None:
    assert (0.0, 1.0) == (logistic(-1e308), logistic(1e308))
    assert timedelta(0) == plv.EarlySignals(partner_id="p").watched
