"""One result for each partner, ranked and shown as a table."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Protocol, TypeVar

from attrs import frozen

from partnerleads.model import FrozenMap, PartnerId
from partnerleads.model.by_id import ById
from partnerleads.model.figure import counted
from partnerleads.model.moments import moment_text
from partnerleads.showing import SHOWN, Shown

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
class ByPartner(Shown, ById[PartnerId, V_co]):
    """The results of all partners, by id.

    Attributes:
        by_partner: The results, by id.
    """

    by_partner: FrozenMap[PartnerId, V_co]
    _counted: ClassVar[str] = "score"
    _right = frozenset({1})
    _most = SHOWN
    _held = "by_partner"

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

    def _head(self) -> str:
        if not self:
            return "no partners"
        partners = counted(len(self), "partner")
        return f"{partners} by {self._counted} (as of {moment_text(self._moment())})"

    def _moment(self) -> datetime:
        """The moment of the results, of which there is at least one."""
        raise AssertionError  # pragma: no cover - every kind of result knows its moment

    def _titles(self) -> tuple[str, ...]:
        return "", self._counted, "basis"

    def _rows(self) -> list[tuple[str, ...]]:
        """Id, value and basis of each, as they are shown."""
        return [(name, one.value_text(), one.basis_text()) for name, one in self._in_order()]
