"""Models that were trained elsewhere, as lead scorers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import fsum, log
from typing import Any

from attrs import field, frozen

from partnerleads.errors import OptionError
from partnerleads.model import FrozenMap
from partnerleads.scoring.fingerprints import fingerprint_of
from partnerleads.scoring.lead_features import LeadFeatures, check_lead
from partnerleads.scoring.lead_score import LeadScore
from partnerleads.scoring.protocol import LeadScorer
from partnerleads.scoring.reasons import Evidence, reasons_of
from partnerleads.scoring.standing_in import (
    LEAST_OF_EACH,
    UNCALIBRATED,
    StandIn,
    shortage,
    stand_in,
)
from partnerleads.stats import sigmoid

__all__ = ["EstimatorScorer", "estimator"]

_NEARLY = 1e-12
"""Chances nearer to 0 or 1 have no log odds to speak of; they are held there."""

_SAME_CHANCE = 1e-6
"""How far coefficients may lead from the model's chance, as near 0 and 1 log odds are no more
told apart in floats."""


def _coefficients(value: Mapping[str, float] | None) -> FrozenMap[str, float] | None:
    return None if value is None else FrozenMap(value)


@frozen(kw_only=True)
class EstimatorScorer:
    """Scores leads by a model with a method ``predict_proba``, as scikit-learn has them.

    Attributes:
        model: The model.
        row: Turns the features of a lead into what the model reads.
        name: What to call it.
        version: Differs whenever the model was trained otherwise.
        won: Won leads that it was trained on. [count]
        lost: Leads not won that it was trained on. [count]
        coefficients: What a unit of each column adds, in the order of the row, where the model is
            linear in the log odds. [log odds]
        intercept: Log odds where every column is 0. [log odds]
    """

    model: Any
    row: Callable[[LeadFeatures], Sequence[float]]
    name: str
    version: str
    won: int
    lost: int
    coefficients: FrozenMap[str, float] | None = field(converter=_coefficients)
    intercept: float

    @property
    def fingerprint(self) -> str:
        """Differs between names and versions; what is inside the model cannot be seen."""
        return fingerprint_of("estimator", self.name, self.version)

    def score(self, lead: LeadFeatures, /) -> LeadScore:
        """The score of a lead: 100 times its chance.

        Raises:
            OptionError: When it is no features of a lead, such as its id; when the model answers no
                chance, or its coefficients do not lead to it.
        """
        check_lead("lead", lead)
        row = self.row(lead)
        chance = min(max(self._chance(row), _NEARLY), 1 - _NEARLY)
        base, evidence = self._evidence(row, log(chance / (1 - chance)))
        reasons = reasons_of(base, evidence)
        return LeadScore(
            lead_id=lead.lead_id,
            as_of=lead.as_of,
            score=min(100.0, max(0.0, fsum(one.points for one in reasons))),
            probability=chance,
            reasons=reasons,
            scorer=self.name,
            fingerprint=self.fingerprint,
            warnings=(UNCALIBRATED,),
        )

    def _chance(self, row: Sequence[float]) -> float:
        classes = list(getattr(self.model, "classes_", (False, True)))
        if True not in classes:
            raise OptionError("model", classes, "has no class True or 1; train it on won or not")
        answer = self.model.predict_proba([row])[0]
        chance = float(answer[classes.index(True)])
        if not 0 <= chance <= 1:
            raise OptionError("model", chance, "predict_proba must answer chances, from 0 to 1")
        return chance

    def _evidence(self, row: Sequence[float], log_odds: float) -> tuple[float, Sequence[Evidence]]:
        if self.coefficients is None:
            base = log(self.won / self.lost)
            return base, [Evidence("model", None, log_odds - base)]
        if len(row) != len(self.coefficients):
            reason = f"names {len(self.coefficients)} columns, but a row has {len(row)}"
            raise OptionError("coefficients", dict(self.coefficients), reason)
        pairs = zip(self.coefficients.items(), row, strict=True)
        found = [
            Evidence(name, f"{number:g}", weight * float(number))
            for (name, weight), number in pairs
        ]
        total = self.intercept + fsum(one.log_odds for one in found)
        if abs(sigmoid(total) - sigmoid(log_odds)) > _SAME_CHANCE:
            reason = f"lead to log odds of {total:g}, but the model says {log_odds:g}"
            raise OptionError("coefficients", dict(self.coefficients), reason)
        return self.intercept, found


def estimator(
    model: Any,
    *,
    row: Callable[[LeadFeatures], Sequence[float]],
    name: str,
    version: str,
    trained_on: tuple[int, int],
    coefficients: Mapping[str, float] | None = None,
    intercept: float = 0.0,
    least_of_each: int = LEAST_OF_EACH,
    rules: LeadScorer | None = None,
) -> EstimatorScorer | StandIn:
    """A lead scorer of a model that was trained elsewhere.

    Train it on :func:`training_examples`, so that it reads nothing from after an outcome. Its
    reasons are the base rate and ``model``, unless it is linear in the log odds and its
    coefficients are given.

    Args:
        model: Anything with a method ``predict_proba`` that answers, for a list of rows, a list of
            chances by class; ``classes_`` says which is ``True``, or 1; without it the second is.
        row: Turns the features of a lead into one row.
        name: What to call it.
        version: Whatever tells this training of it from others; it is part of the fingerprint.
        trained_on: Won leads, and leads not won, that it was trained on. [counts]
        coefficients: What a unit of each column adds, in the order of the row. [log odds]
        intercept: Log odds where every column is 0; only with coefficients. [log odds]
        least_of_each: Won leads, and leads not won, that are needed. [count, >= 1]
        rules: What scores instead where it was trained on less.

    Raises:
        OptionError: When the model has no such method, or was trained on too little and there are
            no rules.

    >>> from types import SimpleNamespace
    >>> from partnerleads.testing import at
    >>> model = SimpleNamespace(predict_proba=lambda rows: [[0.6, 0.4] for _ in rows])
    >>> scorer = estimator(model, row=lambda lead: [lead.numbers["company_size"]],
    ...                    name="forest", version="2026-01", trained_on=(100, 400))
    >>> print(scorer.score(LeadFeatures(lead_id="L1", captured_at=at("2026-02-01"),
    ...                                 as_of=at("2026-02-01"), numbers={"company_size": 9})))
    L1 40.0, wins 40.0 % (forest, as of 2026-02-01 00:00 UTC)
      base rate    +20.0
      model        +20.0
      note: the chance is what the scorer believes; it was not held against later outcomes
    """
    if not callable(getattr(model, "predict_proba", None)):
        raise OptionError("model", model, "has no method `predict_proba`")
    if least_of_each < 1:
        raise OptionError("least_of_each", least_of_each, "must be at least 1")
    won, lost = trained_on
    missing = shortage(won, lost, least_of_each)
    if missing:
        return stand_in(name, missing, rules, asked="estimator")
    return EstimatorScorer(
        model=model,
        row=row,
        name=name,
        version=version,
        won=won,
        lost=lost,
        coefficients=coefficients,
        intercept=intercept,
    )
