"""The command ``feedback``: its options, and a partner's feedback as text and as JSON."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import TYPE_CHECKING, Any

from partnerleads.events import Event
from partnerleads.review.command_options import partner_options, period_of
from partnerleads.review.words import printable_lines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from partnerleads.scoring import PartnerFeedback

__all__ = ["feedback_json", "feedback_of", "feedback_options", "feedback_text"]


def feedback_options(parser: argparse.ArgumentParser) -> None:
    """What the command can be told beside the file of events."""
    partner_options(parser, period="only leads captured in it, such as 2026-Q3; default: all")


def feedback_of(events: Iterable[Event], options: argparse.Namespace) -> PartnerFeedback:
    """The feedback that the command asks for.

    Args:
        events: The events.
        options: What :func:`feedback_options` reads.

    Raises:
        OptionError: When no event names the partner.
    """
    from partnerleads import scoring  # noqa: PLC0415 - the other commands need less of it

    known = options.known_at
    return scoring.partner_feedback(
        [one for one in events if known is None or one.recorded_at <= known],
        partner_id=options.partner,
        as_of=options.as_of,
        period=period_of(options),
    )


def feedback_text(found: PartnerFeedback) -> str:
    """The feedback as text that a terminal can show."""
    return printable_lines(str(found))


def feedback_json(found: PartnerFeedback) -> list[dict[str, Any]]:
    """The rows of the feedback; instants are text."""
    return [
        {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in row.items()
        }
        for row in found.to_dicts()
    ]
