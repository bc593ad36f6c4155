"""A slow, naive second writing of every KPI, straight from the definitions.

The fold is trusted only for what counts and in which order: the settled events of each lead. All
milestones, the attribution and every figure are worked out here again, one plain loop at a time,
without a line of the code that they are compared with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from statistics import median, quantiles
from typing import Any
from zoneinfo import ZoneInfo

from attrs import evolve, field, frozen

from partnerleads import events as ev
from partnerleads.model import Money, Period, WorkingHours

VAGUE = ("by", "assumed")
CLOSES = (ev.LeadWon, ev.LeadLost, ev.LeadDisqualified)
ANSWERS = (ev.LeadAccepted, ev.LeadDeclined, ev.OfferExpired)
NINE_TO_FIVE = WorkingHours.parse({"mon-fri": "09:00-17:00"}, time_zone="Europe/Berlin")

Key = Any
Options = Mapping[str, Any]


@frozen(kw_only=True)
class Asked:
    """The question, as a KPI function gets it."""

    as_of: datetime
    period: Period | None = None
    by: tuple[str, ...] = ()
    options: Options = field(factory=dict)
    partner_events: Mapping[str, Iterable[Any]] = field(factory=dict)

    @property
    def zone(self) -> tzinfo:
        return UTC if self.period is None else ZoneInfo(self.period.tz)


@frozen(kw_only=True)
class Member:
    """One lead, or one win, spell or the like of it, with the event that places it in time."""

    events: tuple[Any, ...]
    anchor: Any = None
    holder: Any = None
    end: Any = None
    own: Mapping[str, Any] = field(factory=dict)
    """The keys that it says itself, and what else its figure needs."""


# --- one lead -------------------------------------------------------------------------------------


def of_kind(events: Iterable[Any], *kinds: type) -> list[Any]:
    return [event for event in events if isinstance(event, kinds)]


def first(events: Iterable[Any], *kinds: type) -> Any:
    return next(iter(of_kind(events, *kinds)), None)


def last(events: Iterable[Any], *kinds: type) -> Any:
    return next(iter(reversed(of_kind(events, *kinds))), None)


def after(events: tuple[Any, ...], event: Any) -> tuple[Any, ...]:
    place = next(place for place, other in enumerate(events) if other is event)
    return events[place + 1 :]


def standing_win(events: tuple[Any, ...]) -> Any:
    standing = [
        win
        for win in of_kind(events, ev.LeadWon)
        if not of_kind(after(events, win), ev.LeadLost, ev.LeadDisqualified, ev.LeadReopened)
    ]
    return standing[-1] if standing else None


def standing_close(events: tuple[Any, ...]) -> Any:
    standing = [
        close
        for close in of_kind(events, *CLOSES)
        if not of_kind(after(events, close), ev.LeadReopened)
    ]
    return standing[-1] if standing else None


def same_recipient(one: Any, other: Any) -> bool:
    for name in ("partner_id", "agent_id", "offer_id"):
        mine, theirs = getattr(one, name, None), getattr(other, name, None)
        if mine is not None and theirs is not None:
            return bool(mine == theirs)
    return False


def held(events: tuple[Any, ...]) -> Any:
    standing = [
        taken
        for taken in of_kind(events, ev.LeadAccepted, ev.LeadAssigned)
        if (taken.partner_id is not None or taken.agent_id is not None)
        and not any(
            same_recipient(given_back, taken)
            for given_back in of_kind(after(events, taken), ev.LeadReturned)
        )
    ]
    return standing[-1] if standing else None


def recipient(event: Any) -> str | None:
    return None if event is None else event.partner_id or event.agent_id


def is_answer(event: Any) -> bool:
    return isinstance(event, ev.LeadResponded) and event.qualified and not event.automatic


def last_stated(events: Iterable[Any], name: str) -> Any:
    stated = [
        getattr(event, name)
        for event in of_kind(events, ev.LeadCaptured, ev.LeadProgressed)
        if getattr(event, name, None) is not None
    ]
    return stated[-1] if stated else None


def final_value(events: tuple[Any, ...], *, gross: bool) -> Money | None:
    win = standing_win(events)
    if win is None or win.value is None:
        return None
    left: Money = win.value
    for refund in [] if gross else of_kind(after(events, win), ev.DealRefunded):
        if refund.value.currency != left.currency:
            return None
        left = Money(left.amount - refund.value.amount, left.currency)
    return left


def converted(events: tuple[Any, ...]) -> Any:
    taken = first(events, ev.LeadAccepted)
    later = [
        event
        for event in of_kind(events, ev.LeadProgressed, ev.LeadWon)
        if taken is not None and event.occurred_at >= taken.occurred_at
    ]
    return later[0] if later else None


def spells(events: tuple[Any, ...]) -> Iterator[tuple[Any, Any]]:
    """Everyone's time with a lead: the acceptance, and the first conversion while he held it."""
    for taken in of_kind(events, ev.LeadAccepted):
        if any(same_recipient(taken, start) for start, _ in open_spells(events, taken)):
            continue
        conversions = of_kind(after(events, taken), ev.LeadProgressed, ev.LeadWon)
        mine = [event for event in conversions if holding(events, event) is taken]
        yield taken, first(mine, ev.LeadProgressed, ev.LeadWon)


