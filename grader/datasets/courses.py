"""The courses of Sao Mai's academy, and how its sellers rate them."""

import csv
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from grader.datasets.seasons import moments

TOPICS = {
    "Python": ("First steps", "Files and folders", "Data frames", "Tests that find bugs", "Web scraping", "Dates"),
    "SQL": ("Queries", "Joins without tears", "Window functions", "Indexes", 'What "NULL" means', "Reports"),
    "R": ("First steps", "Charts", "Surveys", "Forecasts"),
    "Excel": ("Formulas", "Pivot tables", "Seller's ledger"),
    "Shell": ("Pipes", "Cron at night"),
}
FIRST, DAYS = date(2026, 1, 5), 60
GAPS = ("", "", "  ")  # a missing language is an empty cell; now and then somebody typed blanks


class Course(NamedTuple):
    course_id: int
    title: str
    description: str
    programming_language: str


class Rating(NamedTuple):
    user_id: int
    course_id: int
    rating: int  # 1 to 5
    rated_at: str  # ISO 8601 in UTC


def courses(rng: random.Random, count: int) -> list[Course]:
    """`count` courses with ids 1, 2, …; the language is always there."""
    known = [(title, language) for language, titles in TOPICS.items() for title in titles]
    made = []
    for number in range(1, count + 1):
        title, language = known[(number - 1) % len(known)]
        part = (number - 1) // len(known)
        hours = rng.randrange(2, 9)
        name = f"{language}: {title}" + (f", part {part + 1}" if part else "")
        made.append(Course(number, name, f"{hours} hours, with 100% of the answers", language))
    return made


def ratings(rng: random.Random, users: int, count: int) -> Iterator[Rating]:
    """Each user has rated 1 to 6 of the `count` courses once, the first courses most often.

    The last course has one vote, a five; who rates the one before it is nearly always content.
    """
    pairs = [(user, course) for user in range(1, users + 1) for course in _some(rng, count - 1)]
    pairs.append((users + 1, count))
    rng.shuffle(pairs)
    for (user, course), at in zip(pairs, moments(rng, len(pairs), FIRST, DAYS), strict=True):
        stars = 5 if course == count else rng.choices((5, 4), (8, 2))[0] if course == count - 1 else _stars(rng)
        yield Rating(user, course, stars, f"{at:%Y-%m-%dT%H:%M:%SZ}")


def _some(rng: random.Random, count: int) -> set[int]:
    popular = {rng.randrange(rng.randrange(count) + 1) + 1 for _ in range(rng.randrange(1, 6))}
    return popular | ({count} if rng.randrange(3) == 0 else set())


def _stars(rng: random.Random) -> int:
    return rng.choices((1, 2, 3, 4, 5), (1, 2, 5, 8, 6))[0]


def write_courses(path: Path, rng: random.Random, count: int) -> dict[str, int]:
    """Writes the courses, every seventh without its language; returns how many by kind of gap."""
    rows = [_with_gap(course) if course.course_id % 7 == 5 else course for course in courses(rng, count)]
    _write(path, Course._fields, rows)
    languages = Counter(row.programming_language for row in rows)
    return {"language_missing": languages[""], "language_blank": languages["  "]}


def _with_gap(course: Course) -> Course:
    return course._replace(programming_language=GAPS[course.course_id // 7 % len(GAPS)])


def write_ratings(path: Path, rng: random.Random, users: int, count: int) -> dict[str, int]:
    """Writes the ratings; returns how many belong to the shop's next day although UTC has the same date."""
    rows = list(ratings(rng, users, count))
    _write(path, Rating._fields, rows)
    return {"after_midnight_in_the_shop": sum(row.rated_at[11:] >= "17:00:00Z" for row in rows), "single_vote_of_5": 1}


def _write(path: Path, header: Iterable[str], rows: Iterable[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
