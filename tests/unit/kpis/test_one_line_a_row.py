"""Names with a line break in them break no row of what results print."""

from datetime import date, timedelta

import attrs
import pytest

from partnerleads import Period, kpis
from partnerleads.events import Event, LeadCaptured
from partnerleads.incentives import RateRow, RateTable, allocate, commissions
from partnerleads.kpis import Is
from partnerleads.testing import at, history, money

NOW = at("2026-06-01")
MONTH = timedelta(days=30)
TABLE = RateTable(name="ten", rows=[RateRow(name="ten", rate="0.10")])


def named(name: str) -> list[Event]:
    """Leads of a partner and a region of that name."""
    events = history("""
        2026-01-02 L1 captured by acme region=DACH
        2026-01-04 L1 won 100 EUR
        2026-01-02 L2 captured region=DACH
        2026-01-03 L2 contact by own_team
        2026-01-04 L2 registered by acme
        2026-01-05 L2 lost
    """)
    return [
        attrs.evolve(
            event,
            lead_id=f"{event.lead_id}{name}",  # type: ignore[attr-defined]
            originator=event.originator and name,
            lead=attrs.evolve(event.lead, region=name),
        )
        if isinstance(event, LeadCaptured)
        else attrs.evolve(event, lead_id=f"{event.lead_id}{name}")  # type: ignore[attr-defined]
        for event in events
    ]


def printed(name: str) -> dict[str, str]:
    events = named(name)
    week = Period.days(date(2026, 1, 1), date(2026, 1, 8), name=name)
    here, there = Is("region", name), Is("region", "UKI")
    statement = commissions(events, table=TABLE, as_of=NOW)
    return {
        "commissions": str(statement),
        "statement": statement.statement(),
        "allocation": str(allocate(money("100 EUR"), {name: 1.0, "core": 2.0})),
        "comparison": str(
            kpis.compare(events, kpis.cohort_close_rate, here, there, as_of=NOW, within=MONTH)
        ),
        "league table": str(kpis.league_table(events, within=MONTH, as_of=NOW)),
        "trend": str(kpis.trend(events, kpis.sourced_rate, periods=[week], as_of=NOW)),
        "audit": str(kpis.audit(events, as_of=NOW)),
    }


@pytest.mark.parametrize("what", printed("x"))
def test_a_row_stays_on_its_line(what: str) -> None:
    broken, plain = printed("ac\nme")[what], printed("acme")[what]

    assert plain.count("\n") == broken.count("\n")
    assert r"ac\nme" in broken
