"""Qualified leads: criteria that are met, not met, or not known."""

from __future__ import annotations

import json
from typing import Any

import pytest
from attrs import evolve, frozen

from partnerleads.errors import BadInputError, OptionError
from partnerleads.scoring import (
    DEFAULT_QUALIFICATION,
    Criterion,
    Done,
    LeadFeatures,
    QualificationModel,
    Seen,
    Stated,
    lead_features,
    qualify,
)
from partnerleads.testing import at, history

NOW = at("2026-02-01")


def lead(lead_id: str = "L1", **values: str) -> LeadFeatures:
    return LeadFeatures(
        lead_id=lead_id,
        captured_at=NOW,
        as_of=NOW,
        values={f"attributes.{name}": text for name, text in values.items()},
    )


def asking(*names: str, **options: Any) -> QualificationModel:
    criteria = [
        Criterion(name=name, signs=[Stated(name=f"attributes.{name}", values=["yes"])])
        for name in names
    ]
    return QualificationModel(name="mine", criteria=criteria, **options)


@frozen
class Weekend:
    """A stranger's sign: captured on a weekend."""

    kind = "weekend"

    def seen(self, lead: LeadFeatures, /) -> Seen | None:
        return Seen(lead.captured_at.weekday() > 4, f"{lead.captured_at:%A}")


def test_every_criterion_is_met_not_met_or_not_known() -> None:
    found = asking("need", "budget", "authority").judge(lead(need="yes", budget="no"))

    assert (("need",), ("budget",), ("authority",)) == (found.met, found.not_met, found.not_known)
    assert ["yes", "no", None] == [one.seen for one in found.answers]


@pytest.mark.parametrize(
    ("options", "known", "qualified"),
    [
        ({}, {"a": "yes", "b": "yes", "c": "yes"}, True),
        ({}, {"a": "yes", "b": "yes"}, None),
        ({}, {"a": "yes", "b": "no"}, False),
        ({"at_least": 2}, {"a": "yes", "b": "yes"}, True),
        ({"at_least": 2}, {"a": "yes", "b": "no"}, None),
        ({"at_least": 2}, {"a": "no", "b": "no"}, False),
        ({"at_least": 1, "required": ["c"]}, {"a": "yes", "b": "yes"}, None),
        ({"at_least": 1, "required": ["c"]}, {"a": "yes", "b": "yes", "c": "no"}, False),
        ({"at_least": 1, "required": ["c"]}, {"c": "yes"}, True),
        ({"at_least": 2, "required": ["c"]}, {"a": "no", "b": "no", "c": "yes"}, False),
    ],
)
def test_all_some_or_required_ones_decide(
    options: dict[str, Any],
    known: dict[str, str],
    qualified: bool | None,  # noqa: FBT001 - a table
) -> None:
    assert qualified is asking("a", "b", "c", **options).judge(lead(**known)).qualified


def test_the_first_sign_that_says_yes_is_shown_else_the_first_that_knows() -> None:
    criterion = Criterion(
        name="budget",
        signs=[
            Stated(name="attributes.budget", values=["yes"]),
            Stated(name="attributes.funded", values=["yes", "partly"]),
            Stated(name="attributes.grant"),
        ],
    )

    assert "partly" == criterion.answer(lead(budget="no", funded="partly")).seen
    assert "no" == criterion.answer(lead(budget="no", funded="never")).seen
    assert criterion.answer(lead(grant="EU")).met
    assert criterion.answer(lead()).met is None


def test_the_default_reads_the_last_qualification() -> None:
    events = history("""
        2026-01-01  L1  captured
        2026-01-02  L1  qualified criteria=need,budget,authority,timeline
        2026-01-01  L2  captured
        2026-01-02  L2  qualified criteria=need
        2026-01-01  L3  captured
    """)
    found = qualify(lead_features(events, as_of=NOW))

    assert frozenset({"L1"}) == found.qualified
    assert frozenset({"L2", "L3"}) == found.not_known
    assert ("need",) == found["L2"].met
    assert ["L1", "L2", "L3"] == [*found]
    assert 3 == len(found)


def test_a_list_of_features_will_do() -> None:
    found = qualify([lead("L2", need="yes"), lead("L1")], qualification=asking("need"))

    assert {"L2"} == found.qualified
    assert {"L1"} == found.not_known


def test_qualified_leads_as_events() -> None:
    model = asking("need", "budget", at_least=1)
    found = qualify(
        [lead("L2", need="yes"), lead("L1", need="yes", budget="yes"), lead("L3", need="no")],
        qualification=model,
    )
    first, second = found.to_events(source="rules")

    assert ("L1", ("need", "budget"), NOW) == (first.lead_id, first.criteria, first.occurred_at)
    assert ("L2", ("need",), "rules") == (second.lead_id, second.criteria, second.source)
    assert f"{model.fingerprint} L2" == second.event_id
    assert f"mine {model.fingerprint}" == second.reason
    assert "qualification" == found.to_events()[0].source


