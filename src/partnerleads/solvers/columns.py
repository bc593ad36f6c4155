"""The columns of a problem as NumPy looks at them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy import float64, int64
    from numpy.typing import NDArray

    from partnerleads.routing import BatchProblem

__all__ = ["columns"]


def columns(
    problem: BatchProblem,
) -> tuple[NDArray[int64], NDArray[int64], NDArray[float64], NDArray[int64]]:
    """Leads, recipients and values of the pairs, and the slots; nothing is copied.

    Args:
        problem: What may be paired.
    """
    import numpy as np  # noqa: PLC0415 - an extra

    def whole(column: Any) -> NDArray[int64]:
        return np.asarray(column, dtype=np.int64)

    values = np.asarray(problem.values, dtype=np.float64)
    return whole(problem.leads), whole(problem.recipients), values, whole(problem.slots)
