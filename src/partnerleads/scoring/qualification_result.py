"""What is known of the criteria that leads must meet, as results that print."""

from __future__ import annotations

from datetime import datetime

from attrs import frozen

from partnerleads.events import LeadQualified
from partnerleads.model import FrozenMap, LeadId
from partnerleads.model.by_id import ById
from partnerleads.model.figure import counted
from partnerleads.model.moments import moment_text
from partnerleads.showing import Shown

__all__ = ["Answer", "LeadQualification", "Qualifications"]

_WORDS = {True: "met", False: "not met", None: "not known"}
_VERDICTS = {True: "qualified", False: "not qualified", None: "not known to be qualified"}


@frozen(kw_only=True)
class Answer:
    """Whether a lead meets one criterion.

    Attributes:
        name: The criterion.
        met: True or False; None where nothing is known.
        seen: What was seen; None where nothing is known.
    """

    name: str
    met: bool | None
    seen: str | None = None


@frozen(kw_only=True, repr=False)
class LeadQualification(Shown):
    """Whether one lead is qualified, criterion by criterion.

    Attributes:
        lead_id: The lead.
        as_of: The moment it was read at. [aware datetime]
        qualified: True or False; None where what is not known decides.
        answers: Every criterion, in the order of the model.
        model: What judged it.
    """

    lead_id: LeadId
    as_of: datetime
    qualified: bool | None
    answers: tuple[Answer, ...]
    model: str

    @property
    def met(self) -> tuple[str, ...]:
        """The criteria that it meets."""
        return self._named(met=True)

    @property
    def not_met(self) -> tuple[str, ...]:
        """The criteria that it is known not to meet."""
        return self._named(met=False)

    @property
    def not_known(self) -> tuple[str, ...]:
        """The criteria of which nothing is known."""
        return self._named(met=None)

    def _named(self, *, met: bool | None) -> tuple[str, ...]:
        return tuple(one.name for one in self.answers if one.met is met)

    def _head(self) -> str:
        of = counted(len(self.answers), "criterion").replace("criterions", "criteria")
        when = f"{self.model}, as of {moment_text(self.as_of)}"
        return f"{self.lead_id} {_VERDICTS[self.qualified]}: {len(self.met)} of {of} met ({when})"

    def _titles(self) -> tuple[str, ...]:
        return "criterion", "", "seen"

    def _rows(self) -> list[tuple[str, ...]]:
        return [(one.name, _WORDS[one.met], one.seen or "") for one in self.answers]


@frozen(kw_only=True, repr=False)
class Qualifications(Shown, ById[LeadId, LeadQualification]):
    """Which leads are qualified, by lead id.

    Attributes:
        by_lead: Each lead with its criteria.
        model: What judged them.
        criteria: The names of its criteria.
        fingerprint: Of the model, twelve hexadecimal digits.
    """

    by_lead: FrozenMap[LeadId, LeadQualification]
    model: str
    criteria: tuple[str, ...]
    fingerprint: str
    _right = range(1, 1 + len(_WORDS))
    _titled = True
    _held = "by_lead"

    @property
    def qualified(self) -> frozenset[LeadId]:
        """The leads that are qualified."""
        return frozenset(name for name, one in self.by_lead.items() if one.qualified)

    @property
    def not_known(self) -> frozenset[LeadId]:
        """The leads of which what is not known decides."""
        return frozenset(name for name, one in self.by_lead.items() if one.qualified is None)

    def to_events(self, *, source: str = "qualification") -> tuple[LeadQualified, ...]:
        """The verdicts as events, for whatever reads qualifications from a history.

        Each qualified lead has one, at the moment that it was read at, with the criteria it meets;
        so of a closed lead it comes before the outcome.

        Args:
            source: The system that they are of, apart from those of the history.
        """
        return tuple(
            LeadQualified(
                event_id=f"{self.fingerprint} {name}",
                lead_id=name,
                occurred_at=one.as_of,
                source=source,
                criteria=one.met,
                reason=f"{self.model} {self.fingerprint}",
            )
            for name, one in sorted(self.by_lead.items())
            if one.qualified
        )

    def to_dicts(self) -> list[dict[str, object]]:
        """Flat rows, one for each criterion of each lead."""
        return [
            {
                "lead_id": name,
                "qualified": one.qualified,
                "criterion": answer.name,
                "met": answer.met,
                "seen": answer.seen,
                "as_of": one.as_of,
                "model": self.model,
                "fingerprint": self.fingerprint,
            }
            for name, one in self.by_lead.items()
            for answer in one.answers
        ]

    def _head(self) -> str:
        leads = counted(len(self), "lead")
        unknown = f", {len(self.not_known)} not known" if self.not_known else ""
        return f"{len(self.qualified)} of {leads} qualified{unknown} ({self.model})"

    def _titles(self) -> tuple[str, ...]:
        return "criterion", *_WORDS.values()

    def _rows(self) -> list[tuple[str, ...]]:
        rows: list[tuple[str, ...]] = []
        for place, name in enumerate(self.criteria):
            answers = [one.answers[place].met for one in self.by_lead.values()]
            rows.append((name, *(f"{sum(one is met for one in answers)}" for met in _WORDS)))
        return rows
