"""Scoring many leads by rules and by what was learned, and learning one more outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from random import Random
from time import perf_counter

from partnerleads.scoring import (
    DEFAULT_RULES,
    Example,
    LeadFeatures,
    LeadScorer,
    Logistic,
    NaiveBayes,
)
from tests.benchmarks.log import AS_OF
from tests.benchmarks.measuring import Bench, Row, compared, interleaved, p50

__all__ = ["leads", "scorings"]

TARGET = 8.0
"""Of one score with all its reasons, over reading every attribute of the lead once."""

LEARN_TARGET = 20.0
_CHUNK = 10_000
_TAUGHT = 5_000
_TEXTS = {
    "region": ("DACH", "Nordics", "Benelux", "Iberia"),
    "country": ("DE", "AT", "CH", "SE", "NL", "BE", "ES", "PT"),
    "industry": ("steel", "retail", "health", "software", "logistics"),
    "deal_type": ("new business", "upsell", "renewal"),
    "stage": ("discovery", "proposal", "negotiation"),
    "originator": tuple(f"partner-{number:03}" for number in range(200)),
}


def leads(many: int, *, seed: int = 1) -> Iterator[LeadFeatures]:
    """Leads with six texts and two numbers each."""
    chance = Random(seed)
    captured_at = AS_OF - timedelta(days=30)
    for number in range(many):
        yield LeadFeatures(
            lead_id=f"lead-{number:07}",
            captured_at=captured_at,
            as_of=AS_OF,
            values={name: chance.choice(texts) for name, texts in _TEXTS.items()},
            numbers={
                "company_size": float(chance.randint(1, 5000)),
                "expected_value.EUR": float(chance.randint(1000, 90_000)),
            },
        )


def read_attributes(chunk: Iterable[LeadFeatures]) -> None:
    for lead in chunk:
        for _name, _value in lead.values.items():
            pass
        for _name, _number in lead.numbers.items():
            pass


def _score(scorer: LeadScorer, chunk: Iterable[LeadFeatures]) -> None:
    score = scorer.score
    for lead in chunk:
        score(lead)


def _examples(many: int) -> list[Example]:
    chance = Random(2)
    return [
        Example(features=lead, won=chance.random() < 0.3, closed_at=AS_OF)
        for lead in leads(many, seed=3)
    ]


def _measure(sizes: Sequence[int], rounds: int) -> list[Row]:
    """Leads are made and scored chunk by chunk, so that as many as one likes fit into memory."""
    known = _examples(_TAUGHT)
    scorers: dict[str, LeadScorer] = {
        "naive Bayes": NaiveBayes(bands={"company_size": [50, 250, 1000]}).fit(known),
        "rules": DEFAULT_RULES,
        "logistic regression": Logistic().fit(known[:1000]),
    }
    rows = []
    for size in sizes:
        times: dict[str, list[float]] = {name: [0.0] * rounds for name in ("", *scorers)}
        coming = leads(size)
        for _ in range(0, size, _CHUNK):
            chunk = [lead for _, lead in zip(range(_CHUNK), coming, strict=False)]
            runs: dict[str, Callable[[], object]] = {"": partial(read_attributes, chunk)}
            runs |= {name: partial(_score, one, chunk) for name, one in scorers.items()}
            for name, found in interleaved(rounds, runs).items():
                times[name] = [a + b for a, b in zip(times[name], found, strict=True)]
        rows += [
            compared(
                f"scores by {name}",
                size,
                (times[""], size),
                (times[name], size),
                target=None if name == "logistic regression" else TARGET,
            )
            for name in scorers
        ]
    return [*rows, _learning(known, rounds)]


def _learning(known: Sequence[Example], rounds: int) -> Row:
    bases, costs = [], []
    for _ in range(rounds):
        learner = NaiveBayes(bands={"company_size": [50, 250, 1000]}).learner()
        start = perf_counter()
        read_attributes(one.features for one in known)
        bases.append((perf_counter() - start) / len(known))
        costs.append(p50(learner.learn, known))
    return compared(
        "one outcome learned, p50", len(known), (bases, 1), (costs, 1), target=LEARN_TARGET
    )


def scorings(bench: Bench) -> Iterator[Row]:
    """What a score costs over reading its lead, and what an outcome costs to learn."""
    yield from bench.call(_measure, sorted(bench.sizes), bench.rounds)
