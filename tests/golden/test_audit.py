"""The audit, worked by hand: what each rule finds, with its evidence, and what it leaves alone."""

from __future__ import annotations

import pickle
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve

from partnerleads import Period, fold, kpis
from partnerleads.attribution import AttributionPolicy
from partnerleads.errors import OptionError
from partnerleads.events import Event, LeadCaptured, LeadWon
from partnerleads.model import Finding
from partnerleads.testing import at, history

NOW = at("2026-06-01")


def found(rule: str, events: Iterable[Event], **options: Any) -> list[Finding]:
    """What one rule finds."""
    audit = kpis.audit(events, as_of=NOW, **options)
    return [finding for finding in audit.findings if finding.rule == rule]


def leads(rule: str, text: str) -> list[str | None]:
    return [finding.lead_id for finding in found(rule, history(text))]


def test_claims_after_someone_elses_contact() -> None:
    # L1: the own team's capture; L2: beta's contact; L3: its own contact; L4: claimed in time
    # L5: too late, and withdrawn since
    log = history("""
        2026-01-02 L1 captured id=c1
        2026-01-05 L1 registered by acme id=g1
        2026-01-03 L2 contact by beta id=k2
        2026-01-05 L2 registered by acme id=g2
        2026-01-09 L2 captured
        2026-01-03 L3 contact by acme
        2026-01-05 L3 registered by acme
        2026-01-09 L3 captured
        2026-01-05 L4 registered by acme
        2026-01-09 L4 captured
        2026-01-02 L5 captured
        2026-01-05 L5 registered by acme
        2026-01-06 L5 registration_withdrawn by acme
    """)
    one, two = found("claim_after_contact", log)

    assert ("L1", "acme", ("g1", "c1")) == (one.lead_id, one.partner_id, one.event_ids)
    assert at("2026-01-05") == one.at
    assert (
        "acme's claim was recorded 2026-01-05 00:00 UTC, the first contact by the own team "
        "2026-01-02 00:00 UTC"
    ) == one.words
    assert ("L2", ("g2", "k2")) == (two.lead_id, two.event_ids)
    assert "first contact by beta" in two.words


def test_a_late_claim_that_has_the_credit_by_other_rules_is_told() -> None:
    log = history("""
        2026-01-02 L1 captured
        2026-01-01 L1 registered by acme recorded=2026-01-05
    """)
    lives = fold(log, as_of=NOW, policy=AttributionPolicy(times="occurred"))

    words = [f.words for f in kpis.audit(lives).findings if f.rule == "claim_after_contact"]
    assert [True] == [one.endswith("; it has the credit all the same") for one in words]


def test_the_credit_of_another_source_with_the_same_event_id_is_not_taken_for_its_own() -> None:
    (one,) = found(
        "claim_after_contact",
        history("""
            2026-01-02 L1 captured by beta id=x source=crm
            2026-01-03 L1 contact by beta
            2026-01-05 L1 registered by acme id=x source=portal
        """),
    )

    assert "acme" == one.partner_id
    assert "all the same" not in one.words


def test_claims_after_the_win() -> None:
    # L1: registered after the win; L2: a referral typed in after it; L3: the same day, which may
    # have been before; L4: the day after; L5, L6: nobody knows when it was won; L7: before
    log = """
        2026-01-02 L1 captured
        2026-01-05 L1 won 100 EUR id=w1
        2026-01-06 L1 registered by acme id=g1
        2026-01-02 L2 captured by acme recorded=2026-01-09
        2026-01-05 L2 won 100 EUR
        2026-01-02 L3 captured
        2026-01-05 L3 won 100 EUR precision=day
        2026-01-05 10:00 L3 registered by acme
        2026-01-02 L4 captured
        2026-01-05 L4 won 100 EUR precision=day
        2026-01-06 L4 registered by acme
        2026-01-02 L5 captured
        2026-01-05 L5 won 100 EUR precision=assumed
        2026-01-06 L5 registered by acme
        2026-01-02 L6 captured precision=relative
        2026-01-05 L6 won 100 EUR precision=relative
        2026-01-06 L6 registered by acme
        2026-01-02 L7 captured by acme
        2026-01-05 L7 won 100 EUR
        2026-01-02 L8 captured by acme
    """

    assert ["L1", "L2", "L4"] == leads("claim_after_win", log)
    finding = found("claim_after_win", history(log))[0]
    assert ("g1", "w1") == finding.event_ids
    assert (
        "acme's claim was recorded 2026-01-06 00:00 UTC, after the win of 2026-01-05 00:00 UTC"
    ) == finding.words


