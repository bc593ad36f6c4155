"""The page for a partner about the leads that it submitted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from attrs import frozen

from partnerleads.attribution.digits import in_digits
from partnerleads.model import Caution, FrozenMap, Partner, Period
from partnerleads.model.figure import counted, left_out_words
from partnerleads.model.moments import moment_text
from partnerleads.model.page import page_html, page_text
from partnerleads.scoring.examples import after_capture
from partnerleads.scoring.feedback_parts import (
    CriterionFeedback,
    Outcomes,
    ScoreFeedback,
    ScoreSummary,
    Submitted,
)
from partnerleads.scoring.trials import Change
from partnerleads.stats import Estimate

__all__ = ["PartnerFeedback"]

_SHOWN = 10
"""How many changes a page shows. [count]"""

_DEFINITIONS = {
    "originator": "whose capture names the partner",
    "sourcing_partner": "credited to the partner",
}

Row = tuple[str, ...]


@frozen(kw_only=True, repr=False)
class PartnerFeedback:
    """How good a partner's leads are, what was missing, and what would raise their scores.

    Attributes:
        partner: The partner as its events describe it.
        as_of: The moment. [aware datetime]
        period: Period of the captures; None is all time.
        submitted: Whose lead it is: ``originator`` or ``sourcing_partner``.
        read_after: How long after the capture leads were read; None is as of the moment.
        others: Other partners that have leads there; None where nothing is compared. [count]
        score: The scores, against the others'.
        qualified: How many leads are qualified, against the others'.
        criteria: How many meet each criterion, against the others'.
        changes: What would raise the mean score, by the most first.
        outcomes: What became of the leads so far.
        others_outcomes: What became of the others'; None where nothing is compared.
        scorers: Name and fingerprint of what scored; empty without a lead.
        qualification: Name and fingerprint of the criteria.
        confidence: Of the intervals. [0..1]
        left_out_because: Leads of the partner that were not read, by reason. [counts]
        warnings: What to beware of.
    """

    partner: Partner
    as_of: datetime
    period: Period | None
    submitted: Submitted
    read_after: timedelta | None
    others: int | None
    score: ScoreFeedback
    qualified: CriterionFeedback
    criteria: tuple[CriterionFeedback, ...]
    changes: tuple[Change, ...]
    outcomes: Outcomes
    others_outcomes: Outcomes | None
    scorers: tuple[tuple[str, str], ...]
    qualification: tuple[str, str]
    confidence: float
    left_out_because: FrozenMap[str, int]
    warnings: tuple[Caution, ...] = ()

    @property
    def n(self) -> int:
        """How many leads of the partner were read. [count]"""
        return self.score.own.n

    def __getitem__(self, name: str) -> CriterionFeedback:
        for one in self.criteria:
            if one.name == name:
                return one
        raise KeyError(name)

    def head(self) -> str:
        """Whose page it is, and of when."""
        name, partner_id = self.partner.name, self.partner.partner_id
        whose = partner_id if name is None else f"{name} ({partner_id})"
        return f"Leads of {whose}, as of {moment_text(self.as_of)}"

    def basis_text(self) -> str:
        """Which leads, and when they were read."""
        text = f"{counted(self.n, 'lead')} {_DEFINITIONS[self.submitted]}"
        if self.period is not None:
            text += f", captured {self.period.first} to {self.period.until} {self.period.tz}"
        read = "as of the moment"
        if self.read_after is not None:
            read = after_capture(self.read_after)
        return f"{text}; read {read}, and before any outcome"

    def sections(self) -> Iterator[tuple[str, list[Row]]]:
        """Every section: its title and its rows, as they are shown."""
        yield "Score, 0 to 100", [*self._scores()]
        if self.n:
            yield "Criteria met", [*self._met()]
            yield "What was missing", [*self._missing()]
            yield "What would raise the mean score most", [*self._changes()]
            yield "What became of them so far", [*self._outcomes()]
        yield "Notes", [(one,) for one in self.notes()]

    def _scores(self) -> Iterator[Row]:
        yield "these leads", *_summary_cells(self.score.own)
        if self.score.others is not None and self.others is not None:
            partners = counted(self.others, "other partner")
            yield f"leads of {partners}", *_summary_cells(self.score.others)
            yield "difference of the means", *self._apart(self.score.difference, scale=1)

    def _met(self) -> Iterator[Row]:
        for one in (*self.criteria, self.qualified):
            cells = (one.name, f"{one.own.met} of {one.own.n}", _per_cent(one.own.share))
            row = (*cells, self._limits(one.interval, scale=100))
            if one.others is None:
                yield row
            else:
                apart = self._apart(one.difference, scale=100)
                yield *row, f"others {_per_cent(one.others.share)}", *apart

    def _apart(self, difference: Estimate, *, scale: float) -> Row:
        """A difference in points, with its limits."""
        value, limits = difference.value, difference.interval
        words = "" if value is None else f"{in_digits(scale * value, 1):+} points"
        return words, self._limits(limits, scale=scale) or difference.undefined_because or ""

    def _limits(self, limits: tuple[float, float] | None, *, scale: float) -> str:
        if limits is None:
            return ""
        low, high = (in_digits(scale * limit, 1) for limit in limits)
        return f"{100 * self.confidence:g} % {low} to {high}"

    def _missing(self) -> Iterator[Row]:
        for one in self.criteria:
            if one.own.not_known:
                row = (one.name, f"not known of {one.own.not_known} of {counted(self.n, 'lead')}")
                theirs = None if one.others is None else one.others.missing
                yield row if theirs is None else (*row, f"others {_per_cent(theirs)}")

    def _changes(self) -> Iterator[Row]:
        for one in self.changes[:_SHOWN]:
            yield one.words, f"{in_digits(one.gain, 1):+}", f"in {counted(one.leads, 'lead')}"

    def _outcomes(self) -> Iterator[Row]:
        for name, count in self.outcomes.counts.items():
            row: Row = (name, f"{count}", _per_cent(count / self.n))
            theirs = self.others_outcomes
            if theirs is not None:
                row = (*row, f"others {_per_cent(theirs.counts[name] / theirs.n)}")
            yield row
        for reason, count in self.outcomes.reasons.items():
            yield f"  {reason or 'no reason given'}", f"{count}"

    def notes(self) -> list[str]:
        """What to beware of."""
        scored = ", ".join(f"{name} {mark}" for name, mark in self.scorers)
        notes = [f"scored by {scored}"] if scored else []
        notes.append(f"criteria of {' '.join(self.qualification)}")
        notes += [left_out_words(n, why) for why, n in self.left_out_because.items()]
        return [*notes, *map(str, self.warnings)]

    def to_dicts(self) -> list[dict[str, object]]:
        """Flat rows of every section, each with the name of its section and the same names."""
        whole: dict[str, object] = {
            "partner_id": self.partner.partner_id,
            "submitted": self.submitted,
            "n": self.n,
            "as_of": self.as_of,
            "period_start": None if self.period is None else self.period.start,
            "period_end": None if self.period is None else self.period.end,
            "warnings": "; ".join(map(str, self.warnings)),
        }
        return [{**whole, **row} for row in self._rows()]

    def _rows(self) -> Iterator[dict[str, object]]:
        apart, theirs = self.score.difference, self.score.others
        for name in ("mean", "median"):
            other = None if theirs is None else getattr(theirs, name)
            difference = apart if name == "mean" else Estimate()
            yield _row("score", name, getattr(self.score.own, name), other, difference)
        for one in (*self.criteria, self.qualified):
            own, others, known = one.own, one.others, one.difference
            share, missing = (None, None) if others is None else (others.share, others.missing)
            yield _row("met", one.name, own.share, share, known, count=own.met, limits=one.interval)
            yield _row("missing", one.name, own.missing, missing, Estimate(), count=own.not_known)
        for change in self.changes:
            yield _row("change", change.words, change.gain, None, Estimate(), count=change.leads)
        for name, count in self.outcomes.counts.items():
            became = self.others_outcomes
            part = None if became is None else became.counts[name] / became.n
            whole = count / self.n if self.n else None
            yield _row("outcome", name, whole, part, Estimate(), count=count)
        for reason, count in self.outcomes.reasons.items():
            yield _row("reason", reason, None, None, Estimate(), count=count)

    def __str__(self) -> str:
        return page_text(self.head(), self.basis_text(), self.sections())

    def __repr__(self) -> str:
        return f"<{self.head()}>"

    def _repr_html_(self) -> str:
        return page_html(self.head(), self.basis_text(), self.sections())


def _row(
    section: str,
    name: str,
    value: float | None,
    others: float | None,
    difference: Estimate,
    *,
    count: int | None = None,
    limits: tuple[float, float] | None = None,
) -> dict[str, object]:
    low, high = limits or (None, None)
    apart_low, apart_high = difference.interval or (None, None)
    return {
        "section": section,
        "name": name,
        "value": value,
        "count": count,
        "low": low,
        "high": high,
        "others": others,
        "difference": difference.value,
        "difference_low": apart_low,
        "difference_high": apart_high,
    }


def _per_cent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.1f} %"


def _summary_cells(one: ScoreSummary) -> Row:
    if one.mean is None or one.median is None:
        return ("no lead",)
    mean, median = in_digits(one.mean, 1), in_digits(one.median, 1)
    return f"mean {mean}", f"median {median}", f"n {one.n}"
