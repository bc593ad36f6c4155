"""Each form of measure as columns to be added up."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from statistics import fmean
from typing import Any

import narwhals.stable.v2 as nw
from attrs import evolve

from partnerleads.errors import OptionError
from partnerleads.frames.asked import Asked, Row, one_where, total
from partnerleads.frames.conditions import Reader
from partnerleads.frames.form_ends import ends_asked
from partnerleads.frames.form_money import MoneyForms
from partnerleads.frames.zones import instant_of
from partnerleads.kpis.durations import NEGATIVE, SECONDS
from partnerleads.kpis.elapsed import IMPRECISE, NO_START, RELATIVE, worked_between
from partnerleads.kpis.expressions import spans_of
from partnerleads.kpis.measure import (
    CountOf,
    EndsOf,
    Measure,
    ShareOf,
    SumOf,
    SumShareOf,
    TimeBetween,
)
from partnerleads.kpis.tally import Counted, Question, Shared, Tally, Timed
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

    return Asked(member=member, sums={"n": one_where(member)}, read=read, listing=listing)


def _share(form: ShareOf, reader: Reader, member: Any) -> Asked:
    judged = reader.holds(form.judged)
    sums: dict[str, Any] = {}
    limits = spans_of(form.hit)
    for number, limit in enumerate(limits):
        imprecise, relative = reader.incomparable(limit.start, limit.end)
        sums[f"imprecise{number}"] = one_where(judged & imprecise)
        sums[f"relative{number}"] = one_where(judged & relative)
        judged = judged & ~imprecise & ~relative
        sums[f"immature{number}"] = one_where(judged & reader.immature(limit))
    sums |= {"of": one_where(judged), "hits": one_where(judged & reader.holds(form.hit))}
    counts = range(len(limits))

    def read(rows: Sequence[Row]) -> Tally:
        of = total(rows, "of")
        left_out = {
            reason: sum(total(rows, f"{name}{number}") for number in counts)
            for reason, name in ((IMPRECISE, "imprecise"), (RELATIVE, "relative"))
        }
        immature = sum(total(rows, f"immature{number}") for number in counts)
        numbers = Shared(total(rows, "hits"), of)
        return Tally(n=of, numbers=numbers, left_out=left_out, seen={"immature": immature})

    return Asked(member=member, sums=sums, read=read)


def _time(form: TimeBetween, question: Question, reader: Reader, member: Any) -> Asked:
    if form.earlier:
        reason = "pairs of events are not known on frames; read the events and fold them"
        raise OptionError("earlier", form.earlier, reason)
    view = reader.view
    started, ended = view.present(form.start), view.present(form.end)
    imprecise, relative = reader.incomparable(form.start, form.end)
    clear = started & ~imprecise & ~relative
    closed = view.present(form.never)
    took = reader.elapsed(form.start, form.end)
    both = clear & ended
    ran = both & (took >= 0).fill_null(value=False)
    dated = reader.is_dated(form.start) | reader.is_dated(form.end)
    sums = {
        "no_start": one_where(~started),
        "imprecise": one_where(started & imprecise),
        "relative": one_where(started & relative),
        "censored": one_where(clear & ~ended & ~closed),
        "closed": one_where(clear & ~ended & closed),
        "negative": one_where(both & ~ran),
        "dated": one_where(ran & dated),
        "ran": one_where(ran),
        "ended": one_where(ended),
        "instead": one_where(view.present(form.instead)) if form.instead else nw.lit(0),
    }
    plan = Asked(member=member, sums=sums, read=partial(_timed, form, question))
    if form.hours is None:
        return evolve(plan, lengths=nw.when(ran).then(took))
    splits = {
        "started_at": nw.when(ran).then(view.at(form.start)),
        "ended_at": nw.when(ran).then(view.at(form.end)),
        "by_date": one_where(dated),
    }
    return evolve(plan, splits=splits)


def _timed(form: TimeBetween, question: Question, rows: Sequence[Row]) -> Tally:
    n = total(rows, "ran")
    ended, instead = total(rows, "ended"), total(rows, "instead")
    figures = _figures(rows, form) if form.hours is None else _worked(rows, form, question)
    numbers = Timed(
        n=n,
        **figures,
        censored=total(rows, "censored"),
        closed_without=total(rows, "closed"),
        instead=0 if n or ended else instead,
    )
    left_out = {
        NO_START: total(rows, "no_start"),
        IMPRECISE: total(rows, "imprecise"),
        RELATIVE: total(rows, "relative"),
        NEGATIVE: total(rows, "negative"),
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