def open_spells(events: tuple[Any, ...], until: Any) -> list[tuple[Any, int]]:
    """The spells that no return has ended before an event, each with its last acceptance."""
    found: list[tuple[Any, int]] = []
    for place, event in enumerate(events):
        if event is until:
            break
        if isinstance(event, ev.LeadAccepted):
            known = [number for number, one in enumerate(found) if same_recipient(event, one[0])]
            if known:
                found[known[0]] = (found[known[0]][0], place)
            else:
                found.append((event, place))
        elif isinstance(event, ev.LeadReturned):
            found = [one for one in found if not same_recipient(event, one[0])]
    return found


def holding(events: tuple[Any, ...], until: Any = None) -> Any:
    """The start of the spell that was last accepted of those that are open."""
    return max(open_spells(events, until), key=lambda one: one[1], default=(None, 0))[0]


def last_holding(events: tuple[Any, ...]) -> Any:
    """Who holds the lead, else who held it last."""
    held_then = [holding(events[: place + 1]) for place in range(len(events))]
    return next((taken for taken in reversed(held_then) if taken is not None), None)


# --- offers ---------------------------------------------------------------------------------------


def offers(events: tuple[Any, ...]) -> list[dict[str, Any]]:
    """Every offer once, with its answer, its withdrawal before that, and the return after it."""
    found: list[dict[str, Any]] = []
    for offer in of_kind(events, ev.LeadOffered):
        if offer.offer_id is not None and any(
            known["offer"].offer_id == offer.offer_id and same_recipient(known["offer"], offer)
            for known in found
        ):
            continue
        answers = [
            event
            for event in of_kind(after(events, offer), *ANSWERS, ev.OfferWithdrawn)
            if _is_to(event, offer, events)
        ]
        answer = first(answers, *ANSWERS)
        reply = first(answers, ev.LeadAccepted, ev.LeadDeclined)
        withdrawals = of_kind(answers, ev.OfferWithdrawn)
        returns = []
        if isinstance(answer, ev.LeadAccepted):
            returns = [
                event
                for event in of_kind(after(events, answer), ev.LeadReturned)
                if same_recipient(event, answer)
            ]
        found.append(
            {
                "offer": offer,
                "answer": answer,
                "reply": reply,
                "withdrawn": withdrawals,
                "returned": returns,
            }
        )
    return found


def _is_to(event: Any, offer: Any, events: tuple[Any, ...]) -> bool:
    if not same_recipient(event, offer):
        return False
    if event.offer_id is not None and offer.offer_id is not None:
        return bool(event.offer_id == offer.offer_id)
    for other in after(events, offer):
        if other is event:
            return True
        repeated = offer.offer_id is not None and other_id(other) == offer.offer_id
        if isinstance(other, ev.LeadOffered) and same_recipient(other, offer) and not repeated:
            return False
    return False


def other_id(event: Any) -> str | None:
    return getattr(event, "offer_id", None)


