"""What raises a score: every action is tried on the history, and the score worked out again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from attrs import field, frozen

from partnerleads.attribution.digits import in_digits
from partnerleads.errors import OptionError
from partnerleads.events import Event
from partnerleads.kpis.measuring.figures import AnyHistory
from partnerleads.kpis.measuring.tally import Rates
from partnerleads.model import Money, PartnerId
from partnerleads.model.moments import moment_text
from partnerleads.plv.actions import Action, Deal, actions_of, usual_deal
from partnerleads.plv.model import DEFAULT_MODEL, PlvModel, Tier
from partnerleads.plv.no_gain import is_exhausted, why_no_gain
from partnerleads.plv.record import PartnerRecord
from partnerleads.plv.score import PlvScore
from partnerleads.plv.scoring import lives_of
from partnerleads.plv.story import PartnerStory, story_of
from partnerleads.plv.tiers import next_tier, reaches
from partnerleads.showing import Shown

__all__ = ["Improvement", "Improvements", "improvements"]

_MOST = 20


@frozen(kw_only=True)
class Improvement:
    """What one action would do to a score.

    Attributes:
        name: Short name, for programs.
        words: What to do, for people.
        events: The events that would record it, at the moment of the score.
        before: The score; 0 where there is none. [points, 0..100]
        after: The score with these events. [points, 0..100]
        times_to_next_tier: How often it takes to reach the next tier by this alone; None where it
            never does, or not within the number of times that was tried. [count]
        path: The events of doing it that often; empty where it never reaches the next tier.
        because: Why it gains nothing; None where it gains or loses.
    """

    name: str
    words: str
    events: tuple[Event, ...] = field(repr=False)
    before: float
    after: float
    times_to_next_tier: int | None = None
    path: tuple[Event, ...] = field(default=(), repr=False)
    because: str | None = None

    @property
    def gain(self) -> float:
        """What it adds to the score; below 0 it takes off. [points]"""
        return self.after - self.before

    def gain_text(self) -> str:
        """The gain for people: the scores as they are shown, subtracted."""
        return f"{_shown(self.after) - _shown(self.before):+}"


@frozen(kw_only=True, repr=False)
class Improvements(Shown):
    """What a partner can do about its score, the best first.

    Attributes:
        score: The score as it is.
        next_tier: The tier above; None at the top, and for a partner that left.
        actions: The actions; none for a partner that left.
        left_out: Actions that could not be tried, and why.
        terminated_at: When the partner left the programme, if it did. [aware datetime]
    """

    score: PlvScore
    next_tier: Tier | None
    actions: tuple[Improvement, ...]
    left_out: tuple[str, ...] = ()
    terminated_at: datetime | None = None
    _right = frozenset({1})

    def __iter__(self) -> Iterator[Improvement]:
        return iter(self.actions)

    def __len__(self) -> int:
        return len(self.actions)

    def __getitem__(self, name: str) -> Improvement:
        for one in self.actions:
            if one.name == name:
                return one
        raise KeyError(name)

    @property
    def missing(self) -> float | None:
        """How far the next tier is; None at the top, and once it left. [points, >= 0]"""
        if self.next_tier is None:
            return None
        return self.next_tier.at_least - (self.score.value or 0.0)

    def tier_text(self) -> str:
        """The tier, and how far the next one is; or that the partner left."""
        if self.terminated_at is not None:
            left = moment_text(self.terminated_at)
            return f"it left the programme on {left}, so nothing is advised"
        if self.next_tier is None:
            return "no tier is above" if self.score.model.tiers else "the model has no tiers"
        above = in_digits(self.next_tier.at_least, 1) - _shown(self.score.value or 0.0)
        short = f"{above}" if above > 0 or not self.score.value else "less than 0.1"
        return f"{self.next_tier.name} from {self.next_tier.at_least:g}, {short} to go"

    def to_dicts(self) -> list[dict[str, object]]:
        """The actions as flat rows, the best first."""
        tier = None if self.next_tier is None else self.next_tier.name
        return [
            {
                "partner_id": self.score.partner_id,
                "action": one.name,
                "words": one.words,
                "score": one.before,
                "after": one.after,
                "gain": one.gain,
                "next_tier": tier,
                "times_to_next_tier": one.times_to_next_tier,
                "because": one.because,
                "model": self.score.fingerprint,
                "as_of": self.score.as_of,
            }
            for one in self.actions
        ]

    def rows(self) -> list[tuple[str, str, str]]:
        """Words, gain and remark of every action, as they are shown."""
        return [(one.words, one.gain_text(), self._remark(one)) for one in self.actions]

    def _remark(self, one: Improvement) -> str:
        if one.times_to_next_tier is None or self.next_tier is None:
            return one.because or ""
        times = "at once" if one.times_to_next_tier == 1 else f"after {one.times_to_next_tier}"
        return f"{self.next_tier.name} {times}"

    def _head(self) -> str:
        return f"{self.score.partner_id} {self.score.value_text()}; {self.tier_text()}"

    def _titles(self) -> tuple[str, ...]:
        return "what raises the score", "points", ""

    def _rows(self) -> list[tuple[str, ...]]:
        return [*self.rows()]

    def _notes(self) -> tuple[str, ...]:
        return self.left_out


def improvements(
    history: AnyHistory,
    *,
    partner_id: PartnerId,
    as_of: datetime | None = None,
    model: PlvModel = DEFAULT_MODEL,
    rates: Rates | None = None,
    deal: Money | None = None,
    most: int = _MOST,
) -> Improvements:
    """What each thing that a partner could do next would add to its score, the best first.

    The events of every action are appended to the history at the moment of the score, and the
    score is worked out again: so a partner that does it there and then gains exactly that. Later
    it gains less or more, as other things fade. An action may also lower the score: a first rating
    makes a criterion known that was left out before. A partner that left the programme gets no
    advice, until it is onboarded again.

    Args:
        history: Events, or the lifecycles made of them.
        partner_id: The partner.
        as_of: The moment; needed with events. [aware datetime]
        model: How to score.
        rates: Rates to convert money with, of the day of the win; a function of (from, to, day).
        deal: What a win would bring, at no stated margin; None takes the mean of the partner's
            deals, with their average margin. [money]
        most: How often an action is tried to reach the next tier. [count, >= 1]

    Raises:
        AsOfError: When *as_of* is missing with events, or differs from the history's own.
        OptionError: When no event names the partner, *most* is below 1, *deal* is not above 0, a
            rate is needed and there is none, or an engine keeps no lifecycles.
        MixedCurrencyError: When its deals are in several currencies and the model names none.

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 acme onboarded
    ...     2026-01-05 acme certified security
    ... ''')
    >>> found = improvements(events, partner_id="acme", as_of=at("2026-07-01"))
    >>> found["certification"].words, found["certification"].gain_text()
    ('earn one more certification', '+3.9')
    """
    if most < 1:
        raise OptionError("most", most, "must be at least 1")
    if deal is not None and getattr(deal, "amount", 0) <= 0:
        raise OptionError("deal", deal, "pass Money above 0, such as Money('20000', 'EUR')")
    lives = lives_of(history, as_of=as_of)
    story = story_of(lives, partner_id, rates=rates)
    record = story.record(as_of=lives.as_of, model=model)
    score = story.score_of(record, as_of=lives.as_of, model=model)
    left = record.partner.terminated_at
    if left is not None:
        return Improvements(score=score, next_tier=None, actions=(), terminated_at=left)
    usual = usual_deal(record) if deal is None else Deal(deal)
    trial = _Trial(story, record, score, next_tier(model, score.value), most)
    found = [trial.of(action) for action in actions_of(story, record, usual)]
    words = "no deal of the partner tells what a win would bring; pass deal= to see what wins gain"
    return Improvements(
        score=score,
        next_tier=trial.tier,
        actions=tuple(sorted(found, key=lambda one: -one.gain)),
        left_out=() if usual is not None else (words,),
    )


@frozen
class _Trial:
    """Tries actions on the story of a partner.

    Attributes:
        story: The partner's story.
        record: Its record as it is.
        score: The score as it is.
        tier: The tier above.
        most: How often to try an action.
    """

    story: PartnerStory
    record: PartnerRecord
    score: PlvScore
    tier: Tier | None
    most: int

    def of(self, action: Action) -> Improvement:
        """What one action does, once and as often as the next tier takes."""
        events = action.step(1)
        once = self._with(events)
        before, after = self.score.value or 0.0, once.value or 0.0
        path = self._path(action)
        return Improvement(
            name=action.name,
            words=action.words,
            events=events,
            before=before,
            after=after,
            times_to_next_tier=len(path) or None,
            path=tuple(event for step in path for event in step),
            because=why_no_gain(self.score, once) if after == before else None,
        )

    def _path(self, action: Action) -> list[tuple[Event, ...]]:
        """The steps to the next tier; empty where it is not reached."""
        if self.tier is None:
            return []
        path: list[tuple[Event, ...]] = []
        last = self.score
        for number in range(1, min(self.most, action.most or self.most) + 1):
            path.append(action.step(number))
            tried = self._with([event for step in path for event in step])
            if reaches(self.tier, tried.value):
                return path
            if is_exhausted(last, tried):
                break
            last = tried
        return []

    def _with(self, events: Sequence[Event]) -> PlvScore:
        model, as_of = self.score.model, self.score.as_of
        record = self.story.extended(self.record, events, model=model)
        return self.story.score_of(record, as_of=as_of, model=model)


def _shown(points: float) -> Decimal:
    return in_digits(points, 1)
