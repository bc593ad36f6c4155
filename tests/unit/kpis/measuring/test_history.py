"""What a KPI takes as a history, and what it does with the moment."""

from collections.abc import Mapping
from copy import copy
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from types import SimpleNamespace
from typing import Any, Literal

import pytest

from partnerleads import Period, fold, kpis
from partnerleads.attribution import AttributionPolicy
from partnerleads.codecs import read_jsonl, write_jsonl
from partnerleads.errors import AsOfError, NaiveInstantError, OptionError
from partnerleads.kpis import Measure, Question, Tallies, Tally
from partnerleads.kpis.measuring.tally import Counted
from partnerleads.lifecycle import LiveFold
from partnerleads.model import WorkingHours
from partnerleads.testing import at, history, money

NOW = at("2026-03-01")
EVENTS = history("""
    2026-01-02 L1 captured
    2026-01-05 L1 won
""")
LIVES = fold(EVENTS, as_of=NOW)


@pytest.mark.parametrize("events", [EVENTS, list(EVENTS), iter(EVENTS), LIVES])
def test_events_in_any_form_or_lifecycles(events: Any) -> None:
    assert 1 == kpis.closed_won(events, as_of=NOW).value


def test_lifecycles_know_their_moment() -> None:
    assert NOW == kpis.closed_won(LIVES).as_of
    assert 1 == kpis.closed_won(kpis.history_of(LIVES), as_of=NOW).value


def test_events_need_a_moment() -> None:
    with pytest.raises(AsOfError, match="as_of is required with events"):
        kpis.closed_won(EVENTS)


@pytest.mark.parametrize("known", [LIVES, kpis.history_of(LIVES)])
def test_another_moment_than_the_folded_one_is_refused(known: Any) -> None:
    with pytest.raises(AsOfError) as caught:
        kpis.closed_won(known, as_of=at("2026-03-02"))

    assert ("2026-03-02T00:00:00+00:00", "2026-03-01T00:00:00+00:00") == caught.value.args


def test_the_same_moment_in_another_zone_is_the_same() -> None:
    assert 1 == kpis.closed_won(LIVES, as_of=at("2026-03-01 01:00+01:00")).value


@pytest.mark.parametrize("known", [EVENTS, LIVES])
def test_a_naive_moment_is_refused(known: Any) -> None:
    with pytest.raises(NaiveInstantError, match="as_of"):
        kpis.closed_won(known, as_of=NOW.replace(tzinfo=None))


def test_figures_bear_the_moment_of_knowledge_and_the_policy() -> None:
    policy = AttributionPolicy(claims="registration")
    known = at("2026-02-01")
    figure = kpis.closed_won(fold(EVENTS, as_of=NOW, known_at=known, policy=policy))

    assert (known, policy.fingerprint) == (figure.known_at, figure.definition["policy"])
    assert "won" == figure.definition["anchor"]


@pytest.mark.parametrize(
    ("kpi", "anchor"),
    [
        (kpis.in_progress, "as of"),
        (kpis.active_regions, "follow-up and close"),
        (kpis.sourced_rate, "captured"),
    ],
)
def test_the_definition_names_the_anchor(kpi: Any, anchor: str) -> None:
    assert anchor == kpi(LIVES).definition["anchor"]


class Elsewhere:
    """A history that some other engine measures."""

    as_of = NOW
    known_at: datetime | None = None
    policy = AttributionPolicy()

    def tally(self, measure: Measure, question: Question) -> Tallies:
        assert "closed_won" == measure.name
        one = Tally(n=7, numbers=Counted(7))
        segments: Mapping[str | tuple[str | None, ...] | None, Tally] = (
            {"DACH": one} if question.by else {}
        )
        return Tallies(one, segments)


def test_another_engine_answers_the_same_questions() -> None:
    figure = kpis.closed_won(Elsewhere(), by="region")

    assert (7, NOW, ["DACH"]) == (figure.value, figure.as_of, list(figure.segments))
    with pytest.raises(AsOfError):
        kpis.closed_won(Elsewhere(), as_of=at("2026-03-02"))


def test_another_engine_gives_a_trend_of_flows_only() -> None:
    months = [Period.month(2026, 1)]

    assert [7] == [
        figure.value for figure in kpis.trend(Elsewhere(), kpis.closed_won, periods=months)
    ]
    with pytest.raises(OptionError, match="a stock over time needs events"):
        kpis.trend(Elsewhere(), kpis.in_progress, periods=months)


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_a_confidence_is_checked_even_where_nothing_is_rated(confidence: float) -> None:
    with pytest.raises(OptionError, match="confidence"):
        kpis.sourced_rate((), as_of=NOW, confidence=confidence)


