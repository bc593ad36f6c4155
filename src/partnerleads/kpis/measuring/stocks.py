"""Marking KPI functions that count what is there as of a moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

__all__ = ["stock"]

K = TypeVar("K", bound=Callable[..., Any])


def stock(kpi: K) -> K:
    """Mark a KPI function as a stock, so that a trend asks for it as of moments."""
    kpi.is_stock = True  # type: ignore[attr-defined]
    return kpi
