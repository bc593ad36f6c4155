"""Histories written the way the domain speaks, for tests and examples.

One event a line; blank lines and ``# comments`` are skipped::

    2026-01-02        L1   captured by acme 10000 EUR region=DACH
    2026-01-02 09:30  L1   contact by own_team agent=ann
    2026-01-05        L1   won 9000 EUR margin=900 EUR recorded=2026-01-07
    2026-01-06        acme certified security expires_at=2027-01-06
    2026-01-31        -    cost portal 500 EUR
    2026-02-01        e3   retracted reason="typed twice"

A line is ``DATE [TIME] SUBJECT WORD ARGUMENTS``.

**Date and time.** ``2026-01-02`` is midnight UTC. A time such as ``09:30`` may follow, with an
offset (``09:30+02:00``) if it is not UTC. The precision is ``instant`` even of a bare date; say
``precision=day`` for an event of which only the date is known.

**Subject.** The lead of a lead event, the partner of a partner event and of a cost (``-`` for the
programme's own cost), the event id that a retraction takes back.

**Word.** Any kind by its full name, such as ``lead_won``, or without its first part where that
names one kind alone: ``won``, ``registered``, ``approved``, ``influenced``, ``expired``,
``refunded``, ``onboarded``, ``rated``, ``retracted``. ``updated`` and ``withdrawn`` name two, so
write ``lead_updated`` or ``offer_withdrawn``. Shorter still: ``contact``, ``training``,
``certified``, ``campaign``, ``co_sell``, ``business_plan``, ``cost``.

**Arguments**, in any order:

- ``by X`` or ``to X`` names the partner: the originator of a capture, whoever made a contact
  (``by own_team`` is the own team), the ``partner_id`` of any other kind.
- ``9000 EUR`` is the first field of the kind that holds money.
- ``field=value`` sets any field. Fields of the lead go by their bare names (``region=DACH``), map
  entries with a point (``attributes.colour=red``, ``propensities.acme=0.5``), lists with commas
  (``eligible=acme,beta``), money as ``margin=900 EUR``, instants as ``expires_at=2026-01-09`` or
  ``expires_at="2026-01-09 12:00"``, truth as ``yes`` or ``no``. ``agent=`` means ``agent_id=``, and
  so with every name that ends in ``_id``; ``id=`` is the event id, ``recorded=`` or ``rec=`` the
  recording instant, ``seq=`` the sequence.
- any other word sets the first text field that is neither an id nor a ``reason``: the ``activity``
  of an influence, the ``stage`` of progress, the ``course`` of a training, the ``kind`` of a cost,
  the ``chosen`` one of a routing. A field set twice is a fault.
- double quotes hold spaces together: ``reason="no budget"``.

Events without ``id=`` are called ``e1``, ``e2``, ... by their place among the events of the text,
so the same text always gives equal events.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from difflib import get_close_matches

from partnerleads.errors import BadInputError, Fault, InvalidEventError
from partnerleads.events import KINDS, Event
from partnerleads.testing.draft import Draft, at, fault, money

__all__ = ["at", "history", "money"]

_TOKEN = re.compile(r'\s*(?:(?P<comment>#.*)|(?P<token>(?:"[^"]*"|[^\s"])+))')
_TIME = re.compile(r"\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?")
_NUMBER = re.compile(r"([a-z_]+=)?[+-]?\d+(\.\d+)?")
_CURRENCY = re.compile(r"[A-Z]{3}")

_SHORT_WORDS = {
    "contact": "contact_made",
    "training": "training_completed",
    "certified": "certification_earned",
    "campaign": "campaign_joined",
    "co_sell": "co_sell_held",
    "business_plan": "business_plan_filed",
    "cost": "cost_incurred",
}


def _words() -> dict[str, str]:
    own = set(_SHORT_WORDS.values())
    short = {kind: kind.partition("_")[2] for kind in KINDS if kind not in own}
    uses = Counter(short.values())
    alone = {word: kind for kind, word in short.items() if uses[word] == 1}
    return {**alone, **_SHORT_WORDS, **{kind: kind for kind in KINDS}}


_WORDS = _words()


def history(text: str) -> tuple[Event, ...]:
    """The events of a text, one event a line, in the order written.

    A line is ``DATE [TIME] SUBJECT WORD ARGUMENTS``, such as
    ``2026-01-02 09:30 L1 captured by acme 10000 EUR region=DACH``. The whole notation is shown by
    ``help("partnerleads.testing.notation")``, and stands on the page of the reference on testing.

    Args:
        text: One event a line.

    Raises:
        BadInputError: If lines cannot be read; carries every fault with its line, counted from 1.

    >>> [event.type for event in history("2026-01-02 L1 captured by acme 10000 EUR")]
    ['lead_captured']
    """
    events: list[Event] = []
    faults: list[Fault] = []
    read = 0
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            tokens = _tokens(line)
            if tokens:
                read += 1
                events.append(_event(tokens, f"e{read}"))
        except InvalidEventError as error:
            faults += [Fault(f.path, f.value, f.reason, line=number) for f in error.faults]
    if faults:
        raise BadInputError("history", tuple(faults), read, len(events))
    return tuple(events)


def _tokens(line: str) -> list[str]:
    """The words of a line without its comment; quotes stay, a number takes its currency along."""
    found: list[str] = []
    place = 0
    while match := _TOKEN.match(line, place):
        place = match.end()
        token = match["token"]
        if token is None:
            break
        if found and _CURRENCY.fullmatch(token) and _NUMBER.fullmatch(found[-1]):
            found[-1] += f" {token}"
        else:
            found.append(token)
    if line[place:].strip():
        raise fault("$", line.strip(), "has a quote that is not closed")
    return found


def _event(tokens: list[str], event_id: str) -> Event:
    rest = iter(tokens)
    day = next(rest)
    subject = _following(rest, "a time, a lead, or a partner")
    if _TIME.fullmatch(subject):
        day += f" {subject}"
        subject = _following(rest, "a lead or a partner")
    word = _following(rest, "a word such as captured")
    if word not in _WORDS:
        raise fault("$.type", repr(word), _which_kind(word))
    draft = Draft(KINDS[_WORDS[word]], subject)
    draft.set("occurred_at", day)
    for token in rest:
        if token in ("by", "to"):
            draft.set_partner(_following(rest, f"a partner after {token!r}"))
        else:
            draft.argument(token)
    return draft.event(event_id)


def _which_kind(word: str) -> str:
    several = [kind for kind in KINDS if kind.partition("_")[2] == word]
    close = get_close_matches(word, _WORDS, n=3)
    if several or close:
        return f"is no kind; did you mean {' or '.join(several or close)}?"
    return f"is no kind; write one of {', '.join(sorted(_WORDS))}"


def _following(rest: Iterator[str], wanted: str) -> str:
    token = next(rest, None)
    if token is None:
        raise fault("$", "", f"the line ends where it should name {wanted}")
    return token.replace('"', "")
