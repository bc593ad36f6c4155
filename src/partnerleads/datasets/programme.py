"""A synthetic partner programme with known truth, from a seed.

Everything here is invented. The same seed gives the same events, to the byte, so that what a
figure should find is known beforehand: which leads are truly sourced, influenced or direct, how
likely each was to be won, and where dirt was put.

``python -m partnerleads.datasets.programme PATH`` writes the sample that the library brings
along.
"""

from __future__ import annotations

import gzip
import io
import sys
from collections.abc import Mapping
from pathlib import Path
from random import Random

from attrs import field, frozen

from partnerleads.codecs import write_jsonl
from partnerleads.datasets.dirt import soil
from partnerleads.datasets.lead_stories import LeadTruth, tell_lead
from partnerleads.datasets.market import SAMPLE_AS_OF
from partnerleads.datasets.partner_stories import (
    PartnerTruth,
    partner_truths,
    programme_costs,
    tell_partner,
)
from partnerleads.errors import OptionError
from partnerleads.events import Event, order_key

__all__ = ["SAMPLE_AS_OF", "LeadTruth", "PartnerTruth", "Programme", "Truth", "generate"]

FEWEST_PARTNERS = 5


@frozen(kw_only=True)
class Truth:
    """What is true of a programme, whatever its records say.

    Attributes:
        leads: Truth of each lead, by lead id.
        partners: Truth of each partner, by partner id.
        dirt: Names of the leads that each sort of dirt was put on, by name of the dirt; ids that
            ``leads`` lacks are of leads that were never captured.
    """

    leads: Mapping[str, LeadTruth] = field(repr=False)
    partners: Mapping[str, PartnerTruth] = field(repr=False)
    dirt: Mapping[str, tuple[str, ...]]


@frozen(kw_only=True)
class Programme:
    """The events of a programme, and what is true of it.

    Attributes:
        events: Everything recorded before ``SAMPLE_AS_OF``, in the order of events.
        truth: What is true.
    """

    events: tuple[Event, ...] = field(repr=False)
    truth: Truth


def generate(*, seed: int = 2026, leads: int = 2000, partners: int = 40) -> Programme:
    """Invent a programme of two years, from 2024-10-01 to 2026-09-30.

    Three partners are strong, three in ten never close anything; leads with a partner close about
    twice as often as direct ones. About one percent of the events is dirty.

    Args:
        seed: Any integer; the same one gives the same programme.
        leads: How many leads are captured. [count, >= 1]
        partners: How many partners there are. [5..99]

    Raises:
        OptionError: If a count is out of range.
    """
    if leads < 1:
        raise OptionError("leads", leads, "write a count, at least 1")
    if not FEWEST_PARTNERS <= partners <= 99:
        raise OptionError("partners", partners, f"write a count from {FEWEST_PARTNERS} to 99")
    cast = partner_truths(Random(f"{seed} partners"), partners)
    told = [tell_lead(Random(f"{seed} lead {n}"), n, cast) for n in range(1, leads + 1)]
    others = [tell_partner(Random(f"{seed} {truth.partner_id}"), truth).events for truth in cast]
    others.append(programme_costs(Random(f"{seed} costs")).events)
    by_lead = {truth.lead_id: list(events) for events, truth in told}
    truths = {truth.lead_id: truth for _, truth in told}
    dirt = soil(Random(f"{seed} dirt"), by_lead, truths)
    events = [event for part in (*others, *by_lead.values()) for event in part]
    return Programme(
        events=tuple(sorted(events, key=order_key)),
        truth=Truth(leads=truths, partners={truth.partner_id: truth for truth in cast}, dirt=dirt),
    )


def packed(programme: Programme) -> bytes:
    """The events as gzipped JSON lines, without a time stamp."""
    lines = io.BytesIO()
    write_jsonl(programme.events, lines)
    return gzip.compress(lines.getvalue(), compresslevel=9, mtime=0)


def main(arguments: list[str]) -> int:
    """Write the sample to the path given."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m partnerleads.datasets.programme PATH\n")
        return 2
    Path(arguments[0]).write_bytes(packed(generate()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
