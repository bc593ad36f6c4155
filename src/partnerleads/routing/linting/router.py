"""Checks of a router: what it reads, and whether every part of it is ever asked."""

from __future__ import annotations

from collections.abc import Iterator

from partnerleads.routing.linting.case import LintCase, inner_routers
from partnerleads.routing.linting.report import LintFinding, finding
from partnerleads.routing.protocol import Router
from partnerleads.routing.strategies.capacity_priced import CapacityPriced
from partnerleads.routing.strategies.expertise import ByExpertise
from partnerleads.routing.strategies.fallback import Fallback
from partnerleads.routing.strategies.least_loaded import LeastLoaded
from partnerleads.routing.strategies.performance import ByPerformance
from partnerleads.routing.strategies.plv import ByPlv
from partnerleads.routing.strategies.round_robin import RoundRobin
from partnerleads.routing.strategies.score_threshold import ScoreThreshold
from partnerleads.routing.strategies.territory import ByTerritory
from partnerleads.routing.strategies.thompson import Thompson
from partnerleads.routing.strategies.tier import ByTier
from partnerleads.routing.strategies.value_threshold import ValueThreshold

__all__ = ["check_router"]

_RANK_ALL = (
    ByExpertise,
    ByPlv,
    ByTerritory,
    ByTier,
    CapacityPriced,
    LeastLoaded,
    RoundRobin,
    Thompson,
)
_TABLES = ("table", "usual")
_NAMED = 5


def check_router(case: LintCase) -> Iterator[LintFinding]:
    """Whether the tables of scores are there, and whether a chain ever gets to its end."""
    for one in inner_routers(case.router) if case.router is not None else ():
        if case.context is not None:
            tables = dict.fromkeys(getattr(one, field, None) for field in _TABLES)
            for table in tables:
                if isinstance(table, str):
                    yield from _table(case, type(one).__name__, table)
        if isinstance(one, Fallback):
            yield from _chain(one)


def _table(case: LintCase, router: str, table: str) -> Iterator[LintFinding]:
    scores = {} if case.context is None else case.context.scores
    if table not in scores:
        there = ", ".join(sorted(scores)) or "none"
        yield finding("table_absent", table, f"{router} reads it; there are: {there}")
        return
    active = [one.recipient_id for one in case.active]
    bare = [name for name in active if name not in scores[table]]
    if bare:
        named = ", ".join(bare[:_NAMED]) + (", ..." if len(bare) > _NAMED else "")
        evidence = f"{len(bare)} of {len(active)} have no score for {router}: {named}"
        yield finding("scores_missing", table, evidence)


def _chain(chain: Fallback) -> Iterator[LintFinding]:
    for place, one in enumerate(chain.routers[:-1]):
        if _ranks_all(one):
            for other in chain.routers[place + 1 :]:
                evidence = f"{type(one).__name__} before it ranks everybody"
                yield finding("router_unreachable", type(other).__name__, evidence)
            return


def _ranks_all(router: Router) -> bool:
    """Whether a router is known to leave nobody out."""
    if isinstance(router, ByPerformance):
        return router.at_least <= 0
    if isinstance(router, Fallback):
        return any(map(_ranks_all, router.routers))
    if isinstance(router, ScoreThreshold):
        return _ranks_all(router.high) and _ranks_all(router.rest)
    if isinstance(router, ValueThreshold):
        return _ranks_all(router.large) and _ranks_all(router.rest)
    return isinstance(router, _RANK_ALL)
