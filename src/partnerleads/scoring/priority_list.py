"""The open leads in the order in which to work them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import overload

from attrs import field, frozen

from partnerleads.attribution.digits import in_digits
from partnerleads.model import Caution, FrozenMap, LeadId, RecipientId
from partnerleads.model.figure import counted, left_out_words, number
from partnerleads.model.moments import moment_text
from partnerleads.scoring.lead_score import LeadScore
from partnerleads.scoring.reasons import main_reason
from partnerleads.showing import SHOWN, Shown

__all__ = ["Priorities", "Priority"]

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)


@frozen(kw_only=True)
class Priority:
    """One open lead in its place.

    Attributes:
        place: Its place, from 1.
        scored: Its score, with the reasons.
        grade: The grade that the score reaches; None below all.
        captured_at: When it was captured. [aware datetime]
        age: Time since then, all hours. [span of time]
        holder: Who holds it.
        done_at: When the step was taken that the limit asks for; None where it was not. [aware
            datetime]
        sla_left: What is left of the limit, below 0 when it is over; None where the step was taken,
            and without a limit. [span of time]
    """

    place: int
    scored: LeadScore
    grade: str | None
    captured_at: datetime
    age: timedelta
    holder: RecipientId | None
    done_at: datetime | None
    sla_left: timedelta | None

    @property
    def lead_id(self) -> LeadId:
        """The lead."""
        return self.scored.lead_id

    @property
    def score(self) -> float:
        """Its score. [points, 0..100]"""
        return self.scored.score

    @property
    def overdue(self) -> bool:
        """Whether the limit is over and the step not taken."""
        return self.sla_left is not None and self.sla_left < timedelta(0)

    @property
    def because(self) -> str:
        """The reason of the lead that adds most, the first of equals; empty where none adds."""
        return main_reason(self.scored)


def _listed(listed: Iterable[Priority]) -> tuple[Priority, ...]:
    return tuple(listed)


@frozen(kw_only=True, repr=False)
class Priorities(Shown, Sequence[Priority]):
    """Open leads, the highest score first, then the oldest, then by id.

    Attributes:
        listed: The leads.
        as_of: The moment. [aware datetime]
        sla: The time from the capture by which the step must be taken; None sets no limit.
        sla_until: The step.
        left_out_because: Leads that are not listed, by reason. [counts]
        warnings: What to beware of.
    """

    listed: tuple[Priority, ...] = field(converter=_listed)
    as_of: datetime
    sla: timedelta | None
    sla_until: str
    left_out_because: FrozenMap[str, int]
    warnings: tuple[Caution, ...] = ()
    _right = frozenset({0, 3})
    _most = SHOWN

    def __len__(self) -> int:
        return len(self.listed)

    @overload
    def __getitem__(self, place: int) -> Priority: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Priority, ...]: ...

    def __getitem__(self, place: int | slice) -> Priority | tuple[Priority, ...]:
        return self.listed[place]

    @property
    def overdue(self) -> tuple[Priority, ...]:
        """Those of which the limit is over and the step not taken, in the same order."""
        return tuple(one for one in self.listed if one.overdue)

    def to_dicts(self) -> list[dict[str, object]]:
        """The list as flat rows."""
        return [
            {
                "place": one.place,
                "lead_id": one.lead_id,
                "grade": one.grade,
                "score": one.score,
                "probability": one.scored.probability,
                "captured_at": one.captured_at,
                "age_days": one.age / _DAY,
                "holder": one.holder,
                "done_at": one.done_at,
                "sla_left_hours": None if one.sla_left is None else one.sla_left / _HOUR,
                "because": one.because,
                "scorer": one.scored.scorer,
                "fingerprint": one.scored.fingerprint,
                "scored_as_of": one.scored.as_of,
                "as_of": self.as_of,
            }
            for one in self.listed
        ]

    def _sla_text(self, one: Priority) -> str:
        if self.sla is None:
            return ""
        if one.sla_left is None:
            return self.sla_until
        hours = number(abs(one.sla_left / _HOUR))
        return f"late by {hours} hours" if one.overdue else f"{hours} hours left"

    def _titles(self) -> tuple[str, ...]:
        return "", "lead", "grade", "score", "age", "limit", "because"

    def _rows(self) -> list[tuple[str, ...]]:
        return [
            (
                f"{one.place}",
                one.lead_id,
                one.grade or "-",
                f"{in_digits(one.score, 1)}",
                f"{number(one.age / _DAY)} days old",
                self._sla_text(one),
                one.because,
            )
            for one in self.listed
        ]

    def _head(self) -> str:
        leads = counted(len(self), "open lead")
        return f"{leads} by score (as of {moment_text(self.as_of)})"

    def _notes(self) -> list[str]:
        late = len(self.overdue)
        words = f"{counted(late, 'lead')} late, not {self.sla_until} within the limit"
        notes = [words] if late else []
        notes += [left_out_words(n, why) for why, n in self.left_out_because.items()]
        return [*notes, *map(str, self.warnings)]
