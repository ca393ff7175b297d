"""Order files as the shops and the app send them: many spellings, named faults, and the truth beside them.

    truth = Truth("orders_hanoi.csv")
    records = shop_records(rng, 100, {"amount_missing": 2, "resent": 1}, HANOI)
    write_csv(path, rng, truth.watch(records), HANOI)

A *record* is good (`order`: what a sound loader finds in it) or refused (`field`: the first faulty field).
All is lazy, in bounded memory as long as the truth need not be kept. Lines end with \\n on every platform.
"""

import csv
import json
import random
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, NamedTuple

from grader.datasets.orders import Order, histories
from grader.datasets.seasons import LOCAL

COLUMNS = ("order_id", "ordered_at", "updated_at", "customer_id", "district", "status", "amount")
NOTES = (
    "",
    "",
    "",
    "gift",
    'say "chúc mừng", please',
    "call first,\nthen ring",
    "tầng 3, phòng 12",
    "no, thanks",
)
BAD_AMOUNTS = (
    "150.5", "1.50.000", "1,250,000", "1e6", "1_000", "-150.000", "+5000", "12k", "free",
    "٣٠٠٠", "0x1F", "1.250.00",
)  # fmt: skip
IMPOSSIBLE = (
    "31/02/2026 10:00",
    "2026-02-30T08:00:00Z",
    "01/13/2026 08:00",
    "29/02/2026 23:59",
    "00/03/2026 08:00",
)
OTHER_TIMES = (
    "2026-03-01T09:00:00",
    "2026-03-01 09:00:00+07:00",
    "yesterday",
    "2026-03-01",
    "20260301T080000Z",
)
BAD_STATUSES = ("lost", "refunded", "paid?", "pay", "1")
OFFSETS = [timezone(timedelta(minutes=minutes)) for minutes in (0, 420, 420, 480, -210)]


class Style(NamedTuple):
    """How one shop spells its files. A header with "note" has a column that nobody asked for."""

    header: tuple[str, ...] = COLUMNS
    bom: bool = False
    day_first: bool = False  # 01/03/2026 09:30 on the shop's clock; else ISO 8601 with Z or an offset
    dots: bool = False  # 1.250.000, now and then with đ; else 1250000


HANOI = Style(bom=True, day_first=True, dots=True)
DANANG = Style(header=("amount", "status", "order_id", "note", "district", "customer_id", "updated_at", "ordered_at"))
APP = Style()


class Record(NamedTuple):
    """What one record says (cells by column, None: nothing there), and the truth about it."""

    cells: dict[str, Any]
    order: Order | None  # None: a sound loader refuses the record
    field: str = ""  # the first faulty field of a refused record
    kind: str = ""  # the injected fault, also a harmless one


def time_text(rng: random.Random, at: datetime, style: Style) -> str:
    """One of the spellings of a time that the style allows."""
    if style.day_first:
        local = at.astimezone(LOCAL)
        return f"{local:%d/%m/%Y %H:%M:%S}" if local.second or rng.randrange(2) else f"{local:%d/%m/%Y %H:%M}"
    if rng.randrange(2):
        return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"
    return at.astimezone(rng.choice(OFFSETS)).isoformat()


def amount_text(rng: random.Random, amount: int, style: Style) -> str:
    """One of the spellings of an amount that the style allows."""
    if style.dots:
        return f"{amount:,}".replace(",", ".") + rng.choice(("", "", "", "đ", " đ", " ₫", " VND", "vnd"))
    return str(amount)


def spelled(rng: random.Random, order: Order, style: Style) -> dict[str, Any]:
    """The cells of a good record."""
    return order._asdict() | {
        "ordered_at": time_text(rng, order.ordered_at, style),
        "updated_at": time_text(rng, order.updated_at, style),
        "amount": amount_text(rng, order.amount, style),
    }


