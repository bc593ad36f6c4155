import pickle
from typing import Any

import pytest

from partnerleads.errors import OptionError
from partnerleads.scoring import (
    DEFAULT_RULES,
    Example,
    LeadFeatures,
    Logistic,
    LogisticScorer,
    StandIn,
)
from partnerleads.testing import at

START = at("2026-01-01")


def lead(name: str = "new", numbers: dict[str, float] | None = None, **values: str) -> LeadFeatures:
    return LeadFeatures(
        lead_id=name, captured_at=START, as_of=START, values=values, numbers=numbers or {}
    )


def closed(features: LeadFeatures, *, won: bool) -> Example:
    return Example(features=features, won=won, closed_at=at("2026-02-01"))


KNOWN = [
    closed(lead(f"L{place}", {"size": float(place)}, role="a" if place % 3 else "b"), won=won)
    for place, won in enumerate([False, True, False, True, True, False, True, True])
]


def test_rules_stand_in_where_there_is_too_little() -> None:
    scorer = Logistic().fit(KNOWN, rules=DEFAULT_RULES)

    assert isinstance(scorer, StandIn)
    assert "instead of logistic regression: 5 won and 3 not won" in str(
        scorer.score(lead()).warnings[0]
    )
    with pytest.raises(OptionError, match=r"pass rules=\.\.\. to `fit`"):
        Logistic().fit(KNOWN)


def test_reasons_are_by_name_with_what_was_seen() -> None:
    scorer = Logistic(least_of_each=1).fit(KNOWN)
    score = scorer.score(lead(numbers={"size": 1200.5, "other": 1}, role="b", of_no_name="x"))

    assert [("base rate", None), ("role", "b"), ("size", "1200.5")] == [
        (one.name, one.value) for one in score.reasons
    ]
    assert ["uncalibrated"] == [one.code for one in score.warnings]
    assert (5, 3) == (scorer.won, scorer.lost)


def test_a_number_at_its_mean_says_nothing() -> None:
    scorer = Logistic(least_of_each=1).fit(KNOWN)

    assert 3.5 == scorer.numbers["size"].mean
    assert 0 == scorer.score(lead(numbers={"size": 3.5})).reasons[1].points


def test_only_the_names_that_are_asked_for_have_weights() -> None:
    scorer = Logistic(names=["role"], least_of_each=1).fit(KNOWN)

    assert (["role"], []) == (list(scorer.values), list(scorer.numbers))


def test_numbers_that_are_the_same_for_all_tell_nothing() -> None:
    known = [
        closed(lead(f"L{place}", {"size": 7.0, "tiny": 1 + place * 1e-320}), won=place < 2)
        for place in range(4)
    ]

    assert [] == list(Logistic(least_of_each=1).fit(known).numbers)


def test_huge_numbers_are_no_overflow() -> None:
    known = [
        closed(lead(f"L{place}", {"size": size}), won=size > 0)
        for place, size in enumerate([1e308, -1e308, 1.5e308, -1.5e308])
    ]
    scorer = Logistic(least_of_each=1).fit(known)

    assert scorer.score(lead(numbers={"size": 1.7e308})).score > 50


def test_outcomes_that_can_be_told_apart_leave_finite_weights() -> None:
    known = [
        closed(lead(f"L{place}", role="a" if place < 40 else "b"), won=place < 40)
        for place in range(80)
    ]
    score = Logistic().fit(known).score(lead(role="a"))

    assert 85 < score.score < 100


def test_a_lead_that_comes_twice_differently_is_refused() -> None:
    with pytest.raises(OptionError, match=r"L0.*comes twice"):
        Logistic(least_of_each=1).fit([*KNOWN, closed(KNOWN[0].features, won=True)])


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"names": "role"}, "pass a list of names"),
        ({"penalty": 0}, "above 0"),
        ({"least_of_each": 0}, "at least 1"),
    ],
)
def test_designs_that_make_no_sense_are_refused(options: Any, why: str) -> None:
    with pytest.raises(OptionError, match=why):
        Logistic(**options)


def test_fingerprints_differ_with_what_was_learned_and_survive_pickling() -> None:
    scorer, other = (Logistic(least_of_each=1, penalty=p).fit(KNOWN) for p in (1.0, 2.0))
    again = pickle.loads(pickle.dumps(scorer))  # noqa: S301 - our own bytes

    assert scorer.fingerprint != other.fingerprint
    assert scorer == again
    assert scorer.score(lead(role="a")) == again.score(lead(role="a"))


@pytest.mark.parametrize("number", [1e308, -1e308])
def test_reasons_add_up_however_far_out_a_number_lies(number: float) -> None:
    learned = [
        closed(lead(f"L{n}", {"size": n % 3 / 1e5, "age": n % 5 / 1e5}), won=n % 2 > 0)
        for n in range(40)
    ]
    scorer = Logistic(least_of_each=5).fit(learned)

    for other in (-1e308, 0.0, 1e308):
        score = scorer.score(lead(numbers={"size": number, "age": other}))

        assert score.score == pytest.approx(sum(one.points for one in score.reasons), abs=1e-9)


def test_weights_print_the_strongest_first_and_give_rows() -> None:
    scorer = Logistic(least_of_each=1).fit(KNOWN)
    assert isinstance(scorer, LogisticScorer)
    base, *values, number = scorer.to_dicts()
    shown = str(scorer).splitlines()
    mean, deviation = scorer.numbers["size"].mean, scorer.numbers["size"].deviation

    assert f"logistic regression (5 won, 3 not, fingerprint {scorer.fingerprint})" == shown[0]
    assert "not held against later outcomes" in shown[-1]
    words = (word for line in shown[1:4] for word in line.split())
    weights = [abs(float(word)) for word in words if word[0] in "+-"]
    assert sorted(weights, reverse=True) == weights
    assert 3 == len(weights)
    assert f"mean {mean:g}, deviation {deviation:g}" in shown[1]
    assert ("base rate", scorer.base) == (base["name"], base["log_odds"])
    assert scorer.values["role"] == {row["value"]: row["log_odds"] for row in values}
    assert ("size", mean, deviation, scorer.numbers["size"].weight) == tuple(
        number[name] for name in ("name", "mean", "deviation", "log_odds")
    )
    assert "<th>log odds</th>" in scorer._repr_html_()


def test_scores_warn_of_names_by_which_nothing_was_learned() -> None:
    scorer = Logistic(names=["role", "rôle", "size"], least_of_each=1).fit(KNOWN)
    alike = [closed(lead(f"L{one}", {"size": 1.0}), won=one > 0) for one in range(2)]
    same = Logistic(names=["size"], least_of_each=1).fit(alike)

    told = "no lead that it learned from tells anything by {}; check the names"
    assert told.format("rôle") == str(scorer.score(lead()).warnings[-1])
    assert told.format("size") == str(same.score(lead()).warnings[-1])
    assert f"note: {told.format('rôle')}" in str(scorer)


def test_an_id_in_place_of_a_lead_is_refused() -> None:
    scorer: Any = Logistic(least_of_each=1).fit(KNOWN)

    with pytest.raises(OptionError, match=r"lead='L1': is no LeadFeatures; lead_features reads"):
        scorer.score("L1")
