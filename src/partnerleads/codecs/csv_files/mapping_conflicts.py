"""What a mapping may spell right and still cannot mean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from partnerleads.codecs.csv_files.mapping_cells import FORMAT_KEYS
from partnerleads.codecs.csv_files.rules import EventRule, Lookup
from partnerleads.errors import Fault
from partnerleads.events import KINDS
from partnerleads.model.near_names import near_name

__all__ = ["cycle", "misplaced_key", "mistaken_kind", "shared_ids"]

_LIKE_KINDS = ("lead_", "deal_", "offer_", "registration_", "partner_")
_WITHOUT_FIRST_WORD = {kind.partition("_")[2]: kind for kind in KINDS}


def mistaken_kind(target: str) -> str:
    """What is wrong with the target of a stage that looks like a kind and is none.

    A misspelt kind would turn wins into progress, so names of stages keep away from kinds.

    >>> mistaken_kind("lead_lst")
    "is no kind of event, but looks like one; did you mean 'lead_lost'?"
    >>> mistaken_kind("lead_lost"), mistaken_kind("demo")
    ('', '')
    """
    if target in KINDS:
        return ""
    word = "_".join(target.casefold().replace("-", " ").replace("_", " ").split())
    whole = _WITHOUT_FIRST_WORD.get(word)
    hint = f"; did you mean {whole!r}?" if whole else near_name(word, KINDS, alike=0.85)
    if hint or word.startswith(_LIKE_KINDS):
        hint = hint or near_name(word, KINDS) or "; name the stage otherwise"
        return f"is no kind of event, but looks like one{hint}"
    return ""


def misplaced_key(name: str, of_top: Iterable[str]) -> str:
    """Where a key belongs that stands in one of the events; empty where nothing knows it.

    Args:
        name: The key.
        of_top: The keys of the top level.

    >>> misplaced_key("delimiter", ["delimiter"])
    'stands at the top of the mapping, before the first table'
    """
    if name in FORMAT_KEYS:
        alone = f"{{ column = ..., {name} = ... }}"
        return f"stands at the top of the mapping, or with one cell as in {alone}"
    return "stands at the top of the mapping, before the first table" if name in of_top else ""


def shared_ids(rules: Iterable[EventRule]) -> tuple[Fault, ...]:
    """Faults of rules that take the ids of their events from one place.

    One id for several events of a row would make each overwrite the one before it.
    """
    places = defaultdict(list)
    for rule in rules:
        cell = rule.fields.get("event_id")
        if cell is not None:
            places[cell.columns, cell.const].append(rule.label)
    return tuple(
        Fault(f"{label}.event_id", "", f"is that of {labels[0]}, too; say row_id for both instead")
        for labels in places.values()
        for label in labels[1:]
    )


def cycle(lookups: Mapping[str, Lookup], name: str) -> list[str]:
    """The side files whose keys wait for one another, from a name back to itself."""
    path = [name]
    while path[-1] in lookups:
        column = "".join(lookups[path[-1]].here.columns[:1])
        path.append(column.partition(".")[0])
        if path[-1] in path[:-1]:
            return path
    return []
