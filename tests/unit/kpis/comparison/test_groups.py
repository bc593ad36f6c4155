from datetime import timedelta
from typing import Any

import pytest

from partnerleads.errors import OptionError
from partnerleads.kpis import (
    EVERY,
    Active,
    AllOf,
    AnyOf,
    ClassAt,
    Condition,
    Has,
    Is,
    Not,
    NotAfter,
    Older,
    Past,
    Since,
    Within,
)
from partnerleads.kpis.comparison.groups import group_of, is_told_later, rests_on_influence
from partnerleads.testing import at

MONTH = timedelta(days=30)
DACH = Is("region", "DACH")
SOURCED, INFLUENCED, DIRECT = (
    Is("attribution", one) for one in ("sourced", "influenced", "direct")
)
FIXED = {one: ClassAt(MONTH, one) for one in ("sourced", "influenced", "direct")}
OPEN_THEN = AnyOf(tuple(FIXED.values()))


@pytest.mark.parametrize(
    ("word", "condition"),
    [
        ("sourced", SOURCED),
        ("influenced", INFLUENCED),
        ("direct", DIRECT),
        ("involved", AnyOf((SOURCED, INFLUENCED))),
    ],
)
def test_a_word_stands_for_a_class_of_attribution(word: str, condition: Condition) -> None:
    group = group_of("a", word, landmark=None)

    assert (word, condition) == (group.name, group.condition)


def test_a_word_that_is_not_offered_is_refused() -> None:
    with pytest.raises(OptionError, match="b='influence': did you mean 'influenced'"):
        group_of("b", "influence", landmark=None)


@pytest.mark.parametrize("given", [None, 3, ("region", "DACH"), Is])
def test_what_is_no_condition_is_refused(given: Any) -> None:
    with pytest.raises(OptionError, match="pass a condition, such as Is"):
        group_of("a", given, landmark=None)


@pytest.mark.parametrize(
    ("given", "condition"),
    [
        ("sourced", FIXED["sourced"]),
        ("involved", AnyOf((FIXED["sourced"], FIXED["influenced"]))),
        (DACH, AllOf((OPEN_THEN, DACH))),
        (AllOf((DACH, DIRECT)), AllOf((DACH, FIXED["direct"]))),
        (Not(DIRECT), AllOf((OPEN_THEN, Not(FIXED["direct"])))),
        (AnyOf((DACH, DIRECT)), AllOf((OPEN_THEN, AnyOf((DACH, FIXED["direct"]))))),
        (ClassAt(MONTH, "direct"), FIXED["direct"]),
    ],
)
def test_a_landmark_fixes_the_classes_among_leads_open_then(
    given: Any, condition: Condition
) -> None:
    assert condition == group_of("a", given, landmark=MONTH).condition


@pytest.mark.parametrize(
    ("condition", "name"),
    [
        (DACH, "region DACH"),
        (Is("attributes.size", "small"), "size small"),
        (DIRECT, "direct"),
        (FIXED["direct"], "direct at 30.0 days"),
        (Has("responded"), "with responded"),
        (Since("captured", at("2026-01-02")), "captured since 2026-01-02 00:00 UTC"),
        (Not(DACH), "not region DACH"),
        (Not(AllOf((DACH, DIRECT))), "not (region DACH and direct)"),
        (AnyOf((DACH, AllOf((DIRECT,)))), "region DACH or direct"),
        (EVERY, "all"),
        (AnyOf(()), "none"),
        (Past("offered.expires_at"), "Past(limit='offered.expires_at')"),
    ],
)
def test_a_condition_is_named_in_words(condition: Condition, name: str) -> None:
    assert name == group_of("a", condition, landmark=None).name


@pytest.mark.parametrize(
    ("condition", "influence", "later"),
    [
        (SOURCED, False, False),
        (Not(SOURCED), False, False),
        (INFLUENCED, True, False),
        (Not(AllOf((DACH, DIRECT))), True, False),
        (FIXED["influenced"], False, False),
        (DACH, False, False),
        (Is("attributes.size", "small"), False, False),
        (Is("captured.contact", "own_team"), False, False),
        (Is("latest.region", "DACH"), False, True),
        (Is("status", "won"), False, True),
        (Is("sourcing_partner", "acme"), False, False),
        (Has("captured"), False, False),
        (Has("responded"), False, True),
        (Older("captured", MONTH), False, False),
        (Older("accepted", MONTH), False, True),
        (Since("captured", at("2026-01-02")), False, False),
        (Since("won", at("2026-01-02")), False, True),
        (Within("captured", "responded", MONTH), False, True),
        (NotAfter("answered", "offered.expires_at"), False, True),
        (Active(MONTH), False, True),
        (AnyOf((DACH, Has("won"))), False, True),
    ],
)
def test_what_a_condition_owes_to_time(
    *, condition: Condition, influence: bool, later: bool
) -> None:
    assert (influence, later) == (rests_on_influence(condition), is_told_later(condition))
