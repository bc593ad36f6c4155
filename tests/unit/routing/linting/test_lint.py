from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

from partnerleads import Lead, Money, Period, routing
from partnerleads.errors import OptionError
from partnerleads.model import WorkingHours
from partnerleads.routing import (
    LINT_CODES,
    SEVERITIES,
    ByExpertise,
    ByPerformance,
    ByPlv,
    ByTerritory,
    ByTier,
    CapacityPriced,
    Fallback,
    HasCapacity,
    HasExpertise,
    HasTier,
    InTerritory,
    InWorkingHours,
    IsActive,
    KeepsRegistration,
    LintReport,
    MostSpecific,
    NotExcluded,
    Pool,
    Preference,
    Prospect,
    Recipient,
    RoundRobin,
    RoutingContext,
    ScoreThreshold,
    TerritoryTree,
    ValueThreshold,
    lint,
)

NOW = datetime(2026, 3, 4, 14, tzinfo=UTC)
CONTEXT = RoutingContext(as_of=NOW, scores={"plv": {"acme": 3.0}})
TREE = TerritoryTree({"DE": "EMEA", "FR": "EMEA"})
LADDER = ("gold", "silver", "bronze")
WEEK = Period(first=date(2026, 3, 2), until=date(2026, 3, 9))
OFFICE = WorkingHours.parse({"mon-fri": "09:00-17:00"}, time_zone="Europe/Berlin")


def one(name: str = "acme", **given: Any) -> Recipient:
    return Recipient(recipient_id=name, **given)


def lead(name: str = "L1", value: str | None = None, **facts: Any) -> Prospect:
    worth = None if value is None else Money.parse(value)
    return Prospect(lead_id=name, facts=Lead(**facts), expected_value=worth)


@frozen
class Named:
    """A stranger's rule: whatever passes, passes."""

    name: str
    passing: bool = True

    def passes(self, _recipient: object, _lead: object, _context: object, /) -> bool:
        return self.passing

    def observed(self, _recipient: object, _lead: object, _context: object, /) -> str:
        return "seen"

    def required(self, _lead: object, _context: object, /) -> str:
        return "something"


class Plain:
    """A stranger's rule that is no attrs class, and equal to itself alone."""

    def __init__(self, name: str) -> None:
        self.name = name

    passes, observed, required = Named.passes, Named.observed, Named.required
    passing = True


