"""Every rule of attribution as a table of small cases: the verdict, and its words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from partnerleads.attribution import AttributionPolicy
from partnerleads.errors import OptionError, PeriodError, UnknownLeadError
from partnerleads.lifecycle import Lifecycles, fold
from partnerleads.testing import at, history

AS_OF = at("2026-06-01")
DAY = timedelta(days=1)


def lives(text: str, *, as_of: str = "2026-06-01", **policy: object) -> Lifecycles:
    return fold(history(text), as_of=at(as_of), policy=AttributionPolicy(**policy))


def judged(text: str, expected: str, *said: str, **policy: object) -> None:
    """L1 is that, such as ``sourced by acme``, and the words say so and why."""
    folded = lives(text, **policy)
    lead = folded["L1"]
    words = folded.explain("L1")

    found = {
        "sourced": f"sourced by {lead.sourcing_partner}",
        "influenced": f"influenced by {', '.join(lead.verdict.influencers)}",
        "direct": "direct",
    }
    assert expected == found[lead.attribution]
    suffix = ", not sourced" if lead.attribution == "influenced" else ""
    times = " (times: UTC)" if lead.verdict.claims or lead.verdict.influences else ""
    assert words.splitlines()[0] == f"L1 is {expected}{suffix}{times}."
    for piece in said:
        assert piece in words


CASES = {
    # -- rule 1: recorded strictly before the first recorded contact by anyone else
    "a claim before the own team's first contact": (
        """
        2026-01-01 L1 registered by acme
        2026-01-02 L1 captured
        2026-01-03 L1 contact by own_team
        """,
        "sourced by acme",
        (
            "acme registered it 2026-01-01 00:00 (event e1); "
            "it is the earliest valid claim and earns the credit."
        ),
    ),
    "a claim after the own team's first contact": (
        """
        2026-01-01 L1 captured by beta
        2026-01-01 L1 rejected by beta
        2026-01-02 L1 contact by own_team
        2026-01-05 L1 registered by acme
        """,
        "sourced by beta",
        (
            "acme registered it 2026-01-05 00:00 (event e4); it counts from 2026-01-05 00:00, "
            "3 days after first contact by the own team at 2026-01-02 00:00 (event e3): rule 1 "
            "(recorded strictly before anyone else's first contact) fails."
        ),
    ),
    "a claim at the instant of the first contact": (
        """
        2026-01-02 L1 contact by own_team
        2026-01-02 L1 registered by acme
        2026-01-03 L1 captured
        """,
        "direct",
        "it counts from 2026-01-02 00:00, at the same time as first contact by the own team",
        "rule 1",
    ),
    "a claim after another partner's contact": (
        """
        2026-01-02 L1 contact by beta
        2026-01-02 03:00 L1 registered by acme
        2026-01-03 L1 captured
        """,
        "direct",
        "3 hours after first contact by beta at 2026-01-02 00:00 (event e1): rule 1",
    ),
    "a claim after the partner's own contact": (
        """
        2026-01-02 L1 contact by acme
        2026-01-03 L1 registered by acme
        2026-01-04 L1 captured
        """,
        "sourced by acme",
    ),
    "a claim after its own contact, but also after a later one of others": (
        """
        2026-01-01 L1 contact by acme
        2026-01-02 L1 contact by beta
        2026-01-03 L1 registered by acme
        2026-01-04 L1 captured
        """,
        "direct",
        "1 day after first contact by beta",
    ),
    "the first of several contacts by others counts": (
        """
        2026-01-02 L1 contact by beta
        2026-01-01 L1 contact by own_team
        2026-01-03 L1 registered by acme
        2026-01-04 L1 captured
        """,
        "direct",
        "2 days after first contact by the own team at 2026-01-01 00:00 (event e2): rule 1",
    ),
    # -- rule 2: in force at the own team's first contact
    "protection that ends after the own team's first contact": (
        """
        2026-01-01 L1 registered by acme protected_until="2026-01-05 00:01"
        2026-01-05 L1 contact by own_team
        2026-01-06 L1 captured
        """,
        "sourced by acme",
    ),
    "protection that ends at the own team's first contact": (
        """
        2026-01-01 L1 registered by acme protected_until=2026-01-05
        2026-01-05 L1 contact by own_team
        2026-01-06 L1 captured
        """,
        "direct",
        (
            "acme registered it 2026-01-01 00:00 (event e1); it protected until 2026-01-05 00:00, "
            "the own team's first contact counts from 2026-01-05 00:00 (event e2): rule 2 (in "
            "force at the own team's first contact) fails."
        ),
    ),
    "protection that ended, with no contact by the own team": (
        """
        2026-01-01 L1 captured by acme
        2026-01-01 L1 registered by beta protected_until=2026-01-02
        2026-01-20 L1 contact by beta
        """,
        "sourced by acme",
    ),
    "protection that ends before the own team's second contact": (
        """
        2026-01-01 L1 registered by acme protected_until=2026-01-05
        2026-01-03 L1 contact by own_team
        2026-01-09 L1 contact by own_team
        2026-01-10 L1 captured
        """,
        "sourced by acme",
    ),
    "protection that ended before it began": (
        """
        2026-01-03 L1 registered by acme protected_until=2026-01-02
        2026-01-04 L1 captured
        """,
        "direct",
        (
            "it protected until 2026-01-02 00:00, the own team's first contact counts from "
            "2026-01-04 00:00 (event e2): rule 2"
        ),
    ),
    # -- rule 3: the earliest of those
    "the earlier of two valid claims": (
        """
        2026-01-02 L1 registered by beta
        2026-01-01 L1 registered by acme
        2026-01-03 L1 captured
        """,
        "sourced by acme",
        (
            "beta registered it 2026-01-02 00:00 (event e1); acme had a valid claim from "
            "2026-01-01 00:00 (event e2): rule 3 (the earliest valid claim) fails."
        ),
    ),
    "an earlier claim that lapsed does not stand in the way": (
        """
        2026-01-01 L1 registered by acme protected_until=2026-01-02
        2026-01-03 L1 registered by beta
        2026-01-05 L1 contact by own_team
        2026-01-06 L1 captured
        """,
        "sourced by beta",
        "rule 2",
    ),
    "of claims at one instant the source decides": (
        """
        2026-01-01 L1 registered by acme id=a source=y
        2026-01-01 L1 registered by beta id=b source=x
        2026-01-03 L1 captured
        """,
        "sourced by beta",
    ),
    "of claims at one instant and of one source the event id decides": (
        """
        2026-01-01 L1 registered by acme id=b
        2026-01-01 L1 registered by beta id=a
        2026-01-03 L1 captured
        """,
        "sourced by beta",
    ),
    "a second registration by the same partner": (
        """
        2026-01-01 L1 registered by acme
        2026-01-02 L1 registered by acme
        2026-01-03 L1 captured
        """,
        "sourced by acme",
        "acme had a valid claim from 2026-01-01 00:00 (event e1): rule 3",
    ),
    # -- referrals
    "a capture that names its originator": (
        "2026-01-02 L1 captured by acme",
        "sourced by acme",
        "acme brought it 2026-01-02 00:00 (event e1); it is the earliest valid claim",
    ),
    "a referral after the own team's contact": (
        """
        2026-01-01 L1 contact by own_team
        2026-01-02 L1 captured by acme
        """,
        "direct",
        "rule 1",
    ),
    "a registration before another's referral": (
        """
        2026-01-01 L1 registered by beta
        2026-01-02 L1 captured by acme
        """,
        "sourced by beta",
        "acme brought it 2026-01-02 00:00 (event e2); beta had a valid claim from",
    ),
    "only the first capture refers": (
        """
        2026-01-01 L1 captured
        2026-01-02 L1 captured by acme
        """,
        "direct",
        "No partner claimed it.",
    ),
    "a referral is not undone by a rejection of registrations": (
        """
        2026-01-01 L1 captured by acme
        2026-01-02 L1 rejected by acme
        """,
        "sourced by acme",
    ),
    # -- the capture as the own team's contact
    "a capture without originator": (
        """
        2026-01-01 L1 captured
        2026-01-02 L1 registered by acme
        """,
        "direct",
        "1 day after first contact by the own team at 2026-01-01 00:00 (event e1): rule 1",
    ),
    "a capture while a claim is in force": (
        """
        2026-01-01 L1 registered by acme
        2026-01-02 L1 captured
        2026-01-03 L1 registered by beta
        """,
        "sourced by acme",
        "rule 3",
    ),
    "a capture at the instant of a claim": (
        """
        2026-01-01 L1 captured
        2026-01-01 L1 registered by acme
        """,
        "sourced by acme",
    ),
    "a capture while a rejected claim was in force": (
        """
        2026-01-01 L1 registered by acme
        2026-01-02 L1 captured
        2026-01-03 L1 rejected by acme
        2026-01-04 L1 registered by acme registration=r2
        """,
        "direct",
        "2 days after first contact by the own team at 2026-01-02 00:00 (event e2): rule 1",
    ),
    "a capture after the protection ended": (
        """
        2026-01-01 L1 registered by acme protected_until=2026-01-02
        2026-01-02 L1 captured
        """,
        "direct",
        "it protected until 2026-01-02 00:00",
        "rule 2",
    ),
    "a second capture is no contact": (
        """
        2026-01-01 L1 captured by gamma
        2026-01-01 L1 contact by gamma
        2026-01-02 L1 captured
        """,
        "sourced by gamma",
    ),
    # -- approvals
    "an approval replaces the end of the protection": (
        """
        2026-01-01 L1 registered by acme protected_until=2026-01-02
        2026-01-01 L1 approved   by acme protected_until=2026-02-01
        2026-01-20 L1 contact by own_team
        2026-01-21 L1 captured
        """,
        "sourced by acme",
    ),
    "an approval may shorten the protection": (
        """
        2026-01-01 L1 registered by acme
        2026-01-01 L1 approved   by acme protected_until=2026-01-10
        2026-01-20 L1 contact by own_team
        2026-01-21 L1 captured
        """,
        "direct",
        "it protected until 2026-01-10 00:00",
    ),
    "an approval that states no end leaves it": (
        """
        2026-01-01 L1 registered by acme protected_until=2026-01-10
        2026-01-02 L1 approved   by acme
        2026-01-20 L1 contact by own_team
        2026-01-21 L1 captured
        """,
        "direct",
        "it protected until 2026-01-10 00:00",
    ),
    "the last approval that states an end counts": (
        """
        2026-01-01 L1 registered by acme
        2026-01-02 L1 approved   by acme protected_until=2026-01-10
        2026-01-03 L1 approved   by acme protected_until=2026-02-01
        2026-01-04 L1 approved   by acme
        2026-01-20 L1 contact by own_team
        2026-01-21 L1 captured
        """,
        "sourced by acme",
    ),
    "an approval of another registration changes nothing": (
        """
        2026-01-01 L1 registered by acme registration=r1 protected_until=2026-01-10
        2026-01-02 L1 approved   by acme registration=r2 protected_until=2026-02-01
        2026-01-02 L1 approved   by acme                 protected_until=2026-02-01
        2026-01-02 L1 approved   by beta registration=r1 protected_until=2026-02-01
        2026-01-20 L1 contact by own_team
        2026-01-21 L1 captured
        """,
        "direct",
        "it protected until 2026-01-10 00:00",
    ),
    "an approval before the registration is about another": (
        """
        2026-01-01 L1 approved   by acme protected_until=2026-02-01
        2026-01-02 L1 registered by acme protected_until=2026-01-10
        2026-01-20 L1 contact by own_team
        2026-01-21 L1 captured
        """,
        "direct",
        "it protected until 2026-01-10 00:00",
    ),
    # -- rejections and withdrawals
    "a rejected registration": (
        """
        2026-01-01 L1 registered by acme registration=r1
        2026-01-04 L1 rejected   by acme registration=r1 recorded=2026-01-06
        2026-01-05 L1 captured
        """,
        "direct",
        (
            "acme registered it 2026-01-01 00:00 (event e1); it was rejected 2026-01-04 00:00 "
            "(event e2), recorded 2026-01-06 00:00, 2 days later: it does not stand."
        ),
    ),
    "a withdrawn registration": (
        """
        2026-01-01 L1 registered by acme
        2026-01-04 L1 registration_withdrawn by acme
        2026-01-05 L1 captured
        """,
        "direct",
        "it was withdrawn 2026-01-04 00:00 (event e2): it does not stand.",
    ),
    "a rejection of another registration": (
        """
        2026-01-01 L1 registered by acme registration=r1
        2026-01-02 L1 rejected   by acme registration=r2
        2026-01-02 L1 rejected   by beta registration=r1
        2026-01-02 L1 rejected   by acme
        2026-01-05 L1 captured
        """,
        "sourced by acme",
    ),
    "a rejection without id is of the registration without id": (
        """
        2026-01-01 L1 registered by acme registration=r1 protected_until=2026-01-02
        2026-01-02 L1 registered by acme
        2026-01-03 L1 rejected   by acme
        2026-01-05 L1 captured
        """,
        "direct",
        "it was rejected",
        "rule 2",
    ),
    "a registration anew after a rejection": (
        """
        2026-01-01 L1 registered by acme
        2026-01-02 L1 rejected   by acme
        2026-01-03 L1 registered by acme
        2026-01-05 L1 captured
        """,
        "sourced by acme",
        "it does not stand",
    ),
    "an approval after a rejection does not bring the claim back": (
        """
        2026-01-01 L1 registered by acme
        2026-01-02 L1 rejected   by acme
        2026-01-03 L1 approved   by acme
        2026-01-05 L1 captured
        """,
        "direct",
        "it does not stand",
    ),
    # -- recorded, not occurred
    "a backdated claim": (
        """
        2026-01-05 L1 captured
        2026-01-01 L1 registered by acme recorded=2026-01-08
        """,
        "direct",
        (
            "acme registered it 2026-01-01 00:00 (event e2), recorded 2026-01-08 00:00, "
            "7 days later; it counts from 2026-01-08 00:00, 3 days after first contact by the own "
            "team at 2026-01-05 00:00 (event e1): rule 1"
        ),
    ),
    "a backdated contact": (
        """
        2026-01-05 L1 registered by acme
        2026-01-02 L1 contact by own_team recorded=2026-01-08
        2026-01-09 L1 captured
        """,
        "sourced by acme",
    ),
    "a claim recorded before it is said to have happened": (
        """
        2026-01-05 L1 registered by acme recorded=2026-01-01
        2026-01-03 L1 captured
        """,
        "sourced by acme",
        "(event e1), recorded 2026-01-01 00:00, 4 days before it happened",
    ),
    # -- influence
    "each way to influence": (
        """
        2026-01-01 L1 captured
        2026-01-02 L1 influenced by i
        2026-01-03 L1 contact by c
        2026-01-04 L1 accepted by a
        2026-01-05 L1 progressed by p
        2026-01-06 L1 won by w
        """,
        "influenced by i, c, a, p, w",
        "  i: partner_influenced 2026-01-02 00:00 (event e2).",
        "  w: lead_won 2026-01-06 00:00 (event e6).",
        "No partner claimed it.",
    ),
    "what is no influence": (
        """
        2026-01-01 L1 captured
        2026-01-02 L1 offered to acme
        2026-01-02 L1 declined by acme
        2026-01-03 L1 assigned by acme agent=ann
        2026-01-03 L1 responded by acme
        2026-01-04 L1 contact by own_team partner_id=acme
        2026-01-04 L1 accepted agent=ann
        2026-01-05 L1 lost by acme
        """,
        "direct",
    ),
    "an influence at the instant of the capture": (
        """
        2026-01-01 L1 captured
        2026-01-01 L1 influenced by acme
        """,
        "influenced by acme",
    ),
    "an influence before the capture": (
        """
        2026-01-01 L1 influenced by acme
        2026-01-02 L1 captured
        """,
        "direct",
    ),
    "an influence on a lead that was never captured": (
        "2026-01-01 L1 influenced by acme",
        "direct",
    ),
    "a returned acceptance": (
        """
        2026-01-01 L1 captured
        2026-01-02 L1 accepted by acme
        2026-01-03 L1 returned by acme
        """,
        "direct",
    ),
    "an acceptance that another returned": (
        """
        2026-01-01 L1 captured
        2026-01-02 L1 accepted by acme
        2026-01-03 L1 returned by beta
        """,
        "influenced by acme",
    ),
    "an acceptance after a return": (
        """
        2026-01-01 L1 captured
        2026-01-02 L1 accepted by acme
        2026-01-03 L1 returned by acme
        2026-01-04 L1 accepted by acme
        """,
        "influenced by acme",
    ),
    "an influence at the instant of the close": (
        """
        2026-01-01 L1 captured
        2026-01-09 L1 influenced by acme seq=2
        2026-01-09 L1 won seq=1
        """,
        "influenced by acme",
    ),
    "an influence after the close": (
        """
        2026-01-01 L1 captured
        2026-01-09 L1 won
        2026-01-10 L1 influenced by acme
        """,
        "direct",
    ),
    "an influence after a close that does not stand": (
        """
        2026-01-01 L1 captured
        2026-01-09 L1 lost
        2026-01-10 L1 influenced by acme
        2026-01-11 L1 reopened
        """,
        "influenced by acme",
    ),
    "an influence between two closes": (
        """
        2026-01-01 L1 captured
        2026-01-09 L1 lost
        2026-01-10 L1 influenced by acme
        2026-01-11 L1 won
        """,
        "influenced by acme",
    ),
    "a refused claim of a partner that influenced": (
        """
        2026-01-01 L1 captured
        2026-01-02 L1 registered by acme
        2026-01-03 L1 influenced by acme
        """,
        "influenced by acme",
        "rule 1",
        "acme: partner_influenced",
    ),
    "influences on a sourced lead": (
        """
        2026-01-01 L1 captured by acme
        2026-01-02 L1 influenced by beta
        2026-01-03 L1 influenced by acme
        """,
        "sourced by acme",
        "beta: partner_influenced",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_rule_gives_the_verdict_and_its_words(case: str) -> None:
    judged(*CASES[case])


def test_influencers_of_a_sourced_lead_are_the_others() -> None:
    text, *_ = CASES["influences on a sourced lead"]

    assert lives(text)["L1"].verdict.influencers == ("beta",)


def test_partners_influence_in_the_order_of_their_first_influence() -> None:
    text = """
        2026-01-01 L1 captured
        2026-01-02 L1 influenced by b
        2026-01-03 L1 influenced by a
        2026-01-04 L1 influenced by b
    """

    assert lives(text)["L1"].verdict.influencers == ("b", "a")


# -- the moment looked from -----------------------------------------------------------------------

LATE_RECORDS = """
    2026-01-01 L1 captured by gamma
    2026-01-01 L1 registered by acme recorded=2026-03-01 id=r
