"""The files in week2/data: to look at, to load with psql, and for the examples in the stubs."""

import codecs
import random
import shutil
from collections import Counter
from pathlib import Path

from grader.datasets import migrations, plans
from grader.datasets.catalogue import write_catalogues
from grader.datasets.courses import write_courses, write_ratings
from grader.datasets.sales_flat import write_sales_flat
from grader.datasets.shop_import import CELLS, RELATIONS, shop_files
from grader.datasets.shop_import import write as write_shop
from grader.datasets.write import Writer

PAGE = Path(__file__).with_name("data.md")
IN_SHOP = dict.fromkeys(RELATIONS, 2) | dict.fromkeys(CELLS, 1)


def _about(path: Path, rng: random.Random, scale: int) -> dict[str, int]:
    """What each file is, and how they belong together."""
    shutil.copyfile(PAGE, path)
    return {}


def _shop(folder: Path, rng: random.Random, scale: int) -> dict[str, int]:
    """Five files at once: a fault in one has consequences in the others."""
    folder.mkdir(exist_ok=True)
    faults = {kind: many * scale for kind, many in IN_SHOP.items()}
    files = shop_files(rng, faults=faults, buyers=200 * scale, goods=240 * scale, sales=1060 * scale, days=181)
    write_shop(files, folder, rng)
    marked = sum(path.read_bytes().startswith(codecs.BOM_UTF8) for path in folder.glob("*.csv"))
    return faults | {"file_with_byte_order_mark": marked}


def _sales_flat(path: Path, rng: random.Random, scale: int) -> dict[str, int]:
    return write_sales_flat(path, rng, 300 * scale)


def _catalogues(path: Path, rng: random.Random, scale: int) -> dict[str, int]:
    """Monday's too: Tuesday is Monday with few changes, and these are what is counted."""
    return write_catalogues(path.with_name("catalogue_monday.csv"), path, rng, scale)


def _courses(path: Path, rng: random.Random, scale: int) -> dict[str, int]:
    return write_courses(path, rng, 30 * scale)


def _ratings(path: Path, rng: random.Random, scale: int) -> dict[str, int]:
    return write_ratings(path, rng, 120 * scale, 30 * scale)


def _plans(folder: Path, rng: random.Random, scale: int) -> dict[str, int]:
    """Recorded, not made, so they are the same at every seed and scale."""
    source = Path(plans.__file__).parent
    for version in plans.VERSIONS:
        (folder / version).mkdir(parents=True, exist_ok=True)
        for name in plans.FAULTS:
            shutil.copyfile(source / version / f"{name}.json", folder / version / f"{name}.json")
    kinds = Counter(kind for faults in plans.FAULTS.values() for kind, _, _ in faults)
    return {kind: many * len(plans.VERSIONS) for kind, many in kinds.items()}


def _migrations(folder: Path, rng: random.Random, scale: int) -> dict[str, int]:
    folder.mkdir(exist_ok=True)
    for file in sorted(Path(migrations.__file__).parent.glob("*.sql")):
        shutil.copyfile(file, folder / file.name)
    return {}


def _given(folder: Path, rng: random.Random, scale: int) -> dict[str, int]:
    """The tables that tests are given, as they are; rows for those that have only generated ones lie there besides."""
    folder.mkdir(exist_ok=True)
    for file in sorted(Path(__file__).parent.glob("*/*/given.sql")):
        shutil.copyfile(file, folder / f"{file.parent.name}.sql")
    return {}


# A name that ends in "/" is a folder; its writer makes all files in it.
FILES: dict[str, Writer] = {
    "README.md": _about,
    "shop/": _shop,
    "sales_flat.csv": _sales_flat,
    "catalogue_tuesday.csv": _catalogues,
    "courses.csv": _courses,
    "ratings.csv": _ratings,
    "plans/": _plans,
    "migrations/": _migrations,
    "given/": _given,
}
