"""Logistic regression: how values and numbers of past leads went with their outcomes, together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from attrs import asdict, field, frozen

from partnerleads.errors import OptionError
from partnerleads.model import Caution, FrozenMap
from partnerleads.model.numbers import in_range
from partnerleads.scoring.examples import Example
from partnerleads.scoring.feature_names import checked_names, nothing_learned
from partnerleads.scoring.fingerprints import fingerprint_of
from partnerleads.scoring.lead_features import LeadFeatures, check_lead
from partnerleads.scoring.lead_score import LeadScore, Reason
from partnerleads.scoring.logistic_columns import NumberScale, columns_of
from partnerleads.scoring.predicting import LogOdds, base_reason, learned_rows, predicted
from partnerleads.scoring.protocol import LeadScorer
from partnerleads.scoring.reasons import BASE
from partnerleads.scoring.standing_in import (
    LEAST_OF_EACH,
    UNCALIBRATED,
    StandIn,
    shortage,
    stand_in,
)
from partnerleads.showing import SHOWN, Shown
from partnerleads.stats import logistic_regression

__all__ = ["Logistic", "LogisticScorer"]

ValueWeights: TypeAlias = FrozenMap[str, FrozenMap[str, float]]


@frozen(kw_only=True)
class Logistic:
    """How to learn from outcomes by logistic regression.

    Each value of a name has a weight of its own, and each number one weight for each standard
    deviation from its mean. All are drawn to 0 by the penalty, so that outcomes that can be told
    apart without error, and values that always go together, leave finite weights. What a lead does
    not have, and values never seen, add nothing. A fit takes time with the cube of how many values
    and numbers there are together: with a few hundred a second, with thousands minutes; leave out
    names such as the account.

    Attributes:
        names: Names of the values and numbers to look at; None for all. Scores warn of those by
            which nothing was learned.
        penalty: How strongly weights are drawn to 0: half of it times their squares counts against
            the likelihood. The inverse of what scikit-learn calls C. [> 0]
        least_of_each: Won leads, and leads not won, that are needed. [count, >= 1]

    Raises:
        OptionError: When an option makes no sense.

    Source:
        Ridge logistic regression, le Cessie and van Houwelingen 1992.
    """

    names: tuple[str, ...] | None = field(default=None, converter=checked_names)
    penalty: float = field(default=1.0, validator=in_range(0, open_low=True))
    least_of_each: int = field(default=LEAST_OF_EACH, validator=in_range(1))

    def fit(
        self, examples: Iterable[Example], *, rules: LeadScorer | None = None
    ) -> LogisticScorer | StandIn:
        """The weights that the examples speak for; the same whatever their order, up to rounding.

        Args:
            examples: Leads with their outcomes, as from :func:`training_examples`.
            rules: What scores instead while there is too little to learn from.

        Raises:
            OptionError: When there is too little to learn from, and no rules; or the examples
                contradict one another about a lead.
        """
        known = _each_once(examples)
        won = sum(one.won for one in known)
        missing = shortage(won, len(known) - won, self.least_of_each)
        if missing:
            return stand_in("logistic regression", missing, rules)
        columns = columns_of([one.features for one in known], self.names)
        curve = logistic_regression(
            [columns.line(one.features) for one in known],
            [float(one.won) for one in known],
            columns=columns.count,
            penalty=self.penalty,
        )
        values, numbers = columns.weights(curve.weights)
        return LogisticScorer(
            design=self,
            base=curve.base,
            values=values,
            numbers=numbers,
            won=won,
            lost=len(known) - won,
        )


def _values(values: Mapping[str, Mapping[str, float]]) -> ValueWeights:
    return FrozenMap({name: FrozenMap(weights) for name, weights in values.items()})


def _numbers(numbers: Mapping[str, NumberScale]) -> FrozenMap[str, NumberScale]:
    return FrozenMap(numbers)


@frozen(kw_only=True, repr=False)
class LogisticScorer(Shown):
    """Scores leads by weights.

    Attributes:
        design: How they were learned.
        base: Log odds of a lead of which nothing is known. [log odds]
        values: What each value adds. [log odds]
        numbers: What a number adds.
        won: Won leads that it learned from. [count]
        lost: Leads not won that it learned from. [count]
    """

    design: Logistic
    base: float
    values: ValueWeights = field(converter=_values)
    numbers: FrozenMap[str, NumberScale] = field(converter=_numbers)
    won: int
    lost: int
    fingerprint: str = field(init=False, eq=False)
    _first: Reason = field(init=False, eq=False)
    _warnings: tuple[Caution, ...] = field(init=False, eq=False)
    _right = frozenset({2})
    _most = SHOWN

    @_first.default
    def _base_reason(self) -> Reason:
        return base_reason(self.base)

    @_warnings.default
    def _cautions(self) -> tuple[Caution, ...]:
        return UNCALIBRATED, *nothing_learned(self.design.names, {*self.values, *self.numbers})

    @fingerprint.default
    def _mark(self) -> str:
        values = {name: dict(weights) for name, weights in self.values.items()}
        numbers = {name: asdict(scale) for name, scale in self.numbers.items()}
        return fingerprint_of("logistic", asdict(self.design), self.base, values, numbers)

    def score(self, lead: LeadFeatures, /) -> LeadScore:
        """The score of a lead: 100 times its chance, with a reason for each thing known of it.

        Raises:
            OptionError: When it is no features of a lead, such as its id.
        """
        check_lead("lead", lead)
        values, numbers = lead.values, lead.numbers
        seen = [
            (name, values[name], weights.get(values[name], 0.0))
            for name, weights in self.values.items()
            if name in values
        ]
        seen += [
            (name, f"{numbers[name]:g}", scale.log_odds(numbers[name]))
            for name, scale in self.numbers.items()
            if name in numbers
        ]
        return predicted(
            lead,
            self._first,
            seen,
            scorer="logistic regression",
            fingerprint=self.fingerprint,
            warnings=self._warnings,
        )

    def to_dicts(self) -> list[dict[str, object]]:
        """The weights as flat rows: the base rate, then each value, then each number.

        A number adds its log odds for each standard deviation above the mean.
        """
        empty = {"value": None, "mean": None, "deviation": None}
        rows: list[dict[str, object]] = [{"name": BASE, **empty, "log_odds": self.base}]
        for name, weights in self.values.items():
            rows += [
                {"name": name, **empty, "value": value, "log_odds": odds}
                for value, odds in weights.items()
            ]
        for name, scale in self.numbers.items():
            known = {"mean": scale.mean, "deviation": scale.deviation, "log_odds": scale.weight}
            rows.append({"name": name, "value": None, **known})
        return [{**row, "fingerprint": self.fingerprint} for row in rows]

    def _head(self) -> str:
        outcomes = f"{self.won} won, {self.lost} not"
        return f"logistic regression ({outcomes}, fingerprint {self.fingerprint})"

    def _titles(self) -> tuple[str, ...]:
        return "name", "value", "log odds", "basis"

    def _rows(self) -> list[tuple[str, ...]]:
        return learned_rows(self._learned())

    def _learned(self) -> Iterator[LogOdds]:
        for name, weights in self.values.items():
            yield from ((name, value, odds, "") for value, odds in weights.items())
        for name, scale in self.numbers.items():
            basis = f"mean {scale.mean:g}, deviation {scale.deviation:g}"
            yield name, "each deviation above the mean", scale.weight, basis

    def _notes(self) -> list[str]:
        return [*map(str, self._warnings)]


def _each_once(examples: Iterable[Example]) -> list[Example]:
    """The examples by lead, one for each."""
    known: dict[str, Example] = {}
    for example in examples:
        before = known.setdefault(example.lead_id, example)
        if (before.features, before.won) != (example.features, example.won):
            reason = "comes twice, with different outcomes or values"
            raise OptionError("examples", example.lead_id, reason)
    return [known[lead_id] for lead_id in sorted(known)]