Spoil = Callable[[random.Random, Order, Style], dict[str, Any]]
# fault -> (first faulty field, the cells that it changes)
FAULTS: dict[str, tuple[str, Spoil]] = {
    "order_id_missing": ("order_id", lambda rng, order, style: {"order_id": None}),
    "ordered_at_impossible": ("ordered_at", lambda rng, order, style: {"ordered_at": rng.choice(IMPOSSIBLE)}),
    "ordered_at_other_form": (
        "ordered_at",
        lambda rng, order, style: {"ordered_at": rng.choice(OTHER_TIMES)},
    ),
    "updated_at_missing": ("updated_at", lambda rng, order, style: {"updated_at": None}),
    "updated_before_ordered": (
        "updated_at",
        lambda rng, order, style: {"updated_at": time_text(rng, order.ordered_at - timedelta(hours=1), style)},
    ),
    "status_unknown": ("status", lambda rng, order, style: {"status": rng.choice(BAD_STATUSES)}),
    "status_and_amount": (
        "status",
        lambda rng, order, style: {"status": None, "amount": rng.choice(BAD_AMOUNTS)},
    ),
    "amount_unreadable": ("amount", lambda rng, order, style: {"amount": rng.choice(BAD_AMOUNTS)}),
    "amount_missing": ("amount", lambda rng, order, style: {"amount": None}),
    # of CSV
    "fields_short": ("fields", lambda rng, order, style: {}),
    "fields_long": ("fields", lambda rng, order, style: {}),
    # of JSON
    "status_list": ("status", lambda rng, order, style: {"status": [order.status]}),
    "total_not_whole": ("amount", lambda rng, order, style: {"amount": order.amount + 0.5}),
    "total_bool": ("amount", lambda rng, order, style: {"amount": True}),
    "customer_text": ("customer_id", lambda rng, order, style: {"customer": order.customer_id}),
    "order_text": ("order", lambda rng, order, style: {"element": order.order_id}),
}
# what a sound loader copes with: fault -> (cells that it changes, what is then true)
HARMLESS: dict[str, tuple[Spoil, dict[str, Any]]] = {
    "blanks_and_case": (
        lambda rng, order, style: {"order_id": f" {order.order_id}  ", "status": order.status.upper()},
        {},
    ),
    "customer_missing": (lambda rng, order, style: {"customer_id": None}, {"customer_id": None}),
    "district_missing": (
        lambda rng, order, style: {"district": rng.choice((None, "  "))},
        {"district": None},
    ),
    "customer_null": (lambda rng, order, style: {"customer": None}, {"customer_id": None, "district": None}),
    "amount_number": (lambda rng, order, style: {"amount": order.amount}, {}),
}
REPEATS = ("resent", "stale")  # an order of the file again: the same version, or an older one


def record(rng: random.Random, order: Order, kind: str, style: Style) -> Record:
    """The order as a record with one fault ("": none)."""
    cells = spelled(rng, order, style)
    if kind in FAULTS:
        faulty, spoil = FAULTS[kind]
        return Record(cells | spoil(rng, order, style), None, faulty, kind)
    if kind in HARMLESS:
        spoil, truth = HARMLESS[kind]
        return Record(cells | spoil(rng, order, style), order._replace(**truth), "", kind)
    return Record(cells, order, "", kind)


def _repeat(rng: random.Random, recent: Iterable[list[Order]], kind: str) -> Order | None:
    """A version that was sent before, or one that is older than what was sent; None if there is none."""
    able = [versions for versions in recent if kind == "resent" or len(versions) > 1]
    if not able:
        return None
    versions = rng.choice(able)
    return versions[-1] if kind == "resent" else rng.choice(versions[:-1])


def dirty(
    rng: random.Random, orders: Iterable[list[Order]], count: int, faults: Mapping[str, int], style: Style
) -> Iterator[Record]:
    """`count` records of the orders' newest versions, with exactly so many faults of each kind. Lazy.

    `orders` must give as many histories as there are records that are no repeats.
    """
    left, source = dict(faults), iter(orders)
    recent: deque[list[Order]] = deque(maxlen=50)
    for remaining in range(count, 0, -1):
        kind = _draw(rng, left, remaining)
        again = _repeat(rng, recent, kind) if kind in REPEATS else None
        if kind in REPEATS and not again:
            kind = ""
        if kind:
            left[kind] -= 1
        if again:
            yield Record(spelled(rng, again, style), again, "", kind)
            continue
        versions = next(source)
        made = record(rng, versions[-1], kind, style)
        if not kind:
            recent.append(versions)
        yield made