def first_batch(events: tuple[Any, ...]) -> list[dict[str, Any]]:
    """The first offers, those of one instant, without the withdrawn."""
    made = offers(events)
    return [
        offer
        for offer in made
        if offer["offer"].occurred_at == made[0]["offer"].occurred_at
        and (offer["answer"] is not None or not offer["withdrawn"])
    ]


def was_accepted(events: tuple[Any, ...], *, net: bool) -> bool:
    return any(
        isinstance(offer["answer"], ev.LeadAccepted) and not (net and offer["returned"])
        for offer in first_batch(events)
    )


def is_resolved(events: tuple[Any, ...]) -> bool:
    batch = first_batch(events)
    answered = [offer["answer"] is not None for offer in batch]
    return was_accepted(events, net=False) or (bool(batch) and all(answered))


def accepted_offer(events: tuple[Any, ...]) -> Any:
    taken = first(events, ev.LeadAccepted)
    return next((o["offer"] for o in offers(events) if o["answer"] is taken), None)


# --- attribution, under the default policy --------------------------------------------------------


def attribution(events: tuple[Any, ...], as_of: datetime) -> tuple[str, str | None]:
    source = sourced_by(events, as_of)
    if source is not None:
        return "sourced", source
    return ("influenced" if is_influenced(events) else "direct"), None


def sourced_by(events: tuple[Any, ...], as_of: datetime) -> str | None:
    captured = first(events, ev.LeadCaptured)
    claims: list[tuple[Any, str, datetime | None]] = []
    if captured is not None and captured.originator is not None:
        claims.append((captured, captured.originator, None))
    for registered in of_kind(events, ev.DealRegistered):
        claim = (registered.partner_id, registered.registration_id)
        decisions = [
            event
            for event in after(events, registered)
            if isinstance(
                event, ev.RegistrationApproved | ev.RegistrationRejected | ev.RegistrationWithdrawn
            )
            and (event.partner_id, event.registration_id) == claim
        ]
        if of_kind(decisions, ev.RegistrationRejected, ev.RegistrationWithdrawn):
            continue
        ends = [event.protected_until for event in of_kind(decisions, ev.RegistrationApproved)]
        ends = [registered.protected_until, *(end for end in ends if end is not None)]
        claims.append((registered, registered.partner_id, ends[-1]))
    claims = [claim for claim in claims if claim[0].recorded_at <= as_of]

    contacts = [
        (event, event.partner_id if event.by == "partner" else None)
        for event in of_kind(events, ev.ContactMade)
    ]
    if (
        captured is not None
        and captured.originator is None
        and not any(
            claim.recorded_at <= captured.recorded_at
            and (end is None or captured.recorded_at < end)
            for claim, _, end in claims
        )
    ):
        contacts.append((captured, None))
    contacts = [contact for contact in contacts if contact[0].recorded_at <= as_of]

    valid = []
    for claim, partner, end in claims:
        others = [event.recorded_at for event, who in contacts if who != partner]
        team = [event.recorded_at for event, who in contacts if who is None]
        first_of_all = not others or claim.recorded_at < min(others)
        in_force = not team or (claim.recorded_at <= min(team) and (end is None or min(team) < end))
        if first_of_all and in_force:
            valid.append((claim.recorded_at, claim.source, claim.event_id, partner))
    return min(valid)[3] if valid else None


def is_influenced(events: tuple[Any, ...]) -> bool:
    if first(events, ev.LeadCaptured) is None:
        return False
    close = standing_close(events)
    kinds = (ev.PartnerInfluenced, ev.ContactMade, ev.LeadAccepted, ev.LeadProgressed, ev.LeadWon)
    for event in of_kind(after(events, first(events, ev.LeadCaptured)), *kinds):
        if event.partner_id is None or (close and event.occurred_at > close.occurred_at):
            continue
        if isinstance(event, ev.ContactMade) and event.by != "partner":
            continue
        if isinstance(event, ev.LeadAccepted) and any(
            same_recipient(given_back, event)
            for given_back in of_kind(after(events, event), ev.LeadReturned)
        ):
            continue
        return True
    return False


# --- keys -----------------------------------------------------------------------------------------


