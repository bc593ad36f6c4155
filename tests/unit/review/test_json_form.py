"""The review as JSON values."""

import json
from datetime import datetime
from typing import Any

from attrs import evolve
from hypothesis import given

from partnerleads.model import Period
from partnerleads.review import FIGURES, programme_review
from partnerleads.testing import at, history, strategies

NOW = at("2026-10-01")
ALWAYS = {
    "label",
    "span",
    "name",
    "n",
    "counted",
    "interval",
    "period",
    "as_of",
    "known_at",
    "definition",
    "left_out_because",
    "problems",
    "warnings",
    "undefined_because",
}


def refuse(text: str) -> None:
    raise AssertionError(text)


def read(text: str, **options: Any) -> dict[str, Any]:
    review = programme_review(history(text), **{"as_of": NOW, **options})
    found: dict[str, Any] = json.loads(
        json.dumps(review.to_json(), allow_nan=False), parse_constant=refuse
    )
    return found


def figure(found: dict[str, Any], name: str, span: str = "now") -> dict[str, Any]:
    (one,) = [row for row in found["figures"] if (row["name"], row["span"]) == (name, span)]
    return dict(one)


def test_a_rate_has_its_interval_period_and_warnings() -> None:
    rate = figure(read("2026-08-01 L1 captured by acme"), "sourced_rate")

    assert (1.0, 1, 1, 1) == (rate["value"], rate["hits"], rate["of"], rate["n"])
    assert ([0.206549, 1.0], 0.95) == (
        [round(limit, 6) for limit in rate["interval"]],
        rate["confidence"],
    )
    assert {
        "name": "Q3 2026",
        "start": "2026-07-01T00:00:00+00:00",
        "end": "2026-10-01T00:00:00+00:00",
        "time_zone": "UTC",
    } == rate["period"]
    assert [{"code": "small", "words": "small: n < 30"}] == rate["warnings"]
    assert "2026-10-01T00:00:00+00:00" == rate["as_of"]
    assert ALWAYS <= set(rate)


def test_money_is_exact_text_by_currency() -> None:
    found = read("""
        2026-08-01 L1 captured
        2026-08-02 L1 won 1200.50 EUR
        2026-08-01 L2 captured
        2026-08-02 L2 won 0.005 KWD
        2026-08-01 L3 captured
        2026-08-02 L3 won 7 JPY
    """)

    assert {
        "EUR": {"amount": "1200.50", "currency": "EUR"},
        "JPY": {"amount": "7", "currency": "JPY"},
        "KWD": {"amount": "0.005", "currency": "KWD"},
    } == figure(found, "final_lead_value")["by_currency"]


def test_what_is_undefined_is_null_with_its_reason() -> None:
    found = read("")
    rate, velocity = figure(found, "sourced_rate"), figure(found, "won_velocity")

    assert (None, None, "there are no leads captured") == (
        rate["value"],
        rate["interval"],
        rate["undefined_because"],
    )
    assert (None, None, None) == (velocity["median"], velocity["p90"], velocity["interval"])
    assert {} == figure(found, "final_lead_value")["by_currency"]
    assert {} == found["statuses"]


def test_places_and_stalled_leads_are_listed() -> None:
    found = read("""
        2026-08-01 L1 captured region=Île
        2026-08-02 L1 progressed
        2026-08-03 L1 won
        2026-07-01 L2 captured
        2026-07-02 L2 progressed
    """)
    regions, progress = figure(found, "active_regions"), figure(found, "in_progress")

    assert (["Île"], {"Île": 1}) == (regions["value"], regions["leads"])
    assert (["L2"], None) == (progress["listed"], progress["period"])


def test_a_span_of_all_time_has_no_period_and_a_stock_has_no_other_span() -> None:
    found = read("2026-08-01 L1 captured")
    spans = [row["span"] for row in found["figures"] if row["name"] == "in_progress"]

    assert figure(found, "sourced_rate", "ever")["period"] is None
    assert "2026-04-01" == figure(found, "sourced_rate", "before")["period"]["start"][:10]
    assert ["now"] == spans


