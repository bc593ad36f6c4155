"""The review as lines for a terminal."""

from html import unescape
from typing import Any

import attrs
import pytest

from partnerleads import Period, fold
from partnerleads.review import as_text, problem_lines, programme_review
from partnerleads.review.unassigned import NONE_LEFT
from partnerleads.testing import at, history

NOW = at("2026-10-01")


def lines(text: str, **options: Any) -> list[str]:
    return as_text(programme_review(history(text), **{"as_of": NOW, **options})).splitlines()


def row(text: str, label: str, **options: Any) -> str:
    (one,) = [line for line in lines(text, **options) if line.startswith(f"  {label} ")]
    return " ".join(one.split())


def test_a_history_of_nothing_has_every_line_and_no_figure() -> None:
    shown = lines("")

    assert [
        "Partner programme review: the programme, as of 2026-10-01 00:00 UTC",
        "0 leads captured: 0 won, 0 lost, 0 disqualified, 0 open",
        (
            "now: Q3 2026 (2026-07-01 to 2026-10-01 UTC); "
            "before: Q2 2026 (2026-04-01 to 2026-07-01 UTC)"
        ),
        "",
    ] == shown[:4]
    assert "Sourced rate - - - 0/0; there are no leads captured" == row("", "Sourced rate")
    assert "Closed won 0 0 0 leads won" == row("", "Closed won")
    assert "Active regions 0 0 0" == row("", "Active regions")
    assert "Final lead value - - - n 0; there are no leads won" == row("", "Final lead value")
    assert [
        "",
        "Close rates: none, since there are no leads captured",
        "",
        "Partners by ranking score: none, since no event names a partner",
        "",
        "Leads to follow up first: none, since none is open",
        "",
        "Leads that partners submitted in Q3 2026: none",
        "",
        f"Leads that nobody has: none; {NONE_LEFT}",
    ] == shown[-14:-4]
    assert ["", "Problems of the history: 0", "", "Findings to doubt: 0"] == shown[-4:]


def test_a_rate_shows_its_count_and_interval() -> None:
    text = "2026-08-01 L1 captured by acme"

    assert "Sourced rate 100.0 % - 100.0 % 1/1; 95 % 20.7-100.0 %" == row(text, "Sourced rate")


def test_durations_show_median_and_p90_and_who_is_missing() -> None:
    text = """
        2026-08-01 L1 captured
        2026-08-11 L1 won
        2026-07-01 L2 captured
        2026-07-02 L2 lost
        2026-07-01 L3 captured
        2026-05-01 L4 captured
        2026-05-03 L4 responded
    """

    assert "Won velocity (days: median, p90) 10.0, 10.0 - 10.0, 10.0 n 1" == row(
        text, "Won velocity"
    )
    assert (
        "Action delay (days: median, p90) - 2.0, 2.0 2.0, 2.0 n 0; 1 not yet; 2 closed without; "
        "none of the leads captured has both ends"
    ) == row(text, "Action delay")


def test_money_has_a_row_a_currency_in_its_smallest_unit_unless_all_is_whole() -> None:
    text = """
        2026-08-01 L1 captured
        2026-08-02 L1 won 1200.50 EUR
        2026-05-01 L2 captured
        2026-05-02 L2 won 1000000 EUR
        2026-08-01 L3 captured
        2026-08-02 L3 won 0.005 KWD
        2026-08-01 L4 captured
        2026-08-02 L4 won 7000 JPY
        2026-08-01 L5 captured
        2026-08-02 L5 won -12 USD
        2026-08-01 L6 captured
        2026-08-02 L6 won
    """
    shown = [" ".join(line.split()) for line in lines(text) if "Final lead value, " in line][:4]

    rests = "n 4; 1 without a value; 1 problem"
    assert [
        f"Final lead value, EUR 1 200.50 1 000 000.00 1 001 200.50 {rests}",
        "Final lead value, JPY 7 000 - 7 000",
        "Final lead value, KWD 0.005 - 0.005",
        "Final lead value, USD -12 - -12",
    ] == shown