def test_leads_claimed_by_several_partners() -> None:
    # L1: two claim it; L2: one twice; L3: one of two was rejected; L4: both too late
    log = """
        2026-01-01 L1 registered by acme id=g1
        2026-01-02 L1 captured by beta id=c1
        2026-01-01 L2 registered by acme registration=r1
        2026-01-02 L2 registered by acme registration=r2
        2026-01-03 L2 captured
        2026-01-01 L3 registered by acme
        2026-01-02 L3 registered by beta
        2026-01-02 12:00 L3 registration_rejected by beta
        2026-01-03 L3 captured
        2026-01-01 L4 captured
        2026-01-02 L4 registered by acme
        2026-01-03 L4 registered by beta
    """

    assert ["L1", "L4"] == leads("claimed_twice", log)
    one, two = found("claimed_twice", history(log))
    assert ("acme, beta claim it; acme has the credit", ("g1", "c1")) == (one.words, one.event_ids)
    assert (at("2026-01-02"), None) == (one.at, one.partner_id)
    assert "acme, beta claim it; none of them has the credit" == two.words


def test_accounts_that_were_open_already() -> None:
    # A: L1 is open when acme brings L2; B: L3 was lost by then; C: L5 was lost and reopened
    # D: L7 is acme's own; E: L9 came on record later; F: without an account; G: claimed too late
    log = """
        2026-01-01 L1 captured account=A id=c1
        2026-01-05 L2 captured by acme account=A id=c2
        2026-01-01 L3 captured account=B
        2026-01-03 L3 lost
        2026-01-05 L4 captured by acme account=B
        2026-01-01 L5 captured account=C
        2026-01-02 L5 lost
        2026-01-03 L5 reopened
        2026-01-09 L5 lost
        2026-01-05 L6 captured by acme account=C
        2026-01-01 L7 captured by acme account=D
        2026-01-05 L8 captured by acme account=D
        2026-01-01 L9 captured account=E recorded=2026-01-06
        2026-01-05 L10 captured by acme account=E
        2026-01-01 L11 captured
        2026-01-05 L12 captured by acme
        2026-01-01 L13 captured account=G
        2026-01-02 L14 captured account=G
        2026-01-05 L14 registered by acme
        2026-01-05 L15 registered by acme
    """

    assert ["L2", "L6"] == leads("account_already_open", log)
    finding = found("account_already_open", history(log))[0]
    assert ("acme", ("c2", "c1")) == (finding.partner_id, finding.event_ids)
    assert (
        "acme's claim was recorded 2026-01-05 00:00 UTC, when L1 of the same account was open "
        "since 2026-01-01 00:00 UTC"
    ) == finding.words


def test_the_lead_itself_is_no_other_lead_of_its_account() -> None:
    # on record first as the own team's, and brought by acme by the claim that counts
    log = """
        2026-01-01 L1 registered by acme
        2026-01-02 L1 captured account=A
        2026-01-01 L2 captured account=A recorded=2025-12-01
        2025-12-31 L2 registered by beta recorded=2025-11-01
    """

    assert [] == leads("account_already_open", log.replace("L2 captured account=A", "L2 captured"))
    assert ["L1"] == leads("account_already_open", log)


def side(name: str, stages: Iterable[str], brought: str = "") -> str:
    """Leads won from some stages; ``-`` is won without a stage."""
    lines = []
    for number, stage in enumerate(stages):
        lead = f"{name}{number}"
        lines.append(f"2026-01-02 {lead} captured {brought} id={lead}c")
        lines.append(f"2026-01-03 {lead} progressed id={lead}n")
        if stage != "-":
            lines.append(f"2026-01-04 {lead} progressed {stage} id={lead}p")
        lines.append(f"2026-01-09 {lead} won 10 EUR id={lead}w")
        lines.append(f"2026-01-10 {lead} progressed delivered id={lead}d")
    return "\n".join(lines)


def test_sides_that_close_at_other_stages() -> None:
    # of 5 direct wins 5 were to be expected from `ordered`, and of 5 sourced ones 5 from `paid`
    text = side("P", ["ordered"] * 5, "by acme") + "\n" + side("D", ["paid"] * 5)
    findings = found("closed_at_another_stage", history(text))

    assert [f"{s}{n}" for s in "DP" for n in range(5)] == [f.lead_id for f in findings]
    assert "direct, won from stage 'paid', from which none of 5 sourced wins came" == (
        findings[0].words
    )
    assert ("acme", ("P0p", "P0w")) == (findings[5].partner_id, findings[5].event_ids)


