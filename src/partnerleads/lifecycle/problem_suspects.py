"""The problems of many leads, of which almost all have none.

Looking at every lead by every rule costs about as much as the fold. So the rules first name the
leads that could break them: by the kinds of their events, of which there are few different
orders, or by a pass over the fields of all leads. Only those are looked at one by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import compress, count

from partnerleads.events import KINDS, LeadCaptured
from partnerleads.lifecycle.kind_columns import KindColumns
from partnerleads.lifecycle.problem_kinds import AFTER_CAPTURE, CLOSES, WORK, Kinds, ranks
from partnerleads.lifecycle.problem_rules import LEAD_RULES, problems_of
from partnerleads.model import LeadId, Problem

__all__ = ["problems_among"]

_BY_SHAPE = [rule for rule in LEAD_RULES if rule.among is None]

_NAMED = {LeadCaptured, *AFTER_CAPTURE}
_UNNAMED = bytes(kind.rank for kind in KINDS.values() if kind not in _NAMED)
"""Kinds whose place tells none of these rules anything."""

_SINGLED_OUT = {kind for rule in _BY_SHAPE for kind in rule.concerns}
_SAME_WORK: Kinds = tuple(kind for kind in WORK if kind not in _SINGLED_OUT)
_ALIKE = bytes.maketrans(
    ranks((*_SAME_WORK, *CLOSES)),
    ranks((*(_SAME_WORK[0] for _ in _SAME_WORK), *(CLOSES[0] for _ in CLOSES))),
)
"""Kinds that these rules do not tell apart become one."""


def problems_among(log: KindColumns) -> Iterator[Problem]:
    """Every problem of each lead's own history, by lead id and in the order of the rules.

    Args:
        log: The leads.
    """
    shapes = log.shapes(_ALIKE, _UNNAMED)
    by_shape = {shape: _breakable(shape) for shape in set(shapes)}
    suspects: dict[LeadId, set[str]] = defaultdict(set)
    for place in compress(count(), map(by_shape.__getitem__, shapes)):
        suspects[log.leads[place].lead_id] |= by_shape[shapes[place]]
    for rule in LEAD_RULES:
        for lead_id in rule.among(log) if rule.among else ():
            suspects[lead_id].add(rule.name)
    for lead in log.among(suspects):
        names = suspects[lead.lead_id]
        yield from problems_of(lead, (rule for rule in LEAD_RULES if rule.name in names))


def _breakable(shape: bytes) -> frozenset[str]:
    """The rules that histories of this shape may break, as far as the shape tells."""
    return frozenset(rule.name for rule in _BY_SHAPE if rule.is_worth_while(shape))
