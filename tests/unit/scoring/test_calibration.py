from collections.abc import Sequence
from math import log
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerleads.errors import OptionError
from partnerleads.scoring import (
    DEFAULT_RULES,
    Calibrated,
    Example,
    IsotonicMap,
    LeadFeatures,
    LeadScore,
    NaiveBayes,
    PlattMap,
    Reason,
    calibration,
    isotonic_map,
    platt_map,
    score_drift,
)
from partnerleads.testing import at

START = at("2026-01-01")
LEAD = LeadFeatures(lead_id="L", captured_at=START, as_of=START)


def score(points: float, *, chance: bool = True, mark: str = "1") -> LeadScore:
    return LeadScore(
        lead_id="L",
        as_of=START,
        score=points,
        probability=points / 100 if chance else None,
        reasons=[Reason(name="drawn", points=points)],
        scorer="drawn",
        fingerprint=mark,
    )


def group(points: float, won: int, of: int, **more: Any) -> list[tuple[LeadScore, bool]]:
    return [(score(points, **more), place < won) for place in range(of)]


def held(*groups: Sequence[tuple[LeadScore, bool]], **options: Any) -> Any:
    pairs = [pair for one in groups for pair in one]
    return calibration([one for one, _ in pairs], [won for _, won in pairs], **options)


GOOD = (group(20, 20, 100), group(60, 60, 100))


class TestVerdict:
    def test_true_chances_are_kept(self) -> None:
        found = held(*GOOD)

        assert "keep" == found.verdict
        assert pytest.approx(0) == found.error
        assert (200, 80, 0.4, 0.4) == (found.n, found.won, found.rate, found.forecast)

    def test_chances_that_are_off_are_to_be_learned_anew(self) -> None:
        found = held(group(20, 40, 100), group(60, 90, 100))

        assert "recalibrate" == found.verdict
        off = "off by 0.250 on average, more than 0.05, and more than chance would have it"

        assert (f"chances are {off}", "40.0 % were foretold, 65.0 % were won") == found.reasons

    def test_chances_that_are_off_within_bins_only(self) -> None:
        # as many as foretold, but too far apart
        found = held(group(10, 30, 100), group(70, 50, 100))

        assert "recalibrate" == found.verdict
        assert 1 == len(found.reasons)

    def test_the_tolerance_is_what_one_can_live_with(self) -> None:
        assert "keep" == held(group(20, 40, 100), group(60, 90, 100), tolerance=0.3).verdict

    def test_what_chance_would_have_is_kept(self) -> None:
        found = held(group(20, 12, 40), group(60, 27, 40))

        assert "keep" == found.verdict
        assert (
            "chances are off by 0.088 on average, which is no more than chance would have it",
        ) == (found.reasons)

    def test_scores_that_turn_leads_upside_down_need_more_than_chances(self) -> None:
        found = held(group(20, 60, 100), group(60, 20, 100))

        assert "retrain" == found.verdict
        # of 80 x 120 pairs 800 are in order and 4 000 tie
        assert ("higher scores are not won more often: AUC 0.29",) == found.reasons

    def test_too_few_outcomes_are_said_to_be(self) -> None:
        found = held(group(20, 29, 100))

        assert "too little data" == found.verdict
        assert ("29 won and 71 not won to learn from, at least 30 of each are needed",) == (
            found.reasons
        )

    def test_scores_that_drifted_are_a_reason(self) -> None:
        before = [score(float(points)) for points in range(20, 60) for _ in range(5)]
        found = held(*GOOD, before=before)

        assert "recalibrate" == found.verdict
        assert found.reasons[0].startswith("scores drifted: stability index ")
        assert "drifted" in str(found)

    def test_scores_of_an_empty_part_are_infinitely_drifted(self) -> None:
        before = [score(float(points)) for points in (20, 30, 40, 60) for _ in range(50)]
        found = held(*GOOD, before=before)

        assert (
            "scores drifted: stability index infinite, from 0.25 on they have",
        ) == found.reasons

    def test_scores_that_stay_are_no_reason(self) -> None:
        assert "keep" == held(*GOOD, before=[one for pairs in GOOD for one, _ in pairs]).verdict


