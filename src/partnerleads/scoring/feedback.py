"""What a partner may be told of its leads: their quality, what was missing, what to change."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from attrs import frozen

from partnerleads.errors import OptionError
from partnerleads.events import Event
from partnerleads.kpis import SMALL
from partnerleads.lifecycle import Lifecycles
from partnerleads.lifecycle.settled_events import partners_named, unnamed_partner
from partnerleads.model import Caution, LeadId, PartnerId, Period
from partnerleads.model.figure import frozen_counts
from partnerleads.model.options import check_choice, check_span
from partnerleads.model.period import check_period
from partnerleads.scoring.examples import FROM_LIFECYCLES
from partnerleads.scoring.feedback_parts import (
    Answered,
    CriterionFeedback,
    Outcomes,
    ScoreFeedback,
    Submitted,
)
from partnerleads.scoring.feedback_reading import SUBMITTERS, Read, Reader
from partnerleads.scoring.feedback_result import PartnerFeedback
from partnerleads.scoring.lead_features import LeadFeatures
from partnerleads.scoring.lead_score import LeadScore
from partnerleads.scoring.protocol import LeadScorer, checked_scorer
from partnerleads.scoring.qualification import DEFAULT_QUALIFICATION, QualificationModel, qualify
from partnerleads.scoring.qualification_result import Qualifications
from partnerleads.scoring.reading import reading_of
from partnerleads.scoring.remembering import Memory
from partnerleads.scoring.rule_model import DEFAULT_RULES
from partnerleads.scoring.scoring_leads import score_leads
from partnerleads.scoring.trials import changes_of

__all__ = ["partner_feedback"]


def partner_feedback(
    history: Iterable[Event] | Lifecycles,
    *,
    partner_id: PartnerId,
    as_of: datetime | None = None,
    period: Period | None = None,
    scorer: LeadScorer = DEFAULT_RULES,
    qualification: QualificationModel = DEFAULT_QUALIFICATION,
    submitted: Submitted = "originator",
    read_after: timedelta | None = None,
    numeric: Collection[str] = (),
    as_recorded: bool = True,
    fewest_others: int = 3,
    confidence: float = 0.95,
) -> PartnerFeedback:
    """How good a partner's leads are, what was missing, and what would raise their scores.

    Its leads are held against those that other partners submitted, without a name of these. All
    leads are read by one rule: a stated time after their capture, or as of the moment; and never
    from after they were first won, lost or disqualified.

    Args:
        history: Events, or the lifecycles made of them. Lifecycles keep the last version alone of
            what was revised.
        partner_id: The partner.
        as_of: The moment; needed with events. [aware datetime]
        period: Period of the captures; None is all time.
        scorer: How to score.
        qualification: The criteria.
        submitted: Whose lead it is: of the ``originator`` that its capture names, or of the
            ``sourcing_partner`` that is credited with it as of the moment.
        read_after: How long after the capture leads are read; those captured later than that
            before the moment are left out. None reads them as of the moment. [span of time]
        numeric: Attributes that are numbers written as text.
        as_recorded: Whether only what had been recorded by the moment of reading is known. False
            trusts the dates of what was recorded later.
        fewest_others: How many other partners must have leads there, so that none of them shows
            through the comparison; with fewer there is none. [count, >= 1]
        confidence: Of the intervals. [0..1, exclusive]

    Raises:
        AsOfError: When the moment is missing with events, or is not that of the lifecycles.
        NaiveInstantError: When *as_of* has no offset.
        OptionError: When nothing of the history is of the partner, or an option is none.
        ScorerError: When an answer of the scorer is no score of its lead.

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 L1 captured by acme company_size=80 industry=steel country=DE
    ...     2026-01-03 L2 captured by acme company_size=80
    ... ''')
    >>> found = partner_feedback(events, partner_id="acme", as_of=at("2026-02-01"))
    >>> found.score.own.mean
    5.0
    >>> [(one.words, one.leads, one.gain) for one in found.changes if one.kind == "state"][-1]
    ('state industry: any', 1, 2.5)
    """
    check_period("period", period)
    check_span("read_after", read_after)
    check_choice("submitted", submitted, SUBMITTERS)
    checked_scorer(scorer)
    if type(fewest_others) is not int or fewest_others < 1:
        raise OptionError("fewest_others", fewest_others, "must be a whole number, at least 1")
    memory = Memory(history, as_of=as_of, as_recorded=as_recorded)
    lives = history if isinstance(history, Lifecycles) else memory.lives
    if partner_id not in partners_named(lives):
        raise unnamed_partner(partner_id, lives)
    reader = Reader(memory, reading_of(None, numeric, None), read_after)
    judge = _Judge(scorer, qualification)
    own, others, rivals = reader.sides(partner_id, period, SUBMITTERS[submitted])
    judged = judge.of(own)
    compared = judge.of(others) if rivals >= fewest_others else None
    return PartnerFeedback(
        partner=lives.partner_at(partner_id, lives.as_of),
        as_of=lives.as_of,
        period=period,
        submitted=submitted,
        read_after=read_after,
        others=rivals if compared else None,
        score=ScoreFeedback.of(
            judged.points, compared.points if compared else None, confidence=confidence
        ),
        qualified=CriterionFeedback.of(
            "qualified",
            judged.verdicts(),
            compared.verdicts() if compared else None,
            confidence=confidence,
        ),
        criteria=tuple(_criteria(judged, compared, confidence)),
        changes=changes_of(
            [one.features for one in own], scorer=scorer, qualification=qualification
        ),
        outcomes=Outcomes.of(one.lead for one in own),
        others_outcomes=Outcomes.of(one.lead for one in others) if compared else None,
        scorers=tuple(dict.fromkeys((one.scorer, one.fingerprint) for one in judged.scores)),
        qualification=(qualification.name, qualification.fingerprint),
        confidence=confidence,
        left_out_because=frozen_counts(reader.left_out),
        warnings=(*_warnings(history, judged, compared, fewest_others),),
    )


@frozen
class _Judged:
    """The scores and the qualification of leads."""

    scores: tuple[LeadScore, ...]
    qualifications: Qualifications

    @property
    def points(self) -> list[float]:
        """The scores."""
        return [one.score for one in self.scores]

    def answered(self, place: int) -> Answered:
        """How often a criterion is met."""
        return Answered.of(one.answers[place].met for one in self.qualifications.values())

    def verdicts(self) -> Answered:
        """How many leads are qualified."""
        return Answered.of(one.qualified for one in self.qualifications.values())


@frozen
class _Judge:
    """How leads are scored and qualified."""

    scorer: LeadScorer
    qualification: QualificationModel

    def of(self, leads: Sequence[Read]) -> _Judged:
        """The scores and the qualification of leads."""
        features: dict[LeadId, LeadFeatures] = {one.lead.lead_id: one.features for one in leads}
        scores = score_leads(features, scorer=self.scorer)
        return _Judged((*scores.values(),), qualify(features, qualification=self.qualification))


def _criteria(
    own: _Judged, others: _Judged | None, confidence: float
) -> Iterator[CriterionFeedback]:
    """Every criterion of both."""
    for place, name in enumerate(own.qualifications.criteria):
        theirs = others.answered(place) if others else None
        yield CriterionFeedback.of(name, own.answered(place), theirs, confidence=confidence)


def _warnings(
    history: object, own: _Judged, others: _Judged | None, fewest_others: int
) -> Iterator[Caution]:
    if isinstance(history, Lifecycles):
        yield FROM_LIFECYCLES
    if 0 < len(own.scores) < SMALL:
        yield Caution("small", f"small: n < {SMALL}")
    if others is None:
        have = "other partner has" if fewest_others == 1 else "other partners have"
        words = f"fewer than {fewest_others} {have} leads there, so nothing compares"
        yield Caution("few_others", words)
    elif len(others.scores) < SMALL:
        yield Caution(
            "small_programme", f"small: the programme's other leads are fewer than {SMALL}"
        )
    yield from dict.fromkeys(warning for one in own.scores for warning in one.warnings)
