from __future__ import annotations

import json
import pickle

import pytest

from partnerleads.codecs import Reading, Reject, read_csv, read_jsonl
from partnerleads.errors import BadInputError, Fault
from partnerleads.lifecycle import fold
from partnerleads.model import FrozenMap
from partnerleads.testing import at


def reading(rejects: int, *, accepted: int = 9_975, **ignored: int) -> Reading:
    faults = [Fault("$.lead_id", f"{n}", "is no text", 17, "crm.jsonl") for n in range(rejects)]
    faults[:1] = [Fault("$.lead_id", "", "is missing", 17, "crm.jsonl")] * bool(rejects)
    return Reading(
        name="crm.jsonl",
        events=(),
        lines=(),
        rejects=tuple(Reject(17, "{}", (fault,)) for fault in faults),
        accepted=accepted,
        ignored_fields=FrozenMap(ignored),
    )


def test_rows_read_are_the_accepted_and_the_rejected_ones() -> None:
    found = reading(25)

    assert (10_000, 9_975, 25) == (found.read, found.accepted, found.rejected)
    assert 25 == len(found.faults)


def test_it_reads_as_counts_then_faults() -> None:
    text = str(reading(1, colour=1_200))

    assert [
        "crm.jsonl: 1 fault in 9 976 rows, 9 975 accepted",
        "  line     17  $.lead_id              is missing",
        "  unknown field 'colour' left out of 1 200 rows",
    ] == text.splitlines()


def test_many_faults_are_shown_in_part() -> None:
    lines = str(reading(25)).splitlines()

    assert "crm.jsonl: 25 faults in 10 000 rows, 9 975 accepted" == lines[0]
    assert (22, "  and 5 more; read `.faults`") == (len(lines), lines[-1])


def test_it_raises_all_faults_or_nothing() -> None:
    reading(0).raise_faults()
    with pytest.raises(BadInputError) as caught:
        reading(25).raise_faults()

    assert (25, 10_000, 9_975) == (
        len(caught.value.faults),
        caught.value.read,
        caught.value.accepted,
    )


def test_it_survives_pickling() -> None:
    assert reading(2) == pickle.loads(pickle.dumps(reading(2)))  # noqa: S301 - our own bytes


@pytest.mark.parametrize(("count", "shown"), [(2, "2, 3"), (7, "2, 3, 4, 5, 6, ...")])
def test_equal_faults_are_shown_once(count: int, shown: str) -> None:
    rows = [f"L{n},{'x' if n < count else '2026-03-04'}\n" for n in range(8)]
    said = {
        "columns": {"lead_id": "deal"},
        "time_zone": "UTC",
        "events": [{"type": "lead_won", "at": "closed"}],
    }
    found = read_csv(["deal,closed\n", *rows], mapping=said, strict=False)

    assert f"({count} times: lines {shown})" in str(found).splitlines()[1]
    assert 2 == len(str(found).splitlines())


def test_it_stands_for_its_events() -> None:
    row = {"type": "lead_captured", "event_id": "e", "lead_id": "L", "lead": {}}
    found = read_jsonl([json.dumps({**row, "occurred_at": "2026-03-04T10:00:00Z"})])

    assert (1, list(found.events)) == (len(found), list(found))
    assert fold(found.events, as_of=at("2026-04-01")) == fold(found, as_of=at("2026-04-01"))


def test_it_shows_in_a_notebook_and_gives_its_faults_as_rows() -> None:
    found = reading(2, colour=1)

    assert f"<{found}>" == repr(found)
    assert "<caption>crm.jsonl: 2 faults in 9 977 rows" in found._repr_html_()
    assert "left out of 1 row</p>" in found._repr_html_()
    assert [
        ("crm.jsonl", 17, "$.lead_id", "", "is missing"),
        ("crm.jsonl", 17, "$.lead_id", "1", "is no text"),
    ] == [tuple(row.values()) for row in found.to_dicts()]


def test_a_fault_stays_within_its_line() -> None:
    fault = Fault("$.lead_id", "a\nb", "is no id", 1, "crm.jsonl")
    found = Reading(
        name="crm.jsonl", events=(), lines=(), rejects=(Reject(1, "", (fault,)),), accepted=0
    )

    assert 2 == len(str(found).splitlines())
