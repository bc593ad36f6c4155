"""The potential of partners without a record: the chance of a first win, from early signals."""

from __future__ import annotations

from datetime import datetime, timedelta

from attrs import frozen

from partnerleads.attribution.digits import in_digits
from partnerleads.kpis.measuring.figures import AnyHistory
from partnerleads.lifecycle import Lifecycles
from partnerleads.model import Caution, FrozenMap, PartnerId
from partnerleads.model.cautions import cautions_told
from partnerleads.model.moments import moment_text
from partnerleads.plv.by_partner import ByPartner
from partnerleads.plv.early_signals import EarlySignals, signals_of_all
from partnerleads.plv.explaining import Explanation, Part
from partnerleads.plv.potential_model import DEFAULT_POTENTIAL_MODEL, PotentialModel
from partnerleads.plv.scoring import lives_of
from partnerleads.showing import Shown

__all__ = ["Potential", "Potentials", "potential"]

NO_SIGNAL = "no signal"
"""Name of the part that a partner has that did nothing."""

_DAY = timedelta(days=1)
_SHOWN = {
    "training": "first training",
    "registration": "first registration",
    "lead": "first lead",
}


@frozen(kw_only=True, repr=False)
class Potential(Shown):
    """The potential of one partner.

    Attributes:
        partner_id: The partner.
        value: 100 x the chance of a first win within the horizon after the first days; None where
            undefined. [points, 0..100]
        parts: What a partner without a signal has, and what each signal adds; they add up to the
            value.
        signals: What the partner did in its first days.
        provisional: Whether the first days are not over, so that signals may still come.
        undefined_because: Why there is no value; None where there is one.
        model: The model.
        as_of: Events that occurred later were not seen. [aware datetime]
        known_at: Versions recorded later were not seen; None saw all. [aware datetime]
        warnings: What to beware of.
    """

    partner_id: PartnerId
    value: float | None
    parts: tuple[Part, ...]
    signals: EarlySignals
    provisional: bool
    undefined_because: str | None
    model: PotentialModel
    as_of: datetime
    known_at: datetime | None = None
    warnings: tuple[Caution, ...] = ()
    _right = frozenset({2})

    @property
    def probability(self) -> float | None:
        """The chance of a first win within the horizon; None where undefined. [0..1]"""
        return None if self.value is None else self.value / 100

    def value_text(self) -> str:
        """The potential for people, such as ``42.0``."""
        if self.value is None:
            return "undefined"
        return f"{in_digits(self.value, 1)}{' (provisional)' if self.provisional else ''}"

    def basis_text(self) -> str:
        """What it rests on, or why there is none."""
        if self.undefined_because is not None:
            return self.undefined_because
        return f"{self.signals.watched / _DAY:.0f} days watched, model {self.model.name}"

    def to_dicts(self) -> list[dict[str, object]]:
        """The potential as flat rows: one for each part."""
        return [
            {
                "partner_id": self.partner_id,
                "potential": self.value,
                "provisional": self.provisional,
                "part": part.name,
                "seen": self._seen(part.name),
                "points": part.points,
                "model": self.model.fingerprint,
                "as_of": self.as_of,
            }
            for part in self.parts
        ]

    def _seen(self, name: str) -> str:
        """A signal in words."""
        if name == NO_SIGNAL:
            return "a partner that did nothing yet"
        if name == "certifications":
            return f"{self.signals.certifications} earned"
        days: float | None = getattr(self.signals, name)
        return f"no {_SHOWN[name]}" if days is None else f"{_SHOWN[name]} on day {days:.0f}"

    def _titles(self) -> tuple[str, ...]:
        return "", "seen", "points"

    def _rows(self) -> list[tuple[str, ...]]:
        explained = Explanation(
            partner_id=self.partner_id,
            value=self.value or 0.0,
            reference="0",
            reference_value=0.0,
            parts=self.parts,
        )
        return [(name, self._seen(name), f"{points:+}") for name, points in explained.rounded()]

    def _head(self) -> str:
        when = f"as of {moment_text(self.as_of)}"
        return f"{self.partner_id} {self.value_text()} ({self.basis_text()}, {when})"

    def _notes(self) -> list[str]:
        return [*map(str, self.warnings)]


