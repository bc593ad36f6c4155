"""The thirteen figures of the review written by hand in the SQL of DuckDB, as an expert would.

The same definitions as in :mod:`tests.benchmarks.frames_by_polars`, with the same cases left out,
as tables that DuckDB keeps and one last query over the leads.
"""

# ruff: noqa: S608 - the parts of each statement are written here
from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb

from tests.benchmarks.frames_checked import check_by_duckdb
from tests.benchmarks.frames_duckdb_events import LEADS, NUMBERED, ORDERED, SETTLED, has
from tests.benchmarks.frames_shape import (
    ACTS,
    ANSWERS,
    CLOSES,
    DAY,
    DECISIONS,
    HOUR,
    RANKS,
    TURNS,
    WORK,
    Numbers,
    figures_of,
)

__all__ = ["figures_by_duckdb"]


_OFFERS = f"""
create temp table offers as
with known as (
    select lead, partner_id, key, rank, max(key) filter ({has("lead_offered")}) over (
        partition by lead, partner_id order by key) as offer
    from events where {has("lead_offered", *ANSWERS)}
)
select lead, partner_id, offer,
    arg_min(rank, key) filter ({has(*ANSWERS[:-1])}) as answer_rank,
    min(key) filter ({has(*ANSWERS[:-1])}) as answer,
    min(key) filter ({has("offer_withdrawn")}) as withdrawal
from known where offer is not null group by all;

create temp table first_offers as
select lead, bool_or(taken) as taken,
    bool_or(taken) or (bool_or(refused) and not bool_or(pending)) as resolved
from (
    select lead, coalesce(answer_rank = {RANKS["lead_accepted"]}, false) as taken,
        answer is not null and not taken as refused,
        answer is null and withdrawal is null as pending
    from offers join leads using (lead) where offer // 256 = offered // 256)
group by lead;
"""

_CREDITS = f"""
create temp table claims as
with decided as (
    select lead, partner_id, coalesce(registration_id, '') as registration, key as decided,
        rank as answer, protected_until as extended
    from events where {has(*DECISIONS)}
), registered as (
    select lead, partner_id, coalesce(registration_id, '') as registration, key, recorded,
        protected_until
    from events where {has("deal_registered")}
), judged as (
    select lead, key, bool_or(answer <> {RANKS["registration_approved"]}) as undone,
        arg_max(extended, decided) filter (extended is not null
            and answer = {RANKS["registration_approved"]}) as extended
    from registered join decided using (lead, partner_id, registration)
    where decided > key group by all
)
select lead, key, recorded as moment, partner_id as claimant,
    coalesce(extended, protected_until) as until
from registered left join judged using (lead, key)
where not coalesce(undone, false) and recorded <= getvariable('moment')
union all
select lead, key, recorded, originator, null from captures
where originator is not null and recorded <= getvariable('moment');

create temp table contacts as
with own as (select lead, recorded as met from captures where originator is null)
select lead, who, min(moment) as contact from (
    select lead, recorded as moment, case when "by" = 'partner' then partner_id end as who
    from events where {has("contact_made")}
    union all
    select lead, met, null from own where not exists (
        from claims where claims.lead = own.lead and moment <= met
            and (until is null or met < until)))
where moment <= getvariable('moment') group by all;

create temp table sourced as
with judged as (
    select lead, key, any_value(moment) as moment, any_value(until) as until,
        min(contact) filter (who is distinct from claimant) as others,
        min(contact) filter (who is null) as team
    from claims left join contacts using (lead) group by all
)
select distinct lead from judged
where (others is null or moment < others) and (team is null or until is null or team < until);

create temp table influenced as
with acts as (
    select lead, partner_id, key, happened, rank from events
    where {has(*ACTS)} and partner_id is not null
        and (not ({has("contact_made")}) or "by" = 'partner')
), returned as (
    select lead, partner_id, max(key) as returned
    from events where {has("lead_returned")} group by all
)
select distinct lead from acts join leads using (lead) left join returned using (lead, partner_id)
where key > captured and (closed is null or happened <= closed // 256)
    and (not ({has("lead_accepted")}) or returned is null or key > returned);
"""


def _without(later: str, earlier: str, partner: str = "lead, partner_id") -> str:
    """The events that none of some kinds of the same partner comes before."""
    return f"""
    select lead from (
        select {partner}, key, first from (from named where {later}) left join (
            select {partner}, min(key) as first from named where {earlier} group by all)
        using ({partner}))
    where first is null or first > key"""


