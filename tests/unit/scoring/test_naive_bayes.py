import pickle
from math import log
from typing import Any

import pytest

from partnerleads.errors import OptionError
from partnerleads.scoring import (
    DEFAULT_RULES,
    BayesScorer,
    Example,
    LeadFeatures,
    NaiveBayes,
    StandIn,
)
from partnerleads.testing import at

START = at("2026-01-01")


def lead(
    name: str = "new",
    segment: str | None = None,
    numbers: dict[str, float] | None = None,
    **values: str,
) -> LeadFeatures:
    return LeadFeatures(
        lead_id=name,
        captured_at=START,
        as_of=START,
        values=values,
        numbers=numbers or {},
        segment=segment,
    )


def closed(features: LeadFeatures, *, won: bool) -> Example:
    return Example(features=features, won=won, closed_at=at("2026-02-01"))


def some(won: int, lost: int, segment: str | None = None, **values: str) -> list[Example]:
    return [
        closed(lead(f"{segment}-{values}-{place}", segment, **values), won=place < won)
        for place in range(won + lost)
    ]


def evidence(scorer: Any, features: LeadFeatures) -> dict[str, float]:
    return {one.name: one.evidence for one in scorer.score(features).reasons}


class TestTooLittle:
    def test_rules_stand_in_and_every_score_says_so(self) -> None:
        scorer = NaiveBayes().fit(some(29, 100), rules=DEFAULT_RULES)
        score = scorer.score(lead(industry="steel"))

        assert isinstance(scorer, StandIn)
        assert DEFAULT_RULES.score(lead(industry="steel")).score == score.score
        assert DEFAULT_RULES.fingerprint == score.fingerprint
        assert ["too_little_data"] == [one.code for one in score.warnings]
        assert (
            "scored by rules instead of naive Bayes: 29 won and 100 not won to learn from, "
            "at least 30 of each are needed" == str(score.warnings[0])
        )

    def test_without_rules_it_is_refused(self) -> None:
        with pytest.raises(
            OptionError, match=r"30 won and 29 not won .* to `fit`, .* smaller least_of_each"
        ):
            NaiveBayes().fit(some(30, 29))

    def test_just_enough_is_enough(self) -> None:
        assert isinstance(NaiveBayes().fit(some(30, 30)), BayesScorer)

    def test_a_segment_with_little_is_scored_by_all_of_them(self) -> None:
        known = [
            *some(30, 90, "north", role="a"),
            *some(29, 1, "south", role="a"),
            *some(1, 9, role="b"),
        ]
        scorer = NaiveBayes().fit(known)
        north, south = (scorer.score(lead(segment=one)) for one in ("north", "south"))

        assert pytest.approx(25) == north.score
        assert pytest.approx(100 * 60 / 160) == south.score
        assert ["uncalibrated"] == [one.code for one in north.warnings]
        assert ["segment_too_small", "uncalibrated"] == [one.code for one in south.warnings]
        assert "'south' has 29 won and 1 not won" in str(south.warnings[0])

    def test_an_unknown_segment_is_scored_by_all_and_no_segment_without_a_word(self) -> None:
        scorer = NaiveBayes().fit(some(30, 30, "north"))

        assert "'west' has 0 won and 0 not" in str(scorer.score(lead(segment="west")).warnings[0])
        assert ["uncalibrated"] == [one.code for one in scorer.score(lead()).warnings]


class TestLearner:
    def test_what_it_was_told_twice_differently_is_refused(self) -> None:
        learner = NaiveBayes().learner()
        learner.learn(closed(lead("L1", role="a"), won=True))

        for other in (
            closed(lead("L1", role="a"), won=False),
            closed(lead("L1", role="b"), won=True),
            closed(lead("L1", "north", role="a"), won=True),
        ):
            with pytest.raises(OptionError, match="unlearn it first"):
                learner.learn(other)
        assert (1, 0) == (learner.table().won, learner.table().lost)

    def test_what_it_never_learned_cannot_be_taken_back(self) -> None:
        learner = NaiveBayes().learner()

        with pytest.raises(OptionError, match=r"L1.*was not learned from"):
            learner.unlearn("L1")

    def test_a_lead_that_is_reopened_and_lost(self) -> None:
        learner = NaiveBayes().learner()
        learner.learn(closed(lead("L1", role="a"), won=True))
        learner.unlearn("L1")
        learner.learn(closed(lead("L1", role="b"), won=False))

        assert NaiveBayes().learner().table() != learner.table()
        assert {"role": {"b": (0, 1)}} == {
            name: dict(values) for name, values in learner.table().segments[None].values.items()
        }

    def test_taking_everything_back_leaves_nothing(self) -> None:
        learner = NaiveBayes().learner()
        learner.learn(closed(lead("L1", "north", role="a"), won=True))
        learner.unlearn("L1")

        assert NaiveBayes().learner().table() == learner.table()
        assert 0 == len(learner)

    def test_shards_that_count_otherwise_or_contradict_one_another_are_not_merged(self) -> None:
        one, other = NaiveBayes().learner(), NaiveBayes().learner()
        one.learn(closed(lead("L1", role="a"), won=True))
        other.learn(closed(lead("L0", role="a"), won=True))
        other.learn(closed(lead("L1", role="a"), won=False))
        before = one.table()

        with pytest.raises(OptionError, match="counts otherwise"):
            one.merge(NaiveBayes(smoothing=2).learner())
        with pytest.raises(OptionError, match="unlearn it first"):
            one.merge(other)
        assert before == one.table()

    def test_shards_together_know_what_one_that_learned_all_knows(self) -> None:
        one, other, both = (NaiveBayes().learner() for _ in range(3))
        for learner, lead_id, won in ((one, "L1", True), (other, "L1", True), (other, "L2", False)):
            learner.learn(closed(lead(lead_id, role="a"), won=won))
            both.learn(closed(lead(lead_id, role="a"), won=won))
        one.merge(other)

        assert 2 == len(one)
        assert both.table() == one.table()

    def test_a_scorer_stays_as_it_is_when_more_is_learned(self) -> None:
        learner = NaiveBayes(least_of_each=1).learner()
        for one in some(1, 1):
            learner.learn(one)
        scorer = learner.scorer()
        learner.learn(closed(lead("L9"), won=True))

        assert pytest.approx(50) == scorer.score(lead()).score
        assert pytest.approx(200 / 3) == learner.scorer().score(lead()).score
        assert scorer.fingerprint != learner.scorer().fingerprint


