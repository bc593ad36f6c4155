"""Partners ranked by their close rates, as a result."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Literal

from attrs import frozen

from partnerleads.model import Caution, CloseRate, Figure, PartnerId
from partnerleads.model.figure import counted
from partnerleads.model.options import chosen
from partnerleads.showing import printable
from partnerleads.stats import PriorFit

__all__ = ["ALIKE", "LeagueTable", "Standing"]

ALIKE = "partners differ no more than chance would have them"
"""What is said where the prior leaves nothing to tell them apart by."""

_FLAGS = ("above", "below")


@frozen(kw_only=True)
class Standing:
    """One partner in the table.

    Attributes:
        partner_id: The partner.
        rank: Its place by the shrunken rate, 1 the best, equals sharing one, as do all partners
            that differ no more than chance; None where there is no shrunken rate.
        rate: Its raw close rate, with its count and Wilson's interval; no ground for a rank.
        shrunken: The rate drawn towards that of all partners, the more the fewer leads it has;
            None where it could not be told how much partners differ. [0..1]
        interval: Limits of the shrunken rate; None where there is none. [0..1 each]
        limits: Between which its raw rate stays by chance alone, if it is like all. [0..1 each]
        flag: ``above`` or ``below`` where it is beyond these limits; None inside.
        warning: Why to beware of it; None where there is no reason.
    """

    partner_id: PartnerId
    rank: int | None
    rate: CloseRate
    shrunken: float | None
    interval: tuple[float, float] | None
    limits: tuple[float, float]
    flag: Literal["above", "below"] | None
    warning: Caution | None

    def __str__(self) -> str:
        place = "-" if self.rank is None else str(self.rank)
        text = f"{place} {self.partner_id} {self.rate.hits} of {self.rate.of}"
        if self.shrunken is not None:
            text += f", {100 * self.shrunken:.1f} %"
        if self.flag is not None:
            text += f", {self.flag} the limits"
        return text if self.warning is None else f"{text}, {self.warning}"


@frozen(kw_only=True, repr=False)
class LeagueTable(Figure):
    """Partners by their shrunken close rates.

    Attributes:
        rows: The partners, best first.
        rate: The close rate of all partners together.
        prior: What is believed of a partner before its leads are seen, how it was found, or why
            it could not be.
    """

    rows: tuple[Standing, ...]
    rate: CloseRate
    prior: PriorFit

    def __iter__(self) -> Iterator[Standing]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, partner_id: PartnerId) -> Standing:
        """The row of a partner.

        Raises:
            OptionError: When it is not in the table.
        """
        return chosen("partner_id", partner_id, {row.partner_id: row for row in self.rows})

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *(printable(f"  {row}") for row in self.rows)])

    def _repr_html_(self) -> str:
        rows = "".join(f"<li>{escape(str(row))}</li>" for row in self.rows)
        return f"{super()._repr_html_()}<ul>{rows}</ul>"

    def value_text(self) -> str:
        """The first three."""
        if self.prior.prior is None:
            return "unranked"
        return "; ".join(map(str, self.rows[:3]))

    def basis_text(self) -> str:
        """How many partners and leads, and the prior."""
        text = f"{counted(len(self.rows), 'partner')}, {counted(self.n, 'lead')} of partners"
        prior, same = self.prior.prior, self.prior.held_at == "most"
        if prior is not None:
            seen = f"as if {prior.strength:.1f} leads had been seen"
            how = f"since {ALIKE}" if same else f"the mean of partners' rates, {seen}"
            text += f", towards {100 * prior.mean:.1f} %, {how} ({prior.estimator})"
        return text if self.undefined_because is None else f"{text}; {self.undefined_because}"

    def columns(self) -> dict[str, object]:
        """The best, those beyond the limits, and the prior."""
        prior = self.prior.prior
        flagged = {name: [r.partner_id for r in self.rows if r.flag == name] for name in _FLAGS}
        return {
            "partners": len(self.rows),
            "best": self.rows[0].partner_id if prior is not None else None,
            **{name: ", ".join(flagged[name]) for name in _FLAGS},
            "rate": self.rate.value,
            "prior_mean": None if prior is None else prior.mean,
            "prior_strength": None if prior is None else prior.strength,
        }