GOLD = HasTier(ladder=LADDER, at_least="gold")
SILVER = HasTier(ladder=LADDER, at_least="silver")
SILVER_BIG = HasTier(ladder=LADDER, at_least="silver", from_value=Money("1000", "EUR"))
POOR: dict[str, tuple[Callable[[], LintReport], str, str]] = {
    "empty_pool": (
        lambda: lint(
            Pool([one(active=False)], rules=(IsActive(), InWorkingHours(), HasExpertise())),
            leads=[lead()],
            context=CONTEXT,
            period=WEEK,
        ),
        "pool",
        "1 recipient, none of them active",
    ),
    "table_absent": (
        lambda: lint(
            Pool([one()]),
            router=ValueThreshold(threshold=Money("9", "EUR"), large=ByPlv(table="x")),
            context=CONTEXT,
        ),
        "x",
        "ByPlv reads it; there are: plv",
    ),
    "place_unserved": (
        lambda: lint(Pool([one(territories={"DE"})], rules=(InTerritory(TREE),))),
        "FR",
        "nobody active serves FR or EMEA",
    ),
    "hours_uncovered": (
        lambda: lint(Pool([one(hours=OFFICE)], rules=(InWorkingHours(),)), period=WEEK),
        "pool",
        (
            "128 of 168 hours of 2026-03-02 to 2026-03-09 UTC, in UTC: "
            "Mon 2026-03-02 00:00 to Mon 08:00, Mon 2026-03-02 16:00 to Tue 08:00, "
            "Tue 2026-03-03 16:00 to Wed 08:00, Wed 2026-03-04 16:00 to Thu 08:00, ..."
        ),
    ),
    "lead_unroutable": (
        lambda: lint(
            Pool([one(territories={"FR"})], rules=(InTerritory(TREE), HasCapacity())),
            leads=[lead(region="DE"), lead("L2", region="FR")],
            context=CONTEXT,
        ),
        "L1",
        "territory leaves 0 of 1; needed is DE or EMEA",
    ),
    "capacity_short": (
        lambda: lint(
            Pool([one(capacity=3), one("beta", capacity=1)]),
            leads=[lead(), lead("L2")],
            context=RoutingContext(as_of=NOW, load={"acme": 2, "beta": 5}),
        ),
        "pool",
        "room for 1 of 2 leads",
    ),
    "recipient_unreachable": (
        lambda: lint(Pool([one(tier="silver")], rules=(GOLD,))),
        "acme",
        "tier silver; every lead needs gold",
    ),
    "serves_nowhere": (
        lambda: lint(Pool([one(), one("beta", territories={"EMEA"})], rules=(InTerritory(TREE),))),
        "acme",
        "no territory stated",
    ),
    "knows_nothing": (
        lambda: lint(Pool([one()], rules=(HasExpertise(),))),
        "acme",
        "no expertise stated",
    ),
    "recipient_unreached": (
        lambda: lint(
            Pool(
                [one(territories={"FR"}, tier="gold"), one("beta", territories={"EMEA"})],
                rules=(InTerritory(TREE), HasExpertise()),
            ),
            leads=[lead(region="DE"), lead("L2", region="DE", industry="steel")],
            context=CONTEXT,
        ),
        "acme",
        "none of 2 leads; territory stops 2, expertise stops 1",
    ),
    "recipient_never_preferred": (
        lambda: lint(
            Pool([one(tier="gold"), one("beta")], preferences=(Preference(GOLD),)),
            leads=[lead()],
            context=CONTEXT,
        ),
        "beta",
        "none of 1 lead",
    ),
    "capacity_zero": (lambda: lint(Pool([one(capacity=0)])), "acme", "capacity 0"),
    "weight_zero": (lambda: lint(Pool([one(weight=0), one("beta")])), "acme", "weight 0"),
    "weights_all_zero": (
        lambda: lint(Pool([one(weight=0), one("beta", weight=0)])),
        "pool",
        "weight 0 for all of acme, beta",
    ),
    "place_unknown": (
        lambda: lint(Pool([one(territories={"EMEA", "XX"})]), router=ByTerritory(TREE)),
        "acme",
        "XX, not in the tree of router ByTerritory",
    ),
    "tier_unknown": (
        lambda: lint(Pool([one(tier="tin")]), router=ByTier(LADDER)),
        "acme",
        "tier tin, not on the ladder of router ByTier",
    ),
    "excluded_unknown": (
        lambda: lint(Pool([one()], rules=(NotExcluded({"globex": frozenset({"acme", "zeta"})}),))),
        "zeta",
        "kept from the account globex",
    ),
    "rule_duplicate": (
        lambda: lint(Pool([one()], rules=(Named("a"), Named("b"), Named("c", passing=False)))),
        "b",
        "the same as a",
    ),
    "rule_idle": (
        lambda: lint(
            Pool([one(territories={"EMEA"})], rules=(IsActive(), KeepsRegistration(), SILVER_BIG)),
            leads=[lead(value="5 EUR")],
            context=CONTEXT,
        ),
        "tier",
        "all pass it for 1 lead",
    ),
    "wish_implied": (
        lambda: lint(Pool([one(tier="gold")], rules=(GOLD,), preferences=(Preference(GOLD),))),
        "preferred tier",
        "the rule tier asks for the same",
    ),
    "wish_idle": (
        lambda: lint(
            Pool([one(), one("beta")], preferences=(MostSpecific(TREE),)),
            leads=[lead(), lead("L2")],
            context=CONTEXT,
        ),
        "most specific territory",
        "for none of 2 leads does anybody meet it better",
    ),
    "router_unreachable": (
        lambda: lint(Pool([one()]), router=Fallback((ByPerformance(), ByExpertise()))),
        "ByExpertise",
        "ByPerformance before it ranks everybody",
    ),
    "trees_differ": (
        lambda: lint(
            Pool(
                [one(territories={"EMEA"})],
                rules=(InTerritory(TREE),),
                preferences=(MostSpecific(TerritoryTree()),),
            )
        ),
        "pool",
        "2 trees: rule territory, wish most specific territory",
    ),
    "ladders_differ": (
        lambda: lint(Pool([one(tier="gold")], rules=(GOLD,)), router=ByTier(("gold", "bronze"))),
        "pool",
        "rule tier: gold, silver, bronze; router ByTier: gold, bronze",
    ),
    "scores_missing": (
        lambda: lint(
            Pool([one(name) for name in ("acme", "b1", "b2", "b3", "b4", "b5", "b6")]),
            router=ByPlv(),
            context=CONTEXT,
        ),
        "plv",
        "6 of 7 have no score for ByPlv: b1, b2, b3, b4, b5, ...",
    ),
    "expertise_unasked": (
        lambda: lint(
            Pool(
                [one(expertise={"steel", "wood"}), one("beta", expertise={"wood"})],
                rules=(HasExpertise(),),
            ),
            leads=[lead(industry="steel"), lead("L2")],
            context=CONTEXT,
        ),
        "wood",
        "none of 2 leads; known by acme, beta",
    ),
    "capacity_unasked": (
        lambda: lint(
            Pool([one(f"p{number}", capacity=number or None) for number in range(8)]),
            router=CapacityPriced(),
            context=RoutingContext(as_of=NOW, scores={"plv": {}}),
        ),
        "pool",
        "7 of 8 state one: p1, p2, p3, p4, p5, ...",
    ),
    "hours_unasked": (
        lambda: lint(Pool([one(hours=OFFICE), one("beta", active=False), one("c", hours=OFFICE)])),
        "pool",
        "2 of 3 state some: acme, c",
    ),
    "places_overlap": (
        lambda: lint(
            Pool(
                [
                    one(territories={"EMEA"}),
                    one("beta", territories={"DE", "FR"}),
                    one("c", territories={"FR"}),
                ]
            ),
            router=ByTerritory(TerritoryTree({"DE": "EMEA", "CH": "EMEA", "FR": "EMEA"})),
        ),
        "FR",
        "beta, c",
    ),
}


