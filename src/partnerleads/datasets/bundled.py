"""The sample that the library brings along."""

from __future__ import annotations

import gzip
from importlib.resources import files

from partnerleads.codecs import read_jsonl
from partnerleads.events import Event

__all__ = ["sample"]


def sample() -> tuple[Event, ...]:
    """The events of a synthetic partner programme, from a file inside the package.

    Nothing in it is real; its source is ``synthetic-crm``. It tells of 2 000 leads and 40
    partners from 2024-10-01 to 2026-09-30, with every kind of event and about one percent of
    dirt. Use it with ``as_of=datasets.SAMPLE_AS_OF``. ``datasets.programme.generate()``
    makes the same events and says what is true of them.

    >>> events = sample()
    >>> events[0].source
    'synthetic-crm'
    """
    packed = files("partnerleads.datasets").joinpath("data", "sample.jsonl.gz")
    with packed.open("rb") as raw, gzip.open(raw, "rb") as lines:
        return read_jsonl(lines).events
