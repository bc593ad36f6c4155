"""The scores of leads, as a result."""

from __future__ import annotations

from attrs import frozen

from partnerleads.model import FrozenMap, LeadId
from partnerleads.model.by_id import ById
from partnerleads.model.cautions import cautions_told
from partnerleads.model.figure import counted
from partnerleads.model.moments import moment_text
from partnerleads.scoring.lead_score import LeadScore
from partnerleads.scoring.reasons import main_reason
from partnerleads.showing import SHOWN, Shown

__all__ = ["ScoredLeads"]


@frozen(repr=False, eq=False)
class ScoredLeads(Shown, ById[LeadId, LeadScore]):
    """The scores of leads, by lead id.

    Attributes:
        by_lead: The scores, by id.
    """

    by_lead: FrozenMap[LeadId, LeadScore]
    _right = frozenset({1})
    _most = SHOWN
    _held = "by_lead"

    @property
    def ranked(self) -> tuple[LeadScore, ...]:
        """The scores, highest first; equals by id."""
        return tuple(sorted(self.by_lead.values(), key=lambda one: (-one.score, one.lead_id)))

    def to_dicts(self) -> list[dict[str, object]]:
        """All scores as flat rows, highest first: a row for each reason."""
        return [row for one in self.ranked for row in one.to_dicts()]

    def _head(self) -> str:
        if not self:
            return "no leads"
        scorers = ", ".join(sorted({one.scorer for one in self.by_lead.values()}))
        as_of = max(one.as_of for one in self.by_lead.values())
        return f"{counted(len(self), 'lead')} by {scorers} (as of {moment_text(as_of)})"

    def _titles(self) -> tuple[str, ...]:
        return "lead", "score", "because"

    def _rows(self) -> list[tuple[str, ...]]:
        return [(one.lead_id, one.value_text(), main_reason(one)) for one in self.ranked]

    def _notes(self) -> list[str]:
        return cautions_told({name: one.warnings for name, one in self.items()}, "lead")
