"""When and how the members ended, as columns to be grouped by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import narwhals.stable.v2 as nw

from partnerleads.frames.asked import Asked, Row, total
from partnerleads.frames.conditions import Reader
from partnerleads.frames.flags import YES, all_of, any_of, no, one_where
from partnerleads.kpis.measuring.elapsed import IMPRECISE, INVENTED, NO_START, RELATIVE
from partnerleads.kpis.measuring.measure import EndsOf
from partnerleads.kpis.measuring.tally import Ended, Outcome, Tally

__all__ = ["ends_asked"]

_OUTCOMES: tuple[Outcome, ...] = ("open", "hit", "other")


def ends_asked(form: EndsOf, reader: Reader, member: Any) -> Asked:
    """How long each member was followed, and how it ended, each pair once with its count.

    Args:
        form: Which start and ends.
        reader: Reads conditions.
        member: Whether a unit belongs to the population.
    """
    view = reader.view
    started, hit, end = (view.present(name) for name in (form.start, form.hit, form.end))
    invented = all_of(started, reader.is_relative(form.start))
    imprecise = any_of(
        reader.is_vague(form.start),
        all_of(hit, reader.is_vague(form.hit)),
        all_of(no(hit), end, reader.is_vague(form.end)),
    )
    relative = any_of(
        all_of(hit, reader.is_relative(form.hit)),
        all_of(no(hit), end, reader.is_relative(form.end)),
    )
    clear = all_of(started, no(invented), no(imprecise), no(relative))
    zero = nw.lit(0)
    to_hit = reader.elapsed(form.start, form.hit)
    to_end = reader.elapsed(form.start, form.end)
    followed = reader.age(form.start)
    is_hit = all_of(hit, (to_hit >= 0).fill_null(value=False))
    late = to_end.fill_null(0)
    took = (
        nw.when(is_hit)
        .then(to_hit)
        .otherwise(
            nw.when(hit)
            .then(zero)
            .otherwise(
                nw.when(end).then(nw.when(late > 0).then(late).otherwise(zero)).otherwise(followed)
            )
        )
    )
    outcome = nw.when(is_hit).then(nw.lit(1)).otherwise(one_where(any_of(hit, end)) * 2)
    in_time, matured = YES, YES
    if form.within is not None:
        limit = form.within // timedelta(microseconds=1)
        in_time = (to_hit <= limit).fill_null(value=False)
        matured = reader.is_over(form.start, form.within)
    counts = {
        "no_start": no(started),
        "invented_start": invented,
        "imprecise": all_of(started, no(invented), imprecise),
        "relative": all_of(started, no(invented), no(imprecise), relative),
        "clear": clear,
        "hits": all_of(clear, is_hit, in_time),
        "matured": all_of(clear, matured),
    }
    counted = all_of(member, clear)
    splits = {"took": nw.when(counted).then(took), "outcome": nw.when(counted).then(outcome)}
    return Asked(member=member, counts=counts, read=_ended, splits=splits)


def _ended(rows: Sequence[Row]) -> Tally:
    spans: Counter[tuple[int, Outcome]] = Counter()
    for row in rows:
        if row["took"] is not None:
            spans[int(row["took"]), _OUTCOMES[int(row["outcome"])]] += int(row["clear"])
    n, matured = total(rows, "clear"), total(rows, "matured")
    left_out = {
        NO_START: total(rows, "no_start"),
        INVENTED: total(rows, "invented_start"),
        IMPRECISE: total(rows, "imprecise"),
        RELATIVE: total(rows, "relative"),
    }
    return Tally(
        n=n,
        numbers=Ended(dict(spans), total(rows, "hits"), matured),
        left_out={reason: left for reason, left in left_out.items() if left},
        seen={"immature": n - matured},
    )
