"""The checks of scorers find what is wrong, and let right ones pass."""

from __future__ import annotations

import pickle
import re
import subprocess
import sys
from collections.abc import Callable
from itertools import count

import pytest
from attrs import evolve, field, frozen

from partnerleads.errors import OptionError, ScorerCheckError
from partnerleads.scoring import (
    DEFAULT_RULES,
    Behaviour,
    Hybrid,
    LeadFeatures,
    LeadScore,
    LeadScorer,
    Reason,
)
from partnerleads.scoring.reasons import Evidence, reasons_of
from partnerleads.stats import sigmoid
from partnerleads.testing import ScorerCase, at, check_scorer, scorer_checks

NOW = at("2026-02-01")


@frozen
class Sizes:
    """A right scorer: the larger, the better."""

    def score(self, lead: LeadFeatures, /) -> LeadScore:
        size = lead.numbers.get("company_size", 0.0)
        weight = min(max(size, -100.0), 100.0) / 50
        reasons = reasons_of(-1.0, [Evidence("company_size", f"{size:g}", weight)])
        chance = sigmoid(weight - 1.0)
        return LeadScore(
            lead_id=lead.lead_id,
            as_of=lead.as_of,
            score=100 * chance,
            probability=chance,
            reasons=reasons,
            scorer="sizes",
            fingerprint="s1",
        )


def hybrid() -> Hybrid:
    return Hybrid(fit=Sizes(), engagement=DEFAULT_RULES)


@pytest.mark.parametrize("factory", [Sizes, lambda: DEFAULT_RULES, hybrid])
def test_right_scorers_pass(factory: Callable[[], LeadScorer]) -> None:
    check_scorer(factory, examples=40)


def broken(factory: Callable[[], LeadScorer], **options: object) -> dict[str, str]:
    """The laws that a scorer breaks, with what is told of each."""
    with pytest.raises(ScorerCheckError) as caught:
        check_scorer(factory, **{"examples": 40, **options})  # type: ignore[arg-type]
    return {one.check: one.counterexample for one in caught.value.broken}


def forged(score: LeadScore, /, **changed: object) -> LeadScore:
    """A score whose own checks were not asked."""
    for name, value in changed.items():
        object.__setattr__(score, name, value)
    return score


@frozen
class Changed:
    """The right scorer, with its answers changed."""

    change: Callable[[LeadFeatures, LeadScore], object]

    def score(self, lead: LeadFeatures, /) -> LeadScore:
        return self.change(lead, Sizes().score(lead))  # type: ignore[return-value]


def changed(change: Callable[[LeadFeatures, LeadScore], object]) -> Callable[[], Changed]:
    return lambda: Changed(change)


def test_one_that_raises_says_so_once_and_on_the_smallest_lead() -> None:
    def no_number(lead: LeadFeatures, score: LeadScore) -> LeadScore:
        return score if "company_size" in lead.numbers else forged(score, score=1 / 0)

    found = broken(changed(no_number))

    assert ["answers"] == [*found]
    first, lead, *_ = found["answers"].splitlines()
    assert "raises ZeroDivisionError: division by zero" == first
    assert "values=FrozenMap({}), numbers=FrozenMap({}), behaviours=(), segment=None" in lead


def test_an_answer_that_is_no_score_is_one_that_raises() -> None:
    assert "answer with a LeadScore" in broken(changed(lambda *_: 3))["answers"]
    other = changed(lambda _, score: evolve(score, lead_id="L9"))
    assert "answers for 'L9'" in broken(other)["answers"]


def test_scores_and_chances_out_of_range_are_found() -> None:
    assert (
        "scores 101.0"
        in broken(
            changed(lambda _, score: forged(score, score=101.0)),
        )["within_bounds"]
    )
    assert (
        "gives the chance 2.0"
        in broken(
            changed(lambda _, score: forged(score, probability=2.0)),
        )["within_bounds"]
    )


def test_reasons_that_do_not_add_up_are_found() -> None:
    less = changed(lambda _, score: forged(score, reasons=score.reasons[:1]))

    assert "its reasons add up to 26.8941421369" in broken(less)["reasons_add_up"]


def test_reasons_that_show_another_score_are_found() -> None:
    class Shown(LeadScore):
        def rounded(self, *, digits: int = 1) -> tuple[tuple[Reason, object], ...]:  # type: ignore[override]
            return super().rounded(digits=digits)[:1]

    def shown(_: LeadFeatures, score: LeadScore) -> LeadScore:
        names = ("lead_id", "as_of", "score", "reasons", "scorer", "fingerprint")
        return Shown(**{name: getattr(score, name) for name in names})

    assert "its reasons show" in broken(changed(shown))["reasons_add_up"]


def test_evidence_of_the_wrong_sign_is_found() -> None:
    def turned(_: LeadFeatures, score: LeadScore) -> LeadScore:
        reasons = [evolve(one, evidence=-one.evidence) for one in score.reasons]
        return evolve(score, reasons=reasons)

    assert "company_size has the evidence" in broken(changed(turned))["signs_agree"]


def test_hidden_state_is_found() -> None:
    numbers = count()
    found = broken(changed(lambda _, score: evolve(score, scorer=f"s{next(numbers)}")))

    assert "asked again, it answers" in found["repeatable"]
    assert "alone it answers" in found["scored_alone"]
    assert "scores two leads as" in found["one_fingerprint"]


