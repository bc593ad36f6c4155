"""What another policy is worth, and when that cannot be told."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from partnerleads.errors import OptionError
from partnerleads.events import LeadRouted
from partnerleads.routing import PastChoice, PolicyValue, policy_value
from partnerleads.stats import LoggedChoice, off_policy
from partnerleads.testing import at

EVEN = {"acme": 0.5, "beta": 0.5}
ACME = {"acme": 1.0}


def choice(number: int, chosen: str | None = "acme", **changed: Any) -> PastChoice:
    known: dict[str, Any] = {
        "lead_id": f"L{number}",
        "at": at(f"2026-03-{number % 28 + 1:02}"),
        "chosen": chosen,
        "eligible": ("acme", "beta"),
        "propensities": EVEN,
    }
    return PastChoice(**{**known, **changed})


RECORD = [choice(1), choice(2, "beta"), choice(3), choice(4, "beta")]
WON = {"L1": 1.0, "L2": 0.0, "L3": 0.0, "L4": 1.0}


def value_of(
    records: Any = RECORD, target: Any = None, rewards: Any = WON, **options: Any
) -> PolicyValue:
    """The value of a policy that gives every lead by the same chances."""
    by_lead = {f"L{number}": target or ACME for number in range(1, 10)}
    known = {"minimum_effective_n": 0, **options}
    return policy_value(records, target=by_lead, rewards=rewards, **known)


def test_the_value_of_always_the_same_one_comes_from_the_leads_it_got() -> None:
    found = value_of()

    assert 4 == found.n
    assert 0.5 == found.observed.value
    assert 0.5 == found.ips.value
    assert 0.5 == found.snips.value
    assert 2.0 == found.effective_n
    assert 2.0 == found.largest_weight
    assert found.undefined_because is None
    assert ["interference"] == [one.code for one in found.warnings]


def test_the_policy_that_chose_is_worth_what_was_observed() -> None:
    found = value_of(target=EVEN)

    assert found.observed == found.ips
    assert 0.5 == found.snips.value
    assert 4.0 == found.effective_n


def test_a_model_makes_the_doubly_robust_estimate() -> None:
    model = {f"L{number}": {"acme": 0.5, "beta": 0.25} for number in range(1, 5)}
    found = value_of(expected=model)

    assert 0.5 == found.modelled
    assert 0.5 == found.doubly_robust.value


def test_where_nothing_was_left_to_chance_another_choice_tells_nothing() -> None:
    certain = [choice(1, propensities={"acme": 0.0, "beta": 1.0}, chosen="beta"), *RECORD[1:]]
    found = value_of(certain)

    assert (
        "in 1 of 4 leads the policy might choose somebody who had no chance on record: L1 (acme)"
        == found.undefined_because
    )
    assert 0.5 == found.observed.value
    for one in (found.ips, found.snips, found.doubly_robust):
        assert one.value is None
        assert found.undefined_because == one.undefined_because
    assert () == found.warnings


def test_where_nothing_was_left_to_chance_the_same_choice_tells_as_much_as_any() -> None:
    certain = [choice(number, propensities=ACME) for number in range(1, 5)]

    assert 0.5 == value_of(certain).ips.value
    assert 4.0 == value_of(certain).effective_n


def test_a_record_that_does_not_say_its_chances_tells_nothing() -> None:
    silent = [choice(number, propensities=None) for number in range(1, 6)]
    found = value_of(silent, rewards={**WON, "L5": 0.0})

    assert "in 5 of 5 leads" in str(found.undefined_because)
    assert str(found.undefined_because).endswith("L1 (acme), L2 (acme), L3 (acme) and 2 more")


def test_a_policy_that_gives_a_lead_to_nobody_cannot_be_told_either() -> None:
    found = value_of(target={"acme": 0.0, "beta": 0.0})

    assert "L1 (nobody)" in str(found.undefined_because)


def test_chances_by_which_the_choice_could_not_be_made_tell_nothing() -> None:
    # by hand inverse propensity is 1/2: the leads of zeta weigh nothing; leaving them out gives 1
    record = [choice(1), choice(2), choice(3, "zeta"), choice(4, "zeta")]
    rewards = {"L1": 1.0, "L2": 1.0, "L3": 0.0, "L4": 0.0}
    found = value_of(record, EVEN, rewards)

    assert (None, 4, 0.5) == (found.ips.value, found.n, found.observed.value)
    assert (
        "in 2 of 4 leads somebody was chosen who had no chance on record: L3 (zeta), L4 (zeta)"
        == found.undefined_because
    )
    drawn = [choice(n, name, propensities=None) for n, name in ((1, "acme"), (2, "beta"))]
    weighed = value_of(drawn, ACME, weights={"beta": 0}, as_if_random=True)
    assert "in 1 of 2 leads somebody was chosen who" in str(weighed.undefined_because)


@pytest.mark.parametrize(
    "target", [{"acme": 1.0, "beta": 1.0}, {"acme": 0.9, "beta": 0.9}, {"acme": 1.5, "beta": -0.5}]
)
def test_chances_that_are_more_than_one_leads_are_refused(target: dict[str, float]) -> None:
    with pytest.raises(OptionError, match=r"target=.*L1.*at least 0, and together 1"):
        value_of(target=target)


def test_a_lead_whose_reward_is_none_is_left_out() -> None:
    found = value_of(rewards=WON | {"L4": None})

    assert 3 == found.n
    assert {"without a reward yet": 1} == found.left_out_because


def test_numbers_may_be_of_any_kind() -> None:
    one, half = Decimal(1), Fraction(1, 2)
    model = {lead_id: {"acme": half, "beta": half} for lead_id in WON}
    found = value_of(
        target={"acme": one},
        rewards={name: Decimal(str(reward)) for name, reward in WON.items()},
        expected=model,
        weights={"acme": half},
    )

    assert value_of(expected=model) == found


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"rewards": {"L1": "won"}}, "rewards={'L1': 'won'}"),
        ({"rewards": {"L1": float("nan")}}, "rewards={'L1': nan}"),
        ({"target": {"acme": "1"}}, "target={'L1': '1'}"),
        ({"expected": {"L1": {"acme": float("inf")}}}, "expected={'L1': inf}"),
        ({"minimum_effective_n": float("nan")}, "minimum_effective_n=nan"),
        ({"minimum_effective_n": "30"}, "minimum_effective_n='30'"),
        ({"weights": {"acme": -1}}, "weight=-1"),
        ({"weights": {"acme": float("inf")}}, "weight=inf"),
    ],
)
def test_what_is_no_number_is_refused(options: dict[str, Any], name: str) -> None:
    with pytest.raises(OptionError, match=re.escape(name)):
        value_of(**options)


def test_too_few_leads_that_would_have_gone_alike_are_refused() -> None:
    found = value_of(minimum_effective_n=30)

    assert (
        "the leads that it would have given alike are worth 2.0 of its own, "
        "and at least 30 are asked for"
    ) == found.undefined_because
    assert found.snips.value is None


def test_a_rotation_can_be_taken_as_drawn_by_weight_and_says_so() -> None:
    events = [
        LeadRouted(
            event_id=f"r{number}",
            occurred_at=at(f"2026-03-0{number}"),
            lead_id=f"L{number}",
            eligible=("beta", "acme"),
            chosen=name,
            propensities={name: 1.0},
        )
        for number, name in enumerate(("acme", "beta", "acme", "beta"), start=1)
    ]
    found = value_of(events, weights={"beta": 3}, as_if_random=True)

    assert 4.0 == found.largest_weight
    assert 1.0 == found.ips.value
    assert ["interference", "as if random"] == [one.code for one in found.warnings]
    assert value_of(events).undefined_because is not None


def test_chances_on_record_that_cannot_be_true_are_told() -> None:
    records = [choice(number, "acme" if number % 10 else "beta") for number in range(1, 61)]
    everybody = {one.lead_id: ACME for one in records}
    rewards = {one.lead_id: 1.0 for one in records}
    found = policy_value(records, target=everybody, rewards=rewards)

    assert ["interference", "untrue chances"] == [one.code for one in found.warnings]
    assert "weights are 1.80 on average and should be 1" in str(found.warnings[1])


def test_a_weight_of_nothing_is_no_chance() -> None:
    found = value_of([choice(1, propensities=None)], weights={"acme": 0}, as_if_random=True)

    assert "L1 (acme)" in str(found.undefined_because)


def test_chances_on_record_are_kept_where_others_are_taken_as_drawn() -> None:
    found = value_of(as_if_random=True, weights={"acme": 5})

    assert 2.0 == found.largest_weight
    assert ["interference"] == [one.code for one in found.warnings]


def test_only_the_first_choice_of_a_lead_counts() -> None:
    again = choice(1, "beta", at=at("2026-03-20"))

    assert value_of() == value_of([again, *RECORD])


def test_leads_that_cannot_count_are_left_out_and_counted() -> None:
    records = [*RECORD, choice(5), choice(6, None), choice(12)]
    found = value_of(records)

    assert 4 == found.n
    assert {
        "without a reward yet": 1,
        "given to nobody": 1,
        "that the policy was not asked about": 1,
    } == dict(found.left_out_because)
    assert ["interference", "undecided"] == [one.code for one in found.warnings]


def test_without_any_lead_there_is_no_value() -> None:
    found = value_of([])

    assert "no lead has a choice and a reward" == found.undefined_because
    assert found.observed.value is None
    assert found.modelled is None


def test_it_prints_and_flattens() -> None:
    found = value_of(expected={f"L{n}": {"acme": 0.5, "beta": 0.25} for n in range(1, 5)})
    rows = found.to_dicts()

    assert ["observed", "IPS", "SNIPS", "doubly robust"] == [row["estimate"] for row in rows]
    assert rows[0]["lower"] == found.observed.interval[0]  # type: ignore[index]
    assert (
        "value of the policy from 4 leads, worth 2.0 of its own\n"
        "  observed 0.5 (-0.06579 to 1.066)\n"
        "  IPS 0.5 (-0.48 to 1.48)\n"
        "  SNIPS 0.5 (-0.193 to 1.193)\n"
        "  doubly robust 0.5 (-0.3002 to 1.3)\n"
        "  the model alone 0.5\n"
    ) == "\n".join(str(found).splitlines()[:6]) + "\n"
    assert f"<{found}>" == repr(found)
    assert "<p>the model alone 0.5</p>" in found._repr_html_()


def test_what_it_refuses_to_tell_it_does_not_print() -> None:
    found = value_of([choice(1), choice(6)])

    assert re.search(
        r"^value of the policy from 1 lead, worth 1.0 of its own$", str(found), re.MULTILINE
    )
    assert "observed 1 (one choice shows no variation)" in str(found)
    assert "left out: 1 without a reward yet" in str(found)
    refused = value_of([choice(1, propensities=None)])
    assert "not to be told, in 1 of 1 lead the policy might" in str(refused)
    assert "SNIPS" not in str(refused)


def test_a_policy_that_would_have_made_none_of_the_choices_has_no_self_normalised_value() -> None:
    found = off_policy([LoggedChoice(reward=1, logging=0.5, target=0.0)] * 2)

    assert 0.0 == found.ips.value
    assert found.snips.value is None
    assert "the policy would have made none of the choices on record" == (
        found.snips.undefined_because
    )
    assert 0.0 == found.effective_n
    assert "SNIPS undefined, the policy would" in str(value_of([choice(1, "beta")]))


def test_without_choices_every_estimate_is_undefined() -> None:
    found = off_policy([])

    assert {"there is no choice to learn from"} == {
        one.undefined_because for one in (found.observed, found.ips, found.snips, found.mean_weight)
    }


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"logging": 0.0}, "had a chance"),
        ({"logging": 1.5}, "had a chance"),
        ({"target": -0.1}, "between 0 and 1"),
        ({"reward": float("nan")}, "finite"),
        ({"expected": float("inf")}, "finite"),
    ],
)
def test_choices_that_make_no_sense_are_refused(changed: dict[str, float], words: str) -> None:
    with pytest.raises(OptionError, match=words):
        LoggedChoice(**{"reward": 1.0, "logging": 0.5, "target": 0.5, **changed})


def test_a_confidence_that_is_none_is_refused() -> None:
    with pytest.raises(OptionError, match="confidence"):
        value_of(confidence=1.0)
