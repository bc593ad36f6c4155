"""A time limit for close rates, proposed from the wins that came so far."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

from attrs import frozen

from partnerleads.errors import OptionError
from partnerleads.kpis.cohort_close_rate import cohort_close_rate
from partnerleads.kpis.measuring.composing import compose, seen_by
from partnerleads.kpis.measuring.figures import AnyHistory, By
from partnerleads.model import Caution, CloseRate, Figure, FrozenMap, Period
from partnerleads.model.figure import counted, number, so_many

__all__ = ["SuggestedCycle", "suggested_cycle"]

_SHORT = Caution(
    "early_data",
    "young leads have not won yet, so early data make the cycle too short; look again when the "
    "leads watched are several times as old",
)


@frozen(kw_only=True, repr=False)
class SuggestedCycle(Figure):
    """The time by which most of the wins came that came at all so far.

    Attributes:
        value: The time; None where nothing was won. [days]
        share: The part of the eventual wins that come by then, by the cumulative incidence; of
            the wins seen, more may have come by then, since young leads are not seen to the end.
            [0..1]
        wins: The wins it rests on. [count]
    """

    value: float | None
    share: float
    wins: int

    @property
    def within(self) -> timedelta | None:
        """The time in whole days, rounded up, as a close rate takes it."""
        return None if self.value is None else timedelta(days=ceil(self.value))

    def value_text(self) -> str:
        """The time."""
        return "undefined" if self.value is None else f"{number(self.value)} days"

    def basis_text(self) -> str:
        """Which part of the wins, and those it rests on."""
        text = f"{100 * self.share:g} % of the eventual wins, estimated from "
        text += f"{counted(self.wins, 'win')} among {so_many(self.n, self.counted)}"
        return text if self.undefined_because is None else f"{text}; {self.undefined_because}"

    def columns(self) -> dict[str, object]:
        """The time, and the wins it rests on."""
        return {
            "value": self.value,
            "share": self.share,
            "wins": self.wins,
        }


def suggested_cycle(
    history: AnyHistory,
    *,
    as_of: datetime | None = None,
    period: Period | None = None,
    by: By = None,
    share: float = 0.9,
    tz: str = "UTC",
) -> SuggestedCycle:
    """The time by which 90 % of the eventual wins came, as a time limit for close rates.

    The wins are those of the cumulative incidence over all leads, in which losses compete. Wins
    that are still to come are in none of it, so the proposal is too short while the data are
    young, and it bears a warning of that.

    Args:
        history: Events, lifecycles, or another engine's history.
        as_of: The moment; needed with events. [aware datetime]
        period: Period of the capture; None is all time.
        by: Key or keys to segment by.
        share: Which part of the eventual wins. [0..1, more than 0]
        tz: Zone in which dates are compared without a period; a period brings its own.

    Returns:
        The time; its ``within`` is what ``cohort_close_rate`` takes. Undefined where nothing was
        won. [days]

    Source:
        Aalen and Johansen 1978.

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-01 L1 captured
    ...     2026-01-11 L1 won
    ...     2026-01-01 L2 captured
    ...     2026-02-10 L2 won
    ... ''')
    >>> suggested_cycle(events, as_of=at("2026-06-01")).within
    datetime.timedelta(days=40)
    """
    if not 0 < share <= 1:
        raise OptionError("share", share, "must lie above 0 and up to 1, such as 0.9")

    def make(rate: CloseRate) -> SuggestedCycle:
        curve = rate.curve
        days = None if curve is None else curve.time_of_share(share)
        seen = seen_by(rate)
        warnings = tuple(one for one in seen["warnings"] if one.code != "no_limit")
        because = None if days is not None else rate.undefined_because or "nothing was won"
        return SuggestedCycle(
            name="suggested_cycle",
            counted=rate.counted,
            n=rate.n,
            period=period,
            definition=FrozenMap(
                {"anchor": "captured", "share": str(share), "policy": rate.definition["policy"]}
            ),
            left_out_because=rate.left_out_because,
            **seen | {"warnings": warnings if days is None else (*warnings, _SHORT)},
            undefined_because=because,
            value=days,
            share=share,
            wins=0 if curve is None else sum(curve.events),
        )

    rate = cohort_close_rate(history, within=None, as_of=as_of, period=period, by=by, tz=tz)
    return compose(make, {"rate": rate})
