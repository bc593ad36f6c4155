"""The command line: ``python -m partnerleads demo`` and ``python -m partnerleads review FILE``.

Exit codes: 0 the review was made; 1 the input has faults or cannot be read; 2 the command was
wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from partnerleads.errors import BadInputError, NaiveInstantError, PartnerLeadsError
from partnerleads.model import Period, instant

if TYPE_CHECKING:
    from partnerleads.codecs import Reading
    from partnerleads.review import Review

__all__ = ["main"]

_MOST_FAULTS = 50

_EXAMPLES = """\
examples:
  python -m partnerleads demo
  python -m partnerleads review events.jsonl --as-of 2026-10-01T00:00:00+02:00
  python -m partnerleads review deals.csv --mapping deals.toml --as-of 2026-10-01T00:00Z --lenient
"""


def _moment(text: str) -> datetime:
    try:
        return instant(datetime.fromisoformat(text), "--as-of")
    except NaiveInstantError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    except ValueError:
        reason = f"{text!r} is no instant; write for example 2026-10-01T00:00:00+00:00"
        raise argparse.ArgumentTypeError(reason) from None


def _period(text: str) -> Callable[[str], Period]:
    """Read ``2026``, ``2026-Q3``, ``2026-09`` or ``2026-07-01..2026-10-01``."""

    def in_zone(tz: str) -> Period:
        first, between, until = text.partition("..")
        if between:
            return Period.days(date.fromisoformat(first), date.fromisoformat(until), tz=tz)
        year, _, part = text.partition("-")
        if part.upper().startswith("Q"):
            return Period.quarter(int(year), int(part[1:]), tz=tz)
        return Period.month(int(year), int(part), tz=tz) if part else Period.year(int(year), tz=tz)

    try:
        in_zone("UTC")
    except ValueError as error:
        forms = "write 2026, 2026-Q3, 2026-09 or 2026-07-01..2026-10-01"
        raise argparse.ArgumentTypeError(f"{text!r} is no period ({error}); {forms}") from None
    return in_zone


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m partnerleads",
        description="Turn a partner programme's events into figures.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    shown = argparse.ArgumentParser(add_help=False)
    shown.add_argument("--json", action="store_true", help="print JSON instead of text")
    shown.add_argument("--problems", action="store_true", help="list every problem and finding")
    shown.add_argument(
        "--period",
        type=_period,
        metavar="PERIOD",
        help="2026, 2026-Q3, 2026-09 or 2026-07-01..2026-10-01 (default: the last quarter over)",
    )
    shown.add_argument("--time-zone", default="UTC", metavar="ZONE", help="zone of the period")
    commands.add_parser("demo", parents=[shown], help="review the bundled synthetic programme")
    review = commands.add_parser("review", parents=[shown], help="review a file of events")
    review.add_argument("file", help="JSON lines, or CSV")
    review.add_argument("--as-of", type=_moment, required=True, metavar="INSTANT")
    review.add_argument("--known-at", type=_moment, metavar="INSTANT", help="what was known then")
    review.add_argument("--mapping", metavar="FILE", help="what the columns of a CSV mean (TOML)")
    review.add_argument(
        "--lenient", action="store_true", help="go on without the rows that have faults"
    )
    review.add_argument(
        "--most-faults", type=int, default=_MOST_FAULTS, metavar="N", help="how many faults to list"
    )
    return parser


def _progress() -> Callable[[int], None] | None:
    """Count the rows on the screen, where a person watches."""
    if not sys.stderr.isatty():
        return None

    def show(rows: int) -> None:
        print(f"\r{rows:,} rows read", end="", file=sys.stderr, flush=True)

    return show


def _read(options: argparse.Namespace) -> Reading:
    from partnerleads import codecs  # noqa: PLC0415 - the demo needs no readers of files

    progress = _progress()
    try:
        if options.mapping or Path(options.file).suffix.lower() == ".csv":
            return codecs.read_csv(
                options.file,
                mapping=options.mapping,
                strict=not options.lenient,
                progress=progress,
            )
        return codecs.read_jsonl(options.file, strict=not options.lenient, progress=progress)
    finally:
        if progress is not None:
            print("\r", end="", file=sys.stderr)


def _input_notes(reading: Reading) -> tuple[str, ...]:
    head = f"{reading.read} rows read: {reading.accepted} accepted, {reading.rejected} rejected"
    reasons: dict[str, int] = {}
    for fault in reading.faults:
        words = f"{fault.path}: {fault.reason}"
        reasons[words] = reasons.get(words, 0) + 1
    most = sorted(reasons.items(), key=lambda item: -item[1])[:5]
    dirt = getattr(reading, "dirt", ())
    return (head, *(f"  {count} {words}" for words, count in most), *(f"  {one}" for one in dirt))


def _demo(options: argparse.Namespace) -> Review:
    from partnerleads import datasets, lifecycle, review  # noqa: PLC0415 - only what is asked for

    lives = lifecycle.fold(datasets.sample(), as_of=datasets.SAMPLE_AS_OF)
    period = options.period and options.period(options.time_zone)
    name = "a synthetic programme"
    return review.programme_review(lives, period=period, tz=options.time_zone, name=name)


def _review(options: argparse.Namespace) -> Review:
    from partnerleads import lifecycle, review  # noqa: PLC0415 - only what is asked for

    reading = _read(options)
    lives = lifecycle.fold(reading.events, as_of=options.as_of, known_at=options.known_at)
    return review.programme_review(
        lives,
        period=options.period and options.period(options.time_zone),
        tz=options.time_zone,
        name=Path(options.file).name,
        input_notes=_input_notes(reading),
    )


def _print_faults(error: BadInputError, most: int) -> None:
    shown = BadInputError(error.name, error.faults[:most], error.read, error.accepted)
    head, *lines = str(shown).split("\n")
    count = len(error.faults)
    head = f"{error.name}: {count} faults in {error.read} rows, {error.accepted} accepted"
    print("\n".join([head, *lines]), file=sys.stderr)
    if count > most:
        print(f"  ... {count - most} more; --most-faults {count} lists all", file=sys.stderr)
    print("Mend them, or pass --lenient to go on without those rows.", file=sys.stderr)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: The arguments; None takes the process's own.

    Returns:
        The exit code.
    """
    options = _arguments().parse_args(arguments)
    try:
        result = _demo(options) if options.command == "demo" else _review(options)
    except BadInputError as error:
        _print_faults(error, options.most_faults)
        return 1
    except (PartnerLeadsError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    try:
        _print(result, options)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _print(result: Review, options: argparse.Namespace) -> None:
    if options.json:
        print(json.dumps(result.to_json(), indent=2, ensure_ascii=False))
        return
    print(result)
    if options.problems:
        from partnerleads.review import problem_lines  # noqa: PLC0415 - only what is asked for

        print("\n" + problem_lines(result))


if __name__ == "__main__":
    sys.exit(main())
