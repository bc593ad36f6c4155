"""The user's file does not only pass the type checker, it runs."""

from __future__ import annotations

from tests.contract import user_code


def test_a_users_file_gets_its_figures() -> None:
    assert {"sourced": "1.0", "hours": "15.0", "won": "EUR 9 000.00"} == user_code.figures()


def test_a_users_mistake_is_answered_with_the_fix() -> None:
    assert "as_of: naive instant '2026-09-30T00:00:00'" in user_code.refusal()
