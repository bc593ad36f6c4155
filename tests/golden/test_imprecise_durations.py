"""Durations with ends that are not known exactly."""

import pytest

from partnerleads import kpis
from partnerleads.testing import at, history

NOW = at("2026-06-01")


@pytest.mark.parametrize("more", ["", "2026-01-09 L1 lost"])
def test_a_vague_start_without_an_end_leaves_and_is_not_censored(more: str) -> None:
    events = history(f"2026-01-02 L1 captured precision=by\n{more}")
    delay = kpis.action_delay(events, as_of=NOW)

    assert {"an end is only known as 'by' or 'assumed'": 1} == dict(delay.left_out_because)
    assert (0, 0) == (delay.censored, delay.closed_without)


def test_no_caution_speaks_of_a_duration_that_was_left_out() -> None:
    backwards = history("""
        2026-01-02 L1 captured precision=day
        2026-01-01 L1 accepted by acme precision=day
    """)
    forwards = history("""
        2026-01-02 L1 captured precision=day
        2026-01-03 L1 accepted by acme precision=day
    """)

    assert () == kpis.hours_to_acceptance(backwards, as_of=NOW).warnings
    assert ["dates_in_hours"] == [
        caution.code for caution in kpis.hours_to_acceptance(forwards, as_of=NOW).warnings
    ]
