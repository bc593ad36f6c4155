import pickle

from partnerleads.model import Finding, Problem


def test_a_problem_names_its_lead_and_its_events() -> None:
    problem = Problem(rule="won_early", words="won first", lead_id="L1", event_ids=("e1", "e2"))

    assert "won_early: L1: won first (e1, e2)" == str(problem)
    assert problem == pickle.loads(pickle.dumps(problem))  # noqa: S301 - our own bytes


def test_a_problem_of_many_leads_counts_them() -> None:
    assert "no_capture: 7 leads: never captured" == str(
        Problem(rule="no_capture", words="never captured", leads=7)
    )


def test_a_finding_is_about_a_lead_or_the_history() -> None:
    assert "late: L1: too late" == str(Finding(rule="late", words="too late", lead_id="L1"))
    assert "bulk: history: one import" == str(Finding(rule="bulk", words="one import"))
