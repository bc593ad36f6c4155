"""What may be wrong with a routing policy before it goes live: a closed list, with remedies."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import field, frozen

from partnerleads.errors import OptionError
from partnerleads.model import FrozenMap
from partnerleads.model.figure import counted
from partnerleads.showing import table_html

__all__ = ["LINT_CODES", "SEVERITIES", "LintFinding", "LintReport", "finding"]

SEVERITIES = ("error", "warning", "note")
"""How bad a finding is: leads are lost or routing fails; something has no effect; look at it."""

_CODES: dict[str, tuple[str, str, str]] = {
    "empty_pool": (
        "error",
        "The pool has no active recipient, so no lead can go anywhere.",
        "Add recipients, or make some active.",
    ),
    "table_absent": (
        "error",
        "A router reads a table of scores that the context does not have, so it fails.",
        "Pass the table in `scores`, or name one that is there.",
    ),
    "place_unserved": (
        "error",
        "Nobody active serves a place at the bottom of the tree, so its leads go nowhere.",
        "Give the place, or one above it, to somebody.",
    ),
    "hours_uncovered": (
        "error",
        "At some hours nobody active is at work, so leads that come then go nowhere.",
        "Widen somebody's hours, or make working hours a wish instead of a rule.",
    ),
    "lead_unroutable": (
        "error",
        "The rules leave nobody for a lead.",
        "Loosen the rule that leaves nobody, or add a recipient that passes it.",
    ),
    "capacity_short": (
        "error",
        "All recipients together have less room than there are leads.",
        "Raise capacities, add recipients, or send fewer leads.",
    ),
    "recipient_unreachable": (
        "warning",
        "No lead can pass the rules for a recipient, whatever it states.",
        "Change what the rule asks for, or take the recipient out of the pool.",
    ),
    "serves_nowhere": (
        "warning",
        "A rule asks for a territory and a recipient has none, so it gets only leads without one.",
        "Give it territories; one that serves everywhere names the root of the tree.",
    ),
    "knows_nothing": (
        "warning",
        "A rule asks for expertise and a recipient has none, so it gets only leads that ask none.",
        "State what it knows.",
    ),
    "recipient_unreached": (
        "warning",
        "None of the leads passes the rules for a recipient.",
        "Check its territories, expertise and tier against the leads it should get.",
    ),
    "recipient_never_preferred": (
        "warning",
        "A recipient may take leads, but the wishes prefer others each time.",
        "Drop or reorder the wishes, or state what the recipient has.",
    ),
    "capacity_zero": (
        "warning",
        "An active recipient has a capacity of 0 and takes no lead.",
        "Set at least 1, None for no limit, or make the recipient inactive.",
    ),
    "weight_zero": (
        "warning",
        "An active recipient has the weight 0 and gets no turn beside others.",
        "Give it a weight above 0, or make it inactive.",
    ),
    "weights_all_zero": (
        "warning",
        "All active recipients have the weight 0, and so all get the same.",
        "Give those who should get turns a weight above 0.",
    ),
    "place_unknown": (
        "warning",
        "A recipient serves a place that the tree does not have.",
        "Correct the name, or add the place to the tree.",
    ),
    "tier_unknown": (
        "warning",
        "A recipient's tier is not on a ladder, and counts as none.",
        "Correct the tier, or add it to the ladder.",
    ),
    "excluded_unknown": (
        "warning",
        "An exclusion names somebody who is not in the pool.",
        "Correct the id, or drop the exclusion.",
    ),
    "rule_duplicate": (
        "warning",
        "Two rules, or two wishes, are the same but for their names.",
        "Drop one of them.",
    ),
    "rule_idle": (
        "warning",
        "A rule keeps nobody from any of the leads.",
        "Drop it, or check that the leads state what it asks about.",
    ),
    "wish_implied": (
        "warning",
        "A wish asks for what is a rule already, so it never narrows anybody down.",
        "Drop the wish, or the rule.",
    ),
    "wish_idle": (
        "warning",
        "A wish never narrows anybody down for any of the leads.",
        "Drop it, or check that leads and recipients state what it asks about.",
    ),
    "router_unreachable": (
        "warning",
        "A router of a chain is never asked, as the one before it ranks everybody.",
        "Put it first, or take it out.",
    ),
    "trees_differ": (
        "warning",
        "Rules, wishes and router do not go by the same territories.",
        "Pass one tree to all of them.",
    ),
    "ladders_differ": (
        "warning",
        "Rules, wishes and router do not go by the same tiers.",
        "Pass one ladder to all of them.",
    ),
    "scores_missing": (
        "note",
        "Some active recipients have no score in a table that a router reads.",
        "Add their scores, or check what the router takes for a missing one.",
    ),
    "expertise_unasked": (
        "note",
        "Some know what none of the leads asks for.",
        "Check the spelling on both sides, and which facts the rule reads.",
    ),
    "capacity_unasked": (
        "note",
        "Recipients state a capacity but no rule or wish asks for it, so they can get more leads.",
        "Add the rule HasCapacity(); nothing, if leads only go out in batches, which keep to it.",
    ),
    "hours_unasked": (
        "note",
        "Recipients state working hours but no rule or wish asks for them, so leads come any time.",
        "Add the rule InWorkingHours(); nothing, if hours are there for the time of offers alone.",
    ),
    "places_overlap": (
        "note",
        "Several serve a place equally specifically, so the router alone decides.",
        "Nothing, if that is meant; else give the place to one of them more specifically.",
    ),
}

LINT_CODES: FrozenMap[str, str] = FrozenMap({code: told[1] for code, told in _CODES.items()})
"""Every code of a finding, with what it means."""


@frozen(kw_only=True)
class LintFinding:
    """One thing that may be wrong with a policy.

    Attributes:
        code: Which of ``LINT_CODES``.
        subject: What it is about: a recipient, a rule, a place, a lead, or the pool.
        evidence: What was seen, in words.
    """

    code: str
    subject: str
    evidence: str

    @property
    def severity(self) -> str:
        """``error`` where leads are lost or routing fails, ``warning``, or ``note``."""
        return _CODES[self.code][0]

    @property
    def meaning(self) -> str:
        """What is wrong, in words."""
        return _CODES[self.code][1]

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return _CODES[self.code][2]

    def __str__(self) -> str:
        return f"{self.severity} {self.code}: {self.subject}: {self.evidence}"


def finding(code: str, subject: str, evidence: str) -> LintFinding:
    """One finding.

    Args:
        code: Which of ``LINT_CODES``.
        subject: What it is about.
        evidence: What was seen, in words.
    """
    return LintFinding(code=code, subject=subject, evidence=evidence)


def _ordered(found: tuple[LintFinding, ...]) -> tuple[LintFinding, ...]:
    codes = list(_CODES)
    return tuple(sorted(found, key=lambda one: (codes.index(one.code), one.subject, one.evidence)))


@frozen(kw_only=True, repr=False)
class LintReport:
    """What was found, the worst first.

    Attributes:
        findings: The findings, by severity, code and subject.
        unchecked: What was not looked at, and what it would take.
    """

    findings: tuple[LintFinding, ...] = field(converter=_ordered)
    unchecked: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether no finding is an error or a warning."""
        return all(one.severity == "note" for one in self.findings)

    def of(self, code: str) -> tuple[LintFinding, ...]:
        """The findings of one code.

        Raises:
            OptionError: When there is no such code.
        """
        if code not in _CODES:
            raise OptionError("code", code, f"is none of {', '.join(_CODES)}")
        return tuple(one for one in self.findings if one.code == code)

    def to_dicts(self) -> list[dict[str, str]]:
        """A row for each finding."""
        return [
            {
                "severity": one.severity,
                "code": one.code,
                "subject": one.subject,
                "evidence": one.evidence,
                "meaning": one.meaning,
                "remedy": one.remedy,
            }
            for one in self.findings
        ]

    def _lines(self) -> Iterator[str]:
        yield counted(len(self.findings), "finding")
        for code in dict.fromkeys(one.code for one in self.findings):
            group = self.of(code)
            yield f"  {group[0].severity} {code}: {group[0].meaning}"
            yield from (f"    {one.subject}: {one.evidence}" for one in group)
            yield f"    {group[0].remedy}"
        yield from (f"  not checked: {words}" for words in self.unchecked)

    def __str__(self) -> str:
        return "\n".join(self._lines())

    __repr__ = __str__

    def _repr_html_(self) -> str:
        titles = ("severity", "code", "about", "seen", "what to do")
        rows = [
            (one.severity, one.code, one.subject, one.evidence, one.remedy) for one in self.findings
        ]
        head = counted(len(self.findings), "finding")
        rest = [f"not checked: {words}" for words in self.unchecked]
        return table_html(head, rows, titles=titles, notes=rest)
