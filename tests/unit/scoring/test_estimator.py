from math import log
from types import SimpleNamespace
from typing import Any

import pytest
from attrs import evolve

from partnerleads.errors import OptionError
from partnerleads.scoring import DEFAULT_RULES, LeadFeatures, StandIn, estimator
from partnerleads.stats import sigmoid
from partnerleads.testing import at

START = at("2026-01-01")
LEAD = LeadFeatures(lead_id="L1", captured_at=START, as_of=START, numbers={"size": 2.0})


def model(answer: Any, **more: Any) -> Any:
    return SimpleNamespace(predict_proba=lambda rows: [answer for _ in rows], **more)


def made(answer: Any, **options: Any) -> Any:
    classes = options.pop("classes", None)
    more = {} if classes is None else {"classes_": classes}
    given: dict[str, Any] = {
        "row": lambda lead: [lead.numbers["size"]],
        "name": "forest",
        "version": "1",
        "trained_on": (100, 300),
    }
    return estimator(model(answer, **more), **(given | options))


def test_its_reasons_are_the_base_rate_and_the_model() -> None:
    score = made([0.4, 0.6]).score(LEAD)

    assert [("base rate", pytest.approx(25)), ("model", pytest.approx(35))] == [
        (one.name, one.points) for one in score.reasons
    ]
    assert (pytest.approx(60), pytest.approx(0.6)) == (score.score, score.probability)
    assert "forest" == score.scorer


def test_the_class_of_wins_is_found_where_it_stands() -> None:
    assert pytest.approx(60) == made([0.6, 0.4], classes=[1, 0]).score(LEAD).score
    assert pytest.approx(60) == made([0.4, 0.6], classes=[False, True]).score(LEAD).score
    with pytest.raises(OptionError, match="no class True or 1"):
        made([0.6, 0.4], classes=["won", "lost"]).score(LEAD)


@pytest.mark.parametrize(("chance", "score"), [(0.0, 0), (1.0, 100)])
def test_certain_models_have_finite_reasons(chance: float, score: float) -> None:
    found = made([1 - chance, chance]).score(LEAD)

    assert pytest.approx(score, abs=1e-9) == found.score


@pytest.mark.parametrize("chance", [-0.1, 1.1, float("nan")])
def test_what_is_no_chance_is_refused(chance: float) -> None:
    with pytest.raises(OptionError, match="must answer chances"):
        made([0.0, chance]).score(LEAD)


def test_coefficients_that_lead_to_the_chance_are_the_reasons() -> None:
    chance = 1 / (1 + 3.0**-2)  # 2 x ln 3 from nothing
    scorer = made([1 - chance, chance], coefficients={"size": log(3)}, intercept=0.0)
    base, size = scorer.score(LEAD).reasons

    assert ("base rate", 50) == (base.name, base.points)
    assert ("size", "2", pytest.approx(2 * log(3))) == (size.name, size.value, size.evidence)


def test_coefficients_that_lead_elsewhere_are_refused() -> None:
    with pytest.raises(OptionError, match="but the model says 0"):
        made([0.5, 0.5], coefficients={"size": 1.0}).score(LEAD)
    with pytest.raises(OptionError, match="names 2 columns, but a row has 1"):
        made([0.5, 0.5], coefficients={"size": 1.0, "age": 0.0}).score(LEAD)


def test_rules_stand_in_for_what_was_trained_on_too_little() -> None:
    scorer = made([0.5, 0.5], trained_on=(29, 500), rules=DEFAULT_RULES)

    assert isinstance(scorer, StandIn)
    assert "instead of forest: 29 won" in str(scorer.because)
    with pytest.raises(OptionError, match=r"pass rules=\.\.\. to `estimator`"):
        made([0.5, 0.5], trained_on=(29, 500))


def test_what_is_no_model_or_no_minimum_is_refused() -> None:
    with pytest.raises(OptionError, match="no method `predict_proba`"):
        estimator(object(), row=lambda _: [], name="x", version="1", trained_on=(50, 50))
    with pytest.raises(OptionError, match="at least 1"):
        made([0.5, 0.5], least_of_each=0)


def test_another_version_is_another_scorer() -> None:
    assert made([0.5, 0.5]).fingerprint != made([0.5, 0.5], version="2").fingerprint


@pytest.mark.parametrize("size", [-800.0, -40.0, -26.0, 26.0, 30.0, 40.0, 800.0])
def test_coefficients_of_a_model_that_is_nearly_certain_are_its_reasons_too(size: float) -> None:
    chance = sigmoid(size)
    scorer = made([1 - chance, chance], coefficients={"size": 1.0})
    score = scorer.score(evolve(LEAD, numbers={"size": size}))

    assert pytest.approx(100 * chance, abs=1e-9) == score.score
    assert score.score == pytest.approx(sum(one.points for one in score.reasons), abs=1e-9)


def test_an_id_in_place_of_a_lead_is_refused() -> None:
    with pytest.raises(OptionError, match=r"lead='L1': is no LeadFeatures; lead_features reads"):
        made([0.4, 0.6]).score("L1")
