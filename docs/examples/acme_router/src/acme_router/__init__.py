"""Routing by the language that a customer speaks."""

from acme_router.by_language import ByLanguage

__all__ = ["ByLanguage"]
