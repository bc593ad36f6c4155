"""Which open leads to work first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Literal

from partnerleads.errors import OptionError
from partnerleads.events import Event
from partnerleads.lifecycle import LeadLifecycle, Lifecycles
from partnerleads.model import Caution, LeadId, WorkingHours
from partnerleads.model.figure import counted, frozen_counts
from partnerleads.model.moments import moment_text
from partnerleads.model.options import check_choice, check_hours, check_span
from partnerleads.scoring.grades import DEFAULT_GRADES, Grade, checked_grades, grade_of
from partnerleads.scoring.lead_score import LeadScore
from partnerleads.scoring.priority_list import Priorities, Priority
from partnerleads.scoring.remembering import lifecycles_of

__all__ = ["priorities"]

_UNTIL = ("responded", "accepted", "assigned", "progressed")


def priorities(
    scores: Mapping[LeadId, LeadScore] | Iterable[LeadScore],
    *,
    history: Iterable[Event] | Lifecycles,
    as_of: datetime | None = None,
    sla: timedelta | None = None,
    sla_until: Literal["responded", "accepted", "assigned", "progressed"] = "responded",
    working_hours: WorkingHours | None = None,
    grades: Iterable[Grade] = DEFAULT_GRADES,
) -> Priorities:
    """The open leads, the highest score first, then the oldest, then by id.

    Args:
        scores: The scores.
        history: Events, or the lifecycles made of them; they tell which leads are open.
        as_of: The moment; needed with events. [aware datetime]
        sla: The time from the capture by which the step must be taken; None sets no limit.
        sla_until: The step: the first qualified response, acceptance, assignment or progress.
        working_hours: Count working time only towards the limit; None counts all time.
        grades: Names for ranges of scores, from the least up.

    Returns:
        The list. Scores of closed and of unknown leads are left out, and so are open leads without
        a score; it tells how many.

    Raises:
        AsOfError: When the moment is missing with events, or is not that of the lifecycles.
        OptionError: When a score is of a later moment, a lead has two, or an option is none.

    >>> from partnerleads.scoring import DEFAULT_RULES, lead_features, score_leads
    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 L1 captured company_size=80
    ...     2026-01-03 L2 captured company_size=800
    ...     2026-01-03 L2 responded
    ...     2026-01-04 L3 captured
    ...     2026-01-04 L3 lost
    ... ''')
    >>> now = at("2026-01-05")
    >>> scores = score_leads(lead_features(events, as_of=now), scorer=DEFAULT_RULES)
    >>> print(priorities(scores, history=events, as_of=now, sla=timedelta(days=2)))
    2 open leads by score (as of 2026-01-05 00:00 UTC)
      1  L2  D  10.0  2.0 days old  responded           company_size 800 +10.0
      2  L1  D   0.0  3.0 days old  late by 24.0 hours  company_size 80 +10.0
      note: 1 lead late, not responded within the limit
    """
    check_choice("sla_until", sla_until, _UNTIL)
    check_span("sla", sla)
    check_hours(None, None, working_hours)
    if working_hours is not None and sla is None:
        raise OptionError("working_hours", working_hours, "goes with sla, the limit they count to")
    levels = checked_grades(grades)
    lives = lifecycles_of(history, as_of=as_of)
    known = _by_lead(scores, lives.as_of)
    opened = {lead.lead_id: lead for lead in lives.population if lead.closed is None}
    clock = _Clock(lives.as_of, sla, sla_until, working_hours)
    rows = [(known[name], lead) for name, lead in opened.items() if name in known]
    rows.sort(key=lambda row: (-row[0].score, clock.captured_at(row[1]), row[0].lead_id))
    listed = [
        clock.priority(place, score, lead, grade_of(score.score, grades=levels))
        for place, (score, lead) in enumerate(rows, start=1)
    ]
    return Priorities(
        listed=listed,
        as_of=lives.as_of,
        sla=sla,
        sla_until=sla_until,
        left_out_because=frozen_counts(_left_out(known, opened, lives)),
        warnings=_warnings([score for score, _ in rows], lives.as_of),
    )


def _by_lead(
    scores: Mapping[LeadId, LeadScore] | Iterable[LeadScore], as_of: datetime
) -> dict[LeadId, LeadScore]:
    known: dict[LeadId, LeadScore] = {}
    for score in scores.values() if isinstance(scores, Mapping) else scores:
        if not isinstance(score, LeadScore):
            raise OptionError("scores", score, "is no LeadScore; score_leads gives them")
        if score.lead_id in known:
            raise OptionError("scores", score.lead_id, "has two scores; pass one of each lead")
        if score.as_of > as_of:
            moment = score.as_of.isoformat()
            reason = f"was scored as of {moment}, later than {as_of.isoformat()}"
            raise OptionError("scores", score.lead_id, reason)
        known[score.lead_id] = score
    return known


def _left_out(
    known: Mapping[LeadId, LeadScore], opened: Mapping[LeadId, LeadLifecycle], lives: Lifecycles
) -> Counter[str]:
    closed = {lead.lead_id for lead in lives.population} - opened.keys()
    return Counter(
        {
            "closed": len(closed & known.keys()),
            "not captured": len(known.keys() - opened.keys() - closed),
            "open, without a score": len(opened.keys() - known.keys()),
        }
    )


def _warnings(scores: list[LeadScore], as_of: datetime) -> tuple[Caution, ...]:
    found: list[Caution] = []
    if len({one.fingerprint for one in scores}) > 1:
        words = "the scores are of scorers that are set differently, and do not compare"
        found.append(Caution("several_scorers", words))
    old = [one.as_of for one in scores if one.as_of != as_of]
    if old:
        earlier = f"{counted(len(old), 'score')} of an earlier moment"
        found.append(Caution("earlier_scores", f"{earlier}, the oldest {moment_text(min(old))}"))
    shared = dict.fromkeys(warning for one in scores for warning in one.warnings)
    return (*found, *shared)


class _Clock:
    """How old leads are, and how much of a limit is left."""

    def __init__(
        self, as_of: datetime, sla: timedelta | None, until: str, hours: WorkingHours | None
    ) -> None:
        self._as_of = as_of
        self._sla = sla
        self._until = until
        self._hours = hours

    def captured_at(self, lead: LeadLifecycle) -> datetime:
        """When a lead was captured, as all of a population were."""
        return lead.captured.occurred_at  # type: ignore[union-attr]

    def priority(
        self, place: int, score: LeadScore, lead: LeadLifecycle, grade: str | None
    ) -> Priority:
        """A lead in its place."""
        captured_at, step = self.captured_at(lead), getattr(lead, self._until)
        left = None
        if self._sla is not None and step is None:
            between = self._hours.between if self._hours else lambda start, end: end - start
            left = self._sla - between(captured_at, self._as_of)
        return Priority(
            place=place,
            scored=score,
            grade=grade,
            captured_at=captured_at,
            age=self._as_of - captured_at,
            holder=lead.holder,
            done_at=None if step is None else step.occurred_at,
            sla_left=left,
        )
