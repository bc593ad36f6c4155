"""What another policy is worth, told from the choices of one that left them to chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import fsum, isfinite
from numbers import Real
from typing import Any, TypeGuard

from partnerleads.errors import OptionError
from partnerleads.model import Caution, LeadId, RecipientId
from partnerleads.model.figure import counted
from partnerleads.model.numbers import check_number
from partnerleads.model.options import check_flags
from partnerleads.routing.recipient import weight_of
from partnerleads.routing.replaying.past_choice import (
    OnRecord,
    PastChoice,
    Weights,
    past_choices,
    weighed,
)
from partnerleads.routing.replaying.policy_value import PolicyValue
from partnerleads.routing.turns import Turn
from partnerleads.stats import LoggedChoice, OffPolicy, PolicyEstimate, off_policy
from partnerleads.stats.off_policy import mean_estimate

__all__ = ["policy_value"]

_NEGLIGIBLE = 1e-9
_NAMED = 3
_ERRORS = 3.0
"""By how many standard errors the mean weight may miss 1; chance alone does so 3 times in 1000."""

_SHARED = Caution(
    "interference",
    "leads are taken to be independent; where recipients are full, what one lead gets another "
    "cannot, and the estimates do not see it",
)
_AS_IF = Caution(
    "as if random",
    "choices that left nothing to chance are taken as drawn by weight; they were not, and the "
    "estimates hold as far as the order of the leads was chance",
)

_UNDECIDED = "without a reward yet"
_QUICK = Caution(
    "undecided",
    "leads without a reward yet are left out, so that those decided quickly weigh more",
)


def policy_value(
    records: Iterable[OnRecord],
    *,
    target: Mapping[LeadId, Mapping[RecipientId, float]],
    rewards: Mapping[LeadId, float | None],
    expected: Mapping[LeadId, Mapping[RecipientId, float]] | None = None,
    weights: Weights | None = None,
    as_if_random: bool = False,
    minimum_effective_n: float = 30,
    confidence: float = 0.95,
) -> PolicyValue:
    """What a policy would have earned a lead, told from the choices of the one in force.

    Each lead counts by its first choice: the value is that of choosing by the policy first, and of
    going on as it was done. The record must have left to chance what the policy would do: where it
    might choose somebody who had no chance, nothing can be told of what would have come of it, and
    the answer is refused.

    Args:
        records: The choices on record: decisions, or ``lead_routed`` events.
        target: Of each lead, the chance that the policy gives to each recipient. [0..1 each]
        rewards: What came of each lead, such as 1 for a win and 0 for a loss; a lead without one,
            or with None, is left out.
        expected: Of each lead, the reward that a model expects with each recipient, for the doubly
            robust estimate. It must not have learned from the same leads.
        weights: Weight of each recipient, where a record does not say; 1 where it is not named.
        as_if_random: Whether a choice that left nothing to chance, or does not say, is taken as
            drawn by weight: ``w_i / sum of w`` over the eligible. For histories of a rotation.
        minimum_effective_n: The effective size below which the answer is refused. [leads]
        confidence: Chance that such an interval holds the true value. [0..1, exclusive]

    Raises:
        OptionError: When a record, a weight, a chance, a reward, the effective size or the
            confidence makes no sense.

    Source:
        See :func:`partnerleads.stats.off_policy`.
    """
    check_flags(as_if_random=as_if_random)
    check_number("minimum_effective_n", minimum_effective_n)
    wanted, models = _target(target), _numbers("expected", expected or {})
    earned = _rewards(rewards)
    drawn_by = {name: weight_of(weight) for name, weight in (weights or {}).items()}
    kept, left_out = _sorted_out(past_choices(records, weights=drawn_by), wanted, earned)
    chances = [_chances(one, drawn_by, as_if_random=as_if_random) for one in kept]
    made = off_policy(
        [
            _logged(one, known, wanted[one.lead_id], earned[one.lead_id], models.get(one.lead_id))
            for one, known in zip(kept, chances, strict=True)
            if one.chosen in known
        ],
        confidence=confidence,
    )
    reason = _record_refusal(kept, chances, wanted) or _size_refusal(made, minimum_effective_n)
    refused = None if reason is None else PolicyEstimate(undefined_because=reason)
    as_if = as_if_random and any(one.is_certain and len(one.eligible) > 1 for one in kept)
    return PolicyValue(
        n=len(kept),
        observed=mean_estimate([earned[one.lead_id] for one in kept], confidence=confidence),
        ips=refused or made.ips,
        snips=refused or made.snips,
        doubly_robust=refused or made.doubly_robust,
        modelled=_modelled([one.lead_id for one in kept], wanted, models),
        effective_n=made.effective_n,
        largest_weight=made.largest_weight,
        left_out_because=left_out,
        warnings=tuple(_cautions(made, left_out, told=reason is None, as_if=as_if)),
        undefined_because=reason,
    )


def _numbers(
    name: str, by_lead: Mapping[LeadId, Mapping[RecipientId, float]]
) -> dict[LeadId, dict[RecipientId, float]]:
    """The numbers of each lead and recipient as floats."""
    return {
        lead_id: {one: _number(name, value, lead_id) for one, value in known.items()}
        for lead_id, known in by_lead.items()
    }


def _number(name: str, value: Any, lead_id: LeadId) -> float:
    """A finite number of any kind, as a float."""
    if isinstance(value, Real | Decimal) and isfinite(value):
        return float(value)
    raise OptionError(name, {lead_id: value}, "must be finite numbers")


def _target(
    target: Mapping[LeadId, Mapping[RecipientId, float]],
) -> dict[LeadId, dict[RecipientId, float]]:
    """The chances of each lead, which cannot be more than one lead's."""
    wanted = _numbers("target", target)
    for lead_id, chances in wanted.items():
        if min(chances.values(), default=0) < 0 or fsum(chances.values()) > 1 + _NEGLIGIBLE:
            reason = "chances of a lead must be at least 0, and together 1"
            raise OptionError("target", {lead_id: chances}, reason)
    return wanted