def key_of(name: str, member: Member, asked: Asked) -> str | None:
    """What a key says of a member; facts of the lead as captured, unless the latest are asked."""
    events = member.events
    captured = of_kind(events, ev.LeadCaptured)[:1]
    kind, _, fact = name.rpartition(".")
    stated: list[str | None] = [None]
    if kind == "attributes":
        stated += [event.lead.attributes.get(fact) for event in captured]
    elif kind == "latest":
        updates = [
            e for e in events if isinstance(e, ev.LeadUpdated) or any(e is c for c in captured)
        ]
        stated += [getattr(event.lead, fact) for event in updates]
    elif name in ("account", "region", "country", "deal_type", "industry"):
        stated += [getattr(event.lead, name) for event in captured]
    elif name in ("tier", "partner_type"):
        stated += partner_facts(name, member, asked)
    else:
        stated.append(state_of(member, asked)[name])
    return next((value for value in reversed(stated) if value is not None), None)


def state_of(member: Member, asked: Asked) -> dict[str, str | None]:
    close = standing_close(member.events)
    mine = held(member.events)
    attributed, source = attribution(member.events, asked.as_of)
    names = {ev.LeadWon: "won", ev.LeadLost: "lost", ev.LeadDisqualified: "disqualified"}
    return {
        "attribution": attributed,
        "sourcing_partner": source,
        "holder": recipient(mine if member.holder is None else member.holder),
        "closing_partner": getattr(close, "partner_id", None),
        "agent": getattr(close, "agent_id", None) or getattr(mine, "agent_id", None),
        "status": "open" if close is None else names[type(close)],
        "reason": getattr(close, "reason", None),
        "lead_id": member.events[0].lead_id,
        **member.own,
    }


def partner_facts(name: str, member: Member, asked: Asked) -> list[str | None]:
    """What the partner that holds a member, else sourced it, had stated by the anchor."""
    holder = held(member.events) if member.holder is None else member.holder
    source = attribution(member.events, asked.as_of)[1]
    moment = asked.as_of if member.anchor is None else member.anchor.occurred_at
    return [
        getattr(event, name)
        for event in asked.partner_events.get(getattr(holder, "partner_id", None) or source, ())
        if isinstance(event, ev.PartnerOnboarded | ev.PartnerUpdated)
        and event.occurred_at <= moment
    ]


def segment_key(member: Member, asked: Asked) -> Key:
    keys = tuple(key_of(name, member, asked) for name in asked.by)
    return keys[0] if len(keys) == 1 else keys


# --- times ----------------------------------------------------------------------------------------


def no_time(*ends: Any) -> str | None:
    """Why the time between events means nothing."""
    there = [end.precision for end in ends if end is not None]
    if any(precision in VAGUE for precision in there):
        return "an end is only known as 'by' or 'assumed'"
    if "relative" in there and set(there) != {"relative"}:
        return "one end has an invented calendar"
    return None


def local_midnight(event: Any, zone: tzinfo) -> datetime:
    day: date = event.occurred_at.astimezone(zone).date()
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def time_between(start: Any, end: Any, zone: tzinfo) -> timedelta:
    if "day" in (start.precision, end.precision):
        days = [event.occurred_at.astimezone(zone).date() for event in (start, end)]
        return timedelta(days=(days[1] - days[0]).days)
    gap: timedelta = end.occurred_at - start.occurred_at
    return gap


def worked_time(start: Any, end: Any, zone: tzinfo) -> timedelta:
    """Nine to five in Berlin, from Monday to Friday, half an hour after half an hour."""
    moment, until = start.occurred_at, end.occurred_at
    if "day" in (start.precision, end.precision):
        moment, until = local_midnight(start, zone), local_midnight(end, zone)
    half_hour, worked = timedelta(minutes=30), timedelta(0)
    while moment < until:
        clock = moment.astimezone(ZoneInfo("Europe/Berlin"))
        if clock.weekday() < 5 and 9 <= clock.hour < 17:
            worked += half_hour
        moment += half_hour
    return worked


# --- what is made of a population -----------------------------------------------------------------


def counts(reasons: Iterable[str]) -> dict[str, int]:
    listed = list(reasons)
    return {reason: listed.count(reason) for reason in set(listed)}


def count(members: list[Member], _: Asked) -> dict[str, Any]:
    return {"value": len(members), "n": len(members), "left_out_because": {}}


