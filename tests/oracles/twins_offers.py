"""Naive twins of the KPIs on offers, registrations and decided leads."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from partnerleads import events as ev
from tests.oracles.twins import (
    ANSWERS,
    CLOSES,
    Asked,
    Figure,
    Member,
    Population,
    after,
    counts,
    final_value,
    last_stated,
    no_time,
    of_kind,
    offers,
    priced,
    rounded,
    share,
    standing_close,
    standing_win,
    summary,
    time_between,
    worked_time,
)

# --- offers ---------------------------------------------------------------------------------------


def offered(events: tuple[Any, ...], _: Asked) -> list[Member]:
    """Every offer; its end is the answer."""
    return [
        Member(
            events=events,
            anchor=one["offer"],
            holder=one["offer"],
            end=one["answer"],
            own={
                "agent": one["offer"].agent_id,
                "reason": getattr(one["answer"], "reason", None),
                "reply": one["reply"],
                "withdrawn": one["reply"] is None and _withdrawn_first(one, events),
            },
        )
        for one in offers(events)
    ]


def _withdrawn_first(one: dict[str, Any], events: tuple[Any, ...]) -> bool:
    """Whether the offer was withdrawn before it was answered or expired."""
    gone = one["withdrawn"]
    return bool(gone) and (one["answer"] is None or one["answer"] in after(events, gone[0]))


def resolved(events: tuple[Any, ...], asked: Asked) -> list[Member]:
    return [member for member in offered(events, asked) if isinstance(member.end, ANSWERS)]


def left_standing(events: tuple[Any, ...], asked: Asked) -> list[Member]:
    return [member for member in offered(events, asked) if not member.own["withdrawn"]]


def answered_by(kind: type) -> Callable[[Asked], tuple[Population, Figure]]:
    return lambda _: (resolved, share(lambda member, _: isinstance(member.end, kind)))


def judged_by_expiry(member: Member, asked: Asked) -> str | bool | None:
    """Whether it was late; why nobody can tell; None where it is too early to tell."""
    reply = member.own["reply"]
    limit = member.anchor.expires_at
    if limit is None:
        return "it states no expiry"
    if limit > asked.as_of:
        return None
    if reply is None:
        return True
    if reply.precision not in ("instant", "day"):
        return "when it was answered is not known"
    return bool(reply.occurred_at > limit)


def judged_by_limit(member: Member, asked: Asked) -> str | bool | None:
    reply = member.own["reply"]
    limit: timedelta = asked.options["within"]
    passed = time_between if asked.options.get("working_hours") is None else worked_time
    now = SimpleNamespace(occurred_at=asked.as_of, precision="instant")
    if member.anchor.precision not in ("instant", "day"):
        return "when it was offered is not known"
    last_day = member.anchor.precision == "day" and passed is time_between
    if passed(member.anchor, now, asked.zone) < limit + timedelta(days=last_day):
        return None
    if reply is None:
        return True
    return no_time(member.anchor, reply) or passed(member.anchor, reply, asked.zone) > limit


def breaches(members: list[Member], asked: Asked) -> dict[str, Any]:
    judge = judged_by_expiry if asked.options.get("within") is None else judged_by_limit
    verdicts = [judge(member, asked) for member in members]
    late = [verdict for verdict in verdicts if isinstance(verdict, bool)]
    reasons = [verdict for verdict in verdicts if isinstance(verdict, str)]
    return {
        "hits": sum(late),
        "of": len(late),
        "n": len(late),
        "value": sum(late) / len(late) if late else None,
        "left_out_because": counts(reasons),
    }


# --- registrations --------------------------------------------------------------------------------

DECISIONS = (ev.RegistrationApproved, ev.RegistrationRejected, ev.RegistrationWithdrawn)


def claim_of(event: Any) -> tuple[str, str | None]:
    return event.partner_id, event.registration_id


def before(events: tuple[Any, ...], event: Any) -> list[Any]:
    return list(events[: len(events) - len(after(events, event)) - 1])


def submitted(events: tuple[Any, ...], _: Asked) -> Iterable[Member]:
    """Every submission that repeats none that is still undecided; its end is the decision."""
    for registered in of_kind(events, ev.DealRegistered):
        of_claim = [
            event
            for event in of_kind(events, ev.DealRegistered, *DECISIONS)
            if claim_of(event) == claim_of(registered)
        ]
        earlier = before(tuple(of_claim), registered)
        if earlier and isinstance(earlier[-1], ev.DealRegistered):
            continue
        decision = next(iter(of_kind(after(tuple(of_claim), registered), *DECISIONS)), None)
        decided = isinstance(decision, ev.RegistrationApproved | ev.RegistrationRejected)
        yield Member(
            events=events,
            anchor=registered,
            holder=registered,
            end=decision,
            own={"reason": decision.reason if decided else None},
        )


def decided(events: tuple[Any, ...], asked: Asked) -> list[Member]:
    return [
        member
        for member in submitted(events, asked)
        if isinstance(member.end, ev.RegistrationApproved | ev.RegistrationRejected)
    ]


def is_conflicted(member: Member, _: Asked) -> bool:
    mine = member.anchor
    earlier = before(member.events, mine)
    for captured in of_kind(earlier, ev.LeadCaptured)[:1]:
        if captured.originator is not None and captured.originator != mine.partner_id:
            return True
    for other in of_kind(earlier, ev.DealRegistered):
        if other.partner_id == mine.partner_id:
            continue
        said = [
            event
            for event in of_kind(after(tuple(earlier), other), *DECISIONS)
            if claim_of(event) == claim_of(other)
        ]
        ends = [event.protected_until for event in of_kind(said, ev.RegistrationApproved)]
        until = ([other.protected_until] + [end for end in ends if end is not None])[-1]
        undone = of_kind(said, ev.RegistrationRejected, ev.RegistrationWithdrawn)
        if not undone and (until is None or mine.occurred_at < until):
            return True
    return False


def waits(members: list[Member], asked: Asked) -> dict[str, Any]:
    times, reasons = [], []
    censored = closed = 0
    for member in members:
        approved = member.end if isinstance(member.end, ev.RegistrationApproved) else None
        if reason := no_time(member.anchor, approved):
            reasons.append(reason)
        elif member.end is None:
            censored += 1
        elif approved is None:
            closed += 1
        elif time_between(member.anchor, approved, asked.zone) < timedelta(0):
            reasons.append("its end comes before its start")
        else:
            passed = time_between if asked.options.get("working_hours") is None else worked_time
            times.append(passed(member.anchor, approved, asked.zone) / timedelta(days=1))
    return summary(times) | {
        "censored": censored,
        "closed_without": closed,
        "left_out_because": counts(reasons),
    }


# --- decided leads --------------------------------------------------------------------------------


def closed(events: tuple[Any, ...], asked: Asked) -> list[Member]:
    close = standing_close(events)
    kinds = CLOSES if asked.options.get("which") == "broad" else CLOSES[:2]
    if not isinstance(close, kinds):
        return []
    reason = None if isinstance(close, ev.LeadWon) else close.reason
    if reason is not None and reason in asked.options.get("excluding", ()):
        return []
    return [Member(events=events, anchor=close)]


def was_won(member: Member, _: Asked) -> bool:
    return isinstance(member.anchor, ev.LeadWon)


def value_share(members: list[Member], asked: Asked) -> dict[str, Any]:
    by_kind = dict.fromkeys(CLOSES, Decimal(0))
    currencies, reasons = [], []
    for member in members:
        won = was_won(member, asked)
        value = final_value(member.events, gross=False) if won else None
        if not won:
            value = last_stated(member.events, "expected_value")
        if value is None:
            mixed = won and standing_win(member.events).value is not None
            reasons.append("its refunds are in another currency" if mixed else "it has no amount")
            continue
        currency, amount = priced(value, member, asked)
        currencies.append(currency)
        by_kind[type(member.anchor)] += amount
    answer = {
        "n": len(currencies),
        "value": None,
        "hits": Decimal(0),
        "of": Decimal(0),
        "left_out_because": counts(reasons),
    }
    for currency in set(currencies) if len(set(currencies)) == 1 else ():
        hits, of = by_kind[ev.LeadWon], sum(by_kind.values(), Decimal(0))
        if of > 0 and min(by_kind.values()) >= 0:
            answer["value"] = float(hits / of)
        answer |= {
            name: rounded({currency: amount})[currency].amount
            for name, amount in (("hits", hits), ("of", of))
        }
    return answer


def _win_rate(asked: Asked) -> tuple[Population, Figure]:
    return closed, value_share if asked.options.get("unit") == "value" else share(was_won)


TWINS: dict[str, Callable[[Asked], tuple[Population, Figure]]] = {
    "offer_acceptance_rate": answered_by(ev.LeadAccepted),
    "offer_decline_rate": answered_by(ev.LeadDeclined),
    "offer_expiry_rate": answered_by(ev.OfferExpired),
    "offer_sla_breach_rate": lambda _: (left_standing, breaches),
    "registration_approval_rate": lambda _: (
        decided,
        share(lambda member, _: isinstance(member.end, ev.RegistrationApproved)),
    ),
    "registration_conflict_rate": lambda asked: (
        submitted if asked.options.get("of") == "submitted" else decided,
        share(is_conflicted),
    ),
    "time_to_approval": lambda _: (submitted, waits),
    "decided_win_rate": _win_rate,
}

OF_ANY_LEAD = frozenset(
    {"registration_approval_rate", "registration_conflict_rate", "time_to_approval"}
)
"""KPIs whose members may be of leads that were never captured."""
