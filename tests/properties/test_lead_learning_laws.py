"""The laws of learned lead scores: what order, duplicates and names may not change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cache
from random import Random
from typing import Any

import attrs
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from partnerleads.scoring import (
    Calibrated,
    Evidence,
    Example,
    LeadFeatures,
    LeadScore,
    Logistic,
    NaiveBayes,
    Reason,
    calibration,
    estimator,
    isotonic_map,
    platt_map,
    reasons_of,
)
from partnerleads.testing import at, check_scorer

few = settings(max_examples=max(10, settings.default.max_examples // 5))
START, END = at("2026-01-01"), at("2026-03-01")
NAMES, VALUES = ("country", "industry", "role"), ("a", "b", "c")
SEGMENTS = (None, "north", "south")

features = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(VALUES))
sizes = st.dictionaries(st.just("size"), st.integers(0, 9).map(float))
outcomes = st.lists(
    st.tuples(features, sizes, st.sampled_from(SEGMENTS), st.booleans()), min_size=2, max_size=14
).filter(lambda drawn: {won for *_, won in drawn} == {True, False})
designs = st.builds(
    NaiveBayes,
    bands=st.sampled_from([{}, {"size": (3.0, 6.0)}]),
    smoothing=st.sampled_from([0.1, 0.5, 1.0]),
    prior_smoothing=st.sampled_from([0.0, 1.0]),
    pooling=st.sampled_from(["leads", "segments"]),
    least_of_each=st.sampled_from([1, 2]),
)


def lead(
    values: Mapping[str, str],
    numbers: Mapping[str, float] | None = None,
    segment: str | None = None,
    name: str = "new",
) -> LeadFeatures:
    return LeadFeatures(
        lead_id=name,
        captured_at=START,
        as_of=START,
        values=values,
        numbers=numbers or {},
        segment=segment,
    )


def examples(drawn: Sequence[Any]) -> list[Example]:
    return [
        Example(features=lead(values, numbers, segment, name=f"L{place}"), won=won, closed_at=END)
        for place, (values, numbers, segment, won) in enumerate(drawn)
    ]


def taught(design: NaiveBayes, known: Sequence[Example]) -> Any:
    learner = design.learner()
    for one in known:
        learner.learn(one)
    return learner


def scorer_of(design: NaiveBayes, known: Sequence[Example]) -> Any:
    """Its scorer; where there is too little, what is needed at least is lowered."""
    return attrs.evolve(design, least_of_each=1).fit(known)


# --- naive Bayes ---------------------------------------------------------------------------------


@given(outcomes, designs, st.randoms(use_true_random=False))
def test_neither_order_nor_duplicates_change_what_is_learned(
    drawn: Any, design: NaiveBayes, chance: Random
) -> None:
    known = examples(drawn)
    shuffled = [*known, *known[::2]]
    chance.shuffle(shuffled)

    assert taught(design, known).table() == taught(design, shuffled).table()
    assert scorer_of(design, known).fingerprint == scorer_of(design, shuffled).fingerprint


@given(outcomes, designs, st.integers(0, 14), st.integers(0, 14))
def test_merged_shards_are_the_batch(drawn: Any, design: NaiveBayes, one: int, other: int) -> None:
    known = examples(drawn)
    start, end = sorted((one, other))
    left, right = taught(design, known[:end]), taught(design, known[start:])
    left.merge(right)

    assert taught(design, known).table() == left.table()
    assert len(known) == len(left)


@given(outcomes, designs, st.data())
def test_taking_back_restores_the_counts_exactly(
    drawn: Any, design: NaiveBayes, data: st.DataObject
) -> None:
    known = examples(drawn)
    back = data.draw(st.lists(st.sampled_from(known), unique_by=lambda one: one.lead_id))
    learner = taught(design, known)
    for one in back:
        learner.unlearn(one.lead_id)

    assert taught(design, [one for one in known if one not in back]).table() == learner.table()

    for one in back:
        learner.learn(one)

    assert taught(design, known).table() == learner.table()


@given(outcomes, designs, features, sizes, st.sampled_from(SEGMENTS))
def test_names_of_features_values_and_segments_mean_nothing(
    drawn: Any, design: NaiveBayes, values: Any, numbers: Any, segment: str | None
) -> None:
    def renamed(old: Mapping[str, str]) -> dict[str, str]:
        return {f"z-{name[::-1]}": f"{value} {name}" for name, value in old.items()}

    turned = {None: None, "north": "x", "south": "a"}
    other = [(renamed(v), n, turned[s], won) for v, n, s, won in drawn]
    score = scorer_of(design, examples(drawn)).score(lead(values, numbers, segment))
    again = scorer_of(design, examples(other)).score(
        lead(renamed(values), numbers, turned[segment])
    )

    assert pytest.approx(score.score, abs=1e-9) == again.score
    assert pytest.approx(sorted(one.points for one in score.reasons), abs=1e-9) == sorted(
        one.points for one in again.reasons
    )


@given(outcomes, designs, features, sizes, st.sampled_from(SEGMENTS))
def test_what_was_never_seen_says_exactly_nothing(
    drawn: Any, design: NaiveBayes, values: Any, numbers: Any, segment: str | None
) -> None:
    scorer = scorer_of(design, examples(drawn))
    unset = NAMES[0]
    without = {name: value for name, value in values.items() if name != unset}
    never = {**without, unset: "never seen", "of no name": "a"}

    assert scorer.score(lead(without, numbers, segment)).score == (
        scorer.score(lead(never, numbers, segment)).score
    )


@given(outcomes, designs, features, sizes, st.sampled_from(SEGMENTS))
def test_scores_are_those_of_a_product_of_fractions(
    drawn: Any, design: NaiveBayes, values: Any, numbers: Any, segment: str | None
) -> None:
    new = lead(values, numbers, segment)
    expected = 100 * float(slowly(attrs.evolve(design, least_of_each=1), examples(drawn), new))

    assert pytest.approx(expected, abs=1e-8) == scorer_of(design, examples(drawn)).score(new).score


def slowly(design: NaiveBayes, known: Sequence[Example], new: LeadFeatures) -> Fraction:
    """Bayes' rule on smoothed counts, by going through all examples for each of them."""
    own = [one for one in known if one.features.segment == new.segment]
    groups = [own]
    if new.segment is None or len({one.won for one in own}) < 2:
        segments = {one.features.segment for one in known}
        groups = [known]
        if design.pooling == "segments":
            groups = [[o for o in known if o.features.segment == one] for one in segments]
    extra, prior = Fraction(design.smoothing), Fraction(design.prior_smoothing)

    def leads(*, won: bool) -> Fraction:
        return sum((prior + sum(one.won == won for one in group) for group in groups), Fraction(0))

    def count(name: str, value: str | None, *, won: bool) -> Fraction:
        """Smoothed count of a value; of all that were seen together without one."""
        total = Fraction(0)
        for group in groups:
            pairs = [(dict(design.seen(one.features)).get(name), one.won) for one in group]
            seen = {found for found, _ in pairs if found is not None}
            for each in seen if value is None else seen & {value}:
                total += extra + sum(pair == (each, won) for pair in pairs)
        return total

    result = leads(won=True) / leads(won=False)
    for name, value in design.seen(new):
        if count(name, value, won=True):
            result *= count(name, value, won=True) / count(name, value, won=False)
            result *= count(name, None, won=False) / count(name, None, won=True)
    return result / (1 + result)


