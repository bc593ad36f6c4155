"""Commissions and rebates owed for deals, with refunds clawed back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from partnerleads.errors import OptionError
from partnerleads.events import LeadWon
from partnerleads.incentives.commission_result import CommissionLine, Commissions, Refusal
from partnerleads.incentives.earners import Earner, earners_of
from partnerleads.incentives.earning import Owed, owed_by
from partnerleads.incentives.rate_table import RateTable
from partnerleads.kpis.measuring.elapsed import VAGUE
from partnerleads.kpis.measuring.figures import AnyHistory, history_of
from partnerleads.kpis.measuring.members import Members
from partnerleads.kpis.row_lives import lives_of
from partnerleads.lifecycle import LeadLifecycle, Lifecycles
from partnerleads.lifecycle.settled_events import partners_named
from partnerleads.model import UTC, Caution, FrozenMap, LeadId, Period
from partnerleads.model.instant import begins_day, zone
from partnerleads.model.period import check_period

__all__ = ["commissions"]

_WORDS = {
    "unclear_refunds": (
        "refunds that took nothing back, in another currency or of a win without a value: {}"
    ),
    "won_after_leaving": "owed for wins after their partner had left the programme: {}",
    "invented_times": "left out of the period, since their calendar is invented: {}",
    "vague_times": "placed by a time known only as 'by' or 'assumed': {}",
    "dates_of_another_zone": (
        "placed by a date of another zone than the period's, where it may be off by a day: {}; "
        "pass a period with the zone of the dates, such as Period.quarter(2026, 1, "
        "tz='Europe/Berlin')"
    ),
}


def commissions(
    history: AnyHistory,
    *,
    table: RateTable,
    as_of: datetime | None = None,
    period: Period | None = None,
) -> Commissions:
    """What is owed to partners for the deals they sourced or influenced.

    A win earns the partner that sourced the deal, or else those that influenced it, the rate of
    the first row of each kind that fits: by the partner's tier and type as of the win, the
    attribution, and the deal type as captured. A refund takes back the same part of it as of the
    value, in the period of the refund, and never more than was earned. A win that is undone, by a
    reopen, a loss or a disqualification, or that another win replaces, is taken back when that
    happens. Every amount is rounded half-even once, and lines add up to the totals to the cent.

    Attribution, and the table's condition, are those of the moment; a partner that has left since
    is owed what it earned, and one that had left before the win too, with a note. Currencies are
    kept apart.

    Args:
        history: Events, or the lifecycles made of them.
        table: The rates.
        as_of: The moment; needed with events. [aware datetime]
        period: Period of the wins, refunds and undoings, in whose zone dates should be midnights;
            None is all time.

    Returns:
        The lines with their evidence, and the standing wins that earned a credited partner
        nothing, with the reason.

    Raises:
        AsOfError: When *as_of* is missing with events, or differs from the history's own.
        OptionError: When *table* is none, or an engine keeps no lifecycles.

    Source:
        DOMAIN 5.

    >>> from partnerleads.incentives import RateRow
    >>> from partnerleads.testing import at, history
    >>> table = RateTable(name="2026", rows=[RateRow(name="sourced", rate="0.10")])
    >>> events = history('''
    ...     2026-01-02 L1 captured by acme
    ...     2026-02-01 L1 won 9000 EUR
    ...     2026-04-15 L1 refunded 3000 EUR
    ... ''')
    >>> owed = commissions(events, table=table, as_of=at("2026-07-01"))
    >>> print(owed)
    owed EUR 600.00 (2 lines, 1 deal, table 2026, as of 2026-07-01 00:00 UTC)
      acme  EUR 600.00  2 lines, EUR -300.00 taken back
    >>> owed.lines[1].event_ids
    ('e3', 'e2', 'e1')
    """
    if not isinstance(table, RateTable):
        raise OptionError("table", table, "pass a RateTable; RateTable.from_json reads one")
    check_period("period", period)
    lives = lives_of(history_of(history, as_of=as_of), asked_by="commissions")
    eligible = {lead.lead_id for lead in Members("leads", lives).keep(table.eligible, UTC).leads}
    lines: list[CommissionLine] = []
    refusals: list[Refusal] = []
    seen = Counter[str]()
    for lead in lives.population:
        made, refused = _of_deal(lead, table, lives, eligible)
        refusals += [one for one in refused if period is None or one.occurred_at in period]
        for one in made:
            if period is not None and one.event.occurred_at not in period:
                continue
            precision = "" if period is None else one.event.precision
            seen["unclear_refunds"] += one.line is None
            seen["invented_times"] += precision == "relative"
            seen["vague_times"] += precision in VAGUE
            if period is not None and precision == "day":
                seen["dates_of_another_zone"] += not begins_day(
                    one.event.occurred_at, zone(period.tz)
                )
            if one.line is not None and precision != "relative":
                lines.append(one.line)
                seen["won_after_leaving"] += _had_left(one.line, lives)
    leads = {line.lead_id for line in lines} | {one.lead_id for one in refusals}
    return Commissions(
        lines=sorted(lines, key=lambda one: (one.occurred_at, one.lead_id)),
        refusals=tuple(sorted(refusals, key=lambda one: (one.occurred_at, one.lead_id))),
        table=table.name,
        fingerprint=table.fingerprint,
        as_of=lives.as_of,
        known_at=lives.known_at,
        period=period,
        warnings=tuple(
            Caution(code, words.format(seen[code])) for code, words in _WORDS.items() if seen[code]
        ),
        troubled=FrozenMap(
            {one: lives.troubled[one] for one in sorted(leads) if one in lives.troubled}
        ),
        partners=partners_named(lives),
    )


def _had_left(line: CommissionLine, lives: Lifecycles) -> bool:
    then = lives.partner_at(line.partner_id, line.occurred_at)
    return line.cause == "won" and then.terminated_at is not None


def _of_deal(
    lead: LeadLifecycle, table: RateTable, lives: Lifecycles, eligible: Collection[LeadId]
) -> tuple[list[Owed], list[Refusal]]:
    """What a deal makes owed, and what its standing win does not."""
    refused: list[Refusal] = []

    def earners(won: LeadWon) -> list[Earner]:
        found, refusals = earners_of(lead, won, table, lives, eligible=lead.lead_id in eligible)
        if won is lead.won:
            refused.extend(refusals)
        return found

    return list(owed_by(lead, earners)), refused
