"""The command ``scorecard``: its options, and the scorecard as text and as JSON."""

from __future__ import annotations

import argparse
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from partnerleads.errors import MixedCurrencyError, OptionError
from partnerleads.lifecycle import Lifecycles
from partnerleads.review.arguments import as_moment
from partnerleads.review.command_options import partner_options
from partnerleads.review.scoring_options import scoring_of, scoring_options
from partnerleads.review.words import printable_lines

if TYPE_CHECKING:
    from partnerleads.plv import Scorecard

__all__ = ["partner_scorecard", "scorecard_json", "scorecard_options", "scorecard_text"]


def scorecard_options(parser: argparse.ArgumentParser) -> None:
    """What the command can be told beside the file of events."""
    partner_options(parser)
    parser.add_argument(
        "--since",
        type=as_moment,
        metavar="INSTANT",
        help="tell what changed since then; default: the start of the last quarter that is over",
    )
    scoring_options(parser)


def partner_scorecard(lives: Lifecycles, options: argparse.Namespace) -> Scorecard:
    """The scorecard that the command asks for.

    Args:
        lives: The lifecycles.
        options: What :func:`scorecard_options` reads.

    Raises:
        OSError: When the model's file cannot be read.
        BadInputError: When it states no model.
        OptionError: When no event names the partner, currencies are mixed, a price is missing, or
            changes are asked for from after the moment.
    """
    from partnerleads import plv  # noqa: PLC0415 - the other commands need no scores

    model, rates = scoring_of(options)
    try:
        return plv.scorecard(
            lives,
            partner_id=options.partner,
            since=options.since,
            model=model,
            rates=rates,
            tz=options.time_zone,
            fiscal_start=options.fiscal_start,
        )
    except MixedCurrencyError as error:
        reason = "are mixed; pass --currency CODE, and --price CODE=PRICE for each other one"
        raise OptionError("currency", ", ".join(error.currencies), reason) from None


def scorecard_text(card: Scorecard) -> str:
    """The scorecard as text that a terminal can show."""
    return printable_lines(str(card))


def scorecard_json(card: Scorecard) -> dict[str, list[dict[str, Any]]]:
    """The rows of the scorecard by section; instants and amounts are text."""
    sections: dict[str, list[dict[str, Any]]] = {}
    for row in card.to_dicts():
        plain = {name: _plain(value) for name, value in row.items() if name != "section"}
        sections.setdefault(str(row["section"]), []).append(plain)
    return sections


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