@given(outcomes, designs, st.data())
def test_one_more_win_of_a_twin_never_lowers_a_score(
    drawn: Any, design: NaiveBayes, data: st.DataObject
) -> None:
    # a twin has the same values, and each of them was seen before
    known = examples([(v, n, None, won) for v, n, _, won in drawn])
    new = attrs.evolve(data.draw(st.sampled_from(known)).features, lead_id="new")
    won = Example(features=attrs.evolve(new, lead_id="twin"), won=True, closed_at=END)
    before, after = scorer_of(design, known), scorer_of(design, [*known, won])

    assert after.score(new).score >= before.score(new).score - 1e-9
    for old, one in zip(before.score(new).reasons, after.score(new).reasons, strict=True):
        assert one.evidence >= old.evidence - 1e-12


@given(outcomes, designs, st.data())
def test_a_loss_that_turns_into_a_win_never_lowers_the_scores_of_twins(
    drawn: Any, design: NaiveBayes, data: st.DataObject
) -> None:
    known = examples([(v, n, None, won) for v, n, _, won in drawn])
    lost = data.draw(st.sampled_from([one for one in known if not one.won]))
    assume(sum(not one.won for one in known) > 1)
    turned = [attrs.evolve(one, won=True) if one is lost else one for one in known]
    before, after = scorer_of(design, known), scorer_of(design, turned)

    assert after.score(lost.features).score >= before.score(lost.features).score - 1e-9


