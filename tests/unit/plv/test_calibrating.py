"""A score held against what came after: what is refused, left out, and said."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from partnerleads import fold, plv
from partnerleads.errors import MixedCurrencyError, OptionError
from partnerleads.testing import at, history

THEN, NOW = at("2026-04-01"), at("2026-12-31")
EVENTS = history("""
    2026-01-01 acme onboarded
    2026-01-02 acme training basics
    2026-01-01 beta onboarded
    2026-05-01 L1   captured by acme
    2026-06-01 L1   won 5000 EUR
    2026-05-01 L2   captured by acme
    2026-06-02 L2   won
    2026-02-01 L3   captured by beta
    2026-03-01 L3   won 900 EUR
""")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"events": iter(EVENTS)}, "is read at two moments"),
        ({"events": fold(EVENTS, as_of=NOW)}, "is read at two moments"),
        ({"events": 5}, "is read at two moments"),
        ({"until": THEN}, "must be later than as_of"),
        ({"pull": 0}, "must be above 0"),
        ({"pull": float("nan")}, "must be above 0"),
        ({"credit": "all"}, "offered are 'sourced', 'involved'"),
        ({"confidence": 1}, "must lie between 0 and 1"),
    ],
)
def test_arguments_that_are_none_are_refused(options: dict[str, Any], words: str) -> None:
    given: dict[str, Any] = {"events": EVENTS, "as_of": THEN, "until": NOW} | options
    with pytest.raises(OptionError, match=words):
        plv.check_score(given.pop("events"), **given)


def test_wins_before_the_moment_are_no_outcome() -> None:
    check = plv.check_score(EVENTS, as_of=THEN, until=NOW)

    assert {"acme": (5000.0, 2), "beta": (0.0, 0)} == {
        one.partner_id: (one.won, one.deals) for one in check.outcomes
    }
    assert ["few", "without_value"] == [one.code for one in check.warnings]


def test_a_programme_in_which_nobody_won_teaches_nothing() -> None:
    check = plv.check_score(EVENTS[:3], as_of=THEN, until=NOW)

    assert check.weights == check.suggested
    assert check.top_quarter_lift is None
    assert "rank correlation undefined, as all are equal in one of the two" in str(check)
    assert "top quarter won - times the average" in str(check)


def test_partners_without_a_score_are_left_out_and_counted() -> None:
    weights = {"revenue": 1.0}
    model = attrs.evolve(
        plv.DEFAULT_MODEL,
        criteria=[
            attrs.evolve(one, weight=weights.get(one.name, 0.0))
            for one in plv.DEFAULT_MODEL.criteria
        ],
    )
    events = [*EVENTS, *history("2026-01-01 dart cost portal 5 EUR id=x")]

    check = plv.check_score(events, as_of=THEN, until=NOW, model=model)

    assert 1 == check.unscored
    assert ["acme", "beta"] == sorted(one.partner_id for one in check.outcomes)
    assert "left out, since they had no score: 1" == str(check.warnings[-1])


def test_what_was_recorded_later_does_not_tell_on_the_score() -> None:
    events = [*EVENTS, *history("2026-03-01 beta certified a recorded=2026-08-01 id=x")]

    then = plv.check_score(events, as_of=THEN, until=NOW)
    now = plv.check_score(events, as_of=THEN, until=NOW, known_then=False)
    plain = plv.check_score(EVENTS, as_of=THEN, until=NOW)

    assert plain.outcomes == then.outcomes
    assert plain.outcomes != now.outcomes


def test_a_partner_that_only_an_undone_event_named_won_nothing() -> None:
    events = [
        *history("2026-01-01 core onboarded id=x"),
        *history("2026-05-01 x retracted id=y"),
    ]

    check = plv.check_score(events, as_of=THEN, until=NOW)

    assert [("core", 0.0)] == [(one.partner_id, one.won) for one in check.outcomes]


def test_currencies_are_not_mixed_in_an_outcome() -> None:
    events = [
        *EVENTS,
        *history("2026-05-01 X1 captured by acme id=x\n2026-06-01 X1 won 5 USD id=y"),
    ]

    with pytest.raises(MixedCurrencyError):
        plv.check_score(events, as_of=THEN, until=NOW)


def test_a_check_prints_and_gives_rows() -> None:
    four = [
        *EVENTS,
        *history("""
            2026-01-01 core onboarded id=x1
            2026-01-02 core certified a id=x2
            2026-05-01 X1   captured by core id=x3
            2026-06-01 X1   won 700 EUR id=x4
            2026-01-01 dart onboarded id=x5
            2026-01-02 dart campaign a id=x6
        """),
    ]

    check = plv.check_score(four, as_of=THEN, until=NOW)

    head, first, second, third, *table = repr(check).splitlines()
    assert head == (
        "<model default, scores of 2026-04-01 00:00 UTC against wins until 2026-12-31 00:00 UTC, "
        "partners: 4"
    )
    assert first.startswith("  rank correlation ")
    assert "[" in first
    assert second.startswith("  top quarter won ")
    assert third.startswith("  suggested weights would have reached ")
    assert table[0].split() == ["criterion", "weight", "suggested"]
    assert table[1].split()[:3] == ["revenue", "20.0", "%"]
    assert "few: 4 partners" in table[-2]
    assert "<th>criterion</th>" in check._repr_html_()
    assert "<td>revenue</td><td>20.0 %</td>" in check._repr_html_()
    assert {"partner_id", "score", "won", "deals"} <= {*check.to_dicts()[0]}


def test_a_correlation_without_an_interval_says_why() -> None:
    check = plv.check_score(EVENTS, as_of=THEN, until=NOW)

    assert "(no interval of fewer than 4)" in str(check)


def test_thirty_partners_are_no_longer_few() -> None:
    onboarded = "\n".join(f"2026-01-01 p{number} onboarded" for number in range(30))

    thirty = plv.check_score(history(onboarded), as_of=THEN, until=NOW)

    assert (30, ()) == (len(thirty.outcomes), thirty.warnings)


def test_no_events_at_all_teach_nothing() -> None:
    check = plv.check_score([], as_of=THEN, until=NOW)

    assert ((), check.weights) == (check.outcomes, check.suggested)
    assert check.rank_correlation.value is None
