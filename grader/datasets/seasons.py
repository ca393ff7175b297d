"""When people shop: evenings, weekends, before Tết, and on 11.11.

Weights are whole numbers and nothing here uses logarithms or powers, so that a seed gives the same bytes on
every platform (libm is not the same everywhere).
"""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import accumulate

LOCAL = timezone(timedelta(hours=7))  # Asia/Ho_Chi_Minh: no summer time
TET = {  # first day of the lunar year
    year: date(year, month, day)
    for year, month, day in (
        (2020, 1, 25), (2021, 2, 12), (2022, 2, 1), (2023, 1, 22), (2024, 2, 10), (2025, 1, 29),
        (2026, 2, 17), (2027, 2, 6), (2028, 1, 26), (2029, 2, 13), (2030, 2, 3),
    )
}  # fmt: skip
# How busy each hour of the shops' day is: a little at lunch, most at nine in the evening.
HOURS = (6, 3, 2, 1, 1, 3, 8, 15, 24, 32, 36, 44, 48, 38, 32, 33, 36, 38, 42, 58, 78, 84, 60, 26)  # fmt: skip


def day_weight(day: date) -> int:
    """How busy a day of the shops is; an ordinary working day is 100."""
    weight = 130 if day.weekday() >= 5 else 100
    tet = TET.get(day.year)
    if tet and -1 <= (day - tet).days <= 5:
        return weight // 5
    if tet and -22 <= (day - tet).days <= -2:
        weight = weight * 17 // 10
    if day.month == day.day >= 9:  # 9.9, 10.10, 11.11, 12.12
        weight *= 6 if day.month == 11 else 3
    return weight


def hours(rng: random.Random, count: int, first: date, days: int) -> Iterator[tuple[datetime, int]]:
    """(start of the hour in UTC, how many of `count` moments fall into it), ascending, no empty hours."""
    weights = [day_weight(first + timedelta(days=n)) * hour for n in range(days) for hour in HOURS]
    cumulative = list(accumulate(weights))
    drawn: Counter[int] = Counter()
    for begin in range(0, count, 1000):  # drawn in pieces: memory is that of the hours, not of the moments
        drawn.update(rng.choices(range(len(weights)), cum_weights=cumulative, k=min(1000, count - begin)))
    start = datetime.combine(first, time(), LOCAL).astimezone(UTC)
    for hour in sorted(drawn):
        yield start + timedelta(hours=hour), drawn[hour]


def moments(rng: random.Random, count: int, first: date, days: int) -> Iterator[datetime]:
    """`count` aware UTC times with whole seconds, ascending, in `days` days of the shops from `first` on."""
    for start, many in hours(rng, count, first, days):
        for second in sorted(rng.randrange(3600) for _ in range(many)):
            yield start + timedelta(seconds=second)
