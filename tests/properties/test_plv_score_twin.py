"""The default score against a slow twin that reads nothing but the rows of a tidy history."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from math import isclose
from operator import add

from hypothesis import given
from hypothesis import strategies as st

from partnerleads import plv
from partnerleads.events import Event
from partnerleads.testing import at, history
from tests.properties import naive_plv
from tests.properties.naive_plv import Row

START = at("2026-01-01")
DAY = timedelta(days=1)
PARTNERS = ("acme", "beta")

_days = st.integers(0, 900)
_amounts = st.integers(1, 150_000) | st.sampled_from([20_000, 40_000])
_later = st.one_of(
    st.tuples(st.just("won"), st.tuples(_amounts, st.integers(-20_000, 60_000))),
    st.tuples(st.just("refunded"), st.tuples(_amounts)),
    st.tuples(st.sampled_from(["lost", "reopened", "disqualified"]), st.just(())),
)
_own = st.one_of(
    st.tuples(
        st.sampled_from(["onboarded", "training", "campaign", "co_sell", "business_plan"]),
        st.just(()),
    ),
    st.tuples(st.just("certified"), st.tuples(st.integers(1, 3), st.sampled_from([0, 50, 200]))),
    st.tuples(st.just("revoked"), st.tuples(st.integers(1, 3))),
    st.tuples(st.just("rated"), st.tuples(st.integers(1, 5))),
)


@st.composite
def tidy(draw: st.DrawFn) -> list[Row]:
    """Rows of two partners, of which no two are of one moment, and all leads begin with a capture.

    Each row is some minutes of its own after the midnight of its day.
    """
    drawn: list[tuple[int, str, str, str, tuple[int, ...]]] = []
    for number in range(draw(st.integers(0, 5))):
        partner, start = draw(st.sampled_from(PARTNERS)), draw(_days)
        drawn.append((start, partner, f"L{number}", "captured", ()))
        for what, numbers in draw(st.lists(_later, max_size=5)):
            start += draw(st.integers(0, 120))
            drawn.append((start, partner, f"L{number}", what, numbers))
    for what, numbers in draw(st.lists(_own, max_size=10)):
        drawn.append((draw(_days), draw(st.sampled_from(PARTNERS)), "", what, numbers))
    return [
        (day + Fraction(place, 1440), partner, lead, what, numbers)
        for place, (day, partner, lead, what, numbers) in enumerate(drawn)
    ]


def told(rows: list[Row]) -> tuple[Event, ...]:
    """The rows as events."""
    return history("\n".join(map(_line, rows)))


def _line(row: Row) -> str:
    day, partner, lead, what, numbers = row
    moment = f"{START + float(day) * DAY:%Y-%m-%d %H:%M}"
    words = {
        "captured": f"captured by {partner}",
        "won": "won {} EUR margin={} EUR",
        "refunded": "refunded {} EUR",
        "certified": "certified c{}",
        "revoked": "certification_revoked c{}",
        "rated": "rated score={} scale_min=1 scale_max=5",
        "business_plan": "business_plan plan",
        "training": "training basics",
        "campaign": "campaign spring",
        "co_sell": "co_sell joint",
    }
    text = words.get(what, what).format(*numbers)
    if what == "certified" and numbers[1]:
        ends = START + float(day + numbers[1]) * DAY
        text += f' expires_at="{ends:%Y-%m-%d %H:%M}"'
    return f"{moment} {lead or partner} {text}"


def moments(rows: list[Row]) -> st.SearchStrategy[Fraction]:
    """Any day, or one on which something of a row begins to count or ends."""
    anywhere = _days.map(Fraction)
    if not rows:
        return anywhere
    days = st.sampled_from([day for day, *_ in rows])
    return anywhere | st.builds(add, days, st.sampled_from([0, 50, 90, 200, 365, 455]))


@given(data=st.data(), rows=tidy())
def test_scores_and_metrics_agree_with_a_slow_naive_twin(
    data: st.DataObject, rows: list[Row]
) -> None:
    as_of = data.draw(moments(rows))
    found = plv.plv_scores(told(rows), as_of=START + float(as_of) * DAY)
    for partner in PARTNERS:
        known = naive_plv.metrics(rows, partner, as_of)
        if known is None:
            assert partner not in found
            continue
        one = found[partner]
        values = {name: value for name, value in one.values.items() if value is not None}
        assert known.keys() == values.keys()
        for name, value in values.items():
            assert isclose(known[name], value, rel_tol=1e-9, abs_tol=1e-9), name
        assert one.value is not None
        assert isclose(naive_plv.score(known), one.value, rel_tol=1e-9, abs_tol=1e-9)
