"""Laws of lead scores by rules, and of what they read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import combinations
from math import fsum
from random import Random

from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st

from partnerleads.attribution.digits import in_digits
from partnerleads.events import Event
from partnerleads.lifecycle import fold
from partnerleads.scoring import (
    Behaviour,
    Equals,
    Grid,
    Happened,
    Hybrid,
    LeadFeatures,
    OneOf,
    Rule,
    RuleGroup,
    RuleModel,
    lead_features,
    priorities,
    score_leads,
    training_examples,
)
from partnerleads.testing import at, strategies

TINY = 1e-9
HOUR = timedelta(hours=1)
LATE = at("2026-12-31")

leads = strategies.lead_features()
models = strategies.rule_models()


@given(model=models, lead=leads)
def test_the_reasons_add_up_to_a_score_within_0_and_100(
    model: RuleModel, lead: LeadFeatures
) -> None:
    score = model.score(lead)

    assert 0 <= score.score <= 100
    assert abs(fsum(one.points for one in score.reasons) - score.score) <= TINY


@given(model=models, lead=leads, digits=st.integers(0, 4))
def test_the_reasons_shown_add_up_to_the_score_shown(
    model: RuleModel, lead: LeadFeatures, digits: int
) -> None:
    score = model.score(lead)
    shown = [points for _, points in score.rounded(digits=digits)]
    unit = Decimal(1).scaleb(-digits)
    pairs = zip(score.reasons, shown, strict=True)

    # without a reason the score is 0
    assert in_digits(score.score, digits) == sum(shown, Decimal(0))
    assert all(abs(Decimal(one.points) - points) <= 2 * unit for one, points in pairs)


@given(model=models, lead=leads, seed=st.integers(0, 2**32))
def test_the_order_of_rules_and_of_what_is_known_does_not_matter(
    model: RuleModel, lead: LeadFeatures, seed: int
) -> None:
    random = Random(seed)
    groups = [evolve(one, rules=random.sample(one.rules, len(one.rules))) for one in model.groups]
    turned = evolve(model, groups=random.sample(groups, len(groups)))
    behaviours = random.sample(lead.behaviours, len(lead.behaviours))
    values = dict(random.sample([*lead.values.items()], len(lead.values)))
    one, other = model.score(lead), turned.score(evolve(lead, values=values, behaviours=behaviours))

    assert one.score == other.score
    assert sorted(one.reasons, key=repr) == sorted(other.reasons, key=repr)


@given(model=models, lead=leads)
def test_the_name_of_a_lead_and_where_all_times_lie_do_not_matter(
    model: RuleModel, lead: LeadFeatures
) -> None:
    moved = evolve(
        lead,
        lead_id="another",
        captured_at=lead.captured_at - 999 * HOUR,
        as_of=lead.as_of - 999 * HOUR,
        behaviours=[
            evolve(one, occurred_at=one.occurred_at - 999 * HOUR) for one in lead.behaviours
        ],
    )

    assert model.score(lead).score == model.score(moved).score


@given(model=models, lead=leads)
def test_a_group_stays_within_its_limits(model: RuleModel, lead: LeadFeatures) -> None:
    for group in model.groups:
        points, reasons = group.points(lead)

        assert group.most is None or points <= group.most
        assert group.least is None or points >= group.least
        assert abs(fsum(one.points for one in reasons) - points) <= TINY


@given(model=models, lead=leads, data=st.data())
def test_a_rule_without_points_is_as_if_it_were_not_there(
    model: RuleModel, lead: LeadFeatures, data: st.DataObject
) -> None:
    group = data.draw(st.sampled_from(model.groups))
    idle = Equals(name="industry", value=lead.values.get("industry", "steel"), points=0)
    rest = [one for one in model.groups if one is not group]
    more = evolve(model, groups=[*rest, evolve(group, rules=(*group.rules, idle))])
    same = evolve(model, groups=[*rest, group])

    assert same.score(lead).reasons == more.score(lead).reasons
    assert same.score(lead).score == more.score(lead).score


@given(model=models, lead=leads, data=st.data())
def test_more_points_for_a_rule_never_lower_a_score(
    model: RuleModel, lead: LeadFeatures, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(model.groups) - 1))
    group = model.groups[place]
    assume(group.rules)
    number = data.draw(st.integers(0, len(group.rules) - 1))
    rule = group.rules[number]
    dearer = evolve(rule, points=data.draw(st.floats(rule.points, 1000)))
    rules = (*group.rules[:number], dearer, *group.rules[number + 1 :])
    groups = (*model.groups[:place], evolve(group, rules=rules), *model.groups[place + 1 :])

    assert model.score(lead).score <= evolve(model, groups=groups).score(lead).score


@given(lead=leads, half_life=st.integers(1, 1000), times=st.integers(1, 5))
def test_points_halve_with_every_half_life(lead: LeadFeatures, half_life: int, times: int) -> None:
    rule = Happened(behaviour="activity", points=8, half_life=half_life * HOUR)
    now = rule.reason(lead)
    assume(now is not None)
    then = rule.reason(evolve(lead, as_of=lead.as_of + times * half_life * HOUR))

    assert now is not None
    assert then is not None
    assert abs(now.points / 2**times - then.points) <= TINY


def slow_points(rule: Rule, lead: LeadFeatures) -> float:
    """What a rule gives, each behaviour on its own and every pair of them compared."""
    if not isinstance(rule, Happened):
        found = rule.reason(lead)
        return 0.0 if found is None else found.points
    ages = sorted(
        lead.as_of - one.occurred_at
        for one in lead.behaviours
        for _ in range(one.count)
        if rule.behaviour in (one.kind, one.kind.partition(".")[0])
    )
    counting: list[timedelta] = []
    for age in ages:
        near = [other for other in counting if rule.per is None or age - other < rule.per]
        fresh = rule.within is None or age <= rule.within
        if fresh and len(near) < rule.most:
            counting.append(age)
    left = [1.0 if rule.half_life is None else 0.5 ** (age / rule.half_life) for age in counting]
    return fsum(rule.points * one for one in left)


@given(model=models, lead=leads)
def test_a_slow_twin_gives_the_same_score(model: RuleModel, lead: LeadFeatures) -> None:
    total = 0.0
    for group in model.groups:
        points = fsum(slow_points(rule, lead) for rule in group.rules)
        low = -1e9 if group.least is None else group.least
        high = 1e9 if group.most is None else group.most
        total += max(low, min(high, points))

    assert abs(max(0.0, min(100.0, total)) - model.score(lead).score) <= 1e-6


@given(model=models, lead=leads)
def test_other_words_for_the_same_values_give_the_same_score(
    model: RuleModel, lead: LeadFeatures
) -> None:
    def renamed(rule: Rule) -> Rule:
        if isinstance(rule, Equals):
            return evolve(rule, value=f"no {rule.value}")
        if isinstance(rule, OneOf):
            return evolve(rule, values=[f"no {value}" for value in rule.values])
        return rule

    groups = [evolve(one, rules=map(renamed, one.rules)) for one in model.groups]
    values = {name: f"no {value}" for name, value in lead.values.items()}
    other = evolve(model, groups=groups).score(evolve(lead, values=values))

    assert model.score(lead).score == other.score


def most_of(moments: Sequence[float], *, most: int, per: float | None, half_life: float) -> float:
    """The largest sum over any allowed choice, by trying every one. [points at an age of hours]"""
    best = 0.0
    for size in range(len(moments) + 1):
        for chosen in combinations(sorted(moments), size):
            windows = [
                sum(start <= one and (per is None or one < start + per) for one in chosen)
                for start in chosen
            ]
            if all(count <= most for count in windows):
                best = max(best, fsum(2 ** -(age / half_life) for age in chosen))
    return best


@given(
    ages=st.lists(st.integers(0, 100), max_size=7),
    most=st.integers(1, 3),
    per=st.none() | st.integers(1, 60),
)
def test_within_a_limit_those_count_that_give_most(
    ages: list[int], most: int, per: int | None
) -> None:
    now = at("2026-02-01")
    rule = Happened(
        behaviour="activity.demo",
        points=1,
        half_life=30 * HOUR,
        most=most,
        per=None if per is None else per * HOUR,
    )
    lead = LeadFeatures(
        lead_id="L",
        captured_at=now - 100 * HOUR,
        as_of=now,
        behaviours=[Behaviour(kind="activity.demo", occurred_at=now - age * HOUR) for age in ages],
    )
    found = rule.reason(lead)
    points = 0.0 if found is None else found.points

    assert abs(most_of(ages, most=most, per=per, half_life=30) - points) <= TINY


@given(lead=leads, count=st.integers(2, 4), most=st.integers(1, 5), per=st.none() | st.just(HOUR))
def test_so_many_at_once_are_as_many_one_by_one(
    lead: LeadFeatures, count: int, most: int, per: timedelta | None
) -> None:
    rule = Happened(behaviour="activity.demo", points=3, half_life=9 * HOUR, most=most, per=per)
    moment = lead.as_of
    at_once = Behaviour(kind="activity.demo", occurred_at=moment, count=count)
    together = evolve(lead, behaviours=(*lead.behaviours, at_once))
    apart = evolve(lead, behaviours=(*lead.behaviours, *[evolve(at_once, count=1)] * count))
    one, other = rule.reason(together), rule.reason(apart)

    assert one is not None
    assert other is not None
    assert abs(one.points - other.points) <= TINY
    assert one.value == other.value


@given(model=models)
def test_a_saved_model_is_the_same_model(model: RuleModel) -> None:
    again = RuleModel.from_json(model.to_json())

    assert model == again
    assert model.fingerprint == again.fingerprint


@given(one=models, other=models)
def test_models_have_one_fingerprint_just_when_they_are_equal(
    one: RuleModel, other: RuleModel
) -> None:
    assert (one == other) == (one.fingerprint == other.fingerprint)


@given(one=models, other=models, lead=leads, weight=st.floats(0, 1))
def test_a_hybrid_lies_where_its_weights_say(
    one: RuleModel, other: RuleModel, lead: LeadFeatures, weight: float
) -> None:
    hybrid = Hybrid(fit=one, engagement=other, fit_weight=weight)
    score = hybrid.score(lead)
    mean = weight * one.score(lead).score + (1 - weight) * other.score(lead).score

    assert abs(mean - score.score) <= TINY
    assert abs(fsum(reason.points for reason in score.reasons) - score.score) <= TINY


@given(a=st.floats(0, 100), b=st.floats(0, 100), engagement=st.floats(0, 100))
def test_a_better_fit_never_has_a_later_letter(a: float, b: float, engagement: float) -> None:
    low, high = sorted((a, b))
    grid = Grid(fit=(80, 50, 20), engagement=(60,))
    worse, better = (grid.cell(fit=fit, engagement=engagement).name for fit in (low, high))

    assert better[0] <= worse[0]
    assert better[1] == worse[1]


@given(events=strategies.histories(), seed=st.integers(0, 2**32))
def test_neither_the_order_nor_copies_of_events_change_what_is_known(
    events: tuple[Event, ...], seed: int
) -> None:
    random = Random(seed)
    copies = random.choices(events, k=3) if events else []
    turned = copies + random.sample(events, len(events))

    assert lead_features(events, as_of=LATE) == lead_features(turned, as_of=LATE)
    one, other = (training_examples(log, as_of=LATE).examples for log in (events, turned))
    assert one == other


@given(events=strategies.histories(), days=st.integers(0, 60))
def test_what_is_recorded_later_changes_nothing_that_was_known(
    events: tuple[Event, ...], days: int
) -> None:
    moment = at("2026-01-01") + days * 24 * HOUR
    earlier = [one for one in events if one.recorded_at <= moment]

    assert lead_features(earlier, as_of=moment) == lead_features(events, as_of=moment)


@given(events=strategies.histories(), after=st.integers(0, 30))
def test_what_is_recorded_after_the_reading_changes_no_example(
    events: tuple[Event, ...], after: int
) -> None:
    read_after = after * 24 * HOUR
    lives = fold(events, as_of=LATE, known_at=LATE)
    for one in training_examples(events, as_of=LATE, read_after=read_after):
        read_at, lead = one.features.as_of, lives[one.lead_id]
        assert lead.captured is not None
        assert read_at == lead.captured.occurred_at + read_after
        assert read_at < one.closed_at
        known = [event for event in events if event.recorded_at <= read_at]
        then = fold(known, as_of=read_at, known_at=read_at)
        assert one.features == lead_features(then)[one.lead_id]


@given(events=strategies.histories(dirt=("reopens", "late_records")))
def test_every_captured_lead_is_an_example_or_left_out(events: tuple[Event, ...]) -> None:
    examples = training_examples(events, as_of=LATE)
    lives = fold(events, as_of=LATE, known_at=LATE)

    assert len(lives.population) == len(examples) + sum(examples.left_out_because.values())
    assert all(one.won == (lives[one.lead_id].status == "won") for one in examples)


@given(events=strategies.histories())
def test_priorities_are_the_open_leads_in_falling_order(events: tuple[Event, ...]) -> None:
    model = RuleModel(
        name="m",
        groups=[RuleGroup(name="g", rules=[Happened(behaviour="lead_progressed", points=30)])],
    )
    lives = fold(events, as_of=LATE)
    scores = score_leads(lead_features(lives), scorer=model)
    listed = priorities(scores, history=lives)
    keys = [(-one.score, one.captured_at, one.lead_id) for one in listed]

    assert sorted(keys) == keys
    assert {one.lead_id for one in lives.population if one.closed is None} == {
        one.lead_id for one in listed
    }
