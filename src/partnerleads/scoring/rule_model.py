"""Points by rules: frozen data that says what counts, how much, and at most how much."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from math import fsum
from typing import Any, TypeVar

from attrs import field, frozen

from partnerleads.errors import OptionError
from partnerleads.model.data_text import Kinds
from partnerleads.model.numbers import in_range
from partnerleads.model.saved import Saved
from partnerleads.model.trusted import trusted
from partnerleads.scoring.behaviours import Happened
from partnerleads.scoring.lead_features import LeadFeatures, check_lead
from partnerleads.scoring.lead_score import LeadScore, Reason
from partnerleads.scoring.reasons import CAP, FLOOR
from partnerleads.scoring.rules import MOST_POINTS, AtLeast, AtMost, Equals, Missing, OneOf, Rule

__all__ = ["DEFAULT_RULES", "RuleGroup", "RuleModel"]

T = TypeVar("T")

RULES: dict[str, type[Rule]] = {
    one.kind: one for one in (Equals, OneOf, AtLeast, AtMost, Missing, Happened)
}
"""The rules that a saved model may name."""

KINDS: Kinds = {Rule: RULES}


def _several(name: str, values: Iterable[T]) -> tuple[T, ...]:
    given: object = values
    if not isinstance(given, Iterable):
        raise OptionError(name, given, "is a single one; pass several, such as [...]")
    return tuple(values)


def _rules(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    rules = _several("rules", rules)
    for rule in rules:
        if isinstance(rule, type) or not callable(getattr(rule, "reason", None)):
            raise OptionError("rules", rule, "is no rule; pass objects such as Equals(...)")
    if not rules:
        raise OptionError("rules", rules, "needs a rule, such as Equals(...)")
    return rules


_lead_score = trusted(LeadScore)
_in_reach = in_range(-MOST_POINTS, MOST_POINTS)


def _limit(_: object, attribute: Any, value: Any) -> None:
    if value is not None:
        _in_reach(_, attribute, value)


@frozen(kw_only=True)
class RuleGroup:
    """Rules whose points together have limits.

    Attributes:
        name: What it is called.
        rules: Its rules; several may match.
        least: The least that they come to together; None has no limit. [points,
            -1000..1000]
        most: The most that they come to together; None has no limit. [points,
            -1000..1000]

    Raises:
        OptionError: When there is no rule, or the limits contradict one another.
    """

    name: str
    rules: tuple[Rule, ...] = field(converter=_rules)
    least: float | None = field(default=None, validator=_limit)
    most: float | None = field(default=None, validator=_limit)

    def __attrs_post_init__(self) -> None:
        if self.least is not None and self.most is not None and self.least > self.most:
            raise OptionError("least", self.least, f"must be at most the most, {self.most}")

    def points(self, lead: LeadFeatures) -> tuple[float, tuple[Reason, ...]]:
        """What the group gives a lead, and its reasons, which add up to that.

        Args:
            lead: What is known of the lead.
        """
        found = [rule.reason(lead) for rule in self.rules]
        reasons = tuple([one for one in found if one is not None and one.points])
        total = fsum([one.points for one in reasons])
        return limited(total, reasons, least=self.least, most=self.most, of=f" of {self.name}")


def limited(
    total: float,
    reasons: tuple[Reason, ...],
    *,
    least: float | None,
    most: float | None,
    of: str = "",
) -> tuple[float, tuple[Reason, ...]]:
    """A total within its limits, and its reasons with what a limit takes off or gives back."""
    if most is not None and total > most:
        return most, (*reasons, Reason(name=CAP + of, points=most - total))
    if least is not None and total < least:
        return least, (*reasons, Reason(name=FLOOR + of, points=least - total))
    return total, reasons


def _groups(groups: Iterable[RuleGroup]) -> tuple[RuleGroup, ...]:
    groups = _several("groups", groups)
    for group in groups:
        if not isinstance(group, RuleGroup):
            raise OptionError("groups", group, "is no RuleGroup; put rules into groups")
    return groups


@frozen(kw_only=True)
class RuleModel(Saved):
    """How leads are scored by points, 0 to 100.

    Attributes:
        name: What it is called.
        groups: The rules in their groups, with names of their own.

    Raises:
        OptionError: When two groups have one name, or there is none.

    >>> from partnerleads.testing import at
    >>> model = RuleModel(
    ...     name="mine",
    ...     groups=[
    ...         RuleGroup(
    ...             name="fit",
    ...             most=30,
    ...             rules=[
    ...                 Equals(name="industry", value="steel", points=20),
    ...                 AtLeast(name="company_size", least=100, points=20),
    ...             ],
    ...         )
    ...     ],
    ... )
    >>> print(model.score(LeadFeatures(
    ...     lead_id="L1",
    ...     captured_at=at("2026-01-02"),
    ...     as_of=at("2026-02-01"),
    ...     values={"industry": "steel"},
    ...     numbers={"company_size": 250},
    ... )))
    L1 30.0 (mine, as of 2026-02-01 00:00 UTC)
      industry      steel  +20.0
      company_size  250    +20.0
      cap of fit           -10.0
    """

    _kinds = KINDS
    _called = "rule model"

    name: str
    groups: tuple[RuleGroup, ...] = field(converter=_groups)
    _fingerprint: str = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        names = [one.name for one in self.groups]
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise OptionError("groups", twice, "names two groups; give each a name of its own")
        if not names:
            raise OptionError("groups", self.groups, "needs a group of rules")
        object.__setattr__(self, "_fingerprint", super().fingerprint)  # once, not for every lead

    @property
    def fingerprint(self) -> str:
        """Twelve hexadecimal digits that differ between different models."""
        return self._fingerprint

    def score(self, lead: LeadFeatures, /) -> LeadScore:
        """The score of a lead: the points of all groups, held within 0 and 100.

        Args:
            lead: What is known of the lead.

        Raises:
            OptionError: When it is no features of a lead, such as its id.
        """
        check_lead("lead", lead)
        groups = [group.points(lead) for group in self.groups]
        total = fsum([points for points, _ in groups])
        reasons = tuple([reason for _, reasons in groups for reason in reasons])
        score, reasons = limited(total, reasons, least=0.0, most=100.0)
        found = _lead_score(
            lead.lead_id, lead.as_of, score, None, reasons, self.name, self.fingerprint, ()
        )
        found.__attrs_post_init__()  # rules of others may give points too large to add up
        return found


_MONTH = timedelta(days=30)

DEFAULT_RULES = RuleModel(
    name="default rules",
    groups=(
        RuleGroup(
            name="fit",
            least=0,
            most=50,
            rules=(
                AtLeast(name="company_size", least=50, points=10),
                AtLeast(name="company_size", least=250, points=10),
                Equals(name="criteria.need", value="met", points=10),
                Equals(name="criteria.budget", value="met", points=10),
                Equals(name="criteria.authority", value="met", points=10),
                Equals(name="criteria.timeline", value="met", points=10),
                Missing(name="industry", points=-5),
                Missing(name="country", points=-5),
            ),
        ),
        RuleGroup(
            name="engagement",
            least=0,
            most=50,
            rules=(
                Happened(behaviour="lead_progressed", points=10, half_life=_MONTH, most=3),
                Happened(behaviour="contact_made", points=5, half_life=_MONTH, most=3),
                Happened(behaviour="partner_influenced", points=5, half_life=_MONTH, most=2),
                Happened(
                    behaviour="activity",
                    points=2,
                    half_life=_MONTH,
                    most=3,
                    per=timedelta(days=1),
                ),
                Happened(behaviour="lead_declined", points=-5, half_life=_MONTH, most=2),
                Happened(behaviour="lead_returned", points=-10, half_life=_MONTH, most=1),
            ),
        ),
    ),
)
"""Rules to begin with: their points are plain choices, to be made one's own."""
