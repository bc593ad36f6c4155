"""What events state, brought to the members that rest on them."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals.stable.v2 as nw

from partnerleads.errors import OptionError
from partnerleads.events import LeadCaptured, LeadUpdated
from partnerleads.frames.engines import Frame
from partnerleads.frames.flags import any_of
from partnerleads.frames.story import Story
from partnerleads.frames.table import has
from partnerleads.frames.units import Kinds
from partnerleads.kpis.measuring.keys import FACTS

__all__ = ["check_fact", "column_of_fact", "latest_of", "with_fields"]


def check_fact(story: Story, option: str, name: str) -> None:
    """Refuse a fact whose bare name the frame gives to an attribute: all leads would lack the fact.

    Args:
        story: The frames of the history.
        option: How it was asked for.
        name: What was asked for, with the fact as its last part.

    Raises:
        OptionError: When the frame has ``region``, for example, and no ``lead_region``.
    """
    fact = name.rpartition(".")[2]
    if fact in story.bare:
        reason = f"is read from 'lead_{fact}', which the frame lacks; rename its column {fact!r}"
        raise OptionError(option, name, f"{reason}, or segment by 'attributes.{fact}'")


def column_of_fact(story: Story, name: str) -> str | None:
    """The column of events that states a fact of leads; None where it is no fact.

    Args:
        story: The frames of the history.
        name: A key: ``region``, ``attributes.campaign``, ``latest.`` before one, or another.

    Raises:
        OptionError: When the frame has no such attribute, or as :func:`check_fact` says.
    """
    fact = name.removeprefix("latest.")
    if fact in FACTS:
        check_fact(story, "by", name)
        return f"lead_{fact}"
    if not fact.startswith("attributes.") or fact == "attributes.":
        return None
    attribute = fact.removeprefix("attributes.")
    if attribute not in story.extras:
        raise OptionError("by", name, f"needs a column {attribute!r} of its own in the frame")
    return story.extras[attribute]


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
