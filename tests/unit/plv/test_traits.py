"""What the best have in common: counts and intervals by hand, and how it is shown."""

from __future__ import annotations

import pytest

from partnerleads import plv
from partnerleads.errors import OptionError
from partnerleads.stats import newcombe
from partnerleads.testing import at, history

AS_OF = at("2026-07-01")

EVENTS = history("""
    2026-01-01 a onboarded tier=gold regions=DACH,UK expertise=cloud attributes.size=large
    2026-01-01 b onboarded tier=gold regions=DACH partner_type=reseller
    2026-01-01 c onboarded tier=gold regions=UK
    2026-01-01 d onboarded tier=silver regions=UK expertise=cloud
    2026-01-02 a training basics
    2026-01-03 a training more
    2026-01-02 b training basics
    2026-01-02 a certified security
    2026-01-02 b certified security
    2026-01-09 b certification_revoked security
    2026-01-02 c certified security expires_at=2026-06-01
    2026-01-05 d certified security
""")
"""By training a leads b, and c and d are level."""

MODEL = plv.PlvModel(
    name="trained",
    criteria=(plv.Criterion(metric=plv.Training(), normaliser=plv.CappedTarget(3), weight=1),),
)


def found(**options: object) -> plv.Traits:
    return plv.traits(EVENTS, as_of=AS_OF, model=MODEL, **options)  # type: ignore[arg-type]


def test_traits_are_counted_among_the_best_half_and_the_others() -> None:
    half = found(top=0.5)

    counts = {(one.kind, one.name): (one.top, one.others) for one in half}
    assert ("a", "b") == half.best
    assert {(2, 2)} == {(one.of_top, one.of_others) for one in half}
    assert counts == {
        ("tier", "gold"): (2, 1),
        ("tier", "silver"): (0, 1),
        ("partner_type", "reseller"): (1, 0),
        ("regions", "DACH"): (2, 0),
        ("regions", "UK"): (1, 2),
        ("expertise", "cloud"): (1, 1),
        ("certification", "security"): (1, 1),
        ("attributes.size", "large"): (1, 0),
    }


def test_they_come_by_difference_with_newcombes_interval() -> None:
    half = found(top=0.5, confidence=0.9)

    differences = [one.difference for one in half]
    assert sorted(differences, reverse=True) == differences
    assert "DACH" == half.traits[0].name
    assert newcombe(2, 2, 0, 2, confidence=0.9) == half.traits[0].interval
    assert half.traits[0].beyond_chance
    assert not half.traits[-1].beyond_chance


def test_a_trait_that_the_best_lack_can_be_beyond_chance_too() -> None:
    rare = plv.Trait(
        kind="tier",
        name="silver",
        top=0,
        of_top=20,
        others=40,
        of_others=60,
        difference=-2 / 3,
        interval=newcombe(0, 20, 40, 60),
    )

    assert rare.beyond_chance
    assert rare.odds_ratio is None


def test_the_odds_ratio_needs_all_four_counts() -> None:
    half = {(one.kind, one.name): one for one in found(top=0.5)}

    assert 1.0 == half["expertise", "cloud"].odds_ratio
    assert half["tier", "gold"].odds_ratio is None
    assert half["regions", "DACH"].odds_ratio is None


def test_the_best_are_rounded_up_and_never_all() -> None:
    assert ("a",) == found().best
    assert ("a", "b", "c") == found(top=0.99).best


def test_it_prints_counts_in_words() -> None:
    one = found(top=0.5, kinds=("partner_type",))

    expected = """\
the best 2: a, b
  partner_type reseller: 1 of 2 of the best, 0 of 2 others (+50 points, -27 to +91)"""
    assert expected == str(one)
    assert f"<{one}>" == repr(one)
    assert 1 == one._repr_html_().count("<li>")
    assert 1 == len(one)


def test_many_traits_bear_a_warning() -> None:
    half = found(top=0.5)

    assert ["many"] == [one.code for one in half.warnings]
    assert "note: 8 traits were looked at" in str(half)
    assert "<p>8 traits" in half._repr_html_()
    assert "beyond chance)" in str(found(top=0.5, confidence=0.9))
    assert [one.name for one in half] == [row["trait"] for row in half.to_dicts()]


def test_without_any_trait_there_is_nothing_to_show() -> None:
    events = history("2026-01-01 a onboarded\n2026-01-01 b onboarded")

    assert 0 == len(plv.traits(events, as_of=AS_OF, model=MODEL))


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(OptionError, match="kinds"):
        found(kinds=["colour"])
    with pytest.raises(OptionError, match="kinds"):
        found(kinds="tier")
    for top in (0, 1, 1.5):
        with pytest.raises(OptionError, match="top"):
            found(top=top)
    with pytest.raises(OptionError, match="there is none to compare"):
        plv.traits(EVENTS[:1], as_of=AS_OF, model=MODEL)
