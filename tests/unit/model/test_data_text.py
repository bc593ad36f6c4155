"""A scoring model as text and back."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any, ClassVar

import attrs
import pytest

from partnerleads import plv
from partnerleads.errors import BadInputError, OptionError
from partnerleads.plv import PartnerRecord
from partnerleads.testing import at

EVERYTHING = plv.PlvModel(
    name="everything",
    criteria=[
        plv.Criterion(
            metric=cls(),
            normaliser=plv.PointsTable([(0, 0), (1.5, 0.25)], between="step"),
            weight=1,
        )
        for cls in plv.METRICS.values()
    ],
    aggregator=plv.PowerMean(exponent=-0.5),
    gates=[plv.Gate(names=["training"], above=0.1, cap=70)],
    missing="zero",
    tiers=[plv.Tier(name="gold", at_least=70)],
    currency="EUR",
)


def test_every_metric_survives_saving() -> None:
    assert EVERYTHING == plv.PlvModel.from_json(EVERYTHING.to_json())


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(days=90), "90 days"),
        (timedelta(hours=36), "129600 seconds"),
        (timedelta(microseconds=1), "0.000001 seconds"),
        (timedelta(days=1, microseconds=500_000), "86400.5 seconds"),
    ],
)
def test_spans_of_time_are_written_for_people(span: timedelta, text: str) -> None:
    model = attrs.evolve(
        EVERYTHING,
        criteria=[
            plv.Criterion(
                metric=plv.Training(half_life=span), normaliser=plv.Saturating(1), weight=1
            )
        ],
        gates=(),
    )
    written = model.to_json()

    assert text == json.loads(written)["criteria"][0]["metric"]["half_life"]
    assert model == plv.PlvModel.from_json(written)


@pytest.mark.parametrize(
    ("text", "span"),
    [("1 day", timedelta(days=1)), ("12 hours", timedelta(hours=12)),
     ("1.5 minutes", timedelta(seconds=90))],
)  # fmt: skip
def test_spans_of_time_are_read_in_several_units(text: str, span: timedelta) -> None:
    metric = {"kind": "training", "half_life": text}
    model = plv.PlvModel.from_json(one_criterion(metric=metric))

    assert plv.Training(half_life=span) == model.criteria[0].metric


def one_criterion(**changes: object) -> str:
    criterion = {
        "metric": {"kind": "training"},
        "normaliser": {"kind": "capped_target", "target": 4},
        "weight": 1,
    }
    return json.dumps({"name": "one", "criteria": [criterion | changes]})


def fading(half_life: object) -> str:
    return one_criterion(metric={"kind": "training", "half_life": half_life})


def test_what_has_a_default_may_be_left_out() -> None:
    model = plv.PlvModel.from_json(one_criterion())

    assert (plv.WeightedMean(), (), None) == (model.aggregator, model.gates, model.currency)
    assert "training" == model.criteria[0].name


def faults(text: str) -> list[tuple[str, str, str]]:
    with pytest.raises(BadInputError) as caught:
        plv.PlvModel.from_json(text)
    return [(fault.path, fault.value, fault.reason) for fault in caught.value.faults]


def test_all_faults_of_a_text_are_told_at_once() -> None:
    bad = {
        "name": 3,
        "criteria": [
            {
                "metric": {"kind": "revenu"},
                "normaliser": {"kind": "goalposts", "low": "0"},
                "weight": -1,
            },
            {
                "metric": {"kind": "training", "half_life": "3 moons", "cap": -3, "limit": 1},
                "normaliser": {"kind": "goalposts", "low": 3, "high": 1},
                "weight": 2,
            },
            {
                "metric": "training",
                "normaliser": {"kind": "points_table", "points": [[0, 0, 0], 7]},
                "weight": True,
            },
            7,
        ],
        "gate": [],
        "tiers": {"name": "gold"},
        "missing": "nul",
        "currency": 5,
    }

    assert [
        ("$.gate", "[...]", "is not known here; did you mean 'gates'?"),
        ("$.name", "3", "must be a text"),
        (
            "$.criteria[0].metric.kind",
            '"revenu"',
            f"did you mean 'revenue'? offered are {', '.join(plv.METRICS)}",
        ),
        ("$.criteria[0].normaliser.high", "", "is missing"),
        ("$.criteria[0].normaliser.low", '"0"', "must be a number"),
        ("$.criteria[0].weight", "-1", "must be at least 0"),
        ("$.criteria[1].metric.limit", "1", "is not known here"),
        (
            "$.criteria[1].metric.half_life",
            '"3 moons"',
            "must be a span of time such as '90 days' or '12 hours'",
        ),
        ("$.criteria[1].metric.cap", "-3", "must be at least 0"),
        ("$.criteria[1].normaliser", "", "high=1: must lie above low, 3"),
        ("$.criteria[2].metric", '"training"', 'must be an object such as {"kind": ...}'),
        ("$.criteria[2].normaliser.points[0]", "[...]", "must be a list of 2"),
        ("$.criteria[2].normaliser.points[1]", "7", "must be a list"),
        ("$.criteria[2].weight", "true", "must be a number"),
        ("$.criteria[3]", "7", "must be an object"),
        ("$.tiers", "{...}", "must be a list"),
        (
            "$.missing",
            '"nul"',
            "did you mean 'neutral'? offered are 'renormalise', 'neutral', 'zero'",
        ),
        ("$.currency", "5", "must be a text"),
    ] == faults(json.dumps(bad))


@pytest.mark.parametrize(
    ("text", "path", "words"),
    [
        ("{", "$", "is no JSON"),
        ("[" * 100_000, "$", "is no JSON"),
        ("[]", "$", "must be an object"),
        ('{"name": "x", "criteria": []}', "$", "needs a weight above 0"),
        (one_criterion(weight=float("inf")), "$.criteria[0].weight", "finite"),
        (one_criterion(weight=10**400), "$.criteria[0].weight", "finite"),
        (one_criterion(metric={"kind": None}), "$.criteria[0].metric.kind", "offered are"),
        (fading(3), "$.criteria[0].metric.half_life", "span of time"),
        (fading("0 days"), "$.criteria[0].metric.half_life", "above 0"),
        (fading("9999999999 days"), "$.criteria[0].metric.half_life", "span of time"),
    ],
)
def test_a_text_that_states_no_model_says_why(text: str, path: str, words: str) -> None:
    ((where, _, reason),) = faults(text)

    assert path == where
    assert words in reason


def test_long_values_are_shortened_in_a_fault() -> None:
    ((_, value, _),) = faults(one_criterion(metric="x" * 100))

    assert 40 == len(value)


@attrs.frozen
class Handshakes:
    """A stranger's metric."""

    kind: ClassVar[str] = "handshakes"
    unit: ClassVar[str] = "handshakes"

    def value(self, record: PartnerRecord, as_of: datetime, /) -> float | None:
        return float(sum(event.occurred_at <= as_of for event in record.events))


def test_a_strangers_metric_scores_but_stays_in_code() -> None:
    model = plv.PlvModel(
        name="own",
        criteria=[
            plv.Criterion(metric=Handshakes(), normaliser=plv.CappedTarget(1), weight=1),
        ],
    )

    assert model.fingerprint == attrs.evolve(model).fingerprint
    assert {"handshakes": 0.0} == model.values_of(plv.record_of("acme"), at("2026-01-01"))
    with pytest.raises(OptionError, match="keep it in code"):
        model.to_json()


def test_a_text_is_read_again_as_people_change_it() -> None:
    table: dict[str, Any] = json.loads(plv.DEFAULT_MODEL.to_json())
    table["criteria"][0]["weight"] = 40

    assert 40 == plv.PlvModel.from_json(json.dumps(table)).criteria[0].weight
