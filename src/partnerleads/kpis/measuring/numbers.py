"""What each form of measure makes of a population."""

from __future__ import annotations

from collections import Counter
from datetime import tzinfo

from partnerleads.kpis.measuring.conditions import Within
from partnerleads.kpis.measuring.durations import durations_of
from partnerleads.kpis.measuring.elapsed import comparable, is_over
from partnerleads.kpis.measuring.ends import ends_of
from partnerleads.kpis.measuring.expressions import spans_of
from partnerleads.kpis.measuring.measure import (
    CountOf,
    EndsOf,
    Measure,
    ShareOf,
    SumOf,
    SumShareOf,
    TimeBetween,
)
from partnerleads.kpis.measuring.members import Members
from partnerleads.kpis.measuring.places import places_of
from partnerleads.kpis.measuring.sums import sum_of, sum_share_of
from partnerleads.kpis.measuring.tally import Counted, Question, Shared, Tally
from partnerleads.model import LeadId

__all__ = ["numbers_of"]


def numbers_of(  # noqa: PLR0911 - one answer for each form
    measure: Measure, question: Question, members: Members
) -> Tally:
    """The numbers of one measure over one population, with those that it leaves out.

    Args:
        measure: The measure.
        question: Zone, rates and period.
        members: The population.
    """
    form = measure.form
    match form:
        case CountOf():
            return _count(form, question, members)
        case ShareOf():
            return _share(form, question, members)
        case TimeBetween():
            return durations_of(form, members, question.zone)
        case EndsOf():
            return ends_of(form, members, question.zone)
        case SumOf():
            return sum_of(form, measure, question, members)
        case SumShareOf():
            return sum_share_of(form, measure, question, members)
        case _:
            return places_of(form, members, question.period)


def _count(form: CountOf, question: Question, members: Members) -> Tally:
    listed: tuple[LeadId, ...] = ()
    if form.listing is not None:
        listed = tuple(sorted(members.keep(form.listing, question.zone).column("lead_id")))
    return Tally(n=len(members), numbers=Counted(len(members), listed))


def _share(form: ShareOf, question: Question, members: Members) -> Tally:
    judged = members.keep(form.judged, question.zone)
    left_out: Counter[str] = Counter()
    immature = 0
    for span in spans_of(form.hit):
        judged, reasons = _judgeable(span, judged)
        left_out.update(reasons)
        immature += _immature(span, judged, question.zone)
    hits = judged.keep(form.hit, question.zone)
    return Tally(
        n=len(judged),
        numbers=Shared(len(hits), len(judged)),
        left_out=dict(left_out),
        seen={"immature": immature},
    )


def _judgeable(span: Within, members: Members) -> tuple[Members, list[str]]:
    """Those whose ends say how long it took, and why the others' do not."""
    starts, ends = members.column(span.start), members.column(span.end)
    reasons = [comparable(start, end) for start, end in zip(starts, ends, strict=True)]
    return members.where([not reason for reason in reasons]), [*filter(None, reasons)]


def _immature(span: Within, members: Members, zone: tzinfo) -> int:
    """How many still have time to reach the end."""
    starts, ends = members.column(span.start), members.column(span.end)
    waiting = [
        start for start, end in zip(starts, ends, strict=True) if end is None and start is not None
    ]
    as_of, hours = members.as_of, span.hours
    return sum(not is_over(start, span.span, as_of, zone, hours) for start in waiting)