def share(
    is_hit: Callable[[Member, Asked], bool],
) -> Callable[[list[Member], Asked], dict[str, Any]]:
    def made(members: list[Member], asked: Asked) -> dict[str, Any]:
        hits = sum(is_hit(member, asked) for member in members)
        of = len(members)
        value = hits / of if of else None
        return {"hits": hits, "of": of, "n": of, "value": value, "left_out_because": {}}

    return made


def summary(times: list[float]) -> dict[str, Any]:
    tenth = quantiles(times, n=10, method="inclusive")[8] if len(times) > 1 else None
    return {
        "n": len(times),
        "median": median(times) if times else None,
        "p90": tenth if len(times) > 1 else next(iter(times), None),
        "mean": float(sum(map(Fraction, times)) / len(times)) if times else None,
    }


def durations(
    start_of: Callable[[Member, Asked], Any],
    end_of: Callable[[Member, Asked], Any],
    unit: timedelta,
) -> Callable[[list[Member], Asked], dict[str, Any]]:
    def made(members: list[Member], asked: Asked) -> dict[str, Any]:
        times, reasons = [], []
        censored = closed = 0
        for member in members:
            start, end = start_of(member, asked), end_of(member, asked)
            if start is None:
                reasons.append("it has no start")
            elif reason := no_time(start, end):
                reasons.append(reason)
            elif end is None and standing_close(member.events) is None:
                censored += 1
            elif end is None:
                closed += 1
            elif time_between(start, end, asked.zone) < timedelta(0):
                reasons.append("its end comes before its start")
            elif asked.options.get("working_hours") is not None:
                times.append(worked_time(start, end, asked.zone) / unit)
            else:
                times.append(time_between(start, end, asked.zone) / unit)
        return summary(times) | {
            "censored": censored,
            "closed_without": closed,
            "left_out_because": counts(reasons),
        }

    return made


def priced(money: Money, member: Member, asked: Asked) -> tuple[str, Decimal]:
    target = asked.options.get("currency")
    if target is None or target == money.currency:
        return money.currency, money.amount
    moment = asked.as_of if member.anchor is None else member.anchor.occurred_at
    day = moment.astimezone(asked.zone).date()
    return target, money.amount * asked.options["rates"](money.currency, target, day)


def rounded(amounts: Mapping[str, Decimal]) -> dict[str, Money]:
    digits = {"EUR": "0.01", "USD": "0.01", "JPY": "1"}
    return {
        currency: Money(amount.quantize(Decimal(digits[currency]), ROUND_HALF_EVEN), currency)
        for currency, amount in amounts.items()
    }


def total(
    amount_of: Callable[[Member, Asked], Money | None],
    unclear: Callable[[Member], bool] = lambda _: False,
) -> Callable[[list[Member], Asked], dict[str, Any]]:
    def made(members: list[Member], asked: Asked) -> dict[str, Any]:
        sums: dict[str, Decimal] = {}
        reasons, n, without = [], 0, 0
        for member in members:
            money = amount_of(member, asked)
            weight = Decimal(1)
            if asked.options.get("weighted"):
                stated = last_stated(member.events, "probability")
                weight = None if stated is None else Decimal(repr(stated))
            if money is None and unclear(member) and not asked.options.get("gross"):
                reasons.append("its refunds are in another currency")
            elif money is None:
                without += 1
            elif weight is None:
                reasons.append("it states no probability")
            else:
                n += 1
                currency, amount = priced(money, member, asked)
                sums[currency] = sums.get(currency, Decimal(0)) + amount * weight
        if asked.options.get("currency") and not members:
            sums = {asked.options["currency"]: Decimal(0)}
        return {
            "by_currency": rounded(sums),
            "n": n,
            "without_value": without,
            "left_out_because": counts(reasons),
        }

    return made