def _rewards(rewards: Mapping[LeadId, float | None]) -> dict[LeadId, float]:
    """The rewards that are there; that of an open lead is none."""
    return {
        lead_id: _number("rewards", reward, lead_id)
        for lead_id, reward in rewards.items()
        if reward is not None
    }


def _sorted_out(
    choices: Iterable[PastChoice],
    target: Mapping[LeadId, Mapping[RecipientId, float]],
    rewards: Mapping[LeadId, float],
) -> tuple[list[PastChoice], Counter[str]]:
    """The first choice of each lead that can count, and why others cannot."""
    left_out: Counter[str] = Counter()
    kept = []
    firsts: dict[LeadId, PastChoice] = {}
    for choice in choices:
        firsts.setdefault(choice.lead_id, choice)
    for lead_id, choice in firsts.items():
        if choice.chosen is None:
            left_out["given to nobody"] += 1
        elif lead_id not in target:
            left_out["that the policy was not asked about"] += 1
        elif lead_id not in rewards:
            left_out[_UNDECIDED] += 1
        else:
            kept.append(choice)
    return kept, left_out


def _chances(
    choice: PastChoice, weights: Mapping[RecipientId, Fraction], *, as_if_random: bool
) -> dict[RecipientId, float]:
    """Chance of each who had one; empty where the record does not say."""
    if as_if_random and choice.is_certain:
        drawn = Turn(choice.turn.weights or weighed(choice.eligible, weights)).shares
        return {name: float(share) for name, share in drawn.items() if share}
    return {name: chance for name, chance in (choice.propensities or {}).items() if chance > 0}


