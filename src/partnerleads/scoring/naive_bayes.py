"""Naive Bayes: how values of past leads went with their outcomes, one by one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Literal, TypeAlias

from attrs import field, frozen

from partnerleads.errors import OptionError
from partnerleads.model import EMPTY, FrozenMap
from partnerleads.model.frozen_map import frozen_map
from partnerleads.model.numbers import in_range
from partnerleads.model.options import one_of
from partnerleads.scoring.bands import Bands, band, checked_bands, no_bands
from partnerleads.scoring.bayes_learner import BayesLearner
from partnerleads.scoring.bayes_scorer import BayesScorer
from partnerleads.scoring.examples import Example
from partnerleads.scoring.feature_names import checked_names
from partnerleads.scoring.lead_features import LeadFeatures
from partnerleads.scoring.protocol import LeadScorer
from partnerleads.scoring.standing_in import LEAST_OF_EACH, StandIn

__all__ = ["NaiveBayes", "Pooling"]

Pooling: TypeAlias = Literal["leads", "segments"]
"""Whether the pooled table is smoothed once, or once for each segment that has the value."""


def _set(names: Collection[str]) -> frozenset[str]:
    return frozenset(names)


@frozen(kw_only=True)
class NaiveBayes:
    """How to learn from outcomes by naive Bayes.

    The log odds of a win are those of the segment, plus for each value seen

    ``ln((won_v + s) / (won + s k)) - ln((lost_v + s) / (lost + s k))``

    with *won_v* of the *won* leads that have the name at all having the value v, k values of the
    name seen so far, and the smoothing s. A value that was never seen says nothing, nor does a
    name that a lead does not have; so a name that only some leads have, and always with the same
    value, tells nothing. Values that go together count as if each spoke for itself, so
    chances tend to be too near 0 and 1: hold them against later outcomes with
    :func:`calibration`, and correct them with :class:`Calibrated`.

    Attributes:
        names: Names of the features to look at; None for all. With numbers only those in *bands*.
            Scores warn of names, here and below, by which nothing was learned.
        bands: Numbers that are looked at, with the edges between their bands; a number on an edge
            belongs to the upper one.
        separators: Names whose values hold several, and what separates these; each counts, and as
            often as it is there.
        against_leads: Names whose counts are held against all won and all lost leads of the
            segment, rather than against what was seen of the name, and once for each lead. For
            what leads have or have not, such as stages passed.
        smoothing: Added to the won and the lost count of every value. [leads, > 0]
        prior_smoothing: Added to the won and the lost leads of a segment. [leads, >= 0]
        pooling: Whether all segments together are smoothed as one, ``leads``, or as the sum of
            smoothed ``segments``.
        least_of_each: Won leads, and leads not won, that are needed: in a segment for its own
            counts to be used rather than those of all segments, and in all of them for using any.
            [count, >= 0]

    Raises:
        OptionError: When an option makes no sense; when *against_leads* is used with a
            *prior_smoothing* below *smoothing*, as a part of the leads could then exceed all; or
            when *least_of_each* and *prior_smoothing* are both 0, as the odds could be infinite.

    Source:
        Maron 1961; smoothing after Lidstone 1920; the form for several values after Manning,
        Raghavan and Schütze 2008, chapter 13.

    >>> NaiveBayes(names=["industry"], smoothing=0.5).smoothing
    0.5
    """

    names: tuple[str, ...] | None = field(default=None, converter=checked_names)
    bands: Bands = field(factory=no_bands, converter=checked_bands)
    separators: FrozenMap[str, str] = field(default=EMPTY, converter=frozen_map)
    against_leads: frozenset[str] = field(default=frozenset(), converter=_set)
    smoothing: float = field(default=1.0, validator=in_range(0, open_low=True))
    prior_smoothing: float = field(default=0.0, validator=in_range(0))
    pooling: Pooling = field(default="leads", validator=one_of("leads", "segments"))
    least_of_each: int = field(default=LEAST_OF_EACH, validator=in_range(0))

    def __attrs_post_init__(self) -> None:
        if self.against_leads and self.prior_smoothing < self.smoothing:
            reason = f"must be at least the smoothing, {self.smoothing:g}, with against_leads"
            raise OptionError("prior_smoothing", self.prior_smoothing, reason)
        if not self.least_of_each and not self.prior_smoothing:
            reason = "must be at least 1 without prior_smoothing"
            raise OptionError("least_of_each", self.least_of_each, reason)
        if "" in self.separators.values():
            raise OptionError("separators", "", "must not be empty")

    def learner(self) -> BayesLearner:
        """One that has learned nothing yet, to be taught outcome by outcome."""
        return BayesLearner(self)

    def fit(
        self, examples: Iterable[Example], *, rules: LeadScorer | None = None
    ) -> BayesScorer | StandIn:
        """What the examples teach.

        Args:
            examples: Leads with their outcomes, as from :func:`training_examples`.
            rules: What scores instead while there is too little to learn from.

        Raises:
            OptionError: When there is too little to learn from, and no rules; or the examples
                contradict one another about a lead.
        """
        learner = self.learner()
        for example in examples:
            learner.learn(example)
        return learner.scorer(rules=rules)

    def seen(self, lead: LeadFeatures) -> list[tuple[str, str]]:
        """What is looked at of a lead: names and values, by name.

        >>> from partnerleads.testing import at
        >>> NaiveBayes(bands={"company_size": [50, 250]}).seen(LeadFeatures(
        ...     lead_id="L1", captured_at=at("2026-01-02"), as_of=at("2026-01-02"),
        ...     values={"industry": "steel"}, numbers={"company_size": 120}))
        [('company_size', '50 to 250'), ('industry', 'steel')]
        """
        values = lead.values
        found = {name: values[name] for name in values if self.names is None or name in self.names}
        for name, edges in self.bands.items():
            if name in lead.numbers:
                found[name] = band(lead.numbers[name], edges)
        return sorted(found.items())

    def pieces(self, name: str, value: str) -> tuple[str, ...]:
        """What a value counts as: itself, or what it holds where it holds several."""
        separator = self.separators.get(name)
        if separator is None:
            return (value,)
        found = [piece for piece in value.split(separator) if piece]
        return tuple(dict.fromkeys(found) if name in self.against_leads else found)