def test_a_currency_of_another_span_alone_has_its_row() -> None:
    text = """
        2026-05-01 L2 captured
        2026-05-02 L2 won 3 CHF
    """

    assert "Final lead value, CHF - 3 3 n 0; there are no leads won" == row(
        text, "Final lead value, CHF"
    )


def test_columns_are_as_wide_as_their_widest_number() -> None:
    text = """
        2026-08-01 L1 captured region=Île
        2026-08-02 L1 progressed 1 EUR
        2026-08-03 L2 captured region=日本
        2026-08-04 L2 won 987654321987.65 EUR
        2026-05-04 L3 captured
        2026-05-05 L3 won 1 EUR
    """
    shown = lines(text)
    start = shown.index("") + 1
    table = shown[start : shown.index("", start)]
    width = table[0].index("now rests on")

    assert "987 654 321 987.65" in table[11]
    assert {"   "} == {line[width - 3 : width] for line in table if len(line) > width}
    # all three numbers of every row end where the heads of their columns end
    for head in ("now ", "before", "all time"):
        end = table[0].index(head) + len(head.strip())
        assert {" "} == {f"{line} "[end] for line in table if len(line) > end}


def test_places_beyond_ten_are_counted() -> None:
    text = "\n".join(
        f"2026-08-{day:02} L{day} captured region=R{day:02}\n"
        f"2026-08-{day:02} L{day} progressed\n"
        f"2026-08-{day:02} L{day} won"
        for day in range(1, 13)
    )
    places = ", ".join(f"R{day:02}" for day in range(1, 11))

    assert f"Active regions 12 0 12 {places}; and 2 more" == row(text, "Active regions")


def test_thousands_have_blanks_between_them() -> None:
    text = "\n".join(f"2026-08-01 L{n} captured\n2026-08-02 L{n} won" for n in range(1_001))

    assert "1 001 leads captured: 1 001 won, 0 lost, 0 disqualified, 0 open" in lines(text)
    assert "Closed won 1 001 0 1 001 leads won" == row(text, "Closed won")


def test_a_note_names_the_figures_and_spans_it_is_about() -> None:
    text = """
        2026-08-02 L1 captured
        2026-08-01 L1 won
    """
    shown = lines(text)

    assert "  1 left out: its end comes before its start (Won velocity now, all time)" in shown
    assert ("  small: n < 30 (Sourced rate now, all time; Influenced rate now, all time)") in shown


def test_there_is_no_heading_over_no_notes() -> None:
    assert "Notes" not in lines("")
    assert "Notes" in lines("2026-08-02 L1 captured")


def test_the_moment_is_shown_in_the_zone_of_the_period() -> None:
    head = lines("", tz="America/New_York", as_of=at("2026-10-01 04:00"))[0]

    assert (
        "Partner programme review: the programme, as of 2026-10-01 00:00 America/New_York" == head
    )


def test_findings_say_that_they_tell_utc_where_the_period_goes_by_another_clock() -> None:
    text = """
        2026-08-01 22:30 L1 captured
        2026-08-02 L1 registered by acme
    """

    def title(tz: str, text: str = text) -> str:
        shown = lines(text, tz=tz)
        return next(line for line in shown if line.startswith("Findings to doubt"))

    assert "Findings to doubt: 1" == title("UTC")
    assert "Findings to doubt, their times in UTC: 1" == title("Europe/Berlin")
    assert "Findings to doubt: 0" == title("Europe/Berlin", "")
    told = "acme's claim was recorded 2026-08-02 00:00 UTC, the first contact by the own team "
    assert any(f"{told}2026-08-01 22:30 UTC" in line for line in lines(text, tz="Europe/Berlin"))


def test_an_open_period_and_the_moment_of_knowledge_are_told() -> None:
    lives = fold(history("2026-08-02 L1 captured"), as_of=NOW, known_at=at("2026-09-01 10:00:05Z"))
    shown = str(programme_review(lives, period=Period.year(2026))).splitlines()

    assert (
        "Partner programme review: the programme, as of 2026-10-01 00:00 UTC, "
        "as known at 2026-09-01 10:00:05 UTC"
    ) == shown[0]
    assert "1 lead captured: 0 won, 0 lost, 0 disqualified, 1 open" == shown[1]
    assert (
        "now: 2026 (2026-01-01 to 2027-01-01 UTC), not over yet; "
        "before: 2025 (2025-01-01 to 2026-01-01 UTC)"
    ) == shown[2]


