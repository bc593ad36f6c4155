"""Models that are data: saved as text, read again, and told apart by a fingerprint."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import ClassVar, Self

from partnerleads.model.data_text import Kinds, read_text, text_of

__all__ = ["Saved", "mark_of"]


class Saved:
    """Frozen data, such as a model, that a text states as a whole."""

    __slots__ = ()

    _kinds: ClassVar[Kinds] = {}
    """The classes that a text may name, by what they stand for."""

    _called: ClassVar[str]
    """What a text of it is called in an error."""

    _in_code: ClassVar[Collection[str]] = ()
    """Names of fields that no text states."""

    @property
    def fingerprint(self) -> str:
        """Twelve hexadecimal digits that differ between different models."""
        return mark_of(self._text(strict=False))

    def to_json(self) -> str:
        """The whole as JSON text, for a file that people read and change.

        Raises:
            OptionError: When a part of it is one that no text states, and stays in code.
        """
        return self._text(strict=True)

    def _text(self, *, strict: bool) -> str:
        """The whole as JSON text; what could not be read back is an error, or its repr."""
        return text_of(self, self._kinds, strict=strict)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """What a JSON text states.

        Args:
            text: What :meth:`to_json` writes; what has a default may be left out.

        Raises:
            BadInputError: When the text does not state it; it carries every fault, each with its
                path.
        """
        return read_text(text, cls, cls._kinds, name=cls._called, in_code=cls._in_code)


def mark_of(text: str) -> str:
    """Twelve hexadecimal digits that differ between different texts, the same in every process.

    >>> mark_of("a"), mark_of("b")
    ('ca978112ca1b', '3e23e8160039')
    """
    return hashlib.sha256(text.encode()).hexdigest()[:12]