def test_too_few_wins_or_a_stage_that_both_sides_know_are_no_finding() -> None:
    few = side("P", ["ordered"] * 9, "by acme") + "\n" + side("D", ["paid"] * 4)
    shared = side("P", ["ordered"] * 5, "by acme") + "\n" + side("D", ["paid"] * 8 + ["ordered"])

    assert [] == leads("closed_at_another_stage", few)
    assert [] == leads("closed_at_another_stage", shared)


def test_wins_without_a_stage_are_a_stage_of_their_own() -> None:
    text = side("P", ["-"] * 5, "by acme") + "\n" + side("D", ["paid"] * 5)
    findings = found("closed_at_another_stage", history(text))

    assert "sourced, won from no stated stage, from which none of 5 direct wins came" == (
        findings[5].words
    )
    assert ("P0w",) == findings[5].event_ids


def test_cohorts_that_are_too_young() -> None:
    # five wins took 7 days each; L1 and L2 are open, L1 for 5 days only
    log = history(side("W", ["paid"] * 5)) + history("""
        2026-05-27 L1 captured id=y1
        2026-05-01 L2 captured id=y2
        2026-05-30 L3 captured id=y3
        2026-05-31 L3 lost id=y4
    """)

    words = (
        "1 of 8 leads is open and younger than 7.0 days, which 90 % of the wins seen so far took "
        "at most; their close rate is still to rise"
    )
    assert [words] == [f.words for f in found("immature_cohort", log)]
    assert [] == found("immature_cohort", log, period=Period.month(2026, 1))
    assert [] == found("immature_cohort", log[5:])


def test_an_age_is_one_of_days_in_the_zone_of_the_period_or_of_the_kpi() -> None:
    # the dates are 31 May and, seven days earlier, 24 May by the clocks of Berlin
    log = history(side("W", ["paid"] * 5)) + history("""
        2026-05-23T22:00Z L1 captured precision=day
        2026-05-31T08:00Z L2 captured
        2026-05-31T09:00Z L2 lost
    """)
    now = at("2026-05-31T12:00Z")
    berlin = "Europe/Berlin"

    def young(**options: Any) -> list[str]:
        audit = kpis.audit(log, as_of=now, kpi=kpis.won_velocity, **options)
        return [f.words[:24] for f in audit.findings if f.rule == "immature_cohort"]

    assert [] == young()
    assert ["1 of 7 leads is open and "[:24]] == young(tz=berlin)
    assert ["1 of 7 leads is open and "[:24]] == young(period=Period.year(2026, tz=berlin))
    assert [] == young(period=Period.year(2026))


@pytest.mark.parametrize("precision", ["by", "assumed", "relative"])
def test_who_is_captured_at_an_unknown_time_has_no_age(precision: str) -> None:
    won = history(side("W", ["paid"] * 5))
    young = history(f"2026-05-30 L1 captured precision={precision}")

    assert [] == found("immature_cohort", won + young)
    assert [] == found("immature_cohort", won + young, period=Period.month(2026, 5))
    # nor are they among the leads of an age whose rates are compared
    sides = (plain("P", 40, 20, "by acme"), plain("D", 100, 20), plain("E", 50, 0))
    log = [
        evolve(event, precision=precision) if event.lead_id.startswith("E") else event
        for event in history("\n".join(sides))
    ]
    (finding,) = found("blended_average", log)
    assert finding.words.startswith("20 of 40 sourced and 20 of 100 direct leads at least 7.0 days")


def test_no_period_holds_a_capture_of_an_invented_calendar() -> None:
    log = history(f"{plain('A', 4, 4, 'by acme')}\n{plain('D', 30, 0)}")
    invented = [
        evolve(event, precision="relative") if isinstance(event, LeadCaptured) else event
        for event in log
    ]

    year = Period.year(2026)
    assert 1 == len(found("high_rate_on_few_leads", log, period=year))
    assert 1 == len(found("high_rate_on_few_leads", invented))
    assert [] == found("high_rate_on_few_leads", invented, period=year)


@pytest.mark.parametrize("lines", [[], [f"2026-0{k}-01 W{k} captured" for k in range(1, 6)]])
def test_before_wins_tell_an_age_no_lead_is_young(lines: list[str]) -> None:
    wins = [line.replace("captured", "won") for line in lines]  # all of them at once
    log = history("\n".join([*lines, *wins, "2026-06-01 L1 captured precision=day"]))

    assert [] == found("immature_cohort", log)


def plain(name: str, n: int, won: int, brought: str = "") -> str:
    lines = [f"2026-01-02 {name}{number} captured {brought}" for number in range(n)]
    return "\n".join([*lines, *(f"2026-01-09 {name}{k} won 10 EUR" for k in range(won))])