def money_share(
    amount_of: Callable[[Member, Asked], Money | None],
    classes: tuple[str, ...],
    unclear: Callable[[Member], bool] = lambda _: False,
) -> Callable[[list[Member], Asked], dict[str, Any]]:
    def made(members: list[Member], asked: Asked) -> dict[str, Any]:
        stated = [(m, amount_of(m, asked)) for m in members]
        priced_ = [(m, *priced(money, m, asked)) for m, money in stated if money is not None]
        left_out = counts(
            "its refunds are in another currency" if unclear(member) else "it has no amount"
            for member, money in stated
            if money is None
        )
        answer = {"n": len(priced_), "left_out_because": left_out, "value": None}
        if len({currency for _, currency, _ in priced_}) > 1:
            return answer | {"hits": Decimal(0), "of": Decimal(0)}
        by_class = dict.fromkeys(("sourced", "influenced", "direct"), Decimal(0))
        for member, _, amount in priced_:
            by_class[attribution(member.events, asked.as_of)[0]] += amount
        hits = sum((by_class[name] for name in classes), Decimal(0))
        of = sum(by_class.values(), Decimal(0))
        if of > 0 and min(by_class.values()) >= 0:
            answer["value"] = float(hits / of)
        for _, currency, _ in priced_[:1]:
            hits, of = (rounded({currency: one})[currency].amount for one in (hits, of))
        return answer | {"hits": hits, "of": of}

    return made


def places(members: list[Member], asked: Asked) -> dict[str, Any]:
    period = asked.period

    def placed(event: Any) -> bool:
        if event is None:
            return False
        return period is None or (
            period.start <= event.occurred_at < period.end and event.precision != "relative"
        )

    followed: dict[str, set[int]] = {}
    closed: dict[str, set[int]] = {}
    reasons = []
    for number, member in enumerate(members):
        close = standing_win if asked.options.get("won_only") else standing_close
        ends = [close(member.events)]
        ups = [e for e in member.events if is_answer(e) or isinstance(e, ev.LeadProgressed)]
        has = (any(map(placed, ups)), any(map(placed, ends)))
        if not (all(has) if asked.options.get("same_lead") else any(has)):
            if period is not None and any(
                event is not None
                and event.precision == "relative"
                and period.start <= event.occurred_at < period.end
                for event in (*ups, *ends)
            ):
                reasons.append("its calendar is invented")
            continue
        name = asked.options.get("place", "region")
        place = getattr(first(member.events, ev.LeadCaptured).lead, name)
        if place is None:
            reasons.append(f"it states no {name}")
            continue
        for there, table in zip(has, (followed, closed), strict=True):
            if there:
                table.setdefault(place, set()).add(number)
    active = sorted(set(followed) & set(closed))
    leads = {place: len(followed[place] | closed[place]) for place in active}
    return {
        "value": tuple(active),
        "leads": leads,
        "n": sum(leads.values()),
        "left_out_because": counts(reasons),
    }


# --- populations ----------------------------------------------------------------------------------

Population = Callable[[tuple[Any, ...], Asked], Iterable[Member]]


def at_first(*kinds: type) -> Population:
    """Leads with an event of the kinds, placed by the first of the first kind that is there."""

    def members(events: tuple[Any, ...], _: Asked) -> Iterable[Member]:
        found = [event for kind in kinds if (event := first(events, kind)) is not None]
        return [Member(events=events, anchor=found[0])] if found else []

    return members


def only(population: Population, condition: Callable[[tuple[Any, ...], Asked], bool]) -> Population:
    def members(events: tuple[Any, ...], asked: Asked) -> Iterable[Member]:
        return population(events, asked) if condition(events, asked) else []

    return members


def stock(events: tuple[Any, ...], _: Asked) -> Iterable[Member]:
    return [Member(events=events)]


def won_leads(events: tuple[Any, ...], asked: Asked) -> Iterable[Member]:
    if asked.options.get("win") == "first":
        return at_first(ev.LeadWon)(events, asked)
    win = standing_win(events)
    return [] if win is None else [Member(events=events, anchor=win)]


def wins(events: tuple[Any, ...], asked: Asked) -> Iterable[Member]:
    if asked.options.get("gross"):
        return [Member(events=events, anchor=win) for win in of_kind(events, ev.LeadWon)]
    return won_leads(events, asked)


def is_open(events: tuple[Any, ...], _: Asked) -> bool:
    return standing_close(events) is None


def is_in_progress(events: tuple[Any, ...], asked: Asked) -> bool:
    recent = asked.options.get("active_within")
    active = recent is None or asked.as_of - events[-1].occurred_at <= recent
    return is_open(events, asked) and first(events, ev.LeadProgressed) is not None and active


