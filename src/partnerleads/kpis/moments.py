"""Instants in the words of figures, as everywhere: see :mod:`partnerleads.model.moments`."""

from __future__ import annotations

from partnerleads.model.moments import moment_text, zone_of

__all__ = ["moment_text", "zone_of"]
