"""Doubts about close rates: other stages, young cohorts, blends, and few leads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from itertools import compress, takewhile
from operator import not_
from typing import NamedTuple, TypeAlias

from partnerleads.attribution import AttributionClass
from partnerleads.events import LeadCaptured, LeadFact, LeadProgressed, LeadWon
from partnerleads.kpis.measuring.elapsed import is_over
from partnerleads.kpis.measuring.figures import SMALL
from partnerleads.kpis.measuring.rows import RowHistory
from partnerleads.kpis.won_velocity import won_velocity
from partnerleads.lifecycle import LeadLifecycle
from partnerleads.model import Finding, PartnerId, Period, zone
from partnerleads.model.figure import counted, number
from partnerleads.stats.differences import newcombe
from partnerleads.stats.limits import funnel_limits

__all__ = ["EXPECTED_WINS", "close_doubts"]

EXPECTED_WINS = 5
"""Where one side won as many from a stage, and the other was to and did not, the stages differ."""


class _Captured(NamedTuple):
    """A captured lead, with what is asked of it here."""

    lead: LeadLifecycle
    captured: LeadCaptured
    attribution: AttributionClass
    sourcing_partner: PartnerId | None
    won: LeadWon | None
    closed: LeadFact | None


Leads: TypeAlias = Sequence[_Captured]


def close_doubts(known: RowHistory, period: Period | None, tz: str) -> Iterator[Finding]:
    """What is doubtful about wins and rates of winning; the findings come in no order.

    Args:
        known: The history.
        period: Period of the capture of the leads that rates are looked at over; None is all time.
        tz: Zone in which dates are compared.
    """
    yield from _stages(_captured(known, None))
    cohort = _captured(known, period)
    yield from _few(cohort)
    age = _age_of_winners(known, tz)
    if age is None:
        yield from _blended(cohort, "")
        return
    old, young = _by_age(cohort, age, known.as_of, zone(tz))
    yield from _immature(young, len(cohort), age, known.as_of)
    # leads of one age, or the class with the younger ones would seem to win less
    yield from _blended(old, f" at least {_days(age)} old")


def _captured(known: RowHistory, period: Period | None) -> Leads:
    """The leads captured in a period, by id."""
    members = known.dated("leads", ("captured",), period)
    columns = map(members.column, _Captured._fields[1:])
    rows = zip(members.leads, *columns, strict=True)
    return sorted(map(_Captured._make, rows), key=lambda one: one.lead.lead_id)


def _age_of_winners(known: RowHistory, tz: str) -> timedelta | None:
    """The time that 90 % of the wins seen took at most; None where too few came, or at once.

    Not that of ``suggested_cycle``, which is by when 90 % of the eventual wins come, as far as the
    leads that were watched for long tell of them.
    """
    velocity = won_velocity(known, tz=tz)
    p90 = velocity.p90 if velocity.n >= EXPECTED_WINS else None
    return timedelta(days=p90) if p90 else None


def _by_age(leads: Leads, age: timedelta, as_of: datetime, zone: tzinfo) -> tuple[Leads, Leads]:
    """The leads of an age, and the younger ones; in neither are those whose age nobody knows."""
    known = [one for one in leads if one.captured.precision in ("instant", "day")]
    old = [is_over(one.captured, age, as_of, zone) for one in known]
    return list(compress(known, old)), list(compress(known, map(not_, old)))


def _by_class(leads: Leads) -> Mapping[str, list[_Captured]]:
    sides: dict[str, list[_Captured]] = defaultdict(list)
    for one in leads:
        sides[one.attribution].append(one)
    return sides


def _won(leads: Leads) -> list[_Captured]:
    return [one for one in leads if one.won is not None]


def _stages(population: Leads) -> Iterator[Finding]:
    """Stages from which sourced leads are won and direct ones never, or the other way round."""
    sides = _by_class(_won(population))
    stages = {side: _by_stage(sides[side]) for side in ("sourced", "direct")}
    for side, other in (("sourced", "direct"), ("direct", "sourced")):
        total, others = len(sides[side]), len(sides[other])
        for stage in sorted(stages[side].keys() - stages[other].keys()):
            leads = stages[side][stage]
            expected = len(leads) * others / total
            if min(len(leads), expected) >= EXPECTED_WINS:
                place = f"stage {stage!r}" if stage else "no stated stage"
                words = f"{side}, won from {place}, from which none of {others} {other} wins came"
                for one in leads:
                    yield _staged(one, words)


def _by_stage(leads: Leads) -> Mapping[str, list[_Captured]]:
    stages: dict[str, list[_Captured]] = defaultdict(list)
    for one in leads:
        progress = _last_progress(one)
        stages["" if progress is None else progress.stage or ""].append(one)
    return stages


def _last_progress(one: _Captured) -> LeadProgressed | None:
    """The last progress before the standing win that states a stage."""
    before = takewhile(lambda event: event is not one.won, one.lead.events)
    stages = [event for event in before if isinstance(event, LeadProgressed) and event.stage]
    return stages[-1] if stages else None


def _staged(one: _Captured, words: str) -> Finding:
    events = [event for event in (_last_progress(one), one.won) if event is not None]
    return Finding(
        rule="closed_at_another_stage",
        words=words,
        lead_id=one.lead.lead_id,
        partner_id=one.sourcing_partner,
        event_ids=tuple(event.event_id for event in events),
        at=events[-1].occurred_at,
    )


def _immature(young: Leads, of: int, age: timedelta, as_of: datetime) -> Iterator[Finding]:
    """Open leads that are younger than most leads were when they were won."""
    waiting = sum(one.closed is None for one in young)
    if waiting:
        be = "is" if waiting == 1 else "are"
        words = (
            f"{waiting} of {counted(of, 'lead')} {be} open and younger than "
            f"{_days(age)}, which 90 % of the wins seen so far took at most; their close rate is "
            "still to rise"
        )
        yield Finding(rule="immature_cohort", words=words, at=as_of)


def _days(age: timedelta) -> str:
    return f"{number(age / timedelta(days=1))} days"


def _blended(leads: Leads, old: str) -> Iterator[Finding]:
    """A rate of winning over sourced and direct leads that differ beyond chance."""
    sides = _by_class(leads)
    sourced, direct = sides["sourced"], sides["direct"]
    if not sourced or not direct:
        return
    hits = len(_won(sourced)), len(_won(direct))
    low, high = newcombe(hits[0], len(sourced), hits[1], len(direct))
    if not low <= 0 <= high:
        words = (
            f"{hits[0]} of {len(sourced)} sourced and {hits[1]} of {len(direct)} direct leads{old} "
            "were won; one rate over both describes neither"
        )
        yield Finding(rule="blended_average", words=words)


def _few(cohort: Leads) -> Iterator[Finding]:
    """Partners that won more of their few leads than chance explains, as in a league table."""
    partners: dict[PartnerId, list[_Captured]] = defaultdict(list)
    for one in cohort:
        if one.sourcing_partner is not None:
            partners[one.sourcing_partner].append(one)
    hits, of = len(_won(cohort)), len(cohort)
    for partner_id, leads in sorted(partners.items()):
        won = _won(leads)
        n = len(leads)
        if n < SMALL and len(won) / n > funnel_limits(n, hits / of)[1]:
            words = (
                f"{partner_id} won {len(won)} of its {counted(n, 'lead')}, against {hits} of {of} "
                f"of all, more than chance explains; fewer than {SMALL} are too few to rank it by"
            )
            ids = tuple(one.won.event_id for one in won if one.won is not None)
            yield Finding(
                rule="high_rate_on_few_leads", words=words, partner_id=partner_id, event_ids=ids
            )