def test_the_table_as_rows() -> None:
    learner = NaiveBayes().learner()
    for one in [*some(1, 1, "north", role="a"), *some(0, 1)]:
        learner.learn(one)

    assert [
        {"segment": None, "name": None, "value": None, "won": 0, "lost": 1},
        {"segment": "north", "name": None, "value": None, "won": 1, "lost": 1},
        {"segment": "north", "name": "role", "value": "a", "won": 1, "lost": 1},
    ] == learner.table().to_dicts()


def test_only_the_names_that_are_asked_for_are_looked_at() -> None:
    known = [*some(2, 1, role="a", id="x"), *some(1, 2, role="b", id="y")]
    scorer = NaiveBayes(names=["role"], least_of_each=1).fit(known)

    assert {"base rate", "role"} == set(evidence(scorer, lead(role="a", id="x")))


def test_numbers_count_by_bands_and_before_texts_of_the_same_name() -> None:
    design = NaiveBayes(bands={"size": [10, 100]}, least_of_each=1)
    known = [
        closed(lead(f"L{place}", numbers={"size": size}), won=size >= 10)
        for place, size in enumerate([1.0, 9.9, 10.0, 99.0, 100.0])
    ]
    score = design.fit(known).score(lead(numbers={"size": 10}))
    unknown = design.fit(known).score(lead(size="some"))

    assert ("size", "10 to 100") == (score.reasons[1].name, score.reasons[1].value)
    assert [("size", "below 10")] == design.seen(lead(numbers={"size": 9.99}, size="some"))
    assert [("size", "100 or more")] == design.seen(lead(numbers={"size": 100}))
    assert [("size", "some")] == design.seen(lead(size="some"))
    assert 0 == unknown.reasons[1].evidence
    assert [] == design.seen(lead(numbers={"other": 1}))


def test_several_values_count_one_by_one_and_stages_once_for_each_lead() -> None:
    tags = NaiveBayes(separators={"tags": ";"})
    stages = NaiveBayes(separators={"tags": ";"}, against_leads=["tags"], prior_smoothing=1)

    assert ("a", "b", "a") == tags.pieces("tags", "a;b;;a")
    assert ("a", "b") == stages.pieces("tags", "a;b;;a")
    assert ("a;b",) == tags.pieces("role", "a;b")


def test_the_first_outcomes_of_all_segments_smoothed_apart() -> None:
    design = NaiveBayes(prior_smoothing=1, least_of_each=0, pooling="segments")

    assert pytest.approx(50) == design.fit([]).score(lead()).score


def test_tiny_smoothing_leaves_finite_odds() -> None:
    known = [*some(3, 0, role="a"), *some(0, 3, role="b")]
    scorer = NaiveBayes(smoothing=5e-324, least_of_each=1).fit(known)

    assert pytest.approx(100) == scorer.score(lead(role="a")).score


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"names": "industry"}, r"pass a list of names, such as \['industry'\]"),
        ({"bands": {"size": []}}, "must rise"),
        ({"bands": {"size": [2, 2]}}, "must rise"),
        ({"bands": {"size": [float("nan")]}}, "finite"),
        ({"separators": {"tags": ""}}, "not be empty"),
        ({"smoothing": 0}, "above 0"),
        ({"prior_smoothing": -1}, "at least 0"),
        ({"pooling": "all"}, "offered are"),
        ({"least_of_each": -1}, "at least 0"),
        ({"least_of_each": 0}, "at least 1 without prior_smoothing"),
        ({"against_leads": ["stage"]}, "at least the smoothing"),
    ],
)
def test_designs_that_make_no_sense_are_refused(options: Any, why: str) -> None:
    with pytest.raises(OptionError, match=why):
        NaiveBayes(**options)


