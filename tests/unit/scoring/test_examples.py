"""Examples to learn from."""

from __future__ import annotations

from datetime import timedelta

import pytest

from partnerleads.errors import OptionError
from partnerleads.lifecycle import fold
from partnerleads.scoring import features_of, training_examples
from partnerleads.testing import at, history

NOW = at("2026-06-01")
DAYS = timedelta(days=1)

EVENTS = history("""
    2026-01-01 won      captured industry=steel
    2026-01-05 won      lead_updated attributes.size=big
    2026-01-20 won      won 9000 EUR
    2026-01-21 won      lead_updated attributes.contract=C17

    2026-01-01 lost     captured industry=retail
    2026-01-03 lost     lost

    2026-01-01 not      captured industry=retail
    2026-02-03 not      disqualified

    2026-01-01 open     captured industry=steel

    2026-01-01 reopened captured industry=steel
    2026-01-20 reopened won
    2026-02-20 reopened reopened

    2026-01-01 again    captured industry=steel
    2026-01-04 again    lost
    2026-01-06 again    reopened
    2026-01-30 again    won

    2026-01-01 at_once  captured industry=steel
    2026-01-01 at_once  lost
""")


def outcomes(**options: object) -> dict[str, bool]:
    found = training_examples(EVENTS, as_of=NOW, **options)  # type: ignore[arg-type]
    return {one.lead_id: one.won for one in found}


def test_leads_are_read_so_long_after_their_capture() -> None:
    found = training_examples(EVENTS, as_of=NOW, read_after=10 * DAYS)
    won = next(one for one in found if one.lead_id == "won")

    assert {"won": True, "not": False} == {one.lead_id: one.won for one in found}
    assert {"industry": "steel", "attributes.size": "big"} == won.features.values
    assert at("2026-01-11") == won.features.as_of
    assert at("2026-01-20") == won.closed_at
    assert {"closed before it would be read": 3, "still open": 2} == found.left_out_because
    assert (1, 1) == (found.won, found.lost)


def test_or_just_before_their_first_outcome() -> None:
    expected = {"again": True, "lost": False, "not": False, "won": True}

    assert expected == outcomes()


def test_one_that_was_closed_as_was_known_then_is_no_example() -> None:
    events = history("""
        2026-01-01 L1 captured id=a source=crm industry=steel
        2026-01-05 L1 won id=b source=crm
        2026-02-01 b retracted id=c source=crm
        2026-02-10 L1 lost id=d source=crm
    """)

    found = training_examples(events, as_of=NOW, read_after=10 * DAYS)
    assert ((), {"closed before it would be read": 1}) == ((*found,), found.left_out_because)

    (later,) = training_examples(events, as_of=NOW, read_after=35 * DAYS)
    assert not later.won


def test_one_that_closed_again_is_read_before_it_first_closed() -> None:
    examples = training_examples(EVENTS, as_of=NOW)
    again = next(one for one in examples if one.lead_id == "again")

    assert at("2026-01-04") > again.features.as_of
    assert at("2026-01-30") == again.closed_at


def test_what_closed_at_the_reading_moment_is_left_out() -> None:
    assert "lost" in outcomes(read_after=DAYS)
    assert "lost" not in outcomes(read_after=2 * DAYS)


def test_a_wait_beyond_the_calendar_leaves_all_out() -> None:
    assert {} == outcomes(read_after=timedelta.max)


def test_what_was_recorded_later_is_not_known() -> None:
    events = history("""
        2026-01-01 L1 captured recorded=2026-05-01
        2026-01-20 L1 won recorded=2026-05-01
    """)
    strict, trusting = (
        training_examples(events, as_of=NOW, read_after=DAYS, as_recorded=as_recorded)
        for as_recorded in (True, False)
    )

    assert {"nothing recorded of it when it would be read": 1} == strict.left_out_because
    assert ["L1"] == [one.lead_id for one in trusting]


