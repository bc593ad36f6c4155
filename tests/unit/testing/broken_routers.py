"""Routers that each break a law on purpose, with exactly the checks that must say so."""

from __future__ import annotations

from collections.abc import Callable

from partnerleads.routing import LeastLoaded, Router
from tests.unit.testing.broken_answers import (
    Ascending,
    DrawingInSecret,
    Endless,
    Favourite,
    Generous,
    HidingParts,
    HidingReasons,
    Impossible,
    Misstating,
    Naming,
    Negative,
    Numberless,
    Overfilling,
    Partless,
    Raising,
    Repeating,
    SeeingOrder,
    TooSure,
)
from tests.unit.testing.broken_habits import (
    AgainstNewcomers,
    AskingTheSystem,
    Counting,
    Deaf,
    Forgetting,
    Individual,
    Popping,
    ReadingTheClock,
    Relative,
    RelativeToRivals,
    Remembering,
    Shapeless,
    Sharing,
    TossingCoins,
    Unseeded,
    WorstFirst,
)

IN_TURN = {"equal_turns", "weighted_turns", "newcomer_not_starved"}

BROKEN: tuple[tuple[Callable[[], Router], str, set[str]], ...] = (
    (Favourite, "", {"eligible_only", "within_capacity"}),
    (Overfilling, "", {"eligible_only", "within_capacity", "ineligible_irrelevant"}),
    (Repeating, "", {"named_once"}),
    (Endless, "", {"named_once"}),
    (Raising, "", {"answers"}),
    (Naming, "", {"answers"}),
    (Numberless, "", {"finite_scores"}),
    (Partless, "", {"finite_scores"}),
    (Ascending, "", {"best_first"}),
    (HidingParts, "", {"parts_make_score"}),
    (HidingReasons, "", {"ties_told"}),
    (TooSure, "", {"sound_propensities"}),
    (Generous, "", {"sound_propensities"}),
    (Negative, "", {"sound_propensities"}),
    (Impossible, "", {"sound_propensities"}),
    (Misstating, "", {"drawn_as_stated"}),
    (DrawingInSecret, "", {"drawn_as_stated"}),
    (SeeingOrder, "", {"order_free", "ineligible_irrelevant"}),
    (Counting, "", {"repeatable", "parameters_only", "read_apart", "replayed"}),
    (Remembering, "", {"repeatable", "read_apart", "replayed"}),
    (Shapeless, "", {"parameters_only"}),
    (Individual, "", {"parameters_only", "repeatable", "replayed"}),
    (Sharing, "", {"read_apart"}),
    (Popping, "", {"changes_nothing"}),
    (Forgetting, "", {"decided_once"}),
    (ReadingTheClock, "", {"no_clock"}),
    (TossingCoins, "", {"no_hidden_chance"}),
    (Unseeded, "", {"no_hidden_chance"}),
    (AskingTheSystem, "", {"no_hidden_chance"}),
    (Relative, "", {"ineligible_irrelevant"}),
    (RelativeToRivals, "score", {"independence"}),
    (WorstFirst, "score", {"raised_score", "dominance"}),
    (Deaf, "score", {"dominance"}),
    (Deaf, "rotation", IN_TURN),
    (LeastLoaded, "rotation", {"weighted_turns", "newcomer_not_flooded"}),
    (AgainstNewcomers, "rotation", {"newcomer_not_starved"}),
)
"""Each broken router, what it claims, and exactly the checks that find it."""
