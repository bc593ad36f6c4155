"""What codes of a frame mean, in words."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v2 as nw

from partnerleads.frames.table import PRECISIONS
from partnerleads.lifecycle.lead_lifecycle import STATUSES
from partnerleads.lifecycle.milestones import MILESTONES

__all__ = ["precision_text", "stage_text", "status_text"]


def precision_text(code: Any) -> Any:
    """How exactly the time of an event is known, which must be there."""
    word: Any = nw.lit(PRECISIONS[0])
    for number, name in enumerate(PRECISIONS):
        word = nw.when(code == number).then(nw.lit(name)).otherwise(word)
    return word


def status_text(closed: Any) -> Any:
    """The status of a lead by the rank of its standing close, null where it is open."""
    status: Any = nw.lit("open")
    for kind in MILESTONES["closed"].kinds:
        status = nw.when(closed == kind.rank).then(nw.lit(STATUSES[kind])).otherwise(status)
    return status


def stage_text(staged: Any) -> Any:
    """The stage of an open lead by the rank of the event that brought it there."""
    stage: Any = nw.lit("")
    for kind in MILESTONES["staged"].kinds:
        word = nw.lit(kind.type.removeprefix("lead_"))
        stage = nw.when(staged == kind.rank).then(word).otherwise(stage)
    return stage
