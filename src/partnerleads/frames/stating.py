"""What events state, brought to the members that rest on them."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals.stable.v2 as nw

from partnerleads.events import LeadCaptured, LeadUpdated
from partnerleads.frames.engines import Frame
from partnerleads.frames.flags import any_of
from partnerleads.frames.story import Story
from partnerleads.frames.table import has
from partnerleads.frames.units import Kinds

__all__ = ["latest_of", "with_fields"]


def with_fields(
    frame: Frame, story: Story, event: str, kinds: Kinds, fields: Sequence[str]
) -> Frame:
    """The members with fields of one of their events.

    Args:
        frame: The members, with the key of the event.
        story: The frames of the history.
        event: Name of the event.
        kinds: Kinds that it may be of.
        fields: The fields.
    """
    stating = story.stated(kinds, fields)
    picked = stating.filter(any_of(*(~nw.col(field).is_null() for field in fields))).select(
        "lead_id",
        nw.col("key").alias(f"{event}_key"),
        *(nw.col(field).alias(f"{event}__{field}") for field in fields),
    )
    return frame.join(picked, on=["lead_id", f"{event}_key"], how="left")


def latest_of(story: Story, column: str) -> Frame:
    """The last that each lead's first capture or its updates state.

    Args:
        story: The frames of the history.
        column: A column of events.
    """
    captured = story.leads.select("lead_id", captured_key=nw.col("captured_key"))
    stating = story.stated((LeadCaptured, LeadUpdated), [column])
    stating = stating.filter(~nw.col(column).is_null()).join(captured, on="lead_id")
    first = (nw.col("key") == nw.col("captured_key")).fill_null(value=False)
    stating = stating.filter(has(LeadUpdated) | first)
    last = stating.group_by("lead_id").agg(key=nw.col("key").max())
    named = stating.select("lead_id", "key", **{f"latest__{column}": nw.col(column)})
    return named.join(last, on=["lead_id", "key"], how="semi").drop("key")
