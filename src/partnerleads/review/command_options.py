"""The options that several commands share: what to read, and how to show it."""

from __future__ import annotations

import argparse

from partnerleads.review.arguments import PERIOD_FORMS, as_count, as_moment, as_period, as_zone

__all__ = ["calendar_options", "file_options", "shown_options"]

_MOST_FAULTS = 50


def shown_options() -> argparse.ArgumentParser:
    """What both reviews can be told about what they show."""
    shown = argparse.ArgumentParser(add_help=False)
    shown.add_argument("--json", action="store_true", help="print JSON instead of text")
    shown.add_argument(
        "--problems", action="store_true", help="list every problem and finding, and all dirt"
    )
    shown.add_argument(
        "--period",
        type=as_period,
        metavar="PERIOD",
        help=f"{PERIOD_FORMS}; default: the last quarter that is over",
    )
    calendar_options(shown, of="the period")
    return shown


def calendar_options(parser: argparse.ArgumentParser, *, of: str) -> None:
    """By which clock days begin, and in which month years do.

    Args:
        parser: The parser of the command.
        of: What is counted by them, for its help.
    """
    parser.add_argument(
        "--time-zone",
        type=as_zone,
        default="UTC",
        metavar="ZONE",
        help=f"zone of {of}; default: UTC",
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
        type=as_moment,
        required=True,
        metavar="INSTANT",
        help="the moment to look from, with its offset: 2026-10-01T00:00:00+02:00",
    )
    parser.add_argument(
        "--known-at", type=as_moment, metavar="INSTANT", help="use only what was recorded by then"
    )
    parser.add_argument("--mapping", metavar="FILE", help="what the columns of a CSV mean (TOML)")
    parser.add_argument(
        "--lenient", action="store_true", help="go on without the rows that have faults"
    )
    parser.add_argument(
        "--most-faults",
        type=as_count,
        default=_MOST_FAULTS,
        metavar="N",
        help=f"how many faults to list; default: {_MOST_FAULTS}",
    )
