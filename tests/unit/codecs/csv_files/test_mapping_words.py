"""What is said of a wrong mapping file: the file, the key, what was found, what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from partnerleads.codecs.csv_files.reader import read_csv
from partnerleads.errors import BadInputError, MappingFileError

DEALS = """\
id,agent,stage,closed,value,share
D-1,ann,Won,2026-03-02,1200.50,~50
D-2,zoe,Won,2026-04-01,90,50 %
D-3,,Won,2026-04-02,90,1.200
"""
TEAMS = "agent,office\nann,West\nnobody,None\n"
MAPPING = """
time_zone = "UTC"
currency = "USD"
{top}
[columns]
lead_id = "id"
{columns}
[[events]]
type = "lead_won"
at = "closed"
{rule}
{tables}
"""


@pytest.fixture(autouse=True)
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A directory of its own, with an export and a side file."""
    monkeypatch.chdir(tmp_path)
    Path("deals.csv").write_text(DEALS, encoding="utf-8")
    Path("teams.csv").write_text(TEAMS, encoding="utf-8")


def written(*, top: str = "", columns: str = "", rule: str = "", tables: str = "") -> Path:
    path = Path("deals.toml")
    text = MAPPING.format(top=top, columns=columns, rule=rule, tables=tables)
    path.write_text(text, encoding="utf-8")
    return path


def refused(**parts: str) -> list[str]:
    """What is wrong with a mapping, after the line that names its file."""
    with pytest.raises(MappingFileError) as caught:
        read_csv("deals.csv", mapping=written(**parts))
    first, *faults = str(caught.value).splitlines()
    assert first.startswith("deals.toml: the mapping has ")
    return [" ".join(fault.split()) for fault in faults]


def faulty_rows(**parts: str) -> list[str]:
    """What is wrong with the rows that a mapping reads."""
    with pytest.raises(BadInputError) as caught:
        read_csv("deals.csv", mapping=written(**parts))
    return [" ".join(fault.split()) for fault in str(caught.value).splitlines()[1:]]


DATE = "write a date such as 2026-04-02, or a time such as 2026-04-02T06:00:00Z"


@pytest.mark.parametrize(
    ("place", "line", "words"),
    [
        (
            "rule",
            'margin = { const = "~50" }',
            "events[1].margin.const '~50' is no number; write an amount such as 1200.50",
        ),
        (
            "rule",
            'margin = { column = "value", default = "~50" }',
            "events[1].margin.default '~50' is no number; write an amount such as 1200.50",
        ),
        (
            "columns",
            'recorded_at = { const = "02.04.2026" }',
            f"columns.recorded_at.const '02.04.2026' is no date as ISO 8601; {DATE}",
        ),
        (
            "columns",
            'sequence = { const = "1,200" }',
            (
                "columns.sequence.const '1,200' is no number with '.' before the fraction and "
                "nothing between thousands; write a whole number such as 12"
            ),
        ),
        (
            "rule",
            'at = { const = "~50" }',
            f"events[2].at.const '~50' is no date as ISO 8601; {DATE}",
        ),
        (
            "rule",
            'at = "closed"\nprecision = { const = "~50" }',
            (
                "events[2].precision.const '~50' must be one of 'instant', 'day', 'by', 'assumed', "
                "'relative'"
            ),
        ),
        (
            "rule",
            'at = "closed"\nprecision = "~50"',
            (
                "events[2].precision '~50' must be one of 'instant', 'day', 'by', 'assumed', "
                "'relative'"
            ),
        ),
        (
            "rule",
            'when_missing = "~50"',
            f"events[1].when_missing '~50' is no date as ISO 8601; {DATE}",
        ),
        (
            "rule",
            'when_missing = "skp"',
            (
                "events[1].when_missing 'skp' must be 'reject', 'skip', or a date to assume; did "
                "you mean 'skip'?"
            ),
        ),
        (
            "rule",
            'when_missing = ""',
            "events[1].when_missing '' must be 'reject', 'skip', or a date to assume",
        ),
        (
            "rule",
            'date_formats = ["%d.%m.%Y"]',
            (
                "events[1].date_formats stands at the top of the mapping, or with one "
                "cell as in { column = ..., date_formats = ... }"
            ),
        ),
        (
            "rule",
            'delimiter = ";"',
            "events[1].delimiter stands at the top of the mapping, before the first table",
        ),
        (
            "rule",
            'when = "Won"',
            "events[1].when 'Won' must be a table such as { stage = \"Won\" }, column to text",
        ),
        (
            "rule",
            'value = { column = "value", clean = { "90" = 5 } }',
            "events[1].value.clean.90 5 must be a text; write it in quotes",
        ),
        (
            "top",
            'delimiter = "tab"',
            "delimiter 'tab' must be one character, such as ';', or '\\t' for a tab",
        ),
        (
            "top",
            'skip_lines = "1"',
            "skip_lines '1' must be a count of lines such as 1, without quotes",
        ),
        (
            "top",
            'date_formats = ["%d.%m.%Y", "DD.MM.YYYY"]',
            "date_formats 'DD.MM.YYYY' does not carry year, month and day, as '%d.%m.%Y' does",
        ),
        (
            "columns",
            'missing = "n/a"',
            "columns.missing stands at the top of the mapping, before the first table",
        ),
        (
            "rule",
            'agent_id = { const = ["ann"] }',
            "events[1].agent_id.const ['ann'] must be a text, a number, a date, or true or false",
        ),
        ("columns", 'type = "stage"', "columns.type is said in [[events]], as type"),
        (
            "columns",
            'capacity = "share"',
            "columns.capacity 'share' is a field of none of the [[events]]",
        ),
        (
            "top",
            'lookup = "teams.csv"',
            "lookup 'teams.csv' must be a table such as [lookup.agents], with file and key",
        ),
    ],
)
def test_a_wrong_value_is_named_by_its_key_and_by_what_to_write(
    place: str, line: str, words: str
) -> None:
    if line.startswith("at ="):
        line = f'[[events]]\ntype = "lead_progressed"\n{line}'

    assert [words] == refused(**{place: line})