def test_rates_too_different_for_one() -> None:
    text = plain("P", 40, 20, "by acme") + "\n" + plain("D", 100, 20)

    words = (
        "20 of 40 sourced and 20 of 100 direct leads at least 7.0 days old were won; one rate "
        "over both describes neither"
    )
    assert [words] == [f.words for f in found("blended_average", history(text))]
    assert [] == found("blended_average", history(text.replace("won 10 EUR", "lost")))
    assert [] == found("blended_average", history(plain("D", 40, 20)))


def test_young_leads_do_not_make_rates_different() -> None:
    # all 20 sourced leads of January were won within a week, and so was every direct one of then
    old = plain("P", 20, 20, "by acme") + "\n" + plain("D", 20, 20)
    young = "\n".join(f"2026-05-31 Y{number} captured" for number in range(40))

    assert [] == found("blended_average", history(f"{old}\n{young}"))


def test_four_wins_tell_no_age_from_which_rates_count() -> None:
    text = plain("P", 4, 4, "by acme") + "\n" + plain("D", 100, 0)
    (finding,) = found("blended_average", history(text))

    assert finding.words.startswith("4 of 4 sourced and 0 of 100 direct leads were won; ")


def test_high_rates_on_few_leads() -> None:
    text = "\n".join(
        [
            plain("A", 4, 4, "by acme"),
            plain("B", 4, 1, "by beta"),
            plain("C", 30, 9, "by gamma"),
            plain("D", 62, 2),
        ]
    )
    findings = found("high_rate_on_few_leads", history(text))

    # at 16 %, chance alone wins 4 of 4 leads 6.6 times in 10 000
    assert [("acme", None, 4)] == [(f.partner_id, f.lead_id, len(f.event_ids)) for f in findings]
    assert (
        "acme won 4 of its 4 leads, against 16 of 100 of all, more than chance explains; fewer "
        "than 30 are too few to rank it by"
    ) == findings[0].words


def test_a_rate_that_chance_explains_is_no_high_one() -> None:
    # 20.0 % against 19.9 %
    almost = f"{plain('A', 5, 1, 'by acme')}\n{plain('D', 151, 30)}"
    # at 18 %, chance alone wins 4 of 4 leads 1.05 times in 1 000
    rare = f"{plain('A', 4, 4, 'by acme')}\n{plain('D', 96, 14)}"

    assert [] == found("high_rate_on_few_leads", history(almost))
    assert [] == found("high_rate_on_few_leads", history(rare))


def test_a_high_rate_on_few_leads_is_one_that_the_league_table_flags() -> None:
    for won in range(9):
        log = history(f"{plain('A', 8, won, 'by acme')}\n{plain('B', 90, 20, 'by beta')}")
        table = kpis.league_table(log, within=None, as_of=NOW)
        flagged = [row.partner_id for row in table.rows if row.flag == "above"]
        assert flagged == [f.partner_id for f in found("high_rate_on_few_leads", log)]


def test_the_wins_of_a_high_rate_are_told_by_lead_whatever_the_order_of_the_events() -> None:
    log = history(f"{plain('A', 4, 4, 'by acme')}\n{plain('D', 30, 0)}")
    ids = {event.lead_id: event.event_id for event in log if isinstance(event, LeadWon)}
    wanted = tuple(ids[f"A{number}"] for number in range(4))

    for events in (log, log[::-1]):
        (finding,) = found("high_rate_on_few_leads", events)
        assert wanted == finding.event_ids


def test_findings_of_the_fold_are_among_them() -> None:
    log = history("""
        2026-01-02 L1 captured
        2026-01-01 L1 registered by acme recorded=2026-01-05
        2026-01-09 L2 captured by acme recorded=2026-01-01
    """)
    rules = [finding.rule for finding in kpis.audit(log, as_of=NOW).findings]

    assert ["claim_after_contact", "backdated_claim", "recorded_before_happening"] == rules


DOUBTED = history(
    "\n".join(
        [
            *(f"2026-01-02 L{number} captured" for number in range(6)),
            *(f"2026-01-05 L{number} registered by acme" for number in range(6)),
            "2026-01-02 S1 captured by acme",
            "2026-01-02 S2 captured by acme",
            "2026-01-02 S3 captured by acme account=A",
            "2026-01-01 S4 captured account=A",
        ]
    )
)


def test_the_figure_with_and_without_the_leads_in_doubt() -> None:
    audit = kpis.audit(DOUBTED, as_of=NOW)

    assert (3, 10) == (audit.figure.hits, audit.figure.of)
    assert (2, 3) == (audit.without.hits, audit.without.of)
    assert {"claim_after_contact": (3, 4), "account_already_open": (2, 9)} == {
        rule: (figure.hits, figure.of) for rule, figure in audit.without_rule.items()
    }
    assert ("L0", "L1", "L2", "L3", "L4", "L5", "S3") == audit.leads