def test_a_scorer_survives_pickling() -> None:
    scorer = NaiveBayes(least_of_each=1).fit(some(2, 1, role="a"))
    again = pickle.loads(pickle.dumps(scorer))  # noqa: S301 - our own bytes

    assert scorer == again
    assert scorer.score(lead(role="a")) == again.score(lead(role="a"))


def test_an_unknown_segment_says_so_even_where_nothing_is_needed() -> None:
    design = NaiveBayes(prior_smoothing=1, least_of_each=0)
    score = design.fit(some(1, 3, "north")).score(lead(segment="west"))

    assert "scored by all segments together: 'west' has no outcomes" == str(score.warnings[0])


def test_what_is_held_against_all_leads_by_hand() -> None:
    known = [
        closed(lead("L1", stage="new won"), won=True),
        closed(lead("L2", stage="new"), won=False),
        closed(lead("L3"), won=False),
    ]
    design = NaiveBayes(
        separators={"stage": " "}, against_leads=["stage"], prior_smoothing=1, least_of_each=1
    )
    score = design.fit(known).score(lead(stage="new"))

    # odds (1 + 1) / (2 + 1), times (1 + 1) / (1 + 1) over (1 + 1) / (2 + 1), make 1
    assert pytest.approx(50) == score.score


def test_bands_between_near_edges_of_many_digits_stay_apart() -> None:
    design = NaiveBayes(bands={"size": [1234567, 1234568.0, 1234568.5, 2000000]})
    names = [
        design.seen(lead(numbers={"size": size}))
        for size in (1234566.0, 1234567.0, 1234568.0, 1234569.0, 2e6)
    ]

    assert [
        [("size", "below 1234567")],
        [("size", "1234567 to 1234568")],
        [("size", "1234568 to 1234568.5")],
        [("size", "1234568.5 to 2e+06")],
        [("size", "2e+06 or more")],
    ] == names


class TestResult:
    def test_it_prints_what_speaks_most_for_a_win_or_against_it_first(self) -> None:
        known = [*some(3, 0, "n", role="a"), *some(0, 1, "s", role="b"), *some(2, 2, "s")]
        scorer = NaiveBayes(least_of_each=1).fit(known)

        # of 3 won and 1 lost with a role: ln(4/5) - ln(1/3), and ln(1/5) - ln(2/3)
        assert [
            f"naive Bayes (5 won, 3 not, fingerprint {scorer.score(lead()).fingerprint})",
            "  role  b  -1.20  0 won, 1 not",
            "  role  a  +0.88  3 won, 0 not",
            "  note: all segments together; `table` has the counts of each",
            f"  note: {scorer.score(lead()).warnings[0]}",
        ] == str(scorer).splitlines()
        assert f"<{scorer}>" == repr(scorer)

    def test_it_has_rows_and_a_table(self) -> None:
        scorer = NaiveBayes(least_of_each=1).fit(some(3, 1, role="<a>"))
        assert isinstance(scorer, BayesScorer)
        base, role = scorer.to_dicts()

        assert ("base rate", None, 3, 1) == tuple(
            base[name] for name in ("name", "value", "won", "lost")
        )
        assert ("role", "<a>", 3, 1) == tuple(
            role[name] for name in ("name", "value", "won", "lost")
        )
        assert log(3) == pytest.approx(base["log_odds"])
        assert 0 == role["log_odds"]
        assert "<td>&lt;a&gt;</td><td>+0.00</td><td>3 won, 1 not</td>" in scorer._repr_html_()


class TestNames:
    def test_scores_warn_of_names_by_which_nothing_was_learned(self) -> None:
        design = NaiveBayes(names=["industri", "role"], bands={"size": [5]}, least_of_each=1)
        known = [*some(2, 2, "n", role="a"), *some(2, 2, "s", role="a")]
        scorer = design.fit(known)
        words = "no lead that it learned from tells anything by industri, size; check the names"

        for segment in (None, "n", "unknown"):
            assert words == str(scorer.score(lead(segment=segment, role="a")).warnings[-1])
        assert f"note: {words}" in str(scorer)

    def test_names_of_leads_are_not_warned_of(self) -> None:
        scorer = NaiveBayes(names=["role"], separators={"role": ","}, least_of_each=1).fit(
            some(2, 2, role="a,b")
        )

        assert ["uncalibrated"] == [one.code for one in scorer.score(lead(role="a")).warnings]


def test_an_id_in_place_of_a_lead_is_refused() -> None:
    scorer: Any = NaiveBayes(least_of_each=1).fit(some(1, 1))

    with pytest.raises(OptionError, match=r"lead='L1': is no LeadFeatures; lead_features reads"):
        scorer.score("L1")
