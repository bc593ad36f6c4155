"""Which open leads to follow up first, and how far their scores held: a part of a review."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from attrs import frozen

from partnerleads.kpis import History
from partnerleads.kpis.measuring.rows import RowHistory
from partnerleads.lifecycle import Lifecycles
from partnerleads.model import LeadId
from partnerleads.showing import spaced

if TYPE_CHECKING:
    from partnerleads.scoring import Calibration, LeadScorer, Priorities

__all__ = ["LeadScores", "lead_score_lines", "lead_scores"]

MOST_LEADS = 10
"""How many leads are shown; the JSON of a review has all of them. [count]"""

MOST_OUTCOMES = 2000
"""How many leads the scores are held against: those decided last. [count]"""

READ_AFTER = timedelta(days=30)
"""How old a lead is when its score is read that is held against its outcome."""

_FOLD = "they read every event of a lead; fold the events"


@frozen(kw_only=True)
class LeadScores:
    """The scores of open leads, and what those of decided leads foretold.

    Attributes:
        priorities: The open leads, highest score first; None where undefined.
        calibration: Scores of decided leads, as they were 30 days after the capture, against their
            outcomes; None where none was on record then, and decided later.
        undefined_because: Why there are none; None where there are.
    """

    priorities: Priorities | None = None
    calibration: Calibration | None = None
    undefined_because: str | None = None


def lead_scores(history: History, *, scorer: LeadScorer | None = None) -> LeadScores:
    """Score the open leads of a history, and hold the scorer against outcomes.

    Args:
        history: Lifecycles; other engines have no scores of leads.
        scorer: What scores them; None takes the bundled rules. One that learned from these very
            leads is held against what it knows.
    """
    from partnerleads import scoring  # noqa: PLC0415 - loaded with the first review

    if not isinstance(history, RowHistory):
        return LeadScores(undefined_because=_FOLD)
    lives = history.lives
    chosen: LeadScorer = scoring.DEFAULT_RULES if scorer is None else scorer
    opened = {lead.lead_id for lead in lives.population if lead.closed is None}
    # the lifecycles hold what the review knows; an open lead has no outcome to be seen too early
    features = scoring.lead_features(lives.only(opened), as_recorded=False)
    scores = scoring.score_leads(features, scorer=chosen)
    examples = scoring.training_examples(lives.only(_decided_last(lives)), read_after=READ_AFTER)
    return LeadScores(
        priorities=scoring.priorities(scores, history=lives),
        calibration=scoring.calibration(
            [chosen.score(one.features) for one in examples], [one.won for one in examples]
        )
        if examples
        else None,
    )


def _decided_last(lives: Lifecycles) -> frozenset[LeadId]:
    closes = [
        (lead.closed.occurred_at, lead.lead_id)
        for lead in lives.population
        if lead.closed is not None
    ]
    return frozenset(lead_id for _, lead_id in sorted(closes)[-MOST_OUTCOMES:])


def lead_score_lines(found: LeadScores) -> Iterator[str]:
    """The leads to follow up first, as lines of text, and how far such scores held.

    Args:
        found: The scores.
    """
    if found.priorities is None:
        yield f"Leads to follow up first: none, since {found.undefined_because}"
        return
    if not found.priorities:
        yield "Leads to follow up first: none, since none is open"
        if found.calibration is not None:
            yield f"  {_held(found.calibration)}"
        return
    first, *_ = found.priorities
    number = spaced(len(found.priorities))
    yield f"Leads to follow up first, by {first.scored.scorer}, of {number} open"
    yield from str(found.priorities).split("\n")[1 : 1 + min(MOST_LEADS, len(found.priorities))]
    yield f"  {_held(found.calibration)}"


def _held(found: Calibration | None) -> str:
    days = READ_AFTER.days
    if found is None:
        when = f"{days} days after its capture"
        return f"no lead was on record {when} and decided later, so nobody knows yet"
    seen = f"such scores at {days} days, held against {spaced(found.n, 'outcome')}"
    auc, lift = found.auc, found.top.lift
    if auc is None or lift is None or found.verdict == "too little data":
        return f"{seen}: {found.verdict}, {'; '.join(found.reasons)}"
    power = f"AUC {auc:.2f}, the top tenth won {lift:.2f} times as often as all"
    return f"{seen}: {power}; read as chances: {found.verdict}"
