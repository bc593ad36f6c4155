"""Where a score stands."""

from __future__ import annotations

import pytest

from partnerleads import plv
from partnerleads.errors import OptionError
from tests.properties.plv_cases import METRIC, made_score

MODEL = plv.PlvModel(
    name="ab",
    criteria=[
        plv.Criterion(name=name, metric=METRIC, normaliser=plv.Goalposts(0, 1), weight=1)
        for name in "ab"
    ],
    tiers=[plv.Tier(name="silver", at_least=40), plv.Tier(name="gold", at_least=70)],
)


def scores(**shares: tuple[float | None, float | None]) -> dict[str, plv.PlvScore]:
    return {
        name: made_score(MODEL, name, dict(zip("ab", both, strict=True)))
        for name, both in shares.items()
    }


@pytest.mark.parametrize(
    ("value", "reached", "following"),
    [
        (None, None, "silver"),
        (39.9, None, "silver"),
        (40.0, "silver", "gold"),
        (70 - 1e-8, "silver", "gold"),
        (70 - 1e-13, "gold", None),
        (70.0, "gold", None),
    ],
)
def test_a_tier_begins_at_its_least_score(
    value: float | None, reached: str | None, following: str | None
) -> None:
    tier, above = plv.tier_of(MODEL, value), plv.next_tier(MODEL, value)

    assert (reached, following) == (tier and tier.name, above and above.name)


def test_a_percentile_counts_those_below_and_half_of_the_equals() -> None:
    found = scores(acme=(0.5, 0.5), beta=(0.5, 0.5), cyan=(0.0, 0.0), dove=(None, None))

    assert 2 / 3 == plv.peer_percentile(found, partner_id="acme")
    assert 1 / 6 == plv.peer_percentile(found, partner_id="cyan")
    assert plv.peer_percentile(found, partner_id="dove") is None
    assert 0.5 == plv.peer_percentile(scores(acme=(0.5, 0.5)), partner_id="acme")


def test_a_partner_that_is_not_there_has_no_percentile() -> None:
    with pytest.raises(OptionError, match="did you mean 'acme'"):
        plv.peer_percentile(scores(acme=(0.5, 0.5)), partner_id="acne")


def test_a_later_criterion_never_makes_up_for_an_earlier_one() -> None:
    found = scores(acme=(0.5, 0.9), beta=(0.6, 0.0), cyan=(None, 1.0), zulu=(0.5, 0.9))

    assert [("beta", 1), ("acme", 2), ("zulu", 2), ("cyan", 4)] == [
        *plv.lexicographic_ranks(found, by=["a", "b"]).items()
    ]
    assert "cyan" == next(iter(plv.lexicographic_ranks(found, by=["score"])))


def test_ranks_need_criteria_of_the_model() -> None:
    with pytest.raises(OptionError, match="offered are 'score', 'a', 'b'"):
        plv.lexicographic_ranks(scores(acme=(0.5, 0.9)), by=["margin"])
