"""Every figure of every engine on one history that has everything."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import narwhals.stable.v2 as nw
import polars as pl
import pytest

from partnerleads import Period, fold, frames, kpis
from partnerleads.errors import MissingExtraError, OptionError
from partnerleads.events import Event, LeadCaptured, PartnerUpdated
from partnerleads.frames.engines import opened
from partnerleads.frames.flat.native import family
from partnerleads.frames.zones import Calendar, micros_of
from partnerleads.lifecycle import Lifecycles
from partnerleads.model import WorkingHours
from partnerleads.review import programme_review
from partnerleads.testing import history as told
from tests import frames_parity as parity

AS_OF = datetime(2026, 7, 1, tzinfo=UTC)
QUARTER = Period.quarter(2026, 1, tz="America/New_York")


@cache
def events() -> tuple[Event, ...]:
    from partnerleads import datasets

    sample = datasets.sample()
    chosen = {f"lead-{number:04}" for number in range(0, 2000, 9)}
    return tuple(e for e in sample if getattr(e, "lead_id", None) in chosen | {None})


@cache
def lives() -> Lifecycles:
    return fold(events(), as_of=AS_OF)


@pytest.mark.parametrize(("backend", "turn"), [("polars", 1), ("duckdb", 5)])
def test_every_figure_with_every_option_in_a_quarter(backend: str, turn: int) -> None:
    history = frames.history(frames.events_frame(events(), backend=backend), as_of=AS_OF)
    calls = parity.every_call(period=QUARTER)[::turn]

    assert [] == parity.differences(calls, lives(), history)


@pytest.mark.no_cover  # the same code as in tests that count, on other engines or keys
@pytest.mark.parametrize("key", [*parity.KEYS, "tier", "latest.industry", ("region", "tier")])
def test_every_key(key: str | tuple[str, ...]) -> None:
    history = frames.history(frames.events_frame(events()), as_of=AS_OF)
    calls = parity.every_call(by=key)[::7]

    assert [] == parity.differences(calls, lives(), history)


@pytest.mark.parametrize("backend", ["polars", "duckdb"])
def test_the_review(backend: str) -> None:
    history = frames.history(frames.events_frame(events(), backend=backend), as_of=AS_OF)
    review = programme_review(history, period=QUARTER)
    expected = programme_review(lives(), period=QUARTER)

    assert review.statuses == expected.statuses
    assert "not looked for on frames" in str(review)
    for line, other in zip(expected.lines, review.lines, strict=True):
        for span, figure in line.spans:
            assert "" == parity.difference(figure, dict(other.spans)[span])


def test_the_problems_of_a_frame_are_counted_by_rule() -> None:
    history = frames.history(frames.events_frame(events()), as_of=AS_OF)
    counted = {problem.rule: problem.leads for problem in history.problems}
    expected: dict[str, set[str | None]] = {}
    for problem in lives().problems:
        expected.setdefault(problem.rule, set()).add(problem.lead_id)

    assert counted == {rule: len(leads) for rule, leads in expected.items() if rule in counted}
    assert history.findings is None


@pytest.mark.parametrize("backend", ["pandas", "pandas-arrow", "pyarrow"])
def test_lent_frames(backend: str) -> None:
    history = frames.history(frames.events_frame(events(), backend=backend), as_of=AS_OF)
    calls = parity.every_call(by="region")[::9]

    assert [] == parity.differences(calls, lives(), history)


def small(text: str, **said: Any) -> frames.FrameHistory:
    return frames.history(frames.events_frame(told(text)), as_of=AS_OF, **said)


CAPTURED = "2026-01-02 L1 captured by acme 100 EUR region=DACH"


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ("refunds", "not known on frames"),
        ("facts", "not known on frames"),
        ("wonn", "won"),
        ("expected_close", "offered are"),
        ("likely.probability", "offered are"),
        ("staged", "offered are"),
        ("won.nothing", "not known on frames"),
        ("attributes.campaign", "column 'campaign' of its own"),
    ],
)
def test_what_is_no_column_is_refused(column: str, words: str) -> None:
    kpi = kpis.define("own", kpis.CountOf(), counted="leads", of=kpis.Has(column))

    with pytest.raises(OptionError, match=words):
        kpi(small(CAPTURED))


def test_what_is_no_event_is_no_anchor() -> None:
    kpi = kpis.define("own", kpis.CountOf(), counted="leads", anchor="status")

    with pytest.raises(OptionError, match="no event"):
        kpi(small(CAPTURED), period=QUARTER)


def test_an_event_is_no_value() -> None:
    kpi = kpis.define("own", kpis.CountOf(), counted="leads", of=kpis.Is("captured", "x"))

    with pytest.raises(OptionError, match="no column"):
        kpi(small(CAPTURED))


WORKED = (
    CAPTURED
    + """
