"""Comparisons with published tables: Simpson's paradox, twice, and a fourfold table by hand.

Charig, Webb, Payne and Wickham 1986 (British Medical Journal 292) compared treatments of kidney
stones; Bickel, Hammel and O'Connell 1975 (Science 187) the admissions of Berkeley in 1973, whose
counts by department are those of Freedman, Pisani and Purves, "Statistics". The figures expected
were recomputed with statsmodels and SciPy; R prints the same.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import count

import pytest

from partnerleads import events as ev
from partnerleads import fold, kpis
from partnerleads.kpis import Comparison
from partnerleads.lifecycle import Lifecycles
from partnerleads.model import Lead
from partnerleads.testing import at

Row = tuple[str, str, int, int]
"""Group, stratum, hits and misses."""

MONTH = timedelta(days=30)
NOW = at("2026-06-01")
STONES: list[Row] = [
    ("A", "small", 81, 6),
    ("A", "large", 192, 71),
    ("B", "small", 234, 36),
    ("B", "large", 55, 25),
]
MEN = {
    "A": (512, 313),
    "B": (353, 207),
    "C": (120, 205),
    "D": (138, 279),
    "E": (53, 138),
    "F": (22, 351),
}
WOMEN = {
    "A": (89, 19),
    "B": (17, 8),
    "C": (202, 391),
    "D": (131, 244),
    "E": (94, 299),
    "F": (24, 317),
}
BERKELEY: list[Row] = [
    (group, department, *counts)
    for group, departments in (("man", MEN), ("woman", WOMEN))
    for department, counts in departments.items()
]


def lives_of(rows: Sequence[Row], group: str, stratum: str) -> Lifecycles:
    """Leads with the group and the stratum as attributes; a hit is a win, a miss a loss."""
    return fold(_events(rows, group, stratum), as_of=NOW)


def _events(rows: Sequence[Row], group: str, stratum: str) -> Iterator[ev.Event]:
    captured, closed = at("2026-01-02"), at("2026-01-10")
    numbers = count()
    for in_group, in_stratum, hits, misses in rows:
        lead = Lead(attributes={group: in_group, stratum: in_stratum})
        for kind in [ev.LeadWon] * hits + [ev.LeadLost] * misses:
            number = next(numbers)
            said = {"lead_id": f"L{number}", "source": "table"}
            yield ev.LeadCaptured(
                **said, lead=lead, occurred_at=captured, recorded_at=captured, event_id=f"c{number}"
            )
            yield kind(**said, occurred_at=closed, recorded_at=closed, event_id=f"e{number}")


@pytest.fixture(scope="module")
def stones() -> Comparison:
    return kpis.compare(
        lives_of(STONES, "treatment", "size"),
        kpis.cohort_close_rate,
        kpis.Is("attributes.treatment", "A"),
        kpis.Is("attributes.treatment", "B"),
        within=MONTH,
        adjust_for="attributes.size",
    )


@pytest.fixture(scope="module")
def berkeley() -> Comparison:
    return kpis.compare(
        lives_of(BERKELEY, "sex", "department"),
        kpis.cohort_close_rate,
        kpis.Is("attributes.sex", "man"),
        kpis.Is("attributes.sex", "woman"),
        within=MONTH,
        adjust_for="attributes.department",
    )


def test_kidney_stones_as_a_whole_speak_for_the_other_treatment(stones: Comparison) -> None:
    assert stones.a_value == pytest.approx(0.78, abs=1e-12)
    assert stones.b_value == pytest.approx(0.825714, abs=1e-6)
    assert stones.value == pytest.approx(-0.0457143, abs=1e-7)


def test_kidney_stones_of_one_size_speak_for_the_treatment(stones: Comparison) -> None:
    adjusted = stones.adjusted
    assert adjusted is not None

    standardised, pooled = adjusted.standardised, adjusted.pooled
    assert standardised.rate_a == pytest.approx(0.8325462174, abs=1e-10)
    assert standardised.rate_b == pytest.approx(0.778875, abs=1e-12)
    assert standardised.difference.value == pytest.approx(0.0536712, abs=1e-7)
    assert standardised.difference.interval == pytest.approx((-0.0121557, 0.1194981), abs=1e-7)
    assert pooled.odds_ratio.value == pytest.approx(1.4468466, abs=1e-7)
    assert pooled.odds_ratio.interval == pytest.approx((0.9157934, 2.2858487), abs=1e-7)
    assert pooled.risk_ratio.value == pytest.approx(1.0690002, abs=1e-7)
    assert pooled.risk_ratio.interval == pytest.approx((0.9849756, 1.1601925), abs=1e-7)
    assert pooled.difference.value == pytest.approx(0.0538355703, abs=1e-10)
    assert adjusted.test.statistic == pytest.approx(2.0912569, abs=1e-7)
    assert adjusted.test.p_value == pytest.approx(0.148144, abs=1e-6)
    assert adjusted.alike.statistic == pytest.approx(0.968446, abs=1e-6)
    assert adjusted.alike.p_value == pytest.approx(0.325068, abs=1e-6)


def test_the_gap_of_the_kidney_stones_is_mix_and_rate(stones: Comparison) -> None:
    assert stones.adjusted is not None
    split = stones.adjusted.split

    assert split.mix == pytest.approx(-0.0993855, abs=1e-7)
    assert split.rate == pytest.approx(0.0536712, abs=1e-7)
    assert split.mix + split.rate == pytest.approx(stones.value, abs=1e-15)


def test_the_flag_is_up_for_the_kidney_stones(stones: Comparison) -> None:
    assert stones.direction_flips
    assert ["direction_flips"] == [caution.code for caution in stones.warnings]
    assert "the direction turns: -4.6 as a whole, +5.4 percentage points" in str(stones)


def test_berkeley_admitted_more_men_as_a_whole_and_more_women_by_department(
    berkeley: Comparison,
) -> None:
    adjusted = berkeley.adjusted
    assert adjusted is not None

    assert berkeley.a is not None
    assert berkeley.b is not None
    assert (2691, 1835) == (berkeley.a.n, berkeley.b.n)
    assert berkeley.a_value == pytest.approx(0.4451877, abs=1e-7)
    assert berkeley.b_value == pytest.approx(0.3035422, abs=1e-7)
    assert adjusted.standardised.rate_a == pytest.approx(0.3873186, abs=1e-7)
    assert adjusted.standardised.rate_b == pytest.approx(0.4299554, abs=1e-7)
    assert adjusted.pooled.odds_ratio.value == pytest.approx(0.9046968, abs=1e-7)
    assert adjusted.pooled.odds_ratio.interval == pytest.approx((0.7719074, 1.0603297), abs=1e-7)
    assert adjusted.test.statistic == pytest.approx(1.4269, abs=1e-4)
    assert adjusted.test.p_value == pytest.approx(0.2323, abs=1e-4)


def test_the_flag_is_up_for_berkeley_whose_effects_differ_by_department(
    berkeley: Comparison,
) -> None:
    assert berkeley.adjusted is not None
    split = berkeley.adjusted.split

    assert berkeley.direction_flips
    assert ["direction_flips", "effects_differ"] == [one.code for one in berkeley.warnings]
    assert split.mix + split.rate == pytest.approx(berkeley.value, abs=1e-15)


FOURFOLD = [
    # hits and misses of both groups; difference, its interval (Newcombe 1998); ratio, its interval
    ((30, 70), (15, 85), (0.0341077035, 0.2614859820), (1.1488778126, 3.4816583245)),
    ((56, 14), (48, 32), (0.0524314724, 0.3338726540), (1.0766264228, 1.6512485113)),
]


@pytest.mark.parametrize(("a", "b", "points", "ratios"), FOURFOLD)
def test_a_fourfold_table(
    a: tuple[int, int],
    b: tuple[int, int],
    points: tuple[float, float],
    ratios: tuple[float, float],
) -> None:
    lives = lives_of([("A", "all", *a), ("B", "all", *b)], "treatment", "size")
    groups = (kpis.Is("attributes.treatment", one) for one in "AB")
    found = kpis.compare(lives, kpis.cohort_close_rate, *groups, within=MONTH)

    assert found.difference.interval == pytest.approx(points, abs=1e-10)
    assert found.ratio.interval == pytest.approx(ratios, abs=1e-10)


def test_few_leads_are_tested_exactly() -> None:
    lives = lives_of([("A", "all", 9, 1), ("B", "all", 3, 7)], "treatment", "size")
    groups = (kpis.Is("attributes.treatment", one) for one in "AB")
    found = kpis.compare(lives, kpis.cohort_close_rate, *groups, within=MONTH)

    assert found.test is not None
    assert "Fisher exact" == found.test.test
    assert found.test.p_value == pytest.approx(0.0197666, abs=1e-7)
    assert ["small", "small"] == [caution.code for caution in found.warnings]
