"""Whether leads are qualified: which criteria each meets, which it does not, which nobody knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import field, frozen

from partnerleads.errors import OptionError
from partnerleads.model import FrozenMap, LeadId
from partnerleads.model.data_text import Kinds
from partnerleads.model.saved import Saved
from partnerleads.scoring.lead_features import LeadFeatures
from partnerleads.scoring.qualification_result import Answer, LeadQualification, Qualifications
from partnerleads.scoring.signs import Done, Sign, Stated

__all__ = ["DEFAULT_QUALIFICATION", "Criterion", "QualificationModel", "qualify"]

KINDS: Kinds = {Sign: {one.kind: one for one in (Stated, Done)}}
"""The signs that a saved model may name."""


def _signs(signs: Iterable[Sign]) -> tuple[Sign, ...]:
    found = _several("signs", signs, "Stated(...)")
    for one in found:
        if isinstance(one, type) or not callable(getattr(one, "seen", None)):
            raise OptionError("signs", one, "is no sign; pass objects such as Stated(...)")
    return found


def _several(name: str, values: Any, example: str) -> tuple[Any, ...]:
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise OptionError(name, values, f"is a single one; pass several, such as [{example}]")
    found = tuple(values)
    if not found:
        raise OptionError(name, found, f"needs one at least, such as {example}")
    return found


@frozen(kw_only=True)
class Criterion:
    """Something that a lead must have, and the signs of it.

    It is met where any sign says so, not met where one says no and none says yes, and not known
    where no sign knows anything.

    Attributes:
        name: What it is called, such as ``budget``.
        signs: What shows it.

    Raises:
        OptionError: When there is no sign.
    """

    name: str
    signs: tuple[Sign, ...] = field(converter=_signs)

    def answer(self, lead: LeadFeatures) -> Answer:
        """Whether a lead meets it, with what the first sign that decides has seen.

        Args:
            lead: What is known of the lead.
        """
        found = [one for one in (sign.seen(lead) for sign in self.signs) if one is not None]
        decides = next((one for one in found if one.met), next(iter(found), None))
        if decides is None:
            return Answer(name=self.name, met=None)
        return Answer(name=self.name, met=decides.met, seen=decides.text)


def _criteria(criteria: Iterable[Criterion]) -> tuple[Criterion, ...]:
    found = _several("criteria", criteria, "Criterion(...)")
    for one in found:
        if not isinstance(one, Criterion):
            raise OptionError("criteria", one, "is no Criterion; put signs into criteria")
    return found


def _names(names: Iterable[str]) -> tuple[str, ...]:
    if isinstance(names, str):
        raise OptionError("required", names, "is one text; pass several, such as ['budget']")
    return tuple(names)


@frozen(kw_only=True)
class QualificationModel(Saved):
    """When a lead is qualified.

    Attributes:
        name: What it is called.
        criteria: The criteria, with names of their own.
        required: Names of those that every qualified lead meets.
        at_least: How many must be met, the required ones among them; None is all. [count]

    Raises:
        OptionError: When two criteria have one name, a required one is none of them, or the number
            leaves their range.

    >>> from partnerleads.testing import at
    >>> model = QualificationModel(
    ...     name="mine",
    ...     criteria=[
    ...         Criterion(name="budget", signs=[Stated(name="expected_value.EUR", least=10_000)]),
    ...         Criterion(name="authority", signs=[Stated(name="attributes.role", values=["cfo"])]),
    ...         Criterion(name="contact", signs=[Done(behaviour="contact_made")]),
    ...     ],
    ...     required=["budget"],
    ...     at_least=2,
    ... )
    >>> print(model.judge(LeadFeatures(
    ...     lead_id="L1",
    ...     captured_at=at("2026-01-02"),
    ...     as_of=at("2026-02-01"),
    ...     numbers={"expected_value.EUR": 25_000},
    ... )))
    L1 not known to be qualified: 1 of 3 criteria met (mine, as of 2026-02-01 00:00 UTC)
      budget     met        25000
      authority  not known
      contact    not met    0 times
    """

    _kinds = KINDS
    _called = "qualification model"

    name: str
    criteria: tuple[Criterion, ...] = field(converter=_criteria)
    required: tuple[str, ...] = field(default=(), converter=_names)
    at_least: int | None = None

    def __attrs_post_init__(self) -> None:
        names = [one.name for one in self.criteria]
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise OptionError("criteria", twice, "names two; give each a name of its own")
        for name in self.required:
            if name not in names:
                raise OptionError("required", name, f"is no criterion; there are {names}")
        least, most = self.at_least, len(names)
        if least is not None and (type(least) is not int or not 1 <= least <= most):
            raise OptionError("at_least", least, f"must be a whole number from 1 to {most}")

    def judge(self, lead: LeadFeatures) -> LeadQualification:
        """Whether a lead is qualified, criterion by criterion.

        Args:
            lead: What is known of the lead.
        """
        answers = tuple(one.answer(lead) for one in self.criteria)
        return LeadQualification(
            lead_id=lead.lead_id,
            as_of=lead.as_of,
            qualified=self._verdict(answers),
            answers=answers,
            model=self.name,
        )

    def _verdict(self, answers: tuple[Answer, ...]) -> bool | None:
        """Yes, no, or None where what nobody knows decides."""
        least = len(answers) if self.at_least is None else self.at_least
        needed = [one.met for one in answers if one.name in self.required]
        met = sum(one.met is True for one in answers)
        if met >= least and all(needed):
            return True
        unknown = sum(one.met is None for one in answers)
        return None if met + unknown >= least and False not in needed else False


DEFAULT_QUALIFICATION = QualificationModel(
    name="need, budget, authority, timeline",
    criteria=[
        Criterion(name=name, signs=[Stated(name=f"criteria.{name}", values=["met"])])
        for name in ("need", "budget", "authority", "timeline")
    ],
)
"""What to begin with: all four, where the last qualification of the lead lists them."""


def qualify(
    leads: Mapping[LeadId, LeadFeatures] | Iterable[LeadFeatures],
    *,
    qualification: QualificationModel = DEFAULT_QUALIFICATION,
) -> Qualifications:
    """Which leads are qualified, by lead id; what is not stated is not known, and is no "no".

    Args:
        leads: What is known of them; :func:`lead_features` reads closed leads as they were before
            their outcome.
        qualification: When a lead is qualified.

    Raises:
        OptionError: When the model is none, or a lead is not told by its features.

    >>> from partnerleads.scoring import lead_features
    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 L1 captured by acme
    ...     2026-01-03 L1 lead_qualified criteria=need,budget,authority,timeline
    ...     2026-01-04 L2 captured by acme
    ...     2026-01-05 L2 lead_qualified criteria=need,budget
    ... ''')
    >>> print(qualify(lead_features(events, as_of=at("2026-02-01"))))
    1 of 2 leads qualified, 1 not known (need, budget, authority, timeline)
      criterion  met  not met  not known
      need         2        0          0
      budget       2        0          0
      authority    1        0          1
      timeline     1        0          1
    """
    given: object = qualification
    if not isinstance(given, QualificationModel):
        reason = "is no QualificationModel; DEFAULT_QUALIFICATION is one to begin with"
        raise OptionError("qualification", given, reason)
    known = [*(leads.values() if isinstance(leads, Mapping) else leads)]
    for lead in known:
        if not isinstance(lead, LeadFeatures):
            reason = "is no LeadFeatures; lead_features reads them from a history"
            raise OptionError("leads", type(lead).__name__, reason)
    return Qualifications(
        by_lead=FrozenMap({lead.lead_id: qualification.judge(lead) for lead in known}),
        model=qualification.name,
        criteria=tuple(one.name for one in qualification.criteria),
        fingerprint=qualification.fingerprint,
    )