def test_it_prints_five_of_each_rule_and_lists_all() -> None:
    audit = kpis.audit(DOUBTED, as_of=NOW)
    text = str(audit)

    assert text.startswith("audit as of 2026-06-01 00:00 UTC\n  sourced_rate 30.0 % (3 of 10 ")
    assert "  without the 7 leads in doubt 66.7 % (2 of 3 leads captured; " in text
    assert "claim_after_contact: 6 findings: claimed after " in text
    assert "; without the 6 leads 75.0 %\n    L0: acme's claim was recorded " in text
    assert "    and 1 more\n" in text
    assert f"<{text}>" == repr(audit)
    assert 7 == audit._repr_html_().count("<tr><td>")
    assert audit == pickle.loads(pickle.dumps(audit))  # noqa: S301 - our own bytes
    assert {
        "rule": "account_already_open",
        "lead_id": "S3",
        "partner_id": "acme",
        "event_ids": "e15, e16",
        "at": at("2026-01-02"),
        "words": audit.findings[-1].words,
        "figure": "sourced_rate",
        "value": "30.0 %",
        "without_rule": "22.2 %",
        "without_all": "66.7 %",
    } == audit.to_dicts()[-1]


def test_any_kpi_with_its_options_and_period() -> None:
    log = history(plain("A", 4, 3, "by acme"))
    audit = kpis.audit(
        log, kpi=kpis.closed_won, as_of=NOW, period=Period.month(2026, 1), gross=True
    )

    assert (3, 3, {}) == (audit.figure.value, audit.without.value, audit.without_rule)
    assert "True" == audit.figure.definition["gross"]
    assert Period.month(2026, 1) == audit.figure.period


def test_the_doubts_about_leads_of_an_audit_of_a_period_are_of_all_time_and_it_says_so() -> None:
    late = "2026-0{0}-02 L{0} captured\n2026-0{0}-05 L{0} registered by acme"
    log = history("\n".join(late.format(month) for month in (1, 2)))
    told = str(kpis.audit(log, as_of=NOW, period=Period.month(2026, 1))).splitlines()

    doubts = "audit as of 2026-06-01 00:00 UTC; doubts about leads of all time"
    assert [
        f"{doubts}, figures of 2026-01 (2026-01-01 to 2026-02-01 UTC)",
        "  sourced_rate 0.0 % (0 of 1 lead captured; 95 % 0.0-79.3 %)",
    ] == told[:2]
    assert told[2].startswith("  without the 2 leads in doubt undefined (0 of 0 leads captured")


def test_nothing_found_is_said() -> None:
    audit = kpis.audit(history("2026-01-02 L1 captured"), as_of=NOW)

    assert ((), ()) == (audit.findings, audit.leads)
    assert str(audit).endswith("\n  nothing found")
    assert "high_rate_on_few_leads: 1 finding: a high rate on few leads\n" in str(
        kpis.audit(history(plain("A", 4, 4, "by acme") + "\n" + plain("D", 30, 0)), as_of=NOW)
    )


def test_an_import_in_bulk_and_a_missing_beginning_are_among_the_rules() -> None:
    captured = history("2026-01-02 L1 captured recorded=2026-03-01")[0]
    assert isinstance(captured, LeadCaptured)
    log = [
        evolve(
            captured,
            lead_id=f"L{number}",
            event_id=f"e{number}",
            occurred_at=captured.occurred_at + timedelta(days=number % 3),
        )
        for number in range(1000)
    ]

    assert ["bulk_recorded"] == [f.rule for f in kpis.audit(log, as_of=NOW).findings]
    assert "left_truncated" in kpis.AUDIT_RULES


class Elsewhere:
    """Another engine."""

    as_of = NOW
    known_at = None

    def tally(self) -> None: ...


def test_another_engine_and_a_part_of_a_history_are_refused() -> None:
    part = kpis.only(DOUBTED, kpis.Is("region", "DACH"), as_of=NOW)

    for known, name in ((Elsewhere(), "Elsewhere"), (part, "Only")):
        with pytest.raises(OptionError, match=f"history='{name}': the audit reads every lead's"):
            kpis.audit(known)  # type: ignore[arg-type]


def test_a_period_must_be_one() -> None:
    with pytest.raises(OptionError, match="period"):
        kpis.audit(DOUBTED, as_of=NOW, period="2026-Q1")  # type: ignore[arg-type]