def test_a_constant_of_several_events_is_said_once() -> None:
    second = '[[events]]\ntype = "lead_lost"\nat = "closed"'

    assert [f"columns.recorded_at.const '~50' is no date as ISO 8601; {DATE}"] == refused(
        columns='recorded_at = { const = "~50" }', tables=second
    )


def test_the_currency_of_a_constant_is_held_against_the_mapping() -> None:
    says = "events[1].value.const 'EUR 5' is EUR, but the mapping says USD"

    assert [f"line {line} {says}" for line in (2, 3, 4)] == faulty_rows(
        rule='value = { const = "EUR 5" }'
    )


def test_a_key_of_the_top_that_is_a_field_too_is_told_both() -> None:
    (told,) = refused(columns='time_zone = "share"')

    none, top = "is a field of none of the [[events]]", "it stands at the top of the mapping, or "
    assert told.startswith(f"columns.time_zone 'share' {none}; else {top}")


def test_a_column_of_conditions_that_there_is_not_is_said_once() -> None:
    assert ["events[1] lead_won.when 'stag' is no column; did you mean 'stage'?"] == refused(
        rule='when = { stag = "Won" }'
    )


def test_a_side_file_without_its_name_is_told_once() -> None:
    told = "must be a table such as [lookup.agents], with file and key"

    assert [f"lookup.file 'teams.csv' {told}", f"lookup.key 'agent' {told}"] == refused(
        tables='[lookup]\nfile = "teams.csv"\nkey = "agent"'
    )


def test_a_constant_of_several_values_may_be_a_list_or_a_table() -> None:
    partner = (
        '[[events]]\ntype = "partner_onboarded"\nat = "closed"\npartner_id = "id"\n'
        'regions = { const = ["DE", "AT"] }\nattributes = { const = { level = "2" } }'
    )
    _, joined, *_ = read_csv("deals.csv", mapping=written(tables=partner))

    assert (["DE", "AT"], {"level": "2"}) == (list(joined.regions), dict(joined.attributes))  # type: ignore[union-attr]


def test_a_choice_is_refused_where_it_is_stated() -> None:
    contact = '[[events]]\ntype = "contact_made"\nat = "closed"\nby = { const = "me" }'

    assert ["events[2].by.const 'me' must be one of 'own_team', 'partner'"] == refused(
        tables=contact
    )


def test_a_constant_of_a_map_is_shown_how_a_map_is_written() -> None:
    partner = '[[events]]\ntype = "partner_onboarded"\nat = "closed"\npartner_id = "agent"'

    assert ['events[2].attributes.const \'~50\' is no JSON such as {"name": "value"}'] == refused(
        tables=f'{partner}\nattributes = {{ const = "~50" }}'
    )


def test_an_event_without_its_type_is_told_what_a_type_is() -> None:
    assert [
        "events[2].type is missing; name a kind such as 'lead_won', or { stage = COLUMN }"
    ] == refused(tables='[[events]]\nat = "closed"')


TEAM = '[lookup.teams]\nfile = "teams.csv"\n'
OFFICE = 'partner_id = "teams.office"'


