"""All about one partner on one page, made to be shown to the partner."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from partnerleads import kpis
from partnerleads.errors import OptionError
from partnerleads.kpis.measuring.figures import AnyHistory
from partnerleads.kpis.measuring.tally import Rates
from partnerleads.lifecycle import Lifecycles
from partnerleads.model import Figure, Money, PartnerId, Period, instant, zone
from partnerleads.plv.changing import score_change
from partnerleads.plv.improving import improvements
from partnerleads.plv.model import DEFAULT_MODEL, PlvModel
from partnerleads.plv.passing import next_change_at
from partnerleads.plv.scorecard_result import Scorecard
from partnerleads.plv.scoring import lives_of, plv_scores
from partnerleads.plv.tiers import peer_percentile
from partnerleads.plv.trend import plv_trend

__all__ = ["scorecard"]

_QUARTERS = 4

_FIGURES: tuple[tuple[Callable[..., Figure], str], ...] = (
    (kpis.decided_win_rate, "sourcing_partner"),
    (kpis.sourced_revenue, "sourcing_partner"),
    (kpis.partner_conversion_rate, "holder"),
    (kpis.hours_to_acceptance, "holder"),
    (kpis.action_delay, "holder"),
)
"""The figures of a scorecard, and the role in which a lead is the partner's."""


def scorecard(
    history: AnyHistory,
    *,
    partner_id: PartnerId,
    as_of: datetime | None = None,
    since: datetime | None = None,
    periods: Sequence[Period] | None = None,
    model: PlvModel = DEFAULT_MODEL,
    rates: Rates | None = None,
    deal: Money | None = None,
    tz: str = "UTC",
    fiscal_start: int = 1,
) -> Scorecard:
    r"""Where a partner stands, why, where it is going, and what raises its score most.

    Of other partners it shows nothing but how many there are.

    Args:
        history: Events, or the lifecycles made of them.
        partner_id: The partner.
        as_of: The moment; needed with events. [aware datetime]
        since: What changed since then is told; None is the start of the last of the periods.
            [aware datetime]
        periods: Periods of the trend, in order; None is the last four quarters that are over.
        model: How to score.
        rates: Rates to convert money with, of the day of the win; a function of (from, to, day).
        deal: What a win would bring; None takes the mean of the partner's deals. [money]
        tz: Zone of the last four quarters; periods that are passed bring their own.
        fiscal_start: Month in which the fiscal year of these quarters starts. [1..12]

    Raises:
        AsOfError: When *as_of* is missing with events, or differs from the history's own.
        OptionError: When no event names the partner, *since* lies after the moment, a period
            starts after it, a rate is needed and there is none, or an engine keeps no lifecycles.
        MixedCurrencyError: When deals are in several currencies and the model names none.
        PeriodError: When there is no such time zone or month.

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 acme onboarded name="Acme Ltd"
    ...     2026-01-05 acme certified security
    ... ''')
    >>> print(str(scorecard(events, partner_id="acme", as_of=at("2026-07-01"))).split("\n")[0])
    Scorecard of Acme Ltd (acme), as of 2026-07-01 00:00 UTC
    """
    lives = lives_of(history, as_of=as_of)
    if since is not None and instant(since, "since") > lives.as_of:
        raise OptionError("since", since.isoformat(), f"lies after as_of={lives.as_of.isoformat()}")
    chosen = (
        _last_quarters(lives.as_of, tz=tz, fiscal_start=fiscal_start)
        if periods is None
        else tuple(periods)
    )
    trend = plv_trend(lives, partner_id=partner_id, periods=chosen, model=model, rates=rates)
    scores = plv_scores(lives, model=model, rates=rates)
    known = partner_id in scores
    return Scorecard(
        partner=lives.partner_at(partner_id, lives.as_of),
        percentile=peer_percentile(scores, partner_id=partner_id) if known else None,
        peers=sum(one.value is not None for one in scores.values()),
        improvements=improvements(
            lives, partner_id=partner_id, model=model, rates=rates, deal=deal
        ),
        change=score_change(
            lives, partner_id=partner_id, since=since or chosen[-1].start, model=model, rates=rates
        ),
        next_change=next_change_at(lives, partner_id=partner_id, model=model, rates=rates),
        trend=trend,
        figures=tuple(_figures(lives, partner_id, model, rates)),
    )


def _last_quarters(as_of: datetime, *, tz: str, fiscal_start: int) -> tuple[Period, ...]:
    """The last quarters that are over, in order."""
    year = as_of.astimezone(zone(tz)).year
    last = year if fiscal_start == 1 else year + 1  # a fiscal year bears the year in which it ends
    quarters = (
        Period.quarter(one, number, tz=tz, fiscal_start=fiscal_start)
        for one in range(year - 1, last + 1)
        for number in (1, 2, 3, 4)
    )
    return tuple(one for one in quarters if one.end <= as_of)[-_QUARTERS:]


def _figures(
    lives: Lifecycles, partner_id: PartnerId, model: PlvModel, rates: Rates | None
) -> Iterator[Figure]:
    """The partner's own figures; those that have nothing of it stay out."""
    money = {} if rates is None else {"rates": rates, "currency": model.currency}
    for kpi, key in _FIGURES:
        options = money if kpi is kpis.sourced_revenue else {}
        found: Figure | None = kpi(lives, by=key, **options).segments.get(partner_id)
        if found is not None:
            yield found
