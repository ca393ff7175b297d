"""Sign-ups of Sao Mai from three forms and a call centre, their contract, and the truth beside each row."""

import json
import math
import random
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from grader.datasets.people import birthday, email, full_name, phone
from grader.datasets.places import DISTRICTS, district
from grader.datasets.seasons import moments
from grader.datasets.signup_forms import CHANNELS, spelled

Row = dict[str, Any]
Fault = tuple[str, str]  # column and rule of one violation of CONTRACT

CAMPAIGNS = ("Tết", "8/3", "Mùa hè", "Trung thu")
MARKERS = ("N/A", "-", "không rõ")
CONTRACT: dict[str, Any] = {
    "types": {
        "signup_id": "int", "channel": "str", "signed_up_at": "datetime", "name": "str", "email": "str",
        "phone": "str", "contact": "str", "birth": "date", "card_since": "date", "district": "str",
        "adults": "int", "children": "int", "household": "int", "spend": "int", "discount": "decimal",
        "distance_km": "float", "newsletter": "bool", "campaign": "str",
    },
    "missing": {
        "name": "drop", "card_since": "keep", "spend": "median", "newsletter": {"constant": False},
        "campaign": {"previous": {"by": "channel", "order": "signed_up_at"}},
    },
    "markers": list(MARKERS),
    "rules": [
        {"rule": "not_missing", "column": "signup_id"},
        {"rule": "one_of", "column": "channel", "values": list(CHANNELS)},
        {"rule": "matches", "column": "email", "pattern": r"[^@\s]+@[^@\s]+\.[a-z]+"},
        {"rule": "unique", "columns": ["email"]},
        {"rule": "required_if", "column": "phone", "when": {"contact": "phone"}},
        {"rule": "exists_in", "column": "district", "values": sorted({d.name for d in DISTRICTS})},
        {"rule": "range", "column": "children", "min": 0, "max": 12},
        {"rule": "sums_to", "columns": ["adults", "children"], "total": "household"},
        {"rule": "compare", "left": "birth", "op": "<", "right": "card_since"},
    ],
}  # fmt: skip
OPTIONAL = ("card_since", "spend", "newsletter", "campaign", "discount", "distance_km")  # may be missing
# Cells that no conversion of the course takes.
UNREADABLE: dict[str, tuple[Any, ...]] = {
    "signed_up_at": ("2026-03-01T09:00:00", "2026-03-01 09:00:00Z", "01/03/2026 09:00"),
    "phone": (912345678, 84912345678, 912345678.0),
    "birth": ("01/03/1990", "19900301", "1990-W09-4", "1990-02-30"),
    "spend": ("1_000", "12.5", "1.250.000", "ba triệu", "١٢", 1e300, True),
    "discount": (0.05, "5%", "1e-1", "0,05"),
    "distance_km": ("nan", "inf", "1_0.5", "2,5"),
    "newsletter": ("có", "y", 2, 1.0),
}
BREAKS: dict[Fault, Callable[[Row], Row]] = {  # what to change in a sound sign-up to break one rule
    ("signup_id", "not_missing"): lambda _: {"signup_id": None},
    ("name", "missing"): lambda _: {"name": None},
    ("channel", "one_of"): lambda _: {"channel": "fax"},
    ("email", "matches"): lambda row: {"email": row["email"] + "; DROP TABLE customers"},
    ("email", "unique"): lambda row: {"email": row["earlier"]},
    ("phone", "required_if"): lambda _: {"contact": "phone", "phone": None},
    ("district", "exists_in"): lambda _: {"district": "Quận 99"},
    ("children", "range"): lambda row: {"children": 40, "household": row["adults"] + 40},
    ("household", "sums_to"): lambda row: {"household": row["adults"] + row["children"] + 1},
    ("birth", "compare"): lambda row: {"card_since": row["birth"]},
}
KINDS: list[Fault] = [*BREAKS, *((column, "type") for column in UNREADABLE)]


class Signup(NamedTuple):
    """One sign-up as it arrives, and what is true about it."""

    raw: Row  # a missing cell is None, NaN, blank, a marker of the call centre, or an absent key
    clean: Row  # every column of the contract, converted; None if missing; an unreadable cell as in raw
    faults: list[Fault]  # the violations that CONTRACT finds in it, sorted