def test_more_confidence_widens_the_interval() -> None:
    usual, surer = (kpis.sourced_rate(LIVES, confidence=c) for c in (0.95, 0.99))

    assert usual.interval is not None
    assert surer.interval is not None
    assert surer.interval[1] > usual.interval[1]
    assert "99 %" in str(surer)


@pytest.mark.parametrize(
    ("kpi", "option", "hint"),
    [
        (kpis.sourced_rate, {"unit": "lead"}, "did you mean 'leads'"),
        (kpis.sourced_rate, {"counting": "register"}, "did you mean 'registered'"),
        (kpis.hours_to_acceptance, {"until": "accept"}, "did you mean 'accepted'"),
        (kpis.hours_to_acceptance, {"since": "offer"}, "did you mean 'offered'"),
        (kpis.action_delay, {"since": "assign"}, "did you mean 'assigned'"),
        (kpis.won_velocity, {"win": "last"}, "offered are 'standing', 'first'"),
        (kpis.expected_lead_value, {"which": "opened"}, "did you mean 'open'"),
        (kpis.partner_conversion_rate, {"count": "now"}, "offered are 'ever', 'current'"),
        (kpis.partner_conversion_rate, {"credit": "spells"}, "did you mean 'spell'"),
        (kpis.active_regions, {"place": "city"}, "offered are 'region', 'country'"),
    ],
)
def test_an_option_that_is_not_offered_is_refused(kpi: Any, option: Any, hint: str) -> None:
    with pytest.raises(OptionError, match=hint):
        kpi(LIVES, **option)


def test_every_problem_of_a_lead_is_counted_once() -> None:
    # won before it was captured; two wins, two spells: one lead
    events = history("""
        2026-01-01 L1 won
        2026-01-02 L1 captured
        2026-01-03 L1 accepted by acme
        2026-01-04 L1 accepted by bolt
        2026-01-05 L1 won
    """)
    lives = fold(events, as_of=NOW)
    own = lives.troubled["L1"]

    assert own > 0
    assert [own, own, own] == [
        kpis.closed_won(lives).problems,
        kpis.closed_won(lives, gross=True).problems,
        kpis.partner_conversion_rate(lives, credit="spell").problems,
    ]


def live() -> LiveFold:
    fresh = LiveFold()
    fresh.extend(EVENTS)
    return fresh


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (live(), r"LiveFold.*pass the lifecycles as of a moment, its \.at\(as_of\)"),
        (17, r"int.*pass events, fold\(events, as_of=...\), or frames\.history\(frame\)"),
    ],
)
def test_what_only_leads_to_a_history_is_refused_with_the_way(other: Any, words: str) -> None:
    with pytest.raises(OptionError, match=words):
        kpis.closed_won(other, as_of=NOW)


@pytest.mark.parametrize("kpi", [kpis.closed_won, kpis.funnel, kpis.sourced_revenue, kpis.audit])
@pytest.mark.parametrize(
    ("other", "kind"),
    [
        ({"L1": 3}, "dict"),
        (LIVES.leads, "dict"),
        ([{"lead_id": "L1"}], "list of dict"),
        (iter(["2026-01-02 L1 captured"]), ".*iterator of str"),
        (SimpleNamespace(columns=["lead_id"], at=3), "SimpleNamespace"),
    ],
)
def test_what_is_no_history_is_refused_with_what_to_pass(kpi: Any, other: Any, kind: str) -> None:
    words = (
        rf"^history='{kind}': pass events, fold\(events, as_of=...\), or frames\.history\(frame\)$"
    )

    with pytest.raises(OptionError, match=words):
        kpi(copy(other), as_of=NOW)


def test_the_name_of_a_file_is_no_history() -> None:
    name: Any = "events.jsonl"

    with pytest.raises(
        OptionError, match=r"history='events\.jsonl': is a text; read the file with"
    ):
        kpis.closed_won(name, as_of=NOW)


def test_a_reading_stands_for_its_events() -> None:
    written = BytesIO()
    write_jsonl(EVENTS, written)
    reading = read_jsonl(written.getvalue().splitlines())

    assert 1 == kpis.closed_won(reading, as_of=NOW).value


def test_what_is_no_moment_is_refused() -> None:
    with pytest.raises(OptionError, match="as_of='2026-10-01': pass an aware datetime"):
        kpis.closed_won(LIVES, as_of="2026-10-01")  # type: ignore[arg-type]


def test_what_is_no_period_is_refused() -> None:
    with pytest.raises(
        OptionError, match=r"period='2026-Q3': pass a Period, such as Period\.quart"
    ):
        kpis.closed_won(LIVES, period="2026-Q3")  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="expected_in='2026-Q3': pass a Period"):
        kpis.expected_lead_value(LIVES, expected_in="2026-Q3")  # type: ignore[arg-type]


def test_what_are_no_working_hours_is_refused() -> None:
    with pytest.raises(OptionError, match="working_hours=True: pass WorkingHours"):
        kpis.action_delay(LIVES, working_hours=True)  # type: ignore[arg-type]


