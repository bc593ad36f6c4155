"""Influence by partner on dirty histories: a naive second writing, and the laws of any figure."""

from __future__ import annotations

import pickle
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerleads import events as ev
from partnerleads import fold, kpis
from partnerleads.attribution.splitting import shared_out, split_weights
from partnerleads.model import Money, minor_units
from partnerleads.testing import strategies
from tests.oracles import twins
from tests.properties import kpi_cases as cases

settings.register_profile("laws", max_examples=max(10, settings.default.max_examples // 5))
few = settings.get_profile("laws")

START = datetime.fromisoformat("2026-01-01T00:00:00+00:00")
MODELS = ("equal", "first", "last", "position", "time_decay")
HISTORIES = strategies.histories(currencies=("EUR", "USD", "JPY"))
TOTALS = {"revenue": kpis.influenced_revenue, "pipeline": kpis.influenced_pipeline}
units = st.sampled_from(("leads", "pipeline", "revenue"))
half_lives = st.sampled_from((timedelta(hours=12), timedelta(days=7), timedelta(days=90)))
prices = st.sampled_from(({}, cases.CONVERTED))


@st.composite
def asked(draw: st.DrawFn, models: tuple[str, ...] = ("full", *MODELS)) -> dict[str, Any]:
    """Options of the figure."""
    options: dict[str, Any] = {"model": draw(st.sampled_from(models)), "unit": draw(units)}
    if options["model"] == "time_decay":
        options["half_life"] = draw(half_lives)
    if options["unit"] != "pipeline":
        options["period"] = draw(st.none() | cases.spans)
    return options | draw(prices)


def touches(events: tuple[Any, ...]) -> list[Any]:
    """The events by which partners influenced a lead, straight from the definition."""
    close = twins.standing_close(events)
    kinds = (ev.PartnerInfluenced, ev.ContactMade, ev.LeadAccepted, ev.LeadProgressed, ev.LeadWon)
    captured = twins.first(events, ev.LeadCaptured)
    return [
        event
        for event in twins.of_kind(twins.after(events, captured), *kinds)
        if event.partner_id is not None
        and not (close and event.occurred_at > close.occurred_at)
        and not (isinstance(event, ev.ContactMade) and event.by != "partner")
        and not (
            isinstance(event, ev.LeadAccepted)
            and any(
                twins.same_recipient(given_back, event)
                for given_back in twins.of_kind(twins.after(events, event), ev.LeadReturned)
            )
        )
    ]


def naive_parts(events: tuple[Any, ...], options: dict[str, Any]) -> dict[str, Fraction]:
    found = touches(events)
    n = len(found)
    sizes: list[Any] = [Fraction(1)] * n
    match options["model"]:
        case "full":
            return {event.partner_id: Fraction(1) for event in found}
        case "first":
            sizes = [1, *[0] * (n - 1)]
        case "last":
            sizes = [*[0] * (n - 1), 1]
        case "position" if n > 2:
            sizes = [Fraction(2, 5), *[Fraction(1, 5) / (n - 2)] * (n - 2), Fraction(2, 5)]
        case "time_decay":
            ages = [found[-1].occurred_at - event.occurred_at for event in found]
            sizes = [Fraction(0.5 ** (age / options["half_life"])) for age in ages]
    parts: dict[str, Fraction] = {}
    for event, size in zip(found, sizes, strict=True):
        parts[event.partner_id] = parts.get(event.partner_id, Fraction(0)) + size / sum(sizes)
    return {partner: part for partner, part in parts.items() if part}


def naive(
    stories: list[tuple[Any, ...]], question: twins.Asked
) -> tuple[dict[tuple[str, str], Fraction], dict[str, Fraction]]:
    """The exact money of each partner and currency, and its leads."""
    money: dict[tuple[str, str], Fraction] = {}
    leads: dict[str, Fraction] = {}
    unit = question.options["unit"]
    population = {
        "leads": twins.at_first(ev.LeadCaptured),
        "pipeline": twins.only(twins.stock, twins.is_open),
        "revenue": twins.won_leads,
    }[unit]
    for events in stories:
        if not twins.of_kind(events, ev.LeadCaptured):
            continue
        if twins.attribution(events, question.as_of)[0] != "influenced":
            continue
        for member in population(events, question):
            if (
                question.period is not None
                and member.anchor is not None
                and (
                    not question.period.start <= member.anchor.occurred_at < question.period.end
                    or member.anchor.precision == "relative"
                )
            ):
                continue
            amount = None
            if unit != "leads":
                value = {"pipeline": twins.expected_value, "revenue": twins.won_value}[unit]
                amount = value(member, question)
                if amount is None:
                    continue
            for partner, part in naive_parts(events, dict(question.options)).items():
                leads[partner] = leads.get(partner, Fraction(0)) + part
                if amount is not None:
                    currency, value_ = twins.priced(amount, member, question)
                    key = (partner, currency)
                    money[key] = money.get(key, Fraction(0)) + part * Fraction(value_)
    return money, leads


@given(events=HISTORIES, as_of=cases.moments, options=asked())
def test_the_naive_writing_agrees_to_less_than_a_smallest_unit(
    events: tuple[Any, ...], as_of: datetime, options: dict[str, Any]
) -> None:
    lives = fold(events, as_of=as_of)
    figure = kpis.influence_by_partner(lives, **options)
    question = twins.Asked(as_of=as_of, options=options, period=options.get("period"))
    money, leads = naive([lead.events for lead in lives.values()], question)

    assert leads == {partner: one.leads for partner, one in figure.segments.items() if one.leads}
    found = {
        (partner, currency): amount
        for partner, one in figure.segments.items()
        for currency, amount in one.by_currency.items()
    }
    assert set(money) == set(found)
    for key, amount in money.items():
        unit = Fraction(1, 10 ** minor_units(key[1]))
        assert abs(Fraction(found[key].amount) - amount) < unit


@given(events=HISTORIES, as_of=cases.moments, options=asked(MODELS))
def test_split_influence_adds_up_to_the_influenced_total(
    events: tuple[Any, ...], as_of: datetime, options: dict[str, Any]
) -> None:
    figure = kpis.influence_by_partner(events, as_of=as_of, **options)
    others = {k: v for k, v in options.items() if k not in ("model", "unit", "half_life")}

    assert figure.leads == sum(one.leads for one in figure.segments.values())
    if options["unit"] == "leads":
        rate = kpis.influenced_rate(events, as_of=as_of, period=options["period"])
        assert rate.hits == figure.leads
        return
    total = TOTALS[options["unit"]](events, as_of=as_of, **others)
    assert total.by_currency == figure.by_currency
    assert (total.n, total.left_out_because) == (figure.n, figure.left_out_because)
    for currency, money in total.by_currency.items():
        parts = [one.by_currency.get(currency) for one in figure.segments.values()]
        assert money == sum((part for part in parts if part), Money(0, currency))


@given(
    events=HISTORIES, as_of=cases.moments, unit=units, period=st.none() | cases.spans, money=prices
)
def test_in_full_every_partner_has_all_of_each_lead_it_influenced(
    *, events: tuple[Any, ...], as_of: datetime, unit: str, period: Any, money: dict[str, Any]
) -> None:
    options = money if unit == "pipeline" else {"period": period, **money}
    figure = kpis.influence_by_partner(events, as_of=as_of, unit=unit, **options)

    assert all(one.leads == one.n for one in figure.segments.values())
    assert all(one.n <= figure.n for one in figure.segments.values())
    codes = [caution.code for caution in figure.warnings]
    assert bool(figure.segments) == ("not_additive" in codes)


@given(
    model=st.sampled_from(MODELS),
    hours=st.lists(st.integers(0, 10**6), max_size=12).map(sorted),
)
def test_weights_add_up_to_one(model: Any, hours: list[int]) -> None:
    weights = split_weights([START + timedelta(hours=h) for h in hours], model=model)

    assert len(hours) == len(weights)
    assert sum(weights) == bool(hours)
    assert all(0 <= weight <= 1 for weight in weights)


@given(parts=st.lists(st.fractions(-1000, 1000, max_denominator=50), max_size=8))
def test_parts_in_whole_units_add_up_and_are_off_by_less_than_one(parts: list[Fraction]) -> None:
    total = round(sum(parts, Fraction(0)))
    units_ = shared_out(parts, total=total)

    assert total == sum(units_)
    assert all(abs(unit - part) < 1 for unit, part in zip(units_, parts, strict=True))


@few
@given(events=HISTORIES, as_of=cases.moments, by=cases.keys, options=asked(), data=st.data())
def test_input_order_duplicates_and_events_after_the_moment_never_matter(
    *,
    events: tuple[Any, ...],
    as_of: datetime,
    by: tuple[str, ...],
    options: dict[str, Any],
    data: st.DataObject,
) -> None:
    copies = data.draw(st.lists(st.sampled_from(events)) if events else st.just([]))
    shuffled = data.draw(st.permutations([*events, *copies]))
    late = [
        attrs.evolve(event, occurred_at=as_of + timedelta(days=1), source="later")
        for event in events[:3]
        if not isinstance(event, ev.EventRetracted)
    ]
    figure = kpis.influence_by_partner(events, as_of=as_of, by=by, **options)
    again = kpis.influence_by_partner([*shuffled, *late], as_of=as_of, by=by, **options)

    assert figure == again
    assert str(figure) == str(again)


@few
@given(events=HISTORIES, as_of=cases.moments, by=cases.keys, options=asked())
def test_keys_come_after_the_partner_and_never_change_the_whole(
    events: tuple[Any, ...], as_of: datetime, by: tuple[str, ...], options: dict[str, Any]
) -> None:
    plain = kpis.influence_by_partner(events, as_of=as_of, **options)
    figure = kpis.influence_by_partner(events, as_of=as_of, by=by, **options)

    assert ("influencing_partner", *by) == figure.by
    assert plain == attrs.evolve(figure, by=plain.by, segments=plain.segments)
    for partner, one in plain.segments.items():
        parts = [part for key, part in figure.segments.items() if key[0] == partner]
        assert (one.n, one.leads) == (sum(p.n for p in parts), sum(p.leads for p in parts))


@few
@given(events=HISTORIES, as_of=cases.moments, by=cases.keys | st.just(()), options=asked())
def test_it_shows_itself_and_pickles(
    events: tuple[Any, ...], as_of: datetime, by: tuple[str, ...], options: dict[str, Any]
) -> None:
    figure = kpis.influence_by_partner(events, as_of=as_of, by=by, **options)
    rows = figure.to_dicts()

    assert all(list(row) == list(rows[0]) for row in rows)
    assert str(figure).startswith("influence_by_partner ")
    assert figure._repr_html_().startswith("<table>")
    assert figure == pickle.loads(pickle.dumps(figure))  # noqa: S301 - our own bytes


@given(events=HISTORIES, as_of=cases.moments, period=st.none() | cases.spans)
def test_sourced_influenced_and_direct_are_all_in_leads_and_to_the_cent(
    events: tuple[Any, ...], as_of: datetime, period: Any
) -> None:
    lives = fold(events, as_of=as_of)
    classes = ("sourced", "influenced", "direct")
    leads = [
        kpis.closed_won(kpis.only(lives, kpis.Is("attribution", name)), period=period).value
        for name in classes
    ]
    money = [
        kpis.final_lead_value(kpis.only(lives, kpis.Is("attribution", name)), period=period)
        for name in classes
    ]
    pipeline = [
        kpis.expected_lead_value(kpis.only(lives, kpis.Is("attribution", name)), which="open")
        for name in classes
    ]

    assert kpis.closed_won(lives, period=period).value == sum(leads)
    for whole, parts in (
        (kpis.final_lead_value(lives, period=period), money),
        (kpis.expected_lead_value(lives, which="open"), pipeline),
    ):
        for currency, amount in whole.by_currency.items():
            zero = Money(0, currency)
            assert amount == sum((p.by_currency.get(currency, zero) for p in parts), zero)
    captured = [
        kpis.sourced_rate(kpis.only(lives, kpis.Is("attribution", name)), period=period).of
        for name in classes
    ]
    rates = [
        kpi(lives, period=period)
        for kpi in (kpis.sourced_rate, kpis.influenced_rate, kpis.involved_rate)
    ]
    assert rates[2].hits == rates[0].hits + rates[1].hits
    assert {sum(captured)} == {rate.of for rate in rates}
    assert captured[:2] == [rate.hits for rate in rates[:2]]


@pytest.mark.parametrize("unit", ["leads", "pipeline", "revenue"])
def test_no_events_give_no_value(unit: str) -> None:
    figure = kpis.influence_by_partner((), as_of=START, unit=unit)

    assert (0, {}, ()) == (figure.n, dict(figure.segments), figure.warnings)
    assert (unit == "leads") == (figure.undefined_because is None)
    assert Decimal(0) == figure.leads
