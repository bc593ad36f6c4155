"""The review as a value."""

import pickle
from types import SimpleNamespace
from typing import Any, cast

import pytest

from partnerleads import Period, fold
from partnerleads.errors import AsOfError, OptionError, PeriodError
from partnerleads.kpis.measuring.figures import history_of
from partnerleads.review import FIGURES, Review, programme_review
from partnerleads.testing import at, history

NOW = at("2026-10-01")
WORK = """
    2026-05-04       L1 captured by acme
    2026-08-02       L2 captured by acme
    2026-08-02 09:00 L3 captured
    2026-08-03       L3 won 900 EUR
    2026-08-04       L2 lost
    2026-09-01       L1 progressed
"""


def reviewed(text: str = WORK, **options: Any) -> Review:
    return programme_review(history(text), **{"as_of": NOW, **options})


def test_every_figure_stands_beside_the_one_before_and_the_one_of_all_time() -> None:
    lines = {line.label: line for line in reviewed().lines}
    sourced = lines["Sourced rate"]

    assert [label for label, _ in FIGURES] == list(lines)
    assert [("now", 0.5, 2), ("before", 1.0, 1), ("ever", 2 / 3, 3)] == [
        (span, figure.value, figure.n) for span, figure in cast("Any", sourced.spans)
    ]


def test_a_stock_is_as_of_the_moment_alone() -> None:
    lines = {line.label: line for line in reviewed().lines}

    assert ["now"] == [span for span, _ in lines["In progress"].spans]
    assert lines["In progress"].before is None
    assert lines["Expected lead value"].ever is None


def test_leads_are_counted_by_status() -> None:
    review = reviewed()

    assert (3, {"open": 1, "won": 1, "lost": 1}) == (review.leads, dict(review.statuses))


def test_without_a_period_it_takes_the_last_quarter_that_is_over() -> None:
    assert Period.quarter(2026, 3) == reviewed().period
    assert Period.quarter(2026, 2) == reviewed(as_of=at("2026-09-30 23:00")).period
    assert Period.quarter(2027, 2, fiscal_start=4) == reviewed(fiscal_start=4).period
    assert "America/New_York" == reviewed(tz="America/New_York").period.tz


def test_an_open_period_says_so() -> None:
    assert reviewed().period_is_over
    assert reviewed(period=Period.month(2026, 9)).period_is_over
    assert not reviewed(period=Period.month(2026, 10)).period_is_over


def test_lifecycles_know_their_moment() -> None:
    lives = fold(history(WORK), as_of=NOW, known_at=at("2026-08-03"))
    review = programme_review(lives)

    assert (NOW, at("2026-08-03")) == (review.as_of, review.known_at)
    with pytest.raises(AsOfError, match="differs"):
        programme_review(lives, as_of=at("2026-09-01"))
    with pytest.raises(AsOfError, match="required"):
        programme_review(history(WORK))


def test_the_close_rates_are_those_of_the_period_and_the_findings_those_of_the_audit() -> None:
    review = reviewed(period=Period.month(2026, 8))
    assert review.audit is not None

    assert review.close_rates.trend is not None
    assert Period.month(2026, 8) == review.close_rates.trend.periods[-1]
    assert review.audit.findings == review.findings


class Told:
    """A history that knows its leads and their problems, but is none of lifecycles."""

    def __init__(self, lives: Any) -> None:
        self.known = history_of(lives)
        self.statuses, self.problems, self.findings = lives.statuses, lives.problems, None
        self.as_of, self.known_at, self.policy = lives.as_of, lives.known_at, lives.policy

    def tally(self, *asked: Any) -> Any:
        return self.known.tally(*asked)


def test_another_engine_has_close_rates_and_no_audit() -> None:
    lives = fold(history(WORK), as_of=NOW)
    review = programme_review(cast("Any", Told(lives)))

    assert (None, None) == (review.audit, review.findings)
    assert review.close_rates == programme_review(lives).close_rates
    assert "Findings to doubt: not looked for on frames" in str(review)
    assert "in doubt" not in str(review)


def test_an_engine_without_problems_is_refused() -> None:
    other = SimpleNamespace(tally=None, as_of=NOW, known_at=None)

    with pytest.raises(OptionError, match="knows its leads"):
        programme_review(cast("Any", other))


def test_a_period_at_the_beginning_of_the_calendar_has_none_before() -> None:
    with pytest.raises(PeriodError, match="calendar"):
        reviewed(period=Period.year(1))


def test_dates_of_all_time_compare_in_the_zone_of_the_period() -> None:
    # a date of Berlin: captured at 01:30 there, won on that day
    lead = """
        2026-08-04 23:30       L1 captured
        2026-08-05 00:00+02:00 L1 won precision=day
    """
    place = [label for label, _ in FIGURES].index("Won velocity")
    line: Any = reviewed(lead, tz="Europe/Berlin").lines[place]

    assert ("Europe/Berlin", 0.0, 0.0) == (line.now.period.tz, line.now.median, line.ever.median)


def test_it_survives_pickling() -> None:
    review = reviewed()

    assert review == pickle.loads(pickle.dumps(review))  # noqa: S301 - our own bytes


def test_flat_rows_have_a_span_each() -> None:
    rows = reviewed().to_dicts()

    assert {"now", "before", "ever"} == {row["span"] for row in rows}
    assert [("now", 0.5), ("before", 1.0), ("ever", 2 / 3)] == [
        (row["span"], row["value"]) for row in rows if row["label"] == "Sourced rate"
    ]


def test_the_order_of_the_events_changes_nothing() -> None:
    events = history(WORK)

    assert str(reviewed()) == str(programme_review(events[::-1], as_of=NOW))
