"""The scorecard: what it shows, and that its parts agree with what they come from."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import attrs
import pytest

from partnerleads import datasets, kpis, plv
from partnerleads.errors import OptionError
from partnerleads.lifecycle import Lifecycles, fold
from partnerleads.model import Money, Period
from partnerleads.review import last_quarter
from partnerleads.testing import at, history

AS_OF = at("2026-07-01")
MODEL = attrs.evolve(plv.DEFAULT_MODEL, currency="EUR")
PRICES = {"GBP": Decimal("1.17"), "USD": Decimal("0.92"), "JPY": Decimal("0.006")}

EVENTS = history("""
    2025-11-02 acme onboarded name="Acme Ltd"
    2026-01-05 acme certified security expires_at=2026-12-01
    2026-02-01 L1 captured by acme
    2026-02-03 L1 accepted by acme
    2026-02-09 L1 won 30000 EUR by acme margin=9000 EUR
    2026-05-05 acme rated score=4 scale_min=1 scale_max=5
    2026-02-01 beta onboarded
""")


def rates(currency: str, _target: str, _day: date) -> Decimal:
    return PRICES[currency]


@pytest.fixture(scope="module")
def lives() -> Lifecycles:
    return fold(datasets.sample(), as_of=datasets.SAMPLE_AS_OF)


@pytest.fixture(scope="module")
def card(lives: Lifecycles) -> plv.Scorecard:
    return plv.scorecard(lives, partner_id="partner-25", model=MODEL, rates=rates)


def test_every_part_is_what_its_own_function_gives(lives: Lifecycles, card: plv.Scorecard) -> None:
    scores = plv.plv_scores(lives, model=MODEL, rates=rates)
    quarters = [Period.quarter(2025, 4), *(Period.quarter(2026, number) for number in (1, 2, 3))]

    def of(function: object, **options: object) -> object:
        return function(lives, partner_id="partner-25", model=MODEL, rates=rates, **options)  # type: ignore[operator]

    assert scores["partner-25"] == card.score
    assert plv.peer_percentile(scores, partner_id="partner-25") == card.percentile
    assert len(scores) == card.peers
    assert of(plv.improvements) == card.improvements
    assert of(plv.score_change, since=quarters[-1].start) == card.change
    assert of(plv.next_change_at) == card.next_change
    assert of(plv.plv_trend, periods=quarters) == card.trend
    won = kpis.decided_win_rate(lives, by="sourcing_partner").segments["partner-25"]
    assert won == card.figures[0]


def test_the_points_shown_add_up_to_the_score_shown(card: plv.Scorecard) -> None:
    sections = dict(card.sections())

    points = [Decimal(row[2].split(" ")[0]) for row in sections["What it is made of"]]
    changes = next(rows for title, rows in card.sections() if title.startswith("What changed"))
    assert "49.1" in card.standing()
    assert Decimal("49.1") == sum(points)
    assert Decimal("-0.1") == sum((Decimal(row[1]) for row in changes), Decimal(0))


def test_a_criterion_at_its_most_shows_the_same_on_both_sides_however_points_are_rounded() -> None:
    full = [
        plv.Criterion(metric=one, normaliser=plv.CappedTarget(1), weight=1)
        for one in (plv.Certifications(), plv.BusinessPlans(), plv.Revenue())
    ]
    thirds = plv.PlvModel(name="thirds", criteria=tuple(full))
    events = history("""
        2026-01-05 acme certified security
        2026-01-06 acme business_plan 2026
        2026-01-09 L1 captured by acme
        2026-02-01 L1 won 10000 EUR
    """)
    card = plv.scorecard(events, partner_id="acme", as_of=AS_OF, model=thirds)

    earned = [row[2] for row in dict(card.sections())["What it is made of"]]
    assert ["33.3 of 33.3", "33.3 of 33.3", "33.4 of 33.4"] == sorted(earned)
    for shown in earned:
        assert shown in str(card.score)


def test_it_names_no_other_partner(card: plv.Scorecard) -> None:
    shown = str(card) + card._repr_html_()

    assert "partner-25" in shown
    assert [] == [n for n in range(1, 41) if n != 25 and f"partner-{n:02}" in shown]


def test_it_prints_all_that_there_is_to_know() -> None:
    shown = str(plv.scorecard(EVENTS, partner_id="acme", as_of=AS_OF)).split("\n")

    titles = [line.partition(":")[0] for line in shown[2:] if line and not line.startswith(" ")]
    assert "Scorecard of Acme Ltd (acme), as of 2026-07-01 00:00 UTC" == shown[0]
    assert shown[1].startswith("Composite score 3")
    assert shown[1].endswith("to go; percentile 75 among 2 partners")
    assert titles == [
        "What it is made of",
        "What raises it most",
        "What changed",
        "What time alone does next",
        "Where it is going",
        "Own figures, all time",
    ]


def test_the_only_partner_is_told_of_no_place_among_others() -> None:
    alone = [one for one in EVENTS if getattr(one, "partner_id", None) != "beta"]
    card = plv.scorecard(alone, partner_id="acme", as_of=AS_OF)

    assert (1, 0.5) == (card.peers, card.percentile)
    assert card.standing().endswith(" to go")


def test_large_amounts_are_shown_to_the_unit() -> None:
    events = history("""
        2026-05-01 L9 captured by acme
        2026-05-02 L9 won 1234567 EUR
    """)
    card = plv.scorecard(events, partner_id="acme", as_of=AS_OF)
    values = {row[0]: row[1] for row in dict(card.sections())["What it is made of"]}

    assert "1 234 567 EUR" == values["revenue"]


def test_html_shows_the_same_sections_escaped() -> None:
    named = attrs.evolve(EVENTS[0], name="<b>Acme</b>")
    card = plv.scorecard((named, *EVENTS[1:]), partner_id="acme", as_of=AS_OF)
    page = card._repr_html_()

    assert 6 == page.count("<h4>")
    assert "&lt;b&gt;Acme&lt;/b&gt; (acme)" in page
    assert "<b>" not in page
    assert f"<{card.head()}>" == repr(card)


def test_what_costs_points_shows_how_many() -> None:
    model = plv.PlvModel(
        name="ratings",
        criteria=(
            plv.Criterion(metric=plv.Certifications(), normaliser=plv.CappedTarget(1), weight=1),
            plv.Criterion(metric=plv.Satisfaction(), normaliser=plv.Goalposts(0, 1), weight=1),
        ),
    )
    card = plv.scorecard(EVENTS[:2], partner_id="acme", as_of=AS_OF, model=model)
    nothing = dict(card.sections())["What gains nothing now"]

    assert ("get the best rating from a customer", "-11.2") in nothing
    assert ("acme", None) == (card.score.partner_id, card.score.tier)
    assert "100.0 of 100; the model has no tiers" in card.standing()


def test_a_cap_and_a_mean_that_does_not_add_up_are_shown_as_they_are() -> None:
    model = attrs.evolve(
        plv.DEFAULT_MODEL,
        aggregator=plv.PowerMean(exponent=2),
        gates=(plv.Gate(names="training", cap=10),),
    )
    card = plv.scorecard(EVENTS, partner_id="acme", as_of=AS_OF, model=model)
    made_of = dict(card.sections())["What it is made of"]

    assert "cap" == made_of[-1][0]
    assert Decimal("10.0") == sum(Decimal(row[2]) for row in made_of if row[2] != "-")


def test_a_partner_that_only_lost_a_claim_has_no_score_and_no_place() -> None:
    events = history("""
        2026-01-01 L1 captured
        2026-01-05 L1 registered by acme
        2026-02-01 beta onboarded
    """)
    card = plv.scorecard(events, partner_id="acme", as_of=AS_OF)

    assert card.percentile is None
    assert "Composite score undefined of 100; registered from 0, 0.0 to go" == card.standing()
    assert ["provisional: only 0 % is known"] == card.notes()[:1]
    assert card.notes()[1].startswith("no deal of the partner tells")
    assert () == card.figures


def test_what_changed_and_the_periods_can_be_chosen() -> None:
    card = plv.scorecard(
        EVENTS,
        partner_id="acme",
        as_of=AS_OF,
        since=at("2026-06-01"),
        periods=[Period.month(2026, 5), Period.month(2026, 6)],
        deal=Money("5000", "EUR"),
    )

    assert at("2026-06-01") == card.change.since
    assert 2 == len(card.trend.scores)
    assert "for" not in card.improvements["new_deal"].words
    assert "EUR 5 000.00" in card.improvements["new_deal"].words


@pytest.mark.parametrize(
    ("as_of", "last"),
    [
        ("2026-07-01", "2026-07-01"),
        ("2026-06-30 23:59", "2026-04-01"),
        ("2026-01-01", "2026-01-01"),
        ("2026-03-31", "2026-01-01"),
        ("2027-12-31", "2027-10-01"),
    ],
)
def test_the_trend_ends_with_the_last_quarter_that_is_over(as_of: str, last: str) -> None:
    events = history("2020-01-05 acme certified security")
    card = plv.scorecard(events, partner_id="acme", as_of=at(as_of))

    assert at(last) == card.trend.periods[-1].end
    assert 4 == len(card.trend.periods)


@pytest.mark.parametrize("partner_id", ["acme", "Acme Big Co", "Acme: Big Co", "acme:"])
def test_no_section_repeats_the_id_or_a_piece_of_it(partner_id: str) -> None:
    events = [
        attrs.evolve(one, partner_id=partner_id)
        for one in history("""
            2026-01-02 acme onboarded
            2026-01-05 acme certified security expires_at=2026-12-01
        """)
    ]
    card = plv.scorecard(events, partner_id=partner_id, as_of=AS_OF)
    titles = [title for title, _ in card.sections()]

    change, score = card.change.head().removeprefix(f"{partner_id} "), card.score.value_text()
    assert f"What changed: {change}" == titles[3]
    assert titles[3].startswith("What changed: 5.")
    assert f", {score} as of 2026-07-01 00:00 UTC: " in titles[3]
    assert dict(card.sections())["What time alone does next"][0][0].startswith(("-", "no step"))
    assert titles[5].startswith("Where it is going: steady, ")


def test_a_partner_with_too_few_scores_for_a_trend_is_told_so_without_its_id() -> None:
    events = history("2026-06-05 acme certified security")
    card = plv.scorecard(events, partner_id="acme", as_of=AS_OF)

    assert "Where it is going: too few scores for a trend" in dict(card.sections())


def test_one_of_a_thing_is_in_the_singular() -> None:
    events = history("""
        2026-01-02 acme onboarded
        2026-01-05 acme certified security
        2026-02-05 acme business_plan_filed
        2026-03-05 acme business_plan_filed
    """)
    card = plv.scorecard(events, partner_id="acme", as_of=AS_OF)
    values = {row[0]: row[1] for row in dict(card.sections())["What it is made of"]}

    assert ("1 certification", "2 plans") == (values["certifications"], values["business_plans"])
    assert "0 leads a year" == values["sourced_leads"]


@pytest.mark.parametrize(
    ("as_of", "tz", "fiscal_start", "names"),
    [
        # midnight of the first of October in Berlin
        ("2026-09-30 22:00", "Europe/Berlin", 1, ["Q4 2025", "Q1 2026", "Q2 2026", "Q3 2026"]),
        ("2026-09-30 22:00", "UTC", 1, ["Q3 2025", "Q4 2025", "Q1 2026", "Q2 2026"]),
        # where the year is another one than in UTC
        ("2026-01-01", "America/New_York", 1, ["Q4 2024", "Q1 2025", "Q2 2025", "Q3 2025"]),
        ("2025-12-31 12:00", "Pacific/Auckland", 1, ["Q1 2025", "Q2 2025", "Q3 2025", "Q4 2025"]),
        ("2026-09-30", "UTC", 4, ["Q2 FY2026", "Q3 FY2026", "Q4 FY2026", "Q1 FY2027"]),
        ("2026-01-15", "UTC", 2, ["Q4 FY2025", "Q1 FY2026", "Q2 FY2026", "Q3 FY2026"]),
    ],
)
def test_the_quarters_are_those_of_the_zone_and_the_fiscal_year(
    as_of: str, tz: str, fiscal_start: int, names: list[str]
) -> None:
    events = history("2020-01-05 acme certified security")
    card = plv.scorecard(
        events, partner_id="acme", as_of=at(as_of), tz=tz, fiscal_start=fiscal_start
    )

    assert names == [period.name for period in card.trend.periods]
    assert card.trend.periods[-1].start == card.change.since
    assert last_quarter(at(as_of), tz=tz, fiscal_start=fiscal_start) == card.trend.periods[-1]


def test_changes_since_a_moment_to_come_are_refused_by_the_names_of_both() -> None:
    reason = "lies after as_of=2026-07-01T00:00:00+00:00"
    with pytest.raises(OptionError, match=re.escape(reason)):
        plv.scorecard(EVENTS, partner_id="acme", as_of=AS_OF, since=at("2026-07-01 00:01"))
    card = plv.scorecard(EVENTS, partner_id="acme", as_of=AS_OF, since=AS_OF)

    assert 0 == card.change.change


def test_rows_of_every_section_bear_its_name() -> None:
    rows = plv.scorecard(EVENTS, partner_id="acme", as_of=AS_OF).to_dicts()

    assert ["standing", "score", "improvements", "change", "trend", "figures"] == list(
        dict.fromkeys(row["section"] for row in rows)
    )


def test_a_partner_that_nothing_names_is_refused() -> None:
    with pytest.raises(OptionError, match="did you mean 'acme'"):
        plv.scorecard(EVENTS, partner_id="acmes", as_of=AS_OF)


def test_the_scorecard_of_a_partner_that_left_says_so_and_advises_nothing() -> None:
    events = (*EVENTS, *history("2026-05-20 acme terminated"))
    card = plv.scorecard(events, partner_id="acme", as_of=AS_OF)
    sections = dict(card.sections())

    assert "it left the programme on 2026-05-20 00:00 UTC, so nothing is advised" in card.standing()
    assert "to go" not in str(card)
    assert [] == sections["What raises it most"] == sections["What gains nothing now"]
    assert [("the partner left the programme on 2026-05-20 00:00 UTC",)] == sections["Notes"]
    assert at("2026-05-20") == card.to_dicts()[0]["terminated_at"]
    assert "improvements" not in {row["section"] for row in card.to_dicts()}


def test_a_scorecard_whose_parts_cannot_be_told_says_why() -> None:
    more = (
        attrs.evolve(plv.DEFAULT_MODEL.criteria[0], name=f"revenue {n}", weight=1)
        for n in range(12)
    )
    model = attrs.evolve(
        plv.DEFAULT_MODEL,
        criteria=(*plv.DEFAULT_MODEL.criteria, *more),
        aggregator=plv.PowerMean(exponent=2),
    )
    card = plv.scorecard(EVENTS, partner_id="acme", as_of=AS_OF, since=AS_OF, model=model)

    assert "not told" in str(card)
    assert "in place of power_mean" in str(card)
