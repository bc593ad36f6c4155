"""The feedback to a partner: whose leads, when they are read, what is compared and shown."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve

from partnerleads.errors import AsOfError, NaiveInstantError, OptionError, ScorerError
from partnerleads.events import Event
from partnerleads.lifecycle import fold
from partnerleads.model import Caution, Period
from partnerleads.scoring import (
    AtLeast,
    Criterion,
    LeadFeatures,
    LeadScore,
    PartnerFeedback,
    QualificationModel,
    RuleGroup,
    RuleModel,
    StandIn,
    Stated,
    partner_feedback,
)
from partnerleads.testing import at, history

NOW = at("2026-04-01")
DAY = timedelta(days=1)

EVENTS = history("""
    2026-01-01  acme   onboarded name="Acme & Sons"
    2026-01-01  idle   onboarded
    2026-01-02  A1     captured by acme attributes.budget=50
    2026-01-03  A2     captured by acme
    2026-02-03  A3     captured by acme attributes.budget=10
    2026-01-04  B1     captured by beta attributes.budget=20
    2026-01-05  C1     captured by gamma
    2026-01-05  own    registered by acme
    2026-01-06  own    captured
""")

SCORER = RuleModel(
    name="budget",
    groups=[
        RuleGroup(
            name="g",
            rules=[
                AtLeast(name="attributes.budget", least=least, points=10)
                for least in (10, 20, 30, 40, 50)
            ],
        )
    ],
)
CRITERIA = QualificationModel(
    name="budget",
    criteria=[Criterion(name="<20", signs=[Stated(name="attributes.budget", most=20)])],
)


def feedback(events: Any = EVENTS, **options: Any) -> PartnerFeedback:
    options = {
        "partner_id": "acme",
        "as_of": NOW,
        "scorer": SCORER,
        "qualification": CRITERIA,
        "fewest_others": 2,
        **options,
    }
    return partner_feedback(events, **options)


def test_leads_are_of_the_partner_that_their_capture_names() -> None:
    found = feedback()

    assert (3, 20.0, 10.0) == (found.n, found.score.own.mean, found.score.own.median)
    assert found.score.others is not None
    assert (2, 10.0) == (found.score.others.n, found.score.others.mean)
    assert "3 leads whose capture names the partner" in found.basis_text()


def test_or_of_the_partner_that_is_credited_with_them() -> None:
    found = feedback(submitted="sourcing_partner")

    assert 4 == found.n
    assert "4 leads credited to the partner" in found.basis_text()


def test_a_period_holds_the_captures() -> None:
    january = Period.month(2026, 1)
    found = feedback(period=january)

    assert 2 == found.n
    assert "captured 2026-01-01 to 2026-02-01 UTC" in found.basis_text()
    assert {january.start} == {row["period_start"] for row in found.to_dicts()}
    assert 1 == feedback(period=Period.month(2026, 2), fewest_others=1).n


def test_leads_too_young_are_left_out_and_counted() -> None:
    found = feedback(read_after=60 * DAY)

    assert 2 == found.n
    assert {"captured too late to be read so long after": 1} == found.left_out_because
    assert "1 left out: captured too late to be read so long after" in found.notes()
    assert "read 60 days after the capture" in found.basis_text()


def test_others_leads_too_young_are_left_out_uncounted() -> None:
    found = feedback(partner_id="beta", read_after=60 * DAY)

    assert (1, 2) == (found.n, found.others)
    assert found.score.others is not None
    assert 3 == found.score.others.n  # A1, A2 and C1
    assert {} == found.left_out_because


def test_leads_are_never_read_after_their_first_outcome() -> None:
    events = history("""
        2026-01-02  L1  captured by acme attributes.budget=10
        2026-01-05  L1  lost
        2026-01-05  L1  lead_updated attributes.budget=50
        2026-01-07  L1  reopened
    """)

    assert 10.0 == feedback(events, read_after=4 * DAY).score.own.mean
    assert 10.0 == feedback(events, as_of=at("2026-01-06")).score.own.mean
    # it is open, and its outcome no longer stands
    assert 50.0 == feedback(events).score.own.mean
    assert "open" in {name for name, count in feedback(events).outcomes.counts.items() if count}


def test_a_lead_of_which_nothing_was_known_in_time_is_left_out_and_counted() -> None:
    events = history("""
        2026-01-02  L1  captured by acme
        2026-01-02  L1  won 100 EUR
    """)
    found = feedback(events)

    assert 0 == found.n
    assert {"not recorded by the moment of reading, by recorded_at": 1} == found.left_out_because


def test_what_was_recorded_later_counts_where_dates_are_trusted() -> None:
    events = history("""
        2026-01-02  L1  captured by acme recorded=2026-02-01
        2026-01-03  L1  lead_updated attributes.budget=50 recorded=2026-03-01
    """)

    assert 0 == feedback(events, read_after=7 * DAY).n
    found = feedback(events, read_after=7 * DAY, as_recorded=False)
    assert 50.0 == found.score.own.mean


def test_with_too_few_others_nothing_is_compared() -> None:
    found = feedback(fewest_others=3)

    assert found.others is None
    assert found.score.others is None
    assert (None, "nothing to compare with") == (
        found.score.difference.value,
        found.score.difference.undefined_because,
    )
    assert found["<20"].others is None
    assert found["<20"].difference.value is None
    assert found.others_outcomes is None
    assert "fewer than 3 other partners have leads there, so nothing compares" in found.notes()
    assert "others" not in str(found).replace("other partners", "")
    assert {None} == {row["others"] for row in found.to_dicts()}


def test_a_partner_without_leads_has_a_page_all_the_same() -> None:
    found = feedback(partner_id="idle")

    assert (0, None, None) == (found.n, found.score.own.mean, found.score.own.median)
    assert found.score.others is not None
    assert "a group has no score" == found.score.difference.undefined_because
    assert (None, None) == (found["<20"].own.share, found["<20"].interval)
    assert "no lead of the partner" == found["<20"].difference.undefined_because
    assert () == found.changes
    assert () == found.scorers
    assert str(found).startswith("Leads of idle, as of 2026-04-01 00:00 UTC\n0 leads whose")
    assert "Criteria met" not in str(found)
    assert "these leads                no lead" in str(found)
    assert {"won", "lost", "disqualified", "open"} == {
        row["name"] for row in found.to_dicts() if row["section"] == "outcome"
    }


def test_a_partner_that_only_a_lead_names_is_known() -> None:
    assert 1 == feedback(partner_id="beta").n
    with pytest.raises(OptionError, match=r"is named by no event by then; did you mean 'beta'\?"):
        feedback(partner_id="bete")
    with pytest.raises(OptionError, match="is named by no event"):
        feedback(partner_id="beta", as_of=at("2026-01-03"))


def test_a_partner_that_only_a_cost_names_is_known() -> None:
    cost = history("2026-01-03 carl cost training 100 EUR")

    assert 0 == feedback([*EVENTS, *cost], partner_id="carl").n


def test_lifecycles_do_and_say_what_they_have_lost() -> None:
    found = feedback(fold(EVENTS, as_of=NOW), as_of=None)

    assert feedback().score == found.score
    assert "Acme & Sons" == found.partner.name
    assert "from_lifecycles" == found.warnings[0].code


def test_small_numbers_are_said() -> None:
    many = [
        line
        for number in range(30)
        for line in (
            f"2026-01-02 A{number} captured by acme",
            f"2026-01-02 B{number} captured by {('beta', 'gamma')[number % 2]}",
        )
    ]

    assert ["small", "small_programme"] == [one.code for one in feedback().warnings]
    assert () == feedback(history("\n".join(many))).warnings
    assert ["small"] == [one.code for one in feedback(history("\n".join(many[2:]))).warnings][:1]


def test_warnings_of_the_scores_are_told_once() -> None:
    scorer = StandIn(scorer=SCORER, because=Caution("too_little_data", "scored by rules"))

    assert 1 == feedback(scorer=scorer).notes().count("scored by rules")


def test_a_numeric_attribute_that_is_named_is_a_number() -> None:
    criteria = QualificationModel(
        name="q", criteria=[Criterion(name="any", signs=[Stated(name="attributes.budget")])]
    )
    found = feedback(numeric=["attributes.budget"], qualification=criteria)

    assert (2, 0, 1) == (found["any"].own.met, found["any"].own.not_met, found["any"].own.not_known)
    with pytest.raises(KeyError):
        found["budget"]


def test_every_reason_is_counted() -> None:
    events = history("""
        2026-01-02  L1  captured by acme
        2026-01-03  L1  lost reason=price
        2026-01-02  L2  captured by acme
        2026-01-03  L2  disqualified reason=price
        2026-01-02  L3  captured by acme
        2026-01-03  L3  lost
        2026-01-02  L4  captured by acme
        2026-01-03  L4  won 5 EUR
    """)
    found = feedback(events)

    assert {"": 1, "price": 2} == found.outcomes.reasons
    assert "    no reason given  1" in str(found).split("\n")
    assert [("", 1), ("price", 2)] == [
        (row["name"], row["count"]) for row in found.to_dicts() if row["section"] == "reason"
    ]


def test_the_page_as_html() -> None:
    html = feedback()._repr_html_()

    assert html.startswith("<h3>Leads of Acme &amp; Sons (acme), as of 2026-04-01 00:00 UTC</h3>")
    assert "<td>&lt;20</td><td>1 of 3</td><td>33.3 %</td>" in html
    assert "<h4>What was missing</h4>" in html
    # a partner whose leads all say everything has nothing missing
    assert "What was missing" not in feedback(partner_id="beta")._repr_html_()
    assert "What was missing" not in str(feedback(partner_id="beta"))


def test_it_shows_itself_by_its_head() -> None:
    assert "<Leads of Acme & Sons (acme), as of 2026-04-01 00:00 UTC>" == repr(feedback())


def test_rows_have_the_same_names() -> None:
    rows = feedback().to_dicts()
    by_name = {(row["section"], row["name"]): row for row in rows}

    assert 1 == len({tuple(row) for row in rows})
    assert 20.0 == by_name["score", "mean"]["value"]
    assert 10.0 == by_name["score", "mean"]["others"]
    assert 10.0 == by_name["score", "mean"]["difference"]
    assert by_name["score", "median"]["difference"] is None
    assert 1 == by_name["met", "<20"]["count"]
    assert 1 / 3 == by_name["met", "<20"]["value"]
    assert 0.5 == by_name["met", "<20"]["others"]
    assert 1 / 3 == by_name["missing", "<20"]["value"]
    assert 0.5 == by_name["missing", "<20"]["others"]
    assert ("change", "state attributes.budget: 50") in by_name
    assert 1.0 == by_name["outcome", "open"]["value"]
    assert 1.0 == by_name["outcome", "open"]["others"]


def test_ten_changes_are_shown_and_all_are_kept() -> None:
    rules = [AtLeast(name=f"attributes.a{place}", least=1, points=1) for place in range(12)]
    scorer = RuleModel(name="m", groups=[RuleGroup(name="g", rules=rules)])
    found = feedback(scorer=scorer)

    assert 12 == len(found.changes)
    assert 10 == str(found).count("state attributes.a")


class Broken:
    """Answers with nothing."""

    def score(self, _: LeadFeatures, /) -> LeadScore:
        return None  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("options", "error", "reason"),
    [
        ({"as_of": None}, AsOfError, "as_of"),
        ({"as_of": NOW.replace(tzinfo=None)}, NaiveInstantError, "offset"),
        ({"period": "2026"}, OptionError, "pass a Period"),
        ({"read_after": 3}, OptionError, "pass a timedelta"),
        ({"read_after": -DAY}, OptionError, "must not be negative"),
        ({"submitted": "holder"}, OptionError, "offered are"),
        ({"fewest_others": 0}, OptionError, "at least 1"),
        ({"fewest_others": True}, OptionError, "at least 1"),
        ({"confidence": 95}, OptionError, "between 0 and 1"),
        ({"scorer": RuleModel}, OptionError, "is no scorer"),
        ({"scorer": Broken()}, ScorerError, "answers None"),
        ({"qualification": "bant"}, OptionError, "is no QualificationModel"),
        ({"numeric": ["budget"]}, OptionError, "is no attribute"),
    ],
)
def test_slips_are_refused(options: dict[str, Any], error: type[Exception], reason: str) -> None:
    with pytest.raises(error, match=reason):
        feedback(**options)


def test_the_defaults_read_the_criteria_of_qualifications() -> None:
    events: tuple[Event, ...] = history("""
        2026-01-02  L1  captured by acme
        2026-01-05  L1  qualified criteria=need,budget
    """)
    found = partner_feedback(events, partner_id="acme", as_of=NOW)

    assert ["need", "budget", "authority", "timeline"] == [one.name for one in found.criteria]
    assert [1, 1, 0, 0] == [one.own.met for one in found.criteria]
    assert 1 == found.qualified.own.not_known


MOVED = history("""
    2026-01-02  L1  captured by acme company_size=80 industry=steel country=DE
    2026-01-05  L1  won 100 EUR
    2026-01-06  L1  lead_updated company_size=5000
""")
MOVED_CLOSE = evolve(MOVED[1], occurred_at=at("2026-01-20"), recorded_at=at("2026-02-01"))


@pytest.mark.parametrize("read_after", [None, 10 * DAY, 30 * DAY])
def test_a_close_that_was_moved_later_shows_nothing_that_came_after_it_as_it_was_known(
    read_after: timedelta | None,
) -> None:
    found = partner_feedback(
        (*MOVED, MOVED_CLOSE), partner_id="acme", as_of=NOW, read_after=read_after
    )

    assert found.score.own.mean == 10.0


def test_a_close_that_was_taken_back_shows_nothing_that_came_after_it_as_it_was_known() -> None:
    events = (*MOVED, *history("2026-02-01 e2 retracted id=r"))

    found = partner_feedback(events, partner_id="acme", as_of=NOW, read_after=10 * DAY)
    later = partner_feedback(events, partner_id="acme", as_of=NOW, read_after=40 * DAY)

    assert found.score.own.mean == 10.0
    assert later.score.own.mean == 20.0
