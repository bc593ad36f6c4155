"""Hypothesis strategies of what scoring reads: features of leads, models of rules, and criteria."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from partnerleads.scoring import (
    AtLeast,
    AtMost,
    Behaviour,
    Criterion,
    Done,
    Equals,
    Happened,
    LeadFeatures,
    Missing,
    OneOf,
    QualificationModel,
    Rule,
    RuleGroup,
    RuleModel,
    Sign,
    Stated,
)
from partnerleads.testing.life import START
from partnerleads.testing.single_strategies import LEAD_IDS

__all__ = ["lead_features", "qualification_models", "rule_models"]

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_NAMES = ("industry", "country", "attributes.role")
_TEXTS = ("steel", "retail", "buyer")
_NUMBERS = ("company_size", "expected_value.EUR")
_KINDS = ("lead_progressed", "contact_made", "activity.demo", "activity.visit")

_texts = st.sampled_from(_TEXTS)
_sizes = st.sampled_from((0.0, 10.0, 50.0, 1e6)) | st.floats(-1e9, 1e9)
_points = st.integers(-50, 50) | st.floats(-1000, 1000)
_spans = st.none() | st.integers(1, 60).map(lambda days: days * _DAY)
_limits = st.floats(-1000, 1000)


def lead_features(*, lead_id: str = LEAD_IDS[0]) -> SearchStrategy[LeadFeatures]:
    """What is known of one lead.

    Args:
        lead_id: The lead.
    """
    return _features(lead_id)


@st.composite
def _features(draw: DrawFn, lead_id: str) -> LeadFeatures:
    captured_at = START
    as_of = captured_at + draw(st.integers(0, 2400)) * _HOUR
    return LeadFeatures(
        lead_id=lead_id,
        captured_at=captured_at,
        as_of=as_of,
        values=draw(st.dictionaries(st.sampled_from(_NAMES), _texts)),
        numbers=draw(st.dictionaries(st.sampled_from(_NUMBERS), _sizes)),
        behaviours=draw(st.lists(_behaviours(captured_at, as_of), max_size=6)),
        segment=draw(st.none() | _texts),
    )


def _behaviours(first: datetime, last: datetime) -> SearchStrategy[Behaviour]:
    hours = st.integers(0, (last - first) // _HOUR)
    return st.builds(
        Behaviour,
        kind=st.sampled_from(_KINDS),
        occurred_at=hours.map(lambda hour: first + hour * _HOUR),
        count=st.sampled_from((1, 1, 2, 150)),
    )


def rule_models() -> SearchStrategy[RuleModel]:
    """Models of one or two groups of rules, with and without limits."""
    return _MODELS


def _rules() -> SearchStrategy[Rule]:
    texts, numbers = st.sampled_from(_NAMES), st.sampled_from(_NUMBERS)
    kinds: list[SearchStrategy[Any]] = [
        st.builds(Equals, name=texts, value=_texts, points=_points),
        st.builds(
            OneOf, name=texts, values=st.lists(_texts, min_size=1, max_size=2), points=_points
        ),
        st.builds(AtLeast, name=numbers, least=_sizes, points=_points),
        st.builds(AtMost, name=numbers, most=_sizes, points=_points),
        st.builds(Missing, name=texts | numbers, points=_points),
        st.builds(
            Happened,
            behaviour=st.sampled_from((*_KINDS, "activity")),
            points=_points,
            half_life=_spans,
            most=st.sampled_from((1, 2, 3, 100)),
            per=_spans,
            within=_spans,
        ),
    ]
    return st.one_of(kinds)


def _group(
    name: str, rules: list[Rule], limits: tuple[float, float], which: tuple[bool, bool]
) -> RuleGroup:
    low, high = sorted(limits)
    least, most = (limit if one else None for limit, one in zip((low, high), which, strict=True))
    return RuleGroup(name=name, rules=rules, least=least, most=most)


def _groups(name: str) -> SearchStrategy[RuleGroup]:
    rules = st.lists(_rules(), min_size=1, max_size=3)
    limits = st.tuples(_limits, _limits)
    return st.builds(_group, st.just(name), rules, limits, st.tuples(st.booleans(), st.booleans()))


_MODELS = st.builds(
    RuleModel,
    name=st.just("drawn"),
    groups=st.tuples(_groups("a")) | st.tuples(_groups("a"), _groups("b")),
)


def qualification_models() -> SearchStrategy[QualificationModel]:
    """Models of one to three criteria, with and without required ones."""
    return _QUALIFICATIONS


def _signs() -> SearchStrategy[Sign]:
    texts, numbers = st.sampled_from(_NAMES), st.sampled_from(_NUMBERS)
    kinds: list[SearchStrategy[Any]] = [
        st.builds(Stated, name=texts, values=st.lists(_texts, max_size=2)),
        st.builds(Stated, name=numbers, least=st.none() | _sizes),
        st.builds(Stated, name=numbers, most=_sizes),
        st.builds(
            Done,
            behaviour=st.sampled_from((*_KINDS, "activity")),
            times=st.sampled_from((1, 2)),
            within=_spans,
        ),
    ]
    return st.one_of(kinds)


@st.composite
def _qualifications(draw: DrawFn) -> QualificationModel:
    names = ("need", "budget", "authority")[: draw(st.integers(1, 3))]
    signs = st.lists(_signs(), min_size=1, max_size=2)
    return QualificationModel(
        name="drawn",
        criteria=[Criterion(name=name, signs=draw(signs)) for name in names],
        required=draw(st.lists(st.sampled_from(names), unique=True)),
        at_least=draw(st.none() | st.integers(1, len(names))),
    )


_QUALIFICATIONS = _qualifications()
