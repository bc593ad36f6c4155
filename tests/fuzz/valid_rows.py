"""Valid rows of every kind, drawn from the one table of fields."""

from __future__ import annotations

from random import Random
from typing import Any

from partnerleads.events.fields import FieldSpec, fields_of
from partnerleads.events.order import KINDS
from partnerleads.model.lead import Lead

TEXTS = (
    "acme",
    "DACH",
    "Müller & Söhne, GmbH",
    'say "x": y',
    "漢字",
    "🦊",
    "a\\b\n\tc",
    "null",
    "{}",
)
IDS = ("L1", "L-1042", "p1", "agent 7", "é", "x" * 200, "0")
AMOUNTS = (
    "0.00",
    "12.50",
    "-3.10",
    "999999999999999.99",
    "7",
    "8000.5",
    "1.500",
    "-0.00",
    "007.10",
)
CURRENCIES = ("EUR", "USD", "JPY", "KWD", "CLF")
NUMBERS = (0, 1, 0.5, 0.25, 1.0, 1e-3, 0.1, 5e-324)
INTEGERS = (0, 1, 2, 17, 10**6)
OFFSETS = ("Z", "+00:00", "+01:00", "-05:30", "+0545", "-00:00", "+23:59")
HOURS: tuple[dict[str, str], ...] = (
    {"mon-fri": "09:00-12:00, 13:00-17:30"},
    {"sat": "10:00-24:00"},
    {},
)
OWN: dict[str, tuple[Any, ...]] = {
    "time_zone": ("UTC", "Europe/Berlin", "America/New_York"),
    "working_hours": HOURS,
    "count": (1, 2, 10**9),
    "score": (3, 4.5),
    "scale_min": (0, 1, -1.5),
    "scale_max": (5, 10.0),
    "chosen": (None,),
}


def an_instant(rng: Random) -> str:
    """An instant in one of the forms that are read."""
    year = rng.choice((2, 1970, 2026, 2027, 9998))
    day = f"{year:04}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    clock = f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02}"
    if rng.random() < 0.9:
        clock += f":{rng.randint(0, 59):02}"
        if rng.random() < 0.3:
            clock += "." + "".join(rng.choices("0123456789", k=rng.randint(1, 6)))
    return day + rng.choice("TTT ") + clock + rng.choice(OFFSETS)


def _money(rng: Random) -> dict[str, str]:
    currency = rng.choice(CURRENCIES)
    amount = rng.choice(AMOUNTS if currency != "JPY" else ("7", "-1200", "1.0"))
    return {"amount": amount, "currency": currency}


def a_value(rng: Random, spec: FieldSpec) -> Any:
    """A value that the field takes."""
    if spec.name in OWN:
        return rng.choice(OWN[spec.name])
    makers = {
        "text": lambda: rng.choice(IDS if spec.name.endswith("_id") else TEXTS),
        "choice": lambda: rng.choice(spec.choices or ("",)),
        "integer": lambda: rng.choice(INTEGERS),
        "number": lambda: rng.choice(NUMBERS),
        "yes_no": lambda: rng.random() < 0.5,
        "instant": lambda: an_instant(rng),
        "money": lambda: _money(rng),
        "texts": lambda: rng.sample(IDS, k=rng.randint(0, 3)),
        "text_map": lambda: dict(zip(rng.sample(TEXTS, k=2), TEXTS, strict=False)),
        "number_map": lambda: {rng.choice(IDS): rng.choice(NUMBERS)},
        "lead": lambda: _stated(rng, Lead),
    }
    return makers[spec.value]()


def _stated(rng: Random, cls: type[Any]) -> dict[str, Any]:
    row = {}
    for spec in fields_of(cls):
        if spec.required or rng.random() < 0.5:
            row[spec.name] = a_value(rng, spec)
            if not spec.required and rng.random() < 0.1:
                row[spec.name] = None
    return row


def a_row(rng: Random) -> dict[str, Any]:
    """A valid row of any kind, its fields in any order."""
    name = rng.choice(tuple(KINDS))
    row = {"type": name, **_stated(rng, KINDS[name])}
    if name in ("contact_made", "lead_offered"):
        row["partner_id"] = "p1"
    if row.get("eligible") and rng.random() < 0.5:
        row["chosen"] = rng.choice(row["eligible"])
    names = list(row)
    if rng.random() < 0.3:
        rng.shuffle(names)
    return {name: row[name] for name in names}
