"""A history under another policy, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve

from partnerleads.errors import AsOfError, OptionError
from partnerleads.events import Event, LeadEvent, LeadRouted, PartnerOnboarded
from partnerleads.lifecycle import fold
from partnerleads.routing import (
    ByPlv,
    Decision,
    HasCapacity,
    IsActive,
    KeepsAccountOwner,
    KeepsRegistration,
    LeastLoaded,
    Load,
    NotExcluded,
    OfferState,
    OfferStep,
    Outcome,
    Pool,
    Prospect,
    Recipient,
    Replay,
    RoundRobin,
    Router,
    RoutingContext,
    WasEligible,
    checked,
    offer_step,
    replay,
    route,
    won_or_not,
)
from partnerleads.testing import at, history
from tests.properties.test_replay_laws import Spy

NOW = at("2026-06-01")
NAMES = ("acme", "beta")
POOL = Pool([Recipient(recipient_id=name) for name in NAMES], rules=(IsActive(),))


def routed(moment: str, lead_id: str, chosen: str | None, **changed: Any) -> LeadRouted:
    known: dict[str, Any] = {
        "event_id": f"{lead_id}-{moment}",
        "occurred_at": at(moment),
        "lead_id": lead_id,
        "eligible": NAMES,
        "chosen": chosen,
        "propensities": dict.fromkeys(NAMES, 0.5),
    }
    return LeadRouted(**{**known, **changed})


def log(text: str, *events: Event) -> list[Event]:
    return [*history(text), *events]


def replayed(events: list[Event], router: Router | None = None, **options: Any) -> Replay:
    known = {"pool": POOL, "as_of": NOW, **options}
    return replay(events, router=router or RoundRobin(), **known)


def shown(events: list[Event], **options: Any) -> list[RoutingContext]:
    """What a router is shown that sends every lead by turns."""
    spy = Spy(RoundRobin())
    replayed(events, spy, **options)
    return spy.seen


THREE = log(
    """
    2026-03-01 L1 captured
    2026-03-01 L2 captured
    2026-03-01 L3 captured
    2026-03-20 L1 won 100 EUR
    2026-03-20 L2 lost
    """,
    routed("2026-03-02", "L1", "acme"),
    routed("2026-03-03", "L2", "acme"),
    routed("2026-03-04", "L3", "beta"),
)


def test_leads_move_from_one_to_the_other() -> None:
    found = replayed(THREE)

    assert [("L2", "acme", "beta"), ("L3", "beta", "acme")] == [
        (one.lead_id, one.was, one.now) for one in found.moved
    ]
    assert {
        "acme": Load(then=2, now=2, highest=2),
        "beta": Load(then=1, now=1, highest=1),
    } == found.load
    assert [0, 1, 2] == [one.turn for one in found.decisions]
    assert () == found.unroutable
    assert 3 == found.n


def test_the_value_is_told_from_the_leads_that_stay() -> None:
    found = replayed(THREE, minimum_effective_n=0).value

    assert (2, 0.5) == (found.n, found.observed.value)
    assert 1.0 == found.snips.value
    assert {"without a reward yet": 1} == dict(found.left_out_because)
    assert "at least 30" in str(replayed(THREE).value.undefined_because)


def test_the_reward_can_be_any_number() -> None:
    def value(life: Any) -> float | None:
        return None if life.closed is None else float(life.won is not None) * 100

    assert 50.0 == replayed(THREE, reward=value).value.observed.value


def test_an_open_lead_has_no_reward_yet() -> None:
    lives = fold(THREE, as_of=NOW)

    assert [1.0, 0.0, None] == [won_or_not(lives[name]) for name in ("L1", "L2", "L3")]


def test_a_lead_that_moved_is_held_until_it_closes_and_its_outcome_counts_for_nobody() -> None:
    events = log(
        """
        2026-03-01 L1 captured
        2026-03-01 L2 captured
        2026-03-01 L3 captured
        2026-03-01 L4 captured
        2026-03-03 L2 accepted by acme
        2026-03-20 L1 won 100 EUR by acme
        2026-03-20 L2 won 100 EUR by acme
        """,
        routed("2026-03-02", "L1", "acme"),
        routed("2026-03-03", "L2", "acme"),
        routed("2026-03-10", "L3", "acme"),
        routed("2026-03-30", "L4", "acme"),
    )
    before, after = shown(events)[2:]

    assert {"acme": 1, "beta": 1} == dict(before.load)
    assert {"acme": 1} == dict(after.load)
    assert {"acme": Outcome(1, 0)} == dict(after.outcomes)


def test_a_lead_that_moved_makes_its_new_recipient_the_owner_of_the_account() -> None:
    events = log(
        """
        2026-03-01 L1 captured account=hooli
        2026-03-01 L2 captured account=hooli
        2026-03-01 L3 captured account=hooli
        2026-03-02 L1 accepted by beta
        2026-03-20 L1 lost
        """,
        routed("2026-03-02", "L1", "beta"),
        routed("2026-03-05", "L2", "beta"),
        routed("2026-03-30", "L3", "beta"),
    )
    pool = Pool(POOL.recipients, rules=(KeepsAccountOwner(),))
    found = replayed(events, LeastLoaded(), pool=pool)

    assert ["acme", "acme", "acme"] == [one.now for one in found.choices]
    assert [{}, {"hooli": "acme"}, {"hooli": "acme"}] == [
        dict(one.owners) for one in shown(events, pool=pool)
    ]


def test_what_was_chosen_later_for_a_lead_that_moved_is_not_replayed() -> None:
    events = log(
        """
        2026-03-01 L1 captured
        2026-03-02 L1 offered to beta
        2026-03-03 L1 declined by beta
        """,
        routed("2026-03-02", "L1", "beta"),
        routed("2026-03-04", "L1", "acme"),
    )

    assert {"of a lead that went elsewhere before": 1} == dict(replayed(events).not_replayed)


def test_a_lead_that_stays_is_chosen_for_again_after_it_was_declined() -> None:
    events = log(
        """
        2026-03-01 L1 captured
        2026-03-02 L1 offered to acme
        2026-03-03 L1 declined by acme
        2026-03-09 L1 won 100 EUR
        """,
        routed("2026-03-02", "L1", "acme"),
        routed("2026-03-04", "L1", "beta"),
    )
    pool = Pool(POOL.recipients, rules=(NotExcluded(),))
    found = replayed(events, pool=pool)
    contexts = shown(events, pool=pool)

    assert ["acme", "beta"] == [one.now for one in found.choices]
    assert {} == dict(contexts[1].credits)
    assert {"L1": frozenset({"acme"})} == dict(contexts[1].excluded)
    assert 2.0 == replayed(events, pool=pool, minimum_effective_n=0).value.ips.value


def test_a_lead_keeps_its_decision_while_nobody_turned_it_down() -> None:
    events = log(
        "2026-03-01 L1 captured",
        routed("2026-03-02", "L1", "acme"),
        routed("2026-03-04", "L1", "beta"),
    )
    found = replayed(events)

    assert [("acme", "acme"), ("beta", "acme")] == [(one.was, one.now) for one in found.choices]
    assert found.choices[0].decision is found.choices[1].decision
    assert 1 == found.fairness.n


def test_what_a_choice_led_to_at_once_is_not_known_to_it() -> None:
    events = log(
        """
        2026-03-01 L1 captured
        2026-03-01 L2 captured
        2026-03-02 L1 offered to acme
        2026-03-02 L2 offered to acme
        """,
        routed("2026-03-02", "L1", "acme"),
        routed("2026-03-02", "L2", "acme"),
    )

    assert [{}, {"acme": 1}] == [dict(one.load) for one in shown(events)]


def test_what_was_recorded_late_was_not_known_then() -> None:
    events = log(
        """
        2026-03-01 L1 captured
        2026-03-01 L9 captured
        2026-03-01 L9 accepted by acme recorded=2026-05-01
        """,
        routed("2026-03-02", "L1", "acme"),
    )

    assert {} == dict(shown(events)[0].load)
    assert {"acme": 1} == dict(shown(events, known_then=False)[0].load)


def test_what_was_recorded_before_it_occurred_is_known_once_it_did() -> None:
    events = log(
        """
        2026-03-01 L1 captured
        2026-03-01 L2 captured
        2026-03-01 L9 captured
        2026-03-20 L9 accepted by beta recorded=2026-03-01
        """,
        routed("2026-03-05", "L1", "acme"),
        routed("2026-03-25", "L2", "acme"),
    )
    before, after = shown(events)

    assert {} == dict(before.load)
    assert {"acme": 1, "beta": 1} == dict(after.load)


def test_of_two_that_hold_leads_of_an_account_the_last_one_owns_it() -> None:
    events = log(
        """
        2026-03-01 L1 captured account=hooli
        2026-03-01 L8 captured account=hooli
        2026-03-01 L9 captured account=hooli
        2026-03-02 L8 accepted by acme
        2026-03-03 L9 accepted by beta
        """,
        routed("2026-03-05", "L1", "acme"),
    )

    assert {"hooli": "beta"} == dict(shown(events)[0].owners)


def test_a_lead_that_moved_pays_its_turn_whatever_the_history_tells_of_it() -> None:
    events = log(
        """
        2026-03-01 L1 captured
        2026-03-01 L2 captured
        2026-03-03 L1 offered to acme
        2026-03-04 L1 declined by acme
        """,
        routed("2026-03-02", "L1", "beta"),
        routed("2026-03-10", "L2", "acme"),
    )

    assert {"acme": Fraction(-1, 2), "beta": Fraction(1, 2)} == dict(shown(events)[1].credits)


def test_what_was_taken_back_is_known_until_then() -> None:
    events = log(
        """
        2026-03-01 L1 captured
        2026-03-01 L2 captured
        2026-03-01 L9 captured
        2026-03-01 L9 accepted by beta id=a9
        2026-03-02 L9 won 100 EUR id=w9
        2026-03-10 w9 retracted id=x9
        """,
        routed("2026-03-09", "L1", "acme"),
        routed("2026-03-11", "L2", "acme"),
    )
    before, after = shown(events)

    assert {"beta": Outcome(1, 0)} == dict(before.outcomes)
    assert {} == dict(after.outcomes)
    assert {"acme": 1, "beta": 1} == dict(after.load)


def test_an_offer_that_lapses_frees_its_recipient_without_any_event() -> None:
    events = log(
        """
        2026-03-01 L1 captured
        2026-03-01 L2 captured
        2026-03-01 L9 captured
        2026-03-01 L9 offered to beta expires_at=2026-03-10
        """,
        routed("2026-03-09", "L1", "acme"),
        routed("2026-03-10", "L2", "beta"),
    )

    before, after = shown(events)

    assert {"beta": 1} == dict(before.load)
    assert {"acme": 1} == dict(after.load)


def test_a_protection_that_lapses_protects_no_longer_without_any_event() -> None:
    events = log(
        """
        2026-03-01 L1 captured
        2026-03-01 L2 captured
        2026-03-01 L9 registered by beta protected_until=2026-03-10
        """,
        routed("2026-03-09", "L1", "acme"),
        routed("2026-03-10", "L2", "beta"),
    )

    before, after = shown(events)

    assert ["beta"] == [one.partner_id for one in before.protections["L9"]]
    assert {} == dict(after.protections)


def test_scores_can_be_those_of_the_moment() -> None:
    def then(moment: datetime) -> Mapping[str, Mapping[str, float]]:
        late = moment > at("2026-03-02")
        return {"plv": {"acme": 1.0, "beta": 2.0 if late else 0.0}}

    found = replayed(THREE, ByPlv(), scores=then)

    assert ["acme", "beta", "beta"] == [one.now for one in found.choices]
    fixed = replayed(THREE, ByPlv(), scores={"plv": {"beta": 1.0}})
    assert ["beta", "beta", "beta"] == [one.now for one in fixed.choices]


def test_leads_that_nobody_may_take_are_unroutable() -> None:
    pool = Pool([Recipient(recipient_id="acme", capacity=1)], rules=(HasCapacity(),))
    found = replayed(THREE, pool=pool)

    assert ["L2", "L3"] == [one.lead_id for one in found.unroutable]
    assert ["L2", "L3"] == [one.lead_id for one in found.moved]
    assert "L2 (nobody)" in str(found.value.undefined_because)
    assert {
        "acme": Load(then=2, now=1, highest=1),
        "beta": Load(then=1, now=0, highest=0),
    } == found.load
    assert "capacity leaves 0 of 1" in str(found.to_dicts()[1]["reasons"])
    assert ["the pool does not have beta, who got leads"] == [str(one) for one in found.warnings]


def test_a_lead_given_to_nobody_then_can_be_given_to_somebody() -> None:
    events = log("2026-03-01 L1 captured", routed("2026-03-02", "L1", None, propensities=None))
    found = replayed(events)

    assert [(None, "acme")] == [(one.was, one.now) for one in found.moved]
    assert {"acme": Load(then=0, now=1, highest=1)} == found.load
    assert {"given to nobody": 1} == dict(found.value.left_out_because)


def test_leads_that_wanted_nobody_then_are_not_replayed() -> None:
    events = log(
        """
        2026-03-01 L1 captured
        2026-03-02 L1 lost
        2026-03-01 L2 captured
        """,
        routed("2026-03-03", "L1", "acme"),
        routed("2026-03-03", "L2", "acme"),
        routed("2026-03-03", "L3", "acme", recorded_at=at("2026-03-09")),
        routed("2026-07-01", "L2", "beta"),
    )

    assert {
        "of a closed lead": 1,
        "of a lead that was not on record yet": 1,
    } == dict(replayed(events).not_replayed)


def decided(count: int) -> list[Decision]:
    context = RoutingContext(as_of=at("2026-03-02"))
    made = []
    for number in range(count):
        lead = Prospect(lead_id=f"L{number}")
        made.append(route(lead, pool=POOL, router=RoundRobin(), context=context))
        context = context.after(made[-1])
    return made


def test_decisions_can_be_replayed_without_any_history() -> None:
    made = decided(5)
    found = replay([], pool=POOL, router=RoundRobin(), as_of=NOW, decisions=made)

    assert [one.record() for one in made] == [one.record() for one in found.decisions]
    assert "no lead has a choice and a reward" == found.value.undefined_because


def test_without_a_history_a_lead_that_moved_is_held_for_good() -> None:
    spy = Spy(ByPlv())
    replay([], pool=POOL, router=spy, as_of=NOW, decisions=decided(4), scores={"plv": {"beta": 1}})

    assert [{}, {"beta": 1}, {"beta": 2}, {"beta": 3}] == [dict(one.load) for one in spy.seen]


def test_the_lifecycles_of_a_history_do_as_well() -> None:
    lives = fold(THREE, as_of=NOW)

    assert replayed(THREE) == replay(lives, pool=POOL, router=RoundRobin())
    with pytest.raises(AsOfError):
        replay(lives, pool=POOL, router=RoundRobin(), as_of=at("2026-01-01"))
    with pytest.raises(AsOfError):
        replay(THREE, pool=POOL, router=RoundRobin())


def test_partners_that_joined_later_are_newcomers() -> None:
    joined = PartnerOnboarded(event_id="p1", occurred_at=at("2026-03-03"), partner_id="beta")
    found = replayed([*THREE, joined])

    assert frozenset({"beta"}) == found.fairness.newcomers
    assert 1 / 3 == found.fairness.newcomer_rate


def test_those_eligible_then_can_be_kept_to() -> None:
    only = [routed("2026-03-02", "L1", "beta", eligible=["beta"], propensities={"beta": 1.0})]
    events = log("2026-03-01 L1 captured", *only)
    rule = WasEligible(only)
    pool = Pool(POOL.recipients, rules=(rule,))

    assert ["acme"] == [one.now for one in replayed(events).choices]
    assert ["beta"] == [one.now for one in replayed(events, pool=pool).choices]
    context = RoutingContext(as_of=at("2026-03-02"))
    acme, beta = POOL.recipients
    lead, other = Prospect(lead_id="L1"), Prospect(lead_id="L2")
    assert "eligible then FAILS: could not have been chosen; needed is one of beta" == str(
        checked(rule, acme, lead, context)
    )
    assert checked(rule, beta, lead, context).passed
    assert "eligible then passes: no record of the lead; needed is nothing" == str(
        checked(rule, acme, other, context)
    )
    assert (acme, beta) == pool.entitled(other, context).candidates
    assert rule == WasEligible(rule.records)
    early = RoutingContext(as_of=at("2026-03-01"))
    assert rule.passes(acme, lead, early)


def test_a_history_without_choices_is_refused() -> None:
    with pytest.raises(OptionError, match="no choice to replay"):
        replayed(log("2026-03-01 L1 captured"))
    with pytest.raises(OptionError, match="no choice to replay"):
        replayed(THREE, as_of=at("2026-03-01"))
    with pytest.raises(OptionError, match="no router"):
        replayed(THREE, RoundRobin)  # type: ignore[arg-type]


def test_it_prints_and_flattens() -> None:
    found = replayed(THREE, ByPlv(), scores={"plv": {"acme": 1.0}}, minimum_effective_n=1)

    assert (
        "replay of 3 choices by ByPlv as of 2026-06-01: 1 moved\n"
        "  then acme is farthest from its share by +0.50\n"
        "  now acme is farthest from its share by +1.50\n"
        "        then  now  change  highest load\n"
        "  acme     2    3      +1             3\n"
        "  beta     1    0      -1             0\n"
        "value of the policy from 2 leads, worth 2.0 of its own\n"
    ) == "\n".join(str(found).splitlines()[:7]) + "\n"
    assert {
        "lead_id": "L3",
        "at": at("2026-03-04"),
        "then": "beta",
        "now": "acme",
        "moved": True,
        "chance_then": 0.5,
        "chance_now": 0.0,
        "reasons": "",
    } == found.to_dicts()[2]
    assert f"<{found}>" == repr(found)
    assert "<td>acme</td><td>2</td><td>3</td>" in found._repr_html_()
    assert "<p>SNIPS 0.5" in found._repr_html_()


def test_a_registration_at_the_instant_of_a_choice_steers_it_again() -> None:
    pool = Pool(POOL.recipients, rules=(NotExcluded(), KeepsRegistration()))
    context = RoutingContext(as_of=at("2026-03-02"))
    (registered,) = history("2026-03-02 L1 registered by beta")
    step = offer_step(OfferState("L1"), registered, pool=pool, router=RoundRobin(), context=context)

    assert ["beta"] == [one.chosen for one in step.decisions]
    assert () == replayed(list(step.events), pool=pool, decisions=step.decisions).moved


def offered_in_turn(pool: Pool, *messages: str) -> OfferStep:
    """What came of offering a lead step by step, all steps together."""
    state, context = OfferState("L1"), RoutingContext(as_of=at("2026-03-02"))
    events: list[LeadEvent] = []
    decisions: list[Decision] = []
    for message in history("\n".join(messages)):
        step = offer_step(state, message, pool=pool, router=RoundRobin(), context=context)
        state, context = step.state, step.context
        events += step.events
        decisions += step.decisions
    return evolve(step, events=tuple(events), decisions=tuple(decisions))


@pytest.mark.parametrize("message", ["offer_withdrawn by acme", "declined by acme"])
def test_nobody_is_asked_again_nor_anybody_of_a_house_that_was(message: str) -> None:
    crowd = [
        Recipient(recipient_id="acme", parent="firm", weight=3),
        Recipient(recipient_id="beta", parent="firm", weight=2),
        Recipient(recipient_id="corp"),
    ]
    pool = Pool(crowd, rules=(IsActive(), NotExcluded()))
    told = offered_in_turn(pool, "2026-03-02 L1 captured", f"2026-03-02 12:00 L1 {message}")
    found = replayed(list(told.events), pool=pool, decisions=told.decisions)

    assert ["acme", "corp"] == [one.then.chosen for one in found.choices]
    assert () == found.moved


def test_where_somebody_asked_was_eligible_again_leads_may_be_given_so() -> None:
    events = log(
        """
        2026-03-01 L1 captured
        2026-03-02 L1 offered to acme
        2026-03-02 L1 offer_withdrawn by acme
        """,
        routed("2026-03-03", "L1", "acme"),
    )

    assert ["acme"] == [one.now for one in replayed(events).choices]
