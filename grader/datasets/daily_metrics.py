"""Sao Mai's figures by day: weekends, growth, Tết, promotions, and one Tuesday on which half is lacking."""

import csv
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from grader.datasets.seasons import TET, day_weight


class Day(NamedTuple):
    """One day of the shops, and what is special about it."""

    day: date
    visitors: int
    orders: int
    revenue: int  # dong
    kind: str = ""  # "tet_holiday", or "silent_tuesday": half of the orders is lacking, and nothing crashed


def is_tet(day: date) -> bool:
    """The eve of the lunar year and its first days: shops are closed, few people order."""
    return day.year in TET and -1 <= (day - TET[day.year]).days <= 5


def silent_tuesday(rng: random.Random, first: date, days: int) -> date:
    """An ordinary Tuesday in the last third of the days."""
    every = (first + timedelta(days=n) for n in range(days * 2 // 3, days))
    return rng.choice([day for day in every if day.weekday() == 1 and day_weight(day) == 100])


def daily_metrics(rng: random.Random, first: date = date(2024, 9, 1), days: int = 546) -> Iterator[Day]:
    """`days` days from `first` on, ascending: 18 months unless told otherwise. Lazy."""
    silent = silent_tuesday(rng, first, days)
    for number in range(days):
        day = first + timedelta(days=number)
        busy = day_weight(day) * (1000 + number)  # doubles in 1000 days
        visitors = busy * rng.randrange(96, 105) // 2000
        orders = visitors * rng.randrange(38, 43) // 1000 // (2 if day == silent else 1)
        kind = "silent_tuesday" if day == silent else "tet_holiday" if is_tet(day) else ""
        yield Day(day, visitors, orders, orders * rng.randrange(112, 119) * 1000, kind)


def write_daily_metrics(path: Path, days: Iterable[Day]) -> dict[str, int]:
    """Writes day, visitors, orders, revenue as CSV, without the truth; returns the special days by kind."""
    kinds: Counter[str] = Counter()
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(Day._fields[:-1])
        for day in days:
            kinds[day.kind] += 1
            table.writerow(day[:-1])
    del kinds[""]
    return dict(kinds)
