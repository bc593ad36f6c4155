"""League table: partners by close rate, with what chance alone would do taken off."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from attrs import evolve

from partnerleads.errors import OptionError
from partnerleads.kpis.cohort_close_rate import cohort_close_rate, had_its_time
from partnerleads.kpis.league_table_result import ALIKE, LeagueTable, Standing
from partnerleads.kpis.measuring.composing import apart, compose, nested, plain, seen_by
from partnerleads.kpis.measuring.conditions import AllOf, Has, Not
from partnerleads.kpis.measuring.figures import SMALL, AnyHistory, By, figure, history_of
from partnerleads.kpis.measuring.measure import CountOf, Measure
from partnerleads.kpis.only import only
from partnerleads.model import Caution, CloseRate, Count, FrozenMap, PartnerId, Period
from partnerleads.model.figure import frozen_counts
from partnerleads.model.options import check_choice, check_span
from partnerleads.stats import (
    BetaPrior,
    beta_prior_by_likelihood,
    beta_prior_by_moments,
)
from partnerleads.stats.limits import funnel_limits

__all__ = ["league_table"]

YOUNG = "it did not have the whole time yet"

_ESTIMATORS = {
    "maximum likelihood": beta_prior_by_likelihood,
    "moments": beta_prior_by_moments,
}

_HELD_AT: dict[str | None, tuple[Caution, ...]] = {
    None: (),
    "most": (Caution("alike", f"{ALIKE}, so they share one rank"),),
    "least": (Caution("nothing_shared", "partners have nothing in common, so rates stay raw"),),
}


def league_table(
    history: AnyHistory,
    *,
    within: timedelta | None,
    as_of: datetime | None = None,
    period: Period | None = None,
    by: By = None,
    estimator: Literal["maximum likelihood", "moments"] = "maximum likelihood",
    limits: float = 0.998,
    small: int = SMALL,
    tz: str = "UTC",
    confidence: float = 0.95,
) -> LeagueTable:
    r"""Partners ranked by the close rate of the leads they sourced, with chance taken off.

    A partner with few leads is at the top or the bottom of raw rates by chance alone. So each rate
    is drawn towards that of all partners, as far as its count leaves in doubt what it is
    (empirical Bayes: a beta distribution fitted to all partners, which their counts update), and
    the rank goes by that; partners that differ no more than chance share one. Only leads that had
    the whole time limit by the moment are counted, so that nobody is worse off for having brought
    leads lately.

    Args:
        history: Events, lifecycles, or another engine's history.
        within: The time limit of the close rate, included; None, said explicitly, counts what was
            won so far of all leads, which bears a warning.
        as_of: The moment; needed with events. [aware datetime]
        period: Period of the capture; None is all time.
        by: Key or keys to segment by; each segment has a table and a prior of its own.
        estimator: How the beta distribution is fitted; the two differ a lot for few partners.
        limits: Chance that a partner like all others stays inside its funnel-plot limits.
            [0..1, exclusive]
        small: Partners with fewer leads bear a warning. [count]
        tz: Zone in which dates are compared without a period; a period brings its own.
        confidence: Confidence of the intervals. [0..1]

    Returns:
        The partners with leads, best first; unranked, by name, and with the reason where there are
        fewer than two of them, or where none has two leads.

    Source:
        Beta-binomial by maximum likelihood: Skellam 1948; by moments: Kleinman 1973. Funnel plot:
        Spiegelhalter 2005.

    >>> from partnerleads.testing import at, history
    >>> lines = [
    ...     f"2026-01-01 {name}{number} captured by {name}\n2026-01-05 {name}{number} {end}"
    ...     for name, ends in (("acme", "won"), ("beta", "won won won lost"), ("cyan", "lost lost"))
    ...     for number, end in enumerate(ends.split())
    ... ]
    >>> events = history("\n".join(lines))
    >>> table = league_table(events, within=timedelta(days=30), as_of=at("2026-06-01"))
    >>> [(row.rank, row.partner_id, row.rate.value) for row in table]
    [(1, 'beta', 0.75), (2, 'acme', 1.0), (3, 'cyan', 0.0)]
    """
    check_span("within", within)
    check_choice("estimator", estimator, _ESTIMATORS)
    if not 0 < limits < 1:
        raise OptionError("limits", limits, "must lie between 0 and 1, such as 0.998")
    known = history_of(history, as_of=as_of)
    sourced = Has("sourcing_partner")
    old_enough = sourced if within is None else AllOf((sourced, had_its_time(within)))
    young = AllOf((sourced, Not(old_enough)))
    waiting = Measure(
        name="league_table",
        form=CountOf(),
        counted="leads of partners",
        anchor=("captured",),
        of=young,
    )
    options = {"estimator": estimator, "limits": str(limits), "small": str(small)}

    def make(rate: CloseRate, early: Count) -> LeagueTable:
        rates = {name: plain(one) for name, one in apart(rate).items() if one.n}
        fit = _ESTIMATORS[estimator]([(int(one.hits), int(one.of)) for one in rates.values()])
        seen = seen_by(rate, early)
        return LeagueTable(
            name="league_table",
            counted="leads of partners",
            n=rate.n,
            period=period,
            definition=FrozenMap({**rate.definition, **options}),
            left_out_because=frozen_counts({**rate.left_out_because, YOUNG: early.n}),
            **seen | {"warnings": (*seen["warnings"], *_HELD_AT[fit.held_at])},
            undefined_because=rate.undefined_because or fit.refused_because,
            rows=_ranked(
                [
                    _standing(name, one, fit.prior, expected=rate.value, limits=limits, small=small)
                    for name, one in rates.items()
                ],
                alike=fit.held_at == "most",
            ),
            rate=plain(rate),
            prior=fit,
        )

    return compose(
        make,
        {
            "rate": nested(
                lambda keys: cohort_close_rate(
                    only(known, old_enough),
                    within=within,
                    period=period,
                    by=keys,
                    tz=tz,
                    confidence=confidence,
                ),
                by=by,
                inside=("sourcing_partner",),
            ),
            "early": figure(Count, known, waiting, period=period, by=by, tz=tz),
        },
        absent="empty",
    )


def _standing(
    name: PartnerId,
    rate: CloseRate,
    prior: BetaPrior | None,
    *,
    expected: float | None,
    limits: float,
    small: int,
) -> Standing:
    """The row of a partner, without its rank."""
    hits, of = int(rate.hits), int(rate.of)
    low, high = funnel_limits(of, expected or 0.0, confidence=limits)
    raw = hits / of
    return Standing(
        partner_id=name,
        rank=None,
        rate=rate,
        shrunken=None if prior is None else prior.posterior_mean(hits, of),
        interval=None if prior is None else prior.interval(hits, of, confidence=rate.confidence),
        limits=(low, high),
        flag="below" if raw < low else "above" if raw > high else None,
        warning=Caution("small", f"small: n < {small}") if of < small else None,
    )


def _ranked(rows: list[Standing], *, alike: bool) -> tuple[Standing, ...]:
    """The rows, best first, equals with one rank; by name where nothing is shrunken.

    Partners that differ no more than chance are equals: what their rates still differ by is what
    the search for the prior stopped at.
    """
    ordered = sorted(rows, key=lambda row: (-(row.shrunken or 0), row.partner_id))
    rates = [row.shrunken for row in rows if row.shrunken is not None]
    return tuple(
        row
        if row.shrunken is None
        else evolve(row, rank=1 if alike else 1 + sum(rate > row.shrunken for rate in rates))
        for row in ordered
    )
