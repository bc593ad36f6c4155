"""One result for each partner, ranked and shown as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, Protocol, TypeVar

from attrs import frozen

from partnerleads.model import FrozenMap, PartnerId

__all__ = ["ByPartner", "Valued"]


class Valued(Protocol):
    """A result of one partner that is ranked by a value.

    Attributes:
        value: What it is ranked by; None where undefined.
    """

    @property
    def value(self) -> float | None: ...  # noqa: D102 - said above

    def value_text(self) -> str:
        """The value for people."""
        ...

    def basis_text(self) -> str:
        """What it rests on, for people."""
        ...

    def to_dicts(self) -> list[dict[str, object]]:
        """The result as flat rows."""
        ...


V_co = TypeVar("V_co", bound=Valued, covariant=True)


@frozen(repr=False, eq=False)
class ByPartner(Mapping[PartnerId, V_co]):
    """The results of all partners, by id.

    Attributes:
        by_partner: The results, by id.
    """

    by_partner: FrozenMap[PartnerId, V_co]
    _aligned: ClassVar[str] = "<"

    def __getitem__(self, partner_id: PartnerId) -> V_co:
        return self.by_partner[partner_id]

    def __iter__(self) -> Iterator[PartnerId]:
        return iter(self.by_partner)

    def __len__(self) -> int:
        return len(self.by_partner)

    @property
    def ranked(self) -> tuple[V_co, ...]:
        """The results, highest value first; equals by id, and the undefined last."""
        return tuple(one for _, one in self._in_order())

    def to_dicts(self) -> list[dict[str, object]]:
        """All results as flat rows, highest value first."""
        return [row for one in self.ranked for row in one.to_dicts()]

    def _in_order(self) -> list[tuple[PartnerId, V_co]]:
        def place(item: tuple[PartnerId, V_co]) -> tuple[bool, float, PartnerId]:
            name, one = item
            return one.value is None, -(one.value or 0.0), name

        return sorted(self.by_partner.items(), key=place)

    def _rows(self) -> list[tuple[str, str, str]]:
        """Id, value and basis of each, as they are shown."""
        return [(name, one.value_text(), one.basis_text()) for name, one in self._in_order()]

    def __str__(self) -> str:
        rows, side = self._rows(), self._aligned
        names, values = (max((len(row[at]) for row in rows), default=0) for at in (0, 1))
        lines = (f"{a:<{names}}  {b:{side}{values}}  {c}" for a, b, c in rows)
        return "\n".join(lines) or "no partners"

    def __repr__(self) -> str:
        return f"<{self}>"