_PROBLEMS = f"""
create temp table problems as
with named as (
    select lead, partner_id, coalesce(registration_id, '') as registration, key, rank
    from events
    where {
    has("lead_offered", *ANSWERS, "lead_returned", "lead_assigned", "deal_registered", *DECISIONS)
}
), suspects as (
    select lead from leads where turns > 1 or last_work > first_close
        or first_reopen < coalesce(first_close, {2**62})
), steps as (
    select lead, key, happened, sequence, rank from events semi join suspects using (lead)
    where {has(*WORK, *TURNS)}
), turns as (
    select *, {has(*CLOSES)} as closing,
        lag(closing, 1, false) over (partition by lead order by key) as before
    from steps where {has(*TURNS)}
), worked as (
    select lead, rank, last_value(case when {has(*CLOSES)} then true
        when {has("lead_reopened")} then false end ignore nulls)
        over (partition by lead order by key) as closed
    from steps
), found as (
    select lead from leads where first_step < captured
    union all select lead from leads where captures > 1
    union all select lead from money where refunded > won_value
    union all select lead from events
        where ({has("lead_captured", "lead_progressed")} and expected_value_amount :: double < 0)
            or ({has("lead_won", "deal_refunded")} and value_amount :: double < 0)
    union all select lead from events join leads using (lead)
        where {has("deal_refunded")} and (first_won is null or first_won > key)
    union all {_without(has(*ANSWERS), has("lead_offered"))}
    union all {_without(has("lead_returned"), has("lead_accepted", "lead_assigned"))}
    union all {_without(has(*DECISIONS), has("deal_registered"), "lead, partner_id, registration")}
    union all select lead from turns where closing = before
    union all select distinct lead from worked where closed and {has(*WORK)}
    union all select lead from turns
        group by lead, happened, sequence having count(distinct rank) > 1
    union all select lead from offers where withdrawal < answer
    union all select lead from conflicts
    union all select lead from (select distinct lead, happened from events where sequence <> 0)
        semi join (from events where sequence = 0) using (lead, happened)
)
select lead, count(*) as problems from found group by lead;
"""

_MEMBERS = f"""
create temp table members as
select leads.lead, region, expected_value, won_value - refunded as final,
    leads.accepted is not null as accepted, responded is not null as responded,
    won is not null as won, closed is not null as is_closed, followed,
    sourced.lead is not null as sourced,
    influenced.lead is not null and sourced.lead is null as influenced,
    coalesce(taken, false) as taken, coalesce(resolved, false) as resolved,
    coalesce(converting // 256 >= leads.accepted // 256, false) as converted,
    progressed is not null and closed is null as worked,
    worked and getvariable('moment') - last // 256 > {30 * DAY} as stalled,
    leads.accepted // 256 - captured // 256 as to_accepted,
    responded // 256 - captured // 256 as to_responded,
    won // 256 - captured // 256 as to_won,
    coalesce(problems, 0) as problems
from leads join captures using (lead) left join expectations using (lead)
left join money using (lead) left join first_offers using (lead) left join problems using (lead)
left join sourced using (lead) left join influenced using (lead);
"""

_FLAGS = ("sourced", "influenced", "taken", "resolved", "accepted", "worked", "won")


def _times(name: str, unit: int) -> str:
    length = f"to_{name} / {unit}"
    ran = f"filter (to_{name} >= 0)"
    return f"""
    count(*) {ran} as {name}_n, median({length}) {ran} as {name}_median,
    quantile_cont({length}, 0.9) {ran} as {name}_p90, avg({length}) {ran} as {name}_mean,
    count(*) filter (not {name} and not is_closed) as {name}_open,
    count(*) filter (not {name} and is_closed) as {name}_closed,
    count(*) filter (to_{name} < 0) as {name}_negative"""


_SUMS = f"""
select count(*) as captured, {", ".join(f"count(*) filter ({f}) as {f}" for f in _FLAGS)},
    count(*) filter (accepted and converted) as converted,
    sum(expected_value) filter (worked) :: bigint as expected,
    count(expected_value) filter (worked) as expecting,
    sum(final) :: bigint as final, count(final) as valued,
    {
    ", ".join(f"coalesce(sum(problems) filter ({f}), 0) :: bigint as problems_{f}" for f in _FLAGS)
},
    sum(problems) :: bigint as problems_all,
    {_times("accepted", HOUR)}, {_times("responded", DAY)}, {_times("won", DAY)}
from members
"""

_PLACES = """
select region, bool_or(followed), bool_or(is_closed), count(*), sum(problems) :: bigint
from members where followed or is_closed group by region
"""


def figures_by_duckdb(path: Path, *, as_of: datetime) -> dict[str, Numbers]:
    """The thirteen figures of a flat frame in a Parquet file.

    Args:
        path: The file.
        as_of: Events that occurred later do not exist. [aware datetime]
    """
    moment = round(as_of.timestamp() * 1_000_000)
    with duckdb.connect() as base:
        base.execute("set enable_progress_bar = false")
        base.execute(f"set variable moment = {moment}")
        base.execute(f"create temp view frame as from '{path}'")
        check_by_duckdb(base)
        for script in (NUMBERED, SETTLED, ORDERED, LEADS, _OFFERS, _CREDITS, _PROBLEMS):
            base.execute(script)
        base.execute(_MEMBERS)
        sums = base.execute(_SUMS)
        names = [column[0] for column in sums.description]
        (row,) = sums.fetchall()
        stalled = base.execute("select lead from members where stalled order by lead").fetchall()
        places = base.execute(_PLACES).fetchall()
    return figures_of(dict(zip(names, row, strict=True)), [lead for (lead,) in stalled], places)