@pytest.mark.parametrize(
    ("table", "field", "faults"),
    [
        (f'{TEAM}key = "agnt"', OFFICE, [
            "line 1 lookup.teams 'agnt' is no column of teams.csv; did you mean 'agent'?",
            "lookup.teams.key 'agnt' is no column; did you mean 'agent'?",
        ]),
        (TEAM, OFFICE, ["lookup.teams needs key"]),
        (f"{TEAM}key = 5", OFFICE, ["lookup.teams.key 5 must be a text"]),
        (f'{TEAM}key = "agent"', 'partner_id = "teams.offices"', [
            ("events[1] lead_won.partner_id 'teams.offices' is no column of teams.csv; did you "
            "mean 'office'?"),
        ]),
        (f'{TEAM}key = "agent"', 'partner_id = "teems.office"', [
            ("events[1] lead_won.partner_id 'teems.office' is no column, and there is no side file "
            "[lookup.teems]; did you mean 'teams'?"),
        ]),
        (f'{TEAM}key = "agent"', 'partner_id = "crm.office"', [
            ("events[1] lead_won.partner_id 'crm.office' is no column, and there is no side file "
            "[lookup.crm]; there are teams"),
        ]),
        ("", OFFICE, [
            ("events[1] lead_won.partner_id 'teams.office' is no column, and there is no side file "
            "[lookup.teams]"),
        ]),
    ],
)  # fmt: skip
def test_a_wrong_side_file_is_told_once_and_from_where(
    table: str, field: str, faults: list[str]
) -> None:
    assert faults == refused(rule=field, tables=table)


def test_a_column_with_a_point_in_its_name_is_found_by_a_near_one() -> None:
    Path("deals.csv").write_text("id,closed,acct.name\n", encoding="utf-8")

    assert [
        "events[1] lead_won.agent_id 'acct.nam' is no column; did you mean 'acct.name'?"
    ] == refused(rule='agent_id = "acct.nam"')


def test_a_line_that_a_spreadsheet_writes_above_the_header_is_known() -> None:
    Path("deals.csv").write_text("sep=,\nid,closed\n", encoding="utf-8")

    assert ["skip_lines 0 leaves 'sep=' above the header; say skip_lines = 1"] == refused()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("agent;office\nann;acme\n", "the header is one cell; say delimiter = ';'?"),
        ("sep=,\nagent,office\n", "'sep=' stands above the header; take it out"),
    ],
)
def test_a_side_file_whose_header_was_misread_is_one_fault(text: str, words: str) -> None:
    Path("teams.csv").write_text(text, encoding="utf-8")

    assert [f"line 1 lookup.teams 'agent' is no column of teams.csv: {words}"] == refused(
        rule='partner_id = "teams.office"\nagent_id = "teams.name"',
        tables=f'{TEAM}key = "agent"',
    )


def test_a_column_of_a_side_file_of_one_cell_that_is_its_key_is_missed() -> None:
    Path("teams.csv").write_text("agent;office\nann\n", encoding="utf-8")

    why = "is no column of teams.csv: the header is one cell; say delimiter = ';'?"
    assert [f"events[1] lead_won.partner_id 'teams.office' {why}"] == refused(
        rule=OFFICE,
        tables=f'{TEAM}key = {{ here = "agent", there = "agent;office" }}',
    )


def test_an_unknown_key_says_how_to_go_on() -> None:
    unknown = "is no key of teams.csv; add it there, or say when_missing = 'absent' in"

    assert [f"line 3 agent 'zoe' {unknown} [lookup.teams]"] == faulty_rows(
        rule=OFFICE, tables=f'{TEAM}key = "agent"'
    )
    fixed = f'{TEAM}key = {{ here = {{ const = "~50" }}, there = "agent" }}'
    assert [
        f"line {line} lookup.teams.key.here.const '~50' {unknown} [lookup.teams]"
        for line in (2, 3, 4)
    ] == faulty_rows(rule=OFFICE, tables=fixed)


def test_a_key_without_a_value_has_its_default() -> None:
    key = 'key = { here = { column = "agent", default = "nobody" }, there = "agent" }'
    path = written(rule=OFFICE, tables=f'{TEAM}{key}\nwhen_missing = "absent"')
    reading = read_csv("deals.csv", mapping=path)

    assert ["West", None, "None"] == [event.partner_id for event in reading]  # type: ignore[union-attr]


def test_a_text_that_is_no_number_at_all_is_not_blamed_on_its_thousands() -> None:
    no_number = "is no number; say by clean what it means, or by missing that it means nothing"
    thousands = "is no number with '.' before the fraction and ',' between thousands"

    assert [f"line 2 share '~50' {no_number}", f"line 3 share '50 %' {no_number}"] == faulty_rows(
        rule='margin = "share"'
    )
    Path("deals.csv").write_text("id,closed,value\nD-1,2026-03-02,1.200.50\n", encoding="utf-8")
    assert faulty_rows(rule='value = { column = "value", thousands = "," }')[0].startswith(
        f"line 2 value '1.200.50' {thousands}; say decimal and thousands as the file has them"
    )