def test_the_first_win_of_a_value_can_speak_against_it() -> None:
    # ten wins and one loss of a; one win of b is rarer among wins than its smoothing among losses
    known = examples([({"role": "a"}, {}, None, place < 10) for place in range(11)])
    first = Example(features=lead({"role": "b"}, name="first"), won=True, closed_at=END)
    design = NaiveBayes(least_of_each=1)
    before, after = design.fit(known), design.fit([*known, first])

    # from nothing to ln(2/13 : 1/3)
    assert [0, pytest.approx(-0.7732, abs=1e-4)] == [
        one.score(lead({"role": "b"})).reasons[1].evidence for one in (before, after)
    ]


# --- logistic regression -------------------------------------------------------------------------


def close(one: Any, other: Any) -> None:
    assert pytest.approx(one.score, abs=1e-6) == other.score
    assert len(one.reasons) == len(other.reasons)


@few
@given(outcomes, st.sampled_from([0.1, 1.0]), features, sizes, st.randoms(use_true_random=False))
def test_neither_order_duplicates_nor_names_change_weights(
    drawn: Any, penalty: float, values: Any, numbers: Any, chance: Random
) -> None:
    def renamed(old: Mapping[str, str]) -> dict[str, str]:
        return {f"z-{name[::-1]}": f"{value} {name}" for name, value in old.items()}

    design, known = Logistic(penalty=penalty, least_of_each=1), examples(drawn)
    shuffled = [*known, *known[::2]]
    chance.shuffle(shuffled)
    other = examples([(renamed(v), n, s, won) for v, n, s, won in drawn])
    score = design.fit(known).score(lead(values, numbers))

    assert score == design.fit(shuffled).score(lead(values, numbers))
    close(score, design.fit(other).score(lead(renamed(values), numbers)))


@few
@given(outcomes, features, sizes)
def test_weights_say_nothing_of_what_was_never_seen(drawn: Any, values: Any, numbers: Any) -> None:
    scorer = Logistic(least_of_each=1).fit(examples(drawn))
    unset = NAMES[0]
    without = {name: value for name, value in values.items() if name != unset}
    never = {**without, unset: "never seen", "of no name": "a"}

    assert scorer.score(lead(without, numbers)).score == scorer.score(lead(never, numbers)).score


@few
@given(outcomes, st.integers(-5, 5), st.sampled_from([0.01, 3.0, 1e6]), sizes)
def test_units_of_numbers_change_no_score(
    drawn: Any, shift: int, scale: float, numbers: Any
) -> None:
    def turned(old: Mapping[str, float]) -> dict[str, float]:
        return {name: scale * (number + shift) for name, number in old.items()}

    other = [(v, turned(n), s, won) for v, n, s, won in drawn]
    design = Logistic(least_of_each=1)
    score = design.fit(examples(drawn)).score(lead({}, numbers))

    close(score, design.fit(examples(other)).score(lead({}, turned(numbers))))


# --- all of them ---------------------------------------------------------------------------------


@cache
def many(seed: int) -> list[Example]:
    chance = Random(seed)
    found = []
    for _ in range(150):
        values = {name: chance.choice(VALUES) for name in NAMES if chance.random() < 0.8}
        won = chance.random() < (0.7 if values.get("country") == "a" else 0.3)
        numbers = {"company_size": float(chance.randint(0, 2000))}
        found.append((values, numbers, chance.choice(SEGMENTS), won))
    return examples(found)


@cache
def fitted(design: Any) -> Any:
    return design.fit(many(1))


class Model:
    """Believes larger customers."""

    def predict_proba(self, rows: Any) -> list[list[float]]:
        return [[1 - row[0], row[0]] for row in rows]


