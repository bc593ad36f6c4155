"""One message for input that cannot be reviewed."""

import errno
from pathlib import Path

from partnerleads.errors import BadInputError, Fault, MappingFileError, PeriodError
from partnerleads.review.bad_input import bad_input


def faults(count: int) -> tuple[Fault, ...]:
    return tuple(Fault("$.type", "'x'", "is no kind", n, "crm.jsonl") for n in range(1, count + 1))


def test_faults_are_listed_and_the_way_on_is_told() -> None:
    error = BadInputError("crm.jsonl", faults(2), 10_000, 9_998)

    assert [
        "crm.jsonl: 2 faults in 10 000 rows, 9 998 accepted",
        "  line      1  $.type                 'x' is no kind",
        "  line      2  $.type                 'x' is no kind",
        "Mend them, or pass --lenient to go on without those rows.",
    ] == bad_input(error, file="crm.jsonl").splitlines()


def test_more_faults_than_asked_for_are_counted() -> None:
    error = BadInputError("crm.jsonl", faults(1_003), 1_003, 0)

    assert [
        "crm.jsonl: 1 003 faults in 1 003 rows, 0 accepted",
        f"  {faults(1)[0]} (1 003 times: lines 1, 2, 3, 4, 5, ...)",
        "  --most-faults 1003 lists all",
    ] == bad_input(error, file="crm.jsonl", most_faults=1).splitlines()
    assert 2 == len(bad_input(error, file="crm.jsonl", most_faults=0).splitlines())
    assert 1_004 == len(bad_input(error, file="crm.jsonl", most_faults=1_003).splitlines())


def test_where_no_row_was_accepted_it_says_what_the_file_seems_to_be(tmp_path: Path) -> None:
    path = tmp_path / "crm.jsonl"
    path.write_text("a,b\n1,2\n")
    told = (
        bad_input(BadInputError("crm.jsonl", faults(1), 2, accepted), file=str(path))
        for accepted in (0, 1)
    )

    assert [True, False] == ["looks like CSV" in text for text in told]


def test_the_faults_of_a_file_of_another_format_are_noise(tmp_path: Path) -> None:
    path = tmp_path / "crm.csv"
    path.write_bytes(b"PK\x03\x04,")
    told = f"{path} is a spreadsheet or a zip archive; export its sheet as CSV."
    mapping = MappingFileError("crm.toml", (Fault("events[1].at", "'PK'", "is no column"),))

    assert told == bad_input(BadInputError("crm.csv", faults(2), 2, 0), file=str(path))
    assert told == bad_input(mapping, file=str(path), read_as_csv=True, mapping="crm.toml")


def test_a_wrong_mapping_of_a_file_of_another_kind(tmp_path: Path) -> None:
    path = tmp_path / "crm.jsonl"
    path.write_text('{"type": "lead_won"}\n')
    error = MappingFileError("crm.toml", (Fault("$", "", "x"),))
    told = bad_input(error, file=str(path), read_as_csv=True, mapping="crm.toml").splitlines()

    assert "crm.toml: the mapping has 1 fault" == told[0]
    assert f"{path} looks like JSON lines; leave --mapping out." == told[-1]


def test_a_file_that_cannot_be_read() -> None:
    missing = FileNotFoundError(errno.ENOENT, "No such file or directory", "crm.jsonl")

    assert "crm.jsonl: cannot be read: No such file or directory" == bad_input(
        missing, file="other"
    )
    assert "crm.jsonl: cannot be read: unplugged" == bad_input(
        OSError("unplugged"), file="crm.jsonl"
    )


def test_another_error_speaks_for_itself_and_steers_no_terminal() -> None:
    assert r"'\x1b' is no zone" == bad_input(PeriodError("\x1b", "is no zone"), file="crm.jsonl")
    assert (
        r"a\x1bb: 0 faults in 1 row, 1 accepted"
        == bad_input(BadInputError("a\x1bb", (), 1, 1), file="crm.jsonl").partition("\n")[0]
    )
