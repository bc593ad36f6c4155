"""How a lead is worked, how it ends, and what happens after."""

from __future__ import annotations

from datetime import datetime, timedelta

from partnerleads import events as e
from partnerleads.datasets.market import SAMPLE_AS_OF, later, pick
from partnerleads.datasets.story import Story
from partnerleads.model import Lead, Money

__all__ = ["close", "work"]

_STAGES = (("discovery", 0.2), ("proposal", 0.5), ("negotiation", 0.8))
_LOSS_REASONS = {"price": 4, "competitor": 3, "no decision": 3}


def work(story: Story, *, won: bool) -> None:
    """Answer the customer, judge the lead, and take it through the stages."""
    if story.happens(0.4):
        story.note(e.LeadResponded, story.captured_at + timedelta(minutes=4), automatic=True)
    story.note(e.LeadResponded, story.after(0.05, 3), **story.worker)
    if story.happens(0.3):
        count = story.chance.randint(1, 6)
        story.note(e.LeadActivity, story.after(0.5, 4), activity="site visit", count=count)
    if story.happens(0.7):
        criteria = tuple(sorted(story.chance.sample(("budget", "need", "timeline"), 2)))
        story.note(e.LeadQualified, story.after(0.5, 4), criteria=criteria)
    reached = 3 if won else pick(story.chance, {0: 25, 1: 35, 2: 25, 3: 15})
    for stage, probability in _STAGES[:reached]:
        story.euros *= story.chance.uniform(0.85, 1.1)
        story.note(
            e.LeadProgressed,
            story.after(1, 14),
            lag=story.chance.choice((0, 0, 0, 0, 0, 1)),
            stage=stage,
            probability=probability,
            expected_value=story.place.money(story.euros),
            partner_id=story.worker.get("partner_id"),
        )
    if story.happens(0.08):
        story.note(e.LeadUpdated, story.after(0.5, 3), lead=Lead(company_size=900))


def close(story: Story, *, won: bool) -> None:
    """End the lead, unless it stays open, and tell what follows the end."""
    days = story.chance.lognormvariate(4.05, 0.5) if won else story.chance.lognormvariate(4.3, 0.6)
    moment = later(story.chance, story.captured_at, days)
    if won and story.happens(0.35):
        moment = _quarter_end(story, moment)
    story.clock = max(moment, later(story.chance, story.clock, 1))
    if won:
        _win(story)
    elif story.happens(0.13):
        if story.note(e.LeadDisqualified, story.clock, reason="no budget"):
            story.outcome = "disqualified"
    elif story.happens(0.9):
        _lose(story)


def _quarter_end(story: Story, moment: datetime) -> datetime:
    """The last days of the quarter, where they are near; deals are pulled to them."""
    month = (moment.month + 2) // 3 * 3 + 1
    year, month = (moment.year + 1, 1) if month > 12 else (moment.year, month)
    end = moment.replace(year=year, month=month, day=1)
    near = end - moment < timedelta(days=30)
    return later(story.chance, end, -story.chance.uniform(3, 7)) if near else moment


def _win(story: Story) -> None:
    value = story.place.money(max(story.euros * story.chance.uniform(0.8, 1.05), 500))
    margin = Money(value.amount * story.chance.randrange(24, 46, 2) // 100, value.currency)
    won = story.note(e.LeadWon, story.clock, value=value, margin=margin, **story.worker)
    if not won:
        return
    story.outcome = "won"
    partner = story.worker.get("partner_id")
    if story.happens(0.05):
        back = Money(value.amount * story.chance.choice((1, 2, 10)) // 10, value.currency)
        story.note(e.DealRefunded, later(story.chance, story.clock, 45), value=back)
    if partner is not None and story.happens(0.4):
        high = story.chance.choice((5, 10))
        score = story.chance.randint(high // 2, high)
        moment = later(story.chance, story.clock, story.chance.uniform(10, 40))
        scale = {"scale_min": 1.0 if high == 5 else 0.0, "scale_max": float(high)}
        story.note(e.CustomerRated, moment, partner_id=partner, score=float(score), **scale)


def _lose(story: Story) -> None:
    reason = pick(story.chance, _LOSS_REASONS)
    partner = {"partner_id": story.worker.get("partner_id")}
    if not story.note(e.LeadLost, story.clock, reason=reason, **partner):
        return
    story.outcome = "lost"
    if story.happens(0.05) and story.clock < SAMPLE_AS_OF - timedelta(days=95):
        story.note(e.LeadReopened, story.after(10, 50), reason="new budget")
        story.note(e.LeadProgressed, story.after(2, 14), stage="proposal", **partner)
        if story.happens(0.5) and story.partner.strength != "never closing":
            story.after(3, 20)
            _win(story)
        else:
            story.note(e.LeadLost, story.after(3, 20), reason=reason, **partner)
