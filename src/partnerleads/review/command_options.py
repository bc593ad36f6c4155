"""The options that several commands share: what to read, by which clock, and how to show it."""

from __future__ import annotations

import argparse

from partnerleads.model import Period, instant
from partnerleads.review.arguments import (
    PERIOD_FORMS,
    as_count,
    as_moment,
    as_period,
    as_told,
    as_zone,
)

__all__ = ["clock_settled", "file_options", "partner_options", "period_of", "shown_options"]

_MOST_FAULTS = 50


def shown_options() -> argparse.ArgumentParser:
    """What both reviews can be told about what they show."""
    shown = argparse.ArgumentParser(add_help=False)
    _json_option(shown)
    shown.add_argument(
        "--problems", action="store_true", help="list every problem and finding, and all dirt"
    )
    _period_option(shown, words=f"{PERIOD_FORMS}; default: the last quarter that is over")
    _calendar_options(shown, of="the period")
    return shown


def partner_options(parser: argparse.ArgumentParser, *, period: str | None = None) -> None:
    """What every command about one partner can be told beside the file of events.

    Args:
        parser: The parser of the command.
        period: Which leads a period picks, for its help; None where the command takes no period.
    """
    parser.add_argument("partner", metavar="PARTNER", help="id of the partner")
    _json_option(parser)
    if period is not None:
        _period_option(parser, words=period)
    _calendar_options(parser, of="the quarters" if period is None else "the period")


def _json_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")


def _period_option(parser: argparse.ArgumentParser, *, words: str) -> None:
    parser.add_argument("--period", type=as_period, metavar="PERIOD", help=words)


def _calendar_options(parser: argparse.ArgumentParser, *, of: str) -> None:
    """By which clock days begin, and in which month years do."""
    parser.add_argument(
        "--time-zone",
        type=as_zone,
        metavar="ZONE",
        help=f"zone of {of}, such as Europe/Berlin; default: UTC, where --as-of is in UTC too",
    )
    parser.add_argument(
        "--fiscal-start",
        type=as_count,
        choices=range(1, 13),
        default=1,
        metavar="MONTH",
        help="month in which the fiscal year of quarters and years starts; default: 1",
    )


def file_options(parser: argparse.ArgumentParser) -> None:
    """The file to read, the moment, and what to do about faults."""
    parser.add_argument(
        "file",
        metavar="FILE",
        help="JSON lines, or CSV if it ends in .csv or has a mapping; - is standard input",
    )
    parser.add_argument(
        "--as-of",
        type=as_told,
        required=True,
        metavar="INSTANT",
        help="the moment to look from, with its offset: 2026-10-01T00:00:00+00:00",
    )
    parser.add_argument(
        "--known-at", type=as_moment, metavar="INSTANT", help="use only what was recorded by then"
    )
    parser.add_argument("--mapping", metavar="FILE", help="what the columns of a CSV mean (TOML)")
    parser.add_argument(
        "--lenient",
        action="store_true",
        help="go on without the rows that have faults, and list them",
    )
    parser.add_argument(
        "--most-faults",
        type=as_count,
        default=_MOST_FAULTS,
        metavar="N",
        help=f"how many faults to list; default: {_MOST_FAULTS}",
    )


def clock_settled(options: argparse.Namespace) -> str:
    """Settle by which clock periods begin, or say why that cannot be told.

    A moment told by another clock than UTC may lie in another quarter there: midnight in Berlin
    is the day before in UTC. So the zone is not guessed.

    Args:
        options: What the command was told; gets its ``as_of`` in UTC and its ``time_zone``.

    Returns:
        What is missing; nothing where all is settled.
    """
    told = getattr(options, "as_of", None)
    if told is not None:
        options.as_of = instant(told)
    if getattr(options, "time_zone", "") is not None:
        return ""
    options.time_zone = "UTC"
    if told is None or not told.utcoffset() or _counts_no_days(options):
        return ""
    return (
        f"argument --as-of: {told.isoformat()} is told by another clock than UTC, and periods may "
        "begin by either; add the zone they begin in, such as --time-zone Europe/Berlin, or "
        "--time-zone UTC"
    )


def _counts_no_days(options: argparse.Namespace) -> bool:
    """Whether nothing that is shown depends on when days begin."""
    return options.command == "feedback" and options.period is None


def period_of(options: argparse.Namespace) -> Period | None:
    """The period that was asked for, in the zone and the fiscal year of the command.

    Args:
        options: What a command with a period was told.
    """
    if options.period is None:
        return None
    period: Period = options.period(options.time_zone, options.fiscal_start)
    return period