DIRTY = """
    2026-08-02 L1 captured id=a
    2026-08-03 L1 captured id=b
    2026-08-04 L1 accepted by acme id=c
    2026-08-02 L2 captured id=d
    2026-08-04 L2 accepted by acme id=e
    2026-08-01 L3 registered by acme recorded=2026-08-09 id=f
    2026-08-02 L3 captured id=g
    2026-08-09 -  cost portal -5 EUR id=h
"""


TWICE = """
    2026-08-02 L1 captured
    2026-08-03 L1 captured
"""


def test_problems_stand_by_rule_with_an_example_and_those_of_most_leads_first() -> None:
    shown = lines(DIRTY)
    start = shown.index("Problems of the history: 3") + 1

    assert "     1  answer_without_offer: 2 leads: the log has no" == shown[start][:53]
    assert (
        "     1  second_capture: such as L1: it was captured more than once; the first counts"
    ) == shown[start + 1]
    assert ("     1  negative_cost: a cost of EUR -5.00 is negative") == shown[start + 2]
    assert "Findings to doubt: 2" == shown[start + 4]
    assert shown[start + 5].startswith("     1  claim_after_contact: such as L3: ")
    assert shown[start + 6].startswith("     1  backdated_claim: such as L3: ")
    assert (
        "  without the 1 lead in doubt the sourced rate of all time is 0.0 % instead of 0.0 %"
    ) == shown[start + 7]


def test_problem_lines_list_each_problem_and_finding() -> None:
    review = programme_review(history(DIRTY), as_of=NOW)
    listed = problem_lines(review).splitlines()

    assert len(review.problems) + len(review.findings) == len(listed)
    assert [
        "answer_without_offer",
        "backdated_claim",
        "claim_after_contact",
        "negative_cost",
        "second_capture",
    ] == sorted(line.partition(":")[0] for line in listed)
    assert "" == problem_lines(programme_review([], as_of=NOW))


@pytest.mark.parametrize("sign", ["\x1b[2J", "\r\n", "\x85", "\u202e", "\ud800"])
def test_no_name_steers_the_terminal(sign: str) -> None:
    lead = f"L{sign}1"
    captures = [attrs.evolve(event, lead_id=lead) for event in history(TWICE)]
    review = programme_review(captures, as_of=NOW, name=f"crm{sign}", input_notes=(f"1{sign}",))
    shown = as_text(review), problem_lines(review)

    assert (1, lead) == (len(review.problems), review.problems[0].lead_id)
    assert all(sign not in text and sign[0] not in text.replace("\n", "") for text in shown)
    assert ascii(lead)[1:-1] in shown[0]
    assert ascii(lead)[1:-1] in shown[1]


def test_names_of_any_script_are_shown_as_they_are() -> None:
    captures = [attrs.evolve(event, lead_id="L-é日\xa0м") for event in history(TWICE)]

    assert "L-é日\xa0м" in problem_lines(programme_review(captures, as_of=NOW))


def test_a_review_shows_in_a_notebook_and_is_short_in_a_prompt() -> None:
    text = "2026-08-01 L1 captured by <b>"
    review = programme_review(history(text), as_of=NOW, name="a & b")
    page = review._repr_html_()

    assert "<Partner programme review: a & b, as of 2026-10-01 00:00 UTC>" == repr(review)
    assert page.startswith("<table><caption>Partner programme review: a &amp; b, as of")
    assert "<td>Sourced rate</td><td>100.0 %</td><td>-</td>" in page
    assert "&lt;b&gt;" in page
    assert "<p>1 lead captured: 0 won, 0 lost, 0 disqualified, 1 open</p>" in page
    parts = page.partition("<pre>")[2].removesuffix("</pre>")
    assert unescape(parts) in str(review)
    assert parts.startswith("Close rates")