def size(one: LeadFeatures) -> list[float]:
    return [min(max(one.numbers.get("company_size", 0.0) / 1e6, 0.0), 1.0)]


def outside() -> Any:
    return estimator(Model(), row=size, name="outside", version="1", trained_on=(40, 60))


@cache
def taught_map(make: Any) -> Any:
    known = many(2)
    scores = [fitted(NaiveBayes()).score(one.features) for one in known]
    return make(scores, [one.won for one in known])


def calibrated(make: Any) -> Any:
    return Calibrated(scorer=fitted(NaiveBayes()), calibrator=taught_map(make))


@pytest.mark.parametrize(
    "make",
    [
        lambda: attrs.evolve(fitted(NaiveBayes(bands={"company_size": [10, 1000]}))),
        lambda: attrs.evolve(fitted(NaiveBayes(least_of_each=1, pooling="segments"))),
        lambda: attrs.evolve(fitted(Logistic())),
        lambda: NaiveBayes().fit([], rules=outside()),
        outside,
        lambda: calibrated(platt_map),
        lambda: calibrated(isotonic_map),
    ],
    ids=["bayes", "segments", "logistic", "stand-in", "outside", "platt", "isotonic"],
)
def test_learned_scorers_keep_the_laws_of_scorers(make: Any) -> None:
    check_scorer(make)


@few
@given(outcomes, designs, features, sizes)
def test_reasons_are_those_of_the_evidence(
    drawn: Any, design: NaiveBayes, values: Any, numbers: Any
) -> None:
    scorers = [scorer_of(design, examples(drawn)), Logistic(least_of_each=1).fit(examples(drawn))]
    for scorer in scorers:
        score = scorer.score(lead(values, numbers))
        first, *rest = score.reasons
        evidence = [Evidence(one.name, one.value, one.evidence) for one in rest]

        assert reasons_of(first.evidence, evidence) == score.reasons
        assert pytest.approx(score.score, abs=1e-9) == sum(one.points for one in score.reasons)
        assert attrs.evolve(score) == score  # as if built with every check


points = st.floats(0, 100) | st.integers(0, 5).map(float)
judged = st.lists(st.tuples(points, st.booleans()), min_size=2, max_size=20).filter(
    lambda drawn: {won for _, won in drawn} == {True, False}
)


def scores_of(drawn: Any) -> tuple[list[LeadScore], list[bool]]:
    scores = [
        LeadScore(
            lead_id="L",
            as_of=START,
            score=score,
            reasons=[Reason(name="drawn", points=score)],
            scorer="drawn",
            fingerprint="1",
        )
        for score, _ in drawn
    ]
    return scores, [won for _, won in drawn]


@given(judged, st.lists(points, min_size=2, max_size=20))
def test_chances_never_fall_with_the_score(drawn: Any, asked: list[float]) -> None:
    rising = isotonic_map(*scores_of(drawn), least_of_each=1)
    chances = [rising.probability(score) for score in sorted(asked)]

    assert sorted(chances) == chances
    assert min(chances) >= 0
    assert max(chances) <= 1


@given(judged)
def test_a_map_of_steps_keeps_the_rate_of_wins(drawn: Any) -> None:
    rising = isotonic_map(*scores_of(drawn), least_of_each=1)
    foretold = sum(rising.probability(score) for score, _ in drawn)

    assert pytest.approx(sum(won for _, won in drawn), abs=1e-9) == foretold


@given(judged, st.randoms(use_true_random=False))
def test_the_order_of_leads_changes_no_figure_of_a_calibration(drawn: Any, chance: Random) -> None:
    shuffled = list(drawn)
    chance.shuffle(shuffled)
    one, other = (calibration(*scores_of(pairs)) for pairs in (drawn, shuffled))

    assert (one.auc, one.top.top_hits, one.verdict) == (
        other.auc,
        other.top.top_hits,
        other.verdict,
    )
    assert pytest.approx(one.brier.score) == other.brier.score
    assert [(bin_.n, bin_.hits) for bin_ in one.table] == [
        (bin_.n, bin_.hits) for bin_ in other.table
    ]