class TestResult:
    def test_it_prints_and_has_rows(self) -> None:
        found = held(*GOOD, by="width", bins=5)
        parts = "reliability 0.0000 - resolution 0.0400"

        assert [
            "drawn: keep (80 of 200 leads won, as of 2026-01-01 00:00 UTC)",
            "  chances are off by 0.000 on average, within 0.05",
            "  won 40.0 % [33.5, 46.9], foretold 40.0 %",
            "  off by 0.000 on average, Hosmer-Lemeshow p = 1.000",
            f"  Brier 0.2000 = {parts} + uncertainty 0.2400 + within bins 0.0000",
            "  log loss 0.5867, AUC 0.71",
            "  top 10 %: lift 1.50, 15.0 % of all wins",
            "         chances  leads  foretold                  won",
            "   0.0 to 20.0 %    100    20.0 %  20.0 % [13.3, 28.9]",
            "  40.0 to 60.0 %    100    60.0 %  60.0 % [50.2, 69.1]",
        ] == str(found).splitlines()
        assert f"<{found}>" == repr(found)
        assert [(0.0, 0.2, 100, 20), (0.4, 0.6, 100, 60)] == [
            (row["low"], row["high"], row["n"], row["won"]) for row in found.to_dicts()
        ]
        assert "<td>40.0 to 60.0 %</td>" in found._repr_html_()

    def test_names_are_no_html(self) -> None:
        found = attrs.evolve(held(*GOOD), scorer="<b>")

        assert "&lt;b&gt;" in found._repr_html_()

    def test_without_wins_some_figures_are_undefined(self) -> None:
        found = held(group(0, 0, 10))

        assert (None, None, None) == (found.auc, found.top.lift, found.test.p_value)

    def test_without_wins_it_says_what_is_undefined_where_no_number_is_asked_for(self) -> None:
        found = held(group(0, 0, 10), least_of_each=0)

        assert "AUC undefined" in str(found)
        assert "lift undefined, no wins" in str(found)
        assert "no test, as every forecast is certain, and right" in str(found)

    def test_of_too_few_outcomes_it_shows_the_refusal_and_what_holds(self) -> None:
        found = held(group(10, 2, 10), group(30, 3, 10, chance=False), before=[score(20)] * 9)

        shown = [
            "drawn: too little data (5 of 20 leads won, as of 2026-01-01 00:00 UTC)",
            "  5 won and 15 not won to learn from, at least 30 of each are needed",
            "  won 25.0 % [11.2, 46.9], foretold 20.0 %",
            "  drift inf, drifted (by chance about 0.322)",
            "  note: 10 scores have no chance; their points are read as one, out of 100",
        ]
        assert shown == str(found).splitlines()
        assert "<td>" not in found._repr_html_()
        assert 2 == len(found.to_dicts())

    def test_what_is_warned_of_bins_is_shown_with_the_bins_only(self) -> None:
        found = held(group(20, 3, 9))

        assert ["small_bins"] == [one.code for one in found.warnings]
        assert "note" not in str(found)
        assert "note: 9 leads in 1 bin" in str(held(group(20, 3, 9), least_of_each=1))

    def test_part_of_the_score_within_bins_has_its_sign(self) -> None:
        assert "- within bins" in str(held(*GOOD, bins=1))

    def test_points_without_a_chance_are_read_as_one_and_it_says_so(self) -> None:
        found = held(group(20, 20, 100, chance=False), group(60, 60, 100, chance=False))

        assert pytest.approx(0.4) == found.forecast
        assert "note: 200 scores have no chance; their points are read as one, out of 100" in str(
            found
        )

    def test_few_leads_in_a_bin_are_said_to_be_few(self) -> None:
        assert ["small_bins"] == [one.code for one in held(group(20, 3, 9)).warnings]


@pytest.mark.parametrize(
    ("scores", "outcomes", "options", "why"),
    [
        ([], [], {}, "at least 1"),
        ([score(1)], [], {}, "must be 1, one for each score"),
        ([score(1), score(2, mark="2")], [True, False], {}, "of several scorers"),
        ([score(1)], [True], {"tolerance": "much"}, "finite number"),
        ([score(1)], [True], {"top": 0}, "above 0"),
        ([score(1)], [True], {"by": "size"}, "none of width"),
    ],
)
def test_what_makes_no_sense_is_refused(scores: Any, outcomes: Any, options: Any, why: str) -> None:
    with pytest.raises(OptionError, match=why):
        calibration(scores, outcomes, **options)


