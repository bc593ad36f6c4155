"""Territories and offers as rows and in a notebook."""

from __future__ import annotations

from partnerleads.model import FrozenMap
from partnerleads.routing import Coverage, OfferState
from partnerleads.testing import at, history


def test_gaps_and_overlaps_are_rows() -> None:
    found = Coverage(("FR",), FrozenMap({"<DE>": ("a", "b")}))

    assert [
        {"place": "FR", "finding": "gap", "recipients": None},
        {"place": "<DE>", "finding": "overlap", "recipients": "a, b"},
    ] == found.to_dicts()
    assert f"<{found}>" == repr(found)
    assert (
        "<table><caption>1 gaps, 1 overlaps</caption>"
        "<tr><td>FR</td><td>nobody serves it</td></tr>"
        "<tr><td>&lt;DE&gt;</td><td>a, b overlap</td></tr></table>"
    ) == found._repr_html_()


def test_offers_are_rows_with_what_became_of_each() -> None:
    events = history("""
        2026-01-01 L1 captured
        2026-01-02 L1 offered to acme
        2026-01-03 L1 declined by acme reason=busy
        2026-01-04 L1 offered to beta
    """)
    found = OfferState("L1", tuple(events))

    assert f"<{found}>" == repr(found)
    assert [
        ("acme", "declined", at("2026-01-02"), "busy"),
        ("beta", "pending", at("2026-01-04"), None),
    ] == [
        (row["recipient"], row["status"], row["offered_at"], row["reason"])
        for row in found.to_dicts()
    ]
    assert {("L1", None)} == {(row["lead_id"], row["expires_at"]) for row in found.to_dicts()}
    assert (
        "<td>acme</td><td>2026-01-02 00:00 UTC</td><td>declined</td><td>busy</td>"
    ) in found._repr_html_()
