"""How many problems each lead has, by the closed list of rules.

Here they are counted; the words of each problem are the reference's.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeAlias

import narwhals.stable.v2 as nw
from attrs import evolve, frozen

from partnerleads.events import (
    DealRefunded,
    DealRegistered,
    LeadAccepted,
    LeadAssigned,
    LeadCaptured,
    LeadProgressed,
    LeadReopened,
    LeadReturned,
    LeadWon,
)
from partnerleads.frames.engines import Frame, distinct, kept, stacked
from partnerleads.frames.picking import NEVER, recipients, same_recipient
from partnerleads.frames.table import MONEY, PRECISIONS, among, has
from partnerleads.frames.zones import DAY
from partnerleads.lifecycle.problem_kinds import AFTER_CAPTURE, ANSWERS, CLOSES, DECISIONS, WORK

__all__ = ["RULES", "SIGNS", "Scene", "troubles_of"]

_EVENT = ["lead_id", "key"]
_TABLE = (*_EVENT, "at", "rank", "sequence", "precise", "partner_id", "registration_id", *MONEY)
_LEADS = (
    "lead_id",
    "first_key",
    "captures",
    "captured_key",
    "captured_at",
    "first_won_key",
    "turns",
    "last_work",
    "first_close",
    "first_reopen",
)


_SEVERAL_TURNS = nw.col("turns") > 1
_AT_ONCE = ~nw.col("first_reopen").is_null() & (
    nw.col("first_close").is_null() | (nw.col("first_reopen") < nw.col("first_close"))
)

SIGNS: Mapping[str, Any] = {
    "never_captured": nw.col("captured_key").is_null(),
    "second_capture": nw.col("captures") > 1,
    "before_capture": nw.col("first_key") < nw.col("captured_key"),
    "after_close": nw.col("last_work") > nw.col("first_close"),
    "closed_again": _SEVERAL_TURNS,
    "reopened_while_open": _SEVERAL_TURNS | _AT_ONCE,
    "tied_closes": _SEVERAL_TURNS,
}
"""What a frame of leads says of each lead that breaks a rule, and of few others; null is no."""


@frozen(kw_only=True)
class Scene:
    """What the rules look at; every step costs by the column, so each takes only what it needs.

    Attributes:
        table: The ordered events of leads.
        leads: One row for each lead.
        handed: The offers of leads, and what became of these.
        answered: The offers with what may answer them.
        offers: What became of every offer.
        won_money: The money of standing wins.
    """

    table: Frame
    leads: Frame
    handed: Frame
    answered: Frame
    offers: Frame
    won_money: Frame

    @cached_property
    def turns(self) -> Frame:
        """Closes and reopens of the leads that have several of them."""
        several = self.leads.filter(_SEVERAL_TURNS).select("lead_id")
        turns = self.events(*CLOSES, LeadReopened, fields=("at", "sequence", "rank"))
        return kept(turns.join(several, on="lead_id", how="semi"))

    @cached_property
    def turned_wrongly(self) -> Frame:
        """Closes of closed leads, and reopens of open ones that were turned before."""
        before = nw.col("rank").shift(1).over("lead_id", order_by=["key"])
        turns = self.turns.with_columns(before=before)
        return turns.filter(has(*CLOSES) == among("before", CLOSES).fill_null(value=False))

    def events(self, *kinds: type[Any], fields: Sequence[str]) -> Frame:
        """Leads and keys of the events of some kinds, with some fields."""
        return self.table.filter(has(*kinds)).select(*_EVENT, *fields)


Rule: TypeAlias = Callable[[Scene], Frame]


def _once(found: Frame) -> Frame:
    """One problem for each lead that has any."""
    return distinct(found.select("lead_id"))


def _never_captured(scene: Scene) -> Frame:
    return scene.leads.filter(SIGNS["never_captured"])


def _second_capture(scene: Scene) -> Frame:
    return scene.leads.filter(SIGNS["second_capture"])


def _before_capture(scene: Scene) -> Frame:
    late = scene.leads.filter(SIGNS["before_capture"])
    late = late.select("lead_id", "captured_key", "captured_at")
    steps = scene.events(*AFTER_CAPTURE, fields=("at", "precise"))
    steps = steps.join(late, on="lead_id", how="inner")
    dated = nw.col("precise") == PRECISIONS.index("day")
    same_day = dated & (nw.col("captured_at") - nw.col("at") < DAY)
    return _once(steps.filter((nw.col("key") < nw.col("captured_key")) & ~same_day))


def _answer_without_offer(scene: Scene) -> Frame:
    answers = scene.handed.filter(has(*ANSWERS)).select(*_EVENT)
    matched = scene.answered.select("lead_id", key=nw.col("key_2"))
    return answers.join(matched, on=_EVENT, how="anti")


def _answer_after_withdrawal(scene: Scene) -> Frame:
    both = ~nw.col("answer").is_null() & ~nw.col("withdrawal").is_null()
    return scene.offers.filter(both)


def _return_without_acceptance(scene: Scene) -> Frame:
    returns = scene.handed.filter(has(LeadReturned))
    taken = scene.handed.filter(has(LeadAccepted, LeadAssigned))
    pairs = recipients(taken, "").join(recipients(returns, "_2"), on="lead_id", how="inner")
    matched = pairs.filter((nw.col("key") < nw.col("key_2")) & same_recipient("", "_2"))
    matched = matched.select("lead_id", key=nw.col("key_2"))
    return returns.select(*_EVENT).join(matched, on=_EVENT, how="anti")


def _closed_again(scene: Scene) -> Frame:
    return scene.turned_wrongly.filter(has(*CLOSES))


def _reopened_while_open(scene: Scene) -> Frame:
    only = scene.leads.filter(_AT_ONCE & (nw.col("turns") == 1)).select("lead_id")
    reopened = scene.turned_wrongly.filter(has(LeadReopened)).select("lead_id")
    return stacked([only, reopened])


def _after_close(scene: Scene) -> Frame:
    suspects = scene.leads.filter(SIGNS["after_close"]).select("lead_id")
    steps = scene.events(*WORK, *CLOSES, LeadReopened, fields=("rank",))
    steps = steps.join(suspects, on="lead_id", how="semi").with_columns(
        closing=nw.when(has(*CLOSES)).then(nw.col("key")).otherwise(nw.lit(NEVER)),
        opening=nw.when(has(LeadReopened)).then(nw.col("key")).otherwise(nw.lit(NEVER)),
    )
    last = [
        nw.col(name).cum_max().over("lead_id", order_by=["key"]).alias(name)
        for name in ("closing", "opening")
    ]
    worked = steps.with_columns(*last).filter(has(*WORK))
    return _once(worked.filter(nw.col("closing") > nw.col("opening")))


def _tied_closes(scene: Scene) -> Frame:
    groups = scene.turns.group_by("lead_id", "at", "sequence").agg(
        least=nw.col("rank").min(), most=nw.col("rank").max()
    )
    return groups.filter(nw.col("least") < nw.col("most"))


def _mixed_sequence(scene: Scene) -> Frame:
    events = scene.table.select("lead_id", "at", "sequence")
    numbered = distinct(events.filter(nw.col("sequence") != 0).select("lead_id", "at"))
    plain = events.filter(nw.col("sequence") == 0).select("lead_id", "at")
    return numbered.join(plain, on=["lead_id", "at"], how="semi")


def _negative_money(scene: Scene) -> Frame:
    expected = has(LeadCaptured, LeadProgressed) & (nw.col("expected_value") < 0)
    paid = has(LeadWon, DealRefunded) & (nw.col("value") < 0)
    return scene.table.filter(expected | paid)


def _refund_without_win(scene: Scene) -> Frame:
    refunds = scene.events(DealRefunded, fields=())
    first = scene.leads.select("lead_id", "first_won_key")
    won = (nw.col("first_won_key") < nw.col("key")).fill_null(value=False)
    return refunds.join(first, on="lead_id", how="inner").filter(~won)


def _refund_beyond_win(scene: Scene) -> Frame:
    beyond = (nw.col("foreign_refunds") > 0) | (nw.col("refunded") > nw.col("won_value"))
    some = ~nw.col("won_value").is_null() & (nw.col("refunds") > 0)
    return scene.won_money.filter(some & beyond)


def _decision_without_registration(scene: Scene) -> Frame:
    def named(key: str, *kinds: type[Any]) -> Frame:
        events = scene.events(*kinds, fields=("partner_id", "registration_id"))
        registration = nw.col("registration_id").fill_null("")
        return events.select(
            "lead_id", "partner_id", registration=registration, **{key: nw.col("key")}
        )

    same = ["lead_id", "partner_id", "registration"]
    first = named("made", DealRegistered).group_by(*same).agg(nw.col("made").min())
    known = named("key", *DECISIONS).join(first, on=same, how="left")
    made = (nw.col("made") < nw.col("key")).fill_null(value=False)
    return known.filter(~made)


RULES: dict[str, Rule] = {
    "never_captured": _never_captured,
    "second_capture": _second_capture,
    "before_capture": _before_capture,
    "answer_without_offer": _answer_without_offer,
    "answer_after_withdrawal": _answer_after_withdrawal,
    "return_without_acceptance": _return_without_acceptance,
    "after_close": _after_close,
    "closed_again": _closed_again,
    "reopened_while_open": _reopened_while_open,
    "tied_closes": _tied_closes,
    "mixed_sequence": _mixed_sequence,
    "negative_money": _negative_money,
    "refund_without_win": _refund_without_win,
    "refund_beyond_win": _refund_beyond_win,
    "decision_without_registration": _decision_without_registration,
}
"""The leads that break each rule, as often as they do, by the name of the rule."""


def troubles_of(scene: Scene, *, unbroken: Container[str]) -> Frame:
    """How often each lead breaks each rule that it breaks: ``lead_id``, ``rule``, ``n``.

    Args:
        scene: What the rules look at.
        unbroken: Rules that are known to be kept by all leads.
    """
    table, leads = scene.table.select(*_TABLE), scene.leads.select(*_LEADS)
    scene = evolve(scene, table=table, leads=leads)
    found = [
        rule(scene).select("lead_id", rule=nw.lit(name))
        for name, rule in RULES.items()
        if name not in unbroken
    ]
    return stacked(found).group_by("lead_id", "rule").agg(n=nw.len().cast(nw.Int64))
