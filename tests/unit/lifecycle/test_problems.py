"""Every way in which a history can contradict itself, each by a history that does just that."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from partnerleads.errors import HistoryError
from partnerleads.lifecycle import HISTORY_RULES, LEAD_RULES, fold, problem_checks
from partnerleads.lifecycle.problem_suspects import problems_among
from partnerleads.model import Problem
from partnerleads.testing import at, history

AS_OF = at("2026-12-01")
PAGE = Path(__file__).parents[3] / "docs" / "explanation" / "problems.md"

# Another lead with every step, so that no step is absent from the log.
COMPLETE = """
    2026-01-01 L0 captured by acme            id=0a
    2026-01-02 L0 registered by acme          id=0b
    2026-01-03 L0 offered to acme             id=0c
    2026-01-04 L0 accepted by acme            id=0d
    2026-01-05 L0 assigned by acme agent=ann  id=0e
    2026-01-06 L0 won 10 EUR                  id=0f
"""


def problems(text: str) -> tuple[Problem, ...]:
    return fold(history(text), as_of=AS_OF).problems


def steps(line: str) -> str:
    """The history of L1 by its steps, one a day; ``+`` joins those of one instant."""
    days = enumerate(line.split(" / "), start=1)
    return "\n".join(
        f"2026-02-{day:02} L1 {one}" for day, step in days for one in step.split(" + ")
    )


LEAD_CASES = {
    # by rule: the history, words of the problem, its events
    "never_captured": [
        ("contact by acme id=a / won id=b", "it was never captured", ["a"]),
        ("registered by acme id=a", "it was never captured", ["a"]),
    ],
    "second_capture": [
        ("captured id=a / captured id=b / captured id=c", "captured more than once", ["b", "c"]),
    ],
    "before_capture": [
        ("won id=a / captured", "lead_won comes before the capture", ["a"]),
        (
            "contact by acme / routed eligible=acme id=a / lead_updated region=x id=b / captured",
            "lead_routed comes before the capture",
            ["a", "b"],
        ),
    ],
    "answer_without_offer": [
        ("captured / accepted by acme id=a", "lead_accepted answers no offer before it", ["a"]),
        ("captured / declined by acme id=a", "lead_declined answers", ["a"]),
        ("captured / expired by acme id=a", "offer_expired answers", ["a"]),
        ("captured / offer_withdrawn by acme id=a", "offer_withdrawn answers", ["a"]),
        ("captured / offered to acme / accepted by beta id=a", "lead_accepted answers", ["a"]),
        (
            "captured / offered to acme offer=1 / accepted by acme offer=2 id=a",
            "lead_accepted answers",
            ["a"],
        ),
        ("captured / accepted by acme id=a / offered to acme", "lead_accepted answers", ["a"]),
    ],
    "answer_after_withdrawal": [
        (
            "captured / offered to acme / offer_withdrawn by acme id=w / accepted by acme id=a",
            "an offer was answered after it was withdrawn",
            ["w", "a"],
        ),
        (
            "captured / offered to acme / offer_withdrawn by acme id=w / declined by acme id=a",
            "an offer was answered after it was withdrawn",
            ["w", "a"],
        ),
    ],
    "return_without_acceptance": [
        ("captured / returned by acme id=a", "returned by someone who had not taken it", ["a"]),
        (
            "captured / assigned by acme agent=ann / returned by beta id=a",
            "returned by someone who had not taken it",
            ["a"],
        ),
        (
            "captured / assigned agent=ann / returned id=a",
            "returned by someone who had not taken it",
            ["a"],
        ),
    ],
    "after_close": [
        (
            "captured / lost id=a / progressed id=b / progressed id=c",
            "lead_progressed comes after lead_lost without a reopen",
            ["a", "b"],
        ),
        (
            "captured / lost / reopened / won id=a / offered to acme id=b",
            "lead_offered comes after lead_won without a reopen",
            ["a", "b"],
        ),
        (
            "captured / disqualified id=a / routed eligible=acme id=b",
            "lead_routed comes after lead_disqualified",
            ["a", "b"],
        ),
    ],
    "closed_again": [
        (
            "captured / lost id=a / won id=b",
            "lead_won comes after lead_lost without a reopen",
            ["a", "b"],
        ),
        (
            "captured / won id=a / won id=b",
            "lead_won comes after lead_won without a reopen",
            ["a", "b"],
        ),
        (
            "captured / won / reopened / won id=a / disqualified id=b",
            "lead_disqualified",
            ["a", "b"],
        ),
    ],
    "reopened_while_open": [
        ("captured / reopened id=a", "it was reopened while it was open", ["a"]),
        ("captured / won / reopened / reopened id=a", "it was reopened while it was open", ["a"]),
    ],
    "tied_closes": [
        (
            "captured / lost / reopened id=a + won id=b",
            "lead_reopened, lead_won happened at one time; their kinds decide the order",
            ["a", "b"],
        ),
    ],
    "mixed_sequence": [
        (
            "captured / contact by acme id=a + responded id=b seq=1",
            "of the events at one time some have a sequence and some none",
            ["a", "b"],
        ),
    ],
    "negative_money": [
        ("captured -1 EUR id=a", "lead_captured states EUR -1.00, which is negative", ["a"]),
        ("captured / progressed -1 EUR id=a", "lead_progressed states EUR -1.00", ["a"]),
        ("captured / won -1 EUR id=a", "lead_won states EUR -1.00", ["a"]),
        ("captured / won 9 EUR / refunded -1 EUR id=a", "deal_refunded states EUR -1.00", ["a"]),
    ],
    "refund_without_win": [
        ("captured / refunded 1 EUR id=a", "money was refunded before any win", ["a"]),
        ("captured / refunded 1 EUR id=a / won 2 EUR", "money was refunded before any win", ["a"]),
    ],
    "refund_beyond_win": [
        (
            "captured / won 9 EUR / refunded 6 EUR id=a / refunded 4 EUR id=b",
            "the refunds exceed the win of EUR 9.00",
            ["a", "b"],
        ),
        (
            "captured / won 9 EUR / refunded 1 EUR / refunded 1 USD id=a",
            "a refund is not in EUR, the currency of the win",
            ["a"],
        ),
    ],
    "decision_without_registration": [
        ("captured / approved by acme id=a", "registration_approved decides on no", ["a"]),
        ("captured / rejected by acme id=a", "registration_rejected decides on no", ["a"]),
        (
            (
                "captured / registered by acme registration=r1"
                " / registration_withdrawn by acme registration=r2 id=a"
            ),
            "registration_withdrawn decides on no registration before it",
            ["a"],
        ),
        (
            "captured / approved by acme id=a / registered by acme",
            "registration_approved decides on no",
            ["a"],
        ),
    ],
}


@pytest.mark.parametrize(
    ("rule", "line", "words", "ids"),
    [(rule, *case) for rule, cases in LEAD_CASES.items() for case in cases],
)
def test_a_history_breaks_exactly_one_rule(
    rule: str, line: str, words: str, ids: list[str]
) -> None:
    (problem,) = problems(COMPLETE + steps(line))

    assert (rule, "L1", ids) == (problem.rule, problem.lead_id, list(problem.event_ids))
    assert words in problem.words
    assert problem.leads == 1


def test_every_rule_about_leads_has_a_case() -> None:
    assert [rule.name for rule in LEAD_RULES] == list(LEAD_CASES)


HISTORY_CASES = {
    "conflicting_versions": """
        2026-01-01 L1 captured 1 EUR id=a
        2026-01-01 L1 captured 2 EUR id=a
    """,
    "retraction_of_nothing": "2026-01-01 a retracted id=r",
    "negative_cost": "2026-01-01 acme cost portal -1 EUR id=a",
}


@pytest.mark.parametrize("rule", HISTORY_CASES)
def test_a_log_breaks_exactly_one_rule(rule: str) -> None:
    (problem,) = problems(HISTORY_CASES[rule])

    assert rule == problem.rule


def test_every_rule_about_the_log_has_a_case() -> None:
    assert list(HISTORY_RULES) == list(HISTORY_CASES)


def test_a_negative_cost_names_its_event() -> None:
    (problem,) = problems(HISTORY_CASES["negative_cost"])

    assert str(problem) == "negative_cost: history: a cost of EUR -1.00 is negative (a)"


@pytest.mark.parametrize(
    "line",
    [
        (
            "captured / registered by acme / approved by acme / offered to acme / accepted by acme"
            " / assigned by acme agent=ann / responded / progressed / won 9 EUR / refunded 9 EUR"
        ),
        "registered by acme / contact by acme / influenced by acme / captured",
        "captured / won / contact by acme / influenced by acme / activity visit",
        "captured / won / lead_updated region=x / reopened / progressed / lost",
        "captured / offered to acme offer=1 / declined offer=1",
        "captured / offered to acme / accepted by acme / offer_withdrawn by acme",
        "captured / offered to acme / accepted by acme / returned by acme / offered to acme",
        "captured / assigned agent=ann / returned agent=ann",
        "captured + won 0 EUR seq=0",
        "captured seq=1 + won seq=2 + reopened seq=3",
        "captured / won + refunded 1 EUR",
        "captured / won / refunded 1 EUR",
    ],
)
def test_a_plausible_history_has_no_problem(line: str) -> None:
    assert problems(COMPLETE + steps(line)) == ()


@pytest.mark.parametrize(
    ("won", "expected"),
    [
        ("2026-02-02 L1 won precision=day", []),
        ("2026-02-01 L1 won precision=day", ["before_capture"]),
        ("2026-02-02 L1 won", ["before_capture"]),
    ],
)
def test_a_date_alone_is_not_before_a_capture_of_that_day(won: str, expected: list[str]) -> None:
    text = COMPLETE + f"2026-02-02 10:00 L1 captured\n{won}"

    assert expected == [problem.rule for problem in problems(text)]


def test_refunds_of_a_win_that_no_longer_stands_are_not_compared_with_it() -> None:
    text = COMPLETE + steps("captured / won 9 EUR / lost / refunded 10 EUR")

    assert [problem.rule for problem in problems(text)] == ["closed_again"]


def test_one_history_may_have_many_problems_in_the_order_of_the_rules() -> None:
    text = COMPLETE + steps(
        "won -1 EUR / captured / captured / reopened / reopened / lost / qualified"
    )

    assert [problem.rule for problem in problems(text)] == [
        "second_capture",
        "before_capture",
        "after_close",
        "reopened_while_open",
        "negative_money",
    ]


def test_problems_come_lead_by_lead() -> None:
    text = (
        COMPLETE
        + """
        2026-02-01 L2 reopened id=c
        2026-02-01 L1 captured id=a
        2026-02-02 L1 reopened id=b
    """
    )

    assert [
        ("L1", "reopened_while_open"),
        ("L2", "never_captured"),
        ("L2", "reopened_while_open"),
    ] == [(problem.lead_id, problem.rule) for problem in problems(text)]


# -- a whole step is absent -----------------------------------------------------------------------

ABSENT = {
    # rule: two leads of a log without the step, and the words
    "never_captured": ("won", "the log has no lead_captured at all."),
    "answer_without_offer": ("captured / accepted by acme", "the log has no lead_offered at all."),
    "return_without_acceptance": (
        "captured / returned by acme",
        "the log has no lead_accepted or lead_assigned at all.",
    ),
    "reopened_while_open": (
        "captured / reopened",
        "the log has no lead_disqualified or lead_lost or lead_won at all.",
    ),
    "refund_without_win": ("captured / refunded 1 EUR", "the log has no lead_won at all."),
    "decision_without_registration": (
        "captured / approved by acme",
        "the log has no deal_registered at all.",
    ),
}


@pytest.mark.parametrize("rule", ABSENT)
def test_when_a_step_is_absent_from_the_log_its_problems_are_one(rule: str) -> None:
    line, words = ABSENT[rule]
    text = steps(line) + "\n" + steps(line).replace(" L1 ", " L2 ")
    (problem,) = problems(text)

    assert (rule, None, 2, ()) == (problem.rule, problem.lead_id, problem.leads, problem.event_ids)
    assert problem.words.startswith(words)
    assert str(problem).startswith(f"{rule}: 2 leads: ")


def test_every_rule_that_needs_a_step_is_grouped() -> None:
    assert {rule.name for rule in LEAD_RULES if rule.needs} == set(ABSENT)


def test_a_step_that_occurs_once_in_the_log_is_not_absent() -> None:
    text = (
        steps("captured / accepted by acme")
        + "\n2026-03-01 L2 captured\n2026-03-02 L2 offered to acme"
    )

    assert [("answer_without_offer", "L1")] == [(p.rule, p.lead_id) for p in problems(text)]


def test_a_step_that_occurs_after_as_of_is_absent() -> None:
    text = steps("captured / accepted by acme") + "\n2026-03-01 L2 offered to acme"

    (problem,) = fold(history(text), as_of=at("2026-02-28")).problems
    assert (problem.lead_id, problem.leads) == (None, 1)


# -- counting and raising -------------------------------------------------------------------------


def test_each_lead_knows_its_own_problems() -> None:
    lives = fold(history(COMPLETE + steps("won / captured / captured")), as_of=AS_OF)

    assert [(p.lead_id, p.rule) for p in lives.problems] == [
        ("L1", "second_capture"),
        ("L1", "before_capture"),
    ]
    assert dict(lives.troubled) == {"L1": 2}


def test_a_step_that_is_absent_troubles_every_lead_that_it_touches() -> None:
    text = steps("captured / accepted by acme") + "\n2026-03-01 L2 captured"
    lives = fold(history(text + "\n2026-03-02 L2 accepted by acme"), as_of=AS_OF)

    assert [(None, 2)] == [(p.lead_id, p.leads) for p in lives.problems]
    assert dict(lives.troubled) == {"L1": 1, "L2": 1}


def test_a_conflict_troubles_its_lead() -> None:
    text = (
        COMPLETE
        + """
        2026-03-01 L8 captured
        2026-03-02 L8 won 10 EUR id=w
        2026-03-02 L8 won 20 EUR id=w
    """
    )

    assert dict(fold(history(text), as_of=AS_OF).troubled) == {"L8": 1}


def test_a_conflict_about_what_has_not_occurred_is_no_problem() -> None:
    text = """
        2026-01-01 L8 captured
        2026-03-02 L8 won 10 EUR id=w
        2026-03-02 L8 won 20 EUR id=w
    """

    assert fold(history(text), as_of=at("2026-03-01")).problems == ()
    assert len(fold(history(text), as_of=at("2026-03-02")).problems) == 1


def test_the_last_day_of_the_calendar_is_a_day_too() -> None:
    text = """
        9999-12-31 L1 won precision=day
        9999-12-31 09:00 L1 captured
    """

    assert fold(history(text), as_of=at("9999-12-31 23:00")).problems == ()


def test_a_lead_without_problems_is_not_troubled() -> None:
    assert dict(fold(history(COMPLETE), as_of=AS_OF).troubled) == {}


def test_strict_raises_one_error_with_all_problems() -> None:
    events = history(
        COMPLETE + steps("won / captured / captured") + "\n2026-01-01 x retracted id=r"
    )
    expected = fold(events, as_of=AS_OF).problems

    with pytest.raises(HistoryError, match="the history has 3 problems") as caught:
        fold(events, as_of=AS_OF, strict=True)
    assert expected == caught.value.problems
    assert [p.rule for p in expected] == [
        "retraction_of_nothing",
        "second_capture",
        "before_capture",
    ]
    for problem in expected:
        assert str(problem) in str(caught.value)
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - made in the line itself
    assert expected == again.problems


def test_strict_gives_the_lifecycles_of_a_clean_history() -> None:
    events = history(COMPLETE)

    assert fold(events, as_of=AS_OF) == fold(events, as_of=AS_OF, strict=True)


def test_the_page_lists_every_rule_with_its_meaning() -> None:
    rows = [
        line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")
    ]
    listed = dict(
        row.strip("| ").split("` | ", 1) for row in (r.replace("| `", "", 1) for r in rows)
    )
    expected = {rule.name: rule.meaning for rule in LEAD_RULES} | HISTORY_RULES

    assert {name: listed.get(name) for name in expected} == expected


def test_without_ties_no_sequence_is_mixed() -> None:
    lead = fold(history("2026-01-01 L1 captured seq=1\n2026-01-02 L1 won"), as_of=at("2026-02-01"))[
        "L1"
    ]

    assert [] == [*problem_checks.mixed_sequence(lead)]


def test_every_lead_of_many_is_looked_at() -> None:
    lost = "".join(f"2026-01-02 L{n:04} accepted by acme\n" for n in range(1100))
    folded = fold(history(lost), as_of=AS_OF)

    found = [(problem.lead_id, problem.rule) for problem in problems_among(folded.leads)]
    both = ("never_captured", "answer_without_offer")
    assert [(f"L{n:04}", rule) for n in range(1100) for rule in both] == found