@frozen(repr=False)
class Potentials(ByPartner[Potential]):
    """The potentials of all partners at a moment, by id.

    Attributes:
        by_partner: The potentials, by id.
    """

    _counted = "potential"

    def _moment(self) -> datetime:
        return max(one.as_of for one in self.values())

    def _notes(self) -> list[str]:
        return cautions_told({name: one.warnings for name, one in self.items()}, "partner")


def potential(
    history: AnyHistory,
    *,
    as_of: datetime | None = None,
    model: PotentialModel = DEFAULT_POTENTIAL_MODEL,
) -> Potentials:
    """The chance of a first win that the first days of each partner tell, scaled to 0..100.

    The signals are the time to the first training, registration and lead, and the certifications
    earned, within 90 days of the first onboarding. Only what occurred and was recorded by the end
    of these days is read, so nothing new changes the potential after them; only events that are
    revised or taken back do. While they last it is provisional, and what has not happened counts
    as not happened.

    Args:
        history: Events, or the lifecycles made of them.
        as_of: The moment; needed with events. [aware datetime]
        model: Weights of the signals; those of the default are assumed, not measured.

    Returns:
        The potential of every partner with events of its own, by id; undefined where its
        onboarding is not on record, or not known exactly.

    Raises:
        AsOfError: When *as_of* is missing with events, or differs from the history's own.
        OptionError: When an engine keeps no lifecycles.

    Source:
        DOMAIN 5.

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-01 acme onboarded
    ...     2026-01-10 acme training basics
    ...     2026-02-15 L1   captured by acme
    ... ''')
    >>> print(potential(events, as_of=at("2026-06-01"))["acme"])
    acme 33.6 (90 days watched, model assumed, as of 2026-06-01 00:00 UTC)
      no signal       a partner that did nothing yet   +11.9
      training        first training on day 9          +11.8
      certifications  0 earned                          +0.0
      registration    no first registration             +0.0
      lead            first lead on day 45              +9.9
      note: weights are assumed, not measured: fit it to your own programme as soon as that is ...
    """
    lives = lives_of(history, as_of=as_of)
    signals = signals_of_all(lives, model.window)
    return Potentials(
        FrozenMap({name: potential_of(one, lives, model) for name, one in signals.items()})
    )


def potential_of(signals: EarlySignals, lives: Lifecycles, model: PotentialModel) -> Potential:
    """The potential that the first days of one partner tell.

    Args:
        signals: The first days.
        lives: The history, which knows the partner and the moment.
        model: Weights of the signals.
    """
    defined = signals.onboarded_at is not None
    strengths = model.strengths(signals)
    points = {NO_SIGNAL: 100 * model.chance({}), **model.points(strengths)} if defined else {}
    left = lives.partners[signals.partner_id].terminated_at
    words = {
        "origin": f"weights are {model.origin}",
        "recorded_late": f"recorded after the first days, so not looked at: {signals.late}",
        "vague_times": f"of a time not known exactly, so not looked at: {signals.vague}",
        "terminated": "" if left is None else f"it left the programme on {moment_text(left)}",
    }
    shown = {"origin": defined, "recorded_late": signals.late, "vague_times": signals.vague}
    shown["terminated"] = left is not None
    return Potential(
        partner_id=signals.partner_id,
        value=100 * model.chance(strengths) if defined else None,
        parts=tuple(Part(name=name, points=one) for name, one in points.items()),
        signals=signals,
        provisional=defined and signals.watched < model.window,
        undefined_because=None if defined else "its onboarding is not on record to the day",
        model=model,
        as_of=lives.as_of,
        known_at=lives.known_at,
        warnings=tuple(Caution(code, words[code]) for code, one in shown.items() if one),
    )