"""


@pytest.mark.parametrize(("as_of", "expected"), [("2026-02-28", 1), ("2026-03-01", 2)])
def test_a_claim_recorded_after_as_of_does_not_exist(as_of: str, expected: int) -> None:
    assert len(lives(LATE_RECORDS, as_of=as_of)["L1"].verdict.claims) == expected


@pytest.mark.parametrize(
    ("as_of", "expected"), [("2026-03-19", "acme"), ("2026-03-20", None), ("2026-04-01", None)]
)
def test_a_contact_recorded_after_as_of_does_not_exist(as_of: str, expected: str | None) -> None:
    text = """
        2026-01-01 L1 registered by acme protected_until=2026-03-15
        2026-01-02 L1 captured
        2026-01-03 L1 contact by own_team recorded=2026-03-20
    """

    assert expected == lives(text, as_of=as_of)["L1"].sourcing_partner


def test_a_rejection_counts_from_when_it_happened() -> None:
    text = """
        2026-01-01 L1 registered by acme
        2026-01-02 L1 captured
        2026-02-01 L1 rejected by acme
    """

    assert lives(text, as_of="2026-01-31")["L1"].sourcing_partner == "acme"
    assert lives(text, as_of="2026-02-01")["L1"].sourcing_partner is None


def test_an_open_lead_is_influenced_up_to_as_of() -> None:
    text = """
        2026-01-01 L1 captured
        2026-02-01 L1 influenced by acme
    """

    assert lives(text, as_of="2026-01-31")["L1"].attribution == "direct"
    assert lives(text, as_of="2026-02-01")["L1"].attribution == "influenced"


# -- the options ----------------------------------------------------------------------------------


def test_referrals_may_earn_nothing() -> None:
    text = """
        2026-01-01 L1 captured by acme
        2026-01-02 L1 registered by beta
    """

    judged(text, "sourced by acme")
    judged(text, "sourced by beta", claims="registration")


def test_a_referral_that_earns_nothing_is_no_contact_of_the_own_team_either() -> None:
    judged("2026-01-01 L1 captured by acme", "direct", claims="registration")
    judged(
        "2026-01-01 L1 captured by acme\n2026-01-02 L1 registered by acme",
        "sourced by acme",
        claims="registration",
    )


CONTACTS_REQUIRED = {
    "no contact of its own": (
        "2026-01-01 L1 registered by acme\n2026-01-02 L1 captured",
        "direct",
        (
            "acme has no contact on record: the policy's rule (the partner's own contact on record "
            "first) fails."
        ),
    ),
    "no contact of its own, but one of the own team": (
        """
        2026-01-01 L1 registered by acme
        2026-01-02 L1 contact by own_team
        2026-01-03 L1 captured
        """,
        "direct",
        "the policy's rule (the partner's own contact on record first) fails.",
    ),
    "its own contact first": (
        """
        2026-01-01 L1 registered by acme
        2026-01-02 L1 contact by acme
        2026-01-03 L1 contact by own_team
        2026-01-03 L1 captured
        """,
        "sourced by acme",
    ),
    "its own contact alone": (
        "2026-01-01 L1 captured by acme\n2026-01-02 L1 contact by acme",
        "sourced by acme",
    ),
    "its own contact at the instant of another's": (
        """
        2026-01-01 L1 registered by acme
        2026-01-02 L1 contact by acme
        2026-01-02 L1 contact by own_team
        2026-01-03 L1 captured
        """,
        "direct",
        "the policy's rule",
    ),
    "its own contact recorded later than another's": (
        """
        2026-01-01 L1 registered by acme
        2026-01-02 L1 contact by acme recorded=2026-01-05
        2026-01-04 L1 contact by own_team
        2026-01-05 L1 captured
        """,
        "direct",
        "the policy's rule",
    ),
    "a claim after its own contact": (
        """
        2026-01-01 L1 contact by acme
        2026-01-02 L1 registered by acme
        2026-01-03 L1 captured
        """,
        "sourced by acme",
    ),
}


@pytest.mark.parametrize("case", CONTACTS_REQUIRED)
def test_the_own_contact_of_the_partner_may_be_required(case: str) -> None:
    text, expected, *said = CONTACTS_REQUIRED[case]

    judged(text.replace("; ", "\n"), expected, *said, contact_required=True)


def test_claims_and_contacts_may_count_from_when_they_happened() -> None:
    claim = """
        2026-01-05 L1 captured
        2026-01-01 L1 registered by acme recorded=2026-01-08
    """
    contact = """
        2026-01-05 L1 registered by acme
        2026-01-02 L1 contact by own_team recorded=2026-01-08
        2026-01-09 L1 captured
    """

    judged(claim, "sourced by acme", times="occurred")
    judged(contact, "direct", "rule 1", times="occurred")


def test_what_counts_by_its_date_need_not_be_recorded_by_then() -> None:
    early = lives(LATE_RECORDS, as_of="2026-02-01", times="occurred")["L1"]

    assert len(early.verdict.claims) == 2


@pytest.mark.parametrize(
    ("influenced", "expected"),
    [
        ("2026-01-10", "influenced"),  # both ends count
        ("2026-01-09 23:59", "direct"),
        ("2026-01-20", "influenced"),
        ("2026-01-20 00:01", "direct"),
    ],
)
def test_an_influence_counts_inside_the_look_back_from_the_close(
    influenced: str, expected: str
) -> None:
    text = f"""
        2026-01-01 L1 captured
        {influenced} L1 influenced by acme
        2026-01-20 L1 won
    """

    assert expected == lives(text, influence_lookback=10 * DAY)["L1"].attribution


def test_a_look_back_of_nothing_reaches_the_close_itself() -> None:
    text = """
        2026-01-01 L1 captured
        2026-01-20 L1 influenced by acme
        2026-01-20 L1 won
    """

    assert lives(text, influence_lookback=0 * DAY)["L1"].attribution == "influenced"


def test_without_a_close_there_is_nothing_to_look_back_from() -> None:
    text = """
        2026-01-01 L1 captured
        2026-01-02 L1 influenced by acme
    """

    assert lives(text, influence_lookback=DAY)["L1"].attribution == "influenced"


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("2026-01-08 L1 registered by acme", "sourced by acme"),
        ("2026-01-08 00:01 L1 registered by acme", "direct"),
        ("2026-01-01 L1 registered by acme recorded=2026-01-09", "direct"),
        ("2025-01-01 L1 registered by acme", "sourced by acme"),
    ],
)
def test_a_claim_later_than_the_lock_after_capture_earns_nothing(claim: str, expected: str) -> None:
    said = ["too long after the capture: the policy's claim lock fails."] * (expected == "direct")

    judged(
        f"2026-01-01 L1 captured by beta\n{claim}",
        expected,
        *said,
        claim_lock=7 * DAY,
        claims="registration",
    )


def test_the_lock_counts_from_when_the_capture_was_recorded() -> None:
    text = """
        2026-01-01 L1 captured by beta recorded=2026-01-05
        2026-01-09 L1 registered by acme
    """

    judged(text, "sourced by acme", claim_lock=7 * DAY, claims="registration")
    judged(text, "direct", claim_lock=7 * DAY, claims="registration", times="occurred")


def test_without_a_capture_no_claim_is_locked() -> None:
    judged("2026-01-09 L1 registered by acme", "sourced by acme", claim_lock=0 * DAY)


def test_the_longest_spans_are_no_trouble() -> None:
    text = """
        2026-01-01 L1 captured
        2026-01-02 L1 influenced by acme
        2026-01-03 L1 registered by acme
        2026-01-20 L1 won
    """

    judged(text, "influenced by acme", influence_lookback=timedelta.max, claim_lock=timedelta.max)


@pytest.mark.parametrize(
    "options",
    [
        {"claims": "referral"},
        {"times": "happened"},
        {"influence_lookback": -DAY},
        {"claim_lock": -DAY},
    ],
)
def test_a_policy_refuses_what_it_does_not_offer(options: dict[str, object]) -> None:
    with pytest.raises(OptionError, match=next(iter(options))):
        AttributionPolicy(**options)  # type: ignore[arg-type]


def test_the_fingerprint_tells_policies_apart() -> None:
    policies = [
        AttributionPolicy(),
        AttributionPolicy(claims="registration"),
        AttributionPolicy(contact_required=True),
        AttributionPolicy(times="occurred"),
        AttributionPolicy(influence_lookback=DAY),
        AttributionPolicy(claim_lock=DAY),
    ]

    assert len({policy.fingerprint for policy in policies}) == len(policies)
    assert AttributionPolicy().fingerprint == policies[0].fingerprint


# -- revised claims -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("revision", "expected"),
    [
        ("registered by acme protected_until=2026-12-01", "sourced by acme"),
        ("registered by beta", "direct"),
    ],
)
def test_a_mended_claim_keeps_its_place_unless_it_changes_hands(
    revision: str, expected: str
) -> None:
    text = f"""
        2026-01-01 L1 registered by acme id=r
        2026-01-02 L1 captured
        2026-01-01 L1 {revision} id=r recorded=2026-01-05
    """

    judged(text, expected)


def test_a_mended_contact_keeps_its_place() -> None:
    text = """
        2026-01-01 L1 contact by own_team id=c
        2026-01-02 L1 registered by acme
        2026-01-03 L1 captured
        2026-01-01 L1 contact by own_team id=c agent=ann recorded=2026-01-05
    """

    judged(text, "direct", "rule 1")


# -- words ----------------------------------------------------------------------------------------


def test_a_lead_that_nobody_claimed_says_so() -> None:
    assert lives("2026-01-01 L1 captured").explain("L1") == (
        "L1 is direct.\n  No partner claimed it."
    )


def test_an_unknown_lead_has_no_words() -> None:
    folded = lives("2026-01-01 lead-1 captured")

    with pytest.raises(KeyError, match=r"no event by then names the lead 'x'$"):
        folded.explain("x")
    with pytest.raises(UnknownLeadError, match="'lead-2'; did you mean 'lead-1'") as caught:
        folded.explain("lead-2")
    assert caught.value.near == ("lead-1",)
    with pytest.raises(UnknownLeadError, match=r"names the lead 5$"):
        folded.explain(5)  # type: ignore[arg-type]


def test_times_are_told_in_the_zone_that_is_asked_for() -> None:
    folded = lives("""
        2026-01-01 23:30 L1 registered by acme id=r protected_until=2026-01-02T22:00Z
        2026-01-03 23:00 L1 captured id=c
    """)

    assert folded.explain("L1", tz="Europe/Berlin") == (
        "L1 is direct (times: Europe/Berlin).\n"
        "  acme registered it 2026-01-02 00:30 (event r); it protected until 2026-01-02 23:00, the "
        "own team's first contact counts from 2026-01-04 00:00 (event c): rule 2 (in force at the "
        "own team's first contact) fails."
    )
    with pytest.raises(PeriodError, match="no IANA time zone"):
        folded.explain("L1", tz="Berlin")


DAYS_OF_BERLIN = """
    2026-01-01 23:00 L1 captured id=c precision=day
    2026-01-03 23:00 L1 registered by acme id=r precision=day recorded=2026-01-05T09:00Z
