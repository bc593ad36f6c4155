"""What would raise scores: leads are tried with other values, and scored again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from math import fsum, inf, isfinite, nextafter
from typing import Literal, TypeAlias

from attrs import evolve, frozen

from partnerleads.scoring.behaviours import Happened
from partnerleads.scoring.calibrators import Calibrated
from partnerleads.scoring.hybrid import Hybrid
from partnerleads.scoring.lead_features import Behaviour, LeadFeatures
from partnerleads.scoring.lead_score import TOLERANCE
from partnerleads.scoring.protocol import LeadScorer
from partnerleads.scoring.qualification import QualificationModel
from partnerleads.scoring.reading import ACTIVITY, is_number
from partnerleads.scoring.rule_model import RuleModel
from partnerleads.scoring.rules import AtLeast, AtMost, Equals, Missing, OneOf, Rule, number_text
from partnerleads.scoring.scoring_leads import scored
from partnerleads.scoring.signs import Done, Sign, Stated
from partnerleads.scoring.standing_in import StandIn

__all__ = ["Change", "Kind", "changes_of"]

Kind: TypeAlias = Literal["state", "other", "do", "avoid"]
"""State what is missing, send leads with another value, do once more, or avoid what happens."""

_NOT_ITS_OWN = ("originator", "holder", "account", "source")
"""Features that a partner does not choose, and some of which name others."""

ANY = "any"


@frozen(kw_only=True)
class Change:
    """What one change of its leads would add to a partner's mean score.

    Attributes:
        kind: ``state`` what is missing, send leads with an ``other`` value, ``do`` once more, or
            ``avoid``.
        name: The feature or behaviour.
        value: The value that scores best, for people; empty for behaviours.
        leads: How many leads it raises. [count]
        gain: What it adds to the mean score of all the partner's leads. [points, > 0]
    """

    kind: Kind
    name: str
    value: str
    leads: int
    gain: float

    @property
    def words(self) -> str:
        """What to do, for people."""
        match self.kind:
            case "state":
                return f"state {self.name}: {self.value}"
            case "other":
                value = "another one" if self.value == ANY else self.value
                return f"send leads whose {self.name} is {value}"
            case "do":
                return f"{self.name}: once more"
            case _:
                return f"{self.name}: none"


@frozen
class _Trial:
    """One way to change leads.

    Attributes:
        kind: What kind of change it is.
        name: The feature or behaviour.
        value: The value, for people.
        fits: Whether it is for a lead.
        changed: The lead with the change.
    """

    kind: Kind
    name: str
    value: str
    fits: Callable[[LeadFeatures], bool]
    changed: Callable[[LeadFeatures], LeadFeatures]


def changes_of(
    leads: Sequence[LeadFeatures], *, scorer: LeadScorer, qualification: QualificationModel
) -> tuple[Change, ...]:
    """What would raise the mean score of leads, by the most first.

    Every feature and behaviour that the rules or the criteria name is tried: each lead is scored
    again with each value that can make a difference. Of a feature the one value counts that adds
    most over all leads; leads that it does not raise stay as they are.

    Args:
        leads: The leads, as they were read.
        scorer: How they are scored.
        qualification: Names more features to try, for scorers that are not made of rules.

    Raises:
        ScorerError: When an answer is no score of its lead.
    """
    before = [scored(lead, scorer=scorer).score for lead in leads]
    best: dict[tuple[Kind, str], Change] = {}
    for trial in _trials([*_rules(scorer), *_signs(qualification)]):
        gains = [
            scored(trial.changed(lead), scorer=scorer).score - score
            for lead, score in zip(leads, before, strict=True)
            if trial.fits(lead)
        ]
        raised = [gain for gain in gains if gain > TOLERANCE]
        gain = fsum(raised) / max(len(leads), 1)
        key = trial.kind, trial.name
        # of values that add the same, the first stays
        if raised and (key not in best or gain > best[key].gain + TOLERANCE):
            best[key] = Change(
                kind=trial.kind, name=trial.name, value=trial.value, leads=len(raised), gain=gain
            )
    return tuple(sorted(best.values(), key=lambda one: (-one.gain, one.name, one.kind)))


def _rules(scorer: object) -> Iterator[Rule]:
    """The rules that a scorer is made of; none where it is of another kind."""
    match scorer:
        case RuleModel():
            yield from (rule for group in scorer.groups for rule in group.rules)
        case Hybrid():
            yield from _rules(scorer.fit)
            yield from _rules(scorer.engagement)
        case StandIn() | Calibrated():
            yield from _rules(scorer.scorer)
        case _:
            pass


def _signs(qualification: QualificationModel) -> Iterator[Sign]:
    yield from (sign for one in qualification.criteria for sign in one.signs)


def _trials(named_by: Iterable[Rule | Sign]) -> Iterator[_Trial]:
    """Every change that makes a difference to rules, and every value that criteria name."""
    texts: dict[str, list[str]] = {}
    limits: dict[str, list[float]] = {}
    behaviours: set[str] = set()
    for one in named_by:
        if isinstance(one, Happened | Done):
            behaviours.add(one.behaviour)
        for name, some_texts, some_limits in _features(one):
            texts.setdefault(name, []).extend(some_texts)
            limits.setdefault(name, []).extend(some_limits)
    for name in sorted(texts.keys() - {*_NOT_ITS_OWN}):
        yield from _of_feature(name, texts[name], limits[name])
    for name in sorted(behaviours):
        yield from _of_behaviour(name)


def _features(one: Rule | Sign) -> Iterator[tuple[str, Sequence[str], Sequence[float]]]:
    """The feature that a rule or sign looks at, with the texts and the limits that it names."""
    match one:
        case Equals():
            yield one.name, [one.value], ()
        case OneOf():
            yield one.name, one.values, ()
        case AtLeast():
            yield one.name, (), [one.least]
        case AtMost():
            yield one.name, (), [one.most]
        case Missing():
            yield one.name, (), ()
        case Stated():
            yield one.name, one.values, [end for end in (one.least, one.most) if end is not None]
        case _:
            pass


def _of_feature(name: str, texts: Iterable[str], limits: Iterable[float]) -> Iterator[_Trial]:
    """Each value of a feature that rules can tell from the others, first one that none names."""
    ends = sorted(set(limits))
    numbers: list[tuple[float, str]] = []
    for end in ends:
        below = nextafter(end, -inf), f"less than {number_text(end)}"
        above = nextafter(end, inf), f"more than {number_text(end)}"
        each = (below, (end, number_text(end)), above)
        numbers += [one for one in each if isfinite(one[0])]
    if is_number(name):
        numbers = numbers or [(0.0, ANY)]
    else:
        named = dict.fromkeys(texts)
        yield from _both(name, ANY, _texting(name, _unlike(named)))
        for text in named:
            yield from _both(name, text, _texting(name, text))
    for number, words in numbers:
        yield from _both(name, words, _numbering(name, number))


def _unlike(texts: Collection[str]) -> str:
    """A text that is none of those."""
    return max((ANY, *texts), key=len) + "*"


def _both(
    name: str, words: str, changed: Callable[[LeadFeatures], LeadFeatures]
) -> Iterator[_Trial]:
    yield _Trial("state", name, words, lambda lead: not _states(lead, name), changed)
    yield _Trial("other", name, words, lambda lead: _states(lead, name), changed)


def _states(lead: LeadFeatures, name: str) -> bool:
    return name in lead.values or name in lead.numbers


def _texting(name: str, text: str) -> Callable[[LeadFeatures], LeadFeatures]:
    def changed(lead: LeadFeatures) -> LeadFeatures:
        numbers = {key: one for key, one in lead.numbers.items() if key != name}
        return evolve(lead, values={**lead.values, name: text}, numbers=numbers)

    return changed


def _numbering(name: str, number: float) -> Callable[[LeadFeatures], LeadFeatures]:
    def changed(lead: LeadFeatures) -> LeadFeatures:
        values = {key: text for key, text in lead.values.items() if key != name}
        return evolve(lead, values=values, numbers={**lead.numbers, name: number})

    return changed


def _of_behaviour(name: str) -> Iterator[_Trial]:
    """Once more at the moment, and never."""
    kind = f"{ACTIVITY}." if name == ACTIVITY else name

    def once_more(lead: LeadFeatures) -> LeadFeatures:
        added = Behaviour(kind=kind, occurred_at=lead.as_of)
        return evolve(lead, behaviours=(*lead.behaviours, added))

    def is_it(one: Behaviour) -> bool:
        return one.kind == name or (name == ACTIVITY and one.kind.startswith(kind))

    def without(lead: LeadFeatures) -> LeadFeatures:
        return evolve(lead, behaviours=[one for one in lead.behaviours if not is_it(one)])

    yield _Trial("do", name, "", lambda _: True, once_more)
    yield _Trial("avoid", name, "", lambda lead: any(map(is_it, lead.behaviours)), without)
