"""The tree of territories."""

from __future__ import annotations

import pytest

from partnerleads.errors import OptionError
from partnerleads.routing import Coverage, Recipient, TerritoryTree

TREE = TerritoryTree({"DE-BY": "DE", "DE-HH": "DE", "DE": "EMEA", "FR": "EMEA"})


def test_a_place_lies_in_all_above_it() -> None:
    assert ("DE-BY", "DE", "EMEA") == TREE.path("DE-BY")
    assert ("XX",) == TREE.path("XX")


def test_the_most_specific_territory_gives_the_depth() -> None:
    assert [3, 2, 1, 0] == [
        TREE.depth(held, "DE-BY") for held in (["DE-BY", "EMEA"], ["DE"], ["EMEA", "FR"], ["FR"])
    ]


def test_a_place_below_itself_is_refused() -> None:
    with pytest.raises(OptionError, match="a > b > a"):
        TerritoryTree({"a": "b", "b": "a"})


def test_coverage_names_gaps_and_equals_among_the_active() -> None:
    crowd = [
        Recipient(recipient_id="acme", territories=["DE"]),
        Recipient(recipient_id="beta", territories=["DE"]),
        Recipient(recipient_id="corp", territories=["DE-BY", "EMEA"]),
        Recipient(recipient_id="dorn", territories=["DE-BY"], active=False),
    ]

    assert {"DE-HH": ("acme", "beta")} == TREE.coverage(crowd).overlaps
    assert () == TREE.coverage(crowd).gaps
    assert ("DE-BY", "DE-HH", "FR") == TREE.coverage([]).gaps


def test_coverage_speaks() -> None:
    assert "FR: nobody serves it\nDE: a, b overlap" == str(Coverage(("FR",), {"DE": ("a", "b")}))
    assert "every place has one most specific recipient" == str(Coverage((), {}))