def signups(
    rng: random.Random, count: int, *, markers: tuple[str, ...] = MARKERS, first: date = date(2026, 1, 1)
) -> Iterator[Signup]:
    """`count` sign-ups of 30 days, oldest first, about half of them with one to three faults. Lazy.

    Without `markers` the call centre leaves blanks instead. A faulty `unique` repeats an earlier sound row.
    """
    earlier = None
    for number, at in enumerate(moments(rng, count, first, 30), 1):
        sound = {**_sound(rng, number, at), "earlier": earlier}
        signup = _arrived(rng, sound, _draw(rng, earlier), markers)
        if not signup.faults:
            earlier = signup.clean["email"]
        yield signup


def write_jsonl(path: Path, rng: random.Random, count: int) -> dict[str, int]:
    """Writes the raw rows, one JSON object a line (NaN as null), and counts faults and habits by kind."""
    kinds: Counter[str] = Counter()
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for signup in signups(rng, count):
            kinds.update(f"{column}: {rule}" for column, rule in signup.faults)
            kinds.update(_habits(signup))
            row = {column: None if _is_nan(cell) else cell for column, cell in signup.raw.items()}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return dict(kinds)


def _sound(rng: random.Random, number: int, at: datetime) -> Row:
    """A sign-up that keeps the contract, as Python values."""
    name, adults, children = full_name(rng), rng.randrange(1, 5), rng.randrange(4)
    return {
        "signup_id": number,
        "channel": rng.choice(CHANNELS),
        "signed_up_at": at,
        "name": name,
        "email": email(rng, name).replace("@", f"-{number}@"),  # the number makes it unique
        "phone": phone(rng),
        "contact": rng.choice(("email", "phone")),
        "birth": birthday(rng),
        "card_since": date(2015, 1, 1) + timedelta(days=rng.randrange(4000)),
        "district": district(rng).name,
        "adults": adults,
        "children": children,
        "household": adults + children,
        "spend": rng.randrange(60) * 50_000,  # dong a month
        "discount": Decimal(rng.choice(("0", "0.05", "0.10"))),
        "distance_km": rng.randrange(400) / 10,
        "newsletter": rng.random() < 0.5,
        "campaign": rng.choice(CAMPAIGNS),
    }


def _draw(rng: random.Random, earlier: str | None) -> list[Fault]:
    """None to three kinds of faults, in the order of KINDS, at most one a column."""
    drawn = rng.sample(KINDS, rng.choice((0, 0, 0, 1, 1, 2, 3)))
    by_column = {column: (column, rule) for column, rule in drawn if earlier or rule != "unique"}
    return sorted(by_column.values(), key=KINDS.index)


def _arrived(rng: random.Random, sound: Row, faults: list[Fault], markers: tuple[str, ...]) -> Signup:
    """The sign-up with these faults, in the spelling of its channel."""
    channel = sound["channel"]
    clean, wrong = _with_faults(rng, sound, faults)
    raw = {}
    for column, value in clean.items():
        cell = wrong[column] if column in wrong else spelled(rng, channel, value, markers)
        # The app leaves out what it does not know, every other time.
        if column in wrong or value is not None or channel != "app" or rng.random() < 0.5:
            raw[column] = cell
    dropped = ("name", "missing") in faults
    found = [f for f in faults if f[1] in {"type", "missing"} or not dropped]
    return Signup(raw, clean | wrong, sorted(found))


def _with_faults(rng: random.Random, sound: Row, faults: list[Fault]) -> tuple[Row, Row]:
    """The values after the faults and some harmless gaps, and the unreadable cells by column."""
    clean, wrong, changed = dict(sound), {}, {"earlier"}
    for column, rule in faults:
        change = BREAKS[column, rule](clean) if rule != "type" else {}
        if rule == "type":
            wrong[column] = rng.choice(UNREADABLE[column])
        clean |= change
        changed |= {column, *change}
    gaps = [column for column in OPTIONAL if column not in changed and rng.random() < 0.15]
    clean |= dict.fromkeys(gaps)
    del clean["earlier"]
    return clean, wrong


def _habits(signup: Signup) -> list[str]:
    name, gone = signup.raw.get("name"), [c for c, value in signup.clean.items() if value is None]
    decomposed = isinstance(name, str) and name != unicodedata.normalize("NFC", name)
    marked = [c for c in gone if signup.raw.get(c) in MARKERS]
    absent = [c for c in gone if c not in signup.raw]
    return ["name in NFD"] * decomposed + ["marker"] * len(marked) + ["absent key"] * len(absent)


def _is_nan(cell: Any) -> bool:
    return isinstance(cell, float) and math.isnan(cell)
