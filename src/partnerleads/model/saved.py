"""Models that are data: saved as text, read again, and told apart by a fingerprint."""

from __future__ import annotations

import hashlib
from typing import ClassVar, Self

from partnerleads.model.data_text import Kinds, read_text, text_of

__all__ = ["Saved", "mark_of"]


class Saved:
    """A frozen model that a text states as a whole."""

    __slots__ = ()

    _kinds: ClassVar[Kinds] = {}
    """The classes that a text may name, by what they stand for."""

    _called: ClassVar[str]
    """What a text of it is called in an error."""

    @property
    def fingerprint(self) -> str:
        """Twelve hexadecimal digits that differ between different models."""
        return mark_of(text_of(self, self._kinds, strict=False))

    def to_json(self) -> str:
        """The model as JSON text, for a file that people read and change.

        Raises:
            OptionError: When a part of it is of a class that is none of this library's.
        """
        return text_of(self, self._kinds)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The model of a JSON text.

        Args:
            text: What :meth:`to_json` writes; what has a default may be left out.

        Raises:
            BadInputError: When the text states no model; it carries every fault, each with its
                path.
        """
        return read_text(text, cls, cls._kinds, name=cls._called)


def mark_of(text: str) -> str:
    """Twelve hexadecimal digits that differ between different texts, the same in every process.

    >>> mark_of("a"), mark_of("b")
    ('ca978112ca1b', '3e23e8160039')
    """
    return hashlib.sha256(text.encode()).hexdigest()[:12]