def test_results_print() -> None:
    one = asking("need", "a<b").judge(lead(need="yes"))
    found = qualify([lead(need="yes")], qualification=asking("need", "a<b"))

    assert str(one) == (
        "L1 not known to be qualified: 1 of 2 criteria met (mine, as of 2026-02-01 00:00 UTC)\n"
        "  need  met        yes\n"
        "  a<b   not known"
    )
    assert repr(one) == f"<{one}>"
    assert "<tr><th>criterion</th><th></th><th>seen</th></tr>" in one._repr_html_()
    assert "L1 qualified: 1 of 1 criterion met" in str(asking("need").judge(lead(need="yes")))
    assert "L1 not qualified: 0 of 1" in str(asking("need").judge(lead(need="no")))
    assert str(found) == (
        "0 of 1 lead qualified, 1 not known (mine)\n"
        "  criterion  met  not met  not known\n"
        "  need         1        0          0\n"
        "  a<b          0        0          1"
    )
    assert repr(found) == f"<{found}>"
    assert "<td>a&lt;b</td><td>0</td><td>0</td><td>1</td>" in found._repr_html_()
    assert "0 of 0 leads qualified (mine)" in str(qualify([], qualification=asking("need")))


def test_rows_of_every_criterion_of_every_lead() -> None:
    rows = qualify([lead(need="yes")], qualification=asking("need", "budget")).to_dicts()

    assert [("L1", None, "need", True, "yes"), ("L1", None, "budget", None, None)] == [
        (row["lead_id"], row["qualified"], row["criterion"], row["met"], row["seen"])
        for row in rows
    ]
    assert {NOW} == {row["as_of"] for row in rows}


def test_a_model_is_data() -> None:
    model = QualificationModel(
        name="mine",
        criteria=[
            Criterion(name="value", signs=[Stated(name="expected_value.EUR", least=10_000)]),
            Criterion(name="talk", signs=[Done(behaviour="contact_made", times=2)]),
        ],
        required=["value"],
        at_least=1,
    )

    assert model == QualificationModel.from_json(model.to_json())
    assert model.fingerprint != evolve(model, at_least=2).fingerprint
    assert model.fingerprint != evolve(model, required=[]).fingerprint


def test_a_bad_text_tells_every_fault() -> None:
    table = json.loads(DEFAULT_QUALIFICATION.to_json())
    table["criteria"][0]["signs"][0]["kind"] = "state"
    table["criteria"][1]["signs"][0]["name"] = 5
    with pytest.raises(BadInputError) as caught:
        QualificationModel.from_json(json.dumps(table))

    assert ["$.criteria[0].signs[0].kind", "$.criteria[1].signs[0].name"] == [
        fault.path for fault in caught.value.faults
    ]


def test_a_stranger_s_sign_counts_but_stays_in_code() -> None:
    model = QualificationModel(name="m", criteria=[Criterion(name="weekend", signs=[Weekend()])])

    assert model.judge(lead()).qualified  # 1 February 2026 is a Sunday
    assert 12 == len(model.fingerprint)
    with pytest.raises(OptionError, match="keep it in code"):
        model.to_json()


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: Criterion(name="a", signs=[]), "needs one at least"),
        (lambda: Criterion(name="a", signs=Stated(name="industry")), "is a single one"),
        (lambda: Criterion(name="a", signs=[Stated]), "is no sign"),
        (lambda: Criterion(name="a", signs=["industry"]), "is no sign"),
        (lambda: QualificationModel(name="m", criteria=[]), "needs one at least"),
        (lambda: QualificationModel(name="m", criteria="need"), "is a single one"),
        (lambda: QualificationModel(name="m", criteria=["need"]), "is no Criterion"),
        (lambda: asking("a", "a"), "names two"),
        (lambda: asking("a", required=["b"]), "is no criterion"),
        (lambda: asking("a", required="a"), "is one text"),
        (lambda: asking("a", at_least=2), "from 1 to 1"),
        (lambda: asking("a", at_least=0), "from 1 to 1"),
        (lambda: asking("a", at_least=True), "from 1 to 1"),
        (lambda: qualify([lead()], qualification=asking), "is no QualificationModel"),
        (lambda: qualify(["L1"]), "is no LeadFeatures"),
    ],
)
def test_slips_are_refused(make: Any, reason: str) -> None:
    with pytest.raises(OptionError, match=reason):
        make()
