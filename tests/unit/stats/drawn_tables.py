"""Fourfold tables and strata for hypothesis to draw, and the classic published ones."""

from __future__ import annotations

from hypothesis import strategies as st

from partnerleads.stats.stratum import Stratum


def groups(least: int, most: int) -> st.SearchStrategy[tuple[int, int]]:
    """Hits and size of one group."""
    sizes = st.integers(least, most)
    return sizes.flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


def strata_of(least: int, most: int) -> st.SearchStrategy[Stratum]:
    """One table whose groups have so many members."""
    pairs = st.tuples(groups(least, most), groups(least, most))
    return pairs.map(lambda pair: Stratum(*pair[0], *pair[1]))


tables = strata_of(0, 60) | strata_of(0, 5) | strata_of(1, 10_000_000)
full_tables = strata_of(1, 60) | strata_of(1, 5) | strata_of(1, 10_000_000)
strata = st.lists(tables, max_size=6)
full_strata = st.lists(full_tables, min_size=1, max_size=6)
confidences = st.floats(0.01, 0.9999)

# Charig, Webb, Payne and Wickham 1986, "Comparison of treatment of renal calculi": small and large
# stones; group a had open surgery, group b percutaneous nephrolithotomy
KIDNEY_STONES = (Stratum(81, 87, 234, 270), Stratum(192, 263, 55, 80))

# Bickel, Hammel and O'Connell 1975, "Sex bias in graduate admissions: data from Berkeley":
# admitted and rejected, departments A to F; group a are men, group b women
BERKELEY = tuple(
    Stratum(yes_a, yes_a + no_a, yes_b, yes_b + no_b)
    for yes_a, no_a, yes_b, no_b in (
        (512, 313, 89, 19),
        (353, 207, 17, 8),
        (120, 205, 202, 391),
        (138, 279, 131, 244),
        (53, 138, 94, 299),
        (22, 351, 24, 317),
    )
)
