"""What differs from backend to backend and must not show: zones, units, nulls, names, order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import duckdb
import polars as pl
import pyarrow as pa
import pytest

from partnerleads import events as e
from partnerleads import fold, frames, kpis
from partnerleads.errors import FrameSchemaError, OptionError
from partnerleads.frames.engines import first_row
from partnerleads.testing import at, history, money
from tests import frames_parity as parity

AS_OF = at("2026-06-01")

STORY = history("""
    2026-01-02 L1 captured by acme 10000 EUR
    2026-01-03 L1 offered to acme
    2026-01-04 L1 accepted by acme
    2026-01-09 L1 progressed
    2026-02-09 L1 won 8000 EUR
    2026-01-03 L2 captured 500 EUR
    2026-01-05 L2 lost
""")


def revised(*events: e.Event) -> list[e.Event]:
    """The events with a later version of each capture and win."""
    again = [
        attrs.evolve(event, recorded_at=event.recorded_at + timedelta(days=2), **fields)
        for event in events
        for kind, fields in ((e.LeadWon, {}), (e.LeadCaptured, {"originator": "bolt"}))
        if isinstance(event, kind)
    ]
    return [*events, *again]


EVENTS = revised(*STORY)
FIGURES = ("sourced_rate", "hours_to_acceptance", "expected_lead_value", "final_lead_value")
CALLS = [parity.Call(name, {"by": ("holder", "status")}) for name in FIGURES]
CALLS.append(parity.Call("sourced_rate", {"by": "latest.region"}))


def assert_agrees(frame: Any, events: list[e.Event] = EVENTS, **known: datetime) -> None:
    lives = fold(events, as_of=AS_OF, **known)

    assert [] == parity.differences(CALLS, lives, frames.history(frame, as_of=AS_OF, **known))


def flat(events: list[e.Event] = EVENTS) -> pl.DataFrame:
    frame: pl.DataFrame = frames.events_frame(events)
    return frame


def connected(frame: pl.DataFrame, *settings: str) -> Any:
    """The frame as a table of a new DuckDB connection."""
    connection = duckdb.connect()
    for setting in settings:
        connection.execute(f"set {setting}")
    connection.register("events", frame.to_arrow())
    return connection.table("events")


TEXTS = [name for name, kind in frames.FLAT_COLUMNS.items() if kind in ("text", "amount", "json")]


# --- types of columns -----------------------------------------------------------------------------


def _enums(frame: pl.DataFrame) -> pl.DataFrame:
    named = ("type", "event_id", "source", "lead_id", "partner_id", "value_currency")
    return frame.with_columns(
        pl.col(name).cast(pl.Enum(frame[name].drop_nulls().unique().sort())) for name in named
    )


def _in_zones(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(
        pl.col("occurred_at").dt.convert_time_zone("America/New_York").dt.cast_time_unit("ms"),
        pl.col("recorded_at").dt.convert_time_zone("Asia/Tokyo").dt.cast_time_unit("ns"),
    )


def _of_pandas_in_new_york(frame: pl.DataFrame) -> Any:
    made = _booleans(frame.to_pandas())
    return made.assign(occurred_at=made["occurred_at"].dt.tz_convert("America/New_York"))


def _booleans(made: Any) -> Any:
    return made.astype({"automatic": "boolean", "qualified": "boolean"})


def _shuffled_pandas(frame: pl.DataFrame) -> Any:
    return _booleans(frame.to_pandas()).sample(frac=1, random_state=1)


FORMS: dict[str, Callable[[pl.DataFrame], Any]] = {
    "categories": lambda f: f.with_columns(pl.col(TEXTS).cast(pl.Categorical)),
    "enums": _enums,
    "milliseconds": lambda f: f.with_columns(pl.col("occurred_at").dt.cast_time_unit("ms")),
    "nanoseconds": lambda f: f.with_columns(pl.col("recorded_at").dt.cast_time_unit("ns")),
    "several zones": _in_zones,
    "lazy": lambda f: f.lazy(),
    "small integers": lambda f: f.with_columns(pl.col("sequence").cast(pl.Int8)),
    "integers as floats": lambda f: f.with_columns(pl.col("sequence").cast(pl.Float64)),
    "pandas in a zone with an underscore": _of_pandas_in_new_york,
    "pandas with an index of its own": _shuffled_pandas,
    "pandas with nullable types": lambda f: f.to_pandas().convert_dtypes(),
    "pandas with Arrow types": lambda f: f.to_pandas(use_pyarrow_extension_array=True),
    "chunks of Arrow": lambda f: pa.concat_tables([f[:3].to_arrow(), f[3:].to_arrow()]),
    "DuckDB in New York": lambda f: connected(f, "TimeZone = 'America/New_York'"),
    "DuckDB in Kolkata": lambda f: connected(f, "TimeZone = 'Asia/Kolkata'"),
    "DuckDB that sorts its own way": lambda f: connected(
        f, "default_null_order = 'nulls first'", "default_order = 'desc'"
    ),
    "DuckDB that divides integers": lambda f: connected(f, "integer_division = true"),
}


@pytest.mark.parametrize("form", FORMS)
def test_types_and_settings_change_no_figure(form: str) -> None:
    assert_agrees(FORMS[form](flat()))


def test_the_moment_of_knowledge_means_the_same_in_any_session_zone() -> None:
    known = at("2026-01-04T03:00:00Z")

    assert_agrees(connected(flat(), "TimeZone = 'America/New_York'"), known_at=known)


def test_versions_an_hour_apart_when_clocks_go_back_stay_two() -> None:
    first = datetime(2025, 11, 2, 5, 30, tzinfo=UTC)  # half past one in New York, twice
    story = history("2025-10-01 L1 captured by acme\n2025-11-01 L1 won 100 EUR")
    capture, won = story
    versions = [
        capture,
        won,
        attrs.evolve(won, recorded_at=first, value=money("200 EUR")),
        attrs.evolve(won, recorded_at=first + timedelta(hours=1), value=money("100 EUR")),
    ]

    assert_agrees(connected(flat(versions), "TimeZone = 'America/New_York'"), versions)


# --- names ----------------------------------------------------------------------------------------

OWN_NAMES = ["key", "at", "rank", "place", "recorded", "precise", "captured_key", "content"]
OWN_NAMES += ["claimant", "moment", "copies", "troubles", "extra0", "Key", "AT", "one", "n"]
ODD_NAMES = ['my "col"', "a.b", "my col", "größe", "it's", "select", "{x}", "`tick`"]


def coloured(names: list[str]) -> pl.DataFrame:
    red = pl.when(pl.col("type") == "lead_captured").then(pl.lit("red"))
    return flat().with_columns(red.alias(name) for name in names)


@pytest.mark.parametrize("made", [lambda f: f, connected], ids=["polars", "duckdb"])
def test_keys_of_ones_own_may_have_any_name(made: Callable[[Any], Any]) -> None:
    names = [name for name in (*OWN_NAMES, *ODD_NAMES) if name not in ("Key", "AT")]
    looked = frames.history(made(coloured(names)), as_of=AS_OF)

    for name in names:
        for by in (f"attributes.{name}", f"latest.attributes.{name}"):
            assert ["red"] == list(kpis.sourced_rate(looked, by=by).segments), by


def test_keys_may_differ_in_case_alone() -> None:
    frame = flat().with_columns(Key=pl.lit("upper"), key=pl.lit("lower"))
    looked = frames.history(frame, as_of=AS_OF)

    assert ["upper"] == list(kpis.sourced_rate(looked, by="attributes.Key").segments)
    assert ["lower"] == list(kpis.sourced_rate(looked, by="attributes.key").segments)


def test_a_table_of_the_users_may_have_any_name() -> None:
    connection = duckdb.connect()
    connection.execute("create table made as select 7 as x")
    connection.register("events", flat().to_arrow())

    assert_agrees(connection.table("events"))
    assert [(7,)] == connection.sql("select * from made").fetchall()


def test_a_database_that_is_only_read_is_enough(tmp_path: Path) -> None:
    place, parquet = tmp_path / "events.duckdb", tmp_path / "events.parquet"
    flat().write_parquet(parquet)
    with duckdb.connect(place) as connection:
        connection.execute(f"create table events as from '{parquet}'")
    with duckdb.connect(place, read_only=True) as connection:
        assert_agrees(connection.table("events"))


# --- keys of one's own ----------------------------------------------------------------------------


def test_columns_nobody_asks_for_may_hold_anything() -> None:
    frame = flat().with_columns(several=pl.concat_list(pl.lit(1), pl.lit(2)))
    mixed = _booleans(flat().to_pandas()).assign(junk=[{"a": 1}, 3, None] * 3 + [[1]])

    assert_agrees(frame)
    assert_agrees(mixed)


def test_a_column_of_lists_is_no_key() -> None:
    frame = flat().with_columns(several=pl.concat_list(pl.lit(1), pl.lit(2)))

    with pytest.raises(OptionError, match="needs a column 'several'"):
        kpis.sourced_rate(frames.history(frame, as_of=AS_OF), by="attributes.several")


@pytest.mark.parametrize("seed", range(5))
def test_equal_copies_with_different_keys_give_one_answer(seed: int) -> None:
    story = history("2026-01-02 L1 captured by acme")
    frame = flat([*story, *story]).with_columns(colour=pl.Series(["red", "blue"]))
    looked = frames.history(frame.sample(fraction=1, shuffle=True, seed=seed), as_of=AS_OF)

    assert ["red"] == list(kpis.sourced_rate(looked, by="attributes.colour").segments)


def test_the_key_of_the_last_copy_counts() -> None:
    (capture,) = history("2026-01-02 L1 captured by acme")
    later = attrs.evolve(capture, recorded_at=at("2026-01-05"))
    frame = flat([capture, later]).with_columns(colour=pl.Series(["blue", "red"]))

    looked = frames.history(frame, as_of=AS_OF)

    assert ["red"] == list(kpis.sourced_rate(looked, by="attributes.colour").segments)


# --- odd text -------------------------------------------------------------------------------------


def test_contents_that_read_alike_when_joined_stay_two() -> None:
    (capture,) = history("2026-01-02 L1 captured")
    lost = e.LeadLost(
        event_id="x",
        lead_id="L1",
        occurred_at=at("2026-01-20"),
        partner_id="a\x1fb",
        agent_id="c",
    )
    other = attrs.evolve(lost, partner_id="a", agent_id="b\x1fc")

    assert_agrees(flat([capture, lost, other]), [capture, lost, other])


@pytest.mark.parametrize("odd", ["é日本\U0001f600", "\x1f", "\x00", "'\"\\;--\n\t%_", " "])
@pytest.mark.parametrize("made", [lambda f: f, connected], ids=["polars", "duckdb"])
def test_ids_may_hold_any_characters(odd: str, made: Callable[[Any], Any]) -> None:
    events = [
        attrs.evolve(event, lead_id=f"{odd}{event.lead_id}", event_id=f"{event.event_id}{odd}")
        for event in EVENTS
    ]

    assert_agrees(made(flat(events)), events)


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize("year", [1, 1826, 2113, 9998])
@pytest.mark.parametrize("made", [lambda f: f, connected], ids=["polars", "duckdb"])
def test_instants_too_far_away_are_refused(year: int, made: Callable[[Any], Any]) -> None:
    moment = datetime(year, 6, 1, tzinfo=UTC)
    events = [attrs.evolve(event, occurred_at=moment, recorded_at=moment) for event in STORY]
    looked = frames.history(made(flat(events)), as_of=datetime(9999, 1, 1, tzinfo=UTC))

    with pytest.raises(OptionError, match="1827 to 2112"):
        kpis.sourced_rate(looked)


@pytest.mark.parametrize("year", [1828, 1960, 1969, 2111])
@pytest.mark.parametrize("made", [lambda f: f, connected], ids=["polars", "duckdb"])
def test_instants_within_three_centuries_are_told_apart(
    year: int, made: Callable[[Any], Any]
) -> None:
    moved = timedelta(days=365 * (year - 2026))
    events = [
        attrs.evolve(
            event,
            occurred_at=event.occurred_at + moved,
            recorded_at=event.recorded_at + moved,
            precision="day",
        )
        for event in STORY
    ]
    as_of = datetime(year + 2, 1, 1, tzinfo=UTC)
    lives = fold(events, as_of=as_of)
    looked = frames.history(made(flat(events)), as_of=as_of)

    assert [] == parity.differences(CALLS, lives, looked)


def _at_once(kind: type[Any], count: int, **fields: Any) -> list[e.Event]:
    moment = at("2026-01-10")
    return [kind(event_id=f"m{n:04}", occurred_at=moment, **fields) for n in range(count)]


def test_more_events_of_a_lead_at_once_than_the_key_holds_are_refused() -> None:
    many = _at_once(e.LeadProgressed, 256, lead_id="L1")

    assert_agrees(flat([*STORY, *many[:-1]]), [*STORY, *many[:-1]])
    with pytest.raises(OptionError, match="frames take 255"):
        kpis.sourced_rate(frames.history(flat([*STORY, *many]), as_of=AS_OF))


def test_more_events_of_a_partner_at_once_than_the_key_holds_are_refused() -> None:
    many = _at_once(e.PartnerUpdated, 256, partner_id="acme", tier="gold")
    looked = frames.history(flat([*STORY, *many]), as_of=AS_OF)

    with pytest.raises(OptionError, match="frames take 255"):
        kpis.sourced_rate(looked, by="tier")


LARGEST = ["9999999999999.99 EUR", "999999999999999 JPY", "999999999999.999 KWD"]
LARGEST += ["99999999999.9999 CLF", "-9999999999999.99 EUR"]


@pytest.mark.parametrize("text", LARGEST)
def test_the_largest_amounts_are_exact(text: str) -> None:
    events = [attrs.evolve(STORY[0], expected_value=money(text))]
    looked = frames.history(flat(events), as_of=AS_OF)

    assert money(text) == kpis.expected_lead_value(looked, which="open").total


@pytest.mark.parametrize(
    "text",
    ["10000000000000.00 EUR", "1000000000000 KWD", "100000000000 CLF", "-10000000000000 EUR"],
)
def test_larger_amounts_are_refused(text: str) -> None:
    events = [attrs.evolve(STORY[0], expected_value=money(text))]

    with pytest.raises(FrameSchemaError, match=r"10\^15 smallest units or more"):
        frames.history(flat(events), as_of=AS_OF)


def test_sums_beyond_64_bits_are_refused() -> None:
    won = e.LeadWon(
        event_id="w0", lead_id="L0", occurred_at=AS_OF, value=money("9999999999999.99 EUR")
    )
    frame = flat([won])
    many = pl.concat([frame] * 5000).with_columns(
        event_id=pl.int_range(5000).cast(pl.String), lead_id=pl.int_range(5000).cast(pl.String)
    )

    with pytest.raises(OptionError, match="beyond 64 bits"):
        kpis.final_lead_value(frames.history(many, as_of=AS_OF))


def test_what_is_no_frame_is_refused() -> None:
    with pytest.raises(OptionError, match="is no frame"):
        frames.history(3, as_of=AS_OF)


def test_decimal_sums_are_whole_numbers_of_any_size() -> None:
    looked = frames.history(connected(flat()), as_of=AS_OF)
    units = looked.story.table.select(total=pl_sum("value"))

    assert 800_000 == first_row(units)["total"]


def pl_sum(name: str) -> Any:
    import narwhals.stable.v2 as nw

    return nw.col(name).sum()


# --- histories with hardly anything in them -------------------------------------------------------

ONBOARDED = e.PartnerOnboarded(event_id="p", occurred_at=at("2026-01-01"), partner_id="acme")


@pytest.mark.parametrize(
    "events", [[], [ONBOARDED], list(STORY[:1]), [STORY[4]]], ids=["none", "partner", "one", "won"]
)
@pytest.mark.parametrize("made", [lambda f: f, connected], ids=["polars", "duckdb"])
def test_small_histories_have_the_same_figures(
    events: list[e.Event], made: Callable[[Any], Any]
) -> None:
    assert_agrees(made(flat(events)), events)


def test_a_moment_before_all_events_has_no_leads() -> None:
    looked = frames.history(flat(), as_of=at("2025-01-01"))

    assert 0 == kpis.sourced_rate(looked).of


RETRACTED = {
    "of a retraction": [("r1", "e5"), ("r2", "r1")],
    "of nothing": [("r1", "nothing")],
    "of itself": [("r1", "r1")],
    "revised to name another": [("r1", "e5"), ("r1", "e4")],
}


@pytest.mark.parametrize("sort", RETRACTED)
@pytest.mark.parametrize("made", [lambda f: f, connected], ids=["polars", "duckdb"])
def test_retractions_are_settled_alike(sort: str, made: Callable[[Any], Any]) -> None:
    events = [
        *EVENTS,
        *(
            e.EventRetracted(
                event_id=own,
                occurred_at=at("2026-03-01") + timedelta(days=number),
                retracts=other,
                source=EVENTS[0].source,
            )
            for number, (own, other) in enumerate(RETRACTED[sort])
        ),
    ]

    assert_agrees(made(flat(events)), events)


@pytest.mark.parametrize("days", [0, 1])
@pytest.mark.parametrize("place", [0, 4])
def test_an_event_may_move_to_another_lead(days: int, place: int) -> None:
    event = STORY[place]
    recorded = event.recorded_at + timedelta(days=days)
    moved = [attrs.evolve(event, lead_id=lead, recorded_at=recorded) for lead in ("L2", "L3")]

    assert_agrees(flat([*STORY, moved[0]]), [*STORY, moved[0]])
    assert_agrees(flat([*STORY, *moved]), [*STORY, *moved])


def test_the_same_ids_in_different_sources_are_different_events() -> None:
    events = [attrs.evolve(event, source=source) for source in ("", "a", "b") for event in STORY]

    assert_agrees(flat(events), events)


@pytest.mark.parametrize("largest", [2**63 - 1, -(2**63) + 10])
def test_sequences_may_be_as_large_as_integers_get(largest: int) -> None:
    events = [attrs.evolve(one, sequence=largest - n) for n, one in enumerate(STORY)]

    assert_agrees(flat(events), events)
