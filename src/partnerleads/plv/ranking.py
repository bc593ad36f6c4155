"""One number to rank partners by, with or without a record."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from attrs import evolve, frozen

from partnerleads.attribution.digits import in_digits
from partnerleads.errors import OptionError
from partnerleads.kpis.measuring.figures import AnyHistory
from partnerleads.kpis.measuring.tally import Rates
from partnerleads.lifecycle import Lifecycles
from partnerleads.model import FrozenMap, PartnerId
from partnerleads.model.moments import moment_text
from partnerleads.model.numbers import check_number
from partnerleads.model.options import check_choice
from partnerleads.plv.by_partner import ByPartner
from partnerleads.plv.model import DEFAULT_MODEL, PlvModel
from partnerleads.plv.potential import potential
from partnerleads.plv.potential_model import DEFAULT_POTENTIAL_MODEL, PotentialModel
from partnerleads.plv.record import CREDITS, Credit, records_of
from partnerleads.plv.score import PlvScore
from partnerleads.plv.scoring import lives_of, plv_scores

__all__ = ["RankingScore", "RankingScores", "ranking_score", "ranking_scores"]


@frozen(kw_only=True, repr=False)
class RankingScore:
    """What a partner is ranked by, and the two numbers it lies between.

    Attributes:
        partner_id: The partner; None where only numbers were given.
        value: The ranking score; None where neither number is there. [points, 0..100]
        composite: What the record says; None where nothing is known. [points, 0..100]
        potential: What the first days promised; None where undefined. [points, 0..100]
        decided: Leads of the partner that were won or lost. [count]
        credibility: z, the part of the composite score in it. [0..1]
        terminated_at: When the partner left the programme, if it did. [aware datetime]
    """

    value: float | None
    composite: float | None
    potential: float | None
    decided: int
    credibility: float
    partner_id: PartnerId | None = None
    terminated_at: datetime | None = None

    def value_text(self) -> str:
        """The ranking score for people, such as ``42.0``."""
        return _text(self.value)

    def basis_text(self) -> str:
        """The two numbers, and how much each counts."""
        own = 100 * self.credibility
        gone = self.terminated_at
        left = "" if gone is None else f"; it left the programme on {moment_text(gone)}"
        return (
            f"composite {_text(self.composite)} counts {own:.0f} %, potential "
            f"{_text(self.potential)} counts {100 - own:.0f} %, decided leads: {self.decided}{left}"
        )

    def to_dicts(self) -> list[dict[str, object]]:
        """The ranking score as one flat row."""
        return [
            {
                "partner_id": self.partner_id,
                "ranking_score": self.value,
                "composite": self.composite,
                "potential": self.potential,
                "decided": self.decided,
                "credibility": self.credibility,
                "terminated_at": self.terminated_at,
            }
        ]

    def __str__(self) -> str:
        name = "" if self.partner_id is None else f"{self.partner_id} "
        return f"{name}{self.value_text()} ({self.basis_text()})"

    def __repr__(self) -> str:
        return f"<{self}>"


@frozen(repr=False)
class RankingScores(ByPartner[RankingScore]):
    """The ranking scores of all partners at a moment, by id.

    Attributes:
        by_partner: The ranking scores, by id.
        as_of: Events that occurred later were not seen. [aware datetime]
    """

    as_of: datetime
    _counted = "ranking score"

    def to_dicts(self) -> list[dict[str, object]]:
        """All ranking scores as flat rows, best first."""
        return [{**row, "as_of": self.as_of} for row in super().to_dicts()]

    def _moment(self) -> datetime:
        return self.as_of


def _text(points: float | None) -> str:
    return "unknown" if points is None else str(in_digits(points, 1))


def ranking_score(
    composite: float | None,
    potential: float | None,
    *,
    decided: int,
    strength: float = 10.0,
) -> RankingScore:
    """``z x composite + (1 - z) x potential`` with ``z = n / (n + K)``, n decided leads.

    Without a record it is the potential, and with more and more of one it comes ever closer to
    the composite score, without a jump. Where one of the two is not known the other stands alone.
    It may fall when the composite rises: a won lead of a partner with much potential also makes
    its record count more. Monotonicity is claimed for the composite score only.

    Args:
        composite: What the record says; None where nothing is known. [points, 0..100]
        potential: What the first days promised; None where undefined. [points, 0..100]
        decided: Leads won or lost. [count]
        strength: K, the number of decided leads at which both count alike. [leads, > 0]

    Raises:
        OptionError: When a number leaves its range.

    Source:
        DOMAIN 5; credibility after Buehlmann 1967.

    >>> print(ranking_score(80.0, 40.0, decided=30))
    70.0 (composite 80.0 counts 75 %, potential 40.0 counts 25 %, decided leads: 30)
    >>> ranking_score(80.0, 40.0, decided=0).value
    40.0
    """
    check_number("strength", strength)
    if strength <= 0:
        raise OptionError("strength", strength, "must be above 0")
    if decided < 0:
        raise OptionError("decided", decided, "must not be negative")
    for name, one in (("composite", composite), ("potential", potential)):
        if one is not None and not 0 <= one <= 100:
            raise OptionError(name, one, "must lie between 0 and 100")
    z = decided / (decided + strength)
    if composite is None:
        z, value = 0.0, potential
    elif potential is None:
        z, value = 1.0, composite
    else:
        value = z * composite + (1 - z) * potential
    return RankingScore(
        value=value, composite=composite, potential=potential, decided=decided, credibility=z
    )


def ranking_scores(
    history: AnyHistory,
    *,
    as_of: datetime | None = None,
    model: PlvModel = DEFAULT_MODEL,
    potential_model: PotentialModel = DEFAULT_POTENTIAL_MODEL,
    strength: float = 10.0,
    credit: Credit = "sourced",
    rates: Rates | None = None,
    scores: Mapping[PartnerId, PlvScore] | None = None,
) -> RankingScores:
    """The ranking score of every partner, with the composite score and the potential it mixes.

    Args:
        history: Events, or the lifecycles made of them.
        as_of: The moment; needed with events. [aware datetime]
        model: Of the composite score.
        potential_model: Of the potential.
        strength: K, the number of decided leads at which both count alike. [leads, > 0]
        credit: Whose decided leads count.
        rates: Rates to convert money with, of the day of the win; a function of (from, to, day).
        scores: The composite scores of the same history, by the same model and rates, where they
            are made already; None makes them.

    Raises:
        AsOfError: When *as_of* is missing with events, or differs from the history's own.
        OptionError: When an option is none, a rate is needed and there is none, an engine keeps
            no lifecycles, or *scores* are of other partners, another model or another moment.
        MixedCurrencyError: When deals are in several currencies and the model names none.

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-01 acme onboarded
    ...     2026-01-10 acme training basics
    ...     2026-02-15 L1   captured by acme
    ...     2026-03-15 L1   won 20000 EUR
    ...     2026-05-01 beta onboarded
    ... ''')
    >>> print(ranking_scores(events, as_of=at("2026-06-01")))
    2 partners by ranking score (as of 2026-06-01 00:00 UTC)
      acme  32.9  composite 25.3 counts 9 %, potential 33.6 counts 91 %, decided leads: 1
      beta  11.9  composite 2.4 counts 0 %, potential 11.9 counts 100 %, decided leads: 0
    """
    check_choice("credit", credit, CREDITS)
    lives = lives_of(history, as_of=as_of)
    if scores is None:
        scores = plv_scores(lives, model=model, rates=rates)
    records = records_of(lives)
    _check_scores(scores, records.keys(), lives, model)
    potentials = potential(lives, model=potential_model)
    found = {}
    for name, record in records.items():
        promised = potentials.get(name)
        one = ranking_score(
            scores[name].value,
            None if promised is None else promised.value,
            decided=sum(lead.status in ("won", "lost") for lead in record.credited(credit)),
            strength=strength,
        )
        left = record.partner.terminated_at
        found[name] = evolve(one, partner_id=name, terminated_at=left)
    return RankingScores(FrozenMap(found), lives.as_of)


def _check_scores(
    scores: Mapping[PartnerId, PlvScore],
    names: Collection[PartnerId],
    lives: Lifecycles,
    model: PlvModel,
) -> None:
    """Refuse scores that are not those of a history."""
    if scores.keys() != set(names):
        other = min(scores.keys() ^ set(names))
        raise OptionError("scores", other, "is in the scores or in the history, not in both")
    for one in scores.values():
        if one.model != model:
            raise OptionError("scores", one.model.name, f"comes not of the model {model.name!r}")
        if (one.as_of, one.known_at) != (lives.as_of, lives.known_at):
            reason = f"is not the history's {lives.as_of.isoformat()}, known at the same moment"
            raise OptionError("scores", one.as_of.isoformat(), reason)
