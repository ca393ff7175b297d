"""Two nights of the catalogue differ in what is counted; courses and ratings fit together."""

import csv
import random
from pathlib import Path

import pytest

from grader.datasets.catalogue import CHANGES, write_catalogues
from grader.datasets.courses import write_courses, write_ratings


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("scale", [1, 3])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_tuesday_differs_from_monday_in_what_is_counted(tmp_path, seed, scale):
    told = write_catalogues(tmp_path / "monday.csv", tmp_path / "tuesday.csv", random.Random(seed), scale)
    before = {row["sku"]: row for row in rows(tmp_path / "monday.csv")}
    tuesday = rows(tmp_path / "tuesday.csv")
    after = {row["sku"]: row for row in tuesday}  # the last row of a sku counts
    seen = {
        f"{column}_changed": sum(before[sku][column] != after[sku][column] for sku in before)
        for column in ("price", "name", "category", "active")
    }
    seen |= {"new": len(after.keys() - before.keys()), "sku_twice": len(tuesday) - len(after)}
    assert seen == told == {kind: many * scale for kind, many in CHANGES.items()}


def test_each_rating_is_of_a_course_that_there_is_and_the_only_one_of_its_user(tmp_path):
    gaps = write_courses(tmp_path / "courses.csv", random.Random(1), 30)
    told = write_ratings(tmp_path / "ratings.csv", random.Random(1), 120, 30)
    courses, ratings = rows(tmp_path / "courses.csv"), rows(tmp_path / "ratings.csv")
    assert {row["course_id"] for row in ratings} <= {row["course_id"] for row in courses}
    assert len({(row["user_id"], row["course_id"]) for row in ratings}) == len(ratings)
    assert [row["rating"] for row in ratings if row["course_id"] == "30"] == ["5"]
    assert sum(not row["programming_language"].strip() for row in courses) == sum(gaps.values()) == 4
    assert told["after_midnight_in_the_shop"] == sum(row["rated_at"][11:13] >= "17" for row in ratings)
