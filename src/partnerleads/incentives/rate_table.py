"""What is owed for a deal: a table of rates, as data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from itertools import combinations
from typing import Any, ClassVar, Literal, TypeAlias, get_args

from attrs import field, frozen
from attrs.validators import optional

from partnerleads.errors import OptionError
from partnerleads.events import LeadDisqualified, LeadEvent, LeadQualified
from partnerleads.incentives.table_writing import CONDITIONS, table_text
from partnerleads.kpis.measuring.conditions import EVERY, Condition
from partnerleads.kpis.measuring.expressions import path_of, test_of
from partnerleads.model import EventId
from partnerleads.model.data_text import Kinds
from partnerleads.model.options import one_of
from partnerleads.model.saved import Saved

__all__ = ["Qualification", "RateRow", "RateTable"]

PaymentKind: TypeAlias = Literal["commission", "rebate"]
"""What a payment is called."""

Base: TypeAlias = Literal["value", "margin"]
"""Which money of a win the rate is taken of."""

Among: TypeAlias = Literal["each", "equal"]
"""Whether each of several influencing partners has the whole base, or an equal part of it."""


def _rate(value: Decimal | int | str) -> Decimal:
    if isinstance(value, float | bool):
        raise OptionError("rate", value, 'is not exact; write a rate as text: "0.10"')
    try:
        rate = Decimal(value)
    except (InvalidOperation, TypeError, ValueError):
        raise OptionError("rate", value, 'is no rate; write a part of 1 as text: "0.10"') from None
    if not rate.is_finite() or not 0 <= rate <= 1:
        raise OptionError("rate", value, 'must lie between 0 and 1; ten per cent is "0.10"')
    return rate


@frozen(kw_only=True)
class RateRow:
    """A rate, and the deals and partners that it is for; what is not stated fits all.

    Attributes:
        name: What statements call it.
        rate: Part of the base that is owed; text, so that it is exact. [0..1]
        kind: ``commission`` or ``rebate``; a deal earns a partner one of each at most.
        of: Take it of the win's ``value`` or of its ``margin``.
        tier: Tier of the partner as of the win.
        partner_type: Kind of the partner as of the win.
        attribution: ``sourced``, or ``influenced`` by the partner.
        deal_type: Deal type of the lead as captured.
        among: Where several partners influenced the lead, ``each`` has the whole base, or an
            ``equal`` part of it.
    """

    name: str
    rate: Decimal = field(converter=_rate)
    kind: PaymentKind = field(default="commission", validator=one_of(*get_args(PaymentKind)))
    of: Base = field(default="value", validator=one_of(*get_args(Base)))
    tier: str | None = None
    partner_type: str | None = None
    attribution: str | None = field(
        default=None, validator=optional(one_of("sourced", "influenced"))
    )
    deal_type: str | None = None
    among: Among = field(default="each", validator=one_of(*get_args(Among)))

    def fits(self, facts: dict[str, str | None]) -> bool:
        """Whether it is for such a deal and partner.

        Args:
            facts: Tier, partner type, attribution and deal type; None is not stated.
        """
        wanted = ((name, getattr(self, name)) for name in FITTING)
        return all(one is None or one == facts[name] for name, one in wanted)

    def covers(self, other: RateRow) -> bool:
        """Whether it fits whatever another row of its kind fits."""
        stated = ((getattr(self, name), getattr(other, name)) for name in FITTING)
        return self.kind == other.kind and all(own in (None, one) for own, one in stated)


FITTING = ("tier", "partner_type", "attribution", "deal_type")
"""What rows may state of the deals and partners that they are for."""


def _texts(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(texts)


@frozen(kw_only=True)
class Qualification:
    """What must be known of a lead before its win, so that the win earns anything.

    Criteria are those that ``lead_qualified`` events name, all of them together, up to the win and
    after any disqualification.

    Attributes:
        criteria: The criteria that count, such as need, budget, authority and timeline; none asks
            for the qualification alone.
        at_least: How many of them must be met; None is all. [count]
    """

    criteria: tuple[str, ...] = field(default=(), converter=_texts)
    at_least: int | None = None

    def __attrs_post_init__(self) -> None:
        least, most = self.at_least, len(self.criteria)
        if least is not None and not 0 < least <= most:
            raise OptionError("at_least", least, f"must lie between 1 and {most}, the criteria")

    def judged(self, before: Sequence[LeadEvent]) -> tuple[str, tuple[EventId, ...]]:
        """What is missing in words, empty where nothing is; and the events that show it.

        Args:
            before: The lead's events before the win, in order.
        """
        found: list[LeadQualified] = []
        for event in before:
            if isinstance(event, LeadDisqualified):
                found = []
            elif isinstance(event, LeadQualified):
                found.append(event)
        evidence = tuple(event.event_id for event in found)
        met = {name for event in found for name in event.criteria or ()}
        missing = [name for name in self.criteria if name not in met]
        if not found:
            return "it was not qualified before the win", ()
        allowed = 0 if self.at_least is None else len(self.criteria) - self.at_least
        if len(missing) <= allowed:
            return "", evidence
        return f"its qualification lacks {', '.join(missing)}", evidence


def _rows(rows: Iterable[RateRow]) -> tuple[RateRow, ...]:
    return tuple(rows)


@frozen(kw_only=True)
class RateTable(Saved):
    """Commissions and rebates of a programme.

    Of each kind the first row that fits decides, so put exceptions first.

    Attributes:
        name: What it is called.
        rows: The rates, with names of their own; one that an earlier row leaves nothing is
            refused.
        qualification: What must be known of a lead before its win; None asks for nothing.
        eligible: Which leads earn at all, as of the moment of the statement.

    >>> table = RateTable(name="2026", rows=[
    ...     RateRow(name="gold sourced", rate="0.15", tier="gold", attribution="sourced"),
    ...     RateRow(name="sourced", rate="0.10", attribution="sourced"),
    ... ])
    >>> RateTable.from_json(table.to_json()) == table
    True
    """

    name: str
    rows: tuple[RateRow, ...] = field(converter=_rows)
    qualification: Qualification | None = None
    eligible: Condition = EVERY
    _kinds: ClassVar[Kinds] = {Condition: CONDITIONS}
    _called = "rate table"
    _in_code = ("hours",)

    def __attrs_post_init__(self) -> None:
        if not self.rows:
            raise OptionError("rows", (), "state at least one rate")
        if not isinstance(self.eligible, get_args(Condition)):
            reason = "pass a condition, such as kpis.Is('region', 'DACH')"
            raise OptionError("eligible", self.eligible, reason)
        for column in test_of(self.eligible).names:
            path_of(column, frozenset())
        for first, second in combinations(self.rows, 2):
            if first.name == second.name:
                raise OptionError("rows", first.name, "names two rows; name each for itself")
            if first.covers(second):
                reason = f"is never reached: {first.name!r} before it fits all that it fits"
                raise OptionError("rows", second.name, reason)

    def _text(self, *, strict: bool) -> str:
        """Without what is as usual; a condition with working hours or moments stays in code."""
        return table_text(self, strict=strict)

    def row_for(self, kind: PaymentKind, facts: dict[str, str | None]) -> RateRow | None:
        """The first row of a kind that fits; None where none does.

        Args:
            kind: ``commission`` or ``rebate``.
            facts: Tier, partner type, attribution and deal type; None is not stated.
        """
        return next((row for row in self.rows if row.kind == kind and row.fits(facts)), None)

    @property
    def kinds(self) -> tuple[PaymentKind, ...]:
        """The kinds of payment that it knows, in the order of its rows."""
        kinds: dict[Any, None] = dict.fromkeys(row.kind for row in self.rows)
        return tuple(kinds)
