"""The command ``route``: its options, and the decisions as JSON lines or as reasons."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from partnerleads.errors import OptionError
from partnerleads.kpis import league_table
from partnerleads.kpis.measuring.rows import RowHistory
from partnerleads.lifecycle import Lifecycles
from partnerleads.model import RecipientId
from partnerleads.review.partner_scores import partner_scores
from partnerleads.review.scoring_options import scoring_of, scoring_options
from partnerleads.review.unassigned import NONE_LEFT, routed_leads, scores_of
from partnerleads.showing import printable

if TYPE_CHECKING:
    from partnerleads.routing import Decision, Router

__all__ = ["route_options", "routed", "routed_text"]


def route_options(parser: argparse.ArgumentParser) -> None:
    """What the command can be told beside the file of events."""
    parser.add_argument(
        "--router",
        default="round_robin",
        metavar="NAME",
        help="round_robin, plv, thompson, ..., or package.module:Class; default: round_robin",
    )
    parser.add_argument(
        "--seed",
        type=int,
        default=0,
        metavar="N",
        help="what chance is drawn from; default: 0",
    )
    parser.add_argument(
        "--explain", action="store_true", help="print the reasons instead of JSON lines"
    )
    scoring_options(parser)


def routed(lives: Lifecycles, options: argparse.Namespace) -> tuple[Decision, ...]:
    """The decisions about the leads that nobody has.

    Args:
        lives: The lifecycles.
        options: What :func:`route_options` reads.

    Raises:
        OSError: When the model's file cannot be read.
        BadInputError: When it states no model.
        OptionError: When there is no such router, it needs parameters or a table of scores that
            there is not, or no event tells of a partner.
    """
    router = _router(options.router)
    model, rates = scoring_of(options)
    history = RowHistory(lives)
    known = partner_scores(history, model=model, rates=rates)
    scores = {**scores_of(known.ranking), "close_rate": _close_rates(lives)}
    try:
        found = routed_leads(history, scores=scores, router=router, seed=options.seed)
    except OptionError as error:
        if error.name != "table" or known.undefined_because is None:
            raise
        reason = f"goes by scores, and there are none: {known.undefined_because}"
        raise OptionError("router", options.router, reason) from error
    if found.undefined_because is not None:
        raise OptionError("file", options.file, f"cannot be routed: {found.undefined_because}")
    return found.decisions


def _router(name: str) -> Router:
    """The router of that name, which the command can tell no parameters."""
    from partnerleads.routing import find_router  # noqa: PLC0415 - other commands route little

    try:
        return find_router(name)
    except OptionError as error:
        reason = error.reason
        if error.name == "parameters":
            reason = "needs parameters; make it in a module of your own, and pass module:NAME"
        raise OptionError("router", name, reason) from error


def _close_rates(lives: Lifecycles) -> dict[RecipientId, float]:
    """The close rate of each partner so far, drawn towards that of all."""
    table = league_table(lives, within=None)
    return {one.partner_id: one.shrunken for one in table.rows if one.shrunken is not None}


def routed_text(decisions: tuple[Decision, ...], *, explained: bool) -> str:
    """The decisions, one line of JSON each; or with everybody's case as text.

    Args:
        decisions: The decisions.
        explained: Whether people read them.
    """
    if not explained:
        return "\n".join(one.record() for one in decisions)
    lines = [line for one in decisions for line in str(one.explain()).split("\n")]
    return "\n".join(map(printable, lines)) or NONE_LEFT
