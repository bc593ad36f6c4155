from __future__ import annotations

from math import cos, sin

import pytest

from partnerleads.plv.lifetime.quadrature import integral, nodes


@pytest.mark.parametrize("count", [1, 2, 5, 8])
def test_places_integrate_polynomials_exactly(count: int) -> None:
    for degree in range(2 * count):
        assert pytest.approx(1 / (degree + 1)) == sum(w * x**degree for x, w in nodes(count))


def test_panels_add_up() -> None:
    assert pytest.approx(sin(9), abs=1e-12) == integral(cos, 0, 9, panels=6)