def test_every_code_is_told_of_here_and_nowhere_else() -> None:
    folder = Path(str(routing.__file__)).parent / "linting"
    source = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    used = {*re.findall(r'finding\(\s*"(\w+)"', source)}

    assert {*LINT_CODES} == used
    assert {*LINT_CODES} == {*POOR}


@pytest.mark.parametrize("code", LINT_CODES)
def test_a_poor_policy_is_found_out(code: str) -> None:
    report, subject, evidence = POOR[code][0](), *POOR[code][1:]
    found = report.of(code)

    assert [(subject, evidence)] == [(one.subject, one.evidence) for one in found]
    assert LINT_CODES[code] == found[0].meaning
    assert found[0].severity in SEVERITIES
    assert str(report).count(found[0].remedy) == 1
    assert found[0].severity == "note" or not report.ok


def test_a_sound_policy_has_no_findings_and_says_what_was_not_looked_at() -> None:
    pool = Pool(
        [one(territories={"DE"}, tier="gold"), one("beta", territories={"FR"}, tier="silver")],
        rules=(IsActive(), InTerritory(TREE), SILVER, HasCapacity(), InWorkingHours()),
        preferences=(MostSpecific(TREE),),
    )
    report = lint(pool, router=ByPlv())

    assert (report.ok, ()) == (True, report.findings)
    assert (
        "whom leads reach, and which rules and wishes matter; pass leads and a context",
        "whether the scores that the router reads are there; pass a context",
        "whether somebody is always at work; pass a period",
    ) == report.unchecked
    assert str(report).startswith("0 findings\n  not checked: whom leads reach")


def test_capacity_and_hours_are_asked_for_by_wishes_too() -> None:
    wishes = (Preference(HasCapacity()), Preference(InWorkingHours()))
    report = lint(Pool([one(capacity=3, hours=OFFICE)], preferences=wishes))

    assert () == report.findings


