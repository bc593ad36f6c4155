"""Which open leads to work first."""

from __future__ import annotations

from datetime import timedelta

import pytest

from partnerleads.errors import AsOfError, OptionError
from partnerleads.lifecycle import fold
from partnerleads.model import Caution, WorkingHours
from partnerleads.scoring import Grade, LeadScore, Priorities, Reason, priorities
from partnerleads.testing import at, history

NOW = at("2026-01-12 12:00")  # a Monday
HOURS = timedelta(hours=1)

EVENTS = history("""
    2026-01-05          old       captured
    2026-01-09 15:00    young     captured
    2026-01-09 15:00    twin      captured
    2026-01-09 16:00    answered  captured
    2026-01-09 17:00    answered  assigned agent=ann partner=acme
    2026-01-10          answered  responded
    2026-01-11          closed    captured
    2026-01-11          closed    lost
    2026-01-11          unscored  captured
""")


def score(lead_id: str, points: float, **changed: object) -> LeadScore:
    given = {
        "lead_id": lead_id,
        "as_of": NOW,
        "score": points,
        "reasons": [Reason(name="size", value="big", points=points)],
        "scorer": "mine",
        "fingerprint": "f",
    }
    return LeadScore(**{**given, **changed})  # type: ignore[arg-type]


SCORES = [
    score("young", 40),
    score("twin", 40),
    score("old", 40),
    score("answered", 80),
    score("closed", 99),
    score("unheard", 99),
]


def listed(**options: object) -> Priorities:
    return priorities(SCORES, history=EVENTS, as_of=NOW, **options)  # type: ignore[arg-type]


def test_the_highest_first_then_the_oldest_then_by_id() -> None:
    found = listed()

    assert ["answered", "old", "twin", "young"] == [one.lead_id for one in found]
    assert [1, 2, 3, 4] == [one.place for one in found]
    assert ["A", "C", "C", "C"] == [one.grade for one in found]
    assert 7.5 == found[1].age / timedelta(days=1)
    assert {"closed": 1, "not captured": 1, "open, without a score": 1} == found.left_out_because


def test_the_order_of_the_scores_does_not_matter() -> None:
    by_id = {one.lead_id: one for one in reversed(SCORES)}

    assert listed().listed == priorities(by_id, history=EVENTS, as_of=NOW).listed
    assert listed().listed == priorities(SCORES, history=fold(EVENTS, as_of=NOW)).listed


def test_without_a_limit_nobody_is_late() -> None:
    assert {None} == {one.sla_left for one in listed()}
    assert () == listed().overdue


def test_the_limit_runs_until_the_step_is_taken() -> None:
    found = listed(sla=72 * HOURS)
    left = {one.lead_id: one.sla_left for one in found}

    assert {"answered": None, "old": -108 * HOURS, "twin": 3 * HOURS, "young": 3 * HOURS} == left
    assert ["old"] == [one.lead_id for one in found.overdue]
    assert at("2026-01-10") == found[0].done_at
    assert found[1].done_at is None


def test_other_steps_stop_the_limit() -> None:
    assert listed(sla=HOURS, sla_until="assigned")[0].done_at == at("2026-01-09 17:00")
    assert listed(sla=HOURS, sla_until="accepted")[0].overdue
    assert listed(sla=HOURS, sla_until="progressed")[0].overdue


def test_a_limit_that_ends_now_is_not_over() -> None:
    left = {one.lead_id: one for one in listed(sla=69 * HOURS)}["young"]

    assert timedelta(0) == left.sla_left
    assert not left.overdue


def test_working_hours_leave_out_the_weekend() -> None:
    hours = WorkingHours.parse({"mon-fri": "09:00-17:00"})
    left = {one.lead_id: one.sla_left for one in listed(sla=8 * HOURS, working_hours=hours)}

    # Friday 15:00 to 17:00 and Monday 9:00 to 12:00
    assert 3 * HOURS == left["young"]
    # five days of 8 hours and Monday's 3
    assert 8 * HOURS - 43 * HOURS == left["old"]


def test_who_holds_a_lead_is_told() -> None:
    assert ["acme", None, None, None] == [one.holder for one in listed()]


def test_grades_are_one_s_own() -> None:
    found = listed(grades=[Grade(name="call", at_least=60)])

    assert ["call", None, None, None] == [one.grade for one in found]
    with pytest.raises(OptionError, match="go from the least up"):
        listed(grades=[Grade(name="a", at_least=60), Grade(name="b", at_least=20)])


