"""The command line: ``demo``, ``review FILE`` and ``scorecard PARTNER FILE``.

Exit codes: 0 the review was made; 1 the input has faults or cannot be read, or the review cannot
be written; 2 the command was wrong.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from partnerleads.errors import BadInputError, Fault, PartnerLeadsError
from partnerleads.lifecycle import fold
from partnerleads.review import Review, as_text, problem_lines, programme_review
from partnerleads.review.arguments import PERIOD_FORMS, as_count, as_moment, as_period, as_zone
from partnerleads.review.bad_input import bad_input
from partnerleads.review.partner_scorecard import (
    partner_scorecard,
    scorecard_json,
    scorecard_options,
    scorecard_text,
)
from partnerleads.review.words import spaced

if TYPE_CHECKING:
    from partnerleads.codecs import Reading
    from partnerleads.plv import Scorecard

__all__ = ["main"]

_MOST_FAULTS = 50
_STDIN = "-"

_EXAMPLES = """\
examples:
  python -m partnerleads demo
  python -m partnerleads review events.jsonl --as-of 2026-10-01T00:00:00+02:00
  python -m partnerleads review deals.csv --mapping deals.toml --as-of 2026-10-01T00:00Z --lenient
  python -m partnerleads scorecard partner-03 events.jsonl --as-of 2026-10-01T00:00Z
