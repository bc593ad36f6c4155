"""Commissions and rebates owed: every line with its evidence, and what they add up to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Literal, TypeAlias

from attrs import evolve, field, frozen

from partnerleads.errors import OptionError
from partnerleads.model import (
    Caution,
    EventId,
    FrozenMap,
    LeadId,
    Money,
    PartnerId,
    Period,
    local_date,
    zone,
)
from partnerleads.model.figure import counted
from partnerleads.model.moments import moment_text
from partnerleads.model.near_names import near_name
from partnerleads.showing import Shown, printable

__all__ = ["CommissionLine", "Commissions", "Refusal"]

Cause: TypeAlias = Literal["won", "refunded", "undone"]
"""Why money is owed or taken back: the win, a refund, or that the win no longer stands."""


@frozen(kw_only=True)
class CommissionLine:
    """What one event of a deal makes owed to one partner.

    Attributes:
        partner_id: The partner.
        lead_id: The deal.
        kind: ``commission`` or ``rebate``.
        cause: ``won``; ``refunded`` and ``undone`` take back.
        occurred_at: When the causing event occurred; the line is owed in its period. [aware
            datetime]
        base: Value or margin that it is taken of; below 0 where it takes back. [money]
        rate: Part of the base. [0..1]
        amount: What is owed; below 0 where it is taken back. [money]
        row: Name of the row of the table.
        of: ``value`` or ``margin``.
        attribution: ``sourced`` or ``influenced``.
        tier: Tier of the partner as of the win.
        event_ids: The causing event, the win, what earned the credit, what qualified the lead.
    """

    partner_id: PartnerId
    lead_id: LeadId
    kind: str
    cause: Cause
    occurred_at: datetime
    base: Money
    rate: Decimal
    amount: Money
    row: str
    of: str
    attribution: str
    tier: str | None
    event_ids: tuple[EventId, ...]

    def __str__(self) -> str:
        return f"{moment_text(self.occurred_at)}  {self._rest()}"

    def told(self, *, tz: str = "UTC") -> str:
        """The line as text, as a statement has it below a head that names the zone.

        Args:
            tz: IANA name of the zone in which its day is told.
        """
        return f"{local_date(self.occurred_at, zone(tz))}  {self._rest()}"

    def _rest(self) -> str:
        rate = f"{(100 * self.rate).normalize():f} %"
        return (
            f"{self.lead_id}  {self.kind}  {self.cause}  {self.amount} = {rate} of {self.of} "
            f"{self.base}  ({self.row}; {', '.join(self.event_ids)})"
        )


@frozen(kw_only=True)
class Refusal:
    """A standing win that earns a partner nothing, and why.

    Attributes:
        lead_id: The deal.
        partner_id: The partner; None where it is the deal that is not eligible.
        occurred_at: When it was won. [aware datetime]
        reason: Why, in words.
        event_ids: The win, and what the reason rests on.
    """

    lead_id: LeadId
    partner_id: PartnerId | None
    occurred_at: datetime
    reason: str
    event_ids: tuple[EventId, ...]


def _lines(lines: Iterable[CommissionLine]) -> tuple[CommissionLine, ...]:
    return tuple(lines)


@frozen(kw_only=True, repr=False)
class Commissions(Shown):
    """What is owed to partners by a table of rates.

    Attributes:
        lines: What every event made owed, in the order of time and deal; of one event partners in
            the order in which they earned the credit, and kinds in that of the table.
        refusals: Standing wins that earned nothing, and why.
        table: Name of the table.
        fingerprint: Of the table.
        as_of: Events that occurred later were not seen. [aware datetime]
        known_at: Versions recorded later were not seen; None saw all. [aware datetime]
        period: Period of the lines; None is all time.
        warnings: What to beware of, of the whole.
        troubled: How many problems of the history each paid or refused lead has, where it has any.
            [counts]
        partners: Every partner that the history names.
    """

    lines: tuple[CommissionLine, ...] = field(converter=_lines)
    refusals: tuple[Refusal, ...] = ()
    table: str
    fingerprint: str
    as_of: datetime
    known_at: datetime | None = None
    period: Period | None = None
    warnings: tuple[Caution, ...] = ()
    troubled: FrozenMap[LeadId, int]
    partners: frozenset[PartnerId]
    _right = frozenset({1})

    @property
    def problems(self) -> int:
        """How many problems of the history touch the leads paid or refused. [count]"""
        leads = {line.lead_id for line in self.lines} | {one.lead_id for one in self.refusals}
        return sum(self.troubled.get(lead_id, 0) for lead_id in leads)

    @property
    def by_currency(self) -> FrozenMap[str, Money]:
        """What is owed in all, by currency. [money]"""
        return _added(self.lines)

    @property
    def by_partner(self) -> FrozenMap[PartnerId, FrozenMap[str, Money]]:
        """What is owed to each partner that has a line, by currency. [money]"""
        names = sorted({line.partner_id for line in self.lines})
        return FrozenMap({name: self.of(name).by_currency for name in names})

    def of(self, partner_id: PartnerId) -> Commissions:
        """The lines and refusals of one partner; a statement to show it.

        Args:
            partner_id: The partner.

        Raises:
            OptionError: When the history names no such partner.
        """
        if partner_id not in self.partners:
            reason = f"no event names this partner{near_name(partner_id, self.partners)}"
            raise OptionError("partner_id", partner_id, reason)
        return evolve(
            self,
            lines=[line for line in self.lines if line.partner_id == partner_id],
            refusals=tuple(one for one in self.refusals if one.partner_id == partner_id),
        )

    def to_dicts(self) -> list[dict[str, object]]:
        """The lines as flat rows."""
        return [
            {
                "partner_id": line.partner_id,
                "lead_id": line.lead_id,
                "kind": line.kind,
                "cause": line.cause,
                "occurred_at": line.occurred_at,
                "amount": line.amount.amount,
                "currency": line.amount.currency,
                "base": line.base.amount,
                "of": line.of,
                "rate": line.rate,
                "row": line.row,
                "attribution": line.attribution,
                "tier": line.tier,
                "event_ids": ", ".join(line.event_ids),
                "table": self.fingerprint,
                "as_of": self.as_of,
            }
            for line in self.lines
        ]

    def statement(self) -> str:
        """Every line, every refusal, and what the lines add up to, as text.

        Days are told by the clock of the period, else in UTC.
        """
        tz = "UTC" if self.period is None else self.period.tz
        body = [f"  {line.told(tz=tz)}" for line in self.lines]
        body += [
            f"  {local_date(one.occurred_at, zone(tz))}  {one.lead_id}  nothing: {one.reason}  "
            f"({', '.join(one.event_ids)})"
            for one in self.refusals
        ]
        notes = [f"  note: {one}" for one in self._cautions()]
        return "\n".join(map(printable, [self._head(), *body, *notes]))

    def _head(self) -> str:
        period = self.period
        when = f"as of {moment_text(self.as_of)}"
        if period is not None:
            when = f"{period.first} to {period.until} {period.tz}, {when}"
        deals = counted(len({line.lead_id for line in self.lines}), "deal")
        basis = f"{counted(len(self.lines), 'line')}, {deals}"
        return f"owed {_text(self.by_currency)} ({basis}, table {self.table}, {when})"

    def _cautions(self) -> list[str]:
        problems = f"{counted(self.problems, 'problem')} of the history in these leads"
        return [problems] * bool(self.problems) + [str(one) for one in self.warnings]

    def _notes(self) -> list[str]:
        reasons = Counter(one.reason for one in self.refusals)
        nothing = [f"nothing for {n}: {why}" for why, n in sorted(reasons.items())]
        return [*nothing, *self._cautions()]

    def _titles(self) -> tuple[str, ...]:
        return "", "owed", "basis"

    def _rows(self) -> list[tuple[str, ...]]:
        lines: dict[PartnerId, list[CommissionLine]] = defaultdict(list)
        for line in self.lines:
            lines[line.partner_id].append(line)
        rows: list[tuple[str, ...]] = []
        for name in sorted(lines):
            back = _added(one for one in lines[name] if one.cause != "won")
            taken = f", {_text(back)} taken back" if back else ""
            basis = f"{counted(len(lines[name]), 'line')}{taken}"
            rows.append((str(name), _text(_added(lines[name])), basis))
        return rows


def _added(lines: Iterable[CommissionLine]) -> FrozenMap[str, Money]:
    """The sum of the amounts in each currency."""
    sums: dict[str, Money] = {}
    for line in lines:
        currency = line.amount.currency
        sums[currency] = sums.get(currency, Money.from_minor(0, currency)) + line.amount
    return FrozenMap(dict(sorted(sums.items())))


def _text(sums: FrozenMap[str, Money]) -> str:
    return ", ".join(map(str, sums.values())) or "nothing"
