"""Laws of lifetime values and of the models beneath them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from math import exp
from typing import Any

import attrs
import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from partnerleads import events as ev
from partnerleads import plv
from partnerleads.model import FrozenMap, Money
from partnerleads.plv.lifetime.discounting import discounted
from partnerleads.testing import at, history, strategies
from tests.properties import kpi_cases
from tests.properties.test_plv_score_laws import among_others
from tests.unit.plv.lifetime.models import PARTNERS as MODELS
from tests.unit.plv.lifetime.models import histories as lives
from tests.unit.plv.lifetime.models import seen

HISTORIES = strategies.histories(max_partner_events=8)
MOMENTS = kpi_cases.moments
NOW = at("2027-06-30")
GIVEN = plv.CredibleMean(collective=Money(1000, "EUR"))
MODEL = st.sampled_from(MODELS)
CONTINUOUS = st.sampled_from(MODELS[:4])
TIMES = st.floats(0, 500)

# each history is valued with several models
settings.register_profile("plv values", max_examples=max(20, settings.default.max_examples // 2))
few = settings.get_profile("plv values")


@st.composite
def deals(draw: DrawFn) -> str:
    """Deals of three partners, some paid back in part or altogether, and costs."""
    lines = []
    for number in range(draw(st.integers(0, 12))):
        partner = draw(st.sampled_from(("acme", "beta", "cyan")))
        day = at("2026-01-01") + timedelta(days=draw(st.integers(0, 400)))
        value, margin = draw(st.integers(1, 9000)), draw(st.integers(-3000, 3000))
        lines.append(f"{day:%Y-%m-%d} L{number} captured by {partner}")
        day += timedelta(days=draw(st.integers(1, 60)))
        lines.append(f"{day:%Y-%m-%d} L{number} won {value} EUR margin={margin} EUR")
        if draw(st.integers(0, 3)) == 0:
            day += timedelta(days=draw(st.integers(1, 60)))
            lines.append(f"{day:%Y-%m-%d} L{number} refunded {draw(st.integers(1, 9000))} EUR")
        if draw(st.integers(0, 3)) == 0:
            lines.append(f"{day:%Y-%m-%d} {partner} cost portal {draw(st.integers(0, 900))} EUR")
    return "\n".join(lines)


def valued(
    events: Iterable[Any], as_of: datetime = NOW, **options: Any
) -> FrozenMap[str, plv.LifetimeValue]:
    plain: dict[str, Any] = {"amounts": GIVEN, "credit": "involved"}
    return plv.lifetime_value(list(events), as_of=as_of, **plain | options)


def in_weeks(model: Any) -> dict[str, Any]:
    """Options of a model whose time is in weeks, or in quarters as occasions."""
    unit = "quarter" if isinstance(model, plv.BgBb) else "week"
    return {"model": model, "unit": unit, "transaction": "quarter" if unit == "quarter" else "day"}


def naive(events: Iterable[ev.Event], partner: str, as_of: datetime) -> tuple[float, float]:
    """Margin won, and what is to come within two years, counted deal by deal and day by day."""
    captured, margins, days = set(), {}, {}
    left: dict[str, tuple[Decimal, Decimal]] = {}
    for event in sorted(events, key=lambda one: one.occurred_at):
        if event.occurred_at > as_of:
            break
        match event:
            case ev.LeadCaptured(lead_id=lead, originator=who) if who == partner:
                captured.add(lead)
            case ev.LeadWon(lead_id=lead, value=Money(amount=value), margin=Money(amount=margin)):
                if lead in captured:
                    margins[lead], left[lead] = margin, (value, value)
                    days[lead] = event.occurred_at
            case ev.DealRefunded(lead_id=lead, value=Money(amount=refund)) if lead in captured:
                left[lead] = (left[lead][0], left[lead][1] - refund)
    net = {
        lead: (margins[lead] * rest / value).quantize(Decimal("0.01"))
        for lead, (value, rest) in left.items()
    }
    standing = [lead for lead, (_, rest) in left.items() if rest > 0]
    dates = sorted({days[lead].date() for lead in standing})
    own = sum(float(net[lead]) for lead in standing) / len(dates)
    amount = (len(dates) * own + 3 * 1000) / (len(dates) + 3)
    age, last = (as_of.date() - dates[0]).days, (dates[-1] - dates[0]).days
    repeats = len(dates) - 1
    gone = 0.5 / (4.5 + repeats) * ((180 + age) / (180 + last)) ** (1 + repeats)
    daily = (1 + repeats) / (180 + age) / (1 + gone)
    ahead = (as_of + relativedelta(years=2) - as_of).days
    worth = sum(daily * 1.1 ** (-(day + 0.5) / 365) for day in range(ahead))
    return float(sum(net.values())), amount * worth


@few
@given(text=deals())
def test_values_agree_with_a_slow_naive_twin(text: str) -> None:
    events = history(text)
    for name, value in valued(events, credit="sourced", costs=()).items():
        if not value.amounts:
            continue  # the twin is of those with a win
        won, residual = naive(events, name, NOW)
        assert value.won is not None
        assert value.residual is not None
        assert won == pytest.approx(float(value.won.amount), abs=0.011)
        # the amount of a transaction is rounded to a cent before it is multiplied
        off = 0.011 * value.discounted + 0.02
        assert residual == pytest.approx(float(value.residual.amount), rel=1e-5, abs=off)


@few
@given(text=deals(), model=MODEL)
def test_without_interest_the_residual_is_the_amount_times_the_expected_count(
    text: str, model: Any
) -> None:
    for value in valued(history(text), annual_rate=0.0, **in_weeks(model)).values():
        assert value.expected == pytest.approx(value.discounted, rel=1e-12)
        assert value.amount is not None
        product = value.amount.amount * Decimal(value.expected)
        assert value.residual is not None
        assert abs(value.residual.amount - product) <= Decimal("0.0051")


@few
@given(text=deals(), rate=st.floats(0, 1))
def test_parts_add_up_and_the_interval_holds_the_value(text: str, rate: float) -> None:
    for value in valued(history(text), annual_rate=rate).values():
        assert value.historic is not None
        assert value.residual is not None
        assert value.won is not None
        assert value.spent is not None
        assert value.interval is not None
        assert value.historic == value.won - value.spent
        assert value.value == value.historic + value.residual
        assert value.interval[0] <= value.value <= value.interval[1]


@few
@given(text=deals(), rate=st.floats(-0.5, 1))
def test_changing_units_changes_nothing(text: str, rate: float) -> None:
    days = plv.MbgNbd(r=0.8, alpha=70.0, a=0.6, b=3.0)
    weeks = plv.MbgNbd(r=0.8, alpha=10.0, a=0.6, b=3.0)
    first = valued(history(text), model=days, unit="day", annual_rate=rate)
    second = valued(history(text), model=weeks, unit="week", annual_rate=rate)

    for name, value in first.items():
        assert value.alive_probability == pytest.approx(second[name].alive_probability)
        assert value.expected == pytest.approx(second[name].expected, rel=1e-9)
        assert value.discounted == pytest.approx(second[name].discounted, rel=1e-9)


@few
@given(text=deals(), first=st.integers(0, 900), second=st.integers(0, 900))
def test_additive_over_horizons_without_interest(text: str, first: int, second: int) -> None:
    one, two, both = (
        valued(history(text), annual_rate=0.0, horizon=timedelta(days=days))
        for days in (first, second, first + second)
    )

    for name, value in both.items():
        assert value.expected == pytest.approx(one[name].expected + two[name].expected)


@few
@given(seen=lives(), model=CONTINUOUS, first=TIMES, second=TIMES, force=st.floats(0, 0.05))
def test_later_transactions_are_discounted_on_top_of_earlier_ones(
    seen: plv.Transactions, model: Any, first: float, second: float, force: float
) -> None:
    def until(time: float) -> float:
        return float(model.further_transactions(seen, time))

    def afterwards(time: float) -> float:
        return until(first + time) - until(first)

    whole = discounted(until, first + second, force)
    parts = discounted(until, first, force)
    parts += exp(-force * first) * discounted(afterwards, second, force)

    assert whole == pytest.approx(parts, rel=1e-5, abs=1e-9)


@few
@given(text=deals(), low=st.floats(0, 1), high=st.floats(0, 1))
def test_more_interest_never_makes_the_future_worth_more(
    text: str, low: float, high: float
) -> None:
    less, more = (valued(history(text), annual_rate=max(low, high)),
                  valued(history(text), annual_rate=min(low, high)))  # fmt: skip

    for name, value in less.items():
        assert 0 <= value.discounted <= more[name].discounted * (1 + 1e-9)


@few
@given(events=HISTORIES, as_of=MOMENTS, data=st.data())
def test_order_of_events_invariant(
    events: tuple[Any, ...], as_of: datetime, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(events))

    assert valued(events, as_of) == valued(shuffled, as_of)


@few
@given(events=HISTORIES, as_of=MOMENTS)
def test_duplicates_no_effect(events: tuple[Any, ...], as_of: datetime) -> None:
    assert valued(events, as_of) == valued([*events, *events], as_of)


@few
@given(events=HISTORIES, as_of=MOMENTS)
def test_other_partners_no_effect_with_given_parameters(
    events: tuple[Any, ...], as_of: datetime
) -> None:
    alone = valued(events, as_of)
    among = valued([*events, *among_others(events)], as_of)

    assert alone == {name: value for name, value in among.items() if name in alone}


@few
@given(text=deals(), days=st.integers(1, 300))
def test_events_after_as_of_no_effect(text: str, days: int) -> None:
    as_of = at("2026-03-01") + timedelta(days=days)
    events = history(text)
    known = [event for event in events if event.occurred_at <= as_of]

    assert valued(known, as_of) == valued(events, as_of)


@few
@given(events=HISTORIES, as_of=MOMENTS)
def test_who_left_has_no_future(events: tuple[Any, ...], as_of: datetime) -> None:
    for value in valued(events, as_of).values():
        if value.terminated_at is not None:
            assert Money(0, "EUR") == value.residual
            assert 0.0 == value.expected == value.alive_probability


@few
@given(text=deals(), factor=st.sampled_from([2, 10, 100]))
def test_a_currency_of_another_size_scales_the_value(text: str, factor: int) -> None:
    """A price of 1 EUR in USD multiplies every amount, but for rounding."""
    own = valued(history(text))
    other = valued(
        history(text),
        amounts=plv.CredibleMean(collective=Money(1000 * factor, "USD")),
        rates=lambda *_: Decimal(factor),
        currency="USD",
    )

    for name, value in own.items():
        assert value.historic is not None
        assert other[name].historic == Money(value.historic.amount * factor, "USD")
        assert value.amount is not None
        amount = other[name].amount
        assert amount is not None
        assert abs(amount.amount - value.amount.amount * factor) <= Decimal("0.01") * factor


@given(seen=lives(), model=MODEL)
def test_a_chance_to_be_active_is_a_chance(seen: plv.Transactions, model: Any) -> None:
    assert 0 <= model.alive_probability(seen) <= 1


@given(one=lives(), model=MODEL, silence=st.integers(0, 100))
def test_silence_never_makes_anybody_likelier_to_be_active(
    one: plv.Transactions, model: Any, silence: int
) -> None:
    later = seen(one.repeats, one.last, one.age + silence)

    assert model.alive_probability(later) <= model.alive_probability(one) * (1 + 1e-9)


@given(seen=lives(), model=MODEL, first=TIMES, second=TIMES)
def test_more_time_never_has_fewer_transactions(
    seen: plv.Transactions, model: Any, first: float, second: float
) -> None:
    short, long = sorted((first, second))

    assert 0 == model.further_transactions(seen, 0)
    assert model.further_transactions(seen, short) <= model.further_transactions(seen, long) * (
        1 + 1e-9
    )


@given(one=lives(), model=MODEL, factor=st.floats(0.01, 100), time=TIMES)
def test_models_have_no_unit_of_time_of_their_own(
    one: plv.Transactions, model: Any, factor: float, time: float
) -> None:
    if isinstance(model, plv.BgBb):
        return  # its occasions are whole
    scaled = attrs.evolve(
        model,
        **{
            name: getattr(model, name) * factor
            for name in ("alpha", "beta")
            if hasattr(model, name)
        },
    )
    other = seen(one.repeats, one.last * factor, one.age * factor)

    assert model.alive_probability(one) == pytest.approx(scaled.alive_probability(other), rel=1e-7)
    assert model.further_transactions(one, time) == pytest.approx(
        scaled.further_transactions(other, time * factor), rel=1e-7
    )


@given(one=lives(), model=MODEL, confidence=st.floats(0.01, 0.99))
def test_limits_of_the_rate_lie_around_its_middle_and_widen_with_confidence(
    one: plv.Transactions, model: Any, confidence: float
) -> None:
    low, high = model.rate_limits(one, confidence=confidence)
    lower, higher = model.rate_limits(one, confidence=(1 + confidence) / 2)

    assert 0 <= lower <= low < high <= higher


def test_a_year_of_interest_is_a_year_of_365_days() -> None:
    events = history("2026-01-01 L1 captured by acme\n2026-01-02 L1 won 9 EUR margin=9 EUR")
    options = {"horizon": relativedelta(years=1), "annual_rate": 0.2}
    (yearly,) = valued(events, at("2026-03-01"), **options).values()
    (weekly,) = valued(
        events,
        at("2026-03-01"),
        model=plv.GammaPoisson(r=1, alpha=180 / 7, a=0.5, b=4.5),
        unit="week",
        **options,
    ).values()

    assert 365 == yearly.horizon_days
    assert yearly.discounted == pytest.approx(weekly.discounted, rel=1e-12)