class TestDrift:
    def test_tenths_of_the_earlier_scores_by_hand(self) -> None:
        before = [score(float(points)) for points in range(100)]
        after = [score(float(points // 2)) for points in range(100)]
        found = score_drift(before, after, bins=2)

        # halves before, all below the middle after: one bin is empty
        assert (1,) == found.empty

    def test_equal_scores_are_one_bin(self) -> None:
        same = [score(50.0)] * 20

        assert (0.0,) == score_drift(same, same).parts

    def test_scores_that_were_never_seen_before_are_in_the_outer_bins(self) -> None:
        before = [score(float(points)) for points in (40, 50, 60, 70)]
        after = [score(float(points)) for points in (0, 50, 60, 100)]

        assert 0 == score_drift(before, after, bins=4).index

    def test_what_makes_no_sense_is_refused(self) -> None:
        with pytest.raises(OptionError, match="must not be empty"):
            score_drift([], [score(1)])
        with pytest.raises(OptionError, match="1 or more"):
            score_drift([score(1)], [score(1)], bins=0)
        with pytest.raises(OptionError, match="several scorers"):
            score_drift([score(1)], [score(1, mark="2")])

    def test_leads_that_leave_a_frequent_score_show_though_they_move_little(self) -> None:
        low, high = (
            [score(float(one)) for one in range(20)],
            [score(80.0 + one) for one in range(20)],
        )
        before = [*low, *[score(50.0)] * 60, *high]
        after = [*low, *[score(49.0)] * 60, *high]

        # bins of ten: 2 below 50, none before between 19 and 50, 50 itself, 2 above
        found = score_drift(before, after)
        assert (2, 3) == found.empty
        assert "drifted" == found.verdict
        assert score_drift(before, before).index == 0

    def test_shares_of_a_frequent_score_by_hand(self) -> None:
        before = [*[score(0.0)] * 60, *[score(50.0)] * 40]
        after = [*[score(0.0)] * 30, *[score(50.0)] * 70]

        by_hand = 2 * 0.3 * log(2) / 2 + 0.3 * log(7 / 4)
        assert pytest.approx(by_hand) == score_drift(before, after).index

    def test_a_few_scores_never_seen_before_join_their_neighbours(self) -> None:
        before = [score(50.0)] * 100
        some = [*[score(50.0)] * 96, *[score(40.0)] * 2, *[score(60.0)] * 2]
        many = [*[score(50.0)] * 90, *[score(60.0)] * 10]
        small = [*[score(50.0)] * 6, *[score(60.0)] * 4]

        assert (0.0,) == score_drift(before, some).parts
        assert (1,) == score_drift(before, many).empty
        assert (0.0,) == score_drift(before, small).parts

    @given(st.lists(st.integers(0, 9), min_size=1, max_size=60), st.integers(1, 12))
    def test_scores_that_stay_do_not_drift_and_none_is_lost(
        self, points: list[int], bins: int
    ) -> None:
        before = [score(float(one)) for one in points]
        found = score_drift(before, [*reversed(before), *before], bins=bins)

        assert pytest.approx(0, abs=1e-12) == found.index
        assert (len(points), 2 * len(points)) == found.n
        assert () == found.empty
        assert len(found.parts) <= 2 * bins


EXAMPLES = [Example(features=LEAD, won=True, closed_at=START)]


class TestWhatIsNoList:
    @pytest.mark.parametrize("what", [DEFAULT_RULES, EXAMPLES, {"L": score(1)}, 3])
    def test_what_is_no_list_of_scores_is_refused_and_told_what_to_pass(self, what: Any) -> None:
        told = r"is no list of LeadScore; pass \[scorer.score\(one.features\) for one in examples\]"

        for call in (calibration, isotonic_map, platt_map):
            with pytest.raises(OptionError, match=f"^scores='{type(what).__name__}': {told}"):
                call(what, [True])
        with pytest.raises(OptionError, match=f"^after='{type(what).__name__}': {told}"):
            score_drift([score(1)], what)

    @pytest.mark.parametrize("what", [EXAMPLES, [None], ["won"], True, {"L": True}])
    def test_what_is_no_list_of_outcomes_is_refused_and_told_what_to_pass(self, what: Any) -> None:
        for call in (calibration, isotonic_map, platt_map):
            with pytest.raises(OptionError, match=r"outcomes=.* pass \[one.won for one in exam"):
                call([score(1)], what)


class TestMaps:
    def test_steps_joined_by_lines_by_hand(self) -> None:
        pairs = [*group(10, 1, 4), *group(20, 0, 4), *group(40, 3, 4), *group(50, 3, 4)]
        rising = isotonic_map([one for one, _ in pairs], [won for _, won in pairs], least_of_each=1)

        # 10 and 20 are pooled to 1/8, 40 and 50 are 3/4
        assert ((10, 20, 40, 50), (0.125, 0.125, 0.75, 0.75)) == (rising.scores, rising.chances)
        assert [0.125, 0.125, 0.4375, 0.75, 0.75] == [
            rising.probability(one) for one in (0, 15, 30, 40, 99)
        ]
        assert ("1", 7, 9) == (rising.learned_for, rising.won, rising.lost)

    def test_curves_rise_and_a_falling_one_is_refused(self) -> None:
        scores = [score(float(points)) for points in range(100)]
        won = [points > 50 or points % 7 == 0 for points in range(100)]
        curve = platt_map(scores, won)

        assert curve.slope > 0
        assert curve.probability(20) < 0.5 < curve.probability(80)
        with pytest.raises(OptionError, match="fall where wins rise"):
            platt_map(scores, won[::-1])

    def test_curves_stay_finite_where_outcomes_can_be_told_apart(self) -> None:
        pairs = [*group(10, 0, 40), *group(90, 40, 40)]
        curve = platt_map([one for one, _ in pairs], [won for _, won in pairs])

        # 41/42 at 90 and 1/42 at 10
        assert pytest.approx(41 / 42) == curve.probability(90)
        assert pytest.approx(1 / 42) == curve.probability(10)

    @pytest.mark.parametrize("make", [isotonic_map, platt_map])
    def test_too_little_and_what_makes_no_sense_is_refused(self, make: Any) -> None:
        with pytest.raises(OptionError, match="29 won and 71 not won"):
            make([score(1)] * 100, [True] * 29 + [False] * 71)
        with pytest.raises(OptionError, match="one for each score"):
            make([score(1)], [])
        with pytest.raises(OptionError, match="at least 1"):
            make([score(1)], [True], least_of_each=0)
        with pytest.raises(OptionError, match="several scorers"):
            make([score(1), score(2, mark="2")], [True, False], least_of_each=1)

    def test_one_score_for_all_teaches_no_curve(self) -> None:
        with pytest.raises(OptionError, match="score of every lead"):
            platt_map([score(5)] * 2, [True, False], least_of_each=1)

    def test_a_slope_that_falls_is_no_map(self) -> None:
        with pytest.raises(OptionError, match="above 0"):
            PlattMap(slope=-1.0, base=0.0, learned_for="1", won=1, lost=1)

    def test_maps_differ_by_fingerprint(self) -> None:
        curve = PlattMap(slope=1.0, base=0.0, learned_for="1", won=1, lost=1)
        steps = IsotonicMap(scores=(1.0,), chances=(0.5,), learned_for="1", won=1, lost=1)
        marks = [curve, attrs.evolve(curve, base=1.0), steps, attrs.evolve(steps, chances=(0.4,))]

        assert 4 == len({one.fingerprint for one in marks})
        assert curve.fingerprint == attrs.evolve(curve).fingerprint


class TestCalibrated:
    CURVE = PlattMap(slope=0.1, base=-2.0, learned_for="", won=40, lost=60)

    def test_the_points_stay_and_the_chance_is_the_map_s(self) -> None:
        curve = attrs.evolve(self.CURVE, learned_for=DEFAULT_RULES.fingerprint)
        plain = DEFAULT_RULES.score(LEAD)
        found = Calibrated(scorer=DEFAULT_RULES, calibrator=curve).score(LEAD)

        assert (plain.score, plain.reasons) == (found.score, found.reasons)
        assert curve.probability(plain.score) == found.probability
        assert "default rules, calibrated" == found.scorer
        assert plain.fingerprint != found.fingerprint

    def test_a_score_of_another_scorer_gets_no_chance(self) -> None:
        scorer = NaiveBayes().fit([], rules=DEFAULT_RULES)
        found = Calibrated(scorer=scorer, calibrator=self.CURVE).score(LEAD)

        assert found.probability is None
        assert ["too_little_data", "other_scorer"] == [one.code for one in found.warnings]

    def test_any_calibrator_will_do(self) -> None:
        class Half:
            def probability(self, _: float, /) -> float:
                return 0.5

        assert 0.5 == Calibrated(scorer=DEFAULT_RULES, calibrator=Half()).score(LEAD).probability

    def test_what_is_no_scorer_is_refused(self) -> None:
        scorer: Any = NaiveBayes()

        with pytest.raises(OptionError, match="is no scorer"):
            Calibrated(scorer=scorer, calibrator=self.CURVE)


def test_a_single_bin_of_earlier_scores_is_told_as_it_hides_every_drift() -> None:
    scores, outcomes = zip(*group(80, 30, 60), *group(20, 5, 60), strict=True)
    same = calibration(scores, outcomes, before=[*scores[:1]] * 100, bins=1)
    apart = calibration(scores, outcomes, before=[score(50), score(60)] * 50)

    assert "one_bin" in [one.code for one in same.warnings]
    assert "one_bin" not in [one.code for one in apart.warnings]
