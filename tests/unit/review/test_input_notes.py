"""What the review says of the file it was made of."""

from pathlib import Path

from partnerleads.codecs import read_csv, read_jsonl
from partnerleads.review.input_notes import input_notes
from partnerleads.testing import at

NOW = at("2026-10-01")
MAPPING = {
    "time_zone": "UTC",
    "columns": {"lead_id": "deal", "lead.region": "region"},
    "events": [
        {"type": "lead_captured", "at": "created", "when": {"stage": {"not": "Draft"}}},
    ],
}


def line(event_id: str, day: str, **more: str) -> str:
    extra = "".join(f', "{name}": "{value}"' for name, value in more.items())
    return (
        f'{{"type": "lead_reopened", "event_id": "{event_id}", '
        f'"occurred_at": "{day}T09:00:00Z", "lead_id": "L"{extra}}}'
    )


def test_rows_and_the_span_of_the_events_are_counted() -> None:
    reading = read_jsonl([line("b", "2026-03-04"), line("a", "2026-02-01")])

    assert (
        "2 rows read: 2 accepted, 0 rejected",
        "2 events, 2026-02-01 09:00 UTC to 2026-03-04 09:00 UTC",
    ) == input_notes(reading, as_of=NOW)


def test_events_later_than_the_moments_are_counted() -> None:
    rows = [
        line("a", "2026-02-01"),
        line("b", "2026-02-01", recorded_at="2026-05-01T00:00:00Z"),
        line("c", "2026-03-04"),
        line("d", "2026-03-05"),
    ]
    notes = input_notes(read_jsonl(rows), as_of=at("2026-03-01"), known_at=at("2026-02-02"))

    assert (
        "        2  occurred after 2026-03-01 00:00 UTC and are not seen",
        "        3  recorded after 2026-02-02 00:00 UTC and are not seen",
    ) == notes[2:]


def test_moments_that_hide_nothing_are_not_told() -> None:
    reading = read_jsonl([line("a", "2026-02-01")])

    assert 2 == len(input_notes(reading, as_of=NOW, known_at=NOW))


def test_faults_are_grouped_the_most_frequent_first() -> None:
    rows = [line("a", "2026-02-01"), "x", line("b", "2026-02-01", colour="red")]
    reading = read_jsonl([*rows, rows[2], "[]"], strict=False)

    assert (
        "5 rows read: 1 accepted, 4 rejected",
        "        2  $.colour: is an unknown field; leave it out",
    ) == input_notes(reading, as_of=NOW)[:2]


def test_faults_whose_fix_names_their_value_are_of_one_kind() -> None:
    rows = [line("a", "2026-02-01").replace('"a"', str(n)) for n in range(3)]
    notes = input_notes(read_jsonl(rows, strict=False), as_of=NOW)

    assert '        3  $.event_id: is a number; write a text in quotes: "0"' == notes[1]


def test_instants_are_shown_in_the_zone_of_the_review() -> None:
    reading = read_jsonl([line("a", "2026-02-01")])
    span, later = input_notes(reading, as_of=at("2026-01-01"), tz="Asia/Tokyo")[1:]

    assert "1 event, 2026-02-01 18:00 Asia/Tokyo to 2026-02-01 18:00 Asia/Tokyo" == span
    assert "        1  occurred after 2026-01-01 09:00 Asia/Tokyo and are not seen" == later


def test_beyond_five_kinds_of_fault_are_counted_unless_all_is_asked_for() -> None:
    rows = [line("a", "2026-02-01", **{f"colour_{n}": "red"}) for n in range(7)]
    reading = read_jsonl([line("a", "2026-02-01"), *rows], strict=False)
    few, whole = (input_notes(reading, as_of=NOW, all_of_it=all_) for all_ in (False, True))

    assert (5, "           and 2 more kinds of fault") == (
        sum("colour" in note for note in few),
        few[6],
    )
    assert (7, False) == (
        sum("colour" in note for note in whole),
        any("more kinds" in note for note in whole),
    )


def test_the_dirt_of_a_csv_file_is_counted_by_kind(tmp_path: Path) -> None:
    rows = [
        "deal,region,stage,created",
        "D-1,,Open,2026-03-04",
        "D-2,W,Draft,",
        "D-3,,Open,2026-03-05",
    ]
    side = "".join(f"key {n}\n" for n in range(7))
    (tmp_path / "regions.csv").write_text(f"region\n{side}W\n")
    (tmp_path / "deals.csv").write_text("\n".join(rows))
    reading = read_csv(
        tmp_path / "deals.csv",
        mapping={
            **MAPPING,
            "columns": {"lead_id": "deal", "lead.region": "regions.region"},
            "lookup": {"regions": {"file": str(tmp_path / "regions.csv"), "key": "region"}},
        },
    )
    notes = input_notes(reading, as_of=NOW)
    whole = input_notes(reading, as_of=NOW, all_of_it=True)

    assert "        1  accepted, and by the mapping without an event" == notes[2]
    assert "        2  missing region" in notes
    assert "           and 3 more of kind 'unused key'" == notes[-1]
    assert ("        1  unused key regions 'key 6'", len(notes) + 2) == (
        next(note for note in whole if "key 6" in note),
        len(whole),
    )


def test_accepted_rows_may_give_no_event_at_all() -> None:
    reading = read_csv(["deal,region,stage,created", "D-1,W,Draft,2026-03-04"], mapping=MAPPING)

    assert "0 events" == input_notes(reading, as_of=NOW)[1]


def test_one_more_kind_of_fault_is_no_more_kinds() -> None:
    rows = ["x", "[]", *(line(str(n), "2026-02-01", **{f"x{n}": "1"}) for n in range(4))]
    notes = input_notes(read_jsonl(rows, strict=False), as_of=NOW)

    assert "           and 1 more kind of fault" in notes


def test_dates_of_another_clock_are_counted() -> None:
    mapping = {**MAPPING, "time_zone": "Europe/Berlin"}
    rows = ["deal,stage,created,region\n", "D-1,Open,2026-04-01,\n", "D-2,Open,2026-04-02T09:00,\n"]
    reading = read_csv(rows, mapping=mapping)

    told = "        1  dates are of days by another clock than UTC, and may count in the period "
    assert any(note.startswith(told) for note in input_notes(reading, as_of=NOW))
    assert not any(
        "another clock" in note for note in input_notes(reading, as_of=NOW, tz="Europe/Berlin")
    )


def test_a_date_at_the_beginning_of_the_calendar_is_of_no_other_clock() -> None:
    row = line("a", "2026-02-01", precision="day").replace("2026-02-01T09", "0001-01-01T00")
    notes = input_notes(read_jsonl([row]), as_of=NOW, tz="Europe/Berlin")

    assert 2 == len(notes)