def test_it_prints_what_to_do_and_why() -> None:
    assert str(listed(sla=72 * HOURS)).splitlines() == [
        "4 open leads by score (as of 2026-01-12 12:00 UTC)",
        "  1  answered  A  80.0  2.8 days old  responded          size big +80.0",
        "  2  old       C  40.0  7.5 days old  late by 108 hours  size big +40.0",
        "  3  twin      C  40.0  2.9 days old  3.0 hours left     size big +40.0",
        "  4  young     C  40.0  2.9 days old  3.0 hours left     size big +40.0",
        "  note: 1 lead late, not responded within the limit",
        "  note: 1 left out: closed",
        "  note: 1 left out: not captured",
        "  note: 1 left out: open, without a score",
    ]


def test_without_a_limit_it_prints_none() -> None:
    line = str(listed()).splitlines()[1]

    assert "  1  answered  A  80.0  2.8 days old  size big +80.0" == line
    assert f"<{listed()}>" == repr(listed())


def test_an_empty_list_prints_too() -> None:
    assert "0 open leads by score (as of 2026-01-12 12:00 UTC)" == str(
        priorities([], history=[], as_of=NOW)
    )


def test_a_long_list_prints_its_beginning() -> None:
    lines = "\n".join(f"2026-01-05 L{number:02} captured" for number in range(23))
    events = history(lines)
    scores = [score(f"L{number:02}", 1) for number in range(23)]
    shown = str(priorities(scores, history=events, as_of=NOW)).splitlines()

    assert 22 == len(shown)
    assert "  note: 3 more, not shown; `to_dicts()` has all" == shown[-1]


def test_rows_are_flat_and_html_escapes() -> None:
    found = listed(sla=72 * HOURS)
    row = found.to_dicts()[1]

    assert ("old", 40, "C", 7.5, -108.0, "size big +40.0", None) == (
        row["lead_id"],
        row["score"],
        row["grade"],
        row["age_days"],
        row["sla_left_hours"],
        row["because"],
        row["done_at"],
    )
    assert found.to_dicts()[0]["sla_left_hours"] is None
    html = priorities([score("<b>", 0)], history=history("2026-01-05 <b> captured"), as_of=NOW)
    assert "<td>&lt;b&gt;</td>" in html._repr_html_()
    assert "<p>1 lead late, not responded" in found._repr_html_()


def test_a_slice_is_a_tuple() -> None:
    found = listed()

    assert (found[0], found[1]) == found[:2]


def test_the_reason_is_the_one_that_adds_most() -> None:
    reasons = [
        Reason(name="a", points=10),
        Reason(name="b", value="x", points=30),
        Reason(name="c", points=-5),
        Reason(name="base rate", points=31),
        Reason(name="fit: floor of firm", points=34),
    ]
    best = priorities([score("old", 100, reasons=reasons)], history=EVENTS, as_of=NOW)
    none = priorities([score("old", 0)], history=EVENTS, as_of=NOW)
    empty = priorities([score("old", 0, reasons=())], history=EVENTS, as_of=NOW)

    assert "b x +30.0" == best[0].because
    assert ("", "") == (none[0].because, empty[0].because)


def test_scores_that_do_not_compare_are_warned_of() -> None:
    few = Caution("few", "rests on little")
    scores = [
        score("old", 1, fingerprint="g", as_of=at("2026-01-06"), warnings=(few,)),
        score("young", 1, warnings=(few,)),
        score("closed", 1, fingerprint="h"),
    ]
    found = priorities(scores, history=EVENTS, as_of=NOW).warnings

    assert ["several_scorers", "earlier_scores", "few"] == [one.code for one in found]
    assert "1 score of an earlier moment, the oldest 2026-01-06 00:00 UTC" == found[1].words
    assert () == listed().warnings


def test_options_that_make_no_sense_are_refused() -> None:
    with pytest.raises(OptionError, match="sla=72: pass a timedelta"):
        listed(sla=72)
    with pytest.raises(OptionError, match="sla_until='won': offered are"):
        listed(sla_until="won")
    with pytest.raises(OptionError, match=r"working_hours=.*pass WorkingHours"):
        listed(sla=HOURS, working_hours="9-17")
    with pytest.raises(OptionError, match=r"working_hours=.*goes with sla"):
        listed(working_hours=WorkingHours.parse({"mon-fri": "09:00-17:00"}))
    with pytest.raises(AsOfError, match="required"):
        priorities(SCORES, history=EVENTS)


def test_scores_that_cannot_be_are_refused() -> None:
    with pytest.raises(OptionError, match="scores=3: is no LeadScore"):
        priorities([3], history=EVENTS, as_of=NOW)  # type: ignore[list-item]
    with pytest.raises(OptionError, match="scores='old': has two scores"):
        priorities([score("old", 1)] * 2, history=EVENTS, as_of=NOW)
    later = score("old", 1, as_of=at("2026-01-13"))
    with pytest.raises(OptionError, match="scores='old': was scored as of 2026-01-13"):
        priorities([later], history=EVENTS, as_of=NOW)
