"""What the best partners have in common that the others lack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from html import escape
from math import ceil

from attrs import frozen

from partnerleads.errors import OptionError
from partnerleads.events import CertificationEarned
from partnerleads.kpis.measuring.figures import AnyHistory
from partnerleads.kpis.measuring.tally import Rates
from partnerleads.lifecycle import Lifecycles
from partnerleads.model import Caution, PartnerId
from partnerleads.plv.activity_metrics import Certifications
from partnerleads.plv.model import DEFAULT_MODEL, PlvModel
from partnerleads.plv.record import record_of
from partnerleads.plv.scoring import lives_of, plv_scores
from partnerleads.stats.differences import newcombe

__all__ = ["Trait", "Traits", "traits"]

_KINDS = ("tier", "partner_type", "regions", "expertise", "certification", "attributes")


@frozen(kw_only=True)
class Trait:
    """Something that a partner has or has not, counted among the best and the others.

    Attributes:
        kind: What sort of trait, such as ``expertise``; ``attributes.NAME`` for a free one.
        name: The trait.
        top: How many of the best have it. [count]
        of_top: How many are the best. [count]
        others: How many of the others have it. [count]
        of_others: How many others there are. [count]
        difference: Its share among the best less that among the others. [-1..1]
        interval: Newcombe's limits of that difference. [-1..1]
    """

    kind: str
    name: str
    top: int
    of_top: int
    others: int
    of_others: int
    difference: float
    interval: tuple[float, float]

    @property
    def odds_ratio(self) -> float | None:
        """The odds among the best over those among the others; None where one of four is 0."""
        here, there = self.of_top - self.top, self.of_others - self.others
        if not (self.top and here and self.others and there):
            return None
        return (self.top / here) / (self.others / there)

    @property
    def beyond_chance(self) -> bool:
        """Whether the interval leaves out 0."""
        low, high = self.interval
        return low > 0 or high < 0

    def __str__(self) -> str:
        low, high = (100 * limit for limit in self.interval)
        mark = ", beyond chance" if self.beyond_chance else ""
        return (
            f"{self.kind} {self.name}: {self.top} of {self.of_top} of the best, "
            f"{self.others} of {self.of_others} others "
            f"({100 * self.difference:+.0f} points, {low:+.0f} to {high:+.0f}{mark})"
        )


@frozen(kw_only=True, repr=False)
class Traits:
    """Traits of the best partners, the most telling first.

    Attributes:
        best: The best partners, the best first.
        traits: Traits by how much more frequent they are among the best.
        as_of: Events that occurred later were not seen. [aware datetime]
        confidence: Confidence of the intervals. [0..1]
        warnings: What to beware of.
    """

    best: tuple[PartnerId, ...]
    traits: tuple[Trait, ...]
    as_of: datetime
    confidence: float
    warnings: tuple[Caution, ...]

    def __iter__(self) -> Iterator[Trait]:
        return iter(self.traits)

    def __len__(self) -> int:
        return len(self.traits)

    def to_dicts(self) -> list[dict[str, object]]:
        """The traits as flat rows."""
        return [
            {
                "kind": one.kind,
                "trait": one.name,
                "top": one.top,
                "of_top": one.of_top,
                "others": one.others,
                "of_others": one.of_others,
                "difference": one.difference,
                "low": one.interval[0],
                "high": one.interval[1],
                "odds_ratio": one.odds_ratio,
                "beyond_chance": one.beyond_chance,
                "as_of": self.as_of,
            }
            for one in self.traits
        ]

    def __str__(self) -> str:
        head = f"the best {len(self.best)}: {', '.join(self.best)}"
        notes = (f"  note: {one}" for one in self.warnings)
        return "\n".join([head, *(f"  {one}" for one in self.traits), *notes])

    def __repr__(self) -> str:
        return f"<{self}>"

    def _repr_html_(self) -> str:
        rows = "".join(f"<li>{escape(str(one))}</li>" for one in self.traits)
        notes = "".join(f"<p>{escape(str(one))}</p>" for one in self.warnings)
        return f"<p>the best: {escape(', '.join(self.best))}</p><ul>{rows}</ul>{notes}"


def traits(
    history: AnyHistory,
    *,
    as_of: datetime | None = None,
    model: PlvModel = DEFAULT_MODEL,
    rates: Rates | None = None,
    top: float = 0.25,
    kinds: Sequence[str] = _KINDS,
    confidence: float = 0.95,
) -> Traits:
    """Which traits are more, or less, frequent among the partners with the best scores.

    That the best have a trait does not say that it made them the best; and where many traits are
    looked at, some differ by chance alone.

    Args:
        history: Events, or the lifecycles made of them.
        as_of: The moment; needed with events. [aware datetime]
        model: How to score.
        rates: Rates to convert money with, of the day of the win; a function of (from, to, day).
        top: Part of the scored partners that are the best, rounded up. [0..1, exclusive]
        kinds: Sorts of traits to look at, out of ``tier``, ``partner_type``, ``regions``,
            ``expertise``, ``certification`` (held at the moment) and ``attributes``.
        confidence: Confidence of the intervals. [0..1, exclusive]

    Raises:
        AsOfError: When *as_of* is missing with events, or differs from the history's own.
        OptionError: When fewer than two partners have a score, an option makes no sense, a rate
            is needed and there is none, or an engine keeps no lifecycles.
        MixedCurrencyError: When deals are in several currencies and the model names none.

    Source:
        Interval after Newcombe 1998.

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 acme onboarded tier=gold
    ...     2026-01-03 acme training basics
    ...     2026-01-02 beta onboarded tier=silver
    ... ''')
    >>> [str(one) for one in traits(events, as_of=at("2026-02-01"), kinds=["tier"])][0]
    'tier gold: 1 of 1 of the best, 0 of 1 others (+100 points, -12 to +100)'
    """
    unknown = [kind for kind in kinds if kind not in _KINDS]
    if unknown or isinstance(kinds, str):
        raise OptionError("kinds", kinds, f"name some of {', '.join(_KINDS)}")
    if not 0 < top < 1:
        raise OptionError("top", top, "must lie between 0 and 1, such as 0.25")
    lives = lives_of(history, as_of=as_of)
    scores = plv_scores(lives, model=model, rates=rates)
    ranked = [one.partner_id for one in scores.ranked if one.value is not None]
    if len(ranked) < 2:
        raise OptionError("history", len(ranked), "partners have a score; there is none to compare")
    cut = min(ceil(top * len(ranked)), len(ranked) - 1)
    had = {name: frozenset(_traits_of(lives, name, kinds)) for name in ranked}
    best, others = ranked[:cut], ranked[cut:]
    found = [
        _trait(key, [key in had[n] for n in best], [key in had[n] for n in others], confidence)
        for key in sorted({key for keys in had.values() for key in keys})
    ]
    found.sort(key=lambda one: -one.difference)
    words = f"{len(found)} traits were looked at; of those that make no difference about one in "
    words += f"{round(1 / (1 - confidence))} lies beyond chance all the same"
    return Traits(
        best=tuple(best),
        traits=tuple(found),
        as_of=lives.as_of,
        confidence=confidence,
        warnings=(Caution("many", words),) if len(found) > 1 else (),
    )


def _trait(key: tuple[str, str], best: list[bool], others: list[bool], confidence: float) -> Trait:
    top, of_top, rest, of_others = sum(best), len(best), sum(others), len(others)
    return Trait(
        kind=key[0],
        name=key[1],
        top=top,
        of_top=of_top,
        others=rest,
        of_others=of_others,
        difference=top / of_top - rest / of_others,
        interval=newcombe(top, of_top, rest, of_others, confidence=confidence),
    )


def _traits_of(
    lives: Lifecycles, partner_id: PartnerId, kinds: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """The traits of one partner, as kind and name."""
    partner = lives.partner_at(partner_id, lives.as_of)
    stated: Mapping[str, tuple[str | None, ...]] = {
        "tier": (partner.tier,),
        "partner_type": (partner.partner_type,),
        "regions": partner.regions or (),
        "expertise": partner.expertise or (),
        "certification": tuple(_held(lives, partner_id)),
    }
    for kind in kinds:
        for name in stated.get(kind, ()):
            if name is not None:
                yield kind, name
    if "attributes" in kinds:
        for name, value in partner.attributes.items():
            yield f"attributes.{name}", value


def _held(lives: Lifecycles, partner_id: PartnerId) -> Iterator[str]:
    """The certifications that a partner holds at the moment."""
    events = lives.partner_events.get(partner_id, ())
    for name in {one.certification for one in events if isinstance(one, CertificationEarned)}:
        of_it = tuple(one for one in events if getattr(one, "certification", None) == name)
        if Certifications().value(record_of(partner_id, events=of_it), lives.as_of):
            yield name