"""


def test_events_known_to_the_day_show_their_date() -> None:
    assert lives(DAYS_OF_BERLIN).explain("L1", tz="Europe/Berlin") == (
        "L1 is direct (times: Europe/Berlin).\n"
        "  acme registered it 2026-01-04 (event r), recorded 2026-01-05 10:00, 1.4 days later; it "
        "counts from 2026-01-05 10:00, 3.4 days after first contact by the own team at 2026-01-02 "
        "(event c): rule 1 (recorded strictly before anyone else's first contact) fails."
    )


def test_events_known_to_the_day_of_another_zone_show_their_moment() -> None:
    assert lives(DAYS_OF_BERLIN).explain("L1") == (
        "L1 is direct (times: UTC).\n"
        "  acme registered it 2026-01-03 23:00, known to the day (event r), recorded 2026-01-05 "
        "09:00, 1.4 days later; it counts from 2026-01-05 09:00, 3.4 days after first contact by "
        "the own team at 2026-01-01 23:00, known to the day (event c): rule 1 (recorded strictly "
        "before anyone else's first contact) fails."
    )


def test_times_that_leave_the_calendar_of_a_zone_are_told_in_utc() -> None:
    text = """
        9999-12-31 09:00 L1 registered by acme protected_until=9999-12-31T23:00Z
        9999-12-31 23:30 L1 captured id=c
    """

    assert lives(text, as_of="9999-12-31T23:45Z").explain("L1", tz="Asia/Tokyo") == (
        "L1 is direct (times: Asia/Tokyo).\n"
        "  acme registered it 9999-12-31 18:00 (event e1); it protected until 9999-12-31 23:00 "
        "UTC, the own team's first contact counts from 9999-12-31 23:30 UTC (event c): rule 2 (in "
        "force at the own team's first contact) fails."
    )


@pytest.mark.parametrize(
    ("gap", "expected"),
    [
        ("2026-01-02 00:00:01", "from 2026-01-02 00:00:01, 1 second after"),
        ("2026-01-02 00:00:30", "30 seconds after"),
        ("2026-01-02 00:01", "1 minute after"),
        ("2026-01-02 01:30", "1.5 hours after"),
        ("2026-01-03", "1 day after"),
        ("2026-01-04 12:00", "2.5 days after"),
    ],
)
def test_spans_are_told_as_people_tell_them(gap: str, expected: str) -> None:
    text = f"""
        2026-01-02 L1 captured
        {gap} L1 registered by acme
    """

    judged(text, "direct", expected)
