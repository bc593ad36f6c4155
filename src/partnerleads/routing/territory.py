"""Territories: a tree in which the most specific one wins, and a report of gaps and overlaps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import field, frozen

from partnerleads.errors import OptionError
from partnerleads.model import FrozenMap, RecipientId
from partnerleads.routing.recipient import Recipient
from partnerleads.showing import table_html

__all__ = ["Coverage", "TerritoryTree"]


def _frozen(value: Mapping[str, str] | None) -> FrozenMap[str, str]:
    given: Any = {} if value is None else value
    if not isinstance(given, Mapping) or not all(
        isinstance(name, str) for pair in given.items() for name in pair
    ):
        reason = "pass a map from each place to the one it lies in, such as {'DE': 'EMEA'}"
        raise OptionError("parents", value, reason)
    return FrozenMap(given)


@frozen(repr=False)
class Coverage:
    """Who serves which places of a tree.

    Attributes:
        gaps: Places at the bottom of the tree that no active recipient serves.
        overlaps: Places at the bottom that several serve equally specifically, with who.
    """

    gaps: tuple[str, ...]
    overlaps: FrozenMap[str, tuple[RecipientId, ...]]

    def __str__(self) -> str:
        lines = [f"{place}: nobody serves it" for place in self.gaps]
        lines += [f"{place}: {', '.join(names)} overlap" for place, names in self.overlaps.items()]
        return "\n".join(lines) or "every place has one most specific recipient"

    def __repr__(self) -> str:
        return f"<{self}>"

    def to_dicts(self) -> list[dict[str, object]]:
        """The places as flat rows, the gaps first, with the recipients that overlap."""
        gaps = [(place, "gap", None) for place in self.gaps]
        overlaps = [(place, "overlap", ", ".join(names)) for place, names in self.overlaps.items()]
        return [
            {"place": place, "finding": finding, "recipients": names}
            for place, finding, names in (*gaps, *overlaps)
        ]

    def _repr_html_(self) -> str:
        caption = f"{len(self.gaps)} gaps, {len(self.overlaps)} overlaps"
        gaps = [(place, "nobody serves it") for place in self.gaps]
        overlaps = [
            (place, f"{', '.join(names)} overlap") for place, names in self.overlaps.items()
        ]
        return table_html(caption, [*gaps, *overlaps])


@frozen
class TerritoryTree:
    """Places, each below another.

    Attributes:
        parents: Every place to the one it lies in; the roots are named as parents alone.

    Raises:
        OptionError: When that is no map of names, or a place lies below itself.

    >>> tree = TerritoryTree({"DE-BY": "DE", "DE": "EMEA"})
    >>> tree.path("DE-BY")
    ('DE-BY', 'DE', 'EMEA')
    >>> tree.depth({"DE", "EMEA"}, "DE-BY")
    2
    """

    parents: FrozenMap[str, str] = field(factory=FrozenMap, converter=_frozen)
    _places: frozenset[str] = field(init=False, eq=False, repr=False)

    @_places.default
    def _make_places(self) -> frozenset[str]:
        return frozenset(self.parents).union(self.parents.values())

    def __attrs_post_init__(self) -> None:
        for place in self.parents:
            passed = [place]
            while (parent := self.parents.get(passed[-1])) is not None:
                if parent in passed:
                    circle = " > ".join([*passed, parent])
                    raise OptionError("parents", circle, "a place cannot lie below itself")
                passed.append(parent)

    def path(self, place: str, *, country: str | None = None) -> tuple[str, ...]:
        """A place and all it lies in, the most specific first.

        A place that the tree does not have lies in its country, if that is stated, else in nothing.
        One that its country lies in, such as a group of countries, is found from the country on.

        Args:
            place: The place, such as the region of a lead.
            country: The country, which may be the place itself.

        >>> tree = TerritoryTree({"DE-BY": "DE", "DE": "DACH"})
        >>> tree.path("Bavaria", country="DE"), tree.path("DACH", country="DE")
        (('Bavaria', 'DE', 'DACH'), ('DE', 'DACH'))
        """
        if country is None or country == place:
            return self._path(place)
        lies_in = self._path(country)
        if place in lies_in:
            return lies_in
        return self._path(place) if place in self._places else (place, *lies_in)

    def _path(self, place: str) -> tuple[str, ...]:
        found = [place]
        while (parent := self.parents.get(found[-1])) is not None:
            found.append(parent)
        return tuple(found)

    def depth(self, territories: Iterable[str], place: str, *, country: str | None = None) -> int:
        """How specifically some territories cover a place.

        Args:
            territories: The territories.
            place: The place.
            country: The country that the place lies in where the tree does not have it.

        Returns:
            0 where they do not; else 1 for the root, and one more for each step down. [count]
        """
        path = self.path(place, country=country)
        held = frozenset(territories)
        return next((len(path) - up for up, name in enumerate(path) if name in held), 0)

    @property
    def leaves(self) -> tuple[str, ...]:
        """The places that nothing lies below, by name."""
        return tuple(sorted(set(self.parents) - set(self.parents.values())))

    def coverage(self, recipients: Iterable[Recipient]) -> Coverage:
        """Where nobody serves, and where several serve equally specifically.

        Args:
            recipients: Whom to look at; only the active count.
        """
        active = sorted((r for r in recipients if r.active), key=lambda r: r.recipient_id)
        gaps, overlaps = [], {}
        for place in self.leaves:
            depths = {r.recipient_id: self.depth(r.territories, place) for r in active}
            deepest = max(depths.values(), default=0)
            nearest = tuple(name for name, depth in depths.items() if depth == deepest)
            if not deepest:
                gaps.append(place)
            elif len(nearest) > 1:
                overlaps[place] = nearest
        return Coverage(tuple(gaps), FrozenMap(overlaps))