@pytest.mark.parametrize("price", [1.5, Decimal("NaN"), Decimal("Infinity"), None])
def test_what_is_no_price_is_refused_with_the_day(price: Any) -> None:
    events = history("2026-01-02 L1 captured\n2026-01-05 L1 won 9000 USD")

    with pytest.raises(OptionError, match="no price for USD to EUR on 2026-01-05; return a finite"):
        kpis.final_lead_value(events, as_of=NOW, rates=lambda *_: price, currency="EUR")


def test_a_table_of_prices_is_no_function_of_the_day() -> None:
    events = history("2026-01-02 L1 captured\n2026-01-03 L1 won 100 USD")
    table: Any = {"USD": 0.9}

    with pytest.raises(OptionError, match=r"pass a function \(from, to, day\) that gives"):
        kpis.final_lead_value(events, as_of=NOW, rates=table, currency="EUR")


def test_a_whole_number_is_a_price() -> None:
    events = history("2026-01-02 L1 captured\n2026-01-05 L1 won 9000 USD")
    value = kpis.final_lead_value(events, as_of=NOW, rates=lambda *_: 2, currency="EUR")

    assert money("18000 EUR") == value.total


def test_a_date_of_another_zone_is_told_with_the_fix() -> None:
    events = history("2026-01-02 L1 captured precision=day")
    berlin = Period.month(2026, 1, tz="Europe/Berlin")

    (caution,) = kpis.action_delay(events, as_of=NOW, period=berlin).warnings
    assert "dates_of_another_zone" == caution.code
    assert "pass tz= or a period with the zone of the dates (--time-zone" in caution.words
    assert () == kpis.action_delay(events, as_of=NOW, period=Period.month(2026, 1)).warnings


@pytest.mark.parametrize("by", [5, [5], ["region", None]])
def test_what_names_no_key_is_refused(by: Any) -> None:
    with pytest.raises(OptionError, match=r"pass the name of a key, such as 'region', or a list"):
        kpis.closed_won(history("2026-01-02 L1 captured"), as_of=NOW, by=by)
    with pytest.raises(OptionError, match=r"adjust_for=.*pass the name of a key"):
        kpis.win_rate_lift(history(""), as_of=NOW, within=None, adjust_for=by)


def test_compared_dates_of_another_zone_are_told_without_a_period() -> None:
    berlin_midnight = "2026-01-01 23:00"
    events = history(f"""
        {berlin_midnight} L1 captured precision=day
        2026-01-02 10:00 L1 won
        2026-01-02 10:00 L2 captured
        {berlin_midnight} L2 won precision=day
        2026-01-02 L3 captured precision=day
        2026-01-04 10:00 L3 won
    """)

    here = kpis.won_velocity(events, as_of=NOW)
    (caution,) = here.warnings
    assert "dates_of_another_zone" == caution.code
    assert (
        "with a date that has no time of day and is of another zone than the one asked about, so "
        "that it may be off by a day: 2; pass tz= or a period with the zone of the dates "
        "(--time-zone on the command line)"
    ) == caution.words
    assert 2 == here.n

    there = kpis.won_velocity(events, as_of=NOW, tz="Europe/Berlin")
    assert 3 == there.n
    assert "by a day: 1;" in str(there.warnings)
    assert () == kpis.closed_won(events, as_of=NOW).warnings


def test_a_date_at_the_end_of_the_calendar_is_measured() -> None:
    moment = at("9999-12-31 23:00")
    events = history("""
        9999-12-30 20:00 L1 captured precision=day
        9999-12-31 20:00 L1 responded precision=day
    """)
    delay = kpis.action_delay(events, as_of=moment, tz="Asia/Tokyo")
    always = WorkingHours.parse({"mon-sun": "00:00-24:00"})
    worked = kpis.action_delay(events, as_of=moment, tz="Asia/Tokyo", working_hours=always)

    # in Tokyo the capture is of the last day; the response lies beyond it, and counts as of it
    assert (0.0, 0.0) == (delay.median, worked.median)


def test_dates_of_another_zone_are_sought_in_earlier_visits_too() -> None:
    events = history("""
        2026-01-01 10:00 L1 captured
        2026-01-01 23:00 L1 accepted by acme precision=day
        2026-01-03 10:00 L1 returned by acme
        2026-01-05 10:00 L1 accepted by beta
        2026-01-07 10:00 L1 won by beta
    """)

    def told(visits: Literal["latest", "cumulative"], tz: str = "UTC") -> list[str]:
        said = kpis.time_in_stage(events, stage="accepted", visits=visits, as_of=NOW, tz=tz)
        return [one.code for one in said.warnings]

    assert [] == told("latest")
    assert ["dates_of_another_zone"] == told("cumulative")
    assert [] == told("cumulative", "Europe/Berlin")
