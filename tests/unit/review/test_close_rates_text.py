"""The close rates of a review, as lines."""

from typing import Any

import attrs
import pytest

from partnerleads import Period, fold
from partnerleads.kpis.measuring.figures import history_of
from partnerleads.review import as_text, programme_review
from partnerleads.review.close_rates import close_rates
from partnerleads.review.close_rates_text import MOST_PARTNERS, close_rate_lines
from partnerleads.testing import at, history

QUARTER = Period.quarter(2026, 3)
PROGRAMME = """
    2026-02-02 L1 captured by acme region=DACH deal_type=new
    2026-02-22 L1 won
    2026-05-02 L2 captured by acme region=DACH deal_type=new
    2026-05-22 L2 won
    2026-05-02 L3 captured region=DACH deal_type=new
    2026-05-02 L4 captured region=DACH deal_type=new
    2026-05-05 L4 influenced webinar by bolt
    2026-05-12 L4 won
    2026-08-02 L5 captured by cyan
    2026-08-09 L5 lost
    2026-09-25 L6 captured by dash
"""


def lines(text: str, *, as_of: str = "2026-10-01", period: Period = QUARTER) -> list[str]:
    lives = fold(history(text), as_of=at(as_of))
    return close_rate_lines(close_rates(history_of(lives), period=period))


def section(text: str, head: str, **options: Any) -> list[str]:
    """The lines under a heading, with it, up to the next empty one."""
    shown = lines(text, **options)
    start = next(place for place, line in enumerate(shown) if line.startswith(head))
    end = shown.index("", start) if "" in shown[start:] else len(shown)
    return shown[start:end]


def test_without_a_win_it_says_so_and_nothing_else() -> None:
    assert ["Close rates: none, since nothing was won"] == lines("2026-08-02 L1 captured")


def test_the_time_limit_says_where_it_comes_from_and_that_it_may_be_short() -> None:
    first, *notes = section(PROGRAMME, "Close rates: ")[:3]

    words = "90 % of the eventual wins, estimated from 3 wins among 6 leads captured"
    assert f"Close rates: won within 20 days of the capture ({words})" == first
    assert ["  note: small: n < 30", "  note: young leads have not won yet"] == [
        note.partition(",")[0] for note in notes
    ]


def test_both_rates_stand_side_by_side_with_what_to_beware_of() -> None:
    shown = section(PROGRAMME, "Close rates: ")
    start = (
        shown.index("  Q2 2026 (2026-04-01 to 2026-07-01 UTC), whose leads all had that long:") + 1
    )

    ratio = "no ratio: direct has no hit to divide by"
    assert [
        "    sourced 100.0 % (1 of 1 lead captured; 95 % 20.7-100.0 %)",
        "      against direct 0.0 % (0 of 1 lead captured; 95 % 0.0-79.3 %)",
        f"      +100.0 percentage points; 95 % -12.2 to +100.0; {ratio}; Fisher exact p 1.000",
        "      at one mix of region, deal_type +100.0 percentage points",
        "      note: 1 left out: in neither group",
        "      note: sourced: small: n < 30",
        "      note: direct: small: n < 30",
    ] == shown[start : start + 7]
    assert shown[start + 7].startswith("      note: influence takes time")
    assert [
        "    sourced 100.0 % (1 of 1 lead captured; 95 % 20.7-100.0 %)",
        "      against not sourced 50.0 % (1 of 2 leads captured; 95 % 9.5-90.5 %)",
    ] == shown[start + 8 : start + 10]
    assert not any("influence takes time" in line for line in shown[start + 8 :])


def test_a_group_without_leads_has_no_rate_and_nothing_is_adjusted() -> None:
    shown = section("2026-08-02 L1 captured by acme\n2026-08-09 L1 won", "Close rates: ")

    assert "      against direct no rate" in shown
    assert "      undefined; direct: there are no leads captured" in shown
    assert not any("at one mix" in line for line in shown)