def is_expected(events: tuple[Any, ...], asked: Asked) -> bool:
    when = asked.options.get("expected_in")
    stated = last_stated(events, "expected_close_at")
    if when is not None and (stated is None or not when.start <= stated < when.end):
        return False
    if asked.options.get("which") == "open":
        return is_open(events, asked)
    return is_in_progress(events, asked)


def takers(events: tuple[Any, ...], asked: Asked) -> Iterable[Member]:
    found = list(spells(events))
    if asked.options.get("credit") == "spell":
        return [
            Member(events=events, anchor=one, holder=one, end=end, own={"agent": one.agent_id})
            for one, end in found
        ]
    if not found:
        return []
    conversions = of_kind(events, ev.LeadProgressed, ev.LeadWon)
    with_it = (holding(events, event) for event in conversions)
    holder = next((one for one in with_it if one is not None), last_holding(events))
    taken = first(events, ev.LeadAccepted)
    return [Member(events=events, anchor=taken, holder=holder, end=converted(events))]


# --- the figures ----------------------------------------------------------------------------------


def conversion(members: list[Member], asked: Asked) -> dict[str, Any]:
    within = asked.options.get("within")
    judged, reasons = [], []
    for member in members:
        reason = None if within is None else no_time(member.anchor, member.end)
        if reason is None:
            judged.append(member)
        else:
            reasons.append(reason)

    def is_hit(member: Member, asked: Asked) -> bool:
        if member.end is None:
            return False
        if asked.options.get("count") == "current":
            plain = evolve(asked, options={})
            if not is_in_progress(member.events, plain) and standing_win(member.events) is None:
                return False
        gap = time_between(member.anchor, member.end, asked.zone)
        return within is None or timedelta(0) <= gap <= within

    return share(is_hit)(judged, asked) | {"left_out_because": counts(reasons)}


def progress(members: list[Member], asked: Asked) -> dict[str, Any]:
    after_days = asked.options.get("stalled_after", timedelta(days=30))
    stalled = [
        member.events[0].lead_id
        for member in members
        if asked.as_of - member.events[-1].occurred_at > after_days
    ]
    return count(members, asked) | {"listed": tuple(sorted(stalled))}


def acceptance_start(member: Member, asked: Asked) -> Any:
    if asked.options.get("since") == "offered":
        return accepted_offer(member.events)
    return first(member.events, ev.LeadCaptured)


def acceptance_end(member: Member, asked: Asked) -> Any:
    until = asked.options.get("until", "accepted")
    if until == "last assigned":
        return last(member.events, ev.LeadAssigned)
    return first(member.events, ev.LeadAccepted if until == "accepted" else ev.LeadAssigned)


def expected_value(member: Member, _: Asked) -> Money | None:
    value: Money | None = last_stated(member.events, "expected_value")
    return value


def won_value(member: Member, asked: Asked) -> Money | None:
    return final_value(member.events, gross=bool(asked.options.get("gross")))


def won_something(member: Member) -> bool:
    return standing_win(member.events).value is not None


def class_is(*names: str) -> Callable[[Member, Asked], bool]:
    return lambda member, asked: attribution(member.events, asked.as_of)[0] in names


Figure = Callable[[list[Member], Asked], dict[str, Any]]


def attribution_rate(*classes: str) -> Callable[[Asked], tuple[Population, Figure]]:
    def chosen(asked: Asked) -> tuple[Population, Figure]:
        unit = asked.options.get("unit", "leads")
        if unit == "pipeline":
            return only(stock, is_open), money_share(expected_value, classes)
        if unit == "revenue":
            return won_leads, money_share(won_value, classes, won_something)
        if asked.options.get("counting") == "registered":
            return at_first(ev.DealRegistered, ev.LeadCaptured), share(class_is(*classes))
        return at_first(ev.LeadCaptured), share(class_is(*classes))

    return chosen


def class_money(name: str, *, revenue: bool) -> Callable[[Asked], tuple[Population, Figure]]:
    def of_class(events: tuple[Any, ...], asked: Asked) -> bool:
        return attribution(events, asked.as_of)[0] == name

    if revenue:
        return lambda _: (only(won_leads, of_class), total(won_value, won_something))
    return lambda _: (only(only(stock, is_open), of_class), total(expected_value))