def test_problems_findings_and_notes_are_whole() -> None:
    found = read(
        """
        2026-08-02 L1 captured id=c
        2026-08-01 L1 won id=w
        2026-08-01 L2 registered by acme recorded=2026-08-09 id=r
        2026-08-02 L2 captured id=k
        """,
        input_notes=("4 rows read",),
    )
    (problem,), (_, finding) = found["problems"], found["findings"]

    assert ("before_capture", "L1", 1, ["w"]) == (
        problem["rule"],
        problem["lead_id"],
        problem["leads"],
        problem["event_ids"],
    )
    assert ("backdated_claim", "L2", "acme") == (
        finding["rule"],
        finding["lead_id"],
        finding["partner_id"],
    )
    assert "2026-08-09T00:00:00+00:00" == finding["at"]
    assert ["L2"] == found["audit"]["leads"]
    assert [0.0, 0.0] == [found["audit"][name]["value"] for name in ("figure", "without")]
    assert ["4 rows read"] == found["input"]
    velocity = figure(found, "won_velocity")
    assert {"its end comes before its start": 1} == velocity["left_out_because"]
    assert 1 == velocity["problems"]


def test_the_head_says_what_was_asked() -> None:
    found = read("", period=Period.month(2026, 10), name="crm")

    assert ("crm", None, False, 0) == (
        found["name"],
        found["known_at"],
        found["period_is_over"],
        found["leads"],
    )
    assert "2026-10" == found["period"]["name"]


CLOSED = """
    2026-05-02 L1 captured by acme region=DACH
    2026-05-22 L1 won
    2026-05-02 L2 captured region=DACH
    2026-05-02 L3 captured by bolt region=DACH
    2026-05-03 L3 lost
    2026-09-25 L4 captured
"""


def test_the_close_rates_are_whole_without_their_curves() -> None:
    rates = read(CLOSED)["close_rates"]
    compared = rates["comparison"]

    assert {
        "cycle",
        "cohort",
        "comparison",
        "against_others",
        "trend",
        "league",
        "concentration",
    } == set(rates)
    assert (20.0, 20.0) == (rates["cycle"]["value"], compared["a"]["within"])
    assert "2026-04-01T00:00:00+00:00" == rates["cohort"]["start"]
    assert (0.5, 0.0, 0.5) == (
        compared["a_value"],
        compared["b_value"],
        compared["difference"]["value"],
    )
    assert "curve" not in compared["a"]
    assert ["acme", "bolt"] == [row["partner_id"] for row in rates["league"]["rows"]]
    assert [["acme", 1]] == rates["concentration"]["top"]


def test_strata_are_pairs_of_a_key_and_its_counts() -> None:
    adjusted = read(CLOSED)["close_rates"]["comparison"]["adjusted"]

    assert [
        {"key": ["DACH", None], "value": {"hits_a": 1, "of_a": 2, "hits_b": 0, "of_b": 1}}
    ] == adjusted["strata"]


def test_segments_are_a_list_with_their_keys() -> None:
    trend = read(CLOSED)["close_rates"]["trend"]

    assert ["direct", "sourced"] == [one["key"] for one in trend["figures"][-2]["segments"]]
    assert [6, 6] == [len(trend["figures"]), len(trend["periods"])]


def test_without_a_win_the_close_rates_are_the_reason_alone() -> None:
    rates = read("2026-08-01 L1 captured")["close_rates"]

    assert "nothing was won" == rates["cycle"]["undefined_because"]
    assert {None} == {rates[name] for name in rates if name != "cycle"}


def test_a_review_of_frames_has_no_audit() -> None:
    review = programme_review(history("2026-08-01 L1 captured"), as_of=NOW)

    assert evolve(review, audit=None).to_json()["audit"] is None
    assert {"leads", "figure", "without", "without_rule"} == set(review.to_json()["audit"])


@given(strategies.histories())
def test_any_history_gives_valid_json_with_every_figure(events: list[Any]) -> None:
    review = programme_review(events, as_of=NOW)
    text = json.dumps(review.to_json(), allow_nan=False)
    found = json.loads(text)

    assert {name for name, _ in FIGURES} == {row["label"] for row in found["figures"]}
    assert all(set(row) >= ALWAYS for row in found["figures"])
    assert all(datetime.fromisoformat(row["as_of"]) == NOW for row in found["figures"])