"""


def _shown_options() -> argparse.ArgumentParser:
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
    shown.add_argument(
        "--time-zone",
        type=as_zone,
        default="UTC",
        metavar="ZONE",
        help="zone of the period; default: UTC",
    )
    shown.add_argument(
        "--fiscal-start",
        type=as_count,
        choices=range(1, 13),
        default=1,
        metavar="MONTH",
        help="month in which the fiscal year of quarters and years starts; default: 1",
    )
    return shown


def _file_options(review: argparse.ArgumentParser) -> None:
    review.add_argument(
        "file",
        metavar="FILE",
        help="JSON lines, or CSV if it ends in .csv or has a mapping; - is standard input",
    )
    review.add_argument(
        "--as-of",
        type=as_moment,
        required=True,
        metavar="INSTANT",
        help="the moment to look from, with its offset: 2026-10-01T00:00:00+02:00",
    )
    review.add_argument(
        "--known-at", type=as_moment, metavar="INSTANT", help="use only what was recorded by then"
    )
    review.add_argument("--mapping", metavar="FILE", help="what the columns of a CSV mean (TOML)")
    review.add_argument(
        "--lenient", action="store_true", help="go on without the rows that have faults"
    )
    review.add_argument(
        "--most-faults",
        type=as_count,
        default=_MOST_FAULTS,
        metavar="N",
        help=f"how many faults to list; default: {_MOST_FAULTS}",
    )


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m partnerleads",
        description="Turn a partner programme's events into figures.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "--version", action="version", version=f"partnerleads {version('partnerleads')}"
    )
    commands = parser.add_subparsers(dest="command")
    shown = _shown_options()

    def command(
        name: str, words: str, *parents: argparse.ArgumentParser
    ) -> argparse.ArgumentParser:
        return commands.add_parser(
            name,
            parents=parents,
            help=words,
            description=f"{words[0].upper()}{words[1:]}.",
            allow_abbrev=False,
        )

    command("demo", "review the bundled synthetic programme", shown)
    _file_options(command("review", "review a file of events", shown))
    card = command("scorecard", "show one partner where it stands and what raises its score")
    scorecard_options(card)
    _file_options(card)
    return parser


@contextmanager
def _progress() -> Iterator[Callable[[int], None] | None]:
    """Count the rows on the screen where a person watches, and wipe the count away at the end."""
    if not sys.stderr.isatty():
        yield None
        return

    def show(rows: int) -> None:
        print(f"\r{spaced(rows, 'row')} read", end="", file=sys.stderr, flush=True)

    try:
        yield show
    finally:
        print("\r" + " " * 40 + "\r", end="", file=sys.stderr, flush=True)


def _is_csv(options: argparse.Namespace) -> bool:
    return bool(options.mapping) or Path(options.file).suffix.lower() == ".csv"


def _read(options: argparse.Namespace) -> Reading:
    from partnerleads import codecs  # noqa: PLC0415 - the demo needs no readers of files

    source = sys.stdin.buffer if options.file == _STDIN else options.file
    strict = not options.lenient
    with _progress() as show:
        if _is_csv(options):
            reading: Reading = codecs.read_csv(
                source, mapping=options.mapping, strict=strict, progress=show
            )
        else:
            reading = codecs.read_jsonl(source, strict=strict, progress=show)
    if not reading.accepted:
        reading.raise_faults()
        nothing = Fault("$", "", "has no rows; there is nothing to review", None, reading.name)
        raise BadInputError(reading.name, (nothing,), 0, 0)
    return reading


def _demo(options: argparse.Namespace) -> Review:
    from partnerleads import datasets  # noqa: PLC0415 - only the demo needs it

    return programme_review(
        fold(datasets.sample(), as_of=datasets.SAMPLE_AS_OF),
        period=options.period and options.period(options.time_zone, options.fiscal_start),
        tz=options.time_zone,
        fiscal_start=options.fiscal_start,
        name="a synthetic programme",
    )


def _review(options: argparse.Namespace) -> Review:
    from partnerleads.review.input_notes import input_notes  # noqa: PLC0415 - needs the readers

    reading = _read(options)
    as_of, known_at = options.as_of, options.known_at
    return programme_review(
        fold(reading.events, as_of=as_of, known_at=known_at),
        period=options.period and options.period(options.time_zone, options.fiscal_start),
        tz=options.time_zone,
        fiscal_start=options.fiscal_start,
        name="standard input" if options.file == _STDIN else Path(options.file).name,
        input_notes=input_notes(
            reading,
            as_of=as_of,
            known_at=known_at,
            tz=options.time_zone,
            all_of_it=options.problems,
        ),
    )


def _scorecard(options: argparse.Namespace) -> Scorecard:
    lives = fold(_read(options).events, as_of=options.as_of, known_at=options.known_at)
    return partner_scorecard(lives, options)


def _wrong(error: PartnerLeadsError | OSError, options: argparse.Namespace) -> str:
    if options.command == "demo":
        return str(error)
    return bad_input(
        error,
        file=options.file,
        read_as_csv=_is_csv(options),
        mapping=options.mapping,
        most_faults=options.most_faults,
    )


def _shown(result: Review | Scorecard, options: argparse.Namespace) -> str:
    if options.json:
        form = result.to_json() if isinstance(result, Review) else scorecard_json(result)
        return json.dumps(form, indent=2, allow_nan=False)
    if not isinstance(result, Review):
        return scorecard_text(result)
    text = as_text(result)
    return f"{text}\n\n{problem_lines(result)}" if options.problems else text


def _print(result: Review | Scorecard, options: argparse.Namespace) -> None:
    text = _shown(result, options)
    if not options.json and isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    print(text, flush=True)


_COMMANDS: dict[str, Callable[[argparse.Namespace], Review | Scorecard]] = {
    "demo": _demo,
    "review": _review,
    "scorecard": _scorecard,
}


def _give_up_printing() -> None:
    """Let nothing be written any more, so that Python's own flush at the end finds no fault."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: The arguments; None takes the process's own.

    Returns:
        The exit code.

    Raises:
        SystemExit: With code 2 when the command is wrong, with 0 after its help or version.
    """
    parser = _arguments()
    options = parser.parse_args(arguments)
    if options.command is None:
        parser.print_help(sys.stderr)
        return 2
    try:
        result = _COMMANDS[options.command](options)
    except (PartnerLeadsError, OSError) as error:
        print(_wrong(error, options), file=sys.stderr)
        return 1
    try:
        _print(result, options)
    except BrokenPipeError:
        _give_up_printing()
    except OSError as error:
        _give_up_printing()
        print(f"the review cannot be written: {error.strerror or error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
