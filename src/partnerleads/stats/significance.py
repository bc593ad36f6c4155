"""The answer of a significance test, or the reason why there is none."""

from __future__ import annotations

from attrs import frozen

__all__ = ["Significance"]


@frozen(kw_only=True)
class Significance:
    """How surprising a sample is if there is nothing to find.

    Attributes:
        test: Name of the test, such as ``"Fisher exact"``.
        p_value: Chance of a sample at least as extreme; 0.0 where that is smaller than a float can
            hold; None where undefined. [0..1]
        statistic: The chi-square value; None where undefined, and for exact tests. [>= 0]
        degrees: Degrees of freedom of the statistic; None where there is none. [count, >= 1]
        undefined_because: Why there is no p-value; None where there is one.
    """

    test: str
    p_value: float | None = None
    statistic: float | None = None
    degrees: int | None = None
    undefined_because: str | None = None
