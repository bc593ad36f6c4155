import pickle

import pytest

from partnerleads import errors
from partnerleads.errors import BrokenLaw, Fault, PartnerLeadsError
from partnerleads.model import Problem
from partnerleads.testing import at

FAULT = Fault("$.value.amount", "'x'", "is no amount", line=3, file="a.jsonl")
MADE = {
    "NaiveInstantError": (("as_of", at("2026-01-02").replace(tzinfo=None)), ValueError, "2026-01"),
    "InvalidEventError": (("lead_won", (FAULT,)), ValueError, "'x'"),
    "FrameSchemaError": (((FAULT,),), ValueError, "'x'"),
    "MoneyError": (("1,5", "is no amount"), ValueError, "1,5"),
    "MixedCurrencyError": ((("EUR", "USD"),), ValueError, "EUR, USD"),
    "UnknownLeadError": (("L1", ("L2",)), KeyError, "'L1'; did you mean 'L2'"),
    "RouterError": (
        ("ByLuck", "L1", "acme", "may not take the lead"),
        ValueError,
        "'acme' may not",
    ),
    "SolverError": (("optimal", "gave lead number 3 away twice"), ValueError, "lead number 3"),
    "ScorerError": (("ByLuck", "L1", "answers 3"), ValueError, "'L1': answers 3"),
    "ScorerCheckError": (
        ("ByLuck", (BrokenLaw("repeatable", "It repeats itself.", "first 3\nthen 4"),)),
        AssertionError,
        "ByLuck breaks 1 law\n  repeatable: It repeats itself.\n      first 3\n      then 4",
    ),
    "RouterCheckError": (
        ("ByLuck", (BrokenLaw("eligible_only", "It names the eligible.", "acme may not"),)),
        AssertionError,
        "ByLuck breaks 1 law\n  eligible_only: It names the eligible.",
    ),
    "PeriodError": (("13", "is no month"), ValueError, "13"),
    "OptionError": (("unit", "lead", "is not offered"), ValueError, "unit='lead'"),
    "AsOfError": (("2026-01-02", "2026-01-03"), ValueError, "2026-01-02"),
    "HistoryError": (((Problem(rule="won_early", words="won first"),),), ValueError, "won_early"),
    "BadInputError": (("a.jsonl", (FAULT,), 10, 9), ValueError, "'x'"),
    "MappingFileError": (("map.toml", (FAULT,)), ValueError, "'x'"),
    "MismatchError": (
        ("closed_won", (("within", "30 days", "so far"),)),
        ValueError,
        "within: 30 days and so far",
    ),
    "MissingExtraError": (("msgspec", "fast"), ImportError, "msgspec"),
}
FINAL = sorted(set(errors.__all__) - {"BrokenLaw", "Fault", "PartnerLeadsError"})


def made(name: str) -> PartnerLeadsError:
    error = getattr(errors, name)(*MADE[name][0])
    assert isinstance(error, PartnerLeadsError)
    return error


@pytest.mark.parametrize("name", FINAL)
def test_every_error_survives_pickling_with_its_facts(name: str) -> None:
    error = made(name)
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes

    assert type(error) is type(again)
    assert MADE[name][0] == again.args
    assert vars(error) == vars(again)
    assert str(error) == str(again)


@pytest.mark.parametrize("name", FINAL)
def test_every_error_is_a_builtin_one_and_shows_the_bad_value(name: str) -> None:
    error = made(name)
    _, builtin, shown = MADE[name]

    assert isinstance(error, builtin)
    assert shown in str(error)


@pytest.mark.parametrize("name", FINAL)
def test_every_error_keeps_its_facts_as_attributes(name: str) -> None:
    error = made(name)

    assert set(error.args) <= set(vars(error).values())


def test_a_moment_that_is_missing_is_worded_apart() -> None:
    assert "as_of is required with events" in str(errors.AsOfError("", ""))


def test_a_fault_tells_where_it_is() -> None:
    assert "line      3  $.value.amount         'x' is no amount" == str(FAULT)
    assert "$                      names nobody" == str(Fault("$", "", "names nobody"))


def test_one_fault_is_no_plural() -> None:
    assert "a: 1 fault in 10 rows, 9 accepted" == str(made("BadInputError")).splitlines()[
        0
    ].replace("a.jsonl", "a")
    several = errors.BadInputError("a", (FAULT, FAULT), 10, 8)
    assert "a: 2 faults in 10 rows, 8 accepted" == str(several).splitlines()[0]


def test_a_missing_extra_is_installed_from_an_index_or_a_clone() -> None:
    assert (
        "polars is not installed; run: pip install 'partnerleads[frames]', in a clone '.[frames]'"
    ) == str(errors.MissingExtraError("polars", "frames"))


def test_an_option_that_was_left_out_shows_no_value() -> None:
    assert "within: say the time limit" == str(
        errors.OptionError("within", ..., "say the time limit")
    )


def test_an_option_shows_the_beginning_of_a_long_value() -> None:
    long, short = (errors.OptionError("pool", "x" * count, "is no pool") for count in (500, 198))

    assert f"pool='{'x' * 199}...: is no pool" == str(long)
    assert f"pool='{'x' * 198}': is no pool" == str(short)


def test_thousands_of_equal_faults_stand_once() -> None:
    faults = tuple(Fault("$", "'x'", "is no JSON", line) for line in range(1, 3001))
    error = errors.BadInputError("a.csv", (*faults, FAULT), 3001, 0)

    assert [
        "a.csv: 3001 faults in 3001 rows, 0 accepted",
        f"  {faults[0]} (3 000 times: lines 1, 2, 3, 4, 5, ...)",
        f"  {FAULT}",
    ] == str(error).splitlines()
    assert (*faults, FAULT) == error.faults


def test_fifty_lines_are_told_and_where_the_others_are() -> None:
    faults = [Fault("$", f"'{n}'", "is no JSON", n) for n in range(1, 53)]
    all_told, some_told = (errors.BadInputError("a", tuple(faults[:n]), n, 0) for n in (50, 52))
    problems = tuple(Problem(rule="won_early", words=f"{n}") for n in range(60))
    history = errors.HistoryError(problems)

    assert [f"  {fault}" for fault in faults[:50]] == str(all_told).splitlines()[1:]
    assert "  and 2 more; read `.faults`" == str(some_told).splitlines()[51]
    assert (52, "  and 10 more; read `.problems`") == (
        len(str(history).splitlines()),
        str(history).splitlines()[-1],
    )
