"""The command line: ``demo``, ``review``, ``scorecard``, ``feedback`` and ``route``.

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

from attrs import evolve

from partnerleads.errors import BadInputError, Fault, PartnerLeadsError
from partnerleads.lifecycle import fold
from partnerleads.review import Review, as_text, problem_lines, programme_review
from partnerleads.review.bad_input import bad_input, left_out
from partnerleads.review.command_options import (
    clock_settled,
    file_options,
    period_of,
    shown_options,
)
from partnerleads.review.feedback_command import (
    feedback_json,
    feedback_of,
    feedback_options,
    feedback_text,
)
from partnerleads.review.partner_scorecard import (
    partner_scorecard,
    scorecard_json,
    scorecard_options,
    scorecard_text,
)
from partnerleads.review.route_command import route_options, routed, routed_text
from partnerleads.review.scoring_options import Prices, scoring_of, scoring_options
from partnerleads.showing import spaced

if TYPE_CHECKING:
    from partnerleads.codecs import Reading
    from partnerleads.lifecycle import Lifecycles

__all__ = ["main"]

_STDIN = "-"

_EXAMPLES = """\
examples:
  python -m partnerleads demo
  python -m partnerleads review events.jsonl --as-of 2026-10-01T00:00:00+02:00 \\
    --time-zone Europe/Berlin
  python -m partnerleads review deals.csv --mapping deals.toml --as-of 2026-10-01T00:00Z --lenient
  python -m partnerleads scorecard partner-03 events.jsonl --as-of 2026-10-01T00:00Z
  python -m partnerleads feedback partner-03 events.jsonl --as-of 2026-10-01T00:00Z
  python -m partnerleads route events.jsonl --as-of 2026-10-01T00:00Z --router plv
"""


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
    shown = shown_options()

    def command(
        name: str, words: str, *parents: argparse.ArgumentParser
    ) -> argparse.ArgumentParser:
        made = commands.add_parser(
            name,
            parents=parents,
            help=words,
            description=f"{words[0].upper()}{words[1:]}.",
            allow_abbrev=False,
        )
        made.set_defaults(refuse=made.error)
        return made

    command("demo", "review the bundled synthetic programme", shown)
    review = command("review", "review a file of events", shown)
    scoring_options(review)
    file_options(review)
    card = command("scorecard", "show one partner where it stands and what raises its score")
    scorecard_options(card)
    file_options(card)
    feedback = command("feedback", "tell one partner how good its leads are and what was missing")
    feedback_options(feedback)
    file_options(feedback)
    route = command("route", "decide who gets the leads that nobody has, one line of JSON each")
    route_options(route)
    file_options(route)
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
    if reading.rejected:
        print(left_out(reading, options.most_faults), file=sys.stderr)
    return reading


def _demo(options: argparse.Namespace) -> Review:
    from partnerleads import datasets  # noqa: PLC0415 - only the demo needs it
    from partnerleads.plv import DEFAULT_MODEL  # noqa: PLC0415 - help needs no scores

    return programme_review(
        fold(datasets.sample(), as_of=datasets.SAMPLE_AS_OF),
        period=period_of(options),
        tz=options.time_zone,
        fiscal_start=options.fiscal_start,
        name="a synthetic programme",
        model=evolve(DEFAULT_MODEL, currency="EUR"),
        rates=Prices(datasets.SAMPLE_PRICES),
    )


def _review(options: argparse.Namespace) -> Review:
    from partnerleads.review.input_notes import input_notes  # noqa: PLC0415 - needs the readers

    model, rates = scoring_of(options)
    reading = _read(options)
    as_of, known_at = options.as_of, options.known_at
    return programme_review(
        fold(reading.events, as_of=as_of, known_at=known_at),
        period=period_of(options),
        tz=options.time_zone,
        fiscal_start=options.fiscal_start,
        name="standard input" if options.file == _STDIN else Path(options.file).name,
        model=model,
        rates=rates,
        input_notes=input_notes(
            reading,
            as_of=as_of,
            known_at=known_at,
            tz=options.time_zone,
            all_of_it=options.problems,
        ),
    )


def _lives(options: argparse.Namespace) -> Lifecycles:
    return fold(_read(options).events, as_of=options.as_of, known_at=options.known_at)


def _scorecard(options: argparse.Namespace) -> str:
    card = partner_scorecard(_lives(options), options)
    return _json(scorecard_json(card)) if options.json else scorecard_text(card)


def _feedback(options: argparse.Namespace) -> str:
    found = feedback_of(_read(options).events, options)
    return _json(feedback_json(found)) if options.json else feedback_text(found)


def _route(options: argparse.Namespace) -> str:
    return routed_text(routed(_lives(options), options), explained=options.explain)


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


def _told(review: Review, options: argparse.Namespace) -> str:
    if options.json:
        return _json(review.to_json())
    text = as_text(review)
    return f"{text}\n\n{problem_lines(review)}" if options.problems else text


def _json(form: object) -> str:
    return json.dumps(form, indent=2, allow_nan=False)


def _print(text: str) -> None:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    print(text, end="\n" if text else "", flush=True)


_COMMANDS: dict[str, Callable[[argparse.Namespace], str]] = {
    "demo": lambda options: _told(_demo(options), options),
    "review": lambda options: _told(_review(options), options),
    "scorecard": _scorecard,
    "feedback": _feedback,
    "route": _route,
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
    missing = clock_settled(options)
    if missing:
        options.refuse(missing)
    try:
        text = _COMMANDS[options.command](options)
    except (PartnerLeadsError, OSError) as error:
        print(_wrong(error, options), file=sys.stderr)
        return 1
    try:
        _print(text)
    except BrokenPipeError:
        _give_up_printing()
    except OSError as error:
        _give_up_printing()
        print(f"the review cannot be written: {error.strerror or error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
