"""The tree of territories."""

from __future__ import annotations

from typing import Any

import pytest

from partnerleads import Lead
from partnerleads.errors import OptionError
from partnerleads.routing import (
    ByTerritory,
    Coverage,
    InTerritory,
    MostSpecific,
    Pool,
    Prospect,
    Recipient,
    RoutingContext,
    TerritoryTree,
    route,
)
from partnerleads.testing import at

TREE = TerritoryTree({"DE-BY": "DE", "DE-HH": "DE", "DE": "EMEA", "FR": "EMEA"})


def test_a_place_lies_in_all_above_it() -> None:
    assert ("DE-BY", "DE", "EMEA") == TREE.path("DE-BY")
    assert ("XX",) == TREE.path("XX")


def test_the_most_specific_territory_gives_the_depth() -> None:
    assert [3, 2, 1, 0] == [
        TREE.depth(held, "DE-BY") for held in (["DE-BY", "EMEA"], ["DE"], ["EMEA", "FR"], ["FR"])
    ]


@pytest.mark.parametrize(
    ("place", "country", "path"),
    [
        ("DE-BY", "DE", ("DE-BY", "DE", "EMEA")),
        ("DE", "DE", ("DE", "EMEA")),
        ("Bavaria", "DE", ("Bavaria", "DE", "EMEA")),
        ("Bavaria", None, ("Bavaria",)),
        ("Bavaria", "XX", ("Bavaria", "XX")),
        ("EMEA", "DE", ("DE", "EMEA")),
        # the tree knows better than a country that does not go with the region
        ("DE-BY", "FR", ("DE-BY", "DE", "EMEA")),
        ("EMEA", "XX", ("EMEA",)),
    ],
)
def test_a_place_that_the_tree_does_not_have_lies_in_its_country(
    place: str, country: str | None, path: tuple[str, ...]
) -> None:
    assert path == TREE.path(place, country=country)
    assert [len(path) - up for up in range(len(path))] == [
        TREE.depth([name], place, country=country) for name in path
    ]


def test_a_lead_of_an_unknown_region_goes_to_who_serves_its_country() -> None:
    crowd = [
        Recipient(recipient_id="acme", territories=["EMEA"]),
        Recipient(recipient_id="beta", territories=["DE"]),
        Recipient(recipient_id="corp", territories=["FR"]),
    ]
    pool = Pool(crowd, rules=(InTerritory(TREE),), preferences=(MostSpecific(TREE),))
    lead = Prospect(lead_id="L1", facts=Lead(region="Bavaria", country="DE"))
    context = RoutingContext(as_of=at("2026-03-02"))
    decision = route(lead, pool=pool, router=ByTerritory(TREE), context=context)

    assert "beta" == decision.chosen
    assert ("beta",) == decision.eligible
    assert "needed is Bavaria or DE or EMEA" in str(decision.explain().case("corp").failed[0])
    found = ByTerritory(TREE).rank(lead, crowd, context)
    assert [("beta", 2), ("acme", 1), ("corp", 0)] == [
        (one.recipient_id, one.score) for one in found
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


@pytest.mark.parametrize("parents", [["DE", "FR"], "DE", {"DE": ["EMEA"]}, {7: "EMEA"}])
def test_places_that_are_no_map_of_names_are_refused(parents: Any) -> None:
    with pytest.raises(OptionError, match=r"such as \{'DE': 'EMEA'\}"):
        TerritoryTree(parents)


def test_no_places_make_an_empty_tree() -> None:
    nothing: Any = None

    assert TerritoryTree() == TerritoryTree(nothing)