def test_an_outcome_that_was_not_recorded_yet_is_none() -> None:
    events = history("""
        2026-01-01 L1 captured
        2026-01-20 L1 won recorded=2026-05-01
    """)

    assert {"still open": 1} == training_examples(events, as_of=at("2026-02-01")).left_out_because


def test_they_print_and_flatten() -> None:
    found = training_examples(EVENTS, as_of=NOW)
    after = training_examples(EVENTS, as_of=NOW, read_after=timedelta(hours=12))
    row = found.to_dicts()[-1]

    assert str(found).splitlines() == [
        "4 examples, 2 won, 2 not (read just before the outcome, as of 2026-06-01 00:00 UTC)",
        "  note: 1 left out: nothing recorded of it when it would be read",
        "  note: 2 left out: still open",
    ]
    assert "(read 0.5 days after the capture, as of" in str(after)
    assert f"<{found}>" == repr(found)
    lines = str(training_examples(fold(EVENTS, as_of=NOW))).splitlines()
    assert lines[-1].startswith("  note: read from lifecycles, which keep the last version alone")
    assert ("won", True, None, "steel") == (
        row["lead_id"],
        row["won"],
        row["segment"],
        row["values.industry"],
    )
    assert "<caption>4 examples, 2 won, 2 not (read" in found._repr_html_()
    assert "<p>2 left out: still open</p>" in found._repr_html_()
    assert found[-1].features.as_of == row["read_at"]
    assert found[:2] == (found[0], found[1])


def test_rows_have_a_column_for_each_name_that_any_example_has() -> None:
    events = history("""
        2026-01-01 L1 captured industry=steel company_size=80
        2026-01-09 L1 won
        2026-01-01 L2 captured region=EU
        2026-01-09 L2 lost
    """)
    rows = training_examples(events, as_of=NOW).to_dicts()

    columns = ["values.industry", "values.region", "numbers.company_size"]
    assert [["steel", None, 80.0], [None, "EU", None]] == [
        [row[name] for name in columns] for row in rows
    ]


def test_the_wait_is_a_span_of_time() -> None:
    with pytest.raises(OptionError, match="read_after=30: pass a timedelta"):
        outcomes(read_after=30)
    with pytest.raises(OptionError, match="must not be negative"):
        outcomes(read_after=-DAYS)


@pytest.mark.parametrize("precision", ["instant", "day", "relative", "by", "assumed"])
def test_outcomes_that_may_have_come_earlier_are_warned_of(precision: str) -> None:
    events = history(f"""
        2026-01-01 L1 captured
        2026-01-20 L1 won precision={precision}
    """)
    warnings = training_examples(events, as_of=NOW).warnings

    expected = ["vague_closes"] if precision in {"by", "assumed"} else []
    assert expected == [one.code for one in warnings]
    assert all("1 example closed at or before a time" in one.words for one in warnings)


def filled_after_the_win(leads: int) -> str:
    """Leads of which every second is won, and gets the number of its contract a day later."""
    lines = []
    for number in range(leads):
        lines.append(f"2026-01-01 L{number:03} captured industry=industry{number % 3}")
        if number % 2:
            lines.append(f"2026-02-01 L{number:03} won")
            lines.append(f"2026-02-02 L{number:03} lead_updated attributes.contract=C")
        else:
            lines.append(f"2026-02-01 L{number:03} lost")
    return "\n".join(lines)


def test_a_field_that_is_filled_after_the_win_is_seen_only_by_those_who_read_too_late() -> None:
    lives = fold(history(filled_after_the_win(60)), as_of=NOW)
    examples = training_examples(lives)

    def told_by_the_contract(values: dict[str, frozenset[str]]) -> float:
        """How many of the outcomes the contract alone tells right. [0..1]"""
        right = [("attributes.contract" in values[one.lead_id]) == one.won for one in examples]
        return sum(right) / len(right)

    honest = {one.lead_id: frozenset(one.features.values) for one in examples}
    naive = {name: frozenset(features_of(lives[name]).values) for name in honest}
    assert 0.5 == told_by_the_contract(honest)
    assert 1.0 == told_by_the_contract(naive)
