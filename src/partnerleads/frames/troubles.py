"""How many problems each lead has, by the closed list of rules.

Here they are counted; the words of each problem are the reference's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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

__all__ = ["RULES", "Scene", "troubles_of"]

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
        several = self.leads.filter(nw.col("turns") > 1).select("lead_id")
        turns = self.events(*CLOSES, LeadReopened, fields=("at", "sequence", "rank"))
        return kept(turns.join(several, on="lead_id", how="semi"))

    def events(self, *kinds: type[Any], fields: Sequence[str]) -> Frame:
        """Leads and keys of the events of some kinds, with some fields."""
        return self.table.filter(has(*kinds)).select(*_EVENT, *fields)


Rule: TypeAlias = Callable[[Scene], Frame]


def _counted(found: Frame) -> Frame:
    """One row for each lead, with the number of rows it had."""
    return found.group_by("lead_id").agg(n=nw.len())


def _once(found: Frame) -> Frame:
    """One problem for each lead that has any."""
    return distinct(found.select("lead_id")).with_columns(n=nw.lit(1))


def _never_captured(scene: Scene) -> Frame:
    return _once(scene.leads.filter(nw.col("captured_key").is_null()))


def _second_capture(scene: Scene) -> Frame:
    return _once(scene.leads.filter(nw.col("captures") > 1))


def _before_capture(scene: Scene) -> Frame:
    late = scene.leads.filter(nw.col("first_key") < nw.col("captured_key"))
    late = late.select("lead_id", "captured_key", "captured_at")
    steps = scene.events(*AFTER_CAPTURE, fields=("at", "precise"))
    steps = steps.join(late, on="lead_id", how="inner")
    dated = nw.col("precise") == PRECISIONS.index("day")
    same_day = dated & (nw.col("captured_at") - nw.col("at") < DAY)
    return _once(steps.filter((nw.col("key") < nw.col("captured_key")) & ~same_day))


def _answer_without_offer(scene: Scene) -> Frame:
    answers = scene.handed.filter(has(*ANSWERS)).select(*_EVENT)
    matched = distinct(scene.answered.select("lead_id", key=nw.col("key_2")))
    return _counted(answers.join(matched, on=_EVENT, how="anti"))


def _answer_after_withdrawal(scene: Scene) -> Frame:
    both = ~nw.col("answer").is_null() & ~nw.col("withdrawal").is_null()
    return _counted(scene.offers.filter(both))


def _return_without_acceptance(scene: Scene) -> Frame:
    returns = scene.handed.filter(has(LeadReturned))
    taken = scene.handed.filter(has(LeadAccepted, LeadAssigned))
    pairs = recipients(taken, "").join(recipients(returns, "_2"), on="lead_id", how="inner")
    matched = pairs.filter((nw.col("key") < nw.col("key_2")) & same_recipient("", "_2"))
    matched = distinct(matched.select("lead_id", key=nw.col("key_2")))
    return _counted(returns.select(*_EVENT).join(matched, on=_EVENT, how="anti"))


def _is(column: str, *kinds: type[Any]) -> Any:
    return among(column, kinds).fill_null(value=False)


def _turned_wrongly(scene: Scene) -> Frame:
    """Closes of closed leads, and reopens of open ones that were turned before."""
    before = nw.col("rank").shift(1).over("lead_id", order_by=["key"])
    turns = scene.turns.with_columns(before=before)
    return turns.filter(_is("rank", *CLOSES) == _is("before", *CLOSES))


def _closed_again(scene: Scene) -> Frame:
    return _counted(_turned_wrongly(scene).filter(has(*CLOSES)))


def _reopened_while_open(scene: Scene) -> Frame:
    first, close = nw.col("first_reopen"), nw.col("first_close")
    at_once = ~first.is_null() & (close.is_null() | (first < close)).fill_null(value=False)
    only = scene.leads.filter(at_once & (nw.col("turns") == 1)).select("lead_id")
    reopened = _turned_wrongly(scene).filter(has(LeadReopened)).select("lead_id")
    return _counted(stacked([only, reopened]))


def _after_close(scene: Scene) -> Frame:
    suspects = scene.leads.filter(nw.col("last_work") > nw.col("first_close")).select("lead_id")
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
    return _counted(groups.filter(nw.col("least") < nw.col("most")))


def _mixed_sequence(scene: Scene) -> Frame:
    events = scene.table.select("lead_id", "at", "sequence")
    numbered = distinct(events.filter(nw.col("sequence") != 0).select("lead_id", "at"))
    plain = events.filter(nw.col("sequence") == 0).select("lead_id", "at")
    return _counted(numbered.join(plain, on=["lead_id", "at"], how="semi"))


def _negative_money(scene: Scene) -> Frame:
    expected = has(LeadCaptured, LeadProgressed) & (nw.col("expected_value") < 0)
    paid = has(LeadWon, DealRefunded) & (nw.col("value") < 0)
    negative = expected.fill_null(value=False) | paid.fill_null(value=False)
    return _counted(scene.table.filter(negative).select("lead_id"))


def _refund_without_win(scene: Scene) -> Frame:
    refunds = scene.events(DealRefunded, fields=())
    first = scene.leads.select("lead_id", "first_won_key")
    won = (nw.col("first_won_key") < nw.col("key")).fill_null(value=False)
    return _counted(refunds.join(first, on="lead_id", how="inner").filter(~won))


def _refund_beyond_win(scene: Scene) -> Frame:
    beyond = (nw.col("foreign_refunds") > 0) | (nw.col("refunded") > nw.col("won_value"))
    some = ~nw.col("won_value").is_null() & (nw.col("refunds") > 0)
    return _once(scene.won_money.filter(some & beyond.fill_null(value=False)))


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
    return _counted(known.filter(~made))


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
"""How each problem of one lead's story is counted, by the name of its rule."""


def troubles_of(scene: Scene, *, numbered: bool) -> Frame:
    """How often each lead breaks each rule that it breaks: ``lead_id``, ``rule``, ``n``.

    Args:
        scene: What the rules look at.
        numbered: Whether any event has a sequence.
    """
    table, leads = scene.table.select(*_TABLE), scene.leads.select(*_LEADS)
    scene = evolve(scene, table=table, leads=leads)
    found = [
        rule(scene).select("lead_id", n=nw.col("n").cast(nw.Int64), rule=nw.lit(name))
        for name, rule in RULES.items()
        if numbered or name != "mixed_sequence"
    ]
    return stacked(found)
