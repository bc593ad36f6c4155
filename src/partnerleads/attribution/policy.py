"""The rules under which a partner is credited, chosen once for a programme."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Literal

from attrs import asdict, field, frozen

from partnerleads.model.options import a_flag, not_negative, one_of

__all__ = ["AttributionPolicy"]


@frozen(kw_only=True)
class AttributionPolicy:
    """How credit is earned.

    Attributes:
        claims: What ties a partner to a lead: a registration or a logged referral, or only the
            registration.
        contact_required: Whether the partner's own contact must be on record before anyone else's.
        times: Whether claims and contacts count from when they were recorded, which nobody can
            backdate, or from when they are said to have happened.
        influence_lookback: Longest time before the close in which an influence counts; both ends
            are included. None has no limit.
        claim_lock: Longest time after the capture at which a claim earns anything; None has no
            limit.

    >>> AttributionPolicy(times="happened")
    Traceback (most recent call last):
    ...
    partnerleads.errors.OptionError: times='happened': offered are 'recorded', 'occurred'
    """

    claims: Literal["registration or originator", "registration"] = field(
        default="registration or originator",
        validator=one_of("registration or originator", "registration"),
    )
    contact_required: bool = field(default=False, validator=a_flag)
    times: Literal["recorded", "occurred"] = field(
        default="recorded", validator=one_of("recorded", "occurred")
    )
    influence_lookback: timedelta | None = field(default=None, validator=not_negative)
    claim_lock: timedelta | None = field(default=None, validator=not_negative)

    @property
    def fingerprint(self) -> str:
        """Twelve hexadecimal digits that differ between different policies."""
        text = repr(sorted((name, str(value)) for name, value in asdict(self).items()))
        return hashlib.sha256(text.encode()).hexdigest()[:12]
