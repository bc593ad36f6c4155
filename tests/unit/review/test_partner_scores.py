"""Where partners stand by their scores, in a review."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

from partnerleads import fold, kpis
from partnerleads.errors import OptionError
from partnerleads.plv import DEFAULT_MODEL
from partnerleads.review import programme_review
from partnerleads.review.partner_scores import (
    MOST_PARTNERS,
    PartnerScores,
    partner_score_lines,
    partner_scores,
)
from partnerleads.review.scoring_options import Prices
from partnerleads.testing import at, history

NOW = at("2026-10-01")
EUROS = """
    2026-01-02 acme onboarded
    2026-01-05 acme certified security
    2026-02-01 L1 captured by acme
    2026-03-01 L1 won 9000 EUR margin=3000 EUR
    2026-01-02 beta onboarded
"""
NONE = "Partners by ranking score: none"
MIXED = (
    EUROS
    + """
    2026-02-01 L2 captured by beta
    2026-03-01 L2 won 9000 USD margin=3000 USD
"""
)


def scores(text: str, **options: Any) -> PartnerScores:
    return partner_scores(kpis.history_of(fold(history(text), as_of=NOW)), **options)


def test_partners_stand_best_first_with_their_tier_and_what_they_are_ranked_by() -> None:
    first, acme, beta = partner_score_lines(scores(EUROS))

    assert first.startswith("Partners by ranking score, by model default; the tier is that of the ")
    assert acme.split()[0] == "acme"
    assert beta.split()[0] == "beta"
    assert "composite" in acme
    assert "decided leads: 1" in acme


def test_mixed_currencies_need_one_and_prices() -> None:
    found = scores(MIXED)

    assert found.scores is None
    (line,) = partner_score_lines(found)
    assert line.startswith(f"{NONE}, since amounts in EUR, USD cannot be added; name")
    in_euros = evolve(DEFAULT_MODEL, currency="EUR")
    priced = scores(MIXED, model=in_euros, rates=Prices({"USD": Decimal("0.9")}))
    assert priced.undefined_because is None
    with pytest.raises(OptionError, match="pass --price USD="):
        scores(MIXED, model=in_euros, rates=Prices({}))


def test_another_engine_has_none_and_says_so() -> None:
    part = kpis.only(fold(history(EUROS), as_of=NOW), kpis.OPEN)
    (line,) = partner_score_lines(partner_scores(part))

    assert f"{NONE}, since they read every event of a partner" in line


def test_without_partners_there_are_no_scores() -> None:
    none = partner_score_lines(scores("2026-01-02 L1 captured"))

    assert [f"{NONE}, since no event names a partner"] == none


def test_of_many_partners_the_best_and_the_last_are_shown() -> None:
    many = "\n".join(f"2026-01-02 p{number:02} onboarded" for number in range(30))
    lines = partner_score_lines(scores(many))

    assert 1 + MOST_PARTNERS + 1 + MOST_PARTNERS == len(lines)
    assert "  ... 10 more" == lines[1 + MOST_PARTNERS]


def test_the_review_and_its_json_tell_the_scores() -> None:
    review = programme_review(history(EUROS), as_of=NOW)
    told = json.loads(json.dumps(review.to_json(), allow_nan=False))["partner_scores"]

    assert "Partners by ranking score, by model default" in str(review)
    assert ["acme", "beta"] == [row["partner_id"] for row in told["partners"]]
    assert {"tier", "coverage", "composite", "potential", "ranking_score"} <= set(
        told["partners"][0]
    )
    mixed = programme_review(history(MIXED), as_of=NOW).to_json()["partner_scores"]
    cure = "name one currency and prices (--currency and --price on the command line)"
    assert ([], f"amounts in EUR, USD cannot be added; {cure}") == (
        mixed["partners"],
        mixed["undefined_because"],
    )