def _acceptance_hours(asked: Asked) -> tuple[Population, Figure]:
    captured = at_first(ev.LeadCaptured)
    if asked.options.get("since") == "offered":
        captured = only(captured, lambda events, _: first(events, ev.LeadAccepted) is not None)
    return captured, durations(acceptance_start, acceptance_end, timedelta(hours=1))


def _action_delay(asked: Asked) -> tuple[Population, Figure]:
    start = ev.LeadAssigned if asked.options.get("since") == "assigned" else ev.LeadCaptured
    captured = only(at_first(ev.LeadCaptured), lambda events, _: first(events, start) is not None)
    return captured, durations(
        lambda member, _: first(member.events, start),
        lambda member, _: next(filter(is_answer, member.events), None),
        timedelta(days=1),
    )


def _first_offers(asked: Asked) -> tuple[Population, Figure]:
    net = bool(asked.options.get("net_of_returns"))
    return only(at_first(ev.LeadOffered), lambda events, _: was_accepted(events, net=net)), count


def _first_offer_rate(asked: Asked) -> tuple[Population, Figure]:
    net = bool(asked.options.get("net_of_returns"))
    resolved = only(at_first(ev.LeadOffered), lambda events, _: is_resolved(events))
    return resolved, share(lambda member, _: was_accepted(member.events, net=net))


TWINS: dict[str, Callable[[Asked], tuple[Population, Figure]]] = {
    "first_offer_acceptances": _first_offers,
    "first_offer_acceptance_rate": _first_offer_rate,
    "hours_to_acceptance": _acceptance_hours,
    "action_delay": _action_delay,
    "in_progress": lambda _: (only(stock, is_in_progress), progress),
    "closed_won": lambda _: (wins, count),
    "expected_lead_value": lambda _: (only(stock, is_expected), total(expected_value)),
    "final_lead_value": lambda _: (won_leads, total(won_value, won_something)),
    "partner_conversion_rate": lambda _: (takers, conversion),
    "active_regions": lambda _: (stock, places),
    "sourced_rate": attribution_rate("sourced"),
    "influenced_rate": attribution_rate("influenced"),
    "involved_rate": attribution_rate("sourced", "influenced"),
    "sourced_revenue": class_money("sourced", revenue=True),
    "influenced_revenue": class_money("influenced", revenue=True),
    "sourced_pipeline": class_money("sourced", revenue=False),
    "influenced_pipeline": class_money("influenced", revenue=False),
}
"""Every KPI by name: its population and what is made of it, as the options choose."""

from tests.oracles import twins_cohorts, twins_offers  # noqa: E402 - made of what stands above

TWINS |= twins_offers.TWINS | twins_cohorts.TWINS
OF_ANY_LEAD = twins_offers.OF_ANY_LEAD
"""KPIs whose members may be of leads that were never captured."""


def twin(
    name: str, stories: Iterable[tuple[Any, ...]], asked: Asked
) -> tuple[dict[str, Any], dict[Key, dict[str, Any]]]:
    """The whole figure and its segments, as plain values.

    Args:
        name: The KPI.
        stories: The settled events of each lead, in order.
        asked: The question.
    """
    population, figure = TWINS[name](asked)
    members: list[Member] = []
    invented = 0
    for events in stories:
        if first(events, ev.LeadCaptured) is None and name not in OF_ANY_LEAD:
            continue
        for member in population(events, asked):
            moment = None if member.anchor is None else member.anchor.occurred_at
            if asked.period is not None and moment is not None:
                if not asked.period.start <= moment < asked.period.end:
                    continue
                if member.anchor.precision == "relative":
                    invented += 1
                    continue
            members.append(member)
    whole = figure(members, asked)
    if invented:
        whole["left_out_because"] = {
            "its calendar is invented": invented,
            **whole["left_out_because"],
        }
    groups: dict[Key, list[Member]] = {}
    for member in members if asked.by else ():
        groups.setdefault(segment_key(member, asked), []).append(member)
    return whole, {key: figure(group, asked) for key, group in groups.items()}