2026-01-03 L1 accepted by acme agent=ann
2026-01-05 L1 progressed by acme
2026-01-03 L2 captured by beta
"""
)


def test_an_acceptance_that_converted_as_an_anchor() -> None:
    kpi = kpis.define("own", kpis.CountOf(), counted="leads", anchor="converting_acceptance")

    assert 1 == kpi(small(WORKED), period=QUARTER).value


@pytest.mark.parametrize("by", ["agent", "tier", "holder"])
def test_spells_by_key(by: str) -> None:
    expected = kpis.partner_conversion_rate(told(WORKED), as_of=AS_OF, by=by, credit="spell")
    actual = kpis.partner_conversion_rate(small(WORKED), by=by, credit="spell")

    assert "" == parity.difference(expected, actual)


@pytest.mark.parametrize("by", ["tier", "region", ("holder", "status")])
def test_stocks_are_listed_by_key(by: Any) -> None:
    text = WORKED + "2026-01-04 L3 captured by acme region=UK\n2026-01-05 L3 progressed by acme"
    said = {"by": by, "stalled_after": timedelta(days=5)}
    expected = kpis.in_progress(told(text), as_of=AS_OF, **said)

    assert ("L1", "L3") == expected.listed
    assert "" == parity.difference(expected, kpis.in_progress(small(text), **said))


def test_a_frame_of_spark_is_told_from_others() -> None:
    assert "pyspark" == family(SimpleNamespace(implementation=nw.Implementation.PYSPARK))


def test_working_hours_of_nobody() -> None:
    hours = WorkingHours.parse({"mon-fri": "09:00-17:00"})

    assert kpis.hours_to_acceptance(small(CAPTURED), working_hours=hours).median is None


def test_a_further_column_is_an_attribute() -> None:
    frame = frames.events_frame(told(CAPTURED)).with_columns(campaign=pl.lit("fair"))
    history = frames.history(frame, as_of=AS_OF)

    for key in ("attributes.campaign", "latest.attributes.campaign"):
        assert ["fair"] == list(kpis.sourced_rate(history, by=key).segments)


def test_no_problem_is_no_problem() -> None:
    assert () == small(CAPTURED).problems


def test_conflicts_are_problems_of_the_leads_they_name() -> None:
    moment = datetime(2026, 1, 2, tzinfo=UTC)
    same = {"event_id": "e1", "occurred_at": moment, "source": "crm"}
    copies: list[Event] = [
        LeadCaptured(**same, lead_id="L1", originator=partner) for partner in ("acme", "beta")
    ]
    copies += [
        PartnerUpdated(**same | {"event_id": "e2"}, partner_id="acme", tier=tier)
        for tier in ("gold", "silver")
    ]
    history = frames.history(frames.events_frame(copies), as_of=AS_OF)
    expected = fold(copies, as_of=AS_OF)

    assert ["conflicting_versions"] == [problem.rule for problem in history.problems]
    assert [] == parity.differences(parity.every_call(by="tier")[:3], expected, history)


def test_amounts_that_together_are_beyond_all_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("partnerleads.frames.span._MOST_UNITS", 9999)

    with pytest.raises(OptionError, match="beyond 64 bits"):
        kpis.closed_won(small(CAPTURED))


def test_a_library_that_is_not_supported(monkeypatch: pytest.MonkeyPatch) -> None:
    other = SimpleNamespace(implementation=nw.Implementation.DASK)
    monkeypatch.setattr(nw, "from_native", lambda _: other)

    with pytest.raises(OptionError, match="not supported"):
        opened(None)


def test_a_day_begins_where_summer_time_skips_midnight() -> None:
    zone = ZoneInfo("America/Sao_Paulo")
    first, last = (micros_of(datetime(year, 1, 1, tzinfo=UTC)) for year in (2017, 2019))
    skipped = datetime(2018, 11, 4, 3, tzinfo=UTC)
    days = pl.DataFrame({"at": [micros_of(skipped), micros_of(skipped) + 1]})
    calendar = Calendar(zone, first, last)
    found = nw.from_native(days).select(
        calendar.is_midnight(nw.col("at")), d=calendar.day(nw.col("at"))
    )

    assert [True, False] == found["at"].to_list()
    assert date(2018, 11, 4) == calendar.date(found["d"].to_list()[0])


def test_what_is_no_money_is_not_added() -> None:
    kpi = kpis.define("own", kpis.SumOf("captured.lead.region"), counted="leads")

    with pytest.raises(OptionError, match="no money"):
        kpi(small(CAPTURED))


@pytest.mark.parametrize(
    "column", ["stage", "claimed", "probability", "gross_wins", "captured.occurred_at"]
)
def test_columns_of_ones_own(column: str) -> None:
    kpi = kpis.define("own", kpis.CountOf(), counted="leads", of=kpis.Has(column))
    text = CAPTURED + "\n2026-01-05 L1 progressed probability=0.5"

    assert kpi(told(text), as_of=AS_OF).value == kpi(small(text)).value


@pytest.mark.parametrize(
    ("by", "words"), [("partner", "say which"), (("region", "region"), "twice")]
)
def test_keys_that_are_none(by: Any, words: str) -> None:
    with pytest.raises(OptionError, match=words):
        kpis.closed_won(small(CAPTURED), by=by)


@pytest.mark.parametrize("day", ["1800-01-02", "2190-01-02"])
def test_instants_that_frames_cannot_tell_apart(day: str) -> None:
    text = f"{day} L1 captured by acme"
    later = datetime(2200, 1, 1, tzinfo=UTC)
    history = frames.history(frames.events_frame(told(text)), as_of=later)

    with pytest.raises(OptionError, match="1827 to 2112"):
        kpis.closed_won(history)


def test_more_events_at_one_instant_than_frames_tell_apart() -> None:
    text = "\n".join(["2026-01-02 L1 captured", *["2026-01-03 L1 activity visit"] * 256])

    with pytest.raises(OptionError, match="share an instant"):
        kpis.closed_won(small(text))


def test_an_empty_frame_has_no_figures() -> None:
    history = frames.history(frames.events_frame([]), as_of=AS_OF)

    assert 0 == kpis.closed_won(history).value
    assert kpis.sourced_rate(history).value is None


def test_what_is_no_frame_is_refused() -> None:
    with pytest.raises(OptionError, match="no frame"):
        frames.history(3, as_of=AS_OF)


def test_a_frame_that_finds_no_engine_names_one(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    frame = frames.events_frame(told(CAPTURED), backend="pyarrow")
    monkeypatch.setitem(sys.modules, "polars", None)
    monkeypatch.setitem(sys.modules, "duckdb", None)

    with pytest.raises(MissingExtraError, match="frames"):
        frames.history(frame, as_of=AS_OF)


def test_a_frame_of_pandas_that_polars_cannot_read_names_what_it_lacks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain: Any = nw.DataFrame.lazy

    def lent(frame: object, backend: str | None = None) -> object:
        if backend is None:
            return plain(frame)
        raise ImportError(backend)

    frame = frames.events_frame(told(CAPTURED), backend="pandas")
    monkeypatch.setattr(nw.DataFrame, "lazy", lent)

    with pytest.raises(MissingExtraError, match=r"pyarrow.*partnerleads\[pandas\]"):
        frames.history(frame, as_of=AS_OF)


def test_a_history_says_its_engine_and_its_moment() -> None:
    assert "<FrameHistory on polars as of 2026-07-01T00:00:00+00:00>" == repr(small(CAPTURED))


def test_an_unknown_name_of_the_room() -> None:
    with pytest.raises(AttributeError, match="no attribute 'histories'"):
        _ = frames.histories  # type: ignore[attr-defined]
    assert "history" in dir(frames)
