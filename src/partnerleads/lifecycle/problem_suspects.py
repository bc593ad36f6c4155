"""The problems of many leads, of which almost all have none.

Looking at every lead by every rule costs about as much as the fold. So the rules first name the
leads that could break them: by the kinds of their events, of which there are few different
orders, or by a pass over the fields of all leads. Only those are looked at one by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import compress, count

from partnerleads.events import KINDS, LeadCaptured
from partnerleads.lifecycle.kind_columns import KindColumns
from partnerleads.lifecycle.lead_lifecycle import LeadLifecycle
from partnerleads.lifecycle.problem_kinds import AFTER_CAPTURE, CLOSES, WORK, Kinds, ranks
from partnerleads.lifecycle.problem_rules import LEAD_RULES, problems_of
from partnerleads.model import LeadId, Problem

__all__ = ["problems_among"]

_PART = 512
"""Leads whose events, looked at by one rule, are still near in memory for the next."""

_BY_SHAPE = [rule for rule in LEAD_RULES if rule.among is None]
_BY_FIELDS = [(rule.name, rule.among) for rule in LEAD_RULES if rule.among is not None]

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


def problems_among(leads: Mapping[LeadId, LeadLifecycle]) -> Iterator[Problem]:
    """Every problem of each lead's own history, by lead id and in the order of the rules.

    Args:
        leads: The leads.
    """
    suspects = _suspects(tuple(leads.values()))
    for lead_id in sorted(suspects):
        names = suspects[lead_id]
        yield from problems_of(leads[lead_id], (rule for rule in LEAD_RULES if rule.name in names))


def _suspects(leads: Sequence[LeadLifecycle]) -> dict[LeadId, set[str]]:
    """The leads that could break rules, and the names of these rules."""
    breakable = _Breakable()
    suspects: dict[LeadId, set[str]] = defaultdict(set)
    for start in range(0, len(leads), _PART):
        log = KindColumns(leads[start : start + _PART])
        shapes = log.shapes(_ALIKE, _UNNAMED)
        for place in compress(count(), map(breakable.__getitem__, shapes)):
            suspects[log.leads[place].lead_id] |= breakable[shapes[place]]
        for name, among in _BY_FIELDS:
            for lead_id in among(log):
                suspects[lead_id].add(name)
    return suspects


class _Breakable(dict[bytes, frozenset[str]]):
    """The rules that histories of a shape may break, as far as the shape tells, by shape."""

    def __missing__(self, shape: bytes) -> frozenset[str]:
        self[shape] = rules = frozenset(r.name for r in _BY_SHAPE if r.is_worth_while(shape))
        return rules
