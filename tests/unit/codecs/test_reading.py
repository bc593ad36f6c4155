from __future__ import annotations

import pickle

import pytest

from partnerleads.codecs import Reading, Reject
from partnerleads.errors import BadInputError, Fault
from partnerleads.model import FrozenMap


def reading(rejects: int, *, accepted: int = 9_975, **ignored: int) -> Reading:
    fault = Fault("$.lead_id", "", "is missing", 17, "crm.jsonl")
    return Reading(
        name="crm.jsonl",
        events=(),
        lines=(),
        rejects=tuple(Reject(17, "{}", (fault,)) for _ in range(rejects)),
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
