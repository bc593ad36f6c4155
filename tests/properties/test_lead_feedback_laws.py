"""Laws of qualification and of the feedback to partners, and a naive twin that must agree."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import chain
from random import Random

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerleads.events import Event, LeadCaptured, LeadFact
from partnerleads.lifecycle import fold
from partnerleads.scoring import (
    Answered,
    Behaviour,
    Criterion,
    Done,
    Equals,
    Happened,
    LeadFeatures,
    Missing,
    PartnerFeedback,
    QualificationModel,
    RuleGroup,
    RuleModel,
    Stated,
    features_of,
    lead_features,
    partner_feedback,
    qualify,
)
from partnerleads.scoring.trials import changes_of
from partnerleads.testing import at, strategies

LATE = at("2026-12-31")
DAY = timedelta(days=1)
TINY = 1e-6

leads = strategies.lead_features()
models = strategies.rule_models()
qualifications = strategies.qualification_models()
histories = strategies.histories()

SCORER = RuleModel(
    name="m",
    groups=[
        RuleGroup(
            name="g",
            rules=[
                Missing(name="industry", points=-10),
                Equals(name="country", value="DE", points=15),
                Happened(behaviour="lead_progressed", points=20, half_life=30 * DAY, most=3),
                Happened(behaviour="contact_made", points=10, most=2),
                Happened(behaviour="lead_returned", points=-20),
            ],
        )
    ],
)
CRITERIA = QualificationModel(
    name="q",
    criteria=[
        Criterion(name="industry", signs=[Stated(name="industry")]),
        Criterion(name="need", signs=[Stated(name="criteria.need", values=["met"])]),
        Criterion(name="talked", signs=[Done(behaviour="contact_made")]),
        Criterion(name="soon", signs=[Stated(name="days_to_expected_close", least=0, most=60)]),
    ],
    at_least=2,
)


def feedback(events: tuple[Event, ...], **options: object) -> PartnerFeedback:
    given_ = {
        "partner_id": "acme",
        "as_of": LATE,
        "scorer": SCORER,
        "qualification": CRITERIA,
        "fewest_others": 1,
    }
    return partner_feedback(events, **{**given_, **options})  # type: ignore[arg-type]


def told(events: tuple[Event, ...]) -> tuple[Event, ...]:
    """The history with acme in it, whatever was drawn."""
    first = next((one for one in events if isinstance(one, LeadCaptured)), None)
    assumed = LeadCaptured(
        event_id="more",
        lead_id="more",
        occurred_at=at("2026-01-02") if first is None else first.occurred_at,
        originator="acme",
    )
    return (*events, assumed)


# --- qualification ---


@given(model=qualifications, lead=leads)
def test_a_verdict_is_what_counting_gives(model: QualificationModel, lead: LeadFeatures) -> None:
    found = model.judge(lead)
    least = len(model.criteria) if model.at_least is None else model.at_least

    def verdict(*, unknown: bool) -> bool:
        """The verdict if whatever is not known were met, or were not."""
        met = {one.name: unknown if one.met is None else one.met for one in found.answers}
        return sum(met.values()) >= least and all(met[name] for name in model.required)

    worst, best = verdict(unknown=False), verdict(unknown=True)
    assert (worst if worst == best else None) is found.qualified
    assert len(found.answers) == len(found.met) + len(found.not_met) + len(found.not_known)


def naive(model: QualificationModel, lead: LeadFeatures) -> list[bool | None]:
    """Each criterion, written down once more."""
    answers: list[bool | None] = []
    for criterion in model.criteria:
        said: list[bool] = []
        for sign in criterion.signs:
            if isinstance(sign, Done):
                times = 0
                for one in lead.behaviours:
                    is_kind = sign.behaviour in {one.kind, one.kind.split(".")[0]}
                    young = sign.within is None or one.occurred_at >= lead.as_of - sign.within
                    times += one.count * (is_kind and young)
                said.append(times >= sign.times)
            elif isinstance(sign, Stated) and sign.name in lead.values:
                said.append(lead.values[sign.name] in sign.values or not sign.values)
            elif isinstance(sign, Stated) and sign.name in lead.numbers:
                low = -1e99 if sign.least is None else sign.least
                high = 1e99 if sign.most is None else sign.most
                said.append(low <= lead.numbers[sign.name] <= high)
        answers.append(any(said) if said else None)
    return answers


@given(model=qualifications, lead=leads)
def test_a_naive_twin_answers_alike(model: QualificationModel, lead: LeadFeatures) -> None:
    assert naive(model, lead) == [one.met for one in model.judge(lead).answers]


@given(model=qualifications, lead=leads, other=leads)
def test_stating_what_is_missing_never_lowers_the_number_met(
    model: QualificationModel, lead: LeadFeatures, other: LeadFeatures
) -> None:
    more = evolve(
        lead,
        values={**other.values, **lead.values},
        numbers={**other.numbers, **lead.numbers},
    )

    assert {*model.judge(lead).met} <= {*model.judge(more).met}
    assert {*model.judge(more).not_known} <= {*model.judge(lead).not_known}


@given(model=qualifications)
def test_a_saved_model_is_the_same(model: QualificationModel) -> None:
    again = QualificationModel.from_json(model.to_json())

    assert model == again
    assert model.fingerprint == again.fingerprint


@given(model=qualifications, lead=leads, data=st.data())
def test_the_order_of_criteria_and_signs_changes_no_verdict(
    model: QualificationModel, lead: LeadFeatures, data: st.DataObject
) -> None:
    criteria = data.draw(st.permutations(model.criteria))
    turned = evolve(model, criteria=[evolve(one, signs=one.signs[::-1]) for one in criteria])

    assert model.judge(lead).qualified is turned.judge(lead).qualified
    assert {*model.judge(lead).met} == {*turned.judge(lead).met}


@given(events=histories)
def test_verdicts_as_events_qualify_the_same_leads_before_their_outcome(
    events: tuple[Event, ...],
) -> None:
    found = qualify(lead_features(events, as_of=LATE), qualification=CRITERIA)
    made = found.to_events()
    lives = fold([*events, *made], as_of=LATE)

    assert found.qualified == {one.lead_id for one in made}
    for one in made:
        life = lives[one.lead_id]
        assert one in life.events
        # one that was reopened has no outcome to come before
        if life.closed is not None and life.first_won is not None:
            assert one.occurred_at < life.first_won.occurred_at


# --- what would raise scores ---


def tried(lead: LeadFeatures, name: str, value: object) -> LeadFeatures:
    values = {key: one for key, one in lead.values.items() if key != name}
    numbers = {key: one for key, one in lead.numbers.items() if key != name}
    if isinstance(value, str):
        return evolve(lead, values={**values, name: value}, numbers=numbers)
    return evolve(lead, values=values, numbers={**numbers, name: value})


@given(model=models, many=st.lists(leads, max_size=3), criteria=qualifications)
def test_no_value_raises_scores_by_more_than_the_one_that_is_told(
    model: RuleModel, many: list[LeadFeatures], criteria: QualificationModel
) -> None:
    gains = {
        (one.kind, one.name): one.gain
        for one in changes_of(many, scorer=model, qualification=criteria)
    }
    texts = ("steel", "retail", "buyer", "whatever")
    sizes = (-2e9, -1.0, 0.0, 1.0, 10.0, 11.0, 50.0, 51.0, 1e6, 2e9)
    grid: dict[str, tuple[object, ...]] = {
        **dict.fromkeys(("industry", "country", "attributes.role"), texts),
        **dict.fromkeys(("company_size", "expected_value.EUR"), sizes),
    }
    for name, values in grid.items():
        for kind in ("state", "other"):
            those = [
                one
                for one in many
                if (name in one.values or name in one.numbers) == (kind == "other")
            ]
            for value in values:
                found = sum(
                    max(0.0, model.score(tried(one, name, value)).score - model.score(one).score)
                    for one in those
                )
                assert found <= gains.get((kind, name), 0.0) * len(many) + TINY  # type: ignore[call-overload]


@given(model=models, many=st.lists(leads, max_size=3))
def test_doing_once_more_gains_what_it_says(model: RuleModel, many: list[LeadFeatures]) -> None:
    found = changes_of(many, scorer=model, qualification=CRITERIA)
    for one in found:
        if one.kind != "do" or one.name == "activity":
            continue
        gains = [
            model.score(
                evolve(
                    lead,
                    behaviours=[
                        *lead.behaviours,
                        Behaviour(kind=one.name, occurred_at=lead.as_of),
                    ],
                )
            ).score
            - model.score(lead).score
            for lead in many
        ]

        assert abs(sum(gain for gain in gains if gain > 0) / len(many) - one.gain) <= TINY

    assert [*found] == sorted(found, key=lambda one: -one.gain)
    assert all(one.gain > 0 and 0 < one.leads <= len(many) for one in found)


# --- feedback ---


@given(events=histories, seed=st.integers(0, 2**32))
def test_neither_order_nor_copies_change_the_feedback(events: tuple[Event, ...], seed: int) -> None:
    events = told(events)
    turned = [*events, *Random(seed).sample(events, len(events) // 2)]
    Random(seed).shuffle(turned)
    found = feedback(events)

    assert found == feedback(tuple(turned))
    assert str(found) == str(feedback(tuple(turned)))


@given(events=histories)
def test_leads_of_others_change_the_comparison_alone(events: tuple[Event, ...]) -> None:
    events = told(events)
    lives = fold(events, as_of=LATE, known_at=LATE)
    foreign = {
        one.lead_id
        for one in lives.population
        if one.captured is not None and one.captured.originator != "acme"
    }
    rest = [one for one in events if not isinstance(one, LeadFact) or one.lead_id not in foreign]
    found, alone = feedback(events), feedback(tuple(rest))

    assert found.score.own == alone.score.own
    assert [one.own for one in found.criteria] == [one.own for one in alone.criteria]
    assert [one.interval for one in found.criteria] == [one.interval for one in alone.criteria]
    assert found.changes == alone.changes
    assert found.outcomes == alone.outcomes
    assert found.left_out_because == alone.left_out_because
    assert alone.others is None


@given(events=histories, days=st.none() | st.integers(0, 40))
def test_counts_add_up(events: tuple[Event, ...], days: int | None) -> None:
    events = told(events)
    read_after = None if days is None else days * DAY
    found = feedback(events, read_after=read_after)
    lives = fold(events, as_of=LATE, known_at=LATE)
    submitted = [
        one
        for one in lives.population
        if one.captured is not None and one.captured.originator == "acme"
    ]
    unwon = found.outcomes.counts["lost"] + found.outcomes.counts["disqualified"]

    assert len(submitted) == found.n + sum(found.left_out_because.values())
    assert {found.n} == {one.own.n for one in (*found.criteria, found.qualified)}
    assert found.n == found.outcomes.n
    assert unwon == sum(found.outcomes.reasons.values())


@given(events=histories, days=st.integers(0, 200), read=st.none() | st.integers(0, 40))
def test_what_comes_after_the_moment_has_no_effect(
    events: tuple[Event, ...], days: int, read: int | None
) -> None:
    events = told(events)
    as_of = min(one.occurred_at for one in events) + days * DAY
    known = [one for one in events if max(one.occurred_at, one.recorded_at) <= as_of]
    standing = [one for lead in fold(known, as_of=as_of).values() for one in lead.events]
    if not any(getattr(one, "originator", None) == "acme" for one in standing):
        return  # its only capture was retracted
    read_after = None if read is None else read * DAY
    found = feedback(events, as_of=as_of, read_after=read_after)

    assert found == feedback(tuple(known), as_of=as_of, read_after=read_after)


@given(events=histories)
def test_no_other_partner_is_named(events: tuple[Event, ...]) -> None:
    found = feedback(told(events))
    pages = [str(found), found._repr_html_(), repr(found.to_dicts())]

    assert [] == [page for page in pages if "beta" in page or "gamma" in page]


def naive_side(
    events: tuple[Event, ...], days: int | None
) -> dict[str, tuple[str, LeadFeatures, str]]:
    """Who submitted each lead, what was known of it when it was read, and what it became."""
    lives = fold(events, as_of=LATE, known_at=LATE)
    found = {}
    before = lead_features(events, as_of=LATE)
    for lead in lives.population:
        assert lead.captured is not None
        whose, start = lead.captured.originator, lead.captured.occurred_at
        if whose is None:
            continue
        if days is None:
            if lead.lead_id in before:
                found[lead.lead_id] = (whose, before[lead.lead_id], lead.status)
            continue
        moment = start + days * DAY
        closes = [
            one.occurred_at
            for one in lead.events
            if one.type in {"lead_won", "lead_lost", "lead_disqualified"}
        ]
        if moment > LATE:
            continue
        if closes and closes[0] <= moment:
            moment = closes[0] - timedelta(microseconds=1)
        then = fold(events, as_of=moment, known_at=moment).leads.get(lead.lead_id)
        if then is not None and then.captured is not None:
            found[lead.lead_id] = (whose, features_of(then), lead.status)
    return found


@settings(max_examples=60)
@given(events=histories, days=st.none() | st.integers(0, 400))
def test_a_naive_twin_tells_the_same(events: tuple[Event, ...], days: int | None) -> None:
    events = told(events)
    sides = naive_side(events, days)
    own = [one for one in sides.values() if one[0] == "acme"]
    others = [one for one in sides.values() if one[0] != "acme"]
    found = feedback(events, read_after=None if days is None else days * DAY)

    def mean(side: list[tuple[str, LeadFeatures, str]]) -> float:
        return sum(SCORER.score(one).score for _, one, _ in side) / len(side)

    def counts(side: list[tuple[str, LeadFeatures, str]], place: int) -> Answered:
        seen = Counter(naive(CRITERIA, one)[place] for _, one, _ in side)
        return Answered(met=seen[True], not_met=seen[False], not_known=seen[None])

    assert len(own) == found.n
    assert (len({one[0] for one in others}) or None) == found.others
    for place, one in enumerate(found.criteria):
        assert counts(own, place) == one.own
        assert (counts(others, place) if others else None) == one.others
    if own:
        assert found.score.own.mean is not None
        assert abs(mean(own) - found.score.own.mean) <= TINY
    if own and others:
        assert found.score.difference.value is not None
        assert abs(mean(own) - mean(others) - found.score.difference.value) <= TINY
    statuses = Counter(chain.from_iterable(one[2:] for one in own))
    assert {name: statuses[name] for name in found.outcomes.counts} == found.outcomes.counts
