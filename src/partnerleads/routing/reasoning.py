"""A decision laid out: every recipient, every rule, and what would have to change."""

from __future__ import annotations

from attrs import frozen

from partnerleads.errors import OptionError
from partnerleads.model import LeadId, RecipientId
from partnerleads.routing.checks import Check, checked
from partnerleads.routing.decision import Decision, Inputs
from partnerleads.routing.protocol import Number, Ranked
from partnerleads.routing.recipient import Recipient

__all__ = ["Case", "Reasoning", "reasoning_of", "short_text"]


@frozen(kw_only=True)
class Case:
    """One recipient before one lead.

    Attributes:
        recipient_id: The recipient.
        rules: What every rule and every wish answers.
        eligible: Whether it could have been chosen.
        place: Its place in the router's order; None where it has none. [count, from 1]
        ranked: Its score, part by part, at that place; None where it has none.
        changes: What would have to change for it to be chosen; none where it was.
    """

    recipient_id: RecipientId
    rules: tuple[Check, ...]
    eligible: bool
    place: int | None
    ranked: Ranked | None
    changes: tuple[str, ...]

    @property
    def failed(self) -> tuple[Check, ...]:
        """The rules and wishes that stop it."""
        return tuple(check for check in self.rules if not check.passed)


@frozen(kw_only=True)
class Reasoning:
    """Why a lead went where it went, and why nowhere else.

    Attributes:
        lead_id: The lead.
        headline: The decision in a sentence.
        notes: Rights, conflicts and wishes that gave way.
        cases: Everybody: the eligible in the router's order, then the others by id.
    """

    lead_id: LeadId
    headline: str
    notes: tuple[str, ...]
    cases: tuple[Case, ...]

    def case(self, recipient_id: RecipientId) -> Case:
        """One recipient's case.

        Raises:
            OptionError: When the pool has no such recipient.
        """
        for case in self.cases:
            if case.recipient_id == recipient_id:
                return case
        raise OptionError("recipient_id", recipient_id, "is not in the pool")

    def __str__(self) -> str:
        lines = [self.headline, *(f"  {note}" for note in self.notes)]
        for case in self.cases:
            place = "not eligible" if not case.eligible else f"place {case.place or 'none'}"
            lines.append(f"  {case.recipient_id}: {place}{_score(case.ranked)}")
            lines += [f"    {change}" for change in case.changes]
        return "\n".join(lines)


def number(value: Number) -> str:
    """A number of a score as a reader wants it."""
    return str(value) if not isinstance(value, float) else f"{value:.6g}"


def _score(ranked: Ranked | None) -> str:
    if ranked is None:
        return ""
    parts = " ".join(f"{name} {number(part)}" for name, part in ranked.parts.items())
    return f", score {number(ranked.score)} ({parts})"


def short_text(decision: Decision) -> str:
    """Who gets the lead, with what gave way; without the case of each recipient.

    Args:
        decision: The decision, with or without its inputs.
    """
    return "\n".join([_headline(decision), *(f"  {note}" for note in _notes(decision))])


def reasoning_of(decision: Decision, inputs: Inputs) -> Reasoning:
    """Lay a decision out.

    Args:
        decision: The decision.
        inputs: What it was made from.
    """
    pool = inputs.pool
    candidates = tuple(pool.by_id[name] for name in decision.eligible)
    ranking = {
        place.recipient_id: (number, place)
        for number, place in enumerate(_order(decision, inputs, candidates), 1)
    }
    cases = [_case(one, decision, inputs, ranking) for one in pool.recipients]
    last = len(pool.recipients) + 1
    cases.sort(key=lambda case: (not case.eligible, case.place or last))
    return Reasoning(
        lead_id=decision.lead.lead_id,
        headline=_headline(decision),
        notes=_notes(decision),
        cases=tuple(cases),
    )


def _order(
    decision: Decision, inputs: Inputs, candidates: tuple[Recipient, ...]
) -> tuple[Ranked, ...]:
    if not candidates:
        return ()
    return tuple(inputs.router.rank(decision.lead, candidates, inputs.context))


def _headline(decision: Decision) -> str:
    lead = decision.lead.lead_id
    if decision.chosen is None:
        return f"{lead} goes to nobody."
    said = f"{lead} goes to {decision.chosen} by {decision.router}"
    if decision.steered:
        said += f", as {' and '.join(decision.steered)} asks"
    chance = decision.propensities[decision.chosen]
    if chance < 1:
        return f"{said}, drawn with a chance of {chance:.3g}."
    if decision.margin is None:
        return f"{said}; no other was in its order."
    return f"{said}{_ahead(decision, decision.margin)}"


def _ahead(decision: Decision, margin: Number) -> str:
    """By what the chosen one stands before the next, in words."""
    if decision.ranked[0].step != decision.ranked[1].step:
        return f"; {decision.runner_up} is next, by a later router of the chain."
    if decision.tie_break is not None:
        return f", level with {decision.runner_up} and before it by {decision.tie_break}."
    if margin == 0:
        return f", level with {decision.runner_up} and named before it."
    return f", {number(margin)} before {decision.runner_up}."


def _notes(decision: Decision) -> tuple[str, ...]:
    reasons = getattr(decision.outcome, "reasons", ())
    conflicts = (f"conflict: {words}" for words in decision.conflicts)
    relaxed = (f"relaxed, as nobody meets it: {name}" for name in decision.relaxations)
    return (*reasons, *conflicts, *relaxed)


def _case(
    one: Recipient,
    decision: Decision,
    inputs: Inputs,
    ranking: dict[RecipientId, tuple[int, Ranked]],
) -> Case:
    lead, context, pool = decision.lead, inputs.context, inputs.pool
    checks = [checked(rule, one, lead, context) for rule in pool.rules]
    wishes = zip(pool.preferences, decision.levels, strict=False)  # none where nobody may
    checks += [wish.check(one, lead, context, level=made.level) for wish, made in wishes]
    place, ranked = ranking.get(one.recipient_id, (None, None))
    eligible = one.recipient_id in decision.propensities
    return Case(
        recipient_id=one.recipient_id,
        rules=tuple(checks),
        eligible=eligible,
        place=place,
        ranked=ranked,
        changes=_changes(one.recipient_id, decision, tuple(checks), ranked),
    )


def _changes(
    name: RecipientId, decision: Decision, checks: tuple[Check, ...], ranked: Ranked | None
) -> tuple[str, ...]:
    """What would have to change for a recipient to be chosen."""
    failed = tuple(
        f"{check.rule}: {check.observed}; needed is {check.required}"
        for check in checks
        if not check.passed
    )
    if failed or name == decision.chosen:
        return failed
    if ranked is None:
        return ("the router would have to name it",)
    best = decision.ranked[0]
    if decision.propensities.get(name, 0.0) > 0:
        chance = decision.propensities[name]
        return (f"the draw would have to fall on it; its chance was {chance:.3g}",)
    if ranked.step != best.step:
        return ("an earlier router of the chain would have to name it",)
    short = best.score - ranked.score
    if short > 0:
        return (f"its score would have to rise by more than {number(short)}",)
    return (f"its score would have to rise, or it must come before {decision.chosen} in the ties",)
