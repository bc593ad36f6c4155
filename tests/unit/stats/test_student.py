"""The deviate of Student's t against an independent one."""

from __future__ import annotations

import pytest
from scipy.stats import t

from partnerleads.errors import OptionError
from partnerleads.stats.student import student_deviate


@pytest.mark.parametrize("confidence", [0.01, 0.5, 0.9, 0.95, 0.9999])
@pytest.mark.parametrize("degrees", [1, 2, 9, 40, 1000])
def test_the_deviate_is_that_of_an_independent_t(confidence: float, degrees: int) -> None:
    expected = t.ppf((1 + confidence) / 2, degrees)

    assert pytest.approx(expected, rel=1e-9) == student_deviate(confidence, degrees=degrees)


def test_what_is_no_confidence_or_degree_is_refused() -> None:
    with pytest.raises(OptionError, match="confidence=95"):
        student_deviate(95, degrees=9)
    with pytest.raises(OptionError, match="degrees=0: must be 1 or more"):
        student_deviate(0.95, degrees=0)