def test_a_group_that_is_not_there_at_all_has_no_rate() -> None:
    lives = fold(history(PROGRAMME), as_of=at("2026-10-01"))
    rates = close_rates(history_of(lives), period=QUARTER)
    assert rates.comparison is not None
    gone = attrs.evolve(rates, comparison=attrs.evolve(rates.comparison, b=None))

    assert "      against direct no rate" in close_rate_lines(gone)


def test_a_mix_that_turns_the_direction_is_told_once() -> None:
    # kidney stones (Charig et al. 1986): the open operations do better on small and on large ones
    groups = (
        (" by acme", "new", 81, 87),
        (" by acme", "old", 192, 263),
        ("", "new", 234, 270),
        ("", "old", 55, 80),
    )
    text = "\n".join(
        f"2026-07-01 {kind}{n}{by[-4:]} captured{by} deal_type={kind}"
        + (f"\n2026-07-05 {kind}{n}{by[-4:]} won" if n < hits else "")
        for by, kind, hits, of in groups
        for n in range(of)
    )
    shown = section(text, "Close rates: ")

    turned = "adjusted for region, deal_type the direction turns: -4.6 as a whole, "
    assert f"      note: {turned}+5.4 percentage points at one mix" in shown
    assert "      at one mix of region, deal_type +5.4 percentage points" in shown


def test_without_a_mature_cohort_nothing_is_compared() -> None:
    shown = lines(PROGRAMME, period=Period.year(2026))

    assert "  no cohort up to this period had that long, so nothing is compared" in shown
    assert not any("against" in line for line in shown)


def test_the_trend_marks_what_is_so_far_and_what_it_will_be() -> None:
    text = """
        2026-05-02 L1 captured by acme
        2026-06-11 L1 won
        2026-07-02 L2 captured by acme
        2026-08-11 L2 won
        2026-08-25 L3 captured by acme
        2026-08-25 L4 captured
        2026-08-25 L5 captured
        2026-08-26 L5 won
    """
    head, *rows = section(text, "Close rates by cohort")

    assert "Close rates by cohort" == head
    assert ["sourced", "influenced", "direct", "all"] == rows[0].split()
    assert "Q2 2026 100.0 % of 1 - - 100.0 % of 1" == " ".join(rows[5].split())
    assert (
        "Q3 2026 50.0 % of 2 so far, to be 100.0 % - 50.0 % of 2 so far "
        "50.0 % of 4 so far, to be 100.0 %"
    ) == " ".join(rows[6].split())
    assert 7 == len(rows)


def test_cohorts_are_all_named_or_all_go_by_their_days() -> None:
    days = Period.days(QUARTER.first, QUARTER.until)

    def first_words(period: Period) -> list[str]:
        _, _, *rows, _ = section(PROGRAMME, "Close rates by cohort", period=period)
        return [row[2:26].split("  ")[0] for row in rows]

    assert ["Q3 2026", "Q2 2026"] == first_words(QUARTER)[:-3:-1]
    assert ["2026-09", "2026-08"] == first_words(Period.month(2026, 9))[:-3:-1]
    assert "2026-07-01 to 2026-10-01" == first_words(days)[-1]


def test_influenced_leads_beside_direct_ones_bear_their_warning() -> None:
    warning = "  note: influenced leads have lasted until influence came, and direct ones are those"
    shown = section(PROGRAMME, "Close rates by cohort")
    without = PROGRAMME.replace("influenced webinar by bolt", "progressed")

    assert shown[-1].startswith(warning)
    assert "note" not in section(without, "Close rates by cohort")[-1]


def test_partners_stand_by_what_chance_leaves_of_their_rate() -> None:
    shown = section(PROGRAMME, "Partners ")

    head = "Partners by close rate, chance taken off, all leads that had that long: "
    assert shown[0].startswith(f"{head}2 partners, 3 leads of partners, towards ")
    assert ["  1 acme 2 of 2, ", "  2 cyan 0 of 1, "] == [line[:17] for line in shown[1:3]]
    assert "  note: 1 left out: it did not have the whole time yet" in shown


def test_one_partner_is_not_called_ranked() -> None:
    shown = section("2026-08-02 L1 captured by acme\n2026-08-09 L1 won", "Partners ")

    head = "Partners by name, not ranked, all leads that had that long: "
    basis = "1 partner, 1 lead of partners; one group shows nothing of how groups differ"
    assert [
        f"{head}{basis}",
        "  - acme 1 of 1, small: n < 30",
        "  note: small: n < 30",
    ] == shown


