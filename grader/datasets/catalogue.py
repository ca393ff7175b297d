"""The catalogue as it is uploaded whole every night: two nights in a row, with few changes between them."""

import csv
import random
from collections.abc import Iterable
from pathlib import Path

from grader.datasets.shop import Product, price, products

CHANGES = {"price_changed": 4, "name_changed": 2, "category_changed": 1, "active_changed": 2, "new": 3, "sku_twice": 1}


def next_night(rng: random.Random, before: list[Product], scale: int) -> list[Product]:
    """The catalogue a day later, in another order; of a sku that is there twice the last row counts."""
    rows = list(products(rng, len(before) + CHANGES["new"] * scale))
    rows[: len(before)] = before
    places = rng.sample(range(len(before)), scale * 10)
    for place in places[: 4 * scale]:
        rows[place] = rows[place]._replace(price=rows[place].price + rng.choice((-1000, 1000, 5000)))
    for place in places[4 * scale : 6 * scale]:
        rows[place] = rows[place]._replace(name=f"{rows[place].name} (mới)")
    for place in places[6 * scale : 7 * scale]:
        rows[place] = rows[place]._replace(category="gifts")
    for place in places[7 * scale : 9 * scale]:
        rows[place] = rows[place]._replace(active=not rows[place].active)
    rng.shuffle(rows)
    for place in places[9 * scale :]:
        first = next(n for n, row in enumerate(rows) if row.sku == before[place].sku)
        rows.insert(first, before[place]._replace(price=price(rng)))
    return rows


def write_catalogues(monday: Path, tuesday: Path, rng: random.Random, scale: int) -> dict[str, int]:
    """Writes both nights as CSV; returns what is different on Tuesday."""
    before = list(products(rng, 60 * scale))
    _write(monday, before)
    _write(tuesday, next_night(rng, before, scale))
    return {kind: many * scale for kind, many in CHANGES.items()}


def _write(path: Path, rows: Iterable[Product]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(Product._fields)
        writer.writerows(row._replace(active=str(row.active).lower()) for row in rows)  # type: ignore[arg-type]
