"""Influence by partner: what partners had in the leads they influenced, in full or split."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any, Literal, TypeAlias, get_args

from attrs import evolve, fields_dict, frozen

from partnerleads.attribution.splitting import HALF_LIFE, SplitModel, split_weights
from partnerleads.kpis.attribution_rates import INFLUENCED
from partnerleads.kpis.influence_shares import (
    Model,
    Shares,
    parts_of,
    shares_of,
    vague_touches,
)
from partnerleads.kpis.measuring.conditions import OPEN, AllOf
from partnerleads.kpis.measuring.figures import AnyHistory, By, figure, history_of
from partnerleads.kpis.measuring.measure import FINAL_VALUE, CountOf, Measure, SumOf
from partnerleads.kpis.measuring.segments import none_last
from partnerleads.kpis.measuring.tally import Question, Rates, Summed, Tally
from partnerleads.kpis.row_lives import lives_of
from partnerleads.lifecycle import LeadLifecycle
from partnerleads.model import (
    UTC,
    Caution,
    Count,
    Figure,
    FrozenMap,
    LeadId,
    Period,
    SegmentKey,
    Totals,
    zone,
)
from partnerleads.model.figure import frozen_counts, so_many
from partnerleads.model.options import check_choice

__all__ = ["Influence", "influence_by_partner"]

Keys: TypeAlias = tuple[str | None, ...]
Unit: TypeAlias = Literal["leads", "pipeline", "revenue"]

KEY = "influencing_partner"
"""The key that comes before all others in the segments."""

_MEASURES: dict[str, Measure] = {
    "leads": Measure(
        name="influence_by_partner",
        form=CountOf(),
        counted="influenced leads captured",
        anchor=("captured",),
        of=INFLUENCED,
    ),
    "pipeline": Measure(
        name="influence_by_partner",
        form=SumOf("expected_value"),
        counted="influenced leads open",
        of=AllOf((OPEN, INFLUENCED)),
    ),
    "revenue": Measure(
        name="influence_by_partner",
        form=FINAL_VALUE,
        counted="influenced leads won",
        anchor=("won",),
        of=INFLUENCED,
    ),
}

_MONEY = ("by_currency", "without_value")
_UNSEGMENTED: dict[str, Any] = {"by": (), "segments": FrozenMap()}

_NOT_ADDITIVE = Caution(
    "not_additive",
    "every partner has all of each lead it influenced, so the partners do not add up to the whole",
)


@frozen(kw_only=True, repr=False)
class Influence(Totals):
    """Leads that partners influenced, or their money: the whole, and what each partner has in it.

    The segments have the partner as their first key.

    Attributes:
        leads: The leads that the value rests on; of a partner, its parts in them, exactly. [leads]
        unit: ``leads``, ``pipeline`` or ``revenue``.
    """

    leads: Fraction
    unit: str

    @property
    def amounts(self) -> Mapping[str, float]:
        """The money by currency, or the leads."""
        return {"leads": float(self.leads)} if self.unit == "leads" else super().amounts

    def value_text(self) -> str:
        """The money by currency, or the number of leads."""
        if self.unit != "leads":
            return super().value_text()
        return f"{float(self.leads):.2f}".rstrip("0").rstrip(".")

    def columns(self) -> dict[str, object]:
        """The columns of money, and the leads."""
        return {"leads": float(self.leads), "unit": self.unit, **super().columns()}


def influence_by_partner(
    history: AnyHistory,
    *,
    model: Model = "full",
    unit: Unit = "revenue",
    half_life: timedelta | None = None,
    as_of: datetime | None = None,
    period: Period | None = None,
    by: By = None,
    rates: Rates | None = None,
    currency: str | None = None,
) -> Influence:
    """What each partner had in the leads that partners influenced and none sourced.

    In ``full`` each partner has all of every lead it influenced, which says whom to thank and does
    not add up. The other models split each lead among the touches by which partners influenced
    it, and so add up exactly to the influenced revenue, pipeline or leads.

    Args:
        history: Events, lifecycles, or a part of them; other engines do not know the touches.
        model: ``full``; or split ``equal`` over the touches; to the ``first`` or ``last`` touch;
            by ``position``, 40 % to the first and to the last touch and 20 % to those between;
            or with ``time_decay``, by which a touch counts half as much as one that came a
            half-life later.
        unit: Final value of the leads won (``revenue``), expected value of the open ones
            (``pipeline``), or the ``leads`` captured.
        half_life: Of ``time_decay`` alone; 7 days unless told otherwise.
        as_of: The moment; needed with events. [aware datetime]
        period: Period of the win, or with ``leads`` of the capture; None is all time. Refused
            with ``pipeline``, a stock as of a moment.
        by: Key or keys to segment by besides the partner, which always comes first.
        rates: Rates to convert with; a function of (from, to, day).
        currency: Currency to convert to.

    Returns:
        The influenced whole, and a segment for each partner. Money is shared out exactly and
        rounded once to the smallest unit, by largest remainder over the partners: all parts are
        rounded down, and the units left over go to those that lost most, of equals to the first
        in the alphabet. With other keys each combination is rounded so for itself. [money, leads]

    Raises:
        OptionError: When the model or unit is not offered, the half-life does not go with the
            model, or the history has no lead's own events.

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 L1 captured
    ...     2026-01-03 L1 influenced webinar by acme
    ...     2026-01-04 L1 influenced demo by beta
    ...     2026-01-05 L1 influenced visit by acme
    ...     2026-01-09 L1 won 100 EUR
    ... ''')
    >>> print(influence_by_partner(events, model="equal", as_of=at("2026-03-01")))
    influence_by_partner EUR 100.00 (1 influenced lead won, as of 2026-03-01 00:00 UTC)
      acme  EUR 66.67  1 influenced lead won
      beta  EUR 33.33  1 influenced lead won
    """
    check_choice("model", model, ("full", *get_args(SplitModel)))
    check_choice("unit", unit, _MEASURES)
    split_weights((), model="equal" if model == "full" else model, half_life=half_life)
    known = history_of(history, as_of=as_of)
    lives = lives_of(known, asked_by="influence_by_partner")
    measure = evolve(_MEASURES[unit], options=FrozenMap(_options(model, unit, half_life)))
    whole = figure(
        Count if unit == "leads" else Totals,
        known,
        measure,
        as_of=as_of,
        period=period,
        by=by,
        rates=rates,
        currency=currency,
    )
    question = Question(
        period=period,
        by=tuple(dict.fromkeys((*whole.by, "lead_id"))),
        zone=UTC if period is None else zone(period.tz),
        rates=rates,
        currency=currency,
    )
    pieces = _by_lead(known.tally(measure, question).segments, question.by, whole.by)
    leads = {lead_id: lives[lead_id] for piece in pieces.values() for lead_id in piece}
    parts = {i: parts_of(lead, model=model, half_life=half_life) for i, lead in leads.items()}
    total = _influence(whole, unit)
    segments: dict[SegmentKey, Influence] = {}
    for others, piece in pieces.items():
        key = others if len(others) > 1 else next(iter(others), None)
        one = _influence(whole.segments[key], unit) if others else total
        shares = shares_of(piece, parts, totals=one.by_currency, split=model != "full")
        for partner, share in shares.items():
            segments[(partner, *others) if others else partner] = _of_partner(one, share)
    return evolve(
        total,
        by=(KEY, *whole.by),
        warnings=(*total.warnings, *_cautions(leads, model)),
        segments=FrozenMap({key: segments[key] for key in sorted(segments, key=none_last)}),
    )


def _options(model: str, unit: str, half_life: timedelta | None) -> dict[str, str]:
    options = {"unit": unit, "model": model}
    if model == "time_decay":
        options["half-life"] = str(half_life or HALF_LIFE)
    return options


def _by_lead(
    tallies: Mapping[SegmentKey, Tally], by: tuple[str, ...], asked: tuple[str, ...]
) -> dict[Keys, dict[LeadId, Tally]]:
    """What an engine says of each lead, under the keys asked for that the lead falls to."""
    pieces: dict[Keys, dict[LeadId, Tally]] = defaultdict(dict)
    for key, tally in tallies.items():
        keys = key if isinstance(key, tuple) else (key,)
        lead_id = LeadId(str(keys[by.index("lead_id")]))
        pieces[keys[: len(asked)]][lead_id] = tally
    return pieces


def _cautions(leads: Mapping[LeadId, LeadLifecycle], model: Model) -> Iterator[Caution]:
    if model == "full" and leads:
        yield _NOT_ADDITIVE
    if model not in ("full", "equal") and (vague := vague_touches(leads.values())):
        words = f"touches whose time is known only as 'by' or 'assumed': {vague}"
        yield Caution("vague_touches", words)


def _influence(one: Figure, unit: str) -> Influence:
    """The influenced whole, before it falls to partners."""
    shared = {name: getattr(one, name) for name in fields_dict(Figure)}
    money = {name: getattr(one, name) for name in _MONEY} if isinstance(one, Totals) else {}
    return Influence(**shared | money | {"leads": Fraction(one.n), "unit": unit, **_UNSEGMENTED})


def _of_partner(one: Influence, share: Shares) -> Influence:
    """What a partner has in the whole."""
    tallies = share.tallies
    left_out = sum((Counter(tally.left_out) for tally in tallies), Counter[str]())
    states = f"no amount is stated by {so_many(len(tallies), one.counted)}"
    return evolve(
        one,
        n=sum(tally.n for tally in tallies),
        leads=share.leads,
        by_currency=FrozenMap(share.money),
        without_value=sum(t.numbers.without for t in tallies if isinstance(t.numbers, Summed)),
        left_out_because=frozen_counts(left_out),
        problems=sum(tally.problems for tally in tallies),
        undefined_because=None if share.money or one.unit == "leads" else states,
        warnings=(),
    )
