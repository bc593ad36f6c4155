"""Examples to learn from: what was known of leads before it was known what they became."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import overload

from attrs import field, frozen

from partnerleads.events import Event
from partnerleads.lifecycle import LeadLifecycle, Lifecycles
from partnerleads.model import Caution, FrozenMap, LeadId
from partnerleads.model.figure import counted, frozen_counts, left_out_words
from partnerleads.model.moments import moment_text
from partnerleads.model.options import check_span
from partnerleads.scoring.lead_features import LeadFeatures
from partnerleads.scoring.reading import Reading, reading_of
from partnerleads.scoring.remembering import Memory, first_close, just_before
from partnerleads.showing import Shown

__all__ = ["Example", "Examples", "training_examples"]

OPEN = "still open"
TOO_SOON = "closed before it would be read"
UNKNOWN = "nothing recorded of it when it would be read"

FROM_LIFECYCLES = Caution(
    "from_lifecycles",
    "read from lifecycles, which keep the last version alone of what was revised; pass events, so "
    "that no revision from after an outcome is seen",
)


@frozen(kw_only=True)
class Example:
    """One lead whose outcome is known.

    Attributes:
        features: What was known of it at the reading moment.
        won: Whether it was won; else it was lost or disqualified.
        closed_at: When its standing outcome came. [aware datetime]
    """

    features: LeadFeatures
    won: bool
    closed_at: datetime

    @property
    def lead_id(self) -> LeadId:
        """The lead."""
        return self.features.lead_id


def after_capture(span: timedelta) -> str:
    """When leads were read, such as ``3 days after the capture``."""
    days = span / timedelta(days=1)
    return f"{days:g} day{'' if days == 1 else 's'} after the capture"


def _examples(examples: Iterable[Example]) -> tuple[Example, ...]:
    return tuple(examples)


@frozen(kw_only=True, repr=False)
class Examples(Shown, Sequence[Example]):
    """Examples to learn from, by lead id.

    Attributes:
        examples: The examples.
        as_of: Outcomes that came later are not known. [aware datetime]
        read_after: How long after the capture each lead was read; None is just before its outcome.
            [span of time]
        left_out_because: Captured leads that are no example, by reason. [counts]
        warnings: What to beware of.
    """

    examples: tuple[Example, ...] = field(converter=_examples)
    as_of: datetime
    read_after: timedelta | None
    left_out_because: FrozenMap[str, int]
    warnings: tuple[Caution, ...] = ()

    def __len__(self) -> int:
        return len(self.examples)

    @overload
    def __getitem__(self, place: int) -> Example: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Example, ...]: ...

    def __getitem__(self, place: int | slice) -> Example | tuple[Example, ...]:
        return self.examples[place]

    @property
    def won(self) -> int:
        """How many were won. [count]"""
        return sum(one.won for one in self.examples)

    @property
    def lost(self) -> int:
        """How many were lost or disqualified. [count]"""
        return len(self) - self.won

    def to_dicts(self) -> list[dict[str, object]]:
        """The examples as flat rows, without what happened to them.

        Texts stand under ``values.`` and numbers under ``numbers.`` with their names; what no
        example has is no column, and what one does not have is None.
        """
        texts = sorted({name for one in self.examples for name in one.features.values})
        numbers = sorted({name for one in self.examples for name in one.features.numbers})
        return [
            {
                "lead_id": one.lead_id,
                "won": one.won,
                "closed_at": one.closed_at,
                "read_at": one.features.as_of,
                "segment": one.features.segment,
                **{f"values.{name}": one.features.values.get(name) for name in texts},
                **{f"numbers.{name}": one.features.numbers.get(name) for name in numbers},
            }
            for one in self.examples
        ]

    def _head(self) -> str:
        read = "just before the outcome"
        if self.read_after is not None:
            read = after_capture(self.read_after)
        head = f"{counted(len(self), 'example')}, {self.won} won, {self.lost} not"
        return f"{head} (read {read}, as of {moment_text(self.as_of)})"

    def _notes(self) -> list[str]:
        left_out = (left_out_words(n, why) for why, n in self.left_out_because.items())
        return [*left_out, *map(str, self.warnings)]


def training_examples(
    history: Iterable[Event] | Lifecycles,
    *,
    as_of: datetime | None = None,
    read_after: timedelta | None = None,
    keys: Collection[str] | None = None,
    numeric: Collection[str] = (),
    segment_by: str | None = None,
    as_recorded: bool = True,
) -> Examples:
    """What was known of each closed lead before its outcome, with the outcome.

    Leads are read a stated time after their capture, or just before they were first won, lost or
    disqualified. Whatever came later is not seen, nor what came at the same instant as the first
    outcome. A lead that was reopened and is open has no outcome; one that closed again has its
    last outcome, and is still read before its first.

    Args:
        history: Events, or the lifecycles made of them. Lifecycles keep the last version alone of
            what was revised, so only events tell what a capture said before it was revised.
        as_of: The moment; needed with events. [aware datetime]
        read_after: How long after the capture to read; leads that first closed by then are left
            out. None is just before the outcome. [span of time]
        keys: Names of features, see :data:`NAMES`; None reads all but the account.
        numeric: Attributes that are numbers written as text.
        segment_by: The feature whose value is the segment of a lead.
        as_recorded: Whether only what had been recorded by the reading moment is known. False
            takes all that is dated at or before it, which suits histories that were recorded
            afterwards, and trusts their dates.

    Raises:
        AsOfError: When the moment is missing with events, or is not that of the lifecycles.
        NaiveInstantError: When *as_of* has no offset.
        OptionError: When there is no feature of a name, or *read_after* is no span of time.

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 L1 captured industry=steel
    ...     2026-01-09 L1 won 9000 EUR
    ...     2026-01-10 L1 lead_updated attributes.contract=C17
    ...     2026-01-03 L2 captured industry=retail
    ... ''')
    >>> examples = training_examples(events, as_of=at("2026-02-01"), read_after=timedelta(days=3))
    >>> print(examples)
    1 example, 1 won, 0 not (read 3 days after the capture, as of 2026-02-01 00:00 UTC)
      note: 1 left out: still open
    >>> dict(examples[0].features.values)
    {'industry': 'steel'}
    """
    check_span("read_after", read_after)
    reading = reading_of(keys, numeric, segment_by)
    memory = Memory(history, as_of=as_of, as_recorded=as_recorded)
    read = [_read(lead, memory, reading, read_after) for lead in memory.lives.population]
    examples = [one for one in read if isinstance(one, Example)]
    warnings = [FROM_LIFECYCLES] if isinstance(history, Lifecycles) else []
    return Examples(
        examples=examples,
        as_of=memory.lives.as_of,
        read_after=read_after,
        left_out_because=frozen_counts(Counter(one for one in read if isinstance(one, str))),
        warnings=(*warnings, *_vague_closes(examples, memory)),
    )


def _vague_closes(examples: list[Example], memory: Memory) -> Iterator[Caution]:
    """A warning where outcomes may have come before the time that is stated."""
    closes = (first_close(memory.lives[one.lead_id]) for one in examples)
    vague = sum(one is not None and one.precision in {"by", "assumed"} for one in closes)
    if vague:
        words = f"{counted(vague, 'example')} closed at or before a time that is not known exactly"
        yield Caution("vague_closes", f"{words}; what was read may come from after the outcome")


def _read(
    lead: LeadLifecycle, memory: Memory, reading: Reading, read_after: timedelta | None
) -> Example | str:
    """The example that a captured lead is, or why it is none."""
    close, captured = first_close(lead), lead.captured
    if lead.closed is None or close is None or captured is None:
        return OPEN
    moment = just_before(close.occurred_at)
    if read_after is not None:
        # compared as spans, since a moment beyond the calendar is none
        if read_after >= close.occurred_at - captured.occurred_at:
            return TOO_SOON
        moment = captured.occurred_at + read_after
    known = memory.at(lead.lead_id, moment)
    if known is None:
        return UNKNOWN
    if first_close(known) is not None:  # as was known then, and taken back since
        return TOO_SOON
    return Example(
        features=reading.features(known),
        won=lead.status == "won",
        closed_at=lead.closed.occurred_at,
    )
