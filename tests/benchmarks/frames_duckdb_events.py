"""The events and the leads of the figures written by hand in the SQL of DuckDB."""

# ruff: noqa: S608 - the parts of each statement are written here
from __future__ import annotations

from tests.benchmarks.frames_shape import (
    AFTER_CAPTURE,
    CLOSES,
    CONVERTING,
    RANKS,
    TURNS,
    WORK,
)

__all__ = ["LEADS", "NUMBERED", "ORDERED", "SETTLED", "cents", "has"]


def has(*names: str) -> str:
    """Whether an event is of one of some kinds."""
    ranks = [str(RANKS[name]) for name in names]
    return f"rank = {ranks[0]}" if len(ranks) == 1 else f"rank in ({', '.join(ranks)})"


def cents(name: str) -> str:
    return f"cast(round({name} :: double * 100) as bigint)"


def _numbered(table: str) -> str:
    """The events of a table with numbers in place of words."""
    return f"""
select source, event_id, retracts, partner_id, originator, "by", registration_id, lead_region,
    expected_value_amount, value_amount, lead_id as lead, coalesce(sequence, 0) as sequence,
    rank, coalesce(qualified, true) and not coalesce(automatic, false) as answered,
    epoch_us(protected_until) as protected_until, epoch_us(occurred_at) as happened,
    epoch_us(coalesce(recorded_at, occurred_at)) as recorded
from {table} join ranks using (type)"""


NUMBERED = f"""
create temp table ranks as select unnest({[*RANKS]}) as type,
    unnest({[*RANKS.values()]}) :: tinyint as rank;

create temp view source as {_numbered("frame")};
"""

SETTLED = f"""
create temp table copied as
    select source, event_id from frame group by all having count(*) > 1;

create temp table doubled as select * from frame semi join copied using (source, event_id);

create temp table conflicts as
select any_value(lead_id) as lead from (select distinct * from doubled)
where occurred_at <= make_timestamptz(getvariable('moment'))
group by source, event_id, coalesce(recorded_at, occurred_at)
having count(*) > 1;

create temp table versions as
with copies as ({_numbered("doubled")}), told as (
    select *, row(rank, lead, case when {has("lead_captured")} then originator
        when "by" = 'own_team' then null else partner_id end) as claimant,
        max(recorded) over (partition by source, event_id) as last
    from copies
), final as (
    select distinct on (source, event_id) * from told where recorded = last
), others as (
    select source, event_id, max(told.recorded) as other from told
    join final using (source, event_id)
    where told.claimant is distinct from final.claimant group by all
), since as (
    select source, event_id, min(told.recorded) as since from told
    join final using (source, event_id) left join others using (source, event_id)
    where told.claimant is not distinct from final.claimant
        and (other is null or told.recorded > other) group by all
)
select final.* exclude (claimant, last) replace (since as recorded)
from final join since using (source, event_id);

create temp table taken_back as
    select distinct source, retracts as event_id from frame where retracts is not null;

create temp table settled as
select * exclude (retracts) from (
    select * from source anti join copied using (source, event_id)
    union all by name select * from versions)
anti join taken_back using (source, event_id)
where rank >= {RANKS["lead_captured"]} and happened <= getvariable('moment');
"""

ORDERED = """
create temp table ties as
    select lead, happened from settled group by all having count(*) > 1;

create temp table events as
select * exclude (source, event_id), happened * 256 as key
from settled anti join ties using (lead, happened)
union all by name
select * exclude (source, event_id), happened * 256 + row_number() over (
    partition by lead, happened order by sequence, rank, source, event_id) as key
from settled semi join ties using (lead, happened);
"""

LEADS = f"""
create temp table leads as
with grouped as (
    select lead,
        min(key) filter ({has("lead_captured")}) as captured,
        min(key) filter ({has("lead_offered")}) as offered,
        min(key) filter ({has("lead_accepted")}) as accepted,
        min(key) filter ({has("lead_responded")} and answered) as responded,
        min(key) filter ({has("lead_won")}) as first_won,
        min(key) filter ({has(*CLOSES)}) as first_close,
        min(key) filter ({has("lead_reopened")}) as first_reopen,
        min(key) filter ({has(*AFTER_CAPTURE)}) as first_step,
        max(key) filter ({has("lead_progressed")}) as progressed,
        max(key) filter ({has(*CONVERTING)}) as converting,
        max(key) filter ({has("lead_captured", "lead_progressed")}
            and expected_value_amount is not null) as expected,
        max(key) filter ({has("lead_won")}) as won,
        max(key) filter ({has("lead_lost", "lead_disqualified", "lead_reopened")}) as won_undone,
        max(key) filter ({has(*CLOSES)}) as closed,
        max(key) filter ({has("lead_reopened")}) as reopened,
        max(key) filter ({has(*WORK)}) as last_work,
        max(key) as last,
        count(*) filter ({has("lead_captured")}) as captures,
        count(*) filter ({has(*TURNS)}) as turns,
        coalesce(bool_or({has("lead_progressed")} or ({has("lead_responded")} and answered)), false)
            as followed
    from events group by lead
)
select * replace (
    case when won > coalesce(won_undone, 0) then won end as won,
    case when closed > coalesce(reopened, 0) then closed end as closed)
from grouped;

create temp table captures as
select lead, key, recorded, originator, lead_region as region
from events join leads using (lead) where {has("lead_captured")} and key = captured;

create temp table expectations as
select lead, {cents("expected_value_amount")} as expected_value
from events join leads using (lead)
where {has("lead_captured", "lead_progressed")} and key = expected;

create temp table money as
with wins as (
    select lead, won, {cents("value_amount")} as won_value
    from events join leads using (lead) where {has("lead_won")} and key = won
), refunds as (
    select lead, sum({cents("value_amount")}) :: bigint as refunded
    from events join wins using (lead) where {has("deal_refunded")} and key > won group by lead
)
select lead, won_value, coalesce(refunded, 0) as refunded
from wins left join refunds using (lead);
"""