@frozen
class Remembering:
    """Gives the second lead that it sees less."""

    seen: list[str] = field(factory=list)

    def score(self, lead: LeadFeatures, /) -> LeadScore:
        self.seen.append(lead.lead_id)
        points = 50.0 if lead.lead_id == self.seen[0] else 40.0
        return LeadScore(
            lead_id=lead.lead_id,
            as_of=lead.as_of,
            score=points,
            reasons=[Reason(name="a", points=points)],
            scorer="remembering",
            fingerprint="r",
        )


def test_one_that_remembers_is_found() -> None:
    assert {"scored_alone", "name_free"} == {*broken(Remembering)}


def test_one_that_reads_the_id_is_found() -> None:
    def by_id(lead: LeadFeatures, score: LeadScore) -> LeadScore:
        return evolve(score, probability=0.1 if lead.lead_id == "L1" else 0.2)

    found = broken(changed(by_id))

    assert "under another id" in found["name_free"]


def test_chances_out_of_order_are_found() -> None:
    upside_down = changed(
        lambda _, score: evolve(score, probability=1 - score.score / 100),
    )
    some = changed(
        lambda lead, score: evolve(score, probability=None if lead.segment else 0.5),
    )

    assert "only" in broken(upside_down)["chances_in_order"]
    assert "another none" in broken(some)["chances_in_order"]


def test_an_empty_fingerprint_is_found() -> None:
    empty = changed(lambda _, score: evolve(score, fingerprint=""))

    assert "has an empty fingerprint" in broken(empty)["one_fingerprint"]


def test_counterexamples_are_small() -> None:
    def often(lead: LeadFeatures, score: LeadScore) -> LeadScore:
        contacts = sum(one.kind == "contact_made" for one in lead.behaviours)
        return evolve(score, fingerprint="" if contacts > 1 else "s1")

    lead = LeadFeatures(
        lead_id="L1",
        captured_at=NOW,
        as_of=NOW,
        values={"country": "DE"},
        numbers={"company_size": 1},
        behaviours=[
            Behaviour(kind=kind, occurred_at=NOW, count=7)
            for kind in ("contact_made", "activity.demo", "contact_made", "contact_made")
        ],
        segment="DACH",
    )
    own = ScorerCase(lead=lead, other=evolve(lead, lead_id="L2"))
    found = broken(changed(often), cases=[own], examples=1)["one_fingerprint"]

    # two contacts, each once, of one of the leads
    assert ["contact_made"] * 2 == re.findall(r"kind='([^']+)'", found)
    assert ["1", "1"] == re.findall(r"count=(\d+)", found)
    assert 2 == found.count("values=FrozenMap({}), numbers=FrozenMap({})")
    assert 2 == found.count("segment=None")


def test_a_failure_that_is_expected_is_none() -> None:
    empty = changed(lambda _, score: evolve(score, fingerprint=""))
    check_scorer(
        empty, expected_failures={"one_fingerprint": "its settings are no secret"}, examples=5
    )

    held = broken(Sizes, expected_failures={"answers": "it is young"})
    assert "it holds, and is expected to fail: it is young" in held["answers"]


def test_the_error_tells_everything_and_pickles() -> None:
    with pytest.raises(ScorerCheckError) as caught:
        check_scorer(changed(lambda *_: 3), examples=1)
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own bytes

    assert str(again).startswith("Changed breaks 1 law\n  answers: It gives every lead a score")
    assert isinstance(again, AssertionError)


def test_the_same_seed_finds_the_same() -> None:
    wrong = changed(lambda lead, score: evolve(score, fingerprint="" if lead.values else "s1"))

    assert broken(wrong, seed=3) == broken(wrong, seed=3)


def test_options_that_make_no_sense_are_refused() -> None:
    with pytest.raises(OptionError, match="makes no scorer"):
        check_scorer(DEFAULT_RULES)  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="is no scorer"):
        check_scorer(lambda: 3)  # type: ignore[arg-type, return-value]
    with pytest.raises(OptionError, match="examples=0"):
        check_scorer(Sizes, examples=0)
    with pytest.raises(OptionError, match="is no check of scorers; there are answers, "):
        check_scorer(Sizes, expected_failures={"x": "y"})
    with pytest.raises(OptionError, match="needs a reason"):
        check_scorer(Sizes, expected_failures={"answers": " "})


def test_checks_have_names_of_their_own_and_run_alone() -> None:
    checks = scorer_checks()

    assert len({one.name for one in checks}) == len(checks)
    lead = LeadFeatures(lead_id="L1", captured_at=NOW, as_of=NOW)
    case = ScorerCase(lead=lead, other=lead)
    assert {None} == {check.run(Sizes, [case]) for check in checks}


def test_it_works_without_pytest_and_with_optimisation() -> None:
    code = (
        "from partnerleads.testing import check_scorer\n"
        "import sys\n"
        "class Wrong:\n"
        "    def score(self, lead): return 3\n"
        "try:\n"
        "    check_scorer(Wrong, examples=1)\n"
        "except AssertionError as error:\n"
        "    print(type(error).__name__, 'pytest' in sys.modules, 'hypothesis' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-O", "-c", code], capture_output=True, text=True, check=True
    )

    assert "ScorerCheckError False False" == done.stdout.strip()
