"""Active regions, worked by hand."""

from partnerleads import Period, kpis
from partnerleads.testing import at, history

NOW = at("2026-04-01")
# DACH: L1 followed up, L2 lost: another lead each
# Nordics: L3 both; won
# Iberia: L4 closed, and only an automatic and an unqualified answer: no follow-up
# UKI: L5 followed up, never closed; L6 states no region
# Benelux: L7 followed up in January, lost in February
REGIONS = history("""
    2026-01-02 L1 captured  region=DACH country=DE
    2026-01-05 L1 progressed
    2026-01-02 L2 captured  region=DACH country=AT
    2026-01-09 L2 lost
    2026-01-02 L3 captured  region=Nordics country=SE
    2026-01-05 L3 responded
    2026-01-09 L3 won
    2026-01-02 L4 captured  region=Iberia country=ES
    2026-01-03 L4 responded automatic=yes
    2026-01-03 L4 responded qualified=no
    2026-01-09 L4 won
    2026-01-02 L5 captured  region=UKI country=GB
    2026-01-05 L5 responded
    2026-01-02 L6 captured
    2026-01-05 L6 progressed
    2026-01-06 L6 won
    2026-01-02 L7 captured  region=Benelux country=NL
    2026-01-05 L7 progressed
    2026-02-09 L7 lost
""")
JANUARY = Period.month(2026, 1)


def test_regions_with_a_follow_up_and_a_close() -> None:
    regions = kpis.active_regions(REGIONS, as_of=NOW)

    assert ("Benelux", "DACH", "Nordics") == regions.value
    # leads with a follow-up or a close there
    assert ({"Benelux": 1, "DACH": 2, "Nordics": 1}, 4) == (regions.leads, regions.n)
    assert {"it states no region": 1} == regions.left_out_because


def test_both_inside_the_window() -> None:
    regions = kpis.active_regions(REGIONS, as_of=NOW, period=JANUARY)

    assert ("DACH", "Nordics") == regions.value
    assert () == kpis.active_regions(REGIONS, as_of=NOW, period=Period.month(2026, 2)).value


def test_of_the_same_lead() -> None:
    regions = kpis.active_regions(REGIONS, as_of=NOW, period=JANUARY, same_lead=True)

    assert ("Nordics",) == regions.value


def test_won_only() -> None:
    regions = kpis.active_regions(REGIONS, as_of=NOW, won_only=True)

    assert ("Nordics",) == regions.value


def test_countries() -> None:
    regions = kpis.active_regions(REGIONS, as_of=NOW, place="country")

    # DE was followed up, AT closed
    assert ("NL", "SE") == regions.value


def test_a_close_that_no_longer_stands_is_none() -> None:
    events = history("""
        2026-01-02 L1 captured region=DACH
        2026-01-05 L1 progressed
        2026-01-06 L1 lost
        2026-01-07 L1 reopened
    """)

    assert () == kpis.active_regions(events, as_of=NOW).value
    assert ("DACH",) == kpis.active_regions(events, as_of=at("2026-01-06")).value


def test_an_invented_calendar_falls_into_no_period() -> None:
    events = history("""
        2026-01-02 L1 captured region=DACH
        2026-01-05 L1 progressed precision=relative
        2026-01-06 L1 lost precision=relative
        2026-01-02 L2 captured region=DACH
        2026-01-05 L2 progressed
    """)
    regions = kpis.active_regions(events, as_of=NOW, period=JANUARY)

    assert ((), {"its calendar is invented": 1}) == (regions.value, regions.left_out_because)
    assert ("DACH",) == kpis.active_regions(events, as_of=NOW).value


def test_vague_times_are_warned_of_in_a_period() -> None:
    events = history("""
        2026-01-02 L1 captured region=DACH
        2026-01-05 L1 progressed precision=by
        2026-01-06 L1 lost
    """)

    assert ["vague_times"] == [
        w.code for w in kpis.active_regions(events, as_of=NOW, period=JANUARY).warnings
    ]
    assert () == kpis.active_regions(events, as_of=NOW).warnings


def test_no_region_is_no_undefined_value() -> None:
    regions = kpis.active_regions((), as_of=NOW)

    assert ((), 0, None) == (regions.value, regions.n, regions.undefined_because)
    assert "none (0)" == regions.value_text()


def test_it_counts_the_problems_of_the_leads_it_rests_on() -> None:
    # L2 contradicts itself, but nothing of it falls into an active region
    events = history("""
        2026-01-02 L1 captured region=DACH
        2026-01-03 L1 progressed
        2026-01-04 L1 lost
        2026-01-05 L1 progressed
        2026-01-02 L2 captured region=Nordics
        2026-01-03 L2 captured region=Nordics
    """)

    assert 1 == kpis.active_regions(events, as_of=NOW).problems
