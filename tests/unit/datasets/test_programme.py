"""The synthetic programme: reproducible, complete, and as its truth says."""

from __future__ import annotations

import gzip
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from importlib.resources import files
from math import sqrt
from pathlib import Path

import attrs
import pytest

from partnerleads import datasets
from partnerleads.datasets.programme import (
    SAMPLE_AS_OF,
    Programme,
    generate,
    main,
    packed,
)
from partnerleads.errors import OptionError
from partnerleads.events import KINDS, LeadCaptured, LeadReopened, LeadWon, order_key
from partnerleads.lifecycle import fold

PACKAGED = files("partnerleads.datasets").joinpath("data", "sample.jsonl.gz")


@pytest.fixture(scope="module")
def programme() -> Programme:
    return generate()


def close_rate(programme: Programme, *attributions: str) -> float:
    leads = [t for t in programme.truth.leads.values() if t.attribution in attributions]
    return sum(truth.outcome == "won" for truth in leads) / len(leads)


def test_the_packaged_file_is_a_fresh_generation(programme: Programme) -> None:
    expected = gzip.decompress(packed(programme))

    assert expected == gzip.decompress(PACKAGED.read_bytes())


def test_the_packaged_file_is_small_and_bears_no_time() -> None:
    data = PACKAGED.read_bytes()

    assert len(data) < 600_000
    assert data[4:8] == bytes(4)


def test_the_sample_loads_in_one_line(programme: Programme) -> None:
    assert programme.events == datasets.sample()


def test_one_seed_gives_one_programme() -> None:
    first, second = (generate(seed=7, leads=60, partners=9) for _ in range(2))

    assert packed(first) == packed(second)
    assert first.truth == second.truth


def test_another_seed_gives_another_programme() -> None:
    assert generate(seed=1, leads=5).events != generate(seed=2, leads=5).events


def test_every_kind_occurs(programme: Programme) -> None:
    assert set(KINDS) == {event.type for event in programme.events}


def test_every_event_is_labelled_synthetic(programme: Programme) -> None:
    assert {"synthetic-crm"} == {event.source for event in programme.events}


def test_events_are_in_order_and_nothing_is_recorded_after_the_end(programme: Programme) -> None:
    events = programme.events

    assert sorted(events, key=order_key) == list(events)
    assert max(event.recorded_at for event in events) < SAMPLE_AS_OF


def test_every_lead_of_the_truth_was_captured(programme: Programme) -> None:
    captured = {event.lead_id for event in programme.events if isinstance(event, LeadCaptured)}

    assert programme.truth.leads.keys() == captured
    assert len(captured) == 2000


def test_the_fold_finds_the_true_class_and_source_of_every_lead(programme: Programme) -> None:
    lives = fold(programme.events, as_of=SAMPLE_AS_OF)
    found = {
        lead_id: (life.verdict.attribution, life.verdict.sourcing_partner)
        for lead_id, life in lives.items()
        if lead_id in programme.truth.leads
    }
    expected = {
        lead_id: (truth.attribution, truth.sourcing_partner)
        for lead_id, truth in programme.truth.leads.items()
    }

    assert expected == found


def test_every_backdated_record_is_found_and_no_other(programme: Programme) -> None:
    lives = fold(programme.events, as_of=SAMPLE_AS_OF)
    found = {(finding.rule, finding.lead_id) for finding in lives.findings}
    expected = {
        (name.replace(" ", "_"), lead_id)
        for name in ("backdated claim", "backdated contact")
        for lead_id in programme.truth.dirt[name]
    }

    assert expected == found


def test_partner_leads_close_about_twice_as_well_as_direct_ones(programme: Programme) -> None:
    ratio = close_rate(programme, "sourced", "influenced") / close_rate(programme, "direct")

    assert 1.7 < ratio < 2.4


def test_three_partners_carry_most_partner_wins_and_a_dozen_none(programme: Programme) -> None:
    wins = Counter(
        event.partner_id
        for event in programme.events
        if isinstance(event, LeadWon) and event.partner_id is not None
    )
    strengths = Counter[str]()
    for partner_id, number in wins.items():
        strengths[programme.truth.partners[partner_id].strength] += number
    idle = [p for p in programme.truth.partners.values() if p.strength == "never closing"]

    assert strengths["strong"] > sum(wins.values()) / 2
    assert strengths["never closing"] == 0
    assert len(idle) == 12


def test_every_sort_of_dirt_is_put_and_told(programme: Programme) -> None:
    dirt = programme.truth.dirt

    for name, lead_ids in dirt.items():
        assert lead_ids
        told = [i for i, truth in programme.truth.leads.items() if name in truth.dirt]
        assert told == list(lead_ids) or name == "never captured"
    dirty = sum(len(lead_ids) for lead_ids in dirt.values())
    assert 0.002 < dirty / len(programme.events) < 0.01


def test_leads_that_had_the_time_were_won_as_often_as_their_propensity_says(
    programme: Programme,
) -> None:
    captures = [event for event in programme.events if isinstance(event, LeadCaptured)]
    reopened = {event.lead_id for event in programme.events if isinstance(event, LeadReopened)}
    old = {c.lead_id for c in captures if c.occurred_at < SAMPLE_AS_OF - timedelta(days=270)}
    truths = [programme.truth.leads[lead_id] for lead_id in sorted(old - reopened)]
    likely = sum(truth.propensity for truth in truths)
    spread = sqrt(sum(truth.propensity * (1 - truth.propensity) for truth in truths))
    won = sum(truth.outcome == "won" for truth in truths)

    assert abs(won - likely) < 3 * spread


def test_a_programme_of_one_lead_has_room_for_little_dirt() -> None:
    small = generate(leads=1, partners=5)

    assert list(small.truth.leads) == ["lead-0001"]
    assert sum(map(len, small.truth.dirt.values())) <= 2


@pytest.mark.parametrize("counts", [{"leads": 0}, {"partners": 4}, {"partners": 100}])
def test_a_count_out_of_range_is_refused(counts: dict[str, int]) -> None:
    with pytest.raises(OptionError, match=next(iter(counts))):
        generate(**counts)


def test_the_truth_is_frozen(programme: Programme) -> None:
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        programme.truth.leads["lead-0001"].outcome = "won"  # type: ignore[misc]


def test_the_command_writes_the_sample(tmp_path: Path) -> None:
    path = tmp_path / "sample.jsonl.gz"
    command = [sys.executable, "-m", "partnerleads.datasets.programme", str(path)]
    subprocess.run(command, check=True)

    assert gzip.decompress(PACKAGED.read_bytes()) == gzip.decompress(path.read_bytes())


def test_the_command_writes_it_from_within_too(tmp_path: Path) -> None:
    path = tmp_path / "sample.jsonl.gz"

    assert main([str(path)]) == 0
    assert path.stat().st_size < 600_000


def test_the_command_needs_a_path(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "PATH" in capsys.readouterr().err
