"""What the command line can be told of how partners are scored: the model, and prices of money."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from attrs import evolve

from partnerleads.errors import OptionError
from partnerleads.kpis import Rates
from partnerleads.review.arguments import as_currency, as_price

if TYPE_CHECKING:
    from partnerleads.plv import PlvModel

__all__ = ["Prices", "Scoring", "scoring_of", "scoring_options"]


class Scoring(NamedTuple):
    """How partners are scored.

    Attributes:
        model: The model.
        rates: Rates to convert money with; None where the model names no currency.
    """

    model: PlvModel
    rates: Rates | None


def scoring_options(parser: argparse.ArgumentParser) -> None:
    """The model and the prices, for every command that scores partners."""
    parser.add_argument(
        "--model", metavar="FILE", help="the scoring model (JSON); default: the bundled one"
    )
    parser.add_argument(
        "--currency",
        type=as_currency,
        metavar="CODE",
        help="convert the money of scores to this currency; default: the model's",
    )
    parser.add_argument(
        "--price",
        type=as_price,
        action="append",
        default=[],
        metavar="CODE=PRICE",
        help="what one unit of another currency costs, such as USD=0.92; once for each",
    )


def scoring_of(options: argparse.Namespace) -> Scoring:
    """The model and the rates that the command was told.

    Args:
        options: What :func:`scoring_options` reads.

    Raises:
        OSError: When the model's file cannot be read.
        BadInputError: When it states no model.
        SystemExit: With code 2 when there are prices, and no currency that they are in.
    """
    from partnerleads import plv  # noqa: PLC0415 - a command's help needs no scores

    model = plv.DEFAULT_MODEL
    if options.model is not None:
        model = plv.PlvModel.from_json(Path(options.model).read_text(encoding="utf-8"))
    if options.currency is not None:
        model = evolve(model, currency=options.currency)
    if options.price and model.currency is None:
        options.refuse("--price needs --currency, the currency that prices are in")
    return Scoring(model, None if model.currency is None else Prices(dict(options.price)))


class Prices:
    """Prices that are the same on every day.

    Args:
        prices: What one unit of each other currency costs.
    """

    def __init__(self, prices: Mapping[str, Decimal]) -> None:
        self._prices = prices

    def __call__(self, currency: str, target: str, _: date) -> Decimal:
        """The price of one unit of a currency, on any day."""
        if currency not in self._prices:
            reason = f"has no price in {target}; pass --price {currency}=..."
            raise OptionError("price", currency, reason)
        return self._prices[currency]
