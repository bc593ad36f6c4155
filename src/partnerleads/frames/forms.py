"""Each form of measure as columns to be added up."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from statistics import fmean
from typing import Any

import narwhals.stable.v2 as nw
from attrs import evolve

from partnerleads.errors import OptionError
from partnerleads.frames.asked import Asked, Row, total
from partnerleads.frames.conditions import Reader
from partnerleads.frames.flags import NO, YES, all_of, any_of, no, one_where
from partnerleads.frames.form_ends import ends_asked
from partnerleads.frames.form_money import MoneyForms
from partnerleads.frames.view import View
from partnerleads.frames.zones import instant_of
from partnerleads.kpis.measuring.durations import NEGATIVE, SECONDS
from partnerleads.kpis.measuring.elapsed import IMPRECISE, NO_START, RELATIVE, worked_between
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
from partnerleads.kpis.measuring.tally import Counted, Question, Shared, Tally, Timed
from partnerleads.stats import quantile

__all__ = ["asked"]


def asked(measure: Measure, question: Question, reader: Reader, member: Any) -> Asked:
    """What is to be worked out for a measure of leads, wins or other members.

    Args:
        measure: The measure; not one of a set of places.
        question: Zone and rates.
        reader: Reads conditions.
        member: Whether a unit belongs to the population.
    """
    form = measure.form
    match form:
        case CountOf():
            return _count(form, reader, member)
        case ShareOf():
            return _share(form, reader, member)
        case TimeBetween():
            return _time(form, question, reader, member)
        case SumOf():
            return MoneyForms(measure, question, reader, member).sum(form)
        case EndsOf():
            return ends_asked(form, reader, member)
        case _:
            assert isinstance(form, SumShareOf)  # noqa: S101 - sets are not asked this way
            return MoneyForms(measure, question, reader, member).share(form)


def _count(form: CountOf, reader: Reader, member: Any) -> Asked:
    listing = None if form.listing is None else reader.holds(form.listing)

    def read(rows: Sequence[Row]) -> Tally:
        n = total(rows, "n")
        return Tally(n=n, numbers=Counted(n))

    return Asked(member=member, counts={"n": YES}, read=read, listing=listing)


def _share(form: ShareOf, reader: Reader, member: Any) -> Asked:
    judged = reader.holds(form.judged)
    counts: dict[str, Any] = {}
    limits = spans_of(form.hit)
    for number, limit in enumerate(limits):
        imprecise, relative = reader.incomparable(limit.start, limit.end)
        counts[f"imprecise{number}"] = all_of(judged, imprecise)
        counts[f"relative{number}"] = all_of(judged, relative)
        judged = all_of(judged, no(imprecise), no(relative))
        counts[f"immature{number}"] = all_of(judged, reader.immature(limit))
    counts |= {"of": judged, "hits": all_of(judged, reader.holds(form.hit))}
    places = range(len(limits))

    def read(rows: Sequence[Row]) -> Tally:
        of = total(rows, "of")
        left_out = {
            reason: sum(total(rows, f"{name}{number}") for number in places)
            for reason, name in ((IMPRECISE, "imprecise"), (RELATIVE, "relative"))
        }
        immature = sum(total(rows, f"immature{number}") for number in places)
        numbers = Shared(total(rows, "hits"), of)
        return Tally(n=of, numbers=numbers, left_out=left_out, seen={"immature": immature})

    return Asked(member=member, counts=counts, read=read)


def _time(form: TimeBetween, question: Question, reader: Reader, member: Any) -> Asked:
    if form.earlier:
        reason = "pairs of events are not known on frames; read the events and fold them"
        raise OptionError("earlier", form.earlier, reason)
    view = reader.view
    started, ended = view.present(form.start), view.present(form.end)
    imprecise, relative = reader.incomparable(form.start, form.end)
    clear = all_of(started, no(imprecise), no(relative))
    closed = view.present(form.never)
    took = reader.elapsed(form.start, form.end)
    both = all_of(clear, ended)
    ran = all_of(both, (took >= 0).fill_null(value=False))
    dated = any_of(reader.is_dated(form.start), reader.is_dated(form.end))
    counts = {
        "started": started,
        "imprecise": all_of(started, imprecise),
        "relative": all_of(started, relative),
        "clear": clear,
        "closed": all_of(clear, no(ended), closed),
        "both": both,
        "dated": all_of(ran, dated),
        "ran": ran,
        "ended": ended,
        "instead": _instead(form, question, view, member),
    }
    plan = Asked(member=member, counts=counts, read=partial(_timed, form, question))
    if form.hours is None:
        return evolve(plan, lengths=nw.when(ran).then(took))
    splits = {
        "started_at": nw.when(ran).then(view.at(form.start)),
        "ended_at": nw.when(ran).then(view.at(form.end)),
        "by_date": one_where(dated),
    }
    return evolve(plan, splits=splits)


def _instead(form: TimeBetween, question: Question, view: View, member: Any) -> Any:
    """Who reached what may do instead of the end; it only counts where no member reached that."""
    everyone = view.over == "leads" and member is YES and not question.by
    if not form.instead or (everyone and form.end in view.story.reached):
        return NO
    return view.present(form.instead)


def _timed(form: TimeBetween, question: Question, rows: Sequence[Row]) -> Tally:
    n, both, closed = (total(rows, name) for name in ("ran", "both", "closed"))
    ended, instead = total(rows, "ended"), total(rows, "instead")
    figures = _figures(rows, form) if form.hours is None else _worked(rows, form, question)
    numbers = Timed(
        n=n,
        **figures,
        censored=total(rows, "clear") - both - closed,
        closed_without=closed,
        instead=0 if n or ended else instead,
    )
    left_out = {
        NO_START: total(rows, "member") - total(rows, "started"),
        IMPRECISE: total(rows, "imprecise"),
        RELATIVE: total(rows, "relative"),
        NEGATIVE: both - n,
    }
    dated = total(rows, "dated") if form.unit == "hours" or form.hours else 0
    return Tally(n=n, numbers=numbers, left_out=left_out, seen={"dates_in_hours": dated})


def _figures(rows: Sequence[Row], form: TimeBetween) -> dict[str, float | None]:
    (row,) = rows
    size = SECONDS[form.unit] * 1_000_000
    return {
        name: None if row[name] is None else row[name] / size for name in ("median", "p90", "mean")
    }


def _worked(rows: Sequence[Row], form: TimeBetween, question: Question) -> dict[str, float | None]:
    """Working time is told by the reference, once for each pair of ends that occurs."""
    assert form.hours is not None  # noqa: S101 - for the type checker
    lengths: list[float] = []
    for row in rows:
        if row["started_at"] is not None:
            start, end = (instant_of(row[name]) for name in ("started_at", "ended_at"))
            dated = bool(row["by_date"])
            span = worked_between(start, end, question.zone, form.hours, dated=dated)
            lengths += [span.total_seconds() / SECONDS[form.unit]] * int(row["ran"])
    if not lengths:
        return {"median": None, "p90": None, "mean": None}
    lengths.sort()
    return {
        "median": quantile(lengths, 0.5),
        "p90": quantile(lengths, 0.9),
        "mean": fmean(lengths),
    }