def test_what_the_inactive_state_need_not_be_asked_for() -> None:
    idle = one("idle", active=False, capacity=3, hours=OFFICE)

    assert () == lint(Pool([one(), idle], rules=(IsActive(),))).findings


def test_everything_is_looked_at_where_everything_is_passed() -> None:
    report = lint(
        Pool([one(), one("beta", hours=OFFICE)], rules=(InWorkingHours(), Plain("a"), Plain("b"))),
        router=Fallback((ByPerformance(at_least=3), RoundRobin())),
        leads=[lead()],
        context=CONTEXT,
        period=WEEK,
    )

    assert () == report.unchecked
    assert ["rule_idle", "rule_idle"] == [one.code for one in report.findings]
    assert "the router; pass it as router" in lint(Pool([one()])).unchecked


def test_hours_that_are_never_open_make_a_recipient_unreachable() -> None:
    never = WorkingHours.parse({})
    report = lint(Pool([one(hours=never), one("beta", hours=OFFICE)], rules=(InWorkingHours(),)))

    assert ["its working hours have no hour"] == [
        one.evidence for one in report.of("recipient_unreachable")
    ]


def test_hours_that_follow_one_another_leave_no_gap() -> None:
    day = WorkingHours.parse({"mon-sun": "00:00-12:00"})
    night = WorkingHours.parse({"mon-sun": "12:00-24:00"})
    pool = Pool([one(hours=day), one("beta", hours=night)], rules=(InWorkingHours(),))

    assert () == lint(pool, period=WEEK).of("hours_uncovered")


def test_holidays_of_equal_hours_count_each() -> None:
    off = WorkingHours.parse({"mon-sun": "00:00-24:00"}, holidays={date(2026, 3, 4)})
    on = WorkingHours.parse({"mon-sun": "00:00-24:00"})
    alone = Pool([one(hours=off)], rules=(InWorkingHours(),))
    both = Pool([one(hours=off), one("beta", hours=on)], rules=(InWorkingHours(),))
    found = lint(alone, period=WEEK).of("hours_uncovered")

    assert [
        (
            "24 of 168 hours of 2026-03-02 to 2026-03-09 UTC, in UTC: "
            "Wed 2026-03-04 00:00 to Thu 00:00"
        )
    ] == [one.evidence for one in found]
    assert () == lint(both, period=WEEK).of("hours_uncovered")


@pytest.mark.parametrize(
    ("first", "asked"),
    [
        (ByPerformance(at_least=1), True),
        (Fallback((ByPerformance(at_least=1), RoundRobin())), False),
        (ValueThreshold(threshold=Money("9", "EUR")), False),
        (ScoreThreshold(threshold=50), False),
        (ScoreThreshold(threshold=50, high=ByPerformance(at_least=1)), True),
        (ValueThreshold(threshold=Money("9", "EUR"), rest=ByPerformance(at_least=1)), True),
    ],
)
def test_a_chain_is_asked_further_only_where_somebody_may_be_left_out(
    first: routing.Router,
    asked: bool,  # noqa: FBT001
) -> None:
    report = lint(Pool([one()]), router=Fallback((first, RoundRobin())))

    assert asked == (not report.of("router_unreachable"))


def test_a_router_of_a_stranger_is_taken_as_it_is() -> None:
    class ByLuck:
        def rank(self, _lead: Prospect, _candidates: Any, _context: Any, /) -> tuple[()]:
            return ()

    assert () == lint(Pool([one()]), router=ByLuck()).findings


def test_without_a_rule_that_asks_for_it_the_inactive_take_leads_and_are_looked_at() -> None:
    idle = one(active=False, territories=["DE", "FR"], capacity=0)
    report = lint(Pool([idle], rules=(InTerritory(TREE),)))

    assert ["capacity_zero", "capacity_unasked"] == [found.code for found in report.findings]


