"""The influence on one lead, split among the touches by which partners had it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from math import floor
from typing import Literal, TypeAlias, get_args

from partnerleads.errors import OptionError
from partnerleads.model.options import check_choice, check_span

__all__ = ["HALF_LIFE", "SplitModel", "shared_out", "split_weights"]

SplitModel: TypeAlias = Literal["equal", "first", "last", "position", "time_decay"]
"""How the influence on a lead is split among the touches."""

HALF_LIFE = timedelta(days=7)
"""The time by which a touch must be older to count half as much, unless told otherwise."""

_ENDS = Fraction(2, 5)
"""What the first touch has, and the last, where there are more than two."""

_NO_TIME = timedelta(0)


def split_weights(
    moments: Sequence[datetime], *, model: SplitModel, half_life: timedelta | None = None
) -> tuple[Fraction, ...]:
    """The part of each touch in the influence on a lead; together exactly 1.

    - ``equal``: every touch the same.
    - ``first``, ``last``: one touch has all.
    - ``position``: the first and the last have 40 % each, those between them share 20 %; of two
      touches each has half, and a single one has all.
    - ``time_decay``: a touch counts half as much as one that came a half-life later.

    Args:
        moments: When each touch was, in order. [aware datetimes]
        model: How to split.
        half_life: Of ``time_decay`` alone; :data:`HALF_LIFE` unless told otherwise.

    Returns:
        The weights in the order of the touches; none where there is no touch. [0..1 each]

    Raises:
        OptionError: When there is no such model, or the half-life does not go with it or is not
            longer than nothing.

    >>> from partnerleads.testing import at
    >>> days = [at("2026-01-01"), at("2026-01-08"), at("2026-01-15")]
    >>> [str(weight) for weight in split_weights(days, model="time_decay")]
    ['1/7', '2/7', '4/7']
    >>> [str(weight) for weight in split_weights(days, model="position")]
    ['2/5', '1/5', '2/5']
    """
    check_choice("model", model, get_args(SplitModel))
    _check_half_life(half_life, model)
    n = len(moments)
    if not n:
        return ()
    if model == "time_decay":
        return _decayed(moments, half_life or HALF_LIFE)
    if model == "equal" or (model == "position" and n <= 2):
        return (Fraction(1, n),) * n
    if model == "position":
        between = (1 - 2 * _ENDS) / (n - 2)
        return (_ENDS, *(between,) * (n - 2), _ENDS)
    place = 0 if model == "first" else n - 1
    return tuple(Fraction(number == place) for number in range(n))


def _check_half_life(half_life: timedelta | None, model: str) -> None:
    check_span("half_life", half_life)
    if half_life is None:
        return
    if model != "time_decay":
        raise OptionError("half_life", half_life, "goes with model='time_decay' alone")
    if half_life == _NO_TIME:
        raise OptionError("half_life", half_life, "must be longer than nothing")


def _decayed(moments: Sequence[datetime], half_life: timedelta) -> tuple[Fraction, ...]:
    """Weights by age; the age of the last touch is the same in all of them, and so divides out."""
    last = max(moments)
    sizes = [Fraction(2.0 ** -((last - moment) / half_life)) for moment in moments]
    whole = sum(sizes)
    return tuple(size / whole for size in sizes)


def shared_out(parts: Sequence[Fraction], *, total: int) -> tuple[int, ...]:
    """Parts in whole units that add up to a total, by largest remainder.

    Every part is rounded down first; the units that are left over go to the parts that lost most,
    one each, and where two lost the same, to the one that comes first. Where more units are left
    than there are parts, each part first has the same number of them.

    Args:
        parts: The exact parts, in order. [units]
        total: What they add up to, rounded. [whole units]

    Source:
        Hamilton's method of apportionment, 1792.

    >>> shared_out([Fraction(100, 3)] * 3, total=100)
    (34, 33, 33)
    """
    if not parts:
        return ()
    whole = [floor(part) for part in parts]
    lost = [part - units for part, units in zip(parts, whole, strict=True)]
    each, more = divmod(total - sum(whole), len(parts))
    places = sorted(range(len(parts)), key=lambda place: -lost[place])
    extra = set(places[:more])
    return tuple(units + each + (place in extra) for place, units in enumerate(whole))
