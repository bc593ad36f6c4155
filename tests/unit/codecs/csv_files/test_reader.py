"""Messy CSV files, with all that a mapping can say about them."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from partnerleads.codecs.csv_files.mapping import CsvMapping
from partnerleads.codecs.csv_files.reader import CsvReading, iter_csv, read_csv
from partnerleads.codecs.reading import Reject
from partnerleads.errors import BadInputError, MappingFileError, OptionError
from partnerleads.events import LeadCaptured, LeadProgressed, LeadWon, PartnerOnboarded
from partnerleads.model import Money

WON = {"type": "lead_won", "at": "closed"}


def mapping(*rules: dict[str, Any], **keys: Any) -> dict[str, Any]:
    plain = {"time_zone": "UTC", "columns": {"lead_id": "deal"}, "events": list(rules) or [WON]}
    return {**plain, **keys}


def read(text: str, said: dict[str, Any] | None, *, strict: bool = True) -> CsvReading:
    return read_csv(io.StringIO(text), mapping=said, strict=strict)


def reasons(text: str, said: dict[str, Any] | None) -> list[tuple[int | None, str, str]]:
    faults = read(text, said, strict=False).faults
    return [(fault.line, fault.path, fault.reason) for fault in faults]


def dirt_of(reading: CsvReading) -> list[str]:
    return [" ".join(str(dirt).split()) for dirt in reading.dirt]


def test_one_row_gives_several_events_and_lines_say_which() -> None:
    captured = {"type": "lead_captured", "at": "opened", "lead.region": "region"}
    reading = read(
        "deal,opened,closed,region\nL1,2026-03-01,2026-03-04,DACH\nL2,2026-03-02,,UK\n",
        mapping(captured, {**WON, "when_missing": "skip"}),
    )

    assert ["lead_captured", "lead_won", "lead_captured"] == [e.type for e in reading.events]
    assert (2, 2, 3) == reading.lines
    assert (2, 2, 0) == (reading.read, reading.accepted, reading.rejected)
    assert {"events[1] lead_captured": 2, "events[2] lead_won": 1} == reading.given


def test_a_row_with_one_wrong_event_gives_none_and_all_its_faults() -> None:
    captured = {"type": "lead_captured", "at": "opened", "lead.company_size": "size"}
    said = mapping(captured, {**WON, "value": "value"}, currency="EUR")
    text = (
        "deal,opened,closed,size,value\n"
        "L1,2026-03-01,4.3.2026,many,much\nL2,2026-03-01,2026-03-02,1,2\n"
    )
    reading = read(text, said, strict=False)

    assert ["size", "closed", "value"] == [fault.path for fault in reading.faults]
    assert [2, 2, 2] == [fault.line for fault in reading.faults]
    assert "L1,2026-03-01,4.3.2026,many,much" == reading.rejects[0].text
    assert (3, 3) == reading.lines


def test_strict_reading_raises_all_faults() -> None:
    with pytest.raises(BadInputError) as caught:
        read("deal,closed\nL1,x\nL2,y\nL3,2026-03-04\n", mapping())

    assert (3, 1) == (caught.value.read, caught.value.accepted)
    assert 2 == len(caught.value.faults)


def test_rows_that_give_no_event_are_accepted_and_listed() -> None:
    reading = read(
        "deal,closed,deleted\nL1,2026-03-04,false\nL2,2026-03-04,true\n",
        mapping(when={"deleted": False}),
    )

    assert (3,) == reading.silent_lines
    assert (2, 2) == (reading.read, reading.accepted)
    assert "1 accepted row gives no event" in str(reading)


def test_rows_without_events_are_told_in_the_plural() -> None:
    reading = read("deal,closed\nL1,\nL2,\n", mapping({**WON, "when_missing": "skip"}))

    assert "2 accepted rows give no event" in str(reading)


@pytest.mark.parametrize(
    ("when", "given"),
    [
        ({"stage": "Won"}, ["A"]),
        ({"stage": ["Won", "Signed"]}, ["A", "B"]),
        ({"stage": {"not": ["Won", "Signed"]}}, ["C", "D"]),
        ({"stage": {"present": True}}, ["A", "B", "C"]),
        ({"stage": {"present": False}}, ["D"]),
        ({"stage": {"absent": True}}, ["D"]),
        ({"stage": {"absent": False}}, ["A", "B", "C"]),
        ({"size": 7}, ["A"]),
        ({"live": True}, ["A", "C"]),
        ({"live": True, "stage": {"not": "Won"}}, ["C"]),
    ],
)
def test_conditions_choose_rows(when: dict[str, Any], given: list[str]) -> None:
    reading = read(
        "deal,closed,stage,size,live\n"
        "A,2026-03-04,Won,7,yes\nB,2026-03-04,Signed,8,no\nC,2026-03-04,Lost,,TRUE\n"
        "D,2026-03-04,,,0\n",
        mapping({**WON, "when": when}),
    )

    assert given == [event.lead_id for event in reading.events if isinstance(event, LeadWon)]


def test_an_unknown_answer_to_a_yes_or_no_question_is_a_fault() -> None:
    found = reasons(
        "deal,closed,live\nA,2026-03-04,perhaps\n", mapping({**WON, "when": {"live": True}})
    )

    assert [(2, "live")] == [fault[:2] for fault in found]
    assert "add the word to yes or no" in found[0][2]


def test_semicolons_decimal_commas_quotes_and_a_mark_are_read() -> None:
    reading = read(
        "\ufeffdeal;closed;value\n'L;1';04.03.2026;1.234,50 €\n",
        mapping(
            {**WON, "value": "value"},
            delimiter=";",
            quote="'",
            decimal=",",
            thousands=".",
            date_formats="%d.%m.%Y",
            currency_signs={"€": "EUR"},
        ),
    )

    won = reading.events[0]
    assert isinstance(won, LeadWon)
    assert ("L;1", Money("1234.50", "EUR")) == (won.lead_id, won.value)
    assert "2026-03-04" == won.occurred_at.date().isoformat()


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8", "latin-1"])
def test_other_encodings_are_read_when_said(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "deals.csv"
    path.write_bytes("deal,closed,who\nL1,2026-03-04,Müller\n".encode(encoding))
    said = mapping({**WON, "agent_id": "who"}, encoding=encoding)

    assert ["Müller"] == [e.agent_id for e in read_csv(path, mapping=said).events]  # type: ignore[union-attr]


def test_bytes_of_another_encoding_cost_only_their_row() -> None:
    lines = [b"deal,closed\n", "Mü,2026-03-04\n".encode("cp1252"), "Mü,2026-03-04\n".encode()]
    reading = read_csv(lines, mapping=mapping(), strict=False)

    assert [(2, "deal", r"'M\xfc'")] == [(f.line, f.path, f.value) for f in reading.faults]
    assert r"M\xfc,2026-03-04" == reading.rejects[0].text
    assert ["Mü"] == [e.lead_id for e in reading.events]  # type: ignore[union-attr]


def test_a_file_that_stops_being_text_is_refused_from_there_on(tmp_path: Path) -> None:
    path = tmp_path / "deals.csv"
    path.write_bytes("deal,closed\nL1,2026-03-04\n".encode("utf-16") + b"\x00")
    reading = read_csv(path, mapping=mapping(encoding="utf-16"), strict=False)

    assert "cannot be decoded" in reading.faults[-1].reason
    assert reading.read == reading.accepted + reading.rejected


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"\xff\xfed\x00,\x00\n\x00", b'"deal,closed\nx', b"de\xfcl,closed\n"],
)
def test_a_file_without_a_readable_header_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "deals.csv"
    path.write_bytes(content)

    for strict in (True, False):
        with pytest.raises(BadInputError) as caught:
            read_csv(path, mapping=mapping(), strict=strict)
        assert 0 == caught.value.read
        assert str(path) == caught.value.faults[0].file


def test_headers_may_be_said_or_stand_further_down() -> None:
    said = mapping(header=["deal", "closed"])
    lower = mapping(skip_lines=2)

    assert (1,) == read("L1,2026-03-04\n", said).lines
    assert (4,) == read("Deals of March\n\ndeal,closed\nL1,2026-03-04\n", lower).lines


def test_a_column_that_stands_twice_is_told_apart_by_number() -> None:
    reading = read(
        "deal,closed,owner,owner\nL1,2026-03-04,ann,bob\n",
        mapping({**WON, "agent_id": "owner#2", "partner_id": "owner#1"}),
    )

    won = reading.events[0]
    assert isinstance(won, LeadWon)
    assert ("bob", "ann") == (won.agent_id, won.partner_id)


def test_a_header_in_one_cell_hints_at_the_delimiter() -> None:
    with pytest.raises(MappingFileError) as caught:
        read("deal;closed\nL1;2026-03-04\n", mapping({**WON, "agent_id": "who"}))

    (fault,) = caught.value.faults
    assert ("delimiter", "','") == (fault.path, fault.value)
    assert "leaves the header in one cell; say delimiter = ';'?" == fault.reason
    with pytest.raises(MappingFileError, match=r"'closed' *is no column"):
        read("'deal;closed'\nL1\n", mapping(delimiter=";", quote="'"))
    with pytest.raises(MappingFileError, match="columns are open"):
        read("open\n", mapping())


def test_a_header_in_one_cell_of_the_flat_form_tells_what_parts_it() -> None:
    with pytest.raises(BadInputError, match=r"with '.t' in it; commas part those of the flat form"):
        read_csv(io.StringIO("type\tevent_id\nlead_captured\te1\n"))


def test_ragged_rows_are_refused_or_padded() -> None:
    text = "deal,closed,who\nL1,2026-03-04\nL2,2026-03-04,ann,bob\nL3,2026-03-04,ann,\n"

    assert [(2, "$"), (3, "$"), (4, "$")] == [fault[:2] for fault in reasons(text, mapping())]
    assert [(3, "$")] == [fault[:2] for fault in reasons(text, mapping(ragged="pad"))]


def test_texts_that_mean_nothing_are_absent_and_counted() -> None:
    said = mapping(
        {**WON, "value": "value", "agent_id": "who"}, missing=["N/A", "-"], currency="EUR"
    )
    reading = read("deal,closed,value,who\nL1,2026-03-04,N/A, - \nL2,2026-03-04,,ann\n", said)

    first = reading.events[0]
    assert isinstance(first, LeadWon)
    assert (None, None) == (first.value, first.agent_id)
    assert ["missing 2 value", "missing 1 who", "trimmed 1 who"] == dirt_of(reading)


def test_untrimmed_files_keep_their_blanks() -> None:
    reading = read("deal,closed\n L1 ,2026-03-04\n", mapping(trim=False))

    assert [" L1 "] == [e.lead_id for e in reading.events]  # type: ignore[union-attr]


def test_blank_lines_and_rows_of_empty_cells_are_counted() -> None:
    reading = read("deal,closed\n\nL1,2026-03-04\n,\n  ,\n", mapping())

    assert 1 == reading.read
    assert ["blank line 3"] == dirt_of(reading)
    assert (3,) == reading.lines


def test_cleaning_by_column_holds_everywhere_and_is_counted_once_a_row() -> None:
    captured = {"type": "lead_captured", "at": "closed", "lead.deal_type": "product"}
    reading = read(
        "deal,closed,product\nL1,2026-03-04,GTXPro\nL2,2026-03-04,GTX Pro\nL3,2026-03-04,TBD\n",
        mapping(
            captured,
            {**captured, "type": "lead_updated", "when": {"product": "GTX Pro"}},
            clean={"product": {"GTXPro": "GTX Pro", "TBD": ""}},
        ),
    )

    types = [e.lead.deal_type for e in reading.events if isinstance(e, LeadCaptured)]
    assert ["GTX Pro", "GTX Pro", None] == types
    assert [
        "cleaned 1 product 'GTXPro' to 'GTX Pro'",
        "cleaned 1 product 'TBD' to ''",
        "missing 1 product",
    ] == dirt_of(reading)


def test_cleaning_of_one_field_leaves_the_column_alone_elsewhere() -> None:
    cleaned = {"column": "product", "clean": {"GTXPro": "GTX Pro"}}
    captured = {"type": "lead_captured", "at": "closed", "lead.deal_type": cleaned}
    captured["lead.attributes.product as sold"] = "product"
    reading = read("deal,closed,product\nL1,2026-03-04,GTXPro\n", mapping(captured))

    lead = reading.events[0].lead  # type: ignore[union-attr]
    assert ("GTX Pro", {"product as sold": "GTXPro"}) == (lead.deal_type, lead.attributes)


def test_the_first_column_with_a_value_counts() -> None:
    said = mapping({**WON, "at": {"column": ["closed", "changed"]}})
    text = "deal,closed,changed\nL1,2026-03-04,2026-05-01\nL2,,2026-05-01\nL3,,\n"

    assert ["2026-03-04", "2026-05-01"] == [
        str(event.occurred_at.date()) for event in read(text, said, strict=False).events
    ]
    assert [(4, "closed or changed")] == [fault[:2] for fault in reasons(text, said)]


def test_a_value_cleaned_away_gives_way_to_the_next_column() -> None:
    agent = {"column": ["who", "owner"], "clean": {"TBD": ""}}
    reading = read(
        "deal,closed,who,owner\nL1,2026-03-04,TBD,ann\n", mapping({**WON, "agent_id": agent})
    )

    assert "ann" == reading.events[0].agent_id  # type: ignore[union-attr]


def test_numbers_are_scaled_by_what_the_mapping_says() -> None:
    value = {"column": "value", "times": 1000, "currency": "EUR"}
    reading = read("deal,closed,value\nL1,2026-03-04,1.25\n", mapping({**WON, "value": value}))

    assert Money(1250, "EUR") == reading.events[0].value  # type: ignore[union-attr]


def test_times_that_a_clock_change_repeats_are_counted() -> None:
    said = mapping(time_zone="Europe/Berlin")
    reading = read("deal,closed\nL1,2026-10-25 02:30\n", said)

    assert ["repeated hour 1 closed"] == dirt_of(reading)


def test_a_reading_shows_counts_faults_and_dirt() -> None:
    reading = read("deal,closed\nL1,\nL2,2026-03-04\n", mapping(), strict=False)

    assert [
        "rows: 1 fault in 2 rows, 1 accepted",
        "line 2 closed has no value; in events[1] lead_won say when_missing = 'skip', or a date",
        "missing 1 closed",
    ] == [" ".join(line.split()) for line in str(reading).splitlines()]


def test_constants_and_defaults_fill_in() -> None:
    contact = {"type": "contact_made", "at": "closed", "by": {"const": "own_team"}}
    won = {
        **WON,
        "value": {"column": "value", "default": 12.5, "currency": "EUR"},
        "agent_id": {"column": "who", "default": "nobody"},
    }
    reading = read("deal,closed,value,who\nL1,2026-03-04,,\n", mapping(contact, won, decimal=","))

    assert "own_team" == reading.events[0].by  # type: ignore[union-attr]
    assert Money("12.50", "EUR") == reading.events[1].value  # type: ignore[union-attr]
    assert "nobody" == reading.events[1].agent_id  # type: ignore[union-attr]


def test_constants_of_every_kind_are_taken() -> None:
    profile = {
        "type": "partner_onboarded",
        "at": "since",
        "partner_id": "partner",
        "capacity": {"const": 5},
        "weight": {"const": 0.5},
        "regions": {"const": ["DACH", "UK&I"]},
        "working_hours.mon-fri": {"const": "09:00-17:00"},
        "attributes.kind": "kind",
    }
    responded = {
        "type": "lead_responded",
        "at": "since",
        "lead_id": "kind",
        "automatic": {"const": True},
        "qualified": {"const": False},
    }
    reading = read(
        "partner,since,kind\nacme,2026-03-04,gold\n", mapping(profile, responded, columns={})
    )

    partner = reading.events[0]
    assert isinstance(partner, PartnerOnboarded)
    assert (5, 0.5, ("DACH", "UK&I")) == (partner.capacity, partner.weight, partner.regions)
    assert {"mon-fri": "09:00-17:00"} == partner.working_hours
    assert (True, False) == (reading.events[1].automatic, reading.events[1].qualified)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("when_missing", "events", "rejected"),
    [("reject", 0, 1), ("skip", 0, 0), ("2026-01-01", 1, 0)],
)
def test_a_missing_time_means_what_the_mapping_says(
    when_missing: str, events: int, rejected: int
) -> None:
    said = mapping({**WON, "when_missing": when_missing})
    reading = read("deal,closed\nL1,\n", said, strict=False)

    assert (events, rejected) == (len(reading.events), reading.rejected)
    assert all(event.precision == "assumed" for event in reading.events)


def test_an_assumed_time_is_counted() -> None:
    reading = read(
        "deal,closed\nL1,\n", mapping({**WON, "at": {"column": "closed", "default": "2026-01-01"}})
    )

    assert ["assumed 1 closed", "missing 1 closed"] == dirt_of(reading)
    assert "assumed" == reading.events[0].precision


@pytest.mark.parametrize(
    ("said", "text", "precision", "occurred"),
    [
        ({}, "2026-03-04", "day", "2026-03-03T23:00:00+00:00"),
        ({}, "2026-03-04 09:30", "instant", "2026-03-04T08:30:00+00:00"),
        ({}, "2026-03-04T09:30:00Z", "instant", "2026-03-04T09:30:00+00:00"),
        ({"precision": "day"}, "2026-03-04 00:00:00", "day", "2026-03-03T23:00:00+00:00"),
        ({"precision": "day"}, "2026-03-04T23:30:00Z", "day", "2026-03-03T23:00:00+00:00"),
        ({"precision": "by"}, "2026-03-04", "by", "2026-03-03T23:00:00+00:00"),
        ({"precision": {"column": "deal"}}, "2026-03-04", "relative", "2026-03-03T23:00:00+00:00"),
    ],
)
def test_precision_is_noticed_or_said(
    said: dict[str, Any], text: str, precision: str, occurred: str
) -> None:
    rule = {**WON, **said}
    reading = read(f"deal,closed\nrelative,{text}\n", mapping(rule, time_zone="Europe/Berlin"))

    assert (precision, occurred) == (
        reading.events[0].precision,
        reading.events[0].occurred_at.isoformat(),
    )


def test_a_precision_that_is_none_is_a_fault_of_its_column() -> None:
    found = reasons(
        "deal,closed\nL1,2026-03-04\n", mapping({**WON, "precision": {"column": "deal"}})
    )

    assert [(2, "deal")] == [fault[:2] for fault in found if "is none of" in fault[2]]


def test_other_instants_may_mean_the_end_of_their_day() -> None:
    rule = {
        "type": "deal_registered",
        "at": "closed",
        "partner_id": "who",
        "protected_until": {"column": "until", "end_of_day": True},
        "recorded_at": "recorded",
    }
    reading = read(
        "deal,closed,who,until,recorded\nL1,2026-03-04,acme,2026-03-31,2026-03-05T10:00Z\n",
        mapping(rule, time_zone="Europe/Berlin"),
    )

    event = reading.events[0]
    assert "2026-03-31T22:00:00+00:00" == event.protected_until.isoformat()  # type: ignore[union-attr]
    assert "2026-03-05T10:00:00+00:00" == event.recorded_at.isoformat()


def test_stages_give_kinds_or_progress() -> None:
    rule = {"type": {"stage": "stage"}, "at": "closed", "value": "value"}
    text = (
        "deal,closed,stage,value\nL1,2026-03-01,2 - Demo,5\nL1,2026-03-02,Closed Won,7\n"
        "L2,2026-03-03,Odd,\nL3,2026-03-03,Odd,\n"
    )
    said = mapping(rule, stages={"2 - Demo": "demo", "Closed Won": "lead_won"}, currency="EUR")
    reading = read(text, said)

    assert ["demo", None, "Odd", "Odd"] == [getattr(e, "stage", None) for e in reading.events]
    assert Money(7, "EUR") == reading.events[1].value  # type: ignore[union-attr]
    assert "unmapped stage 2 stage 'Odd'" in dirt_of(reading)
    assert isinstance(reading.events[0], LeadProgressed)


def test_unmapped_stages_may_be_skipped_or_refused() -> None:
    rule = {"type": {"stage": "stage"}, "at": "closed"}
    text = "deal,closed,stage\nL1,2026-03-01,Odd\nL2,2026-03-01,\n"
    skipped = read(text, mapping(rule, unmapped_stages="skip"), strict=False)

    assert ((2,), [3]) == (skipped.silent_lines, [fault.line for fault in skipped.faults])
    assert [2, 3] == [f[0] for f in reasons(text, mapping(rule, unmapped_stages="reject"))]


def test_fields_only_reach_the_kinds_that_have_them() -> None:
    rule = {"type": {"stage": "stage"}, "at": "closed", "reason": "why", "stage": "stage"}
    reading = read(
        "deal,closed,stage,why\nL1,2026-03-01,Lost,price\nL1,2026-03-01,Demo,nice\n",
        mapping(rule, stages={"Lost": "lead_lost"}),
    )

    assert ["price", None] == [getattr(event, "reason", None) for event in reading.events]


def test_needed_fields_without_a_value_name_their_column() -> None:
    found = reasons("deal,closed,who\n,2026-03-04,x\n", mapping({**WON, "agent_id": "who"}))

    assert [(2, "deal", "has no value; lead_id is needed")] == found


def test_faults_of_the_event_itself_name_their_column() -> None:
    progressed = {
        "type": "lead_progressed",
        "at": "closed",
        "probability": "chance",
    }
    found = reasons("deal,closed,chance\nL1,2026-03-04,120 %\n", mapping(progressed))

    assert [(2, "chance", "must lie between 0.0 and 1.0")] == found


def test_faults_that_no_column_can_answer_for_keep_their_path() -> None:
    offered = {"type": "lead_offered", "at": "closed", "partner_id": "who"}
    found = reasons("deal,closed,who\nL1,2026-03-04,\n", mapping(offered))

    assert [(2, "$")] == [fault[:2] for fault in found]


def test_currencies_come_from_the_cell_the_column_or_the_mapping() -> None:
    value = {"column": "value", "currency": {"column": "unit"}}
    said = mapping({**WON, "value": value}, currency_signs={"$": "USD"})
    text = (
        "deal,closed,value,unit\n"
        "A,2026-03-04,5,EUR\nB,2026-03-04,$5,\nC,2026-03-04,$5,EUR\nD,2026-03-04,5,\n"
    )
    reading = read(text, said, strict=False)

    assert ["EUR", "USD"] == [e.value.currency for e in reading.events]  # type: ignore[union-attr]
    assert [
        "is USD, but unit says EUR",
        "has no currency; say currency in the mapping",
    ] == [fault.reason for fault in reading.faults]


def test_a_currency_that_is_none_names_its_cell() -> None:
    value = {"column": "value", "currency": {"column": "unit"}}
    found = reasons(
        "deal,closed,value,unit\nA,2026-03-04,5,EURO\n", mapping({**WON, "value": value})
    )

    assert [(2, "value")] == [fault[:2] for fault in found]
    assert "ISO 4217" in found[0][2]


def test_amounts_too_fine_are_refused_or_rounded_and_counted() -> None:
    text = "deal,closed,value\nA,2026-03-04,5.005\nB,2026-03-04,5.010\n"
    exact = mapping({**WON, "value": "value"}, currency="EUR")
    rounded = mapping({**WON, "value": {"column": "value", "round": True}}, currency="EUR")
    reading = read(text, rounded)

    assert [(2, "value")] == [fault[:2] for fault in reasons(text, exact)]
    assert [Decimal("5.00"), Decimal("5.01")] == [e.value.amount for e in reading.events]  # type: ignore[union-attr]
    assert "rounded 1 value" in dirt_of(reading)


def test_rules_without_a_row_and_repeated_ids_are_reported() -> None:
    lost = {"type": "lead_lost", "at": "closed", "when": {"deal": "nobody"}}
    reading = read("deal,closed\nL1,2026-03-04\nL1,2026-03-04\n", mapping(WON, lost))

    assert [
        "no rule for 2 deal 'L1'",
        "repeated id 1 events[1] lead_won 'lead_won:L1:2026-03-04'",
        "unused rule 1 events[2] lead_lost",
    ] == dirt_of(reading)


def test_an_own_event_id_is_taken() -> None:
    reading = read("deal,closed,id\nL1,2026-03-04,e-7\n", mapping({**WON, "event_id": "id"}))

    assert "e-7" == reading.events[0].event_id


def test_a_row_without_the_id_it_needs_is_refused() -> None:
    found = reasons("deal,closed,id\nL1,2026-03-04,\n", mapping(row_id="id"))

    assert [(2, "id", "has no value; row_id is needed")] == found


def test_the_same_rows_in_another_order_give_the_same_ids() -> None:
    rows = ["L1,2026-03-04\n", "L2,2026-03-04 10:00\n", "L3,2026-03-05\n"]
    one = read_csv(["deal,closed\n", *rows], mapping=mapping())
    two = read_csv(["deal,closed\n", *reversed(rows)], mapping=mapping())

    assert {e.event_id for e in one.events} == {e.event_id for e in two.events}
    assert "lead_won:L2:2026-03-04T10:00:00Z" == one.events[1].event_id


def test_source_is_stated_once_or_by_column() -> None:
    const = read("deal,closed\nL1,2026-03-04\n", mapping(source="crm"))
    column = read(
        "deal,closed,system\nL1,2026-03-04,old\nL2,2026-03-04,\n",
        mapping({**WON, "source": "system"}, source="crm"),
    )

    assert "crm" == const.events[0].source
    assert ["old", "crm"] == [event.source for event in column.events]


def test_progress_is_told_in_steps_and_at_the_end() -> None:
    told: list[int] = []
    rows = (f"L{n},2026-03-04\n" for n in range(20_001))
    read_csv(["deal,closed\n", *rows], mapping=mapping(), progress=told.append)

    assert [10_000, 20_000, 20_001] == told


def test_a_stream_gives_the_same_events_and_raises_at_the_end() -> None:
    text = "deal,closed\nL1,2026-03-04\nL2,x\nL3,2026-03-04\n"
    rejects: list[Reject] = []
    lenient = list(
        iter_csv(io.StringIO(text), mapping=mapping(), strict=False, on_reject=rejects.append)
    )
    strict = iter_csv(io.StringIO(text), mapping=mapping())

    assert read(text, mapping(), strict=False).events == tuple(lenient)
    assert [3] == [reject.line for reject in rejects]
    assert [lenient[0], lenient[1]] == [next(strict), next(strict)]
    with pytest.raises(BadInputError) as caught:
        next(strict)
    assert (3, 2) == (caught.value.read, caught.value.accepted)


def test_a_clean_stream_ends_quietly() -> None:
    assert 1 == len(list(iter_csv(["deal,closed\n", "L1,2026-03-04\n"], mapping=mapping())))


def test_a_stream_keeps_a_thousand_faults_and_counts_the_rest() -> None:
    rows = [f"L{n},x\n" for n in range(1_005)]
    with pytest.raises(BadInputError) as caught:
        list(iter_csv(["deal,closed\n", *rows], mapping=mapping()))

    assert (1_001, "and 5 more faults") == (
        len(caught.value.faults),
        caught.value.faults[-1].reason,
    )


def test_options_that_are_none_are_refused() -> None:
    with pytest.raises(OptionError, match="on_reject"):
        iter_csv(["deal\n"], mapping=mapping(), strict=False)
    with pytest.raises(OptionError, match="mapping"):
        read_csv(["deal\n"], mapping=3)  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="lines are text"):
        read_csv([3], mapping=mapping())  # type: ignore[list-item]


def test_a_mapping_object_serves_many_files() -> None:
    said = CsvMapping.from_dict(mapping())

    assert 1 == read_csv(["deal,closed\n", "L1,2026-03-04\n"], mapping=said).accepted
    assert 1 == read_csv(["closed,deal\n", "2026-03-04,L1\n"], mapping=said).accepted


def test_a_long_row_is_shown_shortened() -> None:
    reading = read("deal,closed\n" + "x" * 3_000 + ",y\n", mapping(), strict=False)

    assert (2_003, True) == (len(reading.rejects[0].text), reading.rejects[0].text.endswith("..."))


def test_ten_thousand_rows_with_many_faults_lose_none_of_the_others() -> None:
    captured = {
        "type": "lead_captured",
        "at": "opened",
        "lead.company_size": "size",
        "expected_value": "value",
        "expected_close_at": "expected",
    }
    progressed = {"type": "lead_progressed", "at": "changed", "probability": "chance"}
    said = mapping(
        captured,
        {**progressed, "when_missing": "skip", "when": {"live": True}},
        currency="EUR",
        date_formats=["%d/%m/%Y", "%m/%d/%Y"],
        skipped_hour="reject",
        repeated_hour="reject",
        time_zone="Europe/Berlin",
    )
    good = "L{0},2026-03-04,12,1200.50,2026-06-01,2026-03-05,0.5,yes"
    broken = {
        "deal": [",2026-03-04,12,5,,,,yes"],
        "opened": [
            "L,,12,5,,,,yes",
            "L,4.3.2026,12,5,,,,yes",
            "L,03/04/2026,12,5,,,,yes",
            "L,2026-02-30,12,5,,,,yes",
            "L,2026-03-29 02:30,12,5,,,,yes",
            "L,2026-10-25 02:30,12,5,,,,yes",
            "L,0001-01-01,12,5,,,,yes",
        ],
        "size": [
            "L,2026-03-04,1.5,5,,,,yes",
            "L,2026-03-04,many,5,,,,yes",
            "L,2026-03-04," + "9" * 30 + ",5,,,,yes",
            "L,2026-03-04,1 000,5,,,,yes",
        ],
        "value": [
            "L,2026-03-04,1,1.005,,,,yes",
            "L,2026-03-04,1,€5,,,,yes",
            "L,2026-03-04,1,(5),,,,yes",
            "L,2026-03-04,1,5 EUR USD,,,,yes",
            "L,2026-03-04,1,--5,,,,yes",
            "L,2026-03-04,1,1e5,,,,yes",
            "L,2026-03-04,1,1" + "0" * 15 + ",,,,yes",
        ],
        "expected": ["L,2026-03-04,1,5,soon,,,yes"],
        "changed": ["L,2026-03-04,1,5,,soon,,yes"],
        "chance": ["L,2026-03-04,1,5,,2026-03-05,1.5,yes"],
        "live": ["L,2026-03-04,1,5,,,,maybe"],
        "$": ["L,2026-03-04,1", 'L,"2026-03-04" x,1,5,,,,yes', "L,2026-03-04,1,5,,,,yes,and"],
    }
    lines = [good.format(n) for n in range(10_000)]
    wanted = {}
    for place, (column, row) in enumerate((c, row) for c, rows in broken.items() for row in rows):
        lines[place * 371 + 11] = row
        wanted[place * 371 + 13] = column
    head = "deal,opened,size,value,expected,changed,chance,live"
    reading = read("\n".join([head, *lines]), said, strict=False)

    assert 26 == len(wanted)
    assert wanted == {fault.line: fault.path for fault in reading.faults}
    assert 26 == len(reading.faults)
    assert 10_000 - 26 == reading.accepted
    assert 2 * reading.accepted == len(reading.events)
    assert len({fault.reason for fault in reading.faults}) >= 20


def test_values_that_no_rule_takes_are_counted() -> None:
    won = {**WON, "when": {"stage": "Won"}}
    lost = {"type": "lead_lost", "at": "closed", "when": {"stage": "Lost", "live": {"not": "x"}}}
    reading = read(
        "deal,closed,stage,live\nA,2026-03-04,won,1\nB,2026-03-04,won,2\nC,2026-03-04,Lost,\n"
        "D,2026-03-04,,4\n",
        mapping(won, lost),
    )

    assert "no rule for 2 stage 'won'" in dirt_of(reading)
    assert ["stage"] == [dirt.column for dirt in reading.dirt if dirt.kind == "no rule for"]


def test_a_bad_side_key_is_no_value_without_a_rule(tmp_path: Path) -> None:
    (tmp_path / "side.csv").write_text("key,what\nA,Won\n", encoding="utf-8")
    said = CsvMapping.from_dict(
        mapping(
            {**WON, "when": {"side.what": "Won"}},
            lookup={"side": {"file": "side.csv", "key": {"here": "deal", "there": "key"}}},
        ),
        folder=tmp_path,
    )
    reading = read_csv(
        ["deal,closed\n", "A,2026-03-04\n", "B,2026-03-04\n"], mapping=said, strict=False
    )

    assert [3] == [reject.line for reject in reading.rejects]
    assert [] == dirt_of(reading)


def test_row_ids_without_a_recording_instant_are_noted_once() -> None:
    text = "deal,closed,exported\nL1,2026-03-04,2026-03-05T00:00Z\n"
    lost = {"type": "lead_lost", "at": "closed"}
    recorded = {"lead_id": "deal", "recorded_at": "exported"}

    (noted,) = dirt_of(read(text, mapping(WON, lost, row_id="deal")))
    assert noted.startswith(
        "no recording instant 1 row_id without recorded_at; give it, or a later"
    )
    assert [] == dirt_of(read(text, mapping(WON, lost, row_id="deal", columns=recorded)))


def test_a_recorded_correction_to_an_earlier_date_is_a_revision() -> None:
    recorded = {"lead_id": "deal", "recorded_at": "exported"}
    reading = read(
        "deal,closed,exported\nL1,2026-03-09,2026-03-10T00:00Z\nL1,2026-03-04,2026-03-11T00:00Z\n",
        mapping(row_id="deal", columns=recorded),
    )

    assert ["repeated id 1 events[1] lead_won 'lead_won:L1:L1'"] == dirt_of(reading)
    assert "2026-03-04" == max(reading, key=lambda e: e.recorded_at).occurred_at.date().isoformat()


@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        ({}, "say row_id"),
        ({"row_id": "deal"}, "let row_id name a column that differs"),
        (
            {"columns": {"lead_id": "deal", "recorded_at": "closed"}, "row_id": "deal"},
            "let row_id name a column that differs",
        ),
    ],
)
def test_one_derived_id_for_two_contents_is_refused(said: dict[str, Any], remedy: str) -> None:
    text = "deal,closed,who\nL1,2026-03-04,ann\nL1,2026-03-04,bob\nL1,2026-03-04,ann\n"
    found = reasons(text, mapping({**WON, "agent_id": "who"}, **said))

    assert [(3, "event_id")] == [fault[:2] for fault in found]
    assert remedy in found[0][2]


def test_two_events_of_one_row_with_one_derived_id_are_refused() -> None:
    by_stage = {"type": {"stage": "stage"}, "at": "closed"}
    progressed = {"type": "lead_progressed", "at": "closed", "stage": "stage", "probability": "p"}
    found = reasons("deal,closed,stage,p\nL1,2026-03-04,Demo,0.5\n", mapping(by_stage, progressed))

    assert [(2, "event_id")] == [fault[:2] for fault in found]


def test_two_steps_on_one_day_are_two_events() -> None:
    rule = {"type": {"stage": "stage"}, "at": "closed"}
    reading = read("deal,closed,stage\nL1,2026-03-04,Demo\nL1,2026-03-04,Quote\n", mapping(rule))

    assert [
        "lead_progressed:L1:stage=Demo:2026-03-04",
        "lead_progressed:L1:stage=Quote:2026-03-04",
    ] == [event.event_id for event in reading]


def test_own_ids_may_come_again() -> None:
    text = "deal,closed,id\nL1,2026-03-04,e\nL1,2026-03-05,e\n"

    assert ["repeated id 1 events[1] lead_won 'e'"] == dirt_of(
        read(text, mapping({**WON, "event_id": "id"}))
    )


def test_a_fixed_currency_refuses_amounts_of_another() -> None:
    said = mapping({**WON, "value": "value"}, currency="EUR")
    text = "deal,closed,value\nA,2026-03-04,5 USD\nB,2026-03-04,5 EUR\n"

    assert [(2, "value", "is USD, but the mapping says EUR")] == reasons(text, said)


@pytest.mark.parametrize(("amount", "hint"), [("3.400 €", "'€' = 'EUR'"), ("5 ₿", "'₿' = 'ISO")])
def test_a_sign_of_a_currency_is_explained(amount: str, hint: str) -> None:
    found = reasons(
        f"deal,closed,value\nA,2026-03-04,{amount}\n", mapping({**WON, "value": "value"})
    )

    assert hint in found[0][2]


def test_the_last_day_there_is_serves_as_a_date_but_never_ends() -> None:
    rule = {"type": "deal_registered", "at": "closed", "partner_id": "who"}
    text = "deal,closed,who,until\nL1,2026-03-04,acme,9999-12-31\n"
    open_end = read(text, mapping({**rule, "protected_until": "until"}))
    ending = {**rule, "protected_until": {"column": "until", "end_of_day": True}}

    assert 9999 == open_end.events[0].protected_until.year  # type: ignore[union-attr]
    assert [(2, "until", "ends after the year 9999; leave end_of_day out")] == reasons(
        text, mapping(ending)
    )


def test_many_columns_are_named_in_part() -> None:
    head = ",".join(f"c{n}" for n in range(12))
    with pytest.raises(MappingFileError, match="c6, c7 and 4 more"):
        read(f"{head}\n", mapping())


@pytest.mark.parametrize("end", ["\n", ""])
def test_an_open_binary_file_of_wide_signs_is_read(end: str) -> None:
    text = f"deal,closed\r\nMüller,2026-03-04\r\nਊ,2026-03-05{end}"  # its bytes are two line ends
    reading = read_csv(io.BytesIO(text.encode("utf-16")), mapping=mapping(encoding="utf-16"))
    lines = read_csv(io.StringIO(text, newline=""), mapping=mapping(encoding="utf-16"))

    assert ["Müller", "ਊ"] == [event.lead_id for event in reading]  # type: ignore[union-attr]
    assert reading == lines


def test_an_open_binary_file_of_wide_signs_that_is_cut_off_is_refused_from_there_on() -> None:
    content = "deal,closed\nL1,2026-03-04\n".encode("utf-16") + b"x"
    reading = read_csv(io.BytesIO(content), mapping=mapping(encoding="utf-16"), strict=False)

    assert (1, 1) == (reading.accepted, reading.rejected)
    assert "cannot be decoded" in reading.faults[0].reason


@pytest.mark.parametrize("said", ["none.toml", "broken.toml"])
def test_what_is_wrong_with_a_mapping_comes_before_a_header_that_it_could_not_explain(
    tmp_path: Path, said: str
) -> None:
    (tmp_path / "broken.toml").write_text("encoding = cp1252", encoding="utf-8")
    (tmp_path / "deals.csv").write_bytes("Übergabe;Kunde\n".encode("cp1252"))

    with pytest.raises(MappingFileError, match=said):
        read_csv(tmp_path / "deals.csv", mapping=tmp_path / said)
    with pytest.raises(BadInputError, match=r"'\\xdcbergabe;Kunde' is not utf-8 text"):
        read_csv(tmp_path / "deals.csv", mapping=mapping())
