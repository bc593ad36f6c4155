"""Registration approval and conflict rate, worked by hand."""

import pytest

from partnerleads import Period, kpis
from partnerleads.errors import OptionError
from partnerleads.testing import at, history

NOW = at("2026-03-01")
# L1 acme approved; bolt, later, rejected: in conflict
# L2 acme rejected, submitted again, approved: two registrations; never captured
# L3 acme submitted twice, then approved: one registration
# L4 bolt withdrawn; cora pending after that: in no conflict
# L5 captured by acme; bolt pending: in conflict with the referral
# L6 bolt approved in February after acme's protection had ended: in no conflict
CLAIMS = history("""
    2026-01-02 L1 registered by acme
    2026-01-03 L1 captured region=DACH
    2026-01-05 L1 approved   by acme
    2026-01-06 L1 registered by bolt
    2026-01-07 L1 rejected   by bolt reason=taken
    2026-01-02 L2 registered by acme
    2026-01-03 L2 rejected   by acme reason=incomplete
    2026-01-04 L2 registered by acme
    2026-01-05 L2 approved   by acme
    2026-01-02 L3 registered by acme
    2026-01-03 L3 registered by acme
    2026-01-04 L3 captured
    2026-01-05 L3 approved   by acme
    2026-01-02 L4 captured
    2026-01-03 L4 registered by bolt
    2026-01-04 L4 registration_withdrawn by bolt
    2026-01-05 L4 registered by cora
    2026-01-02 L5 captured by acme
    2026-01-03 L5 registered by bolt
    2026-01-02 L6 registered by acme protected_until=2026-02-01
    2026-01-02 L6 captured
    2026-02-01 L6 registered by bolt
    2026-02-03 L6 approved   by bolt
""")


def test_approvals_of_the_registrations_decided() -> None:
    rate = kpis.registration_approval_rate(CLAIMS, as_of=NOW)

    # approved: L1 acme, L2 again, L3, L6 bolt; rejected: L1 bolt, L2 first
    assert (4, 6, 4 / 6) == (rate.hits, rate.of, rate.value)


def test_conflicts_of_the_registrations_decided() -> None:
    rate = kpis.registration_conflict_rate(CLAIMS, as_of=NOW)

    # L1 bolt
    assert (1, 6, "registrations decided") == (rate.hits, rate.of, rate.counted)


def test_conflicts_of_all_registrations_submitted() -> None:
    rate = kpis.registration_conflict_rate(CLAIMS, as_of=NOW, of="submitted")

    # and L5 bolt; pending or withdrawn are L4 bolt, L4 cora, L5 bolt and L6 acme
    assert (2, 10, "registrations submitted") == (rate.hits, rate.of, rate.counted)
    assert "submitted" == rate.definition["of"]


def test_by_the_partner_that_claims() -> None:
    approved = kpis.registration_approval_rate(CLAIMS, as_of=NOW, by="holder").segments
    conflicts = kpis.registration_conflict_rate(CLAIMS, as_of=NOW, of="submitted", by="holder")

    assert {"acme": (3, 4), "bolt": (1, 2)} == {
        key: (one.hits, one.of) for key, one in approved.items()
    }
    assert {"acme": (0, 5), "bolt": (2, 4), "cora": (0, 1)} == {
        key: (one.hits, one.of) for key, one in conflicts.segments.items()
    }


def test_by_the_reason_of_the_decision() -> None:
    rate = kpis.registration_approval_rate(CLAIMS, as_of=NOW, by="reason")

    assert {"incomplete": (0, 1), "taken": (0, 1), None: (4, 4)} == {
        key: (one.hits, one.of) for key, one in rate.segments.items()
    }


def test_facts_of_a_lead_that_was_never_captured_are_not_stated() -> None:
    rate = kpis.registration_approval_rate(CLAIMS, as_of=NOW, by="region")

    assert {"DACH": 2, None: 4} == {key: one.of for key, one in rate.segments.items()}


def test_placed_by_the_submission() -> None:
    february = Period.month(2026, 2)
    rate = kpis.registration_approval_rate(CLAIMS, as_of=NOW, period=february)

    assert (1, 1, "registered") == (rate.hits, rate.of, rate.definition["anchor"])


def test_as_of_an_earlier_moment_later_decisions_do_not_exist() -> None:
    rate = kpis.registration_approval_rate(CLAIMS, as_of=at("2026-01-04"))

    # L2 first
    assert (0, 1) == (rate.hits, rate.of)


def test_what_is_not_offered_is_refused() -> None:
    with pytest.raises(OptionError, match="did you mean 'decided'"):
        kpis.registration_conflict_rate(CLAIMS, as_of=NOW, of="decide")  # type: ignore[arg-type]


def test_where_nothing_is_decided_there_is_no_rate() -> None:
    rate = kpis.registration_approval_rate(CLAIMS, as_of=at("2026-01-02"))

    assert (None, "there are no registrations decided") == (rate.value, rate.undefined_because)