def test_partners_that_differ_by_chance_alone_show_no_strength() -> None:
    text = "\n".join(
        f"2026-07-02 {name}{place} captured by {name}\n"
        f"2026-07-09 {name}{place} {'won' if place < 4 else 'lost'}"
        for name in ("acme", "bolt", "cyan")
        for place in range(10)
    )
    head = section(text, "Partners ")[0]

    why = "since partners differ no more than chance would have them (maximum likelihood)"
    assert head.endswith(f": 3 partners, 30 leads of partners, towards 40.0 %, {why}")


def test_partners_that_differ_show_how_strongly_they_are_drawn_together() -> None:
    head = section(many(20), "Partners ")[0]

    assert head.endswith(" leads had been seen (maximum likelihood)")
    assert "chance would have" not in head


def many(partners: int) -> str:
    """Partners with two leads each, of which the first partner alone wins."""
    return "\n".join(
        f"2026-07-02 {name}{place} captured by {name}\n"
        f"2026-07-09 {name}{place} {'won' if name == 'p00' else 'lost'}"
        for name in (f"p{number:02}" for number in range(partners))
        for place in range(2)
    )


@pytest.mark.parametrize(("partners", "shown"), [(20, 20), (21, 20), (25, 20)])
def test_of_many_partners_both_ends_are_shown(partners: int, shown: int) -> None:
    league = section(many(partners), "Partners ")
    rows = [line for line in league[1:] if " of 2" in line]
    cut = [line for line in league if "more" in line]

    assert shown == len(rows) <= 2 * MOST_PARTNERS
    assert ([f"  ... {partners - 20} more"] if partners > 20 else []) == cut
    assert f" p{partners - 1:02} " in rows[-1]


def test_those_without_a_win_are_named_up_to_ten() -> None:
    few, lot = (section(many(partners), "Concentration")[-1] for partners in (3, 13))
    names = ", ".join(f"p{number:02}" for number in range(1, 11))

    assert "  2 partners sent leads, none of them won: p01, p02" == few
    assert f"  12 partners sent leads, none of them won: {names} and 2 more" == lot


def test_a_partner_whose_leads_are_all_young_is_not_reproached() -> None:
    shown = section(PROGRAMME, "Concentration")

    assert "Concentration: 100.0 % of all wins that partners sourced" == shown[0]
    assert [
        "  1 partner sent leads, none of them won: cyan",
        "  1 partner without a win sent only leads that did not have that long yet: dash",
    ] == shown[2:]


def test_wins_of_no_partner_are_concentrated_on_nobody() -> None:
    shown = section("2026-08-02 L1 captured\n2026-08-09 L1 won", "Concentration")

    assert "Concentration: undefined" == shown[0]
    assert shown[1].endswith("1 win of no partner; no partner has a win")
    assert 2 == len(shown)


def test_a_part_that_was_not_looked_at_is_not_shown() -> None:
    lives = fold(history(PROGRAMME), as_of=at("2026-10-01"))
    rates = close_rates(history_of(lives), period=QUARTER)
    bare = attrs.evolve(rates, comparison=None, trend=None, league=None, concentration=None)
    alone = close_rate_lines(attrs.evolve(rates, concentration=None))

    assert not any(
        line.startswith(("Partners", "Concentration", "Close rates by")) or "direct" in line
        for line in close_rate_lines(bare)
        if "direct ones" not in line
    )
    assert any(line.startswith("Partners") for line in alone)
    assert not any(line.startswith("Concentration") for line in alone)


def test_the_review_shows_them_before_its_problems() -> None:
    shown = as_text(programme_review(history(PROGRAMME), as_of=at("2026-10-01"))).splitlines()
    heads = ("Close rates:", "Close rates by", "Partners ", "Concentration", "Problems of")
    places = [
        next(place for place, line in enumerate(shown) if line.startswith(head)) for head in heads
    ]

    assert places == sorted(places)
