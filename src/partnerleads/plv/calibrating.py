"""How well a score foretold what partners won, and weights that would have done better."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from math import fsum

from partnerleads.attribution import AttributionPolicy
from partnerleads.errors import OptionError
from partnerleads.events import Event
from partnerleads.kpis.measuring.tally import Rates
from partnerleads.lifecycle import Lifecycles, fold
from partnerleads.lifecycle.folding import DEFAULT_POLICY
from partnerleads.model import Caution, FrozenMap, instant
from partnerleads.model.figure import counted
from partnerleads.model.options import check_choice, check_flags
from partnerleads.plv.model import DEFAULT_MODEL, PlvModel
from partnerleads.plv.ranks import ranks_of, spearman, top_lift
from partnerleads.plv.record import CREDITS, Credit, PartnerRecord, check_one_currency, records_of
from partnerleads.plv.reweighing import reweighed
from partnerleads.plv.score import PlvScore
from partnerleads.plv.score_check import Outcome, ScoreCheck
from partnerleads.plv.scoring import plv_scores
from partnerleads.plv.weight_fit import fitted_weights
from partnerleads.plv.windows import sum_of

__all__ = ["FEW_PARTNERS", "check_score"]

FEW_PARTNERS = 30
"""Suggested weights of fewer partners come with a warning. [count]"""


def check_score(
    events: Iterable[Event],
    *,
    as_of: datetime,
    until: datetime,
    model: PlvModel = DEFAULT_MODEL,
    credit: Credit = "sourced",
    known_then: bool = True,
    pull: float = 1.0,
    policy: AttributionPolicy = DEFAULT_POLICY,
    rates: Rates | None = None,
    confidence: float = 0.95,
) -> ScoreCheck:
    """How well scores of an earlier moment ordered partners by what they won afterwards.

    Partners with a score at the earlier moment are looked at, also those that won nothing since.
    What they won is the net value, as of the later moment, of the deals won between the two, later
    than the one and not later than the other.

    The suggested weights are least squares of the ranks of what was won on the shares of the
    criteria, without negative weights and with the same sum, drawn towards the weights of the
    model. A share that is not known is taken as the mean of those that are. They are a suggestion
    from the past of a few partners and are never applied by themselves.

    Args:
        events: The events, which are read twice.
        as_of: The earlier moment. [aware datetime]
        until: The later moment. [aware datetime]
        model: How to score.
        credit: Whose wins count as an outcome.
        known_then: Score with what was recorded by the earlier moment alone, so that nothing
            learned later tells on it; without, with all that is known now, for histories that
            were recorded in bulk.
        pull: How strongly the weights are drawn to those of the model: their squared distance
            from these, times so much, is added to the squares. [> 0]
        policy: The rules of attribution.
        rates: Rates to convert money with; a function of (from, to, day).
        confidence: Of the interval. [0..1, exclusive]

    Raises:
        OptionError: When the events can be read only once, *until* is not later than *as_of*, or
            an option is none.
        MixedCurrencyError: When deals are in several currencies and the model names none.

    Source:
        DOMAIN 5; rank correlation of Spearman 1904 with the interval of Bonett and Wright 2000.

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-01 acme onboarded
    ...     2026-01-02 acme training basics
    ...     2026-01-01 beta onboarded
    ...     2026-05-01 L1   captured by acme
    ...     2026-06-01 L1   won 5000 EUR
    ... ''')
    >>> check = check_score(events, as_of=at("2026-02-01"), until=at("2026-12-31"))
    >>> [(one.partner_id, one.won) for one in check.outcomes], check.top_quarter_lift
    ([('acme', 5000.0), ('beta', 0.0)], 2.0)
    """
    check_choice("credit", credit, CREDITS)
    check_flags(known_then=known_then)
    if isinstance(events, Iterator | Lifecycles) or not isinstance(events, Iterable):
        reason = "is read at two moments; pass a list of events"
        raise OptionError("events", type(events).__name__, reason)
    start, end = instant(as_of, "as_of"), instant(until, "until")
    if end <= start:
        raise OptionError("until", until, "must be later than as_of")
    if not pull > 0:
        raise OptionError("pull", pull, "must be above 0")
    known_at = start if known_then else None
    then = fold(events, as_of=start, known_at=known_at, policy=policy)
    scores = plv_scores(then, model=model, rates=rates)
    lives = fold(events, as_of=end, policy=policy)
    records = records_of(lives, currency=model.currency, rates=rates)
    check_one_currency(records.values())
    scored = [one for one in scores.ranked if one.value is not None]
    outcomes = tuple(_outcome(one, records.get(one.partner_id), start, credit) for one in scored)
    won = [one.won for one in outcomes]
    weights = model.weights
    suggested = _suggested(scored, won, model, pull)
    other = reweighed(model, suggested, name="suggested")
    sums = [other.weigh(one.shares).value or 0.0 for one in scored]
    return ScoreCheck(
        rank_correlation=spearman([one.score for one in outcomes], won, confidence=confidence),
        top_quarter_lift=top_lift([one.score for one in outcomes], won),
        outcomes=outcomes,
        unscored=len(scores) - len(scored),
        weights=FrozenMap(weights),
        suggested=FrozenMap(suggested),
        suggested_rank_correlation=spearman(sums, won, confidence=confidence),
        model=model,
        as_of=start,
        until=end,
        warnings=tuple(_cautions(outcomes, len(scores) - len(scored))),
    )


def _outcome(
    score: PlvScore, record: PartnerRecord | None, start: datetime, credit: Credit
) -> Outcome:
    """What a partner won after a moment."""
    won = [
        lead
        for lead in (() if record is None else record.credited(credit))
        if lead.status == "won" and lead.closed_at is not None and lead.closed_at > start
    ]
    return Outcome(
        partner_id=score.partner_id,
        score=score.value or 0.0,
        won=sum_of([lead.value for lead in won if lead.value is not None]),
        deals=sum(not lead.paid_back for lead in won),
        without_value=sum(lead.value is None for lead in won),
    )


def _suggested(
    scores: list[PlvScore], won: list[float], model: PlvModel, pull: float
) -> dict[str, float]:
    """The weights of least squares; the model's own where all won the same."""
    weights = model.weights
    if len(set(won)) < 2:
        return weights
    names = list(weights)
    columns = [[one.shares[name] for one in scores] for name in names]
    full = [_filled(column) for column in columns]
    ranks = ranks_of(won)
    aims = [(rank - 1) / (len(ranks) - 1) for rank in ranks]
    rows = list(zip(*full, strict=True))
    found = fitted_weights(rows, aims, start=list(weights.values()), pull=pull)
    return dict(zip(names, found, strict=True))


def _filled(column: list[float | None]) -> list[float]:
    """The column with the mean of the known in place of what is not known."""
    known = [one for one in column if one is not None]
    mean = fsum(known) / len(known) if known else 0.0
    return [mean if one is None else one for one in column]


def _cautions(outcomes: tuple[Outcome, ...], unscored: int) -> Iterator[Caution]:
    n = len(outcomes)
    if n < FEW_PARTNERS:
        few = f"few: {counted(n, 'partner')}, fewer than {FEW_PARTNERS}"
        words = f"{few}; the suggested weights are noise"
        yield Caution("few", words)
    if unvalued := sum(one.without_value for one in outcomes):
        yield Caution("without_value", f"deals that state no value, and so count 0: {unvalued}")
    if unscored:
        yield Caution("unscored", f"left out, since they had no score: {unscored}")
