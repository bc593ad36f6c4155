"""What a policy would have earned: every estimate, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from partnerleads.model import Caution, FrozenMap
from partnerleads.model.figure import counted
from partnerleads.showing import Shown
from partnerleads.stats import PolicyEstimate

__all__ = ["PolicyValue"]


def _counts(value: Mapping[str, int]) -> FrozenMap[str, int]:
    return FrozenMap(value)


@frozen(kw_only=True, repr=False)
class PolicyValue(Shown):
    """What a policy would have earned a lead, as far as the record can tell.

    Attributes:
        n: Leads with a choice and a reward. [count]
        observed: The mean reward of what was done.
        ips: By inverse propensity.
        snips: By inverse propensity, self-normalised; the one to read first.
        doubly_robust: By a model corrected by what came of the choices.
        modelled: By the model alone, which nothing here checks; None without a model.
        effective_n: How many leads of the policy itself would tell as much. [0..n]
        largest_weight: How many leads the one that weighs most stands for. [>= 0]
        left_out_because: Leads left out, by reason. [counts]
        warnings: What to beware of.
        undefined_because: Why the record cannot tell; None where it can.
    """

    n: int
    observed: PolicyEstimate
    ips: PolicyEstimate
    snips: PolicyEstimate
    doubly_robust: PolicyEstimate
    modelled: float | None = None
    effective_n: float
    largest_weight: float
    left_out_because: FrozenMap[str, int] = field(converter=_counts)
    warnings: tuple[Caution, ...] = ()
    undefined_because: str | None = None

    @property
    def estimates(self) -> dict[str, PolicyEstimate]:
        """What was done, and every estimate of what would have been, by name."""
        return {
            "observed": self.observed,
            "IPS": self.ips,
            "SNIPS": self.snips,
            "doubly robust": self.doubly_robust,
        }

    def to_dicts(self) -> list[dict[str, object]]:
        """The estimates as flat rows, one each."""
        return [
            {
                "estimate": name,
                "value": one.value,
                "standard_error": one.standard_error,
                "lower": one.interval and one.interval[0],
                "upper": one.interval and one.interval[1],
                "n": self.n,
                "effective_n": self.effective_n,
                "undefined_because": one.undefined_because,
            }
            for name, one in self.estimates.items()
        ]

    def _facts(self) -> list[str]:
        made = self.undefined_because is None
        shown = self.estimates if made else {"observed": self.observed}
        if self.doubly_robust.value is None:
            shown.pop("doubly robust", None)
        lines = [f"{name} {_words(one)}" for name, one in shown.items()]
        if self.modelled is not None:
            lines.append(f"the model alone {self.modelled:.4g}")
        return lines + [f"left out: {n} {why}" for why, n in self.left_out_because.items()]

    def _notes(self) -> list[str]:
        return [*map(str, self.warnings)]

    def _head(self) -> str:
        basis = f"value of the policy from {counted(self.n, 'lead')}"
        if self.undefined_because is None:
            return f"{basis}, worth {self.effective_n:.1f} of its own"
        return f"{basis}: not to be told, {self.undefined_because}"


def _words(one: PolicyEstimate) -> str:
    if one.value is None:
        return f"undefined, {one.undefined_because}"
    if one.interval is None:
        return f"{one.value:.4g} ({one.undefined_because})"
    return f"{one.value:.4g} ({one.interval[0]:.4g} to {one.interval[1]:.4g})"
