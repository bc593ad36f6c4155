"""Every figure made of others agrees with one worked out from the naive twins of its parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from math import comb
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerleads import Period, fold
from partnerleads import events as ev
from partnerleads.lifecycle import Lifecycles
from partnerleads.model import Money
from tests.oracles.twins import (
    Asked,
    Member,
    attribution,
    converted,
    final_value,
    first,
    is_answer,
    standing_close,
    standing_win,
    twin,
)
from tests.oracles.twins_cohorts import ends_of, had, incidence
from tests.properties import composed_cases as cases
from tests.properties import kpi_cases

CURRENCIES = ("EUR", "USD")

few = settings(max_examples=max(20, settings.default.max_examples // 3))

Options = dict[str, Any]


def part(name: str, lives: Lifecycles, options: Options, *keys: str, **own: Any) -> Any:
    """The naive twin of a part: the whole, and its segments."""
    asked = Asked(
        as_of=lives.as_of,
        by=keys,
        options={k: v for k, v in options.items() if k != "period"} | own,
        partner_events=lives.partner_events,
        period=options.get("period"),
    )
    return twin(name, [lead.events for lead in lives.values()], asked)


def captured(lives: Lifecycles, period: Period | None) -> list[tuple[Any, ...]]:
    """The leads captured in a period."""
    starts = ((lead.events, first(lead.events, ev.LeadCaptured)) for lead in lives.values())
    return [events for events, start in starts if start is not None and placed(start, period)]


def placed(event: Any, period: Period | None) -> bool:
    return period is None or (
        period.start <= event.occurred_at < period.end and event.precision != "relative"
    )


def trailing(options: Options, as_of: datetime, *, earlier: int = 0) -> Period | None:
    if "trailing" not in options:
        return None
    until = as_of.date() + timedelta(days=1 - earlier)
    return Period.days(until - options["trailing"], until)


def old_enough(lives: Lifecycles, within: timedelta) -> Lifecycles:
    """The leads that had the whole time limit, and those whose age nobody knows."""
    asked, kept = Asked(as_of=lives.as_of), dict[Any, Any]()
    for lead_id, lead in lives.items():
        start = first(lead.events, ev.LeadCaptured)
        if start is None:
            continue
        if start.precision not in ("instant", "day") or had(start, within, asked):
            kept |= {lead_id: lead}
    return evolve(lives, leads=kept)


def win_rate(lives: Lifecycles, options: Options) -> tuple[int, int]:
    within = options.get("within")
    name, own = "decided_win_rate", {}
    days = trailing(options, lives.as_of)
    if within is not None:
        name, own = "cohort_close_rate", {"within": within}
        days = trailing(options, lives.as_of, earlier=9 if within.days == 9 else 2)
        lives = old_enough(lives, within)
    whole, _ = part(name, lives, {"period": days}, **own)
    return whole["hits"], whole["of"]


# --- the figures ----------------------------------------------------------------------------------

REACHED: dict[str, Callable[[tuple[Any, ...]], Any]] = {
    "captured": lambda events: first(events, ev.LeadCaptured),
    "offered": lambda events: first(events, ev.LeadOffered),
    "accepted": lambda events: first(events, ev.LeadAccepted),
    "responded": lambda events: next(filter(is_answer, events), None),
    "progressed": lambda events: first(events, ev.LeadProgressed),
    "converted": converted,
    "won": standing_win,
}


def funnel(lives: Lifecycles, options: Options) -> dict[str, Any]:
    steps = options.get("steps", (*tuple(REACHED)[:5], "won"))
    leads = captured(lives, options.get("period"))
    furthest = [
        max((n for n, step in enumerate(steps) if REACHED[step](events) is not None), default=-1)
        for events in leads
    ]
    reached = [sum(one >= step for one in furthest) for step in range(len(steps))]
    stopped = []
    for step in range(len(steps) - 1):
        closes = [
            standing_close(events)
            for events, one in zip(leads, furthest, strict=True)
            if one == step
        ]
        reasons = Counter(
            close.reason for close in closes if isinstance(close, ev.LeadLost | ev.LeadDisqualified)
        )
        closed = sum(close is not None for close in closes)
        stopped.append((len(closes) - closed, closed, dict(reasons)))
    return {
        "n": len(leads),
        "reached": reached,
        "rates": [
            (now, before) for now, before in zip(reached, [len(leads), *reached], strict=False)
        ],
        "entered": [(now, reached[0]) for now in reached],
        "stopped": stopped,
    }


def seen_funnel(figure: Any) -> dict[str, Any]:
    lost = [step.lost for step in figure.steps[:-1]]
    assert figure.steps[-1].lost is None
    return {
        "n": figure.n,
        "reached": [step.reached for step in figure.steps],
        "rates": [(step.rate.hits, step.rate.of) for step in figure.steps],
        "entered": [(step.of_entered.hits, step.of_entered.of) for step in figure.steps],
        "stopped": [(one.still_open, one.closed, dict(one.reasons)) for one in lost],
    }


def sales_velocity(lives: Lifecycles, options: Options) -> dict[str, Any]:
    leads = captured(lives, None)
    waiting = [events for events in leads if standing_close(events) is None]
    if options.get("which") == "in progress":
        waiting = [events for events in waiting if first(events, ev.LeadProgressed) is not None]
    hits, of = win_rate(lives, options)
    days = {"period": trailing(options, lives.as_of)}
    money = {k: options[k] for k in ("rates", "currency") if k in options}
    size, _ = part("final_lead_value", lives, days | money)
    length = part("won_velocity", lives, days)[0][options.get("cycle", "median")]
    per_day = {}
    if of and size["n"] and length:
        per_day = {
            currency: rounded(
                Fraction(len(waiting) * hits, of * size["n"])
                * Fraction(money.amount)
                / Fraction(length),
                currency,
            )
            for currency, money in size["by_currency"].items()
        }
    return {"n": len(waiting), "per_day": per_day, "days": length, "wins": (hits, of)}


def seen_velocity(figure: Any) -> dict[str, Any]:
    return {
        "n": figure.n,
        "per_day": dict(figure.by_currency),
        "days": figure.cycle_days,
        "wins": (figure.win_rate.hits, figure.win_rate.of),
    }


def rounded(amount: Fraction, currency: str) -> Money:
    exact = Decimal(amount.numerator) / Decimal(amount.denominator)
    return Money(exact.quantize(Decimal("0.01"), ROUND_HALF_EVEN), currency)


def pipeline_coverage(lives: Lifecycles, options: Options) -> dict[str, Any]:
    own = {k: v for k, v in options.items() if k in ("weighted", "expected_in", "rates")}
    if "rates" in own:
        own["currency"] = "EUR"
    value, _ = part("expected_lead_value", lives, own, which=options.get("which", "open"))
    hits, of = win_rate(lives, options)
    sums = value["by_currency"]
    nobody = not value["n"] + value["without_value"] + sum(value["left_out_because"].values())
    coverage = 0.0 if nobody else None
    if set(sums) == {"EUR"}:
        coverage = float(sums["EUR"].amount / cases.QUOTA.amount)
    required = of / hits if hits else None
    if options.get("weighted"):  # the chances are in the value already
        required = 1.0
    return {"value": coverage, "required": required, "n": value["n"]}


def seen_coverage(figure: Any) -> dict[str, Any]:
    return {name: getattr(figure, name) for name in ("value", "required", "n")}


def concentration(lives: Lifecycles, options: Options) -> dict[str, Any]:
    partner, period = options.get("partner", "sourcing_partner"), options.get("period")
    dates = {"period": period}
    _, wins = part("closed_won", lives, dates, partner)
    money = {k: options[k] for k in ("rates", "currency") if k in options}
    _, values = part("final_lead_value", lives, dates | money, partner)
    leads = {partner_of(events, partner, lives) for events in captured(lives, period)}
    held: dict[str, Any] = {name: one["value"] for name, one in wins.items() if name}
    winners, bad = set(held), False
    if options.get("unit") == "revenue":
        sums = {name: one["by_currency"] for name, one in values.items() if name}
        bad = len({currency for one in sums.values() for currency in one}) > 1
        held = {name: sum(m.amount for m in one.values()) for name, one in sums.items()}
    everyone = winners | {name for name in leads if name}
    unknown = set[str]()
    n, without = sum(one["value"] for name, one in wins.items() if name), 0
    if options.get("unit") == "revenue":
        unknown = {name for name in winners if not values[name]["by_currency"]}
        n = sum(one["n"] for name, one in values.items() if name)
        without = sum(one["without_value"] for name, one in values.items() if name)
    few_ = sorted(held.values(), reverse=True)[: options.get("top", 3)]
    whole = sum(held.values())
    bad = bad or whole == 0 or min(held.values()) < 0
    spread = [float(held.get(name, 0)) for name in everyone - unknown]
    pairs = sum(abs(one - other) for one in spread for other in spread)
    return {
        "value": None if bad else float(sum(one for one in few_ if one > 0) / whole),
        "gini": None if bad else pairs / (2 * len(spread) * sum(spread)),
        "without_win": sorted(everyone - winners),
        "partners": len(everyone),
        "n": n,
        "without": without,
    }


def partner_of(events: tuple[Any, ...], key: str, lives: Lifecycles) -> str | None:
    if key == "sourcing_partner":
        return attribution(events, lives.as_of)[1]
    return getattr(standing_close(events), "partner_id", None)


def seen_concentration(figure: Any) -> dict[str, Any]:
    return {
        "value": figure.value,
        "gini": figure.gini,
        "without_win": list(figure.without_win),
        "partners": figure.partners,
        "n": figure.n,
        "without": figure.without_value,
    }


def programme_return(lives: Lifecycles, options: Options) -> dict[str, Any]:
    period = options.get("period")
    classes = ("sourced", "influenced") if options.get("credit") == "involved" else ("sourced",)
    sums: dict[str, Fraction] = {}
    wins = n = without = refunded = 0
    for lead in lives.values():
        win = standing_win(lead.events)
        if first(lead.events, ev.LeadCaptured) is None or win is None or not placed(win, period):
            continue
        if attribution(lead.events, lives.as_of)[0] not in classes:
            continue
        wins += 1
        if win.margin is None:
            without += 1
            continue
        currency, margin = priced(win.margin, win, options)
        before, left = (final_value(lead.events, gross=gross) for gross in (True, False))
        sums.setdefault(currency, Fraction(0))
        if before == left:
            kept = Fraction(1)
        elif left is None or before.amount <= 0:
            continue
        else:
            kept = Fraction(left.amount) / Fraction(before.amount)
            refunded += 1
        n += 1
        sums[currency] += kept * margin
    costs: dict[str, Fraction] = {}
    for cost in lives.costs:
        if placed(cost, period):
            currency, amount = priced(cost.cost, cost, options)
            costs[currency] = costs.get(currency, Fraction(0)) + amount
    spent = sum(rounded(amount, name).amount for name, amount in costs.items())
    slack = 0.02 if "rates" in options else 0.005
    return {
        "defined": len({*sums, *costs}) == 1 and spent > 0 and bool(n or not wins),
        "margin": [pytest.approx(float(sums.get(name, 0)), abs=slack) for name in CURRENCIES],
        "cost": [pytest.approx(float(costs.get(name, 0)), abs=slack) for name in CURRENCIES],
        "n": n,
        "refunded": refunded,
        "without": without,
    }


def priced(money: Money, event: Any, options: Options) -> tuple[str, Fraction]:
    target = options.get("currency")
    if target is None or target == money.currency:
        return money.currency, Fraction(money.amount)
    period = options.get("period")
    day: date = event.occurred_at.astimezone(
        Asked(as_of=event.occurred_at, period=period).zone
    ).date()
    return target, Fraction(money.amount) * Fraction(options["rates"](money.currency, target, day))


def seen_return(figure: Any) -> dict[str, Any]:
    margin, cost = (
        [float(sums[name].amount) if name in sums else 0.0 for name in CURRENCIES]
        for sums in (figure.margin, figure.cost)
    )
    if figure.value is not None:
        assert pytest.approx(sum(margin) / sum(cost)) == figure.value
    return {
        "defined": figure.value is not None,
        "margin": margin,
        "cost": cost,
        "n": figure.n,
        "refunded": figure.refunded,
        "without": figure.without_margin,
    }


def league_table(lives: Lifecycles, options: Options) -> dict[str, Any]:
    within, period = options.get("within", cases.CYCLE), options.get("period")
    asked = Asked(as_of=lives.as_of, period=period)
    counts: dict[str, tuple[int, int]] = {}
    left_out: Counter[str] = Counter()
    for lead in lives.values():
        start = first(lead.events, ev.LeadCaptured)
        inside = start is not None and period is not None and start.precision == "relative"
        if inside and period.start <= start.occurred_at < period.end:
            left_out["its calendar is invented"] += (
                attribution(lead.events, lives.as_of)[1] is not None
            )
    for events in captured(lives, period):
        partner, start = attribution(events, lives.as_of)[1], first(events, ev.LeadCaptured)
        exact = start.precision in ("instant", "day")
        if partner is None:
            continue
        if within is not None and exact and not had(start, within, asked):
            left_out["it did not have the whole time yet"] += 1
            continue
        ends, _, reasons = ends_of([Member(events=events)], asked)
        left_out.update(reasons)
        for span, outcome in ends:
            hits, of = counts.get(partner, (0, 0))
            is_hit = outcome == "hit" and (within is None or span <= within)
            counts[partner] = (hits + is_hit, of + 1)
    return {"counts": counts, "n": sum(of for _, of in counts.values()), "left_out": +left_out}


def seen_table(figure: Any) -> dict[str, Any]:
    prior = figure.prior.prior
    whole = figure.rate.value
    shrunken = []
    for row in figure:
        hits, of = row.rate.hits, row.rate.of
        below, above = tails(hits, of, whole)
        tail = 0.25 if figure.definition["limits"] == "0.5" else 0.001
        flag = "below" if below <= tail else "above" if above < tail else None
        if min(abs(below - tail), abs(above - tail)) > 1e-9:
            assert flag == row.flag
        if prior is not None:
            shrunken.append((prior.a + hits) / (prior.a + prior.b + of))
            assert shrunken[-1] == row.shrunken
            assert row.interval[0] <= row.shrunken <= row.interval[1]
            alike = figure.prior.held_at == "most"
            better = [] if alike else [one for one in figure if one.shrunken > row.shrunken]
            assert row.rank == 1 + len(better)
    assert sorted(shrunken, reverse=True) == shrunken
    return {
        "counts": {row.partner_id: (row.rate.hits, row.rate.of) for row in figure},
        "n": figure.n,
        "left_out": Counter(figure.left_out_because),
    }


def tails(hits: int, of: int, share: float) -> tuple[float, float]:
    """The chance of so many hits or fewer, and of so many or more."""
    chances = [comb(of, k) * share**k * (1 - share) ** (of - k) for k in range(of + 1)]
    return sum(chances[: hits + 1]), sum(chances[hits:])


def suggested_cycle(lives: Lifecycles, options: Options) -> dict[str, Any]:
    asked = Asked(as_of=lives.as_of, period=options.get("period"))
    leads = captured(lives, asked.period)
    spans, _, _ = ends_of([Member(events=events) for events in leads], asked)
    wins = sorted(span for span, outcome in spans if outcome == "hit")
    value = None
    if wins:
        most = incidence(spans, wins[-1])
        assert most is not None
        part_ = options.get("share", 0.9) * most - 1e-9
        value = next(one for one in wins if (incidence(spans, one) or 0) >= part_)
    days = None if value is None else value / timedelta(days=1)
    return {"value": days, "wins": len(wins), "n": len(spans)}


def seen_cycle(figure: Any) -> dict[str, Any]:
    assert (figure.value is None) == (figure.within is None)
    return {name: getattr(figure, name) for name in ("value", "wins", "n")}


KPIS: dict[str, tuple[Callable[..., dict[str, Any]], Callable[[Any], dict[str, Any]]]] = {
    "funnel": (funnel, seen_funnel),
    "sales_velocity": (sales_velocity, seen_velocity),
    "pipeline_coverage": (pipeline_coverage, seen_coverage),
    "concentration": (concentration, seen_concentration),
    "programme_return": (programme_return, seen_return),
    "league_table": (league_table, seen_table),
    "suggested_cycle": (suggested_cycle, seen_cycle),
}


def test_every_figure_made_of_others_has_a_twin() -> None:
    assert set(cases.KPIS) == set(KPIS)


def near(value: Any) -> Any:
    return pytest.approx(value, rel=1e-9, abs=1e-12) if isinstance(value, float) else value


@pytest.mark.parametrize("name", sorted(KPIS))
@few
@given(events=cases.histories(), as_of=kpi_cases.moments, data=st.data())
def test_twins_agree(
    name: str, events: tuple[Any, ...], as_of: datetime, data: st.DataObject
) -> None:
    options = data.draw(cases.asked(name), label="options")
    lives = fold(events, as_of=as_of)
    expected, seen = KPIS[name]
    figure = cases.KPIS[name](lives, **options)

    assert {key: near(value) for key, value in expected(lives, options).items()} == seen(figure)
    value = getattr(figure, "value", 0 if figure.undefined_because is None else None)
    assert (value is None) == (figure.undefined_because is not None)