def test_in_an_empty_pool_no_rule_is_said_to_be_passed_by_all() -> None:
    rules = (IsActive(), HasExpertise())
    report = lint(Pool([one(active=False)], rules=rules), leads=[lead()], context=CONTEXT)

    assert ["empty_pool", "lead_unroutable"] == [found.code for found in report.findings]


def test_both_tables_of_a_router_are_looked_for_and_each_once() -> None:
    priced = [CapacityPriced(table="plv", usual=usual) for usual in ("plv", "worth")]
    reports = [lint(Pool([one()]), router=router, context=CONTEXT) for router in priced]

    assert [[], ["table_absent"]] == [[one.code for one in report.findings] for report in reports]


def test_the_last_hour_of_a_day_that_loses_half_of_one_ends_with_it() -> None:
    """On Lord Howe Island the first Sunday of October has 23.5 hours, until 13:00 UTC."""
    late = WorkingHours.parse({"mon-sun": "13:00-13:30"})
    sunday = Period(first=date(2026, 10, 4), until=date(2026, 10, 5), tz="Australia/Lord_Howe")
    report = lint(Pool([one(hours=late)], rules=(InWorkingHours(),)), period=sunday)
    evidence = report.of("hours_uncovered")[0].evidence

    assert evidence.startswith("24 of 24 hours")
    assert evidence.endswith("Sat 2026-10-03 13:30 to Sun 13:00")


def test_capacity_without_a_limit_is_never_short() -> None:
    report = lint(Pool([one(), one("beta", capacity=1)]), leads=[lead()], context=CONTEXT)

    assert () == report.of("capacity_short")


def test_a_report_is_rows_too() -> None:
    report = lint(Pool([one(capacity=0)], rules=(HasCapacity(),)))

    assert [
        {
            "severity": "warning",
            "code": "capacity_zero",
            "subject": "acme",
            "evidence": "capacity 0",
            "meaning": LINT_CODES["capacity_zero"],
            "remedy": "Set at least 1, None for no limit, or make the recipient inactive.",
        }
    ] == report.to_dicts()
    assert repr(report) == str(report)
    assert "warning capacity_zero: acme: capacity 0" == str(report.findings[0])
    assert not report.ok


def test_scores_of_everybody_are_no_finding() -> None:
    assert () == lint(Pool([one()]), router=ByPlv(), context=CONTEXT).findings


def test_slips_are_refused_with_what_to_pass() -> None:
    pool = Pool([one()])

    with pytest.raises(OptionError, match="is no pool"):
        lint([one()])  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="is no router"):
        lint(pool, router=RoundRobin)  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="list of `Prospect`"):
        lint(pool, leads=3)  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="pass context="):
        lint(pool, leads=[lead()])
    with pytest.raises(OptionError, match=r"pass a Period, such as Period\.quarter"):
        lint(pool, period="2026-Q1")  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="is none of empty_pool"):
        lint(pool).of("empty")


def test_the_page_lists_exactly_the_findings() -> None:
    page = Path(__file__).parents[4] / "docs" / "how-to" / "check-a-policy.md"
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (.+) \|$", page.read_text("utf-8"), re.MULTILINE)
    severities = {code: POOR[code][0]().of(code)[0].severity for code in LINT_CODES}

    assert [(code, severities[code], LINT_CODES[code]) for code in LINT_CODES] == rows


def test_a_notebook_shows_findings_as_a_table_and_what_was_not_checked() -> None:
    report = lint(Pool([one("a<", capacity=0)], rules=(HasCapacity(),)), router=RoundRobin())
    (found,) = report.of("capacity_zero")

    assert report._repr_html_() == (
        "<table><caption>1 finding</caption>"
        "<tr><th>severity</th><th>code</th><th>about</th><th>seen</th><th>what to do</th></tr>"
        "<tr><td>warning</td><td>capacity_zero</td><td>a&lt;</td><td>capacity 0</td>"
        f"<td>{found.remedy}</td></tr></table>"
        f"<p>not checked: {report.unchecked[0]}</p>"
    )


def test_a_notebook_shows_that_nothing_was_found() -> None:
    clean = LintReport(findings=(), unchecked=())

    assert "<table><caption>0 findings</caption></table>" == clean._repr_html_()