def _without_chance(
    known: Mapping[RecipientId, float], wanted: Mapping[RecipientId, float]
) -> list[str]:
    """Whom the policy might choose, and who had no chance."""
    names = [name for name, chance in wanted.items() if chance > _NEGLIGIBLE and name not in known]
    return names if fsum(wanted.values()) > 1 - _NEGLIGIBLE else [*names, "nobody"]


def _logged(
    choice: PastChoice,
    known: Mapping[RecipientId, float],
    wanted: Mapping[RecipientId, float],
    reward: float,
    model: Mapping[RecipientId, float] | None,
) -> LoggedChoice:
    name = str(choice.chosen)
    return LoggedChoice(
        reward=reward,
        logging=known[name],
        target=wanted.get(name, 0.0),
        predicted=None if model is None else model.get(name),
        expected=_mean_by(wanted, model) if _knows(model, wanted) else None,
    )


def _knows(
    model: Mapping[RecipientId, float] | None, wanted: Mapping[RecipientId, float]
) -> TypeGuard[Mapping[RecipientId, float]]:
    """Whether a model knows all whom the policy might choose."""
    return model is not None and all(name in model for name in wanted if wanted[name])


def _mean_by(wanted: Mapping[RecipientId, float], model: Mapping[RecipientId, float]) -> float:
    return fsum(chance * model[name] for name, chance in wanted.items() if chance)


def _modelled(
    lead_ids: Sequence[LeadId],
    target: Mapping[LeadId, Mapping[RecipientId, float]],
    models: Mapping[LeadId, Mapping[RecipientId, float]],
) -> float | None:
    """What the model alone expects; None where it does not know somebody."""
    terms = [
        _mean_by(target[lead_id], models[lead_id])
        for lead_id in lead_ids
        if _knows(models.get(lead_id), target[lead_id])
    ]
    return fsum(terms) / len(terms) if terms and len(terms) == len(lead_ids) else None


def _record_refusal(
    kept: Sequence[PastChoice],
    chances: Sequence[Mapping[RecipientId, float]],
    target: Mapping[LeadId, Mapping[RecipientId, float]],
) -> str | None:
    """Why the chances on record cannot tell; None where they can."""
    if not kept:
        return "no lead has a choice and a reward"
    found = [*zip(kept, chances, strict=True)]
    outside = [
        f"{one.lead_id} ({', '.join(names)})"
        for one, known in found
        if (names := _without_chance(known, target[one.lead_id]))
    ]
    luckless = [f"{one.lead_id} ({one.chosen})" for one, known in found if one.chosen not in known]
    for leads, words in (
        (outside, "the policy might choose somebody who had no chance on record"),
        (luckless, "somebody was chosen who had no chance on record"),
    ):
        if leads:
            more = "" if len(leads) <= _NAMED else f" and {len(leads) - _NAMED} more"
            named = ", ".join(leads[:_NAMED])
            return f"in {len(leads)} of {counted(len(kept), 'lead')} {words}: {named}{more}"
    return None


def _size_refusal(made: OffPolicy, least: float) -> str | None:
    """Why there are too few choices to tell; None where there are enough."""
    if made.effective_n < least:
        size = f"the leads that it would have given alike are worth {made.effective_n:.1f}"
        return f"{size} of its own, and at least {least:g} are asked for"
    return None


def _cautions(
    made: OffPolicy, left_out: Mapping[str, int], *, told: bool, as_if: bool
) -> Iterator[Caution]:
    if told:
        yield _SHARED
    if as_if:
        yield _AS_IF
    if left_out[_UNDECIDED]:
        yield _QUICK
    mean, error = made.mean_weight.value, made.mean_weight.standard_error
    if told and mean is not None and error is not None and abs(mean - 1) > _ERRORS * error:
        words = f"weights are {mean:.2f} on average and should be 1: the chances on record are not"
        yield Caution(
            "untrue chances",
            f"{words} those by which leads were given, or the leads left out are unlike the others",
        )
