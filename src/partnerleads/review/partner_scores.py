"""Where partners stand by their scores: the part of a review that ranks them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from attrs import frozen

from partnerleads.errors import MixedCurrencyError
from partnerleads.kpis import History, Rates
from partnerleads.kpis.measuring.rows import RowHistory

if TYPE_CHECKING:
    from partnerleads.plv import PlvModel, PlvScores, RankingScores

__all__ = ["PartnerScores", "partner_score_lines", "partner_scores"]

MOST_PARTNERS = 10
"""How many partners of each end are shown. [count]"""

_HEAD = "Partners by ranking score"

_FOLD = "they read every event of a partner; fold the events"


@frozen(kw_only=True)
class PartnerScores:
    """The scores of all partners.

    Attributes:
        scores: The composite scores; None where undefined.
        ranking: The scores by which partners are ranked, which lean on the potential where there
            is little record; None where undefined.
        undefined_because: Why there are none; None where there are.
    """

    scores: PlvScores | None = None
    ranking: RankingScores | None = None
    undefined_because: str | None = None


def partner_scores(
    history: History, *, model: PlvModel | None = None, rates: Rates | None = None
) -> PartnerScores:
    """The scores of all partners of a history.

    Args:
        history: Lifecycles; other engines have no scores.
        model: How to score; None takes the bundled model.
        rates: Rates to convert money with.
    """
    from partnerleads import plv  # noqa: PLC0415 - loaded with the first review

    if not isinstance(history, RowHistory):
        return PartnerScores(undefined_because=_FOLD)
    chosen = plv.DEFAULT_MODEL if model is None else model
    try:
        scores = plv.plv_scores(history.lives, model=chosen, rates=rates)
        ranking = plv.ranking_scores(history.lives, model=chosen, scores=scores)
    except MixedCurrencyError as error:
        currencies = ", ".join(error.currencies)
        cure = "name one currency and prices (--currency and --price on the command line)"
        because = f"amounts in {currencies} cannot be added; {cure}"
        return PartnerScores(undefined_because=because)
    return PartnerScores(scores=scores, ranking=ranking)


def partner_score_lines(found: PartnerScores) -> list[str]:
    """The partners by ranking score, as lines of text.

    Args:
        found: The scores.
    """
    if found.scores is None or found.ranking is None:
        return [f"{_HEAD}: none, since {found.undefined_because}"]
    if not found.scores:
        return [f"{_HEAD}: none, since no event names a partner"]
    model = next(iter(found.scores.values())).model
    head = f"{_HEAD}, by model {model.name}; the tier is that of the composite score"
    return [head, *_table(found.scores, found.ranking)]


def _table(scores: PlvScores, ranking: RankingScores) -> Iterator[str]:
    """The best and the last partners; each with its score, its tier, and what it is ranked by."""
    ranked = ranking.ranked
    cut = len(ranked) > 2 * MOST_PARTNERS
    shown = [*ranked[:MOST_PARTNERS], *ranked[-MOST_PARTNERS:]] if cut else [*ranked]
    tiers = max(len(one.tier or "no tier") for one in scores.values())
    width = max(len(str(one.partner_id)) for one in shown)
    for place, one in enumerate(shown):
        if cut and place == MOST_PARTNERS:
            yield f"  ... {len(ranked) - 2 * MOST_PARTNERS} more"
        assert one.partner_id is not None  # noqa: S101 - all of them come from partners
        score = scores[one.partner_id]
        name = f"{one.partner_id:<{width}}"
        tier = score.tier or "no tier"
        yield f"  {name}  {one.value_text():>5}  {tier:<{tiers}}  {one.basis_text()}"