def _draw(rng: random.Random, left: Mapping[str, int], remaining: int) -> str:
    """The fault of the next of `remaining` records, so that all that is left finds its place."""
    place = rng.randrange(remaining)
    for kind, many in left.items():
        if place < many:
            return kind
        place -= many
    return ""


def shop_records(
    rng: random.Random, count: int, faults: Mapping[str, int], style: Style, **where: Any
) -> Iterator[Record]:
    """`count` records of new orders, `where` as for `histories`. Lazy."""
    new = count - sum(faults.get(kind, 0) for kind in REPEATS)
    return dirty(rng, histories(rng, new, **where), count, faults, style)


@dataclass
class Truth:
    """What a sound loader finds in one file. Without `keep` only counts: big files need no memory."""

    source: str
    keep: bool = True
    records: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    good: list[tuple[int, Order]] = field(default_factory=list)  # (record number, order)
    refused: dict[int, str] = field(default_factory=dict)  # record number -> first faulty field

    def watch(self, records: Iterable[Record]) -> Iterator[Record]:
        """The same records, noted on their way. Record numbers start at 1."""
        for item in records:
            self.records += 1
            self.faults.update([item.kind] if item.kind else [])
            if self.keep and item.order:
                self.good.append((self.records, item.order))
            elif self.keep:
                self.refused[self.records] = item.field
            yield item


def newest(truths: Iterable[Truth]) -> dict[str, tuple[Order, str, int]]:
    """order_id -> (order, source, record) of the newest good version: greatest (updated_at, source, record)."""
    best: dict[str, tuple[Order, str, int]] = {}
    for truth in truths:
        for number, order in truth.good:
            known = best.get(order.order_id)
            if known is None or (known[0].updated_at, *known[1:]) < (order.updated_at, truth.source, number):
                best[order.order_id] = order, truth.source, number
    return best


def fields(rng: random.Random, item: Record, style: Style) -> list[str]:
    """The fields of a CSV record; notes have commas, quotes and line breaks."""
    row = [rng.choice(NOTES) if name == "note" else item.cells[name] or "" for name in style.header]
    if item.kind == "fields_short":
        return row[: -rng.randrange(1, 3)]
    return [*row, rng.choice(("", "x"))] if item.kind == "fields_long" else row


def write_csv(path: Path, rng: random.Random, records: Iterable[Record], style: Style) -> None:
    """The records as CSV in UTF-8; now and then a blank line, which is no record."""
    with path.open("w", encoding="utf-8-sig" if style.bom else "utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(style.header)
        for item in records:
            writer.writerow(fields(rng, item, style))
            if not rng.randrange(60):
                file.write("\n")


def element(rng: random.Random, cells: Mapping[str, Any]) -> object:
    """The app's nested form of a record. What is missing is null or absent."""
    if "element" in cells:
        return cells["element"]
    address = _present(rng, {"district": cells["district"]})
    customer = _present(rng, {"id": cells["customer_id"]}) | {"address": address}
    names = {
        "id": "order_id",
        "created": "ordered_at",
        "updated": "updated_at",
        "status": "status",
        "total": "amount",
    }
    order = _present(rng, {name: cells[column] for name, column in names.items()})
    return order | {"customer": cells.get("customer", customer)}


def _present(rng: random.Random, parts: dict[str, Any]) -> dict[str, Any]:
    """Without some of the empty parts; the others stay as null."""
    return {name: value for name, value in parts.items() if value is not None or rng.randrange(2)}


def write_json(path: Path, rng: random.Random, records: Iterable[Record]) -> None:
    """The records as the app's export, one order a line."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write('{"exported": "nightly", "orders": [')
        for number, item in enumerate(records):
            file.write((",\n" if number else "\n") + json.dumps(element(rng, item.cells), ensure_ascii=False))
        file.write("\n]}\n")
