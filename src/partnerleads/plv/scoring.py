"""From a history to the score of every partner."""

from __future__ import annotations

from datetime import datetime

from attrs import frozen

from partnerleads.errors import OptionError
from partnerleads.kpis.measuring.figures import AnyHistory, history_of
from partnerleads.kpis.measuring.tally import Rates
from partnerleads.lifecycle import Lifecycles
from partnerleads.model import FrozenMap
from partnerleads.model.cautions import cautions_told
from partnerleads.plv.by_partner import ByPartner
from partnerleads.plv.model import DEFAULT_MODEL, PlvModel
from partnerleads.plv.record import check_one_currency, records_of
from partnerleads.plv.score import PlvScore, score_of

__all__ = ["PlvScores", "lives_of", "plv_scores"]


def lives_of(history: AnyHistory, *, as_of: datetime | None = None) -> Lifecycles:
    """The lifecycles of a history, which scores need.

    Args:
        history: Events, or the lifecycles made of them.
        as_of: The moment; needed with events. [aware datetime]

    Raises:
        AsOfError: When it is missing with events, or differs from the history's own.
        OptionError: When an engine keeps no lifecycles.
    """
    known = history_of(history, as_of=as_of)
    lives = getattr(known, "lives", None)
    if not isinstance(lives, Lifecycles):
        reason = "tells no partner's story; pass events, or the lifecycles made of them"
        raise OptionError("history", type(known).__name__, reason)
    return lives


@frozen(repr=False, eq=False)
class PlvScores(ByPartner[PlvScore]):
    """The scores of all partners at a moment, by id.

    Attributes:
        by_partner: The scores, by id.
    """

    def _moment(self) -> datetime:
        return max(one.as_of for one in self.values())

    def _notes(self) -> list[str]:
        return cautions_told({name: one.warnings for name, one in self.items()}, "partner")


def plv_scores(
    history: AnyHistory,
    *,
    as_of: datetime | None = None,
    model: PlvModel = DEFAULT_MODEL,
    rates: Rates | None = None,
) -> PlvScores:
    """The composite score of every partner, by id.

    Args:
        history: Events, or the lifecycles made of them.
        as_of: The moment; needed with events. [aware datetime]
        model: How to score.
        rates: Rates to convert money with, of the day of the win; a function of (from, to, day).

    Raises:
        OptionError: When a rate is needed and there is none, or an engine keeps no lifecycles.
        MixedCurrencyError: When deals are in several currencies and the model names none.

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 acme onboarded
    ...     2026-01-05 acme certified security
    ...     2026-01-09 L1 captured by acme
    ...     2026-02-01 L1 won 90000 EUR margin=27000 EUR
    ...     2026-01-20 beta onboarded
    ... ''')
    >>> print(plv_scores(events, as_of=at("2026-07-01")))
    2 partners by score (as of 2026-07-01 00:00 UTC)
      acme  39.9  registered, 90 % known, model default
      beta   1.5  registered, 60 % known, model default
    """
    lives = lives_of(history, as_of=as_of)
    records = records_of(lives, currency=model.currency, rates=rates)
    check_one_currency(records.values())
    scores = {
        name: score_of(record, as_of=lives.as_of, model=model, known_at=lives.known_at)
        for name, record in records.items()
    }
    return PlvScores(FrozenMap(scores))
